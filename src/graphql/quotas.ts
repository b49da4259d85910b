/**
 * What of quotas an operation uses up, and what whoever has none left is told. The counting is the audit's (`audit/quota.ts`): a use is
 * taken with the record of the answer, and an answer for which there is none left is not given.
 *
 * Counted are operations: one for each line of a grant that an answer lives on (`sharing/quota.ts`), however many records it holds and
 * be it that it finds nobody; and for each person whose personal information it delivers one look-up by the clerk whom the request
 * names (`Hub-Operator`), or by the application where it names none. Who a clerk is that has not signed is the application's word.
 */
import { isApplicationNumber } from '../approvals/applications/application.ts';
import { sm3 } from '../audit/record.ts';
import type { Scope, Use, Uses } from '../audit/record.ts';
import { nextDay } from '../calendar/working-days.ts';
import type { LookupQuota } from '../config.ts';
import { HubError } from '../errors.ts';
import type { Catalog } from '../sharing/catalog.ts';
import type { Quota } from '../sharing/terms.ts';
import type { HubContext } from './context.ts';
import type { JudgedFacts } from './trace.ts';

/** When the counts of a civil day begin anew: the next midnight in Asia/Shanghai, ISO 8601. */
export function resetsAt(day: string): string {
  return `${nextDay(day)}T00:00:00+08:00`;
}

/** What a line's uses are counted by: the number and the item to read, the rest to tell lines apart. */
export function countedBy({ approvalNo, item, line }: Quota): string {
  return `grant ${approvalNo} ${item} ${sm3(`${approvalNo}\u001f${item}\u001f${line}`)}`;
}

/** Uses of the lines of a plan on one day. */
interface LineUses {
  readonly day: string;
  readonly list: readonly Use[];
  readonly quotaOf: ReadonlyMap<Use, Quota>;
}

/** See the head of this file. */
export class Quotas {
  readonly #lookups: LookupQuota;
  readonly #lines = new WeakMap<JudgedFacts, LineUses>();

  constructor(lookups: LookupQuota) {
    this.#lookups = lookups;
  }

  /** What a request's answer uses up; undefined: nothing. `nothing`: the scope of a refusal. */
  usesOf(nothing: () => Scope, { caller, purpose: { operator }, today, now, standing: { catalog }, trace }: HubContext): Uses | undefined {
    const { judged } = trace.asked;
    if (judged === null || caller.kind !== 'consumer' || !trace.answered) return undefined;
    const most = operator === null ? this.#lookups.application : this.#lookups.clerk;
    const subjects = most > 0 && judged.personal ? trace.delivered.subjects : [];
    if (judged.quotas.length === 0 && subjects.length === 0) return undefined;
    const lines = this.#linesOf(judged, caller.consumer, today);
    const who = operator === null ? caller.consumer : `${caller.consumer} ${operator.verified ? 'signed' : 'said'}:${operator.code}`;
    const list = subjects.length === 0 ? lines.list : [...lines.list, ...subjects.map((key): Use => ({ day: today, who, what: `subject ${key}`, most }))];
    return { list, scope: nothing, refusal: (usedUp) => refusal(usedUp, lines.quotaOf.get(usedUp), catalog, now) };
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

function refusal({ day, most }: Use, quota: Quota | undefined, catalog: Catalog, now: string): HubError {
  const resetAt = resetsAt(day);
  const details = { limit: most, resetAt, retryAfter: Math.max(1, Math.ceil((Date.parse(resetAt) - Date.parse(now)) / 1000)) };
  if (quota === undefined) {
    return new HubError('QUOTA_EXCEEDED', `Somebody whom this answer is about was looked up ${most} times today by this clerk or application, which is all that a day allows. Go on at ${resetAt}; if the matter takes more, speak to the data authority.`, { quota: 'SUBJECT', ...details });
  }
  const { approvalNo, item } = quota;
  const name = catalog.item(item)?.name ?? '';
  const call = isApplicationNumber(approvalNo) ? `applyForQuota(approvalNo: "${approvalNo}", item: "${item}", quotaPerDay: …)` : `draftApplication, with quotaPerDay in the line about ${item}, and submitApplication`;
  const apply = `Apply for a higher quota: ${call}; the department that provides the item decides.`;
  return new HubError('QUOTA_EXCEEDED', `The ${most} questions a day about ${name} (${item}) under ${approvalNo} are used up. Ask again from ${resetAt}. ${apply}`, { quota: 'GRANT', approvalNo, item, ...details, apply });
}
