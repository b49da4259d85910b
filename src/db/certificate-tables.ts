/**
 * Annotated copies of certificates (加注件) and the record of each use of one (用证记录). Read and written by `certificates/`. The printed
 * code of a copy is nowhere: it is computed from the copy's id.
 */
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, customType, index, integer, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { consumer } from './policy-tables.ts';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });
const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Annotated copies that were issued. */
export const certificateCopy = pgTable('certificate_copy', {
  /** Ten random characters (certificates/code.ts). */
  id: text('id').primaryKey(),
  /** The certificate's record, which may be gone meanwhile. */
  recordId: uuid('record_id').notNull(),
  certificateIdentifier: text('certificate_identifier').notNull(),
  /** Whom it was given to. */
  consumerCode: text('consumer_code').notNull().references(() => consumer.code),
  issuedAt: instant('issued_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  /** Keys of the persons whose certificate it is, for the audit of downloads. */
  personKeys: text('person_keys').array().notNull(),
  /** The file; null once it has expired. */
  pdf: bytes('pdf'),
  /** SM3 of the file in hex, the moment it was signed at, the version of the key, the signature in hex. */
  digest: text('digest').notNull(),
  signedAt: instant('signed_at').notNull(),
  keyVersion: integer('key_version').notNull(),
  signature: text('signature').notNull(),
}, (table) => [
  index().on(table.recordId),
  index().on(table.consumerCode, table.id),
  index('certificate_copy_files').on(table.expiresAt).where(sql`${table.pdf} is not null`),
]);

/**
 * Each use of a certificate that names it: copies made, downloaded and checked; here, or at a hub below that has told of it. What queries
 * read here stands in the audit; what they read at a hub below stands here. Only added to. Copy, application and department may be the other hub's, so that they refer to nothing here.
 */
export const certificateUse = pgTable('certificate_use', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  at: instant('at').notNull(),
  certificateIdentifier: text('certificate_identifier').notNull(),
  /** Unified social credit code of the issuing authority, as the certificate has it. */
  issuerCode: text('issuer_code'),
  /** COPY: an annotated copy was made. DOWNLOAD: its file was taken. CHECK: it was checked and found genuine. QUERY: an answer at a hub below held it. */
  mode: text('mode').notNull(),
  copyId: text('copy_id'),
  /** Null: whoever checks a copy need not be known. */
  consumerCode: text('consumer_code'),
  departmentCode: text('department_code'),
  operator: text('operator'),
  matterCode: text('matter_code'),
  caseNo: text('case_no'),
  cause: text('cause'),
  /** Fields that the copy shows. */
  fields: text('fields').array().notNull(),
  /** Items of certificates that an answer delivered; of QUERY only. */
  items: text('items').array().notNull().default(sql`'{}'`),
  /** What came of it: what a check said, or ISSUED, or DELIVERED, or ANSWERED. */
  result: text('result').notNull(),
  /** The hub below that told of it, by its application here; the key under which it did; its division then. Null: it was here. */
  toldBy: text('told_by').references(() => consumer.code),
  toldKey: uuid('told_key'),
  toldFrom: text('told_from'),
}, (table) => [
  index().on(table.certificateIdentifier, table.id),
  index().on(table.issuerCode, table.id),
  index('certificate_use_copy').on(table.copyId).where(sql`${table.toldBy} is null`),
  uniqueIndex('certificate_use_told').on(table.toldBy, table.toldKey).where(sql`${table.toldBy} is not null`),
  check('certificate_use_mode', sql`${table.mode} in ('COPY', 'DOWNLOAD', 'CHECK', 'QUERY')`),
]);

/**
 * Uses of certificates that another hub has passed on, on their way to that hub: added with the use, in its transaction (`certificates/`), and
 * moved by whoever passes them up (`sync/`). What is told of the use stands in its own row.
 */
export const certificateUseUp = pgTable('certificate_use_up', {
  use: bigint('use_id', { mode: 'bigint' }).primaryKey().references(() => certificateUse.id),
  /** Under this key the upper hub knows it, however often it comes. */
  key: uuid('key').notNull().defaultRandom(),
  /** The certificate as it was passed on: whose word, under which key of the department. */
  source: text('source').notNull(),
  sourceKey: text('source_key').notNull(),
  /** WAITING: it has to go up. SENT: the upper hub has it. REFUSED: that one does not take it; a dead letter. */
  state: text('state').notNull().default('WAITING'),
}, (table) => [
  index('certificate_use_up_waiting').on(table.use).where(sql`${table.state} = 'WAITING'`),
  check('certificate_use_up_state', sql`${table.state} in ('WAITING', 'SENT', 'REFUSED')`),
]);

/**
 * Answers that held certificates which another hub has passed on, on their way to that hub (`sync/query-outbox.ts`): taken from the audit, and
 * here only until they are told. The audit stays the record of them.
 */
export const certificateQueryUp = pgTable('certificate_query_up', {
  /** The order in which they go. */
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  /** Made of the record's hash and the certificate: under this key the upper hub knows it, however often it is taken from the audit. */
  key: uuid('key').notNull().unique(),
  source: text('source').notNull(),
  sourceKey: text('source_key').notNull(),
  at: instant('at').notNull(),
  consumerCode: text('consumer_code'),
  departmentCode: text('department_code'),
  /** As the audit has it: `said:` or `signed:`, and who. */
  operator: text('operator'),
  matterCode: text('matter_code'),
  caseNo: text('case_no'),
  items: text('items').array().notNull(),
  /** WAITING: it has to go up. REFUSED: the upper hub does not take it; a dead letter. */
  state: text('state').notNull().default('WAITING'),
}, (table) => [
  index('certificate_query_up_waiting').on(table.id).where(sql`${table.state} = 'WAITING'`),
  check('certificate_query_up_state', sql`${table.state} in ('WAITING', 'REFUSED')`),
]);

/** How far each chain of the audit was read for answers that have to go up. */
export const certificateQueryPlace = pgTable('certificate_query_place', {
  /** The chain: a process's number in the audit. */
  writer: bigint('writer', { mode: 'bigint' }).primaryKey(),
  /** Its last record that was read. */
  seq: bigint('seq', { mode: 'bigint' }).notNull(),
  /** It has ended there, or its month has left the database. */
  done: boolean('done').notNull(),
});
