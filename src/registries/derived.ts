/**
 * Fields that are computed and never stored, and the computations that several registries share.
 *
 * The contract names what a field is computed from (`@derived(from:)`), and by that the items it takes. A computation is given those
 * columns and no others, so nothing can be read that was not named.
 */
import { is, SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** Columns by field name. */
export type GivenColumns = Readonly<Record<string, PgColumn>>;

/** Computes from columns; `today` is the civil date (Asia/Shanghai) that the question is about. */
export type Computation = (columns: GivenColumns, today: SQL) => SQL;

/** From the record's own columns, or as the question whether an edge leads to a record of which something is true. */
export type DerivedField =
  | { readonly value: Computation }
  | { readonly edge: string; readonly where: Computation };

/** The same computation, given the columns of these fields only. */
export function confined(computation: Computation, fields: readonly string[]): Computation {
  return (columns, today) => computation(Object.fromEntries(fields.flatMap((field) => (columns[field] === undefined ? [] : [[field, columns[field]]]))), today);
}

/** Does a computation read a column that it is not given? */
export function readsMore(computation: Computation, columns: GivenColumns): boolean {
  const missing = ({ queryChunks }: SQL): boolean => queryChunks.some((chunk) => chunk === undefined || (is(chunk, SQL) && missing(chunk)));
  return missing(computation(columns, sql`current_date`));
}

/** Whole years since a day, by the calendar: who was born on 29 February grows older on 1 March of a common year. Null before that day. */
export function yearsSince(day: PgColumn | undefined, today: SQL): SQL {
  return sql`case when ${day} <= ${today} then extract(year from age(${today}::timestamp, ${day}::timestamp))::integer end`;
}

/** Does a period hold today? Both its days count; without a beginning it is not known, without an end it has none (长期). */
export function holdsOn(today: SQL, from: PgColumn | undefined, to: PgColumn | undefined): SQL {
  return sql`${from} <= ${today} and coalesce(${to} >= ${today}, true)`;
}

/** A penalty that is published at present (公示中, and its term not over), behind the edge `creditPenalties`. */
export const openPenalty: DerivedField = {
  edge: 'creditPenalties',
  where: ({ publicStatus, publicUntil }, today) => sql`${publicStatus} = '公示中' and coalesce(${publicUntil} >= ${today}, true)`,
};
