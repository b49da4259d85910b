/**
 * How the pull stands, by registry: what administrators, the command line and metrics are shown. Read from the database, so that every
 * process tells the same; it holds no values of records.
 */
import type postgres from 'postgres';
import { readFeeds } from './feed-state.ts';
import type { FeedState } from './feed-state.ts';
import { countQuarantine } from './quarantine.ts';

/** One registry. Moments are ISO 8601. */
export interface RegistryStatus extends Pick<FeedState, 'registry' | 'cursor' | 'epoch' | 'phase' | 'inStep' | 'behind' | 'entries' | 'lastSuccessAt' | 'lastFailureAt' | 'lastFailure' | 'failures' | 'halted' | 'haltedAt' | 'reconcileDue' | 'breaker'> {
  /** Seconds since it was known to be in step last; 0 where it is, null where it never was. */
  readonly lagSeconds: number | null;
  /** Source records in quarantine: tried again by themselves, and waiting for somebody. */
  readonly waiting: number;
  readonly poisoned: number;
}

/** How it all stands. */
export interface SyncStatus {
  /** Does a process pull at the moment? */
  readonly led: boolean;
  readonly registries: readonly RegistryStatus[];
}

/** Reads it. `now`: ISO 8601. */
export async function syncStatus(sql: postgres.Sql, now: string): Promise<SyncStatus> {
  const [feeds, quarantine, [lease]] = await Promise.all([readFeeds(sql), countQuarantine(sql), sql<{ led: boolean }[]>`select until > clock_timestamp() as led from sync_lease where name = 'pull'`]);
  return {
    led: lease?.led === true,
    registries: feeds.map((feed) => ({
      ...feed, ...(quarantine.get(feed.registry) ?? { waiting: 0, poisoned: 0 }),
      lagSeconds: feed.inStep ? 0 : feed.inStepAt === null ? null : Math.max(0, Math.round((Date.parse(now) - Date.parse(feed.inStepAt)) / 1000)),
    })),
  };
}
