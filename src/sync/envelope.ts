/**
 * The form of what an upper hub sends: pages of its feed and its sharing conditions, checked field by field.
 *
 * What holds for a whole page (its epoch, where it begins and ends, which entries it has) has to be right, or there is no page. An entry that is not of its form is set
 * apart, and so is one source of an entry: the others are taken. Problems name the field and never quote a value. Whether a value
 * fits its record is not judged here.
 */
import { z } from 'zod';
import { CityError } from './city.ts';
import { pageDigest } from './page-digest.ts';
import type { ChangeEntry, ChangePage, ItemCondition, LookedUp, Malformed, PassedOn, PassedUpOutcome, ReportStanding } from './city.ts';

/** Longer texts are none that a hub would send. */
const word = z.string().min(1).max(200);
const cursor = z.string().min(1).max(2000);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/).nullable();
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const moment = z.string().regex(instant);

const pageForm = z.object({
  epoch: word,
  after: cursor.nullable(),
  endCursor: cursor,
  digest: word,
  hasNextPage: z.boolean(),
  phase: z.enum(['LOST', 'SNAPSHOT', 'FEED']),
  conditions: word,
  shown: z.array(z.object({ type: word, fields: z.array(word) })),
  entries: z.array(z.unknown()),
  behind: z.number().int().min(0),
});

const entryForm = z.object({
  cursor,
  kind: z.enum(['UPSERT', 'TOMBSTONE', 'CORRECTION', 'RIGHT_LOST']),
  type: word,
  id: word,
  hidden: z.array(word),
  sources: z.array(z.unknown()),
});

const sourceForm = z.object({
  source: word,
  key: word,
  version: word,
  changedAt: moment,
  deleted: z.boolean(),
  effectiveFrom: day,
  effectiveTo: day,
  values: z.record(z.string(), z.unknown()),
});

const conditionsForm = z.array(z.object({ item: word, shareType: z.enum(['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED']), condition: z.string().max(2000) }));

const outcomesForm = z.array(z.object({ index: z.int().min(0), key: z.string().max(1000), status: z.enum(['ACCEPTED', 'DUPLICATE', 'CONFLICT', 'REJECTED']), reason: z.string().max(2000).nullable(), field: z.string().max(200).nullable() }));

const lookedUpForm = z.array(z.object({
  shown: z.array(word),
  refused: z.string().max(2000).nullable(),
  records: z.array(z.object({ key: word, id: word, hidden: z.array(word), sources: z.array(sourceForm) })).max(100),
}));

/** Reads what was looked up, of so many types as were asked for. Throws a `CityError` BROKEN. */
export function readLookedUp(sent: unknown, count: number): readonly LookedUp[] {
  const read = checked(lookedUpForm, sent, 'passedOn');
  if (read.length !== count) throw new CityError('BROKEN', 'The upper hub answered another question than this one.');
  return read;
}

/** Reads the page behind a cursor as parsed JSON. Throws a `CityError` BROKEN, also where it is another page, or entries of it are missing. */
export function readPage(sent: unknown, after: string | null): ChangePage {
  const { shown, entries: sentEntries, digest, ...page } = checked(pageForm, sent, 'changes');
  if (page.after !== after) throw new CityError('BROKEN', 'The upper hub\'s page begins elsewhere than was asked.');
  if (pageDigest({ ...page, entries: sentEntries }) !== digest) throw new CityError('BROKEN', 'Entries of the upper hub\'s page are missing: it holds others than its digest says.');
  return { ...page, shown: new Map(shown.map(({ type, fields }) => [type, fields])), ...entriesIn(sentEntries) };
}

/** Reads how items are shared. Throws a `CityError` BROKEN. */
export function readConditions(sent: unknown): readonly ItemCondition[] {
  return checked(conditionsForm, sent, 'sharingConditions');
}

/** Reads what became of what was passed up by a mutation, under these keys. Throws a `CityError` BROKEN, also where it is the answer for something else. */
export function readOutcomes(sent: unknown, root: 'submitChanges' | 'tellCertificateUses', keys: readonly string[]): readonly PassedUpOutcome[] {
  const { outcomes } = checked(z.object({ outcomes: outcomesForm }), sent, root);
  if (outcomes.length !== keys.length || outcomes.some(({ index, key }, place) => index !== place || key !== keys[place])) throw new CityError('BROKEN', 'The upper hub answered for something else than was sent.');
  return outcomes.map(({ key: _key, ...outcome }) => outcome);
}

const standingForm = z.object({
  state: z.enum(['OPEN', 'WAITING', 'SENT', 'REFUSED', 'ANSWERED', 'LAPSED']),
  dueOn: day,
  verdict: z.enum(['CONFIRMED', 'CORRECTED', 'CANNOT_TELL']).nullable(),
  answer: z.string().max(2000).nullable(),
  correctedVersion: word.nullable(),
  answeredAt: moment.nullable(),
  answeredBy: word.nullable(),
}).refine(({ state, verdict, answer, answeredAt }) => state !== 'ANSWERED' || (verdict !== null && answer !== null && answeredAt !== null));

/** Reads how a report of one item stands that was just passed up; null: there is nothing to doubt. Throws a `CityError` BROKEN. */
export function readReported(sent: unknown): ReportStanding | null {
  return checked(z.object({ checks: z.array(standingForm).max(1) }), sent, 'reportDiscrepancy').checks[0] ?? null;
}

/** Reads how reports stand, by their keys. Throws a `CityError` BROKEN. */
export function readStandings(sent: unknown): ReadonlyMap<string, ReportStanding> {
  const { nodes } = checked(z.object({ nodes: z.array(standingForm.and(z.object({ reference: word }))).max(100) }), sent, 'checkRequests');
  return new Map(nodes.map(({ reference, ...standing }) => [reference, standing]));
}

const shownForm = z.array(z.object({ type: word, fields: z.array(word) }));
const bucket = z.string().regex(/^[0-9a-f]{0,8}$/);
const sum = z.string().regex(/^-?\d{1,60}$/);
const digestsForm = z.object({ fields: z.array(word), buckets: z.array(z.object({ bucket, count: z.int().min(1), digest: sum })) });
const leavesForm = z.object({ fields: z.array(word), leaves: z.array(z.object({ source: word, key: word, version: word, digest: sum })) });
const entriesForm = z.object({ shown: shownForm, entries: z.array(z.unknown()) });

/** Reads what may be compared. Throws a `CityError` BROKEN. */
export function readShown(sent: unknown): ReadonlyMap<string, readonly string[]> {
  return new Map(checked(shownForm, sent, 'comparable').map(({ type, fields }) => [type, fields]));
}

/** Reads digests of buckets. Throws a `CityError` BROKEN. */
export function readDigests(sent: unknown): z.infer<typeof digestsForm> {
  return checked(digestsForm, sent, 'recordDigests');
}

/** Reads digests of source records. Throws a `CityError` BROKEN. */
export function readLeaves(sent: unknown): z.infer<typeof leavesForm> {
  return checked(leavesForm, sent, 'recordLeaves');
}

/** Reads records that were asked for. Throws a `CityError` BROKEN. */
export function readEntries(sent: unknown): Pick<ChangePage, 'shown' | 'entries' | 'malformed'> {
  const { shown, entries } = checked(entriesForm, sent, 'recordEntries');
  return { shown: readShown(shown), ...entriesIn(entries) };
}

function entriesIn(sent: readonly unknown[]): Pick<ChangePage, 'entries' | 'malformed'> {
  const entries: ChangeEntry[] = [];
  const malformed: Malformed[] = [];
  for (const one of sent) {
    const entry = readEntry(one, malformed);
    if (entry !== null) entries.push(entry);
  }
  return { entries, malformed };
}

/** Reads one entry, as `readPage` does; null: nothing of it can be read. */
export function readEntry(sent: unknown, malformed: Malformed[]): ChangeEntry | null {
  const read = entryForm.safeParse(sent);
  if (!read.success) {
    malformed.push({ cursor: textIn(sent, 'cursor'), type: textIn(sent, 'type'), source: null, key: null, ...problemOf(read.error, sent), raw: JSON.stringify(sent) ?? 'null' });
    return null;
  }
  const { sources: sentSources, ...entry } = read.data;
  const sources: PassedOn[] = [];
  for (const one of sentSources) {
    if (isPassedOn(one)) {
      sources.push(one);
      continue;
    }
    const source = sourceForm.safeParse(one);
    if (source.success) sources.push(source.data);
    else malformed.push({ cursor: entry.cursor, type: entry.type, source: textIn(one, 'source'), key: textIn(one, 'key'), ...problemOf(source.error, one), raw: JSON.stringify({ ...entry, sources: [one] }) });
  }
  return { ...entry, sources };
}

const isWord = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= 200;
const isDay = (value: unknown): boolean => value === null || (typeof value === 'string' && value.length === 10 && /^\d{4}-\d{2}-\d{2}$/.test(value));

/** Says at a tenth of the cost that `sourceForm` takes it as it is; false is no judgement. */
function isPassedOn(sent: unknown): sent is PassedOn {
  if (typeof sent !== 'object' || sent === null) return false;
  const one = sent as Readonly<Record<string, unknown>>;
  const { values } = one;
  return isWord(one['source']) && isWord(one['key']) && isWord(one['version']) && typeof one['changedAt'] === 'string' && instant.test(one['changedAt'])
    && typeof one['deleted'] === 'boolean' && isDay(one['effectiveFrom']) && isDay(one['effectiveTo']) && typeof values === 'object' && values !== null && !Array.isArray(values);
}

function textIn(sent: unknown, field: string): string | null {
  const value: unknown = typeof sent === 'object' && sent !== null ? Reflect.get(sent, field) : undefined;
  return isWord(value) ? value : null;
}

function problemOf(error: z.ZodError, sent: unknown): Pick<Malformed, 'field' | 'reason' | 'missing'> {
  const [issue] = error.issues;
  const missing = (valueAt(sent, issue?.path ?? []) ?? null) === null;
  return { field: fieldOf(issue), reason: missing ? 'is missing' : 'is not of its form', missing };
}

function valueAt(sent: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value: unknown, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) as unknown : undefined), sent);
}

function fieldOf(issue: z.core.$ZodIssue | undefined): string {
  return issue === undefined || issue.path.length === 0 ? 'entry' : issue.path.map(String).join('.').slice(0, 200);
}

function checked<T>(form: z.ZodType<T>, sent: unknown, what: string): T {
  const read = form.safeParse(sent);
  if (read.success) return read.data;
  throw new CityError('BROKEN', `The upper hub's answer is not of its form at ${what}.${fieldOf(read.error.issues[0])}.`);
}
