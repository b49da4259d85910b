/**
 * Many rows as one text: cells parted by control characters that no value of theirs may hold, taken apart by the database.
 *
 * It is half the work of JSON for the database, which reads that by the character and once for the row and once for its values. Whoever
 * packs says beforehand that nothing in a row holds a mark (`packable`); such rows, hardly ever seen, travel as JSON.
 */
import type { ColumnKind } from '../registries/columns.ts';

/** Between rows; instead of a cell that is null; between cells. */
const marks = ['\u001d', '\u001e', '\u001f'] as const;
const [rowMark, nullMark, cellMark] = marks;

/** May values be packed, given as JSON (which writes control characters as escapes), and texts beside them? */
export function packable(json: string, ...texts: readonly string[]): boolean {
  return !json.includes('\\u001') && !texts.some((text) => marks.some((mark) => text.includes(mark)));
}

const anyMark = new RegExp(`[${marks.join('')}]`, 'u');

/** May these values be packed, each as a cell of its own? */
export function arePackable(values: Readonly<Record<string, unknown>>): boolean {
  for (const field in values) {
    const value = values[field];
    if (typeof value === 'string' ? anyMark.test(value) : Array.isArray(value) && value.some((one) => typeof one === 'string' && anyMark.test(one))) return false;
  }
  return true;
}

/**
 * Rows on their way into one text. Cells are kept apart until it is asked for: a text that grows by the cell is a tree of two nodes a
 * cell, which the engine's collector carries along, and which is written out in the end all the same.
 */
export class Packer {
  readonly #cells: string[] = [];

  /** Begins a row, its first cell being a text. */
  row(first: string): void {
    // The row before ends in an empty cell that way, which nobody reads.
    this.#cells.push(this.#cells.length === 0 ? first : rowMark + first);
  }

  /** Appends a cell to the row. */
  cell(kind: ColumnKind, value: unknown): void {
    this.#cells.push(value === null || value === undefined ? nullMark : typeof value === 'string' && kind !== 'json' ? value : written(kind, value));
  }

  /** The rows so far. */
  get text(): string {
    return this.#cells.join(cellMark);
  }
}

function written(kind: ColumnKind, value: unknown): string {
  if (kind === 'json') return JSON.stringify(value);
  return Array.isArray(value) ? `{${value.map((one) => `"${String(one).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}` : String(value);
}

/** A cell as a column of its own. */
export interface PackedColumn {
  readonly name: string;
  /** SQL type. */
  readonly type: string;
}

/** The text of a query of the packed rows of a parameter, such as `$1`: each cell as its column. */
export function unpacked(parameter: string, columns: readonly PackedColumn[]): string {
  const cells = columns.map(({ name, type }, place) => `cells[${place + 1}]::${type} as "${name}"`);
  // `offset 0`: else every column would take the row apart once more.
  return `select ${cells.join(', ')} from (select string_to_array(packed, chr(31), chr(30)) as cells from unnest(string_to_array(${parameter}::text, chr(29))) packed offset 0) taken`;
}
