/**
 * The rules that stand in the database in place of a regular expression say what it says, of arbitrary texts.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { capitals, digits } from '../../src/registries/columns.ts';
import { sharedDatabase } from '../world/database.ts';

let database: Database;
beforeAll(async () => { database = await sharedDatabase(); });
afterAll(() => database.close());

/** Texts on which the rule and the expression differ, and how many of all the rule takes. */
async function compared(given: readonly (string | null)[], rule: SQL, expression: SQL): Promise<{ differing: unknown[]; taken: number }> {
  const query = new PgDialect().sqlToQuery(sql`select v.one, (${rule}) as ruled, (${expression}) as matched from unnest(${sql.param(given)}::text[]) v(one)`);
  const rows = await database.sql.unsafe<{ one: string | null; ruled: boolean | null; matched: boolean | null }[]>(query.sql, query.params as never[]);
  expect(rows.length).toBe(given.length);
  return { differing: rows.filter(({ ruled, matched }) => ruled !== matched), taken: rows.filter(({ ruled }) => ruled === true).length };
}

/** What looks like digits and letters, and what a text may end or begin in. */
const strange = ['', ' ', '\n', '\r', '\t', '0', '7', '９', '٣', '²', 'A', 'Z', 'a', 'Ａ', 'É', 'A\u0301', '@', '[', '/', ':', '-', '+', '.', '藏', '\u{1F600}', '\u00a0'];
const texts = (of: string, count: number): fc.Arbitrary<string | null> => fc.oneof(
  fc.string({ unit: fc.constantFrom(...of), minLength: count, maxLength: count }),
  fc.string({ unit: fc.constantFrom(...of), minLength: 1, maxLength: 14 }),
  fc.string({ unit: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...of) }, { weight: 1, arbitrary: fc.constantFrom(...strange) }), maxLength: 14 }),
  fc.string({ unit: 'binary', maxLength: 14 }).map((text) => text.replaceAll('\0', '').toWellFormed()),
  fc.constant(null),
);
const value = sql`(v.one collate "C")`;

describe('rules of columns', () => {
  it.each([
    ['digits', digits, '0123456789', '[0-9]', [2, 6, 9, 12]],
    ['capitals', capitals, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '[A-Z]', [1, 3]],
  ] as const)('%s are what the regular expression takes', async (_name, rule, of, unit, counts) => {
    for (const count of counts) {
      await fc.assert(fc.asyncProperty(fc.array(texts(of, count), { minLength: 300, maxLength: 300, size: 'max' }), async (given) => {
        const { differing, taken } = await compared(given, rule(value, count), sql`${value} ~ ${sql.raw(`'^${unit}{${count}}$'`)}`);
        expect(differing).toEqual([]);
        expect(taken).toBeGreaterThan(0);
      }), { numRuns: 4 });
    }
  });
});
