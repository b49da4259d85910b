/**
 * Reports of discrepancies (疑义、错误信息): an application that used data and finds it wrong says so, item by item, and each is put to the
 * department whose word it is (check.ts), or goes up to the hub that is its home (pass-up.ts).
 *
 * What one may neither read nor verify one may not doubt, and is refused as asking for it would be, before anything is looked at. Whoever
 * is absent, sealed or outside, and an item that is empty or hidden, are one: there is nothing to doubt, and no request. Reporting
 * changes no record, and what is believed to be right is the reporter's own claim: it is read as a change is, and compared with nothing.
 *
 * A report comes under a key, and under the same key again it is answered as it was. Another hub reports for the departments of its
 * division, about a word that was passed on to it.
 */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { HubError } from '../../errors.ts';
import { line, readForm } from '../../identity/form.ts';
import { claimSchema } from '../../records/claim-schema.ts';
import { loadCodes } from '../../records/codes.ts';
import { compareVersions } from '../../records/merge.ts';
import { sourcesOf } from '../../records/tables.ts';
import type { KeptSource } from '../../records/tables.ts';
import { canonicalText } from '../../records/timeline.ts';
import type { WriteContext } from '../../records/write.ts';
import type { RecordType } from '../../registries/contract.ts';
import type { Consumer, Mode } from '../../sharing/terms.ts';
import type { DoubtedRecord, SourcesFacts, SourcesQuestion, SourcesShown } from '../sources-shown.ts';
import { answererOf, leafOf, openCheck, readChecks } from './check.ts';
import type { CheckRequest, HubPlace } from './check.ts';

/** An item that is doubted. */
export interface DoubtedItem {
  readonly field: string;
  /** What the reporter believes to be right, as a change would tell it; null: it is empty; absent: he does not say. */
  readonly believed?: unknown;
}

/** A report as it is sent. */
export interface Discrepancy {
  /** Record type, and one of its natural key and its id. */
  readonly type: string;
  readonly key?: string | null;
  readonly id?: string | null;
  /** Of another hub, in place of those: whose word it is, under which key of the department, and in which version. */
  readonly source?: string | null;
  readonly sourceKey?: string | null;
  readonly sourceVersion?: string | null;
  readonly items: readonly DoubtedItem[];
  readonly because: string;
  readonly evidence?: string | null;
}

/** Who reports, and what that takes. */
export interface ReportDesk {
  readonly question: SourcesQuestion<Consumer>;
  readonly shown: SourcesShown;
  readonly writing: WriteContext;
  readonly place: HubPlace;
  /** Working days that the rule `verify` gives. */
  readonly days: number;
}

/** What became of a report. Without requests: there is nothing that the caller may doubt. */
export interface Reported {
  readonly repeated: boolean;
  readonly checks: readonly CheckRequest[];
  /** For the audit; null: nothing was looked at. */
  readonly facts: SourcesFacts | null;
  readonly subjects: readonly string[];
}

/** Items of one report. */
const mostItems = 20;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const form = z.object({ because: line(500), evidence: line(500).nullable() });

/** See the head of this file. */
export async function reportDiscrepancy(desk: ReportDesk, report: Discrepancy, reference: string): Promise<Reported> {
  const { question: { caller }, writing: { sql, now } } = desk;
  if (!/^[\x21-\x7e]{8,200}$/.test(reference)) throw new HubError('BAD_INPUT', 'idempotencyKey is 8 to 200 printable ASCII characters, such as a UUID: a new one for each report, the same when the report is sent again.');
  const digest = createHash('sm3').update(canonicalText({ report } as never)).digest('hex');
  const before = await reportedBefore(desk, reference, digest);
  if (before !== null) return before;
  const { type, named, words } = readReport(desk, report);
  const believed = await readBelieved(desk, type, report.items);
  const { record, facts, subjects } = await named();
  const doubted = record === null ? [] : await doubtedOf(desk, type, report, record);
  if (record === null || doubted.length === 0) return { repeated: false, checks: [], facts, subjects: [] };
  const made = await sql.begin(async (tx) => {
    const [mine] = await tx`insert into submission (consumer_code, idempotency_key, digest, outcomes, submitted_at) values (${caller.consumer}, ${reference}, ${digest}, '[]', ${now}) on conflict do nothing returning 1`;
    // The same report came twice at once, and the other one was first.
    if (mine === undefined) return null;
    const group = randomUUID();
    const { purpose: { matter, caseNo, behalf } } = desk.question;
    const checks: CheckRequest[] = [];
    for (const { field, source } of doubted) {
      const department = await answererOf(tx, desk.place, desk.question.standing.catalog, leafOf(type, field), source.source);
      checks.push(await openCheck(tx, { caller, now, today: desk.question.today }, {
        report: group, reference, conflict: null, type: type.name, recordId: record.id, field, source: source.source, sourceKey: source.key, sourceVersion: source.version, department,
        reportedFor: behalf ?? caller.department, words: words.because, evidence: words.evidence, believed: believed.get(field) ?? null, subjects, matter: matter?.code ?? null, caseNo,
      }, desk.days));
    }
    await tx`update submission set outcomes = ${JSON.stringify(checks.map(({ id }) => id))}::text::jsonb where consumer_code = ${caller.consumer} and idempotency_key = ${reference}`;
    return checks;
  }) as readonly CheckRequest[] | null;
  return made === null ? await reportedBefore(desk, reference, digest) as Reported : { repeated: false, checks: made, facts, subjects };
}

/** What was answered under this key; null: nothing yet. */
async function reportedBefore({ question: { caller }, writing: { sql } }: ReportDesk, reference: string, digest: string): Promise<Reported | null> {
  const [kept] = await sql<{ digest: string; outcomes: string }[]>`select digest, outcomes::text as outcomes from submission where consumer_code = ${caller.consumer} and idempotency_key = ${reference}`;
  if (kept === undefined) return null;
  if (kept.digest !== digest) throw new HubError('CONFLICT', 'This idempotencyKey was used for something else. Send a new key with a new report, and the same key only with the same report.');
  return { repeated: true, checks: await readChecks(sql, JSON.parse(kept.outcomes) as string[]), facts: null, subjects: [] };
}

interface Read {
  readonly type: RecordType;
  readonly words: { readonly because: string; readonly evidence: string | null };
  /** Looks for the record, as the caller may. */
  readonly named: () => Promise<{ readonly record: DoubtedRecord | null; readonly facts: SourcesFacts; readonly subjects: readonly string[] }>;
}

function readReport({ question, shown, writing: { sql } }: ReportDesk, { type: name, key, id, source, sourceKey, sourceVersion, items, because, evidence }: Discrepancy): Read {
  const words = readForm(form, { because, evidence: evidence ?? null }, 'The report');
  const type = shown.type(name);
  const fields = items.map(({ field }) => field);
  if (fields.length === 0 || fields.length > mostItems || new Set(fields).size < fields.length) throw new HubError('BAD_INPUT', `A report has 1 to ${mostItems} items, each once.`);
  const of = (mode: Mode, by: 'key' | 'id', value: string) => shown.doubted({ ...question, purpose: { ...question.purpose, mode } }, name, fields, by, value);
  if (question.caller.hub !== undefined) {
    if (typeof source !== 'string' || typeof sourceKey !== 'string' || typeof sourceVersion !== 'string' || (key ?? id ?? null) !== null) throw new HubError('BAD_INPUT', 'A hub says whose word it doubts: source, sourceKey and sourceVersion, as they were passed on to it, and neither key nor id.');
    return {
      type, words,
      named: async () => {
        const [kept] = await sql<{ id: string }[]>`select record_id::text as id from source_record where record_type = ${type.name} and source = ${source} and source_key = ${sourceKey} and not deleted`;
        const wanted = kept?.id ?? '00000000-0000-0000-0000-000000000000';
        // It was passed on by the feed, or looked up: each has its own grants.
        const followed = await of('SUBSCRIBE', 'id', wanted).catch((error: unknown) => { if (error instanceof HubError && error.code === 'FIELD_NOT_SHARED') return null; throw error; });
        return followed?.record ? followed : of('QUERY', 'id', wanted);
      },
    };
  }
  if ((source ?? sourceKey ?? sourceVersion ?? null) !== null) throw new HubError('BAD_INPUT', 'source, sourceKey and sourceVersion are of other hubs only: a department names the record by its key or its id, and the hub knows whose word it is.');
  const given = key ?? id;
  if (typeof given !== 'string' || (typeof key === 'string' && typeof id === 'string')) throw new HubError('BAD_INPUT', 'A report names its record by its natural key, or by its id: one of the two.');
  if (typeof key !== 'string' && !uuid.test(given)) throw new HubError('BAD_INPUT', 'id is no id of a record.');
  return { type, words, named: () => of(question.purpose.mode, typeof key === 'string' ? 'key' : 'id', given) };
}

/** What is believed, by field, as JSON of the column's form. Throws what a change with such a value would be refused with. */
async function readBelieved({ question, writing }: ReportDesk, type: RecordType, items: readonly DoubtedItem[]): Promise<ReadonlyMap<string, string>> {
  const claimed = items.filter(({ believed }) => believed !== undefined);
  if (claimed.length === 0) return new Map();
  const masked: string[] = [];
  for (const { field } of claimed) leafOf(type, field);
  const schema = claimSchema({ type, titles: new Map() }, claimed.map(({ field }) => field), { today: question.today, codes: await loadCodes(writing.sql), crs: 'EPSG4490', passedOn: question.caller.hub !== undefined, onMasked: (field) => void masked.push(field) });
  const read = schema.safeParse(Object.fromEntries(claimed.map(({ field, believed }) => [field, believed])));
  if (masked.length > 0) throw new HubError('BAD_INPUT', `What is believed of ${masked[0]} is masked; what is left of a value is no value.`);
  if (!read.success) throw new HubError('BAD_INPUT', `What is believed of ${String(read.error.issues[0]?.path[0] ?? 'an item')} cannot be right: it ${read.error.issues[0]?.message ?? 'is not as it has to be'}.`);
  return new Map(claimed.map(({ field }) => [field, JSON.stringify(read.data[field] ?? null)]));
}

/** The word that is doubted of each item; none, where another hub doubts what this source does not tell. */
async function doubtedOf({ writing: { sql } }: ReportDesk, type: RecordType, { source, sourceKey }: Discrepancy, { id, holders }: DoubtedRecord): Promise<readonly { readonly field: string; readonly source: Pick<KeptSource, 'source' | 'key' | 'version'> }[]> {
  const told = (await sourcesOf(sql, type.model, [id])).filter(({ deleted }) => deleted !== true).toSorted((a, b) => compareVersions(b.version, a.version));
  return [...holders].flatMap(([field, holder]) => {
    const whose = typeof source === 'string'
      ? told.find((one) => one.source === source && one.key === sourceKey && (one.values[field] ?? null) !== null)
      : told.find((one) => one.source === holder.source && one.version === holder.version) ?? told.find((one) => one.source === holder.source);
    return whose === undefined ? [] : [{ field, source: whose }];
  });
}
