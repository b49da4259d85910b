/**
 * A file of any format as batches of claims: finds the record type that it holds, its header and its reference system, and reads on
 * from any checkpoint.
 *
 * It refuses the file as a whole where no row could be right: no type fits, a header without a key, coordinates in a system that the
 * hub does not keep. Memory holds one batch at a time, however long the file or a line of it is.
 */
import { setImmediate } from 'node:timers/promises';
import { HubError } from '../errors.ts';
import type { ClaimRules, TitledType } from '../records/claim-schema.ts';
import type { Crs } from '../registries/spatial/crs.ts';
import { delimiterOf, fieldsOf } from './csv.ts';
import { rowsOfArray } from './features.ts';
import { fittingType, Headers } from './headers.ts';
import type { Column } from './headers.ts';
import { rowsOfLines, withoutRecordSeparator } from './lines.ts';
import type { Place, RawRow } from './lines.ts';
import type { Batch } from './load.ts';
import { membersOf, RowReader } from './rows.ts';
import type { RowClaim } from './rows.ts';
import type { Reject } from './rejects.ts';
import type { FileSource } from './source.ts';

/** Bytes that one row may have: a table's row, an object with its geometry. */
export const longestLine = 1 << 20;
export const longestObject = 1 << 24;

const rowsAtOnce = 2000;
/** Rows that are read at a turn of the event loop: meanwhile the batch before is written, and the database must not wait for an answer. */
const rowsAtATurn = 25;
const bytesAtOnce = 8 << 20;
/** A header may stand below some lines of title. */
const titleLines = 5;

/** A file with its header read. */
export interface OpenFile {
  readonly source: FileSource;
  readonly file: TitledType;
  readonly headers: Headers;
  /** Columns of a table; null for objects, which name their members each. */
  readonly columns: readonly Column[] | null;
  readonly delimiter: string;
  /** Where the rows begin. */
  readonly begin: Place;
  /** The reference system that the file names or its format implies. */
  readonly crs: Crs;
}

/** Reads the beginning of a file. Of several candidates the one whose fields the header names best is taken. */
export async function openFile(source: FileSource, candidates: readonly TitledType[], crs: Crs | null): Promise<OpenFile> {
  const found = source.format === 'csv' ? await readHeader(source, candidates) : await readFirstObject(source, candidates);
  return { ...found, source, crs: crs ?? crsOf(source) };
}

type Header = Omit<OpenFile, 'source' | 'crs'>;

async function readHeader(source: FileSource, candidates: readonly TitledType[]): Promise<Header> {
  const first = source.head.split('\n', 1)[0] ?? '';
  if (first.replace(/\r$/, '').includes('\r')) throw new HubError('BAD_INPUT', `The lines of ${source.path} end in a carriage return alone. Save it with LF or CRLF line ends, then import that.`);
  const delimiter = delimiterOf(first);
  const rows: RawRow[] = [];
  for await (const some of rowsOfLines(source.read(source.begin), { offset: source.begin, line: 1 }, { longest: longestLine, delimiter: delimiter.charCodeAt(0) })) {
    rows.push(...some.slice(0, titleLines - rows.length));
    if (rows.length >= titleLines) break;
  }
  const [head] = rows;
  if (head === undefined) throw new HubError('BAD_INPUT', `${source.path} holds no header.`);
  if (head.problem !== null) throw new HubError('BAD_INPUT', `The first line of ${source.path} cannot be a header: ${head.problem} The header names the columns.`);
  let wrong: unknown;
  for (const row of rows) {
    const names = fieldsOf(row.bytes.toString('utf8'), delimiter).map((name) => name.trim());
    try {
      const file = typeOf(source, candidates, names);
      const headers = new Headers(file);
      return { file, headers, columns: headers.columns(names, source.path), delimiter, begin: { offset: row.end, line: row.line + row.lines } };
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      wrong ??= error;
    }
  }
  throw withEncoding(wrong, source);
}

/** A header that nobody knows may be one that was read in the wrong encoding. */
function withEncoding(error: unknown, source: FileSource): unknown {
  if (!(error instanceof HubError) || source.encoding === 'utf-8') return error;
  return new HubError(error.code, `${error.message} The file was read as ${source.encoding.toUpperCase()}; if its names look wrong, save it as UTF-8.`);
}

async function readFirstObject(source: FileSource, candidates: readonly TitledType[]): Promise<Header> {
  const begin = { offset: source.begin, line: 1 };
  for await (const [row] of rawRows(source, begin, ',', false)) {
    if (row === undefined) continue;
    const object = row.problem === null ? membersOf(parsed(row.bytes)) : null;
    if (object === null) throw new HubError('BAD_INPUT', `The first row of ${source.path} (line ${row.line}) is no JSON object${row.problem === null ? '' : `: ${row.problem}`}. JSON Lines has one object a line; GeoJSON has features.`);
    const names = Object.keys(object);
    const file = typeOf(source, candidates, names);
    const headers = new Headers(file);
    headers.columns(names, source.path);
    return { file, headers, columns: null, delimiter: ',', begin };
  }
  throw new HubError('BAD_INPUT', `${source.path} holds no objects: a FeatureCollection needs features, a list needs entries.`);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(withoutRecordSeparator(bytes.toString('utf8'))) as unknown;
  } catch {
    return null;
  }
}

function typeOf(source: FileSource, candidates: readonly TitledType[], names: readonly string[]): TitledType {
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const best = fittingType(candidates, names);
  if (best !== null) return best;
  throw new HubError('BAD_INPUT', `${source.path} fits no record type of this registry, or several: name one with --type (${candidates.map(({ type }) => type.name).join(', ')}). Its header has: ${names.slice(0, 30).join(', ')}.`);
}

/** GeoJSON is WGS 84 unless it says otherwise in the way of before RFC 7946; tables are in the hub's own system. */
function crsOf({ head, format, path }: FileSource): Crs {
  if (format === 'csv') return 'EPSG4490';
  const named = /"crs"\s*:\s*\{[^}]*\{[^}]*"name"\s*:\s*"([^"]+)"/.exec(head)?.[1];
  if (named === undefined || /CRS84$|EPSG:{1,2}4326$/i.test(named)) return 'EPSG4326';
  if (/EPSG:{1,2}4490$/i.test(named)) return 'EPSG4490';
  throw new HubError('BAD_INPUT', `The coordinates of ${path} are in ${named}. Convert it to EPSG:4490 or WGS 84 (longitude, latitude), then import that.`);
}

function rawRows(source: FileSource, from: Place, delimiter: string, started: boolean): AsyncIterable<RawRow[]> {
  const bytes = source.read(from.offset);
  switch (source.format) {
    case 'csv': return rowsOfLines(bytes, from, { longest: longestLine, delimiter: delimiter.charCodeAt(0) });
    case 'lines': return rowsOfLines(bytes, from, { longest: longestObject, delimiter: null });
    case 'array': return rowsOfArray(bytes, from, longestObject, started);
  }
}

/** Batches from a place on. The last one may be without rows: behind it the file has ended. */
export async function* batchesOf(open: OpenFile, from: Place, rules: ClaimRules, onKeptOut: (column: Column) => void): AsyncIterable<Batch> {
  const { source, file, headers, columns, delimiter, begin } = open;
  const reader = new RowReader(file, headers, columns === null ? { format: 'json' } : { format: 'csv', delimiter, columns }, rules, onKeptOut);
  let [claims, rejects, refused, bytes]: [RowClaim[], Reject[], number, number] = [[], [], 0, 0];
  let place: Place = from;
  const full = (): Batch => {
    const batch: Batch = { claims, rejects, refused, offset: place.offset, line: place.line };
    [claims, rejects, refused, bytes] = [[], [], 0, 0];
    return batch;
  };
  let untilPause = rowsAtATurn;
  for await (const rows of rawRows(source, from, delimiter, from.offset !== begin.offset)) {
    for (const row of rows) {
      untilPause -= 1;
      if (untilPause === 0) {
        untilPause = rowsAtATurn;
        await setImmediate();
      }
      const read = reader.read(row);
      place = { offset: row.end, line: row.line + row.lines };
      bytes += row.bytes.length;
      if (read?.kind === 'claim') claims.push(read);
      else if (read !== null) {
        refused += 1;
        rejects.push(...read.reasons.map(({ field, reason }) => ({ row: read.row, field, reason })));
      }
      if (claims.length + refused >= rowsAtOnce || bytes >= bytesAtOnce) yield full();
    }
  }
  yield full();
}
