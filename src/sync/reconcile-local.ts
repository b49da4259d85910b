/**
 * Compares what lies here with itself: golden records with what their kept sources make of them (records/restore.ts), and makes them so
 * again. It asks nobody else.
 *
 * Everything is looked at before anything is written: more records without a source than is believable halt the run, since then it is
 * rather the sources that were lost.
 */
import { lookNext, restoreRecords } from '../records/restore.ts';
import type { RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import { chunks } from './drift.ts';
import { believedDeletions } from './reconcile.ts';
import type { ReconcileParts, RunOptions } from './reconcile.ts';
import { beginRun, endRun } from './reconcile-runs.ts';
import type { DriftKind, Reconciled, Sampled } from './reconcile-runs.ts';

/** Compares and heals the records of a registry. */
export async function reconcileLocal(parts: Omit<ReconcileParts, 'city' | 'division'>, registry: RegistryName, { because, dryRun = false, allowDeletes = false }: RunOptions): Promise<Reconciled> {
  const { sql, now } = parts.writing();
  const run = await beginRun(sql, { registry, side: 'LOCAL', because, dryRun, now });
  const types = [...parts.types.values()].filter(({ model }) => model.registry === registry);
  const counts: Record<DriftKind, number> = { MISSING: 0, SURPLUS: 0, DIFFERENT: 0 };
  const sample: Sampled[] = [];
  const astray = new Map<RecordType, string[]>();
  let [rows, healed] = [0, 0];
  for (const type of types) {
    const ids: string[] = [];
    for (let after: string | null = null, more = true; more; more = after !== null) {
      await parts.beat?.();
      const looked = await lookNext(parts.writing(), type.model, after);
      rows += looked.rows;
      for (const { id, kind } of looked.astray) {
        counts[kind] += 1;
        ids.push(id);
        if (sample.length < 20) sample.push({ type: type.name, kind, source: null, bucket: null, record: id });
      }
      after = looked.next;
    }
    if (ids.length > 0) astray.set(type, ids);
  }
  const believed = believedDeletions(parts.limits, rows);
  const halted = counts.SURPLUS > believed && !allowDeletes
    ? `${counts.SURPLUS} of ${rows} records of ${registry} have no source any more, which is more than is believed unseen. Nothing was changed. See whether sources were lost (a backup has them); then run hub sync reconcile ${registry} --local --allow-deletes.` : null;
  for (const [{ model }, ids] of halted === null && !dryRun ? astray : []) {
    for (const some of chunks(ids, 1000)) {
      await parts.beat?.();
      healed += (await restoreRecords(parts.writing(), model, some)).length;
    }
  }
  const result: Reconciled = { registry, calls: 0, rows, missing: counts.MISSING, surplus: counts.SURPLUS, different: counts.DIFFERENT, healed, refused: 0, sample, halted };
  await endRun(sql, run, result, parts.writing().now);
  return result;
}
