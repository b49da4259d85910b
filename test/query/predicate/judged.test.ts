/**
 * Predicates under the judge: what they take, what the plan withholds of them, on which rows they are answered, whose records they see,
 * and what the audit is told. In one statement, whatever they are.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noPolicy } from '../../../src/sharing/grant.ts';
import type { GrantTuple, Policy } from '../../../src/sharing/grant.ts';
import type { Bound } from '../../../src/sharing/terms.ts';
import { deliveredOf } from '../../../src/query/delivered.ts';
import { outlineOf, readOutline } from '../../../src/query/outline.ts';
import { readPredicate, withPredicates } from '../../../src/query/predicate.ts';
import { idNumberWithCheck } from '../../../src/registries/identifiers/index.ts';
import { planOf } from '../../../src/sharing/plan.ts';
import { clonedHub } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';
import { Prepared } from '../../world/prepared.ts';
import type { PreparedAnswer, PreparedQuestion } from '../../world/prepared.ts';

let hub: TestHub;
let prepared: Prepared;
/** The head of a household of two, and the other one. */
let head = { id: '', key: '', household: '' };
let other = { id: '', key: '' };
let certificate = '';
const nobody = idNumberWithCheck('11010119000101001');

beforeAll(async () => {
  hub = await clonedHub({ item: (item) => ({ ...item, shareType: 'CONDITIONAL', keyShareType: null, ownerDepartment: 'another department' }) });
  prepared = new Prepared(hub.schema, hub.database);
  const { sql } = hub.database;
  const [found] = await sql<{ id: string; key: string; household: string; other: string; otherKey: string }[]>`
    select p.id_number as id, p.person_key as key, p.household_no as household, o.id_number as other, o.person_key as "otherKey"
    from household h join person p on p.person_key = h.head_person_key join person o on o.household_no = h.household_no and o.id <> p.id
    where p.id_number is not null and o.id_number is not null and p.household_no = h.household_no order by 1 limit 1`;
  if (found === undefined) throw new Error('The test county has no household of several.');
  head = { id: found.id, key: found.key, household: found.household };
  other = { id: found.other, key: found.otherKey };
  await sql`update person set household_no = null where household_no = ${head.household} and id_number not in (${head.id}, ${other.id})`;
  await sql`update person set birth_date = '1940-05-05', person_status = '在籍', residence_division_code = '620623100001', registered_division_code = '620623100001' where id_number = ${head.id}`;
  await sql`update person set birth_date = '2015-05-05', residence_division_code = '620602001001', registered_division_code = '620602001001' where id_number = ${other.id}`;
  [{ id: certificate = '' } = {}] = await sql<{ id: string }[]>`update certificate set holder_person_keys = array[${head.key}, 'somebody-else'], status = '01', valid_from = '2020-01-01', valid_to = null where id = (select min(id::text)::uuid from certificate) returning id::text as id`;
  await sql`update certificate set holder_person_keys = array_remove(array_remove(holder_person_keys, ${head.key}), ${other.key}) where id::text <> ${certificate}`;
  await sql`update certificate_version set holder_person_keys = array_remove(holder_person_keys, ${head.key})`;
  // Whether anybody is sealed is known when the standing is loaded.
  await hub.ask('security', 'mutation { unseal(code: "none") }');
});
afterAll(() => hub.close());

type Granted = readonly [item: string, uses: string, bounds?: readonly Bound[]];
let version = 0;

/** A policy that grants these and nothing else; uses as words. */
function policyOf(granted: readonly Granted[], more: Partial<Policy> = {}): Policy {
  const tuples = granted.map(([item, uses, bounds = []]): GrantTuple => ({ approvalNo: 'A-1', item, uses: uses.split(' ') as GrantTuple['uses'], modes: ['QUERY'], mask: null, bounds, matters: null, quotaPerDay: null, validFrom: '2026-01-01T00:00:00.000Z', validTo: null }));
  return { ...noPolicy, version: `predicates ${version += 1}`, tuples: Map.groupBy(tuples, ({ item }) => item), ...more };
}

/** To ask for a person by his number, and no more. */
const asking: readonly Granted[] = [['RK-0000', 'exist'], ['RK-0001', 'key']];

type Asked = Pick<PreparedQuestion, 'predicates'> & Partial<PreparedQuestion> & { readonly id?: string };

function ask(policy: Policy, { id = head.id, ...rest }: Asked): Promise<PreparedAnswer> {
  return prepared.ask({ caller: 'market', standing: hub.standing.withPolicy('test-market', policy), query: 'query ($id: String!) { person(idNumber: $id) { __typename } }', variables: { id }, ...rest });
}

/** One predicate's answer. */
async function answer(policy: Policy, text: string, rest: Partial<Asked> = {}): Promise<unknown> {
  const { root } = await ask(policy, { predicates: { p: text }, ...rest });
  return (root as { p: unknown } | null)?.p;
}

const adult = 'age >= 80';
const head80 = 'household.head.age >= 80';
const child = 'household.members.exists(m, m.age < 18)';
const licence = 'certificates.exists(c, c.isValidToday)';
const household: readonly Granted[] = [['RK-0000', 'verify'], ['RK-0030', 'verify'], ['RK-0100', 'verify'], ['RK-0150', 'verify'], ['RK-0151', 'verify']];
const certificates: readonly Granted[] = [['RK-0000', 'verify'], ['ZZ-0100', 'verify'], ['RK-0052', 'verify'], ['ZZ-0112', 'verify'], ['ZZ-0113', 'verify'], ['ZZ-0123', 'verify']];

describe('what a predicate takes', () => {
  test('the use verify is enough, of the record and of what is behind an edge: no value can be had by it', async () => {
    const policy = policyOf([...asking, ...household, ...certificates, ['RK-0007', 'verify']]);
    const { root, statements, withheld, errors } = await ask(policy, { predicates: { a: adult, h: head80, c: child, l: licence, n: 'certificates.size() == 1', e: 'has(household)' } });
    expect(root).toEqual({ __typename: 'Person', a: true, h: true, c: true, l: true, n: true, e: true });
    expect([statements.length, withheld, errors]).toEqual([1, [], []]);
    const read = await ask(policy, { predicates: { a: adult }, query: 'query ($id: String!) { person(idNumber: $id) { birthDate } }' });
    expect(read.root).toEqual({ birthDate: null, a: true });
    expect(read.errors.map(({ extensions }) => extensions?.['at'])).toEqual(['Person.birthDate']);
    expect(read.withheld).toEqual([]);
  });

  test('whoever may read may verify; whoever reads a mask may not', async () => {
    expect(await answer(policyOf([...asking, ['RK-0007', 'read']]), adult)).toBe(true);
    const masked = policyOf([...asking, ['RK-0007', 'read']]);
    const tuples = new Map([...masked.tuples].map(([item, own]) => [item, own.map((tuple) => ({ ...tuple, mask: item === 'RK-0007' ? 'BIRTH_YEAR' as const : null }))]));
    const { root, withheld, errors } = await ask({ ...masked, version: 'masked', tuples }, { predicates: { p: adult }, query: 'query ($id: String!) { person(idNumber: $id) { birthDate } }' });
    expect(root).toEqual({ birthDate: '1940-01-01', p: null });
    expect(withheld.map(({ as, withheld: { item } }) => [as, item])).toEqual([['p', 'RK-0007']]);
    // The mask is shown, and what is withheld is the predicate alone.
    expect(errors.map(({ path }) => path)).toEqual([['person', 'p']]);
  });

  test('finding by an item, or knowing that a record exists, is not enough', async () => {
    const { root, withheld } = await ask(policyOf([...asking, ['RK-0007', 'find key exist'], ['RK-0031', 'verify']]), { predicates: { p: adult, q: 'personStatus == "在籍"' } });
    expect(root).toEqual({ __typename: 'Person', p: null, q: true });
    expect(withheld.length).toBe(1);
  });

  test('without any one of its items the whole is withheld, and the plan names the item', async () => {
    const all: readonly Granted[] = [...household.slice(1), ...certificates.slice(2), ['RK-0007', 'verify']];
    const text = `${head80} && age > 1 && (${licence} && household.members.exists(m, m.age > 0))`;
    const unused: readonly Granted[] = [['RK-0031', 'verify']];
    expect(await answer(policyOf([...asking, ...unused, ...all]), text)).toBe(true);
    for (const left of all) {
      const { root, withheld, statements, errors } = await ask(policyOf([...asking, ...unused, ...all.filter((one) => one !== left)]), { predicates: { p: text, q: 'personStatus == "在籍"' } });
      expect(root).toEqual({ __typename: 'Person', p: null, q: true });
      expect(withheld.map(({ root: at, as, withheld: entry }) => [at, as, entry.item])).toEqual([['person', 'p', left[0]]]);
      expect(errors.every(({ path, extensions }) => path?.join('.') === 'person.p' && extensions?.['code'] === 'FIELD_NOT_SHARED')).toBe(true);
      // It is not in the statement at all.
      expect(statements.join()).not.toContain('"certificate"');
    }
  });

  test('all or nothing is all or nothing', async () => {
    await expect(ask(policyOf([...asking, ['RK-0031', 'verify']]), { predicates: { p: adult }, headers: { 'hub-partial': 'refuse' } })).rejects.toMatchObject({ code: 'FIELD_NOT_SHARED' });
  });

  test('nobody is there for whom nothing may be verified', async () => {
    const bare = await ask(policyOf(asking), { predicates: { p: 'true' } });
    expect([bare.root, bare.withheld.map(({ withheld: { item } }) => item)]).toEqual([null, ['RK-0000']]);
    expect((await ask(policyOf([...asking, ['RK-0000', 'verify']]), { predicates: { p: 'true' } })).root).toEqual({ __typename: 'Person', p: true });
    const policy = policyOf([...asking, ['RK-0007', 'verify']]);
    expect((await ask(policy, { predicates: { p: adult }, id: nobody })).root).toBeNull();
  });
});

describe('on which rows', () => {
  const here: Bound = { kind: 'division', by: 'RESIDENCE', codes: ['620623'] };

  test('outside of a bound all that is asked of a record is not known, has(…) and its negation among it', async () => {
    const policy = policyOf([...asking, ['RK-0007', 'verify', [here]], ['RK-0032', 'verify', [here]], ['RK-0031', 'verify']]);
    const predicates = { p: adult, q: `!(${adult})`, h: '!has(deathDate)', t: `true || ${adult}`, s: 'has(personStatus)' };
    expect((await ask(policy, { predicates })).root).toMatchObject({ p: true, q: false, h: true, t: true, s: true });
    expect((await ask(policy, { predicates, id: other.id })).root).toMatchObject({ p: null, q: null, h: null, t: null, s: true });
  });

  test('behind an edge it is that record of which nothing is known', async () => {
    const policy = policyOf([...asking, ...household, ['RK-0007', 'verify', [here]], ['RK-0031', 'verify']]);
    // The child lives elsewhere: who asks learns neither that there is one, nor that there is none.
    expect(await answer(policy, child)).toBeNull();
    expect(await answer(policy, 'household.members.exists(m, m.age >= 80)')).toBe(true);
    expect(await answer(policy, 'household.members.all(m, m.age >= 80)')).toBeNull();
    expect(await answer(policy, 'household.members.all(m, m.age < 80)')).toBe(false);
    expect(await answer(policy, 'household.members.filter(m, m.age >= 80).size() == 1')).toBeNull();
    expect(await answer(policy, 'household.members.size() == 2')).toBe(true);
    // Of another person's household the head lives here.
    expect(await answer(policy, head80, { id: other.id })).toBe(true);
    expect(await answer(policy, '!has(household.head.birthDate)', { id: other.id })).toBe(false);
  });

  test('an edge whose rows are bounded leads to those alone', async () => {
    const policy = policyOf([...asking, ['RK-0030', 'verify'], ['RK-0000', 'verify'], ['RK-0100', 'verify'], ['RK-0150', 'verify', [here]], ['RK-0007', 'verify'], ['RK-0031', 'verify']]);
    expect(await answer(policy, 'household.members.size() == 1')).toBe(true);
    expect(await answer(policy, child)).toBe(false);
  });

  test('outside of the territory nobody is there', async () => {
    const policy = policyOf([...asking, ...household, ['RK-0007', 'verify']], { territory: [{ types: ['Person'], within: [here] }] });
    expect(await answer(policy, child)).toBe(false);
    expect(await answer(policy, 'household.members.size() == 1')).toBe(true);
    expect((await ask(policy, { predicates: { p: adult }, id: other.id })).root).toBeNull();
  });

  test('somebody sealed is nobody: as head, as member, as the one who is asked for', async () => {
    const granted: readonly Granted[] = [...asking, ...household, ...certificates, ['RK-0007', 'verify']];
    const predicates = { c: child, s: 'household.members.size() == 2', h: head80, k: 'has(household.head)', u: '!has(household.head)' };
    const open = await ask(policyOf(granted), { predicates, id: head.id });
    expect(open.root).toMatchObject({ c: true, s: true, h: true, k: true, u: false });
    const { sql } = hub.database;
    const seal = async (key: string): Promise<void> => {
      await sql`delete from seal`;
      if (key !== '') await sql`insert into seal (code, person_key, because) values ('S-1', ${key}, 'test')`;
      await hub.ask('security', 'mutation { unseal(code: "none") }');
    };
    await seal(other.key);
    const policy = policyOf(granted);
    expect((await ask(policy, { predicates })).root).toMatchObject({ c: false, s: false, h: true, k: true });
    expect((await ask(policy, { predicates, id: other.id })).root).toBeNull();
    expect((await ask(policyOf(granted, { seals: ['S-1'] }), { predicates })).root).toMatchObject({ c: true, s: true });
    await seal(head.key);
    expect((await ask(policyOf(granted), { predicates, id: other.id })).root).toMatchObject({ h: null, k: false, u: true, s: false });
    await seal('');
    expect((await ask(policyOf(granted), { predicates })).text).toBe(open.text);
  });

  test('whom a record only mentions, and who is sealed, is not mentioned', async () => {
    const { sql } = hub.database;
    const [entity] = await sql<{ uscc: string }[]>`update legal_entity set legal_rep_person_key = ${other.key}, legal_rep_name = '某人' where id = (select min(id::text)::uuid from legal_entity where uscc is not null) returning uscc`;
    const granted: readonly Granted[] = [['FR-0000', 'exist'], ['FR-0001', 'key'], ['FR-0009', 'verify']];
    const of = (policy: Policy) => ask(policy, { predicates: { p: 'legalRepName == "某人"', h: 'has(legalRepName)' }, query: 'query ($uscc: String!) { legalEntity(uscc: $uscc) { __typename } }', variables: { uscc: entity?.uscc } });
    const open = await of(policyOf(granted));
    expect([open.root, open.subjects]).toEqual([{ __typename: 'LegalEntity', p: true, h: true }, [other.key]]);
    await sql`insert into seal (code, person_key, because) values ('S-2', ${other.key}, 'test')`;
    await hub.ask('security', 'mutation { unseal(code: "none") }');
    const closed = await of(policyOf(granted));
    expect([closed.root, closed.subjects]).toEqual([{ __typename: 'LegalEntity', p: null, h: false }, []]);
    await sql`delete from seal`;
    await hub.ask('security', 'mutation { unseal(code: "none") }');
  });
});

describe('of what time', () => {
  test('the day of the question, and records as they were then and as they were known then', async () => {
    const policy = policyOf([...asking, ...household, ...certificates, ['RK-0007', 'verify']]);
    const { sql } = hub.database;
    const since = async (table: string, ids: readonly string[], set: string) => sql.unsafe(`update ${table}_version set ${set}, effective_from = '2000-01-01', recorded_from = '2001-01-01' where id = any($1::uuid[]) and recorded_to = 'infinity'`, [`{${ids.join()}}`]);
    const people = await sql<{ id: string }[]>`select id::text as id from person where id_number in (${head.id}, ${other.id}) order by birth_date`;
    await since('person', [people[0]?.id ?? ''], `birth_date = '1940-05-05', household_no = '${head.household}', residence_division_code = '620623100001'`);
    await since('certificate', [certificate], `holder_person_keys = array['${head.key}'], status = '01', valid_from = '2020-01-01', valid_to = '2021-12-31'`);
    const then = (asOf: string, knownAt: string | null = null) => ask(policy, {
      predicates: { p: adult, l: licence, d: 'today() == claim.day' }, claims: { day: 'Date' }, typed: { day: asOf },
      query: `query ($id: String!) { person(idNumber: $id, asOf: "${asOf}"${knownAt === null ? '' : `, knownAt: "${knownAt}"`}) { __typename } }`,
    });
    expect((await then('2020-05-04')).root).toMatchObject({ p: false, l: true, d: true });
    expect((await then('2020-05-05')).root).toMatchObject({ p: true, l: true, d: true });
    expect((await then('2022-01-01')).root).toMatchObject({ p: true, l: false, d: true });
    expect((await then('2020-05-05', '2000-06-06T00:00:00Z')).root).toBeNull();
  });
});

describe('what is typed in', () => {
  const policy = () => policyOf([...asking, ['RK-0007', 'verify'], ['RK-0031', 'verify']]);

  test('goes along with the statement, and is unknown where it is left out', async () => {
    const claims = { status: 'String', years: 'Int', day: 'Date' } as const;
    const predicates = { s: 'personStatus == claim.status', y: 'age >= claim.years', d: 'birthDate == claim.day' };
    const one = await ask(policy(), { predicates, claims, typed: { status: '在籍', years: 80, day: '1940-05-05' } });
    expect(one.root).toMatchObject({ s: true, y: true, d: true });
    const two = await ask(policy(), { predicates, claims, typed: { status: 'x\' or true', years: 99 } });
    expect(two.root).toMatchObject({ s: false, y: false, d: null });
    // The same statement, whatever is typed.
    expect(two.statements.map((text) => text)).toEqual(one.statements);
  });

  test.each([['status', 1], ['status', 'a\0b'], ['years', 1.5], ['years', '80'], ['day', '2026-02-30'], ['day', 'soon']])('%s: %j is refused', async (name, value) => {
    const claims = { status: 'String', years: 'Int', day: 'Date' } as const;
    await expect(ask(policy(), { predicates: { p: 'personStatus == claim.status || age >= claim.years || birthDate == claim.day' }, claims, typed: { [name]: value } })).rejects.toMatchObject({ code: 'BAD_INPUT', details: { claim: name } });
  });
});

describe('what is written down', () => {
  const policy = () => policyOf([...asking, ...household, ...certificates, ['RK-0007', 'verify']]);

  test('the items that a predicate reads, by the type that each is of; nothing where it is withheld', async () => {
    const { judged } = await ask(policy(), { predicates: { c: child, l: licence, w: 'phone == "1"' } });
    expect(judged.facts.delivered).toEqual({ Person: ['RK-0000', 'RK-0030', 'RK-0007', 'RK-0052'], Household: ['RK-0100', 'RK-0150'], Certificate: ['ZZ-0123', 'ZZ-0112', 'ZZ-0113'] });
    expect(judged.facts.personal).toBe(true);
    expect(judged.facts.withheld).toMatchObject([{ at: 'Person.phone', item: 'RK-0040' }]);
  });

  test('everybody at whose records it looks', async () => {
    const keys = async (predicates: Readonly<Record<string, string>>) => (await ask(policy(), { predicates })).subjects.toSorted();
    expect(await keys({ a: adult })).toEqual([head.key]);
    expect(await keys({ a: adult, c: child })).toEqual([head.key, other.key].sort());
    expect(await keys({ l: licence })).toEqual([head.key, 'somebody-else'].sort());
    // Where it is withheld it looks at nobody.
    expect(await keys({ a: adult, w: 'household.members.exists(m, m.phone == "1")' })).toEqual([head.key]);
  });

  test('quotas that it lives on', async () => {
    const own = policy();
    const tuples = new Map([...own.tuples].map(([item, some]) => [item, some.map((tuple) => ({ ...tuple, quotaPerDay: item === 'ZZ-0123' ? 7 : null }))]));
    const { judged } = await ask({ ...own, version: 'with a quota', tuples }, { predicates: { l: licence } });
    expect(judged.facts.quotas).toMatchObject([{ item: 'ZZ-0123', perDay: 7 }]);
  });

  test('an outline that is judged as the question is', async () => {
    const { reading, judged } = await ask(policy(), { predicates: { c: child, l: `${licence} && age > 3` } });
    const outline = outlineOf(reading.tree, reading.asks, false);
    expect(outline?.what).toBe('person{__typename __predicate{household{members{age}}} __predicate{age certificates{isValidToday}}}');
    expect(judged.facts.asked).toEqual(outline);
    const read = readOutline(hub.schema.contract, JSON.parse(JSON.stringify(outline)) as NonNullable<typeof outline>);
    if (read === null) throw new Error('An outline of today is gone.');
    const sorted = (asks: typeof reading.asks) => asks.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
    expect(sorted(read.asks)).toEqual(sorted(reading.asks));
    const standpoint = { caller: { kind: 'consumer', consumer: 'test-market', name: '', department: '', departmentName: '', servicePlatform: false }, catalog: hub.standing.catalog, policy: policy(), sealed: false, circumstances: { mode: 'QUERY', matter: hub.standing.matter('TEST-ANY-PURPOSE') ?? null, hasCase: false, now: '2026-11-24T02:01:00.000Z' } } as const;
    for (const own of [standpoint, { ...standpoint, policy: policyOf([...asking, ['RK-0007', 'verify']]) }]) {
      expect(deliveredOf(read.tree, planOf(read.asks, own, hub.schema.contract.itemsOfTypes))).toEqual(deliveredOf(reading.tree, planOf(reading.asks, own, hub.schema.contract.itemsOfTypes)));
    }
    for (const what of ['person{__predicate{nothing}}', 'person{__predicate{nameMatches}}', 'person{__predicate{household{nothing}}}']) expect(readOutline(hub.schema.contract, { what, by: [] })).toBeNull();
  });

  test('what it costs grows with every edge that it looks over, and with every record of a batch', async () => {
    const cost = async (text: string) => (await ask(policy(), { predicates: { p: text } })).cost;
    const [plain, edge, twice, deep] = [await cost(adult), await cost(licence), await cost(`${licence} || ${licence.replaceAll('c', 'c')}`), await cost('household.members.exists(m, m.certificates.exists(c, c.isValidToday))')];
    expect(plain).toBeLessThan(edge);
    expect(edge).toBeLessThan(twice);
    expect(deep).toBeGreaterThan(10 * edge);
    const batch = async (ids: readonly string[]) => (await ask(policy(), { predicates: { p: licence }, query: 'query ($ids: [String!]!) { persons(idNumbers: $ids) { __typename } }', variables: { ids } })).cost;
    expect(await batch([head.id, other.id]) - await batch([head.id])).toBeGreaterThan(edge / 2);
    // So much that no operation may.
    const deepest = 'household.members.exists(a, a.household.members.exists(b, b.household.members.exists(c, c.household.members.size() > 3)))';
    await expect(ask(policy(), { predicates: { p: deepest, q: deepest, r: deepest } })).rejects.toMatchObject({ code: 'COST_TOO_HIGH' });
  });
});

describe('in one statement', () => {
  test('many predicates about many, in the order asked', async () => {
    const policy = policyOf([...asking, ...household, ...certificates, ['RK-0007', 'verify']]);
    const { root, statements } = await ask(policy, { predicates: { a: adult, c: child, l: licence }, query: 'query ($ids: [String!]!) { persons(idNumbers: $ids) { __typename } }', variables: { ids: [other.id, nobody, head.id] } });
    expect(statements.length).toBe(1);
    expect(root).toEqual([{ __typename: 'Person', a: false, c: true, l: false }, null, { __typename: 'Person', a: true, c: true, l: true }]);
  });

  test('under any response name', async () => {
    const policy = policyOf([...asking, ['RK-0007', 'verify'], ['RK-0031', 'verify']]);
    const [long, odd] = ['申请人年满八十周岁且户籍在本县'.repeat(5), 'a "name" with \\ and \'quotes\''];
    const { root } = await ask(policy, { predicates: { [long]: adult, [odd]: 'personStatus == "死亡"', p: 'phone == "1"' } });
    expect(root).toEqual({ __typename: 'Person', [long]: true, [odd]: false, p: null });
    const reading = (await ask(policy, { predicates: { p: adult } })).reading;
    expect(() => withPredicates(hub.schema.contract, reading, 0, [{ as: 'p', predicate: readPredicate(hub.schema.contract, 'Person', 'isAdult') }])).toThrow('called p');
    expect(() => withPredicates(hub.schema.contract, reading, 0, [{ as: 'q', predicate: readPredicate(hub.schema.contract, 'LegalEntity', 'status == "1"') }])).toThrow('is asked of Person');
  });

  test('the longest that there may be', async () => {
    const policy = policyOf([...asking, ...certificates, ['ZZ-0102', 'verify'], ['RK-0007', 'verify']]);
    const parts = Array.from({ length: 60 }, (_, n) => `certificates.exists(c, c.typeCode == "N-${n}")`);
    expect(await answer(policy, parts.join(' || '))).toBe(false);
    expect(await answer(policy, `age > 1${' + 1'.repeat(900)} || ${'('.repeat(30)}${adult}${')'.repeat(30)}`)).toBe(true);
  });
});
