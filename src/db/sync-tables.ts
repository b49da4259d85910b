/**
 * What keeping in step with the upper hub remembers: how far each registry's feed was taken, who takes it, what could not be taken, and
 * how the upper hub shares its items. Read and written by `sync/`; how items are shared there is in the log of policy (`city_condition`),
 * every state of it.
 */
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, date, index, integer, json, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });

/** The feed of each registry, as far as it was taken. */
export const syncFeed = pgTable('sync_feed', {
  registry: text('registry').primaryKey(),
  /** Behind the last page that was taken; null: the feed begins, with a snapshot. */
  cursor: text('cursor'),
  /** The life of the upper hub's database that the cursor is of. */
  epoch: text('epoch'),
  /** Where the last page ended: LOST, SNAPSHOT, FEED. */
  phase: text('phase'),
  /** Nothing was behind the last page. */
  inStep: boolean('in_step').notNull().default(false),
  /** Digest of the conditions that were taken last. */
  conditions: text('conditions'),
  /** Fields that were shown last, by record type. */
  shown: json('shown'),
  /** Entries behind the last page, as the upper hub said. */
  behind: bigint('behind', { mode: 'number' }).notNull().default(0),
  /** Entries taken so far. */
  entries: bigint('entries', { mode: 'number' }).notNull().default(0),
  /** Of the last entries: how many they are, how many of them delete, how many lack what is required. */
  recent: integer('recent').notNull().default(0),
  recentDeletions: integer('recent_deletions').notNull().default(0),
  recentMissing: integer('recent_missing').notNull().default(0),
  /** An administrator has looked at the deletions to come: none of them halts the feed before it is in step again. */
  allowDeletes: boolean('allow_deletes').notNull().default(false),
  lastSuccessAt: instant('last_success_at'),
  /** When it was known to be in step last. */
  inStepAt: instant('in_step_at'),
  lastFailureAt: instant('last_failure_at'),
  lastFailure: text('last_failure'),
  /** Failures since the last success. */
  failures: integer('failures').notNull().default(0),
  /** Why it goes no further until somebody has looked; null: it goes on. */
  halted: text('halted'),
  haltedAt: instant('halted_at'),
  /** Why both sides are to be compared (sync/reconcile); null: nothing asks for it. */
  reconcileDue: text('reconcile_due'),
  /** Whether the upper hub was asked when this was written; see BreakerState in sync/city-http.ts. */
  breaker: text('breaker'),
}, (table) => [check('sync_feed_phase', sql`${table.phase} in ('LOST', 'SNAPSHOT', 'FEED')`)]);

/** Who does what one process alone may do. */
export const syncLease = pgTable('sync_lease', {
  name: text('name').primaryKey(),
  holder: text('holder').notNull(),
  /** Fencing token: moves with every holder. What is written under an older one is refused. */
  token: bigint('token', { mode: 'bigint' }).notNull(),
  /** By the database's clock. */
  until: instant('until').notNull(),
});

/** What of a feed could not be taken, one row for each source record however often it comes. */
export const syncQuarantine = pgTable('sync_quarantine', {
  /** Digest of registry, record type, source and its key; of the text where it names none. */
  code: text('code').primaryKey(),
  registry: text('registry').notNull(),
  recordType: text('record_type'),
  /** The record's id at the upper hub. */
  cityId: text('city_id'),
  source: text('source'),
  sourceKey: text('source_key'),
  cursor: text('cursor'),
  field: text('field').notNull(),
  reason: text('reason').notNull(),
  /** As it came, or as it was edited: JSON. */
  raw: text('raw').notNull(),
  /** It can be taken when another record has come. */
  waits: boolean('waits').notNull().default(false),
  tries: integer('tries').notNull(),
  /** WAITING: tried again by itself. POISONED: waits for somebody who looks at it. */
  state: text('state').notNull(),
  firstSeenAt: instant('first_seen_at').notNull(),
  lastSeenAt: instant('last_seen_at').notNull(),
  nextTryAt: instant('next_try_at').notNull(),
  /** Who has edited it. */
  editedBy: text('edited_by'),
}, (table) => [index().on(table.registry, table.state, table.nextTryAt), check('sync_quarantine_state', sql`${table.state} in ('WAITING', 'POISONED')`)]);

/** What the upper hub tells of a source record that this hub has no field for, as it came; the last version only. */
export const syncUnknown = pgTable('sync_unknown', {
  recordType: text('record_type').notNull(),
  source: text('source').notNull(),
  sourceKey: text('source_key').notNull(),
  version: text('version').notNull(),
  values: json('values').notNull(),
  seenAt: instant('seen_at').notNull(),
}, (table) => [primaryKey({ columns: [table.recordType, table.source, table.sourceKey] })]);

/** How the upper hub shares an item whose data came from there: here it is never shared more widely. */
export const cityCondition = pgTable('city_condition', {
  item: text('item').primaryKey(),
  shareType: text('share_type').notNull(),
  condition: text('condition').notNull(),
}, (table) => [check('city_condition_share_type', sql`${table.shareType} in ('UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED')`)]);

/** Each comparison with the upper hub, and of what is kept here with itself, one registry at a time; the newest say how things stand. */
export const syncReconcile = pgTable('sync_reconcile', {
  run: bigint('run', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  registry: text('registry').notNull(),
  /** CITY: with the upper hub. LOCAL: golden records with what their sources make of them. */
  side: text('side').notNull(),
  /** Why it was made. */
  because: text('because').notNull(),
  /** Nothing was written. */
  dryRun: boolean('dry_run').notNull(),
  startedAt: instant('started_at').notNull(),
  /** Null: it is at work, or its process has ended in the middle of it. */
  endedAt: instant('ended_at'),
  /** Calls of the upper hub. */
  calls: integer('calls').notNull().default(0),
  /** Source records (LOCAL: records) that were compared. */
  rows: bigint('rows', { mode: 'number' }).notNull().default(0),
  /** Of them, those that differ: not here, only here, otherwise here. */
  missing: integer('missing').notNull().default(0),
  surplus: integer('surplus').notNull().default(0),
  different: integer('different').notNull().default(0),
  /** Of those that differ: made equal; could not be. */
  healed: integer('healed').notNull().default(0),
  refused: integer('refused').notNull().default(0),
  /** JSON: which, some of them, without values. */
  sample: json('sample'),
  /** Why it went no further; null: it was ended. */
  halted: text('halted'),
}, (table) => [index().on(table.registry, table.side, table.startedAt), check('sync_reconcile_side', sql`${table.side} in ('CITY', 'LOCAL')`)]);

/** Fields that the upper hub hides of a source record and that are known here from before: nobody's matter in a comparison. */
export const syncHidden = pgTable('sync_hidden', {
  recordType: text('record_type').notNull(),
  source: text('source').notNull(),
  sourceKey: text('source_key').notNull(),
  fields: text('fields').array().notNull(),
}, (table) => [primaryKey({ columns: [table.recordType, table.source, table.sourceKey] })]);

/** Fields of records that two sources tell otherwise, and what was decided about it. Values are not here: they are read where they lie. */
export const syncConflict = pgTable('sync_conflict', {
  id: uuid('id').primaryKey().defaultRandom(),
  recordType: text('record_type').notNull(),
  recordId: uuid('record_id').notNull(),
  field: text('field').notNull(),
  /** The source that belongs to this hub, and the one that was passed on; the same twice where one source told one version in two ways. */
  ownSource: text('own_source').notNull(),
  ownVersion: text('own_version').notNull(),
  otherSource: text('other_source').notNull(),
  otherVersion: text('other_version').notNull(),
  /** The source whose word holds by the source order. */
  holds: text('holds').notNull(),
  /** OPEN: somebody has to look. KEPT: until either tells something newer. CHECKING: a source was asked. TAKEN: the department made it its word. SETTLED: they agree. */
  state: text('state').notNull(),
  openedAt: instant('opened_at').notNull(),
  decidedAt: instant('decided_at'),
  decidedBy: text('decided_by'),
  words: text('words'),
}, (table) => [
  uniqueIndex('sync_conflict_standing').on(table.recordType, table.recordId, table.field, table.ownSource, table.otherSource).where(sql`${table.state} in ('OPEN', 'KEPT', 'CHECKING')`),
  index('sync_conflict_queue').on(table.openedAt, table.id),
  check('sync_conflict_state', sql`${table.state} in ('OPEN', 'KEPT', 'TAKEN', 'CHECKING', 'SETTLED')`),
]);

/**
 * Requests to check (校核) an item of a record, and what came of them: what an application doubts, or a steward of two sources' words. Each is
 * about one word of one source. Values of records are not here, only what the reporter believes.
 */
export const checkRequest = pgTable('check_request', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** In the order in which they were reported. */
  seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  /** What was reported together has the same. */
  report: uuid('report').notNull(),
  /** The key of the report, by which whoever reported it knows it; null: a steward asked about a conflict. */
  reference: text('reference'),
  conflict: uuid('conflict'),
  recordType: text('record_type').notNull(),
  recordId: uuid('record_id').notNull(),
  field: text('field').notNull(),
  /** Whose word is doubted, under which key of its own, in which version. */
  source: text('source').notNull(),
  sourceKey: text('source_key').notNull(),
  sourceVersion: text('source_version').notNull(),
  /** Who answers it here; null: the upper hub. */
  department: text('department'),
  /** Code of the application or administrator that reported it; the department that it did so for. */
  reporter: text('reporter').notNull(),
  reportedFor: text('reported_for').notNull(),
  matter: text('matter'),
  caseNo: text('case_no'),
  words: text('words').notNull(),
  evidence: text('evidence'),
  /** JSON: what the reporter believes to be right; null: it does not say. */
  believed: json('believed'),
  /** Keys of the persons whom the record was about. */
  subjects: text('subjects').array().notNull(),
  /** See sync/checks/moves.ts. */
  state: text('state').notNull(),
  /** Moves with every move. */
  version: integer('version').notNull().default(1),
  reportedAt: instant('reported_at').notNull(),
  /** Until when the upper hub has it answered, as it said. */
  cityDueOn: date('city_due_on'),
  verdict: text('verdict'),
  answer: text('answer'),
  /** The version under which the source told what is right. */
  correctedVersion: text('corrected_version'),
  answeredAt: instant('answered_at'),
  /** The department that has answered, here or at the upper hub. */
  answeredBy: text('answered_by'),
}, (table) => [
  uniqueIndex('check_request_standing').on(table.recordId, table.field, table.recordType, table.reportedFor).where(sql`${table.state} in ('OPEN', 'WAITING', 'SENT')`),
  uniqueIndex('check_request_order').on(table.seq),
  index('check_request_state').on(table.state, table.seq),
  index('check_request_reference').on(table.reporter, table.reference),
  index('check_request_conflict').on(table.conflict).where(sql`${table.conflict} is not null`),
  check('check_request_state', sql`${table.state} in ('OPEN', 'WAITING', 'SENT', 'REFUSED', 'ANSWERED', 'LAPSED')`),
  check('check_request_verdict', sql`${table.verdict} in ('CONFIRMED', 'CORRECTED', 'CANNOT_TELL')`),
]);

/** What was done about a request to check: every move, added to and never changed. */
export const checkMove = pgTable('check_move', {
  seq: bigint('seq', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  check: uuid('check_id').notNull().references(() => checkRequest.id),
  verb: text('verb').notNull(),
  from: text('from_state'),
  to: text('to_state').notNull(),
  at: instant('at').notNull(),
  by: text('by').notNull(),
  role: text('by_role'),
  department: text('by_department'),
  party: text('party').notNull(),
  words: text('words'),
}, (table) => [index('check_move_check').on(table.check)]);
