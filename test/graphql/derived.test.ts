/**
 * Derived fields: what is computed takes every item that it is computed from, unmasked, to read or to verify; what is computed when is
 * the day of the question; and who may not have a value is told which weaker question he may ask.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { GrantTuple, Policy } from '../../src/sharing/grant.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;
let id = '';

beforeAll(async () => {
  hub = await clonedHub({ item: (item) => ({ ...item, shareType: 'CONDITIONAL', keyShareType: null, ownerDepartment: 'another department' }) });
  const [row] = await hub.database.sql<{ id: string }[]>`select id_number as id from person where id_number is not null and death_date is null order by id_number limit 1`;
  id = row?.id ?? '';
});
afterAll(() => hub.close());

type Granted = readonly [item: string, ...uses: GrantTuple['uses']];
let version = 0;

/** A policy that grants these, and that a person is there. */
function policyOf(granted: readonly Granted[], mask: GrantTuple['mask'] = null): Policy {
  const tuple = (item: string, uses: GrantTuple['uses'], own: GrantTuple['mask']): GrantTuple => ({ approvalNo: 'A-1', item, uses, modes: ['QUERY'], mask: own, bounds: [], matters: null, quotaPerDay: null, validFrom: '2026-01-01T00:00:00.000Z', validTo: null });
  const tuples = [tuple('RK-0000', ['read', 'exist'], null), tuple('RK-0001', ['key'], null), ...granted.map(([item, ...uses]) => tuple(item, uses, mask))];
  return { ...noPolicy, version: `derived ${version += 1}`, tuples: Map.groupBy(tuples, ({ item }) => item) };
}

async function askOf(selection: string, policy: Policy, more = '') {
  const answer = await hub.ask('market', `query ($id: String!) { person(idNumber: $id${more}) { __typename ${selection} } }`, { variables: { id }, policy });
  expect(hub.failures).toEqual([]);
  return { ...answer, person: answer.data?.['person'] as Readonly<Record<string, unknown>> | undefined, codes: answer.errors.map(({ extensions }) => String(extensions['code'])) };
}

const born = (birthDate: string | null) => hub.database.sql`update person set birth_date = ${birthDate} where id_number = ${id}`;
const mayRead = () => policyOf([['RK-0007', 'read']]);

describe('age', () => {
  test.each([
    ['2008-11-24', 18, true], ['2008-11-25', 17, false], ['2026-11-24', 0, false], ['2026-11-25', null, null], [null, null, null], ['1926-11-24', 100, true],
  ] as const)('of one born on %s is %s on 2026-11-24', async (birthDate, age, isAdult) => {
    await born(birthDate);
    const { person } = await askOf('age isAdult ageAtLeast(years: 18)', mayRead());
    expect(person).toMatchObject({ age, isAdult, ageAtLeast: isAdult });
  });

  test.each([['2022-02-28', 17], ['2022-03-01', 18]] as const)('of one born on 29 February 2004 is, on %s, %s', async (asOf, age) => {
    await born('2004-02-29');
    await hub.database.sql`update person_version set birth_date = '2004-02-29', effective_from = '2020-01-01', recorded_from = '2020-01-01' where id = (select id from person where id_number = ${id}) and recorded_to = 'infinity'`;
    const { person } = await askOf('age', mayRead(), `, asOf: "${asOf}"`);
    expect(person?.['age']).toBe(age);
  });
});

describe('what a derived field takes', () => {
  test('a number is read, a yes/no is verified, and whoever may read may verify', async () => {
    await born('1980-05-05');
    const verifying = await askOf('age isAdult ageAtLeast(years: 40)', policyOf([['RK-0007', 'verify']]));
    expect(verifying.person).toMatchObject({ age: null, isAdult: true, ageAtLeast: true });
    expect(verifying.codes).toEqual(['FIELD_NOT_SHARED']);
    expect(verifying.sql.join()).toContain('null::text as "age"');
  });

  test('a mask of its source is not enough', async () => {
    const { person, errors } = await askOf('birthDate age isAdult', policyOf([['RK-0007', 'read']], 'BIRTH_YEAR'));
    expect(person).toMatchObject({ birthDate: '1980-01-01', age: null, isAdult: null });
    expect(errors.map(({ extensions }) => String(extensions['at']))).toEqual(['Person.age', 'Person.isAdult']);
  });

  test('each of its sources is needed, also behind an edge', async () => {
    const all: readonly Granted[] = [['RK-0057', 'verify'], ['XY-0232', 'verify'], ['XY-0229', 'verify']];
    expect((await askOf('hasOpenPenalty', policyOf(all))).person?.['hasOpenPenalty']).toBe(false);
    for (const left of all) {
      const { person, errors } = await askOf('hasOpenPenalty', policyOf(all.filter((one) => one !== left)));
      expect(person?.['hasOpenPenalty']).toBeNull();
      expect(errors.map(({ extensions }) => String(extensions['item']))).toEqual([left[0]]);
    }
  });

  test('finding by it takes the use find', async () => {
    const members = 'household { members(where: { age: { gte: 18 } }) { totalCount } }';
    const [without, with_] = [policyOf([['RK-0030', 'exist'], ['RK-0100', 'read', 'exist'], ['RK-0108', 'exist'], ['RK-0007', 'read']]), policyOf([['RK-0030', 'exist'], ['RK-0100', 'read', 'exist'], ['RK-0108', 'exist'], ['RK-0007', 'find']])];
    const refused = await askOf(members, without);
    expect(refused.codes).toEqual(['FIND_NOT_SHARED']);
    expect(refused.statements).toBe(0);
    expect((await askOf(members, with_)).codes).not.toContain('FIND_NOT_SHARED');
  });
});

describe('a penalty that is published at present', () => {
  test.each([
    ['公示中', null, true], ['公示中', '2026-11-24', true], ['公示中', '2026-11-23', false], ['终止公示', null, false],
  ] as const)('%s until %s: %s', async (status, until, open) => {
    const { sql } = hub.database;
    const [key] = await sql<{ key: string }[]>`select person_key as key from person where id_number = ${id}`;
    await sql`update credit_penalty set counterparty_person_key = ${key?.key ?? ''}, public_status = ${status}, public_until = ${until} where id = (select min(id::text)::uuid from credit_penalty)`;
    const { person } = await askOf('hasOpenPenalty', policyOf([['RK-0057', 'verify'], ['XY-0232', 'verify'], ['XY-0229', 'verify']]));
    expect(person?.['hasOpenPenalty']).toBe(open);
  });
});

test('a penalty of another time counts at that time, and once', async () => {
  const { sql } = hub.database;
  const [key] = await sql<{ key: string }[]>`select person_key as key from person where id_number = ${id}`;
  await sql`update person_version set effective_from = '2020-01-01', recorded_from = '2020-01-01' where id = (select id from person where id_number = ${id}) and recorded_to = 'infinity'`;
  // Until 2024 it was published; then it was withdrawn.
  await sql`update credit_penalty_version set counterparty_person_key = ${key?.key ?? ''}, public_status = '公示中', public_until = null, effective_from = '2021-01-01', effective_to = '2024-01-01', recorded_from = '2020-01-01' where id = (select min(id::text)::uuid from credit_penalty)`;
  const policy = () => policyOf([['RK-0057', 'verify'], ['XY-0232', 'verify'], ['XY-0229', 'verify']]);
  for (const [asOf, open] of [['2022-05-05', true], ['2025-05-05', false]] as const) {
    expect((await askOf('hasOpenPenalty', policy(), `, asOf: "${asOf}"`)).person?.['hasOpenPenalty']).toBe(open);
  }
});

describe('a weaker question', () => {
  test('is named where the caller may ask it, derived ones among them', async () => {
    const { errors } = await askOf('birthDate', policyOf([['RK-0007', 'verify']]));
    expect(errors[0]?.extensions['instead']).toEqual(['Person.isAdult', 'Person.ageAtLeast']);
    const none = await askOf('birthDate', policyOf([]));
    expect(none.errors[0]?.extensions['instead']).toBeUndefined();
  });

  test('is not named where only some of its sources may be asked', async () => {
    const { errors } = await askOf('idCardValidTo', policyOf([['RK-0038', 'verify']]));
    expect(errors[0]?.extensions['instead']).toBeUndefined();
    const both = await askOf('idCardValidTo', policyOf([['RK-0037', 'verify'], ['RK-0038', 'verify']]));
    expect(both.errors[0]?.extensions['instead']).toEqual(['Person.isIdCardValidToday']);
  });
});
