/**
 * The hub's own tables: what the catalog says, which source said what, what becomes true when. Who may knock and what was
 * granted stands in `policy-tables.ts`; records have their tables in `registries/`.
 */
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, customType, date, index, integer, json, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { consumer, department } from './policy-tables.ts';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });
const bytewise = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** The catalog's information items (政务信息资源目录·信息项). */
export const catalogItem = pgTable('catalog_item', {
  code: text('code').primaryKey(),
  name: text('name').notNull(),
  ownerDepartment: text('owner_department').notNull().references(() => department.code),
  kind: text('kind').notNull(),
  shareType: text('share_type').notNull(),
  condition: text('condition').notNull(),
  keyShareType: text('key_share_type'),
  sensitivity: text('sensitivity').notNull(),
  mask: text('mask').notNull(),
  updateCycle: text('update_cycle').notNull(),
  open: boolean('open').notNull(),
  standard: text('standard').notNull(),
  /** The information resource that it is an item of; written together with it (catalog/draft.ts). */
  resourceCode: text('resource_code'),
  /** 数据类型 and 长度, where the contract does not say them. */
  dataType: text('data_type'),
  dataLength: text('data_length').notNull().default(''),
}, (table) => [
  check('catalog_item_kind', sql`${table.kind} in ('BASIC', 'BUSINESS')`),
  check('catalog_item_share_type', sql`${table.shareType} in ('UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED')`),
  check('catalog_item_key_share_type', sql`${table.keyShareType} in ('UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED')`),
  check('catalog_item_condition', sql`${table.shareType} = 'UNCONDITIONAL' or ${table.condition} <> ''`),
  check('catalog_item_sensitivity', sql`${table.sensitivity} in ('S1', 'S2', 'S3', 'S4')`),
]);

/** Code tables of the standards, for descriptions and checks. */
export const codeEntry = pgTable('code_entry', {
  codeTable: text('code_table').notNull(),
  standard: text('standard').notNull(),
  code: text('code').notNull(),
  name: text('name').notNull(),
  verified: boolean('verified').notNull(),
}, (table) => [primaryKey({ columns: [table.codeTable, table.code] })]);

/** What each source last said of a record, kept so that the golden record can be recomputed. */
export const sourceRecord = pgTable('source_record', {
  recordType: text('record_type').notNull(),
  source: text('source').notNull(),
  sourceKey: text('source_key').notNull(),
  recordId: uuid('record_id').notNull(),
  version: text('version').notNull(),
  at: instant('at').notNull(),
  deleted: boolean('deleted').notNull(),
  /** The days on which it holds, as told last; null: it was told before they were kept. */
  effectiveFrom: date('effective_from', { mode: 'string' }),
  effectiveTo: date('effective_to', { mode: 'string' }),
  // Never searched: json keeps it as it was written, at a third of the cost of jsonb.
  values: json('values').notNull(),
}, (table) => [
  primaryKey({ columns: [table.recordType, table.source, table.sourceKey] }),
  // Not by type first: while statistics know little of a type, a planner finds that as good as the key and reads the whole type for each row.
  index().on(table.recordId),
]);

/**
 * Which records were written, transaction by transaction, for whoever follows (`sync/feed.ts`, `sync/push.ts`): one row for each batch
 * of a type, in the same transaction as the records. It holds no values but those of corrections, which nothing else keeps.
 */
export const recordChange = pgTable('record_change', {
  /** Commits overtake each other, so it is read only as far as no writer is on its way: a trigger has each of them say from where on (drizzle/0028_log_order.sql). */
  seq: bigint('seq', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  /** Random: a database that was restored from a backup gives the same numbers to another row. */
  mark: uuid('mark').notNull().defaultRandom(),
  recordType: text('record_type').notNull(),
  recordIds: uuid('record_ids').array().notNull(),
  records: integer('records').notNull().generatedAlwaysAs(sql`cardinality(record_ids)`),
  /** Claims about days that are past, each with its record. */
  corrections: json('corrections'),
  /** The hub that passed them on; null: they were told here. */
  origin: text('origin'),
  /** Nothing was written: only whoever follows under this bound may have them from now on, or no more (`records/change-log.ts`). Null: it is for everybody. */
  bound: text('bound'),
  recordedAt: instant('recorded_at').notNull(),
});

/** How far what is told here has been passed up to another hub: a place as `sync/push.ts` writes it. */
export const pushState = pgTable('push_state', {
  /** The hub: `city`. */
  target: text('target').primaryKey(),
  place: json('place').notNull(),
  /** Changes that were answered for, each time they were. */
  passedUp: bigint('passed_up', { mode: 'bigint' }).notNull().default(sql`0`),
  lastSuccessAt: instant('last_success_at'),
});

/** What another hub has refused of what was passed up, until it takes a later version. */
export const deadLetter = pgTable('dead_letter', {
  target: text('target').notNull(),
  recordType: text('record_type').notNull(),
  source: text('source').notNull(),
  sourceKey: text('source_key').notNull(),
  version: text('version').notNull(),
  reason: text('reason').notNull(),
  field: text('field'),
  tries: integer('tries').notNull().default(1),
  firstAt: instant('first_at').notNull(),
  lastAt: instant('last_at').notNull(),
}, (table) => [primaryKey({ columns: [table.target, table.recordType, table.source, table.sourceKey] })]);

/** Which database this is, whatever its address: places in its log mean nothing in another one's. The last row counts. */
export const hubEpoch = pgTable('hub_epoch', {
  epoch: uuid('epoch').primaryKey().defaultRandom(),
  beganAt: timestamp('began_at', { mode: 'string', withTimezone: true, precision: 3 }).notNull().defaultNow(),
});

/** What a consumer was given of the feed, so that he is told when he may have it no more. */
export const feedDelivery = pgTable('feed_delivery', {
  consumerCode: text('consumer_code').notNull().references(() => consumer.code),
  recordType: text('record_type').notNull(),
  recordId: uuid('record_id').notNull(),
}, (table) => [primaryKey({ columns: [table.consumerCode, table.recordType, table.recordId] })]);

/** Records whose state changes on a day to come: they become current on that day. */
export const dueChange = pgTable('due_change', {
  recordType: text('record_type').notNull(),
  recordId: uuid('record_id').notNull(),
  dueOn: date('due_on', { mode: 'string' }).notNull(),
}, (table) => [primaryKey({ columns: [table.recordType, table.recordId, table.dueOn] }), index().on(table.dueOn)]);

/** Submissions of changes that were answered: the same key with the same content gets the same answer again. */
export const submission = pgTable('submission', {
  consumerCode: text('consumer_code').notNull().references(() => consumer.code),
  idempotencyKey: text('idempotency_key').notNull(),
  digest: text('digest').notNull(),
  outcomes: jsonb('outcomes').notNull(),
  submittedAt: instant('submitted_at').notNull(),
}, (table) => [primaryKey({ columns: [table.consumerCode, table.idempotencyKey] }), index().on(table.submittedAt)]);

/** How often something with a quota was used, a day or a minute of one, and under which limit last; counted by `audit/quota.ts`, with the records. */
export const quotaUse = pgTable('quota_use', {
  /** Civil date, Asia/Shanghai. */
  day: date('day', { mode: 'string' }).notNull(),
  /** A consumer, or one of its operators. */
  who: bytewise('who').notNull(),
  /** A line of a grant, a person, or a minute (`minute HH:MM`). */
  what: bytewise('what').notNull(),
  used: integer('used').notNull(),
  most: integer('most').notNull(),
}, (table) => [primaryKey({ columns: [table.day, table.who, table.what] }), check('quota_use_used', sql`${table.used} >= 0`)]);

/** Counters and marks that every process may read. */
export const hubVersion = pgTable('hub_version', {
  name: text('name').primaryKey(),
  version: bigint('version', { mode: 'bigint' }).notNull(),
});
