/**
 * The working calendar as data: read from its tables, and entered year by year as the State Council tells it (国务院办公厅关于某年部分节假日
 * 安排的通知). A year that is entered again takes the place of what was there, and every open deadline is counted anew with it, in the
 * same transaction.
 *
 * It refuses a year that holds days of another, a day twice, and a year without New Year's Day or with hardly a holiday: that is a
 * file cut short.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { safeError } from '../db/failures.ts';
import { line, readForm, refused } from '../identity/form.ts';
import type { Problem } from '../identity/form.ts';
import type { Actor } from '../identity/policy-change.ts';
import { recount } from './deadline.ts';
import { WorkingDays, yearOf } from './working-days.ts';
import type { SpecialDay } from './working-days.ts';

/** A year as it stands in the calendar. */
export interface KnownYear {
  readonly year: number;
  /** ISO 8601, and by whom. */
  readonly enteredAt: string;
  readonly enteredBy: string;
  readonly days: readonly SpecialDay[];
}

/** A year to be entered: its holidays, and the weekends that are worked for them. */
export interface YearForm {
  readonly year: number;
  readonly days: readonly SpecialDay[];
}

const form = z.strictObject({
  year: z.int('is no year').min(2000, 'is before 2000').max(2100, 'is after 2100'),
  days: z.array(z.strictObject({ day: z.iso.date('is no civil date'), working: z.boolean(), name: line(100) })).max(366, 'holds more days than a year'),
});

/** So few free weekdays no year had. */
const fewestHolidays = 8;

/** The calendar as it is now. */
export async function workingDays(sql: postgres.Sql | postgres.TransactionSql): Promise<WorkingDays> {
  const years = await sql<{ year: number }[]>`select year from working_year`;
  const days = await sql<{ day: string; working: boolean }[]>`select day::text, working from working_day`;
  return new WorkingDays(years.map(({ year }) => year), days);
}

/** All years that were entered, the latest first. */
export async function knownYears(sql: postgres.Sql): Promise<readonly KnownYear[]> {
  const days = await sql<(SpecialDay & { year: number })[]>`select day::text, year, working, name from working_day order by day`;
  const byYear = Map.groupBy(days, ({ year }) => year);
  const years = await sql<Omit<KnownYear, 'days'>[]>`
    select year, to_char(entered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "enteredAt", entered_by as "enteredBy" from working_year order by year desc`;
  return years.map((own) => ({ ...own, days: (byYear.get(own.year) ?? []).map(({ day, working, name }) => ({ day, working, name })) }));
}

/** Enters a year; gives how many open deadlines moved by it. `today`: the civil date. */
export async function enterYear(sql: postgres.Sql, given: YearForm, { by, now }: Actor, today: string): Promise<number> {
  const read = readForm(form, given, 'The year');
  const problems = yearProblems(read);
  if (problems.length > 0) throw refused(`The year ${read.year}`, problems);
  try {
    return await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended('working calendar', 0))`;
      await tx`delete from working_year where year = ${read.year}`;
      await tx`insert into working_year (year, entered_at, entered_by) values (${read.year}, ${now}, ${by})`;
      await tx`insert into working_day ${tx(read.days.map((own) => ({ ...own, year: read.year })))}`;
      return recount(tx, await workingDays(tx), today);
    });
  } catch (error) {
    throw safeError(error, 'enter a year of the working calendar');
  }
}

function yearProblems({ year, days }: YearForm): readonly Problem[] {
  const seen = new Set<string>();
  const problems = days.flatMap(({ day }, index): Problem[] => {
    const at = `days[${index}].day`;
    const twice = seen.has(day);
    seen.add(day);
    return [...(yearOf(day) === year ? [] : [{ at, says: `is ${day}, which is not of ${year}` }]), ...(twice ? [{ at, says: `names ${day} a second time` }] : [])];
  });
  if (problems.length > 0) return problems;
  const calendar = new WorkingDays([year], days);
  const weekdays = new WorkingDays([], []);
  const free = days.filter(({ day }) => weekdays.isWorking(day) && !calendar.isWorking(day)).length;
  return [
    ...(calendar.isWorking(`${year}-01-01`) ? [{ at: 'days', says: 'leaves New Year\'s Day (元旦) a working day' }] : []),
    ...(free < fewestHolidays ? [{ at: 'days', says: `frees ${free} weekdays; no year has fewer than ${fewestHolidays}, so this one is cut short` }] : []),
  ];
}
