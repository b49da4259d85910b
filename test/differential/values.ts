/**
 * How the reference executor compares and writes values: text by its bytes, decimals digit by digit, moments in +08:00.
 */
import type { ColumnKind } from '../../src/registries/columns.ts';
import type { Shapes, Value } from './data.ts';

/** Before, same or after. */
export function compareValues(a: Value, b: Value, kind: ColumnKind): number {
  switch (kind) {
    case 'decimal': return compareDecimals(String(a), String(b));
    case 'integer':
    case 'flag': return Number(a) - Number(b);
    case 'instant': return Math.sign(momentOf(a) - momentOf(b));
    default: return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  }
}

/** Milliseconds of a moment as a row holds it or as a client sent it. */
function momentOf(value: Value): number {
  return typeof value === 'number' ? value : Date.parse(String(value));
}

function compareDecimals(a: string, b: string): number {
  const scaled = (text: string): bigint => {
    const [whole = '0', part = ''] = text.replace(/^[+-]/, '').split('.');
    const size = BigInt(whole + part.padEnd(40, '0'));
    return text.startsWith('-') ? -size : size;
  };
  const [x, y] = [scaled(a), scaled(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A value as the answer shows it. */
export function writeValue(value: Value | undefined, kind: ColumnKind, crs: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'instant': return new Date(Number(value) + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
    case 'decimal': return String(value).includes('.') ? String(value).replace(/0+$/, '').replace(/\.$/, '') : value;
    case 'geometry': return (value as Shapes)[crs as keyof Shapes];
    case 'json': return (value as { readonly json: unknown }).json;
    default: return value;
  }
}
