/**
 * One batch of a file into the records: versions, claims, rejects and the checkpoint, in one transaction.
 *
 * A row that cannot be written is rejected with its reason, and the others come in. Whatever else fails, fails the batch, and nothing
 * of it is stored.
 */
import type { RecordModel } from '../registries/record.ts';
import { giveVersions } from '../records/claim-version.ts';
import { beginBulk } from '../records/tables.ts';
import { writeEach } from '../records/write-each.ts';
import { lookUp } from '../records/write.ts';
import type { WriteContext } from '../records/write.ts';
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

/** Writes a batch and gives the checkpoint behind it. `sent`: see `WriteContext`. */
export async function loadBatch({ model, job, rejects: file, writing }: Target, from: Checkpoint, batch: Batch, sent: () => void): Promise<Checkpoint> {
  const context = { ...writing(), sent };
  // What is refused already goes to the disk while the rest is written.
  const refused = file.write(from.rejectsLength, batch.rejects);
  refused.catch(() => undefined);
  return await context.sql.begin(async (tx) => {
    const rejects = [...batch.rejects];
    const counts: { -readonly [name in keyof Counts]: number } = { ...from.counts, rejected: from.counts.rejected + batch.refused };
    const refuse = (claim: RowClaim, field: string, reason: string): void => {
      rejects.push({ row: claim.row, field, reason });
      counts.rejected += 1;
    };
    const manner = { source: job.source, version: job.version, at: job.startedAt, effectiveFrom: job.effectiveFrom, whole: job.whole, place: (claim: RowClaim) => claim.row.line };
    const [, before] = await Promise.all([beginBulk(tx, model), lookUp(tx, model, job.source, batch.claims, context.today)]);
    const versioned = await giveVersions(tx, model, manner, batch.claims, refuse, before.kept);
    const outcomes = await writeEach(context, tx, model, job.source, versioned.map(({ told }) => told), before);
    for (const [place, outcome] of outcomes.entries()) {
      const { claim } = versioned[place] as (typeof versioned)[number];
      if (outcome.outcome === 'refused') refuse(claim, outcome.field, outcome.reason);
      else counts[outcome.outcome] += 1;
      if (outcome.outcome === 'conflict' && outcome.kept === 'previous') {
        rejects.push({ row: claim.row, field: '', reason: 'This version is known with another content, which is kept (校核: compare both). Send the correction as a newer version.' });
      }
    }
    if (rejects.length > batch.rejects.length) {
      await refused;
      await file.write(from.rejectsLength, rejects.sort((a, b) => a.row.line - b.row.line));
    }
    await refused;
    const to: Checkpoint = { offset: batch.offset, line: batch.line, rejectsLength: file.length, counts };
    await moveJob(tx, job.id, from, to);
    return to;
  }).finally(() => refused.catch(() => undefined)) as Checkpoint;
}
