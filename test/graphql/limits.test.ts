/**
 * The size of an operation: each limit at the limit is answered, and one over it refused with its code; what an operation costs, with
 * the variables of its run.
 */
import { parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentLimits } from '../../src/graphql/limits.ts';
import { readOperation } from '../../src/query/asks.ts';
import { limits } from '../../src/query/limits.ts';
import { sharedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await sharedHub();
});
afterAll(() => hub.close());

const times = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join(' ');
const division = (selection: string): string => `{ administrativeDivision(divisionCode: "620623000000") ${selection} }`;
const parents = (levels: number): string => (levels === 1 ? '{ name }' : `{ parent ${parents(levels - 1)} }`);
const idNumber = '622326198001010010';

/** Of each limit an operation of that size. */
const sizes: readonly [what: string, limit: number, operation: (size: number) => string, code: string][] = [
  ['levels', documentLimits.depth, (size) => division(parents(size - 1)), 'TOO_COMPLEX'],
  ['fields under aliases', documentLimits.fields, (size) => division(`{ ${times(size - 1, (index) => `a${index}: name`)} }`), 'TOO_COMPLEX'],
  ['fields of a fragment, each time that it is spread', documentLimits.fields, (size) => `{ ${times(10, (index) => `a${index}: administrativeDivision(divisionCode: "620623000000") { ...A }`)} ${times(size % 10, (index) => `b${index}: __typename`)} } fragment A on AdministrativeDivision { ${times(79, (index) => `a${index}: name`)} }`, 'TOO_COMPLEX'],
  ['fields selected again', documentLimits.repeated, (size) => division(`{ ${times(size + 1, () => 'name')} }`), 'TOO_COMPLEX'],
  ['root fields', documentLimits.roots, (size) => `{ ${times(size, (index) => `a${index}: me { name }`)} }`, 'TOO_COMPLEX'],
  ['directives', documentLimits.directives, (size) => division(`{ ${times(size, (index) => `a${index}: name @include(if: true)`)} }`), 'TOO_COMPLEX'],
  ['tokens', documentLimits.tokens, (size) => `{ explain(document: "{ me { name } }", variables: { a: [${times(size - 19, () => '1')}] }) { refused } }`, 'GRAPHQL_PARSE_FAILED'],
  ['rows of a page', limits.rootPage, (size) => `{ legalEntities(first: ${size}) { nodes { name } } }`, 'PAGE_TOO_LARGE'],
  ['rows of a page below', limits.nestedPage, (size) => division(`{ subdivisions(first: ${size}) { nodes { name } } }`), 'PAGE_TOO_LARGE'],
  ['keys', limits.keys, (size) => `{ persons(idNumbers: [${times(size, () => `"${idNumber}"`)}]) { name } }`, 'TOO_MANY_KEYS'],
  ['values of a condition', limits.inValues, (size) => `{ legalEntities(first: 1, where: { status: { in: [${times(size, () => '"1"')}] } }) { nodes { name } } }`, 'TOO_MANY_KEYS'],
];

test.each(sizes)('%s: %i, and one more', async (_what, limit, operation, code) => {
  const codes = async (size: number) => (await hub.ask('police', operation(size))).errors.map(({ extensions }) => extensions['code']);
  expect(await codes(limit)).toEqual([]);
  expect(await codes(limit + 1)).toEqual([code]);
  expect(hub.failures).toEqual([]);
});

/** Of what variables hold, a value of that size; it fits no argument, so at the limit it is looked at and refused for that. */
test.each<[string, number, (size: number) => unknown]>([
  ['levels', documentLimits.valueLevels, (size) => JSON.parse(`${'['.repeat(size)}${']'.repeat(size)}`)],
  ['values', documentLimits.values, (size) => Array.from({ length: size - 2 }, () => null)],
])('%s of the variables: %i, and one more', async (_what, limit, value) => {
  const codes = async (size: number) => (await hub.ask('police', 'query ($id: String!) { person(idNumber: $id) { name } }', { variables: { id: value(size) } })).errors.map(({ extensions }) => extensions['code']);
  expect(await codes(limit)).toEqual(['BAD_INPUT']);
  expect(await codes(limit + 1)).toEqual(['TOO_COMPLEX']);
  expect(hub.failures).toEqual([]);
});

describe('cost', () => {
  const levels = `query ($n: Int, $m: Int) { administrativeDivisions(first: $n) { nodes { subdivisions(first: $m) { nodes { ${times(11, (index) => `a${index}: name`)} } } } } }`;
  const pageOfAll = 'query ($n: Int) { administrativeDivisions(first: $n) { totalCount nodes { name geometry } } }';

  /** What an operation costs with these variables. */
  const cost = (query: string, variables: Readonly<Record<string, unknown>> = {}): number => {
    const document = parse(query);
    const { tree } = readOperation(hub.schema.schema, hub.schema.contract, document, document.definitions[0] as OperationDefinitionNode, variables);
    return tree.cost({ variables, today: '2026-11-24', now: '2026-11-24T02:01:00.000Z', purpose: { matter: null, caseNo: null, consumer: '' }, personKey: () => '' });
  };

  test('at the limit with one set of variables, over it with another', async () => {
    // 50 for the page, and for each of 495 divisions: itself, its edge, and 84 others of 12.
    expect(cost(levels, { n: 495, m: 84 })).toBe(limits.cost);
    expect((await hub.ask('police', levels, { variables: { n: 495, m: 84 } })).errors).toEqual([]);
    for (const variables of [{ n: 496, m: 84 }, { n: 495, m: 85 }]) {
      const refused = await hub.ask('police', levels, { variables });
      expect([refused.status, refused.statements, refused.errors[0]?.extensions]).toEqual([400, 0, { code: 'COST_TOO_HIGH', retry: false, cost: cost(levels, variables), limit: limits.cost }]);
      expect(refused.errors[0]?.message).toContain(String(cost(levels, variables)));
    }
  });

  test('grows with what is asked, and with nothing that is stored', () => {
    expect(cost(levels, { n: 0, m: 100 })).toBeLessThan(cost(levels, { n: 1, m: 100 }));
    // Without a number it is the page that would come.
    expect(cost(pageOfAll)).toBe(cost(pageOfAll, { n: 50 }));
    expect(cost(pageOfAll, { n: 100 }) - cost(pageOfAll, { n: 99 })).toBe(1 + 1 + 20);
    expect(cost('{ person(idNumber: "x") { name } }')).toBeLessThan(cost('{ searchPersons(where: { name: { eq: "x" }, birthDate: { eq: "2001-01-01" }, divisionCode: { eq: "x" } }) { name } }'));
    expect(cost('{ legalEntities { nodes { name } } }')).toBeLessThan(cost('{ legalEntities { totalCount nodes { name } } }'));
    const box = 'box: { west: 1, south: 1, east: 2, north: 2 }';
    expect(cost(`{ buildings(where: { geometry: { ${box} } }) { nodes { name } } }`) - cost('{ buildings(where: { name: { eq: "x" } }) { nodes { name } } }')).toBe(500);
    expect(cost('{ __schema { types { name } } }')).toBeGreaterThan(cost('{ me { name } }'));
  });

  test('a batch costs by its keys, a submission by its changes', () => {
    const persons = 'query ($ids: [String!]!) { persons(idNumbers: $ids) { name } }';
    const keys = (count: number) => ({ ids: Array.from({ length: count }, () => idNumber) });
    expect(cost(persons, keys(100)) - cost(persons, keys(99))).toBe(2);
    const submit = 'mutation ($changes: [ChangeInput!]!) { submitChanges(registry: POPULATION, idempotencyKey: "12345678", changes: $changes) { repeated } }';
    const changes = (count: number) => ({ changes: Array.from({ length: count }, () => ({ type: 'Person', key: 'x' })) });
    expect(cost(submit, changes(500)) - cost(submit, changes(499))).toBe(100);
  });
});
