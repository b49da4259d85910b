/**
 * Operation + plan → one SQL statement in which PostgreSQL builds the JSON, level by level.
 *
 * A withheld column is not in the statement; a bound is a `case`; an edge is a lateral sub-select; the answer comes
 * back as one row of texts, one for each root field. Nothing here looks at a value of the request: those are slots,
 * read by `run.ts`.
 */
import { is, Placeholder, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { jsonExpression, parameterType } from '../registries/columns.ts';
import type { LeafField } from '../registries/contract.ts';
import type { Crs } from '../registries/spatial/crs.ts';
import type { Plan } from '../sharing/plan.ts';
import { either, isNowhere, nowhere } from '../sharing/rows.ts';
import type { Rows } from '../sharing/rows.ts';
import { cellValue, maskedExpression } from './cells.ts';
import { askedBy, claimsOfRow } from './counted-claims.ts';
import type { ClaimedAtRoot } from './counted-claims.ts';
import { copyOf, keyedRoot } from './copies.ts';
import type { KeyedRoot } from './copies.ts';
import { flatPage } from './flat.ts';
import type { FlatPage } from './flat.ts';
import { object } from './json.ts';
import { fieldsChecked } from './under-check.ts';
import type { Entry } from './json.ts';
import { limits } from './limits.ts';
import { normalizedSql } from './normal.ts';
import { flatRows, page, recordsOf } from './page.ts';
import { edgesAndValues } from './predicate/look.ts';
import { isWithheld, lookedAt, predicateValue } from './predicate/sql.ts';
import { Compilation, where } from './rows.ts';
import type { CompileOptions, Source } from './rows.ts';
import { ofAll, subjectsOf, together } from './subjects.ts';
import type { Reached, Telling } from './subjects.ts';
import type { Output, RecordNode, RootNode, Run, Slot, Tree } from './tree.ts';

/** One root field of the answer. */
export interface RootColumn {
  readonly as: string;
  readonly at: string;
  /** The column with its JSON text; null when the plan alone answers null. */
  readonly column: string | null;
  /** A Boolean column that is true when a narrow search hit too many. */
  readonly tooMany: string | null;
  /** A column with the number of records delivered; null: what the text says, none or one. */
  readonly count: string | null;
  /** Its records are about nobody: reference data. */
  readonly reference: boolean;
}

/** A compiled statement: text, how to bind it, how to read it. */
export interface Statement {
  /** Null when every root is null by the plan: there is nothing to ask the database. */
  readonly text: string | null;
  readonly parameters: (run: Run) => readonly (string | number | boolean | null)[];
  readonly roots: readonly RootColumn[];
  /** A flat list: how the rows become the only root's JSON, and what to ask instead where they cannot. Null: one row of texts, one for each root. */
  readonly flat: Pick<FlatPage, 'write' | 'subjects' | 'count'> & { readonly built: () => Statement } | null;
  /** Look-ups by key that another hub may be asked for; empty where this hub keeps no copies. */
  readonly keyed: readonly KeyedRoot[];
  /** Boolean columns that are false when a cursor's record is gone. */
  readonly cursors: readonly string[];
  /** The keys that the open case must cover before it is run, of those who are asked for by number; null: it is not asked under a case. */
  readonly inCase: ((run: Run) => readonly string[]) | null;
  /** Roots of one person each, by place, whom it finds only where the case covers him: whoever is not found may be none of its subjects. */
  readonly foundInCase: readonly { readonly place: number; readonly key: (run: Run) => string }[];
  /** Does it count claims, and which about whom it asks for by key? Null: it makes none. */
  readonly claimed: readonly ClaimedAtRoot[] | null;
  /** Do the rows tell whose data they hold? In a column `s`, of a flat list in the second one. */
  readonly tells: boolean;
  /** Reads many rows: lists, batches and searches go on their own lane. */
  readonly wide: boolean;
}

/** Compiles an operation that no verdict refused. */
export function compile(tree: Tree, plan: Plan, options: CompileOptions = {}): Statement {
  return begun(tree, plan, options)();
}

/** The first half of compiling; what it gives does the second, writing the text. */
export function begun(tree: Tree, plan: Plan, options: CompileOptions = {}): () => Statement {
  const compilation = new Compilation(plan, tree.lenses, options);
  const flat = options.built === true ? null : compileFlat(compilation, tree, plan, options);
  if (flat !== null) return () => flat;
  const cursors: SQL[] = [];
  const columns: SQL[] = [];
  const laterals: SQL[] = [];
  const told: SQL[] = [];
  const keyed: KeyedRoot[] = [];
  const claimed: ClaimedAtRoot[] = [];
  const roots = tree.roots.map((root, index): RootColumn => {
    const base = { as: root.as, at: root.at, reference: isReference(root), count: null };
    if (isNullByPlan(root, plan)) return { ...base, column: null, tooMany: null };
    const name = sql.identifier(`r${index}`);
    const copies = compilation.home === null ? null : keyedRoot(tree, root, index, plan);
    if (copies !== null) {
      keyed.push(copies);
      columns.push(sql`${name}.f::text as ${sql.identifier(copies.column)}`);
    }
    const n = compilation.counted.length;
    const { select, tells, counts = false } = rootSelect(compilation, root, cursors);
    const asked = askedBy(root);
    // The root's own record is the first of it to be compiled.
    if (asked !== null && claimsAt(root, plan) > 0 && compilation.countsClaims) claimed.push({ n, claims: claimsAt(root, plan), asked });
    const count = counts ? `n${index}` : null;
    if (count !== null) columns.push(sql`${name}.c as ${sql.identifier(count)}`);
    if (tells) told.push(sql`${name}.s`);
    laterals.push(sql` left join lateral (${select}) ${name} on true`);
    columns.push(sql`${name}.j::text as ${sql.identifier(`j${index}`)}`);
    if (root.by !== 'NARROW') return { ...base, count, column: `j${index}`, tooMany: null };
    columns.push(sql`${name}.too_many as ${sql.identifier(`m${index}`)}`);
    return { ...base, count, column: `j${index}`, tooMany: `m${index}` };
  });
  const cursorNames = cursors.map((exists, index) => {
    columns.push(sql`${exists} as ${sql.identifier(`c${index}`)}`);
    return `c${index}`;
  });
  const { inCase, foundInCase } = askedInCase(tree, compilation, cursors.length === 0);
  const wide = !tree.roots.every((root) => root.by === 'KEY') || isBurden(tree.roots as readonly KeyRoot[]);
  if (columns.length === 0) return () => ({ text: null, parameters: () => [], roots, flat: null, keyed: [], cursors: [], inCase, foundInCase, tells: false, claimed: null, wide });
  const keys = together(told);
  if (keys !== null) columns.push(sql`${keys} as s`);
  const select = sql`select ${sql.join(columns, sql`, `)} from (select 1) one${sql.join(laterals, sql``)}`;
  return () => ({ ...finished(compilation, select), roots, flat: null, keyed, cursors: cursorNames, inCase, foundInCase, tells: keys !== null, claimed: compilation.counted.length === 0 ? null : claimed, wide });
}

/** Claims about the record of a root that are not withheld. */
function claimsAt(root: RootNode, plan: Plan): number {
  return root.by === 'PAGE' ? 0 : root.record.outputs.filter((output) => output.kind === 'verify' && !isNowhere(plan.rows(output.at, 'verify'))).length;
}

/** Edges and values that look-ups by key may ask and still be no burden to the look-ups behind them. */
const pointLimits = { edges: 8, values: 160 } as const;

function isBurden(roots: readonly KeyRoot[]): boolean {
  const asked = { edges: 0, values: 0 };
  const count = ({ outputs }: RecordNode): void => {
    for (const output of outputs) {
      const own = output.kind === 'predicate' ? edgesAndValues(output.predicate.look) : output.kind === 'one' || output.kind === 'many' ? { edges: 1, values: 0 } : { edges: 0, values: 1 };
      asked.edges += own.edges;
      asked.values += own.values;
      if (output.kind === 'one') count(output.record);
      if (output.kind === 'many') recordsOf(output.page).forEach(count);
    }
  };
  for (const { record } of roots) count(record);
  return asked.edges > pointLimits.edges || asked.values > pointLimits.values;
}

/** One root page of plain values leaves as rows. A cursor that has to be looked for needs a column of its own, and so the other way. */
function compileFlat(compilation: Compilation, tree: Tree, plan: Plan, options: CompileOptions): Statement | null {
  const flat = flatPage(tree, plan);
  const [root] = tree.roots;
  if (flat === null || root?.by !== 'PAGE' || isNullByPlan(root, plan)) return null;
  if (root.page.after !== null && root.page.order.length > 0) return null;
  const { select, tells } = flatRows(compilation, root.page, flat, [], plan.rows(root.at, 'exist'));
  const built = () => compile(tree, plan, { ...options, built: true });
  return { ...finished(compilation, select), roots: [{ as: root.as, at: root.at, column: null, tooMany: null, count: null, reference: isReference(root) }], flat: { ...flat, built }, keyed: [], cursors: [], inCase: compilation.asksUnderCase ? () => [] : null, foundInCase: [], tells, claimed: null, wide: true };
}

/** The text of a select that was compiled, and how to bind it. */
export function finished(compilation: Compilation, select: SQL): Pick<Statement, 'parameters'> & { readonly text: string } {
  const sent: unknown[] = [];
  const numbers = new Map<string, number>();
  /** A value of the request is sent once, however often the statement reads it. */
  const escapeParam = (_index: number, param: unknown): string => {
    const known = is(param, Placeholder) ? numbers.get(param.name) : undefined;
    if (known !== undefined) return `$${known}`;
    sent.push(param);
    if (is(param, Placeholder)) numbers.set(param.name, sent.length);
    return `$${sent.length}`;
  };
  const { sql: text } = Object.assign(new PgDialect(), { escapeParam }).sqlToQuery(select);
  return { text, parameters: binder(sent, compilation.slots) };
}

type KeyRoot = Extract<RootNode, { by: 'KEY' | 'KEYS' }>;

/** Does a root ask for persons by number under the case? Whatever is selected of them: what the caller may read is not what decides whom he may ask for. */
function isAskedInCase(root: RootNode, { person, plan }: Compilation): boolean {
  return (root.by === 'KEY' || root.by === 'KEYS') && root.record.type.model.type === person.type && isUnderCase(plan.rows(root.keyAt, 'key'));
}

/**
 * Whom the case must cover before anything is looked for; of one person it is asked only where the statement does not find him, since it
 * finds subjects of the case only. Beside what is refused once it has run (a cursor, a search), it is asked of everybody before.
 */
function askedInCase(tree: Tree, compilation: Compilation, withoutCursors: boolean): Pick<Statement, 'inCase' | 'foundInCase'> {
  const asked = tree.roots.map((root, place) => ({ root, place })).filter((one): one is { root: KeyRoot; place: number } => isAskedInCase(one.root, compilation));
  const sure = withoutCursors && tree.roots.every(({ by }) => by === 'KEY');
  const before = sure ? [] : asked.map(({ root }) => (root.by === 'KEY' ? root.key : root.keys));
  return {
    inCase: asked.length > 0 || compilation.asksUnderCase ? (run) => before.flatMap((read) => [read(run) as string | readonly string[]].flat().map((one) => run.personKey(one))) : null,
    foundInCase: sure ? asked.flatMap(({ root, place }) => (root.by === 'KEY' ? [{ place, key: (run: Run) => run.personKey(root.key(run) as string) }] : [])) : [],
  };
}

/** Does it hold for the subjects of the case only? */
export function isUnderCase(rows: Rows): boolean {
  return rows !== 'all' && rows.length > 0 && rows.every((term) => term.some(({ kind }) => kind === 'case'));
}

function binder(params: readonly unknown[], slots: ReadonlyMap<string, Slot>): Statement['parameters'] {
  const readers = params.map((param): Slot => {
    if (!is(param, Placeholder)) return () => param;
    const slot = slots.get(param.name);
    if (slot === undefined) throw new Error('A parameter without a slot.');
    return slot;
  });
  return (run) => readers.map((read) => wire(read(run)));
}

/** How a value travels: lists as PostgreSQL's array literal, everything else as it is. */
function wire(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return `{${value.map((one) => (one === null ? 'NULL' : `"${String(one).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)).join(',')}}`;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error('A value that no column holds.');
}

/** Is a root's record type about nobody? */
function isReference(root: RootNode): boolean {
  const { persons = [], members } = (root.by === 'PAGE' ? root.page.type : root.record.type).model.subject;
  return persons.length === 0 && members === undefined;
}

/** A root of whose selection nothing may be read is null, for present and absent subjects alike. */
export function isNullByPlan(root: RootNode, plan: Plan): boolean {
  if (isNowhere(plan.rows(root.at, 'exist'))) return true;
  if (root.by === 'PAGE') return isNowhere(plan.existence(root.page.type.name));
  const { type, outputs } = root.record;
  if (isNowhere(plan.existence(type.name))) return true;
  return outputs.length > 0 && outputs.every((output) => isNowhere(outputRows(output, plan) ?? 'all'));
}

/** On which rows an output tells something; null: it is no item. */
function outputRows(output: Output, plan: Plan): Rows | null {
  switch (output.kind) {
    case 'typename':
    case 'checked':
    case 'id': return null;
    case 'leaf': return plan.shown(output.at).reduce<Rows>((rows, shown) => either(rows, shown.rows), nowhere);
    case 'verify': return plan.rows(output.at, 'verify');
    case 'predicate': return isWithheld(output.predicate, plan) ? nowhere : 'all';
    case 'one':
    case 'many': return plan.rows(output.at, 'exist');
  }
}

function rootSelect(compilation: Compilation, root: RootNode, cursors: SQL[]): Telling {
  const { plan } = compilation;
  if (root.by === 'PAGE') return page(compilation, root.page, null, recordJson, cursors, plan.rows(root.at, 'exist'));
  const source = compilation.source(root.record.type, { reached: null, rows: [plan.rows(root.at, 'exist'), ...(root.by === 'NARROW' ? [] : [plan.rows(root.keyAt, 'key')])] });
  const { json, joins, told } = recordJson(compilation, source, root.record, cursors);
  const own = asTold(told);
  const tells = told !== null;
  const counts = compilation.tellsSubjects;
  const { home, historic } = compilation;
  const copy = home === null || historic ? nothingMore : sql`, ${copyOf(source, home)} as f`;
  switch (root.by) {
    case 'KEY': {
      const { from, rows } = chosen(compilation, source, compilation.value(root.key, 'text'));
      return { select: sql`select ${json} as j${own}${copy} from ${from}${joins}${rows} limit 1`, tells };
    }
    case 'KEYS': {
      const key = compilation.fresh('k');
      const { from, rows } = chosen(compilation, source, sql`${key}.key`);
      return { select: sql`select coalesce(json_agg(f.j order by ${key}.n), '[]'::json) as j${tells ? sql`, ${ofAll(sql`f.s`)} as s` : nothingMore}${counts ? sql`, count(f.j) as c` : nothingMore}${home === null || historic ? nothingMore : sql`, json_agg(json_build_array(${key}.n - 1, f.f)) filter (where f.j is null or f.f is not null) as f`} from unnest(${compilation.value(root.keys, 'text[]')}) with ordinality ${key}(key, n) left join lateral (select ${json} as j${own}${copy} from ${from}${joins}${rows} limit 1) f on true`, tells, counts };
    }
    case 'NARROW': {
      const found = [...root.where.map((condition) => compilation.condition(source, condition)), ...compilation.visible(source)];
      const most = sql.raw(String(limits.hits));
      const id = source.columns['id'];
      const keys = tells ? sql`, case when count(*) <= ${most} then ${ofAll(sql`h.s`)} end as s` : nothingMore;
      const number = counts ? sql`, case when count(*) <= ${most} then count(*) else 0 end as c` : nothingMore;
      return { select: sql`select case when count(*) <= ${most} then coalesce(json_agg(h.j order by h.id), '[]'::json) end as j, count(*) > ${most} as too_many${keys}${number} from (select ${json} as j${own}, ${id} as id from ${source.from}${joins}${where(found)} limit ${most} + 1) h`, tells, counts };
    }
  }
}

/**
 * A record that is asked for by its key, chosen before anything hangs on it: `offset 0` keeps the planner from following its edges
 * first, by whose time somebody sealed, or outside the territory, could be told from nobody.
 *
 * Where somebody is sealed, the first record from the key on is read and its seal looked for, whether or not it has the key; only
 * then it is asked whether it is the one, and all in one `case`, which no planner takes apart. So for nobody as much is done as for
 * somebody sealed (test/soak/sealed.soak.ts). Of another time such a search could read far, and is not made.
 */
export function chosen(compilation: Compilation, source: Source, value: SQL): { readonly from: SQL; readonly rows: SQL } {
  const { name, from, join } = source;
  const conditions = compilation.placed(source);
  const key = keyOf(source);
  const seals = compilation.open(source);
  if (seals.length === 0 || compilation.historic) return { from: sql`(select ${name}.* from ${from}${where([sql`${key} = ${value}`, ...conditions, ...seals])} offset 0) ${name}${join}`, rows: nothingMore };
  return {
    from: sql`(select ${name}.* from ${from} where ${key} >= ${value} order by ${key} limit 1) ${name}`,
    rows: sql` where case when ${sql.join(seals, sql` and `)} then ${sql.join([sql`${key} = ${value}`, ...conditions], sql` and `)} end`,
  };
}

function keyOf({ type, columns }: Source): SQL {
  return sql`${columns[type.model.key ?? '']}`;
}

const nothingMore = sql``;

/** The column `s` of what a record tells. */
function asTold(told: SQL | null): SQL {
  return told === null ? nothingMore : sql`, ${told} as s`;
}

/** The JSON of one row of `source`, the lateral joins that its edges need, and the keys of everybody whom it and they are about. */
export function recordJson(compilation: Compilation, source: Source, record: RecordNode, cursors: SQL[], reached: Reached | null = null): { json: SQL; joins: SQL; told: SQL | null } {
  const joins: SQL[] = [];
  const told = subjectsOf(compilation, source, record.outputs, reached);
  const claims = compilation.countsClaims ? record.outputs.filter((output) => output.kind === 'verify' && !isNowhere(compilation.plan.rows(output.at, 'verify'))) : [];
  if (claims.length > 0) told.push(claimsOfRow(compilation, source, claims.map((output) => outputValue(compilation, source, output, [], [], []))));
  const entries = record.outputs.map((output): Entry => [output.as, outputValue(compilation, source, output, joins, told, cursors)]);
  return { json: object(entries), joins: sql.join(joins, sql``), told: together(told) };
}

// Typed: what is written as text name by name (see json.ts) asks every value for its type.
const nothing = sql`null::text`;

function outputValue(compilation: Compilation, source: Source, output: Output, joins: SQL[], told: SQL[], cursors: SQL[]): SQL {
  if (output.kind === 'typename') return sql`${source.type.name}::text`;
  if (output.kind === 'id') return sql`${source.columns['id']}`;
  if (output.kind === 'checked') return fieldsChecked(compilation, source, output.fields);
  const whole = outputRows(output, compilation.plan) ?? 'all';
  if (isNowhere(whole)) return nothing;
  const rows = compilation.left(source, whole);
  const cell = (value: SQL) => (rows === 'all' ? value : sql`case when ${compilation.inside(source, rows)} then ${value} end`);
  switch (output.kind) {
    case 'leaf':
      return cellValue(compilation, source, output.at, (mask) => leafValue(maskedExpression(compilation, source, output.field, mask), output.field, output.crs));
    case 'verify':
      return cell(verified(compilation, source, output));
    case 'predicate':
      told.push(...lookedAt(compilation, source, output.predicate));
      return predicateValue(compilation, source, output.predicate);
    // An edge tells that a record on its far side exists, so its bound is judged there.
    case 'one': {
      const reached = { link: output.field.link, from: source };
      const target = compilation.source(output.record.type, { reached, rows: [whole] });
      const inner = recordJson(compilation, target, output.record, cursors, reached);
      const found = [compilation.linked(output.field.link, source, target), ...compilation.visible(target)];
      const edge = compilation.fresh('e');
      if (inner.told !== null) told.push(sql`${edge}.s`);
      joins.push(sql` left join lateral (select ${inner.json} as j${asTold(inner.told)} from ${target.from}${inner.joins}${where(found)} limit 1) ${edge} on true`);
      return sql`${edge}.j`;
    }
    case 'many': {
      const edge = compilation.fresh('e');
      const { select, tells } = page(compilation, output.page, { link: output.field.link, from: source }, recordJson, cursors, whole);
      if (tells) told.push(sql`${edge}.s`);
      joins.push(sql` left join lateral (${select}) ${edge} on true`);
      return sql`${edge}.j`;
    }
  }
}

/** Whether a value is the one that was named: one that is not known is not it. Whether it is no less is not known either. */
function verified(compilation: Compilation, source: Source, { field: { of, by, form }, value }: Extract<Output, { kind: 'verify' }>): SQL {
  const named = compilation.value(value, by === 'AMONG' ? 'text' : parameterType[of.columnKind]);
  const same = (one: SQL): SQL => (form === undefined ? one : normalizedSql(one, form));
  const stored = (change?: (value: SQL) => SQL): SQL => compilation.expression(source, of, change);
  switch (by) {
    case 'EQUAL': return sql`coalesce(${stored(same)} = ${named}, false)`;
    case 'AT_LEAST': return sql`${stored()} >= ${named}`;
    case 'BELOW': return sql`coalesce(starts_with(${stored(same)}, ${named}), false)`;
    case 'AMONG': return sql`coalesce(${stored((list) => sql`exists (select from unnest(${list}) one where ${same(sql`one`)} = ${named})`)}, false)`;
  }
}

/** A leaf as JSON. EPSG:4490 and EPSG:4326 agree to far below six decimals; a GCJ-02 copy is moved point by point. */
function leafValue(expression: SQL, field: LeafField, crs: Crs): SQL {
  if (field.columnKind !== 'geometry') return jsonExpression(expression, field.columnKind);
  switch (crs) {
    case 'EPSG4490': return sql`st_asgeojson(${expression}, 6)::json`;
    case 'EPSG4326': return sql`st_asgeojson(st_setsrid(${expression}, 4326), 6)::json`;
    case 'GCJ02': return sql`hub_gcj02_geojson(${expression})`;
  }
}
