/** Opening: what every session says, what is refused, and that no sentence holds a password. */
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, unfit, type Database } from '../../src/db/open.ts';
import { HubError } from '../../src/errors.ts';
import { sharedDatabase, theWorld } from '../world/database.ts';

let database: Database;
beforeAll(async () => {
  database = await sharedDatabase();
});
afterAll(() => database.close());

test.each([
  ['TimeZone', 'Asia/Shanghai'],
  ['DateStyle', 'ISO, YMD'],
  ['IntervalStyle', 'postgres'],
  ['extra_float_digits', '1'],
  ['jit', 'off'],
  ['server_encoding', 'UTF8'],
])('every session has %s %s', async (name, value) => {
  for (const one of [database.points, database.lists]) expect(await one.query('select current_setting($1) as v', [name])).toEqual([{ v: value }]);
  expect([...(await database.sql`select current_setting(${name}) as v`)]).toEqual([{ v: value }]);
});

test('reading stops on a server after ten seconds', async ({ skip }) => {
  skip(database.kind === 'embedded', 'the embedded database has no statement_timeout');
  for (const one of [database.points, database.lists]) expect(await one.query("select current_setting('statement_timeout') as v")).toEqual([{ v: '10s' }]);
});

test('closing twice is closing once', async () => {
  const other = await sharedDatabase();
  await Promise.all([other.close(), other.close()]);
});

async function refused(databaseUrl: string): Promise<HubError> {
  const error: unknown = await openDatabase({ databaseUrl, dataDir: '' }).then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HubError);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/pass.?word-1/);
  return error as HubError;
}

describe('refused', () => {
  test('a connection string that is none, without quoting it', async () => {
    for (const url of ['postgres://hub:pass word-1@host:port/hub', 'postgres://hub:pass/word-1@host/hub#%', 'postgres://']) {
      const error = await refused(url).catch(() => undefined);
      expect(error?.code, url).toMatch(/CONFIG_INVALID|UNAVAILABLE/);
    }
  });

  test('a server that does not answer, with the next step', async () => {
    const error = await refused('postgres://hub:pass-word-1@127.0.0.1:1/hub');
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).toMatch(/127\.0\.0\.1:1 does not answer \(ECONNREFUSED\).*Start it or correct DATABASE_URL/);
  });

  test('a database that the server does not have', async ({ skip }) => {
    const made = await theWorld();
    if (made.kind === 'embedded') return skip('needs a server');
    const url = new URL(made.admin);
    url.pathname = '/no_such_database';
    expect((await refused(url.toString())).message).toContain('has no such database');
  });

  const good = { version: 150004, release: '15.4', encoding: 'UTF8', postgis: '3.3.2' };
  test.each([
    [good, undefined],
    [{ ...good, postgis: '3.10.0' }, undefined],
    [{ ...good, postgis: '4.0' }, undefined],
    [{ ...good, version: 140011, release: '14.11' }, 'it is PostgreSQL 14.11'],
    [{ ...good, postgis: null }, 'PostGIS is not installed'],
    [{ ...good, postgis: '3.2.9' }, 'its PostGIS is 3.2.9'],
    [{ ...good, postgis: '2.5.5' }, 'its PostGIS is 2.5.5'],
    [{ ...good, encoding: 'SQL_ASCII' }, 'encoded in SQL_ASCII'],
  ])('%j: %s', (found, says) => {
    const lacks = unfit(found);
    if (says === undefined) expect(lacks).toBeUndefined();
    else expect(lacks).toContain(says);
  });
});
