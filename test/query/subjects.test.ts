/**
 * The statement tells whose data it delivers, and an answer waits until that is written down. Random operations are compared with
 * the reference in test/differential; here is what a person would expect of single ones.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { shared, sharedHub, testPersonKey } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;
let silent: TestHub;
let facts: Facts;
/** What the audit was told, delivery by delivery. */
const told: (readonly string[])[] = [];
let audit: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  hub = await sharedHub({ item: shared, audit: async ({ subjects }) => audit().then(() => void told.push([...subjects].sort())) });
  silent = await sharedHub({ item: shared });
  facts = await somePeople(hub.database);
});
beforeEach(() => {
  told.length = 0;
  audit = async () => undefined;
});
afterAll(() => Promise.all([hub.close(), silent.close()]));

const keysOf = (idNumbers: readonly string[]): string[] => [...new Set(idNumbers.map(testPersonKey))].sort();

async function membersOf(idNumber: string): Promise<string[]> {
  const members = await hub.database.sql<{ key: string }[]>`select m.person_key as key from person p join person m using (household_no) where p.id_number = ${idNumber} and m.person_key is not null`;
  return members.map(({ key }) => key).sort();
}

describe('an answer tells of', () => {
  test('the person who was looked up, and of nobody where nobody is found', async () => {
    const query = 'query ($id: String!) { person(idNumber: $id) { name } }';
    await hub.ask('police', query, { variables: { id: facts.familyMember } });
    await hub.ask('police', query, { variables: { id: facts.nobody } });
    expect(told).toEqual([keysOf([facts.familyMember]), []]);
  });

  test('everybody of a batch who is there, each once', async () => {
    const ids = [...facts.idNumbers.slice(0, 20), facts.nobody, ...facts.idNumbers.slice(0, 5)];
    const answer = await hub.ask('police', 'query ($ids: [String!]!) { persons(idNumbers: $ids) { name medicalInsurances { nodes { participationStatus } } } }', { variables: { ids } });
    expect(answer.errors).toEqual([]);
    expect(told).toEqual([keysOf(facts.idNumbers.slice(0, 20))]);
    expect(answer.statements).toBe(1);
  });

  test('the members of a household, whether or not they are selected', async () => {
    for (const of of ['address', 'members(first: 50) { nodes { name } }']) {
      const answer = await hub.ask('police', `query ($id: String!) { person(idNumber: $id) { household { ${of} } } }`, { variables: { id: facts.familyMember } });
      expect(answer.errors).toEqual([]);
    }
    const members = await membersOf(facts.familyMember);
    expect(members.length).toBeGreaterThan(2);
    expect(told).toEqual([members, members]);
  });

  test('nobody else where records are only counted', async () => {
    await hub.ask('police', 'query ($id: String!) { person(idNumber: $id) { household { id members { totalCount } } } }', { variables: { id: facts.familyMember } });
    await hub.ask('police', 'query ($id: String!) { person(idNumber: $id) { id kin { totalCount } } }', { variables: { id: facts.familyMember } });
    expect(told).toEqual([await membersOf(facts.familyMember), keysOf([facts.familyMember])]);
  });

  test('a legal representative where something of him is selected, on the page that is shown and not beyond', async () => {
    const rows = await hub.database.sql<{ key: string | null }[]>`select legal_rep_person_key as key from legal_entity order by id limit 8`;
    const representatives = [...new Set(rows.slice(0, 7).flatMap(({ key }) => key ?? []))].sort();
    expect(representatives.length).toBeGreaterThan(1);
    for (const more of ['', 'totalCount']) {
      await hub.ask('market', `{ legalEntities(first: 7) { nodes { uscc legalRepName } pageInfo { hasNextPage } ${more} } }`);
      await hub.ask('market', `{ legalEntities(first: 7) { nodes { uscc name } pageInfo { hasNextPage } ${more} } }`);
    }
    expect(told).toEqual([representatives, [], representatives, []]);
  });
});

describe('the audit', () => {
  test('is waited for, and without it there is no answer', async () => {
    audit = () => Promise.reject(new Error('the audit is full'));
    const answer = await hub.ask('police', 'query ($id: String!) { person(idNumber: $id) { name } }', { variables: { id: facts.familyMember } });
    expect(answer.text).not.toContain('"name"');
    expect(answer.errors.map(({ extensions }) => extensions['code'])).toEqual(['INTERNAL']);
    expect(String(hub.failures.at(-1))).toContain('the audit is full');
  });

  test('changes no answer, and costs a hub without it nothing', async () => {
    const query = 'query ($id: String!) { person(idNumber: $id) { name household { address members { nodes { name } } } certificates { nodes { certificateName holderNames } } } }';
    const [with_, without] = await Promise.all([hub, silent].map((one) => one.ask('police', query, { variables: { id: facts.familyMember } })));
    expect(with_?.text).toBe(without?.text);
    expect(with_?.sql.join()).toContain('string_agg');
    expect(without?.sql.join()).not.toContain('string_agg');
  });
});
