/**
 * The golden record: the tables say who is believed, the properties that nothing of the arrival is left in it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyChange, compareVersions, mergeSources, type SourceChange, type SourceOrder, type SourceRecord,
} from '../../src/records/merge.ts';

const t1 = '2026-01-01T00:00:00Z';
const t2 = '2026-01-02T00:00:00Z';
const from = (source: string, values: SourceRecord['values'], more: Partial<SourceRecord> = {}): SourceRecord =>
  ({ source, key: 'k', version: '1', at: t1, values, ...more });

const order: SourceOrder = { default: ['police', 'city', '*', 'county'], fields: { maritalStatusCode: ['civil'], phone: ['*', 'police'] } };

describe('mergeSources', () => {
  test('each field comes from the best source that told it; provenance lists only what the winner did not give', () => {
    const golden = mergeSources([
      from('county', { name: 'x', phone: '1', note: 'n' }),
      from('city', { name: 'y', birthDate: '2001-01-01' }, { version: '7', at: t2 }),
      from('police', { name: 'z' }),
    ], order);
    expect(golden).toEqual({
      values: { name: 'z', birthDate: '2001-01-01', phone: '1', note: 'n' },
      provenance: {
        source: 'police', version: '1', at: t1,
        fields: {
          birthDate: { source: 'city', version: '7', at: t2 },
          note: { source: 'county', version: '1', at: t1 },
          phone: { source: 'county', version: '1', at: t1 },
        },
      },
    });
  });

  test.each<[string, SourceRecord[], unknown, string]>([
    ['told to be empty beats what a lesser source knows', [from('police', { a: null }), from('city', { a: 1 })], null, 'police'],
    ['not told does not', [from('police', { a: undefined }), from('city', { a: 1 })], 1, 'city'],
    ['a newer lesser source does not win', [from('police', { a: 1 }), from('city', { a: 2 }, { version: '9', at: t2 })], 1, 'police'],
    ['any other source beats one named after the star', [from('county', { a: 1 }), from('health', { a: 2 })], 2, 'health'],
    ['a deleted source tells nothing', [from('police', { a: 1 }, { deleted: true }), from('city', { a: 2 })], 2, 'city'],
    ['of equals the newer version, as a number', [from('x', { a: 1 }, { version: '9' }), from('y', { a: 2 }, { version: '10' })], 2, 'y'],
    ['... even if its instant is earlier', [from('x', { a: 1 }, { at: t2 }), from('y', { a: 2 }, { version: '2' })], 2, 'y'],
    ['then the later instant', [from('y', { a: 1 }), from('x', { a: 2 }, { at: t2 })], 2, 'x'],
    ['then the source code', [from('y', { a: 1 }), from('x', { a: 2 })], 2, 'x'],
    ['two keys of one source: the newer', [from('x', { a: 1 }, { key: '1' }), from('x', { a: 2 }, { key: '2', at: t2 })], 2, 'x'],
    ['two versions of one record: the newer whole', [from('x', { a: 1, b: 1 }), from('x', { a: 2 }, { version: '2' })], 2, 'x'],
    ['... even if it is a deletion', [from('police', { a: 1 }), from('police', {}, { version: '2', deleted: true }), from('city', { a: 3 })], 3, 'city'],
  ])('%s', (_, sources, value, source) => {
    for (const arrival of [sources, sources.toReversed()]) {
      const golden = mergeSources(arrival, order)!;
      expect(golden.values['a']).toBe(value);
      expect((golden.provenance.fields['a'] ?? golden.provenance).source).toBe(source);
      expect(golden.values).not.toHaveProperty('b');
    }
  });

  test("a field's own order comes first, the default order decides what it leaves open", () => {
    const married = (sources: SourceRecord[]) => mergeSources(sources, order)!.values['maritalStatusCode'];
    const [civil, police, city] = ['civil', 'police', 'city'].map((source) => from(source, { maritalStatusCode: source }));
    expect(married([police!, city!, civil!])).toBe('civil');
    expect(married([{ ...city!, version: '9' }, police!])).toBe('police');
    expect(mergeSources([from('police', { phone: 1 }), from('county', { phone: 2 })], order)!.values['phone']).toBe(2);
  });

  test('a source that nobody named comes last when there is no star', () => {
    expect(mergeSources([from('x', { a: 1 }), from('b', { a: 2 })], { default: ['a', 'b'] })!.values['a']).toBe(2);
  });

  test('the record may be won by a source that told no field', () => {
    expect(mergeSources([from('police', {}), from('city', { a: 1 })], order)!.provenance)
      .toEqual({ source: 'police', version: '1', at: t1, fields: { a: { source: 'city', version: '1', at: t1 } } });
  });

  test('nothing left is null', () => {
    expect(mergeSources([], order)).toBeNull();
    expect(mergeSources([from('police', { a: 1 }, { deleted: true }), from('city', {}, { deleted: true })], order)).toBeNull();
  });

  test('a field may be called anything', () => {
    const values = JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, unknown>;
    const golden = mergeSources([from('police', {}), from('city', values)], order)!;
    expect(Object.entries(golden.values)).toEqual([['__proto__', 1], ['constructor', 2]]);
    expect(Object.keys(golden.provenance.fields)).toEqual(['__proto__', 'constructor']);
  });
});

describe('applyChange', () => {
  const known = from('police', { a: 1, b: 2 }, { version: '5' });
  const change = (values: SourceRecord['values'], more: Partial<SourceChange> = {}): SourceChange => ({ ...from('police', values, { version: '6' }), ...more });

  test('the first change is applied', () => {
    expect(applyChange(null, change({ a: 1, b: undefined }))).toEqual({ outcome: 'applied', record: from('police', { a: 1 }, { version: '6' }) });
  });

  test('absent keeps, null empties, whole forgets what it does not name', () => {
    expect(applyChange(known, change({ a: null })).record.values).toEqual({ a: null, b: 2 });
    expect(applyChange(known, change({ a: undefined, c: 3 })).record.values).toEqual({ a: 1, b: 2, c: 3 });
    expect(applyChange(known, change({ a: null }, { whole: true })).record).toEqual(from('police', { a: null }, { version: '6' }));
  });

  test('a deletion keeps no values, and nothing comes back to life after it', () => {
    const gone = applyChange(known, change({ a: 9 }, { deleted: true })).record;
    expect(gone).toEqual(from('police', {}, { version: '6', deleted: true }));
    const again = applyChange(gone, change({ b: 3 }, { version: '7' })).record;
    expect(again).toEqual(from('police', { b: 3 }, { version: '7' }));
    expect(applyChange({ ...known, deleted: true }, change({ c: 1 })).record.values).toEqual({ c: 1 });
  });

  test('an older version is stale, even if its instant is later', () => {
    expect(applyChange(known, change({ a: 9 }, { version: '4', at: t2 }))).toEqual({ outcome: 'stale', record: known });
    expect(applyChange({ ...known, version: '10' }, change({ a: 9 }, { version: '9' })).outcome).toBe('stale');
  });

  test('the same version with the same content is a duplicate; a later instant is learned', () => {
    expect(applyChange(known, change({ b: 2 }, { version: '5' }))).toEqual({ outcome: 'duplicate', record: known });
    expect(applyChange(known, change({ b: 2 }, { version: '5', at: t2 }))).toEqual({ outcome: 'duplicate', record: { ...known, at: t2 } });
    const gone = from('police', {}, { deleted: true });
    expect(applyChange(gone, { ...gone, values: { a: 1 } })).toEqual({ outcome: 'duplicate', record: gone });
  });

  test('the same version with another content: the later instant is kept, and somebody is told', () => {
    const later = change({ a: 9 }, { version: '5', at: t2 });
    expect(applyChange(known, later)).toEqual({
      outcome: 'conflict', kept: 'change', decidedBy: 'at', lost: known, record: { ...known, at: t2, values: { a: 9, b: 2 } },
    });
    expect(applyChange({ ...known, at: t2 }, { ...later, at: t1 })).toMatchObject({
      outcome: 'conflict', kept: 'previous', decidedBy: 'at', record: { values: { a: 1, b: 2 } }, lost: { values: { a: 9, b: 2 } },
    });
  });

  test('one version and instant spelled in two ways: which spelling stays does not hang on arrival', () => {
    for (const other of [{ version: '06' }, { at: '2026-01-01T00:00:00.000Z' }]) {
      const [plain, spelled] = [change({ a: 1 }), change({ a: 1 }, other)];
      const [ab, ba] = [applyChange(applyChange(null, plain).record, spelled), applyChange(applyChange(null, spelled).record, plain)];
      expect([ab.outcome, ba.outcome]).toEqual(['duplicate', 'duplicate']);
      expect(ab.record).toEqual(ba.record);
    }
  });

  test('nothing to decide by: a tie, the same on every side; a deletion wins it', () => {
    const one = change({ a: 1 }, { whole: true });
    const other = change({ a: 2 }, { whole: true });
    const [ab, ba] = [applyChange(applyChange(null, one).record, other), applyChange(applyChange(null, other).record, one)];
    expect(ab).toMatchObject({ outcome: 'conflict', decidedBy: 'tie' });
    expect(ab.record).toEqual(ba.record);
    expect(applyChange(known, change({}, { version: '5', deleted: true })).record.deleted).toBe(true);
  });

  test('a change of another record is refused', () => {
    expect(() => applyChange(known, change({}, { key: 'other' }))).toThrow(TypeError);
    expect(() => applyChange(known, change({}, { source: 'city' }))).toThrow(TypeError);
  });
});

describe('compareVersions', () => {
  test.each([
    ['9', '10'], ['2', '10'], ['99999999999999999998', '99999999999999999999'], ['9', '9-fix'], ['9-fix', '10'], ['9', 'v9'],
    ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'], ['v10', 'v9'],
  ])('%s is older than %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });
  test('007 is 7', () => expect(compareVersions('007', '7')).toBe(0));
});

describe('properties', () => {
  const runs = { numRuns: 600 };
  const someVersion = fc.constantFrom('1', '2', '02', '10', '10a', '1a', 'v1');
  const someAt = fc.constantFrom(t1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.5Z', t2);
  const someValues = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.constantFrom(1, 2, null, undefined, { x: [1] }), { maxKeys: 3 });
  const someRecord: fc.Arbitrary<SourceRecord> = fc.record({
    source: fc.constantFrom('p', 'q', 'r', 's'), key: fc.constantFrom('1', '2'), version: someVersion, at: someAt, values: someValues, deleted: fc.constantFrom(false, false, true),
  });
  const someList = fc.shuffledSubarray(['p', 'q', 'r', '*']);
  const someOrder: fc.Arbitrary<SourceOrder> = fc.record({ default: someList, fields: fc.dictionary(fc.constantFrom('a', 'b'), someList) });
  const shuffled = <T>(list: fc.Arbitrary<T[]>) => list.chain((one) => fc.tuple(fc.constant(one), fc.shuffledSubarray(one, { minLength: one.length })));

  test('versions and instants are in one order', () => {
    fc.assert(fc.property(fc.array(fc.oneof(someVersion, fc.stringMatching(/^[0-9a-c]{0,4}$/)), { minLength: 3, maxLength: 3 }), ([a, b, c]) => {
      expect(Math.sign(compareVersions(a!, b!)) + Math.sign(compareVersions(b!, a!))).toBe(0);
      if (compareVersions(a!, b!) <= 0 && compareVersions(b!, c!) <= 0) expect(compareVersions(a!, c!)).toBeLessThanOrEqual(0);
    }), { numRuns: 5000 });
  });

  test('the order of sources leaves no trace, not even in the bytes; twice is once', () => {
    fc.assert(fc.property(shuffled(fc.array(someRecord, { maxLength: 8 })), someOrder, ([sources, other], by) => {
      const golden = JSON.stringify(mergeSources(sources, by));
      expect(JSON.stringify(mergeSources(other, by))).toBe(golden);
      expect(JSON.stringify(mergeSources([...sources, ...other], by))).toBe(golden);
    }), runs);
  });

  test('every value is one that its origin told, and no source of a better rank told that field', () => {
    fc.assert(fc.property(fc.uniqueArray(someRecord, { maxLength: 6, selector: (one) => `${one.source}/${one.key}` }), someOrder, (sources, by) => {
      const live = sources.filter((one) => one.deleted !== true);
      const golden = mergeSources(sources, by);
      expect(golden === null).toBe(live.length === 0);
      if (golden === null) return;
      const place = (source: string, list: readonly string[]) => {
        const named = list.includes(source) ? source : '*';
        return list.includes(named) ? list.indexOf(named) : 99;
      };
      const names = new Set(live.flatMap((one) => Object.entries(one.values).filter(([, value]) => value !== undefined).map(([name]) => name)));
      expect(new Set(Object.keys(golden.values))).toEqual(names);
      for (const name of names) {
        const origin = Object.hasOwn(golden.provenance.fields, name) ? golden.provenance.fields[name]! : golden.provenance;
        const list = by.fields !== undefined && Object.hasOwn(by.fields, name) ? by.fields[name]! : by.default;
        const tellers = live.filter((one) => Object.hasOwn(one.values, name) && one.values[name] !== undefined);
        expect(tellers.some((one) => one.source === origin.source && one.version === origin.version && one.at === origin.at && one.values[name] === golden.values[name])).toBe(true);
        for (const one of tellers) expect(place(one.source, list)).toBeGreaterThanOrEqual(place(origin.source, list));
      }
      for (const one of live) expect(place(one.source, by.default)).toBeGreaterThanOrEqual(place(golden.provenance.source, by.default));
      for (const origin of Object.values(golden.provenance.fields)) expect(origin).not.toEqual({ source: golden.provenance.source, version: golden.provenance.version, at: golden.provenance.at });
    }), runs);
  });

  /** What the sources have told after these changes, by source and key. */
  function received(changes: readonly SourceChange[]): SourceRecord[] {
    const store = new Map<string, SourceRecord>();
    for (const change of changes) {
      const id = `${change.source}/${change.key}`;
      store.set(id, applyChange(store.get(id) ?? null, change).record);
    }
    return [...store.values()];
  }

  test('whole records may arrive in any order and as often as they like', () => {
    const someChanges = fc.array(someRecord.map((one): SourceChange => ({ ...one, whole: true })), { maxLength: 8 });
    fc.assert(fc.property(shuffled(someChanges), someOrder, ([changes, other], by) => {
      const golden = JSON.stringify(mergeSources(received(changes), by));
      expect(JSON.stringify(mergeSources(received(other), by))).toBe(golden);
      expect(JSON.stringify(mergeSources(received([...changes, ...other, ...changes]), by))).toBe(golden);
      // ... and what was kept of each is what merging everything at once believes.
      expect(JSON.stringify(mergeSources(changes, by))).toBe(golden);
    }), runs);
  });

  test('masks in the order of their source may mix with other sources, and be replayed from any point', () => {
    const someFeed = (source: string) => fc.array(fc.record({ values: someValues, whole: fc.boolean(), deleted: fc.constantFrom(false, false, true) }), { maxLength: 5 })
      .map((list) => list.map((one, i): SourceChange => ({ ...one, source, key: '1', version: String(i + 8), at: t1 })));
    fc.assert(fc.property(someFeed('p'), someFeed('q'), fc.array(fc.boolean(), { maxLength: 10 }), fc.nat(10), someOrder, (p, q, picks, back, by) => {
      const [left, right] = [[...p], [...q]];
      const mixed: SourceChange[] = [];
      for (const pick of picks) mixed.push(...(pick ? left : right).splice(0, 1));
      mixed.push(...right, ...left);
      const golden = JSON.stringify(mergeSources(received([...p, ...q]), by));
      expect(JSON.stringify(mergeSources(received(mixed), by))).toBe(golden);
      expect(JSON.stringify(mergeSources(received([...mixed, ...mixed.slice(back)]), by))).toBe(golden);
    }), runs);
  });

  test('the same change twice is a duplicate', () => {
    fc.assert(fc.property(fc.option(someRecord.map((one) => ({ ...one, source: 'p', key: '1' }))), someRecord, fc.boolean(), (previous, one, whole) => {
      const change: SourceChange = { ...one, source: 'p', key: '1', whole };
      const first = applyChange(previous, change);
      const second = applyChange(first.record, change);
      expect(second.record).toEqual(first.record);
      if (first.outcome === 'applied') expect(second.outcome).toBe('duplicate');
      if (first.outcome === 'conflict' && first.kept === 'change') expect(second.outcome).toBe('duplicate');
    }), runs);
  });
});
