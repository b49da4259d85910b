/**
 * Read-through between two hubs in one process: the city's, with records that the county's lacks. What is counted: calls to the city,
 * statements here. Nobody learns by either whether somebody is absent, sealed or outside.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { CityError } from '../../src/sync/city.ts';
import type { CityFailure, CityLookUp, LookUpOf, LookUpPurpose } from '../../src/sync/city.ts';
import { readLookedUp } from '../../src/sync/envelope.ts';
import { openReadThrough } from '../../src/sync/open-read-through.ts';
import { registerOther, testMatter } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { Answer, AskOptions, TestHub } from '../world/hub.ts';
import { Prepared } from '../world/prepared.ts';

const hubName = 'other-county';
const hubCode = `test-${hubName}`;
const lookUpDocument = 'query ($of: [PassedOnOf!]!) { passedOn(of: $of) { shown refused records { key id hidden sources { source key version changedAt deleted effectiveFrom effectiveTo values } } } }';

/** The city's hub as a port, and what was asked of it. */
class City implements CityLookUp {
  hub!: TestHub;
  readonly calls: { readonly purpose: LookUpPurpose; readonly of: readonly LookUpOf[] }[] = [];
  fails: CityFailure | null = null;

  async lookUp(purpose: LookUpPurpose, of: readonly LookUpOf[]) {
    this.calls.push({ purpose, of });
    if (this.fails !== null) throw new CityError(this.fails, 'The city fails.');
    const headers = Object.fromEntries(Object.entries({ 'hub-matter': purpose.matter, 'hub-case': purpose.caseNo, 'hub-operator': purpose.operator, 'hub-behalf': purpose.behalf }).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
    const { data, errors } = await this.hub.ask(hubName, lookUpDocument, { variables: { of }, headers });
    if (errors.length > 0) throw new CityError('REFUSED', String(errors[0]?.extensions['code']));
    return readLookedUp((data as unknown as { passedOn: unknown }).passedOn, of.length);
  }
}

const city = new City();
let county: TestHub;
let clock = new Date('2026-11-24T02:01:00.000Z');
const person = records.find(({ type }) => type === 'Person')!;

beforeAll(async () => {
  city.hub = await clonedHub({ now: () => clock, audited: true });
  county = await clonedHub({ now: () => clock, city });
  await registerOther(city.hub.database, hubName, '620623-FG', null);
  await decided(city.hub, `mutation { setHub(consumer: "${hubCode}", division: "620623") }`);
  await granted(city.hub, hubCode, 'R-CITY', ['RK-0000', 'RK-0001', 'RK-0002', 'RK-0007', 'RK-0017']);
  await granted(county, 'test-civilAffairs', 'R-COUNTY', ['RK-0000', 'RK-0001', 'RK-0002', 'RK-0007']);
}, 120_000);
afterAll(() => Promise.all([city.hub.close(), county.close()]));

const usesOf: Readonly<Record<string, readonly string[]>> = { 'RK-0000': ['READ', 'EXIST'], 'RK-0001': ['READ', 'KEY'] };
async function granted(hub: TestHub, consumer: string, approvalNo: string, items: readonly string[]): Promise<void> {
  const { errors } = await grantTo(hub, consumer, approvalNo, items.map((item) => ({ item, uses: usesOf[item] ?? ['READ'], matters: [testMatter] })));
  if (errors.length > 0) throw new Error(errors[0]?.message);
}

/** An ID number that nobody of the seeds has. */
function idNumber(serial: number): string {
  const digits = `62062219850101${String(serial).padStart(3, '0')}`;
  const sum = [...digits].reduce((total, digit, place) => total + Number(digit) * ([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][place] as number), 0);
  return digits + '10X98765432'[sum % 11];
}

/** The city's police tells the city. */
function cityTells(claims: readonly Pick<SourceClaim, 'key' | 'values' | 'deleted'>[], version = '1', hub = city.hub) {
  return writeClaims({ sql: hub.database.sql, now: clock.toISOString(), today: '2026-11-24', personKey: testPersonKey }, person, '620600-GA', claims.map((claim) => ({ version, at: clock.toISOString(), ...claim })));
}
const told = (serial: number, values: Readonly<Record<string, unknown>> = {}) => ({ key: `c-${serial}`, values: { idNumber: idNumber(serial), name: `城${serial}`, birthDate: '1985-01-01', residenceDivisionCode: '620622100001', ...values } });

const oneDocument = 'query ($n: String!) { person(idNumber: $n) { name birthDate } }';
const manyDocument = 'query ($n: [String!]!) { persons(idNumbers: $n) { name } }';

/** Asks the county; the answer with the calls to the city that it took. */
async function ask(query: string, n: string | readonly string[], options: AskOptions = {}): Promise<Answer & { readonly calls: number }> {
  const before = city.calls.length;
  const answer = await county.ask('civilAffairs', query, { variables: { n }, ...options });
  return { ...answer, calls: city.calls.length - before };
}
const counted = ({ calls, statements }: { readonly calls: number; readonly statements: number }) => ({ calls, statements });

describe('a look-up by key', () => {
  test('of what is here takes one statement and no call', async () => {
    const numbers = (await county.database.sql<{ n: string }[]>`select id_number as n from person where id_number is not null order by 1 limit 3`).map(({ n }) => n);
    const answer = await ask(oneDocument, numbers[0] as string);
    expect(answer.data['person']).toMatchObject({ name: expect.any(String) });
    expect(counted(answer)).toEqual({ calls: 0, statements: 1 });
    expect(counted(await ask(manyDocument, numbers))).toEqual({ calls: 0, statements: 1 });
  });

  test('of what only the city has takes one call, one write and one statement more; and then it is here', async () => {
    await cityTells([told(1)]);
    const answer = await ask(oneDocument, idNumber(1));
    expect(answer.errors).toEqual([]);
    expect(answer.data['person']).toEqual({ name: '城1', birthDate: '1985-01-01' });
    expect(counted(answer)).toEqual({ calls: 1, statements: 2 });
    expect(await county.database.sql`select origin from record_change where origin is not null`).toHaveLength(1);
    const again = await ask(oneDocument, idNumber(1));
    expect(again.data).toEqual(answer.data);
    expect(counted(again)).toEqual({ calls: 0, statements: 1 });
    expect(again.extensions?.['hub']).toBeUndefined();
  });

  test('asks for the fields that the plan reads and for no others', () => {
    expect(city.calls.at(-1)?.of).toEqual([{ type: 'Person', keys: [idNumber(1)], fields: ['birthDate', 'idNumber', 'name'] }]);
  });

  test('of a predicate asks for what that reads of the person, and answers it by what came', async () => {
    await cityTells([told(2)]);
    const writing = () => ({ sql: county.database.sql, now: clock.toISOString(), today: '2026-11-24', personKey: testPersonKey });
    const readThrough = openReadThrough({ city, division: '620623', types: county.schema.contract.types, now: () => clock, writing, tell: (facts) => { throw new Error(JSON.stringify(facts)); } });
    const prepared = new Prepared(county.schema, county.database, clock, { readThrough });
    const before = city.calls.length;
    const { root, statements, withheld } = await prepared.ask({
      caller: 'civilAffairs', standing: county.standing, query: 'query ($n: String!) { person(idNumber: $n) { __typename } }', variables: { n: idNumber(2) },
      predicates: { grown: 'age >= 18', born: 'birthDate == date("1985-01-01")', phone: 'has(phone)' },
    });
    expect(root).toEqual({ __typename: 'Person', grown: true, born: true, phone: null });
    expect([city.calls.length - before, statements.length, withheld.map(({ as }) => as)]).toEqual([1, 2, ['phone']]);
    // What is withheld is not asked for, and neither is what nobody reads.
    expect(city.calls.at(-1)?.of).toEqual([{ type: 'Person', keys: [idNumber(2)], fields: ['birthDate', 'idNumber'] }]);
  });

  test('of a hundred keys of which many are missing takes one call, be they of several roots', async () => {
    await cityTells(Array.from({ length: 90 }, (_, n) => told(100 + n)));
    const keys = Array.from({ length: 100 }, (_, n) => idNumber(100 + n));
    const answer = await ask(manyDocument, keys);
    expect((answer.data['persons'] as unknown as ({ name: string } | null)[]).map((one) => one?.name ?? null)).toEqual(keys.map((_, n) => (n < 90 ? `城${100 + n}` : null)));
    expect(counted(answer)).toEqual({ calls: 1, statements: 2 });
    await cityTells([told(2), told(3)]);
    const two = await county.ask('civilAffairs', 'query ($a: String!, $b: [String!]!) { a: person(idNumber: $a) { name } b: persons(idNumbers: $b) { birthDate } }', { variables: { a: idNumber(2), b: [idNumber(3), idNumber(1)] } });
    expect(two.data).toEqual({ a: { name: '城2' }, b: [{ birthDate: '1985-01-01' }, { birthDate: '1985-01-01' }] });
    expect(city.calls.at(-1)?.of.map(({ keys: own }) => own)).toEqual([[idNumber(2)], [idNumber(3)]]);
  });

  test('of somebody absent, sealed here or there, or outside takes the same calls and statements, and the next one none', async () => {
    const local = await county.database.sql<{ n: string; division: string }[]>`select id_number as n, residence_division_code as division from person where id_number is not null and source = '620623-GA' and residence_division_code is not null order by id_number desc limit 2`;
    const elsewhere = (await county.database.sql<{ code: string }[]>`select left(residence_division_code, 9) as code from person where not starts_with(residence_division_code, ${local[1]!.division.slice(0, 9)}) limit 1`)[0]!.code;
    await cityTells([told(4), told(5), told(6)]);
    await decided(county, 'mutation ($n: String!) { seal(code: "R-HERE", idNumber: $n, because: "测试") }', { n: local[0]!.n });
    await decided(county, 'mutation ($n: String!) { seal(code: "R-BOTH", idNumber: $n, because: "测试") }', { n: idNumber(4) });
    await decided(city.hub, 'mutation ($n: String!) { seal(code: "R-THERE", idNumber: $n, because: "测试") }', { n: idNumber(5) });
    await decided(county, 'mutation ($territory: [TerritoryInput!]!) { setTerritory(consumer: "test-civilAffairs", territory: $territory) }', { territory: [{ types: ['Person'], within: [{ division: { by: 'RESIDENCE', codes: [elsewhere] } }] }] });
    for (const n of [idNumber(900), local[0]!.n, idNumber(4), idNumber(5), idNumber(6), local[1]!.n]) {
      const first = await ask(oneDocument, n);
      expect([first.data, first.errors, first.extensions, counted(first)]).toEqual([{ person: null }, [], undefined, { calls: 1, statements: 2 }]);
      const next = await ask(oneDocument, n);
      expect([next.data, next.errors, next.extensions, counted(next)]).toEqual([{ person: null }, [], undefined, { calls: 0, statements: 1 }]);
    }
    await decided(county, 'mutation { setTerritory(consumer: "test-civilAffairs", territory: []) }');
    for (const seal of ['R-HERE', 'R-BOTH']) await decided(county, 'mutation ($seal: String!) { unseal(code: $seal) }', { seal });
    expect((await ask(oneDocument, idNumber(6))).data['person']).toMatchObject({ name: '城6' });
  });

  test('of somebody who was not there is asked again after a while', async () => {
    expect(counted(await ask(oneDocument, idNumber(7)))).toEqual({ calls: 1, statements: 2 });
    await cityTells([told(7)]);
    expect(counted(await ask(oneDocument, idNumber(7)))).toEqual({ calls: 0, statements: 1 });
    clock = new Date(clock.getTime() + 6 * 60_000);
    expect((await ask(oneDocument, idNumber(7))).data['person']).toMatchObject({ name: '城7' });
  });

  test('a thousand at once for one missing key make one call', async () => {
    await cityTells([told(8)]);
    const before = city.calls.length;
    const answers = await Promise.all(Array.from({ length: 1000 }, () => county.ask('civilAffairs', oneDocument, { variables: { n: idNumber(8) } })));
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['{"data":{"person":{"name":"城8","birthDate":"1985-01-01"}}}']));
    expect(city.calls.length - before).toBe(1);
  });

  test('goes for whom, for what and by whom it asks to the city\'s audit', async () => {
    await cityTells([told(9)]);
    await ask(oneDocument, idNumber(9), { headers: { 'hub-operator': 'clerk-3' } });
    const [row] = await city.hub.database.sql<{ scope: string; operator: string; mine: boolean }[]>`select s.body as scope, r.operator, ${testPersonKey(idNumber(9))} = any(r.subjects) as mine from audit_record r join audit_scope s on s.id = r.scope order by r.at desc, r.seq desc limit 1`;
    expect({ ...row, scope: JSON.parse(row?.scope ?? '') as unknown }).toMatchObject({ scope: { consumer: hubCode, behalf: '620623-MZ', matter: testMatter }, operator: 'said:clerk-3', mine: true });
  });

  test('of what the caller may not have gives him nothing, though the city gave it', async () => {
    await cityTells([told(10, { registeredAddress: 'CANARY-ADDRESS' })]);
    const answer = await ask('query ($n: String!) { person(idNumber: $n) { name registeredAddress } }', idNumber(10));
    expect(answer.data['person']).toEqual({ name: '城10', registeredAddress: null });
    expect(answer.text).not.toContain('CANARY');
    expect(city.calls.at(-1)?.of[0]?.fields).not.toContain('registeredAddress');
  });
});

test('what was found once and is gone here is asked for again at once', async () => {
  await cityTells([told(11)]);
  await ask(oneDocument, idNumber(11));
  // The feed takes a copy away when the right to it is lost, or the right to follow it.
  await cityTells([told(11)].map(({ key }) => ({ key, values: {}, deleted: true })), '1', county);
  await cityTells([told(11, { name: '又来' })], '2');
  const answer = await ask(oneDocument, idNumber(11));
  expect([answer.data['person'], counted(answer)]).toEqual([expect.objectContaining({ name: '又来' }), { calls: 1, statements: 2 }]);
});

describe('a copy', () => {
  const days = (count: number): void => { clock = new Date(clock.getTime() + count * 86_400_000); };

  test('is asked for anew when what the plan reads is older than its cycle', async () => {
    await cityTells([told(20)]);
    await ask(oneDocument, idNumber(20));
    days(400);
    await cityTells([told(20, { name: '改名' })], '2');
    const answer = await ask(oneDocument, idNumber(20));
    expect(answer.data['person']).toMatchObject({ name: '改名' });
    expect(counted(answer)).toEqual({ calls: 1, statements: 2 });
    expect(counted(await ask(oneDocument, idNumber(20)))).toEqual({ calls: 0, statements: 1 });
  });

  test('is asked for sooner where the client says so, and never later', async () => {
    await cityTells([told(21)]);
    await ask(oneDocument, idNumber(21));
    clock = new Date(clock.getTime() + 10_000);
    expect(counted(await ask(oneDocument, idNumber(21), { headers: { 'hub-max-age': '60' } }))).toEqual({ calls: 0, statements: 1 });
    expect(counted(await ask(oneDocument, idNumber(21), { headers: { 'hub-max-age': '5' } }))).toEqual({ calls: 1, statements: 2 });
    days(400);
    expect(counted(await ask(oneDocument, idNumber(21), { headers: { 'hub-max-age': '999999999' } }))).toEqual({ calls: 1, statements: 2 });
  });

  test('of some fields does not say of others that they are empty: they are fetched, and what was there stays', async () => {
    await cityTells([told(22)]);
    expect((await ask('query ($n: String!) { person(idNumber: $n) { name } }', idNumber(22))).data['person']).toEqual({ name: '城22' });
    const other = await ask('query ($n: String!) { person(idNumber: $n) { birthDate } }', idNumber(22));
    expect([other.data['person'], counted(other)]).toEqual([{ birthDate: '1985-01-01' }, { calls: 1, statements: 2 }]);
    const [kept] = await county.database.sql<{ values: string }[]>`select "values"::text as values from source_record where source_key = 'c-22'`;
    expect(JSON.parse(kept?.values ?? '')).toEqual({ idNumber: idNumber(22), name: '城22', birthDate: '1985-01-01' });
    expect(counted(await ask(oneDocument, idNumber(22)))).toEqual({ calls: 0, statements: 1 });
  });

  test('that the city gives no more is kept, and its age is said', async () => {
    await cityTells([told(23)]);
    await ask(oneDocument, idNumber(23));
    clock = new Date(clock.getTime() + 30_000);
    await decided(city.hub, 'mutation ($n: String!) { seal(code: "R-LATE", idNumber: $n, because: "测试") }', { n: idNumber(23) });
    const answer = await ask(oneDocument, idNumber(23), { headers: { 'hub-max-age': '0' } });
    expect(answer.data['person']).toMatchObject({ name: '城23' });
    expect(answer.extensions['hub']).toEqual({ freshness: [{ as: 'person', at: 'Query.person', type: 'Person', ageSeconds: 30, because: 'NOT_GIVEN' }] });
    expect(counted(await ask(oneDocument, idNumber(23), { headers: { 'hub-max-age': '0' } }))).toEqual({ calls: 0, statements: 1 });
  });
});

describe('a city that is down', () => {
  test('leaves the copies with their age, and an error where nothing is held', async () => {
    await cityTells([told(30), told(31)]);
    await ask(oneDocument, idNumber(30));
    clock = new Date(clock.getTime() + 90_000);
    city.fails = 'UNREACHABLE';
    const headers = { 'hub-max-age': '60' };
    const copy = await ask(oneDocument, idNumber(30), { headers });
    expect(copy.data['person']).toMatchObject({ name: '城30' });
    expect(copy.errors).toEqual([]);
    expect(copy.extensions['hub']).toEqual({ freshness: [{ as: 'person', at: 'Query.person', type: 'Person', ageSeconds: 90, because: 'UNREACHABLE' }] });
    expect(counted(copy)).toEqual({ calls: 1, statements: 1 });
    const nothing = await ask(oneDocument, idNumber(31), { headers });
    expect([nothing.data, nothing.errors[0]?.extensions['code'], nothing.errors[0]?.path]).toEqual([{ person: null }, 'CITY_UNREACHABLE', ['person']]);
    const both = await ask(manyDocument, [idNumber(30), idNumber(31)], { headers });
    expect(both.data['persons']).toEqual([{ name: '城30' }, null]);
    expect(both.errors).toMatchObject([{ path: ['persons'], extensions: { code: 'CITY_UNREACHABLE', places: [1] } }]);
    expect(both.extensions['hub']).toMatchObject({ freshness: [{ at: 'Query.persons', ageSeconds: 90 }] });
    city.fails = null;
    // That nobody answered is not remembered as an answer.
    expect((await ask(oneDocument, idNumber(31))).data['person']).toMatchObject({ name: '城31' });
  });

  test('or refuses says so: null does not mean that nobody is there', async () => {
    city.fails = 'REFUSED';
    const answer = await ask(oneDocument, idNumber(901));
    city.fails = null;
    expect(answer.data).toEqual({ person: null });
    expect(answer.extensions['hub']).toEqual({ freshness: [{ as: 'person', at: 'Query.person', type: 'Person', ageSeconds: null, because: 'REFUSED' }] });
  });

  test('and nothing of it all is a failure of the hub', () => {
    expect(county.failures).toEqual([]);
  });
});
