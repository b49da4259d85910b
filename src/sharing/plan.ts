/**
 * The verdicts of one operation, put together: what is refused, what is withheld, what is masked, and on which rows the rest
 * holds. Pure, and made from asks alone, so that it is the same whether or not anybody is found.
 */
import type { Territory } from './grant.ts';
import { masksFor } from './mask.ts';
import type { MaskName } from './mask.ts';
import { quotasOf } from './quota.ts';
import { both, either, isNowhere, nowhere, rowsOf } from './rows.ts';
import type { Rows } from './rows.ts';
import type { Ask, Quota, Verdict } from './terms.ts';
import { decide } from './verdict.ts';
import type { Standpoint } from './verdict.ts';

/** One entry of `errors` and of `extensions.hub.withheld`. */
export interface Withheld {
  readonly at: string;
  readonly item: string;
  readonly because: string;
  readonly apply: string | null;
  /** Coordinates by which this caller may ask a weaker question of the same; absent where there is none. */
  readonly instead?: readonly string[];
}

/** A refusal of the whole operation: it would find by what the caller may not find by. */
export interface RefusedFind extends Withheld {
  readonly use: 'find' | 'key';
}

/** What is shown of a value on some rows; null: the value itself. */
export interface Shown {
  readonly mask: MaskName | null;
  readonly rows: Rows;
}

/** A coordinate whose values are masked on some rows. */
export interface Masked {
  readonly at: string;
  readonly item: string;
  readonly masks: readonly MaskName[];
}

/** One operation's verdicts. */
export interface Plan {
  /** Finds and keys that are not allowed, in the order asked; any of them refuses the operation before any SQL. */
  readonly refused: readonly RefusedFind[];
  /** What is masked on some rows, in the order asked. */
  readonly masked: readonly Masked[];
  /** Where what stands at this coordinate may be used so, unmasked: reading a cell, knowing a relation, finding by a column. */
  rows(at: string, use: Ask['use']): Rows;
  /** How a cell is shown: the most revealing first, each on its rows. Empty: not at all. */
  shown(at: string): readonly Shown[];
  /** On which rows a record of this type exists for the caller: where at least one item of its type may be read, or verified. */
  existence(type: string): Rows;
  /** The quotas that what stands at this coordinate lives on; see quota.ts. */
  quotas(at: string): readonly Quota[];
  /** Where the caller's records lie; each entry must hold. */
  readonly territory: readonly Territory[];
  /** Seals that the caller looks behind; every other sealed person is nobody. Null: nobody is sealed. */
  readonly seals: readonly string[] | null;
  /** The entry that tells why this coordinate is null; where it is asked for several uses, for one of them. */
  withheld(at: string, use?: Ask['use']): Withheld | undefined;
  /** The moment at which another plan may be due, ISO 8601; null: no such moment is known. */
  readonly until: string | null;
}

/** The items of each record type, by type: what `existence` looks through. */
export type ItemsOfTypes = ReadonlyMap<string, readonly string[]>;

/** What weaker questions the contract has for a coordinate, as the asks that each takes. */
export type WeakerQuestions = (at: string) => readonly { readonly at: string; readonly asks: readonly Ask[] }[];

/** Judges every ask of an operation. Asks at one coordinate must all be allowed; their bounds all hold. */
export function planOf(asks: readonly Ask[], standpoint: Standpoint, itemsOfTypes: ItemsOfTypes, weaker: WeakerQuestions = () => []): Plan {
  const judged = new Judged(asks, standpoint, weaker);
  const existence = new Map<string, Rows>();
  const { policy: { territory, seals }, sealed } = standpoint;
  return {
    refused: judged.refused,
    masked: judged.masked(),
    // What was not asked was not judged, and what was not judged is nowhere.
    rows: (at, use) => judged.places.get(`${use} ${at}`)?.plain ?? nowhere,
    // A derived yes/no is shown where it may be verified.
    shown: (at) => (judged.places.get(`read ${at}`) ?? judged.places.get(`verify ${at}`))?.shown ?? [],
    existence: (type) => {
      const known = existence.get(type) ?? judged.existenceOf(itemsOfTypes.get(type) ?? []);
      existence.set(type, known);
      return known;
    },
    quotas: (at) => judged.quotas.get(at) ?? [],
    territory,
    seals: sealed ? seals : null,
    withheld: (at, use) => judged.withheld.get(use === undefined ? at : `${use} ${at}`),
    get until() {
      return judged.until;
    },
  };
}

/** A coordinate and use, judged: the rows of the value itself, and all that is shown. */
interface Place {
  readonly item: string;
  readonly plain: Rows;
  readonly shown: readonly Shown[];
}

class Judged {
  readonly places = new Map<string, Place>();
  /** By coordinate, and by use and coordinate. */
  readonly withheld = new Map<string, Withheld>();
  readonly quotas = new Map<string, readonly Quota[]>();
  readonly refused: RefusedFind[] = [];
  until: string | null = null;
  readonly #standpoint: Standpoint;

  constructor(asks: readonly Ask[], standpoint: Standpoint, weaker: WeakerQuestions) {
    this.#standpoint = standpoint;
    for (const ask of asks) {
      const verdict = this.#decide(ask);
      const place = `${ask.use} ${ask.at}`;
      const before = this.places.get(place);
      this.places.set(place, together(before, placeOf(ask.item, verdict, standpoint.catalog.item(ask.item)?.mask ?? '')));
      this.quotas.set(ask.at, [...(this.quotas.get(ask.at) ?? []), ...quotasOf(verdict.ways)]);
      if (verdict.allowed) continue;
      const instead = weaker(ask.at).filter((question) => question.asks.every((own) => this.#decide(own).allowed)).map(({ at }) => at);
      const entry = { at: ask.at, item: ask.item, because: verdict.because, apply: verdict.apply, ...(instead.length > 0 ? { instead } : {}) };
      if (ask.use === 'find' || ask.use === 'key') this.refused.push({ ...entry, use: ask.use });
      else for (const at of [ask.at, place]) if (!this.withheld.has(at)) this.withheld.set(at, entry);
    }
  }

  masked(): readonly Masked[] {
    return [...this.places].flatMap(([place, { item, shown }]): Masked[] => {
      const masks = shown.flatMap(({ mask }) => mask ?? []);
      return masks.length === 0 ? [] : [{ at: place.slice('read '.length), item, masks }];
    });
  }

  /** Whoever may read a value may have it checked; of a masked one it is the other way about. */
  existenceOf(items: readonly string[]): Rows {
    let rows: Rows = nowhere;
    for (const item of items) {
      for (const use of ['verify', 'read'] as const) {
        if (rows === 'all') return rows;
        for (const { bounds } of this.#decide({ item, use, at: item }).ways) rows = either(rows, rowsOf(bounds));
      }
    }
    return rows;
  }

  #decide(ask: Ask): Verdict {
    const verdict = decide(ask, this.#standpoint);
    if (verdict.until !== null && (this.until === null || verdict.until < this.until)) this.until = verdict.until;
    return verdict;
  }
}

/** The ways of one verdict by what they show, the most revealing first; a mask counts only where nothing better does. */
function placeOf(item: string, { ways }: Verdict, family: string): Place {
  const rowsBy = (mask: MaskName | null): Rows => ways.filter((way) => way.mask === mask).reduce<Rows>((rows, way) => either(rows, rowsOf(way.bounds)), nowhere);
  const shown: Shown[] = [];
  for (const mask of [null, ...masksFor(family)]) {
    const rows = rowsBy(mask);
    if (!isNowhere(rows)) shown.push({ mask, rows });
    if (rows === 'all') break;
  }
  return { item, plain: rowsBy(null), shown };
}

/** Several items at one coordinate: what is computed from a masked value would tell of it, so all must be there unmasked. */
function together(before: Place | undefined, place: Place): Place {
  if (before === undefined) return place;
  const plain = both(before.plain, place.plain);
  return { item: place.item, plain, shown: isNowhere(plain) ? [] : [{ mask: null, rows: plain }] };
}
