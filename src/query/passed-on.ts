/**
 * Records of one type as another may have them who follows their changes: what each source tells of them, field by field under his
 * plan; and as one record, for whoever merges nothing.
 *
 * It is no operation of a client, and everything else is as there: the plan lets rows in, a withheld field is not in the statement, a
 * bound takes a field out of the rows on which it does not hold, seals and territory hold, and whose data it is is told. A field of a
 * source is judged as the same field of the record. What is masked is not told: a mask of a value is no value to be kept.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { HubError } from '../errors.ts';
import type { LeafField, RecordType } from '../registries/contract.ts';
import { houseColumns } from '../registries/record.ts';
import type { RecordModel } from '../registries/record.ts';
import type { Plan } from '../sharing/plan.ts';
import { isNowhere } from '../sharing/rows.ts';
import type { Rows } from '../sharing/rows.ts';
import type { Ask, Bound } from '../sharing/terms.ts';
import { looksElsewhere, mentionSealed } from './bounds.ts';
import { chosen, finished, recordJson } from './compile.ts';
import type { Statement } from './compile.ts';
import { keysSlot } from './conditions.ts';
import { Compilation, where } from './rows.ts';
import type { CompileOptions, Source } from './rows.ts';
import { territoryOn } from './territory.ts';
import { standsSql } from './under-check.ts';
import type { Output, Slot } from './tree.ts';

/** The values that the statements of this file are run with, as `variables` of the request. */
export interface Following {
  /** Records asked for. */
  readonly ids?: readonly string[];
  /** The id behind which the next records begin; null: from the first. */
  readonly after?: string | null;
  readonly first?: number;
  /** Natural keys asked for, as they were sent. */
  readonly keys?: readonly string[];
}

/** A row of `byIds` and `following`. */
export interface PassedOnRow {
  readonly id: string;
  /** Keys of whom it is about, as one text (see subjects.ts). */
  readonly s: string | null;
  /** JSON: the fields that are told somewhere, and not here. */
  readonly hidden: string | null;
  /** JSON: what its sources tell. */
  readonly sources: string | null;
  /** JSON: the record as a query would show it. */
  readonly record: string | null;
  /** JSON: whose word the record is, its fields that are another's, and those that are being checked; only where it is wanted. */
  readonly origins?: string | null;
}

/** A statement's text, and how to bind it. */
export type Text = Pick<Statement, 'parameters'> & { readonly text: string };

/** A row of `byKeys`. */
export interface KeyedRow extends PassedOnRow {
  /** The natural key that it was asked for by, in its one form. */
  readonly key: string;
}

/** A record type as one caller may follow it. */
export interface PassingOn {
  readonly type: RecordType;
  /** Fields that are told, unmasked, on some rows. Empty: none is, and nothing is passed on. */
  readonly fields: readonly string[];
  /** Types of records on which it hangs what of it may be had: a bound that holds here by what is written there. */
  readonly hangsOn: readonly NearType[];
  /** It has members, and somebody is sealed: who comes or leaves may make it somebody's, or nobody's. */
  readonly membersSealed: boolean;
  /** Lists by which bounds are judged, and whether authorizations are: their changes are no record's. */
  readonly lists: readonly string[];
  readonly authorized: boolean;
  /** All that the rights hang on, as a text: another text, other rights. */
  readonly rights: string;
  /** The records of these ids, as far as they may be had. */
  readonly byIds: Text;
  /** The next records by id. */
  readonly following: Text;
  /** Ids of these that are there and about nobody sealed, wherever they lie. */
  readonly there: Text;
}

/** Records by which bounds of others are judged. */
export type NearType = 'Person' | 'LegalEntity';

/** What of a row is wanted. */
export interface Wanted extends CompileOptions {
  readonly sources: boolean;
  readonly record: boolean;
  /** Where the record has its values from, and what of it is being checked; no unless told. */
  readonly origins?: boolean;
}

/** The fields of a type that sources tell. */
export function toldFieldsOf({ fields }: RecordType): readonly LeafField[] {
  return [...fields.values()].filter((field): field is LeafField => field.kind === 'leaf' && field.derived === null && field.column !== null && !houseColumns.has(field.name) && field.name !== 'sourceUpdatedAt');
}

/** Everything that following a type asks, at a root field's coordinate. */
export function asksOf(type: RecordType, at: string): readonly Ask[] {
  return [
    { item: type.existsItem, use: 'exist', at },
    ...toldFieldsOf(type).flatMap((field) => field.items.map((item): Ask => ({ item, use: 'read', at: `${type.name}.${field.name}` }))),
  ];
}

/** Everything that looking up records of a type by their natural key asks, where these fields are wanted of them. */
export function asksByKey(type: RecordType, at: string, fields: ReadonlySet<string>): readonly Ask[] {
  const read = new Set(toldFieldsOf(type).flatMap(({ name }) => (fields.has(name) ? [`${type.name}.${name}`] : [])));
  const key = keyFieldOf(type);
  return [...asksOf(type, at).filter((ask) => ask.use !== 'read' || read.has(ask.at)), ...key.items.map((item): Ask => ({ item, use: 'key', at: keyAt(at) }))];
}

/** The field that names a record fully; refuses a type that has none. */
export function keyFieldOf({ name, model: { key }, fields }: RecordType): LeafField {
  const field = key === undefined ? undefined : fields.get(key);
  if (field?.kind !== 'leaf') throw new HubError('BAD_INPUT', `${name} has no natural key, so its records are not looked up by one.`);
  return field;
}

/** The coordinate of the keys of a root field. */
export const keyAt = (at: string): string => `${at}(keys)`;

/**
 * Compiles a look-up by natural key from a plan of `asksByKey`: the fields that may be had of those asked for, and the statement. It
 * does as much for somebody sealed, or outside the territory, as for nobody (see `chosen`).
 */
export function passingByKey(type: RecordType, at: string, plan: Plan, fields: ReadonlySet<string>, wanted: CompileOptions & Partial<Pick<Wanted, 'origins' | 'sources' | 'record'>>): { readonly fields: readonly string[]; readonly byKeys: Text } {
  const told = isNowhere(plan.rows(at, 'exist')) ? [] : toldFieldsOf(type).filter((field) => fields.has(field.name) && !isNowhere(rowsOf(plan, type, field)));
  const compilation = new Compilation(plan, { asOf: null, knownAt: null }, { ...wanted, subjects: true });
  const source = compilation.source(type, { reached: null, rows: [plan.rows(at, 'exist'), plan.rows(keyAt(at), 'key')] });
  const asked = compilation.fresh('k');
  const { from, rows } = chosen(compilation, source, sql`${asked}.key`);
  const { columns, beside } = columnsOf({ type, plan, wanted: { sources: true, record: false, ...wanted }, told }, compilation, source);
  const keys = compilation.value(keysSlot((run) => run.variables['keys'], keyFieldOf(type), type, keyAt(at)), 'text[]');
  const select = sql`select ${asked}.key, f.* from unnest(${keys}) with ordinality ${asked}(key, n) cross join lateral (select ${columns} from ${from}${beside}${rows} limit 1) f order by ${asked}.n`;
  return { fields: told.map(({ name }) => name), byKeys: finished(compilation, select) };
}

/** Compiles what follows from a plan of `asksOf`. */
export function passingOn(type: RecordType, at: string, plan: Plan, wanted: Wanted): PassingOn {
  const exists = plan.rows(at, 'exist');
  const nothing = isNowhere(exists) || isNowhere(plan.existence(type.name));
  const told = nothing ? [] : toldFieldsOf(type).filter((field) => !isNowhere(rowsOf(plan, type, field)));
  const compiled = { type, at, plan, wanted, told };
  const rows = [exists, plan.existence(type.name), ...plan.territory.map((entry) => territoryOn(entry, type.model)), ...told.map((field) => rowsOf(plan, type, field))];
  const bounds = rows.flatMap((some) => (some === 'all' ? [] : some.flat()));
  return {
    type,
    fields: told.map(({ name }) => name),
    hangsOn: hangsOn(type.model, bounds),
    membersSealed: plan.seals !== null && type.model.subject.members !== undefined,
    lists: [...new Set(bounds.flatMap((bound) => (bound.kind === 'list' ? [bound.list] : [])))],
    authorized: bounds.some(({ kind }) => kind === 'authorization'),
    rights: JSON.stringify([type.name, exists, plan.existence(type.name), plan.territory, plan.seals ?? [], told.map((field) => [field.name, rowsOf(plan, type, field)])]),
    byIds: select(compiled, (compilation, { columns }) => ({ conditions: [sql`${columns['id']} = any(${compilation.value(ids, 'uuid[]')})`], rest: sql`` })),
    following: select(compiled, (compilation, { columns }) => {
      const after = compilation.value(readAfter, 'uuid');
      return { conditions: [sql`(${after} is null or ${columns['id']} > ${after})`], rest: sql` order by ${columns['id']} limit ${compilation.value(readFirst, 'integer')}` };
    }),
    there: there(type, plan, wanted),
  };
}

/** By whose records bounds tell rows of a type from the others, beside its own. */
function hangsOn(model: RecordModel, bounds: readonly Bound[]): readonly NearType[] {
  const near = bounds.filter((bound) => looksElsewhere(bound, model)).flatMap((bound): NearType[] => {
    switch (bound.kind) {
      case 'division': return ['Person'];
      case 'category':
      case 'registrar': return ['LegalEntity'];
      // Lists and authorizations name the subject itself; only who belongs to a household stands elsewhere.
      default: return model.subject.members === undefined ? [] : ['Person'];
    }
  });
  return [...new Set(near)];
}

const ids: Slot = (run) => run.variables['ids'];
const readAfter: Slot = (run) => run.variables['after'] ?? null;
const readFirst: Slot = (run) => run.variables['first'];

/** Where a field is shown unmasked, or may be verified. */
export function rowsOf(plan: Plan, type: RecordType, { name }: LeafField, use: 'read' | 'verify' = 'read'): Rows {
  return plan.rows(`${type.name}.${name}`, use);
}

interface Compiled {
  readonly type: RecordType;
  readonly at: string;
  readonly plan: Plan;
  readonly wanted: Wanted;
  readonly told: readonly LeafField[];
}

function select({ type, at, plan, wanted, told }: Compiled, narrow: (compilation: Compilation, source: Source) => { readonly conditions: readonly SQL[]; readonly rest: SQL }): Text {
  const compilation = new Compilation(plan, { asOf: null, knownAt: null }, { ...wanted, subjects: true });
  const source = compilation.source(type, { reached: null, rows: [plan.rows(at, 'exist')] });
  const { conditions, rest } = narrow(compilation, source);
  const { columns, beside } = columnsOf({ type, plan, wanted, told }, compilation, source);
  return finished(compilation, sql`select ${columns} from ${source.from}${beside}${where([...conditions, ...compilation.visible(source)])}${rest}`);
}

/** The columns of a `PassedOnRow`, and what stands beside the record for them. */
function columnsOf({ type, plan, wanted, told }: Omit<Compiled, 'at'>, compilation: Compilation, source: Source): { readonly columns: SQL; readonly beside: SQL } {
  const outputs = told.map((field): Output => ({ kind: 'leaf', as: field.name, at: `${type.name}.${field.name}`, field, crs: 'EPSG4490' }));
  const { json, told: subjects } = recordJson(compilation, source, { type, outputs }, []);
  const hidden = hiddenOf(compilation, source, plan, told);
  const name = compilation.fresh('h');
  const columns = [
    sql`${source.columns['id']}::text as id`, sql`${subjects ?? sql`null::text`} as s`,
    sql`${hidden === null ? sql`null::text` : sql`array_to_json(${name}.names)::text`} as hidden`,
    sql`${wanted.sources ? sql`${sourcesOf(type, source, told, hidden === null ? null : sql`${name}.names`)}::text` : sql`null::text`} as sources`,
    ...(wanted.origins === true ? [sql`${originsOf(source)}::text as origins`] : []),
    sql`${wanted.record ? sql`${json}::text` : sql`null::text`} as record`,
  ];
  const beside = hidden === null ? sql`` : sql` cross join lateral (select ${hidden} as names) ${name}`;
  return { columns: sql.join(columns, sql`, `), beside };
}

function originsOf({ columns, type }: Source): SQL {
  const checked = sql.raw(`(select json_agg(distinct field) from check_request where ${standsSql} and record_id = `);
  return sql`json_build_object('source', ${columns['source']}, 'version', ${columns['sourceVersion']}, 'fields', ${columns['provenance']}, 'checked', ${checked}${columns['id']} and record_type = ${type.name}::text))`;
}

/** The names of fields that are told somewhere and not on this row; null: all are told everywhere. */
export function hiddenOf(compilation: Compilation, source: Source, plan: Plan, told: readonly LeafField[], use: 'read' | 'verify' = 'read'): SQL | null {
  const names = told.flatMap((field): SQL[] => {
    const rows = compilation.left(source, rowsOf(plan, source.type as RecordType, field, use));
    const sealed = plan.seals === null ? null : mentionSealed(compilation, source.type.model, field.name, source.columns, plan.seals);
    const conditions = [...(rows === 'all' ? [] : [compilation.inside(source, rows)]), ...(sealed === null ? [] : [sql`not ${sealed}`])];
    // What is not known to hold does not hold.
    return conditions.length === 0 ? [] : [sql`case when not coalesce(${sql.join(conditions, sql` and `)}, false) then ${field.name}::text end`];
  });
  return names.length === 0 ? null : sql`array_remove(array[${sql.join(names, sql`, `)}], null)`;
}

/** What the record's sources tell, as JSON; a field that is not among `told`, or hidden on this row, is left out. */
function sourcesOf(type: RecordType, { columns }: Source, told: readonly LeafField[], hidden: SQL | null): SQL {
  const all = told.length === toldFieldsOf(type).length && hidden === null;
  const names = sql`${`{${told.map(({ name }) => `"${name}"`).join()}}`}::text[]`;
  const values = all ? sql`source."values"` : sql`(select coalesce(json_object_agg(cell.key, cell.value), '{}'::json) from json_each(source."values") cell where cell.key = any(${names})${hidden === null ? sql`` : sql` and cell.key <> all(${hidden})`})`;
  return sql`(select json_agg(json_build_object('source', source.source, 'key', source.source_key, 'version', source.version, 'changedAt', to_char(source.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'deleted', source.deleted, 'effectiveFrom', nullif(source.effective_from, '-infinity'), 'effectiveTo', nullif(source.effective_to, 'infinity'), 'values', ${values}) order by source.source, source.source_key)
    from source_record source where source.record_id = ${columns['id']} and source.record_type is not distinct from ${type.name}::text)`;
}

function there(type: RecordType, plan: Plan, wanted: Wanted): Text {
  const compilation = new Compilation(plan, { asOf: null, knownAt: null }, wanted);
  const source = compilation.source(type);
  return finished(compilation, sql`select ${source.columns['id']}::text as id from ${source.from}${where([sql`${source.columns['id']} = any(${compilation.value(ids, 'uuid[]')})`, ...compilation.open(source)])}`);
}
