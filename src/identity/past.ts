/**
 * Standings of the past, read from the log of policy: what the hub would have decided at a moment.
 *
 * Reading one takes the whole log up to that moment, so they are read one after the other, whoever asks, and the last few are kept.
 */
import type postgres from 'postgres';
import { LRUCache } from 'lru-cache';
import { loadStanding } from './standing.ts';
import type { Standing } from './standing.ts';

/** What was changed so long ago stands in the log: its transaction has ended. */
const settledMs = 60_000;

/** See the head of this file. */
export class PastStandings {
  readonly #sql: () => postgres.Sql;
  readonly #kept = new LRUCache<string, Standing>({ max: 4 });
  #turn: Promise<unknown> = Promise.resolve();

  constructor(sql: () => postgres.Sql) {
    this.#sql = sql;
  }

  /** The standing at a moment; the present one for a moment that is not past. Moments are ISO 8601 in UTC with milliseconds. */
  async at(moment: string, now: string, present: Standing): Promise<Standing> {
    if (moment >= now) return present;
    const known = this.#kept.get(moment);
    if (known !== undefined) return known;
    const read = this.#turn.then(async () => this.#kept.get(moment) ?? loadStanding(this.#sql(), moment));
    this.#turn = read.catch(() => undefined);
    const standing = await read;
    if (Date.parse(now) - Date.parse(moment) > settledMs) this.#kept.set(moment, standing);
    return standing;
  }
}
