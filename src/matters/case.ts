/**
 * Cases (办件): one handling of a matter, about somebody. Whoever asks about persons under a matter that is handled case by case
 * asks under an open case, and only about its subjects and the kin that the matter names.
 *
 * A service platform or an application of the responsible department opens and closes; who takes part only asks. Nothing here tells
 * whether anybody is there: a case about a number that nobody has, or about somebody sealed, opens like any other and answers the
 * same, and how many kin were found is not said.
 */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import { holdPolicy } from '../identity/policy-change.ts';
import type { Operator } from '../identity/operator.ts';
import { subjectKeys } from '../identity/subjects.ts';
import type { SubjectInput } from '../identity/subjects.ts';
import { refreshKinOfCase } from '../query/kin.ts';
import type { Consumer } from '../sharing/terms.ts';

/** Who opens or closes, where, when, and what turns numbers into keys. */
export interface CaseDesk {
  readonly sql: postgres.Sql;
  /** ISO 8601. */
  readonly now: string;
  /** Civil date. */
  readonly today: string;
  readonly personKey: (idNumber: string) => string;
  /** Days for which a case is open where no deadline is named, today included. */
  readonly caseDays: number;
  readonly consumer: Consumer;
  readonly operator: Operator | null;
}

/** A case to be opened. */
export interface NewCase {
  readonly matter: string;
  /** 办件编号, as the opener writes it. */
  readonly caseNo: string;
  readonly subjects: readonly SubjectInput[];
  /** The last civil day on which it is open; today or later, at most `longestDays` on. */
  readonly deadline?: string | null;
}

/** A case as its opener sees it. */
export interface Case {
  readonly matter: string;
  readonly caseNo: string;
  /** ISO 8601, as is `closedAt`. */
  readonly openedAt: string;
  /** The last civil day on which it can be asked under. */
  readonly deadline: string;
  readonly closedAt: string | null;
  /** How many subjects were named. Kin are not among them. */
  readonly subjects: number;
}

/** No case is open for longer than a year: what goes on is opened anew. */
const longestDays = 366;

/** The number of a case goes into a header. */
const longestNumber = 200;

/**
 * Opens a case. Opening again with the same subjects is the same case: its kin are looked up anew, and a deadline that is named is its
 * deadline from now on. One that is open about others is a `CONFLICT`; one whose deadline has passed makes way for a new one.
 */
export async function openCase(desk: CaseDesk, { matter, caseNo: written, subjects, deadline = null }: NewCase): Promise<Case> {
  const { sql, now, today, consumer, operator } = desk;
  const caseNo = readNumber(written);
  const last = readDeadline(deadline, today);
  const keys = subjectKeys(subjects, desk);
  return atDesk(sql, 'open a case', async (tx) => {
    await holdPolicy(tx);
    await mayHandle(tx, consumer, matter);
    const open = await openRow(tx, matter, caseNo);
    if (open !== undefined && open.deadline >= today) {
      const own = await tx<{ key: string }[]>`select subject_key as key from case_subject where case_id = ${open.id} and relation = 'SUBJECT'`;
      if (own.length !== keys.length || own.some(({ key }) => !keys.includes(key))) {
        throw new HubError('CONFLICT', `Case ${caseNo} of matter ${matter} is open about other subjects. Close it first (closeCase), or open this one under another number.`);
      }
      await tx`update service_case set deadline = coalesce(${last}::date, deadline) where id = ${open.id}`;
      await refreshKinOfCase(tx, open.id, today);
      return shown(tx, open.id);
    }
    if (open !== undefined) await tx`update service_case set closed_at = ${now}, closed_by = ${consumer.consumer} where id = ${open.id}`;
    const id = randomUUID();
    await tx`insert into service_case (id, matter_code, case_no, opened_by, operator, operator_verified, opened_at, deadline, matter_version)
             values (${id}, ${matter}, ${caseNo}, ${consumer.consumer}, ${operator?.code ?? null}, ${operator?.verified ?? false}, ${now}, ${last ?? dayAfter(today, desk.caseDays - 1)},
               (select published_version from matter where code = ${matter}))`;
    await tx`insert into case_subject (case_id, subject_key, relation) select ${id}::uuid, key, 'SUBJECT' from unnest(${[...keys]}::text[]) key`;
    await refreshKinOfCase(tx, id, today);
    return shown(tx, id);
  });
}

/** Closes a case: nobody asks under it any more. One that is closed already stays as it was closed. */
export async function closeCase({ sql, now, consumer }: CaseDesk, matter: string, written: string): Promise<Case> {
  const caseNo = readNumber(written);
  return atDesk(sql, 'close a case', async (tx) => {
    await mayHandle(tx, consumer, matter);
    const open = await openRow(tx, matter, caseNo);
    if (open !== undefined) {
      await tx`update service_case set closed_at = ${now}, closed_by = ${consumer.consumer} where id = ${open.id}`;
      return shown(tx, open.id);
    }
    const [closed] = await tx<{ id: string }[]>`select id from service_case where matter_code = ${matter} and case_no = ${caseNo} order by closed_at desc limit 1`;
    if (closed === undefined) throw new HubError('BAD_INPUT', `Matter ${matter} has no case ${caseNo}. Look whether the number is right; openCase opens one.`);
    return shown(tx, closed.id);
  });
}

async function atDesk(sql: postgres.Sql, what: string, work: (tx: postgres.TransactionSql) => Promise<Case>): Promise<Case> {
  try {
    return await sql.begin(work);
  } catch (error) {
    throw safeError(error, what);
  }
}

/** Whose cases a consumer opens and closes. A matter that is not there is refused like one of somebody else's. */
async function mayHandle(tx: postgres.TransactionSql, { department, servicePlatform }: Consumer, matter: string): Promise<void> {
  const [own] = await tx<{ departmentCode: string }[]>`select department_code as "departmentCode" from matter where code = ${matter}`;
  if (own !== undefined && (servicePlatform || own.departmentCode === department)) return;
  throw new HubError('PURPOSE_REFUSED', 'This matter is not registered, or its cases are not this application\'s to open and close: a service platform or the responsible department does. `matters` lists yours.');
}

/** The open case of this number, for this transaction alone: whoever opens the same number at the same time waits. */
async function openRow(tx: postgres.TransactionSql, matter: string, caseNo: string): Promise<{ readonly id: string; readonly deadline: string } | undefined> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`case ${matter} ${caseNo}`}, 0))`;
  const [row] = await tx<{ id: string; deadline: string }[]>`select id, deadline::text from service_case where matter_code = ${matter} and case_no = ${caseNo} and closed_at is null for update`;
  return row;
}

async function shown(tx: postgres.TransactionSql, id: string): Promise<Case> {
  const [row] = await tx<Case[]>`
    select matter_code as matter, case_no as "caseNo", ${moment(tx, 'opened_at')} as "openedAt", deadline::text, ${moment(tx, 'closed_at')} as "closedAt",
      (select count(*)::int from case_subject s where s.case_id = c.id and s.relation = 'SUBJECT') as subjects
    from service_case c where id = ${id}`;
  if (row === undefined) throw new Error('A case that was just written is there.');
  return row;
}

function moment(tx: postgres.TransactionSql, column: string) {
  return tx`to_char(${tx(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

function readNumber(written: string): string {
  const caseNo = written.trim();
  if (caseNo === '' || caseNo.length > longestNumber || /\p{Cc}/u.test(caseNo)) throw new HubError('BAD_INPUT', `caseNo has 1 to ${longestNumber} characters that can be printed.`);
  return caseNo;
}

function readDeadline(deadline: string | null, today: string): string | null {
  if (deadline === null) return null;
  const latest = dayAfter(today, longestDays);
  if (deadline < today || deadline > latest) throw new HubError('BAD_INPUT', `deadline is the last day on which the case is open: from today (${today}) to ${latest}.`);
  return deadline;
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
