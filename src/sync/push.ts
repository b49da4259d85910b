/**
 * Passes up what the county collects: what its own departments tell, and correct, goes to the upper hub as they told it, whole.
 *
 * The outbox is the log of written records (`records/change-log.ts`), which is written with them; so nothing waits in memory however
 * long the city is away, and what is passed up is read when it goes: a record that has changed ten times goes once. At least once, in
 * the order of the log, under a key that the same call has again: what comes twice is a duplicate there. What is refused is a dead
 * letter and holds up nothing. What another hub passed on does not go back: it is not at home here.
 *
 * What nobody may have does not leave: values of items that are not shared (不予), and whoever is sealed, be it deletions of his records, be it a
 * household of sealed persons only. Of a record that mentions somebody sealed the fields about him stay, and what is known of them above
 * is left as it is. Once he is sealed no more, his records are logged again and go up. What went up before is not taken back.
 *
 * Reports of discrepancies (`checks/pass-up.ts`) and uses of certificates (`uses-up.ts`) have outboxes of their own.
 */
import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { canonicalText } from '../records/timeline.ts';
import type { RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import type { Catalog } from '../sharing/catalog.ts';
import type { CityInbox, PassedUp } from './city.ts';
import { keepOutcomes, target } from './dead-letters.ts';
import type { LogPlace } from './feed-cursor.ts';
import { endOfLog, readLog } from './feed-log.ts';
import type { LogPart } from './feed-log.ts';
import { besideSealed, sealedAmong } from './sealed.ts';
import type { Sealed } from './sealed.ts';
import { readAnswersAgain } from './query-outbox.ts';
import { sendUsesAgain } from './use-outbox.ts';

/** What pushing needs from outside. */
export interface PushContext {
  readonly sql: postgres.Sql;
  readonly city: CityInbox;
  /** The division that this hub is home of, six digits. */
  readonly division: string;
  readonly types: ReadonlyMap<string, RecordType>;
  /** As it is now: what is not shared stays here. */
  readonly catalog: Catalog;
  /** ISO 8601 in UTC with milliseconds. */
  readonly now: string;
  /** Run in the transaction that moves on; throws where this worker is no longer the one that may. */
  readonly fence?: (tx: postgres.TransactionSql) => Promise<void>;
  /** Called before each thing that may fail; tests fail there. */
  readonly reach?: (what: string) => void;
}

/** What one step has done. */
export interface Pushed {
  /** Changes that were answered for. */
  readonly changes: number;
  readonly refused: number;
  /** Is there more at once? */
  readonly more: boolean;
}

/** Changes of one step, and of one call. A hub takes 500 changes, and 25 000 values in a request (graphql/limits.ts). */
const atOnce = 500;
const valuesAtOnce = 12_000;

/** SNAPSHOT: source records in the order of their keys, and the place in the log at which that began. FEED: the log. */
type Place =
  | { readonly phase: 'SNAPSHOT'; readonly log: LogPlace; readonly after: readonly [type: string, source: string, key: string] }
  | { readonly phase: 'FEED'; readonly log: LogPlace };

/** Passes up the next changes. Throws a `CityError` where the city does not take them, and nothing has moved then. */
export async function pushStep(context: PushContext): Promise<Pushed> {
  const { sql, reach = () => undefined } = context;
  reach('read the place');
  const [state] = await sql<{ place: string }[]>`select place::text from push_state where target = ${target}`;
  const kept = state === undefined ? null : JSON.parse(state.place) as Place | typeof anew;
  const place = kept === null || kept.phase === 'ANEW' ? await beginning(sql) : kept;
  reach('read the changes');
  const { changes, next, more } = await nextOf(context, place);
  let refused = 0;
  for (const [registry, own] of Map.groupBy(changes, ({ type }) => (context.types.get(type) as RecordType).model.registry)) {
    // One record twice in a call would be refused: its correction goes in a call of its own.
    for (const call of calls(own)) {
      reach('submit');
      const outcomes = await context.city.submit(registry, call, keyOf(registry, call));
      reach('keep the outcomes');
      refused += await context.sql.begin((tx) => keepOutcomes(tx, context.now, call, outcomes)) as number;
    }
  }
  reach('move on');
  await moveOn(context, state?.place ?? null, next, changes.length);
  return { changes: changes.length, refused, more };
}

/** The place of whoever has to pass everything up again. */
const anew = { phase: 'ANEW' } as const;

/**
 * Has everything go up again, because the upper hub may not know it any more: it was restored from a backup. What it knows is a duplicate
 * there. In the transaction that finds that out.
 */
export async function pushAgain(tx: postgres.TransactionSql): Promise<void> {
  await tx`update push_state set place = ${JSON.stringify(anew)}::text::json where target = ${target}`;
  await sendUsesAgain(tx, 'SENT');
  await readAnswersAgain(tx);
}

async function beginning(sql: postgres.Sql): Promise<Place> {
  return { phase: 'SNAPSHOT', log: await endOfLog(sql), after: ['', '', ''] };
}

interface Next {
  readonly changes: readonly PassedUp[];
  readonly next: Place;
  readonly more: boolean;
}

async function nextOf(context: PushContext, place: Place): Promise<Next> {
  if (place.phase === 'SNAPSHOT') return nextOfSnapshot(context, place);
  try {
    const { parts, end, more } = await readLog(context.sql, place.log, { types: [...context.types.keys()] }, atOnce);
    return { changes: await changesOf(context, parts.filter(({ origin }) => origin === null), await housesOf(context, parts)), next: { phase: 'FEED', log: end }, more };
  } catch (error) {
    // The own database was restored, or the log forgotten: everything is passed up again, and what is known is a duplicate there.
    if (!(error instanceof HubError) || error.code !== 'EPOCH_CHANGED') throw error;
    return { changes: [], next: await beginning(context.sql), more: true };
  }
}

async function nextOfSnapshot(context: PushContext, place: Extract<Place, { phase: 'SNAPSHOT' }>): Promise<Next> {
  const { sql, division, types } = context;
  const [type, source, key] = place.after;
  const rows = await sql<KeptRow[]>`
    select record_id::text as id, ${sql.unsafe(kept)} from source_record where (record_type, source, source_key) > (${type}, ${source}, ${key}) and starts_with(source, ${`${division}-`}) and record_type = any(${[...types.keys()]})
    order by record_type, source, source_key limit ${atOnce}`;
  const last = rows.at(-1);
  const next: Place = last === undefined || rows.length < atOnce ? { phase: 'FEED', log: place.log } : { ...place, after: [last.type, last.source, last.key] };
  return { changes: (await openOnly(context, rows)).map((row) => passedUp(context, row)), next, more: true };
}

/** What the own departments tell of these records now; and what they have corrected. */
async function changesOf(context: PushContext, parts: readonly LogPart[], also: readonly string[]): Promise<readonly PassedUp[]> {
  const { sql, division } = context;
  const ids = [...new Set([...parts.flatMap((part) => part.ids), ...also])];
  if (ids.length === 0) return [];
  const all = await sql<KeptRow[]>`select record_id::text as id, ${sql.unsafe(kept)} from source_record where record_id = any(${ids}::uuid[]) and starts_with(source, ${`${division}-`})`;
  const byId = Map.groupBy(await openOnly(context, all), ({ id }) => id);
  const changes: PassedUp[] = [];
  const gone = new Set<string>();
  const tell = (id: string): void => {
    if (!gone.has(id)) changes.push(...(byId.get(id) ?? []).map((row) => passedUp(context, row)));
    gone.add(id);
  };
  for (const { type, ids: own, corrections } of parts) {
    for (const id of own) tell(id);
    for (const { id, source, key, version, at, values, from, to, deleted } of corrections) {
      const [row] = byId.get(id) ?? [];
      if (source.startsWith(`${division}-`) && row !== undefined) changes.push({ type, source, key, version, changedAt: at, values: shared(context, type, values, row.hidden), deleted, effectiveFrom: from, effectiveTo: to, whole: false });
    }
  }
  for (const id of also) tell(id);
  return changes;
}

/** Households that are somebody's again because of persons who were written, whoever wrote them. */
async function housesOf({ sql, types }: PushContext, parts: readonly LogPart[]): Promise<readonly string[]> {
  const persons = parts.flatMap(({ type, ids }) => (type === 'Person' ? ids : []));
  const found: string[] = [];
  for (const { model } of types.values()) found.push(...(await besideSealed(sql, model, persons)).map(({ id }) => id));
  return found;
}

interface KeptRow {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly key: string;
  readonly version: string;
  readonly at: string;
  readonly deleted: boolean;
  readonly from: string | null;
  readonly to: string | null;
  readonly values: string;
}

const kept = `record_type as type, source, source_key as key, version, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, deleted,
  nullif(effective_from, '-infinity')::text as "from", nullif(effective_to, 'infinity')::text as "to", "values"::text as values`;

/** A row that may go up, without these fields. */
interface OpenRow extends KeptRow {
  readonly hidden: readonly string[];
}

/** Those that are about nobody sealed, now or in their history. */
async function openOnly({ sql, types }: PushContext, rows: readonly KeptRow[]): Promise<readonly OpenRow[]> {
  const open: OpenRow[] = [];
  const sealed = new Map<string, Sealed>();
  for (const [name, own] of Map.groupBy(rows, ({ type }) => type)) sealed.set(name, await sealedAmong(sql, (types.get(name) as RecordType).model, [...new Set(own.map(({ id }) => id))]));
  for (const row of rows) {
    const of = sealed.get(row.type);
    if (of?.nobodys.has(row.id) !== true) open.push({ ...row, hidden: of?.mentions.get(row.id) ?? [] });
  }
  return open;
}

/** Values without those of items that are not shared, and without these. */
function shared({ types, catalog }: PushContext, type: string, values: PassedUp['values'], hidden: readonly string[]): PassedUp['values'] {
  const fields = types.get(type)?.fields;
  return Object.fromEntries(Object.entries(values).filter(([name]) => {
    const field = fields?.get(name);
    return field?.kind === 'leaf' && !hidden.includes(name) && field.items.every((code) => (catalog.item(code)?.shareType ?? 'NOT_SHARED') !== 'NOT_SHARED');
  }));
}

/** What a row tells: all of it; or, where a part of it stays, the rest, and what is not told of it is left as it is known above. */
function passedUp(context: PushContext, { type, source, key, version, at, deleted, from, to, values, hidden }: OpenRow): PassedUp {
  return { type, source, key, version, changedAt: at, deleted, effectiveFrom: from, effectiveTo: to, values: deleted ? {} : shared(context, type, JSON.parse(values) as PassedUp['values'], hidden), whole: !deleted && hidden.length === 0 };
}

/** Calls of at most so many changes, in order, none of which has a record twice. */
function calls(changes: readonly PassedUp[]): readonly (readonly PassedUp[])[] {
  const made: PassedUp[][] = [];
  let names = new Set<string>();
  let values = 0;
  for (const change of changes) {
    const name = JSON.stringify([change.type, change.source, change.key]);
    const last = made.at(-1);
    const own = 12 + valuesIn(change.values);
    values += own;
    if (last === undefined || last.length === atOnce || values > valuesAtOnce || names.has(name)) {
      made.push([change]);
      names = new Set([name]);
      values = own;
    } else {
      last.push(change);
      names.add(name);
    }
  }
  return made;
}

/** Values in a value, as a hub counts them. */
function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  let values = 1;
  for (const one of Object.values(value)) values += valuesIn(one);
  return values;
}

/** The same call has the same key, so that one whose answer was lost is known there; another content is another call. */
function keyOf(registry: RegistryName, changes: readonly PassedUp[]): string {
  return `push-${createHash('sm3').update(canonicalText({ registry, changes } as never)).digest('hex')}`;
}

/** Only from where it began: of two workers, one moves on. */
async function moveOn({ sql, now, fence }: PushContext, from: string | null, next: Place, changes: number): Promise<void> {
  await sql.begin(async (tx) => {
    await fence?.(tx);
    const moved = from === null
      ? await tx`insert into push_state (target, place, passed_up, last_success_at) values (${target}, ${JSON.stringify(next)}::text::json, ${changes}, ${now}) on conflict do nothing returning 1`
      : await tx`update push_state set place = ${JSON.stringify(next)}::text::json, passed_up = passed_up + ${changes}, last_success_at = ${now} where target = ${target} and place::text = ${from} returning 1`;
    if (moved.length === 0) throw new HubError('CONFLICT', 'Another worker passes changes up; this one leaves it to it.');
  });
}
