/**
 * A copy of a certificate that the county lacks: the city is asked for it, as by any look-up by key. Whether it is there is told to nobody
 * whom the case does not concern, and where the city is away it is not said to be absent.
 */
import { afterEach, expect, test } from 'vitest';
import { certificateIdentifierWithCheck } from '../../src/registries/identifiers/index.ts';
import { CityError } from '../../src/sync/city.ts';
import type { CityLookUp } from '../../src/sync/city.ts';
import { callers } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import { grantTo } from '../world/grants.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub | undefined;
afterEach(() => hub?.close());

const matter = 'M-CITY-COPY';
const type = '1110000000010001X0001';
let held: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};
let asked = 0;
const city = (away: boolean): CityLookUp => ({
  lookUp: async (_purpose, of) => {
    asked += 1;
    if (away) throw new CityError('UNREACHABLE', 'The city is away.');
    return of.map(({ keys, fields }) => ({
      shown: fields, refused: null,
      records: keys.flatMap((key) => {
        const values = held[key];
        return values === undefined ? [] : [{ key, id: `city-${key}`, hidden: [], sources: [{ source: '620600-ZS', key, version: '1', changedAt: '2026-11-01T00:00:00Z', deleted: false, effectiveFrom: '2026-01-01', effectiveTo: null, values: Object.fromEntries(Object.entries(values).filter(([field]) => fields.includes(field))) }] }];
      }),
    }));
  },
});

async function openHub(away: boolean): Promise<{ readonly own: string; readonly others: string; readonly absent: string }> {
  hub = await clonedHub({ city: city(away) });
  asked = 0;
  const { idNumbers: [holder = '', stranger = ''] } = await somePeople(hub.database);
  const identifier = (number: string, serial: string): string => certificateIdentifierWithCheck(type, '116206000139480018', `${number}${serial}`, '001');
  const [own, others, absent] = [identifier(holder, 'C1'), identifier(stranger, 'C2'), identifier(holder, 'C3')];
  const certificate = (id: string, number: string) => ({ certificateIdentifier: id, typeCode: type, typeName: '居民身份证', status: '01', validFrom: '2020-01-01', version: '001', issuingAuthorityCode: '116206000139480018', holderCodes: [number], holderCodeTypes: ['111'], holderNames: ['某人'], holderUsccs: [] });
  held = { [own]: certificate(own, holder), [others]: certificate(others, stranger) };
  expect((await hub.ask('steward', 'mutation ($matter: MatterInput!) { registerMatter(matter: $matter) }', { variables: { matter: { code: matter, name: '收件', departmentCode: callers.civilAffairs } } })).errors).toEqual([]);
  const items = [...hub.standing.catalog.items()].flatMap(({ code }) => (code.startsWith('ZZ-01') ? [code] : []));
  expect((await grantTo(hub, 'test-civilAffairs', 'C-1', items.map((item) => ({ item, uses: ['READ', ...(item === 'ZZ-0101' ? ['KEY'] : []), ...(item === 'ZZ-0100' ? ['EXIST'] : [])], matters: [matter] })))).errors).toEqual([]);
  expect((await hub.ask('civilAffairs', 'mutation ($matter: String!, $id: String!) { openCase(matter: $matter, caseNo: "C-1", subjects: [{ idNumber: $id }]) { caseNo } }', { variables: { matter, id: holder } })).errors).toEqual([]);
  return { own, others, absent };
}
const copyOf = (id: string) => hub!.ask('civilAffairs', 'mutation ($id: String!) { issueCopy(certificateIdentifier: $id, cause: "核对身份") { id shown withheld } }', { variables: { id }, headers: { 'hub-matter': matter, 'hub-case': 'C-1', 'hub-operator': 'clerk-1' } });

test('is made of what the city holds, once it was asked; of others of its certificates and of none alike it is refused', async () => {
  const { own, others, absent } = await openHub(false);
  const [first, again] = [await copyOf(own), await copyOf(own)];
  expect([first.errors, again.errors, asked]).toEqual([[], [], 1]);
  expect(first.data['issueCopy']).toMatchObject({ shown: expect.arrayContaining(['typeName', 'status', 'holderNames', 'certificateIdentifier']), withheld: [] });
  const [other, none] = [await copyOf(others), await copyOf(absent)];
  expect(other.errors[0]?.extensions['code']).toBe('BAD_INPUT');
  expect(other.text).toBe(none.text);
}, 90_000);

test('is refused in words of its own where the city is away', async () => {
  const { own, absent } = await openHub(true);
  const [there, none] = [await copyOf(own), await copyOf(absent)];
  expect([there.errors[0]?.extensions['code'], there.text]).toEqual(['CITY_UNREACHABLE', none.text]);
}, 90_000);
