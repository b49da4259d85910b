/**
 * Resolvers of schema/quotas.graphql: what is left of quotas today, and applying for more.
 */
import { applyForQuota } from '../../approvals/applications/raise.ts';
import { shownNow } from '../../approvals/applications/shown.ts';
import { countedBy, usedOn } from '../../audit/quota.ts';
import { nextMidnight } from '../../calendar/working-days.ts';
import { setRequestsPerMinute } from '../../identity/consumers.ts';
import type { GrantTuple } from '../../sharing/grant.ts';
import { quotaOf } from '../../sharing/quota.ts';
import type { Consumer, Quota } from '../../sharing/terms.ts';
import type { HubContext } from '../context.ts';
import { consumerIn } from '../explain.ts';
import { minuteOf, minuteResetsAt } from '../quotas.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { applicationShown, deskOf } from './applications.ts';
import { tupleShown } from './approvals.ts';
import { concerned } from './explain.ts';
import { actorOf, inForce } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

interface RaiseArguments {
  readonly approvalNo: string;
  readonly item: string;
  readonly quotaPerDay: number;
  readonly words: string;
}

/** See the head of this file. */
export function quotas(hub: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      quotas: async (_root, { consumer: code }: { consumer?: string | null }, context) => {
        const consumer = consumerIn(context.standing, concerned(code, context));
        const own = linesOf(consumer, context);
        const { sql } = work.writing();
        const minute = minuteOf(context.now);
        const used = await usedOn(sql, context.today, consumer.consumer, [minute, ...own.map(({ quota }) => countedBy(quota))]);
        return {
          consumer: consumer.consumer, day: context.today, resetsAt: nextMidnight(context.today),
          perMinute: consumer.requestsPerMinute === undefined ? null : { ...leftOf(consumer.requestsPerMinute, used.get(minute)), resetsAt: minuteResetsAt(context.now) }, lookupsByClerk: work.lookups.clerk || null, lookupsWithoutClerk: work.lookups.application || null,
          lines: own.map(({ tuple, quota }) => ({
            approvalNo: quota.approvalNo, itemName: context.standing.catalog.item(quota.item)?.name ?? '', tuple: tupleShown(tuple), ...leftOf(quota.perDay, used.get(countedBy(quota))),
          })),
        };
      },
    },
    Mutation: {
      setRequestsPerMinute: (_root, { consumer, requestsPerMinute }: { consumer: string; requestsPerMinute?: number | null }, context) =>
        inForce(work, setRequestsPerMinute(work.writing().sql, consumer, requestsPerMinute ?? null, actorOf(context))),
      applyForQuota: async (_root, { approvalNo, item, quotaPerDay, words }: RaiseArguments, context) => {
        const submitted = await inForce(work, applyForQuota(deskOf(hub, work, context), { number: approvalNo, item, quotaPerDay, words }));
        return applicationShown(await shownNow({ sql: work.writing().sql, caller: context.caller, today: context.today, contract: hub.contract }, submitted));
      },
    },
  };
}

function leftOf(limit: number, used = 0): { readonly limit: number; readonly used: number; readonly remaining: number } {
  return { limit, used, remaining: Math.max(0, limit - used) };
}

/** Lines with a quota that are in force, of those that the caller is told of. */
function linesOf(consumer: Consumer, { caller, standing, now }: HubContext): readonly { readonly tuple: GrantTuple; readonly quota: Quota }[] {
  const toldOfAll = caller.kind === 'consumer' || (caller.kind === 'administrator' && (caller.ofAuthority || caller.department === consumer.department));
  const told = (item: string): boolean => toldOfAll || (caller.kind === 'administrator' && standing.catalog.item(item)?.ownerDepartment === caller.department);
  return [...standing.policyOf(consumer).tuples.values()].flat().flatMap((tuple) => {
    const quota = quotaOf(tuple);
    const inForceNow = tuple.validFrom <= now && (tuple.validTo === null || now < tuple.validTo);
    return quota !== null && inForceNow && told(tuple.item) ? [{ tuple, quota }] : [];
  }).sort((a, b) => (`${a.quota.approvalNo} ${a.quota.item}` < `${b.quota.approvalNo} ${b.quota.item}` ? -1 : 1));
}
