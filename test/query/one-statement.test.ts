/**
 * However deep an operation is, its answer takes exactly one round trip to the database.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedHub, shared } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';

let hub: TestHub;
let facts: Facts;

beforeAll(async () => {
  hub = await sharedHub({ item: shared });
  facts = await somePeople(hub.database);
});
afterAll(() => hub.close());

test('one person by key', async () => {
  const answer = await hub.ask('police', 'query ($id: String!) { person(idNumber: $id) { name birthDate genderCode registeredAddress } }', { variables: { id: facts.familyMember } });
  expect(answer.errors).toEqual([]);
  expect(answer.data['person']?.['name']).toBeTypeOf('string');
  expect(answer.statements).toBe(1);
});

test('three levels across registries', async () => {
  const answer = await hub.ask('police', `query ($id: String!) { person(idNumber: $id) {
    name
    household { householdNo members(first: 4) { nodes { name relationToHeadCode certificates(first: 2) { nodes { certificateName } } } } }
    certificates(first: 5) { nodes { certificateName issuedOn status } }
    creditPermits(first: 3) { nodes { decisionNo legalEntity { name keyPersons(first: 2) { nodes { name position } } } } }
  } }`, { variables: { id: facts.familyMember } });
  expect(answer.errors).toEqual([]);
  expect(answer.data['person']?.['household']?.['members']?.['nodes']?.length).toBeGreaterThan(1);
  expect(answer.data['person']?.['certificates']?.['nodes']?.length).toBeGreaterThan(0);
  expect(answer.statements).toBe(1);
});

test('a batch of 100, answered in the order asked, null where nothing is there', async () => {
  const ids = [...facts.idNumbers.slice(0, 98), facts.nobody, facts.idNumbers[0] as string];
  const answer = await hub.ask('police', 'query ($ids: [String!]!) { persons(idNumbers: $ids) { idNumber certificates(first: 5) { nodes { certificateName } } } }', { variables: { ids } });
  expect(answer.errors).toEqual([]);
  const people = answer.data['persons'] as unknown as ({ idNumber: string } | null)[];
  expect(people.map((person) => person?.idNumber ?? null)).toEqual(ids.map((id) => (id === facts.nobody ? null : id)));
  expect(answer.statements).toBe(1);
});

test('a page of 1000', async () => {
  const answer = await hub.ask('market', '{ administrativeDivisions(first: 1000, orderBy: [{ field: divisionCode }]) { totalCount nodes { divisionCode name level } pageInfo { hasNextPage endCursor } } }');
  expect(answer.errors).toEqual([]);
  const page = answer.data['administrativeDivisions'];
  expect(page?.['nodes']?.length).toBe(1000);
  expect(page?.['totalCount']).toBe(1354);
  expect(page?.['pageInfo']?.['hasNextPage']).toBe(true);
  expect(answer.statements).toBe(1);
  const rest = await hub.ask('market', 'query ($after: ID!) { administrativeDivisions(first: 1000, after: $after, orderBy: [{ field: divisionCode }]) { nodes { divisionCode } pageInfo { hasNextPage } } }', { variables: { after: page?.['pageInfo']?.['endCursor'] } });
  expect(rest.data['administrativeDivisions']?.['nodes']?.length).toBe(354);
  expect(rest.data['administrativeDivisions']?.['pageInfo']?.['hasNextPage']).toBe(false);
  const codes = [page, rest.data['administrativeDivisions']].flatMap((one) => ((one?.['nodes'] ?? []) as unknown as { divisionCode: string }[]).map(({ divisionCode }) => divisionCode));
  expect(codes).toEqual([...codes].sort());
  expect(new Set(codes).size).toBe(1354);
});

test('a spatial search', async () => {
  const box = { west: 102, south: 36, east: 104, north: 38 };
  const answer = await hub.ask('naturalResources', 'query ($box: BoxInput!) { standardAddresses(first: 20, where: { geometry: { box: $box } }) { totalCount nodes { addressCode geometry } } }', { variables: { box } });
  expect(answer.errors).toEqual([]);
  expect(answer.data['standardAddresses']?.['nodes']?.length).toBe(20);
  expect(answer.statements).toBe(1);
});

test('four root fields in one operation, with one that is no record', async () => {
  const answer = await hub.ask('police', `query ($id: String!, $uscc: String!) {
    person(idNumber: $id) { name }
    me { departmentCode }
    legalEntity(uscc: $uscc) { name }
    administrativeDivision(divisionCode: "620623000000") { name }
    legalEntities(first: 3) { nodes { uscc } }
  }`, { variables: { id: facts.familyMember, uscc: facts.uscc } });
  expect(answer.errors).toEqual([]);
  expect(Object.keys(answer.data)).toEqual(['person', 'me', 'legalEntity', 'administrativeDivision', 'legalEntities']);
  expect(answer.data['administrativeDivision']?.['name']).toBe('天祝藏族自治县');
  expect(answer.data['me']?.['departmentCode']).toBe('620623-GA');
  expect(answer.statements).toBe(1);
});
