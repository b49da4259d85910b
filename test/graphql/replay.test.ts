/**
 * A change looked at over the operations that were really asked, and then made: what the preview has said is what the same operations
 * are then delivered, by the audit's own word. On a whole hub, over HTTP.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askedSince } from '../../src/audit/asked.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

let served: ServedHub;
let facts: Facts;
let clock = Date.now();

type Who = Parameters<typeof keyOf>[0] | 'stranger';
interface Reply { readonly id: string; readonly data: Readonly<Record<string, unknown>> | null | undefined; readonly codes: readonly unknown[]; readonly message: string; readonly withheld: readonly string[] }

async function ask(caller: Who, query: string, variables: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const response = await fetch(`${served.url}/graphql`, {
    method: 'POST', body: JSON.stringify({ query, variables }),
    headers: { 'content-type': 'application/json', 'hub-matter': testMatter, ...(caller === 'stranger' ? {} : { authorization: `Bearer ${keyOf(caller)}` }), ...headers },
  });
  const { data, errors = [], extensions } = await response.json() as { data?: Reply['data']; errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[]; extensions?: { hub?: { withheld?: readonly { at: string }[] } } };
  return { id: response.headers.get('hub-request-id') ?? '', data, codes: errors.map(({ extensions: own }) => own['code']), message: errors[0]?.message ?? '', withheld: (extensions?.hub?.withheld ?? []).map(({ at }) => at).toSorted() };
}

interface Scope { readonly consumer?: string; readonly items?: readonly string[]; readonly asked?: { readonly what: string; readonly by: readonly string[] } }

async function scopeOf(id: string): Promise<Scope> {
  const [row] = await served.hub.database.sql<{ body: string }[]>`select s.body from audit_record r join audit_scope s on s.id = r.scope where request = ${id}`;
  return JSON.parse(row?.body ?? '{}') as Scope;
}

interface Replayed { readonly consumer: string; readonly matter: string | null; readonly selection: string | null; readonly times: number; readonly effect: string; readonly gains: readonly string[]; readonly loses: readonly string[]; readonly gainedItems: readonly string[]; readonly lostItems: readonly string[]; readonly masks: readonly string[]; readonly refused: string | null }
interface Replay { readonly operations: number; readonly leftOut: number; readonly more: boolean; readonly changed: readonly Replayed[] }

async function preview(change: unknown, days = 30, who: Who = 'steward'): Promise<Replay> {
  const { data, message } = await ask(who, `query ($change: PreviewInput!, $days: Int!) { previewChange(change: $change, replayDays: $days) { replay {
    operations leftOut more changed { consumer matter selection times effect gains loses gainedItems lostItems masks refused } } } }`, { change, days });
  expect(message).toBe('');
  return (data as unknown as { previewChange: { replay: Replay } }).previewChange.replay;
}

const id = 'query Secretly_620623($id: String!) ';
const asked = (): readonly (readonly [Who, string, Readonly<Record<string, unknown>>])[] => [
  ['police', `${id}{ person(idNumber: $id) { name maritalStatusCode household { address members(first: 2) { nodes { name } } } } }`, { id: facts.familyMember }],
  ['market', `${id}{ CANARY: person(idNumber: $id) { anAlias: name maritalStatusCode formerName } }`, { id: facts.familyMember }],
  ['market', `{ person(idNumber: "${facts.familyMember}") { ...F } } fragment F on Person { id birthDate certificates(first: 1) { edges { node { certificateName } } totalCount } }`, {}],
  ['civilAffairs', `${id}{ person(idNumber: $id) { maritalStatusCode age isAdult } legalEntities(first: 2, where: { name: { startsWith: "天" } }) { nodes { name uscc } } }`, { id: facts.disabled }],
  ['civilAffairs', `${id}{ persons(idNumbers: [$id]) { creditPermits { totalCount nodes { decidedOn legalEntity { name } } } } }`, { id: facts.disabled }],
  ['naturalResources', '{ placeNames(first: 3) { nodes { standardName } pageInfo { hasNextPage } } }', {}],
  ['market', '{ searchPersons(where: { name: { eq: "张三" }, birthDate: { eq: "1987-06-05" }, maritalStatusCode: { eq: "10" } }) { name } }', {}],
];

/** Asks them all, and tells what became of each. */
async function round() {
  const outcomes: { who: Who; reply: Reply; scope: Scope }[] = [];
  for (const [who, query, variables] of asked()) {
    const reply = await ask(who, query, variables);
    outcomes.push({ who, reply, scope: await scopeOf(reply.id) });
  }
  return outcomes;
}

const less = (these: readonly string[] = [], those: readonly string[] = []): readonly string[] => these.filter((one) => !those.includes(one)).toSorted();

async function setSharing(item: string, shareType: string): Promise<void> {
  const [row] = await served.hub.database.sql<{ seq: string; owner: string }[]>`select seq::text, body->>'owner_department' as owner from policy_change where kind = 'catalog_item' and code = ${item} order by seq desc limit 1`;
  const { message } = await ask('civilSteward', 'mutation ($i: String!, $v: ID!, $t: ShareType!) { setSharing(item: $i, version: $v, shareType: $t, condition: "某条例第三条") { code } }', { i: item, v: row?.seq, t: shareType });
  expect(message).toBe('');
}

beforeAll(async () => {
  served = await servedHub({}, { now: () => new Date(clock) });
  facts = await somePeople(served.hub.database);
  // One steward sets them all.
  await served.hub.database.sql`update catalog_item set owner_department = '620623-MZ' where code in ('RK-0001', 'RK-0002', 'RK-0013', 'KJ-0202', 'RK-0003')`;
  await served.hub.standing.look();
});
afterAll(() => served.close());

describe('what the preview says is what then happens', () => {
  const sharing = (item: string, shareType: string) => ({ change: { sharing: [{ item, shareType }] }, make: () => setSharing(item, shareType) });
  const changes: readonly (readonly [string, () => { change: unknown; make: () => Promise<void> }])[] = [
    ['an item is opened', () => sharing('RK-0013', 'UNCONDITIONAL')],
    ['an item is closed', () => sharing('RK-0002', 'NOT_SHARED')],
    ['what everybody is asked by is closed', () => sharing('RK-0001', 'NOT_SHARED')],
    ['and opened again', () => sharing('RK-0001', 'UNCONDITIONAL')],
    ['open reference data is closed', () => sharing('KJ-0202', 'NOT_SHARED')],
    ['a grant ends', () => ({ change: { endGrant: 'A-REPLAY' }, make: async () => void await ask('security', 'mutation { endGrant(approvalNo: "A-REPLAY") }') })],
    ['nothing that was asked for changes', () => sharing('RK-0504', 'NOT_SHARED')],
  ];

  test.each(changes)('%s', async (what, plan) => {
    await ask('security', 'mutation { grant(approvalNo: "A-REPLAY", consumer: "test-market", tuples: [{item: "RK-0003", uses: [READ]}, {item: "RK-0013", uses: [READ, FIND]}]) }');
    const before = await round();
    const { change, make } = plan();
    const { changed, operations, leftOut, more } = await preview(change);
    expect([operations >= before.length - 1, leftOut, more]).toEqual([true, 0, false]);
    expect(changed.length > 0).toBe(!what.startsWith('nothing'));
    await make();
    const after = await round();
    for (const [index, was] of before.entries()) {
      const is = after[index] as (typeof after)[number];
      const told = changed.find(({ consumer, selection }) => consumer === was.scope.consumer && selection === was.scope.asked?.what);
      const [gained, lost] = [less(is.scope.items, was.scope.items), less(was.scope.items, is.scope.items)];
      expect([told?.gainedItems.toSorted() ?? [], told?.lostItems.toSorted() ?? []], was.scope.asked?.what).toEqual([gained, lost]);
      const refused = is.reply.data === null || is.reply.data === undefined;
      if (told !== undefined) expect(told.refused !== null).toBe(refused);
      // What is withheld of it now and was not before is among what it loses, and the other way round; unless the whole is refused.
      if (refused || was.reply.data === null || was.reply.data === undefined) continue;
      const fields = (these: readonly string[] = []): readonly string[] => these.filter((at) => !at.startsWith('Query.'));
      expect(fields(told?.loses)).toEqual(expect.arrayContaining([...fields(less(is.reply.withheld, was.reply.withheld))]));
      expect(fields(told?.gains)).toEqual(expect.arrayContaining([...fields(less(was.reply.withheld, is.reply.withheld))]));
      if (told === undefined) expect(is.reply.withheld).toEqual(was.reply.withheld);
    }
  });
});

test('what is given all the same, but masked from then on, is told', async () => {
  for (const [number, mask] of [['A-PLAIN', ''], ['A-MASKED', ', mask: "NAME"']]) {
    const { message } = await ask('security', `mutation { grant(approvalNo: "${number}", consumer: "test-credit", tuples: [{item: "RK-0003", uses: [READ]${mask}}]) }`);
    expect(message).toBe('');
  }
  await ask('credit', `${id}{ person(idNumber: $id) { formerName } }`, { id: facts.familyMember });
  const change = (await preview({ endGrant: 'A-PLAIN' })).changed;
  expect(change).toMatchObject([{ consumer: 'test-credit', selection: 'person{formerName}', effect: 'CHANGES', gains: [], loses: [], lostItems: [], masks: ['Person.formerName'], refused: null }]);
  // The other grant is no loss as long as the plain one is there.
  expect((await preview({ endGrant: 'A-MASKED' })).changed).toEqual([]);
});

test('operations are kept without a value or a word of their senders, and those of nobody and of no form are not', async () => {
  const { sql } = served.hub.database;
  const before = await sql<{ n: number }[]>`select count(*)::int as n from audit_scope where body::jsonb ? 'asked'`;
  await ask('stranger', '{ person(idNumber: "622326198001010010") { name aHostileAlias: phone } }');
  await ask('police', '{ nothing(aHostileName: 1) }');
  await ask('police', '{ person(idNumber: "622326198001010010") { aHostileAlias: name }');
  await ask('police', '{ legalEntities(first: 1000) { nodes { id a: branches(first: 100) { nodes { id name uscc } } b: branches(first: 100) { nodes { id name uscc } } } } }');
  const after = await sql<{ n: number }[]>`select count(*)::int as n from audit_scope where body::jsonb ? 'asked' and (body::jsonb)->'asked'->>'what' not like 'legalEntities{nodes{id branches%'`;
  expect(after).toEqual(before);
  const all = (await sql<{ asked: string }[]>`select (body::jsonb)->>'asked' as asked from audit_scope where body::jsonb ? 'asked'`).map(({ asked: own }) => own).join('\n');
  for (const word of ['CANARY', 'anAlias', 'Secretly', 'aHostile', '张三', '天"', '1987-06-05', facts.familyMember, facts.disabled]) expect(all).not.toContain(word);
  expect(all).toContain('person{name maritalStatusCode formerName}');
  // It was refused for its cost, which no change of sharing alters.
  expect((await preview({ sharing: [{ item: 'KJ-0202', shareType: 'UNCONDITIONAL' }] })).changed.map(({ selection }) => selection)).toEqual(['placeNames{nodes{standardName} pageInfo}']);
});

test('over the last days that are asked for, with how often; and a department is told of its own items', async () => {
  const change = { sharing: [{ item: 'KJ-0202', shareType: 'UNCONDITIONAL' }] };
  const [one] = (await preview(change)).changed;
  expect(one).toMatchObject({ consumer: 'test-naturalResources', matter: testMatter, effect: 'GAINS', gains: ['PlaceName.standardName'], lostItems: [] });
  await round();
  expect((await preview(change)).changed[0]?.times).toBe((one?.times ?? 0) + 1);
  expect((await preview(change, 0)).operations).toBe(0);
  // As many as are wanted, what was asked last first.
  const since = new Date(clock - 86_400_000).toISOString();
  const [all, two] = [await askedSince(served.hub.database.sql, since, 2000), await askedSince(served.hub.database.sql, since, 2)];
  expect([all.more, two.more, two.operations.map(({ what }) => what)]).toEqual([false, true, all.operations.slice(0, 2).map(({ what }) => what)]);
  expect(await preview(change, 30, 'civilSteward')).toMatchObject({ changed: [{ consumer: 'test-naturalResources', selection: null, gainedItems: ['KJ-0202'] }] });
  clock += 3 * 86_400_000;
  expect((await preview(change, 2)).operations).toBe(0);
  expect((await preview(change, 4)).changed).toHaveLength(1);
  const { codes } = await ask('steward', 'query ($c: PreviewInput!) { previewChange(change: $c, replayDays: 367) { replay { operations } } }', { c: change });
  expect(codes).toEqual(['BAD_INPUT']);
});
