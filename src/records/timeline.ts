/**
 * The bitemporal history of ONE record: valid period (when it was so) × recorded period (when the hub knew it).
 *
 * Given the versions that are known today and one change, it says which versions to close and which to insert, and it
 * reads such a history at any pair of lenses. `records/write` stores what it says; tests use its readers as a reference.
 *
 * It refuses to do: any reading of a clock or a database (`now` and `today` are passed in); rewriting what was known (it
 * only ever closes and inserts); calendar arithmetic (that 2001-02-29 is no day is found at the edges); and to compare
 * values that it cannot see into (`Date`, buffers, class instances): values are what JSON can hold, plus bigint.
 */

/** The fields of a record. An absent field (or `undefined`) was not told; `null` was told to be empty. They differ. */
export type Values = Readonly<Record<string, unknown>>;

/** The open end of a period, as PostgreSQL writes it. It sorts after every date and every instant, as text too. */
export const FOREVER = 'infinity';

/** One version: `values` held from the day `from` until before the day `to`, and the hub knew it from `recordedFrom`
 *  until before `recordedTo`. Days are `YYYY-MM-DD` (or `-infinity`, `infinity`), instants ISO 8601 in UTC ending in Z. */
export interface Version {
  readonly from: string;
  readonly to: string;
  readonly values: Values;
  readonly recordedFrom: string;
  readonly recordedTo: string;
}

/** What is said about the days `from` ≤ day < `to`: these fields (`patch`), the whole record (`set`), or that there is
 *  no such record (`delete`). A patch where nothing was starts a record that holds only the patched fields. */
export type Change =
  | { readonly from: string; readonly to: string; readonly patch: Values }
  | { readonly from: string; readonly to: string; readonly set: Values }
  | { readonly from: string; readonly to: string; readonly delete: true };

/** What to write: the versions of the given history to close by `recordedTo = now` (the very objects that were passed
 *  in, so that a caller finds its rows by them), and the versions to insert. Both empty = nothing to write. */
export interface Splice<V extends Version = Version> {
  readonly close: readonly V[];
  readonly insert: readonly Version[];
}

interface Segment {
  readonly from: string;
  readonly to: string;
  readonly values: Values;
}

/**
 * One change upon a record's history.
 * @param history the versions known today (`recordedTo` = infinity), sorted by `from`, not overlapping; `[]` = no record
 * @param now the instant of writing, not before any `recordedFrom` of this record, closed versions included
 */
export function splice<V extends Version>(history: readonly V[], change: Change, now: string): Splice<V> {
  return spliceAll(history, [change], now);
}

/**
 * Several changes upon a record's history at one instant, in the order given; each sees the ones before it. Steps in
 * between are not written, and changes that undo each other write nothing. Parameters as for `splice`.
 */
export function spliceAll<V extends Version>(history: readonly V[], changes: readonly Change[], now: string): Splice<V> {
  checkHistory(history);
  let wanted: readonly Segment[] = coalesce(history);
  for (const change of changes) wanted = overlay(wanted, change);
  const result = difference(history, wanted, now);
  // Writing at an instant before the last one would overlap, or empty, a period in which something else was known.
  if (result.close.length + result.insert.length > 0) {
    for (const version of history) {
      if (compareInstants(now, version.recordedFrom) < 0) {
        throw new RangeError(`a change recorded at ${now} cannot follow a version recorded at ${version.recordedFrom}`);
      }
    }
  }
  return result;
}

/**
 * A whole history (closed versions included) after a splice of its known versions, sorted by `recordedFrom`, then
 * `from`. A version opened and closed at the same instant is dropped: at no instant was it known.
 */
export function afterSplice<V extends Version>(history: readonly V[], written: Splice<V>, now: string): (V | Version)[] {
  const closed = new Set<Version>(written.close);
  return history
    .map((version) => (closed.has(version) ? { ...version, recordedTo: now } : version))
    .concat(written.insert as readonly V[])
    .filter((version) => version.recordedTo === FOREVER || compareInstants(version.recordedFrom, version.recordedTo) < 0)
    .sort((a, b) => compareInstants(a.recordedFrom, b.recordedFrom) || compareText(a.from, b.from));
}

/** The versions of a whole history that are known today, sorted by `from`: what `splice` takes. */
export function knownOf<V extends Version>(history: readonly V[]): V[] {
  return history.filter((version) => version.recordedTo === FOREVER).sort((a, b) => compareText(a.from, b.from));
}

/**
 * The record as it was on the day `asOf` according to what the hub knew at the instant `knownAt`; `null` = there was
 * none. Takes a whole history in any order.
 */
export function valueAt(history: readonly Version[], asOf: string, knownAt: string): Values | null {
  const version = history.find(
    (one) => one.from <= asOf && asOf < one.to
      && compareInstants(one.recordedFrom, knownAt) <= 0 && compareInstants(knownAt, one.recordedTo) < 0,
  );
  return version?.values ?? null;
}

/** The version that holds on the day `today` by what is known now; `null` = there is no such record today. */
export function currentOf<V extends Version>(history: readonly V[], today: string): V | null {
  return history.find((one) => one.recordedTo === FOREVER && one.from <= today && today < one.to) ?? null;
}

/**
 * The first day after `today` on which the current values become others, begin or end, by what is known now; `null` =
 * as far as known they stay for ever. The due-queue wakes the record on that day.
 */
export function nextChangeAfter(history: readonly Version[], today: string): string | null {
  const [only] = history;
  // A record that begins is nearly always one version.
  if (only !== undefined && history.length === 1 && only.recordedTo === FOREVER) {
    const next = only.from > today ? only.from : only.to > today ? only.to : FOREVER;
    return next === FOREVER ? null : next;
  }
  const values = currentOf(history, today)?.values ?? null;
  for (const day of boundaries(history.filter((one) => one.recordedTo === FOREVER))) {
    if (day <= today || day === FOREVER) continue;
    const next = currentOf(history, day)?.values ?? null;
    // Rows that were imported without coalescing touch with equal values: nothing changes there.
    if (next === null || values === null ? next !== values : !sameValues(values, next)) return day;
  }
  return null;
}

/** Order of two instants (or `infinity`): negative, 0, positive. `…00Z` and `…00.000Z` are the same instant. */
export function compareInstants(a: string, b: string): number {
  return a === b ? 0 : compareText(bareInstant(a), bareInstant(b));
}

/** Whether two sets of fields say the same: the same fields told, with equal contents whatever the order of keys. */
export function sameValues(a: Values, b: Values): boolean {
  if (a === b) return true;
  const fields = toldFields(a);
  if (fields.length !== toldFields(b).length) return false;
  return fields.every((field) => {
    const [left, right] = [a[field], Object.hasOwn(b, field) ? b[field] : undefined];
    if (right === undefined) return false;
    return left === right || canonicalText(left) === canonicalText(right);
  });
}

/** The names of the fields that were told (`undefined` = not told), in the order of the object. */
export function toldFields(values: Values): string[] {
  return Object.keys(values).filter((field) => values[field] !== undefined);
}

/**
 * A value as one text, equal for equal contents: keys sorted, `undefined` members left out. Not meant to be parsed. What has its keys
 * in order already is the engine's own JSON, in a third of the time.
 */
export function canonicalText(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'object' && isInOrder(value)) return JSON.stringify(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) {
    let text = '[';
    for (const one of value) text += `${text.length > 1 ? ',' : ''}${canonicalText(one ?? null)}`;
    return `${text}]`;
  }
  if (typeof value === 'object') {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === null || prototype === Object.prototype) {
      const fields = value as Values;
      let text = '{';
      for (const key of Object.keys(fields).sort()) {
        if (fields[key] !== undefined) text += `${text.length > 1 ? ',' : ''}${JSON.stringify(key)}:${canonicalText(fields[key])}`;
      }
      return `${text}}`;
    }
  }
  // A Date or a buffer has no keys of its own: all of them would look alike, and a change would be lost in silence.
  throw new TypeError(`a record's values are plain data; ${Object.prototype.toString.call(value)} is not`);
}

/** Is it plain data whose keys stand in order, all the way down? */
function isInOrder(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every(isInOrder);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  let before = '';
  for (const key of Object.keys(value)) {
    if (key < before || !isInOrder((value as Values)[key])) return false;
    before = key;
  }
  return true;
}

/** Order of two texts by code units, as `COLLATE "C"` orders the ASCII that dates, codes and versions are made of. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The history after one change, coalesced: every stretch between two boundaries keeps its values or is told anew. */
function overlay(segments: readonly Segment[], change: Change): Segment[] {
  checkPeriod(change.from, change.to);
  const result: Segment[] = [];
  const days = boundaries([...segments, change]);
  let next = 0;
  for (let i = 0; i + 1 < days.length; i += 1) {
    const [from, to] = [days[i]!, days[i + 1]!];
    while (next < segments.length && segments[next]!.to <= from) next += 1;
    const segment = segments[next];
    const before = segment !== undefined && segment.from <= from ? segment.values : null;
    const values = change.from <= from && to <= change.to ? told(before, change) : before;
    if (values !== null) append(result, { from, to, values });
  }
  return result;
}

/** A stretch's values after the change that covers it; `null` = there is no record. */
function told(before: Values | null, change: Change): Values | null {
  if ('delete' in change) return null;
  if ('set' in change) return onlyTold(change.set);
  const patch = onlyTold(change.patch);
  // A patch that tells nothing (all its fields were withheld, say) must not call a record into being.
  return before === null && Object.keys(patch).length === 0 ? null : { ...before, ...patch };
}

function onlyTold(values: Values): Values {
  return Object.fromEntries(toldFields(values).map((field) => [field, values[field]]));
}

function coalesce(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = [];
  for (const { from, to, values } of segments) append(result, { from, to, values });
  return result;
}

function append(segments: Segment[], segment: Segment): void {
  const last = segments.at(-1);
  if (last !== undefined && last.to === segment.from && sameValues(last.values, segment.values)) {
    segments[segments.length - 1] = { ...last, to: segment.to };
  } else {
    segments.push(segment);
  }
}

/** What to write so that the known history becomes `wanted`: versions that are already right are left alone. */
function difference<V extends Version>(history: readonly V[], wanted: readonly Segment[], now: string): Splice<V> {
  const byFrom = new Map(history.map((version) => [version.from, version]));
  const kept = new Set<Version>();
  const insert: Version[] = [];
  for (const segment of wanted) {
    const version = byFrom.get(segment.from);
    if (version !== undefined && version.to === segment.to && sameValues(version.values, segment.values)) kept.add(version);
    else insert.push({ ...segment, recordedFrom: now, recordedTo: FOREVER });
  }
  return { close: history.filter((version) => !kept.has(version)), insert };
}

/** All days on which one of the periods begins or ends, ascending, each once. */
function boundaries(periods: readonly { readonly from: string; readonly to: string }[]): string[] {
  return [...new Set(periods.flatMap(({ from, to }) => [from, to]))].sort(compareText);
}

function checkHistory(history: readonly Version[]): void {
  let end = '';
  for (const version of history) {
    checkPeriod(version.from, version.to);
    if (version.recordedTo !== FOREVER) throw new RangeError('a closed version cannot be spliced: pass only what is known today');
    if (version.from < end) throw new RangeError(`versions overlap or are out of order at ${version.from}`);
    end = version.to;
  }
}

const day = /^\d{4}-\d{2}-\d{2}$/;

function checkPeriod(from: string, to: string): void {
  // Compared as text, so a compact 20010101 or a time of day would be ordered wrongly without a sound.
  if (!(day.test(from) || from === '-infinity')) throw new RangeError(`not a first day: ${from}`);
  if (!(day.test(to) || to === FOREVER)) throw new RangeError(`not an end of a period: ${to}`);
  if (from >= to) throw new RangeError(`an empty period: ${from} to ${to}`);
}

const instant = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+?)0*)?Z$/;

/** An instant such that text order is time order: no Z, no closing zeros of the fraction. */
function bareInstant(text: string): string {
  if (text === FOREVER) return text;
  const match = instant.exec(text);
  if (match === null) throw new RangeError(`not an instant in UTC: ${text}`);
  const fraction = match[2];
  return fraction === undefined || fraction === '0' ? match[1]! : `${match[1]}.${fraction}`;
}
