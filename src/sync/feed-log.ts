/**
 * Reads the log of written records, only as far as no writer of an earlier row is still on its way, so that nothing can come to stand
 * before what was read. A place in it is checked by its row's mark, which a database that was restored from a backup does not have, or
 * has for another row.
 *
 * Who writes to the log holds, from before his row has its number until he has committed, a shared lock whose key is the last number
 * given before (a trigger sees to that). So below the least of the keys that are held nothing comes any more; where none is held,
 * below the last number that was given before one looked. A server's oldest transaction would say as much, and would have a feed wait
 * for transactions that write no record, or are of another database.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import type { LogPlace } from './feed-cursor.ts';

/** A part of one row of the log: some of its records. */
export interface LogPart {
  readonly type: string;
  readonly ids: readonly string[];
  /** Claims about days that are past, as `records/change-log.ts` keeps them. */
  readonly corrections: readonly LoggedCorrection[];
  /** The hub that passed them on; null: they were told here. */
  readonly origin: string | null;
  /** ISO 8601 with an offset. */
  readonly recordedAt: string;
  /** The place in front of its first record. */
  readonly from: LogPlace;
}

/** A claim about days that are past. */
export interface LoggedCorrection {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly version: string;
  readonly at: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly from: string;
  readonly to: string;
  readonly deleted: boolean;
}

/** What was read, and the place behind it. */
export interface LogRead {
  readonly parts: readonly LogPart[];
  readonly end: LogPlace;
  readonly more: boolean;
}

const start: LogPlace = { seq: '0', offset: 0, mark: null };

/** Rows looked at in one reading; a transaction of a bulk load has a handful. */
const rowsAtOnce = 500;

interface Row {
  readonly seq: string;
  readonly mark: string;
  readonly type: string;
  readonly bound: string | null;
  readonly records: number;
}

/** What of the log somebody reads: records of these types; `bounds`: also what is logged only for whoever follows under these. */
export interface Heard {
  readonly types: readonly string[];
  readonly bounds?: readonly string[];
}

/** Which database this is: places of one mean nothing in another. */
export async function currentEpoch(sql: postgres.Sql): Promise<string> {
  const [row] = await sql<{ epoch: string }[]>`select epoch::text from hub_epoch order by began_at desc, epoch limit 1`;
  if (row === undefined) throw new Error('A migrated database has an epoch.');
  return row.epoch;
}

/** The last number up to which the log is complete. It is asked for in a statement of its own: what is read in the next one sees all that is below. */
async function completeUntil(sql: postgres.Sql): Promise<string> {
  const [{ last } = { last: '0' }] = await sql<{ last: string }[]>`select case when is_called then last_value else 0 end::text as last from record_change_seq_seq`;
  const [{ held } = { held: null }] = await sql<{ held: string | null }[]>`select hub_log_held_from()::text as held`;
  return held === null || BigInt(last) < BigInt(held) ? last : held;
}

/** The place behind all that is complete. */
export async function endOfLog(sql: postgres.Sql): Promise<LogPlace> {
  const until = await completeUntil(sql);
  const [row] = await sql<Row[]>`select seq::text, mark::text, record_type as type, bound, records from record_change where seq <= ${until}::bigint order by record_change.seq desc limit 1`;
  return row === undefined ? start : behind(row);
}

/** Reads on from a place: `first` records at most. Throws `EPOCH_CHANGED` where the place is none of this log. */
export async function readLog(sql: postgres.Sql, place: LogPlace, { types, bounds = [] }: Heard, first: number): Promise<LogRead> {
  const until = await completeUntil(sql);
  const rows = await sql<Row[]>`select seq::text, mark::text, record_type as type, bound, records from record_change where seq between ${place.seq}::bigint and ${until}::bigint order by record_change.seq limit ${rowsAtOnce + 1}`;
  const [at] = rows;
  if (place.mark !== null && (at?.seq !== place.seq || at.mark !== place.mark)) throw await lostPlace(sql, place);
  if (place.mark === null && await hasForgotten(sql)) throw expired();
  const isHeard = ({ type, bound }: Row): boolean => types.includes(type) && (bound === null || bounds.includes(bound));
  const taken: { readonly row: Row; readonly from: number; readonly to: number }[] = [];
  let end = place;
  let left = first;
  for (const row of rows.slice(0, rowsAtOnce)) {
    const from = row === at && place.mark !== null ? place.offset : 0;
    const heard = isHeard(row);
    const to = heard ? Math.min(row.records, from + left) : row.records;
    if (heard && to > from) {
      taken.push({ row, from, to });
      left -= to - from;
    }
    end = { ...behind(row), offset: to };
    if (to < row.records || left === 0) break;
  }
  const last = rows.at(-1);
  const more = last !== undefined && (last.seq !== end.seq || end.offset < last.records);
  return { parts: await partsOf(sql, taken), end, more };
}

function behind({ seq, mark, records }: Row): LogPlace {
  return { seq, offset: records, mark };
}

async function partsOf(sql: postgres.Sql, taken: readonly { readonly row: Row; readonly from: number; readonly to: number }[]): Promise<readonly LogPart[]> {
  if (taken.length === 0) return [];
  const rows = await sql<{ seq: string; ids: string; corrections: string | null; origin: string | null; recordedAt: string }[]>`
    select change.seq::text, change.record_ids[part.first:part.last]::text as ids, change.corrections::text, change.origin, to_char(change.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt"
    from unnest(${taken.map(({ row }) => row.seq)}::bigint[], ${taken.map(({ from }) => from + 1)}::int[], ${taken.map(({ to }) => to)}::int[]) part (seq, first, last)
    join record_change change on change.seq = part.seq`;
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  return taken.flatMap(({ row, from }): readonly LogPart[] => {
    const found = bySeq.get(row.seq);
    // It was forgotten between two statements: the next reading says so.
    if (found === undefined) return [];
    const ids = found.ids.slice(1, -1).split(',');
    const own = new Set(ids);
    const corrections = found.corrections === null ? [] : (JSON.parse(found.corrections) as LoggedCorrection[]).filter(({ id }) => own.has(id));
    return [{ type: row.type, ids, corrections, origin: found.origin, recordedAt: found.recordedAt, from: { seq: row.seq, offset: from, mark: row.mark } }];
  });
}

/** The log of records of one type, for who follows what was written and asks himself how it stands. */
export function writtenOf(sql: postgres.Sql, type: string): { end(): Promise<LogPlace>; read(from: LogPlace, first: number): Promise<{ readonly ids: readonly string[]; readonly end: LogPlace; readonly more: boolean }> } {
  return {
    end: () => endOfLog(sql),
    read: async (from, first) => {
      const { parts, end, more } = await readLog(sql, from, { types: [type] }, first);
      return { ids: [...new Set(parts.flatMap(({ ids }) => ids))], end, more };
    },
  };
}

/** Records behind a place, counted as far as 10 000 rows of the log. */
export async function recordsBehind(sql: postgres.Sql, place: LogPlace, { types, bounds = [] }: Heard): Promise<number> {
  const until = await completeUntil(sql);
  const [found] = await sql<{ records: number }[]>`
    select coalesce(sum(records - case when seq = ${place.seq}::bigint then ${place.offset}::int else 0 end), 0)::int as records from (
      select seq, records, record_type, bound from record_change where seq between ${place.seq}::bigint and ${until}::bigint
      order by seq limit 10000) next where record_type = any(${types as string[]}) and (bound is null or bound = any(${bounds as string[]}))`;
  return found?.records ?? 0;
}

/** Why a place is no place of this log. */
async function lostPlace(sql: postgres.Sql, { seq }: LogPlace): Promise<HubError> {
  const [found] = await sql<{ before: boolean }[]>`select not exists (select from record_change where seq <= ${seq}::bigint) and exists (select from record_change) as before`;
  return found?.before === true ? expired() : new HubError('EPOCH_CHANGED', 'The feed has been somewhere else since this cursor was given: the database was restored from a backup. Begin again with a snapshot (after: null), then reconcile.', { reason: 'RESTORED' });
}

function expired(): HubError {
  return new HubError('EPOCH_CHANGED', 'The feed does not reach back to this cursor any more. Begin again with a snapshot (after: null), then reconcile.', { reason: 'EXPIRED' });
}

/** Forgets what was written more than so many days ago, but for the last row, by which whoever is in step is known. How many rows. */
export async function forgetChanges(sql: postgres.Sql, now: string, days: number): Promise<number> {
  const gone = await sql`
    delete from record_change where recorded_at < ${now}::timestamptz - make_interval(days => ${days}::int)
    and seq < (select max(seq) from record_change) returning 1`;
  if (gone.length > 0) await sql`insert into hub_version (name, version) values ('feed_forgotten', ${gone.length}) on conflict (name) do update set version = hub_version.version + excluded.version`;
  return gone.length;
}

async function hasForgotten(sql: postgres.Sql): Promise<boolean> {
  return (await sql`select 1 from hub_version where name = 'feed_forgotten'`).length > 0;
}
