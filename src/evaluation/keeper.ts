/**
 * Keeps the evaluation's days, and the records of divisions, counted for as long as the hub serves: one process at a time, whichever holds
 * the lease, one day after the other, and the day that runs every ten minutes. A failure is told and tried again with the next look. Stopping lets the day at hand end.
 */
import { randomUUID } from 'node:crypto';
import { Keeper, pause } from '../db/keeper.ts';
import { acquireLease, releaseLease, renewLease } from '../db/lease.ts';
import { countDay, daysToCount } from './count.ts';
import type { Counting } from './count.ts';
import { keepDivisionCounts } from './divisions.ts';
import type { DivisionCounting } from './divisions.ts';

/** What keeping takes. */
export interface EvaluationKeeperParts {
  readonly counting: () => Counting;
  readonly contract: DivisionCounting['contract'];
  /** Hears of what fails; quotes no data. */
  readonly tell: (error: unknown) => void;
}

const leaseName = 'evaluation';
const everyMs = 600_000;
/** What counting costs is a twentieth of the time at most, however much was asked today. */
const restShare = 20;
/** A day that takes longer is counted by another process as well, to the same end. */
const leaseMs = 120_000;

/** See the head of this file. */
export class EvaluationKeeper extends Keeper {
  readonly #parts: EvaluationKeeperParts;

  constructor(parts: EvaluationKeeperParts) {
    super();
    this.#parts = parts;
  }

  protected async keep(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const since = performance.now();
      try {
        await this.#count();
      } catch (error) {
        this.#parts.tell(error);
      }
      await pause(Math.max(everyMs, restShare * (performance.now() - since)), over);
    }
  }

  async #count(): Promise<void> {
    const { sql } = this.#parts.counting();
    const lease = await acquireLease(sql, leaseName, randomUUID(), leaseMs);
    if (lease === null) return;
    try {
      for (const day of await daysToCount(this.#parts.counting())) {
        if (this.over.aborted || !await renewLease(sql, lease, leaseMs)) return;
        await countDay(this.#parts.counting(), day);
      }
      const { counting, contract } = this.#parts;
      if (!this.over.aborted && await renewLease(sql, lease, leaseMs)) await keepDivisionCounts({ ...counting(), contract });
    } finally {
      await releaseLease(sql, lease).catch(() => undefined);
    }
  }
}
