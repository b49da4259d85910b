/**
 * A county's hub below a real hub of its city: all five registries arrive as they are told there, what is written in the city is in
 * the county moments later, and what the county's departments tell in the city. Two whole hubs that talk over HTTP.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openHub } from '../../src/hub.ts';
import type { Hub } from '../../src/hub.ts';
import { setHub } from '../../src/identity/consumers.ts';
import { writeClaims } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { keyOf, registerOther, testMatter } from '../world/callers.ts';
import { cloneForConfig } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-two-'));
const keyFile = join(folder, 'hub-keys.json');
const closing: (() => Promise<void>)[] = [];
let city: Hub;
let county: Hub;

async function open(env: Readonly<Record<string, string>>): Promise<Hub> {
  const clone = await cloneForConfig();
  const hub = await openHub(readConfig({ PORT: '0', HUB_DATA_DIR: clone.dataDir, HUB_KEY_FILE: keyFile, ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }), ...env }));
  closing.push(() => hub.close().then(() => clone.remove()));
  return hub;
}

beforeAll(async () => {
  writeFileSync(keyFile, JSON.stringify(testKeys), { mode: 0o600 });
  city = await open({});
  await registerOther(city.database, 'other-county', '620623-ZS', null);
  const now = new Date().toISOString();
  await setHub(city.database.sql, 'test-other-county', '620602', { by: 'tests', now });
  const items = [...city.standing.current.catalog.codes()];
  const tuples = items.map((item) => ({ item, uses: ['read', 'exist'], modes: ['SUBSCRIBE'], validFrom: '2020-01-01T00:00:00.000Z', bounds: [] }));
  await city.database.sql`insert into sharing_grant (approval_no, consumer_code, tuples) values ('TWO-HUBS', 'test-other-county', ${JSON.stringify(tuples)}::text::jsonb)`;
  const { url } = await city.serve();
  county = await open({ HUB_DIVISION: '620602', HUB_CITY_URL: `${url}/graphql`, HUB_CITY_KEY: keyOf('other-county'), HUB_CITY_MATTER: testMatter, HUB_SYNC_POLL: '300' });
  // The tests' county has everything already; this one begins with nothing.
  await county.database.sql.unsafe(`truncate source_record, due_change, record_change, ${records.flatMap(({ tableName }) => [tableName, `${tableName}_version`]).join()} cascade`);
  await county.serve();
}, 180_000);
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function until(what: string, so: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < 120_000) {
    if (await so()) return performance.now() - began;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  const feeds = await county.database.sql`select registry, phase, in_step, entries::int, last_failure, halted from sync_feed`;
  throw new Error(`Waited in vain until ${what}: ${JSON.stringify([...feeds])}`);
}

interface Kept {
  readonly name: string;
  readonly type: string;
  readonly version: string;
  readonly values: string;
}

const kept = async (hub: Hub): Promise<readonly Kept[]> => hub.database.sql<Kept[]>`
  select record_type || ' ' || source || ' ' || source_key as name, record_type as type, version, "values"::text as values from source_record where not deleted order by 1`;

test('all that the city shows of five registries is here as it is told there, and nothing is in quarantine', { timeout: 180_000 }, async () => {
  await until('every registry is in step', async () => (await county.database.sql`select 1 from sync_feed where in_step`).length === 5);
  // What refers to a record that came later was taken after it.
  await until('nothing waits for another record', async () => (await county.database.sql`select 1 from sync_quarantine where waits`).length === 0);
  const refused = await county.database.sql<{ record_type: string; field: string; reason: string; n: number }[]>`select record_type, field, reason, count(*)::int as n from sync_quarantine group by 1, 2, 3`;
  expect([...refused]).toEqual([]);
  const shown = new Map((await county.database.sql<{ shown: string }[]>`select shown::text as shown from sync_feed`).flatMap((row) => Object.entries(JSON.parse(row.shown) as Record<string, string[]>)));
  const shownOf = ({ type, values }: Kept): unknown => Object.fromEntries(Object.entries(JSON.parse(values) as object).filter(([field]) => shown.get(type)?.includes(field)));
  const [here, there] = [await kept(county), (await kept(city)).filter(({ type }) => shown.has(type))];
  expect(here.length).toBeGreaterThan(3000);
  expect(here.map(({ name, version }) => `${name} ${version}`)).toEqual(there.map(({ name, version }) => `${name} ${version}`));
  for (const [place, one] of here.entries()) expect(JSON.parse(one.values)).toEqual(shownOf(there[place] as Kept));
});

test('what is written in the city is in the county within two seconds', async () => {
  const [{ key, version } = { key: '', version: '' }] = await city.database.sql<{ key: string; version: string }[]>`select source_key as key, version from source_record where record_type = 'Person' and source = '620623-GA' limit 1`;
  const model = records.find(({ type }) => type === 'Person');
  if (model === undefined) throw new Error('There is no record type Person.');
  await writeClaims(city.writing(), model, '620623-GA', [{ key, version: `${version}-2`, at: new Date().toISOString(), values: { registeredAddress: '改写之后的地址' } }]);
  const ms = await until('the change is there', async () => (await county.database.sql`select 1 from person where registered_address = '改写之后的地址'`).length === 1);
  expect(ms).toBeLessThan(2000);
});

test('what a department of the county tells is in the city within two seconds', async () => {
  const model = records.find(({ type }) => type === 'Person');
  if (model === undefined) throw new Error('There is no record type Person.');
  await writeClaims(county.writing(), model, '620602-GA', [{ key: 'two-1', version: '1', at: new Date().toISOString(), values: { name: '县里报来' } }]);
  const ms = await until('it is there', async () => (await city.database.sql`select 1 from source_record where source = '620602-GA' and source_key = 'two-1'`).length === 1);
  expect(ms).toBeLessThan(2000);
});
