/**
 * The standing of a moment that a question names, today's where it names none. All resolvers of a hub share one reader of the past, so
 * that whoever asks twice about a moment has it read once.
 */
import { PastStandings } from '../../identity/past.ts';
import type { Standing } from '../../identity/standing.ts';
import type { HubContext } from '../context.ts';
import type { Work } from '../work.ts';

/** A moment (ISO 8601 in UTC with milliseconds), and what was in force at it. */
export interface Moment {
  readonly at: string;
  readonly standing: Standing;
}

const readers = new WeakMap<Work, PastStandings>();

/** Reads moments for the resolvers of one hub. */
export function momentsOf(work: Work): (at: string | null | undefined, context: HubContext) => Promise<Moment> {
  const past = readers.get(work) ?? new PastStandings(() => work.writing().sql);
  readers.set(work, past);
  return async (at, { now, standing }) => ({ at: at ?? now, standing: at === undefined || at === null ? standing : await past.at(at, now, standing) });
}
