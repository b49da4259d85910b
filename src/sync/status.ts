/**
 * How the pull stands, by registry: what administrators, the command line and metrics are shown. Read from the database, so that every
 * process tells the same; it holds no values of records.
 */
import type postgres from 'postgres';
import { standsSql } from '../query/under-check.ts';
import { records } from '../registries/index.ts';
import { registryNames } from '../registries/record.ts';
import type { RegistryName } from '../registries/record.ts';
import { readFeeds } from './feed-state.ts';
import type { FeedState } from './feed-state.ts';
import { countQuarantine } from './quarantine.ts';
import { countWaitingQueries } from './query-outbox.ts';
import { countWaitingUses } from './use-outbox.ts';

/** One registry. Moments are ISO 8601. */
export interface RegistryStatus extends Pick<FeedState, 'registry' | 'cursor' | 'epoch' | 'phase' | 'inStep' | 'behind' | 'entries' | 'lastSuccessAt' | 'lastFailureAt' | 'lastFailure' | 'failures' | 'halted' | 'haltedAt' | 'reconcileDue' | 'breaker'> {
  /** Seconds since it was known to be in step last; 0 where it is, null where it never was. */
  readonly lagSeconds: number | null;
  /** Source records in quarantine: tried again by themselves, and waiting for somebody. */
  readonly waiting: number;
  readonly poisoned: number;
}

/** What waits in a registry for somebody to look, counted. */
export interface RegistryQueues {
  readonly registry: RegistryName;
  /** Conflicts between sources that nobody has decided. */
  readonly conflicts: number;
  /** Requests to check that are not answered; of them, those that wait to go up and those that the upper hub has. */
  readonly checks: number;
  readonly checksWaiting: number;
  readonly checksAbove: number;
}

/** How it all stands. */
export interface SyncStatus {
  /** Does a process pull at the moment? */
  readonly led: boolean;
  readonly registries: readonly RegistryStatus[];
  /** Of every registry, whether or not it follows a feed. */
  readonly queues: readonly RegistryQueues[];
  /** Uses of certificates that wait to go up, and answers that were put aside to. */
  readonly usesWaiting: number;
}

/** Reads it. `now`: ISO 8601. */
export async function syncStatus(sql: postgres.Sql, now: string): Promise<SyncStatus> {
  const [feeds, quarantine, queues, uses, answers, [lease]] = await Promise.all([readFeeds(sql), countQuarantine(sql), countQueues(sql), countWaitingUses(sql), countWaitingQueries(sql), sql<{ led: boolean }[]>`select until > clock_timestamp() as led from sync_lease where name = 'pull'`]);
  return {
    led: lease?.led === true,
    queues, usesWaiting: uses + answers,
    registries: feeds.map((feed) => ({
      ...feed, ...(quarantine.get(feed.registry) ?? { waiting: 0, poisoned: 0 }),
      lagSeconds: feed.inStep ? 0 : feed.inStepAt === null ? null : Math.max(0, Math.round((Date.parse(now) - Date.parse(feed.inStepAt)) / 1000)),
    })),
  };
}

async function countQueues(sql: postgres.Sql): Promise<readonly RegistryQueues[]> {
  const [conflicts, checks] = await Promise.all([
    sql<{ type: string; count: number }[]>`select record_type as type, count(*)::int as count from sync_conflict where state in ('OPEN', 'CHECKING') group by 1`,
    sql<{ type: string; state: string; count: number }[]>`select record_type as type, state, count(*)::int as count from check_request where ${sql.unsafe(standsSql)} group by 1, 2`,
  ]);
  return registryNames.map((registry) => {
    const types = new Set(records.filter((own) => own.registry === registry).map(({ type }) => type));
    const sum = (rows: readonly { readonly type: string; readonly state?: string; readonly count: number }[], state?: string): number =>
      rows.reduce((all, row) => (types.has(row.type) && (state === undefined || row.state === state) ? all + row.count : all), 0);
    return { registry, conflicts: sum(conflicts), checks: sum(checks), checksWaiting: sum(checks, 'WAITING'), checksAbove: sum(checks, 'SENT') };
  });
}
