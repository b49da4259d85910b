/**
 * The queue of conflicts (疑义数据校核): what two sources of a record tell otherwise, for whoever provides the item. He keeps what holds,
 * takes the other word as his own, or has the source whose word holds check it, as what applications report is checked (checks/).
 *
 * They are opened and settled where records are written (records/conflicts.ts). Stewards see which field, whose word and since when, and
 * of values what is open to everybody (sources-shown.ts); nothing is changed in a record but by its department's own word, told by an
 * application of it or by its steward. Who does not provide an item, nor is of the data authority, finds no conflict about it.
 */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { z } from 'zod';
import { escalate, missedSubjects } from '../calendar/deadline.ts';
import { HubError } from '../errors.ts';
import { line, readForm } from '../identity/form.ts';
import { giveVersions } from '../records/claim-version.ts';
import type { ToldClaim } from '../records/claim-version.ts';
import { compareVersions } from '../records/merge.ts';
import { lockType, sourcesOf } from '../records/tables.ts';
import type { KeptSource } from '../records/tables.ts';
import { writeEach } from '../records/write-each.ts';
import type { WriteContext } from '../records/write.ts';
import { kindOf } from '../registries/columns.ts';
import type { RecordType } from '../registries/contract.ts';
import type { Catalog } from '../sharing/catalog.ts';
import type { Caller } from '../sharing/terms.ts';
import { answererOf, checkIn, lapseChecks, leafOf, lockCheck, openCheck, readChecks } from './checks/check.ts';
import type { CheckRequest, HubPlace } from './checks/check.ts';

/** OPEN: somebody has to look. KEPT: what holds stays, until either tells something newer. TAKEN: the department made the other word its own. CHECKING: a source was asked. SETTLED: they agree. */
export type ConflictState = 'OPEN' | 'KEPT' | 'TAKEN' | 'CHECKING' | 'SETTLED';

/** A conflict as it stands. Moments are ISO 8601. */
export interface Conflict {
  readonly id: string;
  readonly type: string;
  /** The record's id. Not for clients: they find records by what they may find them by. */
  readonly recordId: string;
  readonly field: string;
  readonly ownSource: string;
  readonly ownVersion: string;
  readonly otherSource: string;
  readonly otherVersion: string;
  /** The source whose word holds. */
  readonly holds: string;
  readonly state: ConflictState;
  readonly openedAt: string;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  readonly words: string | null;
  /** The last request to check it; null: nobody was asked. */
  readonly check: CheckRequest | null;
}

/** Who stands before the queue. */
export interface ConflictDesk {
  readonly writing: WriteContext;
  readonly caller: Caller;
  readonly types: ReadonlyMap<string, RecordType>;
  readonly catalog: Catalog;
  readonly place: HubPlace;
}

/** A page of the queue. */
export interface ConflictPage {
  readonly nodes: readonly Conflict[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/** Conflicts of a page at most. */
export const mostConflicts = 100;

type Sql = postgres.Sql | postgres.TransactionSql;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The conflicts that concern whoever asks, the oldest first; in one state, or all. */
export async function conflictsOf(desk: ConflictDesk, { first, after, state }: { readonly first: number; readonly after: string | null; readonly state: ConflictState | null }): Promise<ConflictPage> {
  if (first < 0) throw new HubError('BAD_INPUT', `first is a whole number from 0 to ${mostConflicts}.`);
  if (first > mostConflicts) throw new HubError('PAGE_TOO_LARGE', `first is ${first}; the limit is ${mostConflicts} a page. Ask for the next page with after: endCursor.`, { limit: mostConflicts });
  if (after !== null && !uuid.test(after)) throw new HubError('CURSOR_UNKNOWN', 'after is not a cursor of this list. Start again without it.');
  const { sql, now, today } = desk.writing;
  await bringUpToDate(sql, now, today);
  const place = after === null ? sql`true` : sql`(opened_at, id) > (select opened_at, id from sync_conflict where id = ${after}::uuid)`;
  const rows = await sql<Conflict[]>`select ${columns(sql)} from sync_conflict where (${state}::text is null or state = ${state}::text) and ${concerning(sql, desk)} and ${place} order by opened_at, id limit ${first + 1}`;
  const nodes = await withChecks(sql, rows.slice(0, first));
  return { nodes, endCursor: nodes.at(-1)?.id ?? null, hasNextPage: rows.length > first };
}

/** What holds stays, until either source tells something newer. */
export function keepValue(desk: ConflictDesk, id: string, because: string): Promise<Conflict> {
  return decide(desk, id, because, 'KEPT', noLongerChecked(desk));
}

/** Has the source whose word holds check it: within so many working days where it belongs here, else by the upper hub. */
export function requestCheck(desk: ConflictDesk, days: number, id: string, because: string): Promise<Conflict> {
  const { caller, types, catalog, place, writing: { now, today } } = desk;
  return decide(desk, id, because, 'CHECKING', async (tx, { type: name, recordId, field, holds, words, state }) => {
    if (caller.kind === 'stranger') throw new HubError('FORBIDDEN', 'Checks are requested by whoever provides the item.');
    if (state === 'CHECKING') throw new HubError('CONFLICT', 'A source is checking this already; `check` of the conflict tells how far it is.');
    const type = types.get(name) as RecordType;
    const doubted = newestOf((await sourcesOf(tx, type.model, [recordId])).filter(({ deleted }) => deleted !== true), holds);
    if (doubted === undefined) throw new HubError('CONFLICT', 'The source whose word holds tells the record no more. Read the queue again.');
    await openCheck(tx, { caller, now, today }, {
      report: randomUUID(), reference: null, conflict: id, type: name, recordId, field, source: doubted.source, sourceKey: doubted.key, sourceVersion: doubted.version,
      department: await answererOf(tx, place, catalog, leafOf(type, field), doubted.source), reportedFor: caller.department, words: words ?? because, evidence: null, believed: null,
      subjects: await subjectsOf(tx, type, recordId), matter: null, caseNo: null,
    }, days);
  });
}

/** Keys of the persons whom a record is about. */
async function subjectsOf(tx: postgres.TransactionSql, { model: { subject, columns, tableName } }: RecordType, id: string): Promise<readonly string[]> {
  const named = (subject.persons ?? []).map((field) => (kindOf(columns[field]!) === 'textList' ? `coalesce("${columns[field]?.name}", '{}')` : `array_remove(array["${columns[field]?.name}"], null)`));
  if (named.length === 0) return [];
  const [row] = await tx.unsafe<{ keys: readonly string[] }[]>(`select ${named.join(' || ')} as keys from "${tableName}" where id = $1::uuid`, [id], { prepare: true });
  return row?.keys ?? [];
}

/** What is decided has no longer to be checked. */
function noLongerChecked({ caller, writing: { now, today } }: ConflictDesk): (tx: postgres.TransactionSql, conflict: Conflict) => Promise<void> {
  return async (tx, { id }) => void await lapseChecks(tx, { caller, now, today }, id);
}

/**
 * The department that provides the item tells the other source's value as its own word, newer than what it told before. `looked` is the
 * other word's version that the decision was made from; null: whatever it tells now.
 */
export async function takeValue(desk: ConflictDesk, id: string, because: string, looked: string | null): Promise<Conflict> {
  const { caller, writing, types } = desk;
  const speaks = caller.kind === 'consumer' || (caller.kind === 'administrator' && caller.role === 'STEWARD');
  if (!speaks) throw new HubError('FORBIDDEN', 'A value is taken by a steward or an application of the department that provides the item: it becomes its word.');
  return decide(desk, id, because, 'TAKEN', async (tx, conflict) => {
    const { type, recordId, field, ownSource, otherSource } = conflict;
    // The data authority's stewards find every conflict, and take none but about what their own department provides.
    if (!ownersOf(desk, conflict).includes(caller.department)) throw new HubError('FORBIDDEN', `${type}.${field} is provided by another department, and its word is its own: ask its steward. You may keep what holds, or have it checked (keepValue, requestCheck).`);
    if (ownSource === otherSource) throw new HubError('CONFLICT', 'One source told this in two ways, and only one of them is known still. It tells a newer version (submitChanges), or is asked to check.');
    await lapseChecks(tx, { caller, now: writing.now, today: writing.today }, id);
    const { model } = types.get(type) as RecordType;
    const sources = (await sourcesOf(tx, model, [recordId])).filter(({ deleted }) => deleted !== true);
    const [mine, theirs] = [newestOf(sources, caller.department), newestOf(sources, otherSource)];
    if (mine === undefined) throw new HubError('CONFLICT', 'This department tells nothing of the record, so it has no word to change. It tells the record under a key of its own first (submitChanges).');
    if (theirs === undefined || theirs.values[field] === undefined) throw new HubError('CONFLICT', 'The other source tells this no more. Read the queue again.');
    if (looked !== null && looked !== theirs.version) throw new HubError('CONFLICT', `The other source tells version ${theirs.version} by now. Read the queue again, and take that if it still holds.`, { version: theirs.version });
    const claim: ToldClaim = { key: mine.key, version: undefined, at: undefined, deleted: false, effectiveFrom: undefined, effectiveTo: undefined, values: { [field]: theirs.values[field] } };
    const refuse = (_claim: unknown, _field: string, reason: string): never => { throw new HubError('CONFLICT', `The value cannot be told: ${reason}`); };
    const manner = { source: caller.department, version: null, at: writing.now, effectiveFrom: null, whole: false, place: () => 0 };
    const told = (await giveVersions(tx, model, manner, [claim], refuse, [mine])).map((one) => one.told);
    const [outcome] = await writeEach(writing, tx, model, caller.department, told);
    if (outcome?.outcome === 'refused') refuse(null, outcome.field, outcome.reason);
  });
}

/** What days bring about: what agrees again has no longer to be checked, and what was not checked in time is told to the data authority. How many were. */
export async function keepConflicts({ sql, now, today }: Pick<WriteContext, 'sql' | 'now' | 'today'>): Promise<number> {
  await bringUpToDate(sql, now, today);
  let escalated = 0;
  for (const subject of await missedSubjects(sql, today)) {
    const id = checkIn(subject);
    if (id === null) continue;
    escalated += await sql.begin(async (tx) => {
      await lockCheck(tx, id);
      return (await escalate(tx, subject, today, now)).length;
    });
  }
  return escalated;
}

/** What nobody has decided yet is settled where the source that told it twice has told something newer; what is settled has not to be checked. */
export async function bringUpToDate(sql: postgres.Sql, now: string, today: string): Promise<void> {
  await sql`
    update sync_conflict c set state = 'SETTLED', decided_at = ${now} where c.state in ('OPEN', 'KEPT', 'CHECKING') and c.own_source = c.other_source
      and not exists (select from source_record s where s.record_id = c.record_id and s.record_type = c.record_type and s.source = c.own_source and s.version = c.own_version)`;
  await sql.begin((tx) => lapseChecks(tx, { caller: null, now, today }));
}

/** Moves a conflict that stands and concerns whoever decides; `work` is done before, in the same transaction. */
async function decide(desk: ConflictDesk, id: string, because: string, to: ConflictState, work: (tx: postgres.TransactionSql, conflict: Conflict) => Promise<void>): Promise<Conflict> {
  const { caller, types, writing: { sql, now } } = desk;
  if (caller.kind === 'stranger') throw new HubError('FORBIDDEN', 'Conflicts are decided by whoever provides the item.');
  const { because: words } = readForm(z.strictObject({ because: line(200) }), { because }, 'The decision');
  const known = uuid.test(id) ? (await sql<Conflict[]>`select ${columns(sql)} from sync_conflict where id = ${id}::uuid and ${concerning(sql, desk)}`)[0] : undefined;
  if (known === undefined) throw new HubError('BAD_INPUT', 'There is no such conflict about an item of this department. Read `conflicts` again.');
  return await sql.begin(async (tx) => {
    // In the order in which whoever writes takes them.
    await lockType(tx, (types.get(known.type) as RecordType).model);
    const [conflict] = await tx<Conflict[]>`select ${columns(tx)} from sync_conflict where id = ${id}::uuid for update`;
    if (conflict === undefined || conflict.state === 'TAKEN' || conflict.state === 'SETTLED') throw new HubError('CONFLICT', 'This conflict stands no more: it was taken, or both sources agree. Read `conflicts` again.');
    const by = caller.kind === 'consumer' ? caller.consumer : caller.code;
    await tx`update sync_conflict set state = ${to}, decided_at = ${now}, decided_by = ${by}, words = ${words} where id = ${id}::uuid`;
    await work(tx, { ...conflict, words });
    const [decided] = await withChecks(tx, await tx<Conflict[]>`select ${columns(tx)} from sync_conflict where id = ${id}::uuid`);
    return decided as Conflict;
  }) as Conflict;
}

/** Whom a conflict concerns: whoever provides an item of the field, and stewards of the data authority. */
function concerning(sql: Sql, desk: ConflictDesk) {
  const { caller, types } = desk;
  if (caller.kind === 'administrator' && caller.ofAuthority) return sql`true`;
  if (caller.kind === 'stranger') return sql`false`;
  const own = [...types.values()].flatMap(({ name, fields }) => [...fields.values()].flatMap((field) => (ownersOf(desk, { type: name, field: field.name }).includes(caller.department) ? [{ name, field: field.name }] : [])));
  return sql`(record_type, field) in (select * from unnest(${own.map(({ name }) => name)}::text[], ${own.map(({ field }) => field)}::text[]))`;
}

/** The departments that provide the items of a field. */
export function ownersOf({ types, catalog }: Pick<ConflictDesk, 'types' | 'catalog'>, { type, field }: Pick<Conflict, 'type' | 'field'>): readonly string[] {
  const declared = types.get(type)?.fields.get(field);
  return declared?.kind !== 'leaf' ? [] : [...new Set(declared.items.flatMap((code) => catalog.item(code)?.ownerDepartment ?? []))];
}

function newestOf(sources: readonly KeptSource[], source: string): KeptSource | undefined {
  return sources.filter((one) => one.source === source).toSorted((a, b) => compareVersions(b.version, a.version))[0];
}

async function withChecks(sql: Sql, conflicts: readonly Conflict[]): Promise<readonly Conflict[]> {
  if (conflicts.length === 0) return [];
  const asked = await sql<{ id: string }[]>`select distinct on (conflict) id::text as id from check_request where conflict = any(${conflicts.map(({ id }) => id)}::uuid[]) order by conflict, seq desc`;
  const byConflict = new Map((await readChecks(sql, asked.map(({ id }) => id))).map((check) => [check.conflict, check]));
  return conflicts.map((conflict) => ({ ...conflict, check: byConflict.get(conflict.id) ?? null }));
}

function columns(sql: Sql) {
  return sql`id::text as id, record_type as type, record_id::text as "recordId", field, own_source as "ownSource", own_version as "ownVersion", other_source as "otherSource", other_version as "otherVersion", holds, state,
    to_char(opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "openedAt", to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "decidedAt", decided_by as "decidedBy", words`;
}
