/**
 * Resolvers of schema/verification.graphql: claims that are verified, and comparisons of lists.
 */
import { HubError } from '../../errors.ts';
import { noteUsed } from '../../receipts/used.ts';
import type { ClaimFacts } from '../../verification/judged.ts';
import { verifyAt } from '../../verification/verify.ts';
import type { ClaimForm, SubjectForm } from '../../verification/verify.ts';
import type { HubSchema } from '../schema.ts';
import type { JudgedFacts } from '../trace.ts';
import { usedInClaims } from '../used-facts.ts';
import type { Work } from '../work.ts';
import type { Resolvers } from './resolver.ts';
import { askedAlone } from './sync.ts';

/** See the head of this file. */
export function verification({ contract }: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      verify: async (_root, { subject, claims }: { readonly subject: SubjectForm; readonly claims: readonly ClaimForm[] }, context) => {
        const { caller, standing, purpose, today, now, maxAge, trace } = context;
        if (caller.kind !== 'consumer' || work.verifier === undefined) throw new HubError('FORBIDDEN', 'Claims are verified for departments\' applications.');
        askedAlone(trace, verifyAt);
        const asker = { caller, standing, purpose, today, now };
        const question = work.verifier.judged(subject, claims, asker);
        trace.asked = { ...trace.asked, judged: judgedOf(question.judged.facts) };
        const verified = await work.verifier.answer(question, asker, maxAge);
        const { answers, subjects, traced, rows, guesses } = verified;
        const used = usedInClaims(contract, context, question, verified, work.usedFactDays);
        if (used !== null) await noteUsed(work.writing().sql, used);
        trace.guesses = guesses;
        trace.delivered = { subjects, traced, rows, reference: [] };
        return answers;
      },
      comparison: async (_root, { id }: { readonly id: string }, { caller }) => (caller.kind === 'consumer' ? work.comparisons?.of(id, caller.consumer) ?? null : null),
      comparisons: async (_root, { first }: { readonly first: number }, { caller }) => {
        if (first < 1 || first > 100) throw new HubError('PAGE_TOO_LARGE', 'comparisons gives 1 to 100 at once.', { limit: 100 });
        return caller.kind === 'consumer' ? work.comparisons?.list(caller.consumer, first) ?? [] : [];
      },
    },
  };
}

const judgedBy = new WeakMap<ClaimFacts, JudgedFacts>();

/** What is verified stands in the audit as what a query delivers does. */
function judgedOf(facts: ClaimFacts): JudgedFacts {
  const judged = judgedBy.get(facts) ?? { ...facts, open: false };
  judgedBy.set(facts, judged);
  return judged;
}
