/**
 * A household of sealed persons only is nobody's: it neither goes up nor down, it is gone for whoever was given it, and it is there again with
 * the first member who is not sealed. What of a record tells of somebody sealed stays, and wipes nothing.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim } from '../../src/records/write.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { records } from '../../src/registries/index.ts';
import { CityError } from '../../src/sync/city.ts';
import type { CityInbox, PassedUp } from '../../src/sync/city.ts';
import { pushStep } from '../../src/sync/push.ts';
import { registerOther, testMatter } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { Json, TestHub } from '../world/hub.ts';
import { document, Following, pageIn } from './following.ts';

const follower = 'other-follower';
const [person, household, residence] = (['Person', 'Household', 'Residence'] as const).map((name) => records.find(({ type }) => type === name)!);
const id = (n: number): string => idNumberWithCheck(`62062319810101${100 + n}`);

/** The county, which is followed and passes up; and a city that takes it. */
let county: TestHub;
let city: TestHub;
let clock = new Date('2026-11-24T02:01:00.000Z');
let sent: PassedUp[] = [];
const submit = 'mutation ($registry: Registry!, $changes: [ChangeInput!]!, $key: String!) { submitChanges(registry: $registry, changes: $changes, idempotencyKey: $key) { outcomes { index status reason field } } }';
const inbox: CityInbox = { submit: async (registry, changes, key) => {
  sent.push(...changes);
  const { data, errors } = await city.ask('other-county', submit, { variables: { registry, changes, key } });
  if (errors.length > 0) throw new CityError('REFUSED', String(errors[0]?.message));
  return (data as unknown as { submitChanges: { outcomes: Json } }).submitChanges.outcomes as never;
} };

beforeAll(async () => {
  [county, city] = await Promise.all([clonedHub({ now: () => clock }), clonedHub()]);
  await registerOther(city.database, 'other-county', '620623-ZS', null);
  await decided(city, 'mutation { setHub(consumer: "test-other-county", division: "620623") }');
  await registerOther(county.database, follower, '620623-FG', null);
  await decided(county, `mutation { setHub(consumer: "test-${follower}", division: "620622") }`);
  const items = ['RK-0000', 'RK-0001', 'RK-0002', 'RK-0100', 'RK-0101', 'RK-0103', 'RK-0104', 'RK-0105'];
  const { errors } = await grantTo(county, `test-${follower}`, 'S-1', items.map((item) => ({ item, uses: item.endsWith('00') ? ['READ', 'EXIST'] : ['READ'], modes: ['SUBSCRIBE'], matters: [testMatter] })));
  expect(errors).toEqual([]);
  for (let more = true; more;) ({ more } = await pushStep(context()));
}, 180_000);
afterAll(() => Promise.all([county.close(), city.close()]));

const context = () => ({ sql: county.database.sql, city: inbox, division: '620623', types: county.schema.contract.types, catalog: county.standing.catalog, now: clock.toISOString() });
async function tell(model: typeof person, key: string, version: string, values: SourceClaim['values'], source = '620623-GA'): Promise<void> {
  clock = new Date(clock.getTime() + 60_000);
  await writeClaims({ sql: county.database.sql, now: clock.toISOString(), today: '2026-11-24', personKey: testPersonKey, belongsHere: (own) => own.startsWith('620623-') }, model!, source, [{ key, version, at: clock.toISOString(), values }]);
}
const tellPerson = (n: number, version: string, householdNo: string) => tell(person, `s-${n}`, version, { idNumber: id(n), name: `人${n}`, householdNo });
const seal = (code: string, n: number) => decided(county, 'mutation ($code: String!, $idNumber: String!) { seal(code: $code, idNumber: $idNumber, because: "测试") }', { code, idNumber: id(n) });
const unseal = (code: string) => decided(county, 'mutation ($code: String!) { unseal(code: $code) }', { code });
/** What goes up now. */
async function push(): Promise<readonly PassedUp[]> {
  sent = [];
  for (let more = true; more;) ({ more } = await pushStep(context()));
  return sent;
}
const houses = (changes: readonly { readonly type: string; readonly key: string }[]) => changes.filter(({ type }) => type === 'Household').map(({ key }) => key);
const above = async (key: string) => (await city.database.sql<{ values: string }[]>`select "values"::text as values from source_record where record_type = 'Household' and source_key = ${key}`).map(({ values }) => JSON.parse(values) as Readonly<Record<string, unknown>>);
const following = () => new Following(async (after, first) => pageIn(await county.ask(follower, document, { variables: { registry: 'POPULATION', after, first } })));
const held = (own: Following) => [...own.held.values()].filter(({ type }) => type === 'Household').flatMap(({ sources }) => sources.map(({ key }) => key)).filter((key) => key.startsWith('h-'));

describe('a household of sealed persons only', () => {
  test('does not go up, and goes with the first member who is not sealed; nobody follows it until then', async () => {
    await seal('S-1', 1);
    await seal('S-2', 2);
    const own = following();
    await own.catchUp(1000);
    await tell(household, 'h-1', '1', { householdNo: 'H1', address: '封存路一号', headName: '人1', headIdNumber: id(1) });
    await tellPerson(1, '1', 'H1');
    await tellPerson(2, '1', 'H1');
    // It stood there a moment without members, as nobody yet.
    await tell(household, 'h-1', '2', { householdNo: 'H1', address: '封存路二号', headName: '人1', headIdNumber: id(1) });
    expect(await push()).toEqual([]);
    expect(await above('h-1')).toEqual([]);
    await own.catchUp();
    expect(held(own)).toEqual([]);
    const fresh = following();
    await fresh.catchUp(1000);
    expect(held(fresh)).toEqual([]);
    // Somebody who is not sealed moves in: nobody writes the household, and it is somebody's.
    await tellPerson(3, '1', 'H1');
    expect(houses(await push())).toEqual(['h-1']);
    expect(await above('h-1')).toEqual([{ householdNo: 'H1', address: '封存路二号' }]);
    await own.catchUp();
    expect(held(own)).toEqual(['h-1']);
    // And out again.
    await tellPerson(3, '2', 'H9');
    const lost = await own.catchUp();
    expect(lost.filter(({ type }) => type === 'Household').map(({ kind }) => kind)).toEqual(['TOMBSTONE']);
    expect(held(own)).toEqual([]);
    await tell(household, 'h-1', '3', { householdNo: 'H1', address: '封存路三号' });
    expect(houses(await push())).toEqual([]);
    await unseal('S-1');
    await unseal('S-2');
    expect(houses(await push())).toEqual(['h-1']);
    expect(await above('h-1')).toMatchObject([{ address: '封存路三号', headName: '人1', headIdNumber: id(1) }]);
    await own.catchUp();
    expect(held(own)).toEqual(['h-1']);
  });

  test('is gone for whoever follows it when its last open member is sealed, and back when he is not', async () => {
    await tellPerson(4, '1', 'H2');
    await tellPerson(5, '1', 'H2');
    await tell(household, 'h-2', '1', { householdNo: 'H2', address: '两人路' });
    const own = following();
    await own.catchUp(1000);
    await seal('S-4', 4);
    await own.catchUp();
    expect(held(own)).toContain('h-2');
    await seal('S-5', 5);
    const gone = await own.catchUp();
    expect(gone.filter(({ type }) => type === 'Household').map(({ kind }) => kind)).toEqual(['TOMBSTONE']);
    expect(held(own)).not.toContain('h-2');
    // Also in the phase in which a snapshot is read, and for a pusher who begins anew.
    const fresh = following();
    await fresh.catchUp(1000);
    expect(held(fresh)).not.toContain('h-2');
    await county.database.sql`delete from push_state`;
    expect(houses(await push())).not.toContain('h-2');
    await unseal('S-5');
    expect(houses(await push())).toContain('h-2');
    await own.catchUp();
    expect(held(own)).toContain('h-2');
    await unseal('S-4');
  });
});

describe('what tells of somebody sealed whom a record mentions', () => {
  test('stays, wipes nothing of what is known above, and goes once he is sealed no more', async () => {
    await tellPerson(6, '1', 'H3');
    await tell(household, 'h-3', '1', { householdNo: 'H3', address: '甲路', headName: '旧户主', headIdNumber: id(7), policeStationCode: '620623000000' });
    await push();
    expect(await above('h-3')).toMatchObject([{ address: '甲路', headName: '旧户主' }]);
    await seal('S-7', 7);
    await tell(household, 'h-3', '2', { householdNo: 'H3', address: '乙路', headName: '新写法', headIdNumber: id(7), policeStationCode: null });
    const [change] = (await push()).filter(({ key }) => key === 'h-3');
    expect([change?.whole, change?.values]).toEqual([false, { householdNo: 'H3', address: '乙路', policeStationCode: null }]);
    const [known] = await above('h-3');
    expect([known?.['address'], known?.['headName'], known?.['policeStationCode'] ?? null]).toEqual(['乙路', '旧户主', null]);
    await unseal('S-7');
    await push();
    expect(await above('h-3')).toMatchObject([{ address: '乙路', headName: '新写法', headIdNumber: id(7) }]);
  });

  test('a record that only mentions him is logged again when he is sealed and when he is not', async () => {
    await tell(residence, 'r-1', '1', { idNumber: id(8), landlordName: '房东', landlordIdNumber: id(9), landlordPhone: '13900000000' });
    await seal('S-9', 9);
    await push();
    const phone = async () => (await city.database.sql<{ values: string }[]>`select "values"::text as values from source_record where source_key = 'r-1'`).map(({ values }) => (JSON.parse(values) as Readonly<Record<string, unknown>>)['landlordPhone'] ?? null);
    expect(await phone()).toEqual([null]);
    await unseal('S-9');
    await push();
    expect(await phone()).toEqual(['13900000000']);
  });
});
