/**
 * Bad input: each kind gets a clear code and sentence, runs nothing, and leaves the server quick.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await sharedHub();
});
afterAll(() => hub.close());

const deep = (levels: number): string => (levels === 0 ? '{ name }' : `{ parent ${deep(levels - 1)} }`);
const hundredOne = JSON.stringify(Array.from({ length: 101 }, () => '622326198001010010'));
const bowTie = '{ type: "Polygon", coordinates: [[[102, 37], [103, 38], [103, 37], [102, 38], [102, 37]]] }';

const cases: readonly [what: string, query: string, code: string, sentence: RegExp][] = [
  ['a wrong ID number', '{ person(idNumber: "622326198001010011") { name } }', 'BAD_INPUT', /公民身份号码.*check digit/],
  ['an impossible birth date', '{ person(idNumber: "620623200102290010") { name } }', 'BAD_INPUT', /公民身份号码/],
  ['an unknown field', '{ me { nothing } }', 'GRAPHQL_VALIDATION_FAILED', /nothing/],
  ['a page of 5000', '{ legalEntities(first: 5000) { nodes { name } } }', 'PAGE_TOO_LARGE', /1000/],
  ['a negative page', '{ legalEntities(first: -1) { nodes { name } } }', 'BAD_INPUT', /whole number/],
  ['101 keys', `{ persons(idNumbers: ${hundredOne}) { name } }`, 'TOO_MANY_KEYS', /100/],
  ['a self-crossing polygon', `{ standardAddresses(where: { geometry: { within: { geojson: ${bowTie} } } }) { totalCount } }`, 'BAD_INPUT', /where\.geometry/],
  ['29 February 2001', '{ administrativeDivisions(asOf: "2001-02-29") { totalCount } }', 'GRAPHQL_VALIDATION_FAILED', /real calendar date/],
  ['a cursor of nobody', '{ legalEntities(after: "abc") { totalCount nodes { name } } }', 'CURSOR_UNKNOWN', /not a cursor/],
  ['a filter that is null', '{ legalEntities(where: { name: { eq: null } }) { totalCount } }', 'BAD_INPUT', /null, which is no condition/],
  ['an empty filter', '{ legalEntities(where: { name: {} }) { totalCount } }', 'BAD_INPUT', /empty/],
  ['30 levels', `{ administrativeDivision(divisionCode: "620623000000") ${deep(30)} }`, 'TOO_COMPLEX', /levels/],
  ['2000 aliases', `{ administrativeDivision(divisionCode: "620623000000") { ${Array.from({ length: 2000 }, (_, index) => `a${index}: name`).join(' ')} } }`, 'TOO_COMPLEX', /800/],
  ['30 root fields', `{ ${Array.from({ length: 30 }, (_, index) => `a${index}: me { name }`).join(' ')} }`, 'TOO_COMPLEX', /root fields/],
  ['fragments that only spread each other', `query { ...F0 } ${Array.from({ length: 12 }, (_, n) => `fragment F${n} on Query { ${Array.from({ length: 12 }, (__, m) => (m === n ? '' : `...F${m}`)).join(' ')} }`).join(' ')}`, 'TOO_COMPLEX', /./],
  ['an answer of millions', '{ administrativeDivisions(first: 1000) { nodes { subdivisions(first: 100) { nodes { subdivisions(first: 100) { nodes { name } } } } } } }', 'COST_TOO_HIGH', /limit is 500000/],
  ['two times in one operation', '{ a: administrativeDivisions(asOf: "2020-01-01") { totalCount } b: administrativeDivisions { totalCount } }', 'TIME_MIXED', /asOf/],
  ['a search that is too wide', '{ searchPersons(where: { name: { eq: "张伟" } }) { name } }', 'SEARCH_TOO_WIDE', /name \+ birthDate/],
  ['no GraphQL at all', 'select * from person', 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
];

// The time limit of a test is what "the server stays quick" means here: a document that is walked in full never ends.
test.each(cases)('%s', async (_what, query, code, sentence) => {
  const answer = await hub.ask('police', query);
  expect(answer.errors.map(({ extensions }) => extensions['code'])).toContain(code);
  expect(answer.errors[0]?.message).toMatch(sentence);
  expect(answer.data).toBeUndefined();
  expect(answer.status).toBe(400);
  expect(answer.statements).toBe(0);
  expect(answer.text).not.toMatch(/select |"t1"/);
  expect((await hub.ask('police', '{ me { name } }')).errors).toEqual([]);
  expect(hub.failures).toEqual([]);
});

test('a variable of the wrong kind', async () => {
  const answer = await hub.ask('police', 'query ($day: Date!) { administrativeDivisions(asOf: $day) { totalCount } }', { variables: { day: '2001-02-29' } });
  expect([answer.status, answer.errors[0]?.extensions['code'], answer.statements]).toEqual([400, 'BAD_INPUT', 0]);
});

test.each([
  ['a field', '{ person(idNumber: "622326198001010010") { phon } }', {}, /Cannot query field "phon" on type "Person"\.$/],
  ['an argument', '{ person(idNumbr: "622326198001010010") { name } }', {}, /Unknown argument "idNumbr" on field "Query\.person"\.$/],
  ['a type', 'query ($w: LegalEntityFilte) { legalEntities(where: $w) { totalCount } }', {}, /Unknown type "LegalEntityFilte"\.$/],
  ['an enum value', '{ legalEntities(orderBy: [{field: nam}]) { totalCount } }', {}, /does not exist in "LegalEntityOrderField" enum\.$/],
  ['an input field', '{ legalEntities(where: {nam: {eq: "x"}}) { totalCount } }', {}, /is not defined by type "LegalEntityFilter"\.$/],
  ['an input field in a variable', 'query ($w: LegalEntityFilter) { legalEntities(where: $w) { totalCount } }', { w: { nam: { eq: 'x' } } }, /is not defined by type "LegalEntityFilter"\.$/],
])('names that are nearly right get no suggestion: %s', async (_what, query, variables, sentence) => {
  const answer = await hub.ask('police', query, { variables });
  expect(answer.errors.map(({ message }) => message)).toContainEqual(expect.stringMatching(sentence));
  expect(answer.text).not.toContain('Did you mean');
});
