/**
 * What the hub has seen of network addresses lately: do connections from there bear answers to registered callers, or nothing?
 *
 * It decides who goes first (`arrivals.ts`), and nothing else: what a request may cost and what it may see is asked of the request.
 * An address is known again by one answer, and forgotten where nothing comes from it for a while. Kept in the memory of one process,
 * so many addresses and no more.
 */
import { LRUCache } from 'lru-cache';
import { networkOf } from '../graphql/budget.ts';

/** `known`: registered callers are answered there; `new`: nothing is known of it; `fruitless`: connections were opened, and have borne nothing yet. */
export type Repute = 'known' | 'new' | 'fruitless';

/** So many connections may be opened for one answer; and so many are remembered at most. */
const worth = 4;
const most = 100;

/** Addresses that are remembered, and for how long after the last thing that was seen of each, in milliseconds. */
const kept = { max: 50_000, ttl: 600_000 } as const;

/** See the head of this file. */
export class Addresses {
  /** Connections that may still be opened; below nothing where more were. */
  readonly #seen: LRUCache<string, { left: number }>;

  /** `now`: milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#seen = new LRUCache({ ...kept, perf: { now }, ttlResolution: 0 });
  }

  of(address: string): Repute {
    const left = this.#seen.get(networkOf(address))?.left ?? 0;
    return left > 0 ? 'known' : left < 0 ? 'fruitless' : 'new';
  }

  /** A connection from there is opened. */
  opened(address: string): void {
    this.#note(address, (left) => Math.max(left - 1, -1));
  }

  /** A registered caller was answered on a connection from there. */
  answered(address: string): void {
    this.#note(address, (left) => Math.min(Math.max(left, 0) + worth, most));
  }

  #note(address: string, next: (left: number) => number): void {
    const network = networkOf(address);
    this.#seen.set(network, { left: next(this.#seen.get(network)?.left ?? 0) });
  }
}
