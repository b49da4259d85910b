/**
 * Copies of another hub's records: which of their fields were fetched one by one, and when. What came with the feed does not stand here:
 * the feed says by itself how far it is in step. A field that stands nowhere was not fetched, which is another thing than empty.
 */
import { jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';

/** See the head of this file. */
export const cityCopy = pgTable('city_copy', {
  recordType: text('record_type').notNull(),
  recordId: uuid('record_id').notNull(),
  /** Seconds since the epoch, by field. */
  fetched: jsonb('fetched').notNull(),
}, (table) => [primaryKey({ columns: [table.recordType, table.recordId] })]);
