/**
 * An uploaded file of claims → rows: CSV (RFC 4180) with a header, or JSON Lines. One column names the subjects, each other one claims a field
 * of theirs or answers a ready question; an empty cell claims nothing.
 *
 * It holds some hundreds of rows in memory, however long the file is. It refuses the file as a whole where its header cannot be read, where it
 * is too long, and where it is no text; a row that cannot be right is refused by itself, in words that hold none of its values.
 */
import { createHash } from 'node:crypto';
import { HubError } from '../errors.ts';
import { delimiterOf, fieldsOf } from '../files/csv.ts';
import { rowsOfLines, withoutRecordSeparator } from '../files/lines.ts';
import type { RawRow } from '../files/lines.ts';
import { readyClaims } from '../query/claimed.ts';
import type { Compared } from '../query/claimed.ts';
import type { RecordType } from '../registries/contract.ts';
import type { Catalog } from '../sharing/catalog.ts';

/** How a file may be long: rows, bytes, bytes of a row. */
export const fileLimits = { rows: 100_000, bytes: 64 << 20, longestRow: 1 << 16, columns: 20 } as const;

/** What a file is, by what its sender says of it. */
export interface FileForm {
  readonly format: 'csv' | 'lines';
  readonly encoding: 'utf-8' | 'gb18030';
}

/** One row: its line, the subject and what is claimed of it by column; or why it is refused. */
export type ClaimedRow = readonly [line: number, key: string, values: readonly (readonly Compared[] | null)[], refused: null] | readonly [line: number, key: null, values: null, refused: string];

/** What the columns of a file are. */
export interface FileHeader {
  readonly type: RecordType;
  readonly claims: readonly string[];
}

/** How a row is read once the header is known; throws `BAD_INPUT` by a sentence that holds no value. */
export interface RowRules {
  key(text: string, at: string): string;
  value(place: number, text: string, at: string): readonly Compared[];
}

/** What a file was, once all of it has been read. */
export interface FileFacts {
  /** SM3 of its bytes, hexadecimal. */
  readonly digest: string;
  readonly bytes: number;
  readonly rows: number;
}

const tooLong = (what: string, limit: number): HubError => new HubError('TOO_MANY_KEYS', `A comparison takes files of at most ${limit} ${what}. Send the rest in another one.`, { limit });

/** Reads a file: `header` is called once and gives the rules, `take` with every handful of rows. */
export async function readClaimedFile(body: AsyncIterable<Buffer>, form: FileForm, types: readonly RecordType[], catalog: Catalog, header: (found: FileHeader) => Promise<RowRules>, take: (rows: readonly ClaimedRow[]) => Promise<void>, atOnce: number): Promise<FileFacts> {
  const digest = createHash('sm3');
  let bytes = 0;
  const counted = async function* (): AsyncIterable<Buffer> {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > fileLimits.bytes) throw tooLong('bytes', fileLimits.bytes);
      digest.update(chunk);
      yield chunk;
    }
  };
  const { first, rest } = await beginning(decoded(counted(), form.encoding));
  const delimiter = form.format === 'csv' ? delimiterOf(first) : ',';
  const reader = new RowsReader(form, delimiter, types, catalog, header);
  let rows = 0;
  let batch: ClaimedRow[] = [];
  for await (const raw of rowsOfLines(rest, { offset: 0, line: 1 }, { longest: fileLimits.longestRow, delimiter: form.format === 'csv' ? delimiter.charCodeAt(0) : null })) {
    for (const one of raw) {
      const row = await reader.read(one);
      if (row === null) continue;
      rows += 1;
      if (rows > fileLimits.rows) throw tooLong('rows', fileLimits.rows);
      batch.push(row);
      if (batch.length < atOnce) continue;
      await take(batch);
      batch = [];
    }
  }
  if (!reader.begun || rows === 0) throw new HubError('BAD_INPUT', 'The file holds no rows: its first line names the columns (CSV) or is an object (JSON Lines), and each further one is a subject with what is claimed of it.');
  if (batch.length > 0) await take(batch);
  return { digest: digest.digest('hex'), bytes, rows };
}

/** UTF-8 whatever it was; without its mark. */
async function* decoded(body: AsyncIterable<Buffer>, encoding: FileForm['encoding']): AsyncIterable<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of body) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  } catch (error) {
    if (error instanceof HubError || !(error instanceof TypeError)) throw error;
    throw new HubError('BAD_INPUT', `The file is no ${encoding === 'utf-8' ? 'UTF-8' : 'GB18030'} text. Save it as CSV UTF-8, or say charset=gb18030 in Content-Type where it is GBK.`);
  }
}

/** The first line of a text, and the text again from its beginning. */
async function beginning(body: AsyncIterable<Buffer>): Promise<{ readonly first: string; readonly rest: AsyncIterable<Buffer> }> {
  const iterator = body[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    read.push(value);
    length += value.length;
    if (value.includes(10) || length > fileLimits.longestRow) break;
  }
  return {
    first: Buffer.concat(read).toString('utf8').split('\n', 1)[0] ?? '',
    rest: (async function* () {
      yield* read;
      for (;;) {
        const { done, value } = await iterator.next();
        if (done === true) return;
        yield value;
      }
    })(),
  };
}

/** The names of a row's cells; the places of the subject and of the claims among them, and the rules. */
interface Columns {
  readonly names: readonly string[];
  readonly key: number;
  readonly claims: readonly number[];
  readonly rules: RowRules;
}

/** Rows of one file, the header first. */
class RowsReader {
  readonly #form: FileForm;
  readonly #delimiter: string;
  readonly #types: readonly RecordType[];
  readonly #catalog: Catalog;
  readonly #header: (found: FileHeader) => Promise<RowRules>;
  #columns: Columns | null = null;

  constructor(form: FileForm, delimiter: string, types: readonly RecordType[], catalog: Catalog, header: (found: FileHeader) => Promise<RowRules>) {
    this.#form = form;
    this.#delimiter = delimiter;
    this.#types = types;
    this.#catalog = catalog;
    this.#header = header;
  }

  get begun(): boolean {
    return this.#columns !== null;
  }

  /** A row; null: it was the header. */
  async read({ line, bytes, problem }: RawRow): Promise<ClaimedRow | null> {
    const refused = (reason: string): ClaimedRow => [line, null, null, reason];
    if (problem !== null) {
      if (this.#columns === null) throw new HubError('BAD_INPUT', `The first line cannot be read: ${problem}`);
      return refused(problem);
    }
    const text = bytes.toString('utf8');
    if (this.#form.format === 'csv') {
      const cells = fieldsOf(text, this.#delimiter);
      if (this.#columns === null) {
        await this.#begin(cells.map((name) => name.trim()));
        return null;
      }
      const { names } = this.#columns;
      return cells.length === names.length ? this.#row(line, (place) => cells[place] ?? '') : refused(`The row has ${cells.length} fields, and the header ${names.length}.`);
    }
    const object = objectIn(text);
    if (object === null && this.#columns === null) throw new HubError('BAD_INPUT', 'The first line is no JSON object with a text, number or yes/no for each name.');
    if (object === null) return refused('The line is no JSON object with a text, number or yes/no for each name.');
    if (this.#columns === null) await this.#begin([...object.keys()]);
    const { names } = this.#columns as { names: readonly string[] };
    const strange = [...object.keys()].some((name) => !names.includes(name));
    return strange ? refused('The object names what the first one does not.') : this.#row(line, (place) => object.get(names[place] as string) ?? '');
  }

  #row(line: number, cell: (place: number) => string): ClaimedRow {
    const { names, key, claims, rules } = this.#columns as Columns;
    try {
      const subject = rules.key(cell(key), names[key] as string);
      const values = claims.map((place, nth) => (cell(place).trim() === '' ? null : rules.value(nth, cell(place), names[place] as string)));
      return values.every((value) => value === null) ? [line, null, null, 'Nothing is claimed in this row.'] : [line, subject, values, null];
    } catch (error) {
      if (error instanceof HubError) return [line, null, null, error.message];
      throw error;
    }
  }

  async #begin(names: readonly string[]): Promise<void> {
    if (new Set(names).size !== names.length) throw new HubError('BAD_INPUT', 'A column stands twice in the header; name each once.');
    if (names.length > fileLimits.columns + 1) throw new HubError('BAD_INPUT', `A file claims at most ${fileLimits.columns} things of each subject.`, { limit: fileLimits.columns });
    const found = this.#types.flatMap((type) => names.flatMap((name, place) => (isNamed(type, type.model.key ?? '', name, this.#catalog) ? [{ type, place }] : [])));
    const [subject] = found;
    if (subject === undefined || found.length > 1) throw new HubError('BAD_INPUT', `One column names the subjects: ${this.#types.map(({ model }) => model.key).join(', ')}. The header has ${found.length === 0 ? 'none of these' : 'several of these'}.`);
    const claims = names.flatMap((_name, place) => (place === subject.place ? [] : [place]));
    if (claims.length === 0) throw new HubError('BAD_INPUT', 'The header names subjects and nothing that is claimed of them.');
    const claimed = claims.map((place) => claimNamed(subject.type, names[place] as string, this.#catalog));
    this.#columns = { names, key: subject.place, claims, rules: await this.#header({ type: subject.type, claims: claimed }) };
  }
}

/** The field or ready question of a column's name: as in the contract, or as the catalog calls the item. */
function claimNamed(type: RecordType, name: string, catalog: Catalog): string {
  const ready = readyClaims.find((one) => one === name.toUpperCase());
  if (ready !== undefined) return ready;
  const field = [...type.fields.values()].find((one) => one.kind === 'leaf' && isNamed(type, one.name, name, catalog));
  if (field === undefined) throw new HubError('BAD_INPUT', `Of ${type.name} nothing can be claimed by the name ${JSON.stringify(name.slice(0, 40))}: name columns as the contract names the fields, or as the catalog names the items.`);
  return field.name;
}

function isNamed(type: RecordType, field: string, name: string, catalog: Catalog): boolean {
  const [item] = type.fields.get(field)?.items ?? [];
  return name === field || (item !== undefined && type.fields.get(field)?.items.length === 1 && catalog.item(item)?.name === name);
}

/** The texts of an object's members; null: it is none, or holds what is no plain value. */
function objectIn(text: string): ReadonlyMap<string, string> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(withoutRecordSeparator(text));
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const members = Object.entries(parsed);
  if (members.some(([, value]) => value !== null && !['string', 'number', 'boolean'].includes(typeof value))) return null;
  return new Map(members.map(([name, value]) => [name, value === null ? '' : String(value)]));
}
