/**
 * A record some of whose items an application doubts: which of them it may doubt, and whose word they are. No value leaves the database.
 *
 * Doubting tells that there is something, so it takes what reading it would take, or verifying: the record as for a look-up (by its
 * natural key, or its id), the field unmasked, and a value there. A field that is empty, or hidden on this record by a bound or a seal,
 * is left out, all alike; and so is whoever is absent, sealed or outside.
 */
import { sql } from 'drizzle-orm';
import type { LeafField, RecordType } from '../registries/contract.ts';
import type { Plan } from '../sharing/plan.ts';
import { either, isNowhere } from '../sharing/rows.ts';
import type { Rows } from '../sharing/rows.ts';
import type { Ask } from '../sharing/terms.ts';
import { mentionSealed } from './bounds.ts';
import { chosen, finished, recordJson } from './compile.ts';
import { keysSlot } from './conditions.ts';
import { asksByKey, asksOf, keyAt, keyFieldOf } from './passed-on.ts';
import type { Text } from './passed-on.ts';
import { Compilation, where } from './rows.ts';
import type { CompileOptions } from './rows.ts';
import type { Output } from './tree.ts';

/** How the record is named: by its natural key, or by its id; as `keys` or `ids` of the request's variables (passed-on.ts). */
export type NamedBy = 'key' | 'id';

/** A row that is found. */
export interface DoubtedRow {
  readonly id: string;
  /** Keys of whom it is about, as one text (see subjects.ts). */
  readonly s: string | null;
  /** JSON: of each field that may be doubted here, whose word holds. */
  readonly holders: string;
}

/** Whose word a field is. */
export interface Holder {
  readonly source: string;
  readonly version: string;
}

/** Everything that doubting these fields of a record asks. */
export function asksToDoubt(type: RecordType, at: string, fields: readonly LeafField[], by: NamedBy): readonly Ask[] {
  const names = new Set(fields.map(({ name }) => name));
  const read = by === 'key' ? asksByKey(type, at, names) : asksOf(type, at).filter((ask) => ask.use !== 'read' || fields.some(({ name }) => ask.at === `${type.name}.${name}`));
  return [...read, ...fields.flatMap((field) => field.items.map((item): Ask => ({ item, use: 'verify', at: `${type.name}.${field.name}` })))];
}

/** Where a field may be doubted by a plan of `asksToDoubt`: where it may be read, or verified. */
export function doubtedRows(plan: Plan, type: RecordType, { name }: LeafField): Rows {
  const at = `${type.name}.${name}`;
  return either(plan.rows(at, 'read'), plan.rows(at, 'verify'));
}

/** Compiles the look-up. */
export function doubting(type: RecordType, at: string, plan: Plan, fields: readonly LeafField[], by: NamedBy, options: CompileOptions): Text {
  const compilation = new Compilation(plan, { asOf: null, knownAt: null }, { ...options, subjects: true });
  const exists = plan.rows(at, 'exist');
  const source = compilation.source(type, { reached: null, rows: by === 'key' ? [exists, plan.rows(keyAt(at), 'key')] : [exists] });
  const { columns } = source;
  const told = fields.filter((field) => !isNowhere(doubtedRows(plan, type, field)));
  const outputs = told.map((field): Output => ({ kind: 'leaf', as: field.name, at: `${type.name}.${field.name}`, field, crs: 'EPSG4490' }));
  const { told: subjects } = recordJson(compilation, source, { type, outputs }, []);
  const whole = sql`json_build_object('source', ${columns['source']}, 'version', ${columns['sourceVersion']})`;
  const holders = told.map((field) => {
    const rows = compilation.left(source, doubtedRows(plan, type, field));
    const sealed = plan.seals === null ? null : mentionSealed(compilation, type.model, field.name, columns, plan.seals);
    const conditions = [...(rows === 'all' ? [] : [compilation.inside(source, rows)]), ...(sealed === null ? [] : [sql`not ${sealed}`]), sql`${columns[field.name]} is not null`];
    return sql`${field.name}::text, case when ${sql.join(conditions, sql` and `)} then coalesce((${columns['provenance']})::json -> ${field.name}::text, ${whole}) end`;
  });
  const select = sql`${columns['id']}::text as id, ${subjects ?? sql`null::text`} as s, json_build_object(${sql.join(holders, sql`, `)})::text as holders`;
  if (by === 'id') {
    const found = [sql`${columns['id']} = any(${compilation.value((run) => run.variables['ids'], 'uuid[]')})`, ...compilation.visible(source)];
    return finished(compilation, sql`select ${select} from ${source.from}${where(found)} limit 1`);
  }
  const asked = compilation.fresh('k');
  const keys = compilation.value(keysSlot((run) => run.variables['keys'], keyFieldOf(type), type, keyAt(at)), 'text[]');
  const { from, rows } = chosen(compilation, source, sql`${asked}.key`);
  return finished(compilation, sql`select f.* from unnest(${keys}) with ordinality ${asked}(key, n) cross join lateral (select ${select} from ${from}${rows} limit 1) f order by ${asked}.n limit 1`);
}
