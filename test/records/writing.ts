/**
 * What tests of writing share: a context over a test database, and a record's whole history as the pure timeline reads it.
 */
import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Database } from '../../src/db/open.ts';
import { records } from '../../src/registries/index.ts';
import type { RecordModel } from '../../src/registries/record.ts';
import type { WriteContext } from '../../src/records/write.ts';
import { personKey } from '../../src/identity/person-key.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import type { Version } from '../../src/records/timeline.ts';

const keys = keyProviderOf({ current: 1, keys: { 1: { hmac: 'A'.repeat(43) } } });

/** The person key that these tests' contexts compute. */
export const keyOf = (idNumber: string): string => personKey(keys, idNumber);

/** A context at an instant; the civil day is the instant's in Asia/Shanghai unless told. */
export function contextAt(database: Database, now: string, today = new Date(Date.parse(now) + 8 * 3_600_000).toISOString().slice(0, 10)): WriteContext {
  return { sql: database.sql, now, today, personKey: keyOf };
}

/** A record type's model by its name. */
export function model(type: string): RecordModel {
  const found = records.find((one) => one.type === type);
  if (found === undefined) throw new Error(`no record type ${type}`);
  return found;
}

/** Every version of a record, closed ones included, with these fields as text. */
export async function historyOf(database: Database, of: RecordModel, id: string, fields: readonly string[]): Promise<Version[]> {
  const column = (field: string) => sql`${sql.identifier(of.columns[field]!.name)}::text`;
  const utc = (name: string) => sql.raw(`case when isfinite(${name}) then to_char(${name} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') else ${name}::text end as ${name}`);
  const text = new PgDialect().sqlToQuery(sql`select effective_from::text, effective_to::text, ${utc('recorded_from')}, ${utc('recorded_to')}, ${sql.join(fields.map((field) => sql`${column(field)} as ${sql.identifier(`v_${field}`)}`), sql`, `)} from ${of.tables.versions} where id = ${id}::uuid order by recorded_from, effective_from`);
  const rows = await database.sql.unsafe(text.sql, text.params as string[]);
  return rows.map((row) => ({
    from: row['effective_from'] as string, to: row['effective_to'] as string, recordedFrom: row['recorded_from'] as string, recordedTo: row['recorded_to'] as string,
    values: Object.fromEntries(fields.map((field) => [field, row[`v_${field}`] as string | null])),
  }));
}
