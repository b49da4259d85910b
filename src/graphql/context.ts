/**
 * What is known of a request before its document is read: who, for what, when, under which standing.
 * Making it never throws: whoever cannot be identified is a stranger, and the doors refuse strangers; a purpose that will not do
 * is refused by the gate.
 */
import { readPurpose } from '../identity/purpose.ts';
import type { Headers, Purpose } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import type { Caller } from '../sharing/terms.ts';

/** The context of one request. */
export interface HubContext {
  readonly caller: Caller;
  readonly standing: Standing;
  readonly purpose: Purpose;
  /** Civil date, Asia/Shanghai. */
  readonly today: string;
  /** ISO 8601. */
  readonly now: string;
  /** `Hub-Partial: refuse`. */
  readonly wholeOrNothing: boolean;
}

/** Makes the context of a request. */
export async function contextOf(headers: Headers, standing: Standing, now: Date): Promise<HubContext> {
  const caller = standing.callerOf(bearer(headers['authorization']), now);
  return {
    caller, standing,
    purpose: await readPurpose(headers, caller, standing, now),
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
