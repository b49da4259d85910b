/**
 * Counts days into the tables that the evaluation is read from: each day once it is over, and the day that runs every now and then.
 *
 * One day at a time, in one transaction, and only that day of the audit is read (by its index on time), grouped where it lies: so what a look at the
 * evaluation costs does not depend on how much was asked. A day is complete an hour after it has ended: records may be written late
 * (HUB_AUDIT_GRACE). What the audit no longer has when a day is counted first is not counted.
 */
import type postgres from 'postgres';
import { nextDay } from '../calendar/working-days.ts';
import type { ScopeFacts } from '../audit/record.ts';
import { safeError } from '../db/failures.ts';
import type { Definition } from '../matters/definition.ts';
import { versionsOf } from '../matters/version.ts';
import { DayCount } from './figures.ts';
import type { CountedReceipt } from './figures.ts';

/** What counting takes. */
export interface Counting {
  readonly sql: postgres.Sql;
  /** ISO 8601; and the civil date. */
  readonly now: string;
  readonly today: string;
}

/** Milliseconds after its end at which a day is counted for good. */
const lateMs = 3_600_000;

/** Rows read at a time. */
const atOnce = 200;

const beginningOf = (day: string): string => `${day}T00:00:00+08:00`;

/** The days that are not complete, the oldest first and today last. Where nothing was ever counted they begin with the first of which anything is held. */
export async function daysToCount({ sql, today }: Counting): Promise<readonly string[]> {
  try {
    const days: string[] = [];
    for (let day = await firstToCount(sql, today); day < today; day = nextDay(day)) days.push(day);
    return [...days, today];
  } catch (error) {
    throw safeError(error, 'find the days to count');
  }
}

async function firstToCount(sql: postgres.Sql, today: string): Promise<string> {
  const [last] = await sql<{ day: string }[]>`select day::text from evaluation_day where complete order by evaluation_day.day desc limit 1`;
  if (last !== undefined) return nextDay(last.day);
  const [first] = await sql<{ day: string | null }[]>`
    select (least((select min(at) from audit_record), (select min(at) from receipt), (select min(submitted_at) from submission)) at time zone 'Asia/Shanghai')::date::text as day`;
  return first?.day ?? today;
}

/** Counts a day, as far as it has gone. */
export async function countDay(counting: Counting, day: string): Promise<void> {
  try {
    await count(counting, day);
  } catch (error) {
    throw safeError(error, 'count a day');
  }
}

async function count({ sql, now }: Counting, day: string): Promise<void> {
  const [from, to] = [beginningOf(day), beginningOf(nextDay(day))];
  const over = Date.parse(now) >= Date.parse(to);
  const complete = Date.parse(now) >= Date.parse(to) + lateMs;
  const items = await sql<{ code: string; owner: string }[]>`select code, owner_department as owner from catalog_item`;
  const sums = new DayCount(new Map(items.map(({ code, owner }) => [code, owner])));
  await countAudit(sql, sums, from, to);
  await countReceipts(sql, sums, from, to);
  await countChanges(sql, sums, from, to);
  await sql.begin(async (tx) => {
    await tx`insert into evaluation_day (day, counted_at, complete) values (${day}, ${over ? to : now}, ${complete})
             on conflict (day) do update set counted_at = excluded.counted_at, complete = excluded.complete where not evaluation_day.complete`;
    await tx`delete from evaluation_figure where day = ${day}`;
    await tx`delete from evaluation_item where day = ${day}`;
    await tx`insert into evaluation_figure (day, department_code, figure, count)
             select ${day}, department, figure, count from jsonb_to_recordset(${JSON.stringify(sums.figures)}::text::jsonb) f(department text, figure text, count bigint)`;
    await tx`insert into evaluation_item (day, consumer_code, item, delivered, used)
             select ${day}, consumer, item, delivered, used from jsonb_to_recordset(${JSON.stringify(sums.items)}::text::jsonb) i(consumer text, item text, delivered integer, used integer)`;
  });
}

async function countAudit(sql: postgres.Sql, sums: DayCount, from: string, to: string): Promise<void> {
  const scopes = sql<{ body: string; answered: boolean; records: number; found: number }[]>`
    select s.body, r.answered, r.records, r.found from (
      select scope, outcome = 'OK' as answered, count(*)::integer as records, (count(*) filter (where rows > 0))::integer as found
      from audit_record where at >= ${from}::timestamptz and at < ${to}::timestamptz and outcome <> 'BEGUN' group by 1, 2) r join audit_scope s on s.id = r.scope`.cursor(atOnce);
  for await (const some of scopes) {
    for (const { body, ...counted } of some) {
      const { kind, consumer = null, department = null, items = [], by = [] } = JSON.parse(body) as ScopeFacts;
      if (kind === 'QUERY') sums.scope({ consumer, department, items, by, ...counted });
    }
  }
}

/**
 * Receipts are many and say little that differs, so those of no case are put together where they lie, and those of cases come case
 * by case: a day of them is never held at once, and whatever else this process does goes on in between.
 */
async function countReceipts(sql: postgres.Sql, sums: DayCount, from: string, to: string): Promise<void> {
  const definitionOf = await definitionsOf(sql, from, to);
  const facts = sql`(select coalesce(jsonb_agg(jsonb_build_object('fact', f -> 'fact', 'status', f -> 'status')), '[]') from jsonb_array_elements(r.document::jsonb -> 'facts') f)::text`;
  const version = sql`(r.document::jsonb ->> 'version')::integer`;
  const alone = sql<(ReceiptRow & { readonly times: number })[]>`
    select department, matter, null as "caseNo", false as before, version, facts, count(*)::integer as times from (
      select r.department_code as department, r.matter_code as matter, ${version} as version, ${facts} as facts
      from receipt r where r.at >= ${from}::timestamptz and r.at < ${to}::timestamptz and r.case_no is null) told group by department, matter, version, facts`.cursor(atOnce);
  for await (const some of alone) for (const { times, ...row } of some) sums.receipts([receiptOf(row)], definitionOf, times);
  const inCases = sql<ReceiptRow[]>`
    with touched as (select distinct matter_code, case_no from receipt where at >= ${from}::timestamptz and at < ${to}::timestamptz and case_no is not null)
    select r.department_code as department, r.matter_code as matter, r.case_no as "caseNo", r.at < ${from}::timestamptz as before, ${version} as version, ${facts} as facts
    from receipt r join touched using (matter_code, case_no) where r.at < ${to}::timestamptz order by r.department_code, r.matter_code, r.case_no`.cursor(atOnce);
  let own: CountedReceipt[] = [];
  for await (const some of inCases) {
    for (const row of some) {
      const [first] = own;
      if (first !== undefined && (first.caseNo !== row.caseNo || first.matter !== row.matter || first.department !== row.department)) {
        sums.receipts(own, definitionOf);
        own = [];
      }
      own.push(receiptOf(row));
    }
  }
  if (own.length > 0) sums.receipts(own, definitionOf);
}

type ReceiptRow = Omit<CountedReceipt, 'facts'> & { readonly facts: string };

const receiptOf = (row: ReceiptRow): CountedReceipt => ({ ...row, facts: JSON.parse(row.facts) as CountedReceipt['facts'] });

/** The definitions of the matters of a day's receipts. */
async function definitionsOf(sql: postgres.Sql, from: string, to: string): Promise<(matter: string, version: number) => Definition | undefined> {
  const definitions = new Map<string, Definition>();
  for (const { matter } of await sql<{ matter: string }[]>`select distinct matter_code as matter from receipt where at >= ${from}::timestamptz and at < ${to}::timestamptz`) {
    for (const { version, definition } of await versionsOf(sql, matter)) definitions.set(`${matter} ${version}`, definition);
  }
  return (matter, version) => definitions.get(`${matter} ${version}`);
}

async function countChanges(sql: postgres.Sql, sums: DayCount, from: string, to: string): Promise<void> {
  const rows = await sql<{ department: string; changes: number; rejected: number }[]>`
    select c.department_code as department, sum(jsonb_array_length(s.outcomes))::float8 as changes, sum((select count(*) from jsonb_array_elements(s.outcomes) o where o ->> 'status' = 'REJECTED'))::float8 as rejected
    from submission s join consumer c on c.code = s.consumer_code where s.submitted_at >= ${from}::timestamptz and s.submitted_at < ${to}::timestamptz group by 1`;
  for (const { department, changes, rejected } of rows) {
    sums.add(department, 'CHANGES', changes);
    sums.add(department, 'CHANGES_REJECTED', rejected);
  }
}
