/**
 * Work that goes on for as long as the hub serves: begun once, told to stop once, and waited for. What is done, how often and under which
 * lease (lease.ts) is each keeper's own.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** See the head of this file. */
export abstract class Keeper {
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;

  /** Begins to work; once. */
  start(): void {
    this.#running ??= this.keep(this.over);
  }

  /** Tells the work to stop, and waits until what is at hand has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Aborted once the work is to stop. */
  protected get over(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Works until it is over; rejects never. */
  protected abstract keep(over: AbortSignal): Promise<void>;
}

/** Waits so many milliseconds, or until it is over; holds no process open. */
export async function pause(ms: number, over: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: over, ref: false }).catch(() => undefined);
}
