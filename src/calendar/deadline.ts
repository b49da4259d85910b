/**
 * Deadlines in working days: what has to be done, by which department, until when, whatever it is about.
 *
 * A deadline is given the days that the rules allow on the day on which it begins; later rules move no deadline that runs. What
 * depends on the calendar (the day itself, and whether it is provisional) is counted anew whenever a year is entered. Who misses one
 * is told of to the data authority once; nothing else happens to him here.
 */
import type postgres from 'postgres';
import { mostWorkingDays } from './working-days.ts';
import type { WorkingDays } from './working-days.ts';

/**
 * The rules: pre-check of an application by the data authority · the same where everything in it is shared unconditionally · the
 * answer of a providing department · having the data there once it agreed · verifying what is doubted (校核, 政务数据共享条例):
 * requests to check are in sync/checks · answering a fact by hand: matters/desk.ts, where its matter says nothing else.
 */
export const deadlineRules = ['precheck', 'unconditional', 'conditional', 'provide', 'verify', 'desk'] as const;
export type DeadlineRule = (typeof deadlineRules)[number];

/** Working days for each rule. */
export type DeadlineDays = Readonly<Record<DeadlineRule, number>>;

/** What a deadline is about. */
export interface DeadlineKey {
  readonly subject: string;
  readonly rule: DeadlineRule;
  readonly department: string;
}

/** A deadline as it stands. */
export interface Deadline extends DeadlineKey {
  /** Civil dates; the last day on which it is kept. */
  readonly startedOn: string;
  readonly workingDays: number;
  readonly dueOn: string;
  readonly provisional: boolean;
  readonly metOn: string | null;
  /** When the data authority was told that it was missed; ISO 8601. */
  readonly escalatedAt: string | null;
}

/** Begins a deadline on a civil date, or begins it anew. */
export async function begin(tx: postgres.TransactionSql, calendar: WorkingDays, { subject, rule, department }: DeadlineKey, startedOn: string, days: number): Promise<void> {
  const { dueOn, provisional } = calendar.after(startedOn, days);
  await tx`
    insert into deadline (subject, rule, department_code, started_on, working_days, due_on, provisional) values (${subject}, ${rule}, ${department}, ${startedOn}, ${days}, ${dueOn}, ${provisional})
    on conflict (subject, rule, department_code) do update set started_on = excluded.started_on, working_days = excluded.working_days, due_on = excluded.due_on,
      provisional = excluded.provisional, met_on = null, escalated_at = null`;
}

/** What had to be done is done, or has no longer to be: all deadlines of a subject, or those of one department, or of one rule. */
export async function meet(tx: postgres.TransactionSql, subject: string, department: string | null, on: string, rule: DeadlineRule | null = null): Promise<void> {
  await tx`update deadline set met_on = ${on} where subject = ${subject} and met_on is null and (${department}::text is null or department_code = ${department}) and (${rule}::text is null or rule = ${rule})`;
}

/** Counts all open deadlines anew; gives how many moved. One that was told of as missed and is not is no longer. */
export async function recount(tx: postgres.TransactionSql, calendar: WorkingDays, today: string): Promise<number> {
  const open = await tx<Deadline[]>`select ${columns(tx)} from deadline where met_on is null for update`;
  const moved = open.flatMap((own) => {
    const now = calendar.after(own.startedOn, Math.min(own.workingDays, mostWorkingDays));
    return now.dueOn === own.dueOn && now.provisional === own.provisional ? [] : [{ ...own, ...now }];
  });
  for (const { subject, rule, department, dueOn, provisional } of moved) {
    await tx`update deadline set due_on = ${dueOn}, provisional = ${provisional}, escalated_at = case when ${dueOn >= today} then null else escalated_at end
             where subject = ${subject} and rule = ${rule} and department_code = ${department}`;
  }
  return moved.length;
}

/** What was due before `today` about something, is not done, and was not told of to the data authority. */
export async function missedSubjects(sql: postgres.Sql, today: string): Promise<readonly string[]> {
  const rows = await sql<{ subject: string }[]>`select distinct subject from deadline where met_on is null and escalated_at is null and due_on < ${today} order by subject`;
  return rows.map(({ subject }) => subject);
}

/** Marks what was missed about one subject as told to the data authority; gives what was not told before. Whoever moves the subject holds it. */
export async function escalate(tx: postgres.TransactionSql, subject: string, today: string, now: string): Promise<readonly Deadline[]> {
  return tx<Deadline[]>`update deadline set escalated_at = ${now} where subject = ${subject} and met_on is null and escalated_at is null and due_on < ${today} returning ${columns(tx)}`;
}

/** All deadlines of some subjects. */
export async function deadlinesOf(sql: postgres.Sql | postgres.TransactionSql, subjects: readonly string[]): Promise<readonly Deadline[]> {
  return sql<Deadline[]>`select ${columns(sql)} from deadline where subject = any(${[...subjects]}::text[]) order by started_on, array_position(${[...deadlineRules]}::text[], rule), department_code collate "C"`;
}

/** What was due before `today` and is not done, the longest first; of one department, or of all. `after`: the last one of the page before. */
export async function overdue(sql: postgres.Sql, today: string, department: string | null, first: number, after: (DeadlineKey & { readonly dueOn: string }) | null): Promise<readonly Deadline[]> {
  const place = after === null ? sql`true` : sql`(due_on, subject, rule, department_code) > (${after.dueOn}::date, ${after.subject}, ${after.rule}, ${after.department})`;
  return sql<Deadline[]>`
    select ${columns(sql)} from deadline where met_on is null and due_on < ${today} and (${department}::text is null or department_code = ${department}) and ${place}
    order by due_on, subject, rule, department_code limit ${first}`;
}

function columns(sql: postgres.Sql | postgres.TransactionSql) {
  return sql`subject, rule, department_code as department, started_on::text as "startedOn", working_days as "workingDays", due_on::text as "dueOn", provisional, met_on::text as "metOn",
    to_char(escalated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "escalatedAt"`;
}
