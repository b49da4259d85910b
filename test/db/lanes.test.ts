/** Lanes: when they prepare, that they forget, what they count, the text of values, and that errors tell nothing. */
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectTo } from '../../src/db/client.ts';
import { StatementError } from '../../src/db/failures.ts';
import { Lane, type LaneOptions } from '../../src/db/lanes.ts';
import type { Database } from '../../src/db/open.ts';
import { HubError } from '../../src/errors.ts';
import { sharedDatabase } from '../world/database.ts';

let database: Database;
const lanes: Lane[] = [];
beforeAll(async () => {
  database = await sharedDatabase();
});
afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
  await database.close();
});

/** A lane of one connection, so that what it has prepared can be seen from inside. */
function lane(limits: Omit<LaneOptions, 'connect'> = {}, max = 1): Lane {
  const made = new Lane({ ...limits, connect: () => database.connect({ name: 'test', max }) });
  lanes.push(made);
  return made;
}

/** How many statements with `mark` the session of `one` has prepared. */
async function prepared(one: Lane, mark: string): Promise<unknown> {
  const rows = await one.query('select count(*)::int as n from pg_prepared_statements where strpos(statement, $1) > 0', [mark]);
  return rows[0]?.['n'];
}

async function failure(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(() => 'no failure', (error: unknown) => error);
}

describe('preparing', () => {
  test.each([
    ['with parameters', 'select $1::int as mark_with', [1]],
    ['without parameters', 'select 1 as mark_without', []],
  ])('a text %s is prepared from its second use', async (_what, text, params) => {
    const one = lane();
    const mark = text.split(' as ')[1] ?? '';
    await one.query(text, params);
    expect(await prepared(one, mark)).toBe(0);
    expect(await one.query(text, params)).toEqual([{ [mark]: 1 }]);
    expect(await prepared(one, mark)).toBe(1);
    expect(await one.query(text, params)).toEqual([{ [mark]: 1 }]);
    expect(await prepared(one, mark)).toBe(1);
  });

  test('a text that was pushed out of memory counts as new', async () => {
    const one = lane({ known: 3 });
    await one.query('select 1 as mark_pushed');
    for (let i = 0; i < 3; i++) await one.query(`select ${i} as filler`);
    await one.query('select 1 as mark_pushed');
    expect(await prepared(one, 'mark_pushed')).toBe(0);
  });

  test('thousands of texts, each used twice: what is prepared stays bounded, in the session and beside it', async () => {
    const one = lane({ prepared: 50 });
    let most = 0;
    for (let round = 0; round < 30; round++) {
      const texts = Array.from({ length: 100 }, (_, i) => `select $1::int + ${round * 100 + i} as mark_bound`);
      for (const text of texts) for (const _ of [1, 2]) await one.query(text, [1]);
      most = Math.max(most, Number(await prepared(one, 'mark_bound')));
    }
    expect(most).toBeGreaterThan(10);
    expect(most).toBeLessThanOrEqual(50);
    expect(one.swaps).toBeGreaterThanOrEqual(50);
    // On the embedded database all connections share one session: the clients that were swapped out must have left it clean.
    const mine = async (): Promise<number> => Number(await prepared(one, 'mark_bound'));
    await expect.poll(mine).toBeLessThanOrEqual(50);
    if (database.kind === 'server') {
      const [open] = await database.lists.query("select count(*)::int as n from pg_stat_activity where application_name = 'county-data-hub test' and datname = current_database()");
      expect(open?.['n']).toBeLessThanOrEqual(lanes.length + 1);
    }
  });

  test('statements under way when the client is swapped all get their answers', async () => {
    const one = lane({ prepared: 7 }, 3);
    const asked = Array.from({ length: 900 }, async (_, i) => {
      const rows = await one.query(`select $1::int as n, ${i % 60} as kind`, [i]);
      return rows[0]?.['n'] === i && rows[0]['kind'] === i % 60;
    });
    expect(await Promise.all(asked)).not.toContain(false);
    expect(one.swaps).toBeGreaterThan(0);
  });

  test('a burst of new texts opens no more than twice the connections', async ({ skip }) => {
    skip(database.kind === 'embedded', 'needs pg_stat_activity');
    const one = new Lane({ prepared: 5, connect: () => database.connect({ name: 'burst', max: 2 }) });
    lanes.push(one);
    let most = 0;
    const watch = setInterval(() => {
      void database.lists.query("select count(*)::int as n from pg_stat_activity where application_name = 'county-data-hub burst'").then((rows) => (most = Math.max(most, Number(rows[0]?.['n']))));
    }, 5);
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, i) => one.query(`select $1::int, ${round}, ${i % 50}, pg_sleep(0.001)`, [i])));
    }
    clearInterval(watch);
    expect(one.swaps).toBeGreaterThan(3);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  test('every statement is counted, prepared or not', async () => {
    const one = lane();
    for (let i = 0; i < 5; i++) await one.query('select $1::int as n', [i]);
    await failure(one.query('select 1/0'));
    expect(one.statements).toBe(6);
  });
});

describe('values', () => {
  // The same list for both databases: what differs would show as a failure on one of them.
  test.each([
    ["date '2024-02-29'", '2024-02-29'],
    ["date '0044-03-15 BC'", '0044-03-15 BC'],
    ["timestamptz '2024-01-01T00:00:00Z'", '2024-01-01 08:00:00+08'],
    ["timestamptz '2024-01-01T00:00:00.123456Z'", '2024-01-01 08:00:00.123456+08'],
    ["timestamp '2024-01-01 12:00'", '2024-01-01 12:00:00'],
    ["time '12:00'", '12:00:00'],
    ["interval '1 year 2 days 3 hours'", '1 year 2 days 03:00:00'],
    ["daterange('2024-01-01', null)", '[2024-01-01,)'],
    [`'{"b":1,  "a":[1.50]}'::json`, '{"b":1,  "a":[1.50]}'],
    [`'{"b":1,  "a":[1.50]}'::jsonb`, '{"a": [1.50], "b": 1}'],
    ['9007199254740993::bigint', '9007199254740993'],
    ['1.10::numeric', '1.10'],
    ['2147483647::int', 2147483647],
    ['0.1::float8', 0.1],
    ['true', true],
    ['null::date', null],
    ["array['a','b']", ['a', 'b']],
    ["array[date '2024-02-29']", ['2024-02-29']],
    ["'00000000-0000-0000-0000-000000000001'::uuid", '00000000-0000-0000-0000-000000000001'],
    ["'622301·欧阳'", '622301·欧阳'],
  ])('%s comes back as it is written', async (expression, value) => {
    expect(await database.points.query(`select ${expression} as v`)).toEqual([{ v: value }]);
    expect(await database.points.query(`select ${expression} as v`)).toEqual([{ v: value }]);
    expect([...(await database.sql.unsafe(`select ${expression} as v`))]).toEqual([{ v: value }]);
  });

  test('bytes come back as bytes', async () => {
    expect(await database.points.query("select '\\x00ff'::bytea as v")).toEqual([{ v: Buffer.from([0, 255]) }]);
  });

  test.each([
    ['date', '2024-02-29', '2024-02-29'],
    ['timestamptz', '2024-01-01 00:00:00+08', '2024-01-01 00:00:00+08'],
    ['timestamp', '2024-01-01 00:00:00', '2024-01-01 00:00:00'],
    ['jsonb', '{"a":1}', '{"a": 1}'],
    ['jsonb', '"text"', '"text"'],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['numeric', '1.10', '1.10'],
    ['text', '', ''],
    ['text[]', ['a"b', 'c,d'], ['a"b', 'c,d']],
    ['int[]', [1, 2], [1, 2]],
    ['date[]', ['2024-02-29'], ['2024-02-29']],
    ['int', null, null],
    ['boolean', false, false],
  ])('a parameter of type %s goes in as it is: %j', async (type, given, value) => {
    // The second time prepared: the driver then knows the parameter's type from another source.
    for (const _ of [1, 2, 3]) expect(await database.points.query(`select $1::${type} as v`, [given])).toEqual([{ v: value }]);
  });

  test('an undefined parameter is refused before anything is sent', async () => {
    const one = lane();
    await expect(one.query('select $1::int, $2::int', [1, undefined], 'pair')).rejects.toThrow('Parameter $2 of pair is undefined');
    expect(one.statements).toBe(0);
  });
});

describe('errors', () => {
  const secret = '622301199001011234';

  test.each([
    ['a value that does not fit', 'select $1::date as birth_secret_column', [secret], '22008'],
    ['a value written in the text', `select '${secret}'::date`, [], '22008'],
    ['an unknown column', `select secret_column from pg_class where relname = $1`, [secret], '42703'],
    ['a division by zero', 'select 1 / $1::int', [0], '22012'],
  ])('%s: the SQLSTATE and the routine, no text, no value', async (_what, text, params, state) => {
    for (const _ of [1, 2]) {
      const error = await failure(database.points.query(text, params, 'birthday'));
      expect(error).toBeInstanceOf(StatementError);
      const { message, stack, sqlState } = error as StatementError;
      expect(sqlState).toBe(state);
      expect(message).toMatch(new RegExp(`^The statement "birthday" failed \\(SQLSTATE ${state}, \\w+\\)$`));
      for (const shown of [message, stack, String(error), inspect(error, { depth: 9 }), JSON.stringify(error)]) {
        expect(shown).not.toContain(secret);
        expect(shown).not.toContain('secret_column');
      }
      expect(Object.keys(error as object)).not.toContain('cause');
      expect((error as StatementError).cause).toBeInstanceOf(Error);
    }
  });

  test('the lane answers on after an error', async () => {
    const one = lane();
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, i) => failure(one.query(i % 3 ? `select $1::int as n` : 'select 1 / ($1::int - $1::int) as n', [i]))));
    outcomes.forEach((outcome, i) => (i % 3 ? expect(outcome).toBe('no failure') : expect((outcome as StatementError).sqlState).toBe('22012')));
    expect(await one.query('select $1::int as n', [5])).toEqual([{ n: 5 }]);
  });

  test('an answer that breaks off is an error, not an empty answer', async () => {
    // Deeper than the stack: a server says so; the embedded engine ends the statement without a word.
    expect(await failure(database.lists.query("select repeat('[', 100000)::json::text as v"))).toBeInstanceOf(StatementError);
    expect(await database.lists.query('select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('a database that is not there: UNAVAILABLE, again later, nothing of the connection string', async () => {
    for (const target of [{ kind: 'server', url: 'postgres://hub:pass-word@127.0.0.1:1/hub' }, { kind: 'embedded', socketDir: '/nowhere/at-all' }] as const) {
      const one = new Lane({ connect: () => connectTo(target, { name: 'test', max: 1 }) });
      const error = await failure(one.query('select 1'));
      expect(error).toBeInstanceOf(HubError);
      expect(error).toMatchObject({ code: 'UNAVAILABLE', retry: true });
      expect(inspect(error, { depth: 9 })).not.toMatch(/pass-word|nowhere/);
      await one.close();
    }
  });

  test('a closed lane: UNAVAILABLE', async () => {
    const one = lane();
    await one.query('select 1');
    await one.close();
    expect(await failure(one.query('select 1'))).toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('a statement that takes too long is stopped by a server: UNAVAILABLE (the embedded database cannot)', async ({ skip }) => {
    skip(database.kind === 'embedded', 'the embedded database has no statement_timeout');
    const one = new Lane({ connect: () => database.connect({ name: 'test', max: 1, statementTimeoutMs: 100 }) });
    const error = await failure(one.query('select pg_sleep(20)'));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect((error as Error).message).toContain('took too long');
    await one.close();
  });
});
