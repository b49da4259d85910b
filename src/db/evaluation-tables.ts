/**
 * What was counted of each civil day, so that the evaluation of supply and use (评价) never reads the audit: one row for each figure of
 * a department, and one for each item that an application used. Nothing of any person or record. Written and read by `evaluation/`.
 */
import { boolean, date, integer, bigint, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const day = () => date('day', { mode: 'string' });

/** Days that were counted. */
export const evaluationDay = pgTable('evaluation_day', {
  /** Civil date, Asia/Shanghai. */
  day: day().primaryKey(),
  /** Up to when it holds what happened. */
  countedAt: timestamp('counted_at', { mode: 'string', withTimezone: true, precision: 3 }).notNull(),
  /** It is over, and will not be counted again. */
  complete: boolean('complete').notNull(),
});

/** What was counted of a department on a day; see evaluation/figures.ts. */
export const evaluationFigure = pgTable('evaluation_figure', {
  day: day().notNull(),
  departmentCode: text('department_code').notNull(),
  figure: text('figure').notNull(),
  count: bigint('count', { mode: 'number' }).notNull(),
}, (table) => [primaryKey({ columns: [table.day, table.departmentCode, table.figure] })]);

/** Which items an application used on a day. */
export const evaluationItem = pgTable('evaluation_item', {
  day: day().notNull(),
  consumerCode: text('consumer_code').notNull(),
  item: text('item').notNull(),
  /** Answers that delivered it. */
  delivered: integer('delivered').notNull(),
  /** Answers that delivered it, or were found by it. */
  used: integer('used').notNull(),
}, (table) => [primaryKey({ columns: [table.day, table.consumerCode, table.item] })]);

/** How many records of a type lie in a division, by the code that they carry; see evaluation/divisions.ts. */
export const divisionCount = pgTable('division_count', {
  divisionCode: text('division_code').notNull(),
  recordType: text('record_type').notNull(),
  count: bigint('count', { mode: 'number' }).notNull(),
  countedAt: timestamp('counted_at', { mode: 'string', withTimezone: true, precision: 3 }).notNull(),
}, (table) => [primaryKey({ columns: [table.divisionCode, table.recordType] })]);

/** The hull around a division's address points (WKT, EPSG:4490), for divisions whose area nobody has told. */
export const divisionHull = pgTable('division_hull', {
  divisionCode: text('division_code').primaryKey(),
  hull: text('hull').notNull(),
});
