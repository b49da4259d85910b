/**
 * Reconciles by itself: each night, and where the pull asks for it (its feed began anew), whichever process
 * holds the lease compares the registries that are due with the upper hub, and then what lies here with itself.
 *
 * What fails is told of and tried again an hour later. Stopping ends a run between two of its steps; what was healed by then stays.
 */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { registryNames } from '../registries/record.ts';
import type { RegistryName } from '../registries/record.ts';
import { CityError } from './city.ts';
import { Keeper, pause } from '../db/keeper.ts';
import { acquireLease, fence, LeaseLost, releaseLease, renewLease } from '../db/lease.ts';
import type { Lease } from '../db/lease.ts';
import { reconcile } from './reconcile.ts';
import type { ReconcileParts, RunOptions } from './reconcile.ts';
import { reconcileLocal } from './reconcile-local.ts';
import { reconcileDue } from './reconcile-runs.ts';
import type { Reconciled } from './reconcile-runs.ts';

/** What keeping takes. */
export interface KeeperParts extends ReconcileParts {
  readonly sql: postgres.Sql;
  /** Milliseconds between two looks whether anything is due. */
  readonly everyMs?: number;
  readonly tell: (level: 'error' | 'warn' | 'info', facts: Readonly<Record<string, unknown>>, sentence: string) => void;
}

/** The name of the lease of whoever reconciles. */
export const reconcileLease = 'reconcile';

/** A step (one call and what it brings about) ends well within it. */
const leaseMs = 120_000;
const usualEveryMs = 60_000;

/** Works under the lease: each step renews it, each transaction is fenced. Null: another process has it. */
export async function underLease<T>(sql: postgres.Sql, work: (around: Required<Pick<ReconcileParts, 'beat' | 'fence'>>) => Promise<T>): Promise<T | null> {
  const lease = await acquireLease(sql, reconcileLease, randomUUID(), leaseMs);
  if (lease === null) return null;
  try {
    return await work({ beat: beatOf(sql, lease), fence: (tx) => fence(tx, lease) });
  } finally {
    await releaseLease(sql, lease).catch(() => undefined);
  }
}

function beatOf(sql: postgres.Sql, lease: Lease): () => Promise<void> {
  let renewed = performance.now();
  return async () => {
    if (performance.now() - renewed < leaseMs / 6) return;
    if (!await renewLease(sql, lease, leaseMs)) throw new LeaseLost(reconcileLease);
    renewed = performance.now();
  };
}

/** See the head of this file. */
export class ReconcileKeeper extends Keeper {
  readonly #parts: KeeperParts;

  constructor(parts: KeeperParts) {
    super();
    this.#parts = parts;
  }

  protected async keep(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.look().catch((error: unknown) => this.#failed('every registry', error));
      await pause(this.#parts.everyMs ?? usualEveryMs, over);
    }
  }

  /** Reconciles what is due now; what came of it. */
  async look(): Promise<readonly Reconciled[]> {
    const { sql, writing } = this.#parts;
    const due: { readonly registry: RegistryName; readonly because: string }[] = [];
    for (const registry of registryNames) {
      const because = await reconcileDue(sql, registry, writing().now);
      if (because !== null) due.push({ registry, because });
    }
    if (due.length === 0) return [];
    const done = await underLease(sql, async ({ beat, fence: fenced }) => {
      const steady = async (): Promise<void> => {
        if (this.over.aborted) throw new Stopped();
        await beat();
      };
      const results: Reconciled[] = [];
      for (const { registry, because } of due) results.push(...await this.#one({ ...this.#parts, beat: steady, fence: fenced, over: this.over }, registry, { because }));
      return results;
    });
    return done ?? [];
  }

  async #one(parts: ReconcileParts, registry: RegistryName, options: RunOptions): Promise<readonly Reconciled[]> {
    try {
      const results = [await reconcile(parts, registry, options), await reconcileLocal(parts, registry, options)];
      for (const { halted, missing, surplus, different, healed, refused } of results) {
        const facts = { registry, missing, surplus, different, healed, refused };
        if (halted !== null) this.#parts.tell('error', { ...facts, halted }, 'a reconciliation was halted; nothing was removed until somebody has looked');
        else if (missing + surplus + different > 0) this.#parts.tell('warn', facts, 'records had drifted and were healed');
      }
      return results;
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      this.#failed(registry, error);
      return [];
    }
  }

  #failed(registry: string, error: unknown): void {
    // What broke off because the hub stops is nobody's failure.
    if (this.over.aborted) return;
    this.#parts.tell('warn', { registry, error: error instanceof CityError ? `${error.failure} ${error.message}` : error instanceof Error ? error.name : typeof error }, 'a reconciliation failed, and is made again later');
  }
}

/** The hub stops. */
class Stopped extends Error {}
