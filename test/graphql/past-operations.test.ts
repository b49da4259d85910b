/**
 * What an application has really asked, as a document again: explained, it is judged as it was; counted; without a value; and told to
 * whom the application concerns. On a whole hub, over HTTP.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentOf } from '../../src/graphql/past-operation.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

let served: ServedHub;
let facts: Facts;
let clock = Date.now();

type Who = Parameters<typeof keyOf>[0] | 'stranger';
interface Reply { readonly text: string; readonly id: string; readonly data: Readonly<Record<string, unknown>> | null | undefined; readonly codes: readonly unknown[]; readonly withheld: readonly string[]; readonly masked: readonly string[] }
interface Hub { readonly withheld?: readonly { readonly at: string }[]; readonly masked?: readonly { readonly at: string }[] }

const placesIn = (list: readonly { readonly at: string }[] = []): readonly string[] => list.map(({ at }) => at).toSorted();

async function ask(caller: Who, query: string, variables: unknown = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const response = await fetch(`${served.url}/graphql`, {
    method: 'POST', body: JSON.stringify({ query, variables }),
    headers: { 'content-type': 'application/json', 'hub-matter': testMatter, ...(caller === 'stranger' ? {} : { authorization: `Bearer ${keyOf(caller)}` }), ...headers },
  });
  const text = await response.text();
  const { data, errors = [], extensions } = JSON.parse(text) as { data?: Reply['data']; errors?: readonly { readonly extensions: Readonly<Record<string, unknown>> }[]; extensions?: { readonly hub?: Hub } };
  return { text, id: response.headers.get('hub-request-id') ?? '', data, codes: errors.map(({ extensions: own }) => own['code']), withheld: placesIn(extensions?.hub?.withheld), masked: placesIn(extensions?.hub?.masked) };
}

interface Past { readonly document: string; readonly variables: unknown; readonly roots: readonly string[]; readonly selection: string; readonly matter: string | null; readonly mode: string; readonly underCase: boolean; readonly times: number; readonly lastAskedAt: string }
interface Told { readonly since: string; readonly operations: readonly Past[]; readonly leftOut: number; readonly more: boolean }

const fields = 'since operations { document variables roots selection matter mode underCase times lastAskedAt } leftOut more';

async function past(who: Who, given: Readonly<Record<string, unknown>>): Promise<Told> {
  const { data, codes } = await ask(who, `query ($consumer: ID, $days: Int! = 30, $first: Int! = 50) { pastOperations(consumer: $consumer, days: $days, first: $first) { ${fields} } }`, given);
  expect(codes).toEqual([]);
  return data?.['pastOperations'] as Told;
}

const id = 'query Secretly_620623($id: String!) ';
/** As many ways of asking as there are. */
const asked = (): readonly (readonly [string, unknown])[] => [
  [`${id}{ CANARY: person(idNumber: $id) { anAlias: name idNumber maritalStatusCode phone household { householdNo members(first: 2) { nodes { name } } } } }`, { id: facts.familyMember }],
  [`{ person(idNumber: "${facts.familyMember}") { ...F } } fragment F on Person { id birthDate idNumber certificates(first: 1, where: { status: { eq: "01" } }) { edges { cursor node { certificateName } } totalCount pageInfo { hasNextPage } __typename } }`, {}],
  [`${id}{ persons(idNumbers: [$id]) { nameMatches(value: "张三") isAdult ageAtLeast(years: 77) a: age b: age } }`, { id: facts.disabled }],
  [`{ legalEntities(first: 2, where: { name: { startsWith: "天" }, uscc: { in: ["${facts.uscc}"] } }, orderBy: [{ field: name, direction: DESC }]) { nodes { name uscc } } }`, {}],
  ['{ searchPersons(where: { name: { eq: "张三" }, birthDate: { eq: "1987-06-05" }, maritalStatusCode: { eq: "10" } }) { name } }', {}],
  ['{ placeNames(first: 3, where: { geometry: { within: { geojson: { type: "Polygon", coordinates: [[[101.52738, 36], [104, 36], [104, 39], [101.52738, 36]]] } } } }) { nodes { standardName } } a: placeNames(first: 1) { totalCount } }', {}],
];

beforeAll(async () => {
  served = await servedHub({}, { now: () => new Date(clock) });
  facts = await somePeople(served.hub.database);
  const granted = await ask('security', 'mutation { grant(approvalNo: "A-PAST", consumer: "test-market", tuples: [{item: "RK-0001", uses: [READ], mask: "ID_NUMBER_STRICT"}, {item: "RK-0013", uses: [READ]}]) }');
  expect([granted.text, granted.codes]).toEqual([granted.text, []]);
});
afterAll(() => served?.close());

test('is listed once it was asked, and explained as it was judged', async () => {
  expect(await past('auditor', { consumer: 'test-market' })).toMatchObject({ operations: [], leftOut: 0, more: false });
  const replies: Reply[] = [];
  for (const [query, variables] of asked()) replies.push(await ask('market', query, variables));
  expect(replies.map(({ codes }) => codes.filter((code) => code !== 'FIELD_NOT_SHARED' && code !== 'FIND_NOT_SHARED'))).toEqual(replies.map(() => []));
  expect(replies[0]?.withheld.length).toBeGreaterThan(1);
  expect(replies[0]?.masked).toEqual(['Person.idNumber']);
  const { operations, leftOut, more } = await past('auditor', { consumer: 'test-market' });
  expect([operations.length, leftOut, more]).toEqual([replies.length, 0, false]);
  // What was asked last comes first where nothing was asked more often.
  for (const [index, reply] of replies.entries()) {
    const operation = operations[replies.length - 1 - index] as Past;
    expect(operation).toMatchObject({ matter: testMatter, mode: 'QUERY', underCase: false, times: 1 });
    const { data, codes } = await ask('auditor', `query ($document: String!, $variables: JSON, $matter: String, $mode: Mode!, $underCase: Boolean!) {
      explain(consumer: "test-market", document: $document, variables: $variables, matter: $matter, mode: $mode, underCase: $underCase) { refused refusals { code } withheld { at } masked { at } } }`, operation);
    expect([codes, operation.document]).toEqual([[], operation.document]);
    const told = data?.['explain'] as { refused: boolean; refusals: readonly { code: string }[]; withheld: readonly { at: string }[]; masked: readonly { at: string }[] };
    const refused = reply.codes.includes('FIND_NOT_SHARED');
    expect([operation.selection, told.refused]).toEqual([operation.selection, refused]);
    if (!refused) expect([placesIn(told.withheld), placesIn(told.masked)]).toEqual([reply.withheld, reply.masked]);
  }
  expect(operations.at(-1)).toMatchObject({ roots: ['person'], variables: { idNumber: '…' } });
  expect(operations.at(-1)?.document).toContain('query ($idNumber: String!)');
});

test('names no value and no word of its sender, in the answer or in the audit of it', async () => {
  const { id: request, text } = await ask('steward', `{ pastOperations(consumer: "test-market") { ${fields} } }`);
  expect(text).toContain('maritalStatusCode');
  for (const word of ['CANARY', 'anAlias', 'Secretly', '张三', '"天"', '1987-06-05', '101.52738', facts.uscc, facts.familyMember, facts.disabled]) expect([word, text.includes(word)]).toEqual([word, false]);
  const [row] = await served.hub.database.sql<{ body: string; outcome: string }[]>`select s.body, r.outcome from audit_record r join audit_scope s on s.id = r.scope where request = ${request}`;
  expect([row?.outcome, JSON.parse(row?.body ?? '{}')]).toEqual(['OK', expect.objectContaining({ administrator: 'test-steward', roots: ['Query.pastOperations'] })]);
});

test('what was asked most often comes first, of the last days, as many as are wanted', async () => {
  for (let n = 0; n < 2; n += 1) await ask('market', `{ person(idNumber: "${facts.idNumbers[n]}") { maritalStatusCode } }`);
  clock += 3 * 86_400_000;
  await ask('market', '{ placeNames(first: 9) { nodes { standardName } } }');
  const [first, second, ...rest] = (await past('auditor', { consumer: 'test-market' })).operations;
  // Two documents that differ in a value alone were the same operation.
  expect([first?.selection, first?.times, second?.selection, second?.times]).toEqual(['person{maritalStatusCode}', 2, 'placeNames{nodes{standardName}}', 1]);
  expect(rest.length).toBe(asked().length);
  expect(await past('auditor', { consumer: 'test-market', days: 2 })).toMatchObject({ operations: [{ selection: 'placeNames{nodes{standardName}}' }], more: false });
  expect(await past('auditor', { consumer: 'test-market', first: 1 })).toMatchObject({ operations: [{ selection: 'person{maritalStatusCode}', times: 2 }], more: true });
  for (const wrong of ['days: 0', 'days: 367', 'first: 0', 'first: 51']) expect([wrong, (await ask('auditor', `{ pastOperations(consumer: "test-market", ${wrong}) { leftOut } }`)).codes]).toEqual([wrong, ['BAD_INPUT']]);
});

test('is told to whom the application concerns', async () => {
  const codes = async (who: Who, consumer: string | null) => (await ask(who, 'query ($consumer: ID) { pastOperations(consumer: $consumer) { leftOut } }', { consumer })).codes;
  for (const who of ['market', 'security', 'auditor', 'steward'] as const) expect([who, await codes(who, 'test-market')]).toEqual([who, []]);
  for (const who of ['police', 'civilSteward', 'system'] as const) expect([who, await codes(who, 'test-market')]).toEqual([who, ['FORBIDDEN']]);
  expect(await codes('stranger', 'test-market')).toEqual(['UNAUTHENTICATED']);
  expect(await codes('civilSteward', 'test-civilAffairs')).toEqual([]);
  expect([await codes('auditor', null), await codes('auditor', 'no-such-consumer')]).toEqual([['BAD_INPUT'], ['BAD_INPUT']]);
  // Another application's operations are not among one's own.
  expect((await past('civilSteward', { consumer: 'test-civilAffairs' })).operations).toEqual([]);
  expect((await past('market', {})).operations.length).toBeGreaterThan(5);
});

test('what has no document any more is left out, and counted', async () => {
  const { schema } = served.hub;
  for (const [what, by] of [['person{nothing}', []], ['nobody{name}', []], ['person{__predicate{age}}', []], ['person{household}', []], ['person{name}', ['RK-0001 key Query.persons(idNumbers)']], ['person{name}', []], ['legalEntities{nodes{name}}', ['FR-0001 find Query.legalEntities(where.nothing)']]] as const) {
    expect([what, documentOf(schema, { what, by })]).toEqual([what, null]);
  }
  const { sql } = served.hub.database;
  const scope = { kind: 'query', consumer: 'test-market', department: '620623-SC', mode: 'QUERY', document: '', roots: ['person'], asked: { what: 'person{nothing}', by: [] } };
  const [{ id: gone } = { id: '' }] = await sql<{ id: string }[]>`insert into audit_scope (digest, body) values ('gone', ${JSON.stringify(scope)}) returning id::text`;
  await sql`insert into audit_record (month, writer, seq, at, scope, request, operator, case_no, variables, outcome, reason, rows, reference, policy, micros, subjects, hash)
    select month, writer, seq + 1000000, at, ${gone}::bigint, 'gone', operator, case_no, variables, 'OK', reason, rows, reference, policy, micros, subjects, hash from audit_record order by at desc limit 1`;
  const { operations, leftOut } = await past('auditor', { consumer: 'test-market' });
  expect([leftOut, operations.some(({ selection }) => selection.includes('nothing'))]).toEqual([1, false]);
});
