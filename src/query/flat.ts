/**
 * A wide flat list: one root page of plain values. Its rows leave the database as columns and become JSON here, which costs
 * PostgreSQL a third of building the same text; with any edge, any second root or a count the database builds it all.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { jsonExpression } from '../registries/columns.ts';
import type { ColumnKind } from '../registries/columns.ts';
import type { Plan } from '../sharing/plan.ts';
import { cellValue, maskedExpression } from './cells.ts';
import type { Compilation, Source } from './rows.ts';
import { keysIn } from './subjects.ts';
import type { Output, PageInfoOutput, PageNode, PageOutput, Run, Tree } from './tree.ts';

type Row = readonly unknown[];

/** How rows become the connection's JSON text. */
export type WriteRows = (rows: readonly Row[], run: Run) => string;

/** A flat page's columns and writer. */
export interface FlatPage {
  readonly columns: (compilation: Compilation, source: Source) => SQL[];
  readonly looksAhead: boolean;
  /** What is selected of each row. */
  readonly outputs: readonly Output[];
  readonly write: WriteRows;
  /** Whose data the page holds, of rows whose last column tells it. */
  readonly subjects: (rows: readonly Row[], run: Run) => readonly string[];
}

/** The root page of an operation as a flat list; null where the database has to build JSON. */
export function flatPage(tree: Tree, plan: Plan): FlatPage | null {
  const [root, second] = tree.roots;
  if (root === undefined || second !== undefined || root.by !== 'PAGE') return null;
  const { page } = root;
  const nodes = page.outputs.filter((output) => output.kind === 'nodes');
  const [list, another] = nodes;
  if (list === undefined || another !== undefined || !page.outputs.every(isPlain)) return null;
  const cells = list.record.outputs.map((output) => cellOf(output, plan, page));
  if (cells.length === 0 || cells.includes(null)) return null;
  const written = cells as readonly Cell[];
  // A cursor is the first column, where one is asked for.
  const cursors = page.outputs.some((output) => output.kind === 'pageInfo' && output.outputs.some(({ name }) => name === 'startCursor' || name === 'endCursor'));
  const writeRow = rowWriter(written, cursors ? 1 : 0);
  const looksAhead = page.outputs.some((output) => output.kind === 'pageInfo');
  const shownOf = (rows: readonly unknown[], run: Run): number => (looksAhead ? Math.min(rows.length, page.first(run) as number) : rows.length);
  const last = (cursors ? 1 : 0) + written.filter(({ column }) => column !== null).length;
  return {
    outputs: list.record.outputs,
    subjects: (rows, run) => keysIn(rows.slice(0, shownOf(rows, run)).map((row) => row[last])),
    columns: (compilation, source) => [...(cursors ? [sql`${source.columns['id']}`] : []), ...written.flatMap(({ column }) => (column === null ? [] : [column(compilation, source)]))],
    looksAhead,
    write: (rows, run) => {
      const shown = shownOf(rows, run);
      const parts = page.outputs.map((output) => `"${output.as}":${pagePart(output, page, rows, shown, writeRow)}`);
      return `{${parts.join(',')}}`;
    },
  };
}

function isPlain(output: PageOutput): boolean {
  return output.kind === 'nodes' || output.kind === 'typename' || output.kind === 'pageInfo';
}

/** One output of a row: where its value comes from, and how it is written. */
interface Cell {
  readonly prefix: string;
  readonly column: ((compilation: Compilation, source: Source) => SQL) | null;
  readonly write: (value: unknown) => string;
}

function cellOf(output: Output, plan: Plan, page: PageNode): Cell | null {
  const prefix = `"${output.as}":`;
  if (output.kind === 'typename') return { prefix, column: null, write: () => `"${page.type.name}"` };
  if (output.kind === 'id') return { prefix, column: (_, source) => sql`${source.columns['id']}`, write: writers.id };
  if (output.kind !== 'leaf' || output.field.columnKind === 'geometry') return null;
  const { field, at } = output;
  if (plan.shown(at).length === 0) return { prefix, column: null, write: () => 'null' };
  return {
    prefix,
    column: (compilation, source) => cellValue(compilation, source, at, (mask) => columnText(maskedExpression(compilation, source, field, mask), field.columnKind)),
    write: writers[field.columnKind],
  };
}

/** What the driver gives as it is needed here: texts, numbers, Booleans, and lists and JSON as ready text. */
function columnText(value: SQL, kind: ColumnKind): SQL {
  if (kind === 'textList') return sql`to_json(${value})::text`;
  return kind === 'json' ? sql`${value}::text` : jsonExpression(value, kind);
}

/** Anything but what stands in a JSON string as it is; most texts have none, and looking is cheaper than writing anew. */
const special = /[^ !#-[\]-\uffff]/;
const text = (value: unknown): string => (special.test(value as string) ? JSON.stringify(value) : `"${value as string}"`);
const plain = (value: unknown): string => `"${value as string}"`;
const ready = (value: unknown): string => String(value);
const writers: Readonly<Record<ColumnKind, (value: unknown) => string>> = {
  text, textList: ready, date: plain, instant: plain, decimal: plain, integer: ready, flag: ready, id: plain, geometry: ready, json: ready,
};

/** Writes rows whose cells begin at a column. Cells without a column have their text already. */
function rowWriter(cells: readonly Cell[], from: number): (row: Row) => string {
  let next = from;
  const parts = cells.map(({ prefix, column, write }, index) => {
    const before = `${index === 0 ? '{' : ','}${prefix}`;
    return column === null ? { before: `${before}${write('')}`, place: -1, write } : { before, place: next++, write };
  });
  return (row) => {
    let json = '';
    for (let index = 0; index < parts.length; index += 1) {
      const { before, place, write } = parts[index] as (typeof parts)[number];
      if (place < 0) json += before;
      else {
        const value = row[place];
        json += value === null ? `${before}null` : before + write(value);
      }
    }
    return `${json}}`;
  };
}

function pagePart(output: PageOutput, page: PageNode, rows: readonly Row[], shown: number, writeRow: (row: Row) => string): string {
  if (output.kind === 'typename') return `"${page.type.name}Connection"`;
  if (output.kind === 'pageInfo') return `{${output.outputs.map((info) => `"${info.as}":${pageInfo(info, page, rows, shown)}`).join(',')}}`;
  let json = '[';
  for (let index = 0; index < shown; index += 1) json += (index === 0 ? '' : ',') + writeRow(rows[index] as Row);
  return `${json}]`;
}

function pageInfo({ name }: PageInfoOutput, page: PageNode, rows: readonly Row[], shown: number): string {
  switch (name) {
    case '__typename': return '"PageInfo"';
    case 'hasNextPage': return String(rows.length > shown);
    case 'hasPreviousPage': return String(page.after !== null);
    case 'startCursor': return cursorOf(rows[0], shown);
    case 'endCursor': return cursorOf(rows[shown - 1], shown);
  }
}

function cursorOf(row: Row | undefined, shown: number): string {
  return shown === 0 || row === undefined ? 'null' : plain(row[0]);
}
