/**
 * Which items of records are being checked (校核) at the moment: somebody doubts them, and whoever tells them has not answered yet. For
 * look-ups, which say UNDER_CHECK beside a value and serve the citizen all the same (国发〔2016〕51号); the requests themselves are in
 * sync/checks.
 */
import type postgres from 'postgres';

/** States in which a request to check stands: put to a department here, on its way up, at the upper hub. */
export const standingStates = ['OPEN', 'WAITING', 'SENT'] as const;

/** The same as a condition on `check_request`. */
export const standsSql = `state in (${standingStates.map((state) => `'${state}'`).join(', ')})`;

/** Fields that are being checked, of those of these records (whatever their type) of which any is. */
export async function openChecks(sql: postgres.Sql | postgres.TransactionSql, ids: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: string; field: string }[]>`select distinct record_id::text as id, field from check_request where record_id = any(${[...ids]}::uuid[]) and ${sql.unsafe(standsSql)}`;
  return new Map([...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => [id, new Set(own.map(({ field }) => field))]));
}
