/**
 * Applications for items (共享申请): what is applied for, who has decided what about it, and every move that was made. Read and written
 * by `approvals/applications/`. Moves are only added to (drizzle/: a trigger says so).
 */
import { sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { bigint, check, customType, date, index, integer, jsonb, pgSequence, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { consumer, department } from './policy-tables.ts';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });
const day = (name: string) => date(name, { mode: 'string' });
/** Numbers are pages' cursors, so they compare by bytes. */
const number = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** Applications are counted over all years. */
export const applicationNumber = pgSequence('application_number');

/** An application (申请); once it is active its number is the number of the approval. */
export const application = pgTable('application', {
  number: number('number').primaryKey(),
  consumerCode: text('consumer_code').notNull().references(() => consumer.code),
  /** The consumer's department when it was drafted. */
  departmentCode: text('department_code').notNull().references(() => department.code),
  /** One of `states` in approvals/applications/moves.ts. */
  state: text('state').notNull(),
  /** One more with each move; a move is made from the version that was read. */
  version: integer('version').notNull(),
  /** 使用依据, 使用场景, 用途. */
  legalBasis: text('legal_basis').notNull(),
  scenario: text('scenario').notNull(),
  purpose: text('purpose').notNull(),
  /** Service matters (政务服务事项) that it is for. */
  matters: text('matters').array().notNull(),
  /** Civil dates; null: from the day on which it becomes active. The last day counts. */
  validFrom: day('valid_from'),
  validTo: day('valid_to').notNull(),
  activatedAt: instant('activated_at'),
  /** The application that this one renews. */
  supersedes: number('supersedes').references((): AnyPgColumn => application.number),
  /** The approval of which it asks for a higher quota: an application's number, or that of a grant that was made without one. */
  raises: number('raises'),
}, (table) => [index().on(table.consumerCode), index().on(table.departmentCode), index().on(table.supersedes), index().on(table.state, table.validTo), index().on(table.raises)]);

/** One line of an application. */
export const applicationLine = pgTable('application_line', {
  applicationNumber: number('application_number').notNull().references(() => application.number),
  line: integer('line').notNull(),
  item: text('item').notNull(),
  uses: text('uses').array().notNull(),
  modes: text('modes').array().notNull(),
  mask: text('mask'),
  /** As they were given; see approvals/form.ts. */
  bounds: jsonb('bounds').notNull(),
  quotaPerDay: integer('quota_per_day'),
  /** The department that decides about it; null: the pre-check is enough, or was not made yet. */
  reviewedBy: text('reviewed_by').references(() => department.code),
  decision: text('decision'),
  reason: text('reason'),
}, (table) => [
  primaryKey({ columns: [table.applicationNumber, table.line] }),
  check('application_line_decision', sql`${table.decision} in ('APPROVED', 'REFUSED')`),
  check('application_line_reason', sql`${table.decision} is distinct from 'REFUSED' or ${table.reason} is not null`),
]);

/** What one providing department does about its own items of an application. */
export const applicationReview = pgTable('application_review', {
  applicationNumber: number('application_number').notNull().references(() => application.number),
  departmentCode: text('department_code').notNull().references(() => department.code),
  /** One of `reviewStates` in approvals/applications/moves.ts. */
  state: text('state').notNull(),
  version: integer('version').notNull(),
}, (table) => [primaryKey({ columns: [table.applicationNumber, table.departmentCode] }), index().on(table.departmentCode, table.state)]);

/** Every move: who, when, from where to where, in what words. */
export const applicationMove = pgTable('application_move', {
  seq: bigint('seq', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  applicationNumber: number('application_number').notNull().references(() => application.number),
  /** The review that it is about; null: the application. */
  reviewOf: text('review_of'),
  verb: text('verb').notNull(),
  fromState: text('from_state'),
  toState: text('to_state').notNull(),
  at: instant('at').notNull(),
  /** Code of an administrator or a consumer; `hub` where nobody did it. */
  by: text('by').notNull(),
  /** Role of an administrator; null: a consumer, or the hub. */
  byRole: text('by_role'),
  byDepartment: text('by_department'),
  /** What he was to the application: APPLICANT, AUTHORITY, PROVIDER, HUB. */
  party: text('party').notNull(),
  words: text('words'),
  /** What was submitted, line by line. */
  content: jsonb('content'),
}, (table) => [index().on(table.applicationNumber, table.seq)]);
