/**
 * A lane: the hot path's own way to the database. One statement in, its rows out, counted.
 *
 * A text is prepared from its second use: preparing costs a statement that is asked once more than it gains, and one
 * prepared three-level statement costs the backend about 70 KB that the driver never gives back. So what a lane has prepared
 * is bounded: beyond the bound it goes on with a fresh client and lets the old one finish and go. A lane has no
 * transactions, refuses undefined parameters, and lets no SQL text or value out in an error.
 */
import { hash } from 'node:crypto';
import type postgres from 'postgres';
import { safeError, StatementError } from './failures.ts';

/** One row: column name → value. Numbers up to 32 bit and floats are numbers, booleans booleans, bytea a Buffer, everything else text. */
export type Row = Record<string, unknown>;

/** Rows as PostgreSQL sent them: each the list of its columns, with the names of these. */
export type SentRows = readonly (readonly (Buffer | null)[])[] & { readonly columns: readonly { readonly name: string }[] };

/** How a lane is made. */
export interface LaneOptions {
  /** Makes the lane's client, again at each swap. */
  readonly connect: () => postgres.Sql;
  /** Texts that are remembered as seen. */
  readonly known?: number;
  /** Texts that are prepared before the client is swapped. */
  readonly prepared?: number;
}

interface Generation {
  readonly sql: postgres.Sql;
  /** Texts that this client has prepared, on one connection at least. */
  readonly prepared: Set<string>;
  running: number;
}

/** See the head of this file. */
export class Lane {
  readonly #connect: () => postgres.Sql;
  readonly #knownLimit: number;
  readonly #preparedLimit: number;
  /** Digests of texts seen, oldest first: the texts themselves would be megabytes of what clients made up. */
  readonly #known = new Set<string>();
  /** The client that was swapped out and is not gone yet: one at a time, so a lane holds at most twice its connections. */
  #leaving: Generation | undefined;
  #gone: Promise<void> = Promise.resolve();
  #now: Generation;
  #statements = 0;
  #swaps = 0;

  constructor(options: LaneOptions) {
    this.#connect = options.connect;
    this.#knownLimit = options.known ?? 2000;
    this.#preparedLimit = options.prepared ?? 200;
    this.#now = this.#begin();
  }

  /** Statements sent so far; the difference around an operation is its round trips. */
  get statements(): number {
    return this.#statements;
  }

  /** Statements that are not answered yet. */
  get running(): number {
    return this.#now.running + (this.#leaving?.running ?? 0);
  }

  /** How often the client was swapped to forget what it had prepared. */
  get swaps(): number {
    return this.#swaps;
  }

  /**
   * Runs one statement. `name` is a name chosen by code for error messages. JSON parameters are JSON text.
   * Throws `UNAVAILABLE` if the database cannot answer or took too long, else a `StatementError`.
   */
  async query(text: string, params: readonly unknown[] = [], name?: string): Promise<Row[]> {
    return [...await this.#run(text, params, name, (sent) => sent)];
  }

  /** The same, each value as the bytes that came, of which nothing is made: UTF-8 of what PostgreSQL writes. */
  async bytes(text: string, params: readonly unknown[] = [], name?: string): Promise<SentRows> {
    return await this.#run<(Buffer | null)[]>(text, params, name, (sent) => sent.raw() as never) as never;
  }

  async #run<T = Row>(text: string, params: readonly unknown[], name: string | undefined, as: (sent: postgres.PendingQuery<Row[]>) => PromiseLike<readonly T[] & { readonly command: string }>): Promise<readonly T[]> {
    const missing = params.indexOf(undefined);
    if (missing >= 0) throw new TypeError(`Parameter $${missing + 1} of ${name ?? 'a statement'} is undefined; say null if that is what is meant`);
    const generation = this.#generationFor(text);
    const prepare = generation.prepared.has(text);
    // Without `simple: false` the driver sends a statement that has no parameters as a simple query, never prepared.
    const how = { prepare, simple: false };
    generation.running++;
    this.#statements++;
    try {
      const result = await as(generation.sql.unsafe<Row[]>(text, params as (string | null)[], how));
      // A database names the command it completed. Without this an answer that broke off would read as "nothing found".
      if (!result.command) throw new StatementError(`${name ?? 'A statement'} was not completed by the database`, '', undefined, undefined);
      return result;
    } catch (error) {
      throw safeError(error, name);
    } finally {
      generation.running--;
      if (generation === this.#leaving && generation.running === 0) this.#dismiss(generation);
    }
  }

  /** Waits for what runs and disconnects; what waits longer than `seconds` is cut off. */
  async close(seconds = 5): Promise<void> {
    await Promise.all([this.#now.sql.end({ timeout: seconds }), this.#leaving?.sql.end({ timeout: seconds }), this.#gone]);
  }

  /** The client to use for `text`, after noting its use: first seen, then prepared, and swapping when there are too many. */
  #generationFor(text: string): Generation {
    if (this.#now.prepared.has(text)) return this.#now;
    const digest = hash('sha1', text, 'base64');
    const seen = this.#known.delete(digest);
    this.#known.add(digest);
    if (!seen) {
      if (this.#known.size > this.#knownLimit) this.#known.delete(this.#known.values().next().value ?? '');
      return this.#now;
    }
    if (this.#now.prepared.size >= this.#preparedLimit) {
      // In a burst of new texts the client before may still be at work; until it is gone they go unprepared.
      if (this.#leaving) return this.#now;
      this.#swap();
    }
    this.#now.prepared.add(text);
    return this.#now;
  }

  #begin(): Generation {
    return { sql: this.#connect(), prepared: new Set(), running: 0 };
  }

  #swap(): void {
    this.#leaving = this.#now;
    this.#now = this.#begin();
    this.#swaps++;
    if (this.#leaving.running === 0) this.#dismiss(this.#leaving);
  }

  /** Only an idle client is ended: the driver drops statements that are still in its own queue when it is. */
  #dismiss(old: Generation): void {
    this.#gone = old.sql.end({ timeout: 5 }).catch(() => undefined).finally(() => (this.#leaving = undefined));
  }
}
