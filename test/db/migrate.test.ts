/** Migrations: applied once, all or none, by one process at a time, and failing without telling the statement. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase, type Database } from '../../src/db/open.ts';
import { cloneDatabase, cloneForConfig } from '../world/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-test-migrate-'));
let database: Database;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a folder as drizzle-kit does. Far in the future, so that the hub's own migrations are older. */
function write(name: string, ...migrations: string[]): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'meta'), { recursive: true });
  const entries = migrations.map((_, idx) => ({ idx, version: '7', when: 4_000_000_000_000 + idx, tag: `000${idx}`, breakpoints: true }));
  writeFileSync(join(path, 'meta', '_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }));
  migrations.forEach((text, idx) => writeFileSync(join(path, `000${idx}.sql`), text));
  return path;
}

const applied = async (): Promise<number> => Number((await database.sql`select count(*) as n from drizzle.__drizzle_migrations where created_at >= 4000000000000`)[0]?.['n']);

const first = 'create table first (n int);\n--> statement-breakpoint\ninsert into first values (1);';

test('applies what is pending, and nothing the second time', async () => {
  const path = write('a', first);
  await migrate(database, path);
  expect(await database.points.query('select n from first')).toEqual([{ n: 1 }]);
  await migrate(database, path);
  expect(await database.points.query('select n from first')).toEqual([{ n: 1 }]);
  expect(await applied()).toBe(1);
});

test('a migration that fails changes nothing, not even what came before it, and does not tell its statement', async () => {
  const path = write('b', first, 'create table second (n int);', `insert into first values (2);\n--> statement-breakpoint\ninsert into first values ('secret-value');`);
  const error: unknown = await migrate(database, path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'CONTRACT_BROKEN' });
  expect((error as Error).message).toContain('SQLSTATE 22P02');
  expect(`${(error as Error).message} ${(error as Error).stack} ${JSON.stringify(error)}`).not.toMatch(/secret-value|insert into/);
  expect(await database.points.query("select n, to_regclass('second') as second from first")).toEqual([{ n: 1, second: null }]);
  expect(await applied()).toBe(1);
});

test('the next version applies only what is new, and the lanes keep their formats', async () => {
  await migrate(database, write('c', first, 'create table second (n int);'));
  expect(await applied()).toBe(2);
  expect([...(await database.sql`select date '2024-02-29' as d, '{"a":1}'::json as j`)]).toEqual([{ d: '2024-02-29', j: '{"a":1}' }]);
});

test('a folder without migrations is an error, not an empty success', async () => {
  const error: unknown = await migrate(database, join(folder, 'nothing')).catch((thrown: unknown) => thrown);
  expect(inspect(error)).toContain('CONTRACT_BROKEN');
});

test('several processes migrate at once: one does, the others wait (server only: the embedded database has one process)', async ({ skip }) => {
  skip(database.kind === 'embedded', 'advisory locks always succeed on the embedded database');
  const clone = await cloneForConfig();
  const path = write('d', 'create table slow (n int);\n--> statement-breakpoint\nselect pg_sleep(0.3);\n--> statement-breakpoint\ninsert into slow values (1);');
  const several = await Promise.all([1, 2, 3].map(() => openDatabase(clone)));
  const [one] = several;
  const migrated = await one?.points.query("select to_regclass('drizzle.__drizzle_migrations') is not null as yes");
  expect(migrated).toEqual([{ yes: !one?.fresh }]);
  await Promise.all(several.map((each) => migrate(each, path)));
  expect(await one?.points.query('select n from slow')).toEqual([{ n: 1 }]);
  await Promise.all(several.map((each) => each.close()));
  const again = await openDatabase(clone);
  expect(again.fresh).toBe(false);
  await again.close();
  await clone.remove();
});
