/**
 * Reference data and a small county, loaded through the real writer into a real database.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { personKey } from '../../src/identity/person-key.ts';
import type { WriteContext } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { loadReference } from '../../src/seeding/reference.ts';
import { seedCounty } from '../../src/seeding/seed.ts';
import { cloneDatabase } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';

let database: Database;
let context: WriteContext;

beforeAll(async () => {
  database = await cloneDatabase();
  // The template holds a county of its own; two counties in one database would share numbers.
  const tables = records.flatMap(({ tableName }) => [tableName, `${tableName}_version`]);
  await database.sql.unsafe(`truncate ${[...tables, 'source_record', 'due_change'].join()}`);
  const keys = keyProviderOf(testKeys);
  context = { sql: database.sql, now: '2026-11-24T03:00:00.000Z', today: '2026-11-24', personKey: (idNumber) => personKey(keys, idNumber) };
});

afterAll(() => database?.close());

async function digest(): Promise<unknown> {
  const [row] = await database.sql`
    select (select count(*)::int from person where source_version like 'synthetic-load%') as people,
           (select count(*)::int from person_version) as versions,
           (select md5(string_agg(id::text || coalesce(marital_status_code, ''), ',' order by id)) from person) as digest`;
  return row;
}

it('loads 200 people, and the same again changes nothing', async () => {
  await seedCounty(context, { people: 200, seed: 'load' });
  const once = await digest();
  expect(once).toMatchObject({ people: 200 });
  await seedCounty(context, { people: 200, seed: 'load' });
  expect(await digest()).toEqual(once);
});

it('has merged records and what was true before', async () => {
  const [merged] = await database.sql`select count(*)::int as count from person where source_version like 'synthetic-load%' and provenance::text like '%620623-MZ%'`;
  expect(merged?.['count']).toBeGreaterThan(0);
  const [before] = await database.sql`
    select count(*)::int as count from person_version where source_version like 'synthetic-load%' and marital_status_code = '10' and effective_to <> 'infinity' and recorded_to = 'infinity'`;
  expect(before?.['count']).toBeGreaterThan(0);
});

it('keeps what an owner has changed, and moves the standing only when something comes in', async () => {
  const standing = async (): Promise<unknown> => (await database.sql`select max(seq)::text as version from policy_change`)[0]?.['version'];
  await database.sql`update catalog_item set name = 'changed by its owner' where code = 'RK-0003'`;
  await loadReference(database.sql, context);
  const was = await standing();
  expect(await loadReference(database.sql, context)).toEqual({ departments: 0, codes: 0, items: 0, matters: 0, years: 0, divisions: 0 });
  expect(await standing()).toBe(was);
  await database.sql`delete from catalog_item where code = 'RK-0004'`;
  expect(await loadReference(database.sql, context)).toMatchObject({ items: 1 });
  expect(await standing()).not.toBe(was);
  const [kept] = await database.sql`select name from catalog_item where code = 'RK-0003'`;
  expect(kept?.['name']).toBe('changed by its owner');
  const [divisions] = await database.sql`select count(*)::int as count from administrative_division`;
  expect(divisions?.['count']).toBe(1354);
});
