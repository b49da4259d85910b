/**
 * Quotas of grants, as far as a plan knows them: which lines of which grants an operation lives on, and how often a day each allows it.
 *
 * A line is used once by an operation, whatever it asks under it and whether or not anybody is found: a question that is answered is a
 * call (日调用次数). Counting is not done here: nothing here is refused.
 */
import type { GrantTuple } from './grant.ts';
import { maskNamed } from './mask.ts';
import { includes, nameOfBound } from './rows.ts';
import type { Quota, Way } from './terms.ts';

/** The quota of a line; null: as many as need be. What it is called stays as it is when its quota or its time is changed. */
export function quotaOf({ approvalNo, item, uses, modes, mask, bounds, matters, quotaPerDay }: GrantTuple): Quota | null {
  if (quotaPerDay === null) return null;
  return { approvalNo, item, line: JSON.stringify([uses, modes, mask, bounds.map(nameOfBound).sort(), matters?.toSorted()]), perDay: quotaPerDay };
}

/**
 * The quotas that a verdict lives on. A line that opens nothing which another way does not open too, without a quota or with a larger
 * one, is not needed and not used; of lines that are equal the first one is. What two lines open only together uses both: which of them
 * opened a row is known where the rows are.
 */
export function quotasOf(ways: readonly Way[]): readonly Quota[] {
  const size = ({ quota }: Way): number => quota?.perDay ?? Infinity;
  return ways.flatMap((way, place) => {
    const needless = ways.some((other, before) => opensAll(other, way) && (size(other) > size(way) || (size(other) === size(way) && before < place)));
    return needless ? [] : way.quota ?? [];
  });
}

/** Does one way open all that another does: on all its rows, and showing no less? The masks of one item are of one family. */
function opensAll({ bounds, mask }: Way, narrow: Way): boolean {
  const shows = mask === null || (narrow.mask !== null && maskNamed(mask).rank <= maskNamed(narrow.mask).rank);
  return shows && bounds.every((bound) => includes(narrow.bounds, bound));
}
