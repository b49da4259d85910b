/**
 * What of the log concerns facts that somebody used: records about those whom he used, with the fields of them that he used and that are
 * not any more as they were; and what desks have answered him. Nothing is judged here but that nobody is sealed for him; who may be told
 * of what, is asked in `fact-feed.ts`.
 */
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import { toldFieldsOf } from '../query/passed-on.ts';
import { kindOf } from '../registries/columns.ts';
import type { RecordType } from '../registries/contract.ts';
import type { RecordModel } from '../registries/record.ts';
import type { Asker } from './feed-entries.ts';

/** A subject of whom something was used (`used_subject`). */
export interface UsedRow {
  readonly caseNo: string;
  readonly role: string;
  readonly place: number;
  readonly subjectType: string;
  readonly subjectKey: string;
  readonly fields: readonly string[];
  readonly version: number | null;
  readonly receipt: string | null;
  readonly request: string;
  /** The record is about somebody of whom was told beside the subject, and not about the subject. */
  readonly beside: boolean;
}

/** A record that was written, with what of it was used and has changed. */
export interface ChangedRecord {
  readonly id: string;
  /** Where in the log it was written. */
  readonly order: number;
  readonly recordedAt: string;
  /** Is there such a record today? */
  readonly there: boolean;
  readonly fields: readonly string[];
  /** Of a certificate, its type; null: it is none. */
  readonly certificateTypes: readonly string[] | null;
  readonly used: UsedRow;
}

/** Who asks, under which matter. */
interface Asking extends Pick<Asker, 'caller' | 'standing' | 'now' | 'today'> {
  readonly matter: string;
}

/** A written record, and where in the log. */
interface Logged {
  readonly id: string;
  readonly recordedAt: string;
  readonly order: number;
}

/** A case under which something was used, or that was opened anew under its number, is open. */
const caseOpen = (used: string, at: string): string => `exists (select from service_case c where c.matter_code = ${used}.matter_code and c.case_no = ${used}.case_no and c.closed_at is null and c.deadline >= $3::date and c.opened_at <= ${used}.${at})`;

/** Nobody of this key is sealed for whoever looks behind these seals. */
const unsealed = (key: string, seals: string): string => `not exists (select from seal z where z.person_key = ${key} and z.code <> all(${seals}::text[]))`;

/**
 * The records of one type among these that are about somebody whom the caller used. What was written within the hour before is told too: a
 * look-up may have read what a transaction that began before it wrote after it.
 */
export async function changedAmongUsed(sql: postgres.Sql, { caller, standing, matter, today, now }: Asking, type: RecordType, logged: readonly Logged[]): Promise<readonly ChangedRecord[]> {
  if (logged.length === 0) return [];
  try {
    const rows = await sql.unsafe<Row[]>(changesText(type), [caller.consumer, matter, today, now, standing.policyOf(caller).seals as string[], logged.map(({ id }) => id), logged.map(({ recordedAt }) => recordedAt), logged.map(({ order }) => order)], { prepare: true });
    return rows.map(({ id, order, recordedAt, there, fields, types, used, ...own }) => ({ id, order, recordedAt, there, fields, certificateTypes: type.name === 'Certificate' ? types : null, used: { ...own, fields: used } }));
  } catch (error) {
    throw safeError(error, 'read what has changed of facts that were used');
  }
}

interface Row extends Omit<UsedRow, 'fields'> {
  readonly id: string;
  readonly order: number;
  readonly recordedAt: string;
  readonly there: boolean;
  readonly fields: readonly string[];
  readonly types: readonly string[];
  readonly used: readonly string[];
}

const texts = new WeakMap<RecordType, string>();

function changesText(type: RecordType): string {
  const known = texts.get(type) ?? makeText(type);
  texts.set(type, known);
  return known;
}

/**
 * `was`: the record as it was known before it was written, on that day; where nothing was written but its day has come, as it stood before.
 * `near`: as it is now.
 */
function makeText(type: RecordType): string {
  const { model, name } = type;
  const columns = toldFieldsOf(type).map((field) => ({ at: `${name}.${field.name}`, column: `"${field.column?.name}"` }));
  const changed = [`case when (near.id is null) <> (was.id is null) then '${name}' end`, ...columns.map(({ at, column }) => `case when near.${column} is distinct from was.${column} then '${at}' end`)];
  const version = `"${model.tableName}_version"`;
  const types = model.columns['typeCode'] === undefined ? `'{}'::text[]` : `array_remove(array[near."${model.columns['typeCode'].name}", was."${model.columns['typeCode'].name}"], null)`;
  return `
    select l.id::text as id, l.n as order, to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt", near.id is not null as there, seen.fields, ${types} as types,
      u.case_no as "caseNo", u.role, u.place, u.subject_type as "subjectType", u.subject_key as "subjectKey", u.fields as used, u.version, u.receipt_id as receipt, u.request, not (about.keys @> array[u.subject_key]) as beside
    from unnest($6::uuid[], $7::timestamptz[], $8::integer[]) l (id, at, n)
    left join "${model.tableName}" near on near.id = l.id
    left join lateral (
      select v.* from ${version} v where v.id = l.id and v.recorded_from < l.at and v.recorded_to >= l.at and case
        when exists (select from ${version} w where w.id = l.id and (w.recorded_from = l.at or w.recorded_to = l.at)) then v.effective_from <= (l.at at time zone 'Asia/Shanghai')::date and v.effective_to > (l.at at time zone 'Asia/Shanghai')::date
        else coalesce((select v.effective_to = begun.effective_from from ${version} begun where begun.id = l.id and begun.recorded_from < l.at and begun.recorded_to >= l.at
          and begun.effective_from between (l.at at time zone 'Asia/Shanghai')::date - 7 and (l.at at time zone 'Asia/Shanghai')::date order by begun.effective_from desc limit 1),
          v.effective_from <= (l.at at time zone 'Asia/Shanghai')::date and v.effective_to > (l.at at time zone 'Asia/Shanghai')::date) end limit 1) was on true
    cross join lateral (select ${keysOf(model, ['near', 'was'])} as keys) about
    join used_subject u on u.keys && about.keys and u.consumer_code = $1 and u.matter_code = $2 and u.until > $4::timestamptz and u.used_at - interval '1 hour' <= l.at
      and (not u.with_case or ${caseOpen('u', 'used_at')}) and ${unsealed('u.subject_key', '$5')}
    cross join lateral (select array(select f from unnest(array[${changed.join(', ')}]) f where f = any(u.fields)) as fields) seen
    where cardinality(seen.fields) > 0 order by l.n, u.case_no, u.role, u.place`;
}

/** The keys of all whom a record is about, and its own where it is about nobody by another name. */
function keysOf({ type, subject, columns, key }: RecordModel, rows: readonly string[]): string {
  const named = (field: string): string => `"${columns[field]?.name}"`;
  const lists = rows.flatMap((row) => [
    ...[...subject.persons ?? [], ...subject.entities ?? []].map((field) => (kindOf(columns[field]!) === 'textList' ? `coalesce(${row}.${named(field)}, '{}')` : `array[${row}.${named(field)}]`)),
    ...(subject.members === undefined ? [] : [`array(select p.person_key from person p where p.${named(subject.members)} = ${row}.${named(subject.members)})`]),
    ...(key === undefined || type === 'Person' ? [] : [`array[${row}.${named(key)}]`]),
  ]);
  return lists.length === 0 ? `'{}'::text[]` : `array_remove(${lists.join(' || ')}, null)`;
}

/** Current records of subjects, by id with their keys. */
export async function idsOfSubjects(sql: postgres.Sql, { model }: RecordType, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const column = model.columns[model.type === 'Person' ? 'personKey' : model.key ?? ''];
  if (column === undefined || keys.length === 0) return new Map();
  const rows = await sql.unsafe<{ id: string; key: string }[]>(`select id::text as id, "${column.name}" as key from "${model.tableName}" where "${column.name}" = any($1::text[])`, [[...new Set(keys)]], { prepare: true });
  return new Map(rows.map(({ id, key }) => [id, key]));
}

/** What a desk has answered. */
export interface DeskAnswered {
  readonly id: string;
  readonly recordedAt: string;
  readonly caseNo: string;
  readonly role: string;
  readonly fact: string;
  /** The key of the person whom it is about; null: it is about none. */
  readonly person: string | null;
}

/** Of these requests those that the caller asked under the matter, whose case is open, about nobody sealed. */
export async function deskAnswered(sql: postgres.Sql, { caller, standing, matter, today }: Asking, ids: readonly string[]): Promise<readonly DeskAnswered[]> {
  try {
    return await sql.unsafe<DeskAnswered[]>(`
      select r.id::text as id, to_char(r.answered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt", c.case_no as "caseNo", r.role, r.fact,
        (select p.person_key from person p where p.person_key = r.subject_key) as person
      from desk_request r join service_case c on c.id = r.case_id
      where r.id = any($5::uuid[]) and r.asked_by = $1 and r.matter_code = $2 and c.closed_at is null and c.deadline >= $3::date and ${unsealed('r.subject_key', '$4')}`,
    [caller.consumer, matter, today, standing.policyOf(caller).seals as string[], ids as string[]], { prepare: true });
  } catch (error) {
    throw safeError(error, 'read what desks have answered');
  }
}
