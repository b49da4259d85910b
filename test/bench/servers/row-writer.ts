/**
 * Writers of flat rows: a function generated from the column names, one string concatenation a row.
 *
 * The names are constants of the bench, never input.
 */

/** Turns one row of texts into a JSON object of these names, reading from column `from` on. */
export function writer(names: readonly string[], from = 0): (row: readonly (string | null)[]) => string {
  const parts = names.map((name, index) => `${JSON.stringify(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`)} + cell(row[${from + index}])`);
  return new Function('cell', `return (row) => ${parts.join(' + ')} + '}'`)(cell) as (row: readonly (string | null)[]) => string;
}

// Only these must be escaped in JSON; nearly no value has one.
const special = /[^ !#-[\]-\uffff]/;

function cell(value: string | null): string {
  if (value === null) return 'null';
  return special.test(value) ? JSON.stringify(value) : `"${value}"`;
}
