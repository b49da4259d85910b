/**
 * What is known of a request before its document is read: who, when, under which standing.
 * Making it never throws: whoever cannot be identified is a stranger, and the doors refuse strangers.
 */
import type { Standing } from '../identity/standing.ts';
import type { Caller } from '../sharing/terms.ts';

/** The context of one request. */
export interface HubContext {
  readonly caller: Caller;
  readonly standing: Standing;
  /** Civil date, Asia/Shanghai. */
  readonly today: string;
  /** ISO 8601. */
  readonly now: string;
  /** `Hub-Partial: refuse`. */
  readonly wholeOrNothing: boolean;
}

/** Headers by lower-case name. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Makes the context of a request. */
export function contextOf(headers: Headers, standing: Standing, now: Date): HubContext {
  return {
    caller: standing.callerOf(bearer(headers['authorization']), now),
    standing,
    today: civilDate(now),
    now: now.toISOString(),
    wholeOrNothing: headers['hub-partial'] === 'refuse',
  };
}

function bearer(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' ? (/^Bearer\s+(hub_[\w-]{20,100})$/i.exec(header)?.[1] ?? null) : null;
}

const eightHours = 8 * 3_600_000;

/** The civil date in Asia/Shanghai, UTC+8 since 1991 without exception. */
export function civilDate(now: Date): string {
  return new Date(now.getTime() + eightHours).toISOString().slice(0, 10);
}
