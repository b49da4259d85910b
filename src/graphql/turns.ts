/**
 * Turns: heavy work waits in a queue of its own, so that light work never waits behind it.
 *
 * A document that was never seen, a large body, an answer of many records take the process or the database for milliseconds, a known
 * look-up for microseconds. Heavy work goes so many at a time, whoever has spent least before all others, and between two pieces
 * whatever else is ready goes first; what takes long is itself done in steps (`halting`). Where several senders wait, a piece is followed by a rest many times as long, and longer yet
 * where all who wait have spent much: those who crowd the queue wait for each other, and the process stays free for others. Whoever has nothing left waits
 * for such a rest also where he is alone. It says nothing of what a sender may spend (`budget.ts`).
 */

/** Gives the turn back; again, it does nothing. */
export type Done = () => void;

/** Who waits for a turn. */
export interface Sender {
  /** What is left of what it may spend, from 0 to 1; below that it owes something. */
  readonly left: number;
}

/** Begins the work that waited. */
type Begin = (done: Done) => void;

/** A place in the queue. */
export interface Place {
  /** Resolves when it is this place's turn; whoever takes it gives it back. Of who has left the queue, never. */
  readonly turn: Promise<Done>;
  /** Leaves the queue: nothing is done for whoever has gone away. */
  leave(): void;
}

/** How turns are given. */
export interface TurnOptions {
  /** Pieces of work that go on at once. */
  readonly atOnce: number;
  /** How long a rest is, as a multiple of the piece before it. */
  readonly rest: number;
}

/** No rest before somebody with plenty left is longer, in milliseconds. */
const longestRest = 1500;

/** Whoever has less left than this has spent much lately; before his turn a rest is so many times as long. */
const plenty = 0.5;
const longer = 4;

/** Called within heavy work between two steps of it: where it has gone on for long, others go first. */
export type Halt = () => Promise<void>;

/** Work may go on for so many milliseconds; then others have so many times as long. */
const slice = 2;
const apart = 3;

/** The halts of one piece of work, which begins now; `others`: does anybody else ask for anything? */
export function halting(others: () => boolean): Halt {
  let since = performance.now();
  return async () => {
    const worked = performance.now() - since;
    if (worked < slice) return;
    // Whoever has come meanwhile is seen only now.
    await new Promise((wake) => { setImmediate(wake); });
    if (others()) await new Promise((wake) => { setTimeout(wake, apart * worked); });
    since = performance.now();
  };
}

/** See the head of this file. */
export class Turns {
  readonly #options: TurnOptions;
  /** Who waits, longest first. */
  readonly #waiting = new Map<Sender, Set<Begin>>();
  #running = 0;
  /** A grant that is on its way. */
  #coming: { readonly at: number; readonly stop: () => void } | null = null;
  /** When the last piece ended, and the rest after it where whoever comes next has plenty left, in milliseconds; did several wait then? */
  #ended = 0;
  #rest = 0;
  #crowded = false;

  constructor(options: TurnOptions) {
    this.#options = options;
  }

  /** Takes a place in the queue. */
  take(sender: Sender): Place {
    let begin: Begin = () => undefined;
    const turn = new Promise<Done>((resolve) => {
      begin = resolve;
    });
    const own = this.#waiting.get(sender);
    if (own) own.add(begin);
    else this.#waiting.set(sender, new Set([begin]));
    this.#soon();
    return {
      turn,
      leave: () => {
        const left = this.#waiting.get(sender);
        if (left?.delete(begin) === true && left.size === 0) this.#waiting.delete(sender);
      },
    };
  }

  /** Sees to it that the next turn is given when its time has come. */
  #soon(): void {
    const next = this.#next();
    if (next === undefined || this.#running >= this.#options.atOnce) return;
    const at = this.#ended + (this.#crowded || next.left < 0 ? this.#rest * (next.left < plenty ? longer : 1) : 0);
    if (this.#coming !== null) {
      if (this.#coming.at <= at) return;
      // Who has come since need not rest for as long.
      this.#coming.stop();
    }
    const grant = (): void => {
      this.#coming = null;
      this.#grant();
      // Others may start beside it.
      this.#soon();
    };
    const rest = at - performance.now();
    // After whatever is ready now.
    if (rest > 0) {
      const timer = setTimeout(grant, rest);
      this.#coming = { at, stop: () => clearTimeout(timer) };
    } else {
      const turn = setImmediate(grant);
      this.#coming = { at: -Infinity, stop: () => clearImmediate(turn) };
    }
  }

  /** Whoever has most left; of equals, who waits longest. */
  #next(): Sender | undefined {
    let next: Sender | undefined;
    for (const sender of this.#waiting.keys()) if (next === undefined || sender.left > next.left) next = sender;
    return next;
  }

  #grant(): void {
    const next = this.#next();
    const own = next === undefined ? undefined : this.#waiting.get(next);
    if (next === undefined || own === undefined) return;
    const [begin] = own;
    if (begin !== undefined) own.delete(begin);
    // Behind all the others, with what else it has.
    this.#waiting.delete(next);
    if (own.size > 0) this.#waiting.set(next, own);
    this.#running += 1;
    const began = performance.now();
    let given = false;
    begin?.(() => {
      if (given) return;
      given = true;
      this.#running -= 1;
      this.#ended = performance.now();
      this.#crowded = this.#waiting.size > 1;
      this.#rest = Math.min(longestRest, this.#options.rest * (this.#ended - began));
      this.#soon();
    });
  }
}
