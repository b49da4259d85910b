/**
 * What is known of a request before its document is read: who, for what, when, under which standing.
 * Making it never throws: whoever cannot be identified is a stranger, and the doors refuse strangers; a purpose that will not do
 * is refused by the gate.
 */
import { LRUCache } from 'lru-cache';
import { readPurpose, underCase } from '../identity/purpose.ts';
import type { Headers, Purpose } from '../identity/purpose.ts';
import type { Held, Standing } from '../identity/standing.ts';
import type { VerifiedToken } from '../identity/token.ts';
import type { Caller } from '../sharing/terms.ts';
import type { Account } from './budget.ts';
import { Trace } from './trace.ts';

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
  /** `Hub-Max-Age`: seconds that a copy of another hub's record may be old at most; null: as the catalog says. */
  readonly maxAge: number | null;
  /** The token of the citizen who is logged in at a portal (`Hub-Citizen`), not verified yet. */
  readonly citizen?: string;
  /** What the audit will be told of it. */
  readonly trace: Trace;
  /** What the operation's cost is taken from; absent: nobody counts. */
  readonly account?: Account;
}

/** An administrator who is signed in at the console. */
export interface SignedIn {
  /** What is kept of the session's id. */
  readonly digest: string;
  /** His code. */
  readonly administrator: string;
  /** When the session ends, milliseconds since the epoch. */
  readonly until: number;
}

/** Makes the context of a request; a promise only where it has to be read anew. `accountOf` tells what its caller pays from; `shown`: the token or the session that he showed in place of a key. */
export function contextOf(headers: Headers, standing: Standing, now: Date, accountOf?: (caller: Caller) => Account, shown: VerifiedToken | SignedIn | null = null): HubContext | Promise<HubContext> {
  const citizen = headers['hub-citizen'];
  const rest = { ...(typeof citizen === 'string' ? { citizen } : {}), standing, trace: new Trace(now), today: civilDate(now), now: now.toISOString(), wholeOrNothing: headers['hub-partial'] === 'refuse', maxAge: maxAgeIn(headers['hub-max-age']) };
  const sender = senderOf(headers, standing, now, shown);
  const whole = ({ caller, purpose }: Sender): HubContext => ({ caller, purpose, ...rest, ...(accountOf === undefined ? {} : { account: accountOf(caller) }) });
  return sender instanceof Promise ? sender.then(whole) : whole(sender);
}

/** What is no number of seconds is the strictest one. */
function maxAgeIn(header: string | readonly string[] | undefined): number | null {
  if (header === undefined) return null;
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0;
}

type Sender = Pick<HubContext, 'caller' | 'purpose'>;

/** The headers that say who asks and for what come again with every request of an application, so what they mean is kept. */
const senders = new WeakMap<Standing, LRUCache<string, Sender & { readonly until: number }>>();

function senderOf(headers: Headers, standing: Standing, now: Date, shown: VerifiedToken | SignedIn | null): Sender | Promise<Sender> {
  const key = shown === null ? bearer(headers['authorization']) : shown.digest;
  const known = senders.get(standing) ?? new LRUCache({ max: 2000 });
  senders.set(standing, known);
  // An assertion of an operator ends by itself, and is not kept.
  const kept = headers['hub-operator'] === undefined;
  const name = kept ? `${key}\n${String(headers['hub-matter'])}\n${String(headers['hub-mode'])}\n${String(headers['hub-behalf'])}` : '';
  const found = kept ? known.get(name) : undefined;
  if (found !== undefined && now.getTime() < found.until) return inCase(found, headers);
  const holder = shown !== null ? holderOf(shown, standing) : key === null ? undefined : standing.holderOf(key);
  const caller: Caller = holder === undefined || now.getTime() >= holder.until ? { kind: 'stranger' } : holder.caller;
  return readPurpose(headers, caller, standing, now).then((purpose) => {
    // Strangers are many, and there is nothing to know of them.
    if (kept && holder !== undefined && caller.kind !== 'stranger') known.set(name, { caller, purpose, until: holder.until });
    return inCase({ caller, purpose }, headers);
  });
}

/** Whoever is signed in is the administrator that his key makes him. */
function holderOf(shown: VerifiedToken | SignedIn, standing: Standing): Held | undefined {
  if (!('administrator' in shown)) return standing.holderOfToken(shown);
  const caller = standing.administrator(shown.administrator);
  return caller === undefined ? undefined : { caller, until: shown.until };
}

function inCase({ caller, purpose }: Sender, headers: Headers): Sender {
  return { caller, purpose: underCase(purpose, caller, headers) };
}

function bearer(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' ? (/^Bearer\s+(hub_[\w-]{20,100})$/i.exec(header)?.[1] ?? null) : null;
}

const eightHours = 8 * 3_600_000;
const oneDay = 24 * 3_600_000;
let lastDay = { number: Number.NaN, date: '' };

/** The civil date in Asia/Shanghai, UTC+8 since 1991 without exception. */
export function civilDate(now: Date): string {
  const number = Math.floor((now.getTime() + eightHours) / oneDay);
  if (number !== lastDay.number) lastDay = { number, date: new Date(number * oneDay).toISOString().slice(0, 10) };
  return lastDay.date;
}
