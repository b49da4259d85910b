/**
 * What was used of whom (所用事实): kept for consumers that follow facts, beside the receipt of the look-up or the record of the
 * verification, so that they are told when it changes (sync/fact-feed.ts). Fields and keys only, never a value or an answer; and only as
 * long as the case is open, or as the matter says, or for so many days where there is neither.
 */
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import type { Policy } from '../sharing/grant.ts';

/** One subject, and what was used of it. */
export interface Used {
  readonly consumer: string;
  readonly matter: string;
  readonly caseNo: string | null;
  /** The role in which it was looked up, and which of the subjects of that role; empty: claims about it were verified. */
  readonly role: string;
  readonly place: number;
  readonly type: string;
  /** `person_key`, USCC, or the record's own key. */
  readonly key: string;
  /** Keys of others, beside the subjects that were named, of whom was told with it. */
  readonly beside: readonly string[];
  /** Fields of records (`Person.deathDate`), and types of records that there is one or none (`CreditListing`); empty: nothing was used, and nothing will be told. */
  readonly fields: readonly string[];
  readonly version: number | null;
  readonly receipt: string | null;
  readonly request: string;
  /** ISO 8601; told of before `until` only, and with a case only while it is open. */
  readonly at: string;
  readonly until: string;
  readonly withCase: boolean;
}

/** May a consumer follow anything under a matter? For others nothing is kept. */
export function mayFollow({ tuples }: Policy, matter: string): boolean {
  for (const own of tuples.values()) if (own.some(({ modes, matters }) => modes.includes('SUBSCRIBE') && (matters === null || matters.includes(matter)))) return true;
  return false;
}

/** A moment so many days on. */
export function daysAfter(at: string, days: number): string {
  return new Date(Date.parse(at) + days * 86_400_000).toISOString();
}

/** The part of a statement that keeps what was used: in the last look-up, in verifications together. `json`: an array of `Used`. */
export function keeping(sql: postgres.Sql, json: string) {
  return sql`
    insert into used_subject (consumer_code, matter_code, case_no, role, place, subject_type, subject_key, keys, fields, version, receipt_id, request, used_at, until, with_case)
    select distinct on (1, 2, 3, 4, 7) u.consumer, u.matter, coalesce(u."caseNo", ''), u.role, u.place, u.type, u.key, array[u.key] || u.beside, u.fields, u.version, u.receipt, u.request, u.at, u.until, u."withCase"
    from json_to_recordset(${json}::text::json) u (consumer text, matter text, "caseNo" text, role text, place integer, type text, key text, beside text[], fields text[], version integer, receipt uuid, request uuid, at timestamptz, until timestamptz, "withCase" boolean)
    order by 1, 2, 3, 4, 7, u.at desc
    on conflict (consumer_code, matter_code, case_no, role, subject_key) do update set place = excluded.place, subject_type = excluded.subject_type, keys = excluded.keys,
      fields = case when excluded.role = '' then array(select distinct unnest(used_subject.fields || excluded.fields)) else excluded.fields end,
      version = excluded.version, receipt_id = excluded.receipt_id, request = excluded.request, used_at = excluded.used_at, until = excluded.until, with_case = excluded.with_case`;
}

/** Keeps what was used where no receipt is issued. */
export async function noteUsed(sql: postgres.Sql, used: Used): Promise<void> {
  try {
    await keeping(sql, JSON.stringify([used]));
  } catch (error) {
    throw safeError(error, 'keep what was verified');
  }
}

/** Forgets what is told of no more; how many. */
export async function forgetUsed(sql: postgres.Sql, today: string, now: string): Promise<number> {
  const gone = await sql`
    delete from used_subject u where until <= ${now} or (with_case and not exists (
      select from service_case c where c.matter_code = u.matter_code and c.case_no = u.case_no and c.closed_at is null and c.deadline >= ${today} and c.opened_at <= u.used_at))`;
  return gone.count;
}
