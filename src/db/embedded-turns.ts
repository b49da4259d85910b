/**
 * Turns: lets several socket connections share the one session of the embedded database without mixing.
 *
 * pglite-socket queues single protocol MESSAGES of all connections in one row. The embedded database has one session, so
 * between one connection's Parse and its Bind another one's Parse replaces the unnamed statement: with two connections
 * half of the answers belonged to somebody else (measured). This queue takes its place: a connection owns the session
 * from its first message until the Sync (or simple query) that ends its cycle, and longer while its transaction is open.
 * The engine also says "ready" twice after an error inside the extended protocol (at once, and again at the Sync), which makes
 * a driver give one statement's end to the next one; only the one that belongs to the end of the cycle is passed on.
 * A statement that overflows the engine's stack ends there without result or error, or without an end; it gets an error here,
 * because a driver would read the one as "nothing found" and wait for ever on the other.
 * When a connection goes, its transaction is rolled back and the statements it had prepared are closed, as a server does.
 *
 * It refuses nothing and judges nothing: it knows message types, not SQL. COPY does not work through it.
 */

/** What this file needs of PGlite. */
export interface Engine {
  isInTransaction(): boolean;
  runExclusive<T>(work: () => Promise<T>): Promise<T>;
  execProtocolRawStream(message: Uint8Array, options: { onRawData: (data: Uint8Array) => void }): Promise<void>;
}

interface Batch {
  readonly connection: number;
  /** Computed when its turn comes: a farewell depends on whether a transaction is still open then. */
  readonly bytes: () => Uint8Array;
  /** Does the connection's cycle end here? */
  readonly ends: boolean;
  /** Does a statement run here, so that its end must come back? */
  readonly runs: 'simple' | 'extended' | undefined;
  readonly deliver: (data: Uint8Array) => void;
  readonly resolve: (size: number) => void;
  readonly reject: (error: Error) => void;
}

interface Voice {
  /** Messages that wait for their Sync or Flush. */
  parts: Uint8Array[];
  /** Is an Execute among them? */
  runs: boolean;
  /** Names of statements this connection has prepared in the shared session. */
  readonly prepared: Set<string>;
}

// First bytes of protocol messages. A startup packet has no type: it begins with the high byte of its length.
const STARTUP = 0x00;
const BIND = 0x42;
const CLOSE = 0x43;
const DESCRIBE = 0x44;
const EXECUTE = 0x45;
const PARSE = 0x50;
const SIMPLE_QUERY = 0x51;
const SYNC = 0x53;
const TERMINATE = 0x58;
/** The answer "ready for the next query", with the state of the transaction. */
const READY = 0x5a;
const READY_SIZE = 6;
const COMPLETE = 0x43;
const ERROR = 0x45;
const SUSPENDED = 0x73;

/** Parts of the extended protocol that wait for a Sync or Flush, to run in one call of the engine. */
const waits: ReadonlySet<number> = new Set([PARSE, BIND, DESCRIBE, EXECUTE, CLOSE]);

/** Has the four methods that pglite-socket's handlers call on their queue; they are named as there. */
export class Turns {
  readonly #engine: Engine;
  readonly #voices = new Map<number, Voice>();
  readonly #waiting: Batch[] = [];
  #owner: number | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Is `#run` at work? Known at once when it ends, not when its promise is heard: what comes in between would wait for ever. */
  #atWork = false;
  /** Was the session already inside a cycle or a transaction of the connection whose turn it is? */
  #leftOpen = false;
  /** Has the cycle that is open met an error? */
  #failed = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Takes one message; answers come through `deliver`. Resolves when it has run, or at once if it waits for its Sync. */
  enqueue(connection: number, message: Uint8Array, deliver: (data: Uint8Array) => void): Promise<number> {
    const type = message[0];
    if (type === TERMINATE) return Promise.resolve(0);
    const voice = this.#voice(connection);
    if (type === PARSE) {
      const name = cString(message, 5);
      if (name !== '') voice.prepared.add(name);
    }
    voice.parts.push(message);
    if (type === EXECUTE) voice.runs = true;
    if (type !== undefined && waits.has(type)) return Promise.resolve(0);
    const whole = Buffer.concat(voice.parts);
    voice.parts = [];
    const runs = type === SIMPLE_QUERY ? 'simple' : voice.runs ? 'extended' : undefined;
    voice.runs = false;
    return this.#queue({ connection, bytes: () => whole, ends: type === SYNC || type === SIMPLE_QUERY || type === STARTUP, runs, deliver });
  }

  /** How many batches wait. */
  getQueueLength(): number {
    return this.#waiting.length;
  }

  /** A connection has gone: what it still had waiting is dropped. */
  clearQueueForHandler(connection: number): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      const batch = this.#waiting[i];
      if (batch?.connection !== connection) continue;
      this.#waiting.splice(i, 1);
      batch.reject(new Error('The connection has gone'));
    }
  }

  /** A connection has gone: ends its open cycle and transaction and closes its prepared statements. */
  async clearTransactionIfNeeded(connection: number): Promise<void> {
    const voice = this.#voices.get(connection);
    if (!voice) return;
    this.#voices.delete(connection);
    const bytes = (): Buffer =>
      Buffer.concat([
        ...(this.#leftOpen ? [message(SYNC, ''), message(SIMPLE_QUERY, 'rollback\0')] : []),
        ...[...voice.prepared].map((name) => message(CLOSE, `S${name}\0`)),
        message(SYNC, ''),
      ]);
    await this.#queue({ connection, bytes, ends: true, runs: undefined, deliver: () => undefined });
  }

  /** Resolves when nothing runs and nothing can run. */
  async idle(): Promise<void> {
    while (this.#atWork) await this.#running;
  }

  #voice(connection: number): Voice {
    let voice = this.#voices.get(connection);
    if (!voice) this.#voices.set(connection, (voice = { parts: [], prepared: new Set(), runs: false }));
    return voice;
  }

  #queue(batch: Omit<Batch, 'resolve' | 'reject'>): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...batch, resolve, reject });
      if (this.#atWork) return;
      this.#atWork = true;
      this.#running = this.#run();
    });
  }

  async #execute(bytes: Uint8Array): Promise<Buffer> {
    const parts: Buffer[] = [];
    // The engine hands out a view of its own memory, so each part is copied.
    const onRawData = (data: Uint8Array): void => void parts.push(Buffer.from(data));
    await this.#engine.runExclusive(() => this.#engine.execProtocolRawStream(bytes, { onRawData }));
    return Buffer.concat(parts);
  }

  /** What a connection hears of a statement that broke off. */
  #failure(ends: boolean): Buffer {
    const error = message(ERROR, 'SERROR\0VERROR\0CXX000\0MThe statement broke off inside the embedded database\0REmbedded\0\0');
    return ends ? Buffer.concat([error, message(READY, this.#engine.isInTransaction() ? 'T' : 'I')]) : error;
  }

  async #run(): Promise<void> {
    for (;;) {
      const index = this.#owner === undefined ? 0 : this.#waiting.findIndex((batch) => batch.connection === this.#owner);
      const batch = index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
      if (!batch) {
        this.#atWork = false;
        return;
      }
      this.#leftOpen = this.#owner === batch.connection;
      this.#owner = batch.connection;
      // After an error the engine skips what comes until the Sync, so nothing is owed for it.
      const skipping = this.#leftOpen && this.#failed;
      try {
        const said = await this.#execute(batch.bytes());
        this.#failed = !batch.ends && (skipping || find(said, ERROR).length > 0);
        const broke = batch.runs !== undefined && !skipping && brokeOff(said, batch.runs);
        // What it did before it broke off must not become part of the next statement's transaction.
        if (broke && !this.#engine.isInTransaction()) await this.#execute(message(SIMPLE_QUERY, 'rollback\0'));
        const answer = broke ? this.#failure(batch.ends) : readyOnce(said, batch.ends);
        if (batch.ends && !this.#engine.isInTransaction()) this.#owner = undefined;
        batch.deliver(answer);
        batch.resolve(answer.length);
      } catch (error) {
        // The handler closes its connection on this; the farewell that follows sets the session right again.
        batch.reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}

/** Where messages of a type begin in an answer. */
function find(answer: Buffer, type: number): number[] {
  const found: number[] = [];
  for (let at = 0; at + 5 <= answer.length; at += 1 + answer.readInt32BE(at + 1)) if (answer[at] === type) found.push(at);
  return found;
}

/**
 * Did what ran here end without saying so? A simple query always ends in "ready". An Execute ends in a completion or an
 * error; where it broke off the engine says "empty", which is true of an empty text only, and no driver sends that.
 */
function brokeOff(answer: Buffer, runs: 'simple' | 'extended'): boolean {
  const ends = runs === 'simple' ? [READY] : [COMPLETE, ERROR, SUSPENDED];
  return ends.every((type) => find(answer, type).length === 0);
}

/** The answer with its last "ready" if the cycle ends here, with none if it goes on. */
function readyOnce(answer: Buffer, ends: boolean): Buffer {
  const ready = find(answer, READY);
  const surplus = ends ? ready.slice(0, -1) : ready;
  if (surplus.length === 0) return answer;
  const kept: Buffer[] = [];
  let from = 0;
  for (const at of surplus) {
    kept.push(answer.subarray(from, at));
    from = at + READY_SIZE;
  }
  return Buffer.concat([...kept, answer.subarray(from)]);
}

function message(type: number, body: string): Buffer {
  const payload = Buffer.from(body, 'utf8');
  const head = Buffer.alloc(5);
  head.writeUInt8(type, 0);
  head.writeInt32BE(4 + payload.length, 1);
  return Buffer.concat([head, payload]);
}

function cString(bytes: Uint8Array, from: number): string {
  const end = bytes.indexOf(0, from);
  return Buffer.from(bytes.subarray(from, end < 0 ? bytes.length : end)).toString('utf8');
}
