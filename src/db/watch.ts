/**
 * Keeps something in memory in step with the database: looks when the database tells that it has changed, and every so often
 * whether or not it tells, since a word can get lost and the embedded database has none.
 *
 * Looks wait for one another, so that what one has taken is never overtaken by an older one. What a look does is not known here.
 */
import type postgres from 'postgres';

/** How a watch is kept. */
export interface Watching {
  readonly sql: postgres.Sql;
  /** What the database tells on, by NOTIFY; null: it tells of nothing. */
  readonly channel: string | null;
  readonly everyMs: number;
  /** Hears of looks that failed; the next one is made all the same. */
  readonly onError: (error: unknown) => void;
}

/** See the head of this file. */
export class Watch {
  readonly #take: () => Promise<void>;
  #onError: (error: unknown) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  /** Ends when the look that was asked for last has ended. */
  #turn: Promise<void> = Promise.resolve();
  #listening: { unlisten(): Promise<void> } | undefined;

  /** `take`: one look. */
  constructor(take: () => Promise<void>) {
    this.#take = take;
  }

  /** Begins to watch. */
  async start({ sql, channel, everyMs, onError }: Watching): Promise<void> {
    this.#onError = onError;
    this.#timer = setInterval(() => this.#wake(), everyMs);
    this.#timer.unref();
    if (channel !== null) this.#listening = await sql.listen(channel, () => this.#wake());
  }

  /** Looks now. What was changed before the call is taken when it ends. */
  look(): Promise<void> {
    const look = this.#turn.then(this.#take);
    this.#turn = look.catch(() => undefined);
    return look;
  }

  #wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#looking ??= this.#lookWhileTold().finally(() => { this.#looking = undefined; });
  }

  /** A word that comes during a look may tell of what the look did not see. */
  async #lookWhileTold(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.look().catch(this.#onError);
    }
  }

  /** Ends when no look is on its way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    // Not waited for: where the connection was lost meanwhile the driver may never send it. It goes with the client.
    void this.#listening?.unlisten().catch(() => undefined);
    await this.#looking;
  }
}
