/**
 * One CSV row: its text → its fields, and fields → its text (RFC 4180). Where rows end is decided in `lines.ts`.
 */

/** The fields of one row. A quote counts only at the beginning of a field. */
export function fieldsOf(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const fields: string[] = [];
  let place = 0;
  for (;;) {
    let end: number;
    if (text[place] === '"') {
      let close = place;
      do close = text.indexOf('"', close + 1) + 1;
      while (close > 0 && text[close] === '"');
      const stop = close === 0 ? text.length : close - 1;
      fields.push(text.slice(place + 1, stop).replaceAll('""', '"'));
      end = close === 0 ? text.length : close;
    } else {
      const next = text.indexOf(delimiter, place);
      end = next < 0 ? text.length : next;
      fields.push(text.slice(place, end));
    }
    if (end >= text.length) return fields;
    place = end + delimiter.length;
  }
}

/** The delimiter of a table, by its header: comma, semicolon or tab, whichever it holds most of outside of quotes. */
export function delimiterOf(header: string): ',' | ';' | '\t' {
  const plain = header.replaceAll(/"[^"]*"/g, '');
  const count = (one: string): number => plain.split(one).length;
  if (count('\t') > count(',') && count('\t') >= count(';')) return '\t';
  return count(';') > count(',') ? ';' : ',';
}

/** One row of fields as text, with its line end. */
export function rowText(fields: readonly string[]): string {
  return `${fields.map(fieldText).join(',')}\r\n`;
}

function fieldText(field: string): string {
  return /[",\r\n]/.test(field) || /^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** A cell that a spreadsheet would take for a formula is written as text. */
export function spreadsheetCell(cell: string): string {
  return /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
}
