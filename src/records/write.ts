/**
 * Writes what sources claim: kept source record, golden record, history and current row, a batch in one transaction.
 *
 * The statements are as many for a thousand claims as for one. Writers of one record type wait for each other. A claim
 * finds its record by its source key, else by the natural key (a record that comes again keeps its id), else it begins one.
 * It refuses a batch whole if one claim cannot be written (a value that does not fit, a natural key that another record
 * has): nothing of it is stored, and the caller sends the rest again without it. It reads no clock.
 */
import { setImmediate } from 'node:timers/promises';
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import type { RecordModel } from '../registries/record.ts';
import { logChanges } from './change-log.ts';
import { nameOf, spliceOf, takeClaim, type ReadClaim, type Rules, type Subject } from './change.ts';
import { noteConflicts, noteTies, type Tie } from './conflicts.ts';
import { storedGeometries } from './geometries.ts';
import type { ChangeOutcome, SourceRecord } from './merge.ts';
import { newIds } from './new-ids.ts';
import { packable } from './packed.ts';
import { dueIds, schedule, unschedule } from './planned.ts';
import {
  beginRecords, bringCurrent, closeVersions, idsByNaturalKey, insertVersions, knownVersions, lastRecorded, lockType, removeCurrent,
  sourcesByKey, sourcesOf, storeSources, type Begun, type KeptSource, type RecordWrite, type Session, type StoredVersion,
} from './tables.ts';
import { compareInstants, currentOf, FOREVER, nextChangeAfter, sameValues, type Values, type Version } from './timeline.ts';
import { geometryKey, geometryText, normalizeInstant, normalizeTold, PersonKeys, shapeOf } from './values.ts';

/** What a source says of one record. */
export interface SourceClaim {
  /** The source's own key of the record. */
  readonly key: string;
  /** The source's own version of the record. */
  readonly version: string;
  /** When the source says it changed: ISO 8601 with an offset. */
  readonly at: string;
  /** By field name; absent = not told, `null` = told to be empty. Geometries are GeoJSON or EWKT in EPSG:4490. */
  readonly values: Values;
  /** The source has no such record any more. */
  readonly deleted?: boolean;
  /** The full record: fields that it does not name are no longer told. */
  readonly whole?: boolean;
  /** Another hub passes on what it keeps of this version (see `SourceChange` in merge.ts). */
  readonly passedOn?: boolean;
  /** The first day on which it holds; today unless told. */
  readonly effectiveFrom?: string;
  /** The first day on which it no longer holds; for ever unless told. If that is not after today, only the past is corrected. */
  readonly effectiveTo?: string;
}

/** What writing needs from outside. */
export interface WriteContext {
  /** A client; the batch opens its own transaction on it. */
  readonly sql: postgres.Sql;
  /** The instant of writing, ISO 8601 in UTC with milliseconds. */
  readonly now: string;
  /** The civil date in Asia/Shanghai. */
  readonly today: string;
  readonly personKey: (idNumber: string) => string;
  /** The id of a record that begins; random (`new-ids.ts`) unless given (a seed that has to be the same every time gives its own). */
  readonly newId?: (type: string, source: string, key: string) => string;
  /** The hub that passed on what is written; absent: it was told here. */
  readonly origin?: string;
  /** Is this hub a source's home? Absent: nobody asks whether what was passed on is told otherwise here (see conflicts.ts). */
  readonly belongsHere?: (source: string) => boolean;
  /** Called when a batch is merged and on its way, and only the database is at work: the time to prepare the next one. */
  readonly sent?: () => void;
}

/**
 * What became of one claim, and the record that it is about. `changed`: the record's history was written. A conflict names
 * which side was kept and what the other said; if `decidedBy` is `tie`, somebody has to look (校核).
 */
export type ClaimOutcome =
  | { readonly outcome: 'applied' | 'duplicate' | 'stale'; readonly id: string; readonly changed: boolean }
  | { readonly outcome: 'conflict'; readonly id: string; readonly changed: boolean; readonly kept: 'previous' | 'change'; readonly decidedBy: 'at' | 'tie'; readonly lost: SourceRecord };

/** What was looked up for a batch before, in the same transaction behind `lockType`, with nothing written since. */
export interface LookedUp {
  /** What the source had told under the claims' keys. */
  readonly kept: readonly KeptSource[];
  /** The records of these natural keys; null: there is none. */
  readonly ids: ReadonlyMap<string, string | null>;
  /** Values in their one form, where that could be told without the database. */
  readonly normal: ReadonlyMap<Values, Values>;
}

/** Looks up what a batch needs to know; while the database does so, the values are brought into their form. */
export async function lookUp(session: Session, model: RecordModel, source: string, claims: readonly Pick<SourceClaim, 'key' | 'values'>[], today: string): Promise<LookedUp> {
  const natural = model.key === undefined ? [] : [...new Set(claims.map(({ values }) => values[model.key as string]).filter((key) => typeof key === 'string'))];
  const looking = Promise.all([sourcesByKey(session, model, source, [...new Set(claims.map(({ key }) => key))]), idsByNaturalKey(session, model, natural, today)]);
  looking.catch(() => undefined);
  await setImmediate();
  const normal = new Map<Values, Values>();
  for (const { values } of shapeOf(model).geometries.length > 0 ? [] : claims) {
    const told = normalOf(model, values);
    if (told !== null) normal.set(values, told);
  }
  const [kept, found] = await looking;
  return { kept, ids: new Map(natural.map((key) => [key, found.get(key) ?? null])), normal };
}

/** Null where they cannot be stored: the writer says so when it comes to them. */
function normalOf(model: RecordModel, values: Values): Values | null {
  try {
    return normalizeTold(model, values, new Map());
  } catch (error) {
    if (error instanceof HubError) return null;
    throw error;
  }
}

/** Writes a batch (a thousand claims is a good size) and says what became of each claim, in their order. */
export async function writeClaims(context: WriteContext, model: RecordModel, source: string, claims: readonly SourceClaim[], before?: LookedUp): Promise<ClaimOutcome[]> {
  if (claims.length === 0) return [];
  try {
    const read = await readClaims(context, model, source, claims, before?.normal);
    const rules: Rules = { model, today: context.today, personKeys: new PersonKeys(context.personKey, context.today) };
    return await context.sql.begin((session) => writeRead(context, rules, session, source, read, before)) as ClaimOutcome[];
  } catch (error) {
    throw error instanceof RangeError || error instanceof TypeError ? error : safeError(error, `write ${model.type}`);
  }
}

/** Records that are sent first while others are still merged: few, so that the database has something to do soon; then twice as many each time, up to what is no long text. */
const writtenFirst = 100;
const writtenAtOnce = 400;

async function writeRead(context: WriteContext, rules: Rules, session: Session, source: string, claims: readonly FoundClaim[], before?: LookedUp): Promise<ClaimOutcome[]> {
  const { model } = rules;
  const batch = await openBatch(context, model, session, source, claims, before);
  // Nothing of a record that keeps its keys, or of one that begins among others that do, hangs on another: the first of them are written
  // while the rest is merged. The others wait for each other, since two may exchange their keys.
  let most = batch.behind.length === 0 ? writtenFirst : Number.POSITIVE_INFINITY;
  const late: Subject<StoredVersion>[] = [];
  const lastOf = new Map(batch.of.map((subject, index) => [subject, index]));
  const results: { readonly subject: Subject; readonly result: ChangeOutcome }[] = [];
  const writing: Promise<Set<string>>[] = [];
  let ready: Subject<StoredVersion>[] = [];
  const ties: Tie[] = [];
  const write = (): void => {
    const sent = store(context, rules, session, batch, ready);
    // It is awaited below; until then its failure is nobody's.
    sent.catch(() => undefined);
    writing.push(sent);
    ready = [];
  };
  for (const [index, claim] of claims.entries()) {
    const subject = batch.of[index]!;
    bringHome(batch, claim, subject);
    const result = takeClaim(rules, subject, claim);
    results.push({ subject, result });
    if (result.outcome === 'conflict' && result.decidedBy === 'tie') ties.push({ id: subject.id, kept: result.record, lost: result.lost });
    if (lastOf.get(subject) === index) (standsAlone(rules, batch, subject) ? ready : late).push(subject);
    if (ready.length < most) continue;
    write();
    most = Math.min(2 * most, writtenAtOnce);
    // What was sent leaves between turns of the event loop only.
    await setImmediate();
  }
  ready.push(...late);
  write();
  context.sent?.();
  const changed = new Set((await Promise.all(writing)).flatMap((some) => [...some]));
  await noteTies(session, model, ties, context.now);
  return results.map(({ subject: { id }, result }): ClaimOutcome => {
    if (result.outcome !== 'conflict') return { outcome: result.outcome, id, changed: changed.has(id) };
    const { outcome, kept, decidedBy, lost } = result;
    return { outcome, id, changed: changed.has(id), kept, decidedBy, lost };
  });
}

/** Does nothing that is written of a record take a key from another, or leave it one? */
function standsAlone({ model, today }: Rules, { old }: Batch, { id, known, changes }: Subject): boolean {
  if (old.size === 0) return true;
  if (!old.has(id)) return false;
  const was = currentOf(known, today)?.values;
  const keys = uniqueFields(model);
  return changes.every((change) => 'patch' in change && was !== undefined && keys.every((field) => change.patch[field] === undefined || change.patch[field] === was[field]));
}

async function readClaims(context: WriteContext, model: RecordModel, source: string, claims: readonly SourceClaim[], normal?: ReadonlyMap<Values, Values>): Promise<FoundClaim[]> {
  const geometries = await readGeometries(context, model, claims);
  // Claims of a batch mostly have one instant.
  let [sent, at]: [string | null, string | null] = [null, null];
  return claims.map((claim) => {
    if (claim.at !== sent) [sent, at] = [claim.at, normalizeInstant(claim.at)];
    if (at === null) throw new HubError('BAD_INPUT', 'A claim says when its source changed it, as ISO 8601 with an offset.');
    const [from, to] = [claim.effectiveFrom ?? context.today, claim.effectiveTo ?? FOREVER];
    if (!day.test(from) || !(day.test(to) || to === FOREVER) || from >= to) throw new HubError('BAD_INPUT', 'The days on which a claim holds are YYYY-MM-DD, the first before the last.');
    const told = normal?.get(claim.values) ?? normalizeTold(model, claim.values, geometries);
    const naturalKey = (model.key === undefined ? null : (told[model.key] ?? null)) as string | null;
    const read = { source, key: claim.key, version: claim.version, at, from, to, naturalKey, values: claim.deleted === true ? {} : told };
    return { ...read, ...(claim.deleted === true ? { deleted: true } : {}), ...(claim.whole === true ? { whole: true } : {}), ...(claim.passedOn === true ? { passedOn: true } : {}) };
  });
}

const day = /^\d{4}-\d{2}-\d{2}$/;

/** The stored form of every geometry of a batch: only the database knows it. */
async function readGeometries({ sql }: WriteContext, model: RecordModel, claims: readonly SourceClaim[]): Promise<Map<string, string>> {
  const { geometries } = shapeOf(model);
  const sent = new Map<string, { text: string; multi: boolean }>();
  for (const { values } of geometries.length === 0 ? [] : claims) {
    for (const column of geometries) {
      const value = values[column.field];
      if (value !== null && value !== undefined) sent.set(geometryKey(column, value), { text: geometryText(value), multi: column.multi });
    }
  }
  const stored = await storedGeometries(sql, [...sent.values()]);
  return new Map([...sent.keys()].map((key, index) => [key, stored[index]!]));
}

/** A claim with what its record may be found by; a deletion's values are nothing else. */
interface FoundClaim extends ReadClaim {
  readonly naturalKey: string | null;
}

interface Batch {
  /** The record of each claim. */
  readonly of: readonly Subject<StoredVersion>[];
  /** Where each source record of the batch is kept at the moment, by its name. */
  readonly homes: Map<string, Subject<StoredVersion>>;
  /** What the source had told under the batch's keys. */
  readonly kept: ReadonlyMap<string, SourceRecord>;
  /** Records that were there before. */
  readonly old: ReadonlySet<string>;
  /** Records whose current row is behind, because a day has begun that nobody has brought in yet. */
  readonly behind: readonly string[];
}

/** Finds or begins the record of every claim, and reads what is known of it. */
async function openBatch(context: WriteContext, model: RecordModel, session: Session, source: string, claims: readonly FoundClaim[], before?: LookedUp): Promise<Batch> {
  const [, kept] = before === undefined ? await Promise.all([lockType(session, model), sourcesByKey(session, model, source, [...new Set(claims.map(({ key }) => key))])]) : [undefined, before.kept];
  const byKey = new Map(kept.map(({ key, recordId, deleted }) => [key, { id: recordId, deleted: deleted === true }]));
  const unknown = claims.filter(({ key }) => byKey.get(key)?.deleted !== false).map(({ naturalKey }) => naturalKey).filter((key) => key !== null);
  const asked = [...new Set(unknown)];
  const byNaturalKey = await idsByNaturalKey(session, model, asked.filter((key) => before?.ids.has(key) !== true), context.today);
  for (const key of asked) {
    const id = before?.ids.get(key) ?? null;
    if (id !== null) byNaturalKey.set(key, id);
  }

  const fresh = new Set<string>();
  const nextId = newIds();
  const ids = claims.map(({ key, naturalKey, deleted = false }) => {
    const known = byKey.get(key);
    const natural = naturalKey === null ? undefined : byNaturalKey.get(naturalKey);
    // What a source has deleted, or deleted before it ever told it, binds its key to no record.
    let id = known?.deleted === false ? known.id : natural ?? known?.id;
    if (id === undefined) {
      id = context.newId?.(model.type, source, key) ?? nextId();
      fresh.add(id);
    }
    byKey.set(key, { id, deleted });
    // A later claim of the same batch may know the record by this number only.
    if (naturalKey !== null && natural === undefined && !deleted) byNaturalKey.set(naturalKey, id);
    return id;
  });

  const old = [...new Set(ids)].filter((id) => !fresh.has(id));
  const [sources, known, last, behind] = await Promise.all([
    sourcesOf(session, model, old), knownVersions(session, model, old), lastRecorded(session, model, old),
    old.length === 0 ? [] : dueIds(session, model, context.today, old),
  ]);
  const subjects = new Map<string, Subject<StoredVersion>>();
  for (const id of ids) {
    if (subjects.has(id)) continue;
    const written = last.get(id);
    // Who waited for the lock may have taken its instant before the one that went first.
    const now = written !== undefined && compareInstants(written, context.now) > 0 ? written : context.now;
    subjects.set(id, { id, known: known.get(id) ?? [], now, sources: new Map(), stored: new Set(), changes: [], corrections: [] });
  }
  const homes = new Map<string, Subject<StoredVersion>>();
  for (const one of sources) {
    const subject = subjects.get(one.recordId);
    if (subject === undefined) continue;
    subject.sources.set(nameOf(one), told(one));
    homes.set(nameOf(one), subject);
  }
  return { of: ids.map((id) => subjects.get(id)!), homes, kept: new Map(kept.map((one) => [nameOf(one), told(one)])), old: new Set(old), behind };
}

/** What a source told, without the record that it is kept under. */
function told({ source, key, version, at, values, deleted, from, to }: KeptSource): SourceRecord {
  return { source, key, version, at, values, ...(deleted === true ? { deleted } : {}), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** A deleted source record moves to the record that its key is told to be now, so that its version still counts. */
function bringHome({ homes, kept }: Batch, claim: ReadClaim, subject: Subject<StoredVersion>): void {
  const name = nameOf(claim);
  const home = homes.get(name);
  homes.set(name, subject);
  if (home === subject) return;
  const one = home === undefined ? kept.get(name) : home.sources.get(name);
  if (one === undefined) return;
  home?.sources.delete(name);
  home?.stored.delete(name);
  subject.sources.set(name, one);
  subject.stored.add(name);
}

/** Writes what the claims have changed of these records; the ids of the records whose history was written. */
async function store({ now, origin, belongsHere }: WriteContext, { model, today }: Rules, session: Session, { kept, old, behind }: Batch, subjects: readonly Subject<StoredVersion>[]): Promise<Set<string>> {
  const closing: { version: StoredVersion; at: string }[] = [];
  const writes: RecordWrite[] = [];
  const begun: Begun[] = [];
  const removed: string[] = [];
  const due: { id: string; on: string }[] = [];
  const sources: KeptSource[] = [];
  const written = new Set<string>();
  for (const subject of subjects) {
    const { id, known, changes } = subject;
    const beginning = old.has(id) ? null : beginningOf(subject, kept, today);
    if (beginning !== null) {
      begun.push(beginning);
      written.add(id);
      const on = nextChangeAfter([beginning.version], today);
      if (on !== null) due.push({ id, on });
      continue;
    }
    for (const name of subject.stored) sources.push({ recordId: id, ...subject.sources.get(name)! });
    if (changes.length === 0) continue;
    const { close, insert } = spliceOf(subject);
    if (close.length === 0 && insert.length === 0) continue;
    for (const version of close) closing.push({ version, at: subject.now });
    const closed = close.length === 0 ? null : new Set<Version>(close);
    const after: Version[] = known.length === 0 ? [...insert] : [...known.filter((version) => closed === null || !closed.has(version)), ...insert];
    const [was, is] = [currentOf(known, today), currentOf(after, today)];
    const turned = is !== null && (was === null || !sameValues(was.values, is.values));
    if (was !== null && (is === null || turned && keysDiffer(model, was.values, is.values))) removed.push(id);
    written.add(id);
    // A period that is cut keeps its values: they lie in the version that was closed, unless that one began at this very instant and goes.
    const lying = new Map(close.flatMap((version): [Values, StoredVersion][] => (version.recordedFrom === subject.now ? [] : [[version.values, version]])));
    const current = turned ? is : undefined;
    const copies = insert.flatMap((version) => {
      const of = version === current ? undefined : lying.get(version.values);
      return of === undefined ? [] : [{ of, version }];
    });
    const copied = new Set(copies.map(({ version }) => version));
    writes.push({ id, insert: copied.size === 0 ? insert : insert.filter((version) => !copied.has(version)), copies, current });
    const on = nextChangeAfter(after.sort((a, b) => (a.from < b.from ? -1 : 1)), today);
    if (on !== null) due.push({ id, on });
  }
  const late = behind.filter((id) => written.has(id));
  await Promise.all([
    closeVersions(session, model, closing),
    removeCurrent(session, model, removed),
    beginRecords(session, model, begun),
    insertVersions(session, model, writes, today),
    storeSources(session, model, sources),
    // What was planned before counts no more, except for records that this batch has left alone.
    unschedule(session, model, [...written].filter((id) => old.has(id))),
    schedule(session, model, due),
    logChanges(session, model, subjects.filter(({ id, stored }) => written.has(id) || stored.size > 0), { now, origin }),
    belongsHere === undefined ? undefined : noteConflicts(session, model, subjects, { now, passedOn: origin !== undefined, belongsHere }),
  ]);
  await bringCurrent(session, model, late, today);
  return written;
}

/** A record that is what one source has told of it in one claim, as nearly all are that begin; null where there is more to it. */
function beginningOf({ id, known, changes, sources, stored, now }: Subject<StoredVersion>, kept: Batch['kept'], today: string): Begun | null {
  const [change] = changes;
  const [name] = stored;
  if (known.length > 0 || changes.length !== 1 || change === undefined || !('set' in change) || sources.size !== 1 || name === undefined || kept.has(name)) return null;
  const source = sources.get(name);
  if (source === undefined || source.deleted === true) return null;
  const { from, to, set } = change;
  const told = JSON.stringify(source.values);
  if (!packable(told, source.key, source.version)) return null;
  return { told, kept: { recordId: id, ...source }, version: { from, to, values: set, recordedFrom: now, recordedTo: FOREVER }, current: from <= today && to > today };
}

/** A row whose keys change is removed first, so that two records may exchange them in one batch. */
export function keysDiffer(model: RecordModel, was: Values, is: Values): boolean {
  return uniqueFields(model).some((field) => typeof was[field] === 'string' && was[field] !== is[field]);
}

/** Fields of which no two records may have the same. */
function uniqueFields(model: RecordModel): readonly string[] {
  return [...(model.key === undefined ? [] : [model.key]), ...Object.keys(model.personKeys ?? {})];
}
