/** Several connections on one embedded session: nobody gets another one's answer, transaction or statements. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Turns } from '../../src/db/embedded-turns.ts';
import { Lane } from '../../src/db/lanes.ts';
import type { Database } from '../../src/db/open.ts';
import { cloneDatabase, theWorld } from '../world/database.ts';

let database: Database;
beforeAll(async () => {
  database = await cloneDatabase();
  await database.sql`create table turns (n int)`;
});
afterAll(() => database.close());

const lane = (): Lane => new Lane({ connect: () => database.connect({ name: 'turns', max: 1 }) });

test('unprepared statements of several connections keep their own answers', async () => {
  const lanes = [lane(), lane(), lane()];
  const asked = lanes.flatMap((one, which) =>
    Array.from({ length: 150 }, async (_, i) => {
      // A text of its own each time: unprepared, so all of them go through the session's one unnamed statement.
      const rows = await one.query(`select $1::int as n, ${which} as which, ${i} as i${which === 2 ? ", 'x' as more" : ''}`, [i]);
      return rows.length === 1 && rows[0]?.['n'] === i && rows[0]['which'] === which;
    }),
  );
  const inTransaction = database.sql.begin(async (sql) => {
    const seen: number[] = [];
    for (let i = 0; i < 30; i++) {
      await sql`insert into turns values (${i})`;
      seen.push(Number((await sql`select count(*) as n from turns`)[0]?.['n']));
    }
    return seen;
  });
  expect(await Promise.all(asked)).not.toContain(false);
  expect(await inTransaction).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  await Promise.all(lanes.map((one) => one.close()));
});

test('a message right behind the end of a turn is not left waiting', async () => {
  const ready = Buffer.from('Z\0\0\0\x05I', 'latin1');
  const turns = new Turns({ isInTransaction: () => false, runExclusive: (work) => work(), execProtocolRawStream: async (_message, { onRawData }) => onRawData(ready) });
  const sync = Buffer.from('S\0\0\0\x04', 'latin1');
  const waited = new Promise<string>((resolve) => setTimeout(() => resolve('left waiting'), 2000));
  // As the socket's handler does with the messages of one packet: the next one in the very moment in which the last is done.
  const packet = (async () => {
    for (let message = 0; message < 20; message += 1) await turns.enqueue(1, sync, () => undefined);
    await turns.idle();
    return 'all done';
  })();
  expect(await Promise.race([packet, waited])).toBe('all done');
});

test('an error of one connection does not swallow what the others have sent', async () => {
  const [good, bad] = [lane(), lane()];
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, i) => (i % 2 ? bad.query(`select ${i}/0 as n, $1::int`, [i]) : good.query(`select ${i} as n, $1::int as m`, [i]))));
  outcomes.forEach((outcome, i) => expect(outcome.status).toBe(i % 2 ? 'rejected' : 'fulfilled'));
  await Promise.all([good.close(), bad.close()]);
});

test('what is not committed is not seen, and goes with its connection', async () => {
  const client = database.connect({ name: 'leaver', max: 1 });
  const before = (await database.points.query('select count(*)::int as n from turns'))[0]?.['n'];
  await client.unsafe('begin');
  await client.unsafe('insert into turns values (-1)');
  const reader = database.points.query('select count(*)::int as n from turns');
  await client.end({ timeout: 0 });
  expect(await reader).toEqual([{ n: before }]);
  expect(await database.sql`select count(*)::int as n from turns`).toEqual([{ n: before }]);
});

test('a connection that breaks off inside a statement holds up nobody', async () => {
  const made = await theWorld();
  if (made.kind === 'server') return;
  const client = database.connect({ name: 'breaker', max: 1 });
  const socket = connect(String(client.options.path));
  const startup = Buffer.from('\0\0\0\0\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1');
  startup.writeInt32BE(startup.length, 0);
  await new Promise<void>((resolve) => socket.once('data', () => resolve()).write(startup));
  // Parse with a Flush and no Sync: the turn is this connection's, and it never ends it.
  const text = 'select 1';
  const parse = Buffer.concat([Buffer.from('P\0\0\0\0\0', 'latin1'), Buffer.from(`${text}\0\0\0`, 'latin1')]);
  parse.writeInt32BE(parse.length - 1, 1);
  await new Promise<void>((resolve) => socket.once('data', () => resolve()).write(Buffer.concat([parse, Buffer.from('H\0\0\0\x04', 'latin1')])));
  let answered = false;
  const waits = database.points.query('select 5 as n').then((rows) => ((answered = true), rows));
  await new Promise((wake) => setTimeout(wake, 100));
  expect(answered).toBe(false);
  socket.destroy();
  expect(await waits).toEqual([{ n: 5 }]);
});

test('what a connection had prepared goes with it', async () => {
  const one = lane();
  for (let i = 0; i < 20; i++) for (const _ of [1, 2]) await one.query(`select ${i} as gone_with_connection`);
  const count = async (): Promise<unknown> => (await database.sql`select count(*)::int as n from pg_prepared_statements where statement like '%as gone_with%' and statement not like '%pg_prepared%'`)[0]?.['n'];
  if (database.kind === 'embedded') expect(await count()).toBe(20);
  await one.close();
  // The goodbye travels after the socket has closed.
  await expect.poll(count).toBe(0);
});

test('a statement that breaks off inside the engine is an error on every way, leaves nothing behind, and ends', async () => {
  // Deeper than the stack. A server says so; the embedded engine answers nothing, or "empty".
  const text = "with written as (insert into turns values (-7) returning n) select n, repeat('[', 100000)::json as deep from written";
  const errorOf = (attempt: Promise<unknown>): Promise<unknown> => attempt.then(() => 'no error', (error: unknown) => error);
  const count = async (): Promise<unknown> => (await database.sql`select count(*)::int as n from turns where n = -7`)[0]?.['n'];
  for (const attempt of [
    () => database.sql.unsafe(text),
    () => database.sql.unsafe(text, [], { prepare: true }),
    () => database.sql.unsafe(`${text} where $1::int = 1`, [1]),
    () => database.sql.begin((sql) => sql.unsafe(text)),
    () => database.points.query(`${text} where $1::int = 1`, [1]),
  ]) {
    expect(await errorOf(attempt())).toBeInstanceOf(Error);
    expect(await count()).toBe(0);
    expect(await database.points.query('select 1 as n')).toEqual([{ n: 1 }]);
  }
});

test('a query of nothing but a comment is no failure', async () => {
  expect([...(await database.sql.unsafe('-- nothing'))]).toEqual([]);
});
