/**
 * What this hub keeps of other divisions' source records, by digests: the lower side of sync/compared.ts, computed over what lies here.
 *
 * Fields that the upper hub does not show, or hides of a record although something is known of it here from before (`sync_hidden`), are
 * left out, so that both sides come to the same where they keep the same.
 */
import type postgres from 'postgres';
import { bucketSql, digestSql, inBucketsSql, ofOthersSql } from '../query/source-digest.ts';
import type { RecordType } from '../registries/contract.ts';
import type { BucketDigest, SourceDigest } from './city.ts';

type Session = postgres.Sql | postgres.TransactionSql;

/** Which source records, and what of them does not count. */
export interface KeptBuckets {
  readonly type: string;
  readonly prefixes: readonly string[];
  readonly without: readonly string[];
  readonly division: string;
}

/** A source record as it is kept here. */
export interface KeptState {
  readonly source: string;
  readonly key: string;
  readonly version: string;
  readonly deleted: boolean;
  /** The record that it is of. */
  readonly id: string;
  /** Over all its values. */
  readonly digest: string;
}

const counted = `from source_record source left join sync_hidden hidden on hidden.record_type = source.record_type and hidden.source = source.source and hidden.source_key = source.source_key
  where source.record_type = $1::text and not source.deleted and ${ofOthersSql('source', '$2::text')} and ${inBucketsSql('source', { length: '$3::integer', prefixes: '$4::text[]' })}`;
const digest = digestSql('source', ['$5::text[]', "coalesce(hidden.fields, '{}')"]);
const totals = `select ${bucketSql('source', '$6::integer')} as bucket, count(*)::integer as count, sum(${digest})::text as digest ${counted} group by 1`;
const leaves = `select source.source, source.source_key as key, source.version, ${digest}::text as digest ${counted}`;

function parametersOf({ type, division, prefixes, without }: KeptBuckets): unknown[] {
  return [type, division, prefixes[0]?.length ?? 0, prefixes, without];
}

/** The buckets of a depth below others, where they are not empty. */
export async function keptTotals(sql: Session, buckets: KeptBuckets, depth: number): Promise<readonly BucketDigest[]> {
  return sql.unsafe<BucketDigest[]>(totals, [...parametersOf(buckets), depth] as string[], { prepare: true });
}

/** The source records of buckets, each. */
export async function keptLeaves(sql: Session, buckets: KeptBuckets): Promise<readonly SourceDigest[]> {
  return sql.unsafe<SourceDigest[]>(leaves, parametersOf(buckets) as string[], { prepare: true });
}

/** How many there are of these types. */
export async function keptCount(sql: Session, types: readonly string[], division: string): Promise<number> {
  const [row] = await sql.unsafe<{ held: number }[]>(`select count(*)::float8 as held from source_record source where record_type = any($1::text[]) and not deleted and ${ofOthersSql('source', '$2::text')}`, [types, division] as string[]);
  return row?.held ?? 0;
}

/** The types of these of which something came by the feed once: the conditions of sharing it came along (conditions.ts), and stay. */
export async function cameFromAbove(sql: Session, types: readonly RecordType[]): Promise<readonly RecordType[]> {
  if (types.length === 0) return [];
  const items = new Set((await sql<{ item: string }[]>`select item from city_condition where item = any(${types.map(({ existsItem }) => existsItem)}::text[])`).map(({ item }) => item));
  return types.filter(({ existsItem }) => items.has(existsItem));
}

/** The next source records of a type by their names, but for those of records that were looked up (see `lookedUp`). */
export async function keptBehind(sql: Session, { type: { name }, division }: { readonly type: RecordType; readonly division: string }, after: Named | null, first: number): Promise<readonly Named[]> {
  return sql.unsafe<Named[]>(`select source.source, source.source_key as key from source_record source
    where source.record_type = $1::text and not source.deleted and ${ofOthersSql('source', '$2::text')} and ($3::text is null or (source.source, source.source_key) > ($3::text, $4::text))
      and not exists (select from city_copy copy where copy.record_type = source.record_type and copy.record_id = source.record_id)
    order by source.source, source.source_key limit $5::integer`, [name, division, after?.source ?? null, after?.key ?? null, first] as string[], { prepare: true });
}

/**
 * Which of these are of records that were looked up at the upper hub (read-through.ts), by `nameOf`. They may lie outside of what its feed
 * gives: that they are not there says nothing of them, and they grow old by themselves.
 */
export async function lookedUp(sql: Session, type: string, keys: readonly Named[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await sql.unsafe<Named[]>(`select source.source, source.source_key as key from unnest($2::text[], $3::text[]) named (source, key)
    join source_record source on source.record_type = $1::text and source.source = named.source and source.source_key = named.key
    join city_copy copy on copy.record_type = source.record_type and copy.record_id = source.record_id`, [type, keys.map(({ source }) => source), keys.map(({ key }) => key)] as string[]);
  return new Set(rows.map(nameOf));
}

/** How these are kept, deleted ones among them, by `nameOf`. */
export async function keptStates(sql: Session, type: string, keys: readonly Named[]): Promise<ReadonlyMap<string, KeptState>> {
  const rows = await sql.unsafe<KeptState[]>(
    `select source.source, source.source_key as key, source.version, source.deleted, source.record_id::text as id, ${digestSql('source', [])}::text as digest
     from unnest($2::text[], $3::text[]) asked (source, key) join source_record source on source.record_type = $1::text and source.source = asked.source and source.source_key = asked.key`,
    [type, keys.map(({ source }) => source), keys.map(({ key }) => key)] as string[], { prepare: true });
  return new Map(rows.map((row) => [nameOf(row), row]));
}

/** What names a source record of a type. */
export interface Named {
  readonly source: string;
  readonly key: string;
}

/** As one text. */
export function nameOf({ source, key }: Named): string {
  return `${source} ${key}`;
}

/** Notes which fields the upper hub hides of source records that something is known of in them here; of the others, that it hides none. */
export async function noteHidden(sql: Session, type: string, told: readonly (Named & { readonly hidden: readonly string[] })[]): Promise<void> {
  if (told.length === 0) return;
  const sent = JSON.stringify(told.map(({ source, key, hidden }) => ({ source, key, hidden })));
  const asked = 'json_to_recordset($2::text::json) told (source text, key text, hidden json)';
  await sql.unsafe(`delete from sync_hidden kept using ${asked} where kept.record_type = $1::text and kept.source = told.source and kept.source_key = told.key`, [type, sent]);
  if (told.every(({ hidden }) => hidden.length === 0)) return;
  await sql.unsafe(`insert into sync_hidden (record_type, source, source_key, fields)
    select $1::text, told.source, told.key, known.fields from ${asked}
    join source_record source on source.record_type = $1::text and source.source = told.source and source.source_key = told.key and not source.deleted
    cross join lateral (select array_agg(field) as fields from json_array_elements_text(told.hidden) field where source."values"::jsonb ? field) known
    where known.fields is not null`, [type, sent]);
}
