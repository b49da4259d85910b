/**
 * Requests to check as they are kept: opened, moved and read. A move stands in the table (moves.ts), is made from the state that it begins
 * in, and is written down with it; or nothing happens.
 *
 * Who may make one, and what he is shown, is not judged here.
 */
import type postgres from 'postgres';
import { workingDays } from '../../calendar/calendar.ts';
import { begin, deadlinesOf, meet } from '../../calendar/deadline.ts';
import { HubError } from '../../errors.ts';
import { standsSql } from '../../query/under-check.ts';
import type { LeafField, RecordType } from '../../registries/contract.ts';
import type { Catalog } from '../../sharing/catalog.ts';
import type { Caller } from '../../sharing/terms.ts';
import { belongsHere, liesWithin } from '../home.ts';
import { moveOf } from './moves.ts';
import type { CheckState, CheckVerb, Verdict } from './moves.ts';

/** A request as it stands. Moments are ISO 8601, days civil dates. */
export interface CheckRequest {
  readonly id: string;
  readonly report: string;
  readonly reference: string | null;
  readonly conflict: string | null;
  readonly type: string;
  /** The record's id. */
  readonly recordId: string;
  readonly field: string;
  /** Whose word is doubted, under which key, in which version. */
  readonly source: string;
  readonly sourceKey: string;
  readonly sourceVersion: string;
  /** Who answers it here; null: the upper hub. Another department than the source's stands in for that one. */
  readonly department: string | null;
  readonly reporter: string;
  readonly reportedFor: string;
  readonly words: string;
  readonly evidence: string | null;
  /** JSON; null: the reporter does not say what is right. */
  readonly believed: string | null;
  readonly subjects: readonly string[];
  readonly state: CheckState;
  readonly version: number;
  readonly reportedAt: string;
  readonly dueOn: string | null;
  readonly verdict: Verdict | null;
  readonly answer: string | null;
  readonly correctedVersion: string | null;
  readonly answeredAt: string | null;
  /** The department that has answered, here or at the upper hub; null: nobody has, or it is not told. */
  readonly answeredBy: string | null;
}

/** A request that is to be opened. */
export type NewCheck = Pick<CheckRequest, 'report' | 'reference' | 'conflict' | 'type' | 'recordId' | 'field' | 'source' | 'sourceKey' | 'sourceVersion' | 'department' | 'reportedFor' | 'words' | 'evidence' | 'believed' | 'subjects'> & {
  readonly matter: string | null;
  readonly caseNo: string | null;
};

/** Who moves something, and when. */
export interface Mover {
  /** Null: the hub itself. */
  readonly caller: Caller | null;
  /** ISO 8601. */
  readonly now: string;
  /** The civil date; null: of what goes up and comes down, whose deadline runs elsewhere. */
  readonly today: string | null;
}

/** Where this hub stands: the division that it is home of, and whether there is a hub above it. */
export interface HubPlace {
  readonly division: string;
  readonly upper: boolean;
}

type Sql = postgres.Sql | postgres.TransactionSql;

const subjectOf = (id: string): string => `check:${id}`;

/** The request that a deadline is about; null: it is about something else. */
export const checkIn = (subject: string): string | null => (subject.startsWith('check:') ? subject.slice('check:'.length) : null);

/**
 * The department here that answers for a source's word; null: the upper hub, where the source belongs to none below this one. A
 * department that this hub does not know, or of a hub below it that has no steward here, can be asked by nobody from here: whoever provides
 * the item stands in for it, and asks it.
 */
export async function answererOf(sql: Sql, { division, upper }: HubPlace, catalog: Catalog, field: LeafField, source: string): Promise<string | null> {
  if (upper && !liesWithin(division, source)) return null;
  const [known] = await sql`select 1 from department d where d.code = ${source} and (${belongsHere(division, source)} or exists (select from administrator a where a.department_code = d.code and a.role = 'STEWARD'))`;
  const department = known === undefined ? field.items.flatMap((code) => catalog.item(code)?.ownerDepartment ?? [])[0] : source;
  if (department === undefined) throw new HubError('CONFLICT', 'No department here can be asked about this: its item is in no catalog.');
  return department;
}

/** The field of a type that a source tells. */
export function leafOf({ fields }: RecordType, name: string): LeafField {
  const field = fields.get(name);
  if (field?.kind !== 'leaf') throw new HubError('BAD_INPUT', `There is no field ${name.slice(0, 100)} that a source tells.`);
  return field;
}

/** Opens a request, with its deadline where it is answered here. Throws `CONFLICT` where the same department has one open already. */
export async function openCheck(tx: postgres.TransactionSql, mover: Mover & { readonly today: string }, asked: NewCheck, days: number): Promise<CheckRequest> {
  const state: CheckState = asked.department === null ? 'WAITING' : 'OPEN';
  const by = whoOf(mover.caller);
  const [made] = await tx<{ id: string }[]>`
    insert into check_request (report, reference, conflict, record_type, record_id, field, source, source_key, source_version, department, reporter, reported_for, matter, case_no, words, evidence, believed, subjects, state, reported_at)
    values (${asked.report}, ${asked.reference}, ${asked.conflict}, ${asked.type}, ${asked.recordId}, ${asked.field}, ${asked.source}, ${asked.sourceKey}, ${asked.sourceVersion}, ${asked.department}, ${by.by}, ${asked.reportedFor},
      ${asked.matter}, ${asked.caseNo}, ${asked.words}, ${asked.evidence}, ${asked.believed}::text::json, ${[...asked.subjects]}::text[], ${state}, ${mover.now})
    on conflict (record_id, field, record_type, reported_for) where ${tx.unsafe(standsSql)} do nothing returning id::text as id`;
  if (made === undefined) throw new HubError('CONFLICT', `${asked.type}.${asked.field} of this record is being checked for this department already; \`checkRequests\` tells how far it is.`);
  await noted(tx, mover, made.id, 'report', null, state, asked.words);
  if (asked.department !== null) await begin(tx, await workingDays(tx), { subject: subjectOf(made.id), rule: 'verify', department: asked.department }, mover.today, days);
  const [check] = await readChecks(tx, [made.id]);
  return check as CheckRequest;
}

/** What an answer says, beside its words. */
export interface Answered {
  readonly verdict: Verdict;
  readonly correctedVersion: string | null;
  /** ISO 8601. */
  readonly answeredAt: string;
  readonly answeredBy: string | null;
}

/** Moves a request that is held by this transaction (`lockCheck`). The conflict that it is about, if any, is open again once it is answered. */
export async function moveCheck(tx: postgres.TransactionSql, mover: Mover, check: Pick<CheckRequest, 'id' | 'state' | 'conflict'>, verb: CheckVerb, words: string | null = null, answered: Answered | null = null): Promise<void> {
  const { from, to: [to] } = moveOf(verb);
  if (from === null || to === undefined || !from.includes(check.state)) throw new HubError('CONFLICT', `This request to check is ${check.state}, and ${verb} is made from ${(from ?? []).join(', ')}. Read it again.`, { state: check.state });
  await tx`update check_request set state = ${to}, version = version + 1, verdict = ${answered?.verdict ?? null}, answer = ${answered === null ? null : words}, corrected_version = ${answered?.correctedVersion ?? null},
    answered_at = ${answered?.answeredAt ?? null}, answered_by = ${answered?.answeredBy ?? null} where id = ${check.id}::uuid`;
  await noted(tx, mover, check.id, verb, check.state, to, words);
  if (check.state === 'OPEN' && mover.today !== null) await meet(tx, subjectOf(check.id), null, mover.today);
  if (to === 'ANSWERED' && check.conflict !== null) await tx`update sync_conflict set state = 'OPEN' where id = ${check.conflict}::uuid and state = 'CHECKING'`;
}

/** Requests whose conflict is no longer being checked need no answer any more; of one conflict, or of all. How many. */
export async function lapseChecks(tx: postgres.TransactionSql, mover: Mover, conflict: string | null = null): Promise<number> {
  const moot = await tx<Pick<CheckRequest, 'id' | 'state' | 'conflict'>[]>`
    select id::text as id, state, conflict::text as conflict from check_request where conflict in (select id from sync_conflict where state <> 'CHECKING' and (${conflict}::uuid is null or id = ${conflict}::uuid))
      and state in ('OPEN', 'WAITING', 'SENT', 'REFUSED') order by seq for update`;
  for (const check of moot) await moveCheck(tx, mover, check, 'lapse');
  return moot.length;
}

/** A request, held until the transaction ends; and before it its conflict, as whoever decides that one holds them. */
export async function lockCheck(tx: postgres.TransactionSql, id: string): Promise<CheckRequest | undefined> {
  await tx`select 1 from sync_conflict where id = (select conflict from check_request where id = ${id}::uuid) for update`;
  const [held] = await tx`select 1 from check_request where id = ${id}::uuid for update`;
  return held === undefined ? undefined : (await tx.unsafe<CheckRequest[]>(byIds, [[id]], { prepare: true }))[0];
}

/** Requests by their ids, in the order of reporting. */
export async function readChecks(sql: Sql, ids: readonly string[]): Promise<readonly CheckRequest[]> {
  if (ids.length === 0) return [];
  return withDeadlines(sql, await sql.unsafe<CheckRequest[]>(byIds, [[...ids]], { prepare: true }));
}

/** Rows of `checkColumns` with the deadlines that run here. */
export async function withDeadlines(sql: Sql, rows: readonly CheckRequest[]): Promise<readonly CheckRequest[]> {
  if (rows.length === 0) return [];
  const due = new Map((await deadlinesOf(sql, rows.map(({ id }) => subjectOf(id)))).map(({ subject, dueOn }) => [subject, dueOn]));
  return rows.map((row) => ({ ...row, dueOn: due.get(subjectOf(row.id)) ?? row.dueOn }));
}

const moment = (name: string): string => `to_char(${name} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The columns of a `CheckRequest`, as a text; `dueOn` is that of the upper hub. */
export const checkColumns = `id::text as id, report::text as report, reference, conflict::text as conflict, record_type as type, record_id::text as "recordId", field, source, source_key as "sourceKey", source_version as "sourceVersion", department, reporter, reported_for as "reportedFor",
  words, evidence, believed::text as believed, subjects, state, version, ${moment('reported_at')} as "reportedAt", city_due_on::text as "dueOn", verdict, answer, corrected_version as "correctedVersion", ${moment('answered_at')} as "answeredAt", answered_by as "answeredBy"`;
const byIds = `select ${checkColumns} from check_request where id = any($1::uuid[]) order by seq`;

/** Who a move is written down under. */
function whoOf(caller: Caller | null): { readonly by: string; readonly role: string | null; readonly department: string | null } {
  if (caller === null || caller.kind === 'stranger') return { by: 'hub', role: null, department: null };
  return caller.kind === 'consumer' ? { by: caller.consumer, role: null, department: caller.department } : { by: caller.code, role: caller.role, department: caller.department };
}

async function noted(tx: postgres.TransactionSql, { caller, now }: Mover, id: string, verb: CheckVerb, from: CheckState | null, to: CheckState, words: string | null): Promise<void> {
  const { by, role, department } = whoOf(caller);
  await tx`insert into check_move (check_id, verb, from_state, to_state, at, by, by_role, by_department, party, words) values (${id}::uuid, ${verb}, ${from}, ${to}, ${now}, ${by}, ${role}, ${department}, ${moveOf(verb).by}, ${words})`;
}
