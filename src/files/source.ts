/**
 * A file as it lies on the disk: what it is (encoding, format), its digest, and its bytes as UTF-8 from any offset on.
 *
 * Everything behind this file reads UTF-8. Offsets count bytes of the UTF-8 text (of the file itself where it is UTF-8), so a
 * checkpoint means the same place at the next run. It refuses, with the next step: a file that is not there, empty, a
 * spreadsheet or another binary, and text in an encoding that it cannot tell. It judges no content.
 */
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { HubError } from '../errors.ts';
import { withoutRecordSeparator } from './lines.ts';

/** How the bytes of a text are to be read. */
export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

/** How rows lie in a file: `lines` of JSON (features among them), or one JSON `array` (a FeatureCollection's features among them). */
export type Format = 'csv' | 'lines' | 'array';

/** A file that can be read. */
export interface FileSource {
  readonly path: string;
  readonly size: number;
  /** SHA-256 of its bytes: by it a file is known again. */
  readonly digest: string;
  readonly encoding: Encoding;
  /** Its first text, up to 64 KiB, without the byte order mark. */
  readonly head: string;
  readonly format: Format;
  /** Where the text begins: behind a byte order mark. */
  readonly begin: number;
  /** The UTF-8 text from an offset on. */
  read(from: number): AsyncIterable<Buffer>;
}

const chunkSize = 1 << 20;
const headSize = 1 << 16;

/** Looks a file over, once and whole. */
export async function openSource(path: string): Promise<FileSource> {
  const size = sizeOf(path);
  if (size === 0) throw new HubError('BAD_INPUT', `${path} is empty: there is nothing to import.`);
  const digest = createHash('sha256');
  let first: Buffer | undefined;
  let encoding: Encoding | undefined;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkSize }) as AsyncIterable<Buffer>) {
      digest.update(chunk);
      if (first === undefined) {
        first = chunk;
        encoding = marked(chunk);
        if (encoding === undefined) refuseBinary(path, chunk);
      }
      if (encoding === undefined && !isAscii(chunk)) encoding = encodingOf(path, chunk);
    }
  } catch (error) {
    throw readable(error, path);
  }
  encoding ??= 'utf-8';
  const begin = encoding === 'utf-8' && first?.subarray(0, 3).equals(utf8Mark) ? 3 : 0;
  const source = { path, size, digest: digest.digest('hex'), encoding, begin, read: (from: number) => readFrom(path, encoding, from) };
  const head = await headOf(source.read(begin));
  if (head.trim() === '') throw new HubError('BAD_INPUT', `${path} holds nothing but blanks: there is nothing to import.`);
  return { ...source, head, format: formatOf(head) };
}

function sizeOf(path: string): number {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return stat.size;
  } catch (error) {
    throw readable(error, path);
  }
  throw new HubError('BAD_INPUT', `${path} is no file.`);
}

function readable(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return new HubError('BAD_INPUT', `There is no file ${path}.`);
  if (code === 'EACCES' || code === 'EPERM') return new HubError('BAD_INPUT', `${path} may not be read by this user.`);
  return error;
}

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The encoding that a byte order mark names. */
function marked(start: Buffer): Encoding | undefined {
  if (start.subarray(0, 3).equals(utf8Mark)) return 'utf-8';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return undefined;
}

const binaries: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a spreadsheet or archive (xlsx, zip). Save the sheet as CSV UTF-8'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Office document (xls, doc). Save the sheet as CSV UTF-8'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF. Ask for the data as CSV'],
  [[0x1f, 0x8b], 'compressed (gzip). Unpack it first'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'an archive (7z). Unpack it first'],
  [[0x00, 0x00, 0x27, 0x0a], 'a shapefile. Convert it to GeoJSON in EPSG:4490 or WGS 84'],
];

function refuseBinary(path: string, start: Buffer): void {
  for (const [magic, what] of binaries) {
    if (magic.every((byte, place) => start[place] === byte)) throw new HubError('BAD_INPUT', `${path} is ${what}, then import that.`);
  }
  const head = start.subarray(0, headSize);
  if (!head.includes(0)) return;
  const even = head.filter((byte, place) => byte === 0 && place % 2 === 0).length;
  const odd = head.filter((byte, place) => byte === 0 && place % 2 === 1).length;
  if (Math.max(even, odd) > 20 * Math.min(even, odd) && even + odd > head.length / 10) {
    throw new HubError('BAD_INPUT', `${path} looks like UTF-16 without a byte order mark. Save it as UTF-8, then import that.`);
  }
  throw new HubError('BAD_INPUT', `${path} is no text: it holds zero bytes. CSV, JSON Lines and GeoJSON can be imported.`);
}

/** UTF-8 or GB18030, by which of the two reads the first text beyond ASCII with (nearly) no broken character. */
function encodingOf(path: string, chunk: Buffer): Encoding {
  const broken = (encoding: Encoding): number => {
    // An end that is cut off in the middle of a character is no fault.
    const text = new TextDecoder(encoding).decode(chunk, { stream: true });
    let wrong = 0;
    let wide = 0;
    for (const char of text) {
      if (char === '\ufffd') wrong += 1;
      else if (char > '\u007f') wide += 1;
    }
    return wrong === 0 ? 0 : wrong / (wrong + wide);
  };
  const bearable = 0.05;
  const utf8 = broken('utf-8');
  if (utf8 <= bearable) return 'utf-8';
  const gb = broken('gb18030');
  if (gb <= bearable) return 'gb18030';
  throw new HubError('BAD_INPUT', `${path} is in an encoding that is neither UTF-8 nor GB18030 (GBK, GB2312) nor UTF-16 with its mark. Save it as UTF-8, then import that.`);
}

async function* readFrom(path: string, encoding: Encoding, from: number): AsyncIterable<Buffer> {
  if (encoding === 'utf-8') {
    yield* createReadStream(path, { highWaterMark: chunkSize, start: from }) as AsyncIterable<Buffer>;
    return;
  }
  const decoder = new TextDecoder(encoding);
  let left = from;
  const pass = function* (text: string): Iterable<Buffer> {
    const bytes = Buffer.from(text);
    if (bytes.length > left) yield left === 0 ? bytes : bytes.subarray(left);
    left = Math.max(0, left - bytes.length);
  };
  for await (const chunk of createReadStream(path, { highWaterMark: chunkSize }) as AsyncIterable<Buffer>) yield* pass(decoder.decode(chunk, { stream: true }));
  yield* pass(decoder.decode());
}

async function headOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  for await (const chunk of bytes) return new TextDecoder().decode(chunk.subarray(0, headSize), { stream: true });
  return '';
}

function formatOf(head: string): Format {
  const start = withoutRecordSeparator(head.trimStart());
  if (start.startsWith('[')) return 'array';
  if (!start.startsWith('{')) return 'csv';
  const type = /"type"\s*:\s*"(\w+)"/.exec(start)?.[1];
  return type === 'FeatureCollection' || /^\{[^[\]]*"features"\s*:\s*\[/.test(start) ? 'array' : 'lines';
}
