/**
 * Objects and lists as PostgreSQL builds them: the JSON of a row, whatever its response names are.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';

/** PostgreSQL cuts a name after 63 bytes and a row holds at most 1664 columns. */
const longestName = 63;
const mostColumns = 1600;

/** The row's own name: no response name is ever the same, so it can only mean the whole row. */
const row = sql.identifier('o$');

/** One entry of an object: the response name and what stands there. */
export type Entry = readonly [name: string, value: SQL];

/**
 * A JSON object with these entries in this order. `row_to_json` is the fastest builder; where a response name is
 * too long for a column or there are too many of them, the object is written as text, name by name.
 */
export function object(entries: readonly Entry[]): SQL {
  const plain = entries.length > 0 && entries.length <= mostColumns && entries.every(([name]) => Buffer.byteLength(name) <= longestName);
  if (plain) {
    const columns = entries.map(([name, value]) => sql`${value} as ${sql.identifier(name)}`);
    return sql`(select row_to_json(${row}) from (select ${sql.join(columns, sql`, `)}) ${row})`;
  }
  if (entries.length === 0) return sql`'{}'::json`;
  const parts = entries.map(([name, value]) => sql`${`${JSON.stringify(name)}:`}::text || coalesce(to_json(${value})::text, 'null')`);
  return sql`('{' || ${sql.join(parts, sql` || ',' || `)} || '}')::json`;
}
