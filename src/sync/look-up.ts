/**
 * What another hub looks up by natural keys, because its own copy is missing or too old: the same form as the feed's, under the other
 * hub's own grants in mode QUERY, field by field as far as it asks for them.
 *
 * One statement for each type, however many keys and whatever stands behind them: whoever is absent, sealed or outside of what the
 * hub may have is left out, all alike. What was given is noted as the feed notes it, so that the feed tells when it is to be given up.
 * Whom a case covers is known to the hub that opened it: it vouches for whom it asks.
 */
import { LRUCache } from 'lru-cache';
import type { Database } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { circumstancesOf } from '../identity/purpose.ts';
import type { Purpose } from '../identity/purpose.ts';
import { limits } from '../query/limits.ts';
import { asksByKey, keyFieldOf, passingByKey } from '../query/passed-on.ts';
import type { Following, KeyedRow } from '../query/passed-on.ts';
import { keysIn, tracedIn } from '../query/subjects.ts';
import type { Run } from '../query/tree.ts';
import type { Contract, RecordType } from '../registries/contract.ts';
import { identifiers } from '../registries/identifiers/index.ts';
import { planOf } from '../sharing/plan.ts';
import type { Plan, RefusedFind } from '../sharing/plan.ts';
import type { Quota } from '../sharing/terms.ts';
import { noteGiven } from './feed-entries.ts';
import type { SourceJson } from './feed-entries.ts';
import { isPersonalIn, readFollowed } from './feed-rights.ts';
import type { FollowedFacts, Follower } from './feed-rights.ts';

/** The coordinate at which looking up is judged. */
export const lookUpAt = 'Query.passedOn';

/** Records of one type to be looked up. */
export interface LookUpOf {
  readonly type: string;
  readonly keys: readonly string[];
  readonly fields: readonly string[];
}

/** What is asked. */
export interface LookUpQuestion extends Follower {
  readonly of: readonly LookUpOf[];
  /** Civil date, Asia/Shanghai. */
  readonly today: string;
}

/** What was found of one type, as the contract's `LookedUp`. */
export interface LookedUpType {
  readonly type: string;
  readonly shown: readonly string[];
  readonly records: readonly { readonly key: string; readonly id: string; readonly hidden: readonly string[]; readonly sources: readonly SourceJson[] }[];
  readonly refused: string | null;
}

/** What was found, and what of it is written down. */
export interface LookedUpPage {
  readonly found: readonly LookedUpType[];
  readonly facts: LookUpFacts;
  readonly subjects: readonly string[];
  /** Ids of the certificates among them. */
  readonly traced: readonly string[];
  readonly rows: number;
}

/** What the audit is told of it; the same object for every question of the same form. */
export type LookUpFacts = FollowedFacts & { readonly by: readonly string[]; readonly refused: readonly { readonly at: string; readonly item: string; readonly use: 'find' | 'key'; readonly because: string }[] };

/** Types and fields of a question, judged and compiled. */
interface Judged {
  readonly parts: readonly { readonly type: RecordType; readonly passing: ReturnType<typeof passingByKey> | null; readonly refused: RefusedFind | null }[];
  readonly facts: LookUpFacts;
  readonly until: number;
}

/** See the head of this file. */
export class LookUps {
  readonly #database: Pick<Database, 'sql' | 'points' | 'lists'>;
  readonly #contract: Contract;
  readonly #personKey: (idNumber: string) => string;
  readonly #known = new LRUCache<string, Judged>({ max: 500 });

  constructor(database: Pick<Database, 'sql' | 'points' | 'lists'>, contract: Contract, personKey: (idNumber: string) => string) {
    this.#database = database;
    this.#contract = contract;
    this.#personKey = personKey;
  }

  /** Looks them up. */
  async answer(question: LookUpQuestion): Promise<LookedUpPage> {
    const { of, caller } = question;
    const count = of.reduce((sum, { keys }) => sum + keys.length, 0);
    if (count > limits.keys) throw new HubError('TOO_MANY_KEYS', `${lookUpAt} holds ${count} keys; the limit is ${limits.keys}.`, { at: lookUpAt, limit: limits.keys });
    const judged = this.#judge(question);
    if (of.length > limits.keys) throw new HubError('TOO_MANY_KEYS', `${lookUpAt} names more parts than keys could be asked for.`, { at: lookUpAt, limit: limits.keys });
    const found: LookedUpType[] = [];
    const subjects: (string | null)[] = [];
    for (const [place, { type, passing, refused }] of judged.parts.entries()) {
      const { keys } = of[place] as LookUpOf;
      if (passing === null) {
        found.push({ type: type.name, shown: [], records: [], refused: refused?.because ?? null });
        continue;
      }
      const rows = await this.#run(type, passing.byKeys, keys, question);
      await noteGiven(this.#database, caller.consumer, type.name, rows.map(({ id }) => id));
      subjects.push(...rows.map(({ s }) => s));
      found.push({ type: type.name, shown: passing.fields, records: rows.map(recordOf), refused: null });
    }
    return { found, facts: judged.facts, subjects: keysIn(subjects), traced: tracedIn(subjects), rows: found.reduce((sum, { records }) => sum + records.length, 0) };
  }

  #judge(question: LookUpQuestion): Judged {
    const { of, caller, standing, purpose, now } = question;
    const form = of.map(({ type, fields }) => [type, [...new Set(fields)].sort()] as const);
    const key = JSON.stringify([caller.consumer, standing.policyOf(caller).version, standing.everybody, standing.sealed, standing.sealsListed, purpose.matter?.code ?? null, purpose.caseNo !== null, purpose.behalf, form]);
    const known = this.#known.get(key);
    if (known !== undefined && Date.parse(now) < known.until) return known;
    const made = this.#make(question, form);
    this.#known.set(key, made);
    return made;
  }

  #make({ caller, standing, purpose, now }: LookUpQuestion, form: readonly (readonly [string, readonly string[]])[]): Judged {
    const standpoint = { caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed, circumstances: { ...circumstancesOf(purpose, now), mode: 'QUERY' as const } };
    const facts = { delivered: {} as Record<string, readonly string[]>, quotas: new Map<string, Quota>(), withheld: [] as FollowedFacts['withheld'][number][], by: [] as string[], refused: [] as LookUpFacts['refused'][number][] };
    let until = Infinity;
    const parts = form.map(([name, fields]) => {
      const type = this.#type(name);
      const asks = asksByKey(type, lookUpAt, new Set(fields));
      const plan = planOf(asks, standpoint, this.#contract.itemsOfTypes);
      if (plan.until !== null) until = Math.min(until, Date.parse(plan.until));
      facts.by.push(...keyFieldOf(type).items);
      const [refused = null] = plan.refused;
      for (const { at, item, use, because } of plan.refused) facts.refused.push({ at, item, use, because });
      if (refused !== null) return { type, passing: null, refused };
      const passing = passingByKey(type, lookUpAt, plan, new Set(fields), { sealsListed: standing.sealsListed });
      readFollowed(type, asks, plan, passing.fields, facts);
      for (const quota of quotasAtRoot(plan)) facts.quotas.set(`${quota.approvalNo}|${quota.item}|${quota.line}`, quota);
      return { type, passing, refused };
    });
    const items = [...new Set(Object.values(facts.delivered).flat())];
    return {
      parts, until,
      facts: { ...facts, by: [...new Set(facts.by)], items, quotas: [...facts.quotas.values()], personal: items.some((code) => isPersonalIn(standing.catalog, code)) },
    };
  }

  #type(name: string): RecordType {
    const type = this.#contract.types.get(name);
    if (type === undefined) throw new HubError('BAD_INPUT', `${lookUpAt} names a record type that is none.`, { at: lookUpAt });
    keyFieldOf(type);
    return type;
  }

  async #run(type: RecordType, { text, parameters }: ReturnType<typeof passingByKey>['byKeys'], keys: readonly string[], { caller, standing, purpose, today, now }: LookUpQuestion): Promise<readonly KeyedRow[]> {
    const sealed = standing.sealed && standing.sealsListed ? { sealedKeys: standing.sealedBut(standing.policyOf(caller).seals) } : undefined;
    const request: Run = {
      ...sealed, caseKeys: this.#vouchedFor(type, keys, purpose), variables: { keys: [...new Set(keys)] } satisfies Following, today, now,
      purpose: { matter: purpose.matter?.code ?? null, caseNo: purpose.caseNo, consumer: caller.consumer }, personKey: this.#personKey,
    };
    const lane = keys.length > 1 ? this.#database.lists : this.#database.points;
    return await lane.query(text, parameters(request)) as unknown as readonly KeyedRow[];
  }

  /** Whom the case of the asking hub covers by its word: the persons whom it asks for. */
  #vouchedFor({ model }: RecordType, keys: readonly string[], { caseNo }: Purpose): string {
    if (caseNo === null || model.type !== 'Person') return '{}';
    return `{${keys.map((key) => `"${this.#personKey(identifiers.idNumber.normalize(key))}"`).join()}}`;
  }
}

function quotasAtRoot(plan: Plan): readonly Quota[] {
  return [...plan.quotas(lookUpAt), ...plan.quotas(`${lookUpAt}(keys)`)];
}

function recordOf({ key, id, hidden, sources }: KeyedRow): LookedUpType['records'][number] {
  return { key, id, hidden: hidden === null ? [] : JSON.parse(hidden) as string[], sources: sources === null ? [] : JSON.parse(sources) as SourceJson[] };
}
