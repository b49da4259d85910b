/**
 * What a citizen is told of the accesses to his data: the records of the audit that say he was delivered, without those that a law keeps
 * from him (`Concealment`), newest first, a page at a time.
 *
 * Of such a record he is told what is about him: when, which department, for which matter, which items. Never who or how many else
 * was in the operation, who the clerk was, or the number of the case, which may be another's. Items are those of the operation: which of them were
 * told of him and which of somebody beside him the audit does not tell apart.
 *
 * What is kept from him is gone before anything is counted, so pages are full and `more` is true as if it had never been; a page
 * ends at a name that only his own records have; and answers come at even steps, so that work on what is kept back does not show.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import type { Concealment } from '../sharing/terms.ts';
import type { ScopeFacts } from './record.ts';

/** Who asks, and for which page. */
export interface AccessSearch {
  /** `person_key` of the citizen. */
  readonly subject: string;
  readonly concealed: readonly Concealment[];
  /** ISO 8601, and the civil date. */
  readonly now: string;
  readonly today: string;
  readonly first: number;
  /** Id of the access after which the page begins. */
  readonly after?: string | null;
}

/** One access, as the citizen is told. */
export interface Access {
  /** Id of its request, which an audit administrator finds it by, and which of that request's records it is. */
  readonly id: string;
  readonly at: string;
  readonly department: string | null;
  readonly departmentName: string | null;
  readonly matter: string | null;
  readonly items: readonly string[];
  /** He looked himself. */
  readonly own: boolean;
}

/** The root field that citizens look by. */
export const ownRoot = 'Query.myAccesses';

/** Accesses of a page at most. */
const most = 200;

/** Milliseconds. */
const stepMs = 100;

/** See the head of this file. Throws `PAGE_TOO_LARGE` and `CURSOR_UNKNOWN`. */
export async function accessesOf(sql: postgres.Sql, { first, after = null, ...asked }: AccessSearch): Promise<{ readonly accesses: readonly Access[]; readonly more: boolean }> {
  if (first < 1 || first > most) throw new HubError('PAGE_TOO_LARGE', `first is 1 to ${most}. Ask for the next page with after.`, { limit: most });
  return inSteps(stepMs, async () => {
    const place = after === null ? null : await placeOf(sql, asked, after);
    const rows = await sql<{ id: string; at: string; body: string; name: string | null }[]>`
      with told as (${told(sql, asked)})
      select told.id, told.at::text as at, told.body, d.name from told left join department d on d.code = told.body::jsonb->>'department'
      ${place === null ? sql`` : sql`where (told.at, told.writer, told.seq) < (${place.at}::timestamptz, ${place.writer}::bigint, ${place.seq}::bigint)`}
      order by told.at desc, told.writer desc, told.seq desc limit ${first + 1}`;
    const accesses = rows.slice(0, first).map(({ id, at, body, name }): Access => {
      const { department = null, matter = null, items = [], roots = [] } = JSON.parse(body) as ScopeFacts;
      return { id, at, department, departmentName: name, matter, items, own: roots.includes(ownRoot) };
    });
    return { accesses, more: rows.length > first };
  });
}

type Asked = Omit<AccessSearch, 'first' | 'after'>;

/** His records that he is told of. */
function told(sql: postgres.Sql, { subject, concealed, now, today }: Asked): postgres.PendingQuery<postgres.Row[]> {
  // What was to be told on a day that has come is not concealed by that day.
  const hidden = concealed.filter(({ delayDays, until }) => until === null || today < until || delayDays !== null)
    .map(({ matter, consumer, delayDays, until }) => ({ matter, consumer, days: until !== null && today < until ? null : delayDays }));
  return sql`
    select r.at, r.writer, r.seq, s.body, r.request || '.' || row_number() over (partition by r.request order by r.at, r.writer, r.seq) as id
    from (select at, writer, seq, scope, request from audit_record where subjects @> array[${subject}]::text[] offset 0) r join audit_scope s on s.id = r.scope
    where not exists (
      select from jsonb_to_recordset(${JSON.stringify(hidden)}::text::jsonb) c(matter text, consumer text, days integer)
      where c.matter = s.body::jsonb->>'matter' and (c.consumer is null or c.consumer = s.body::jsonb->>'consumer') and (c.days is null or r.at > ${now}::timestamptz - make_interval(days => c.days)))`;
}

async function placeOf(sql: postgres.Sql, asked: Asked, id: string): Promise<{ readonly at: string; readonly writer: string; readonly seq: string }> {
  const [place] = await sql<{ at: string; writer: string; seq: string }[]>`with told as (${told(sql, asked)}) select at::text, writer::text, seq::text from told where id = ${id}`;
  if (place === undefined) throw new HubError('CURSOR_UNKNOWN', 'after names no access that you were told of. Start again without it.');
  return place;
}

/** Does something, and gives what came of it at the end of a step: how long it took is known to steps of so many milliseconds. */
export async function inSteps<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    const taken = performance.now() - began;
    await new Promise((wake) => { setTimeout(wake, Math.max(1, Math.ceil(taken / ms)) * ms - taken); });
  }
}
