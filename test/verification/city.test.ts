/**
 * Claims about subjects that the county lacks: the city is asked as by any look-up by key, and where it does not answer nobody learns by
 * that whether somebody is there who may not.
 */
import { afterEach, expect, test } from 'vitest';
import { CityError } from '../../src/sync/city.ts';
import type { CityLookUp } from '../../src/sync/city.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { clonedHub } from '../world/hub.ts';
import type { Answer, TestHub } from '../world/hub.ts';
import { somePeople } from '../world/facts.ts';

let hub: TestHub | undefined;
afterEach(() => hub?.close());

const asked: string[][] = [];
/** A city that knows nobody, or is away. */
const city = (away: boolean): CityLookUp => ({
  lookUp: async (_purpose, of) => {
    asked.push(of.flatMap(({ keys }) => [...keys]));
    if (away) throw new CityError('UNREACHABLE', 'The city is away.');
    return of.map(() => ({ shown: ['idNumber', 'name'], records: [], refused: null }));
  },
});
const verify = (idNumber: string): Promise<Answer> => hub!.ask('market', 'query ($n: String!) { verify(subject: { idNumber: $n }, claims: [{ field: "name", value: "某人" }]) { verdict } }', { variables: { n: idNumber } });
const withoutExist = (own: CatalogItem): CatalogItem => (own.code === 'RK-0000' ? { ...own, shareType: 'CONDITIONAL', condition: 'of a test' } : own);

test('whom the county lacks the city is asked for, and whom it has not', async () => {
  hub = await clonedHub({ city: city(false) });
  const { nobody, idNumbers } = await somePeople(hub.database);
  asked.length = 0;
  expect((await verify(nobody)).data['verify']).toEqual([{ verdict: 'NO_RECORD' }]);
  expect(asked).toEqual([[nobody]]);
  expect((await verify(idNumbers[0]!)).data['verify']).toEqual([{ verdict: 'MISMATCH' }]);
  expect(asked).toHaveLength(1);
}, 60_000);

test('where the city is away, that is told to whoever may know of records', async () => {
  hub = await clonedHub({ city: city(true) });
  const { nobody } = await somePeople(hub.database);
  const { data, errors } = await verify(nobody);
  expect(errors[0]?.extensions['code']).toBe('CITY_UNREACHABLE');
  expect(data?.['verify'] ?? null).toBeNull();
}, 60_000);

test('and to nobody else', async () => {
  hub = await clonedHub({ city: city(true), item: withoutExist });
  const { nobody, idNumbers } = await somePeople(hub.database);
  const [absent, there] = [await verify(nobody), await verify(idNumbers[0]!)];
  expect(absent.text).toBe(there.text);
  expect(absent.data['verify']).toEqual([{ verdict: 'MISMATCH' }]);
}, 60_000);
