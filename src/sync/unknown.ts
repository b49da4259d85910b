/**
 * Fields that the upper hub tells and this hub does not have: kept as they came, for the release that will have them. They take part in
 * nothing, and nobody reads them through the API.
 */
import type postgres from 'postgres';
import type { Taken } from './apply.ts';

/** Keeps what is unknown of what was taken, in the place of what was kept of those source records before. */
export async function keepUnknown(tx: postgres.TransactionSql, { taken, unknown }: Pick<Taken, 'taken' | 'unknown'>, now: string): Promise<void> {
  const [any] = unknown.length > 0 ? [] : await tx`select 1 from sync_unknown limit 1`;
  if (unknown.length === 0 && any === undefined) return;
  const whole = new Set(taken);
  const told = new Map(unknown.filter(({ incoming }) => whole.has(incoming)).map(({ incoming: { entry, source }, values }) => [`${entry.type} ${source.source} ${source.key}`, { record_type: entry.type, source: source.source, source_key: source.key, version: source.version, values }]));
  const gone = taken.filter(({ entry, source }) => !told.has(`${entry.type} ${source.source} ${source.key}`)).map(({ entry, source }) => ({ record_type: entry.type, source: source.source, source_key: source.key }));
  await tx`
    delete from sync_unknown kept using json_to_recordset(${JSON.stringify(gone)}::text::json) gone (record_type text, source text, source_key text)
    where (kept.record_type, kept.source, kept.source_key) = (gone.record_type, gone.source, gone.source_key)`;
  await tx`
    insert into sync_unknown (record_type, source, source_key, version, "values", seen_at)
    select record_type, source, source_key, version, "values", ${now}::timestamptz from json_to_recordset(${JSON.stringify([...told.values()])}::text::json) sent (record_type text, source text, source_key text, version text, "values" json)
    on conflict (record_type, source, source_key) do update set version = excluded.version, "values" = excluded."values", seen_at = excluded.seen_at`;
}
