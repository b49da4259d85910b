/**
 * Resolvers of schema/sync-reconcile.graphql: what another hub asks to find, and fetch, what it keeps otherwise.
 */
import { HubError } from '../../errors.ts';
import type { RegistryName } from '../../registries/record.ts';
import type { Compared, Comparison, HubAsking } from '../../sync/compared.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { listRuns } from '../../sync/reconcile-runs.ts';
import type { ReconcileRun, Sampled } from '../../sync/reconcile-runs.ts';
import { plain } from './resolver.ts';
import type { Resolvers } from './resolver.ts';
import { askedAlone, writtenDown } from './sync.ts';

interface EntriesQuestion {
  readonly type: string;
  readonly keys: readonly { readonly source: string; readonly key: string }[];
}

/** See the head of this file. */
export function syncReconcile(_hub: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      comparable: (_root, { registry }: { readonly registry: RegistryName }, context) => asking(work, context).comparison.comparable(asking(work, context).asker, registry),
      recordDigests: async (_root, question: Compared & { readonly depth: number }, context) => {
        const { asker, comparison } = asking(work, context, 'recordDigests');
        const { fields, buckets, ...noted } = await comparison.digests(asker, question);
        writtenDown(context, noted);
        return { fields, buckets };
      },
      recordLeaves: async (_root, question: Compared, context) => {
        const { asker, comparison } = asking(work, context, 'recordLeaves');
        const { fields, leaves, ...noted } = await comparison.leaves(asker, question);
        writtenDown(context, noted);
        return { fields, leaves };
      },
      recordEntries: async (_root, { type, keys }: EntriesQuestion, context) => {
        const { asker, comparison } = asking(work, context, 'recordEntries');
        const { shown, entries, ...noted } = await comparison.entries(asker, type, plain(keys));
        writtenDown(context, noted);
        return { shown, entries };
      },
      reconcileRuns: async (_root, { registry, first }: { readonly registry?: RegistryName | null; readonly first: number }) => {
        if (first < 1 || first > 200) throw new HubError('PAGE_TOO_LARGE', 'first is 1 to 200.', { limit: 200 });
        return (await listRuns(work.writing().sql, registry ?? null, first)).map(shownRun);
      },
    },
  };
}

/** The hub that asks; where an answer is written down it is asked by itself. */
function asking(work: Work, { caller, standing, purpose, today, now, trace }: HubContext, root?: string): { readonly asker: HubAsking; readonly comparison: Comparison } {
  if (caller.kind !== 'consumer' || caller.hub === undefined || work.feed === undefined) throw new HubError('FORBIDDEN', 'Hubs are compared with other hubs. A SECURITY administrator of the data authority marks them (setHub).');
  if (root !== undefined) askedAlone(trace, `Query.${root}`);
  return { asker: { caller, standing, purpose, today, now, division: caller.hub }, comparison: work.feed.comparison };
}

function shownRun({ startedAt, endedAt, rows, sample, ...run }: ReconcileRun): unknown {
  return { ...run, rows: String(rows), startedAt: new Date(startedAt).toISOString(), endedAt: endedAt === null ? null : new Date(endedAt).toISOString(), sample: sample === null ? [] : JSON.parse(sample) as readonly Sampled[] };
}
