/**
 * Fields of records as something that changes: which stored fields a question uses, and of which of them one caller may be told, on
 * which rows, that they have changed. No value: whoever may have a field verified may know that it is another one now.
 */
import { sql } from 'drizzle-orm';
import type { Contract, LeafField, RecordType } from '../registries/contract.ts';
import type { Plan } from '../sharing/plan.ts';
import { isNowhere } from '../sharing/rows.ts';
import type { Ask } from '../sharing/terms.ts';
import { finished, recordJson } from './compile.ts';
import { hiddenOf, rowsOf, toldFieldsOf } from './passed-on.ts';
import type { Text } from './passed-on.ts';
import { Compilation, where } from './rows.ts';
import type { CompileOptions } from './rows.ts';
import type { Output } from './tree.ts';

/**
 * What coordinates of a question use, as stored fields (`Person.deathDate`) and, of edges, as types of which there is a record or none
 * (`CreditListing`), each once. What is computed uses what it is computed from.
 */
export function usedFields({ types }: Contract, coordinates: readonly string[]): readonly string[] {
  const used = coordinates.flatMap((at): readonly string[] => {
    const [typeName = '', name = ''] = at.split('.');
    const type = types.get(typeName);
    const field = type?.fields.get(name);
    if (type === undefined || field === undefined) return [];
    switch (field.kind) {
      case 'verify': return storedOf(type, field.of, types);
      case 'leaf': return storedOf(type, field, types);
      case 'relation': return [field.link.toType, ...(stored(type).has(field.link.fromColumn) ? [`${typeName}.${field.link.fromColumn}`] : [])];
    }
  });
  return [...new Set(used)].sort();
}

/** The same of fields of one type. */
export function fieldsBehind({ types }: Contract, type: RecordType, fields: readonly LeafField[]): readonly string[] {
  return [...new Set(fields.flatMap((field) => storedOf(type, field, types)))].sort();
}

function storedOf(type: RecordType, { name, derived, items }: LeafField, types: Contract['types']): readonly string[] {
  if (derived === null) return stored(type).has(name) ? [`${type.name}.${name}`] : [];
  const { over, from } = derived;
  const far = over === null ? undefined : types.get(over.type.name);
  if (far === undefined) return from.flatMap((one) => (stored(type).has(one) ? [`${type.name}.${one}`] : []));
  return [far.name, ...toldFieldsOf(far).filter((field) => field.items.some((item) => items.includes(item))).map((field) => `${far.name}.${field.name}`)];
}

const storedBy = new WeakMap<RecordType, ReadonlySet<string>>();

function stored(type: RecordType): ReadonlySet<string> {
  const known = storedBy.get(type) ?? new Set(toldFieldsOf(type).map(({ name }) => name));
  storedBy.set(type, known);
  return known;
}

/** A row of `byIds`. */
export interface NoticedRow {
  readonly id: string;
  /** Keys of whom it is about, as one text (see subjects.ts). */
  readonly s: string | null;
  /** JSON: fields that may be told of somewhere, and not here; and the type's name, where it may not be told that there is one. */
  readonly hidden: string | null;
}

/** A record type as one caller may be told of its changes. */
export interface Noticing {
  readonly type: RecordType;
  /** Fields of which he may be told on some rows that they have changed. */
  readonly fields: ReadonlySet<string>;
  /** May he be told that there is one, or none any more? */
  readonly exists: boolean;
  /** The records of these ids (variable `ids`), as far as they are there for him. */
  readonly byIds: Text;
}

/** Everything that being told of changes of a type asks. */
export function asksToNotice(type: RecordType, at: string): readonly Ask[] {
  return [
    { item: type.existsItem, use: 'exist', at },
    ...toldFieldsOf(type).flatMap((field) => field.items.map((item): Ask => ({ item, use: 'verify', at: `${type.name}.${field.name}` }))),
  ];
}

/** Compiles it from a plan of `asksToNotice`. */
export function noticing(type: RecordType, at: string, plan: Plan, options: CompileOptions): Noticing {
  const told = isNowhere(plan.existence(type.name)) ? [] : toldFieldsOf(type).filter((field) => !isNowhere(rowsOf(plan, type, field, 'verify')));
  const compilation = new Compilation(plan, { asOf: null, knownAt: null }, { ...options, subjects: true });
  const source = compilation.source(type);
  const outputs = told.map((field): Output => ({ kind: 'leaf', as: field.name, at: `${type.name}.${field.name}`, field, crs: 'EPSG4490' }));
  const { told: subjects } = recordJson(compilation, source, { type, outputs }, []);
  const existing = compilation.left(source, plan.rows(at, 'exist'));
  const [hidden, unknown] = [hiddenOf(compilation, source, plan, told, 'verify'), existing === 'all' ? null : sql`case when not coalesce(${compilation.inside(source, existing)}, false) then array[${type.name}::text] end`];
  const lists = [hidden, unknown].filter((list) => list !== null);
  const ids = sql`${source.columns['id']} = any(${compilation.value((run) => run.variables['ids'], 'uuid[]')})`;
  const select = sql`select ${source.columns['id']}::text as id, ${subjects ?? sql`null::text`} as s, ${lists.length === 0 ? sql`null` : sql`array_to_json(${sql.join(lists, sql` || `)})`}::text as hidden from ${source.from}${where([ids, ...compilation.visible(source)])}`;
  return { type, fields: new Set(told.map(({ name }) => name)), exists: !isNowhere(plan.rows(at, 'exist')), byIds: finished(compilation, select) };
}
