/**
 * Having the data there (提供): a department that has agreed to share provides the data within so many working days. Where the hub holds
 * something of its already, nothing is due.
 *
 * Whether it has is a question of records, not of moves: the hub looks at midnight and whenever somebody looks at deadlines, and the day
 * on which it finds the data is the day on which they are met. Nothing is due any more for what was taken back or has ended.
 */
import type postgres from 'postgres';
import { workingDays } from '../../calendar/calendar.ts';
import { begin, meet } from '../../calendar/deadline.ts';
import type { Contract } from '../../registries/contract.ts';
import { typesOf } from '../form.ts';
import type { Application } from './application.ts';
import type { MoveDesk } from './move.ts';
import { standing } from './moves.ts';

/** What tells of which record types an item is. */
export type RecordTypes = Pick<Contract, 'types'>;

/** Begins the deadline of a department that has just approved something, where the hub holds nothing from it yet. */
export async function beginProviding(tx: postgres.TransactionSql, desk: MoveDesk, { number, raises }: Application, department: string): Promise<void> {
  // What is only to be asked more often was due before.
  if (raises !== null) return;
  const approved = await tx<{ item: string }[]>`select distinct item from application_line where application_number = ${number} and reviewed_by = ${department} and decision = 'APPROVED'`;
  if (await holdsAll(tx, desk.contract, department, approved.map(({ item }) => item))) return;
  await begin(tx, await workingDays(tx), { subject: number, rule: 'provide', department }, desk.today, desk.deadlines.provide);
}

/** Ends those deadlines whose data are there, or are due no longer: of some applications, or of all. */
export async function endProviding(sql: postgres.Sql, types: RecordTypes, today: string, numbers: readonly string[] | null): Promise<void> {
  const open = await sql<{ number: string; department: string; items: string[] }[]>`
    select d.subject as number, d.department_code as department, coalesce(array_agg(distinct l.item) filter (where l.decision = 'APPROVED' and r.state <> 'REVOKED' and a.state = any(${['REVIEWING', ...standing]}::text[])), '{}') as items
    from deadline d join application a on a.number = d.subject left join application_line l on l.application_number = d.subject and l.reviewed_by = d.department_code
      left join application_review r on r.application_number = d.subject and r.department_code = d.department_code
    where d.rule = 'provide' and d.met_on is null and (${numbers === null ? null : [...numbers]}::text[] is null or d.subject = any(${numbers === null ? [] : [...numbers]}::text[]))
    group by d.subject, d.department_code order by d.subject, d.department_code`;
  for (const { number, department, items } of open) {
    if (await holdsAll(sql, types, department, items)) await sql.begin((tx) => meet(tx, number, department, today, 'provide'));
  }
}

/** Does the hub hold something from a department of a record type of each of these items? What no record has is not waited for. */
async function holdsAll(sql: postgres.Sql | postgres.TransactionSql, { types }: RecordTypes, department: string, items: readonly string[]): Promise<boolean> {
  const wanted = items.map((item) => typesOf(item, types).map(({ type }) => type)).filter((names) => names.length > 0);
  const held = new Set<string>();
  for (const name of new Set(wanted.flat())) {
    const [told] = await sql`select 1 from source_record where record_type = ${name} and source = ${department} and not deleted limit 1`;
    if (told !== undefined) held.add(name);
  }
  return wanted.every((names) => names.some((name) => held.has(name)));
}
