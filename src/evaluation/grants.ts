/**
 * Grants that were not needed (未使用、过度授权): what is in force and was not used in a period. Pure.
 *
 * Looked at are lines that were in force for the last thirty days of the period at least: of younger ones it is too early to say. UNUSED:
 * none of the items of an approval was used in the period. OVER_BROAD: some were, and at least half of them were not. Used is what an
 * answer delivered, or was found by.
 */
import type { Policy } from '../sharing/grant.ts';
import type { Consumer } from '../sharing/terms.ts';

/** An approval that was not needed, or not all of it. */
export interface GrantFinding {
  readonly approvalNo: string;
  readonly consumer: string;
  readonly departmentCode: string;
  readonly kind: 'UNUSED' | 'OVER_BROAD';
  /** Its items in force, and those of them that were not used. */
  readonly items: readonly string[];
  readonly unused: readonly string[];
}

/** Milliseconds for which a line has to have been in force. */
const longEnoughMs = 30 * 86_400_000;

/** What was not needed of the grants of some consumers. `to`: the end of the period (ISO 8601 in UTC), or now where that is earlier; `used`: items by consumer. */
export function grantFindings(consumers: Iterable<Consumer>, policyOf: (consumer: Consumer) => Policy, to: string, used: ReadonlyMap<string, ReadonlySet<string>>): readonly GrantFinding[] {
  const since = new Date(Date.parse(to) - longEnoughMs).toISOString();
  return [...consumers].flatMap((consumer) => {
    const lines = [...policyOf(consumer).tuples.values()].flat().filter(({ validFrom, validTo }) => validFrom <= since && (validTo === null || validTo > to));
    const own = used.get(consumer.consumer) ?? new Set<string>();
    return [...Map.groupBy(lines, ({ approvalNo }) => approvalNo)].flatMap(([approvalNo, tuples]): GrantFinding[] => {
      const items = [...new Set(tuples.map(({ item }) => item))].sort();
      const unused = items.filter((item) => !own.has(item));
      if (unused.length === 0 || unused.length * 2 < items.length) return [];
      return [{ approvalNo, consumer: consumer.consumer, departmentCode: consumer.department, kind: unused.length === items.length ? 'UNUSED' : 'OVER_BROAD', items, unused }];
    });
  }).sort((a, b) => (a.departmentCode < b.departmentCode ? -1 : a.departmentCode > b.departmentCode ? 1 : a.approvalNo < b.approvalNo ? -1 : 1));
}
