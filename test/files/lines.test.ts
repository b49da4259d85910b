/**
 * Where rows begin and end, whatever pieces a file is read in: quotes, line ends, limits, and going on from any row.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delimiterOf, fieldsOf, rowText } from '../../src/files/csv.ts';
import { rowsOfArray } from '../../src/files/features.ts';
import { rowsOfLines } from '../../src/files/lines.ts';
import type { Place, RawRow } from '../../src/files/lines.ts';

async function* pieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

async function all(rows: AsyncIterable<RawRow[]>): Promise<RawRow[]> {
  const found: RawRow[] = [];
  for await (const some of rows) found.push(...some);
  return found;
}

const start: Place = { offset: 0, line: 1 };
const csv = (text: string, size = 7, longest = 1000): Promise<RawRow[]> => all(rowsOfLines(pieces(Buffer.from(text), size), start, { longest, delimiter: 44 }));
const shown = (rows: readonly RawRow[]) => rows.map(({ line, bytes, problem }) => [line, problem ?? bytes.toString()]);

describe('rows of a table', () => {
  test('CRLF, LF, blank lines and a last line without an end', async () => {
    expect(shown(await csv('a,b\r\n1,2\n\r\n\n3,4'))).toEqual([[1, 'a,b'], [2, '1,2'], [5, '3,4']]);
  });
  test('a quoted field holds line ends, delimiters and doubled quotes; a quote inside of a plain field is a character', async () => {
    expect(shown(await csv('a,"b\r\nc, ""d"""\nx,5"板\ny'))).toEqual([[1, 'a,"b\r\nc, ""d"""'], [3, 'x,5"板'], [4, 'y']]);
  });
  test('a quote that is not closed costs its line only', async () => {
    const rows = await csv('a,b\n1,"open\n2,b\n3,c\n');
    expect(shown(rows)).toEqual([[1, 'a,b'], [2, 'A quote is opened in this line and not closed.'], [3, '2,b'], [4, '3,c']]);
  });
  test('text behind a closing quote', async () => {
    expect(shown(await csv('"a"b,c\nd\n'))).toEqual([[1, 'Text stands behind the closing quote of a field.'], [2, 'd']]);
  });
  test('a line beyond the limit is passed over, whatever its length', async () => {
    const rows = await csv(`a\n${'x'.repeat(5000)}\nb\n`, 64, 100);
    expect(shown(rows)).toEqual([[1, 'a'], [2, 'The line has 5000 bytes; the limit is 100.'], [3, 'b']]);
  });
  test('pieces of any size give the same rows, and every row is a place to go on from', async () => {
    const field = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('天祝', '"', 'a\r\nb', ',', ' x ', '才让·卓玛'));
    await fc.assert(fc.asyncProperty(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 40 }), async (table, size) => {
      const text = table.map(rowText).join('');
      const rows = await csv(text, size, 10_000);
      const written = table.filter((fields) => rowText(fields) !== '\r\n');
      expect(rows.map(({ bytes }) => fieldsOf(bytes.toString(), ','))).toEqual(written);
      const bytes = Buffer.from(text);
      for (const [place, row] of rows.entries()) {
        const rest = await all(rowsOfLines(pieces(bytes.subarray(row.end), size), { offset: row.end, line: row.line + row.lines }, { longest: 10_000, delimiter: 44 }));
        expect(rest).toEqual(rows.slice(place + 1));
      }
    }), { numRuns: 60 });
  });
  test('delimiters', () => {
    expect([delimiterOf('a,b,c'), delimiterOf('a;b;c'), delimiterOf('a\tb'), delimiterOf('"a;b;c",d')]).toEqual([',', ';', '\t', ',']);
  });
});

describe('objects of an array', () => {
  const text = '{"type":"FeatureCollection","name":"a [list] {of} \\"things\\"","bbox":[1,2,3,4],"features":[\n{"a":"}\\"{","b":[{}]},\n {"c":{"d":[1,{"e":2}]}}\n],"after":{"features":[{"no":1}]}}';
  test('features, in pieces of any size; going on from each', async () => {
    for (const size of [1, 2, 3, 7, 1000]) {
      const rows = await all(rowsOfArray(pieces(Buffer.from(text), size), start, 1000, false));
      expect(shown(rows)).toEqual([[2, '{"a":"}\\"{","b":[{}]}'], [3, '{"c":{"d":[1,{"e":2}]}}']]);
      const end = rows[0]?.end ?? 0;
      expect(await all(rowsOfArray(pieces(Buffer.from(text).subarray(end), size), { offset: end, line: 2 }, 1000, true))).toEqual(rows.slice(1));
    }
  });
  test('a plain list; one object too long; one cut off', async () => {
    const rows = await all(rowsOfArray(pieces(Buffer.from(`[{"a":1},{"b":"${'x'.repeat(500)}"},{"c":2},{"d":`), 50), start, 100, false));
    expect(shown(rows)).toEqual([[1, '{"a":1}'], [1, 'The object has 508 bytes; the limit is 100.'], [1, '{"c":2}'], [1, 'The file ends in the middle of this object; it is cut off.']]);
  });
});
