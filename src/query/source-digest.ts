/**
 * How two hubs tell whether they keep the same of a source record without sending it: its bucket, and the digest of what it tells, as SQL
 * that gives the same on every hub whatever lies around the record there.
 *
 * A bucket is named by the first hexadecimal digits of a hash of source and key, so buckets within buckets are a tree. The digest is over
 * source, key, version and the told values in the one form that jsonb gives them (an order of names, one spelling of a number); a version
 * without leading zeros, since `007` and `7` are one (records/merge.ts). Digests of records are added up, so their order is nobody's
 * matter. Neither hides anything: they find what differs by mistake, not by intent.
 *
 * Not in it: when the department changed it and the days on which it holds. A hub that was never told of them keeps others for good.
 */

/** Hexadecimal digits of the deepest bucket. */
export const deepest = 8;

/** The hash that buckets are named by, of the row that `source` names. */
function hashOf(source: string): string {
  return `md5(${source}.source || ' ' || ${source}.source_key)`;
}

/** The bucket of a source record at a depth (an expression of type integer). */
export function bucketSql(source: string, depth: string): string {
  return `left(${hashOf(source)}, ${depth})`;
}

/** Is a source record in one of these buckets of one length (0: all are)? */
export function inBucketsSql(source: string, buckets: { readonly length: string; readonly prefixes: string }): string {
  return `(${buckets.length} = 0 or ${bucketSql(source, buckets.length)} = any(${buckets.prefixes}))`;
}

/** The digest of a source record as a bigint. `without`: expressions of type text[], names of fields that are left out. */
export function digestSql(source: string, without: readonly string[]): string {
  const told = [`${source}."values"::jsonb`, ...without].join(' - ');
  return `('x' || left(md5(concat_ws(' ', ${source}.source, ${source}.source_key, ltrim(${source}.version, '0'), (${told})::text)), 16))::bit(64)::bigint`;
}

/** Is what `source` names told by a department of another division than this one (an expression of type text)? */
export function ofOthersSql(source: string, division: string): string {
  return `not starts_with(${source}.source, ${division} || '-')`;
}

/** The digits of a bucket's children, in order. */
export const digits = [...'0123456789abcdef'];
