/**
 * Source records as another may have them who follows their changes, by digests: how many there are in a bucket and what their digests
 * come to, so that he finds what he keeps otherwise without being sent everything (see source-digest.ts).
 *
 * The same records and the same fields count as passed-on.ts passes on: what the follower may not have is not in a digest, a field that is
 * hidden on a row is left out there. Sources of the follower's own division are at home at his hub and do not count, nor do deleted ones.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Plan } from '../sharing/plan.ts';
import { finished } from './compile.ts';
import { hiddenOf, toldFieldsOf } from './passed-on.ts';
import type { PassingOn, Text } from './passed-on.ts';
import { Compilation, where } from './rows.ts';
import type { CompileOptions } from './rows.ts';
import { bucketSql, digestSql, inBucketsSql, ofOthersSql } from './source-digest.ts';
import type { Slot } from './tree.ts';

/** The values that the statements of this file are run with, as `variables` of the request. */
export interface Comparing {
  /** Buckets looked into, all of one length. */
  readonly prefixes: readonly string[];
  readonly length: number;
  /** Length of the names of the buckets that are told; `totals` only. */
  readonly depth: number;
  /** Names of fields that are left out. */
  readonly without: readonly string[];
  /** The follower's own division. */
  readonly division: string;
}

/** A row of `totals`. */
export interface BucketTotal {
  readonly bucket: string;
  readonly count: number;
  readonly digest: string;
}

/** A row of `leaves`. */
export interface Leaf {
  readonly source: string;
  readonly key: string;
  readonly version: string;
  readonly digest: string;
}

/** See the head of this file. */
export interface Digests {
  /** The buckets below others. */
  readonly totals: Text;
  /** The source records of buckets, each. */
  readonly leaves: Text;
}

const slots = {
  prefixes: (run): unknown => run.variables['prefixes'], length: (run): unknown => run.variables['length'], depth: (run): unknown => run.variables['depth'],
  without: (run): unknown => run.variables['without'], division: (run): unknown => run.variables['division'],
} satisfies Record<string, Slot>;

/** Compiles them from the plan from which `passing` was made, at the same coordinate. */
export function digestsOf({ type, fields }: PassingOn, at: string, plan: Plan, options: CompileOptions): Digests {
  const told = toldFieldsOf(type).filter(({ name }) => fields.includes(name));
  const compiled = (columns: (row: Row) => SQL, rest: SQL): Text => {
    const compilation = new Compilation(plan, { asOf: null, knownAt: null }, options);
    const source = compilation.source(type, { reached: null, rows: [plan.rows(at, 'exist')] });
    const hidden = hiddenOf(compilation, source, plan, told);
    const beside = hidden === null ? sql`` : sql` cross join lateral (select ${hidden} as names) hidden`;
    const row = { compilation, without: hidden === null ? [sql`${compilation.value(slots.without, 'text[]')}`] : [compilation.value(slots.without, 'text[]'), sql`hidden.names`] };
    const buckets = put(inBucketsSql('source', { length: '$length', prefixes: '$prefixes' }), { length: compilation.value(slots.length, 'integer'), prefixes: compilation.value(slots.prefixes, 'text[]') });
    const others = put(ofOthersSql('source', '$division'), { division: compilation.value(slots.division, 'text') });
    const conditions = [sql`source.record_type = ${type.name}::text`, sql`not source.deleted`, others, buckets, ...compilation.visible(source)];
    return finished(compilation, sql`select ${columns(row)} from ${source.from} join source_record source on source.record_id = ${source.columns['id']}${beside}${where(conditions)}${rest}`);
  };
  return {
    totals: compiled((row) => sql`${put(bucketSql('source', '$depth'), { depth: row.compilation.value(slots.depth, 'integer') })} as bucket, count(*)::integer as count, sum(${digestOf(row)})::text as digest`, sql` group by 1`),
    leaves: compiled((row) => sql`source.source, source.source_key as key, source.version, ${digestOf(row)}::text as digest`, sql``),
  };
}

interface Row {
  readonly compilation: Compilation;
  readonly without: readonly SQL[];
}

function digestOf({ without }: Row): SQL {
  return put(digestSql('source', without.map((_, n) => `$w${n}`)), Object.fromEntries(without.map((names, n) => [`w${n}`, names])));
}

/** A text with `$name` in the place of parts that are put in. */
function put(text: string, parts: Readonly<Record<string, SQL>>): SQL {
  return sql.join(text.split(/\$(\w+)/).map((piece, n) => (n % 2 === 0 ? sql.raw(piece) : parts[piece] as SQL)), sql``);
}
