/**
 * One cell as files write it → the value that a column takes: dates in every usual form, amounts with their unit, code names, lists,
 * geometries. Pure.
 *
 * `undefined` is "says nothing" (empty, N/A, masked), `null` is "told to be empty". What it cannot read it hands on as it is; the
 * row's schema refuses it with a sentence. Nothing is guessed.
 */
import type { Geometry } from '../registries/spatial/geojson.ts';
import { isCalendarDay } from '../registries/identifiers/identifier.ts';

const placeholders: ReadonlySet<string> = new Set(['', 'n/a', '#n/a', 'null', '\\n', 'nan', 'undefined', '-', '--', '—', '——', '/', '\\', '无', '不详', '未知', '暂无']);

/** A cell as text: trimmed, letters and digits half-width; `undefined` for what says nothing. */
export function cellText(raw: unknown): string | null | undefined {
  if (raw === null || raw === undefined) return raw;
  if (typeof raw === 'number' || typeof raw === 'boolean' || typeof raw === 'bigint') return String(raw);
  if (typeof raw !== 'string') return JSON.stringify(raw);
  const text = plainText(raw);
  return text.length <= 9 && placeholders.has(text.toLowerCase()) ? undefined : text;
}

/** Full-width letters and digits and the ideographic blank become half-width; Chinese punctuation stays as it was written. */
function plainText(text: string): string {
  const trimmed = text.trim();
  if (!/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u3000]/.test(trimmed)) return trimmed;
  return trimmed.replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ').trim();
}

/** The middle dot of names, in the one form that the hub compares (U+00B7). */
export function nameText(text: string): string {
  return text.replace(/[•・‧∙⋅･]/g, '·');
}

/** Does a cell hide what it is about (刘**, 6223**********0010)? */
export function isMasked(text: string): boolean {
  return /[*＊]{2,}|^[^*＊]{1,3}[*＊]|[Xx×]{4,}/.test(text);
}

const openEnds = /^(9999.*|长期|长期有效|永久|无固定期限)$/;

/** A civil date: `YYYY-MM-DD`, `null` for an open end, else the text as it was. A date with a time and an offset is the day in Shanghai. */
export function cellDate(text: string): string | null {
  if (openEnds.test(text)) return null;
  const zoned = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (!Number.isNaN(zoned)) return new Date(zoned + 8 * 3_600_000).toISOString().slice(0, 10);
  const match = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2})|年(\d{1,2})月(\d{1,2})日)(?:[T ]\d{1,2}:\d{2}.*)?$/.exec(text);
  if (match === null) return text;
  const [, year, , m1, d1, m2, d2, m3, d3] = match;
  return `${year}-${(m1 ?? m2 ?? m3 ?? '').padStart(2, '0')}-${(d1 ?? d2 ?? d3 ?? '').padStart(2, '0')}`;
}

/** A moment: ISO 8601 with an offset; a time without one is meant in China. */
export function cellInstant(text: string): string {
  const match = /^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{8})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (match === null) return text;
  const [, day = '', time = '00:00:00', offset = '+08:00'] = match;
  const date = cellDate(day);
  return date !== null && isCalendarDay(date) ? `${date}T${time.length === 5 ? `${time}:00` : time}${offset}` : text;
}

const multiples: Readonly<Record<string, number>> = { '': 0, 十: 1, 百: 2, 千: 3, 万: 4, 十万: 5, 百万: 6, 千万: 7, 亿: 8 };
const currency = '人民币|美元|欧元|港元|港币|日元|英镑|RMB|CNY';
const amount = new RegExp(`^(?:[¥￥]|${currency})?([+-]?[\\d,]+(?:\\.\\d+)?)[(（]?([十百千]?[万亿]|[百千])?(元|圆)?(?:${currency})?(整)?[)）]?$`);
const measures: readonly (readonly [RegExp, RegExp])[] = [
  [/(平方米|㎡|m²|m2)$/i, /平方米/], [/(公里|千米|km)$/i, /公里/], [/(厘米|cm)$/i, /厘米/], [/(米|m)$/i, /(^|[^方厘])米/], [/(克|g)$/i, /克/], [/%|％$/, /%|％/],
];

/**
 * A decimal number as plain digits. `title` is what the field is called: it names the unit in which the hub keeps it (万元, 平方米),
 * and a cell in another unit of money is moved to it. A cell that names no unit is in the field's.
 */
export function cellDecimal(text: string, title: string): string {
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return text;
  const bare = text.replaceAll(/\s/g, '');
  const money = amount.exec(bare.replace(/[(（][)）]$/, ''));
  if (money !== null) {
    const [, digits = '', multiple = '', unit] = money;
    if (!wellGrouped(digits)) return text;
    const number = digits.replaceAll(',', '');
    if (multiple === '' && unit === undefined) return number;
    if (!title.includes('元') && unit !== undefined) return text;
    return shifted(number, (multiples[multiple] ?? 0) - (title.includes('万元') ? 4 : 0));
  }
  for (const [unit, named] of measures) {
    const number = bare.replace(unit, '');
    if (number !== bare && named.test(title) && /^[+-]?\d+(\.\d+)?$/.test(number)) return number;
  }
  return text;
}

/** Thousands are grouped by three, or not at all: 1,5 is no number of this country. */
function wellGrouped(digits: string): boolean {
  return !digits.includes(',') || /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(digits);
}

/** A number times a power of ten, exactly. */
function shifted(number: string, places: number): string {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(number) ?? [];
  const digits = places >= 0 ? whole + fraction.padEnd(places, '0') : whole.padStart(1 - places, '0') + fraction;
  const point = places >= 0 ? whole.length + places : Math.max(whole.length, 1 - places) + places;
  const rest = digits.slice(point).replace(/0+$/, '');
  return `${sign}${digits.slice(0, point)}${rest === '' ? '' : `.${rest}`}`;
}

/** The currency that an amount names; undefined if it names none. */
export function currencyIn(text: string): string | undefined {
  return new RegExp(currency).exec(text)?.[0].replace(/^(RMB|CNY)$/, '人民币');
}

const truths: Readonly<Record<string, boolean>> = { 是: true, true: true, '1': true, y: true, yes: true, t: true, 否: false, false: false, '0': false, n: false, no: false, f: false };

/** Yes or no; the text as it was if it is neither. */
export function cellFlag(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw === 1 ? true : raw === 0 ? false : raw;
  return truths[raw.toLowerCase()] ?? raw;
}

/** Several texts: a JSON list, or parts between ; ； 、 |. */
export function cellList(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map((one: unknown) => cellText(one) ?? '').filter((one) => one !== '');
  if (typeof raw !== 'string') return raw;
  const parsed = raw.startsWith('[') ? jsonOf(raw) : undefined;
  if (Array.isArray(parsed)) return cellList(parsed);
  return raw.split(/[;；、|]/).map((one) => one.trim()).filter((one) => one !== '');
}

/** A JSON value in a cell. */
export function cellJson(raw: unknown): unknown {
  return typeof raw === 'string' ? (jsonOf(raw) ?? raw) : raw;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A geometry in a cell: GeoJSON, `[longitude, latitude]`, `longitude,latitude` or `POINT(longitude latitude)`. Heights fall away. */
export function cellGeometry(raw: unknown): unknown {
  if (typeof raw === 'string') {
    const point = /^(?:POINT\s*\(\s*)?(-?\d+(?:\.\d+)?)[\s,，]+(-?\d+(?:\.\d+)?)\s*\)?$/i.exec(raw);
    if (point !== null) return { type: 'Point', coordinates: [Number(point[1]), Number(point[2])] };
    return cellGeometry(jsonOf(raw) ?? {});
  }
  if (Array.isArray(raw)) return { type: 'Point', coordinates: flat(raw) };
  if (typeof raw === 'object' && raw !== null && 'coordinates' in raw && 'type' in raw) return { type: raw.type, coordinates: flat(raw.coordinates) };
  return raw;
}

function flat(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (typeof value[0] === 'number') return value.length > 2 && value.length <= 4 ? value.slice(0, 2) : value;
  return value.map(flat);
}

/** The same geometry as the Multi type that a column asks for. */
export function asMulti(geometry: Geometry): Geometry {
  switch (geometry.type) {
    case 'Point': return { type: 'MultiPoint', coordinates: [geometry.coordinates] };
    case 'LineString': return { type: 'MultiLineString', coordinates: [geometry.coordinates] };
    case 'Polygon': return { type: 'MultiPolygon', coordinates: [geometry.coordinates] };
    default: return geometry;
  }
}
