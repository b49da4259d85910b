/**
 * `sync reconcile`: compares what is kept here with the upper hub, or with itself (`--local`), says what differs, and heals it; `--dry-run`
 * only says. What it has done is in the audit, as all commands are.
 */
import { HubError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import type { RegistryName } from '../registries/record.ts';
import type { PullParts } from '../sync/pull.ts';
import type { CityHttp } from '../sync/city-http.ts';
import { reconcile } from '../sync/reconcile.ts';
import { underLease } from '../sync/reconcile-keeper.ts';
import { reconcileLocal } from '../sync/reconcile-local.ts';
import type { Reconciled } from '../sync/reconcile-runs.ts';
import { CommandRecord } from './recorded.ts';

/** How it is made. */
export interface ReconcileOptions {
  readonly dryRun: boolean;
  readonly allowDeletes: boolean;
}

const because = 'ON_DEMAND';

/** With the upper hub. */
export function reconcileWithCity(hub: Hub, { city, ...parts }: PullParts & { readonly city: CityHttp }, registries: readonly RegistryName[], options: ReconcileOptions, say: (line: string) => void): Promise<void> {
  return each(hub, registries, options, [], say, (registry, around) => reconcile({ ...parts, ...around, city, limits: {} }, registry, { because, ...options }));
}

/** What lies here with itself. */
export function reconcileWithSelf(hub: Hub, registries: readonly RegistryName[], options: ReconcileOptions, say: (line: string) => void): Promise<void> {
  const parts = { writing: () => hub.writing(), types: hub.schema.contract.types };
  return each(hub, registries, options, ['local'], say, (registry, around) => reconcileLocal({ ...parts, ...around }, registry, { because, ...options }));
}

type Around = Parameters<Parameters<typeof underLease>[1]>[0];

async function each(hub: Hub, registries: readonly RegistryName[], { dryRun, allowDeletes }: ReconcileOptions, how: readonly string[], say: (line: string) => void, one: (registry: RegistryName, around: Around) => Promise<Reconciled>): Promise<void> {
  const roots = ['sync', 'reconcile', ...registries, ...how, ...(dryRun ? ['dry-run'] : []), ...(allowDeletes ? ['allow-deletes'] : [])];
  const results = await new CommandRecord(hub.audit, { roots }).around(() => underLease(hub.database.sql, async (around) => {
    const done: Reconciled[] = [];
    for (const registry of registries) {
      done.push(await one(registry, around));
      for (const line of linesOf(done.at(-1) as Reconciled, dryRun)) say(line);
    }
    return done;
  }), (done) => ({ rows: done?.reduce((sum, { healed }) => sum + healed, 0) ?? 0 }));
  if (results === null) throw new HubError('CONFLICT', 'Another process reconciles at the moment. Wait until it has ended.');
  const halted = results.find((result) => result.halted !== null);
  if (halted !== undefined) throw new HubError('CONFLICT', halted.halted ?? '');
}

/** What came of it, as lines. */
export function linesOf({ registry, calls, rows, missing, surplus, different, healed, refused, sample, halted }: Reconciled, dryRun: boolean): readonly string[] {
  const drifted = missing + surplus + different;
  const done = halted !== null ? 'halted' : dryRun ? 'nothing was changed' : `${healed} healed${refused === 0 ? '' : `, ${refused} in quarantine`}`;
  return [
    `${registry}: ${rows} compared${calls === 0 ? '' : ` in ${calls} calls`}, ${drifted === 0 ? 'nothing differs' : `${drifted} differ (${missing} not here, ${surplus} only here, ${different} otherwise); ${done}`}.`,
    ...sample.map(({ type, kind, source, bucket, record }) => `  ${kind.toLowerCase().padEnd(9)}  ${type}${source === null ? '' : ` of ${source}`}${bucket === null ? '' : `, bucket ${bucket}`}${record === null ? '' : `, record ${record}`}`),
  ];
}
