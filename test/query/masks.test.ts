/**
 * The database masks as TypeScript does: both on the same arbitrary values, many values a round trip, written as answers write them.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { maskExpression } from '../../src/query/masks.ts';
import { jsonExpression } from '../../src/registries/columns.ts';
import type { ColumnKind } from '../../src/registries/columns.ts';
import { masks } from '../../src/sharing/mask.ts';
import type { Mask } from '../../src/sharing/mask.ts';
import { addresses, dates, geometries, names, numbers, texts } from '../sharing/values.ts';
import { sharedDatabase } from '../world/database.ts';

let database: Database;
beforeAll(async () => { database = await sharedDatabase(); });
afterAll(() => database.close());

const dialect = new PgDialect();
const values = 400;
const several = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: values, maxLength: values, size: 'max' });
const runs = { numRuns: 5, endOnFailure: true };

/** What the database makes of each of many values, in one round trip. */
async function inDatabase(given: readonly (string | null)[], type: string, masked: (value: SQL) => SQL): Promise<readonly unknown[]> {
  const query = dialect.sqlToQuery(sql`select to_json(${masked(sql`v.one::${sql.raw(type)}`)})::text as j from unnest(${sql.param(given)}::text[]) with ordinality v(one, n) order by v.n`);
  const rows = await database.sql.unsafe<{ j: string | null }[]>(query.sql, query.params as never[]);
  return rows.map(({ j }) => (j === null ? null : JSON.parse(j) as unknown));
}

const same = (mask: Mask & { readonly name: (typeof masks)[number]['name'] }, kind: ColumnKind, type: string, given: fc.Arbitrary<string>) =>
  fc.assert(fc.asyncProperty(several(given), async (some) => {
    const masked = await inDatabase([...some, null], type, (value) => jsonExpression(maskExpression(mask.name, value, kind), kind));
    expect(different([...some, null], masked, [...some.map(mask.apply), null])).toEqual([]);
  }), runs);

/** The values on which two masks differ, with what each makes of it. */
function different(given: readonly unknown[], there: readonly unknown[], here: readonly unknown[]): readonly unknown[] {
  expect(there.length).toBe(given.length);
  return given.flatMap((value, n) => (JSON.stringify(there[n]) === JSON.stringify(here[n]) ? [] : [{ value, there: there[n], here: here[n] }])).slice(0, 5);
}

describe.each(masks)('$name', (mask) => {
  test('masks alike in the database and here', async () => {
    switch (mask.of) {
      case 'text': return same(mask, 'text', 'text', fc.oneof(texts, names, numbers, addresses, fc.tuple(texts, texts).map((parts) => parts.join('@'))));
      case 'date':
        await same(mask, 'date', 'date', fc.oneof({ weight: 40, arbitrary: dates }, { weight: 1, arbitrary: fc.constantFrom('infinity', '-infinity') }));
        return same(mask, 'instant', 'timestamptz', dates.chain((date) => fc.constantFrom('00:00:00.000', '07:59:59.999', '23:59:59.999').map((time) => `${date}T${time}+08:00`)));
      case 'geometry':
        return fc.assert(fc.asyncProperty(several(geometries), async (some) => {
          const masked = await inDatabase(some, 'text', (value) => sql`st_asgeojson(${maskExpression(mask.name, sql`st_setsrid(st_geomfromgeojson(${value}), 4490)`, 'geometry')}, 6)::json`);
          const point = (text: string | null) => (text === null ? null : JSON.parse(text) as unknown);
          const plain = masked.map((one) => (one === null ? null : { type: (one as { type: unknown }).type, coordinates: (one as { coordinates: unknown }).coordinates }));
          expect(different(some, plain, some.map((text) => point(mask.apply(text))))).toEqual([]);
        }), runs);
    }
  });

  test('masks every text of a list, and no list stays none', async () => {
    if (mask.of !== 'text') return expect(() => maskExpression(mask.name, sql`x`, 'textList')).toThrow(/is for columns of kind/);
    await fc.assert(fc.asyncProperty(several(fc.array(fc.oneof(texts, names, addresses), { maxLength: 4 })), async (lists) => {
      const given = [...lists.map((list) => JSON.stringify(list)), null];
      const list = (value: SQL) => sql`(case when ${value} is not null then array(select json_array_elements_text(${value}::json)) end)`;
      const masked = await inDatabase(given, 'text', (value) => maskExpression(mask.name, list(value), 'textList'));
      expect(different(given, masked, [...lists.map((one) => one.map(mask.apply)), null])).toEqual([]);
    }), { ...runs, numRuns: 2 });
  });

  test('is refused on a column that it does not fit', () => {
    const fitting = { text: ['text', 'textList'], date: ['date', 'instant'], geometry: ['geometry'] }[mask.of];
    const kinds = ['text', 'textList', 'date', 'instant', 'decimal', 'integer', 'flag', 'id', 'geometry', 'json'] as const;
    const refused = kinds.filter((kind) => { try { maskExpression(mask.name, sql`x`, kind); return false; } catch { return true; } });
    expect(refused).toEqual(kinds.filter((kind) => !fitting.includes(kind)));
  });
});

test('a moment is masked by its civil year at +08:00, whatever the session\'s zone', async () => {
  const [row] = await database.sql.begin(async (tx) => {
    await tx`set local time zone 'America/New_York'`;
    return tx<{ year: string; decade: string }[]>`select to_json(hub_mask_birth_year('1999-12-31T16:00:00Z'::timestamptz) at time zone 'UTC')::text as year, to_json(hub_mask_birth_decade('1999-12-31T15:59:59.999Z'::timestamptz) at time zone 'UTC')::text as decade`;
  });
  expect(row).toEqual({ year: '"1999-12-31T16:00:00"', decade: '"1989-12-31T16:00:00"' });
});
