/**
 * `hub import`: a department's file into the records of one type.
 *
 * Streamed, a batch at a time, each batch with its checkpoint in one transaction; the next batch is read while one is written. A row
 * that fails goes to the reject file and the rest comes in. An import that was ended, by whatever, goes on where its last batch ended.
 * It refuses a source that is no department, and to go on with an import that never was.
 */
import { resolve } from 'node:path';
import { HubError } from '../errors.ts';
import type { Crs } from '../registries/spatial/crs.ts';
import type { WriteContext } from '../records/write.ts';
import { isCalendarDay } from '../registries/identifiers/identifier.ts';
import { loadCodes } from '../records/codes.ts';
import type { TitledType } from '../records/claim-schema.ts';
import type { Column } from './headers.ts';
import { beginJob, endJob, noCounts, unfinishedJob } from './jobs.ts';
import type { Checkpoint, Counts, Job } from './jobs.ts';
import { loadBatch } from './load.ts';
import type { FileProgress } from './progress.ts';
import { batchesOf, openFile } from './reading.ts';
import type { OpenFile } from './reading.ts';
import { RejectFile } from './rejects.ts';
import { openSource } from './source.ts';

/** What to import, and how. */
export interface ImportOptions {
  readonly path: string;
  /** Record types that the file may hold; the header decides between several. */
  readonly types: readonly TitledType[];
  /** Code of the department whose data it is. */
  readonly source: string;
  /** Version of all rows that name none. Without it a row that tells something new is newer than whatever its source told before. */
  readonly version?: string | undefined;
  /** The first day on which the rows hold; today unless told. */
  readonly effectiveFrom?: string | undefined;
  /** Each row is its record in full: what it leaves empty is told no more. Else empty cells say nothing. */
  readonly whole?: boolean | undefined;
  /** Where refused rows go; beside the file unless told. */
  readonly rejects?: string | undefined;
  /** Reference system of the coordinates, where the file does not say it rightly. */
  readonly crs?: Crs | undefined;
  /** Go on with an import of this file that was interrupted. */
  readonly resume?: boolean | undefined;
  readonly writing: () => WriteContext;
  readonly onProgress?: ((now: FileProgress) => void) | undefined;
  /** Ends the import behind the batch at hand. */
  readonly stop?: AbortSignal | undefined;
}

/** What came of it. */
export interface ImportResult {
  readonly type: string;
  readonly counts: Counts;
  /** Encoding in which the file was read. */
  readonly encoding: string;
  /** Columns that went to no field, with the reason. */
  readonly keptOut: readonly Column[];
  /** Masked cells that were left out, by field. */
  readonly masked: ReadonlyMap<string, number>;
  /** The reject file, if a row is in it. */
  readonly rejects: string | null;
  /** Line at which an interrupted import went on; null for a new one. */
  readonly resumedAt: number | null;
  /** Is there an interrupted import of the same file, which this one did not go on with? */
  readonly leftBehind: boolean;
}

/** Imports a file. */
export async function importFile(options: ImportOptions): Promise<ImportResult> {
  const { sql, today, now } = options.writing();
  if (options.effectiveFrom !== undefined && !isCalendarDay(options.effectiveFrom)) throw new HubError('BAD_INPUT', '--effective-from is a day, YYYY-MM-DD.');
  const [department] = await sql`select 1 from department where code = ${options.source}`;
  if (department === undefined) throw new HubError('BAD_INPUT', `--source ${options.source} is no department of this hub; seeds/departments.csv lists them.`);

  const source = await openSource(options.path);
  const opened = await openFile(source, options.types, options.crs ?? null);
  const type = opened.file.type.name;
  const known = await unfinishedJob(sql, source.digest, options.source, type);
  if (options.resume === true && known === undefined) throw new HubError('BAD_INPUT', `There is no interrupted import of ${options.path} as ${type} by ${options.source}, or the file has changed since. Start without --resume.`);
  const resumed = options.resume === true ? known : undefined;
  const path = resolve(options.rejects ?? `${options.path}.rejects.csv`);
  const rejects = resumed === undefined ? RejectFile.begin(path) : RejectFile.resume(resumed.rejectsFile, resumed.rejectsLength);
  const job = resumed ?? await beginJob(sql, {
    recordType: type, source: options.source, fileDigest: source.digest, fileName: options.path, rejectsFile: path, version: options.version ?? null,
    effectiveFrom: options.effectiveFrom ?? null, whole: options.whole === true, startedAt: now,
    ...opened.begin, rejectsLength: rejects.length, counts: noCounts,
  });

  const keptOut = new Map<string, Column>((opened.columns ?? []).filter((column) => column.keptOut !== null).map((column) => [column.name, column]));
  const masked = new Map<string, number>();
  const rules = { today, codes: await loadCodes(sql), crs: opened.crs, onMasked: (field: string) => void masked.set(field, (masked.get(field) ?? 0) + 1) };
  let counts: Counts;
  try {
    counts = await run(options, opened, job, rejects, batchesOf(opened, job, rules, (column) => keptOut.set(column.name, column)));
  } catch (error) {
    rejects.close();
    throw error;
  }
  await endJob(sql, job, options.writing().now);
  const used = rejects.used;
  rejects.end();
  return {
    type, counts, encoding: source.encoding, keptOut: [...keptOut.values()], masked, rejects: used ? rejects.path : null,
    resumedAt: resumed?.line ?? null, leftBehind: resumed === undefined && known !== undefined,
  };
}

async function run(options: ImportOptions, opened: OpenFile, job: Job, rejects: RejectFile, batches: AsyncIterable<Parameters<typeof loadBatch>[2]>): Promise<Counts> {
  const { model } = opened.file.type;
  const target = { model, job, rejects, writing: options.writing };
  const progress = (at: Checkpoint): void => options.onProgress?.({ part: partOf(opened, at.offset), rows: rowsOf(at.counts), rejected: at.counts.rejected });
  let at: Checkpoint = job;
  progress(at);
  const iterator = batches[Symbol.asyncIterator]();
  let next: ReturnType<typeof iterator.next> | undefined;
  const read = (): ReturnType<typeof iterator.next> => {
    next ??= iterator.next();
    next.catch(() => undefined);
    return next;
  };
  for (;;) {
    const { done, value } = await read();
    next = undefined;
    if (done === true) return at.counts;
    if (options.stop?.aborted === true) throw new HubError('UNAVAILABLE', `Stopped at line ${at.line}; ${rowsOf(at.counts)} rows are in. The same command with --resume goes on from there.`);
    // While the database writes this batch, the next one is read; not before, for until then it is the database that would wait.
    at = await loadBatch(target, at, value, read);
    progress(at);
  }
}

/** Rows that a job has dealt with. */
export function rowsOf({ applied, duplicate, stale, conflict, rejected }: Counts): number {
  return applied + duplicate + stale + conflict + rejected;
}

/** How much of the file is done. Of a file that is read from another encoding the length in UTF-8 is not known, only estimated. */
function partOf({ source }: OpenFile, offset: number): number {
  const grown = source.encoding === 'utf-8' ? 1 : source.encoding === 'gb18030' ? 1.4 : 1.3;
  return Math.min(source.encoding === 'utf-8' ? 1 : 0.99, offset / (source.size * grown));
}
