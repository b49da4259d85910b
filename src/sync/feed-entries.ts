/**
 * Records as entries for one follower: how statements of query/passed-on.ts are run for him, what comes of a row, and that he was given it.
 */
import type { Database } from '../db/open.ts';
import type { PassedOnRow, PassingOn, Text } from '../query/passed-on.ts';
import type { Run } from '../query/tree.ts';
import type { Follower } from './feed-rights.ts';

/** Who follows, for what, and on which day. */
export interface Asker extends Follower {
  /** Civil date, Asia/Shanghai. */
  readonly today: string;
}

/** What a source tells, as JSON of the contract's `PassedOn`. */
export type SourceJson = Readonly<Record<string, unknown>>;

/** An entry of the feed, as the contract's `ChangeEntry`. */
export interface FeedEntry {
  readonly cursor: string;
  readonly kind: 'UPSERT' | 'TOMBSTONE' | 'CORRECTION' | 'RIGHT_LOST';
  readonly type: string;
  readonly id: string;
  readonly recordedAt: string | null;
  readonly hidden: readonly string[];
  readonly sources: readonly SourceJson[] | null;
  readonly record: Readonly<Record<string, unknown>> | null;
}

/** An entry that has no place in the feed yet. */
export type BareEntry = Omit<FeedEntry, 'cursor' | 'recordedAt'>;

/** Runs a statement for a follower, with its values as `variables` of the request. */
export async function runAs<R>({ lists }: Pick<Database, 'lists'>, { text, parameters }: Text, { caller, standing, purpose, today, now }: Asker, variables: Readonly<Record<string, unknown>>): Promise<readonly R[]> {
  const sealed = standing.sealed && standing.sealsListed ? { sealedKeys: standing.sealedBut(standing.policyOf(caller).seals) } : undefined;
  // A case covers nobody here: a feed is no look-up of somebody under a case.
  const request: Run = { ...sealed, caseKeys: '{}', variables, today, now, purpose: { matter: purpose.matter?.code ?? null, caseNo: null, consumer: caller.consumer }, personKey: () => '' };
  return await lists.query(text, parameters(request)) as unknown as readonly R[];
}

/** Notes that a consumer was given records, so that he is told when he may have them no more. */
export async function noteGiven({ sql }: Pick<Database, 'sql'>, consumer: string, type: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`insert into feed_delivery (consumer_code, record_type, record_id) select ${consumer}, ${type}, id from unnest(${ids as string[]}::uuid[]) id on conflict do nothing`;
}

/** The entry that a record that may be had comes to. */
export function entryOf({ type }: PassingOn, { id, hidden, sources, record }: PassedOnRow): BareEntry {
  return {
    kind: 'UPSERT', type: type.name, id, hidden: hidden === null ? [] : JSON.parse(hidden) as string[],
    sources: sources === null ? null : JSON.parse(sources) as SourceJson[], record: record === null ? null : JSON.parse(record) as Readonly<Record<string, unknown>>,
  };
}
