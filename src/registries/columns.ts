/**
 * The column types that a record's table may use, and how each is read as JSON and as a filter.
 *
 * Every text sorts by bytes (`COLLATE "C"`), so keys, orders and cursors agree on every database and every
 * machine. Dates, instants and decimals are strings in Node: no time zone and no binary fraction can change them.
 */
import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { boolean, customType, date as pgDate, integer as pgInteger, jsonb, numeric, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { HubError } from '../errors.ts';

const collatedText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
const collatedTextList = customType<{ data: string[] }>({ dataType: () => 'text ARRAY COLLATE "C"' });
const geometry4490 = customType<{ data: string; config: { shape: string } }>({
  dataType: (config) => `geometry(${config?.shape ?? 'Geometry'},4490)`,
});

/** Text, code or identifier; sorted by bytes. */
export const text = (name: string) => collatedText(name);
/** Several texts in a given order (the holders of one certificate, the parties of one marriage). */
export const textList = (name: string) => collatedTextList(name);
/** A civil date, `YYYY-MM-DD` (GB/T 7408). */
export const date = (name: string) => pgDate(name, { mode: 'string' });
/** A moment, to the millisecond. */
export const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });
/** An exact number; a string on the wire (`Decimal`). */
export const decimal = (name: string, precision: number, scale: number) => numeric(name, { precision, scale });
/** A whole number that fits 32 bits. */
export const integer = (name: string) => pgInteger(name);
/** Yes or no. */
export const flag = (name: string) => boolean(name);
/** A JSON value whose inner names are data: the face items of a certificate. One item authorizes the whole of it; it is never found by. */
export const json = (name: string) => jsonb(name);
/** The random surrogate of a record. */
export const surrogate = (name: string) => uuid(name);
/** A geometry in CGCS2000 longitude and latitude, EPSG:4490. `shape`: `Point`, `MultiPolygon`, or `Geometry` for any. */
export const geometry = (name: string, shape = 'Geometry') => geometry4490(name, { shape });

/** The rule that a text is so many digits. Every row of a file is held to a dozen of these: a regular expression costs the database twice as much. */
export const digits = (column: SQLWrapper, count: number): SQL => onlyOf(column, count, '0123456789');
/** The rule that a text is so many capital letters. */
export const capitals = (column: SQLWrapper, count: number): SQL => onlyOf(column, count, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ');

function onlyOf(column: SQLWrapper, count: number, characters: string): SQL {
  return sql`octet_length(${column}) = ${sql.raw(String(count))} and rtrim(${column}, ${sql.raw(`'${characters}'`)}) = ''`;
}

/** What a column holds, as far as reading, filtering and writing care. */
export type ColumnKind = 'text' | 'textList' | 'date' | 'instant' | 'decimal' | 'integer' | 'flag' | 'id' | 'geometry' | 'json';

const kinds: readonly (readonly [RegExp, ColumnKind])[] = [
  [/^text COLLATE/, 'text'],
  [/^text ARRAY/, 'textList'],
  [/^date$/, 'date'],
  [/^timestamp/, 'instant'],
  [/^numeric/, 'decimal'],
  [/^integer$/, 'integer'],
  [/^boolean$/, 'flag'],
  [/^uuid$/, 'id'],
  [/^geometry/, 'geometry'],
  [/^jsonb$/, 'json'],
];

/** The kind of a declared column; refuses a type that this file does not offer. */
export function kindOf(column: PgColumn): ColumnKind {
  const type = column.getSQLType();
  for (const [pattern, kind] of kinds) if (pattern.test(type)) return kind;
  throw new HubError('CONTRACT_BROKEN', `Column ${column.name} has type ${type}; declare it with one of registries/columns.`);
}

/** The scalar of the contract that a column of this kind answers with. */
export const scalarOf: Readonly<Record<ColumnKind, string>> = {
  text: 'String', textList: '[String!]', date: 'Date', instant: 'DateTime', decimal: 'Decimal',
  integer: 'Int', flag: 'Boolean', id: 'ID', geometry: 'GeoJSON', json: 'JSON',
};

/** The SQL type that a parameter compared with such a column is cast to. */
export const parameterType: Readonly<Record<ColumnKind, string>> = {
  text: 'text', textList: 'text[]', date: 'date', instant: 'timestamptz', decimal: 'numeric',
  integer: 'integer', flag: 'boolean', id: 'uuid', geometry: 'geometry', json: 'jsonb',
};

/**
 * The expression that PostgreSQL turns into this value's JSON. Instants carry the offset +08:00 whatever the session's
 * zone is, also in the summers of 1986 to 1991 when the country's clocks were an hour ahead; decimals lose their
 * padding zeros and stay strings.
 */
export function jsonExpression(column: SQL | PgColumn, kind: ColumnKind): SQL {
  switch (kind) {
    case 'instant':
      return sql`to_char(${column} at time zone interval '8 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+08:00"')`;
    case 'decimal':
      return sql`trim_scale(${column})::text`;
    default:
      return sql`${column}`;
  }
}
