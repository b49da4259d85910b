/**
 * What a record type may say of itself: its two tables, how it is found, whose data it is, which source wins.
 *
 * A record type is one row per record in its current table, and every state it ever had in its version table:
 * valid period × recorded period, both half-open. Edges are columns, so they have history like any other value.
 * A declaration holds no code that reads or writes: `query/` compiles it, `records/` writes it.
 */
import { getTableColumns, getTableName } from 'drizzle-orm';
import { bigint, getTableConfig, index, jsonb, pgTable, uniqueIndex } from 'drizzle-orm/pg-core';
import type { PgColumn, PgColumnBuilderBase, PgTable, PgTableExtraConfigValue } from 'drizzle-orm/pg-core';
import { date, instant, surrogate, text } from './columns.ts';
import type { DerivedField } from './derived.ts';
import type { IdentifierName } from './identifiers/index.ts';

/** The five base resource libraries (基础信息资源库). */
export const registryNames = ['POPULATION', 'LEGAL_ENTITIES', 'SPATIAL', 'CERTIFICATES', 'CREDIT'] as const;
export type RegistryName = (typeof registryNames)[number];

/** Columns of every record: who supplied the winning source record, in which version, when; `provenance` names the fields that came from elsewhere. */
const origin = () => ({
  source: text('source').notNull(),
  sourceVersion: text('source_version').notNull(),
  sourceUpdatedAt: instant('source_updated_at').notNull(),
  provenance: jsonb('provenance'),
});

/** Names of the columns that the house adds to every record; they are no catalog items except `sourceUpdatedAt`. */
export const houseColumns: ReadonlySet<string> = new Set([
  'id', 'source', 'sourceVersion', 'provenance',
  'versionId', 'effectiveFrom', 'effectiveTo', 'recordedFrom', 'recordedTo',
]);

/** A record's table pair. Columns are reached by name: `query/` and `records/` are written against the declaration, not against one table. */
export interface RecordTables {
  readonly current: PgTable;
  readonly versions: PgTable;
}

type Columns = Record<string, PgColumnBuilderBase>;
type TableColumns<C extends Columns> = { [name in keyof C]: PgColumn };

/** What a pair of tables needs beside its columns. */
interface TableExtras<C extends Columns> {
  /** The natural keys: unique among current records where present, indexed in history. */
  unique?: readonly (keyof C & string)[];
  /** Columns that links, finders and orders go by; lists and geometries get the index that fits them. */
  indexed?: readonly (keyof C & string)[];
  /** Indexes over several columns. */
  together?: readonly (readonly (keyof C & string)[])[];
  /** Check constraints and foreign keys of the current table. */
  rules?: (table: TableColumns<C>) => PgTableExtraConfigValue[];
}

/**
 * Declares the current and the version table of a record type with the same columns. `columns` is a function
 * because drizzle's builders belong to one table each.
 */
export function recordTables<C extends Columns>(name: string, columns: () => C, extras: TableExtras<C> = {}): RecordTables {
  // Columns do not know their type inside a table's extras, so a table that nothing else uses is asked.
  const types = getTableColumns(pgTable(name, columns())) as Record<string, PgColumn>;
  const indexes = (own: string, table: TableColumns<C>) => [
    ...(extras.indexed ?? []).map((column) => indexOn(table[column], types[column]?.getSQLType() ?? '')),
    ...(extras.together ?? []).map(([first, ...rest]) => index(shortName(own, [first as string, ...rest])).on(table[first as keyof C], ...rest.map((column) => table[column]))),
  ];
  const current = pgTable(name, { id: surrogate('id').primaryKey(), ...columns(), ...origin() }, (table) => {
    const own = table as unknown as TableColumns<C>;
    return [
      ...(extras.unique ?? []).map((column) => uniqueIndex().on(own[column])),
      ...indexes(name, own),
      ...(extras.rules?.(own) ?? []),
    ];
  });
  const versions = pgTable(`${name}_version`, {
    versionId: bigint('version_id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    id: surrogate('id').notNull(),
    ...columns(),
    ...origin(),
    effectiveFrom: date('effective_from').notNull(),
    effectiveTo: date('effective_to').notNull(),
    recordedFrom: instant('recorded_from').notNull(),
    recordedTo: instant('recorded_to').notNull(),
  }, (table) => {
    const own = table as unknown as TableColumns<C>;
    return [
      index().on(table.id),
      ...(extras.unique ?? []).map((column) => index().on(own[column])),
      ...indexes(`${name}_version`, own),
    ];
  });
  return { current, versions };
}

/** A name for an index of many columns, where the one that drizzle would give has more than the 63 bytes of PostgreSQL's names. */
function shortName(table: string, [first = '', ...rest]: readonly string[]): string | undefined {
  return rest.length < 3 ? undefined : `${table}_${first}_and_${rest.length}_more_index`;
}

function indexOn(column: PgColumn, type: string): PgTableExtraConfigValue {
  if (type.startsWith('geometry')) return index().using('gist', column);
  if (type.startsWith('text ARRAY')) return index().using('gin', column);
  return index().on(column);
}

/** Who wins when several sources tell one field, best first; `*` stands for every other source (domain.md §1.6). */
export interface SourceOrder {
  readonly default: readonly string[];
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

/** Whom a record is about and where it lies: what bounds and seals read. Columns by field name. */
export interface Subject {
  /** Keys of the persons it is about; a list column names several. */
  readonly persons?: readonly string[];
  /** Unified social credit codes of the entities it is about. A record that may be about either is about a person where one stands. */
  readonly entities?: readonly string[];
  /** It is about the persons who share this column with it: a household about its members. */
  readonly members?: string;
  /** Its own division. */
  readonly place?: string;
  /** Fields that tell of somebody beside whom it is about, by the column of that person's key. */
  readonly mentions?: Readonly<Record<string, readonly string[]>>;
}

/** One record type. */
export interface RecordDeclaration {
  /** The SDL type, in the field's standard term. */
  readonly type: string;
  readonly registry: RegistryName;
  readonly tables: RecordTables;
  /** The field that names one record fully; looking up by it is the use `key`. */
  readonly key?: string;
  /** Fields that hold an identifier with a rule of its own: how input is normalized and refused. */
  readonly identifiers?: Readonly<Record<string, IdentifierName>>;
  /** Stored `person_key` columns and the field each is computed from. */
  readonly personKeys?: Readonly<Record<string, string>>;
  readonly subject: Subject;
  /** Which of its records an answer held is written down, so that whoever issued one is told of its uses. */
  readonly traced?: true;
  /** May its records be paged through? Never for people and what belongs to them. */
  readonly browsable: boolean;
  /** Combinations of fields that a search must give in full before it may run (people are not browsed). */
  readonly narrow?: readonly (readonly string[])[];
  readonly sources: SourceOrder;
  /** Fields that are computed. */
  readonly derived?: Readonly<Record<string, DerivedField>>;
}

/** A field whose value has to stand in a column of a current row, or the database refuses it. */
export interface Reference {
  readonly field: string;
  readonly table: string;
  readonly column: string;
}

/** A declaration with its columns looked up once. */
export interface RecordModel extends RecordDeclaration {
  /** What its foreign keys ask for. */
  readonly references: readonly Reference[];
  readonly tableName: string;
  /** Columns of the current table by field name. */
  readonly columns: Readonly<Record<string, PgColumn>>;
}

/** Completes a declaration. */
export function record(declaration: RecordDeclaration): RecordModel {
  const { current } = declaration.tables;
  const columns = getTableColumns(current) as Record<string, PgColumn>;
  const references = getTableConfig(current).foreignKeys.flatMap((key): Reference[] => {
    const { columns: [own], foreignColumns: [other], foreignTable } = key.reference();
    const field = Object.keys(columns).find((name) => columns[name]?.name === own?.name);
    return field === undefined || other === undefined ? [] : [{ field, table: getTableName(foreignTable), column: other.name }];
  });
  return { ...declaration, references, tableName: getTableName(current), columns };
}
