/**
 * What sharing means for an answer: what is withheld never leaves the database, what may not be found by runs no SQL,
 * and who may not know cannot tell whether anybody is there.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clonedHub, shared, sharedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';

let hub: TestHub;
let facts: Facts;

beforeAll(async () => {
  hub = await sharedHub();
  facts = await somePeople(hub.database);
});
afterAll(() => hub.close());

const person = (selection: string) => `query ($id: String!) { person(idNumber: $id) ${selection} }`;

describe('reading', () => {
  test('a withheld field is null, told once, and its column is not in the statement', async () => {
    const answer = await hub.ask('market', person('{ name politicalStatusCode again: politicalStatusCode household { members { nodes { politicalStatusCode } } } }'), { variables: { id: facts.familyMember } });
    expect(answer.data['person']?.['name']).toBeTypeOf('string');
    expect(answer.data['person']?.['politicalStatusCode']).toBeNull();
    expect(answer.data['person']?.['again']).toBeNull();
    const told = answer.errors.filter(({ extensions }) => String(extensions['at']) === 'Person.politicalStatusCode');
    expect(told).toHaveLength(1);
    expect(told[0]?.extensions['code']).toBe('FIELD_NOT_SHARED');
    expect(told[0]?.path).toEqual(['person', 'politicalStatusCode']);
    expect(answer.extensions['hub']?.['withheld']).toContainEqual(expect.objectContaining({ at: 'Person.politicalStatusCode', item: 'RK-0016' }));
    expect(answer.sql.join()).not.toContain('political_status_code');
    expect(answer.statements).toBe(1);
  });

  test('the path of an entry stops at the first list', async () => {
    const answer = await hub.ask('market', 'query ($ids: [String!]!) { persons(idNumbers: $ids) { name politicalStatusCode } }', { variables: { ids: [facts.familyMember] } });
    expect(answer.errors.map(({ path }) => path)).toEqual([['persons']]);
  });

  test('all or nothing, when the client asks so', async () => {
    const answer = await hub.ask('market', person('{ name politicalStatusCode }'), { variables: { id: facts.familyMember }, headers: { 'hub-partial': 'refuse' } });
    expect(answer.data).toBeUndefined();
    expect(answer.status).toBe(403);
    expect(answer.errors[0]?.extensions['code']).toBe('FIELD_NOT_SHARED');
    expect(answer.statements).toBe(0);
  });

  test('a department sees its own conditional items on the rows that it supplied, and nobody else does', async () => {
    const own = await hub.ask('police', person('{ name idNumber registeredAddress }'), { variables: { id: facts.familyMember } });
    expect(own.errors).toEqual([]);
    expect(own.data['person']?.['idNumber']).toBe(facts.familyMember);
    expect(own.sql.join()).toMatch(/case when .*"source" = /);
    const other = await hub.ask('market', person('{ name idNumber }'), { variables: { id: facts.familyMember } });
    expect(other.data['person']?.['idNumber']).toBeNull();
  });
});

describe('existing and absent subjects look alike', () => {
  const same = async (query: string, one: string, other: string) => {
    const answers = await Promise.all([one, other].map((id) => hub.ask('market', query, { variables: { id } })));
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(answers[0]?.statements).toBe(answers[1]?.statements);
    return answers[0];
  };

  test('when nothing of the selection may be read', async () => {
    const answer = await same(person('{ politicalStatusCode photoRef }'), facts.familyMember, facts.nobody);
    expect(answer?.data['person']).toBeNull();
    expect(answer?.statements).toBe(0);
  });

  test('when the relation may not be known', async () => {
    const names = person('{ disabilityRecords { __typename } }');
    const answer = await same(names, facts.disabled, facts.notDisabled);
    expect(answer?.data['person']).toBeNull();
    await same(names, facts.disabled, facts.nobody);
    await same(person('{ disabilityRecords { totalCount pageInfo { hasNextPage } nodes { __typename } } }'), facts.disabled, facts.notDisabled);
    await same(person('{ __typename disabilityRecords { __typename } }'), facts.disabled, facts.notDisabled);
  });

  test('the department that provides the record sees it, so the test can fail', async () => {
    const answers = await Promise.all([facts.disabled, facts.notDisabled].map((id) => hub.ask('disabledFederation', person('{ disabilityRecords { totalCount } }'), { variables: { id } })));
    expect(answers.map(({ data }) => data['person']?.['disabilityRecords']?.['totalCount'])).toEqual([1, 0]);
  });
});

describe('finding', () => {
  const search = (where: string) => `{ searchPersons(where: { name: { eq: "张伟" }, birthDate: { eq: "1980-01-01" }, ${where} }) { name } }`;

  test('by what may not be found by is refused before any SQL, naming the argument', async () => {
    const answer = await hub.ask('market', search('maritalStatusCode: { eq: "20" }'));
    expect(answer.statements).toBe(0);
    expect(answer.data).toBeUndefined();
    expect(answer.errors[0]?.extensions['code']).toBe('FIND_NOT_SHARED');
    expect(answer.errors[0]?.extensions['at']).toBe('Query.searchPersons(where.maritalStatusCode)');
  });

  test('ordering and nested filters are finds too', async () => {
    const nested = await hub.ask('market', person('{ household { members(where: { maritalStatusCode: { eq: "20" } }) { totalCount } } }'), { variables: { id: facts.familyMember } });
    expect([nested.errors[0]?.extensions['code'], nested.statements]).toEqual(['FIND_NOT_SHARED', 0]);
  });

  test('ten hits are answered, eleven with none of them', async () => {
    const open = await clonedHub({ item: shared });
    try {
      const ask = () => open.ask('police', '{ searchPersons(where: { name: { eq: "同名" }, birthDate: { eq: "1980-01-01" } }) { name } }');
      const add = (key: number) => open.database.sql`insert into person (id, name, birth_date, person_key, source, source_version, source_updated_at)
        values (gen_random_uuid(), '同名', '1980-01-01', ${`hit-${key}`}, '620623-GA', 'test', '2026-01-01T00:00:00Z')`;
      for (let key = 1; key <= 10; key += 1) await add(key);
      expect((await ask()).data['searchPersons']?.length).toBe(10);
      await add(11);
      const answer = await ask();
      expect(answer.data['searchPersons']).toBeNull();
      expect(answer.errors.map(({ extensions, path }) => [extensions['code'], path])).toEqual([['TOO_MANY_HITS', ['searchPersons']]]);
      expect(answer.statements).toBe(1);
    } finally {
      await open.close();
    }
  });
});

describe('strangers', () => {
  test('are told to identify themselves, and nothing else', async () => {
    for (const query of ['{ me { name } }', '{ __schema { queryType { name } } }', '{ legalEntities { nodes { name } } }']) {
      const answer = await hub.ask('stranger', query);
      expect([answer.status, answer.errors[0]?.extensions['code'], answer.statements]).toEqual([401, 'UNAUTHENTICATED', 0]);
    }
    expect((await hub.ask('stranger', '{ __typename }')).data['__typename']).toBe('Query');
  });

  test('a skipped field still has a door', async () => {
    const answer = await hub.ask('stranger', '{ __typename me @skip(if: true) { name } }');
    expect(answer.status).toBe(401);
  });
});
