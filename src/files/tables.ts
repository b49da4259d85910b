/**
 * What an import remembers of itself, so that it can be taken up again: how far it came, and with which counts.
 */
import { bigint, boolean, integer, pgTable, text, timestamp, uuid, date, index } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });

/** One run of `hub import`; it moves in the same transaction as the records that it has written. */
export const importJob = pgTable('import_job', {
  id: uuid('id').primaryKey(),
  recordType: text('record_type').notNull(),
  source: text('source').notNull(),
  /** SHA-256 of the file. */
  fileDigest: text('file_digest').notNull(),
  fileName: text('file_name').notNull(),
  rejectsFile: text('rejects_file').notNull(),
  /** The version of rows that name none; null: each row gets one of its own (see files/versions.ts). */
  version: text('version'),
  effectiveFrom: date('effective_from', { mode: 'string' }),
  whole: boolean('whole').notNull(),
  startedAt: instant('started_at').notNull(),
  finishedAt: instant('finished_at'),
  /** Where reading goes on: offset in the file's UTF-8 text, number of the next line. */
  nextOffset: bigint('next_offset', { mode: 'bigint' }).notNull(),
  nextLine: integer('next_line').notNull(),
  /** Length of the reject file that belongs to this place. */
  rejectsLength: bigint('rejects_length', { mode: 'bigint' }).notNull(),
  applied: integer('applied').notNull(),
  duplicate: integer('duplicate').notNull(),
  stale: integer('stale').notNull(),
  conflict: integer('conflict').notNull(),
  rejected: integer('rejected').notNull(),
}, (table) => [index().on(table.recordType, table.source, table.fileDigest)]);
