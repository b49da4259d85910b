/**
 * Read-through as it is served: two hubs that listen, the county's reaching the city's by what its configuration names; and a city
 * that is gone.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeClaims } from '../../src/records/write.ts';
import { setHub } from '../../src/identity/consumers.ts';
import { records } from '../../src/registries/index.ts';
import { keyOf, registerOther, testMatter } from '../world/callers.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

const person = records.find(({ type }) => type === 'Person')!;
const actor = { by: 'tests', now: '2026-01-01T00:00:00.000Z' };
const document = 'query ($n: String!) { person(idNumber: $n) { name } }';
const grantDocument = 'mutation ($approvalNo: String!, $consumer: String!, $tuples: [GrantTupleInput!]!) { grant(approvalNo: $approvalNo, consumer: $consumer, tuples: $tuples) }';
const tuples = [['RK-0000', ['READ', 'EXIST']], ['RK-0001', ['READ', 'KEY']], ['RK-0002', ['READ']]].map(([item, uses]) => ({ item, uses, matters: [testMatter] }));
const numbers = ['620622198501010016', '620622198501010024', '620622198501010032'] as const;

let city: ServedHub;
let county: ServedHub;
beforeAll(async () => {
  city = await servedHub({ HUB_DIVISION: '620600' });
  await registerOther(city.hub.database, 'other-county', '620623-FG', null);
  await setHub(city.hub.database.sql, 'test-other-county', '620623', actor);
  county = await servedHub({ HUB_CITY_URL: `${city.url}/graphql`, HUB_CITY_KEY: keyOf('other-county'), HUB_CITY_TIMEOUT: '2', HUB_SYNC_POLL: '3600000' });
  await asked(city, 'security', grantDocument, { approvalNo: 'H-CITY', consumer: 'test-other-county', tuples });
  await asked(county, 'security', grantDocument, { approvalNo: 'H-COUNTY', consumer: 'test-civilAffairs', tuples });
  await writeClaims(city.hub.writing(), person, '620600-GA', numbers.map((idNumber, n) => ({ key: `h-${n}`, version: '1', at: '2026-11-20T00:00:00Z', values: { idNumber, name: `城${n}` } })));
}, 120_000);
afterAll(() => county.close().then(() => city.close()));

interface Response {
  readonly data: { readonly person: { readonly name: string } | null };
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function asked({ url }: ServedHub, caller: 'security' | 'civilAffairs', query: string, variables: Readonly<Record<string, unknown>>): Promise<Response> {
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'authorization': `Bearer ${keyOf(caller)}`, 'hub-matter': testMatter }, body: JSON.stringify({ query, variables }) });
  return await response.json() as Response;
}
const passedOn = async (): Promise<number> => (await city.hub.database.sql<{ count: number }[]>`select count(*)::int as count from audit_record r join audit_scope s on s.id = r.scope where s.body like '%Query.passedOn%'`)[0]!.count;

describe('a county below its city', () => {
  test('finds there what it lacks, also where the question is a known one', async () => {
    const local = (await county.hub.database.sql<{ n: string }[]>`select id_number as n from person where id_number is not null limit 1`)[0]!.n;
    expect((await asked(county, 'civilAffairs', document, { n: local })).data.person).toEqual({ name: expect.any(String) });
    expect(await passedOn()).toBe(0);
    // The text was answered before, so this one goes the short way (graphql/known.ts).
    for (const [n, number] of numbers.slice(0, 2).entries()) expect(await asked(county, 'civilAffairs', document, { n: number })).toEqual({ data: { person: { name: `城${n}` } } });
    expect(await passedOn()).toBe(2);
    expect(await asked(county, 'civilAffairs', document, { n: numbers[0] })).toEqual({ data: { person: { name: '城0' } } });
    expect(await passedOn()).toBe(2);
  });

  test('goes on with what it has when the city is gone, and says where it has nothing', async () => {
    await city.hub.close();
    expect(await asked(county, 'civilAffairs', document, { n: numbers[0] })).toEqual({ data: { person: { name: '城0' } } });
    const { data, errors } = await asked(county, 'civilAffairs', document, { n: numbers[2] });
    expect(data).toEqual({ person: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['CITY_UNREACHABLE']);
  });
});
