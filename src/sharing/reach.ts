/**
 * What somebody may have under one purpose or another: for a data owner's question who sees an item, and for a caller's own view of
 * the contract. Every verdict is the judge's own (`verdict.ts`); this file only chooses the circumstances to ask about.
 *
 * The circumstances are real ones: no matter, or a matter that the caller may name, with and without a case. Matters that differ
 * in nothing that a verdict looks at are asked about once.
 */
import { applyingTuples } from './grant.ts';
import type { GrantTuple, Policy } from './grant.ts';
import type { CatalogItem } from './catalog.ts';
import type { Ask, Circumstances, Matter, Mode, Verdict, Way } from './terms.ts';
import { decide } from './verdict.ts';
import type { Standpoint } from './verdict.ts';

/** Circumstances under which all asks of a coordinate are allowed. */
export interface Opening {
  /** Null: no purpose is needed. */
  readonly matter: Matter | null;
  readonly hasCase: boolean;
  /** In the order of the asks. */
  readonly verdicts: readonly Verdict[];
}

/** A way, and the least that has to be named for it. */
export interface OpenWay {
  readonly way: Way;
  /** The line of the grant that opens it; null where no grant does. */
  readonly tuple: GrantTuple | null;
  readonly matter: Matter | null;
  readonly hasCase: boolean;
}

/** One caller's reach at one moment. */
export class Reach {
  readonly #from: Omit<Standpoint, 'circumstances'>;
  readonly #matters: readonly Matter[];
  readonly #mode: Mode;
  readonly #now: string;
  readonly #verdicts = new Map<string, Verdict>();
  /** The next moment at which one of the verdicts so far may be another, ISO 8601; null: none is known. */
  until: string | null = null;

  /** `matters`: those that the caller may name. `now`: ISO 8601 in UTC with milliseconds. */
  constructor(from: Omit<Standpoint, 'circumstances'>, matters: readonly Matter[], mode: Mode, now: string) {
    this.#from = from;
    this.#matters = matters;
    this.#mode = mode;
    this.#now = now;
  }

  /** Circumstances under which all of these asks are allowed together, those that need the least first. None: out of reach. */
  openings(asks: readonly Ask[]): readonly Opening[] {
    return this.#candidates(asks).flatMap(({ matter, hasCase }) => {
      const verdicts = asks.map((ask) => this.#decide(ask, { matter, hasCase, mode: this.#mode, now: this.#now }));
      return verdicts.every(({ allowed }) => allowed) ? [{ matter, hasCase, verdicts }] : [];
    });
  }

  /** Are all of these allowed together, under whatever purpose? */
  includes(asks: readonly Ask[]): boolean {
    return this.openings(asks).length > 0;
  }

  /** The verdict that an application gets which names all that it can; the best one first, whether or not it allows. */
  best(ask: Ask): Verdict {
    const [open] = this.openings([ask]);
    if (open?.verdicts[0] !== undefined) return open.verdicts[0];
    const { matter, hasCase } = this.#candidates([ask]).at(-1) ?? { matter: null, hasCase: false };
    return this.#decide(ask, { matter, hasCase, mode: this.#mode, now: this.#now });
  }

  /** The distinct ways of one ask over all circumstances. */
  ways(ask: Ask): readonly OpenWay[] {
    const ways = new Map<string, OpenWay>();
    for (const { matter, hasCase, verdicts } of this.openings([ask])) {
      const tuples = this.#tuples(ask, verdicts[0], { matter, hasCase, mode: this.#mode, now: this.#now });
      for (const [index, way] of (verdicts[0]?.ways ?? []).entries()) {
        // What can be had without a case is not told of again as what can be had in one.
        const name = JSON.stringify([way.rule, way.approvalNo, way.mask, way.bounds.filter(({ kind }) => kind !== 'case')]);
        const known = ways.get(name);
        const tuple = tuples[index] ?? null;
        if (known === undefined) ways.set(name, { way, tuple, matter, hasCase });
        // Of two lines that open the same, the one for every matter is told.
        else if (known.tuple !== null && known.tuple.matters !== null && tuple?.matters === null) ways.set(name, { ...known, tuple });
      }
    }
    return [...ways.values()];
  }

  #tuples(ask: Ask, verdict: Verdict | undefined, circumstances: Circumstances): readonly (GrantTuple | null)[] {
    const item = this.#from.catalog.item(ask.item);
    return verdict === undefined || item === undefined ? [] : tuplesBehind(verdict, ask, item, this.#from.policy, circumstances);
  }

  #candidates(asks: readonly Ask[]): readonly { matter: Matter | null; hasCase: boolean }[] {
    const named = new Set(asks.flatMap(({ item }) => (this.#from.policy.tuples.get(item) ?? []).flatMap(({ matters }) => matters ?? [])));
    const likeOthers = [false, true].flatMap((needsCase) => this.#matters.find((matter) => matter.needsCase === needsCase) ?? []);
    const matters = new Set([...likeOthers, ...this.#matters.filter(({ code }) => named.has(code))]);
    return [{ matter: null, hasCase: false }, ...[false, true].flatMap((hasCase) => [...matters].map((matter) => ({ matter, hasCase })))];
  }

  #decide(ask: Ask, circumstances: Circumstances): Verdict {
    const name = `${ask.item} ${ask.use} ${ask.whole === true} ${circumstances.hasCase} ${circumstances.matter?.code ?? ''}`;
    const known = this.#verdicts.get(name);
    if (known !== undefined) return known;
    const verdict = decide(ask, { ...this.#from, circumstances });
    this.#verdicts.set(name, verdict);
    if (verdict.until !== null && (this.until === null || verdict.until < this.until)) this.until = verdict.until;
    return verdict;
  }
}

/** The line of a grant behind each way of a verdict; null where no grant opens it. The judge takes them in the order in which they apply. */
export function tuplesBehind({ ways }: Verdict, ask: Ask, item: CatalogItem, policy: Policy, circumstances: Circumstances): readonly (GrantTuple | null)[] {
  const { tuples } = applyingTuples(policy, ask, item, circumstances);
  let next = 0;
  return ways.map(({ approvalNo }) => (approvalNo === null ? null : tuples[next++] ?? null));
}
