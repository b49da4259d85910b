/**
 * Rows written byte by byte read the same as the same cells written by the engine's own `JSON.stringify`, whatever stands in them; and a row
 * that holds a mark in the wrong place is never guessed at.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstCell, listWriter } from '../../src/query/row-writer.ts';
import type { CellText } from '../../src/query/row-writer.ts';

const [between, nothing] = ['\u001f', '\u001e'];
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\t', '\u0000', '\u007f', '\u2028', '张', '་', '𠮷', 'a') }))
  // PostgreSQL holds no half of a character, and no text of the hub's a mark.
  .map((value) => value.toWellFormed().replaceAll(between, '').replaceAll(nothing, ''));

type Value = string | null | number;
type Column = { readonly kind: 'text' | 'number' | 'fixed'; readonly name: string };

const column: fc.Arbitrary<Column> = fc.record({ kind: fc.constantFrom('text', 'text', 'number', 'fixed'), name: fc.stringMatching(/^[a-z]{1,12}$/) });
const table = fc.tuple(fc.uniqueArray(column, { minLength: 1, maxLength: 8, selector: ({ name }) => name }), fc.nat(1)).chain(([columns, skipped]) =>
  fc.record({ columns: fc.constant(columns), skipped: fc.constant(skipped), rows: fc.array(fc.tuple(...columns.map(({ kind }): fc.Arbitrary<Value> => (kind === 'fixed' ? fc.constant('same') : fc.option<Value>(kind === 'text' ? text : fc.integer())))), { maxLength: 6 }) }));

const cellsOf = (columns: readonly Column[]): CellText[] => columns.map(({ kind, name }) => ({ prefix: `"${name}":`, quoted: kind === 'text', ...(kind === 'fixed' ? { fixed: '"same"' } : {}) }));
const rowOf = (columns: readonly Column[], skipped: number, values: readonly Value[]): Buffer =>
  Buffer.from([...(skipped === 0 ? [] : ['the cursor']), ...values.filter((_value, index) => columns[index]?.kind !== 'fixed').map((value) => value ?? nothing)].join(between));

describe('rows as JSON', () => {
  test('whatever stands in their cells', () => {
    fc.assert(fc.property(table, ({ columns, skipped, rows }) => {
      const written = listWriter(cellsOf(columns), skipped)(rows.map((values) => rowOf(columns, skipped, values)));
      expect(written?.toString()).toBe(JSON.stringify(rows.map((values) => Object.fromEntries(columns.map(({ name }, index) => [name, values[index]])))));
    }), { numRuns: 400 });
  });

  test('a row with a mark too many, too few, or inside a cell is not guessed at', () => {
    fc.assert(fc.property(table.filter(({ rows }) => rows.length > 0), fc.nat(), fc.nat(), fc.constantFrom(between, nothing, 'less'), ({ columns, skipped, rows }, which, where, what) => {
      const made = rows.map((values) => rowOf(columns, skipped, values).toString());
      const row = made[which % made.length] as string;
      const at = where % (row.length + 1);
      // A null's own mark twice, or one less of those between, is a wrong row too; an empty cell's null is a right one.
      const changed = what === 'less' ? row.replace(between, '') : row.slice(0, at) + what + row.slice(at);
      const cells = changed.split(between);
      const right = cells.length === Math.max(1, row.split(between).length) && cells.every((cell, index) => !cell.includes(nothing) || (cell === nothing && index >= skipped && (columns.filter(({ kind }) => kind !== 'fixed').length > 0)));
      fc.pre(!right);
      made[which % made.length] = changed;
      expect(listWriter(cellsOf(columns), skipped)(made.map((one) => Buffer.from(one)))).toBeNull();
    }), { numRuns: 400 });
  });

  test('a list longer than any before, and one of nothing', () => {
    const write = listWriter([{ prefix: '"a":', quoted: true }], 0);
    const long = '长'.repeat(3_000_000);
    expect(write([Buffer.from(long), Buffer.from('b')])?.toString()).toBe(JSON.stringify([{ a: long }, { a: 'b' }]));
    expect(write([])?.toString()).toBe('[]');
  });

  test('what was written is not written over by the next list', () => {
    const write = listWriter([{ prefix: '"a":', quoted: true }], 0);
    const first = write([Buffer.from('first')]);
    write([Buffer.from('other')]);
    expect(first?.toString()).toBe('[{"a":"first"}]');
  });

  test('the first cell', () => {
    expect(firstCell(Buffer.from(`甘${between}b`))).toBe('甘');
    expect(firstCell(Buffer.from('alone'))).toBe('alone');
  });
});
