/**
 * `npm run demo:city`: a city's hub with a city of people, and a county's hub that is empty and follows it, both as they are served,
 * talking HTTP. It shows, and fails where it is not so: the county's slice comes down whole; what is edited in the city appears in
 * the county; what the county's departments tell appears in the city.
 *
 * Two embedded databases in a temporary folder, or, with DEMO_DATABASE_URL, two databases of that server; `--people N` (50 000 unless
 * told), `--stay` leaves both running until Ctrl-C. Everything about people in it is made up.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { setTerritory } from '../../src/approvals/grant.ts';
import { grant } from '../../src/approvals/granting.ts';
import { readConfig } from '../../src/config.ts';
import { openHub } from '../../src/hub.ts';
import type { Hub } from '../../src/hub.ts';
import { issueKey, registerConsumer, setHub } from '../../src/identity/consumers.ts';
import { registerMatter } from '../../src/matters/matter.ts';
import { writeClaims } from '../../src/records/write.ts';
import { loadReference } from '../../src/seeding/reference.ts';
import { seedCounty } from '../../src/seeding/seed.ts';
import { isPersonal } from '../../src/sharing/catalog.ts';
import { registryNames } from '../../src/registries/record.ts';
import { pullParts } from '../../src/sync/open.ts';
import { reconcile } from '../../src/sync/reconcile.ts';
import { syncStatus } from '../../src/sync/status.ts';

const { values: options } = parseArgs({ options: { people: { type: 'string', default: '50000' }, stay: { type: 'boolean', default: false } } });
const division = '620623';
const hubCode = 'hub-620623';
const matter = 'HL-620623';
const folder = mkdtempSync(join(tmpdir(), 'hub-demo-city-'));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const since = (began: number): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;

const server = process.env['DEMO_DATABASE_URL'];
const made: string[] = [];
async function databaseOf(name: string): Promise<Record<string, string>> {
  if (server === undefined) return { HUB_DATA_DIR: join(folder, name) };
  const own = `hub_demo_${name}_${randomBytes(3).toString('hex')}`;
  const admin = postgres(server, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database "${own}" template template0 encoding 'UTF8'`);
  await admin.end();
  made.push(own);
  const url = new URL(server);
  url.pathname = `/${own}`;
  return { HUB_DATA_DIR: join(folder, name), DATABASE_URL: url.toString() };
}

/** What the city decides about the county's hub: all that is shared at all, in its own territory. */
async function admit({ database: { sql }, schema: { contract }, standing, writing }: Hub): Promise<string> {
  const { now, today, personKey } = writing();
  const actor = { by: 'demo', now };
  await registerConsumer(sql, { code: hubCode, name: '天祝县数据中枢', departmentCode: '620623-ZS' }, actor);
  await setHub(sql, hubCode, division, actor);
  await registerMatter(sql, { code: matter, name: '数据回流', department: '620600-ZS', participants: ['620623-ZS'], kin: [], needsCase: false }, today, actor);
  await standing.look();
  const { catalog } = standing.current;
  const desk = { sql, actor, today, personKey, catalog, contract };
  const codes = new Set([...contract.types.values()].flatMap(({ existsItem, fields }) => [existsItem, ...[...fields.values()].flatMap((field) => field.items)]));
  const items = [...codes].flatMap((code) => catalog.item(code) ?? []).filter(({ shareType }) => shareType !== 'NOT_SHARED');
  const tuples = items.map(({ code }) => ({ item: code, uses: ['read', 'exist', 'key'] as const, modes: ['SUBSCRIBE', 'QUERY'] as const, mask: null, bounds: [], matters: [matter] }));
  await grant(desk, { approvalNo: 'HL-2026-1', consumer: hubCode, seals: [], tuples: tuples.map((tuple) => ({ ...tuple, uses: [...tuple.uses], modes: [...tuple.modes] })) });
  await setTerritory(desk, { consumer: hubCode, territory: [{ types: null, within: [
    { division: { by: 'RESIDENCE', codes: [division] } }, { division: { by: 'REGISTRATION', codes: [division] } }, { division: { by: 'LOCATION', codes: [division] } }, { registrar: [division] },
  ] }] });
  say(`  the county's hub is admitted: ${items.length} items (${items.filter(isPersonal).length} personal), territory ${division}`);
  return issueKey(sql, { consumer: hubCode }, null, actor);
}

/** Waits until a look says so; throws after `most` seconds. Gives how long it took. */
async function until(what: string, look: () => Promise<boolean>, most: number): Promise<number> {
  const began = performance.now();
  while (!await look()) {
    if (performance.now() - began > most * 1000) throw new Error(`${what}: not within ${most} s`);
    await sleep(20);
  }
  return performance.now() - began;
}

async function inStep(county: Hub): Promise<boolean> {
  const { registries } = await syncStatus(county.database.sql, new Date().toISOString());
  const halted = registries.find((one) => one.halted !== null);
  if (halted !== undefined) throw new Error(`${halted.registry} halted: ${halted.halted}`);
  return registries.length === 5 && registries.every((one) => one.inStep);
}

/** People of the county's slice: whoever lives or is registered there, with all that the city shares with anybody. */
async function slice({ database: { sql } }: Hub, withheld: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ id: string; row: string }[]>`
    select id_number as id, (to_jsonb(p) - ${['id', 'source', 'source_version', 'source_updated_at', 'provenance', 'person_key', ...withheld]}::text[])::text as row from person p
    where starts_with(residence_division_code, ${division}) or starts_with(registered_division_code, ${division})`;
  return new Map(rows.map(({ id, row }) => [id, row]));
}

const hubs: Hub[] = [];
try {
  let began = performance.now();
  say(`A city of ${options.people} people:`);
  const city = await openHub(readConfig({ PORT: '0', HUB_LEVEL: 'city', HUB_DIVISION: '620600', HUB_LOG_LEVEL: 'error', HUB_CALLER_BUDGET: '1000000000', ...await databaseOf('city') }), undefined, async ({ writing }) => {
    await seedCounty(writing(), { people: Number(options.people), seed: 'wuwei', level: 'city' });
  });
  hubs.push(city);
  const { url } = await city.serve();
  say(`  loaded in ${since(began)}; it answers at ${url}/graphql`);
  const key = await admit(city);
  await city.standing.look();

  say('An empty county that follows it:');
  const county = await openHub(readConfig({ PORT: '0', HUB_DIVISION: division, HUB_LOG_LEVEL: 'warn', HUB_CITY_URL: `${url}/graphql`, HUB_CITY_KEY: key, HUB_CITY_MATTER: matter, HUB_SYNC_POLL: '500', ...await databaseOf('county') }), undefined, async ({ database, writing }) => {
    await loadReference(database.sql, writing());
  });
  hubs.push(county);
  began = performance.now();
  await county.serve();
  await until('the county is in step', () => inStep(county), 1800);
  const [{ held } = { held: 0 }] = await county.database.sql<{ held: number }[]>`select count(*)::int as held from source_record where starts_with(source, '620600-')`;
  const took = (performance.now() - began) / 1000;
  say(`  in step after ${took.toFixed(1)} s: ${held} source records of all five libraries, ${Math.round(held / took)} a second`);
  const withheld = [...city.schema.contract.types.get('Person')?.fields.values() ?? []].flatMap((field) => (field.kind === 'leaf' && field.column !== null && field.items.some((code) => city.standing.current.catalog.item(code)?.shareType === 'NOT_SHARED') ? [field.column.name] : []));
  const [above, here] = [await slice(city, withheld), await slice(county, withheld)];
  const different = [...above].filter(([id, row]) => here.get(id) !== row).length + [...here.keys()].filter((id) => !above.has(id)).length;
  const [{ all } = { all: 0 }] = await city.database.sql<{ all: number }[]>`select count(*)::int as all from person`;
  say(`  people: ${all} in the city, ${above.size} of the county's slice, ${here.size} here, ${different} different (not shared with anybody: ${withheld.join(', ')})`);
  const parts = pullParts({ city: county.config.city!, division, types: county.schema.contract.types, writing: county.writing });
  began = performance.now();
  const drift: Awaited<ReturnType<typeof reconcile>>[] = [];
  for (const registry of registryNames) drift.push(await reconcile(parts, registry, { because: 'demo', dryRun: true }));
  await parts.city.close();
  const sum = (of: (one: (typeof drift)[number]) => number): number => drift.reduce((all, one) => all + of(one), 0);
  say(`  reconciled in ${since(began)}: ${sum(({ rows }) => rows)} source records in ${sum(({ calls }) => calls)} calls, ${sum(({ missing }) => missing)} missing, ${sum(({ surplus }) => surplus)} surplus, ${sum(({ different: unlike }) => unlike)} different`);
  if (sum(({ missing, surplus, different: unlike }) => missing + surplus + unlike) > 0) throw new Error('The hubs do not hold the same.');
  if (different > 0 || above.size === 0 || above.size === all) throw new Error('The slice is not complete.');

  say('Edits:');
  const one = [...above.keys()].sort()[0] as string;
  const tell = async (hub: Hub, source: string, values: Readonly<Record<string, unknown>>, version: string) => {
    const context = hub.writing();
    const [known] = await context.sql<{ key: string }[]>`select source_key as key from source_record s join person p on p.id = s.record_id where p.id_number = ${one} and s.source = ${source}`;
    const model = hub.schema.contract.types.get('Person')?.model;
    if (model === undefined) throw new Error('There are no people.');
    await writeClaims(context, model, source, [{ key: known?.key ?? 'demo-1', version, at: context.now, values: { idNumber: one, ...values } }]);
  };
  const times: number[] = [];
  for (let n = 1; n <= 5; n += 1) {
    await tell(city, '620600-GA', { formerName: `更名${n}` }, `zz-${n}`);
    times.push(await until('an edit in the city appears in the county', async () => (await county.database.sql`select 1 from person where id_number = ${one} and former_name = ${`更名${n}`}`).length > 0, 20));
  }
  say(`  five edits in the city appeared in the county after ${times.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);
  const up: number[] = [];
  for (let n = 1; n <= 5; n += 1) {
    const code = n % 2 === 1 ? '20' : '40';
    await tell(county, '620623-MZ', { maritalStatusCode: code }, String(n));
    up.push(await until('a report of the county appears in the city', async () => (await city.database.sql`select 1 from person where id_number = ${one} and marital_status_code = ${code}`).length > 0, 20));
  }
  say(`  five reports of the county appeared in the city after ${up.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);
  const late = Math.max(...times, ...up);
  if (late > 2000) throw new Error(`The slowest took ${Math.round(late)} ms; 2000 are allowed.`);
  say('Both hubs tell the same.');
  if (options.stay) {
    say('Both stay until Ctrl-C.');
    await new Promise((resolve) => { process.once('SIGINT', resolve); });
  }
} finally {
  for (const hub of hubs.reverse()) await hub.close();
  if (server !== undefined) {
    const admin = postgres(server, { max: 1, onnotice: () => undefined });
    for (const own of made) await admin.unsafe(`drop database if exists "${own}" with (force)`);
    await admin.end();
  }
  rmSync(folder, { recursive: true, force: true });
}
