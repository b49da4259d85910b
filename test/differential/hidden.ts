/**
 * Changes every value that a caller may not have, and no other, in the database itself: what may not be read, found or verified on a
 * row, and is neither read by a bound nor followed by an edge that he may know of. `restore` puts everything back.
 */
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../src/db/open.ts';
import { kindOf } from '../../src/registries/columns.ts';
import { links, records } from '../../src/registries/index.ts';
import type { RecordModel } from '../../src/registries/record.ts';
import { itemsOf } from './contract.ts';
import type { ContractMeta, TypeMeta } from './contract.ts';
import type { Data } from './data.ts';
import type { Permission } from './permission.ts';

/** The word that every hidden text becomes a part of; no template, seed or mess holds it. */
export const canary = 'CANARY-7391';

/** See the head of this file. */
export class Hidden {
  readonly #database: Database;
  readonly #contract: ContractMeta;
  readonly #data: Data;
  /** Items of what derived fields look at behind an edge. */
  readonly #behind: ReadonlySet<string>;

  private constructor(database: Database, contract: ContractMeta, data: Data) {
    this.#database = database;
    this.#contract = contract;
    this.#data = data;
    this.#behind = new Set([...contract.types.values()].flatMap(({ fields }) => [...fields.values()].flatMap((field) => (field.kind === 'derived' && field.over !== null ? field.items : []))));
  }

  /** Keeps a copy of every record of a database that is the test's own. */
  static async of(database: Database, contract: ContractMeta, data: Data): Promise<Hidden> {
    await database.sql`create schema kept`;
    // What is written over and over needs no index, and what is the same on many rows may not be unique.
    const indexes = await database.sql<{ name: string }[]>`
      select indexrelid::regclass::text as name from pg_index where indrelid = any(${tables().map(({ name }) => name)}::text[]::regclass[]) and not indisprimary and not exists (select from pg_constraint where conindid = indexrelid)`;
    for (const { name } of indexes) await database.sql.unsafe(`drop index ${name}`);
    for (const { name } of tables()) await database.sql.unsafe(`create table kept."${name}" as table "${name}"`);
    return new Hidden(database, contract, data);
  }

  /** Changes what is hidden under a permission; gives how many cells that were. */
  async change(permission: Permission): Promise<number> {
    let cells = 0;
    for (const type of this.#contract.types.values()) {
      const hidden = this.#hiddenIn(type, permission);
      cells += [...hidden.values()].reduce((sum, ids) => sum + ids.length, 0);
      for (const table of [type.model.tables.current, type.model.tables.versions]) await this.#update(table, hidden);
    }
    return cells;
  }

  /** Puts back what `change` has changed. */
  async restore(): Promise<void> {
    const copies = tables().map(({ name, columns }) => `insert into "${name}" (${columns}) overriding system value select ${columns} from kept."${name}"`);
    await this.#database.sql.unsafe(`truncate ${tables().map(({ name }) => `"${name}"`).join()}; ${copies.join('; ')}`).simple();
  }

  /** Field → ids of the records on which all of its uses are withheld. */
  #hiddenIn(type: TypeMeta, permission: Permission): ReadonlyMap<string, readonly string[]> {
    const read = readByOthers(type, permission, this.#contract);
    const { current = [], versions = [] } = this.#data.get(type.name) ?? {};
    const byId = new Map([...versions, ...current].map((row) => [String(row['id']), row]));
    const hidden = new Map<string, readonly string[]>();
    for (const [name, field] of type.fields) {
      if (field.kind !== 'leaf' || read.has(name) || !(name in type.model.columns)) continue;
      // What is computed over an edge is judged at its beginning, not on this row.
      if (this.#behind.has(field.item) && permission.extent(field.item, 'verify') !== 'none') continue;
      const ids = [...byId].filter(([, row]) => permission.shown(type, row, field.item) === undefined && (['find', 'key', 'verify'] as const).every((use) => !permission.may(type, row, field.item, use))).map(([id]) => id);
      if (ids.length > 0) hidden.set(name, ids);
    }
    return hidden;
  }

  async #update(table: PgTable, hidden: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const columns = getTableColumns(table) as Record<string, PgColumn>;
    const parameters: string[] = [];
    const sets = [...hidden].flatMap(([field, ids]) => {
      const column = columns[field];
      const value = column === undefined ? null : otherValue(column);
      if (column === undefined || value === null) return [];
      parameters.push(`{${ids.join()}}`);
      return [`"${column.name}" = case when id = any($${parameters.length}::uuid[]) then ${value} else "${column.name}" end`];
    });
    if (sets.length > 0) await this.#database.sql.unsafe(`update "${getTableName(table)}" set ${sets.join(', ')}`, parameters);
  }
}

/** Columns that bounds and seals read, and those that join what the caller may know to be joined. */
function readByOthers({ name, model }: TypeMeta, permission: Permission, { types }: ContractMeta): ReadonlySet<string> {
  const { persons = [], entities = [], members, place, mentions = {} } = model.subject;
  const bounds = name === 'Person' ? ['personKey', 'residenceDivisionCode', 'registeredDivisionCode', 'householdNo'] : name === 'LegalEntity' ? ['uscc', 'category', 'registrarCode'] : [];
  const edges = links.filter(({ fromType, field }) => itemsOf(types.get(fromType)?.fields.get(field)).some((item) => permission.extent(item, 'exist') !== 'none' || permission.extent(item, 'verify') !== 'none'));
  const joined = edges.flatMap(({ fromType, fromColumn, toType, toColumn }) => [...(fromType === name ? [fromColumn] : []), ...(toType === name ? [toColumn] : [])]);
  return new Set([...persons, ...entities, ...(members === undefined ? [] : [members]), ...(place === undefined ? [] : [place]), ...Object.keys(mentions), ...bounds, ...joined]);
}

/** Another value for a column, different on every row where it has to be; null: there is none to be had. */
function otherValue(column: PgColumn): string | null {
  switch (kindOf(column)) {
    case 'text': return `'${canary}-' || id::text`;
    case 'textList': return `array['${canary}']::text[]`;
    case 'date': return `date '1911-10-10'`;
    case 'instant': return `timestamptz '1911-10-10 01:02:03.004Z'`;
    case 'decimal':
    case 'integer': return '8';
    case 'flag': return `not coalesce("${column.name}", false)`;
    case 'json': return `'{"${canary}": 1}'::jsonb`;
    case 'geometry': return column.notNull ? null : 'null';
    case 'id': return null;
  }
}

function tables(): { readonly name: string; readonly columns: string }[] {
  return records.flatMap(({ tables: { current, versions } }: RecordModel) => [current, versions]).map((table) => ({
    name: getTableName(table), columns: Object.values(getTableColumns(table)).map((column) => `"${column.name}"`).join(', '),
  }));
}
