/**
 * What one claim of a source does to one record: which source record is kept, and what is said of which days.
 *
 * Pure: no clock, no database. A claim about today or days to come goes through the golden record: the fields that it tells
 * and wins, and whatever else its coming changed, are patched from its first day. A claim about days that are past and
 * closed corrects the history only: what its source says now stays as it was. Where a record was not yet (or no more) on
 * some of those days, it is told to have been, with the fields told and all others empty.
 */
import type { RecordModel } from '../registries/record.ts';
import { applyChange, compareVersions, mergeSources, type ChangeOutcome, type Golden, type Origin, type SourceRecord } from './merge.ts';
import { afterSplice, canonicalText, FOREVER, knownOf, spliceAll, toldFields, type Change, type Splice, type Values, type Version } from './timeline.ts';
import { shapeOf, type PersonKeys } from './values.ts';

/** A claim with its values in their one form and its period complete. */
export interface ReadClaim {
  readonly source: string;
  readonly key: string;
  readonly version: string;
  readonly at: string;
  readonly values: Values;
  readonly deleted?: boolean;
  readonly whole?: boolean;
  readonly passedOn?: boolean;
  readonly from: string;
  readonly to: string;
}

/** One record during a batch; the claims about it are taken in their order. */
export interface Subject<V extends Version = Version> {
  readonly id: string;
  readonly known: readonly V[];
  /** The instant of writing for this record. */
  readonly now: string;
  /** What each source has told, by source and key. */
  readonly sources: Map<string, SourceRecord>;
  /** Names of the source records that have to be stored. */
  readonly stored: Set<string>;
  readonly changes: Change[];
  /** Claims about days that are past: the history is all that they have changed. */
  readonly corrections: ReadClaim[];
}

/** What is the same for a whole batch. */
export interface Rules {
  readonly model: RecordModel;
  readonly today: string;
  readonly personKeys: PersonKeys;
}

/**
 * Stands for a source that has only corrected the past of a record and never told its present: it keeps the record's id
 * under the source's key. Any version follows it.
 */
const untold = { version: '0', at: '0001-01-01T00:00:00.000Z', values: {}, deleted: true } as const;

/** The name of a source record among those of one record. */
export function nameOf({ source, key }: { readonly source: string; readonly key: string }): string {
  return `${source.length} ${source}${key}`;
}

/** Takes a claim: notes in `subject` what is to be stored and changed, and says what became of it. */
export function takeClaim(rules: Rules, subject: Subject, claim: ReadClaim): ChangeOutcome {
  const name = nameOf(claim);
  const stored = subject.sources.get(name);
  const previous = stored === undefined || stored.deleted === true && stored.version === untold.version && stored.at === untold.at ? null : stored;
  if (claim.to <= rules.today) return correctPast(rules, subject, claim, previous);

  const result = previous === null && claim.deleted !== true ? first(claim) : applyChange(previous, claim);
  if (result.outcome === 'stale' || result.record === stored) return result;
  const before = golden(rules.model, subject);
  subject.sources.set(name, result.record);
  subject.stored.add(name);
  const after = golden(rules.model, subject);
  const counts = result.outcome === 'applied' || result.outcome === 'conflict';
  subject.changes.push(...changesOf(rules, subject, claim, before, after, counts));
  return result;
}

/** What `applyChange` says of the first that a source tells, without its copying: values here are told and nothing else. */
function first({ source, key, version, at, values, from, to }: ReadClaim): ChangeOutcome {
  return { outcome: 'applied', record: { source, key, version, at, values, from, to } };
}

/** What to write of a record after its claims. */
export function spliceOf<V extends Version>({ known, changes, now }: Subject<V>): Splice<V> {
  const [only] = changes;
  // A record that begins is nearly always one version; nothing is to be compared then.
  if (known.length === 0 && changes.length === 1 && only !== undefined && 'set' in only) {
    return { close: [], insert: [{ from: only.from, to: only.to, values: only.set, recordedFrom: now, recordedTo: FOREVER }] };
  }
  return spliceAll(known, changes, now);
}

/** The golden record of what a subject's sources tell. */
export function golden(model: RecordModel, subject: Pick<Subject, 'sources'>): Golden | null {
  return mergeKept(model, [...subject.sources.values()]);
}

function mergeKept(model: RecordModel, sources: readonly SourceRecord[]): Golden | null {
  const [only] = sources;
  if (only === undefined) return null;
  // By far the most records have one source; then there is nothing to weigh.
  if (sources.length === 1 && only.deleted !== true) {
    return { values: only.values, provenance: { source: only.source, version: only.version, at: only.at, fields: {} } };
  }
  return mergeSources(sources, model.sources);
}

/** A golden record as a version's values: every column, house columns and person keys included. */
export function rowOf(rules: Rules, { values, provenance }: Golden): Values {
  const shape = shapeOf(rules.model);
  const row: Record<string, unknown> = { ...shape.empty, ...values };
  return rules.personKeys.complete(shape, Object.assign(row, house(provenance, provenance.fields)));
}

function house({ source, version, at }: Origin, fields: Readonly<Record<string, Origin>>): Values {
  const others = Object.keys(fields).length === 0 ? null : fields;
  return { source, sourceVersion: version, sourceUpdatedAt: at, provenance: others };
}

function changesOf(rules: Rules, subject: Subject, claim: ReadClaim, before: Golden | null, after: Golden | null, counts: boolean): Change[] {
  const { from, to } = claim;
  if (after === null) return before === null ? [] : [{ from, to, delete: true }];
  if (before === null) return [{ from, to, set: rowOf(rules, after) }];
  const won = (counts ? toldFields(claim.values) : []).filter((field) => sameOrigin(originIn(after, field), claim));
  const fields = [...new Set([...won, ...changedFields(before, after)])];
  const values = patchOf(rules, fields, after.values);
  const now = house(after.provenance, after.provenance.fields);
  const period = { from, to };
  if (fields.length === 0 && canonicalText(now) === canonicalText(house(before.provenance, before.provenance.fields))) return [];

  return pieces(subject, period).map((piece): Change | null => {
    const { version } = piece;
    if (version === null) {
      if (won.length === 0) return null;
      return piece.to > rules.today ? { from: piece.from, to: piece.to, set: rowOf(rules, after) } : begin(rules, piece, patchOf(rules, won, after.values), claim);
    }
    if (version.to > rules.today) return { from: piece.from, to: piece.to, patch: { ...values, ...now } };
    return amend(piece, version, values, fields, (field) => originIn(after, field));
  }).filter((change) => change !== null);
}

function correctPast(rules: Rules, subject: Subject, claim: ReadClaim, previous: SourceRecord | null): ChangeOutcome {
  const name = nameOf(claim);
  const { source, key, version, at } = claim;
  if (previous !== null && compareVersions(version, previous.version) < 0) return { outcome: 'stale', record: previous };
  const base = previous === null || previous.deleted === true || claim.whole === true ? {} : previous.values;
  const record: SourceRecord = { source, key, version, at, values: { ...base, ...claim.values } };
  const others = [...subject.sources].filter(([other]) => other !== name).map(([, one]) => one);
  const would = mergeKept(rules.model, [...others, record]);
  const won = toldFields(claim.values).filter((field) => would !== null && sameOrigin(originIn(would, field), record));
  const before = subject.changes.length;
  for (const piece of pieces(subject, claim)) {
    const change = correct(rules, piece, claim, won);
    if (change !== null) subject.changes.push(change);
  }
  if (subject.changes.length > before) subject.corrections.push(claim);
  if (!subject.sources.has(name)) {
    subject.sources.set(name, { source, key, ...untold });
    subject.stored.add(name);
  }
  return { outcome: 'applied', record: previous ?? record };
}

function correct(rules: Rules, piece: Piece, claim: ReadClaim, won: readonly string[]): Change | null {
  const { version } = piece;
  if (claim.deleted === true) return version?.values['source'] === claim.source ? { from: piece.from, to: piece.to, delete: true } : null;
  if (version === null) return won.length === 0 ? null : begin(rules, piece, patchOf(rules, won, claim.values), claim);
  // A correction that comes again after a newer one must not undo it.
  const older = (field: string): boolean => {
    const origin = originAt(version, field);
    return origin.source !== claim.source || compareVersions(origin.version, claim.version) <= 0;
  };
  const emptied = claim.whole !== true ? [] : [...shapeOf(rules.model).told.keys()].filter((field) =>
    !Object.hasOwn(claim.values, field) && version.values[field] !== null && originAt(version, field).source === claim.source);
  const fields = [...won, ...emptied].filter(older);
  return fields.length === 0 ? null : amend(piece, version, patchOf(rules, fields, claim.values), fields, () => claim);
}

/** A part of a period: on it the record was as `version` says, or was not. */
interface Piece {
  readonly from: string;
  readonly to: string;
  readonly version: Version | null;
}

function pieces(subject: Subject, { from, to }: { readonly from: string; readonly to: string }): Piece[] {
  const { known, changes, now } = subject;
  const versions = changes.length === 0 ? known : knownOf(afterSplice(known, spliceAll(known, changes, now), now));
  const result: Piece[] = [];
  let day = from;
  for (const version of versions) {
    if (version.to <= day) continue;
    if (version.from >= to) break;
    if (version.from > day) result.push({ from: day, to: version.from, version: null });
    const [first, end] = [version.from > day ? version.from : day, version.to < to ? version.to : to];
    result.push({ from: first, to: end, version });
    day = end;
  }
  if (day < to) result.push({ from: day, to, version: null });
  return result;
}

/** Days on which there was no record: from now on there was, with these values and all others empty. */
function begin(rules: Rules, { from, to }: Piece, values: Values, origin: Origin): Change {
  return { from, to, set: { ...shapeOf(rules.model).empty, ...values, ...house(origin, {}) } };
}

/** Days that are past: these fields change and name their origin; who supplied the rest stays as it was. */
function amend({ from, to }: Piece, version: Version, values: Values, fields: readonly string[], originOf: (field: string) => Origin | null): Change {
  const provenance: Record<string, Origin> = { ...(version.values['provenance'] as Record<string, Origin> | null) };
  const own = originOfVersion(version);
  for (const field of fields) {
    const origin = originOf(field);
    if (origin === null || sameOrigin(origin, own)) delete provenance[field];
    else provenance[field] = { source: origin.source, version: origin.version, at: origin.at };
  }
  return { from, to, patch: { ...values, provenance: Object.keys(provenance).length === 0 ? null : provenance } };
}

function patchOf(rules: Rules, fields: readonly string[], values: Values): Values {
  return rules.personKeys.complete(shapeOf(rules.model), Object.fromEntries(fields.map((field) => [field, values[field] ?? null])));
}

/** Fields whose value or origin differs. */
function changedFields(before: Golden, after: Golden): string[] {
  const names = new Set([...Object.keys(before.values), ...Object.keys(after.values)]);
  return [...names].filter((field) => {
    const [left, right] = [before.values[field] ?? null, after.values[field] ?? null];
    if (left !== right && canonicalText(left) !== canonicalText(right)) return true;
    // A newer version of the same source that says the same changes no field: the record's own columns tell of it.
    return originIn(before, field)?.source !== originIn(after, field)?.source;
  });
}

/** Where a golden record has a field from; null where no source tells it. */
function originIn({ values, provenance }: Golden, field: string): Origin | null {
  if (values[field] === undefined) return null;
  return Object.hasOwn(provenance.fields, field) ? provenance.fields[field]! : provenance;
}

function originAt(version: Version, field: string): Origin {
  const provenance = version.values['provenance'] as Readonly<Record<string, Origin>> | null;
  return provenance !== null && Object.hasOwn(provenance, field) ? provenance[field]! : originOfVersion(version);
}

function originOfVersion({ values }: Version): Origin {
  return { source: values['source'] as string, version: values['sourceVersion'] as string, at: values['sourceUpdatedAt'] as string };
}

function sameOrigin(a: Origin | null, b: Origin): boolean {
  return a !== null && a.source === b.source && a.version === b.version && a.at === b.at;
}
