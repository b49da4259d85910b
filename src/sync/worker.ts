/**
 * Keeps this hub in step with the upper one: whichever process holds the lease pulls each registry's feed, at once while there is more,
 * else every so often; what waits in the quarantine is tried again in between.
 *
 * A failure makes its registry wait, longer each time (or as long as the upper hub asks), and no other. Nothing grows while the upper hub is
 * away: a failure is a row that changes. Stopping lets the step at hand end.
 */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { StatementError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import { registryNames } from '../registries/record.ts';
import type { RegistryName } from '../registries/record.ts';
import { CityError } from './city.ts';
import { noteFailure } from './feed-state.ts';
import { Keeper, pause } from '../db/keeper.ts';
import { acquireLease, fence, LeaseLost, releaseLease, renewLease } from '../db/lease.ts';
import type { Lease } from '../db/lease.ts';
import { RegistryPull } from './pull.ts';
import type { PullParts, Step } from './pull.ts';
import type { Pushed } from './push.ts';

/** What a worker needs. */
export interface WorkerParts extends PullParts {
  readonly sql: postgres.Sql;
  /** Milliseconds between two looks once in step. */
  readonly pollMs: number;
  /** Milliseconds for which the lease is taken; it is renewed at a third of it. */
  readonly leaseMs?: number;
  /** Milliseconds to wait after a first failure, and at most. */
  readonly waitMs?: { readonly first: number; readonly most: number };
  readonly registries?: readonly RegistryName[];
  /** Passes up what is told here, a step at a time (see push.ts); absent: nothing is. */
  readonly push?: (fence: (tx: postgres.TransactionSql) => Promise<void>) => Promise<Pushed>;
  /** Told of what somebody should know: a halted registry, a lost lease, failures. */
  readonly tell: (level: 'error' | 'warn' | 'info', facts: Readonly<Record<string, unknown>>, sentence: string) => void;
}

/** The name of the lease of whoever pulls. */
export const pullLease = 'pull';

const usual = { leaseMs: 15_000, waitMs: { first: 500, most: 60_000 } };

/** See the head of this file. */
export class SyncWorker extends Keeper {
  readonly #parts: WorkerParts;
  readonly #holder = randomUUID();

  constructor(parts: WorkerParts) {
    super();
    this.#parts = parts;
  }

  protected async keep(over: AbortSignal): Promise<void> {
    const leaseMs = this.#parts.leaseMs ?? usual.leaseMs;
    while (!over.aborted) {
      const lease = await acquireLease(this.#parts.sql, pullLease, this.#holder, leaseMs).catch((error: unknown) => this.#tellOf('error', error, 'the lease of the pull could not be taken'));
      if (lease === null) await pause(leaseMs / 3, over);
      else await this.#lead(lease, leaseMs);
    }
  }

  /** Pulls all registries for as long as the lease is this process's. */
  async #lead(lease: Lease, leaseMs: number): Promise<void> {
    const lost = new AbortController();
    const over = AbortSignal.any([lost.signal, this.over]);
    const renewing = (async () => {
      while (!over.aborted) {
        await pause(leaseMs / 3, over);
        if (over.aborted) return;
        // Where the database does not answer the fence will say whether it is lost.
        const held = await renewLease(this.#parts.sql, lease, leaseMs).catch(() => true);
        if (!held) lost.abort();
      }
    })();
    const lose = (): void => lost.abort();
    await Promise.all([
      ...(this.#parts.registries ?? registryNames).map((registry) => this.#follow(new RegistryPull(registry, this.#parts, lease), lease, over, lose)),
      this.#passUp(lease, over, lose),
    ]);
    if (lost.signal.aborted && !this.over.aborted) this.#parts.tell('warn', {}, 'another process pulls from the upper hub now');
    lost.abort();
    await renewing;
    await releaseLease(this.#parts.sql, lease).catch(() => undefined);
  }

  async #follow(pull: RegistryPull, lease: Lease, over: AbortSignal, lose: () => void): Promise<void> {
    const { first, most } = this.#parts.waitMs ?? usual.waitMs;
    let failures = 0;
    while (!over.aborted) {
      try {
        const step = await pull.step();
        failures = 0;
        this.#tellOfStep(pull.registry, step);
        if (step.kind === 'TAKEN' && !step.inStep) continue;
        if (step.kind === 'ANEW') continue;
        // What was taken may be what others wait for.
        while (step.kind !== 'HALTED' && (await pull.redrive()).taken > 0 && !over.aborted);
        await pause(this.#parts.pollMs, over);
      } catch (error) {
        if (error instanceof LeaseLost) return lose();
        if (over.aborted) return;
        failures += 1;
        await this.#note(pull.registry, lease, error, failures);
        const asked = error instanceof CityError ? error.retryAfterMs : null;
        await pause(asked ?? Math.min(most, first * 2 ** (failures - 1)) * (0.5 + Math.random() / 2), over);
      }
    }
  }

  /** Passes up what is told here, until nothing is left; a city that does not take it is asked again later, and holds up no registry. */
  async #passUp(lease: Lease, over: AbortSignal, lose: () => void): Promise<void> {
    const { push, pollMs } = this.#parts;
    const { first, most } = this.#parts.waitMs ?? usual.waitMs;
    let failures = 0;
    while (push !== undefined && !over.aborted) {
      try {
        const { more, refused } = await push((tx) => fence(tx, lease));
        failures = 0;
        if (refused > 0) this.#parts.tell('warn', { refused }, 'the upper hub refused changes; hub sync dead tells which');
        if (!more) await pause(pollMs, over);
      } catch (error) {
        if (error instanceof LeaseLost) return lose();
        if (over.aborted) return;
        failures += 1;
        if (failures === 1 || failures === 10) this.#tellOf(error instanceof CityError ? 'warn' : 'error', error, 'changes could not be passed up');
        const asked = error instanceof CityError ? error.retryAfterMs : null;
        await pause(asked ?? Math.min(most, first * 2 ** (failures - 1)) * (0.5 + Math.random() / 2), over);
      }
    }
  }

  async #note(registry: RegistryName, lease: Lease, error: unknown, failures: number): Promise<void> {
    const sentence = error instanceof CityError || error instanceof HubError || error instanceof StatementError ? error.message : `The pull failed (${error instanceof Error ? error.name : typeof error}).`;
    // A city that is away for a night is told of when it goes, not each time it is asked.
    if (failures === 1 || failures === 10) this.#tellOf(error instanceof CityError ? 'warn' : 'error', error, `${registry} could not be pulled`);
    await noteFailure(this.#parts.sql, lease, registry, sentence, this.#parts.breaker?.() ?? null, this.#parts.writing().now).catch(() => undefined);
  }

  #tellOfStep(registry: RegistryName, step: Step): void {
    if (step.kind === 'HALTED' && step.news) this.#parts.tell('error', { registry, because: step.because }, 'a registry is halted; nothing of it is pulled until somebody has looked');
    if (step.kind === 'ANEW') this.#parts.tell('warn', { registry, because: step.because }, 'the feed begins anew');
    if (step.kind === 'TAKEN' && step.refused > 0) this.#parts.tell('warn', { registry, refused: step.refused }, 'entries went into quarantine; hub sync quarantine list tells which');
  }

  #tellOf(level: 'error' | 'warn', error: unknown, sentence: string): null {
    this.#parts.tell(level, { error: error instanceof CityError ? `${error.failure} ${error.message}` : error instanceof Error ? error.name : typeof error }, sentence);
    return null;
  }
}
