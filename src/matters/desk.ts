/**
 * Facts that no register tells (人工答复): put to the desk of the department that knows them, under an open case, and answered by it
 * within working days. Asking again asks nothing anew; an answer is given once, and told to whoever asked (sync/fact-feed.ts).
 *
 * Whoever answers is told by which number the subject was named, and nothing else about it.
 */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { z } from 'zod';
import { workingDays } from '../calendar/calendar.ts';
import { begin, escalate, meet, missedSubjects } from '../calendar/deadline.ts';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import { line, readForm } from '../identity/form.ts';
import { logAnswered } from '../records/change-log.ts';
import type { Caller } from '../sharing/terms.ts';
import type { DeskAnswer } from './answer.ts';

/** Words that answer a fact by hand. */
export const deskVerdicts = ['HELD', 'NOT_HELD', 'TRUE', 'FALSE', 'UNKNOWN'] as const;
export type DeskVerdict = (typeof deskVerdicts)[number];

/** The case under which desks are asked, by whom, when. */
export interface DeskCase {
  readonly sql: postgres.Sql;
  readonly matter: string;
  readonly version: number;
  readonly caseNo: string;
  readonly consumer: string;
  /** ISO 8601; and the civil date. */
  readonly now: string;
  readonly today: string;
}

/** One fact of one subject that a desk answers. */
export interface DeskQuestion {
  readonly fact: string;
  readonly role: string;
  readonly index: number;
  readonly department: string;
  readonly workingDays: number;
  /** `person_key`, USCC, or the record's own key; and the number by which it was named. */
  readonly subjectKey: string;
  readonly subjectNumber: string;
}

/** A fact put to a desk, as it stands. */
export interface DeskRequest {
  readonly id: string;
  readonly matter: string;
  readonly version: number;
  readonly caseNo: string;
  readonly fact: string;
  readonly role: string;
  readonly subjectKey: string;
  readonly subjectNumber: string;
  readonly department: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly dueOn: string | null;
  readonly verdict: DeskVerdict | null;
  readonly words: string | null;
  readonly answeredBy: string | null;
  readonly answeredAt: string | null;
}

type Sql = postgres.Sql | postgres.TransactionSql;

const subjectOf = (id: string): string => `desk:${id}`;

/** Sees to it that each question lies on its desk, and gives what stands there: answered or not. */
export async function atDesks({ sql, matter, version, caseNo, consumer, now, today }: DeskCase, questions: readonly DeskQuestion[]): Promise<readonly DeskAnswer[]> {
  if (questions.length === 0) return [];
  try {
    const before = await standing(sql, matter, caseNo);
    const missing = questions.filter((question) => before.every((row) => !isAbout(row, question)));
    if (missing.length > 0) {
      await sql.begin(async (tx) => {
        const [own] = await tx<{ id: string }[]>`select id from service_case where matter_code = ${matter} and case_no = ${caseNo} and closed_at is null`;
        // Closed since it was asked under: what is not asked is not pending.
        if (own === undefined) return;
        const calendar = await workingDays(tx);
        for (const question of missing) {
          const id = randomUUID();
          const put = await tx`
            insert into desk_request (id, case_id, matter_code, version, fact, role, subject_key, subject_number, department_code, asked_by, asked_at)
            values (${id}, ${own.id}, ${matter}, ${version}, ${question.fact}, ${question.role}, ${question.subjectKey}, ${question.subjectNumber}, ${question.department}, ${consumer}, ${now}) on conflict do nothing`;
          if (put.count > 0) await begin(tx, calendar, { subject: subjectOf(id), rule: 'desk', department: question.department }, today, question.workingDays);
        }
      });
    }
    const rows = missing.length === 0 ? before : await standing(sql, matter, caseNo);
    return questions.flatMap((question) => rows.filter((row) => isAbout(row, question)).map((row): DeskAnswer => (
      { fact: question.fact, role: question.role, index: question.index, dueOn: row.dueOn ?? today, verdict: row.verdict, words: row.words, answeredAt: row.answeredAt })));
  } catch (error) {
    throw safeError(error, 'ask a department\'s desk');
  }
}

function isAbout(row: DeskRequest, { fact, role, subjectKey }: DeskQuestion): boolean {
  return row.fact === fact && row.role === role && row.subjectKey === subjectKey;
}

/** The requests of the case that is open. */
function standing(sql: Sql, matter: string, caseNo: string): Promise<readonly DeskRequest[]> {
  return sql<DeskRequest[]>`${selected(sql)} where c.matter_code = ${matter} and c.case_no = ${caseNo} and c.closed_at is null`;
}

function selected(sql: Sql) {
  const moment = (column: string) => sql`to_char(${sql(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return sql`
    select r.id, r.matter_code as matter, r.version, c.case_no as "caseNo", r.fact, r.role, r.subject_key as "subjectKey", r.subject_number as "subjectNumber", r.department_code as department, r.asked_by as "askedBy",
      ${moment('r.asked_at')} as "askedAt", d.due_on::text as "dueOn", r.verdict, r.words, r.answered_by as "answeredBy", ${moment('r.answered_at')} as "answeredAt"
    from desk_request r join service_case c on c.id = r.case_id left join deadline d on d.subject = 'desk:' || r.id::text and d.rule = 'desk'`;
}

/** Requests that concern whoever asks: put to his department's desk, or asked by his application; the data authority sees all. At most 500, the oldest first. */
export async function deskRequestsOf(sql: postgres.Sql, caller: Caller, open: boolean): Promise<readonly DeskRequest[]> {
  if (caller.kind === 'stranger') return [];
  const own = caller.kind === 'consumer' ? sql`(r.department_code = ${caller.department} or r.asked_by = ${caller.consumer})` : sql`(${caller.ofAuthority} or r.department_code = ${caller.department})`;
  try {
    return await sql<DeskRequest[]>`${selected(sql)} where ${own} and (r.answered_at is null) = ${open} order by r.asked_at, r.id limit 500`;
  } catch (error) {
    throw safeError(error, 'read requests to desks');
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Answers a request of the caller's department, once. */
export async function answerFact({ sql, caller, now, today }: { readonly sql: postgres.Sql; readonly caller: Caller; readonly now: string; readonly today: string }, id: string, verdict: string, words: string): Promise<DeskRequest> {
  if (caller.kind === 'stranger') throw new HubError('FORBIDDEN', 'Facts are answered by the department that was asked.');
  const said = readForm(z.strictObject({ verdict: z.enum(deskVerdicts), words: line(500) }), { verdict, words }, 'The answer');
  const by = caller.kind === 'consumer' ? caller.consumer : caller.code;
  try {
    return await sql.begin(async (tx) => {
      const [row] = uuid.test(id) ? await tx<{ answered: boolean; askedBy: string }[]>`select answered_at is not null as answered, asked_by as "askedBy" from desk_request where id = ${id}::uuid and department_code = ${caller.department} for update` : [];
      if (row === undefined) throw new HubError('BAD_INPUT', 'There is no such request on your department\'s desk. Read `deskRequests` again.');
      if (row.answered) throw new HubError('CONFLICT', 'Somebody has answered this already; what was answered stands. Read `deskRequests(open: false)`.');
      await tx`update desk_request set verdict = ${said.verdict}, words = ${said.words}, answered_by = ${by}, answered_at = ${now} where id = ${id}::uuid`;
      await meet(tx, subjectOf(id), null, today);
      await logAnswered(tx, id, { now, askedBy: row.askedBy });
      const [done] = await tx<DeskRequest[]>`${selected(tx)} where r.id = ${id}::uuid`;
      return done as DeskRequest;
    }) as DeskRequest;
  } catch (error) {
    throw safeError(error, 'answer a fact');
  }
}

/** What was not answered in time is told to the data authority, once; how many were. What is asked under a case that was closed has no longer to be answered. */
export async function keepDesks(sql: postgres.Sql, today: string, now: string): Promise<number> {
  await sql`update deadline d set met_on = ${today} from desk_request r join service_case c on c.id = r.case_id where d.subject = 'desk:' || r.id::text and d.met_on is null and c.closed_at is not null`;
  let escalated = 0;
  for (const subject of await missedSubjects(sql, today)) {
    if (!subject.startsWith('desk:')) continue;
    escalated += (await sql.begin((tx) => escalate(tx, subject, today, now))).length;
  }
  return escalated;
}

