/**
 * Writes records down: an answer waits for its record, and without it there is none.
 *
 * Group commit, paced by no timer: what comes while a statement runs goes into the next one, so that a batch is as large as the
 * database is slow. Look-ups that are being answered at that moment are waited for, but for no longer than a commit takes: each commit
 * costs both processes as much as several records, and whoever comes just after one waits for two. One statement at a time, on a connection of its own, because a chain has one end. What fails in a way that
 * leaves open whether it was written is looked up before it is tried again; whose place in the chain was taken begins another one.
 *
 * While the database does not take records, everything is refused (`AUDIT_UNAVAILABLE`), but for answers of open reference data
 * within the configured grace: their records are kept and written first when it takes them again.
 */
import type postgres from 'postgres';
import { LRUCache } from 'lru-cache';
import { HubError } from '../errors.ts';
import { append, appendTaking, ends, holdLife, mark, openChain, placed, scopeIds, tailOf } from './chain.ts';
import type { Tail } from './chain.ts';
import { isUsedUp, lockUses, settle, usesAnything, usesText } from './quota.ts';
import type { Settled } from './quota.ts';
import { atEnd, monthOf } from './record.ts';
import type { Chain, Entry, Scope } from './record.ts';

/** What an audit does for those who answer. */
export interface Audit {
  /** Keyed digest of a text (HMAC-SM3): the same text has the same, and nobody without the key can try texts against it. */
  digest(text: string | Uint8Array): string;
  /** Resolves when the record is written; throws `AUDIT_UNAVAILABLE`, and where something that it uses is used up the refusal that was written in its place. */
  write(entry: Entry): Promise<void>;
}

/** What an audit has to do at a moment. */
export interface AuditLoad {
  readonly waiting: number;
  readonly kept: number;
  readonly failing: boolean;
}

/** How a writer is made. */
export interface WriterOptions {
  /** A client with one connection that stays. */
  readonly connect: () => postgres.Sql;
  /** Several processes may use the database. */
  readonly server: boolean;
  /** What this process does: `serve`, `import` … */
  readonly process: string;
  readonly now: () => Date;
  readonly digest: (text: string | Uint8Array) => string;
  /** For how long open reference data is answered while nothing can be written, in milliseconds. */
  readonly graceMs: number;
  /** For how long an answer waits for its record, in milliseconds. */
  readonly patienceMs?: number;
  /** How many look-ups are being answered at this moment: their records are about to come. Default: nobody knows of any. */
  readonly coming?: () => number;
  /** Hears of what fails, once each time that it begins to. */
  readonly onFailure: (error: unknown) => void;
}

/** Records that go into one statement. */
const most = 1000;
/** When nobody comes of those who were about to, in milliseconds. */
const longestGatheringMs = 2;
/** Records kept while nothing can be written. */
const mostKept = 100_000;

interface Batch {
  readonly entries: Entry[];
  readonly done: Promise<void>;
  readonly refuse: (error: HubError) => void;
}

/** See the head of this file. */
export class AuditWriter implements Audit {
  readonly #options: WriterOptions;
  readonly #patienceMs: number;
  readonly #ids = new WeakMap<Scope, string>();
  #sql: postgres.Sql | undefined;
  #chain: Chain | undefined;
  #tail: Tail = { seq: 0, hash: '' };
  /** What the statement that failed was to write, and where the chain ends if it was completed all the same; null: nothing is in doubt. */
  #doubt: { readonly entries: readonly Entry[]; readonly tail: Tail } | null = null;
  #next: Batch | undefined;
  /** A batch waits for those who are about to come; undefined: none does. */
  #gathering: { readonly since: number; readonly end: () => void } | undefined;
  /** How long a commit takes, of late. */
  #commitMs = 1;
  #running: Promise<void> = Promise.resolve();
  /** A statement runs longer than anybody waits. */
  #stuck = false;
  #downSince: number | undefined;
  #kept: Entry[] = [];
  /** Records that were written as refusals. */
  readonly #refused = new WeakMap<Entry, HubError>();
  /** How often at least what was found used up was used, by its name: it is not asked for again. */
  readonly #usedUp = new LRUCache<string, number>({ max: 10_000 });
  #closed: Promise<void> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#patienceMs = options.patienceMs ?? 5000;
  }

  /** The chain that is written now; undefined: none has been begun. */
  get chain(): Chain | undefined {
    return this.#chain;
  }

  /** How many records wait to be written, and are kept until they can be; and whether none is taken at the moment. */
  get load(): AuditLoad {
    return { waiting: this.#next?.entries.length ?? 0, kept: this.#kept.length, failing: this.#downSince !== undefined };
  }

  digest(text: string | Uint8Array): string {
    return this.#options.digest(text);
  }

  write(entry: Entry): Promise<void> {
    const written = this.#closed !== undefined || this.#stuck ? Promise.reject(unavailable()) : this.#enqueue(entry);
    if (entry.uses !== undefined) return written.then(() => this.#heard(entry));
    return entry.scope.open && this.#options.graceMs > 0 && entry.subjects.length === 0 ? written.catch((error: unknown) => this.#keep(entry, error)) : written;
  }

  #heard(entry: Entry): void {
    const refused = this.#refused.get(entry);
    if (refused !== undefined) throw refused;
  }

  /** Waits for what is queued, ends the chain and disconnects. */
  close(): Promise<void> {
    return (this.#closed ??= this.#end());
  }

  async #end(): Promise<void> {
    // The batch that is gathered is part of what runs.
    await this.#running;
    if (this.#chain !== undefined) await this.#commit([mark(this.#options.process, 'CLOSED', this.#options.now().getTime())]).catch(() => undefined);
    await this.#sql?.end({ timeout: 5 });
  }

  #enqueue(entry: Entry): Promise<void> {
    if (this.#next === undefined || this.#next.entries.length >= most) this.#next = this.#begin();
    this.#next.entries.push(entry);
    if (this.#gathering !== undefined && (this.#nobodyComes() || this.#next.entries.length >= most || performance.now() - this.#gathering.since >= this.#commitMs)) this.#gathering.end();
    return this.#next.done;
  }

  #nobodyComes(): boolean {
    return (this.#options.coming?.() ?? 0) === 0;
  }

  /** Waits for those who are about to come; whether they have is looked at with each that does. */
  #gathered(): Promise<void> | undefined {
    if (this.#nobodyComes()) return undefined;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(late);
        this.#gathering = undefined;
        resolve();
      };
      const late = setTimeout(end, longestGatheringMs);
      this.#gathering = { since: performance.now(), end };
    });
  }

  #begin(): Batch {
    const entries: Entry[] = [];
    let refuse: Batch['refuse'] = () => undefined;
    let settle = (): void => undefined;
    const done = new Promise<void>((resolve, reject) => {
      settle = resolve;
      refuse = reject;
    });
    const batch: Batch = { entries, done, refuse };
    // What the same turn of the event loop brings goes along.
    this.#running = this.#running.then(() => this.#gathered()).then(() => new Promise<void>((turn) => { setImmediate(turn); })).then(async () => {
      if (this.#next === batch) this.#next = undefined;
      await this.#flush(batch, settle);
    });
    // Whoever waits hears of it; when all have been refused already nobody does.
    done.catch(() => undefined);
    return batch;
  }

  async #flush({ entries, refuse }: Batch, settle: () => void): Promise<void> {
    const late = setTimeout(() => {
      this.#stuck = true;
      this.#failed(new Error('the database takes no records'));
      refuse(unavailable());
      // Who has come since waits for the same; of the statement that runs nobody knows whether it will be completed.
      this.#next?.refuse(unavailable());
      if (this.#next !== undefined) this.#next.entries.length = 0;
    }, this.#patienceMs);
    try {
      const kept = this.#kept.splice(0);
      try {
        const began = performance.now();
        await this.#commit(kept.length === 0 ? entries : [...kept, ...entries]);
        this.#commitMs += (performance.now() - began - this.#commitMs) / 16;
      } catch (error) {
        this.#kept = [...kept, ...this.#kept].slice(0, mostKept);
        throw error;
      }
      this.#downSince = undefined;
      settle();
    } catch (error) {
      this.#failed(error);
      refuse(unavailable());
    } finally {
      clearTimeout(late);
      this.#stuck = false;
    }
  }

  #failed(error: unknown): void {
    if (this.#downSince === undefined) this.#options.onFailure(error);
    this.#downSince ??= this.#options.now().getTime();
  }

  #keep(entry: Entry, error: unknown): void {
    const since = this.#downSince ?? this.#options.now().getTime();
    if (this.#options.now().getTime() - since >= this.#options.graceMs || this.#kept.length >= mostKept) throw error;
    this.#kept.push(entry);
  }

  /** Writes records, trying again what failed in passing until nobody would wait any longer. */
  async #commit(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const deadline = performance.now() + this.#patienceMs;
    for (let pause = 20; ; pause = Math.min(500, pause * 2)) {
      try {
        await this.#attempt(entries);
        return;
      } catch (error) {
        if (performance.now() + pause > deadline) throw error;
        await new Promise((wake) => { setTimeout(wake, pause); });
      }
    }
  }

  async #attempt(entries: readonly Entry[]): Promise<void> {
    const sql = (this.#sql ??= this.#options.connect());
    if (this.#doubt !== null && await this.#wasWritten(sql, this.#doubt) === entries) return;
    const first = entries[0] as Entry;
    if (this.#chain !== undefined && monthOf(first.at) > this.#chain.month) {
      await this.#put(sql, [mark(this.#options.process, 'CLOSED', first.at)]);
      this.#chain = undefined;
    }
    const at = this.#options.now().getTime();
    if (this.#chain === undefined) {
      // A clock that goes back does not go back to a month that has ended.
      const chain = await openChain(sql, this.#options.process, Math.max(at, first.at), this.#options.server);
      this.#tail = await tailOf(sql, chain);
      this.#chain = chain;
    }
    if (this.#tail.seq === 0) await this.#put(sql, [mark(this.#options.process, 'OPENED', at)]);
    await this.#put(sql, entries);
  }

  async #put(sql: postgres.Sql, entries: readonly Entry[]): Promise<void> {
    if (!usesAnything(entries)) {
      await this.#number(sql, entries.map(({ scope }) => scope));
      const { text, tail } = this.#behind(entries, entries);
      await append(sql, this.#chain as Chain, this.#tail, text);
      this.#endsNow(tail);
      return;
    }
    const settled = settle(entries, (name) => this.#usedUp.get(name) ?? 0);
    await this.#number(sql, settled.entries.map(({ scope }) => scope));
    try {
      this.#endsNow(await this.#take(sql, entries, settled, true));
    } catch (error) {
      if (!isUsedUp(error)) throw error;
      this.#endsNow(await this.#takeInTurn(sql, entries));
    }
  }

  /** Something is used up for all that a batch takes together: for which of its records is decided while nobody else takes any of it. */
  async #takeInTurn(sql: postgres.Sql, entries: readonly Entry[]): Promise<Tail> {
    // Not within the transaction: what it takes back would be known all the same.
    await this.#number(sql, entries.flatMap(({ scope, uses }) => (uses === undefined ? [scope] : [scope, uses.scope()])));
    return await sql.begin(async (tx) => {
      const used = await lockUses(tx, entries);
      for (const [name, { count, least }] of used) if (count >= least) this.#usedUp.set(name, count);
      return this.#take(tx, entries, settle(entries, (name) => used.get(name)?.count ?? 0), false);
    }) as Tail;
  }

  /** Writes a batch and takes what it uses, and gives the chain's end; `least`: see `usesText`. */
  async #take(sql: postgres.Sql | postgres.TransactionSql, entries: readonly Entry[], settled: Settled, least: boolean): Promise<Tail> {
    for (const entry of entries) this.#refused.delete(entry);
    for (const [entry, error] of settled.refused) this.#refused.set(entry, error);
    const { text, tail } = this.#behind(entries, settled.entries);
    const [chain, { size }] = [this.#chain as Chain, settled.taken];
    await (size === 0 ? append(sql, chain, this.#tail, text) : appendTaking(sql, chain, this.#tail, text, usesText(settled.taken, least), size));
    return tail;
  }

  /** Records as they are written behind the chain's end; from now on it is in doubt whether they are. `asked`: as they were given. */
  #behind(asked: readonly Entry[], entries: readonly Entry[]): { readonly text: string; readonly tail: Tail } {
    let { hash } = this.#tail;
    let text = '';
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index] as Entry;
      const one = placed(entry, this.#ids.get(entry.scope) as string, hash);
      text += index === 0 ? one.text : `${atEnd}${one.text}`;
      hash = one.hash;
    }
    const tail = { seq: this.#tail.seq + entries.length, hash };
    this.#doubt = { entries: asked, tail };
    return { text, tail };
  }

  #endsNow(tail: Tail): void {
    this.#doubt = null;
    this.#tail = tail;
  }

  /** Sees to it that all these scopes have their numbers, however many are new: nobody waits for each of them in turn. */
  async #number(sql: postgres.Sql, scopes: readonly Scope[]): Promise<void> {
    const fresh = new Set(scopes.filter((scope) => !this.#ids.has(scope)));
    if (fresh.size === 0) return;
    const ids = await scopeIds(sql, [...fresh]);
    for (const scope of fresh) this.#ids.set(scope, ids.get(scope.digest) as string);
  }

  /** Looks up what a failed statement has written, and gives it; null: nothing. Where somebody else has gone on with the chain, it is given up. */
  async #wasWritten(sql: postgres.Sql, { entries, tail: end }: { readonly entries: readonly Entry[]; readonly tail: Tail }): Promise<readonly Entry[] | null> {
    const chain = this.#chain as Chain;
    // The connection may be another one, which holds nothing.
    if (this.#options.server) await holdLife(sql, chain.writer);
    const tail = await tailOf(sql, chain);
    this.#doubt = null;
    const written = tail.hash === end.hash;
    if (!written && (tail.seq !== this.#tail.seq || tail.hash !== this.#tail.hash)) this.#chain = undefined;
    if (written && entries.some(({ outcome }) => ends.has(outcome))) this.#chain = undefined;
    this.#tail = tail;
    return written ? entries : null;
  }
}

function unavailable(): HubError {
  return new HubError('AUDIT_UNAVAILABLE', 'What is answered has to be written down, and that cannot be done at the moment. Try again later; the operator has to look at the database of the audit.');
}
