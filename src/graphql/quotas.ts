/**
 * What of quotas an operation uses up, and what whoever has none left is told. The counting is the audit's (`audit/quota.ts`): a use is
 * taken with the record of the answer, and an answer for which there is none left is not given.
 *
 * Counted are operations: one for each line of a grant that an answer lives on (`sharing/quota.ts`), however many records it holds and
 * be it that it finds nobody; and for each person whose personal information it delivers one look-up by the clerk whom the request
 * names (`Hub-Operator`), or by the application where it names none. Who a clerk is that has not signed is the application's word.
 * Of claims about one subject that are not met, an application has so many a day (verification/verify.ts).
 * Where an application may ask only so often a minute, each of its queries that is answered is counted, records or not; mutations are not:
 * what they have done cannot be dropped.
 */
import { countedBy } from '../audit/quota.ts';
import type { Scope, Use, Uses } from '../audit/record.ts';
import { nextMidnight } from '../calendar/working-days.ts';
import type { LookupQuota } from '../config.ts';
import { HubError } from '../errors.ts';
import type { Catalog } from '../sharing/catalog.ts';
import type { Consumer, Quota } from '../sharing/terms.ts';
import { guessUsed } from '../verification/guessing.ts';
import type { HubContext } from './context.ts';
import type { JudgedFacts, Trace } from './trace.ts';

/** Uses of the lines of a plan on one day. */
interface LineUses {
  readonly day: string;
  readonly list: readonly Use[];
  readonly quotaOf: ReadonlyMap<Use, Quota>;
}

const none: LineUses = { day: '', list: [], quotaOf: new Map() };

/** What a consumer's queries of the minute of `now` (ISO 8601 in UTC) are counted by: the civil minute, in Asia/Shanghai. */
export function minuteOf(now: string): string {
  return `minute ${civil(now).slice(11, 16)}`;
}

/** When the next civil minute begins, ISO 8601. */
export function minuteResetsAt(now: string): string {
  return `${civil(new Date(Date.parse(now) + 60_000).toISOString()).slice(0, 16)}:00+08:00`;
}

const civil = (now: string): string => new Date(Date.parse(now) + 8 * 3_600_000).toISOString();

/** The use of its minute by a query that is answered; null: it has no such quota, or nothing is answered that could be dropped. */
function minuteUsed({ consumer, requestsPerMinute }: Consumer, day: string, now: string, { asked, answered, refusal: refused }: Trace): Use | null {
  if (requestsPerMinute === undefined || asked.kind !== 'QUERY' || (!answered && refused !== null)) return null;
  return { day, who: consumer, what: minuteOf(now), most: requestsPerMinute };
}

/** See the head of this file. */
export class Quotas {
  readonly #lookups: LookupQuota;
  readonly #unmetClaims: number;
  readonly #lines = new WeakMap<JudgedFacts, LineUses>();

  /** `unmetClaims`: about one subject a day, by consumer. */
  constructor(lookups: LookupQuota, unmetClaims: number) {
    this.#lookups = lookups;
    this.#unmetClaims = unmetClaims;
  }

  /** What a request's answer uses up; undefined: nothing. `nothing`: the scope of a refusal. */
  usesOf(nothing: () => Scope, { caller, purpose: { operator }, today, now, standing: { catalog }, trace }: HubContext): Uses | undefined {
    if (caller.kind !== 'consumer') return undefined;
    const { consumer } = caller;
    const perMinute = minuteUsed(caller, today, now, trace);
    const judged = trace.answered ? trace.asked.judged : null;
    const most = operator === null ? this.#lookups.application : this.#lookups.clerk;
    const guesses = trace.answered ? trace.guesses : null;
    // Who was claimed something about counts whether or not he is there.
    const subjects = most > 0 && judged?.personal === true ? (guesses?.isPerson === true ? [guesses.subject] : trace.delivered.subjects) : [];
    const claimed = trace.answered ? [...(guesses === null ? [] : [guesses]), ...trace.delivered.claimed ?? []] : [];
    const guessed = claimed.map((one) => guessUsed(one, consumer, today, this.#unmetClaims));
    if (perMinute === null && guessed.length === 0 && (judged === null || judged.quotas.length === 0) && subjects.length === 0) return undefined;
    const lines = judged === null ? none : this.#linesOf(judged, caller.consumer, today);
    const who = operator === null ? caller.consumer : `${caller.consumer} ${operator.verified ? 'signed' : 'said'}:${operator.code}`;
    const list = subjects.length === 0 && guessed.length === 0 ? lines.list : [...lines.list, ...subjects.map((key): Use => ({ day: today, who, what: `subject ${key}`, most })), ...guessed];
    // What lasts longest is told first.
    return {
      list: perMinute === null ? list : [...list, perMinute], scope: nothing,
      refusal: (usedUp) => (usedUp === perMinute ? minuteRefusal(usedUp.most, now) : guessed.includes(usedUp) ? guessRefusal(this.#unmetClaims, today, now) : refusal(usedUp, lines.quotaOf.get(usedUp), catalog, now)),
    };
  }

  #linesOf(judged: JudgedFacts, consumer: string, day: string): LineUses {
    const known = this.#lines.get(judged);
    if (known?.day === day) return known;
    const quotaOf = new Map(judged.quotas.map((quota) => [{ day, who: consumer, what: countedBy(quota), most: quota.perDay }, quota]));
    const made = { day, list: [...quotaOf.keys()], quotaOf };
    this.#lines.set(judged, made);
    return made;
  }
}

function guessRefusal(most: number, day: string, now: string): HubError {
  const resetAt = nextMidnight(day);
  return new HubError('QUOTA_EXCEEDED', `Of this subject so much was claimed today that is not so, or could have been with this question, that no more is verified for this application: ${most} claims that are not met are all that a day allows. Go on at ${resetAt}; look at the document again before.`, { quota: 'UNMET_CLAIMS', limit: most, resetAt, retryAfter: secondsTo(resetAt, now) });
}

function minuteRefusal(most: number, now: string): HubError {
  const resetAt = minuteResetsAt(now);
  return new HubError('QUOTA_EXCEEDED', `The ${most} queries a minute that this application is answered are used up. Ask again from ${resetAt}, and spread what can wait; if it needs more a minute, speak to the data authority (setRequestsPerMinute).`, { quota: 'MINUTE', limit: most, resetAt, retryAfter: secondsTo(resetAt, now) });
}

const secondsTo = (resetAt: string, now: string): number => Math.max(1, Math.ceil((Date.parse(resetAt) - Date.parse(now)) / 1000));

function refusal({ day, most }: Use, quota: Quota | undefined, catalog: Catalog, now: string): HubError {
  const resetAt = nextMidnight(day);
  const details = { limit: most, resetAt, retryAfter: secondsTo(resetAt, now) };
  if (quota === undefined) {
    return new HubError('QUOTA_EXCEEDED', `Somebody whom this answer is about was looked up ${most} times today by this clerk or application, which is all that a day allows. Go on at ${resetAt}; if the matter takes more, speak to the data authority.`, { quota: 'SUBJECT', ...details });
  }
  const { approvalNo, item } = quota;
  const name = catalog.item(item)?.name ?? '';
  const apply = `Apply for a higher quota: applyForQuota(approvalNo: "${approvalNo}", item: "${item}", quotaPerDay: …); the department that provides the item decides.`;
  return new HubError('QUOTA_EXCEEDED', `The ${most} questions a day about ${name} (${item}) under ${approvalNo} are used up. Ask again from ${resetAt}. ${apply}`, { quota: 'GRANT', approvalNo, item, ...details, apply });
}
