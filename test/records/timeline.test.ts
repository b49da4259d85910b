/**
 * The bitemporal history of one record against a brute-force model: a map day → values, one for every instant of
 * recording. The tables name the cases that people will ask about; the properties look for the ones nobody thought of.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterSplice, canonicalText, compareInstants, currentOf, FOREVER, knownOf, nextChangeAfter, sameValues, splice, spliceAll, valueAt,
  type Change, type Values, type Version,
} from '../../src/records/timeline.ts';

const at = (step: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, step)).toISOString();
const version = (from: string, to: string, values: Values, recordedFrom = at(0), recordedTo = FOREVER): Version =>
  ({ from, to, values, recordedFrom, recordedTo });

/** A history made by changes recorded at at(1), at(2), ... */
function told(...changes: Change[]): Version[] {
  let history: Version[] = [];
  changes.forEach((change, i) => {
    history = afterSplice(history, splice(knownOf(history), change, at(i + 1)), at(i + 1));
  });
  return history;
}

const shown = (history: readonly Version[]) => knownOf(history).map(({ from, to, values }) => [from, to, values]);
const born = { from: '2001-01-01', to: FOREVER, set: { name: '扎西', village: 'A' } } as const;

describe('splice', () => {
  test('a new record is one version, open at both of its ends', () => {
    expect(splice([], born, at(1))).toEqual({ close: [], insert: [version('2001-01-01', FOREVER, born.set, at(1))] });
  });

  test('a move cuts the version that held and hands back the very object to close', () => {
    const history = [{ ...version('2001-01-01', FOREVER, born.set), rowId: 7 }];
    const result = splice(history, { from: '2020-05-01', to: FOREVER, patch: { village: 'B' } }, at(1));
    expect(result.close[0]).toBe(history[0]);
    expect(result.insert).toEqual([
      version('2001-01-01', '2020-05-01', { name: '扎西', village: 'A' }, at(1)),
      version('2020-05-01', FOREVER, { name: '扎西', village: 'B' }, at(1)),
    ]);
  });

  test('a correction of the past splits, and what was known before stays readable', () => {
    const history = told(born, { from: '2005-01-01', to: '2006-01-01', patch: { village: 'C' } });
    expect(shown(history)).toEqual([
      ['2001-01-01', '2005-01-01', { name: '扎西', village: 'A' }],
      ['2005-01-01', '2006-01-01', { name: '扎西', village: 'C' }],
      ['2006-01-01', FOREVER, { name: '扎西', village: 'A' }],
    ]);
    expect(valueAt(history, '2005-06-01', at(1))).toEqual({ name: '扎西', village: 'A' });
    expect(valueAt(history, '2005-06-01', at(2))).toEqual({ name: '扎西', village: 'C' });
    expect(valueAt(history, '2005-06-01', at(0))).toBeNull();
  });

  test('a correction taken back coalesces to the one version of before, in new rows', () => {
    const history = told(born, { from: '2005-01-01', to: '2006-01-01', patch: { village: 'C' } },
      { from: '2005-01-01', to: '2006-01-01', patch: { village: 'A' } });
    expect(shown(history)).toEqual([['2001-01-01', FOREVER, born.set]]);
    expect(valueAt(history, '2005-06-01', at(2))).toEqual({ name: '扎西', village: 'C' });
  });

  test('a patch over several versions changes each of them only in the patched field', () => {
    const history = told(born, { from: '2010-01-01', to: FOREVER, patch: { village: 'B' } },
      { from: '2005-01-01', to: '2015-01-01', patch: { name: '扎西才让' } });
    expect(shown(history)).toEqual([
      ['2001-01-01', '2005-01-01', { name: '扎西', village: 'A' }],
      ['2005-01-01', '2010-01-01', { name: '扎西才让', village: 'A' }],
      ['2010-01-01', '2015-01-01', { name: '扎西才让', village: 'B' }],
      ['2015-01-01', FOREVER, { name: '扎西', village: 'B' }],
    ]);
  });

  test('deletion cuts, re-creation starts from what is told then', () => {
    const history = told(born, { from: '2010-01-01', to: FOREVER, delete: true },
      { from: '2012-01-01', to: FOREVER, patch: { village: 'B' } });
    expect(shown(history)).toEqual([['2001-01-01', '2010-01-01', born.set], ['2012-01-01', FOREVER, { village: 'B' }]]);
    expect(valueAt(history, '2011-01-01', at(3))).toBeNull();
    expect(valueAt(history, '2011-01-01', at(1))).toEqual(born.set);
  });

  test('a patch across a gap fills the gap with only what it patches', () => {
    const history = [version('2001-01-01', '2002-01-01', { a: 1 }), version('2003-01-01', '2004-01-01', { a: 2 })];
    const result = splice(history, { from: '2001-06-01', to: '2005-01-01', patch: { b: 1 } }, at(1));
    expect(result.insert.map(({ from, to, values }) => [from, to, values])).toEqual([
      ['2001-01-01', '2001-06-01', { a: 1 }],
      ['2001-06-01', '2002-01-01', { a: 1, b: 1 }],
      ['2002-01-01', '2003-01-01', { b: 1 }],
      ['2003-01-01', '2004-01-01', { a: 2, b: 1 }],
      ['2004-01-01', '2005-01-01', { b: 1 }],
    ]);
  });

  test('null empties a field, an absent or undefined field is left alone', () => {
    const one = told(born, { from: '2001-01-01', to: FOREVER, patch: { village: null, name: undefined } });
    expect(shown(one)).toEqual([['2001-01-01', FOREVER, { name: '扎西', village: null }]]);
    const other = told(born, { from: '2001-01-01', to: FOREVER, set: { village: null, name: undefined } });
    expect(shown(other)).toEqual([['2001-01-01', FOREVER, { village: null }]]);
  });

  test('versions that the change does not touch are left alone', () => {
    const history = [version('2001-01-01', '2002-01-01', { a: 1 }), version('2002-01-01', '2003-01-01', { a: 2 })];
    const result = splice(history, { from: '2003-01-01', to: FOREVER, set: { a: 3 } }, at(1));
    expect(result).toEqual({ close: [], insert: [version('2003-01-01', FOREVER, { a: 3 }, at(1))] });
  });

  test.each<[string, Change]>([
    ['the same values again', born],
    ['the same values in another order of keys', { ...born, set: { village: 'A', name: '扎西' } }],
    ['a part of the period again', { from: '2003-01-01', to: '2004-01-01', patch: { village: 'A' } }],
    ['a patch that tells nothing, over a record and over none', { from: '1990-01-01', to: FOREVER, patch: {} }],
    ['a patch of undefined over none', { from: '1990-01-01', to: '1991-01-01', patch: { village: undefined } }],
    ['the deletion of nothing', { from: '1990-01-01', to: '2001-01-01', delete: true }],
  ])('writes nothing: %s', (_, change) => {
    expect(splice(knownOf(told(born)), change, at(9))).toEqual({ close: [], insert: [] });
  });

  test('changes of one instant are one write: undone ones write nothing, steps between leave no version', () => {
    const history = knownOf(told(born));
    const move: Change = { from: '2020-01-01', to: FOREVER, patch: { village: 'B' } };
    expect(spliceAll(history, [move, { ...move, patch: { village: 'A' } }], at(2))).toEqual({ close: [], insert: [] });
    expect(spliceAll(history, [move, { ...move, patch: { village: 'C' } }], at(2)).insert).toHaveLength(2);
  });

  test('a version that was replaced at the instant of its own making is not kept: nobody ever knew it', () => {
    const first = afterSplice([], splice([], born, at(1)), at(1));
    const second = afterSplice(first, splice(first, { ...born, set: { name: '卓玛' } }, at(1)), at(1));
    expect(second).toEqual([version('2001-01-01', FOREVER, { name: '卓玛' }, at(1))]);
  });

  test.each<[string, () => unknown]>([
    ['an empty period', () => splice([], { from: '2001-01-01', to: '2001-01-01', delete: true }, at(1))],
    ['a date that text cannot order', () => splice([], { from: '20010101', to: FOREVER, delete: true }, at(1))],
    ['a moment for a day', () => splice([], { from: '2001-01-01T00:00:00Z', to: FOREVER, delete: true }, at(1))],
    ['overlapping versions', () => splice([version('2001-01-01', '2003-01-01', {}), version('2002-01-01', FOREVER, {})], born, at(1))],
    ['versions out of order', () => splice([version('2003-01-01', FOREVER, {}), version('2001-01-01', '2002-01-01', {})], born, at(1))],
    ['closed versions', () => splice([version('2001-01-01', FOREVER, {}, at(0), at(1))], born, at(1))],
    ['a clock that went back', () => splice([version('2001-01-01', FOREVER, {}, at(5))], born, at(4))],
    ['an instant with another offset', () => splice([version('2001-01-01', FOREVER, {})], born, '2026-01-01T08:00:00+08:00')],
  ])('refuses %s', (_, run) => expect(run).toThrow(RangeError));

  test('refuses values that it cannot see into', () => {
    const history = [version('2001-01-01', FOREVER, { on: new Date(0) })];
    expect(() => splice(history, { from: '2001-01-01', to: FOREVER, set: { on: new Date(1) } }, at(1))).toThrow(TypeError);
  });
});

describe('today', () => {
  const history = told(born, { from: '2030-01-01', to: '2031-01-01', patch: { village: 'B' } }, { from: '2040-01-01', to: FOREVER, delete: true });

  test.each([
    ['2000-12-31', undefined, '2001-01-01'],
    ['2001-01-01', 'A', '2030-01-01'],
    ['2029-12-31', 'A', '2030-01-01'],
    ['2030-01-01', 'B', '2031-01-01'],
    ['2031-01-01', 'A', '2040-01-01'],
    ['2040-01-01', undefined, null],
  ])('on %s the village is %s and changes next on %s', (today, village, next) => {
    expect(currentOf(history, today)?.values['village']).toBe(village);
    expect(nextChangeAfter(history, today)).toBe(next);
  });

  test('rows that touch with equal values are no change, and are healed by the next write only once', () => {
    const loose = [version('2001-01-01', '2010-01-01', { a: 1 }), version('2010-01-01', FOREVER, { a: 1 })];
    expect(nextChangeAfter(loose, '2005-01-01')).toBeNull();
    const healed = afterSplice(loose, splice(loose, { from: '2003-01-01', to: '2004-01-01', patch: { a: 1 } }, at(1)), at(1));
    expect(shown(healed)).toEqual([['2001-01-01', FOREVER, { a: 1 }]]);
  });
});

test('instants of different precision compare by time', () => {
  const sorted = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000001Z', '2026-01-01T00:00:00.45Z', '2026-01-01T00:00:00.5Z', '2026-01-01T00:00:01Z', FOREVER];
  expect(sorted.toReversed().sort(compareInstants)).toEqual(sorted);
  expect(compareInstants('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z')).toBe(0);
  expect(compareInstants('2026-01-01T00:00:00.500Z', '2026-01-01T00:00:00.5Z')).toBe(0);
});

test('content is compared deeply, whatever the order of keys; absent is not null, 1 is not "1"', () => {
  expect(sameValues({ g: { type: 'Point', at: [1, 2] }, x: undefined }, { g: { at: [1, 2], type: 'Point' } })).toBe(true);
  expect(sameValues({ a: null }, {})).toBe(false);
  expect(sameValues({ a: null }, { b: null })).toBe(false);
  expect(sameValues({ a: 1 }, { a: '1' })).toBe(false);
  expect(sameValues({ toString: null }, { a: null })).toBe(false);
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
    expect(canonicalText(structuredClone(a))).toBe(canonicalText(a));
    if (canonicalText(a) === canonicalText(b)) expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)));
  }));
});

test('keys in order or not make the same text', () => {
  const turned = (value: unknown, order: (keys: string[]) => string[]): unknown => {
    if (Array.isArray(value)) return value.map((one) => turned(one, order));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(order(Object.keys(value)).map((key) => [key, turned((value as Values)[key], order)]));
  };
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = canonicalText(value);
    for (const order of [(keys: string[]) => keys.toSorted(), (keys: string[]) => keys.toSorted().toReversed()]) expect(canonicalText(turned(value, order))).toBe(text);
  }));
  expect(canonicalText({ a: undefined, b: [undefined, -0] })).toBe('{"b":[null,0]}');
  expect(canonicalText({ b: 1, a: undefined })).toBe('{"b":1}');
});

describe('against the model', () => {
  // A calendar so small that changes meet, touch and cover each other all the time. The last day stands for all after it.
  const days = Array.from({ length: 10 }, (_, i) => `2026-03-${String(i + 1).padStart(2, '0')}`);
  const ends = [...days.slice(1), FOREVER];
  const someValues = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.constantFrom(1, 2, null, undefined, { x: [1] }), { maxKeys: 2 });
  const someChange: fc.Arbitrary<Change> = fc
    .tuple(fc.nat(days.length - 1), fc.nat(days.length - 1), fc.constantFrom('patch', 'patch', 'set', 'delete'), someValues)
    .map(([first, last, kind, values]) => {
      const period = { from: days[Math.min(first, last)]!, to: ends[Math.max(first, last)]! };
      return kind === 'delete' ? { ...period, delete: true } : kind === 'set' ? { ...period, set: values } : { ...period, patch: values };
    });
  // Each step: its changes, and whether the clock moved since the step before.
  const someSteps = fc.array(fc.record({ changes: fc.array(someChange, { minLength: 1, maxLength: 3 }), moved: fc.constantFrom(true, true, false) }), { minLength: 1, maxLength: 7 });

  type Model = Map<string, Values>;
  const strip = (values: Values): Values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  function tell(model: Model, change: Change): Model {
    const next = new Map(model);
    for (const day of days) {
      if (day < change.from || day >= change.to) continue;
      const before = next.get(day);
      if ('delete' in change) next.delete(day);
      else if ('set' in change) next.set(day, strip(change.set));
      else if (before !== undefined || Object.keys(strip(change.patch)).length > 0) next.set(day, { ...before, ...strip(change.patch) });
    }
    return next;
  }

  /** Runs the steps on both sides; calls `check` after each with the whole history and the model at each instant. */
  function run(steps: { changes: Change[]; moved: boolean }[], check: (history: Version[], known: Map<string, Model>, now: string) => void): void {
    let history: Version[] = [];
    let model: Model = new Map();
    const known = new Map<string, Model>();
    let clock = 0;
    for (const { changes, moved } of steps) {
      if (moved || clock === 0) clock += 1;
      const now = at(clock);
      history = afterSplice(history, spliceAll(knownOf(history), changes, now), now);
      for (const change of changes) model = tell(model, change);
      known.set(now, model);
      check(history, known, now);
    }
  }

  const runs = { numRuns: 800 };

  test('every day at every instant reads what the model says, for ever', () => {
    fc.assert(fc.property(someSteps, (steps) => run(steps, (history, known) => {
      for (const [knownAt, model] of known) {
        for (const day of days) expect(valueAt(history, day, knownAt)).toEqual(model.get(day) ?? null);
        expect(valueAt(history, '2099-01-01', knownAt)).toEqual(model.get(days.at(-1)!) ?? null);
        expect(valueAt(history, '2020-01-01', knownAt)).toBeNull();
      }
      for (const day of days) expect(valueAt(history, day, at(0))).toBeNull();
    })), runs);
  });

  test('at every instant versions do not overlap, and touching ones differ', () => {
    fc.assert(fc.property(someSteps, (steps) => run(steps, (history, known) => {
      for (const knownAt of known.keys()) {
        const seen = history
          .filter((one) => one.recordedFrom <= knownAt && knownAt < one.recordedTo)
          .sort((a, b) => (a.from < b.from ? -1 : 1));
        for (const [i, one] of seen.entries()) {
          expect(one.from < one.to).toBe(true);
          const next = seen[i + 1];
          if (next === undefined) continue;
          expect(one.to <= next.from).toBe(true);
          if (one.to === next.from) expect(sameValues(one.values, next.values)).toBe(false);
        }
      }
    })), runs);
  });

  test('the last change said again writes nothing, and a write closes nothing that it could keep', () => {
    fc.assert(fc.property(someSteps, someChange, (steps, change) => run(steps, (history, _, now) => {
      const known = knownOf(history);
      const result = splice(known, change, now);
      for (const closed of result.close) {
        expect(result.insert.some((one) => one.from === closed.from && one.to === closed.to && sameValues(one.values, closed.values))).toBe(false);
      }
      const after = afterSplice(history, result, now);
      expect(splice(knownOf(after), change, now)).toEqual({ close: [], insert: [] });
    })), runs);
  });

  test('several changes at one instant read as one after the other', () => {
    fc.assert(fc.property(someSteps, fc.array(someChange, { maxLength: 4 }), (steps, changes) => {
      let start: Version[] = [];
      run(steps, (history) => { start = history; });
      let single = start;
      for (const change of changes) single = afterSplice(single, splice(knownOf(single), change, at(50)), at(50));
      expect(shown(afterSplice(start, spliceAll(knownOf(start), changes, at(50)), at(50)))).toEqual(shown(single));
    }), runs);
  });

  test('what is current, and when it changes next', () => {
    fc.assert(fc.property(someSteps, (steps) => run(steps, (history, known, now) => {
      const model = known.get(now)!;
      days.forEach((today, i) => {
        const values = model.get(today);
        expect(currentOf(history, today)?.values).toEqual(values);
        const next = days.slice(i + 1).find((day) => {
          const other = model.get(day);
          return values === undefined || other === undefined ? values !== other : !sameValues(values, other);
        });
        expect(nextChangeAfter(history, today)).toBe(next ?? null);
      });
    })), runs);
  });
});
