/**
 * What every adapter of the port to the upper hub (src/sync/city.ts) keeps, and the double's own face of it too: a snapshot and then the
 * feed without a gap, what is malformed set apart, and for everything that can go wrong with an answer the one failure that says so.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CityError } from '../../src/sync/city.ts';
import type { ChangeEntry, City, CityLookUp } from '../../src/sync/city.ts';
import { CityDouble, retryAfterSeconds, wireFaults } from './city-double.ts';
import type { WireFault } from './city-double.ts';

const person = (key: string, version = '1', values: Readonly<Record<string, unknown>> = { name: `张${key}` }) => ({ source: '620600-GA', key, version, values });

/** The whole feed behind a cursor. */
async function all(city: City, after: string | null, first = 2): Promise<{ readonly entries: readonly ChangeEntry[]; readonly cursor: string; readonly pages: number }> {
  const entries: ChangeEntry[] = [];
  let cursor = after;
  for (let pages = 1; ; pages++) {
    const page = await city.changes('POPULATION', cursor, first);
    entries.push(...page.entries);
    cursor = page.endCursor;
    if (!page.hasNextPage) return { entries, cursor, pages };
  }
}

/** Registers the contract's tests for what `open` makes of a double. */
export function cityContract(name: string, open: (double: CityDouble) => City & CityLookUp): void {
  describe(name, () => {
    let double: CityDouble;
    let city: City & CityLookUp;
    beforeAll(async () => {
      double = await CityDouble.start();
      double.state.shown.set('Person', ['name', 'idNumber']);
      city = open(double);
    });
    afterAll(async () => {
      await city.close();
      await double.close();
    });

    test('an empty city is in step at once', async () => {
      const page = await city.changes('CREDIT', null, 10);
      expect(page).toMatchObject({ phase: 'FEED', hasNextPage: false, entries: [], malformed: [], behind: 0, epoch: double.state.epoch });
    });

    test('a snapshot in pages, and the feed from where it began: nothing is left out', async () => {
      for (const key of ['a', 'b', 'c', 'd', 'e']) double.state.put('POPULATION', 'Person', person(key));
      const first = await city.changes('POPULATION', null, 2);
      expect(first).toMatchObject({ phase: 'SNAPSHOT', hasNextPage: true, behind: 3 });
      expect(first.shown).toEqual(new Map([['Person', ['name', 'idNumber']]]));
      // What changes during the snapshot comes in the feed behind it.
      double.state.put('POPULATION', 'Person', person('f'));
      double.state.put('POPULATION', 'Person', person('a', '2', { name: '张甲' }));
      const { entries, cursor, pages } = await all(city, first.endCursor);
      expect(pages).toBeGreaterThan(2);
      const told = new Map([...first.entries, ...entries].flatMap(({ sources }) => sources.map((one) => [one.key, one])));
      expect([...told.keys()].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
      expect(told.get('a')).toEqual({ source: '620600-GA', key: 'a', version: '2', changedAt: '2026-11-20T00:00:00Z', deleted: false, effectiveFrom: null, effectiveTo: null, values: { name: '张甲' } });
      expect((await all(city, cursor)).entries).toEqual([]);
    });

    test('what is gone and what may be had no more is told without values', async () => {
      const { cursor } = await all(city, null);
      const [gone, lost] = [double.state.put('POPULATION', 'Person', person('g')), double.state.put('POPULATION', 'Person', person('h'))];
      double.state.remove(gone);
      double.state.remove(lost, 'RIGHT_LOST');
      const { entries } = await all(city, cursor, 10);
      expect(entries.filter(({ kind }) => kind !== 'UPSERT').map(({ kind, id }) => [kind, id])).toEqual(expect.arrayContaining([['TOMBSTONE', gone], ['RIGHT_LOST', lost]]));
      for (const { sources } of entries.filter(({ kind }) => kind === 'RIGHT_LOST')) expect(sources).toMatchObject([{ deleted: true, values: {}, version: '1' }]);
    });

    test('an entry that is not of its form is set apart with where it stands, and the others are taken', async () => {
      const { cursor } = await all(city, null);
      const entry = { kind: 'UPSERT', type: 'Person', id: 'x', hidden: [] };
      const whole = { source: '620600-GA', key: 'k', version: '1', changedAt: '2026-11-20T00:00:00Z', deleted: false, effectiveFrom: null, effectiveTo: null, values: {} };
      double.state.push('POPULATION', { ...entry, kind: 'MERGED', sources: [whole] });
      double.state.push('POPULATION', { ...entry, sources: [{ ...whole, version: undefined }, { ...whole, key: 'l' }] });
      double.state.push('POPULATION', { ...entry, sources: [{ ...whole, changedAt: 'yesterday' }] });
      const page = await city.changes('POPULATION', cursor, 10);
      expect(page.malformed.map(({ field, missing, key, cursor: at }) => ({ field, missing, key, at: at !== null }))).toEqual([
        { field: 'kind', missing: false, key: null, at: true }, { field: 'version', missing: true, key: 'k', at: true }, { field: 'changedAt', missing: false, key: 'k', at: true },
      ]);
      expect(page.entries.flatMap(({ sources }) => sources.map(({ key }) => key))).toEqual(['l']);
      expect(JSON.parse(page.malformed[1]?.raw ?? '')).toMatchObject({ type: 'Person', sources: [{ key: 'k' }] });
    });

    test('the conditions of sharing, and a digest that moves with them', async () => {
      const before = (await city.changes('CREDIT', null, 1)).conditions;
      double.state.setConditions([{ item: 'RK-0007', shareType: 'CONDITIONAL', condition: '办理户籍业务' }]);
      expect(await city.conditions('POPULATION')).toEqual(double.state.conditions);
      expect((await city.changes('CREDIT', null, 1)).conditions).not.toBe(before);
    });

    test('a city that was restored from a backup says that the cursor leads nowhere', async () => {
      const { cursor } = await all(city, null);
      double.state.restore(2);
      const failed = await city.changes('POPULATION', cursor, 10).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(CityError);
      expect((failed as CityError).failure).toBe('EPOCH_CHANGED');
      expect((await city.changes('POPULATION', null, 10)).epoch).toBe(double.state.epoch);
    });

    for (const odd of ['gap', 'shortened', 'skipped'] as const) {
      test(`a page of which entries are missing (${odd}) is none; twice or in another order they are a page`, async () => {
        const { cursor } = await all(city, null);
        for (const key of ['o', 'p', 'q']) double.state.put('POPULATION', 'Person', person(`${odd}-${key}`));
        double.oddAlways(odd);
        const failed = await city.changes('POPULATION', cursor, 2).catch((error: unknown) => error);
        expect(failed).toBeInstanceOf(CityError);
        expect((failed as CityError).failure).toBe('BROKEN');
        for (const harmless of ['duplicated', 'reordered'] as const) {
          double.oddAlways(harmless);
          expect(new Set((await city.changes('POPULATION', cursor, 2)).entries.map(({ sources }) => sources[0]?.key))).toEqual(new Set([`${odd}-o`, `${odd}-p`]));
        }
        double.oddAlways(null);
        expect((await all(city, cursor)).entries).toHaveLength(3);
      });
    }

    test('looks records up by their keys: the fields that are wanted and shown, of those who are there', async () => {
      double.state.put('POPULATION', 'Person', person('k1', '1', { name: '张丁', idNumber: '620622198501010016', phone: '1' }));
      const purpose = { matter: 'M', caseNo: null, operator: '经办', behalf: '620623-MZ' };
      const [persons, others] = await city.lookUp(purpose, [{ type: 'Person', keys: ['620622198501010016', '620622198501010024'], fields: ['name', 'phone'] }, { type: 'Certificate', keys: ['c'], fields: ['typeCode'] }]);
      expect(persons).toMatchObject({ shown: ['name'], refused: null, records: [{ key: '620622198501010016', hidden: [], sources: [{ source: '620600-GA', key: 'k1', version: '1', deleted: false, values: { name: '张丁' } }] }] });
      expect(persons?.records[0]?.sources[0]?.values).toEqual({ name: '张丁' });
      expect(others).toMatchObject({ shown: [], records: [], refused: expect.any(String) });
    });

    for (const [fault, failure] of Object.entries(wireFaults) as [WireFault, CityError['failure']][]) {
      test(`${fault}: ${failure}, and the next answer is whole`, async () => {
        await city.changes('POPULATION', null, 3);
        double.failAlways(fault);
        const failed = await city.changes('POPULATION', null, 3).catch((error: unknown) => error);
        double.failAlways(null);
        expect(failed).toBeInstanceOf(CityError);
        expect((failed as CityError).failure).toBe(failure);
        expect((failed as CityError).message).not.toMatch(/张|6206/);
        if (failure === 'BUSY') expect((failed as CityError).retryAfterMs).toBe(retryAfterSeconds * 1000);
        expect((await city.changes('POPULATION', null, 3)).entries).toHaveLength(3);
      });

      test(`${fault} of a look-up: ${failure}`, async () => {
        const lookUp = () => city.lookUp({ matter: null, caseNo: null, operator: null, behalf: null }, [{ type: 'Person', keys: ['620622198501010016'], fields: ['name'] }]);
        await lookUp();
        double.failAlways(fault);
        const failed = await lookUp().catch((error: unknown) => error);
        double.failAlways(null);
        expect((failed as CityError).failure).toBe(failure);
        expect((await lookUp())[0]?.records).toHaveLength(1);
      });
    }
  });
}
