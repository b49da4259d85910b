/**
 * Bytes → rows of CSV or of JSON lines, with the line and the offset of each, and never more than one row in memory.
 *
 * A quoted field may hold line ends. What cannot be a row is handed on as a row with a problem, and reading goes on with the next
 * line: a line beyond the limit, a quote that is not closed, text behind a closing quote. Blank lines are no rows.
 */

/** One row as it lies in the file, or what is wrong with it. */
export interface RawRow {
  /** Number of its first line, from 1. */
  readonly line: number;
  /** Offset of what follows it. */
  readonly end: number;
  /** Lines that it takes. */
  readonly lines: number;
  /** Without its line end; the beginning only, where `problem` is set. */
  readonly bytes: Buffer;
  readonly problem: string | null;
}

/** Where reading begins. */
export interface Place {
  readonly offset: number;
  readonly line: number;
}

/** What rows look like. */
export interface LineRules {
  /** Bytes that a row may have. */
  readonly longest: number;
  /** The byte between fields if quotes count; null where every line is a row. */
  readonly delimiter: number | null;
}

const newline = 10;
const carriage = 13;
const quote = 34;
/** How much of a row with a problem is kept, to show it. */
const shown = 2000;

type Found =
  | { readonly kind: 'row'; readonly end: number; readonly next: number; readonly lines: number }
  | { readonly kind: 'bad'; readonly problem: string }
  | { readonly kind: 'more'; readonly quoted: boolean };

/** Rows in the order of the file, in handfuls: one for each piece that is read. */
export async function* rowsOfLines(bytes: AsyncIterable<Buffer>, from: Place, rules: LineRules): AsyncIterable<RawRow[]> {
  const splitter = new Splitter(from, rules);
  for await (const chunk of bytes) {
    const rows = splitter.take(chunk, false);
    if (rows.length > 0) yield rows;
  }
  const rows = splitter.take(Buffer.alloc(0), true);
  if (rows.length > 0) yield rows;
}

class Splitter {
  readonly #rules: LineRules;
  #buffer: Buffer = Buffer.alloc(0);
  /** Offset of the buffer's first byte, and the number of the line that begins there. */
  #offset: number;
  #line: number;
  /** A line beyond the limit that is being passed over: its beginning and its length so far. */
  #skipping: { readonly head: Buffer; length: number } | null = null;

  constructor(from: Place, rules: LineRules) {
    this.#rules = rules;
    this.#offset = from.offset;
    this.#line = from.line;
  }

  take(chunk: Buffer, last: boolean): RawRow[] {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const rows: RawRow[] = [];
    let place = 0;
    while (place < this.#buffer.length || this.#skipping !== null) {
      if (this.#skipping !== null) {
        const end = this.#buffer.indexOf(newline, place);
        const until = end < 0 ? this.#buffer.length : end;
        this.#skipping.length += until - place;
        if (end < 0 && !last) {
          place = this.#buffer.length;
          break;
        }
        place = end < 0 ? until : end + 1;
        rows.push(this.#row(this.#skipping.head, place, 1, `The line has ${this.#skipping.length} bytes; the limit is ${this.#rules.longest}.`));
        this.#skipping = null;
        continue;
      }
      const found = this.#find(place, last);
      if (found.kind === 'row') {
        const bytes = trimmed(this.#buffer, place, found.end);
        place = found.next;
        const problem = bytes.length > this.#rules.longest ? `The line has ${bytes.length} bytes; the limit is ${this.#rules.longest}.` : null;
        if (bytes.length > 0) rows.push(this.#row(problem === null ? bytes : bytes.subarray(0, shown), place, found.lines, problem));
        else this.#line += found.lines;
        continue;
      }
      const tooLong = this.#buffer.length - place > this.#rules.longest;
      if (found.kind === 'more' && !last && !tooLong) break;
      const end = this.#buffer.indexOf(newline, place);
      if (found.kind === 'more' && end < 0) {
        this.#skipping = { head: Buffer.from(this.#buffer.subarray(place, place + shown)), length: 0 };
        continue;
      }
      // What cannot be a row costs its first line only.
      const stop = end < 0 ? this.#buffer.length : end;
      const bytes = trimmed(this.#buffer, place, stop).subarray(0, shown);
      place = Math.min(stop + 1, this.#buffer.length);
      rows.push(this.#row(bytes, place, 1, found.kind === 'bad' ? found.problem : 'A quote is opened in this line and not closed.'));
    }
    this.#offset += place;
    this.#buffer = place === 0 ? this.#buffer : Buffer.from(this.#buffer.subarray(place));
    return rows;
  }

  #row(bytes: Buffer, place: number, lines: number, problem: string | null): RawRow {
    const row = { line: this.#line, end: this.#offset + place, lines, bytes, problem };
    this.#line += lines;
    return row;
  }

  #find(from: number, last: boolean): Found {
    const buffer = this.#buffer;
    const end = buffer.indexOf(newline, from);
    const stop = end < 0 ? buffer.length : end;
    const plain = this.#rules.delimiter === null || !buffer.subarray(from, stop).includes(quote);
    if (!plain) return this.#quoted(from, last);
    if (end < 0 && !last) return { kind: 'more', quoted: false };
    return { kind: 'row', end: stop, next: end < 0 ? stop : end + 1, lines: 1 };
  }

  /** A row with quotes: only those at the beginning of a field count. */
  #quoted(from: number, last: boolean): Found {
    const buffer = this.#buffer;
    const delimiter = this.#rules.delimiter as number;
    let lines = 1;
    let place = from;
    for (;;) {
      if (buffer[place] === quote) {
        for (place += 1; ; place += 1) {
          const close = buffer.indexOf(quote, place);
          if (close < 0 || (close + 1 === buffer.length && !last)) return { kind: 'more', quoted: true };
          for (let at = buffer.indexOf(newline, place); at >= 0 && at < close; at = buffer.indexOf(newline, at + 1)) lines += 1;
          place = close + 1;
          if (buffer[place] !== quote) break;
        }
        // Whether a carriage return belongs to a line end is seen by the byte behind it, which may come with the next piece.
        if (buffer[place] === carriage && place + 1 === buffer.length && !last) return { kind: 'more', quoted: true };
        if (buffer[place] === carriage && (buffer[place + 1] === newline || place + 1 === buffer.length)) place += 1;
        const next = buffer[place];
        if (next !== undefined && next !== delimiter && next !== newline) return { kind: 'bad', problem: 'Text stands behind the closing quote of a field.' };
      } else {
        while (place < buffer.length && buffer[place] !== delimiter && buffer[place] !== newline) place += 1;
      }
      if (place >= buffer.length) return last ? { kind: 'row', end: place, next: place, lines } : { kind: 'more', quoted: false };
      if (buffer[place] === newline) return { kind: 'row', end: place, next: place + 1, lines };
      place += 1;
    }
  }
}

/** A line without the carriage return of CRLF. */
function trimmed(buffer: Buffer, from: number, end: number): Buffer {
  return buffer.subarray(from, end > from && buffer[end - 1] === carriage ? end - 1 : end);
}

/** A line without the record separator (U+001E) that may begin it in a JSON text sequence (RFC 7464). */
export function withoutRecordSeparator(line: string): string {
  return line.charCodeAt(0) === 0x1e ? line.slice(1) : line;
}
