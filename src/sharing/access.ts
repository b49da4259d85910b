/**
 * What one consumer may do with one item by one use, over all purposes that it may name. Every verdict is the judge's own
 * (`verdict.ts`), under the circumstances that `reach.ts` chooses; this file only puts them together.
 */
import { Reach } from './reach.ts';
import type { OpenWay } from './reach.ts';
import type { Ask, Consumer, Matter, Mode, Use, Verdict } from './terms.ts';
import type { Standpoint } from './verdict.ts';

/** What one consumer may do with one item, under one purpose or another. */
export interface Access {
  readonly consumer: Consumer;
  readonly item: string;
  readonly itemName: string;
  readonly use: Use;
  readonly verdict: Verdict;
  /** Over all purposes that it may name; empty where it is denied. */
  readonly ways: readonly OpenWay[];
  readonly takesMatter: boolean;
  readonly takesCase: boolean;
}

/** From where an access is looked at: who, by what was decided about it, and the matters that it may name. */
export interface AccessPoint extends Omit<Standpoint, 'circumstances' | 'caller'> {
  readonly caller: Consumer;
  readonly matters: readonly Matter[];
  readonly mode: Mode;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
}

/** What is decided about one use of an item: the best verdict that the consumer gets, whether or not it allows. */
export function accessTo({ matters, mode, at, ...from }: AccessPoint, item: string, use: Use): Access {
  // One reach an ask, so that its moment speaks of this ask alone.
  const reach = new Reach(from, matters, mode, at);
  const ask: Ask = { item, use, at: item };
  const [open] = reach.openings([ask]);
  return {
    consumer: from.caller, item, itemName: from.catalog.item(item)?.name ?? '', use, ways: reach.ways(ask), verdict: { ...reach.best(ask), until: reach.until },
    takesMatter: open !== undefined && open.matter !== null, takesCase: open?.hasCase === true,
  };
}
