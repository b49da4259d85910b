/**
 * Which items of records are being checked (校核) at the moment: somebody doubts them, and whoever tells them has not answered yet. For
 * look-ups, which say UNDER_CHECK beside a value and serve the citizen all the same (国发〔2016〕51号); the requests themselves are in
 * sync/checks.
 */
import { sql as build } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type postgres from 'postgres';
import { isNowhere } from '../sharing/rows.ts';
import type { Compilation, Source } from './rows.ts';
import type { CheckedField } from './tree.ts';

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

/** JSON: the names of those of these fields that are being checked on a row of `source`, each only where what stands there is this caller's to know. */
export function fieldsChecked(compilation: Compilation, source: Source, fields: readonly CheckedField[]): SQL {
  const known = fields.flatMap(({ name, at, use }): SQL[] => {
    const rows = compilation.plan.rows(at, use);
    if (isNowhere(rows)) return [];
    const own = build`c.field = ${name}`;
    return compilation.left(source, rows) === 'all' ? [own] : [build`(${own} and ${compilation.inside(source, rows)})`];
  });
  if (known.length === 0) return build`'[]'::json`;
  return build`coalesce((select json_agg(distinct c.field) from check_request c where c.record_id = ${source.columns['id']} and c.record_type = ${source.type.name} and ${build.raw(`c.${standsSql}`)} and (${build.join(known, build` or `)})), '[]'::json)`;
}
