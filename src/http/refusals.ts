/**
 * What is refused before it is read (budgets, sizes, bodies that are no JSON, whoever has no key for a large one) is counted here, by whose
 * it was and why, and written down together: a flood of requests is not to become a flood of records.
 *
 * One record a minute at most for each caller and reason, all strangers being one, and what is left when the hub ends. Nobody waits for
 * it. What cannot be written down just now is kept and counted on.
 */
import { Scope } from '../audit/record.ts';
import type { ScopeFacts } from '../audit/record.ts';
import type { Audit } from '../audit/writer.ts';
import type { Caller } from '../sharing/terms.ts';

/** What a tally is made of. */
export interface RefusalParts {
  readonly audit: Pick<Audit, 'write'>;
  readonly now: () => Date;
  /** Version of the policy that is in force. */
  readonly policy: () => string;
}

interface Refused {
  readonly scope: Scope;
  readonly code: string;
  /** What was done so often, behind the number. */
  readonly says: string;
  count: number;
  /** Milliseconds since the epoch. */
  from: number;
  until: number;
}

/** How often what was counted is written down. */
export const refusalsEveryMs = 60_000;

/** See the head of this file. */
export class Refusals {
  readonly #parts: RefusalParts;
  #counted = new Map<string, Refused>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: RefusalParts) {
    this.#parts = parts;
  }

  /** Counts one; `status`: of HTTP. */
  count(caller: Caller, code: string, status: number): void {
    const key = `${caller.kind === 'consumer' ? `consumer ${caller.consumer}` : caller.kind === 'administrator' ? `administrator ${caller.code}` : ''}|${code}|${status}`;
    this.#count(key, code, () => ({ scope: new Scope(factsOf(caller)), says: `refused before they were read (HTTP ${status})` }));
  }

  /** Counts one of what a scope tells of; `says`: what it is, behind the number. */
  tell(scope: Scope, code: string, says: string): void {
    this.#count(`${scope.digest}|${code}`, code, () => ({ scope, says }));
  }

  #count(key: string, code: string, make: () => Pick<Refused, 'scope' | 'says'>): void {
    const at = this.#parts.now().getTime();
    const known = this.#counted.get(key);
    if (known === undefined) this.#counted.set(key, { ...make(), code, count: 1, from: at, until: at });
    else {
      known.count += 1;
      known.until = at;
    }
  }

  /** Writes down what was counted since the last time; never throws. */
  async write(): Promise<void> {
    const counted = this.#counted;
    this.#counted = new Map();
    await Promise.all([...counted].map(([key, refused]) => this.#writeOne(refused).catch(() => this.#keep(key, refused))));
  }

  #writeOne({ scope, code, says, count, from, until }: Refused): Promise<void> {
    const reason = `${count} ${says}, from ${new Date(from).toISOString()} until ${new Date(until).toISOString()}.`;
    return this.#parts.audit.write({ at: this.#parts.now().getTime(), request: '', scope, operator: '', caseNo: '', variables: '', outcome: code, reason, rows: 0, reference: '', policy: this.#parts.policy(), micros: 0, subjects: [] });
  }

  #keep(key: string, refused: Refused): void {
    const since = this.#counted.get(key);
    if (since === undefined) this.#counted.set(key, refused);
    else {
      since.count += refused.count;
      since.from = refused.from;
    }
  }

  /** Writes every minute from now on. */
  watch(): void {
    this.#timer ??= setInterval(() => void this.write(), refusalsEveryMs);
    this.#timer.unref();
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.write();
  }
}

function factsOf(caller: Caller): ScopeFacts {
  return {
    kind: 'REFUSALS',
    ...(caller.kind === 'consumer' ? { consumer: caller.consumer, department: caller.department } : {}),
    ...(caller.kind === 'administrator' ? { administrator: caller.code, department: caller.department } : {}),
  };
}
