/**
 * The golden record: what several sources tell about one subject, made into one record by the registry's source order
 * (数源部门 > 市级 > 县级补录), and what one more change from a source does to what that source has told so far.
 *
 * Source records are kept, so a golden record can be made anew at any time; the order in which sources arrived leaves no
 * trace in it. Between candidates there is always one total order, so equal inputs give equal bytes.
 *
 * It refuses to do: reading a clock or a database; valid time (`timeline.ts` has it: merge what holds on one day);
 * judging whether two source records are about the same subject; mixing the halves of one field from two sources.
 */
import { canonicalText, compareInstants, compareText, sameValues, toldFields, type Values } from './timeline.ts';

/** What one source has told about one subject. One per (`source`, `key`); of several, only the newest counts. */
export interface SourceRecord {
  /** Code of the department, or of the library that passed its data on. */
  readonly source: string;
  /** The source's own key of the record. */
  readonly key: string;
  /** The source's own version of the record; see `compareVersions`. */
  readonly version: string;
  /** When the source says it changed: ISO 8601 instant in UTC, ending in Z. */
  readonly at: string;
  /** Absent (or `undefined`) = not told, `null` = told to be empty. */
  readonly values: Values;
  /** The source has no such record any more: it tells nothing, whatever `values` holds. */
  readonly deleted?: boolean;
  /** The first day on which it holds, and the first on which it holds no more, as told last; absent = not known. They weigh nothing here. */
  readonly from?: string;
  readonly to?: string;
}

/** Who is believed, best first. `'*'` stands for every source not named; without it they come last. */
export interface SourceOrder {
  readonly default: readonly string[];
  /** A field's own order. What it leaves undecided (two sources it does not name) the default order decides. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

/** Where a value comes from. */
export interface Origin {
  readonly source: string;
  readonly version: string;
  readonly at: string;
}

/** The origin of a record, and of those of its fields whose origin is another: `fields[name] ?? the record's`. */
export interface Provenance extends Origin {
  readonly fields: Readonly<Record<string, Origin>>;
}

export interface Golden {
  readonly values: Values;
  readonly provenance: Provenance;
}

/** A change as a source sends it. Without `whole` it is a mask: fields it does not name stay as they were told before.
 *  With `whole` it is the full record: fields it does not name are no longer told. */
export interface SourceChange extends SourceRecord {
  readonly whole?: boolean;
  /** Another hub passes on what it keeps of this version, as much of it as may be had: it takes the place of what was passed on of it before. */
  readonly passedOn?: boolean;
}

/**
 * What a change did. `record` is what the source has told from now on, to be stored in every case but `stale`.
 * - `applied`: it was the first or a newer version.
 * - `duplicate`: that version, with that content, was known; at most a later `at` was learned from it.
 * - `stale`: a newer version was known; nothing changes.
 * - `conflict`: that version was known with another content. The side with the later `at` is kept; where even `at` is
 *   the same (`decidedBy: 'tie'`) the choice is arbitrary, though everywhere the same, and somebody has to look (校核).
 */
export type ChangeOutcome =
  | { readonly outcome: 'applied'; readonly record: SourceRecord }
  | { readonly outcome: 'duplicate'; readonly record: SourceRecord }
  | { readonly outcome: 'stale'; readonly record: SourceRecord }
  | {
      readonly outcome: 'conflict';
      readonly record: SourceRecord;
      readonly kept: 'previous' | 'change';
      readonly lost: SourceRecord;
      readonly decidedBy: 'at' | 'tie';
    };

/**
 * The golden record of one subject, or `null` when no source has it (any more). For each field the best source that told
 * it wins, be it with `null`; then the newer version; then the later `at`; then source code and key. The provenance names
 * the best source by the default order, even if it told no field.
 */
export function mergeSources(sources: readonly SourceRecord[], order: SourceOrder): Golden | null {
  const live = newestOfEach(sources).filter((one) => one.deleted !== true);
  const ranked = live.sort((a, b) => byRank(a, b, [order.default]));
  const winner = ranked[0];
  if (winner === undefined) return null;

  const names = [...new Set(ranked.flatMap((one) => toldFields(one.values)))].sort(compareText);
  const values: [string, unknown][] = [];
  const fields: [string, Origin][] = [];
  for (const name of names) {
    const own = order.fields !== undefined && Object.hasOwn(order.fields, name) ? order.fields[name] : undefined;
    const candidates = own === undefined ? ranked : ranked.toSorted((a, b) => byRank(a, b, [own, order.default]));
    const teller = candidates.find((one) => tells(one, name))!;
    values.push([name, teller.values[name]]);
    if (!sameOrigin(teller, winner)) fields.push([name, originOf(teller)]);
  }
  // fromEntries, because a field may be called anything: assignment to `__proto__` would not make a field.
  return {
    values: Object.fromEntries(values),
    provenance: { ...originOf(winner), fields: Object.fromEntries(fields) },
  };
}

/**
 * One change upon what its source has told so far (`null` = nothing yet). A newer version wins whole: versions are per
 * record, so a mask (`whole` not set) relies on its source's changes coming in their order; whole records may come in any.
 * After a deletion a newer change starts from nothing.
 */
export function applyChange(previous: SourceRecord | null, change: SourceChange): ChangeOutcome {
  const next = resultOf(previous, change);
  if (previous === null) return { outcome: 'applied', record: next };
  if (previous.source !== change.source || previous.key !== change.key) {
    throw new TypeError('a change can only follow a record of the same source and key');
  }
  const newer = compareVersions(change.version, previous.version);
  if (newer < 0) return { outcome: 'stale', record: previous };
  if (newer > 0) return { outcome: 'applied', record: next };
  if (change.passedOn === true) return sameContent(next, previous) ? { outcome: 'duplicate', record: previous } : { outcome: 'applied', record: next };
  const kept = compareTold(next, previous) > 0 ? 'change' : 'previous';
  if (sameContent(next, previous)) return { outcome: 'duplicate', record: kept === 'change' ? next : previous };
  return {
    outcome: 'conflict',
    record: kept === 'change' ? next : previous,
    kept,
    lost: kept === 'change' ? previous : next,
    decidedBy: compareInstants(next.at, previous.at) === 0 ? 'tie' : 'at',
  };
}

/**
 * Order of two versions of a source: negative, 0, positive. Two numbers compare as numbers of any length, other versions
 * as text after a leading number. The leading number is what keeps it one order: "as numbers if both are, else as text"
 * alone goes round in a circle (2 < 10 < 1a < 2).
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [leadingNumber(a), leadingNumber(b)];
  if (left === null || right === null) return left === right ? compareText(a, b) : left === null ? 1 : -1;
  return left.digits.length - right.digits.length || compareText(left.digits, right.digits) || compareText(left.rest, right.rest);
}

function leadingNumber(version: string): { digits: string; rest: string } | null {
  const match = /^0*(\d+)(.*)$/s.exec(version);
  return match === null ? null : { digits: match[1]!, rest: match[2]! };
}

/** What the source will have told if the change counts. */
function resultOf(previous: SourceRecord | null, change: SourceChange): SourceRecord {
  const { source, key, version, at, from, to } = change;
  const told = { source, key, version, at, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  // Nothing of a deleted record is kept: what comes after a deletion must not bring old values back to life.
  if (change.deleted === true) return { ...told, values: {}, deleted: true };
  const base = previous === null || previous.deleted === true || change.whole === true ? {} : previous.values;
  const values = { ...base, ...Object.fromEntries(toldFields(change.values).map((name) => [name, change.values[name]])) };
  return { ...told, values };
}

function newestOfEach(sources: readonly SourceRecord[]): SourceRecord[] {
  const newest = new Map<string, SourceRecord>();
  for (const one of sources) {
    const id = JSON.stringify([one.source, one.key]);
    const other = newest.get(id);
    if (other === undefined || compareTold(one, other) > 0) newest.set(id, one);
  }
  return [...newest.values()];
}

/** Better first: by the orders in turn, then the newer version, the later `at`, and at last source code and key. */
function byRank(a: SourceRecord, b: SourceRecord, orders: readonly (readonly string[])[]): number {
  for (const order of orders) {
    const difference = rank(a.source, order) - rank(b.source, order);
    if (difference !== 0) return difference;
  }
  return compareVersions(b.version, a.version) || compareInstants(b.at, a.at)
    || compareText(a.source, b.source) || compareText(a.key, b.key);
}

function rank(source: string, order: readonly string[]): number {
  const own = order.indexOf(source);
  if (own >= 0) return own;
  const others = order.indexOf('*');
  return others >= 0 ? others : order.length;
}

/** Which of two records of one source and key counts: positive = `a`. Never 0 unless they are the same in every byte. */
function compareTold(a: SourceRecord, b: SourceRecord): number {
  return compareVersions(a.version, b.version) || compareInstants(a.at, b.at)
    // With nothing else to go by, the side that shows less wins.
    || Number(a.deleted === true) - Number(b.deleted === true)
    || (sameContent(a, b) ? 0 : compareText(canonicalText(a.values), canonicalText(b.values)))
    // The same number or instant written in another way (007 and 7): which text is kept must not hang on arrival.
    || compareText(a.version, b.version) || compareText(a.at, b.at);
}

function sameContent(a: SourceRecord, b: SourceRecord): boolean {
  if (a.deleted === true || b.deleted === true) return a.deleted === b.deleted;
  return sameValues(a.values, b.values);
}

function tells(one: SourceRecord, name: string): boolean {
  return Object.hasOwn(one.values, name) && one.values[name] !== undefined;
}

function originOf({ source, version, at }: SourceRecord): Origin {
  return { source, version, at };
}

function sameOrigin(a: Origin, b: Origin): boolean {
  return a.source === b.source && a.version === b.version && a.at === b.at;
}
