/**
 * The small parts of seeding: the reader of tables, chance that repeats itself, days, the ground plan.
 */
import { describe, expect, it } from 'vitest';
import { parseTable } from '../../src/seeding/csv.ts';
import { ageOn, dateOf, dayOf, yearsAfter } from '../../src/seeding/days.ts';
import { plainName, readPlaces, settle, tile } from '../../src/seeding/places.ts';
import type { Box } from '../../src/seeding/places.ts';
import { Random, syntheticId } from '../../src/seeding/random.ts';

describe('tables', () => {
  it('read quoted fields, line ends of both kinds and a byte order mark', () => {
    expect(parseTable('\uFEFFa,b\r\n1,"x, ""y""\nz"\r\n,last', ['a', 'b'], 't')).toEqual([{ a: '1', b: 'x, "y"\nz' }, { a: '', b: 'last' }]);
  });

  it.each([
    ['a,b\n1', '1 fields instead of 2'], ['a,b\n1,2,3\n', '3 fields instead of 2'], ['a,b\n1,x"y"\n', 'quote'], ['a,b\n1,"x\n', 'quote'], ['a,b\n1,"x"y\n', 'quote'],
    ['a,a\n1,2\n', 'twice'], ['a,c\n1,2\n', 'no column b'], ['a,b\n', 'no rows'], ['', 'no rows'],
  ])('refuse %j', (text, sentence) => {
    expect(() => parseTable(text, ['a', 'b'], 't')).toThrow(sentence);
  });
});

describe('chance', () => {
  it('repeats itself and spreads evenly', () => {
    const one = new Random('x');
    const two = new Random('x');
    const drawn = Array.from({ length: 10_000 }, () => one.unit());
    expect(drawn.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => two.unit()));
    expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(0.5, 1);
    expect(new Random('y').unit()).not.toBe(new Random('x').unit());
    expect(() => one.pick([])).toThrow(RangeError);
    expect(() => one.weighted([])).toThrow(RangeError);
  });

  it('gives ids that are UUIDs and hang on seed, type and key', () => {
    const id = syntheticId('s', 'Person', 'k');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set([id, syntheticId('t', 'Person', 'k'), syntheticId('s', 'Household', 'k'), syntheticId('s', 'Person', 'l')]).size).toBe(4);
  });
});

describe('days', () => {
  it('count years as birthdays do', () => {
    expect(dateOf(dayOf('1969-12-31'))).toBe('1969-12-31');
    expect(dateOf(yearsAfter(dayOf('2000-02-29'), 1))).toBe('2001-02-28');
    expect(ageOn(dayOf('2000-06-02'), dayOf('2020-06-01'))).toBe(19);
    expect(ageOn(dayOf('2000-06-02'), dayOf('2020-06-02'))).toBe(20);
    expect(() => dayOf('2001-13-01')).toThrow(RangeError);
  });
});

describe('places', () => {
  const { divisions, counties } = readPlaces();

  it('are the real divisions', () => {
    expect(divisions).toHaveLength(1354);
    const home = counties.find(({ code }) => code === '620623');
    expect(home?.townships).toHaveLength(21);
    expect(home?.townships.flatMap(({ villages }) => villages)).toHaveLength(206);
    expect([plainName('红大村委会'), plainName('黄草川村民委员会'), plainName('兴盛社区居民委员会'), plainName('红大新村社区居委会')]).toEqual(['红大村', '黄草川村', '兴盛社区', '红大新村社区']);
  });

  it('tile their parent exactly', () => {
    const size = ([west, south, east, north]: Box): number => (east - west) * (north - south);
    for (const count of [1, 2, 7, 21, 206]) {
      const whole: Box = [100, 200, 1_000_100, 2_000_233];
      const parts = tile(whole, count);
      expect(parts).toHaveLength(count);
      expect(parts.reduce((sum, part) => sum + size(part), 0)).toBe(size(whole));
    }
  });

  it('hold exactly the people asked for, the prefecture only beyond the county', () => {
    const sum = (counts: Map<string, number>): number => [...counts.values()].reduce((total, count) => total + count, 0);
    for (const people of [0, 1, 3000, 250_000, 2_000_000]) expect(sum(settle(counties, people, 's'))).toBe(people);
    expect([...settle(counties, 250_000, 's').keys()].every((code) => code.startsWith('620623'))).toBe(true);
    expect([...settle(counties, 2_000_000, 's')].filter(([code]) => code.startsWith('620623')).reduce((total, [, count]) => total + count, 0)).toBe(200_000);
  });
});
