/**
 * The verdicts of one operation, put together: what is refused, what is withheld, and on which rows the rest holds.
 * Pure, and made from asks alone, so that it is the same whether or not anybody is found.
 */
import type { Catalog } from './catalog.ts';
import { sameBound } from './terms.ts';
import type { Ask, Bound, Caller, Verdict } from './terms.ts';
import { decide } from './verdict.ts';

/** On which rows something holds: everywhere, on rows inside any of the bounds, or nowhere (empty list). */
export type Rows = 'all' | readonly Bound[];

/** One entry of `errors` and of `extensions.hub.withheld`. */
export interface Withheld {
  readonly at: string;
  readonly item: string;
  readonly because: string;
  readonly apply: string | null;
}

/** A refusal of the whole operation: it would find by what the caller may not find by. */
export interface RefusedFind extends Withheld {
  readonly use: 'find' | 'key';
}

/** One operation's verdicts. */
export interface Plan {
  /** Finds and keys that are not allowed, in the order asked; any of them refuses the operation before any SQL. */
  readonly refused: readonly RefusedFind[];
  /** Where what stands at this coordinate may be used so: reading a cell, knowing a relation, finding by a column. */
  rows(at: string, use: Ask['use']): Rows;
  /** On which rows a record of this type exists for the caller: where at least one item of its type may be read. */
  existence(type: string): Rows;
  /** The entry that tells why this coordinate is null. */
  withheld(at: string): Withheld | undefined;
}

/** The items of each record type, by type: what `existence` looks through. */
export type ItemsOfTypes = ReadonlyMap<string, readonly string[]>;

/** Judges every ask of an operation. Asks at one coordinate must all be allowed; their bounds all hold. */
export function planOf(asks: readonly Ask[], caller: Caller, catalog: Catalog, itemsOfTypes: ItemsOfTypes): Plan {
  const byCoordinate = new Map<string, Rows>();
  const withheld = new Map<string, Withheld>();
  const refused: RefusedFind[] = [];
  const existence = new Map<string, Rows>();
  for (const ask of asks) {
    const verdict = decide(ask, caller, catalog);
    const place = `${ask.use} ${ask.at}`;
    byCoordinate.set(place, both(byCoordinate.get(place) ?? 'all', rowsOf(verdict)));
    if (verdict.allowed) continue;
    const entry = { at: ask.at, item: ask.item, because: verdict.because, apply: verdict.apply };
    if (ask.use === 'find' || ask.use === 'key') refused.push({ ...entry, use: ask.use });
    else if (!withheld.has(ask.at)) withheld.set(ask.at, entry);
  }
  return {
    refused,
    // What was not asked was not judged, and what was not judged is nowhere.
    rows: (at, use) => byCoordinate.get(`${use} ${at}`) ?? [],
    existence: (type) => {
      const known = existence.get(type) ?? existenceOf(itemsOfTypes.get(type) ?? [], caller, catalog);
      existence.set(type, known);
      return known;
    },
    withheld: (at) => withheld.get(at),
  };
}

function rowsOf(verdict: Verdict): Rows {
  if (!verdict.allowed) return [];
  return verdict.bound === null ? 'all' : [verdict.bound];
}

/** Rows inside both. With one kind of bound two different ones never meet. */
function both(a: Rows, b: Rows): Rows {
  if (a === 'all') return b;
  if (b === 'all') return a;
  return a.filter((bound) => b.some((other) => sameBound(bound, other)));
}

function existenceOf(items: readonly string[], caller: Caller, catalog: Catalog): Rows {
  const bounds: Bound[] = [];
  for (const item of items) {
    const verdict = decide({ item, use: 'read', at: item }, caller, catalog);
    if (!verdict.allowed) continue;
    const { bound } = verdict;
    if (bound === null) return 'all';
    if (!bounds.some((known) => sameBound(known, bound))) bounds.push(bound);
  }
  return bounds;
}
