/**
 * Searches the audit, newest first, a page at a time. A page ends at a record, and the next one reads that record's place itself.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import type { ScopeFacts } from './record.ts';

/** What is searched for; all of it must fit. */
export interface AuditSearch {
  readonly kind?: ScopeFacts['kind'] | null;
  readonly consumer?: string | null;
  readonly administrator?: string | null;
  /** Key of a person (`person_key`). */
  readonly subject?: string | null;
  readonly item?: string | null;
  readonly matter?: string | null;
  readonly outcome?: string | null;
  /** ISO 8601; from then on, and before then. */
  readonly from?: string | null;
  readonly to?: string | null;
  readonly first: number;
  /** Id of the record after which the page begins. */
  readonly after?: string | null;
}

/** A record as it was found. */
export interface FoundRecord {
  /** `writer/seq`. */
  readonly id: string;
  readonly at: string;
  readonly request: string;
  readonly operator: string;
  readonly caseNo: string;
  readonly variables: string;
  readonly outcome: string;
  readonly reason: string;
  readonly rows: number;
  readonly subjects: readonly string[];
  readonly reference: string;
  readonly policy: string;
  readonly micros: string;
  readonly scope: ScopeFacts;
}

/** A page of records. */
export interface AuditPage {
  readonly records: readonly FoundRecord[];
  /** Are there more behind them? */
  readonly more: boolean;
}

/** Records of a page at most. */
const most = 200;

/** See the head of this file. Throws `PAGE_TOO_LARGE` and `CURSOR_UNKNOWN`. */
export async function searchAudit(sql: postgres.Sql, search: AuditSearch): Promise<AuditPage> {
  const { first, after = null, subject = null, outcome = null, from = null, to = null } = search;
  if (first < 1 || first > most) throw new HubError('PAGE_TOO_LARGE', `first is 1 to ${most}. Ask for the next page with after.`, { limit: most });
  const facts = factsOf(search);
  const place = after === null ? null : await placeOf(sql, after);
  const conditions = [
    // Walled off: who is searched for is rare, and the order's index would be read through the whole table in search of him.
    ...(facts === null ? [] : [sql`and r.scope = any(array(select id from audit_scope where body::jsonb @> ${JSON.stringify(facts)}::text::jsonb))`]),
    ...(outcome === null ? [] : [sql`and r.outcome = ${outcome}`]),
    ...(from === null ? [] : [sql`and r.at >= ${from}::timestamptz`]),
    ...(to === null ? [] : [sql`and r.at < ${to}::timestamptz`]),
    ...(place === null ? [] : [sql`and (r.at, r.writer, r.seq) < (${place.at}::timestamptz, ${place.writer}::bigint, ${place.seq}::bigint)`]),
  ];
  const source = subject === null ? sql`audit_record` : sql`(select * from audit_record where subjects @> array[${subject}]::text[] offset 0)`;
  const rows = await sql<(Omit<FoundRecord, 'scope'> & { body: string })[]>`
    select r.writer || '/' || r.seq as id, r.at::text as at, r.request, r.operator, r.case_no as "caseNo", r.variables, r.outcome, r.reason, r.rows, r.subjects, r.reference, r.policy::text as policy, r.micros::text as micros, s.body
    from ${source} r join audit_scope s on s.id = r.scope
    where true ${conditions.length === 0 ? sql`` : conditions} order by r.at desc, r.writer desc, r.seq desc limit ${first + 1}`;
  const records = rows.slice(0, first).map(({ body, ...own }): FoundRecord => ({ ...own, scope: JSON.parse(body) as ScopeFacts }));
  return { records, more: rows.length > first };
}

/** What a record's scope has to say; null: nothing is asked of it. */
function factsOf({ kind = null, consumer = null, administrator = null, item = null, matter = null }: AuditSearch): ScopeFacts | null {
  const facts = { ...(kind === null ? {} : { kind }), ...(consumer === null ? {} : { consumer }), ...(administrator === null ? {} : { administrator }), ...(matter === null ? {} : { matter }), ...(item === null ? {} : { items: [item] }) };
  return Object.keys(facts).length === 0 ? null : facts as ScopeFacts;
}

async function placeOf(sql: postgres.Sql, id: string): Promise<{ readonly at: string; readonly writer: string; readonly seq: string }> {
  const [, writer, seq] = /^(\d{1,18})\/(\d{1,18})$/.exec(id) ?? [];
  const [row] = writer === undefined || seq === undefined ? [] : await sql<{ at: string }[]>`
    select r.at::text as at from audit_chain c join audit_record r on r.month = c.month and r.writer = c.writer where c.writer = ${writer} and r.seq = ${seq}`;
  if (row === undefined || writer === undefined || seq === undefined) throw new HubError('CURSOR_UNKNOWN', 'after names no record of the audit. Start again without it.');
  return { at: row.at, writer, seq };
}
