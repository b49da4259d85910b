/**
 * Who may knock, and what was granted to whom: departments, their applications, administrators and keys; matters and cases;
 * grants, denials, seals.
 *
 * Every change of a table that callers' rights hang on is written down by a trigger in `policy_change`, in the order of
 * commits (drizzle/0004_policy.sql): that log is what every process keeps its standing in step by, and what yesterday's
 * decision is reproduced from. So it cannot be gone around, and the tables here hold today only.
 */
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, customType, date, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });
/** Number of a transaction: what changed since it was known is what has it or a later one. */
const transaction = customType<{ data: string }>({ dataType: () => 'xid8' });
/** Keys of persons and entities compare by bytes, as the records' columns do. */
const subject = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** Departments (部门): who provides and who asks. */
export const department = pgTable('department', {
  code: text('code').primaryKey(),
  name: text('name').notNull(),
  /** AUTHORITY (政务数据主管部门) or PROVIDER. */
  role: text('role').notNull(),
  /** Its unified social credit code, by which certificates name it as their issuer; null: not told. */
  uscc: text('uscc').unique(),
}, (table) => [check('department_role', sql`${table.role} in ('AUTHORITY', 'PROVIDER')`)]);

/** Departments' applications: who asks for records is one of them. */
export const consumer = pgTable('consumer', {
  code: text('code').primaryKey(),
  name: text('name').notNull(),
  departmentCode: text('department_code').notNull().references(() => department.code),
  /** A service platform (政务服务平台) opens cases of every department's matters. */
  servicePlatform: boolean('service_platform').notNull().default(false),
  /** Where its records lie: a list of {types, bound}; see sharing/grant.ts. */
  territory: jsonb('territory').notNull().default([]),
  /** Public key (JWK) that its assertions of operators are signed with; null: operators are noted unverified. */
  operatorKey: jsonb('operator_key'),
  /** A citizens' portal: the client that it is at the issuer of citizens' tokens; null: it is none. */
  citizenPortal: text('citizen_portal'),
  /** Another hub: the division, six digits, whose departments it speaks for; null: it is none. */
  hubDivision: text('hub_division'),
  /** How many of its queries are answered a minute, by all processes together; null: as many as need be. */
  requestsPerMinute: integer('requests_per_minute'),
}, (table) => [check('consumer_hub_division', sql`${table.hubDivision} ~ '^[0-9]{6}$'`), check('consumer_requests_per_minute', sql`${table.requestsPerMinute} > 0`)]);

/** Administrators (三员分立): one role each, and none of them reads records. */
export const administrator = pgTable('administrator', {
  code: text('code').primaryKey(),
  name: text('name').notNull(),
  departmentCode: text('department_code').notNull().references(() => department.code),
  role: text('role').notNull(),
}, (table) => [check('administrator_role', sql`${table.role} in ('SYSTEM', 'SECURITY', 'AUDIT', 'STEWARD')`)]);

/** Keys of consumers and administrators. Only the digest is kept; the key itself is shown once. */
export const apiKey = pgTable('api_key', {
  digest: text('digest').primaryKey(),
  consumerCode: text('consumer_code').references(() => consumer.code),
  administratorCode: text('administrator_code').references(() => administrator.code),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
}, (table) => [check('api_key_holder', sql`num_nonnulls(${table.consumerCode}, ${table.administratorCode}) = 1`)]);

/** Who is meant by the subject of a token (`sub` of an issuer): one caller, who shows tokens beside or instead of keys. */
export const tokenSubject = pgTable('token_subject', {
  /** Issuer and subject with a space between; an issuer's address holds none. */
  code: text('code').primaryKey().generatedAlwaysAs(sql`issuer || ' ' || subject`),
  issuer: text('issuer').notNull(),
  subject: text('subject').notNull(),
  consumerCode: text('consumer_code').references(() => consumer.code),
  administratorCode: text('administrator_code').references(() => administrator.code),
  createdAt: instant('created_at').notNull(),
}, (table) => [check('token_subject_holder', sql`num_nonnulls(${table.consumerCode}, ${table.administratorCode}) = 1`), check('token_subject_issuer', sql`position(' ' in ${table.issuer}) = 0`)]);

/** Service matters (政务服务事项), as far as asking under them goes. */
export const matter = pgTable('matter', {
  code: text('code').primaryKey(),
  name: text('name').notNull(),
  /** The responsible department. */
  departmentCode: text('department_code').notNull().references(() => department.code),
  /** Departments that take part beside it. */
  participants: text('participants').array().notNull().default(sql`'{}'`),
  /** Which kin of a subject it may touch; words of sharing/terms.ts. */
  kin: text('kin').array().notNull().default(sql`'{}'`),
  /** Personal items can be asked under an open case only. */
  needsCase: boolean('needs_case').notNull().default(true),
  /** The version of its definition by which look-ups are answered (see matter-tables.ts); null: none was published. */
  publishedVersion: integer('published_version'),
}, (table) => [check('matter_kin', sql`${table.kin} <@ array['HOUSEHOLD', 'SPOUSE', 'CHILD', 'PARENT', 'SIBLING', 'OTHER']`)]);

/** Cases (办件): one handling of a matter. */
export const serviceCase = pgTable('service_case', {
  id: uuid('id').primaryKey(),
  matterCode: text('matter_code').notNull().references(() => matter.code),
  caseNo: text('case_no').notNull(),
  openedBy: text('opened_by').notNull().references(() => consumer.code),
  /** The clerk who opened it, as the consumer told, and whether it signed that. */
  operator: text('operator'),
  operatorVerified: boolean('operator_verified').notNull().default(false),
  openedAt: instant('opened_at').notNull(),
  /** The last day on which it can be asked under. */
  deadline: date('deadline', { mode: 'string' }).notNull(),
  closedAt: instant('closed_at'),
  closedBy: text('closed_by').references(() => consumer.code),
  /** The version of the matter's definition under which it was begun, and ends. */
  matterVersion: integer('matter_version'),
  /** The transaction that changed it last, or whom it covers; written by triggers (see matters/open-cases.ts). */
  changed: transaction('changed').notNull().default(sql`pg_current_xact_id()`),
}, (table) => [uniqueIndex('service_case_open').on(table.matterCode, table.caseNo).where(sql`${table.closedAt} is null`), index().on(table.changed)]);

/** Whom a case is about, and the kin that its matter touches: keys of persons (`person_key`) and entities (USCC). */
export const caseSubject = pgTable('case_subject', {
  caseId: uuid('case_id').notNull().references(() => serviceCase.id, { onDelete: 'cascade' }),
  subjectKey: subject('subject_key').notNull(),
  /** SUBJECT, or the word of the matter's `kin` that it came in by. */
  relation: text('relation').notNull(),
}, (table) => [primaryKey({ columns: [table.caseId, table.subjectKey] }), index().on(table.subjectKey)]);

/** Holders' authorizations (持证主体授权): what a subject has allowed a consumer to see. */
export const holderAuthorization = pgTable('holder_authorization', {
  id: uuid('id').primaryKey(),
  subjectKey: subject('subject_key').notNull(),
  consumerCode: text('consumer_code').notNull().references(() => consumer.code),
  /** Null: for every matter of the consumer. */
  matterCode: text('matter_code').references(() => matter.code),
  validFrom: instant('valid_from').notNull(),
  validTo: instant('valid_to').notNull(),
  revokedAt: instant('revoked_at'),
  /** Whether it was in force when the consumer, as a follower of changes, was told of it last (`sync/feed-authorizations.ts`). */
  toldInForce: boolean('told_in_force').notNull().default(false),
}, (table) => [index().on(table.consumerCode, table.subjectKey)]);

/** Explicit lists of subjects that a bound may name. */
export const subjectList = pgTable('subject_list', {
  code: text('code').primaryKey(),
  name: text('name').notNull(),
});

/** Who stands on a list: keys of persons and entities. */
export const subjectListMember = pgTable('subject_list_member', {
  listCode: text('list_code').notNull().references(() => subjectList.code, { onDelete: 'cascade' }),
  subjectKey: subject('subject_key').notNull(),
}, (table) => [primaryKey({ columns: [table.listCode, table.subjectKey] })]);

/** Grants (授权): what was approved for a consumer under one number. */
export const sharingGrant = pgTable('sharing_grant', {
  /** Number of the approval. */
  approvalNo: text('approval_no').primaryKey(),
  consumerCode: text('consumer_code').notNull().references(() => consumer.code),
  /** A list of tuples; see sharing/grant.ts. */
  tuples: jsonb('tuples').notNull(),
  /** Codes of seals that this grant looks behind. */
  seals: text('seals').array().notNull().default(sql`'{}'`),
}, (table) => [index().on(table.consumerCode), check('sharing_grant_tuples', sql`jsonb_typeof(${table.tuples}) = 'array'`)]);

/** Explicit denials: what a consumer, or every application of a department, may not have whatever was granted. */
export const denial = pgTable('denial', {
  code: text('code').primaryKey(),
  consumerCode: text('consumer_code').references(() => consumer.code),
  departmentCode: text('department_code').references(() => department.code),
  item: text('item').notNull(),
  because: text('because').notNull(),
}, (table) => [check('denial_whom', sql`num_nonnulls(${table.consumerCode}, ${table.departmentCode}) = 1`)]);

/** Sealed persons (封存): they look like nobody, except through a grant that names the seal. */
export const seal = pgTable('seal', {
  code: text('code').primaryKey(),
  personKey: subject('person_key').notNull(),
  because: text('because').notNull(),
}, (table) => [index().on(table.personKey)]);

/** Accesses that those whom they are about are not told of (保密), of a matter or of one consumer under it. */
export const concealment = pgTable('concealment', {
  code: text('code').primaryKey(),
  matterCode: text('matter_code').notNull().references(() => matter.code),
  /** Null: every consumer. */
  consumerCode: text('consumer_code').references(() => consumer.code),
  /** Told after so many days, and from this day on; both null: never. */
  delayDays: integer('delay_days'),
  until: date('until', { mode: 'string' }),
  legalBasis: text('legal_basis').notNull(),
}, (table) => [check('concealment_delay', sql`${table.delayDays} between 1 and 36500`), check('concealment_basis', sql`${table.legalBasis} <> ''`)]);

/** Every state that catalog, consumers, keys, matters, grants, denials and seals ever had, in the order of commits; only triggers write it. */
export const policyChange = pgTable('policy_change', {
  seq: bigint('seq', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  /** The table. */
  kind: text('kind').notNull(),
  /** The row's key. */
  code: text('code').notNull(),
  /** The row; null: it is gone. */
  body: jsonb('body'),
  at: instant('at').notNull(),
  /** Who did it, as far as the hub was told. */
  by: text('by'),
}, (table) => [index().on(table.kind, table.code, table.seq)]);
