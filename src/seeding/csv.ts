/**
 * A strict reader of comma-separated tables (RFC 4180), for the project's own seeds: UTF-8, a header, quoted fields.
 *
 * It refuses a row with more or fewer fields than the header, a quote where none may stand, a header name that is
 * missing or doubled, and an empty table; the sentence names the line. Files of departments, which are not as tidy, are not its business.
 */
import { readFileSync } from 'node:fs';

/** Rows of a table by column name. */
export type Row<Name extends string> = Readonly<Record<Name, string>>;

/** Reads a seed file (`seeds/<name>`) that has at least these columns. */
export function readSeed<Name extends string>(name: string, columns: readonly Name[]): Row<Name>[] {
  return parseTable(readFileSync(new URL(`../../seeds/${name}`, import.meta.url), 'utf8'), columns, name);
}

/** Reads a table that has at least these columns; throws `RangeError` with `where` and the line. */
export function parseTable<Name extends string>(text: string, columns: readonly Name[], where: string): Row<Name>[] {
  const [header, ...rows] = split(text, where);
  if (header === undefined || rows.length === 0) throw new RangeError(`${where} holds no rows.`);
  const places = new Map(header.fields.map((name, place) => [name, place]));
  if (places.size !== header.fields.length) throw new RangeError(`${where}: a column name stands twice in the header.`);
  const wanted = columns.map((name): [Name, number] => {
    const place = places.get(name);
    if (place === undefined) throw new RangeError(`${where} has no column ${name}.`);
    return [name, place];
  });
  return rows.map(({ fields, line }) => {
    if (fields.length !== header.fields.length) throw new RangeError(`${where}, line ${line}: ${fields.length} fields instead of ${header.fields.length}.`);
    return Object.fromEntries(wanted.map(([name, place]) => [name, fields[place] ?? ''])) as Row<Name>;
  });
}

/** A quoted field, or a plain one; then what ends it. Sticky: it goes on where it stopped. */
const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function split(text: string, where: string): { fields: string[]; line: number }[] {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const rows: { fields: string[]; line: number }[] = [];
  let fields: string[] = [];
  let [line, started] = [1, 1];
  field.lastIndex = 0;
  while (field.lastIndex < body.length || fields.length > 0) {
    const match = field.exec(body);
    if (match === null) throw new RangeError(`${where}, line ${line}: a quote stands where none may stand.`);
    const [whole, quoted, plain, end] = match;
    fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    rows.push({ fields, line: started });
    fields = [];
    started = line;
  }
  return rows;
}
