/**
 * Which items an operation takes, and which of them a consumer lacks: what it would have to apply for. From policy alone; the verdicts
 * are the judge's (`sharing/verdict.ts`), over all purposes that the consumer may name, so a purpose that is only left out is not
 * taken for a grant that is missing.
 */
import { HubError } from '../errors.ts';
import { mattersOf } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import { Reach } from '../sharing/reach.ts';
import { shareTypeFor } from '../sharing/catalog.ts';
import type { Ask, Mode, ShareType, Use, Verdict } from '../sharing/terms.ts';
import { asksOf, consumerIn } from './explain.ts';
import type { Operation } from './explain.ts';
import type { HubSchema } from './schema.ts';

/** An operation of a consumer, and the matters under which it is to be asked; null: all that the consumer may name. */
export interface NeedQuestion extends Operation {
  readonly consumer: string;
  readonly matters: readonly string[] | null;
  readonly mode: Mode;
}

/** See the head of this file. */
export interface NeededItem {
  readonly item: string;
  /** Null: the catalog does not have it. */
  readonly itemName: string | null;
  readonly ownerDepartment: string | null;
  /** Of what is wanted of it, the strictest. */
  readonly shareType: ShareType | null;
  /** Coordinates in the contract. */
  readonly at: readonly string[];
  readonly uses: readonly Use[];
  readonly lacking: readonly Use[];
  /** Can what is lacking be had by an application? */
  readonly applicable: boolean;
  /** Why it is lacking, and what can be done; null: nothing is. */
  readonly because: string | null;
  readonly apply: string | null;
  /** Only a mask of the value can be read. */
  readonly masked: boolean;
  readonly takesMatter: boolean;
  readonly takesCase: boolean;
}

/** The items of an operation, by code. */
export async function itemsNeeded(hub: HubSchema, standing: Standing, { consumer, matters, mode, ...operation }: NeedQuestion, at: string): Promise<readonly NeededItem[]> {
  const asks = await asksOf(hub, consumerIn(standing, consumer), operation);
  return itemsOfAsks(standing, { consumer, matters, mode }, asks, at);
}

/** The items that these asks take, by code. */
export function itemsOfAsks(standing: Standing, { consumer, matters: named, mode }: Pick<NeedQuestion, 'consumer' | 'matters' | 'mode'>, asks: readonly Ask[], at: string): readonly NeededItem[] {
  const caller = consumerIn(standing, consumer);
  const own = mattersOf(caller, standing);
  const unknown = named?.find((code) => !own.some((matter) => matter.code === code));
  if (unknown !== undefined) throw new HubError('PURPOSE_REFUSED', `Matter ${unknown} is not registered, or this consumer's department has no part in it; \`matters\` lists its own.`);
  const matters = named === null ? own : own.filter(({ code }) => named.includes(code));
  const reach = new Reach({ caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed }, matters, mode, at);
  return [...Map.groupBy(asks, ({ item }) => item)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([item, these]) => needOf(item, these, reach, standing));
}

function needOf(code: string, asks: readonly Ask[], reach: Reach, { catalog }: Standing): NeededItem {
  const item = catalog.item(code);
  const judged = asks.map((ask) => ({ ask, verdict: reach.best(ask), opening: reach.openings([ask])[0] }));
  const refused = judged.filter(({ verdict }) => !verdict.allowed);
  const uses = distinct(asks.map(({ use }) => use));
  const types = item === undefined ? [] : uses.map((use) => shareTypeFor(item, use));
  const open = judged.flatMap(({ opening }) => opening ?? []);
  return {
    item: code, itemName: item?.name ?? null, ownerDepartment: item?.ownerDepartment ?? null,
    shareType: (['NOT_SHARED', 'CONDITIONAL', 'UNCONDITIONAL'] as const).find((type) => types.includes(type)) ?? null,
    at: distinct(asks.map((ask) => ask.at)), uses, lacking: distinct(refused.map(({ ask }) => ask.use)),
    // What is merely not granted can be; what is denied, never shared or without a purpose is another matter.
    applicable: refused.length > 0 && refused.every(({ verdict }) => verdict.rule === 'otherwise withheld'),
    because: refused[0]?.verdict.because ?? null, apply: refused[0]?.verdict.apply ?? null,
    masked: judged.some(({ ask, verdict }) => ask.use === 'read' && onlyMasked(verdict)),
    takesMatter: open.some(({ matter }) => matter !== null), takesCase: open.some(({ hasCase }) => hasCase),
  };
}

function onlyMasked({ allowed, ways }: Verdict): boolean {
  return allowed && ways.every(({ mask }) => mask !== null);
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
