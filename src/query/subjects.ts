/**
 * Whose data an answer holds: the person keys of everybody whom its records are about, told by the statement that reads them.
 *
 * A key travels up the tree as text, keys parted by U+001F, and leaves as one more column; nobody reads an
 * answer again to learn whom it tells of. Ids of records that are traced, and counts of claims (counted-claims.ts), come with them behind a mark each. Who is only mentioned by a record counts where a field about him is shown. Keys that the
 * record above has told already are left out, nothing else is judged here: whether a record is delivered at all is the matter of
 * who selects it.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { kindOf } from '../registries/columns.ts';
import type { LeafField } from '../registries/contract.ts';
import type { Link } from '../registries/links.ts';
import { either, isNowhere, nowhere } from '../sharing/rows.ts';
import type { Rows } from '../sharing/rows.ts';
import { mentionSealed } from './bounds.ts';
import type { Compilation, Source } from './rows.ts';
import type { Output } from './tree.ts';

/** The edge by which a record is reached, and the row it starts from. */
export interface Reached {
  readonly link: Link;
  readonly from: Source;
}

/** A select that ends with a column of keys, named `s`, where it tells of anybody. */
export interface Telling {
  readonly select: SQL;
  readonly tells: boolean;
  /** Of a root: it also has a column `c`, how many records it delivers. */
  readonly counts?: boolean;
}

/** Texts of keys of everybody whom a row of `source` is about, each null where it is about nobody; `outputs` is what is selected of it. */
export function subjectsOf(compilation: Compilation, source: Source, outputs: readonly Output[], reached: Reached | null): SQL[] {
  if (!compilation.tellsSubjects) return [];
  const { subject: { persons = [], members, mentions = {} }, traced = false } = source.type.model;
  const told = traced ? [sql`'#' || ${source.columns['id']}`] : [];
  told.push(...persons.flatMap((field) => ownKey(source, field, reached) ?? []));
  if (members !== undefined) told.push(membersOf(compilation, source, members));
  for (const [key, fields] of Object.entries(mentions)) {
    const mention = mentioned(compilation, source, key, fields, outputs);
    if (mention !== null) told.push(mention);
  }
  return told;
}

/** What parts keys: U+001F, the unit separator. */
const parting = sql.raw("e'\\x1f'");

/** Several texts of keys as one; null: there are none. */
export function together(told: readonly SQL[]): SQL | null {
  const [first, second] = told;
  if (first === undefined) return null;
  return second === undefined ? first : sql`concat_ws(${parting}, ${sql.join([...told], sql`, `)})`;
}

/** The keys of all rows of an aggregate. */
export function ofAll(told: SQL): SQL {
  return sql`string_agg(${told}, ${parting})`;
}

/** What a column of a statement told. */
export interface ToldOf {
  /** The keys of persons, each once. */
  readonly subjects: readonly string[];
  /** The ids of records of types that are traced (registries/record.ts), which stand among the keys behind a mark, each once. */
  readonly traced: readonly string[];
}

/** What a column told, read in one go: an answer may hold hundreds of each. */
export function toldIn(texts: Iterable<unknown>): ToldOf {
  const [subjects, traced] = [new Set<string>(), new Set<string>()];
  for (const text of texts) {
    if (typeof text !== 'string') continue;
    for (const key of text.split('\u001f')) {
      if (key.startsWith('#')) traced.add(key.slice(1));
      else if (key !== '' && !key.startsWith('?')) subjects.add(key);
    }
  }
  return { subjects: [...subjects], traced: [...traced] };
}

/** The keys of persons alone. */
export function keysIn(texts: Iterable<unknown>): readonly string[] {
  return toldIn(texts).subjects;
}

/** The ids of traced records alone. */
export function tracedIn(texts: Iterable<unknown>): readonly string[] {
  return toldIn(texts).traced;
}

/** The keys of one column; null: the record above is about the same person, and has told. */
function ownKey(source: Source, field: string, reached: Reached | null): SQL | null {
  const column = columnOf(source, field);
  const above = reached !== null && reached.link.toColumn === field && reached.from.type.model.subject.persons?.includes(reached.link.fromColumn) === true
    ? columnOf(reached.from, reached.link.fromColumn) : null;
  if (kindOf(column) !== 'textList') return above === null ? sql`${column}` : null;
  const keys = sql`array_to_string(${column}, ${parting})`;
  return above === null || kindOf(above) === 'textList' ? keys : sql`nullif(${keys}, ${above})`;
}

/** Everybody who shares a column with the record, at the time of the question: the members of a household. */
function membersOf(compilation: Compilation, source: Source, field: string): SQL {
  const { person } = compilation;
  const member = compilation.source({ name: person.type, model: person });
  const conditions = [sql`${columnOf(member, field)} = ${columnOf(source, field)}`, ...compilation.atTime(member)];
  return sql`(select string_agg(${columnOf(member, 'personKey')}, ${parting}) from ${member.from} where ${sql.join(conditions, sql` and `)})`;
}

/** The key of somebody whom a record mentions, on the rows where one of the fields about him is shown. */
function mentioned(compilation: Compilation, source: Source, key: string, fields: readonly string[], outputs: readonly Output[]): SQL | null {
  const shown = outputs.reduce<Rows>((rows, output) => either(rows, shownOn(compilation, output, fields)), nowhere);
  if (isNowhere(shown)) return null;
  const { seals } = compilation.plan;
  const sealed = seals === null ? null : mentionSealed(compilation, source.type.model, fields[0] ?? '', source.columns, seals);
  const conditions = [...(compilation.left(source, shown) === 'all' ? [] : [compilation.inside(source, shown)]), ...(sealed === null ? [] : [sql`not ${sealed}`])];
  const column = columnOf(source, key);
  return conditions.length === 0 ? sql`${column}` : sql`case when ${sql.join(conditions, sql` and `)} then ${column} end`;
}

function isAbout({ name, derived }: LeafField, fields: readonly string[]): boolean {
  return fields.includes(name) || derived?.from.some((one) => fields.includes(one)) === true;
}

/** On which rows an output shows one of these fields, or answers by it. */
function shownOn({ plan }: Compilation, output: Output, fields: readonly string[]): Rows {
  switch (output.kind) {
    case 'leaf': return isAbout(output.field, fields) ? plan.shown(output.at).reduce<Rows>((rows, { rows: more }) => either(rows, more), nowhere) : nowhere;
    case 'verify': return isAbout(output.field.of, fields) ? plan.rows(output.at, 'verify') : nowhere;
    case 'predicate': {
      const { type, fields: read } = output.predicate.look;
      return [...read.values()].reduce<Rows>((rows, field) => (isAbout(field, fields) ? either(rows, plan.rows(`${type.name}.${field.name}`, 'verify')) : rows), nowhere);
    }
    default: return nowhere;
  }
}

function columnOf({ type, columns }: Source, field: string): PgColumn {
  const found = columns[field];
  if (found === undefined) throw new Error(`${type.name} is about somebody by a column ${field} that it does not have.`);
  return found;
}
