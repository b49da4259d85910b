/**
 * Callers who show a token in place of a key, at a whole hub with a real issuer: who they are, what they may, what it costs, and when
 * it ends. What makes a token one that is believed is in test/identity/token.test.ts.
 */
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keyAges } from '../../src/identity/issuer.ts';
import { log } from '../../src/log.ts';
import { administrators, callers, keyOf, registerOther, testMatter } from '../world/callers.ts';
import type { AdministratorName, CallerName, OtherName } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import { TestIssuer } from '../world/issuer.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

const audience = 'county-hub';
const skew = 30;
let issuer: TestIssuer;
let served: ServedHub;
let idNumber = '';
let clock = Date.now();

beforeAll(async () => {
  issuer = await TestIssuer.start();
  served = await servedHub({ HUB_OIDC_ISSUER: issuer.url, HUB_OIDC_AUDIENCE: audience, HUB_OIDC_CLOCK_SKEW: String(skew) }, { now: () => new Date(clock) });
  await registerOther(served.hub.database, 'other-leaver', callers.market, null);
  await served.hub.standing.look();
  idNumber = (await somePeople(served.hub.database)).familyMember;
  log.level = 'silent';
});
beforeEach(() => {
  // Budgets are full, and keys are fetched again.
  clock += keyAges.oldest;
  issuer.mood = 'well';
});
afterAll(async () => {
  await served?.close();
  await issuer?.close();
});

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly codes: readonly unknown[];
  readonly reason: unknown;
  // What a client reads out of JSON has no type.
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
}

async function send(shown: string | null, body: string, url = served.url): Promise<Reply> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST', body,
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', 'hub-matter': testMatter, ...(shown === null ? {} : { authorization: `Bearer ${shown}` }) },
  });
  const { data, errors = [] } = await response.json() as { data?: Reply['data']; errors?: readonly { readonly extensions: Readonly<Record<string, unknown>> }[] };
  return { status: response.status, headers: response.headers, codes: errors.map(({ extensions }) => extensions['code']), reason: errors[0]?.extensions['reason'], data };
}

const ask = (shown: string | null, query: string, url?: string): Promise<Reply> => send(shown, JSON.stringify({ query }), url);
const me = '{ me { kind code role departmentCode } }';
const after = (seconds: number): number => Math.floor(clock / 1000) + seconds;

function tokenOf(sub: string, more: JWTPayload = {}): Promise<string> {
  return issuer.sign({ iss: issuer.url, aud: audience, sub, iat: after(0), exp: after(3600), ...more });
}

const link = (holder: string, subject: string): Promise<Reply> => ask(keyOf('system'), `mutation { linkToken(holder: ${holder}, subject: "${subject}") }`);
const consumer = (name: CallerName | OtherName): string => `{consumer: "test-${name}"}`;
const administrator = (name: AdministratorName): string => `{administrator: "test-${name}"}`;

describe('a token', () => {
  test('of an application is answered as its key is', async () => {
    expect(await link(consumer('police'), 'police-service')).toMatchObject({ codes: [], data: { linkToken: true } });
    // Linked again, nothing changes.
    expect(await link(consumer('police'), 'police-service')).toMatchObject({ codes: [] });
    const token = await tokenOf('police-service', { azp: 'anything', scope: 'admin root', roles: ['SYSTEM'], email: 'anybody@else.example' });
    for (const query of [me, `{ person(idNumber: "${idNumber}") { name birthDate phone } }`, '{ legalEntities(first: 3) { nodes { name } } }', '{ grants { approvalNo } }']) {
      const [byKey, byToken] = [await ask(keyOf('police'), query), await ask(token, query)];
      expect([byToken.status, byToken.codes, byToken.data]).toEqual([byKey.status, byKey.codes, byKey.data]);
    }
    const contract = (shown: string): Promise<string> => fetch(`${served.url}/schema.graphql`, { headers: { authorization: `Bearer ${shown}` } }).then((response) => response.text());
    expect(await contract(token)).toBe(await contract(keyOf('police')));
  });

  test('of an administrator opens his doors and no others', async () => {
    expect((await link(administrator('security'), 'officer-7')).codes).toEqual([]);
    const token = await tokenOf('officer-7');
    expect(await ask(token, me)).toMatchObject({ status: 200, data: { me: { kind: 'ADMINISTRATOR', code: 'test-security', role: 'SECURITY' } } });
    for (const query of ['{ seals { code } }', '{ legalEntities(first: 1) { nodes { name } } }']) expect((await ask(token, query)).codes).toEqual([]);
    for (const query of ['mutation { issueKey(holder: {consumer: "test-market"}) { key } }', 'mutation { linkToken(holder: {administrator: "test-system"}, subject: "officer-7") }', '{ comparisons(first: 1) { id } }']) {
      expect((await ask(token, query)).codes).toEqual(['FORBIDDEN']);
    }
  });

  test('of somebody who is not registered is refused, whatever it claims', async () => {
    for (const sub of ['nobody', 'test-police', 'test-system', keyOf('police')]) {
      const refused = await ask(await tokenOf(sub, { client_id: 'test-police', azp: 'test-police' }), me);
      expect([refused.status, refused.codes, refused.reason, refused.headers.get('www-authenticate')]).toEqual([401, ['UNAUTHENTICATED'], 'NOT_REGISTERED', 'Bearer error="invalid_token"']);
    }
  });

  test('that will not do is refused with the reason before the body is read', async () => {
    const refused = await send(await tokenOf('police-service', { aud: 'another' }), '{{{{');
    expect([refused.status, refused.codes, refused.reason, refused.headers.get('www-authenticate')]).toEqual([401, ['UNAUTHENTICATED'], 'AUDIENCE', 'Bearer error="invalid_token"']);
  });

  test('is refused once it has expired, though it was known', async () => {
    const token = await tokenOf('police-service', { exp: after(60) });
    expect((await ask(token, me)).status).toBe(200);
    clock += 60_000;
    expect((await ask(token, me)).status).toBe(200);
    clock += skew * 1000;
    expect(await ask(token, me)).toMatchObject({ status: 401, reason: 'EXPIRED' });
  });

  test('is nothing to a hub that takes none, and nothing is linked there', async () => {
    const other = await servedHub();
    try {
      const refused = await ask(await tokenOf('police-service'), me, other.url);
      expect([refused.status, refused.codes, refused.reason]).toEqual([401, ['UNAUTHENTICATED'], undefined]);
      expect((await ask(keyOf('system'), `mutation { linkToken(holder: ${consumer('market')}, subject: "s") }`, other.url)).codes).toEqual(['BAD_INPUT']);
    } finally {
      await other.close();
    }
  });
});

describe('the subjects that are linked', () => {
  const list = (who: AdministratorName | OtherName | CallerName): Promise<Reply> => ask(keyOf(who), '{ tokenLinks { issuer subject consumer administrator linkedAt } }');

  test('are listed to who keeps the hub and who oversees it, and to nobody else', async () => {
    await link(consumer('naturalResources'), 'listed-service');
    await link(administrator('steward'), 'listed-steward');
    const { data } = await list('system');
    const links = ((data?.['tokenLinks'] ?? []) as readonly { readonly linkedAt: string }[]).map((own) => ({ ...own, linkedAt: Date.parse(own.linkedAt) }));
    expect(links).toContainEqual({ issuer: issuer.url, subject: 'listed-service', consumer: 'test-naturalResources', administrator: null, linkedAt: clock });
    expect(links).toContainEqual({ issuer: issuer.url, subject: 'listed-steward', consumer: null, administrator: 'test-steward', linkedAt: clock });
    expect((await list('auditor')).data).toEqual(data);
    for (const who of ['security', 'steward', 'civilSteward', 'police'] as const) expect((await list(who)).codes, who).toEqual(['FORBIDDEN']);
    for (const subject of ['listed-service', 'listed-steward']) await ask(keyOf('system'), `mutation { unlinkToken(subject: "${subject}") }`);
    expect(JSON.stringify((await list('system')).data)).not.toContain('listed-');
  });
});

describe('an issuer that is down', () => {
  test('stops its tokens, aloud, and no key', async () => {
    const known = await tokenOf('police-service');
    expect((await ask(known, me)).status).toBe(200);
    issuer.mood = 'down';
    clock += keyAges.oldest;
    const refused = await ask(await tokenOf('police-service'), me);
    expect([refused.status, refused.codes, refused.reason, Number(refused.headers.get('retry-after'))]).toEqual([503, ['UNAVAILABLE'], 'ISSUER_UNREACHABLE', keyAges.rest / 1000]);
    expect((await ask(known, me)).status).toBe(503);
    expect((await ask(keyOf('police'), me)).status).toBe(200);
    issuer.mood = 'well';
    clock += keyAges.rest;
    expect((await ask(known, me)).status).toBe(200);
  });
});

describe('a caller who is withdrawn', () => {
  test.each([
    ['his subject is unlinked', 'mutation { unlinkToken(subject: "leaver") }', { unlinkToken: true }],
    ['all that he has is revoked', `mutation { revokeKeys(holder: ${consumer('other-leaver')}) }`, { revokeKeys: 2 }],
  ])('is refused with the next request: %s', async (_what, mutation, answer) => {
    expect((await link(consumer('other-leaver'), 'leaver')).codes).toEqual([]);
    const token = await tokenOf('leaver');
    expect((await ask(token, me)).data).toMatchObject({ me: { code: 'test-other-leaver' } });
    expect((await ask(keyOf('system'), mutation)).data).toEqual(answer);
    expect(await ask(token, me)).toMatchObject({ status: 401, reason: 'NOT_REGISTERED' });
    const [last] = await served.hub.database.sql<{ by: string; body: unknown }[]>`select by, body from policy_change where kind = 'token_subject' order by seq desc limit 1`;
    expect(last).toEqual({ by: 'test-system', body: null });
  });
});

describe('a subject', () => {
  test('is linked and unlinked by SYSTEM administrators and nobody else', async () => {
    const others = [...Object.keys(callers), ...Object.keys(administrators)].filter((name) => name !== 'system') as (CallerName | AdministratorName)[];
    for (const call of [`linkToken(holder: ${consumer('credit')}, subject: "stolen")`, 'unlinkToken(subject: "police-service")']) {
      for (const name of others) expect((await ask(keyOf(name), `mutation { ${call} }`)).codes, name).toEqual(['FORBIDDEN']);
      expect((await ask(null, `mutation { ${call} }`)).codes).toEqual(['UNAUTHENTICATED']);
    }
  });

  test('is one caller\'s, and an administrator has one', async () => {
    expect((await link(administrator('auditor'), 'person-1')).codes).toEqual([]);
    expect((await link(administrator('steward'), 'person-1')).codes).toEqual(['CONFLICT']);
    expect((await link(consumer('credit'), 'person-1')).codes).toEqual(['CONFLICT']);
    expect((await link(administrator('auditor'), 'person-2')).codes).toEqual(['CONFLICT']);
    expect((await link(consumer('credit'), 'credit-1')).codes).toEqual([]);
    expect((await link(consumer('credit'), 'credit-2')).codes).toEqual([]);
    expect((await ask(await tokenOf('credit-2'), me)).data).toMatchObject({ me: { code: 'test-credit' } });
  });

  test('of nobody, and one that is none, is not linked', async () => {
    expect((await link('{consumer: "nobody"}', 'x')).codes).toEqual(['BAD_INPUT']);
    for (const subject of ['', 'x'.repeat(256), '\\u0007']) expect((await link(consumer('credit'), subject)).codes).toEqual(['BAD_INPUT']);
    expect((await ask(keyOf('system'), 'mutation { unlinkToken(subject: "nobody\'s") }')).data).toEqual({ unlinkToken: false });
  });

  test('of two links at once is one caller\'s', async () => {
    const replies = await Promise.all([consumer('credit'), consumer('authority'), administrator('civilSteward')].map((holder) => link(holder, 'contested')));
    expect(replies.map(({ codes }) => codes[0]).filter((code) => code === undefined)).toHaveLength(1);
    expect(replies.map(({ codes }) => codes[0]).filter((code) => code === 'CONFLICT')).toHaveLength(2);
  });
});

test('verifying is paid by the address; whoever is known already, and whoever has a key, is not touched by it', async () => {
  const known = await tokenOf('police-service');
  expect((await ask(known, me)).status).toBe(200);
  let refusal: Reply | undefined;
  let tried = 0;
  for (; tried < 2000 && refusal === undefined; tried += 1) {
    const reply = await ask(await tokenOf(`nobody-${tried}`, { aud: 'another' }), me);
    if (reply.status !== 401) refusal = reply;
  }
  expect(tried).toBeGreaterThan(50);
  expect(refusal).toMatchObject({ status: 429, codes: ['RATE_LIMITED'] });
  expect((await ask(known, me)).status).toBe(200);
  expect((await ask(keyOf('police'), me)).status).toBe(200);
});
