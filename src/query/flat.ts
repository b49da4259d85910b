/**
 * A wide flat list: one root page of plain values. Its rows become JSON here, which costs PostgreSQL a third of building the same
 * text; with any edge, any second root or a count the database builds it all.
 *
 * A row leaves the database as one text, its cells parted by U+001F: a driver's work is by the column, and one text to a row halves
 * what a page costs in Node. No text that is written through the hub holds a control character but tabs and line ends
 * (records/claim-schema); a row that holds a mark all the same is not guessed at: the page says so, and the database builds it.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { jsonExpression } from '../registries/columns.ts';
import type { ColumnKind } from '../registries/columns.ts';
import type { Plan } from '../sharing/plan.ts';
import { cellValue, maskedExpression } from './cells.ts';
import type { Compilation, Source } from './rows.ts';
import { keysIn } from './subjects.ts';
import { firstCell, listWriter } from './row-writer.ts';
import type { CellText } from './row-writer.ts';
import type { Output, PageInfoOutput, PageNode, PageOutput, Run, Tree } from './tree.ts';

/** A row of the page, as it came: its cells in one text; then, where it tells of anybody, whose data they are. */
export type Row = readonly (Buffer | null)[];

/** How rows become the connection's JSON text, as UTF-8; null: a row cannot be told apart into its cells. */
export type WriteRows = (rows: readonly Row[], run: Run) => Buffer | null;

/** A flat page's row and its writer. */
export interface FlatPage {
  /** A row's cells as one text. */
  readonly row: (compilation: Compilation, source: Source) => SQL;
  readonly looksAhead: boolean;
  /** What is selected of each row. */
  readonly outputs: readonly Output[];
  readonly write: WriteRows;
  /** Whose data the page holds, of rows whose second column tells it. */
  readonly subjects: (rows: readonly Row[], run: Run) => readonly string[];
  /** How many of the rows it holds. */
  readonly count: (rows: readonly Row[], run: Run) => number;
}

/** The root page of an operation as a flat list; null where the database has to build JSON. */
export function flatPage(tree: Tree, plan: Plan): FlatPage | null {
  const [root, second] = tree.roots;
  if (root === undefined || second !== undefined || root.by !== 'PAGE') return null;
  const { page } = root;
  const nodes = page.outputs.filter((output) => output.kind === 'nodes');
  const [list, another] = nodes;
  const outputs = page.outputs.filter(isPlain);
  if (list === undefined || another !== undefined || outputs.length < page.outputs.length) return null;
  const cells = list.record.outputs.map((output) => cellOf(output, plan, page));
  if (cells.length === 0 || cells.includes(null)) return null;
  const written = cells as readonly Cell[];
  // A cursor is the first cell, where one is asked for.
  const cursors = outputs.some((output) => output.kind === 'pageInfo' && output.outputs.some(({ name }) => name === 'startCursor' || name === 'endCursor'));
  const writeList = listWriter(written, cursors ? 1 : 0);
  const looksAhead = outputs.some((output) => output.kind === 'pageInfo');
  const shownOf = (rows: readonly Row[], run: Run): readonly Row[] => (looksAhead ? rows.slice(0, page.first(run) as number) : rows);
  return {
    outputs: list.record.outputs,
    count: (rows, run) => shownOf(rows, run).length,
    subjects: (rows, run) => keysIn(shownOf(rows, run).map((row) => row[1]?.toString())),
    row: (compilation, source) => asText([...(cursors ? [sql`${source.columns['id']}`] : []), ...written.flatMap(({ column }) => (column === null ? [] : [column(compilation, source)]))]),
    looksAhead,
    write: (rows, run) => {
      const shown = shownOf(rows, run);
      const nodesJson = writeList(shown.map(cellsOf));
      if (nodesJson === null) return null;
      const parts = outputs.map((output, index) => {
        const prefix = Buffer.from(`${index === 0 ? '{' : ','}"${output.as}":`);
        return [prefix, output.kind === 'nodes' ? nodesJson : Buffer.from(pagePart(output, page, shown, rows.length > shown.length))];
      });
      return Buffer.concat([...parts.flat(), Buffer.from('}')]);
    },
  };
}

type PlainOutput = Exclude<PageOutput, { kind: 'totalCount' }>;

function isPlain(output: PageOutput): output is PlainOutput {
  return output.kind === 'nodes' || output.kind === 'typename' || output.kind === 'pageInfo';
}

/** One output of a row: where its value comes from, and whether it stands in quotes. */
interface Cell extends CellText {
  /** The value as SQL; null: what is written is the same in every row, and stands in `fixed`. */
  readonly column: ((compilation: Compilation, source: Source) => SQL) | null;
}

function cellOf(output: Output, plan: Plan, page: PageNode): Cell | null {
  const prefix = `"${output.as}":`;
  if (output.kind === 'typename') return { prefix, column: null, fixed: `"${page.type.name}"`, quoted: false };
  if (output.kind === 'id') return { prefix, column: (_, source) => sql`${source.columns['id']}`, quoted: true };
  if (output.kind !== 'leaf' || output.field.columnKind === 'geometry') return null;
  const { field, at } = output;
  if (plan.shown(at).length === 0) return { prefix, column: null, fixed: 'null', quoted: false };
  return {
    prefix,
    column: (compilation, source) => cellValue(compilation, source, at, (mask) => columnText(maskedExpression(compilation, source, field, mask), field.columnKind)),
    quoted: !bare.has(field.columnKind),
  };
}

/** Kinds whose text is JSON as it is. */
const bare: ReadonlySet<ColumnKind> = new Set(['integer', 'flag', 'textList', 'json']);

/** A value as the text that is written; lists and JSON as ready JSON. */
function columnText(value: SQL, kind: ColumnKind): SQL {
  return kind === 'textList' ? sql`to_json(${value})` : jsonExpression(value, kind);
}

/** Cells that are put together at once: a function of PostgreSQL takes a hundred arguments, the mark is one. */
const atOnce = 99;

/** Cells as one text. */
function asText(cells: readonly SQL[]): SQL {
  if (cells.length === 0) return sql`''`;
  const texts = cells.map((cell) => sql`coalesce((${cell})::text, e'\\x1e')`);
  const joined = (some: readonly SQL[]): SQL => sql`concat_ws(e'\\x1f', ${sql.join([...some], sql`, `)})`;
  if (texts.length <= atOnce) return joined(texts);
  return joined(Array.from({ length: Math.ceil(texts.length / atOnce) }, (_, n) => joined(texts.slice(n * atOnce, (n + 1) * atOnce))));
}

/** A row's cells. */
const cellsOf = (row: Row): Buffer => row[0] as Buffer;

function pagePart(output: Exclude<PlainOutput, { kind: 'nodes' }>, page: PageNode, shown: readonly Row[], more: boolean): string {
  if (output.kind === 'pageInfo') return `{${output.outputs.map((info) => `"${info.as}":${pageInfo(info, page, shown, more)}`).join(',')}}`;
  return `"${page.type.name}Connection"`;
}

function pageInfo({ name }: PageInfoOutput, page: PageNode, shown: readonly Row[], more: boolean): string {
  switch (name) {
    case '__typename': return '"PageInfo"';
    case 'hasNextPage': return String(more);
    case 'hasPreviousPage': return String(page.after !== null);
    case 'startCursor': return cursorOf(shown[0]);
    case 'endCursor': return cursorOf(shown.at(-1));
  }
}

function cursorOf(row: Row | undefined): string {
  return row === undefined ? 'null' : `"${firstCell(cellsOf(row))}"`;
}
