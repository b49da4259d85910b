/**
 * Resolvers of schema/sync.graphql: the feed that other hubs and departments' applications follow.
 */
import { HubError } from '../../errors.ts';
import { setHub } from '../../identity/consumers.ts';
import type { RegistryName } from '../../registries/record.ts';
import { conditionsOf, feedAt } from '../../sync/feed-rights.ts';
import type { FollowedFacts } from '../../sync/feed-rights.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import type { JudgedFacts, Trace } from '../trace.ts';
import { actorOf, inForce, selects } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

interface ChangesQuestion {
  readonly registry: RegistryName;
  readonly after?: string | null;
  readonly first: number;
}

/** See the head of this file. */
export function sync({ contract }: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      changes: async (_root, { registry, after, first }: ChangesQuestion, context, info) => {
        const { caller, standing, purpose, today, now, trace } = context;
        if (caller.kind !== 'consumer' || work.feed === undefined) throw new HubError('FORBIDDEN', 'The feed is followed by departments\' applications and other hubs.');
        askedAlone(trace, feedAt);
        const wanted = { sources: selects(info, 'entries', 'sources'), record: selects(info, 'entries', 'record') };
        if (wanted.sources && caller.hub === undefined) throw new HubError('FORBIDDEN', 'What single sources tell is passed on to other hubs only: ask for `record`. A SECURITY administrator of the data authority marks hubs (setHub).');
        const page = await work.feed.page({ caller, standing, purpose, registry, after: after ?? null, first, wanted, today, now });
        writtenDown(context, { facts: page.facts, subjects: page.subjects, traced: page.traced, rows: page.entries.length });
        const { epoch, endCursor, digest, hasNextPage, phase, shown, entries, behind } = page;
        return { epoch, after: page.after, endCursor, digest, hasNextPage, phase, shown, entries, behind, conditions: conditionsOf(contract, standing.catalog, registry).digest };
      },
      sharingConditions: (_root, { registry }: { readonly registry: RegistryName }, { standing }) => conditionsOf(contract, standing.catalog, registry).items,
    },
    Mutation: {
      setHub: (_root, { consumer, division }: { readonly consumer: string; readonly division?: string | null }, context) => inForce(work, setHub(work.writing().sql, consumer, division ?? null, actorOf(context))),
    },
  };
}

/** Requests that follow. */
const following = new WeakSet<Trace>();

/** Takes it that a root is asked by itself: else the record would say that its items were another root's. Throws `BAD_INPUT`. */
export function askedAlone(trace: Trace, at: string): void {
  if (trace.asked.roots.some((root) => root !== at && !root.endsWith('.__typename')) || following.has(trace)) throw new HubError('BAD_INPUT', `${at.slice(at.indexOf('.') + 1)} is asked by itself, once a request: send the rest in another one.`);
  following.add(trace);
}

const judgedBy = new WeakMap<FollowedFacts, JudgedFacts>();

/** What is told of records that are followed stands in the audit as what a query delivers does. */
export function writtenDown({ trace }: HubContext, { facts, subjects, traced = [], rows }: { readonly facts: FollowedFacts; readonly subjects: readonly string[]; readonly traced?: readonly string[]; readonly rows: number }): void {
  const judged = judgedBy.get(facts) ?? { ...facts, by: [], open: false };
  judgedBy.set(facts, judged);
  trace.asked = { ...trace.asked, judged };
  trace.delivered = { subjects, traced, rows, reference: [] };
}
