/**
 * Works on comparisons for as long as the hub serves: one process at a time, whichever holds the lease, chunk after chunk, and looks every so
 * often whether anything waits. A failure waits and is tried again; what is used up today goes on tomorrow. Stopping lets the chunk at hand end.
 */
import { randomUUID } from 'node:crypto';
import { Keeper, pause } from '../db/keeper.ts';
import { acquireLease, fence, LeaseLost, releaseLease, renewLease } from '../db/lease.ts';
import type { Lease } from '../db/lease.ts';
import { compareNext, deleteExpired } from './comparison-run.ts';
import type { RunParts } from './comparison-run.ts';

/** What keeping takes. */
export interface KeeperParts extends Omit<RunParts, 'fence'> {
  /** Hears of what fails; quotes no data. */
  readonly tell: (error: unknown) => void;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
  readonly leaseMs?: number;
}

/** The name of the lease of whoever compares. */
export const comparisonLease = 'comparison';

const usual = { everyMs: 1000, leaseMs: 15_000, expiryMs: 60_000 };

/** See the head of this file. */
export class ComparisonKeeper extends Keeper {
  readonly #parts: KeeperParts;
  readonly #holder = randomUUID();
  #woken = new AbortController();
  #expired = 0;

  constructor(parts: KeeperParts) {
    super();
    this.#parts = parts;
  }

  /** Something waits: it need not wait for the next look. */
  wake(): void {
    this.#woken.abort();
  }

  protected async keep(over: AbortSignal): Promise<void> {
    const { everyMs = usual.everyMs, leaseMs = usual.leaseMs, sql } = this.#parts;
    while (!over.aborted) {
      try {
        if (await this.#waits()) {
          const lease = await acquireLease(sql, comparisonLease, this.#holder, leaseMs);
          if (lease !== null) await this.#work(lease, leaseMs);
        }
      } catch (error) {
        if (!(error instanceof LeaseLost)) this.#parts.tell(error);
      }
      await pause(everyMs, AbortSignal.any([over, this.#woken.signal]));
      this.#woken = new AbortController();
    }
  }

  /** Whether anything waits is asked without the lease: mostly nothing does. */
  async #waits(): Promise<boolean> {
    const { sql, now } = this.#parts;
    const at = now();
    if (at.getTime() - this.#expired >= usual.expiryMs) {
      await deleteExpired(sql, at.toISOString());
      this.#expired = at.getTime();
    }
    const rows = await sql`select 1 from comparison where state in ('WAITING', 'RUNNING') and (not_before is null or not_before <= ${at.toISOString()}) limit 1`;
    return rows.length > 0;
  }

  async #work(lease: Lease, leaseMs: number): Promise<void> {
    const { sql } = this.#parts;
    const run: RunParts = { ...this.#parts, fence: (tx) => fence(tx, lease) };
    let renewed = performance.now();
    try {
      while (!this.over.aborted && await compareNext(run)) {
        if (performance.now() - renewed < leaseMs / 3) continue;
        if (!await renewLease(sql, lease, leaseMs)) throw new LeaseLost(comparisonLease);
        renewed = performance.now();
      }
    } finally {
      await releaseLease(sql, lease).catch(() => undefined);
    }
  }
}
