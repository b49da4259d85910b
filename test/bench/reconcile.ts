/**
 * `npm run bench:reconcile`: how long two hubs take to find, and heal, one source record among many that one of them keeps otherwise.
 *
 *   --rows 200000       persons whose home is the upper hub
 *
 * Two databases of its own beside the one that TEST_DATABASE_URL names: the upper one is filled and copied. The upper hub is a whole one that
 * listens; the lower one asks it over HTTP, as it does at work. Everything is on this machine, so each side has half of it.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { readConfig } from '../../src/config.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { openHub } from '../../src/hub.ts';
import { writeClaims } from '../../src/records/write.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { records } from '../../src/registries/index.ts';
import { seedCounty } from '../../src/seeding/seed.ts';
import { reconcileLocal } from '../../src/sync/reconcile-local.ts';
import { Hubs } from '../sync/reconciling.ts';
import { registerCallers } from '../world/callers.ts';
import { testPersonKey } from '../world/hub.ts';
import { testKeys } from '../world/keys.ts';
import { copyDatabase, databaseUrl } from '../world/servers.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '200000' } } });
const rows = Number(values.rows);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const source = '620600-GA';
const today = '2026-11-24';
const now = `${today}T02:00:00.000Z`;

/** A person of the city. */
function told(n: number) {
  const day = new Date(Date.UTC(1940, 0, 1) + (n % 28_000) * 86_400_000).toISOString().slice(0, 10);
  const serial = String(Math.floor(n / 28_000) * 2 + 1).padStart(3, '0');
  return {
    key: `P${n}`, version: '1', at: now, whole: true,
    values: {
      idNumber: idNumberWithCheck(`620623${day.replaceAll('-', '')}${serial}`), name: `张${n}`, genderCode: '1', ethnicityCode: '01', birthDate: day, nationalityCode: 'CHN', maritalStatusCode: '20',
      registeredAddress: `甘肃省武威市天祝藏族自治县城关镇${n % 300}号`, registeredDivisionCode: '620623100001', residenceAddress: `天祝县城关镇${n % 500}号`, residenceDivisionCode: '620623100001',
      householdNo: `H${n >> 2}`, relationToHeadCode: '01', personStatus: '在籍', phone: `139${String(n).padStart(8, '0')}`,
    },
  };
}

const admin = process.env['TEST_DATABASE_URL'];
if (admin === undefined) throw new Error('Set TEST_DATABASE_URL to a PostgreSQL server where databases may be made.');
const [above, below] = ['above', 'below'].map((side) => `hub_reconcile_${side}_${randomBytes(4).toString('hex')}`) as [string, string];
const sql = postgres(admin, { max: 1, onnotice: () => undefined });
const folder = mkdtempSync(join(tmpdir(), 'hub-reconcile-'));
const keyFile = join(folder, 'keys.json');
writeFileSync(keyFile, JSON.stringify(testKeys), { mode: 0o600 });
const ends: (() => Promise<void>)[] = [];
try {
  await sql.unsafe(`create database "${above}" template template0 encoding 'UTF8'`);
  const filled = await openDatabase({ databaseUrl: databaseUrl(admin, above), dataDir: '' });
  await migrate(filled);
  const context = { sql: filled.sql, now, today, personKey: testPersonKey };
  await seedCounty(context, { people: 100, seed: 'bench' });
  await registerCallers(filled);
  const person = records.find(({ type }) => type === 'Person')!;
  for (let from = 0; from < rows; from += 2000) await writeClaims(context, person, source, Array.from({ length: Math.min(2000, rows - from) }, (_, n) => told(from + n)));
  await filled.sql`analyze`;
  await filled.close();
  await copyDatabase(sql, above, below);
  const lower = await openDatabase({ databaseUrl: databaseUrl(admin, below), dataDir: '' });
  ends.push(() => lower.close());
  const hub = await openHub(readConfig({ PORT: '0', DATABASE_URL: databaseUrl(admin, above), HUB_KEY_FILE: keyFile }), { now: () => new Date(Hubs.now) });
  ends.push(() => hub.close());
  const { url } = await hub.serve();
  const items = new Set(['RK-0000', ...[...(hub.schema.contract.types.get('Person')?.fields.values() ?? [])].flatMap((field) => (field.kind === 'leaf' && field.derived === null ? field.items : []))]);
  const hubs = await Hubs.over({ hub, url, close: () => hub.close() }, lower, '620623', [...items].filter((code) => hub.standing.current.catalog.item(code)?.shareType !== 'NOT_SHARED'));
  const run = async (what: string): Promise<void> => {
    const began = performance.now();
    const { calls, rows: compared, missing, surplus, different, healed, refused, halted } = await hubs.reconcile();
    const seconds = (performance.now() - began) / 1000;
    say(`${what}: ${compared} source records in ${seconds.toFixed(2)} s and ${calls} calls; ${missing + surplus + different} differ, ${healed} healed, ${refused} refused${halted === null ? '' : `; halted: ${halted}`}.`);
  };
  await run('two that are equal, for the first time');
  for (const [n, name] of ['改名', '又改名', '再改名'].entries()) {
    await lower.sql`update source_record set "values" = jsonb_set("values"::jsonb, '{name}', ${JSON.stringify(name)}::text::jsonb)::json where record_type = 'Person' and source = ${source} and source_key = ${`P${Math.floor((rows * (n + 1)) / 5)}`}`;
    await run('one that differs');
  }
  await run('equal again');
  await lower.sql`delete from source_record where record_type = 'Person' and source = ${source} and source_key like 'P1_'`;
  await run('ten that are not there');
  await lower.sql`update person set name = '手改' where source = ${source} and id in (select record_id from source_record where record_type = 'Person' and source = ${source} and source_key = 'P3')`;
  const began = performance.now();
  const local = await reconcileLocal({ writing: () => hubs.writing(lower), types: hubs.types }, 'POPULATION', { because: 'BENCH' });
  say(`what lies here with itself: ${local.rows} records in ${((performance.now() - began) / 1000).toFixed(1)} s; ${local.missing + local.surplus + local.different} differ, ${local.healed} healed; ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB resident.`);
  await hubs.city.close();
} finally {
  for (const end of ends.reverse()) await end();
  for (const name of [above, below]) await sql.unsafe(`drop database if exists "${name}" with (force)`);
  await sql.end();
  rmSync(folder, { recursive: true, force: true });
}
