/**
 * What one caller may follow of a registry: each of its record types under his plan in mode SUBSCRIBE, compiled once and kept as long
 * as nothing that it hangs on changes; and the digest by which it is known that something has.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { circumstancesOf } from '../identity/purpose.ts';
import type { Purpose } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import { digestsOf } from '../query/passed-digests.ts';
import type { Digests } from '../query/passed-digests.ts';
import { asksOf, passingOn } from '../query/passed-on.ts';
import type { PassingOn, Wanted } from '../query/passed-on.ts';
import { ofAuthorizations, ofList } from '../records/change-log.ts';
import type { Contract, RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import { isPersonal } from '../sharing/catalog.ts';
import type { Catalog } from '../sharing/catalog.ts';
import { planOf } from '../sharing/plan.ts';
import type { Plan } from '../sharing/plan.ts';
import type { Ask, Consumer, Quota } from '../sharing/terms.ts';

/** The coordinate at which following is judged. */
export const feedAt = 'Query.changes';

/** What the audit is told of it. */
export interface FollowedFacts {
  /** Items by record type, and each once. */
  readonly delivered: Readonly<Record<string, readonly string[]>>;
  readonly items: readonly string[];
  readonly quotas: readonly Quota[];
  readonly personal: boolean;
  readonly withheld: readonly { readonly at: string; readonly item: string; readonly because: string }[];
}

/** A record type as one caller may follow it, and compare what he keeps of it. */
export interface Followed extends PassingOn {
  /** Compiled when it is asked for. */
  digests(): Digests;
}

/** A registry as one caller may follow it. */
export interface FeedRights {
  readonly types: readonly Followed[];
  /** Bounds whose changes in the log concern him (`records/change-log.ts`). */
  readonly bounds: readonly string[];
  /** Does he follow under subjects' authorizations? */
  readonly authorized: boolean;
  readonly digest: string;
  readonly facts: FollowedFacts;
}

/** Who follows, for what. */
export interface Follower {
  readonly caller: Consumer;
  readonly standing: Standing;
  readonly purpose: Purpose;
  /** ISO 8601. */
  readonly now: string;
}

/** See the head of this file. */
export class RightsToFollow {
  readonly #contract: Contract;
  readonly #known = new LRUCache<string, { readonly rights: FeedRights; readonly until: number }>({ max: 200 });

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  of(follower: Follower, registry: RegistryName, wanted: Pick<Wanted, 'sources' | 'record'>): FeedRights {
    const { caller, standing, purpose, now } = follower;
    const key = JSON.stringify([caller.consumer, standing.policyOf(caller).version, standing.everybody, standing.sealed, standing.sealsListed, purpose.matter?.code ?? null, purpose.caseNo !== null, purpose.behalf, registry, wanted.sources, wanted.record]);
    const known = this.#known.get(key);
    if (known !== undefined && Date.parse(now) < known.until) return known.rights;
    const made = this.#make(follower, typesOf(this.#contract, registry), wanted);
    this.#known.set(key, made);
    return made.rights;
  }

  #make({ caller, standing, purpose, now }: Follower, types: readonly RecordType[], wanted: Pick<Wanted, 'sources' | 'record'>): { readonly rights: FeedRights; readonly until: number } {
    const policy = standing.policyOf(caller);
    const standpoint = { caller, catalog: standing.catalog, policy, sealed: standing.sealed, circumstances: { ...circumstancesOf(purpose, now), mode: 'SUBSCRIBE' as const } };
    const delivered: Record<string, readonly string[]> = {};
    const quotas = new Map<string, Quota>();
    const withheld: FollowedFacts['withheld'][number][] = [];
    let until = Infinity;
    const passed = types.map((type) => {
      const asks = asksOf(type, feedAt);
      const plan = planOf(asks, standpoint, this.#contract.itemsOfTypes);
      const { sealsListed } = standing;
      const passing = passingOn(type, feedAt, plan, { ...wanted, sealsListed });
      let digests: Digests | undefined;
      readFollowed(type, asks, plan, passing.fields, { delivered, quotas, withheld });
      if (plan.until !== null) until = Math.min(until, Date.parse(plan.until));
      return { ...passing, digests: () => (digests ??= digestsOf(passing, feedAt, plan, { sealsListed })) };
    });
    const items = [...new Set(Object.values(delivered).flat())];
    const digest = createHash('sha256').update(JSON.stringify(passed.map(({ rights }) => rights))).digest('base64url').slice(0, 22);
    const personal = items.some((code) => isPersonalIn(standing.catalog, code));
    const authorized = passed.some((passing) => passing.authorized);
    const bounds = [...new Set(passed.flatMap(({ lists }) => lists.map(ofList))), ...(authorized ? [ofAuthorizations(caller.consumer)] : [])];
    return { rights: { types: passed, bounds, authorized, digest, facts: { delivered, items, quotas: [...quotas.values()], personal, withheld } }, until };
  }
}

/** The record types of a registry, by name. */
export function typesOf({ types }: Contract, registry: RegistryName): readonly RecordType[] {
  return [...types.values()].filter(({ model }) => model.registry === registry).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Puts what is passed on of a type under its plan, the fields of it among these, into the facts that the audit is told. */
export function readFollowed(type: RecordType, asks: readonly Ask[], plan: Plan, fields: readonly string[], { delivered, quotas, withheld }: { readonly delivered: Record<string, readonly string[]>; readonly quotas: Map<string, Quota>; readonly withheld: FollowedFacts['withheld'][number][] }): void {
  const shown = new Set(fields.map((field) => `${type.name}.${field}`));
  const items = asks.flatMap(({ item, at }) => (shown.has(at) ? [item] : []));
  if (items.length > 0) delivered[type.name] = [...new Set([type.existsItem, ...items])];
  for (const at of shown) for (const quota of plan.quotas(at)) quotas.set(`${quota.approvalNo}|${quota.item}|${quota.line}`, quota);
  for (const { at } of asks) {
    const entry = shown.has(at) ? undefined : plan.withheld(at);
    if (entry !== undefined) withheld.push({ at, item: entry.item, because: entry.because });
  }
}

/** Is an item personal information? What is not in the catalog could be. */
export function isPersonalIn(catalog: Catalog, code: string): boolean {
  const item = catalog.item(code);
  return item === undefined || isPersonal(item);
}

/** Digest and list of how a registry's items are shared; whoever keeps copies keeps to it. */
export interface Conditions {
  readonly digest: string;
  readonly items: readonly { readonly item: string; readonly shareType: string; readonly condition: string }[];
}

const conditionsKnown = new WeakMap<Catalog, Map<RegistryName, Conditions>>();

/** How the items of a registry's types are shared today. */
export function conditionsOf(contract: Contract, catalog: Catalog, registry: RegistryName): Conditions {
  const ofCatalog = conditionsKnown.get(catalog) ?? new Map<RegistryName, Conditions>();
  conditionsKnown.set(catalog, ofCatalog);
  const known = ofCatalog.get(registry);
  if (known !== undefined) return known;
  const codes = new Set(typesOf(contract, registry).flatMap(({ existsItem, fields }) => [existsItem, ...[...fields.values()].flatMap((field) => field.items)]));
  const items = [...codes].sort().flatMap((code) => {
    const item = catalog.item(code);
    return item === undefined ? [] : [{ item: code, shareType: item.shareType, condition: item.condition }];
  });
  const made = { digest: createHash('sha256').update(JSON.stringify(items)).digest('base64url').slice(0, 22), items };
  ofCatalog.set(registry, made);
  return made;
}
