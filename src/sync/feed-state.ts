/**
 * How far the upper hub's feed of each registry was taken, as every process may read it and as only the holder of the lease writes it.
 *
 * A cursor is moved from the one that was read, or not at all: of two who took the same page one fails, and none goes back.
 */
import type postgres from 'postgres';
import { registryNames } from '../registries/record.ts';
import type { RegistryName } from '../registries/record.ts';
import type { FeedPhase } from './city.ts';
import type { Lease } from '../db/lease.ts';
import { fence } from '../db/lease.ts';
import { pushAgain } from './push.ts';

/** See `sync_feed` (db/sync-tables.ts). Moments are ISO 8601. */
export interface FeedState {
  readonly registry: RegistryName;
  readonly cursor: string | null;
  readonly epoch: string | null;
  readonly phase: FeedPhase | null;
  readonly inStep: boolean;
  readonly conditions: string | null;
  /** JSON: fields by record type. */
  readonly shown: string | null;
  readonly behind: number;
  readonly entries: number;
  readonly recent: number;
  readonly recentDeletions: number;
  readonly recentMissing: number;
  readonly allowDeletes: boolean;
  readonly lastSuccessAt: string | null;
  readonly inStepAt: string | null;
  readonly lastFailureAt: string | null;
  readonly lastFailure: string | null;
  readonly failures: number;
  readonly halted: string | null;
  readonly haltedAt: string | null;
  readonly reconcileDue: string | null;
  readonly breaker: string | null;
}

type Session = postgres.Sql | postgres.TransactionSql;

const columns = `registry, cursor, epoch, phase, in_step as "inStep", conditions, shown::text as shown, behind::float8 as behind, entries::float8 as entries, recent, recent_deletions as "recentDeletions",
  recent_missing as "recentMissing", allow_deletes as "allowDeletes", last_success_at as "lastSuccessAt", in_step_at as "inStepAt", last_failure_at as "lastFailureAt", last_failure as "lastFailure", failures,
  halted, halted_at as "haltedAt", reconcile_due as "reconcileDue", breaker`;

/** The states of all registries whose feed was begun, in their order. */
export async function readFeeds(sql: Session): Promise<readonly FeedState[]> {
  const rows = await sql.unsafe<FeedState[]>(`select ${columns} from sync_feed`);
  return registryNames.flatMap((name) => rows.filter(({ registry }) => registry === name));
}

/** The state of one; where it was never begun, it begins. */
export async function readFeed(sql: Session, registry: RegistryName): Promise<FeedState> {
  const [known] = await sql.unsafe<FeedState[]>(`select ${columns} from sync_feed where registry = $1`, [registry], { prepare: true });
  if (known !== undefined) return known;
  await sql`insert into sync_feed (registry) values (${registry}) on conflict do nothing`;
  return readFeed(sql, registry);
}

/** Where a page has brought a feed. */
export interface Advance {
  readonly from: string | null;
  readonly to: string;
  readonly epoch: string;
  readonly phase: FeedPhase;
  readonly inStep: boolean;
  readonly conditions: string;
  /** JSON. */
  readonly shown: string;
  readonly behind: number;
  readonly taken: number;
  readonly recent: { readonly entries: number; readonly deletions: number; readonly missing: number };
  readonly allowDeletes: boolean;
  readonly breaker: string | null;
  /** Why both sides are to be compared, where nothing else asks for it; null: nothing does. */
  readonly reconcile: string | null;
  readonly now: string;
}

/** Somebody else has moved the cursor, or halted the feed. */
export class CursorMoved extends Error {
  constructor(registry: RegistryName) {
    super(`The cursor of ${registry} was moved by somebody else.`);
    this.name = 'CursorMoved';
  }
}

/** Moves the cursor of a feed, in the transaction that took its page. Throws `CursorMoved`. */
export async function advance(tx: Session, registry: RegistryName, { from, to, epoch, phase, inStep, conditions, shown, behind, taken, recent, allowDeletes, breaker, reconcile, now }: Advance): Promise<void> {
  const moved = await tx`
    update sync_feed set cursor = ${to}, epoch = ${epoch}, phase = ${phase}, in_step = ${inStep}, in_step_at = case when ${inStep} then ${now}::timestamptz else in_step_at end, conditions = ${conditions},
      shown = ${shown}::text::json, behind = ${behind}::bigint, entries = entries + ${taken}::bigint, recent = ${recent.entries}::int, recent_deletions = ${recent.deletions}::int,
      recent_missing = ${recent.missing}::int, allow_deletes = ${allowDeletes}, last_success_at = ${now}, failures = 0, breaker = ${breaker},
      reconcile_due = coalesce(reconcile_due, ${reconcile})
    where registry = ${registry} and cursor is not distinct from ${from} and halted is null returning 1`;
  if (moved.length === 0) throw new CursorMoved(registry);
}

/** Notes that nothing came: it is in step still. */
export async function noteInStep(sql: Session, registry: RegistryName, breaker: string | null, now: string): Promise<void> {
  await sql`update sync_feed set last_success_at = ${now}, in_step = true, in_step_at = ${now}, failures = 0, breaker = ${breaker} where registry = ${registry}`;
}

/** Notes a failure, where the lease holds. */
export async function noteFailure(sql: postgres.Sql, lease: Lease, registry: RegistryName, sentence: string, breaker: string | null, now: string): Promise<void> {
  await sql.begin(async (tx) => {
    await fence(tx, lease);
    await tx`update sync_feed set failures = failures + 1, in_step = false, last_failure_at = ${now}, last_failure = ${sentence.slice(0, 500)}, breaker = ${breaker} where registry = ${registry}`;
  });
}

/** Halts a feed until somebody has looked (`resumeFeed`). */
export async function haltFeed(sql: postgres.Sql, lease: Lease, registry: RegistryName, because: string, now: string): Promise<void> {
  await sql.begin(async (tx) => {
    await fence(tx, lease);
    await tx`update sync_feed set halted = ${because}, halted_at = ${now}, in_step = false where registry = ${registry} and halted is null`;
  });
}

/** Goes on with a halted feed. `allowDeletes`: deletions do not halt it before it is in step again. False: it is not halted. */
export async function resumeFeed(sql: Session, registry: RegistryName, allowDeletes: boolean): Promise<boolean> {
  const rows = await sql`
    update sync_feed set halted = null, halted_at = null, allow_deletes = ${allowDeletes}, recent = 0, recent_deletions = 0, recent_missing = 0, failures = 0
    where registry = ${registry} and halted is not null returning 1`;
  return rows.length > 0;
}

/** Begins a feed anew: the cursor leads nowhere any more. Both sides are to be compared then, since what the upper hub has no more is in no snapshot; and what it was told from here goes up again. */
export async function beginAnew(sql: postgres.Sql, lease: Lease, registry: RegistryName, from: string | null, because: string): Promise<void> {
  await sql.begin(async (tx) => {
    await fence(tx, lease);
    const begun = await tx`update sync_feed set cursor = null, epoch = null, phase = null, in_step = false, reconcile_due = ${because} where registry = ${registry} and cursor is not distinct from ${from} returning 1`;
    if (begun.length > 0) await pushAgain(tx);
  });
}
