/**
 * The judge against a table that a data owner can read: decisions.csv, one question a row, with its verdict, the rule that signs, the
 * reason, the next step, the ways and until when. The notation is explained in notation.ts.
 */
import { describe, expect, test } from 'vitest';
import { decide, ruleNames } from '../../src/sharing/verdict.ts';
import { answered, answerOf, asked, decisionTable, questionOf } from './notation.ts';
import type { Row } from './notation.ts';

const table = decisionTable();
const judged = (row: Row) => {
  const { ask, standpoint } = questionOf(row);
  return decide(ask, standpoint);
};

describe('the decision table', () => {
  test.each(table)('$0 $1', (row) => {
    expect(answerOf(judged(row))).toEqual(Object.fromEntries(answered.map((name) => [name, row[name]])));
  });

  test('has rows enough, numbered, no question twice', () => {
    expect(table.length >= 150).toBe(true);
    expect(table.map((row) => row['序号 no'])).toEqual(table.map((_, place) => String(place + 1)));
    expect(new Set(table.map((row) => asked.map((name) => row[name]).join())).size).toBe(table.length);
    expect(table.filter((row) => row['情形 situation'].length < 4)).toEqual([]);
  });

  test('an allowed question has ways and no next step; a refused one has no ways', () => {
    for (const row of table) {
      const { allowed, ways, apply } = judged(row);
      expect([ways.length > 0, allowed && apply !== null, apply === undefined], row['序号 no']).toEqual([allowed, false, false]);
    }
  });
});

/** Does a rule speak in a row: as the one that signs, or as one that opens a way? */
const speaks = (rule: string, row: Row): boolean => row['规则 rule'] === rule || row['途径 ways'].split(' | ').some((way) => way.startsWith(`${rule}:`) || way.startsWith(`${rule} A-`));

/** Do two rows differ in one fact only? */
const neighbours = (one: Row, other: Row): boolean => asked.filter((name) => one[name] !== other[name]).length === 1;

describe.each([...ruleNames])('the rule "%s"', (rule) => {
  test('speaks in some row, and is silent in one that differs by a single fact', () => {
    const pair = table.flatMap((row) => (speaks(rule, row) ? table.filter((other) => neighbours(row, other) && !speaks(rule, other)) : []));
    expect(pair.length > 0).toBe(true);
  });
});

test('the rules are asked in this order', () => {
  expect(ruleNames).toEqual(['stranger', 'administrator', 'unknown item', 'denied', 'never shared', 'no purpose', 'no case', 'unconditional', 'own data', 'granted', 'otherwise withheld']);
});

test('every word of the terms stands in the table', () => {
  const words = (name: (typeof asked)[number]) => new Set(table.flatMap((row) => row[name].split(/[ ;:&|]+/)));
  expect(['read', 'find', 'key', 'exist', 'verify', 'whole'].filter((use) => !words('用途 use').has(use))).toEqual([]);
  expect(['QUERY', 'BATCH', 'SUBSCRIBE'].filter((mode) => !words('方式 mode').has(mode) || !words('授权 grants').has(mode))).toEqual([]);
  expect(['case', 'authorization', 'list', 'own', 'residence', 'registration', 'location', 'category', 'registrar'].filter((bound) => !words('授权 grants').has(bound))).toEqual([]);
  expect(['S1', 'S2', 'S3', 'S4'].filter((level) => !words('分级 sensitivity').has(level))).toEqual([]);
});
