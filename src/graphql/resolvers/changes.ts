/**
 * Resolvers of schema/changes.graphql: departments' changes.
 */
import { HubError } from '../../errors.ts';
import { submitChanges } from '../../records/submit.ts';
import type { Submission } from '../../records/submit.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function changes({ contract }: HubSchema, { writing }: Work): Resolvers {
  return {
    Mutation: {
      submitChanges: async (_root, submission: Submission, { caller, standing }) => {
        if (caller.kind !== 'consumer') throw new HubError('FORBIDDEN', 'Changes are submitted by departments\' applications.');
        const { repeated, outcomes } = await submitChanges(writing(), { types: contract.types, catalog: standing.catalog }, { consumer: caller.consumer, department: caller.department, hub: caller.hub }, submission);
        return { idempotencyKey: submission.idempotencyKey, repeated, outcomes };
      },
    },
  };
}
