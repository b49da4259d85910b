/**
 * Answers that held certificates which the city has passed on are told to whoever issued them, from the audit: nothing twice in effect, nothing
 * lost, whatever fails on the way, and nobody who is answered waits for it. Two hubs that are reached without a network.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { isSignatureOf } from '../../../src/audit/open.ts';
import { retireMonth } from '../../../src/audit/retire.ts';
import { CityError } from '../../../src/sync/city.ts';
import type { CityUses, PassedUpUse } from '../../../src/sync/city.ts';
import { deadLetters, redriveDeadLetters } from '../../../src/sync/dead-letters.ts';
import { pushAgain } from '../../../src/sync/push.ts';
import { passQueriesUp } from '../../../src/sync/uses-up.ts';
import type { UsesContext } from '../../../src/sync/uses-up.ts';
import { auditKeys } from '../../audit/world.ts';
import type { OtherName } from '../../world/callers.ts';
import { decided } from '../../world/grants.ts';
import type { TestHub } from '../../world/hub.ts';
import { pointedSql } from '../points.ts';
import { answered, cityPolice, given, hold, hub, issuer, matter, twoHubs } from './using.ts';
import type { Held } from './using.ts';

const now = '2026-11-24T02:01:00.000Z';
const folder = mkdtempSync(join(tmpdir(), 'hub-answers-'));
let city: TestHub;
let county: TestHub;
let desk: CityUses;
let sent: PassedUpUse[] = [];

beforeAll(async () => {
  ({ city, county, desk } = await twoHubs((uses) => void sent.push(...uses)));
}, 180_000);
afterAll(async () => {
  await Promise.all([city.close(), county.close()]);
  rmSync(folder, { recursive: true });
});
beforeEach(() => { sent = []; });

const context = (more: Partial<UsesContext> = {}): UsesContext => ({ sql: county.database.sql, uses: desk, division: '620623', now, ...more });
/** Passes up until nothing is left. Gives how many steps that took. */
async function passAll(given: UsesContext = context()): Promise<number> {
  for (let steps = 1; ; steps += 1) if (!(await passQueriesUp(given)).more) return steps;
}
const aside = async () => (await county.database.sql<{ n: number }[]>`select count(*)::int as n from certificate_query_up`)[0]?.n;

let cards = 0;
/** A certificate of the city's police that both hubs have. */
async function passedOn(): Promise<Held> {
  cards += 1;
  const held = await hold(city.database, cards, '620600');
  await hold(county.database, cards, '620623');
  await given(city.database, hub, held);
  return held;
}
async function listed(at: TestHub, who: OtherName | 'authority', query: string, { identifier }: Held): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { data, errors } = await at.ask(who, `query ($id: String!) { it: ${query} }`, { variables: { id: identifier } });
  expect(errors).toEqual([]);
  return (data as unknown as { it: { nodes: readonly Readonly<Record<string, unknown>>[] } }).it.nodes;
}
const facts = 'at certificateIdentifier consumer departmentCode operator operatorVerified matterCode caseNo items';
const there = async (held: Held, who: OtherName = issuer) => listed(city, who, `certificateUses(certificateIdentifier: $id) { nodes { ${facts} mode copyId cause fields result division } }`, held);
const read = async ({ identifier, key }: Held) => county.ask('civilAffairs', 'query ($id: String!) { certificate(certificateIdentifier: $id) { certificateName status } }', { variables: { id: identifier }, headers: { 'hub-matter': matter, 'hub-case': `2026-${key}`, 'hub-operator': 'MZ-0317' } });
/** Opens a case in the county about who holds a certificate. */
async function opened(held: Held): Promise<Held> {
  const { errors } = await county.ask('civilAffairs', 'mutation ($matter: String!, $caseNo: String!, $idNumber: String!) { openCase(matter: $matter, caseNo: $caseNo, subjects: [{idNumber: $idNumber}]) { deadline } }', { variables: { matter, caseNo: `2026-${held.key}`, idNumber: held.holder } });
  expect(errors).toEqual([]);
  return held;
}

test('who was answered, when, for what and with which items is there for the issuer as the county tells it of its own, and for nobody else; once', async () => {
  const held = await opened(await passedOn());
  const { errors, data } = await read(held);
  expect([errors, data['certificate']?.['certificateName']]).toEqual([[], '居民身份证']);
  await passAll();
  const here = await listed(county, 'authority', `certificateQueries(certificateIdentifier: $id) { nodes { ${facts} } }`, held);
  expect(here).toMatchObject([{ consumer: 'test-civilAffairs', operator: 'MZ-0317', matterCode: matter, caseNo: `2026-${held.key}`, items: expect.arrayContaining(['ZZ-0104']) }]);
  expect(await there(held)).toEqual(here.map((one) => ({ ...one, mode: 'QUERY', copyId: null, cause: null, fields: [], result: 'ANSWERED', division: '620623' })));
  expect(await there(held, 'other-city-civil')).toEqual([]);
  expect(JSON.stringify(sent)).not.toContain(held.holder);
  // In the county it is told from the audit, and nowhere else.
  expect([await listed(county, 'authority', 'certificateUses(certificateIdentifier: $id) { nodes { mode } }', held), await aside()]).toEqual([[], 0]);
  expect(await passQueriesUp(context())).toEqual({ changes: 0, refused: 0, more: false });
});

test('what was refused, and answers about what the county itself has issued, stay', async () => {
  const own = await opened(await hold(county.database, 900, '620623', { source: '620623-ZS' }));
  expect((await read(own)).errors).toEqual([]);
  await answered(county.database, [await passedOn()], { outcome: 'FORBIDDEN' });
  await passAll();
  expect(sent).toEqual([]);
});

test('nobody who is answered writes more for it', async () => {
  const [own, held] = [await opened(await hold(county.database, 901, '620623', { source: '620623-ZS' })), await opened(await passedOn())];
  await Promise.all([read(own), read(held)]);
  const [before, after] = [await read(own), await read(held)];
  expect([after.statements, after.sql]).toEqual([before.statements, before.sql]);
  await passAll();
  expect(await there(held)).toHaveLength(2);
});

test('while the city is away a call\'s worth is put aside and little more; then all go, in the order of the audit, each once', { timeout: 120_000 }, async () => {
  const held = await passedOn();
  await answered(county.database, Array.from({ length: 700 }, () => held));
  const away: CityUses = { tellUses: () => Promise.reject(new CityError('UNREACHABLE', 'away')) };
  const sizes: (number | undefined)[] = [];
  for (let n = 0; n < 50; n += 1) {
    await passQueriesUp(context({ uses: away })).catch((error: unknown) => { if (!(error instanceof CityError)) throw error; });
    sizes.push(await aside());
  }
  expect([Math.max(...sizes.map(Number)) <= 500, new Set(sizes).size]).toEqual([true, 1]);
  await passAll();
  expect(sent.map(({ caseNo }) => caseNo)).toEqual(Array.from({ length: 700 }, (_, n) => `2026-${n}`));
  expect((await city.database.sql`select 1 from certificate_use where certificate_identifier = ${held.identifier}`).length).toBe(700);
  expect(await aside()).toBe(0);
});

test('one that is refused is a dead letter and holds up nothing; it goes up again when told to', async () => {
  const [held, other] = [await passedOn(), await passedOn()];
  await city.database.sql`delete from feed_delivery where record_id = (select record_id from source_record where source = ${cityPolice} and source_key = ${held.key})`;
  await answered(county.database, [held, other]);
  expect(await passQueriesUp(context())).toEqual({ changes: 2, refused: 1, more: false });
  expect([await there(held), await there(other)].map((uses) => uses.length)).toEqual([0, 1]);
  expect(await deadLetters(county.database.sql)).toMatchObject([{ type: 'CertificateUse', field: 'sourceKey', tries: 1 }]);
  expect(await passQueriesUp(context())).toMatchObject({ changes: 0 });
  await given(city.database, hub, held);
  expect(await redriveDeadLetters(county.database.sql, now)).toBe(1);
  expect(await passQueriesUp(context())).toMatchObject({ changes: 1, refused: 0 });
  expect([await deadLetters(county.database.sql), (await there(held)).length]).toEqual([[], 1]);
});

test('an acknowledgement that is lost, and two workers at once: one answer there', async () => {
  const held = await passedOn();
  await answered(county.database, [held]);
  await expect(passQueriesUp(context({ uses: { tellUses: async (uses) => { await desk.tellUses(uses); throw new CityError('BROKEN', 'cut'); } } }))).rejects.toThrow('cut');
  await answered(county.database, [held]);
  await Promise.allSettled([passQueriesUp(context()), passQueriesUp(context())]);
  await passAll();
  expect([new Set(sent.map(({ key }) => key)).size, (await there(held)).length, await aside()]).toEqual([2, 2, 0]);
});

test('a process that ends at any point of a step, for every point: the same in the end', { timeout: 120_000 }, async () => {
  const held = await passedOn();
  for (let n = 1; ; n += 1) {
    await answered(county.database, [held]);
    let left = n;
    const at = (): void => {
      left -= 1;
      if (left === 0) throw Object.assign(new Error('the process has ended'), { code: 'CONNECTION_CLOSED' });
    };
    await passQueriesUp(context({ sql: pointedSql(county.database.sql, at), uses: { tellUses: async (uses) => { at(); const outcomes = await desk.tellUses(uses); at(); return outcomes; } } })).catch(() => undefined);
    await passAll();
    expect([(await city.database.sql`select 1 from certificate_use where certificate_identifier = ${held.identifier}`).length, await aside()]).toEqual([n, 0]);
    if (left > 0) {
      expect(n).toBeGreaterThan(8);
      break;
    }
  }
});

test('a worker whose lease is lost puts nothing aside', async () => {
  const held = await passedOn();
  await answered(county.database, [held]);
  await expect(passQueriesUp(context({ fence: () => Promise.reject(new Error('lost')) }))).rejects.toThrow('lost');
  expect(await aside()).toBe(0);
  await passAll();
  expect(await there(held)).toHaveLength(1);
});

test('about whoever is sealed nothing leaves, and what waited goes once he is no longer', async () => {
  const held = await passedOn();
  await answered(county.database, [held]);
  await decided(county, 'mutation ($idNumber: String!) { seal(code: "A-SEAL", idNumber: $idNumber, because: "测试") }', { idNumber: held.holder });
  await passAll();
  expect([sent, (await county.ask('steward', '{ syncStatus { usesWaiting } }')).data]).toEqual([[], { syncStatus: { usesWaiting: 1 } }]);
  await decided(county, 'mutation { unseal(code: "A-SEAL") }');
  await passAll();
  expect(await there(held)).toHaveLength(1);
});

test('a city that was restored from a backup is told again from the audit, and knows what it still has', async () => {
  const [lost, kept] = [await passedOn(), await passedOn()];
  await answered(county.database, [lost, kept]);
  await passAll();
  await city.database.sql`delete from certificate_use where certificate_identifier = ${lost.identifier}`;
  await county.database.sql.begin(pushAgain);
  await passAll();
  expect([await there(lost), await there(kept)].map((uses) => uses.length)).toEqual([1, 1]);
});

test('a month that leaves the audit takes nothing along that was put aside, and stops nothing where it was not read', async () => {
  const [first, second, third] = [await passedOn(), await passedOn(), await passedOn()];
  const retire = (month: number) => retireMonth({ sql: county.database.sql, now: new Date('2026-11-26T00:00:00Z'), by: 'test', years: 3, folder, keyVersion: auditKeys.current, sign: (text) => auditKeys.signSm2(text), isSignature: isSignatureOf(auditKeys) }, month);
  await answered(county.database, [first], { at: Date.parse('2022-10-05T01:00:00Z') });
  await expect(passQueriesUp(context({ uses: { tellUses: () => Promise.reject(new CityError('UNREACHABLE', 'away')) } }))).rejects.toThrow('away');
  await answered(county.database, [second], { at: Date.parse('2022-11-05T01:00:00Z') });
  await retire(202210);
  await retire(202211);
  await answered(county.database, [third]);
  await passAll();
  expect([await there(first), await there(second), await there(third)].map((uses) => uses.length)).toEqual([1, 0, 1]);
  // Nothing that has ended is looked at again.
  expect(await county.database.sql`select chain.process from audit_chain chain join audit_retired gone on chain.writer = any(gone.writers) left join certificate_query_place place on place.writer = chain.writer where place.done is not true`).toHaveLength(0);
});
