/**
 * Quotas as callers meet them: what uses them and what does not, what is refused with what words, what is left and who is told, and that
 * no process gives more than all may.
 */
import { generateKeyPair, exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgetUses } from '../../src/audit/quota.ts';
import { openHub } from '../../src/hub.ts';
import { keyOf, registerOther, testMatter } from '../world/callers.ts';
import type { AdministratorName, CallerName, OtherName } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import type { Json } from '../world/hub.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

const perSubject = 6;
let served: ServedHub;
let facts: Facts;
let clock = '2026-11-24T10:00:00+08:00';

beforeAll(async () => {
  served = await servedHub({ HUB_CLERK_LOOKUPS: String(perSubject), HUB_APPLICATION_LOOKUPS: String(perSubject + 2) }, { now: () => new Date(clock) });
  facts = await somePeople(served.hub.database);
  await registerOther(served.hub.database, 'other-civil-STEWARD', '620623-MZ', 'STEWARD');
  await registerOther(served.hub.database, 'other-police-STEWARD', '620623-GA', 'STEWARD');
});
afterAll(() => served.close());

interface Asked {
  readonly id: string;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
  readonly data: Json;
  readonly code: string | null;
  readonly message: string;
  readonly extensions: Json;
}

async function ask(caller: CallerName | AdministratorName | OtherName, query: string, variables: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}, url = served.url): Promise<Asked> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST', body: JSON.stringify({ query, variables }), headers: { 'content-type': 'application/json', 'hub-matter': testMatter, authorization: `Bearer ${keyOf(caller)}`, ...headers },
  });
  const text = await response.text();
  const { data, errors = [] } = JSON.parse(text) as { data: Json; errors?: readonly { message: string; extensions: Json }[] };
  return {
    id: response.headers.get('hub-request-id') ?? '', status: response.status, retryAfter: response.headers.get('retry-after'), text, data,
    code: errors.length === 0 ? null : String(errors[0]?.extensions['code']), message: errors[0]?.message ?? '', extensions: errors[0]?.extensions ?? {},
  };
}

const grantDocument = 'mutation ($approvalNo: String!, $consumer: String!, $tuples: [GrantTupleInput!]!) { grant(approvalNo: $approvalNo, consumer: $consumer, tuples: $tuples) }';
async function grant(approvalNo: string, ...tuples: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const { code, message } = await ask('security', grantDocument, { approvalNo, consumer: 'test-market', tuples: tuples.map((own) => ({ uses: ['READ'], ...own })) });
  if (code !== null) throw new Error(message);
}
const endGrant = (approvalNo: string) => ask('security', 'mutation ($approvalNo: String!) { endGrant(approvalNo: $approvalNo) }', { approvalNo });

/** A civil day on which nothing was asked yet. */
function anotherDay(): string {
  const day = new Date(Date.parse(clock) + 32 * 3_600_000).toISOString().slice(0, 10);
  clock = `${day}T10:00:00+08:00`;
  return day;
}

const marital = 'RK-0013';
const former = 'RK-0003';
const one = 'query ($id: String!) { person(idNumber: $id) { name maritalStatusCode } }';
const linesOf = async (caller: CallerName | AdministratorName | OtherName = 'market', consumer?: string): Promise<readonly string[]> => {
  const { data, message } = await ask(caller, 'query ($consumer: ID) { quotas(consumer: $consumer) { consumer lookupsByClerk lookupsWithoutClerk resetsAt lines { approvalNo itemName limit used remaining tuple { item modes quotaPerDay } } } }', { consumer });
  if (data === undefined || data === null) throw new Error(message);
  return (data['quotas'] as unknown as { lines: { approvalNo: string; tuple: { item: string }; used: number; limit: number; remaining: number }[] }).lines.map(({ approvalNo, tuple, used, limit, remaining }) => `${approvalNo} ${tuple.item} ${used}/${limit} ${remaining}`);
};
const recordOf = async (request: string) => (await served.hub.database.sql<{ outcome: string; reason: string; rows: number; subjects: string[] }[]>`select outcome, reason, rows, subjects from audit_record where request = ${request}`)[0];
const nth = (index: number): string => facts.idNumbers[index] ?? '';

describe('the quota of a line', () => {
  test('is used by each answer that lives on it, be it of nobody; then the answer is dropped, with words that say what to do', async () => {
    const day = anotherDay();
    await grant('A-1', { item: marital, quotaPerDay: 4 });
    for (const id of [nth(0), nth(1), facts.nobody]) expect((await ask('market', one, { id })).code).toBeNull();
    expect(await linesOf()).toEqual([`A-1 ${marital} 3/4 1`]);
    // The same question a hundred times over is one.
    expect((await ask('market', 'query ($ids: [String!]!) { persons(idNumbers: $ids) { maritalStatusCode again: maritalStatusCode } }', { ids: facts.idNumbers.slice(2, 60) })).code).toBeNull();
    expect(await linesOf()).toEqual([`A-1 ${marital} 4/4 0`]);
    const refused = await ask('market', one, { id: nth(0) });
    expect(refused).toMatchObject({ status: 429, code: 'QUOTA_EXCEEDED', data: undefined });
    expect(refused.message).toMatch(/^The 4 questions a day about 婚姻状况 \(RK-0013\) under A-1 are used up\. Ask again from .*Apply for a higher quota: applyForQuota\(approvalNo: "A-1", item: "RK-0013"/);
    expect(refused.extensions).toMatchObject({ retry: true, quota: 'GRANT', approvalNo: 'A-1', item: marital, limit: 4, resetAt: `2026-11-${Number(day.slice(-2)) + 1}T00:00:00+08:00` });
    // From ten in the morning to midnight.
    expect(Number(refused.retryAfter)).toBe(14 * 3600);
    expect(refused.text).not.toContain('"data"');
    expect(await recordOf(refused.id)).toEqual({ outcome: 'QUOTA_EXCEEDED', reason: refused.message, rows: 0, subjects: [] });
    // The next day it is there again.
    anotherDay();
    expect((await ask('market', one, { id: nth(0) })).code).toBeNull();
    await endGrant('A-1');
  });

  test('holds on every way in: a question that came before, one that did not, one beside root fields that are no records', async () => {
    anotherDay();
    await grant('A-2', { item: marital, quotaPerDay: 2 });
    for (const id of [nth(3), nth(4)]) expect((await ask('market', one, { id })).code).toBeNull();
    const again = await ask('market', one, { id: nth(5) });
    const through = await ask('market', one, { id: nth(5) }, { accept: 'application/json;q=0.9, text/html' });
    const anew = await ask('market', `${one} # new`, { id: nth(5) });
    const mixed = await ask('market', 'query ($id: String!) { me { code } person(idNumber: $id) { maritalStatusCode } }', { id: nth(5) });
    for (const refused of [again, through, anew, mixed]) {
      expect(refused).toMatchObject({ status: 429, code: 'QUOTA_EXCEEDED', data: undefined, retryAfter: String(14 * 3600) });
      expect((await recordOf(refused.id))?.outcome).toBe('QUOTA_EXCEEDED');
    }
    expect(through.text).toBe(again.text);
    // What does not live on it is answered as ever.
    expect((await ask('market', 'query ($id: String!) { person(idNumber: $id) { name } }', { id: nth(5) })).code).toBeNull();
    await endGrant('A-2');
  });

  test('is not used by what is refused before it is answered, nor by what does not need it', async () => {
    anotherDay();
    await grant('A-3', { item: marital, quotaPerDay: 5 }, { item: former, quotaPerDay: 5 });
    await ask('market', '{ person(idNumber: "x") { maritalStatusCode nothing } }');
    await ask('market', one, { id: nth(0) }, { 'hub-matter': '' });
    await ask('market', one, { id: nth(0) }, { 'hub-case': 'no such case' });
    await ask('market', 'query ($id: String!) { person(idNumber: $id) { maritalStatusCode politicalStatusCode } }', { id: nth(0) }, { 'hub-partial': 'refuse' });
    await ask('market', 'query ($id: String!, $no: Boolean!) { person(idNumber: $id) { name maritalStatusCode @include(if: $no) } }', { id: nth(0), no: false });
    expect(await linesOf()).toEqual([`A-3 ${former} 0/5 5`, `A-3 ${marital} 0/5 5`]);
    // A line without a quota, or with a larger one, opens the same: the smaller one is not needed.
    await grant('A-4', { item: marital, quotaPerDay: 50 });
    await ask('market', one, { id: nth(0) });
    expect(await linesOf()).toEqual([`A-3 ${former} 0/5 5`, `A-3 ${marital} 0/5 5`, `A-4 ${marital} 1/50 49`]);
    await grant('A-5', { item: marital });
    await ask('market', one, { id: nth(0) });
    expect(await linesOf()).toEqual([`A-3 ${former} 0/5 5`, `A-3 ${marital} 0/5 5`, `A-4 ${marital} 1/50 49`]);
    await Promise.all(['A-4', 'A-5'].map(endGrant));
    // All of an operation's lines, or none: with one used up, the other keeps what it has.
    await grant('A-3', { item: marital, quotaPerDay: 5 }, { item: former, quotaPerDay: 1 });
    const both = 'query ($id: String!) { person(idNumber: $id) { formerName maritalStatusCode } }';
    expect([(await ask('market', both, { id: nth(0) })).code, (await ask('market', both, { id: nth(0) })).extensions['item']]).toEqual([null, former]);
    expect(await linesOf()).toEqual([`A-3 ${former} 1/1 0`, `A-3 ${marital} 1/5 4`]);
    await endGrant('A-3');
  });

  test('is told with the reason, to whom it concerns', async () => {
    anotherDay();
    await grant('A-6', { item: marital, quotaPerDay: 5 }, { item: former, quotaPerDay: 7 });
    const { data } = await ask('market', 'query ($d: String!, $v: JSON, $m: String) { explain(document: $d, variables: $v, matter: $m) { asks { at because ways { tuple { quotaPerDay } } } } }', { d: one, v: { id: nth(0) }, m: testMatter });
    expect((data['explain'] as unknown as { asks: Json[] }).asks.find((own) => String(own['at']) === 'Person.maritalStatusCode')).toMatchObject({ because: expect.stringMatching(/under A-6, for 5 questions a day\./), ways: [{ tuple: { quotaPerDay: 5 } }] });
    const [all, ofCivil, ofPolice] = [[`A-6 ${former} 0/7 7`, `A-6 ${marital} 0/5 5`], [`A-6 ${marital} 0/5 5`], [`A-6 ${former} 0/7 7`]];
    expect(await linesOf('market', 'test-market')).toEqual(all);
    expect(await linesOf('auditor', 'test-market')).toEqual(all);
    expect(await linesOf('other-civil-STEWARD', 'test-market')).toEqual(ofCivil);
    expect(await linesOf('other-police-STEWARD', 'test-market')).toEqual(ofPolice);
    expect((await ask('police', '{ quotas(consumer: "test-market") { day } }')).code).toBe('FORBIDDEN');
    expect((await ask('auditor', '{ quotas { day } }')).code).toBe('BAD_INPUT');
    expect((await ask('system', '{ quotas(consumer: "test-market") { day } }')).code).toBe('FORBIDDEN');
    await endGrant('A-6');
  });
});

describe('looking up one person', () => {
  const name = 'query ($id: String!) { person(idNumber: $id) { name } }';

  test('is allowed so often a day to each clerk, and to an application that names none', async () => {
    anotherDay();
    const id = nth(7);
    const times = async (count: number, headers: Readonly<Record<string, string>>) => {
      const answers: Asked[] = [];
      for (let time = 0; time < count; time += 1) answers.push(await ask('police', name, { id }, headers));
      return answers;
    };
    const [before, refused] = [(await times(perSubject + 1, { 'hub-operator': 'clerk-1' })).slice(0, -1), await ask('police', name, { id }, { 'hub-operator': 'clerk-1' })];
    expect(before.map(({ code }) => code)).toEqual(before.map(() => null));
    expect(refused).toMatchObject({ status: 429, code: 'QUOTA_EXCEEDED', extensions: { quota: 'SUBJECT', limit: perSubject } });
    expect(refused.text).not.toContain(id);
    expect((await ask('police', name, { id: nth(8) }, { 'hub-operator': 'clerk-1' })).code).toBeNull();
    expect((await ask('police', name, { id }, { 'hub-operator': 'clerk-2' })).code).toBeNull();
    expect((await ask('market', name, { id }, { 'hub-operator': 'clerk-1' })).code).toBeNull();
    expect((await times(perSubject + 3, {})).map(({ code }) => code)).toEqual([...before.map(() => null), null, null, 'QUOTA_EXCEEDED']);

    // Who signs is counted by his signature, whatever it is that he sends each time.
    const { publicKey, privateKey } = await generateKeyPair('EdDSA');
    await served.hub.database.sql`update consumer set operator_key = ${JSON.stringify(await exportJWK(publicKey))}::jsonb where code = 'test-police'`;
    await served.hub.standing.look();
    const signed = async (clerk: string, minutes: number) => ({ 'hub-operator': await new SignJWT({}).setProtectedHeader({ alg: 'EdDSA' }).setIssuer('test-police').setSubject(clerk).setIssuedAt(new Date(clock)).setExpirationTime(new Date(Date.parse(clock) + minutes * 60_000)).sign(privateKey) });
    for (let time = 0; time < perSubject; time += 1) expect((await ask('police', name, { id }, await signed('clerk-1', 10 + time))).code).toBeNull();
    expect((await ask('police', name, { id }, await signed('clerk-1', 60))).code).toBe('QUOTA_EXCEEDED');
    expect((await ask('police', name, { id }, await signed('clerk-2', 60))).code).toBeNull();
    await served.hub.database.sql`update consumer set operator_key = null where code = 'test-police'`;
    await served.hub.standing.look();
  });

  test('counts whoever is delivered along, and nobody whose data are not personal', async () => {
    anotherDay();
    const clerk = { 'hub-operator': 'clerk-1' };
    const household = 'query ($id: String!) { person(idNumber: $id) { household { members { nodes { name } } } } }';
    for (let times = 0; times < perSubject; times += 1) expect((await ask('police', household, { id: facts.familyMember }, clerk)).code).toBeNull();
    const [kin] = await served.hub.database.sql<{ id: string }[]>`select m.id_number as id from person p join person m using (household_no) where p.id_number = ${facts.familyMember} and m.id_number <> p.id_number and m.id_number is not null limit 1`;
    expect((await ask('police', name, { id: kin?.id ?? '' }, clerk)).extensions).toMatchObject({ quota: 'SUBJECT' });
    for (let times = 0; times < perSubject + 2; times += 1) expect((await ask('market', 'query ($u: String!) { legalEntity(uscc: $u) { name status } }', { u: facts.uscc }, clerk)).code).toBeNull();
    // Nobody is nobody, however often.
    for (let times = 0; times < perSubject + 2; times += 1) expect((await ask('market', name, { id: facts.nobody }, clerk)).code).toBeNull();
  });
});

const perMinute = (who: AdministratorName | CallerName | OtherName, most: number | null, consumer = 'test-market') => ask(who, 'mutation ($c: ID!, $n: Int) { setRequestsPerMinute(consumer: $c, requestsPerMinute: $n) }', { c: consumer, n: most });
/** A civil minute in which nothing was asked yet. */
function anotherMinute(): void {
  clock = new Date(Date.parse(clock) + 60_000).toISOString();
}

describe('queries a minute', () => {
  const name = 'query ($id: String!) { person(idNumber: $id) { name } }';
  const entity = 'query ($u: String!) { legalEntity(uscc: $u) { name } }';
  const shown = async (): Promise<unknown> => (await ask('auditor', '{ quotas(consumer: "test-market") { perMinute { limit used remaining resetsAt } } }')).data['quotas'];

  test('are set by who keeps the hub, in force with the answer, and stand in the log of policy', async () => {
    anotherDay();
    for (const who of ['auditor', 'steward', 'market', 'other-civil-STEWARD'] as const) expect((await perMinute(who, 5)).code, who).toBe('FORBIDDEN');
    for (const most of [0, -1, 1_000_001]) expect((await perMinute('system', most)).code, String(most)).toBe('BAD_INPUT');
    expect((await perMinute('system', 5, 'nobody')).code).toBe('BAD_INPUT');
    expect(await shown()).toEqual({ perMinute: null });
    const before = clock;
    anotherMinute();
    const set = clock;
    expect((await perMinute('system', 5)).code).toBeNull();
    expect(await shown()).toEqual({ perMinute: { limit: 5, used: 0, remaining: 5, resetsAt: `${before.slice(0, 10)}T10:02:00.000+08:00` } });
    const said = async (at: string) => (await ask('auditor', 'query ($d: String!, $at: DateTime) { explain(consumer: "test-market", document: $d, at: $at) { requestsPerMinute } }', { d: '{ me { code } }', at })).data['explain'];
    anotherMinute();
    expect((await perMinute('security', null)).code).toBeNull();
    expect([await said(before), await said(set), await said(clock)]).toEqual([{ requestsPerMinute: null }, { requestsPerMinute: 5 }, { requestsPerMinute: null }]);
    // Registered again under another name, it keeps its limit.
    await perMinute('system', 7);
    await ask('system', 'mutation { registerConsumer(consumer: { code: "test-market", name: "测试应用 market", departmentCode: "620623-SC" }) }');
    expect(await shown()).toMatchObject({ perMinute: { limit: 7 } });
    await perMinute('system', null);
  });

  test('are answered until the limit, of whatever records or none; the rest of the minute is refused, and the next begins anew', async () => {
    anotherDay();
    clock = clock.replace('10:00:00', '10:00:20');
    await perMinute('security', 4);
    const asked = [await ask('market', name, { id: nth(0) }), await ask('market', name, { id: facts.nobody }), await ask('market', entity, { u: facts.uscc }), await ask('market', '{ me { code } }')];
    expect(asked.map(({ code }) => code)).toEqual([null, null, null, null]);
    expect(await shown()).toMatchObject({ perMinute: { used: 4, remaining: 0, resetsAt: `${clock.slice(0, 10)}T10:01:00.000+08:00` } });
    const refused = [await ask('market', name, { id: nth(0) }), await ask('market', entity, { u: facts.uscc }), await ask('market', '{ me { code } }'), await ask('market', `${name} # new`, { id: nth(1) }), await ask('market', '{ __typename }')];
    for (const one of refused) {
      expect(one).toMatchObject({ status: 429, code: 'QUOTA_EXCEEDED', data: undefined, retryAfter: '40', extensions: { quota: 'MINUTE', limit: 4, retry: true, resetAt: `${clock.slice(0, 10)}T10:01:00+08:00` } });
      expect(await recordOf(one.id)).toEqual({ outcome: 'QUOTA_EXCEEDED', reason: one.message, rows: 0, subjects: [] });
    }
    // Others are answered as ever.
    expect((await ask('police', name, { id: nth(0) })).code).toBeNull();
    anotherMinute();
    expect((await ask('market', name, { id: nth(0) })).code).toBeNull();
    expect(await shown()).toMatchObject({ perMinute: { used: 1, remaining: 3 } });
    await perMinute('security', null);
  });

  test('are not used by what is refused, nor by mutations; whoever has used up a day as well is told of the day', async () => {
    anotherDay();
    await grant('A-8', { item: marital, quotaPerDay: 1 });
    await perMinute('security', 2);
    await ask('market', '{ person(idNumber: "x") { nothing } }');
    await ask('market', '{ auditRecords(first: 1) { endCursor } }');
    await ask('market', name, { id: nth(0) }, { 'hub-matter': 'none' });
    await ask('market', '{ quotas(consumer: "test-police") { day } }');
    await ask('market', 'mutation { closeCase(matter: "x", caseNo: "y") { closedAt } }');
    expect(await shown()).toMatchObject({ perMinute: { used: 0 } });
    expect((await ask('market', one, { id: nth(0) })).code).toBeNull();
    expect((await ask('market', one, { id: nth(0) })).extensions).toMatchObject({ quota: 'GRANT' });
    // What was refused for another quota has used nothing of the minute.
    expect(await shown()).toMatchObject({ perMinute: { used: 1 } });
    expect((await ask('market', name, { id: nth(0) })).code).toBeNull();
    expect((await ask('market', name, { id: nth(0) })).extensions).toMatchObject({ quota: 'MINUTE' });
    expect((await ask('market', one, { id: nth(0) })).extensions).toMatchObject({ quota: 'GRANT' });
    // Mutations are made and answered whatever the minute holds.
    expect((await ask('market', 'mutation { closeCase(matter: "x", caseNo: "y") { closedAt } }')).code).not.toBe('QUOTA_EXCEEDED');
    expect((await ask('market', 'mutation { __typename }')).code).toBeNull();
    await endGrant('A-8');
    await perMinute('security', null);
  });

  test('that cannot be read in the table let nothing through', async () => {
    anotherDay();
    await served.hub.database.sql`insert into policy_change (kind, code, body, at) select 'consumer', code, to_jsonb(c) || '{"requests_per_minute": "many"}', now() from consumer c where code = 'test-market'`;
    await served.hub.standing.look();
    expect((await ask('market', name, { id: nth(0) })).extensions).toMatchObject({ quota: 'MINUTE', limit: 0 });
    await perMinute('security', 1);
    await perMinute('security', null);
    expect((await ask('market', name, { id: nth(0) })).code).toBeNull();
  });
});

test('counts of days that have passed are forgotten', async () => {
  const { sql } = served.hub.database;
  await sql`insert into quota_use values ('2026-11-20', 'x', 'y', 1, 1), ('2026-11-21', 'x', 'y', 1, 1), ('2026-11-22', 'x', 'y', 1, 1)`;
  await forgetUses(sql, '2026-11-22');
  expect((await sql<{ day: string }[]>`select day::text as day from quota_use where who = 'x' order by day`).map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-22']);
});

// The embedded database has one process.
test.runIf(process.env['TEST_DATABASE_URL'] !== undefined)('two processes give no more than the quota together, and as many records say so', async () => {
  const day = anotherDay();
  await grant('A-7', { item: marital, quotaPerDay: 50 });
  const other = await openHub({ ...served.hub.config, port: 0 }, { now: () => new Date(clock) });
  try {
    const { url } = await other.serve();
    const answers = await Promise.all(Array.from({ length: 160 }, (_, index) => ask('market', one, { id: nth(index % 40) }, {}, index % 2 === 0 ? served.url : url)));
    const count = (code: string | null): number => answers.filter((answer) => answer.code === code).length;
    expect([count(null), count('QUOTA_EXCEEDED')]).toEqual([50, 110]);
    const requests = answers.filter(({ code }) => code === null).map(({ id }) => id).toSorted();
    const rows = await served.hub.database.sql<{ request: string }[]>`select request from audit_record where outcome = 'OK' and request = any(${answers.map(({ id }) => id)}::text[]) order by request collate "C"`;
    expect(rows.map(({ request }) => request)).toEqual(requests);
    const [line] = await served.hub.database.sql<{ used: number; most: number }[]>`select used, most from quota_use where day = ${day} and what like 'grant A-7 %'`;
    expect(line).toEqual({ used: 50, most: 50 });
    expect(await linesOf()).toEqual([`A-7 ${marital} 50/50 0`]);
    await endGrant('A-7');

    // And of the queries of a minute, which the other process is told of within a second.
    anotherDay();
    await perMinute('system', 30);
    const began = performance.now();
    while (other.standing.current.consumer('test-market')?.requestsPerMinute !== 30) {
      expect(performance.now() - began).toBeLessThan(1000);
      await new Promise((wake) => { setTimeout(wake, 20); });
    }
    const minute = await Promise.all(Array.from({ length: 120 }, (_, index) => ask('market', 'query ($id: String!) { person(idNumber: $id) { name } }', { id: nth(index % 40) }, {}, index % 2 === 0 ? served.url : url)));
    expect([minute.filter(({ code }) => code === null).length, minute.filter(({ extensions }) => String(extensions['quota']) === 'MINUTE').length]).toEqual([30, 90]);
    const outcomes = await served.hub.database.sql<{ outcome: string; n: number }[]>`select outcome, count(*)::integer as n from audit_record where request = any(${minute.map(({ id }) => id)}::text[]) group by 1 order by 1`;
    expect([...outcomes]).toEqual([{ outcome: 'OK', n: 30 }, { outcome: 'QUOTA_EXCEEDED', n: 90 }]);
    expect([...await served.hub.database.sql`select what, used, most from quota_use where who = 'test-market' and day = ${clock.slice(0, 10)} and what like 'minute %'`]).toEqual([{ what: 'minute 10:00', used: 30, most: 30 }]);
  } finally {
    await other.close();
  }
});
