/**
 * The whole way between two real hubs that talk over HTTP: an application of the county doubts what the city passed on, a steward of the
 * city's department answers, and the county sees the answer.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { openHub } from '../../../src/hub.ts';
import type { Hub } from '../../../src/hub.ts';
import { setHub } from '../../../src/identity/consumers.ts';
import { writeClaims } from '../../../src/records/write.ts';
import { records } from '../../../src/registries/index.ts';
import { keyOf, registerOther, testMatter } from '../../world/callers.ts';
import type { OtherName } from '../../world/callers.ts';
import { cloneForConfig } from '../../world/database.ts';
import { testKeys } from '../../world/keys.ts';
import { checkFields, idNumber, reportDocument } from './reporting.ts';
import type { Check, Who } from './reporting.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-checks-'));
const keyFile = join(folder, 'hub-keys.json');
const closing: (() => Promise<void>)[] = [];
const number = idNumber(42);
const person = records.find(({ type }) => type === 'Person')!;
let city: Hub;
let county: Hub;
const urls = new Map<Hub, string>();

async function open(env: Readonly<Record<string, string>>): Promise<Hub> {
  const clone = await cloneForConfig();
  const hub = await openHub(readConfig({ PORT: '0', HUB_DATA_DIR: clone.dataDir, HUB_KEY_FILE: keyFile, ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }), ...env }));
  closing.push(() => hub.close().then(() => clone.remove()));
  return hub;
}

beforeAll(async () => {
  writeFileSync(keyFile, JSON.stringify(testKeys), { mode: 0o600 });
  // What a hub may cost is another test's business.
  city = await open({ HUB_DIVISION: '620600', HUB_CALLER_BUDGET: '1000000000', HUB_ADDRESS_BUDGET: '1000000000' });
  await registerOther(city.database, 'other-county', '620623-ZS', null);
  await registerOther(city.database, 'other-city-steward', '620600-GA', 'STEWARD');
  await setHub(city.database.sql, 'test-other-county', '620623', { by: 'tests', now: new Date().toISOString() });
  const tuples = ['RK-0000', 'RK-0001', 'RK-0002'].map((item) => ({ item, uses: ['read', 'exist'], modes: ['SUBSCRIBE'], validFrom: '2020-01-01T00:00:00.000Z', bounds: [] }));
  await city.database.sql`insert into sharing_grant (approval_no, consumer_code, tuples) values ('CHECKS', 'test-other-county', ${JSON.stringify(tuples)}::text::jsonb)`;
  const { url } = await city.serve();
  urls.set(city, url);
  county = await open({ HUB_DIVISION: '620623', HUB_CITY_URL: `${url}/graphql`, HUB_CITY_KEY: keyOf('other-county'), HUB_CITY_MATTER: testMatter, HUB_SYNC_POLL: '300' });
  // What came from the city is shared as the city shares it: whoever looks people up by number has it granted.
  const asked = ['RK-0000', 'RK-0001', 'RK-0002'].map((item) => ({ item, uses: ['read', 'exist', 'key'], modes: ['QUERY'], validFrom: '2020-01-01T00:00:00.000Z', bounds: [] }));
  await county.database.sql`insert into sharing_grant (approval_no, consumer_code, tuples) values ('CHECKS', 'test-civilAffairs', ${JSON.stringify(asked)}::text::jsonb)`;
  urls.set(county, (await county.serve()).url);
}, 180_000);
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<T>(hub: Hub, who: Exclude<Who, 'stranger'> | OtherName, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
  const response = await fetch(`${urls.get(hub)}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'authorization': `Bearer ${keyOf(who)}`, 'hub-matter': testMatter }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json() as { data: { it: T }; errors?: readonly { message: string }[] };
  if (errors !== undefined) throw new Error(errors[0]?.message);
  return data.it;
}
const checksOf = async (hub: Hub, who: Exclude<Who, 'stranger'>) => (await ask<{ nodes: readonly Check[] }>(hub, who, `{ it: checkRequests(first: 100) { nodes { ${checkFields} } } }`)).nodes;

async function until<T>(what: string, found: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 1200; tries += 1) {
    const value = await found();
    if (value !== undefined) return value;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`Waited in vain until ${what}: ${JSON.stringify([...await county.database.sql`select registry, phase, last_failure, halted from sync_feed`])}`);
}
const name = async (hub: Hub) => (await hub.database.sql<{ name: string }[]>`select name from person where id_number = ${number}`)[0]?.name;

test('the county doubts what the city told, the city corrects it and answers, and the county has both', { timeout: 180_000 }, async () => {
  await writeClaims(city.writing(), person, '620600-GA', [{ key: 'walk-1', version: '1', at: new Date().toISOString(), values: { idNumber: number, name: '张叁' } }]);
  await until('the city\'s word is here', async () => (await name(county) === '张叁' ? true : undefined));
  const reported = await ask<{ checks: readonly Check[] }>(county, 'civilAffairs', reportDocument, { key: 'walk-report-1', report: { type: 'Person', key: number, items: [{ field: 'name', believed: '张三' }], because: '与身份证不符', evidence: '身份证原件' } });
  expect(reported.checks).toMatchObject([{ source: '620600-GA', departmentCode: null, state: 'WAITING', reportedFor: '620623-MZ' }]);

  const there = await until('the city has the report', async () => (await checksOf(city, 'other-city-steward')).find(({ field }) => field === 'name'));
  expect(there).toMatchObject({ sourceKey: 'walk-1', believed: '张三', because: '与身份证不符', reportedFor: '620623-MZ', departmentCode: '620600-GA', state: 'OPEN' });
  const sent = await until('the county knows that', async () => (await checksOf(county, 'civilAffairs')).find(({ state }) => state === 'SENT'));
  expect(sent.dueOn).toBe(there.dueOn);

  await writeClaims(city.writing(), person, '620600-GA', [{ key: 'walk-1', version: '2', at: new Date().toISOString(), values: { name: '张三' } }]);
  await ask(city, 'other-city-steward', 'mutation ($id: ID!, $version: Int!) { it: answerCheck(id: $id, version: $version, verdict: CORRECTED, because: "已更正", correctedVersion: "2") { state } }', { id: there.id, version: there.version });
  const answered = await until('the answer is here', async () => (await checksOf(county, 'civilAffairs')).find(({ state }) => state === 'ANSWERED'));
  expect(answered).toMatchObject({ id: reported.checks[0]?.id, verdict: 'CORRECTED', correctedVersion: '2', answer: '已更正', believed: '张三' });
  await until('so is the correction', async () => (await name(county) === '张三' ? true : undefined));
  const kept = async (hub: Hub) => (await hub.database.sql`select field, source, source_key, verdict, answer, corrected_version, state from check_request`).map((row) => ({ ...row }));
  expect(await kept(county)).toEqual(await kept(city));
});
