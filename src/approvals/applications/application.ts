/**
 * An application with its lines, reviews and moves, read whole: one by one under a lock to be moved, many at once to be shown.
 */
import type postgres from 'postgres';
import type { Mode, Use } from '../../sharing/terms.ts';
import type { BoundForm } from '../form.ts';
import { standing } from './moves.ts';
import type { Party, ReviewState, State } from './moves.ts';

const numbers = /^SQ-\d{4}-\d{6,}$/;

/** Does a text look like an application's number, by which its grant goes too? */
export function isApplicationNumber(text: string): boolean {
  return numbers.test(text);
}

/** One line of it. */
export interface Line {
  readonly line: number;
  readonly item: string;
  readonly uses: readonly Use[];
  readonly modes: readonly Mode[];
  readonly mask: string | null;
  readonly bounds: readonly BoundForm[];
  readonly quotaPerDay: number | null;
  /** The department that decides about it; null: the pre-check is enough, or was not made yet. */
  readonly reviewedBy: string | null;
  readonly decision: 'APPROVED' | 'REFUSED' | null;
  readonly reason: string | null;
}

/** What one department does about its own items. */
export interface Review {
  readonly department: string;
  readonly state: ReviewState;
  readonly version: number;
}

/** A move that was made. */
export interface Moved {
  readonly verb: string;
  /** The department whose review it is about; null: the application. */
  readonly reviewOf: string | null;
  readonly from: string | null;
  readonly to: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly role: string | null;
  readonly department: string | null;
  readonly party: Party;
  readonly words: string | null;
}

/** See the head of this file. */
export interface Application {
  readonly number: string;
  readonly consumer: string;
  readonly department: string;
  /** As it was written down last; `stateOn` tells what it is on a day. */
  readonly state: State;
  readonly version: number;
  readonly legalBasis: string;
  readonly scenario: string;
  readonly purpose: string;
  readonly matters: readonly string[];
  /** Civil dates; the last day counts. */
  readonly validFrom: string | null;
  readonly validTo: string;
  readonly activatedAt: string | null;
  readonly supersedes: string | null;
  /** The approval of which it asks for a higher quota, an application or a grant that was made without one; null: it asks for something of its own. */
  readonly raises: string | null;
  readonly lines: readonly Line[];
  readonly reviews: readonly Review[];
  readonly moves: readonly Moved[];
}

/** What an application is on a civil date: once its last day has passed it has expired, whether or not that was written down. */
export function stateOn({ state, validTo }: Pick<Application, 'state' | 'validTo'>, today: string): State {
  return validTo < today && (standing as readonly State[]).includes(state) ? 'EXPIRED' : state;
}

type Reader = postgres.Sql | postgres.TransactionSql;

/** One application, locked until the transaction ends with what it raises the quota of: whoever moves either at the same time waits. */
export async function lockApplication(tx: postgres.TransactionSql, number: string): Promise<Application | undefined> {
  // In this order always, so that nobody waits for each other.
  await tx`select 1 from application where number in (${number}, (select raises from application where number = ${number})) order by raises nulls first for update`;
  return (await readApplications(tx, [number]))[0];
}

/** Locks all that ask for a higher quota under an approval; always before the grant of that approval itself. */
export async function lockRaises(tx: postgres.TransactionSql, number: string): Promise<void> {
  await tx`select 1 from application where raises = ${number} order by number for update`;
}

/** Applications that ask, or have asked, for a higher quota of something under an approval. */
export async function raisesOf(tx: postgres.TransactionSql, number: string): Promise<readonly Application[]> {
  return readApplications(tx, (await tx<{ number: string }[]>`select number from application where raises = ${number}`).map((row) => row.number));
}

/** Applications by number, in the order of their numbers. */
export async function readApplications(sql: Reader, numbers: readonly string[]): Promise<readonly Application[]> {
  if (numbers.length === 0) return [];
  const wanted = [...numbers];
  const [rows, lines, reviews, moves] = await Promise.all([
    sql<Omit<Application, 'lines' | 'reviews' | 'moves'>[]>`
      select number, consumer_code as consumer, department_code as department, state, version, legal_basis as "legalBasis", scenario, purpose, matters,
        valid_from::text as "validFrom", valid_to::text as "validTo", ${moment(sql, 'activated_at')} as "activatedAt", supersedes, raises
      from application where number = any(${wanted}::text[]) order by number`,
    sql<(Omit<Line, 'bounds'> & { number: string; bounds: string })[]>`
      select application_number as number, line, item, uses, modes, mask, bounds::text, quota_per_day as "quotaPerDay", reviewed_by as "reviewedBy", decision, reason
      from application_line where application_number = any(${wanted}::text[]) order by line`,
    sql<(Review & { number: string })[]>`
      select application_number as number, department_code as department, state, version from application_review where application_number = any(${wanted}::text[]) order by department_code collate "C"`,
    sql<(Moved & { number: string })[]>`
      select application_number as number, verb, review_of as "reviewOf", from_state as "from", to_state as "to", ${moment(sql, 'at')} as at, by, by_role as role, by_department as department, party, words
      from application_move where application_number = any(${wanted}::text[]) order by seq`,
  ]);
  const of = { lines: Map.groupBy(lines, ({ number }) => number), reviews: Map.groupBy(reviews, ({ number }) => number), moves: Map.groupBy(moves, ({ number }) => number) };
  return rows.map((row) => ({
    ...row,
    lines: (of.lines.get(row.number) ?? []).map(({ number: _number, bounds, ...line }) => ({ ...line, bounds: JSON.parse(bounds) as readonly BoundForm[] })),
    reviews: (of.reviews.get(row.number) ?? []).map(({ number: _number, ...review }) => review),
    moves: (of.moves.get(row.number) ?? []).map(({ number: _number, ...move }) => move),
  }));
}

function moment(sql: Reader, column: string) {
  return sql`to_char(${sql(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
