/**
 * Has papers drawn in a thread of its own, which begins with the first of them and is let go when nothing has been printed for a while.
 * It refuses more than a queue can hold, and gives up on a paper that takes too long: then the thread is ended, and the next one gets another.
 */
import { Worker } from 'node:worker_threads';
import { HubError } from '../errors.ts';
import type { Paper } from './paper.ts';
import type { Drawn, DrawRequest } from './pdf-thread.ts';

/** What a use case needs of it. */
export interface Printer {
  /** The file of a paper; throws `UNAVAILABLE`. */
  print(paper: Paper): Promise<Buffer>;
}

const [mostWaiting, longestMs, idleMs] = [50, 30_000, 60_000] as const;

interface Waiting {
  readonly done: (pdf: Buffer) => void;
  readonly failed: (error: HubError) => void;
  readonly late: NodeJS.Timeout;
}

const unavailable = (): HubError => new HubError('UNAVAILABLE', 'The file of the copy could not be made, and no copy was issued. Try again in a moment.');

/** See the head of this file. */
export class ThreadPrinter implements Printer {
  readonly #waiting = new Map<number, Waiting>();
  readonly #onFailure: (failure: string) => void;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #no = 0;

  /** `onFailure` hears of what failed, without a word of the paper. */
  constructor(onFailure: (failure: string) => void) {
    this.#onFailure = onFailure;
  }

  print(paper: Paper): Promise<Buffer> {
    if (this.#waiting.size >= mostWaiting) return Promise.reject(new HubError('UNAVAILABLE', 'Too many copies are being made at this moment. Try again in a few seconds.'));
    clearTimeout(this.#idle);
    const no = (this.#no += 1);
    return new Promise((done, failed) => {
      const late = setTimeout(() => void this.#end('a paper took too long'), longestMs);
      this.#waiting.set(no, { done, failed, late });
      this.#thread().postMessage({ no, paper } satisfies DrawRequest);
    });
  }

  /** Ends the thread; what is still waited for fails. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#end(null);
  }

  #thread(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    // execArgv is emptied because test runners and debuggers start this process with flags a worker cannot take.
    const worker = new Worker(new URL('./pdf-thread.ts', import.meta.url), { execArgv: [] });
    worker.on('message', (drawn: Drawn) => this.#drawn(drawn));
    worker.on('error', (error: Error) => this.#onFailure(error.name));
    worker.on('exit', () => {
      if (this.#worker === worker) void this.#end('the thread ended');
    });
    // Who waits for a paper keeps the process; the thread alone does not.
    worker.unref();
    return (this.#worker = worker);
  }

  #drawn({ no, pdf, failure }: Drawn): void {
    const waiting = this.#waiting.get(no);
    if (waiting === undefined) return;
    this.#waiting.delete(no);
    clearTimeout(waiting.late);
    if (pdf === null) {
      this.#onFailure(failure ?? '');
      waiting.failed(unavailable());
    } else waiting.done(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength));
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => void this.#end(null), idleMs);
    this.#idle.unref();
  }

  async #end(failure: string | null): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (failure !== null) this.#onFailure(failure);
    for (const { failed, late } of this.#waiting.values()) {
      clearTimeout(late);
      failed(unavailable());
    }
    this.#waiting.clear();
    await worker?.terminate();
  }
}
