/**
 * The memory of imports: how far each came. A job moves in the same transaction as the records that it has written, so whatever
 * ends the process, job and records agree.
 */
import { randomUUID } from 'node:crypto';
import { HubError } from '../errors.ts';
import type { Session } from '../records/tables.ts';

/** What became of the rows so far. */
export interface Counts {
  readonly applied: number;
  readonly duplicate: number;
  readonly stale: number;
  readonly conflict: number;
  readonly rejected: number;
}

export const noCounts: Counts = { applied: 0, duplicate: 0, stale: 0, conflict: 0, rejected: 0 };

/** How far a job is. */
export interface Checkpoint {
  readonly offset: number;
  readonly line: number;
  readonly rejectsLength: number;
  readonly counts: Counts;
}

/** One import. */
export interface Job extends Checkpoint {
  readonly id: string;
  readonly recordType: string;
  readonly source: string;
  readonly fileDigest: string;
  readonly fileName: string;
  readonly rejectsFile: string;
  readonly version: string | null;
  readonly effectiveFrom: string | null;
  readonly whole: boolean;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
}

/** Begins a job. */
export async function beginJob(sql: Session, job: Omit<Job, 'id'>): Promise<Job> {
  const id = randomUUID();
  const { applied, duplicate, stale, conflict, rejected } = job.counts;
  await sql`insert into import_job (id, record_type, source, file_digest, file_name, rejects_file, version, effective_from, whole, started_at,
      next_offset, next_line, rejects_length, applied, duplicate, stale, conflict, rejected)
    values (${id}, ${job.recordType}, ${job.source}, ${job.fileDigest}, ${job.fileName}, ${job.rejectsFile}, ${job.version}, ${job.effectiveFrom}, ${job.whole}, ${job.startedAt},
      ${job.offset}, ${job.line}, ${job.rejectsLength}, ${applied}, ${duplicate}, ${stale}, ${conflict}, ${rejected})`;
  return { ...job, id };
}

type Row = Record<'id' | 'record_type' | 'source' | 'file_digest' | 'file_name' | 'rejects_file' | 'started' | 'next_offset' | 'rejects_length', string>
  & Record<'version' | 'effective_from', string | null> & Record<'next_line' | keyof Counts, number> & { readonly whole: boolean };

/** The last unfinished import of this file by this source; undefined if there is none. `type` narrows it down. */
export async function unfinishedJob(sql: Session, fileDigest: string, source: string, type: string | null): Promise<Job | undefined> {
  const [row] = await sql<Row[]>`
    select id, record_type, source, file_digest, file_name, rejects_file, version, effective_from::text, whole,
           to_char(started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as started,
           next_offset::text, next_line, rejects_length::text, applied, duplicate, stale, conflict, rejected
    from import_job where file_digest = ${fileDigest} and source = ${source} and finished_at is null and (${type}::text is null or record_type = ${type})
    order by started_at desc, id limit 1`;
  if (row === undefined) return undefined;
  const { applied, duplicate, stale, conflict, rejected } = row;
  return {
    id: row.id, recordType: row.record_type, source: row.source, fileDigest: row.file_digest, fileName: row.file_name, rejectsFile: row.rejects_file,
    version: row.version, effectiveFrom: row.effective_from, whole: row.whole, startedAt: row.started,
    offset: Number(row.next_offset), line: row.next_line, rejectsLength: Number(row.rejects_length),
    counts: { applied, duplicate, stale, conflict, rejected },
  };
}

/** Moves a job on, in the transaction of the records; refuses if another process has moved it meanwhile. */
export async function moveJob(tx: Session, id: string, from: Checkpoint, to: Checkpoint): Promise<void> {
  const { applied, duplicate, stale, conflict, rejected } = to.counts;
  const moved = await tx`update import_job set next_offset = ${to.offset}, next_line = ${to.line}, rejects_length = ${to.rejectsLength},
      applied = ${applied}, duplicate = ${duplicate}, stale = ${stale}, conflict = ${conflict}, rejected = ${rejected}
    where id = ${id} and next_offset = ${from.offset} and finished_at is null returning 1`;
  if (moved.length === 0) throw new HubError('UNAVAILABLE', 'Another process is at work on this import, or has finished it. Wait for it to end.');
}

/** Ends a job, and with it what was left behind by interrupted imports of the same file: its rows are all in. */
export async function endJob(sql: Session, { id, recordType, source, fileDigest }: Job, now: string): Promise<void> {
  await sql`update import_job set finished_at = ${now} where finished_at is null
    and (id = ${id} or (record_type = ${recordType} and source = ${source} and file_digest = ${fileDigest}))`;
}
