/**
 * What stands against guessing: of claims about one subject that are not met a consumer has so many a day, counted where answers are
 * written down, over all processes and exactly (audit/quota.ts). Claims are those of `verify` and of lists, those in queries
 * (query/counted-claims.ts), and what a clerk typed in for the facts of a matter: one count for all.
 */
import type { Use } from '../audit/record.ts';

/** What of an answer is counted: how many claims were made about whom, and how many are not met. */
export interface Guesses {
  /** By what the subject is counted: a person's key, else the identifier. */
  readonly subject: string;
  readonly isPerson: boolean;
  readonly claims: number;
  readonly unmet: number;
}

/** The name that what is not met about a subject is counted by. */
export const unmetOf = (subject: string): string => `unmet ${subject}`;

/**
 * What an answer uses up: it is given only where all that it claims could be not met, so that whether it is given says nothing of what
 * is true.
 */
export function guessUsed({ subject, claims, unmet }: Omit<Guesses, 'isPerson'>, consumer: string, day: string, most: number): Use {
  return { day, who: consumer, what: unmetOf(subject), times: unmet, most: most - claims + unmet };
}
