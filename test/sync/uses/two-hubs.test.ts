/**
 * The whole way between two real hubs that talk over HTTP: a certificate comes down with the feed, a copy of it is made in the county, taken and
 * checked, and whoever issued it sees all three at the city, and that it was asked for.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { openHub } from '../../../src/hub.ts';
import type { Hub } from '../../../src/hub.ts';
import { setHub } from '../../../src/identity/consumers.ts';
import { registerMatter } from '../../../src/matters/matter.ts';
import { callers, keyOf, registerOther, testMatter } from '../../world/callers.ts';
import type { AdministratorName, CallerName, OtherName } from '../../world/callers.ts';
import { cloneForConfig } from '../../world/database.ts';
import { testKeys } from '../../world/keys.ts';
import { cityPolice, hold, issuerCode, matter } from './using.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-uses-'));
const keyFile = join(folder, 'hub-keys.json');
const closing: (() => Promise<void>)[] = [];
let city: Hub;
let county: Hub;
const urls = new Map<Hub, string>();

async function open(env: Readonly<Record<string, string>>): Promise<Hub> {
  const clone = await cloneForConfig();
  const hub = await openHub(readConfig({ PORT: '0', HUB_DATA_DIR: clone.dataDir, HUB_KEY_FILE: keyFile, HUB_CALLER_BUDGET: '1000000000', HUB_ADDRESS_BUDGET: '1000000000', ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }), ...env }));
  closing.push(() => hub.close().then(() => clone.remove()));
  return hub;
}

const tuplesOf = (hub: Hub, mode: 'SUBSCRIBE' | 'QUERY'): string => JSON.stringify([...hub.standing.current.catalog.items()].flatMap(({ code }) => (code.startsWith('ZZ-01')
  ? [{ item: code, uses: ['read', 'exist', ...(code === 'ZZ-0101' ? ['key'] : [])], modes: [mode], validFrom: '2020-01-01T00:00:00.000Z', bounds: [] }] : [])));

beforeAll(async () => {
  writeFileSync(keyFile, JSON.stringify(testKeys), { mode: 0o600 });
  city = await open({ HUB_DIVISION: '620600' });
  await city.database.sql`update department set uscc = ${issuerCode} where code = ${cityPolice}`;
  await registerOther(city.database, 'other-county', '620623-ZS', null);
  await registerOther(city.database, 'other-city-police', cityPolice, 'STEWARD');
  await setHub(city.database.sql, 'test-other-county', '620623', { by: 'tests', now: new Date().toISOString() });
  await city.database.sql`insert into sharing_grant (approval_no, consumer_code, tuples) values ('USES', 'test-other-county', ${tuplesOf(city, 'SUBSCRIBE')}::text::jsonb)`;
  urls.set(city, (await city.serve()).url);
  county = await open({ HUB_DIVISION: '620623', HUB_CITY_URL: `${urls.get(city)}/graphql`, HUB_CITY_KEY: keyOf('other-county'), HUB_CITY_MATTER: testMatter, HUB_SYNC_POLL: '300' });
  await county.database.sql`insert into sharing_grant (approval_no, consumer_code, tuples) values ('USES', 'test-civilAffairs', ${tuplesOf(county, 'QUERY')}::text::jsonb)`;
  const { today } = county.writing();
  await registerMatter(county.database.sql, { code: matter, name: '低保', department: callers.civilAffairs, participants: [], kin: [], needsCase: true }, today, { by: 'tests', now: new Date().toISOString() });
  urls.set(county, (await county.serve()).url);
}, 180_000);
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<T>(hub: Hub, who: CallerName | AdministratorName | OtherName, query: string, variables: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await fetch(`${urls.get(hub)}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'authorization': `Bearer ${keyOf(who)}`, 'hub-matter': testMatter, ...headers }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json() as { data: { it: T }; errors?: readonly { message: string }[] };
  if (errors !== undefined) throw new Error(errors[0]?.message);
  return data.it;
}

async function until<T>(what: string, found: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const value = await found();
    if (value !== undefined) return value;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`Waited in vain until ${what}: ${JSON.stringify([...await county.database.sql`select registry, phase, last_failure, halted from sync_feed`, ...await county.database.sql`select reason, field from dead_letter`])}`);
}

test('a copy that is made, taken and checked in the county is known to the issuer at the city', { timeout: 180_000 }, async () => {
  const { identifier, holder } = await hold(city.database, 7, '620600');
  await until('the certificate is here', async () => ((await county.database.sql`select 1 from certificate where certificate_identifier = ${identifier}`).length === 1 ? true : undefined));
  await ask(county, 'civilAffairs', 'mutation ($matter: String!, $idNumber: String!) { it: openCase(matter: $matter, caseNo: "2026-U", subjects: [{idNumber: $idNumber}]) { deadline } }', { matter, idNumber: holder });
  const copy = await ask<{ id: string; code: string; path: string }>(county, 'civilAffairs', 'mutation ($id: String!) { it: issueCopy(certificateIdentifier: $id, cause: "核对身份") { id code path } }', { id: identifier }, { 'hub-matter': matter, 'hub-case': '2026-U', 'hub-operator': 'MZ-0317' });
  expect((await fetch(`${urls.get(county)}${copy.path}`, { headers: { authorization: `Bearer ${keyOf('civilAffairs')}` } })).status).toBe(200);
  expect((await fetch(`${urls.get(county)}/c/${copy.id}-${copy.code.replaceAll('-', '').slice(10)}`)).status).toBe(200);
  const fields = 'at certificateIdentifier mode copyId consumer departmentCode operator operatorVerified matterCode caseNo cause fields result';
  const uses = async (hub: Hub, who: 'authority' | 'other-city-police') => (await ask<{ nodes: readonly Readonly<Record<string, unknown>>[] }>(hub, who, `query ($id: String!) { it: certificateUses(certificateIdentifier: $id) { nodes { ${fields} division } } }`, { id: identifier })).nodes;
  const there = await until('the issuer knows of all three', async () => {
    const known = await uses(city, 'other-city-police');
    return known.length === 3 ? known : undefined;
  });
  expect(there.map(({ mode }) => mode)).toEqual(['CHECK', 'DOWNLOAD', 'COPY']);
  expect(there).toEqual((await uses(county, 'authority')).map((use) => ({ ...use, division: '620623' })));
  expect(await county.database.sql`select distinct state from certificate_use_up`).toMatchObject([{ state: 'SENT' }]);
  await ask(county, 'civilAffairs', 'query ($id: String!) { it: certificate(certificateIdentifier: $id) { certificateName } }', { id: identifier }, { 'hub-matter': matter, 'hub-case': '2026-U', 'hub-operator': 'MZ-0317' });
  const answer = await until('the issuer knows of the answer', async () => (await uses(city, 'other-city-police')).find(({ mode }) => mode === 'QUERY'));
  expect(answer).toMatchObject({ consumer: 'test-civilAffairs', departmentCode: callers.civilAffairs, operator: 'MZ-0317', matterCode: matter, caseNo: '2026-U', result: 'ANSWERED', division: '620623' });
});
