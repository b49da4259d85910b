/**
 * A Relay connection as one sub-select: its rows in order, one page of them, and only what was selected of it.
 *
 * A cursor is the surrogate id of a row; the statement itself reads that row's sort values, so no value travels
 * inside a cursor. Absent values come last in either direction, and `id` makes every order total.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Rows } from '../sharing/rows.ts';
import type { FlatPage } from './flat.ts';
import { object } from './json.ts';
import type { Entry } from './json.ts';
import { any, where } from './rows.ts';
import type { Compilation, Narrowing, Source } from './rows.ts';
import { ofAll, subjectsOf, together } from './subjects.ts';
import type { Reached, Telling } from './subjects.ts';
import type { EdgeOutput, OrderTerm, PageInfoOutput, PageNode, PageOutput, RecordNode } from './tree.ts';

/** Builds the JSON of one row; handed in by `compile.ts`, which nests pages in records. */
type RecordJson = (compilation: Compilation, source: Source, record: RecordNode, cursors: SQL[], reached: Reached | null) => { json: SQL; joins: SQL; told: SQL | null };

/** `select … as j`: the connection's JSON. `parent`: the edge that a nested page hangs on. `exists`: the rows on which the caller may know of such records by this root or edge. */
export function page(compilation: Compilation, node: PageNode, parent: Reached | null, recordJson: RecordJson, cursors: SQL[], exists: Rows): Telling {
  const narrowing: Narrowing = { reached: parent, rows: [exists] };
  const all = conditionsOf(compilation, node, parent);
  const entries = (rows: Rowset | null): SQL => object(node.outputs.map((output): Entry => [output.as, pageValue(compilation, node, output, rows, narrowing, all)]));
  if (!node.outputs.some(readsRows)) return { select: sql`select ${entries(null)} as j`, tells: false };

  const looksAhead = node.outputs.some((output) => output.kind === 'pageInfo' && output.outputs.some(({ name }) => name === 'hasNextPage'));
  const { picked, rows } = pick(compilation, node, narrowing, all, looksAhead, cursors);
  const joins: SQL[] = [];
  const columns: SQL[] = [];
  const told: SQL[] = [];
  const records = new Map<RecordNode, SQL>();
  for (const record of recordsOf(node)) {
    const inner = recordJson(compilation, picked, record, cursors, parent);
    if (inner.told !== null) told.push(inner.told);
    const name = sql`${sql.identifier(`o${records.size}`)}`;
    joins.push(inner.joins);
    columns.push(sql`${inner.json} as ${name}`);
    records.set(record, sql`p.${name}`);
  }
  // A sorted sub-select is aggregated in its order; where edges or today's record are joined in between or rows are counted, each has its number.
  const numbered = compilation.historic || joins.some((join) => join.queryChunks.length > 0) || node.outputs.some(({ kind }) => kind === 'pageInfo');
  const picks = numbered ? sql`select ${picked.name}.*, row_number() over () as n from (${rows}) ${picked.name}` : rows;
  // Edges without their nodes tell of somebody too.
  if (records.size === 0 && node.outputs.some(({ kind }) => kind === 'edges')) told.push(...subjectsOf(compilation, picked, [], parent));
  const keys = together(told);
  if (keys !== null) columns.push(sql`${keys} as s`);
  const built = sql`select ${sql.join([...columns, sql`${picked.columns['id']} as id`, ...(numbered ? [sql`${picked.name}.n`] : [])], sql`, `)} from (${picks}) ${picked.name}${picked.join}${sql.join(joins, sql``)}`;
  const aggregates: SQL[] = [];
  // Aggregates are columns of a level of their own: inside the object's sub-select they would count that one row.
  const aggregate = (value: SQL): SQL => {
    const name = sql.identifier(`a${aggregates.length}`);
    aggregates.push(sql`${value} as ${name}`);
    return sql`a.${name}`;
  };
  const rowset: Rowset = { records, first: compilation.value(node.first, 'bigint'), looksAhead, numbered, aggregate };
  const json = entries(rowset);
  const tells = keys === null ? sql`` : sql`, ${aggregate(sql`${ofAll(sql`p.s`)}${within(rowset)}`)} as s`;
  const counts = parent === null && compilation.tellsSubjects;
  const counted = counts ? sql`, ${aggregate(sql`count(*)${within(rowset)}`)} as c` : sql``;
  return { counts, select: sql`select ${json} as j${tells}${counted} from (select ${sql.join(aggregates, sql`, `)} from (${built}) p) a`, tells: keys !== null };
}

/** What every row of a page satisfies: its parent's edge, the filter, and that the caller may know of it. */
function conditionsOf(compilation: Compilation, node: PageNode, parent: Reached | null): (source: Source) => SQL[] {
  return (source) => [
    ...(parent ? [compilation.linked(parent.link, parent.from, source)] : []),
    ...node.where.map((condition) => compilation.condition(source, condition)),
    ...compilation.visible(source),
  ];
}

/**
 * The rows of a page in their order, with one more where somebody asks for the next page. They are picked first and made
 * JSON afterwards, so that no row beyond the page costs a cell or an edge. `picked` reads them under their own name.
 */
function pick(compilation: Compilation, node: PageNode, narrowing: Narrowing, all: (source: Source) => SQL[], looksAhead: boolean, cursors: SQL[]): { picked: Source; rows: SQL } {
  const source = compilation.source(node.type, narrowing);
  const conditions = all(source);
  const after = node.after === null ? null : continuation(compilation, node, source, cursors);
  if (after !== null) conditions.push(after.condition);
  const found = sql`select ${source.name}.* from ${source.from}${after?.join ?? sql``}${where(conditions)}`;
  // Under a parent `offset 0` walls off the search from the order: else the planner may walk the order's index through
  // the whole table in search of rows that it believes common, because a list that holds a key has no statistics.
  const walled = narrowing.reached === null ? found : sql`select ${source.name}.* from (${found} offset 0) ${source.name}${source.join}`;
  const first = compilation.value(node.first, 'bigint');
  return { picked: source, rows: sql`${walled} order by ${orderBy(compilation, source, node.order)} limit ${looksAhead ? sql`${first} + 1` : first}` };
}

/** A root page as rows of one text each, for `flat.ts` to write; a second column tells of subjects, if any does. */
export function flatRows(compilation: Compilation, node: PageNode, flat: FlatPage, cursors: SQL[], exists: Rows): Telling {
  const { picked, rows } = pick(compilation, node, { reached: null, rows: [exists] }, conditionsOf(compilation, node, null), flat.looksAhead, cursors);
  const keys = together(subjectsOf(compilation, picked, flat.outputs, null));
  const columns = sql.join([flat.row(compilation, picked), ...(keys === null ? [] : [keys])], sql`, `);
  const tells = keys !== null;
  if (!compilation.historic) return { select: sql`select ${columns} from (${rows}) ${picked.name}`, tells };
  const select = sql`select ${columns} from (select ${picked.name}.*, row_number() over () as n from (${rows}) ${picked.name}) ${picked.name}${picked.join} order by ${picked.name}.n`;
  return { select, tells };
}

/** The rows of one page (`p`) as the outputs see them, and how to make a column of all of them (`a`). */
interface Rowset {
  readonly records: ReadonlyMap<RecordNode, SQL>;
  readonly first: SQL;
  readonly looksAhead: boolean;
  readonly numbered: boolean;
  readonly aggregate: (value: SQL) => SQL;
}

function readsRows(output: PageOutput): boolean {
  return output.kind === 'nodes' || output.kind === 'edges' || (output.kind === 'pageInfo' && output.outputs.some(({ name }) => name !== '__typename' && name !== 'hasPreviousPage'));
}

/** What is selected of a page's records: of its nodes, and of the nodes of its edges. */
export function recordsOf(node: PageNode): RecordNode[] {
  return node.outputs.flatMap((output) => {
    if (output.kind === 'nodes') return [output.record];
    if (output.kind !== 'edges') return [];
    return output.outputs.flatMap((edge) => (edge.kind === 'node' ? [edge.record] : []));
  });
}

function pageValue(compilation: Compilation, node: PageNode, output: PageOutput, rows: Rowset | null, narrowing: Narrowing, all: (source: Source) => SQL[]): SQL {
  switch (output.kind) {
    case 'typename': return sql`${`${node.type.name}Connection`}::text`;
    case 'totalCount': {
      const source = compilation.source(node.type, narrowing);
      return sql`(select count(*) from ${source.from}${where(all(source))})`;
    }
    case 'nodes': return list(rows, rows?.records.get(output.record) ?? sql`null`);
    case 'edges': return list(rows, object(output.outputs.map((edge): Entry => [edge.as, edgeValue(node, edge, rows)])));
    case 'pageInfo': return object(output.outputs.map((info): Entry => [info.as, pageInfoValue(node, info, rows)]));
  }
}

function edgeValue(node: PageNode, edge: EdgeOutput, rows: Rowset | null): SQL {
  switch (edge.kind) {
    case 'typename': return sql`${`${node.type.name}Edge`}::text`;
    case 'cursor': return sql`p.id`;
    case 'node': return rows?.records.get(edge.record) ?? sql`null`;
  }
}

function pageInfoValue(node: PageNode, { name }: PageInfoOutput, rows: Rowset | null): SQL {
  if (name === '__typename') return sql`'PageInfo'::text`;
  if (name === 'hasPreviousPage') return node.after === null ? sql`false` : sql`true`;
  if (rows === null) return sql`null`;
  const { first, aggregate } = rows;
  switch (name) {
    case 'hasNextPage': return aggregate(sql`count(*) > ${first}`);
    case 'startCursor': return aggregate(sql`(array_agg(p.id order by p.n) filter (where p.n <= ${first}))[1]`);
    case 'endCursor': return aggregate(sql`(array_agg(p.id order by p.n desc) filter (where p.n <= ${first}))[1]`);
  }
}

function list(rows: Rowset | null, value: SQL): SQL {
  if (rows === null) return sql`null`;
  return rows.aggregate(sql`coalesce(json_agg(${value}${rows.numbered ? sql` order by p.n` : sql``})${within(rows)}, '[]'::json)`);
}

/** Without the row that was looked at only to know whether there is a next page. */
function within({ looksAhead, first }: Rowset): SQL {
  return looksAhead ? sql` filter (where p.n <= ${first})` : sql``;
}

function orderBy(compilation: Compilation, source: Source, terms: readonly OrderTerm[]): SQL {
  const keys = terms.map((term) => (term.descending
    ? sql`${sortValue(compilation, source, term)} desc nulls last`
    : sql`${sortValue(compilation, source, term)} asc nulls last`));
  return sql.join([...keys, sql`${source.columns['id']}`], sql`, `);
}

/** What an order sorts by: the value where its find is allowed, nothing elsewhere. */
function sortValue(compilation: Compilation, source: Source, term: OrderTerm): SQL {
  const rows = compilation.left(source, compilation.plan.rows(term.at, 'find'));
  const value = compilation.expression(source, term.field);
  return rows === 'all' ? value : sql`case when ${compilation.inside(source, rows)} then ${value} end`;
}

/** What follows the cursor's row in this order. Its row must still be there for this caller, unless the order is by id alone. */
function continuation(compilation: Compilation, node: PageNode, source: Source, cursors: SQL[]): { join: SQL; condition: SQL } {
  const cursor = compilation.value(node.after ?? (() => null), 'uuid');
  const id = source.columns['id'];
  if (node.order.length === 0) return { join: sql``, condition: sql`${id} > ${cursor}` };
  const mark = compilation.source(node.type);
  const visible = where([sql`${mark.columns['id']} = ${cursor}`, ...compilation.visible(mark)]);
  cursors.push(sql`exists (select 1 from ${mark.from}${visible})`);
  const name = compilation.fresh('c');
  const values = node.order.map((term, index) => sql`${sortValue(compilation, mark, term)} as ${sql.identifier(`s${index}`)}`);
  const join = sql` cross join lateral (select ${sql.join(values, sql`, `)} from ${mark.from}${visible}) ${name}`;
  const steps: SQL[] = [];
  const equal: SQL[] = [];
  node.order.forEach((term, index) => {
    const value = sortValue(compilation, source, term);
    const there = sql`${name}.${sql.identifier(`s${index}`)}`;
    const beyond = term.descending ? sql`${value} < ${there}` : sql`${value} > ${there}`;
    steps.push(sql`(${sql.join([...equal, sql`(${beyond} or (${value} is null and ${there} is not null))`], sql` and `)})`);
    equal.push(sql`${value} is not distinct from ${there}`);
  });
  steps.push(sql`(${sql.join([...equal, sql`${id} > ${cursor}`], sql` and `)})`);
  return { join, condition: any(steps) };
}
