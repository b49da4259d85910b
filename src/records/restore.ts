/**
 * Finds records that are not what they have to be, because somebody has written into the tables by hand, and makes them so again: the
 * current row is what the history says of today, and the history's last word is what the kept sources make of it.
 *
 * The second is judged only where it is certain: all that its sources told holds today and without end, and nothing is planned. What lies
 * behind in the history is not judged: no source record tells of it any more.
 */
import { safeError } from '../db/failures.ts';
import type { RecordModel } from '../registries/record.ts';
import { golden, nameOf, rowOf, type Rules } from './change.ts';
import { logChanges } from './change-log.ts';
import { dueIds } from './planned.ts';
import {
  bringCurrent, closeVersions, currentRows, idsAfter, insertVersions, knownVersions, lastRecorded, lockType, removeCurrent, sourcesOf, type KeptSource, type Session, type StoredVersion,
} from './tables.ts';
import { compareInstants, currentOf, FOREVER, sameValues, spliceAll, type Change, type Values } from './timeline.ts';
import { PersonKeys } from './values.ts';
import { keysDiffer } from './write.ts';
import type { WriteContext } from './write.ts';

/** A record that is not what it has to be. MISSING: it is not there. SURPLUS: it should not be. DIFFERENT: it is another. */
export interface Astray {
  readonly id: string;
  readonly kind: 'MISSING' | 'SURPLUS' | 'DIFFERENT';
}

/** What was found among some records of a type, and the id behind which the next ones come; null: those were the last. */
export interface Looked {
  readonly rows: number;
  readonly astray: readonly Astray[];
  readonly next: string | null;
}

/** What has to be done about one. */
interface Judged extends Astray {
  /** To the history; null: only the current row is wrong. */
  readonly change: Change | null;
  /** The row that is there has keys that it should not have. */
  readonly otherKeys: boolean;
  readonly known: readonly StoredVersion[];
}

const atOnce = 1000;

/** Looks at the next records of a type by id. It writes nothing. */
export async function lookNext(context: WriteContext, model: RecordModel, after: string | null): Promise<Looked> {
  try {
    const ids = await idsAfter(context.sql, model, after, atOnce);
    const seen = await judge(context.sql, rulesOf(context, model), ids);
    return { rows: ids.length, astray: seen.map(({ id, kind }) => ({ id, kind })), next: ids.length < atOnce ? null : ids.at(-1) ?? null };
  } catch (error) {
    throw safeError(error, `look at ${model.type}`);
  }
}

/** Makes right what is wrong with these records (a thousand at most), and says which it was: somebody may have written meanwhile. */
export async function restoreRecords(context: WriteContext, model: RecordModel, ids: readonly string[]): Promise<readonly Astray[]> {
  const rules = rulesOf(context, model);
  try {
    return await context.sql.begin(async (tx) => {
      await lockType(tx, model);
      const judged = await judge(tx, rules, ids);
      await restore(tx, context, rules, judged);
      return judged.map(({ id, kind }) => ({ id, kind }));
    }) as Astray[];
  } catch (error) {
    throw error instanceof RangeError || error instanceof TypeError ? error : safeError(error, `restore ${model.type}`);
  }
}

function rulesOf({ today, personKey }: WriteContext, model: RecordModel): Rules {
  return { model, today, personKeys: new PersonKeys(personKey, today) };
}

async function judge(session: Session, rules: Rules, ids: readonly string[]): Promise<readonly Judged[]> {
  if (ids.length === 0) return [];
  const { model, today } = rules;
  const [kept, current, known, due] = await Promise.all([sourcesOf(session, model, ids), currentRows(session, model, ids), knownVersions(session, model, ids), dueIds(session, model, today, ids)]);
  const sources = Map.groupBy(kept, ({ recordId }) => recordId);
  // A day has begun that nobody has brought in yet: they are behind, and not wrong.
  const behind = new Set(due);
  return ids.flatMap((id) => (behind.has(id) ? [] : judgeOne(rules, id, current.get(id) ?? null, known.get(id) ?? [], sources.get(id) ?? []) ?? []));
}

function judgeOne(rules: Rules, id: string, row: Values | null, known: readonly StoredVersion[], sources: readonly KeptSource[]): Judged | null {
  const held = currentOf(known, rules.today);
  const change = changeOf(rules, known, held, sources);
  const wanted = change === null ? held?.values ?? null : 'delete' in change ? null : 'set' in change ? change.set : { ...held?.values, ...change.patch };
  if (change === null && same(row, wanted)) return null;
  const otherKeys = row !== null && (wanted === null || keysDiffer(rules.model, row, wanted));
  return { id, change, known, otherKeys, kind: row === null ? 'MISSING' : wanted === null ? 'SURPLUS' : 'DIFFERENT' };
}

/** What the history lacks of what its sources say; null: nothing, or it is not certain. */
function changeOf(rules: Rules, known: readonly StoredVersion[], held: StoredVersion | null, sources: readonly KeptSource[]): Change | null {
  const { today } = rules;
  const planned = known.some(({ from, to }) => from > today || (to !== FOREVER && to > today));
  const certain = sources.every(({ from, to, deleted }) => (from === undefined ? deleted === true : from <= today) && (to ?? FOREVER) === FOREVER);
  if (planned || !certain) return null;
  const made = golden(rules.model, { sources: new Map(sources.map((one) => [nameOf(one), one])) });
  if (made === null) return held === null ? null : { from: today, to: FOREVER, delete: true };
  const row = rowOf(rules, made);
  if (held === null) return { from: sources.reduce((first, { from = today }) => (from < first ? from : first), today), to: FOREVER, set: row };
  const patch = Object.fromEntries(Object.entries(row).filter(([field, value]) => !sameValues({ field: value }, { field: held.values[field] ?? null })));
  return Object.keys(patch).length === 0 ? null : { from: held.from, to: FOREVER, patch };
}

function same(a: Values | null, b: Values | null): boolean {
  return a === null || b === null ? a === b : sameValues(a, b);
}

async function restore(session: Session, { now }: WriteContext, { model, today }: Rules, judged: readonly Judged[]): Promise<void> {
  if (judged.length === 0) return;
  const ids = judged.map(({ id }) => id);
  const last = await lastRecorded(session, model, ids);
  const spliced = judged.flatMap(({ id, change, known }) => {
    if (change === null) return [];
    const written = last.get(id);
    const at = written !== undefined && compareInstants(written, now) > 0 ? written : now;
    return [{ id, at, ...spliceAll(known, [change], at) }];
  });
  // They first: a natural key may have gone to another of them by hand. What others refer to stays where it is.
  await removeCurrent(session, model, judged.flatMap(({ id, otherKeys }) => (otherKeys ? [id] : [])));
  await closeVersions(session, model, spliced.flatMap(({ close, at }) => close.map((version) => ({ version, at }))));
  await insertVersions(session, model, spliced.map(({ id, insert }) => ({ id, insert })), today);
  await bringCurrent(session, model, ids, today);
  await logChanges(session, model, judged.map(({ id }) => ({ id, corrections: [] })), { now });
}
