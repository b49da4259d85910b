/**
 * The evaluation of supply and use (评价): by department, each month of a period and the period as a whole, from the days that were
 * counted (count.ts) and from the small tables of deadlines, requests to check, conflicts and quarantine. The audit is not read.
 *
 * Beside what figures.ts says: ITEMS PROVIDED are different items of the department that were delivered to other departments; a
 * deadline belongs to the month in which it falls due, a request to check or a conflict to the one in which it came up, and counts for the
 * department whose word is doubted, or differs; rejects are what a department's word still keeps in quarantine, by the month in which it came.
 *
 * Departments see themselves; the data authority sees all.
 */
import type postgres from 'postgres';
import { nextDay } from '../calendar/working-days.ts';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import type { Standing } from '../identity/standing.ts';
import type { Administrator } from '../sharing/terms.ts';
import { grantFindings } from './grants.ts';
import type { GrantFinding } from './grants.ts';

/** What is counted of a department; names of columns come from here. */
export const figureNames = [
  'itemsProvided', 'answers', 'items', 'requests', 'refused', 'lookups', 'papersAsked', 'papersSaved', 'deadlinesKept', 'deadlinesMissed', 'deadlinesOpen',
  'changes', 'changesRejected', 'quarantined', 'conflicts', 'discrepancies', 'discrepanciesCorrected', 'grantsUnused', 'grantsOverBroad',
] as const;
export type FigureName = (typeof figureNames)[number];

/** A department in a month, or in the whole period (`month` is null then). */
export type DepartmentFigures = Readonly<Record<FigureName, number>> & {
  readonly departmentCode: string;
  readonly departmentName: string;
  /** YYYY-MM. */
  readonly month: string | null;
};

/** A period evaluated. Days are civil dates, moments ISO 8601. */
export interface Evaluation {
  readonly from: string;
  /** The last day. */
  readonly to: string;
  /** Up to when requests, papers and changes are counted; null: nothing was counted yet. */
  readonly countedTo: string | null;
  /** By month and department; departments of which there is nothing in a month are left out. Of grants nothing is told by the month. */
  readonly months: readonly DepartmentFigures[];
  readonly departments: readonly DepartmentFigures[];
  readonly grants: readonly GrantFinding[];
}

/** What is asked for. */
export interface EvaluationQuestion {
  readonly sql: postgres.Sql;
  readonly standing: Standing;
  readonly reader: Administrator;
  /** Whole months are evaluated: from the month of the one day to that of the other. */
  readonly from: string;
  readonly to: string;
  readonly department: string | null;
  /** ISO 8601; and the civil date. */
  readonly now: string;
  readonly today: string;
}

/** Months of a period at most. */
const mostMonths = 36;

/** See the head of this file. Throws `FORBIDDEN` where the department is another's, `BAD_INPUT` where the period is none. */
export async function evaluate(question: EvaluationQuestion): Promise<Evaluation> {
  const { sql, standing, now } = question;
  const only = departmentFor(question);
  const [from, to] = periodOf(question);
  try {
    const [rows, names, [counted]] = await Promise.all([
      figuresOf(question, from, to, only),
      sql<{ code: string; name: string }[]>`select code, name from department order by code`,
      sql<{ at: string }[]>`select counted_at::text as at from evaluation_day order by day desc limit 1`,
    ]);
    const used = await usedItems(sql, from, to);
    const end = new Date(Math.min(Date.parse(now), Date.parse(`${nextDay(to)}T00:00:00+08:00`))).toISOString();
    const consumers = [...standing.consumers()].filter(({ department }) => only === null || department === only);
    const grants = grantFindings(consumers, (consumer) => standing.policyOf(consumer), end, used);
    const sums = new Sums(new Map(names.map(({ code, name }) => [code, name])));
    for (const row of rows) sums.add(row);
    for (const { departmentCode, kind } of grants) sums.add({ month: null, department: departmentCode, figure: kind === 'UNUSED' ? 'grantsUnused' : 'grantsOverBroad', count: 1 });
    const all = sums.rows();
    return { from, to, countedTo: counted === undefined ? null : new Date(counted.at).toISOString(), months: all.filter(({ month }) => month !== null), departments: all.filter(({ month }) => month === null), grants };
  } catch (error) {
    throw safeError(error, 'evaluate');
  }
}

/** The one department that is looked at; null: all. */
function departmentFor({ reader, department }: EvaluationQuestion): string | null {
  if (reader.ofAuthority || department === reader.department) return department;
  if (department === null) return reader.department;
  throw new HubError('FORBIDDEN', `The figures of ${department} are for that department and the data authority. Leave departmentCode out, or name your own.`);
}

function periodOf({ from, to }: EvaluationQuestion): readonly [from: string, to: string] {
  const months = (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7)) + 1;
  if (months < 1 || months > mostMonths) throw new HubError('BAD_INPUT', `A period is 1 to ${mostMonths} months, and ends after it begins.`);
  return [`${from.slice(0, 7)}-01`, new Date(Date.UTC(Number(to.slice(0, 4)), Number(to.slice(5, 7)), 0)).toISOString().slice(0, 10)];
}

interface Counted {
  /** Null: of the whole period; what sums up over the months is told by month only. */
  readonly month: string | null;
  readonly department: string;
  readonly figure: FigureName;
  readonly count: number;
}

const ofDays: Readonly<Record<string, FigureName>> = {
  REQUESTS: 'requests', REFUSED: 'refused', ANSWERS: 'answers', ITEMS: 'items', CHANGES: 'changes', CHANGES_REJECTED: 'changesRejected', LOOKUPS: 'lookups', PAPERS_ASKED: 'papersAsked', PAPERS_SAVED: 'papersSaved',
};

async function figuresOf({ sql, today }: EvaluationQuestion, from: string, to: string, only: string | null): Promise<readonly Counted[]> {
  const [begin, end] = [`${from}T00:00:00+08:00`, `${nextDay(to)}T00:00:00+08:00`];
  const monthOf = (column: string) => sql`to_char(${sql(column)} at time zone 'Asia/Shanghai', 'YYYY-MM')`;
  const his = (column: string) => (only === null ? sql`` : sql`and ${sql(column)} = ${only}`);
  const [days, provided, deadlines, checks, conflicts, quarantined] = await Promise.all([
    sql<(Omit<Counted, 'figure'> & { figure: string })[]>`
      select to_char(day, 'YYYY-MM') as month, department_code as department, figure, sum(count)::float8 as count from evaluation_figure where day between ${from} and ${to} ${his('department_code')} group by 1, 2, 3`,
    sql<Omit<Counted, 'figure'>[]>`
      with given as materialized (
        select date_trunc('month', day::timestamp) as month, consumer_code, item from evaluation_item where day between ${from} and ${to} and delivered > 0 group by 1, 2, 3)
      select to_char(g.month, 'YYYY-MM') as month, i.owner_department as department, count(distinct g.item)::float8 as count
      from given g join catalog_item i on i.code = g.item join consumer c on c.code = g.consumer_code
      where c.department_code <> i.owner_department ${his('i.owner_department')} group by grouping sets ((g.month, i.owner_department), (i.owner_department))`,
    sql<{ month: string; department: string; kept: number; missed: number; open: number }[]>`
      select to_char(due_on, 'YYYY-MM') as month, department_code as department, count(*) filter (where met_on <= due_on)::float8 as kept,
        count(*) filter (where met_on > due_on or (met_on is null and due_on < ${today}))::float8 as missed, count(*) filter (where met_on is null and due_on >= ${today})::float8 as open
      from deadline where due_on between ${from} and ${to} ${his('department_code')} group by 1, 2`,
    sql<{ month: string; department: string; all: number; corrected: number }[]>`
      select ${monthOf('reported_at')} as month, source as department, count(*)::float8 as all, count(*) filter (where verdict = 'CORRECTED')::float8 as corrected
      from check_request where reported_at >= ${begin}::timestamptz and reported_at < ${end}::timestamptz ${his('source')} group by 1, 2`,
    sql<Omit<Counted, 'figure'>[]>`
      select ${monthOf('opened_at')} as month, own_source as department, count(*)::float8 as count
      from sync_conflict where opened_at >= ${begin}::timestamptz and opened_at < ${end}::timestamptz ${his('own_source')} group by 1, 2`,
    sql<Omit<Counted, 'figure'>[]>`
      select ${monthOf('first_seen_at')} as month, source as department, count(*)::float8 as count
      from sync_quarantine where source is not null and first_seen_at >= ${begin}::timestamptz and first_seen_at < ${end}::timestamptz ${his('source')} group by 1, 2`,
  ]);
  return [
    ...days.flatMap(({ figure, ...row }) => (ofDays[figure] === undefined ? [] : [{ ...row, figure: ofDays[figure] }])),
    ...provided.map((row) => ({ ...row, figure: 'itemsProvided' as const })),
    ...deadlines.flatMap(({ month, department, kept, missed, open }) => [['deadlinesKept', kept], ['deadlinesMissed', missed], ['deadlinesOpen', open]].map(([figure, count]) => ({ month, department, figure: figure as FigureName, count: count as number }))),
    ...checks.flatMap(({ month, department, all, corrected }) => [{ month, department, figure: 'discrepancies' as const, count: all }, { month, department, figure: 'discrepanciesCorrected' as const, count: corrected }]),
    ...conflicts.map((row) => ({ ...row, figure: 'conflicts' as const })),
    ...quarantined.map((row) => ({ ...row, figure: 'quarantined' as const })),
  ];
}

/** Items that each consumer used in a period. */
async function usedItems(sql: postgres.Sql, from: string, to: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await sql<{ consumer: string; item: string }[]>`select consumer_code as consumer, item from evaluation_item where day between ${from} and ${to} and used > 0 group by 1, 2`;
  return new Map([...Map.groupBy(rows, ({ consumer }) => consumer)].map(([consumer, own]) => [consumer, new Set(own.map(({ item }) => item))]));
}

/** Adds up by month and department. */
class Sums {
  readonly #names: ReadonlyMap<string, string>;
  readonly #rows = new Map<string, { readonly month: string | null; readonly department: string; readonly figures: Record<FigureName, number> }>();

  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  /** Different items do not add up: of them the period has its own row. */
  add({ month, department, figure, count }: Counted): void {
    if (count === 0) return;
    this.#row(month, department)[figure] += count;
    if (month !== null && figure !== 'itemsProvided') this.#row(null, department)[figure] += count;
  }

  rows(): readonly DepartmentFigures[] {
    return [...this.#rows.values()]
      .map(({ month, department, figures }) => ({ departmentCode: department, departmentName: this.#names.get(department) ?? department, month, ...figures }))
      .sort((a, b) => ((a.month ?? '') < (b.month ?? '') ? -1 : (a.month ?? '') > (b.month ?? '') ? 1 : a.departmentCode < b.departmentCode ? -1 : 1));
  }

  #row(month: string | null, department: string): Record<FigureName, number> {
    const key = `${month} ${department}`;
    const known = this.#rows.get(key) ?? { month, department, figures: Object.fromEntries(figureNames.map((name) => [name, 0])) as Record<FigureName, number> };
    this.#rows.set(key, known);
    return known.figures;
  }
}
