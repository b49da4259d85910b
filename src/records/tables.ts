/**
 * The statements that read and write records, each for a whole batch: one text per record type, built from its declaration
 * and prepared by the driver, so a batch costs a handful of round trips however many claims it has.
 *
 * Values travel as JSON, or packed where many records begin (`packed.ts`), and come back in the form that `values.ts` gives them. It decides nothing: what to close, insert or
 * remove is said by `write.ts` and `due.ts`. No COPY: the embedded database cannot do it.
 */
import { getTableColumns, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import { dueChange, sourceRecord } from '../db/tables.ts';
import { HubError } from '../errors.ts';
import type { RecordModel } from '../registries/record.ts';
import type { SourceRecord } from './merge.ts';
import { arePackable, packable, Packer, unpacked } from './packed.ts';
import { FOREVER, type Values, type Version } from './timeline.ts';
import { shapeOf, type ModelColumn } from './values.ts';

/** A transaction or a client. */
export type Session = postgres.Sql | postgres.TransactionSql;

/** A version that is known today, as it lies in its table. */
export interface StoredVersion extends Version {
  readonly versionId: string;
}

/** A source record and the record that it is about. */
export interface KeptSource extends SourceRecord {
  readonly recordId: string;
}

/** What a batch writes of one record. */
export interface RecordWrite {
  readonly id: string;
  readonly insert: readonly Version[];
  /** Versions whose values lie in the table already, in another version that is not dropped: they are copied there. */
  readonly copies?: readonly { readonly of: StoredVersion; readonly version: Version }[];
  /** The version that becomes the current row, one of `insert`; absent = the current row stays as it is. */
  readonly current?: Version | undefined;
}

/** A record that begins: with what one source tells of it, which is kept, as its one version. */
export interface Begun {
  readonly kept: KeptSource;
  /** The values of `kept` as JSON; packable (`packed.ts`), like the source's key and version. */
  readonly told: string;
  readonly version: Version;
  /** Does the version hold today? */
  readonly current: boolean;
}

/** A text with its parameters `$1`, `$2` ... in the order in which it is called. */
type Text = string;

interface Texts {
  readonly bySourceKey: Text;
  readonly sources: Text;
  readonly byNaturalKey: Text | null;
  readonly known: Text;
  readonly lastRecorded: Text;
  readonly current: Text;
  readonly idsAfter: Text;
  readonly close: Text;
  readonly dropVersions: Text;
  readonly begin: Text;
  readonly insert: Text;
  readonly insertPlain: Text;
  readonly copy: Text;
  readonly removeCurrent: Text;
  readonly removeEnded: Text;
  readonly bringCurrent: Text;
  readonly scheduleNext: Text;
}

const dialect = new PgDialect();
const texts = new WeakMap<RecordModel, Texts>();
const forever = sql.raw(`'${FOREVER}'`);

/** Parameters are named by their place, so that a text can use one twice. */
const p = (place: number, type: string): SQL => sql.raw(`$${place}::${type}`);
const name = (column: { readonly name: string }): SQL => sql`${sql.identifier(column.name)}`;
const list = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);

function compile(query: SQL): Text {
  const { sql: text, params } = dialect.sqlToQuery(query);
  if (params.length > 0) throw new HubError('CONTRACT_BROKEN', 'A statement of records has parameters by place only.');
  return text;
}

/**
 * A look-up per element of a list parameter (`asked.one`), by index. `column = any(list)` may be planned, while a table is small or
 * new, as a walk through the whole table with the list beside it, and the prepared plan would stay.
 */
const each = (place: number, type: string, lookUp: SQL): SQL => sql`select looked.* from unnest(${p(place, `${type}[]`)}) asked (one) cross join lateral (${lookUp} offset 0) looked`;

/** An instant as ISO 8601 in UTC; to_char knows no infinity. */
const utc = (column: SQL): SQL => sql`case when isfinite(${column}) then to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') else ${column}::text end`;

function reading({ kind, name: column }: ModelColumn): SQL {
  const own = sql`${sql.identifier(column)}`;
  if (kind === 'instant') return sql`${utc(own)} as ${own}`;
  if (kind === 'decimal') return sql`trim_scale(${own})::text as ${own}`;
  if (kind === 'geometry') return sql`st_asewkt(${own}) as ${own}`;
  if (kind === 'date' || kind === 'json') return sql`${own}::text as ${own}`;
  return own;
}

function textsOf(model: RecordModel): Texts {
  const known = texts.get(model);
  if (known !== undefined) return known;
  const made = makeTexts(model);
  texts.set(model, made);
  return made;
}

function makeTexts(model: RecordModel): Texts {
  const { current, versions } = model.tables;
  const shape = shapeOf(model);
  const source = getTableColumns(sourceRecord);
  const due = getTableColumns(dueChange);
  const v = getTableColumns(versions as PgTable) as Record<string, PgColumn>;
  const [vid, id, from, to, recordedFrom, recordedTo] = ['versionId', 'id', 'effectiveFrom', 'effectiveTo', 'recordedFrom', 'recordedTo'].map((field) => name(v[field]!)) as [SQL, SQL, SQL, SQL, SQL, SQL];
  const values = shape.columns.map(name);
  const type = sql.raw(`'${model.type.replaceAll("'", "''")}'`);
  const keyColumn = model.key === undefined ? null : shape.columns.find(({ field }) => field === model.key);
  const sourceColumns = sql`${name(source.recordId)}, ${name(source.source)}, ${name(source.sourceKey)} as key, ${name(source.version)}, ${utc(name(source.at))} as at, ${name(source.deleted)}, ${name(source.effectiveFrom)}::text as "from", ${name(source.effectiveTo)}::text as "to", ${name(source.values)}::text as values`;
  const overwrite = sql`on conflict (${id}) do update set ${list(values.map((column) => sql`${column} = excluded.${column}`))}`;
  const versionColumns = list([id, from, to, recordedFrom, recordedTo, ...values]);
  const currentColumns = list([id, ...values]);
  // Values are read by field, as they are told.
  const typed = (fields: Iterable<string>): SQL => list([...fields].map((field) => sql`${sql.identifier(field)} ${sql.raw(v[field]!.getSQLType())}`));
  const byField = shape.columns.map(({ field }) => sql`${sql.identifier(field)}`);
  // Names of the house have an underscore; no field has one.
  const origin: Readonly<Record<string, SQL>> = { source: sql`its_source`, sourceVersion: sql`its_version`, sourceUpdatedAt: sql`its_at`, provenance: sql`null::jsonb` };
  const begun = shape.columns.map(({ field }) => origin[field] ?? sql`${sql.identifier(field)}`);
  const begunFields = [...shape.computed, ...shape.told.values()].map(({ field }) => field);
  const holds = (day: SQL): SQL => sql`${from} <= ${day} and ${to} > ${day} and ${recordedTo} = ${forever}`;
  return {
    bySourceKey: compile(each(1, 'text', sql`select ${sourceColumns} from ${sourceRecord} where ${name(source.recordType)} = ${type} and ${name(source.source)} = ${p(2, 'text')} and ${name(source.sourceKey)} = asked.one`)),
    sources: compile(each(1, 'uuid', sql`select ${sourceColumns} from ${sourceRecord} where ${name(source.recordId)} = asked.one and ${name(source.recordType)} is not distinct from ${type}`)),
    // Today's record before one that had the key once; of several, the one that had it last. The history knows both.
    byNaturalKey: !keyColumn ? null : compile(sql`select distinct on (key) key, id from (
      ${each(1, 'text', sql`select asked.one as key, ${id} as id, ${from} <= ${p(2, 'date')} and ${to} > ${p(2, 'date')} as today, ${to} as until from ${versions} where ${name(keyColumn)} = asked.one and ${recordedTo} = ${forever}`)}
    ) found order by key, today desc, until desc, id`),
    known: compile(each(1, 'uuid', sql`select ${id}, ${vid}::text as "__version", ${from}::text as "__from", ${to}::text as "__to", ${utc(recordedFrom)} as "__recorded", ${list(shape.columns.map(reading))} from ${versions} where ${id} = asked.one and ${recordedTo} = ${forever} order by ${versions}.${from}`)),
    lastRecorded: compile(each(1, 'uuid', sql`select asked.one as id, ${utc(sql`max(greatest(${recordedFrom}, case when isfinite(${recordedTo}) then ${recordedTo} end))`)} as last from ${versions} where ${id} = asked.one`)),
    current: compile(sql`select ${id}, ${list(shape.columns.map(reading))} from ${current} where ${id} = any(${p(1, 'uuid[]')})`),
    idsAfter: compile(sql`select id::text as id from (
      (select ${id} as id from ${current} where ${p(1, 'uuid')} is null or ${id} > ${p(1, 'uuid')} order by ${id} limit ${p(2, 'integer')})
      union (select distinct ${name(source.recordId)} from ${sourceRecord} where ${name(source.recordType)} = ${type} and not ${name(source.deleted)} and (${p(1, 'uuid')} is null or ${name(source.recordId)} > ${p(1, 'uuid')}) order by 1 limit ${p(2, 'integer')})
    ) found order by found.id limit ${p(2, 'integer')}`),
    close: compile(sql`update ${versions} set ${recordedTo} = closing.at from unnest(${p(1, 'bigint[]')}, ${p(2, 'timestamptz[]')}) closing (version, at) where ${vid} = closing.version`),
    dropVersions: compile(sql`delete from ${versions} where ${vid} = any(${p(1, 'bigint[]')})`),
    // One reading of the rows serves all tables.
    begin: compile(sql`with told as materialized (${sql.raw(unpacked('$1', [...origins, ...begunFields.map((field) => ({ name: field, type: v[field]!.getSQLType() }))]))}),
      history as (insert into ${versions} (${versionColumns}) select ${list([sql`its_id, its_from, its_to, its_since, ${forever}`, ...begun])} from told),
      kept as (insert into ${sourceRecord} (${list([source.recordType, source.source, source.sourceKey, source.recordId, source.version, source.at, source.deleted, source.effectiveFrom, source.effectiveTo, source.values].map(name))})
        select ${type}, its_source, its_key, its_id, its_version, its_at, false, its_from, its_to, its_values from told)
      insert into ${current} (${currentColumns}) select ${list([sql`its_id`, ...begun])} from told where is_current`),
    insert: compile(sql`with told as materialized (${sql.raw(unpacked('$1', [...placing, ...shape.columns.map(({ field }) => ({ name: field, type: v[field]!.getSQLType() }))]))}),
      history as (insert into ${versions} (${versionColumns}) select ${list([sql`its_id, its_from, its_to, its_since, its_until`, ...byField])} from told)
      insert into ${current} (${currentColumns}) select ${list([sql`its_id`, ...byField])} from told where is_current ${overwrite}`),
    copy: compile(sql`insert into ${versions} (${versionColumns})
      select ${list([sql`held.${id}`, sql`copied.since_day, copied.until_day, copied.since, copied.until`, ...values.map((column) => sql`held.${column}`)])}
      from unnest(${p(1, 'bigint[]')}, ${p(2, 'date[]')}, ${p(3, 'date[]')}, ${p(4, 'timestamptz[]')}, ${p(5, 'timestamptz[]')}) copied (version, since_day, until_day, since, until)
      cross join lateral (select * from ${versions} where ${vid} = copied.version offset 0) held`),
    // Of what cannot be packed.
    insertPlain: compile(sql`with told as materialized (select * from json_to_recordset(${p(1, 'text')}::json) told (${id} uuid, ${from} date, ${to} date, ${recordedFrom} timestamptz, ${recordedTo} timestamptz, ${typed(shape.columns.map(({ field }) => field))})),
      history as (insert into ${versions} (${versionColumns}) select ${list([id, from, to, recordedFrom, recordedTo, ...byField])} from told)
      insert into ${current} (${currentColumns}) select ${list([id, ...byField])} from told
      where ${id} in (select unnest(${p(2, 'uuid[]')})) and ${from} <= ${p(3, 'date')} and ${to} > ${p(3, 'date')} ${overwrite}`),
    removeCurrent: compile(sql`delete from ${current} where ${id} = any(${p(1, 'uuid[]')})`),
    removeEnded: compile(sql`delete from ${current} where ${id} = any(${p(1, 'uuid[]')}) and not exists (select from ${versions} held where held.${id} = ${current}.${id} and ${holds(p(2, 'date'))})`),
    bringCurrent: compile(sql`insert into ${current} (${currentColumns}) select ${currentColumns} from ${versions} where ${id} = any(${p(1, 'uuid[]')}) and ${holds(p(2, 'date'))} ${overwrite}`),
    scheduleNext: compile(sql`insert into ${dueChange} (${name(due.recordType)}, ${name(due.recordId)}, ${name(due.dueOn)})
      select ${type}, ${id}, min(edge) from ${versions} cross join lateral (values (${from}), (${to})) edges (edge)
      where ${id} = any(${p(1, 'uuid[]')}) and ${recordedTo} = ${forever} and edge > ${p(2, 'date')} and edge < ${forever} group by ${id} on conflict do nothing`),
  };
}

/** What is sent of a record that begins beside its values, in order. */
const origins = [
  { name: 'its_id', type: 'uuid' }, { name: 'its_key', type: 'text' }, { name: 'its_from', type: 'date' }, { name: 'its_to', type: 'date' }, { name: 'its_since', type: 'timestamptz' },
  { name: 'is_current', type: 'boolean' }, { name: 'its_source', type: 'text' }, { name: 'its_version', type: 'text' }, { name: 'its_at', type: 'timestamptz' }, { name: 'its_values', type: 'json' },
] as const;

/** What is sent of a version beside its values, in order. */
const placing = [
  { name: 'its_id', type: 'uuid' }, { name: 'its_from', type: 'date' }, { name: 'its_to', type: 'date' }, { name: 'its_since', type: 'timestamptz' }, { name: 'its_until', type: 'timestamptz' }, { name: 'is_current', type: 'boolean' },
] as const;

/** Runs one statement, prepared. */
function run(session: Session, text: Text, parameters: readonly unknown[]): Promise<postgres.Row[]> {
  return session.unsafe(text, parameters as (string | null)[], { prepare: true });
}

/**
 * A batch looks up by keys only. A plan that was made while a table was empty, or little was known of it, may walk through all of it
 * for each key, and a prepared one stays: a transaction that writes makes none.
 */
const lockText = "select pg_advisory_xact_lock(622300002, hashtext($1::text)), set_config('enable_seqscan', 'off', true)";

/** Makes writers of one record type wait for each other until the transaction ends. (The embedded database has one session anyway.) */
export async function lockType(session: Session, model: RecordModel): Promise<void> {
  await run(session, lockText, [model.type]);
}

/**
 * Begins a transaction of a long load that can be taken up again: what a crash of the server takes back it takes back whole, the load's
 * checkpoint with the rows, so no batch waits for the disk. The load's last transaction is to be a usual one, which waits for them all.
 */
export async function beginBulk(tx: postgres.TransactionSql, model: RecordModel): Promise<void> {
  await Promise.all([lockType(tx, model), run(tx, "select set_config('synchronous_commit', 'off', true)", [])]);
}

function keptSource(row: postgres.Row): KeptSource {
  const { record_id, source, key, version, at, deleted, from, to, values } = row as { record_id: string; source: string; key: string; version: string; at: string; deleted: boolean; from: string | null; to: string | null; values: string };
  return { recordId: record_id, source, key, version, at, values: JSON.parse(values) as Values, ...(deleted ? { deleted } : {}), ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
}

/** What one source has told under these keys. */
export async function sourcesByKey(session: Session, model: RecordModel, source: string, keys: readonly string[]): Promise<KeptSource[]> {
  return (await run(session, textsOf(model).bySourceKey, [keys, source])).map(keptSource);
}

/** What all sources have told about these records. */
export async function sourcesOf(session: Session, model: RecordModel, ids: readonly string[]): Promise<KeptSource[]> {
  return ids.length === 0 ? [] : (await run(session, textsOf(model).sources, [ids])).map(keptSource);
}

/** The records that have these natural keys today, or else had them last. */
export async function idsByNaturalKey(session: Session, model: RecordModel, keys: readonly string[], today: string): Promise<Map<string, string>> {
  const text = textsOf(model).byNaturalKey;
  if (text === null || keys.length === 0) return new Map();
  return new Map((await run(session, text, [keys, today])).map((row) => [row['key'] as string, row['id'] as string]));
}

/** The versions of these records that are known today, each record's by valid time. */
export async function knownVersions(session: Session, model: RecordModel, ids: readonly string[]): Promise<Map<string, StoredVersion[]>> {
  const byId = new Map<string, StoredVersion[]>();
  if (ids.length === 0) return byId;
  for (const row of await run(session, textsOf(model).known, [ids])) {
    const id = row['id'] as string;
    const version: StoredVersion = {
      versionId: row['__version'] as string, from: row['__from'] as string, to: row['__to'] as string,
      recordedFrom: row['__recorded'] as string, recordedTo: FOREVER, values: rowValues(model, row),
    };
    const versions = byId.get(id);
    if (versions === undefined) byId.set(id, [version]);
    else versions.push(version);
  }
  return byId;
}

/** When each record was last written, deletions included: nothing may be recorded before it. */
export async function lastRecorded(session: Session, model: RecordModel, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await run(session, textsOf(model).lastRecorded, [ids]);
  return new Map(rows.filter((row) => row['last'] !== null).map((row) => [row['id'] as string, row['last'] as string]));
}

/** The current rows of these records. */
export async function currentRows(session: Session, model: RecordModel, ids: readonly string[]): Promise<Map<string, Values>> {
  return new Map((await run(session, textsOf(model).current, [ids])).map((row) => [row['id'] as string, rowValues(model, row)]));
}

function rowValues(model: RecordModel, row: postgres.Row): Values {
  const shape = shapeOf(model);
  const values: Record<string, unknown> = { ...shape.empty };
  for (const { field, name: column, kind } of shape.columns) {
    const value: unknown = row[column];
    values[field] = kind === 'json' && typeof value === 'string' ? JSON.parse(value) : value;
  }
  return values;
}

/** The next records by id that are there today, or that a source tells of. */
export async function idsAfter(session: Session, model: RecordModel, after: string | null, first: number): Promise<string[]> {
  return (await run(session, textsOf(model).idsAfter, [after, first])).map((row) => row['id'] as string);
}

/** Closes known versions at an instant each; those that began at that very instant were never known and go. */
export async function closeVersions(session: Session, model: RecordModel, closing: readonly { readonly version: StoredVersion; readonly at: string }[]): Promise<void> {
  const kept = closing.filter(({ version, at }) => version.recordedFrom !== at);
  const dropped = closing.filter(({ version, at }) => version.recordedFrom === at);
  const { close, dropVersions } = textsOf(model);
  if (dropped.length > 0) await run(session, dropVersions, [dropped.map(({ version }) => version.versionId)]);
  if (kept.length > 0) await run(session, close, [kept.map(({ version }) => version.versionId), kept.map(({ at }) => at)]);
}

/** Inserts versions, and of records that have a new current version, the current row. */
export async function insertVersions(session: Session, model: RecordModel, writes: readonly RecordWrite[], today: string): Promise<void> {
  const copies = writes.flatMap(({ copies: own = [] }) => own);
  const { copy, insert: packedInsert } = textsOf(model);
  const copying = copies.length === 0 ? undefined : run(session, copy, [
    copies.map(({ of }) => of.versionId), copies.map(({ version }) => version.from), copies.map(({ version }) => version.to), copies.map(({ version }) => version.recordedFrom), copies.map(({ version }) => version.recordedTo),
  ]);
  if (!writes.some(({ insert }) => insert.length > 0)) return void await copying;
  if (!writes.every(({ insert }) => insert.every(({ values }) => arePackable(values)))) return void await Promise.all([copying, insertPlain(session, model, writes, today)]);
  const { columns } = shapeOf(model);
  const rows = new Packer();
  for (const { id, insert, current } of writes) {
    for (const version of insert) {
      const { from, to, recordedFrom, recordedTo, values } = version;
      rows.row(id);
      for (const cell of [from, to, recordedFrom, recordedTo, String(version === current)]) rows.cell('text', cell);
      for (const { field, kind } of columns) rows.cell(kind, values[field]);
    }
  }
  await Promise.all([copying, run(session, packedInsert, [rows.text])]);
}

/** The same, of values that hold what packing needs for itself. */
async function insertPlain(session: Session, model: RecordModel, writes: readonly RecordWrite[], today: string): Promise<void> {
  const rows = writes.flatMap(({ id, insert }) => insert.map(({ from, to, recordedFrom, recordedTo, values }) => ({ id, effective_from: from, effective_to: to, recorded_from: recordedFrom, recorded_to: recordedTo, ...values })));
  await run(session, textsOf(model).insertPlain, [JSON.stringify(rows), writes.filter(({ current }) => current !== undefined).map(({ id }) => id), today]);
}

/** Begins records: source record, version and current row of each. */
export async function beginRecords(session: Session, model: RecordModel, begun: readonly Begun[]): Promise<void> {
  if (begun.length === 0) return;
  const { computed, told } = shapeOf(model);
  const rows = new Packer();
  for (const { kept: { recordId, source, key, version, at, values }, told: json, version: { from, to, recordedFrom, values: row }, current } of begun) {
    rows.row(recordId);
    for (const cell of [key, from, to, recordedFrom, String(current), source, version, at, json]) rows.cell('text', cell);
    for (const { field, kind } of computed) rows.cell(kind, row[field]);
    for (const { field, kind } of told.values()) rows.cell(kind, values[field]);
  }
  await run(session, textsOf(model).begin, [rows.text]);
}

/** Removes the current rows of records. */
export async function removeCurrent(session: Session, model: RecordModel, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await run(session, textsOf(model).removeCurrent, [ids]);
}

/** Makes the current rows of these records what their known versions say of `today`. */
export async function bringCurrent(session: Session, model: RecordModel, ids: readonly string[], today: string): Promise<void> {
  if (ids.length === 0) return;
  const { removeEnded, bringCurrent: bring } = textsOf(model);
  // In this order: a natural key may pass from a record that ends today to one that begins today.
  await run(session, removeEnded, [ids, today]);
  await run(session, bring, [ids, today]);
}

/** Plans the next day on which each of these records changes. */
export async function scheduleNext(session: Session, model: RecordModel, ids: readonly string[], today: string): Promise<void> {
  if (ids.length > 0) await run(session, textsOf(model).scheduleNext, [ids, today]);
}

const keptColumns = [
  { name: 'record_id', type: 'uuid' }, { name: 'source', type: 'text' }, { name: 'source_key', type: 'text' }, { name: 'version', type: 'text' }, { name: 'at', type: 'timestamptz' }, { name: 'deleted', type: 'boolean' },
  { name: 'effective_from', type: 'date' }, { name: 'effective_to', type: 'date' }, { name: 'values', type: 'json' },
] as const;
const storing = (rows: string): Text => compile(sql`insert into ${sourceRecord} (record_type, source, source_key, record_id, version, at, deleted, effective_from, effective_to, "values")
  select ${p(2, 'text')}, source, source_key, record_id, version, at, deleted, effective_from, effective_to, "values" from (${sql.raw(rows)}) told
  on conflict (record_type, source, source_key) do update set record_id = excluded.record_id, version = excluded.version, at = excluded.at, deleted = excluded.deleted,
    effective_from = excluded.effective_from, effective_to = excluded.effective_to, "values" = excluded."values"`);
const storePacked = storing(unpacked('$1', keptColumns));
/** Of what cannot be packed. */
const storePlain = storing('select * from json_populate_recordset(null::source_record, $1::text::json)');

/** Keeps what sources have told from now on. */
export async function storeSources(session: Session, model: RecordModel, sources: readonly KeptSource[]): Promise<void> {
  if (sources.length === 0) return;
  const rows = new Packer();
  let packed = true;
  for (const { recordId, source, key, version, at, deleted, from, to, values } of sources) {
    const told = JSON.stringify(values);
    packed &&= packable(told, source, key, version);
    rows.row(recordId);
    for (const cell of [source, key, version, at, String(deleted === true), from, to, told]) rows.cell('text', cell);
  }
  if (packed) return void await run(session, storePacked, [rows.text, model.type]);
  const plain = sources.map(({ recordId, source, key, version, at, deleted, from, to, values }) => ({ record_id: recordId, source, source_key: key, version, at, deleted: deleted === true, effective_from: from, effective_to: to, values }));
  await run(session, storePlain, [JSON.stringify(plain), model.type]);
}

/** Of deleted source records: which version was deleted counts no more, and whatever their source tells next is taken. */
export async function forgetVersions(session: Session, model: RecordModel, told: readonly { readonly source: string; readonly key: string }[]): Promise<void> {
  if (told.length === 0) return;
  await run(session, "update source_record kept set version = '0', at = '0001-01-01T00:00:00Z' from unnest($2::text[], $3::text[]) told (source, key) where kept.record_type = $1::text and kept.source = told.source and kept.source_key = told.key and kept.deleted",
    [model.type, told.map(({ source }) => source), told.map(({ key }) => key)]);
}
