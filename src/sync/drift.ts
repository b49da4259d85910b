/**
 * Finds the source records of a type that two hubs keep otherwise: digests of buckets are compared, then what lies below those that differ,
 * until a bucket is small enough to be told record by record. One that differs among two millions costs a handful of calls.
 *
 * Both sides are read one after the other while others write, so what is found may be on its way; whoever heals looks again.
 */
import type postgres from 'postgres';
import type { RecordType } from '../registries/contract.ts';
import { toldFieldsOf } from '../query/passed-on.ts';
import { digits } from '../query/source-digest.ts';
import type { BucketDigest, ComparableCity, SourceDigest } from './city.ts';
import { keptCount, keptLeaves, keptTotals, nameOf } from './kept.ts';
import type { KeptBuckets, Named } from './kept.ts';
import type { DriftKind } from './reconcile-runs.ts';

/** Which type is compared, by which fields, below which division. */
export interface Side {
  readonly type: RecordType;
  /** Fields that both hubs know and the upper one shows. */
  readonly fields: readonly string[];
  readonly division: string;
}

/** A source record that differs. */
export interface Drifted extends Named {
  readonly kind: DriftKind;
}

/** What was found in some buckets. */
export interface Found {
  readonly drifted: readonly Drifted[];
  /** Source records that were compared: those of the upper hub, in all buckets of the first level; else 0. */
  readonly rows: number;
}

/** The rights of this hub at the upper one have changed in the middle of a comparison. */
export class RightsMoved extends Error {
  constructor(type: string) {
    super(`What the upper hub shows of ${type} has changed meanwhile. The comparison is made again.`);
    this.name = 'RightsMoved';
  }
}

/** Source records that one call digests, about: it takes a second or two, and the upper hub stops what takes ten. */
const digestedAtOnce = 300_000;
/** Source records of a bucket that is told record by record, and of all such buckets of one call. */
const smallBucket = 2000;
const leavesAtOnce = 5000;
/** Buckets whose children are told by one call: 256 each. */
const openedAtOnce = 16;

/** Source records of a bucket that differs, on the side that has more. */
interface Differing {
  readonly bucket: string;
  readonly size: number;
}

/** Walks through a type, and gives what differs part by part. */
export async function* driftOf(city: ComparableCity, sql: postgres.Sql, side: Side): AsyncGenerator<Found> {
  const { type, fields, division } = side;
  const without = toldFieldsOf(type).flatMap(({ name }) => (fields.includes(name) ? [] : [name]));
  const kept = (prefixes: readonly string[]): KeptBuckets => ({ type: type.name, prefixes, without, division });
  const asked = (prefixes: readonly string[]) => ({ type: type.name, fields, prefixes });
  const level = async (prefixes: readonly string[], depth: number): Promise<{ readonly differing: readonly Differing[]; readonly rows: number }> => {
    // Both at once: each takes as long as the other.
    const [above, here] = await Promise.all([city.digests({ ...asked(prefixes), depth }), keptTotals(sql, kept(prefixes), depth)]);
    if (!sameFields(above.fields, fields)) throw new RightsMoved(type.name);
    return { differing: differingOf(above.buckets, here), rows: above.buckets.reduce((sum, { count }) => sum + count, 0) };
  };
  const leaves = async (prefixes: readonly string[]): Promise<readonly Drifted[]> => {
    const [above, here] = await Promise.all([city.leaves(asked(prefixes)), keptLeaves(sql, kept(prefixes))]);
    if (!sameFields(above.fields, fields)) throw new RightsMoved(type.name);
    return driftedOf(above.leaves, here);
  };

  const held = await keptCount(sql, [type.name], division);
  const parts = Math.min(16, Math.ceil(held / digestedAtOnce));
  const firsts = parts <= 1 ? [['']] : chunks(digits, Math.ceil(digits.length / parts));
  for (const first of firsts) {
    const depth = parts <= 1 ? 2 : 3;
    const { differing, rows } = await level(first, depth);
    yield { drifted: [], rows };
    let open = differing;
    for (let at = depth; open.length > 0; at += 2) {
      // At the deepest level a bucket is as small as it gets.
      const small = open.filter(({ size }) => size <= smallBucket || at + 2 > 8);
      for (const group of together(small)) yield { drifted: await leaves(group.map(({ bucket }) => bucket)), rows: 0 };
      const next: Differing[] = [];
      for (const group of chunks(open.filter((one) => !small.includes(one)), openedAtOnce)) next.push(...(await level(group.map(({ bucket }) => bucket), at + 2)).differing);
      open = next;
    }
  }
}

function sameFields(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((field) => b.includes(field));
}

function differingOf(above: readonly BucketDigest[], here: readonly BucketDigest[]): readonly Differing[] {
  const ours = new Map(here.map((one) => [one.bucket, one]));
  const theirs = new Set(above.map(({ bucket }) => bucket));
  return [
    ...above.flatMap(({ bucket, count, digest }) => {
      const own = ours.get(bucket);
      return own?.count === count && own.digest === digest ? [] : [{ bucket, size: Math.max(count, own?.count ?? 0) }];
    }),
    ...here.flatMap(({ bucket, count }) => (theirs.has(bucket) ? [] : [{ bucket, size: count }])),
  ];
}

function driftedOf(above: readonly SourceDigest[], here: readonly SourceDigest[]): readonly Drifted[] {
  const ours = new Map(here.map((one) => [nameOf(one), one.digest]));
  const theirs = new Set(above.map(nameOf));
  const of = ({ source, key }: Named, kind: DriftKind): Drifted => ({ source, key, kind });
  return [
    ...above.flatMap((one) => {
      const own = ours.get(nameOf(one));
      return own === one.digest ? [] : [of(one, own === undefined ? 'MISSING' : 'DIFFERENT')];
    }),
    ...here.flatMap((one) => (theirs.has(nameOf(one)) ? [] : [of(one, 'SURPLUS')])),
  ];
}

/** Buckets in groups that one call tells. */
function together(buckets: readonly Differing[]): readonly (readonly Differing[])[] {
  const groups: Differing[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const one of buckets) {
    if (size + one.size > leavesAtOnce) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(one);
    size += one.size;
  }
  return groups;
}

/** A list in pieces of a length. */
export function chunks<T>(list: readonly T[], length: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, n) => list.slice(n * length, (n + 1) * length));
}
