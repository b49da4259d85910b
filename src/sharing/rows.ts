/**
 * On which rows something holds, as an expression over bounds: everywhere, or where all bounds of any one term hold. Pure algebra;
 * what a bound means on a table is said by `query/bounds.ts`.
 *
 * An empty list of terms is nowhere. Terms that another one covers are dropped, so that equal rights give equal statements.
 */
import type { Bound } from './terms.ts';

/** All of these bounds hold; the empty term would be everywhere and is written `'all'`. */
export type Term = readonly Bound[];

/** See the head of this file. */
export type Rows = 'all' | readonly Term[];

/** No row. */
export const nowhere: Rows = [];

/** Is there no row on which it holds? */
export function isNowhere(rows: Rows): boolean {
  return rows !== 'all' && rows.length === 0;
}

/** The rows of one way. */
export function rowsOf(bounds: readonly Bound[]): Rows {
  return bounds.length === 0 ? 'all' : [distinct(bounds)];
}

/** Rows in either. */
export function either(a: Rows, b: Rows): Rows {
  return a === 'all' || b === 'all' ? 'all' : absorbed([...a, ...b]);
}

/** Rows in both. */
export function both(a: Rows, b: Rows): Rows {
  if (a === 'all') return b;
  if (b === 'all') return a;
  return absorbed(a.flatMap((one) => b.map((other) => distinct([...one, ...other]))));
}

/** The bounds that hold on all of these rows: those that every term asks for. Of nowhere nothing is said. */
export function certain(rows: Rows): Term {
  const [first, ...others] = rows === 'all' ? [] : rows;
  return first === undefined ? [] : first.filter((bound) => others.every((term) => includes(term, bound)));
}

/** What is left to ask for of rows on which these bounds hold already. */
export function given(rows: Rows, sure: Term): Rows {
  if (rows === 'all' || sure.length === 0) return rows;
  const left = rows.map((term) => term.filter((bound) => !includes(sure, bound)));
  return left.some((term) => term.length === 0) ? 'all' : absorbed(left);
}

/** Is a bound one of these? */
export function includes(term: Term, bound: Bound): boolean {
  return term.some((one) => sameBound(one, bound));
}

/** Two bounds that mean the same rows. */
export function sameBound(a: Bound, b: Bound): boolean {
  return nameOfBound(a) === nameOfBound(b);
}

/** A bound as one text, the same for the same rows. */
export function nameOfBound(bound: Bound): string {
  switch (bound.kind) {
    case 'ownRows': return `ownRows ${bound.department}`;
    case 'division': return `division ${bound.by} ${[...bound.codes].sort().join()}`;
    case 'category':
    case 'registrar': return `${bound.kind} ${[...bound.codes].sort().join()}`;
    case 'list': return `list ${bound.list}`;
    case 'case':
    case 'authorization': return bound.kind;
  }
}

/** The same bounds, each once and in one order. */
export function distinct(term: Term): Term {
  const byName = new Map(term.map((bound) => [nameOfBound(bound), bound]));
  return [...byName.keys()].sort().map((name) => byName.get(name) as Bound);
}

/** Without the terms that ask for all that another one asks for, and more. */
function absorbed(terms: readonly Term[]): readonly Term[] {
  const kept: Term[] = [];
  for (const term of [...terms].sort((a, b) => a.length - b.length)) {
    if (!kept.some((wider) => wider.every((bound) => includes(term, bound)))) kept.push(term);
  }
  return kept;
}
