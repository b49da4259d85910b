/**
 * What matters ask for, and what was answered: versions of matters' definitions, facts that a department answers by hand, receipts.
 * Read and written by `matters/` and `receipts/`.
 */
import { sql } from 'drizzle-orm';
import { boolean, check, customType, index, integer, json, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { consumer, department, matter, serviceCase } from './policy-tables.ts';

const bytewise = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
const bytewiseList = customType<{ data: string[] }>({ dataType: () => 'text ARRAY COLLATE "C"' });
const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });

/** One version of what a matter asks for. A published one never changes; which one is asked by stands with the matter. */
export const matterVersion = pgTable('matter_version', {
  matterCode: text('matter_code').notNull().references(() => matter.code),
  version: integer('version').notNull(),
  /** Its subjects, claims and facts (see matters/definition.ts). */
  definition: json('definition').notNull(),
  state: text('state').notNull(),
  draftedBy: text('drafted_by').notNull(),
  draftedAt: instant('drafted_at').notNull(),
  /** When it was run as it stands; null: it was not, since it was changed last. */
  testedAt: instant('tested_at'),
  publishedBy: text('published_by'),
  publishedAt: instant('published_at'),
}, (table) => [
  primaryKey({ columns: [table.matterCode, table.version] }),
  uniqueIndex('matter_version_draft').on(table.matterCode).where(sql`${table.state} = 'DRAFT'`),
  check('matter_version_state', sql`${table.state} in ('DRAFT', 'PUBLISHED')`),
  check('matter_version_published', sql`(${table.state} = 'PUBLISHED') = (${table.publishedAt} is not null)`),
]);

/** A fact that no register tells, put to a department's desk under a case. */
export const deskRequest = pgTable('desk_request', {
  id: uuid('id').primaryKey(),
  caseId: uuid('case_id').notNull().references(() => serviceCase.id),
  matterCode: text('matter_code').notNull(),
  version: integer('version').notNull(),
  fact: text('fact').notNull(),
  /** The role in which the subject is asked about, and its key (`person_key`, USCC, or the record's own). */
  role: text('role').notNull(),
  subjectKey: text('subject_key').notNull(),
  /** The number or key by which it was named: whoever answers has to know about whom. */
  subjectNumber: text('subject_number').notNull(),
  departmentCode: text('department_code').notNull().references(() => department.code),
  askedBy: text('asked_by').notNull().references(() => consumer.code),
  askedAt: instant('asked_at').notNull(),
  verdict: text('verdict'),
  words: text('words'),
  answeredBy: text('answered_by'),
  answeredAt: instant('answered_at'),
}, (table) => [
  uniqueIndex('desk_request_fact').on(table.caseId, table.fact, table.role, table.subjectKey),
  index().on(table.departmentCode).where(sql`${table.answeredAt} is null`),
  check('desk_request_verdict', sql`${table.verdict} in ('HELD', 'NOT_HELD', 'TRUE', 'FALSE', 'UNKNOWN')`),
  check('desk_request_answered', sql`num_nonnulls(${table.verdict}, ${table.answeredBy}, ${table.answeredAt}) in (0, 3)`),
]);

/** What was answered in a look-up, signed. Only ever added to (drizzle/…_receipts.sql). */
export const receipt = pgTable('receipt', {
  id: uuid('id').primaryKey(),
  at: instant('at').notNull(),
  consumerCode: text('consumer_code').notNull(),
  departmentCode: text('department_code').notNull(),
  matterCode: text('matter_code').notNull(),
  caseNo: text('case_no'),
  /** What is asserted, and the digests of all that was signed together (receipts/receipt.ts). */
  document: text('document').notNull(),
  signed: text('signed').notNull(),
  signature: text('signature').notNull(),
  keyId: text('key_id').notNull(),
}, (table) => [index().on(table.matterCode, table.caseNo), index().on(table.at)]);

/**
 * What a consumer that follows facts has used of whom (`receipts/used.ts`), so that it is told when that changes (`sync/fact-feed.ts`): one row
 * for each subject of a case, as it was used last. It holds no value and no answer, and is forgotten.
 */
export const usedSubject = pgTable('used_subject', {
  consumerCode: text('consumer_code').notNull().references(() => consumer.code),
  matterCode: text('matter_code').notNull().references(() => matter.code),
  /** The case under which it was used; empty: none. */
  caseNo: text('case_no').notNull(),
  /** The role in which it was looked up; empty: claims about it were verified. */
  role: text('role').notNull(),
  /** Which of the subjects of that role, from 0. */
  place: integer('place').notNull(),
  subjectType: text('subject_type').notNull(),
  /** `person_key`, USCC, or the record's own key. */
  subjectKey: bytewise('subject_key').notNull(),
  /** That key, and those of everybody beside the subjects of whom was told with it. */
  keys: bytewiseList('keys').notNull(),
  /** What was used: fields of records, `Person.deathDate`; and types of records that there is one or none, `CreditListing`. */
  fields: text('fields').array().notNull(),
  /** The version of the matter's definition; null: none was asked by. */
  version: integer('version'),
  receiptId: uuid('receipt_id'),
  /** The request, as its answer and the audit name it. */
  request: uuid('request').notNull(),
  usedAt: instant('used_at').notNull(),
  /** It is told of before this moment only; where it is told with the case, only while that is open. */
  until: instant('until').notNull(),
  withCase: boolean('with_case').notNull(),
}, (table) => [
  primaryKey({ name: 'used_subject_pk', columns: [table.consumerCode, table.matterCode, table.caseNo, table.role, table.subjectKey] }),
  index().using('gin', table.keys),
  index().on(table.until),
]);
