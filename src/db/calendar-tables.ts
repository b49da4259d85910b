/**
 * The working calendar and the deadlines that are counted by it: which days the State Council made free or working, and what has to
 * be done by whom until when. Both are read and written by `calendar/`.
 */
import { sql } from 'drizzle-orm';
import { boolean, check, date, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { department } from './policy-tables.ts';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });
const day = (name: string) => date(name, { mode: 'string' });

/** Years whose working days are known. */
export const workingYear = pgTable('working_year', {
  year: integer('year').primaryKey(),
  enteredAt: instant('entered_at').notNull(),
  enteredBy: text('entered_by').notNull(),
});

/** Days that are not what their weekday says: holidays (法定节假日) and weekends that are worked (调休). */
export const workingDay = pgTable('working_day', {
  day: day('day').primaryKey(),
  year: integer('year').notNull().references(() => workingYear.year, { onDelete: 'cascade' }),
  working: boolean('working').notNull(),
  /** The holiday that it is, or is worked for. */
  name: text('name').notNull(),
}, (table) => [check('working_day_year', sql`extract(year from ${table.day}) = ${table.year}`)]);

/** What has to be done by a department by a day. */
export const deadline = pgTable('deadline', {
  /** What it is about: the number of an application, or `check:` and the id of a request to check. */
  subject: text('subject').notNull(),
  /** The rule: see calendar/deadline.ts. */
  rule: text('rule').notNull(),
  departmentCode: text('department_code').notNull().references(() => department.code),
  /** The civil day of the event; the next working day is the first that counts. */
  startedOn: day('started_on').notNull(),
  workingDays: integer('working_days').notNull(),
  /** The last day. */
  dueOn: day('due_on').notNull(),
  /** It was counted over a year of which only the weekdays are known. */
  provisional: boolean('provisional').notNull(),
  /** When it was done, or no longer had to be. */
  metOn: day('met_on'),
  /** When the data authority was told that it was not. */
  escalatedAt: instant('escalated_at'),
}, (table) => [
  primaryKey({ columns: [table.subject, table.rule, table.departmentCode] }),
  index('deadline_open').on(table.dueOn, table.subject, table.rule, table.departmentCode).where(sql`${table.metOn} is null`),
]);
