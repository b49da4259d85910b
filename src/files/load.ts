/**
 * One batch of a file into the records: versions, claims, rejects and the checkpoint, in one transaction.
 *
 * A row that the database refuses does not take the others with it: the batch is halved until the row is found, and it is rejected
 * with the sentence of the rule that it breaks. A row without a version of its own that tells nothing new keeps the version that its
 * source gave last, and so is a duplicate, however often the file comes. Whatever else fails, fails the batch, and nothing of it is stored.
 */
import type postgres from 'postgres';
import { StatementError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import type { RecordModel } from '../registries/record.ts';
import { compareVersions } from '../records/merge.ts';
import { sourcesByKey, storedGeometries } from '../records/tables.ts';
import type { Session } from '../records/tables.ts';
import { sameValues, toldFields } from '../records/timeline.ts';
import type { Values } from '../records/timeline.ts';
import { geometryKey, geometryText, normalizeTold, shapeOf } from '../records/values.ts';
import { writeClaims } from '../records/write.ts';
import type { ClaimOutcome, SourceClaim, WriteContext } from '../records/write.ts';
import { moveJob } from './jobs.ts';
import type { Checkpoint, Counts, Job } from './jobs.ts';
import type { Reject, RejectFile } from './rejects.ts';
import type { RowClaim } from './rows.ts';

/** Rows that are written together. */
export interface Batch {
  readonly claims: readonly RowClaim[];
  readonly rejects: readonly Reject[];
  /** Rows of the file that were refused already. */
  readonly refused: number;
  /** Where the file goes on behind it. */
  readonly offset: number;
  readonly line: number;
}

/** What a batch is written into. */
export interface Target {
  readonly model: RecordModel;
  readonly job: Job;
  readonly rejects: RejectFile;
  /** Needs of writing, taken anew for each batch. */
  readonly writing: () => WriteContext;
}

/** Writes a batch and gives the checkpoint behind it. */
export async function loadBatch(target: Target, from: Checkpoint, batch: Batch): Promise<Checkpoint> {
  const context = target.writing();
  return await context.sql.begin(async (tx) => {
    const rejects = [...batch.rejects];
    const counts: { -readonly [name in keyof Counts]: number } = { ...from.counts, rejected: from.counts.rejected + batch.refused };
    const refuse = (claim: RowClaim, field: string, reason: string): void => {
      rejects.push({ row: claim.row, field, reason });
      counts.rejected += 1;
    };
    const candidates = await versioned(target, tx, batch.claims, refuse);
    const outcomes = await writeSome(target, context, tx, candidates, refuse);
    for (const [{ claim }, outcome] of outcomes) {
      counts[outcome.outcome] += 1;
      if (outcome.outcome === 'conflict' && outcome.kept === 'previous') {
        rejects.push({ row: claim.row, field: '', reason: 'This version is known with another content, which is kept (校核: compare both). Send the correction as a newer version.' });
      }
    }
    rejects.sort((a, b) => a.row.line - b.row.line);
    target.rejects.add(rejects);
    const to: Checkpoint = { offset: batch.offset, line: batch.line, rejectsLength: target.rejects.length, counts };
    await moveJob(tx, target.job.id, from, to);
    return to;
  }) as Checkpoint;
}

interface Candidate {
  readonly claim: RowClaim;
  readonly told: SourceClaim;
}

type Refuse = (claim: RowClaim, field: string, reason: string) => void;

/** What was told last under a key. */
interface Told {
  readonly version: string;
  readonly at: string;
  readonly values: Values;
  readonly deleted: boolean;
}

/** Gives every claim its version; refuses those whose values do not fit. */
async function versioned({ model, job }: Target, tx: Session, claims: readonly RowClaim[], refuse: Refuse): Promise<Candidate[]> {
  const kept = await sourcesByKey(tx, model, job.source, [...new Set(claims.map(({ key }) => key))]);
  const last = new Map<string, Told>(kept.map(({ key, version, at, values, deleted }) => [key, { version, at, values, deleted: deleted === true }]));
  // Only what was told before is compared, so only that has to be in its stored form; the writer brings the rest into it.
  const geometries = await geometriesOf(tx, model, claims.filter(({ key }) => last.has(key)));
  const began = job.startedAt.replaceAll(/\D/g, '');
  const candidates: Candidate[] = [];
  for (const claim of claims) {
    const before = last.get(claim.key);
    let { values }: { values: Values } = claim;
    try {
      if (before !== undefined && kept.length > 0) values = normalizeTold(model, claim.values, geometries);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      refuse(claim, '', error.message);
      continue;
    }
    const told: Told = { version: claim.version ?? job.version ?? '', at: claim.at ?? job.startedAt, values, deleted: claim.deleted };
    const known = before !== undefined && told.version === '' && claim.effectiveTo === undefined && saysNothingNew(before, told, job.whole);
    const version = told.version !== '' ? told.version : known ? before.version : newVersion(`${began}-${String(claim.row.line).padStart(9, '0')}`, before?.version);
    const at = known && claim.at === undefined ? before.at : told.at;
    last.set(claim.key, { version, at, deleted: told.deleted, values: job.whole || before === undefined ? values : { ...before.values, ...values } });
    candidates.push({ claim, told: sourceClaim(claim, job, version, at, values) });
  }
  return candidates;
}

function sourceClaim(claim: RowClaim, job: Job, version: string, at: string, values: Values): SourceClaim {
  const from = claim.effectiveFrom ?? job.effectiveFrom ?? undefined;
  return {
    key: claim.key, version, at, values,
    ...(claim.deleted ? { deleted: true } : {}), ...(job.whole ? { whole: true } : {}),
    ...(from === undefined ? {} : { effectiveFrom: from }), ...(claim.effectiveTo === undefined ? {} : { effectiveTo: claim.effectiveTo }),
  };
}

/** Newer than what was told last, whatever the source's own versions look like: `~` sorts behind every number and letter. */
function newVersion(own: string, before: string | undefined): string {
  return before === undefined || compareVersions(own, before) > 0 ? own : `~${own}`;
}

function saysNothingNew(before: Told, now: Told, whole: boolean): boolean {
  if (now.deleted || before.deleted) return now.deleted && before.deleted;
  const fields = toldFields(now.values);
  if (whole) return sameValues(now.values, before.values);
  const known = Object.fromEntries(fields.map((field) => [field, before.values[field]]));
  return sameValues(now.values, known);
}

async function geometriesOf(tx: Session, model: RecordModel, claims: readonly RowClaim[]): Promise<Map<string, string>> {
  const sent = new Map<string, { readonly text: string; readonly multi: boolean }>();
  for (const column of shapeOf(model).geometries) {
    for (const { values } of claims) {
      const value = values[column.field];
      if (value !== null && value !== undefined) sent.set(geometryKey(column, value), { text: geometryText(value), multi: column.multi });
    }
  }
  const stored = await storedGeometries(tx, [...sent.values()]);
  return new Map([...sent.keys()].map((key, place) => [key, stored[place] as string]));
}

/** Writes claims; where the database refuses them, finds the ones that it refuses. */
async function writeSome(target: Target, context: WriteContext, tx: postgres.TransactionSql, candidates: readonly Candidate[], refuse: Refuse): Promise<(readonly [Candidate, ClaimOutcome])[]> {
  if (candidates.length === 0) return [];
  try {
    const outcomes = await tx.savepoint((session) => writeClaims({ ...context, sql: within(session) }, target.model, target.job.source, candidates.map(({ told }) => told)));
    return candidates.map((candidate, place) => [candidate, (outcomes as ClaimOutcome[])[place] as ClaimOutcome] as const);
  } catch (error) {
    if (!isAboutRows(error)) throw error;
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1) {
      const { field, reason } = await reasonOf(tx, target.model, error);
      refuse(only.claim, field, reason);
      return [];
    }
    const half = candidates.length >> 1;
    const first = await writeSome(target, context, tx, candidates.slice(0, half), refuse);
    return [...first, ...await writeSome(target, context, tx, candidates.slice(half), refuse)];
  }
}

/** A client whose transactions are the one that is open: `writeClaims` begins one, and the checkpoint has to be in the same. */
function within(session: postgres.TransactionSql): postgres.Sql {
  const begin = (work: (own: postgres.TransactionSql) => unknown): unknown => work(session);
  return new Proxy(session, { get: (own, name) => (name === 'begin' ? begin : Reflect.get(own, name) as unknown) }) as unknown as postgres.Sql;
}

/** Data exceptions (22), broken constraints (23), values too long for an index (54): another row may be better. */
function isAboutRows(error: unknown): boolean {
  if (error instanceof HubError) return error.code === 'BAD_INPUT';
  return error instanceof RangeError || (error instanceof StatementError && /^(22|23|54)/.test(error.sqlState));
}

async function reasonOf(tx: Session, model: RecordModel, error: unknown): Promise<{ field: string; reason: string }> {
  if (!(error instanceof StatementError)) return { field: '', reason: error instanceof Error ? error.message : 'The row could not be written.' };
  const { constraint, sqlState } = error;
  if (constraint === undefined) return { field: '', reason: sqlState === '54000' ? 'A value is too long to be found by.' : `The database refuses a value of this row (SQLSTATE ${sqlState}).` };
  const [rule] = await tx<{ rule: string; columns: string[] }[]>`
    select coalesce(pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid)) as rule,
           array(select a.attname from pg_attribute a where a.attrelid = coalesce(c.conrelid, i.indrelid) and a.attnum = any(coalesce(c.conkey, i.indkey::int2[]))) as columns
    from (select 1) one left join pg_constraint c on c.conname = ${constraint} left join pg_index i on i.indexrelid = to_regclass(quote_ident(${constraint})) limit 1`;
  const byColumn = new Map(shapeOf(model).columns.map(({ name, field }) => [name, field]));
  const field = (rule?.columns ?? []).map((column) => byColumn.get(column) ?? column).join(' ');
  switch (sqlState) {
    case '23505': return { field, reason: 'Another record has this key already.' };
    case '23503': return { field, reason: `It refers to a record that is not there (${constraint}).` };
    default: return { field, reason: `It breaks the rule ${constraint}: ${shortened(rule?.rule ?? '')}` };
  }
}

/** A constraint as PostgreSQL prints it, without the casts that nobody reads. */
function shortened(rule: string): string {
  return rule.replace(/^CHECK \(+(.*?)\)+$/s, '$1').replaceAll(/::(text|date|numeric)(\[\])?/g, '').replaceAll(/ COLLATE "\w+"/g, '').slice(0, 300);
}
