/**
 * The algebra of rows against its model: a truth table over a few bounds, of which each may hold on a row or not.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { both, certain, either, given, isNowhere, nowhere, rowsOf, sameBound } from '../../src/sharing/rows.ts';
import type { Rows } from '../../src/sharing/rows.ts';
import type { Bound } from '../../src/sharing/terms.ts';
import { boundOf } from './notation.ts';

const bounds: readonly Bound[] = ['own GA', 'own MZ', 'residence 620623', 'registration 620623', 'case', 'list L', 'list M', 'authorization', 'category 12', 'registrar 12'].map(boundOf);
/** Rows of a table by which bounds hold on them: bit n of the number says that of bound n. */
const worlds = Array.from({ length: 2 ** bounds.length }, (_, n) => n);
const holds = (bound: Bound, world: number): boolean => (world & (1 << bounds.findIndex((one) => sameBound(one, bound)))) !== 0;
const allHold = (term: readonly Bound[], world: number): boolean => term.every((bound) => holds(bound, world));
const within = (rows: Rows, world: number): boolean => rows === 'all' || rows.some((term) => allHold(term, world));
const truth = (rows: Rows): string => worlds.map((world) => (within(rows, world) ? '1' : '0')).join('');
const model = (holdsOn: (world: number) => boolean): string => worlds.map((world) => (holdsOn(world) ? '1' : '0')).join('');

const term = fc.array(fc.constantFrom(...bounds), { maxLength: 4 });
const rows: fc.Arbitrary<Rows> = fc.oneof({ weight: 8, arbitrary: fc.array(term, { maxLength: 4 }).map((terms) => terms.reduce<Rows>((sum, one) => either(sum, rowsOf(one)), nowhere)) }, { weight: 1, arbitrary: fc.constant<Rows>('all') });
const runs = { numRuns: 40 };

describe('rows', () => {
  test('of one way are where all its bounds hold', () => {
    fc.assert(fc.property(term, (one) => { expect(truth(rowsOf(one))).toBe(model((world) => allHold(one, world))); }), runs);
    expect(rowsOf([])).toBe('all');
  });

  test('in either, in both', () => {
    fc.assert(fc.property(rows, rows, (a, b) => {
      expect(truth(either(a, b))).toBe(model((world) => within(a, world) || within(b, world)));
      expect(truth(both(a, b))).toBe(model((world) => within(a, world) && within(b, world)));
    }), runs);
    for (const [a, b] of [['all', 'all'], ['all', nowhere], [nowhere, 'all'], [nowhere, nowhere]] as const) expect([either(a, b), both(a, b)]).toEqual([a === 'all' || b === 'all' ? 'all' : nowhere, a === 'all' && b === 'all' ? 'all' : nowhere]);
  });

  test('are certain of what every term asks for, and of nothing that one does not', () => {
    fc.assert(fc.property(rows, (a) => {
      const all = a === 'all' ? [] : a;
      const names = (bounds_: readonly Bound[]) => new Set(bounds_.map((bound) => JSON.stringify(bound)));
      expect(names(certain(a))).toEqual(names(all.length === 0 ? [] : bounds.filter((bound) => all.every((one) => one.some((own) => sameBound(own, bound))))));
    }), runs);
    expect([certain('all'), certain(nowhere)]).toEqual([[], []]);
  });

  test('are asked for what is left, where something is sure', () => {
    fc.assert(fc.property(rows, term, (a, sure) => {
      const left = given(a, sure);
      for (const world of worlds) if (allHold(sure, world)) expect(within(left, world)).toBe(within(a, world));
      // Nothing that is sure is asked again.
      if (left !== 'all' && sure.length > 0) expect(left.flat().filter((bound) => sure.some((one) => sameBound(one, bound)))).toEqual([]);
    }), runs);
    expect([given('all', [boundOf('case')]), given(nowhere, [boundOf('case')]), given(rowsOf([boundOf('case')]), [boundOf('case')]), given(rowsOf([boundOf('case')]), [])]).toEqual(['all', nowhere, 'all', rowsOf([boundOf('case')])]);
  });

  test('hold nowhere when no term is left', () => {
    fc.assert(fc.property(rows, (a) => { expect(isNowhere(a)).toBe(!truth(a).includes('1')); }), runs);
    expect([isNowhere(nowhere), isNowhere('all'), isNowhere(rowsOf(bounds))]).toEqual([true, false, false]);
  });

  test('keep no bound twice in a term and no term that another one covers', () => {
    fc.assert(fc.property(rows, rows, (a, b) => {
      for (const made of [either(a, b), both(a, b)]) {
        if (made === 'all') continue;
        const sets = made.map((one) => new Set(one.map((bound) => bounds.findIndex((own) => sameBound(own, bound)))));
        made.forEach((one, place) => expect(sets[place]?.size).toBe(one.length));
        expect(sets.some((one, place) => sets.some((other, at) => at !== place && [...other].every((bound) => one.has(bound))))).toBe(false);
      }
    }), runs);
  });

  test('are written in one order, whatever order they were granted in', () => {
    const [one, other] = [rowsOf([boundOf('list L'), boundOf('case'), boundOf('list L')]), rowsOf([boundOf('case'), boundOf('list L')])];
    expect(one).toEqual([[{ kind: 'case' }, { kind: 'list', list: 'L' }]]);
    expect(other).toEqual(one);
    expect(both(rowsOf([boundOf('list L')]), rowsOf([boundOf('case')]))).toEqual(one);
    expect(rowsOf([boundOf('case'), boundOf('authorization')])).toEqual([[{ kind: 'authorization' }, { kind: 'case' }]]);
    // The narrower one came first, and is still the one that goes.
    expect(either(one, rowsOf([boundOf('case')]))).toEqual([[{ kind: 'case' }]]);
  });
});

describe('two bounds are the same', () => {
  const texts = ['own GA', 'own MZ', 'residence 1 2', 'residence 1', 'registration 1 2', 'location 1 2', 'category 1 2', 'category 1', 'registrar 1 2', 'registrar 1', 'case', 'authorization', 'list L', 'list M'];

  test('when they mean the same rows', () => {
    for (const one of texts) for (const other of texts) expect(sameBound(boundOf(one), boundOf(other)), `${one}, ${other}`).toBe(one === other);
    for (const kind of ['residence', 'category', 'registrar']) expect(sameBound(boundOf(`${kind} 2 1`), boundOf(`${kind} 1 2`)), kind).toBe(true);
    const own = boundOf('case');
    expect(sameBound(own, own)).toBe(true);
  });

  test('and asking leaves them as they are', () => {
    const bound = boundOf('residence 2 1');
    sameBound(bound, boundOf('residence 1 2'));
    expect(bound).toEqual({ kind: 'division', by: 'RESIDENCE', codes: ['2', '1'] });
  });
});
