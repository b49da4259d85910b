/**
 * Bytes → the objects of one JSON array, one at a time: the features of a FeatureCollection, or a plain list of objects.
 *
 * It only finds where objects begin and end; whoever takes one parses it. An object beyond the limit, or one that the file ends in, is
 * handed on as a row with a problem. A document without such an array gives no rows.
 */
import type { Place, RawRow } from './lines.ts';

const shown = 2000;
const [newline, quote, backslash, open, close, begin, end] = [10, 34, 92, 0x7b, 0x7d, 0x5b, 0x5d] as const;

/** Objects in the order of the file, in handfuls. `inside`: the place is inside of the array already. */
export async function* rowsOfArray(bytes: AsyncIterable<Buffer>, from: Place, longest: number, inside: boolean): AsyncIterable<RawRow[]> {
  const scanner = new Scanner(from, longest, inside);
  for await (const chunk of bytes) {
    const rows = scanner.take(chunk);
    if (rows.length > 0) yield rows;
  }
  const rest = scanner.rest();
  if (rest !== null) yield [rest];
}

class Scanner {
  readonly #longest: number;
  /** Offset of the next byte, and its line. */
  #offset: number;
  #line: number;
  #state: 'before' | 'between' | 'object' | 'after';
  #depth = 0;
  #text = false;
  #escaped = false;
  /** Braces of the document that are open before its array is found. */
  #outer = 0;
  #name = '';
  #naming = false;
  /** The object at hand: its pieces, its length, where it began. */
  #pieces: Buffer[] = [];
  #length = 0;
  #began = 0;

  constructor(from: Place, longest: number, inside: boolean) {
    this.#offset = from.offset;
    this.#line = from.line;
    this.#longest = longest;
    this.#state = inside ? 'between' : 'before';
  }

  take(chunk: Buffer): RawRow[] {
    const rows: RawRow[] = [];
    let start = 0;
    for (let place = 0; place < chunk.length; place += 1) {
      const byte = chunk[place] as number;
      if (byte === newline) this.#line += 1;
      if (this.#state === 'object') {
        if (!this.#closes(byte)) continue;
        this.#add(chunk.subarray(start, place + 1));
        rows.push(this.#row(this.#offset + place + 1));
        this.#state = 'between';
      } else if (this.#state === 'between') {
        if (byte === end) this.#state = 'after';
        if (byte !== open) continue;
        [this.#state, this.#depth, this.#text, start, this.#began] = ['object', 1, false, place, this.#line];
      } else if (this.#state === 'before') this.#before(byte);
    }
    if (this.#state === 'object') this.#add(chunk.subarray(start));
    this.#offset += chunk.length;
    return rows;
  }

  /** The object that the file ends in. */
  rest(): RawRow | null {
    if (this.#state !== 'object') return null;
    return { ...this.#row(this.#offset), problem: 'The file ends in the middle of this object; it is cut off.' };
  }

  #closes(byte: number): boolean {
    if (this.#text) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) this.#text = false;
      return false;
    }
    if (byte === quote) this.#text = true;
    else if (byte === open) this.#depth += 1;
    else if (byte === close) this.#depth -= 1;
    return this.#depth === 0;
  }

  /** Before the array: the document's own list, or the list under its name "features". */
  #before(byte: number): void {
    if (this.#text) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) this.#text = false;
      else if (this.#naming) this.#name += String.fromCharCode(byte);
      return;
    }
    if (byte === quote) {
      this.#text = true;
      this.#naming = this.#outer === 1;
      if (this.#naming) this.#name = '';
    } else if (byte === begin) {
      if (this.#outer === 0 || (this.#outer === 1 && this.#name === 'features')) this.#state = 'between';
      else this.#outer += 1;
    } else if (byte === open) this.#outer += 1;
    else if (byte === close || byte === end) this.#outer -= 1;
  }

  #add(piece: Buffer): void {
    this.#length += piece.length;
    const kept = this.#length > this.#longest ? shown : this.#longest;
    const have = this.#pieces.reduce((sum, one) => sum + one.length, 0);
    if (have < kept) this.#pieces.push(Buffer.from(piece.subarray(0, kept - have)));
  }

  #row(until: number): RawRow {
    const bytes = this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces);
    const problem = this.#length > this.#longest ? `The object has ${this.#length} bytes; the limit is ${this.#longest}.` : null;
    const row = { line: this.#began, end: until, lines: this.#line - this.#began, bytes: problem === null ? bytes : bytes.subarray(0, shown), problem };
    this.#pieces = [];
    this.#length = 0;
    return row;
  }
}
