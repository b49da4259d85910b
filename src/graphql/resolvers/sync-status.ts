/**
 * Resolvers of schema/sync-status.graphql: how the hub keeps in step with the upper one.
 */
import { syncStatus } from '../../sync/status.ts';
import type { RegistryStatus } from '../../sync/status.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function syncStatusResolvers(_hub: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      syncStatus: async () => {
        const { sql, now } = work.writing();
        const { led, registries, queues, usesWaiting } = await syncStatus(sql, now);
        return { led, registries: registries.map(shown), queues, usesWaiting };
      },
    },
  };
}

function shown({ registry, cursor, epoch, phase, inStep, behind, lagSeconds, entries, lastSuccessAt, lastFailureAt, lastFailure, failures, halted, haltedAt, waiting, poisoned, reconcileDue, breaker }: RegistryStatus): unknown {
  return {
    registry, cursor, epoch, phase, inStep, lagEntries: Math.min(behind, 2 ** 31 - 1), lagSeconds, entries: String(entries), lastSuccess: moment(lastSuccessAt), lastFailure: moment(lastFailureAt), failure: lastFailure,
    failures, halted, haltedAt: moment(haltedAt), quarantineWaiting: waiting, quarantinePoisoned: poisoned, reconcileDue, breaker,
  };
}

const moment = (at: string | null): string | null => (at === null ? null : new Date(at).toISOString());
