/**
 * Every record of a database, read once into memory as plain values, for the reference executor. Geometries come as
 * the texts of the same functions of PostGIS; nothing else here is shared with the compiler.
 */
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../src/db/open.ts';
import { kindOf } from '../../src/registries/columns.ts';
import type { ColumnKind } from '../../src/registries/columns.ts';
import { records } from '../../src/registries/index.ts';

/** A geometry in each reference system, as GeoJSON. */
export interface Shapes {
  readonly EPSG4490: unknown;
  readonly EPSG4326: unknown;
  readonly GCJ02: unknown;
}

/** Text, date and decimal are strings; an instant is milliseconds since the epoch; infinity is a number or the word. */
export type Value = string | number | boolean | null | readonly string[] | Shapes | { readonly json: unknown };
export type Row = { readonly [column: string]: Value };

/** One record type. */
export interface Table {
  readonly kinds: ReadonlyMap<string, ColumnKind>;
  readonly current: readonly Row[];
  readonly versions: readonly Row[];
  /** Today's rows by id. */
  readonly byId: ReadonlyMap<string, Row>;
}

export type Data = ReadonlyMap<string, Table>;

/** Reads all tables. */
export async function loadData(database: Database): Promise<Data> {
  const data = new Map<string, Table>();
  for (const { type, tables } of records) {
    const current = await rowsOf(database, tables.current);
    const kinds = new Map(Object.entries(getTableColumns(tables.current) as Record<string, PgColumn>).map(([name, column]) => [name, kindOf(column)]));
    data.set(type, { kinds, current, versions: await rowsOf(database, tables.versions), byId: new Map(current.map((row) => [String(row['id']), row])) });
  }
  return data;
}

/** In an order that is the same in every run, so that a seed repeats what is drawn from them. */
async function rowsOf({ sql }: Database, table: PgTable): Promise<Row[]> {
  const order = 'effectiveFrom' in getTableColumns(table) ? ['id', 'recorded_from', 'effective_from'] : ['id'];
  const columns = Object.entries(getTableColumns(table) as Record<string, PgColumn>).filter(([name]) => name !== 'versionId');
  const list = columns.map(([name, column]) => `${select(`t."${column.name}"`, kindOf(column))} as "${name}"`).join(', ');
  const found = await sql.unsafe<{ row: string }[]>(`select row_to_json(r)::text as row from (select ${list} from "${getTableName(table)}" t order by t.${order.join(', t.')}) r`);
  const kinds = new Map(columns.map(([name, column]) => [name, kindOf(column)]));
  return found.map(({ row }) => Object.fromEntries(Object.entries(JSON.parse(row) as Record<string, unknown>).map(([name, value]) => [name, read(value, kinds.get(name) ?? 'text')])));
}

function select(column: string, kind: ColumnKind): string {
  switch (kind) {
    case 'date':
    case 'decimal':
    case 'id':
    case 'instant': return `${column}::text`;
    case 'geometry': return `case when ${column} is not null then json_build_object('EPSG4490', st_asgeojson(${column}, 6)::json, 'EPSG4326', st_asgeojson(st_setsrid(${column}, 4326), 6)::json, 'GCJ02', hub_gcj02_geojson(${column})) end`;
    default: return column;
  }
}

function read(value: unknown, kind: ColumnKind): Value {
  if (value === null) return null;
  if (kind === 'instant') {
    const text = String(value);
    if (text.endsWith('infinity')) return text.startsWith('-') ? -Infinity : Infinity;
    return Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  }
  if (kind === 'json') return { json: value };
  return value as Value;
}
