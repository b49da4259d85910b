/**
 * The reject file: the rows that did not come in, each with its line, field, reason and raw text, as CSV for whoever mends them.
 *
 * It is written before the batch is committed and cut back to the last checkpoint when an import is taken up again, so that it holds
 * every refused row once. It may hold personal data: only its owner may read it. It refuses to overwrite a file that is no reject file.
 */
import { closeSync, existsSync, fdatasync, ftruncateSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { HubError } from '../errors.ts';
import { rowText } from './csv.ts';
import type { RawRow } from './lines.ts';

/** What is shown of a row: its line and how it begins. */
export interface ShownRow {
  readonly line: number;
  readonly text: string;
}

/** One line of the file. */
export interface Reject {
  readonly row: ShownRow;
  readonly field: string;
  readonly reason: string;
}

const synced = promisify(fdatasync);
const header = `\ufeff${rowText(['line', 'field', 'reason', 'raw'])}`;
const shown = 2000;

/** An open reject file. */
export class RejectFile {
  readonly path: string;
  readonly #file: number;
  #length: number;

  private constructor(path: string, file: number, length: number) {
    this.path = path;
    this.#file = file;
    this.#length = length;
  }

  /** Begins one; a reject file of an earlier run is written anew. */
  static begin(path: string): RejectFile {
    if (existsSync(path) && !isRejectFile(path)) throw new HubError('BAD_INPUT', `${path} is there and is no reject file of an import; name another with --rejects.`);
    const file = openSync(path, 'w', 0o600);
    writeSync(file, header);
    return new RejectFile(path, file, Buffer.byteLength(header));
  }

  /** Goes on with one, from a checkpoint's length; what was written behind it is forgotten. */
  static resume(path: string, length: number): RejectFile {
    if (!existsSync(path) || statSync(path).size < length) {
      throw new HubError('BAD_INPUT', `The reject file ${path} of the interrupted import is not there any more, or is shorter than it was. Start the import anew without --resume: what is in already is found to be there.`);
    }
    const file = openSync(path, 'r+');
    ftruncateSync(file, length);
    return new RejectFile(path, file, length);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Is there a row in it? */
  get used(): boolean {
    return this.#length > Buffer.byteLength(header);
  }

  /** Adds rows behind a length that it had (what stands there is forgotten). They are on the disk when the promise is kept. */
  async write(from: number, rejects: readonly Reject[]): Promise<void> {
    if (this.#length > from) ftruncateSync(this.#file, from);
    this.#length = from;
    if (rejects.length === 0) return;
    const text = rejects.map(({ row, field, reason }) => rowText([String(row.line), field, reason, rawText(row.text)])).join('');
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done, bytes.length - done, this.#length + done);
    this.#length += bytes.length;
    await synced(this.#file);
  }

  /** Closes it; without a row in it there is no file. */
  end(): void {
    closeSync(this.#file);
    if (!this.used) rmSync(this.path, { force: true });
  }

  /** Closes it as it is, for a later run. */
  close(): void {
    closeSync(this.#file);
  }
}

function isRejectFile(path: string): boolean {
  const start = Buffer.alloc(Buffer.byteLength(header));
  const file = openSync(path, 'r');
  const read = readSync(file, start, 0, start.length, 0);
  closeSync(file);
  return read === 0 || start.subarray(0, read).equals(Buffer.from(header));
}

/** A row to be shown; `text` if it is read already. Of a long one only the beginning is kept. */
export function shownRow({ line, bytes }: RawRow, text?: string): ShownRow {
  return { line, text: text !== undefined && text.length <= shown ? text : bytes.subarray(0, shown * 3).toString('utf8') };
}

/** A row's text, cut where it is long. What is no text is shown with its broken characters. */
function rawText(row: string): string {
  const text = row.replaceAll(/(?![\t\n\r])\p{Cc}/gu, '\ufffd');
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}
