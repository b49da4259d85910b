/**
 * Resolvers of schema/sync-look-up.graphql: what other hubs look up because their own copy is missing or too old.
 */
import { HubError } from '../../errors.ts';
import { lookUpAt } from '../../sync/look-up.ts';
import type { LookUpFacts, LookUpOf } from '../../sync/look-up.ts';
import type { HubSchema } from '../schema.ts';
import type { JudgedFacts } from '../trace.ts';
import type { Work } from '../work.ts';
import type { Resolvers } from './resolver.ts';
import { askedAlone } from './sync.ts';

/** See the head of this file. */
export function syncLookUp(_hub: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      passedOn: async (_root, { of }: { readonly of: readonly LookUpOf[] }, { caller, standing, purpose, today, now, trace }) => {
        if (caller.kind !== 'consumer' || caller.hub === undefined || work.lookUps === undefined) throw new HubError('FORBIDDEN', 'What single sources tell is passed on to other hubs only. A SECURITY administrator of the data authority marks hubs (setHub).');
        askedAlone(trace, lookUpAt);
        const { found, facts, subjects, traced, rows } = await work.lookUps.answer({ of, caller, standing, purpose, today, now });
        trace.asked = { ...trace.asked, judged: judgedOf(facts) };
        trace.delivered = { subjects, traced, rows, reference: [] };
        return found;
      },
    },
  };
}

const judgedBy = new WeakMap<LookUpFacts, JudgedFacts>();

/** What is delivered stands in the audit as what a query delivers does. */
function judgedOf(facts: LookUpFacts): JudgedFacts {
  const { refused, ...rest } = facts;
  const judged = judgedBy.get(facts) ?? { ...rest, ...(refused.length === 0 ? {} : { refused }), open: false };
  judgedBy.set(facts, judged);
  return judged;
}
