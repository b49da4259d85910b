/**
 * One chain, walked from its beginning to its end: each record is hashed anew, and what does not fit is named. Where the records come
 * from, the database or a file, is not known here.
 */
import { ends } from './chain.ts';
import { hashOf, rootOf } from './record.ts';
import type { Chain, Head } from './record.ts';

/** Something that does not fit. */
export interface Problem {
  /** What it is about: `record 7/120` (writer/number), `chain 7`, `seal 33`, `scope 12`, `month 202211`. */
  readonly where: string;
  readonly says: string;
}

/** Where a seal has found a chain's end. */
export interface SealedHead extends Pick<Head, 'hash' | 'closed'> {
  readonly seal: string;
  readonly seq: number;
}

/** A record as it is walked over: number, scope, the line that is hashed, hash, outcome. */
export type WalkedRow = readonly [seq: string, scope: string, line: string, hash: string, outcome: string];

/** Names something that does not fit. */
export type Found = (where: string, says: string) => void;

/** The scopes that records name, by their numbers: the digest that each really has. */
export class Scopes {
  readonly #digests = new Map<string, string>();
  /** Those that were asked for and are not there. */
  readonly #gone = new Set<string>();

  set(id: string, digest: string): void {
    this.#digests.set(id, digest);
  }

  /** The digest of a scope; names it once where it is gone. */
  digestFor(scope: string, where: string, found: Found): string | undefined {
    const digest = this.#digests.get(scope);
    if (digest === undefined && !this.#gone.has(scope)) {
      this.#gone.add(scope);
      found(`scope ${scope}`, `is gone; ${where} needs it`);
    }
    return digest;
  }
}

/** See the head of this file. */
export class ChainWalk {
  readonly #writer: string;
  /** The newest first. */
  readonly #heads: SealedHead[];
  readonly #scopes: Scopes;
  readonly #found: Found;
  #previous: string;
  #seq = 0;
  #ended = false;

  /** `heads`: where seals have found its end, the oldest first. */
  constructor(chain: Chain, heads: readonly SealedHead[], scopes: Scopes, found: Found) {
    this.#writer = chain.writer;
    this.#heads = heads.toReversed();
    this.#scopes = scopes;
    this.#found = found;
    this.#previous = rootOf(chain);
  }

  /** Number of the last record. */
  get seq(): number {
    return this.#seq;
  }

  /** Takes the next record. */
  take([text, scope, line, hash, outcome]: WalkedRow): void {
    const number = Number(text);
    const seq = this.#seq;
    const where = `record ${this.#writer}/${number}`;
    if (number > seq + 1) this.#found(where, `follows record ${seq}: ${number - seq - 1} between them ${number - seq === 2 ? 'is' : 'are'} gone`);
    if (number <= seq) this.#found(where, 'stands there twice');
    if (this.#ended) this.#found(where, 'was put behind the end of its chain');
    const digest = this.#scopes.digestFor(scope, where, this.#found);
    // Behind a gap nobody knows what the record hung on.
    if (number === seq + 1 && digest !== undefined && hashOf(this.#previous, digest, line) !== hash) this.#found(where, seq === 0 ? 'or the beginning of its chain has been changed' : 'or the one before it has been changed or replaced');
    while (this.#heads.length > 0 && (this.#heads.at(-1) as SealedHead).seq <= number) this.#compare(where, this.#heads.pop() as SealedHead, number, hash, outcome);
    this.#ended = ends.has(outcome);
    this.#previous = hash;
    this.#seq = number;
  }

  /** There are no more. */
  finish(): void {
    const [last] = this.#heads;
    if (last !== undefined) this.#found(`record ${this.#writer}/${this.#seq + 1}`, `is gone and all behind it: the chain ends at ${this.#seq}, and seal ${last.seal} has sealed ${last.seq} records of it`);
  }

  #compare(where: string, head: SealedHead, number: number, hash: string, outcome: string): void {
    if (head.seq < number) this.#found(where, `stands where seal ${head.seal} has sealed record ${head.seq}, which is gone`);
    else if (head.hash !== hash) this.#found(where, `is another one than seal ${head.seal} has sealed`);
    else if (head.closed !== ends.has(outcome)) this.#found(where, `was ${head.closed ? '' : 'not '}the end of its chain when seal ${head.seal} was made`);
  }
}
