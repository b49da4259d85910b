/**
 * The runs of reconciliation as they are written down (`sync_reconcile`), and when the next one is due.
 */
import type postgres from 'postgres';
import type { RegistryName } from '../registries/record.ts';

type Session = postgres.Sql | postgres.TransactionSql;

/** One source record (or, of a local run, record) that differs, without its values and without the source's key, which may be somebody's number. */
export interface Sampled {
  readonly type: string;
  readonly kind: DriftKind;
  readonly source: string | null;
  /** First digits of the hash of source and key. */
  readonly bucket: string | null;
  /** The record's id here; null: there is none. */
  readonly record: string | null;
}

/** MISSING: not here. SURPLUS: only here. DIFFERENT: otherwise here. */
export type DriftKind = 'MISSING' | 'SURPLUS' | 'DIFFERENT';

/** What a run has come to. */
export interface Reconciled {
  readonly registry: RegistryName;
  /** Calls of the upper hub. */
  readonly calls: number;
  /** What was compared. */
  readonly rows: number;
  readonly missing: number;
  readonly surplus: number;
  readonly different: number;
  /** Of those that differ. */
  readonly healed: number;
  readonly refused: number;
  readonly sample: readonly Sampled[];
  /** Why it went no further; null: it was ended. */
  readonly halted: string | null;
}

/** Which run. */
export interface RunBegun {
  readonly registry: RegistryName;
  readonly side: 'CITY' | 'LOCAL';
  readonly because: string;
  readonly dryRun: boolean;
  readonly now: string;
}

/** Writes down that a run begins; gives its number. */
export async function beginRun(sql: Session, { registry, side, because, dryRun, now }: RunBegun): Promise<number> {
  const [row] = await sql<{ run: number }[]>`insert into sync_reconcile (registry, side, because, dry_run, started_at) values (${registry}, ${side}, ${because.slice(0, 500)}, ${dryRun}, ${now}) returning run::float8 as run`;
  return row?.run ?? 0;
}

/** Writes down what a run has come to. */
export async function endRun(sql: Session, run: number, { calls, rows, missing, surplus, different, healed, refused, sample, halted }: Reconciled, now: string): Promise<void> {
  await sql`update sync_reconcile set ended_at = ${now}, calls = ${calls}, rows = ${rows}::bigint, missing = ${missing}, surplus = ${surplus}, different = ${different}, healed = ${healed}, refused = ${refused},
    sample = ${JSON.stringify(sample)}::text::json, halted = ${halted} where run = ${run}`;
}

/** A run as administrators are shown it. Moments are ISO 8601. */
export interface ReconcileRun extends Omit<Reconciled, 'sample'> {
  readonly side: 'CITY' | 'LOCAL';
  readonly because: string;
  readonly dryRun: boolean;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** JSON; null: it has not ended. */
  readonly sample: string | null;
}

/** The last runs, newest first: of one registry, or all. */
export async function listRuns(sql: Session, registry: RegistryName | null, first: number): Promise<readonly ReconcileRun[]> {
  return sql<ReconcileRun[]>`
    select registry, side, because, dry_run as "dryRun", started_at as "startedAt", ended_at as "endedAt", calls, rows::float8 as rows, missing, surplus, different, healed, refused, sample::text as sample, halted
    from sync_reconcile where ${registry}::text is null or registry = ${registry} order by started_at desc, run desc limit ${first}`;
}

/** Takes back what asked for a comparison, where it is what the comparison was made for. */
export async function settleDue(sql: Session, registry: RegistryName, because: string): Promise<void> {
  await sql`update sync_feed set reconcile_due = null where registry = ${registry} and reconcile_due = ${because}`;
}

/** Two in the morning, Asia/Shanghai, as an hour of UTC. */
const nightlyAtUtc = 18;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Why a registry is to be compared with the upper hub now; null: it is not, or its feed is not in step and would be found to differ anyway. */
export async function reconcileDue(sql: Session, registry: RegistryName, now: string): Promise<string | null> {
  const [feed] = await sql<{ due: string | null; ready: boolean }[]>`select reconcile_due as due, in_step and halted is null as ready from sync_feed where registry = ${registry}`;
  if (feed === undefined || !feed.ready) return null;
  const [last] = await sql<{ started: number; done: boolean }[]>`
    select extract(epoch from started_at)::float8 * 1000 as started, ended_at is not null and halted is null as done from sync_reconcile
    where registry = ${registry} and side = 'CITY' and not dry_run order by started_at desc limit 1`;
  const time = Date.parse(now);
  // What has just failed, or was halted, is not tried again without end.
  if (last !== undefined && !last.done && time - last.started < hourMs) return null;
  if (feed.due !== null) return feed.due;
  const night = Math.floor((time - nightlyAtUtc * hourMs) / dayMs) * dayMs + nightlyAtUtc * hourMs;
  return last === undefined || !last.done || last.started < night ? 'NIGHTLY' : null;
}
