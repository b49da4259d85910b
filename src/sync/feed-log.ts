/**
 * Reads the log of written records in the order of commits: by transaction, and only below the oldest one that still runs, so that
 * nothing can come to stand before what was read. A place in it is checked by its row's mark, which a database that was restored
 * from a backup does not have, or has for another row.
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

const start: LogPlace = { xid: '0', seq: '0', offset: 0, mark: null };

/** Rows looked at in one reading; a transaction of a bulk load has a handful. */
const rowsAtOnce = 500;

interface Row {
  readonly xid: string;
  readonly seq: string;
  readonly mark: string;
  readonly type: string;
  readonly records: number;
}

/** The place behind all that is known to be complete. */
export async function endOfLog(sql: postgres.Sql): Promise<LogPlace> {
  const [row] = await sql<Row[]>`select xid::text, seq::text, mark::text, record_type as type, records from record_change where xid < pg_snapshot_xmin(pg_current_snapshot()) order by record_change.xid desc, record_change.seq desc limit 1`;
  return row === undefined ? start : behind(row);
}

/** Reads on from a place: records of these types, `first` at most. Throws `EPOCH_CHANGED` where the place is none of this log. */
export async function readLog(sql: postgres.Sql, place: LogPlace, types: readonly string[], first: number): Promise<LogRead> {
  const rows = await sql<Row[]>`
    select xid::text, seq::text, mark::text, record_type as type, records from record_change
    where (xid, seq) >= (${place.xid}::text::xid8, ${place.seq}::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by record_change.xid, record_change.seq limit ${rowsAtOnce + 1}`;
  const [at] = rows;
  if (place.mark !== null && (at?.seq !== place.seq || at.xid !== place.xid || at.mark !== place.mark)) throw await lostPlace(sql, place);
  if (place.mark === null && await hasForgotten(sql)) throw expired();
  const wanted = new Set(types);
  const taken: { readonly row: Row; readonly from: number; readonly to: number }[] = [];
  let end = place;
  let left = first;
  for (const row of rows.slice(0, rowsAtOnce)) {
    const from = row === at && place.mark !== null ? place.offset : 0;
    const to = wanted.has(row.type) ? Math.min(row.records, from + left) : row.records;
    if (wanted.has(row.type) && to > from) {
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

function behind({ xid, seq, mark, records }: Row): LogPlace {
  return { xid, seq, offset: records, mark };
}

async function partsOf(sql: postgres.Sql, taken: readonly { readonly row: Row; readonly from: number; readonly to: number }[]): Promise<readonly LogPart[]> {
  if (taken.length === 0) return [];
  const rows = await sql<{ seq: string; ids: string; corrections: string | null; recordedAt: string }[]>`
    select change.seq::text, change.record_ids[part.first:part.last]::text as ids, change.corrections::text, to_char(change.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt"
    from unnest(${taken.map(({ row }) => row.xid)}::text[], ${taken.map(({ row }) => row.seq)}::bigint[], ${taken.map(({ from }) => from + 1)}::int[], ${taken.map(({ to }) => to)}::int[]) part (xid, seq, first, last)
    join record_change change on change.xid = part.xid::xid8 and change.seq = part.seq`;
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  return taken.flatMap(({ row, from }): readonly LogPart[] => {
    const found = bySeq.get(row.seq);
    // It was forgotten between two statements: the next reading says so.
    if (found === undefined) return [];
    const ids = found.ids.slice(1, -1).split(',');
    const own = new Set(ids);
    const corrections = found.corrections === null ? [] : (JSON.parse(found.corrections) as LoggedCorrection[]).filter(({ id }) => own.has(id));
    return [{ type: row.type, ids, corrections, recordedAt: found.recordedAt, from: { xid: row.xid, seq: row.seq, offset: from, mark: row.mark } }];
  });
}

/** Records of these types behind a place, counted as far as 10 000 rows of the log. */
export async function recordsBehind(sql: postgres.Sql, place: LogPlace, types: readonly string[]): Promise<number> {
  const [found] = await sql<{ records: number }[]>`
    select coalesce(sum(records - case when seq = ${place.seq}::bigint then ${place.offset}::int else 0 end), 0)::int as records from (
      select seq, records, record_type from record_change where (xid, seq) >= (${place.xid}::text::xid8, ${place.seq}::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
      order by xid, seq limit 10000) next where record_type = any(${types as string[]})`;
  return found?.records ?? 0;
}

/** Why a place is no place of this log. */
async function lostPlace(sql: postgres.Sql, { xid, seq }: LogPlace): Promise<HubError> {
  const [found] = await sql<{ before: boolean }[]>`select not exists (select from record_change where (xid, seq) <= (${xid}::text::xid8, ${seq}::bigint)) and exists (select from record_change) as before`;
  return found?.before === true ? expired() : new HubError('EPOCH_CHANGED', 'The feed has been somewhere else since this cursor was given: the database was restored from a backup. Begin again with a snapshot (after: null), then reconcile.', { reason: 'RESTORED' });
}

function expired(): HubError {
  return new HubError('EPOCH_CHANGED', 'The feed does not reach back to this cursor any more. Begin again with a snapshot (after: null), then reconcile.', { reason: 'EXPIRED' });
}

/** Forgets what was written more than so many days ago, but for the last row, by which whoever is in step is known. How many rows. */
export async function forgetChanges(sql: postgres.Sql, now: string, days: number): Promise<number> {
  const gone = await sql`
    delete from record_change where recorded_at < ${now}::timestamptz - make_interval(days => ${days}::int)
    and (xid, seq) < (select xid, seq from record_change order by xid desc, seq desc limit 1) returning 1`;
  if (gone.length > 0) await sql`insert into hub_version (name, version) values ('feed_forgotten', ${gone.length}) on conflict (name) do update set version = hub_version.version + excluded.version`;
  return gone.length;
}

async function hasForgotten(sql: postgres.Sql): Promise<boolean> {
  return (await sql`select 1 from hub_version where name = 'feed_forgotten'`).length > 0;
}
