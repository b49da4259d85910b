/**
 * The catalog's information resources (政务信息资源目录), and the drafts by which departments publish, change and withdraw them. Its items
 * stand in `tables.ts`. Read and written by `catalog/`; what is published is in the log of policy, every state of it.
 */
import { sql } from 'drizzle-orm';
import { bigint, check, customType, date, index, integer, jsonb, pgSequence, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { department } from './policy-tables.ts';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });
const number = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** An information resource (信息资源) with the metadata of 发改高技〔2017〕1272号; what its items say is summed up where it is shown. */
export const catalogResource = pgTable('catalog_resource', {
  /** 信息资源代码: category, `/`, serial number. */
  code: text('code').primaryKey(),
  name: text('name').notNull(),
  departmentCode: text('department_code').notNull().references(() => department.code),
  /** 提供方代码 (GB 32100); empty: not told. */
  providerUscc: text('provider_uscc').notNull().default(''),
  abstract: text('abstract').notNull(),
  formatCategory: text('format_category').notNull(),
  formatType: text('format_type').notNull(),
  formatNote: text('format_note').notNull().default(''),
  shareMode: text('share_mode').notNull(),
  openCondition: text('open_condition').notNull().default(''),
  updateCycle: text('update_cycle').notNull(),
  relatedCodes: text('related_codes').array().notNull().default(sql`'{}'`),
  publishedOn: date('published_on', { mode: 'string' }).notNull(),
  state: text('state').notNull(),
}, (table) => [check('catalog_resource_state', sql`${table.state} in ('PUBLISHED', 'WITHDRAWN')`)]);

/** Drafts are counted over all years. */
export const catalogDraftNumber = pgSequence('catalog_draft_number');

/** A draft of a resource: what is to be published, or that it is to be withdrawn. */
export const catalogDraft = pgTable('catalog_draft', {
  number: number('number').primaryKey(),
  resourceCode: text('resource_code').notNull(),
  departmentCode: text('department_code').notNull().references(() => department.code),
  action: text('action').notNull(),
  /** One of `draftStates` in catalog/moves.ts. */
  state: text('state').notNull(),
  version: integer('version').notNull(),
  /** The state of the resource that it was made from; null: there was none. */
  base: text('base'),
  /** See catalog/resource.ts. */
  content: jsonb('content').notNull(),
}, (table) => [index().on(table.departmentCode, table.state), check('catalog_draft_action', sql`${table.action} in ('PUBLISH', 'WITHDRAW')`)]);

/** Every move of a draft. */
export const catalogDraftMove = pgTable('catalog_draft_move', {
  seq: bigint('seq', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  draftNumber: number('draft_number').notNull().references(() => catalogDraft.number),
  verb: text('verb').notNull(),
  fromState: text('from_state'),
  toState: text('to_state').notNull(),
  at: instant('at').notNull(),
  by: text('by').notNull(),
  words: text('words'),
}, (table) => [index().on(table.draftNumber, table.seq)]);
