/**
 * A citizen sees who looked at his data: through a portal that is one, with a token that says who he is; what is about him, and
 * nothing of anybody else or of what a law keeps from him. On a whole hub, with a real issuer.
 */
import fc from 'fast-check';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { inSteps } from '../../src/audit/told.ts';
import { administrators, callers, keyOf, testMatter } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { testPersonKey } from '../world/hub.ts';
import { TestIssuer } from '../world/issuer.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

const audience = 'county-hub';
const client = 'county-portal';
const secret = 'TEST-INVESTIGATION';
const day = 86_400_000;
let issuer: TestIssuer;
let served: ServedHub;
let facts: Facts;
let clock = Date.now();

interface Access { readonly id: string; readonly at: string; readonly departmentCode: string | null; readonly departmentName: string | null; readonly matterCode: string | null; readonly matterName: string | null; readonly items: readonly { readonly code: string; readonly name: string | null }[]; readonly own: boolean }
interface Reply { readonly id: string; readonly status: number; readonly text: string; readonly code: unknown; readonly reason: unknown; readonly message: string; readonly data: Readonly<Record<string, unknown>> | null | undefined }

type Who = CallerName | AdministratorName | 'stranger';

async function ask(caller: Who, query: string, variables: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const response = await fetch(`${served.url}/graphql`, {
    method: 'POST', body: JSON.stringify({ query, variables }),
    headers: { 'content-type': 'application/json', 'hub-matter': testMatter, ...(caller === 'stranger' ? {} : { authorization: `Bearer ${keyOf(caller)}` }), ...headers },
  });
  const text = await response.text();
  const { data, errors: [error] = [] } = JSON.parse(text) as { data?: Reply['data']; errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[] };
  return { id: response.headers.get('hub-request-id') ?? '', status: response.status, text, code: error?.extensions['code'], reason: error?.extensions['reason'], message: error?.message ?? '', data };
}

const after = (seconds: number): number => Math.floor(clock / 1000) + seconds;

function tokenOf(idNumber: string, more: JWTPayload = {}): Promise<string> {
  return issuer.sign({ iss: issuer.url, aud: audience, sub: 'u-4711', azp: client, id_number: idNumber, iat: after(0), exp: after(600), ...more });
}

const mine = 'query ($first: Int! = 200, $after: String) { myAccesses(first: $first, after: $after) { nodes { id at departmentCode departmentName matterCode matterName items { code name } own } endCursor hasNextPage } }';

async function look(idNumber: string, variables: Readonly<Record<string, unknown>> = {}): Promise<{ nodes: readonly Access[]; endCursor: string | null; hasNextPage: boolean; text: string }> {
  const { data, text, message } = await ask('authority', mine, variables, { 'hub-citizen': await tokenOf(idNumber) });
  expect(message).toBe('');
  return { ...data?.['myAccesses'] as { nodes: Access[]; endCursor: string | null; hasNextPage: boolean }, text };
}

/** What was told but for his own looks. */
const others = async (idNumber: string): Promise<readonly Access[]> => (await look(idNumber)).nodes.filter(({ own }) => !own);

async function decided(mutation: string, who: AdministratorName = 'security'): Promise<void> {
  const { message } = await ask(who, mutation);
  expect(message).toBe('');
}

const person = 'query ($ids: [String!]!) { persons(idNumbers: $ids) { name birthDate } }';

beforeAll(async () => {
  issuer = await TestIssuer.start();
  served = await servedHub({ HUB_CITIZEN_ISSUER: issuer.url, HUB_CITIZEN_AUDIENCE: audience }, { now: () => new Date(clock) });
  facts = await somePeople(served.hub.database);
  await decided(`mutation { registerMatter(matter: {code: "${secret}", name: "侦查", departmentCode: "${callers.police}", participants: ["${callers.civilAffairs}", "${callers.market}"], needsCase: false}) }`, 'steward');
  await decided(`mutation { setCitizenPortal(consumer: "test-authority", client: "${client}") }`);
});
beforeEach(() => { clock += 60_000; });
afterAll(async () => {
  await served?.close();
  await issuer?.close();
});

describe('a citizen', () => {
  test('is told when, which department, for which matter, which items; and that he looked himself', async () => {
    const [idNumber = '', beside = ''] = facts.idNumbers.slice(-2);
    const { id } = await ask('police', person, { ids: [beside, idNumber] }, { 'hub-operator': 'clerk-7' });
    const first = await look(idNumber);
    expect(first.nodes).toMatchObject([{ departmentCode: callers.police, matterCode: testMatter, matterName: '测试事项', own: false }]);
    const [access] = first.nodes as [Access];
    expect(access.id.startsWith(id)).toBe(true);
    expect(Date.parse(access.at)).toBe(clock);
    expect(access.departmentName).toMatch(/公安/);
    expect(access.items.map(({ code }) => code)).toEqual(expect.arrayContaining(['RK-0002']));
    expect(access.items.every(({ name }) => name !== null)).toBe(true);
    const second = await look(idNumber);
    expect(second.nodes.map(({ own, departmentCode, items }) => [own, departmentCode, items.length > 0])).toEqual([[true, callers.authority, false], [false, callers.police, true]]);
    expect(first.text).not.toMatch(/clerk|subjects|rows/);
  });

  test('whom nobody knows, and a sealed one, are told as anybody is', async () => {
    const [idNumber = ''] = facts.idNumbers.slice(-3);
    await ask('police', person, { ids: [idNumber] });
    const before = await others(idNumber);
    expect(before).toHaveLength(1);
    await decided(`mutation { seal(code: "S-CITIZEN", idNumber: "${idNumber}", because: "保护") }`);
    // Whoever does not look behind the seal is delivered nobody, and nobody is told of it.
    await ask('police', person, { ids: [idNumber] });
    expect(await others(idNumber)).toEqual(before);
    await decided('mutation { unseal(code: "S-CITIZEN") }');
    expect((await look(facts.nobody)).nodes).toEqual([]);
    expect((await look(facts.nobody)).nodes).toMatchObject([{ own: true }]);
  });
});

describe('is refused, aloud', () => {
  test.each<[string, () => Promise<Reply>, string, string | undefined]>([
    ['a stranger', async () => ask('stranger', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember) }), 'UNAUTHENTICATED', undefined],
    ['an application that is no portal', async () => ask('police', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember) }), 'FORBIDDEN', undefined],
    ['an administrator', async () => ask('auditor', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember) }), 'FORBIDDEN', undefined],
    ['a portal without a token', () => ask('authority', mine), 'UNAUTHENTICATED', 'MISSING'],
    ['a key in place of a token', () => ask('authority', mine, {}, { 'hub-citizen': keyOf('authority') }), 'UNAUTHENTICATED', 'MALFORMED'],
    ['another audience', async () => ask('authority', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember, { aud: 'another' }) }), 'UNAUTHENTICATED', 'AUDIENCE'],
    ['another issuer', async () => ask('authority', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember, { iss: 'https://else.example' }) }), 'UNAUTHENTICATED', 'ISSUER'],
    ['one that has expired', async () => ask('authority', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember, { exp: after(-60) }) }), 'UNAUTHENTICATED', 'EXPIRED'],
    ['one of another portal', async () => ask('authority', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember, { azp: 'another' }) }), 'UNAUTHENTICATED', 'PARTY'],
    ['one that two claims name otherwise', async () => ask('authority', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember, { client_id: 'another' }) }), 'UNAUTHENTICATED', 'PARTY'],
    ['one of nobody\'s portal', async () => ask('authority', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember, { azp: undefined }) }), 'UNAUTHENTICATED', 'PARTY'],
    ['one that asserts nobody', async () => ask('authority', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember, { id_number: undefined }) }), 'UNAUTHENTICATED', 'IDENTITY'],
    ['one that asserts a number that is none', async () => ask('authority', mine, {}, { 'hub-citizen': await tokenOf('622326198001010011') }), 'UNAUTHENTICATED', 'IDENTITY'],
    ['one that asserts several', async () => ask('authority', mine, {}, { 'hub-citizen': await tokenOf('', { id_number: [facts.familyMember] }) }), 'UNAUTHENTICATED', 'IDENTITY'],
    ['records beside it', async () => ask('authority', '{ myAccesses { hasNextPage } legalEntities(first: 1) { nodes { uscc } } }', {}, { 'hub-citizen': await tokenOf(facts.familyMember) }), 'BAD_INPUT', undefined],
    ['a page that is too large', async () => ask('authority', mine, { first: 201 }, { 'hub-citizen': await tokenOf(facts.familyMember) }), 'PAGE_TOO_LARGE', undefined],
    ['a place that is not his', async () => ask('authority', mine, { after: (await look(facts.idNumbers.at(-1) ?? '')).endCursor }, { 'hub-citizen': await tokenOf(facts.nobody) }), 'CURSOR_UNKNOWN', undefined],
  ])('%s', async (_what, asking, code, reason) => {
    const { code: got, reason: why, message, data, text } = await asking();
    expect([got, why, data ?? null]).toEqual([code, reason, null]);
    expect(message.split('. ').length).toBeGreaterThan(1);
    expect(text).not.toContain(facts.familyMember);
  });

  test('everybody, on a hub that takes no citizens\' tokens', async () => {
    const own = served;
    served = await servedHub();
    try {
      await decided(`mutation { setCitizenPortal(consumer: "test-authority", client: "${client}") }`);
      expect((await ask('authority', mine, {}, { 'hub-citizen': await tokenOf(facts.familyMember) })).code).toBe('FORBIDDEN');
    } finally {
      await served.close();
      served = own;
    }
  });

  test('a portal whose mark was taken away, with the next request', async () => {
    const token = await tokenOf(facts.familyMember);
    await decided('mutation { setCitizenPortal(consumer: "test-authority", client: null) }');
    expect((await ask('authority', mine, {}, { 'hub-citizen': token })).code).toBe('FORBIDDEN');
    await decided(`mutation { setCitizenPortal(consumer: "test-credit", client: "${client}") }`);
    expect((await ask('security', `mutation { setCitizenPortal(consumer: "test-authority", client: "${client}") }`)).code).toBe('CONFLICT');
    await decided('mutation { setCitizenPortal(consumer: "test-credit") }');
    await decided(`mutation { setCitizenPortal(consumer: "test-authority", client: "${client}") }`);
    expect((await ask('authority', mine, {}, { 'hub-citizen': token })).code).toBeUndefined();
    // Registered again by a system administrator, who decides nothing, it stays what it is.
    await decided(`mutation { registerConsumer(consumer: {code: "test-authority", name: "n", departmentCode: "${callers.authority}"}) }`, 'system');
    expect((await ask('authority', mine, {}, { 'hub-citizen': token })).code).toBeUndefined();
  });
});

describe('what a law keeps from him', () => {
  const conceal = (more: string): string => `mutation { conceal(code: "C-1", matter: "${secret}", legalBasis: "刑事诉讼法", ${more}) }`;
  const told = async (idNumber: string): Promise<readonly (string | null)[]> => (await others(idNumber)).map(({ matterCode, departmentCode }) => (matterCode === secret ? departmentCode : null)).filter((one) => one !== null);

  test('is not told: never, for days, until a day, of one application; and is told when that ends', async () => {
    const idNumber = facts.idNumbers.at(-4) ?? '';
    await ask('police', person, { ids: [idNumber] }, { 'hub-matter': secret });
    await ask('civilAffairs', person, { ids: [idNumber] }, { 'hub-matter': secret });
    const both = [callers.civilAffairs, callers.police];
    expect(await told(idNumber)).toEqual(both);
    await decided(conceal(''));
    expect(await told(idNumber)).toEqual([]);
    await decided(conceal('delayDays: 3'));
    expect(await told(idNumber)).toEqual([]);
    clock += 3 * day - 1000;
    expect(await told(idNumber)).toEqual([]);
    clock += 1000;
    expect(await told(idNumber)).toEqual(both);
    const civil = (days: number): string => new Date(clock + 8 * 3_600_000 + days * day).toISOString().slice(0, 10);
    await decided(conceal(`until: "${civil(1)}"`));
    expect(await told(idNumber)).toEqual([]);
    await decided(conceal(`until: "${civil(1)}", delayDays: 1`));
    expect(await told(idNumber)).toEqual([]);
    clock += day;
    expect(await told(idNumber)).toEqual(both);
    await decided('mutation { endConcealment(code: "C-1") }');
    await decided(`mutation { conceal(code: "C-2", matter: "${secret}", consumer: "test-police", legalBasis: "刑事诉讼法") }`);
    expect(await told(idNumber)).toEqual([callers.civilAffairs]);
    expect((await ask('auditor', '{ concealments { code matter consumer legalBasis until } citizenPortals { consumer client } }')).data).toEqual({ concealments: [{ code: 'C-2', matter: secret, consumer: 'test-police', legalBasis: '刑事诉讼法', until: null }], citizenPortals: [{ consumer: 'test-authority', client }] });
    await decided('mutation { endConcealment(code: "C-2") }');
    expect(await told(idNumber)).toEqual(both);
    const [last] = await served.hub.database.sql<{ by: string; body: unknown }[]>`select by, body from policy_change where kind = 'concealment' order by seq desc limit 1`;
    expect(last).toEqual({ by: 'test-security', body: null });
  });

  test('is said with its legal basis by who decides, and by nobody else', async () => {
    const roots = ['mutation { setCitizenPortal(consumer: "test-credit", client: "x") }', conceal('delayDays: 1'), 'mutation { endConcealment(code: "C-1") }', 'mutation { setCitizenPortal(consumer: "test-credit") }'];
    for (const root of roots) for (const who of [...Object.keys(callers), ...Object.keys(administrators)] as Who[]) expect((await ask(who, root)).code, who).toBe(who === 'security' ? undefined : 'FORBIDDEN');
    for (const bad of [`conceal(code: "C-9", matter: "${secret}", legalBasis: " ")`, 'conceal(code: "C-9", matter: "NONE", legalBasis: "法")', `conceal(code: "C-9", matter: "${secret}", consumer: "nobody", legalBasis: "法")`, `conceal(code: "C-9", matter: "${secret}", delayDays: 0, legalBasis: "法")`, 'setCitizenPortal(consumer: "nobody", client: "x")', 'setCitizenPortal(consumer: "test-credit", client: "a b")']) {
      expect((await ask('security', `mutation { ${bad} }`)).code, bad).toBe('BAD_INPUT');
    }
    await decided(`mutation { conceal(code: "C-3", matter: "${secret}", legalBasis: "法") }`);
    expect((await ask('security', `mutation { conceal(code: "C-3", matter: "${testMatter}", legalBasis: "法") }`)).code).toBe('CONFLICT');
    await decided('mutation { endConcealment(code: "C-3") }');
  });

  test('does not show in how long an answer takes: that is known in steps', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    try {
      const took = async (work: () => Promise<unknown>): Promise<number> => {
        const began = performance.now();
        const ended = inSteps(100, work).catch(() => undefined).then(() => performance.now() - began);
        await vi.advanceTimersByTimeAsync(1000);
        return ended;
      };
      const busy = (ms: number) => () => new Promise((wake) => { setTimeout(wake, ms); });
      expect(await Promise.all([took(() => Promise.resolve()), took(() => Promise.reject(new Error('at once')))])).toEqual([100, 100]);
      expect([await took(busy(1)), await took(busy(60)), await took(busy(99)), await took(busy(101)), await took(busy(250))]).toEqual([100, 100, 100, 200, 300]);
    } finally {
      vi.useRealTimers();
    }
    await expect(inSteps(1, () => Promise.reject(new Error('as it was')))).rejects.toThrow('as it was');
  });
});

test('whatever was asked, each is told of his own accesses that may be told, and of nothing else', async () => {
  await decided(`mutation { conceal(code: "C-4", matter: "${secret}", consumer: "test-police", legalBasis: "刑事诉讼法") }`);
  const people = facts.idNumbers.slice(0, 6);
  const names = await served.hub.database.sql<{ id: string; name: string; birth: string }[]>`select id_number as id, name, birth_date::text as birth from person where id_number = any(${people})`;
  /** For each, the requests that he was delivered in and is told of, the oldest first. */
  const expected = new Map(people.map((id) => [id, [] as string[]]));
  const access = fc.record({
    who: fc.constantFrom<CallerName[]>('police', 'civilAffairs', 'market'), ids: fc.uniqueArray(fc.constantFrom(...people, facts.nobody), { minLength: 1, maxLength: 4 }),
    matter: fc.constantFrom(testMatter, secret), shape: fc.constantFrom('batch', 'one', 'refused'),
  });
  await fc.assert(fc.asyncProperty(fc.array(access, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 4 }), async (accesses, first) => {
    for (const { who, ids, matter, shape } of accesses) {
      const asked = shape === 'batch' ? ids : ids.slice(0, 1);
      const query = shape === 'refused' ? '{ nothing }' : shape === 'batch' ? person : 'query ($id: String!) { person(idNumber: $id) { name } }';
      const { id } = await ask(who, query, shape === 'batch' ? { ids: asked } : shape === 'one' ? { id: asked[0] } : {}, { 'hub-matter': matter });
      if (shape !== 'refused' && !(who === 'police' && matter === secret)) for (const one of asked) expected.get(one)?.push(id);
    }
    for (const own of people) {
      const told: string[] = [];
      let place: string | null = null;
      for (;;) {
        const page: Awaited<ReturnType<typeof look>> = await look(own, { first, after: place });
        expect(page.nodes.length === first || !page.hasNextPage).toBe(true);
        told.push(...page.nodes.filter((node) => !node.own).map(({ id }) => id.split('.')[0] ?? ''));
        for (const { id, name, birth } of names) for (const value of [testPersonKey(id), id, name, birth]) expect(page.text.includes(value), value).toBe(false);
        place = page.endCursor;
        if (!page.hasNextPage || told.length >= (expected.get(own)?.length ?? 0)) break;
      }
      expect(told).toEqual(expected.get(own)?.toReversed());
    }
  }), { numRuns: 4 });
});

test('looking is itself in the audit, by whom and about whom', async () => {
  const idNumber = facts.idNumbers.at(-1) ?? '';
  const { id } = await ask('authority', mine, { first: 2 }, { 'hub-citizen': await tokenOf(idNumber) });
  const rows = await served.hub.database.sql<{ outcome: string; rows: number; subjects: string[]; body: string }[]>`select outcome, rows, subjects, s.body from audit_record r join audit_scope s on s.id = r.scope where request = ${id}`;
  expect(rows).toMatchObject([{ outcome: 'OK', rows: 2, subjects: [testPersonKey(idNumber)] }]);
  expect(JSON.parse(rows[0]?.body ?? '{}')).toMatchObject({ consumer: 'test-authority', roots: ['Query.myAccesses'] });
});
