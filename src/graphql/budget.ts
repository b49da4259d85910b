/**
 * Budgets: how much one sender may cost in a minute. A registered caller has an account of its own; whoever shows no valid key shares
 * that of the network address, and all of those together share one more, so that many addresses are not many budgets.
 *
 * An account is a bucket that fills evenly and holds one minute's worth. What is known beforehand is spent before it is done (a
 * request before its body is read, an operation before it is run) and refused when the bucket does not hold it; what turns out on
 * the way (a document that has to be parsed, one that is wrong) is owed. Whoever is refused again and again for what he sends, or goes
 * away before he is answered, is held for a while as if he had nothing left: what he sends that was never read before waits behind everybody's, and
 * long (`turns.ts`); what is known goes on. Accounts are in the memory of one process and start full:
 * several processes give each sender several buckets. Quotas, which are exact over processes, are counted with the records of the audit
 * (quotas.ts). Units are those of `query/cost`.
 */
import { LRUCache } from 'lru-cache';
import { HubError } from '../errors.ts';
import type { Caller } from '../sharing/terms.ts';
import { halting, Turns } from './turns.ts';
import type { Done, Halt, Place, Sender } from './turns.ts';

/** What a request costs beside its operation. */
export const prices = {
  /** Being looked at. */
  request: 10,
  /** A token that was not verified before, from the account of its network address: until then it is anybody's. */
  token: 30,
  /** A password that is looked at, from the account of whoever sends it: some forty a minute of one address. */
  password: 300,
  /** Bytes of a body for one unit. */
  bytes: 100,
  /** A document that was not read before, and so many more for each character. */
  newDocument: 200,
  character: 3,
  /** A document that is refused, each time. */
  refused: 1000,
  /** The contract as text. */
  contract: 500,
} as const;

/** Units a minute. */
export interface Budget {
  /** Of a registered caller. */
  readonly caller: number;
  /** Of a network address, for requests without a valid key. */
  readonly address: number;
}

/** What one request is paid from. */
export interface Account {
  /** Begins the request; throws `RATE_LIMITED` where its sender has too many open. */
  begin(): void;
  /** Ends it; again, it does nothing. What it still waits for is not done any more. */
  end(): void;
  /** Takes this much, or throws `RATE_LIMITED` and takes nothing. */
  spend(cost: number): void;
  /** Takes this much whether or not it is there: what follows waits the longer. */
  owe(cost: number): void;
  /** The request was answered, or it failed by its sender's doing: he went away, or sent what nobody could read or carry. */
  outcome(failed: boolean): void;
  /** Waits for a turn at heavy work: reading what was never read before, or running what is large. Given back when it is done. */
  turn(work: keyof Heavy): Promise<Done>;
  /** The halts of a piece of heavy work that begins now. */
  halts(): Halt;
}

/** The queues of heavy work. */
interface Heavy {
  /** Large bodies. */
  readonly receiving: Turns;
  /** Parsing, validating, compiling: one at a time, it is one process. */
  readonly reading: Turns;
  /** Statements of many records: as many as keep the database and the process busy, and no more. */
  readonly running: Turns;
}

/** How many requests are open. */
interface Count {
  open: number;
}

/** Requests of one sender that may be open at once, of all strangers together ten times as many. */
const mostOpen = 100;

/** Accounts that are kept of each kind; whoever has not asked for longest is forgotten first, and begins anew. */
const mostAccounts = 50_000;

/** All addresses together have so many times the budget of one. */
const addressesTogether = 50;

/** See the head of this file. */
export class Budgets {
  readonly #budget: Budget;
  readonly #now: () => number;
  readonly #callers = new LRUCache<string, Bucket>({ max: mostAccounts });
  readonly #addresses = new LRUCache<string, Bucket>({ max: mostAccounts });
  readonly #strangers: Bucket;
  readonly #heavy: Heavy = { receiving: new Turns({ atOnce: 2, rest: 100 }), reading: new Turns({ atOnce: 1, rest: 100 }), running: new Turns({ atOnce: 8, rest: 0 }) };

  readonly #requests: Count = { open: 0 };

  /** `now`: milliseconds. */
  constructor(budget: Budget, now: () => number) {
    this.#budget = budget;
    this.#now = now;
    this.#strangers = new Bucket(budget.address * addressesTogether, now, 10 * mostOpen);
  }

  /** What a request of whoever asks is paid from. */
  of(caller: Caller, address: string): Account {
    switch (caller.kind) {
      case 'consumer': return new Payer([this.#bucket(this.#callers, `consumer ${caller.consumer}`, this.#budget.caller)], this.#heavy, this.#requests);
      case 'administrator': return new Payer([this.#bucket(this.#callers, `administrator ${caller.code}`, this.#budget.caller)], this.#heavy, this.#requests);
      case 'stranger': return new Payer([this.#bucket(this.#addresses, networkOf(address), this.#budget.address), this.#strangers], this.#heavy, this.#requests);
    }
  }

  #bucket(kept: LRUCache<string, Bucket>, name: string, perMinute: number): Bucket {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const made = new Bucket(perMinute, this.#now, mostOpen);
    kept.set(name, made);
    return made;
  }
}

/** One request's payer: its sender's bucket, and the one that it shares with others. */
class Payer implements Account {
  readonly #buckets: readonly Bucket[];
  readonly #heavy: Heavy;
  readonly #requests: Count;
  #begun: Bucket[] = [];
  #counted = false;
  #place: Place | undefined;

  constructor(buckets: readonly Bucket[], heavy: Heavy, requests: Count) {
    this.#buckets = buckets;
    this.#heavy = heavy;
    this.#requests = requests;
  }

  begin(): void {
    for (const bucket of this.#buckets) {
      bucket.begin();
      this.#begun.push(bucket);
    }
    this.#counted = true;
    this.#requests.open += 1;
  }

  end(): void {
    for (const bucket of this.#begun.splice(0)) bucket.end();
    if (this.#counted) this.#requests.open -= 1;
    this.#counted = false;
    this.#place?.leave();
  }

  spend(cost: number): void {
    for (const bucket of this.#buckets) bucket.spend(cost);
  }

  owe(cost: number): void {
    this.#buckets[0]?.owe(cost);
  }

  outcome(failed: boolean): void {
    for (const bucket of this.#buckets) bucket.outcome(failed);
  }

  turn(work: keyof Heavy): Promise<Done> {
    // Strangers together are one sender: the last bucket is what they share.
    this.#place = this.#heavy[work].take(this.#buckets.at(-1) as Bucket);
    return this.#place.turn;
  }

  halts(): Halt {
    return halting(() => this.#requests.open > 1);
  }
}

/** Whoever has an IPv6 address has a network of 64 bits of them. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((group) => group !== '').length;
  return [...groups, ...Array.from({ length: missing }, () => '0'), ...(tail ?? '').split(':')].slice(0, 4).join(':');
}

const minute = 60_000;

/** Failures above which a sender is held as if he had nothing left; so many are counted and no more, an answer makes up for `redeemed` of them, and so many are forgotten in a second. */
const failures = { many: 4, most: 30, redeemed: 4, forgotten: 0.2 } as const;

class Bucket implements Sender {
  readonly #most: number;
  readonly #now: () => number;
  readonly #mostOpen: number;
  #open = 0;
  #left: number;
  #failures = 0;
  #at: number;

  constructor(perMinute: number, now: () => number, open: number) {
    this.#mostOpen = open;
    this.#most = perMinute;
    this.#now = now;
    this.#left = perMinute;
    this.#at = now();
  }

  spend(cost: number): void {
    this.#fill();
    if (cost > this.#left) {
      if (cost > this.#most) throw new HubError('COST_TOO_HIGH', `This request costs ${cost}; all that this caller may spend in a minute is ${this.#most}. Ask for less in one request.`, { cost, limit: this.#most });
      const retryAfter = Math.max(1, Math.ceil((cost - this.#left) / this.#most * minute / 1000));
      throw new HubError('RATE_LIMITED', `This caller's budget of ${this.#most} a minute is spent. Ask again in ${retryAfter} seconds, and for less at a time.`, { retryAfter, limit: this.#most });
    }
    this.#left -= cost;
  }

  owe(cost: number): void {
    this.#fill();
    // No debt is longer than a minute: whoever stops is heard again soon.
    this.#left = Math.max(this.#left - cost, -this.#most);
  }

  get left(): number {
    this.#fill();
    const left = this.#left / this.#most;
    return this.#failures > failures.many ? Math.min(left, -1) : left;
  }

  outcome(failed: boolean): void {
    this.#fill();
    this.#failures = failed ? Math.min(this.#failures + 1, failures.most) : Math.max(this.#failures - failures.redeemed, 0);
  }

  begin(): void {
    if (this.#open >= this.#mostOpen) throw new HubError('RATE_LIMITED', `${this.#open} requests of this caller are open already. Ask again in 1 second, and fewer at once.`, { retryAfter: 1, limit: this.#mostOpen });
    this.#open += 1;
  }

  end(): void {
    this.#open -= 1;
  }

  #fill(): void {
    const now = this.#now();
    // A clock that is set back gives nothing and takes nothing.
    if (now > this.#at) {
      this.#left = Math.min(this.#most, this.#left + (now - this.#at) / minute * this.#most);
      this.#failures = Math.max(this.#failures - (now - this.#at) / 1000 * failures.forgotten, 0);
    }
    this.#at = now;
  }
}
