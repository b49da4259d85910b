/**
 * Batch comparisons (批量比对): what was uploaded, until it is compared, and what came of it, until it is fetched or its time is over. Read and
 * written by `verification/`.
 */
import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, json, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });

/** One file and the job that compares it. */
export const comparison = pgTable('comparison', {
  id: uuid('id').primaryKey(),
  consumerCode: text('consumer_code').notNull(),
  matterCode: text('matter_code'),
  /** `signed:` and the clerk's code where the consumer has signed that, else `said:` and it; '' none. */
  operator: text('operator').notNull(),
  recordType: text('record_type').notNull(),
  /** What the columns claim, in their order. */
  claims: json('claims').notNull(),
  /** SM3 of the file's bytes, 64 hexadecimal digits; null while it is received. */
  digest: text('digest'),
  bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
  rows: integer('rows').notNull().default(0),
  /** Rows that have their result, and those of them that were refused. */
  done: integer('done').notNull().default(0),
  refused: integer('refused').notNull().default(0),
  /** Claims by verdict. */
  matches: integer('matches').notNull().default(0),
  mismatches: integer('mismatches').notNull().default(0),
  noRecords: integer('no_records').notNull().default(0),
  state: text('state').notNull(),
  stopCode: text('stop_code'),
  stopReason: text('stop_reason'),
  /** It goes on at this moment: until then something is used up. */
  notBefore: instant('not_before'),
  createdAt: instant('created_at').notNull(),
  /** When it was worked on last: those that wait longest go first. */
  touchedAt: instant('touched_at'),
  finishedAt: instant('finished_at'),
  /** When its results are deleted, fetched or not. */
  expiresAt: instant('expires_at').notNull(),
  fetchedAt: instant('fetched_at'),
  deletedAt: instant('deleted_at'),
}, (table) => [
  index().on(table.consumerCode, table.createdAt),
  check('comparison_state', sql`${table.state} in ('RECEIVING', 'WAITING', 'RUNNING', 'DONE', 'STOPPED')`),
  check('comparison_stop', sql`(${table.state} = 'STOPPED') = (${table.stopCode} is not null)`),
  check('comparison_digest', sql`${table.digest} ~ '^[0-9a-f]{64}$'`),
]);

/** Some hundreds of rows of a file: what they claim, then what came of it. */
export const comparisonChunk = pgTable('comparison_chunk', {
  comparisonId: uuid('comparison_id').notNull().references(() => comparison.id, { onDelete: 'cascade' }),
  n: integer('n').notNull(),
  rows: integer('rows').notNull(),
  /** Rows to be compared; null once they are. */
  input: json('input'),
  result: json('result'),
}, (table) => [
  primaryKey({ columns: [table.comparisonId, table.n] }),
  check('comparison_chunk_input_or_result', sql`(${table.input} is null) <> (${table.result} is null)`),
]);
