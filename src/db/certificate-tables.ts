/**
 * Annotated copies of certificates (加注件) and the record of each use of one (用证记录). Read and written by `certificates/`. The printed
 * code of a copy is nowhere: it is computed from the copy's id.
 */
import { sql } from 'drizzle-orm';
import { bigint, check, customType, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { consumer, department } from './policy-tables.ts';

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

/** Each use of a certificate that names it: copies made, downloaded and checked. What queries read stands in the audit. Only added to. */
export const certificateUse = pgTable('certificate_use', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  at: instant('at').notNull(),
  certificateIdentifier: text('certificate_identifier').notNull(),
  /** Unified social credit code of the issuing authority, as the certificate has it. */
  issuerCode: text('issuer_code'),
  /** COPY: an annotated copy was made. DOWNLOAD: its file was taken. CHECK: it was checked and found genuine. */
  mode: text('mode').notNull(),
  copyId: text('copy_id').references(() => certificateCopy.id),
  /** Null: whoever checks a copy need not be known. */
  consumerCode: text('consumer_code').references(() => consumer.code),
  departmentCode: text('department_code').references(() => department.code),
  operator: text('operator'),
  matterCode: text('matter_code'),
  caseNo: text('case_no'),
  cause: text('cause'),
  /** Fields that the copy shows. */
  fields: text('fields').array().notNull(),
  /** What came of it: what a check said, or ISSUED, or DELIVERED. */
  result: text('result').notNull(),
}, (table) => [
  index().on(table.certificateIdentifier, table.id),
  index().on(table.issuerCode, table.id),
  check('certificate_use_mode', sql`${table.mode} in ('COPY', 'DOWNLOAD', 'CHECK')`),
]);
