/**
 * Of which fields of which records one caller may be told that they have changed: each record type under his plan in mode SUBSCRIBE,
 * compiled once and kept as long as nothing that it hangs on changes.
 */
import { LRUCache } from 'lru-cache';
import { circumstancesOf } from '../identity/purpose.ts';
import { asksToNotice, noticing } from '../query/noticed.ts';
import type { Noticing } from '../query/noticed.ts';
import type { Contract } from '../registries/contract.ts';
import { planOf } from '../sharing/plan.ts';
import type { Quota } from '../sharing/terms.ts';
import { isPersonalIn, readFollowed } from './feed-rights.ts';
import type { FollowedFacts, Follower } from './feed-rights.ts';

/** The coordinate at which following facts is judged. */
export const factFeedAt = 'Query.factChanges';

/** See the head of this file. */
export interface FactRights {
  readonly types: ReadonlyMap<string, Noticing>;
  readonly facts: FollowedFacts;
}

/** See the head of this file. */
export class RightsToBeTold {
  readonly #contract: Contract;
  readonly #known = new LRUCache<string, { readonly rights: FactRights; readonly until: number }>({ max: 100 });

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  of({ caller, standing, purpose, now }: Follower): FactRights {
    const key = JSON.stringify([caller.consumer, standing.policyOf(caller).version, standing.everybody, standing.sealed, standing.sealsListed, purpose.matter?.code ?? null, purpose.behalf]);
    const known = this.#known.get(key);
    if (known !== undefined && Date.parse(now) < known.until) return known.rights;
    // A case lets nobody into a feed.
    const circumstances = { ...circumstancesOf({ ...purpose, caseNo: null }, now), mode: 'SUBSCRIBE' as const };
    const standpoint = { caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed, circumstances };
    const delivered: Record<string, readonly string[]> = {};
    const quotas = new Map<string, Quota>();
    const withheld: FollowedFacts['withheld'][number][] = [];
    let until = Infinity;
    const types = new Map([...this.#contract.types.values()].flatMap((type): [string, Noticing][] => {
      const asks = asksToNotice(type, factFeedAt);
      const plan = planOf(asks, standpoint, this.#contract.itemsOfTypes);
      if (plan.until !== null) until = Math.min(until, Date.parse(plan.until));
      const own = noticing(type, factFeedAt, plan, { sealsListed: standing.sealsListed });
      if (own.fields.size === 0 && !own.exists) return [];
      // What is not told of is not refused either: nobody asked for it by name.
      readFollowed(type, asks, plan, [...own.fields], { delivered, quotas, withheld: [] });
      return [[type.name, own]];
    }));
    const items = [...new Set(Object.values(delivered).flat())];
    const rights = { types, facts: { delivered, items, quotas: [...quotas.values()], personal: items.some((code) => isPersonalIn(standing.catalog, code)), withheld } };
    this.#known.set(key, { rights, until });
    return rights;
  }
}
