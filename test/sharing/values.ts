/**
 * Values for tests of masks: names, numbers, addresses, dates and shapes as they come, and texts of every kind (characters outside the
 * BMP, combining marks, Tibetan, stars), none of which a database would not take: no U+0000, no half of a surrogate pair.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

const pick = (...parts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...parts);
const joined = (part: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> => fc.array(part, { maxLength }).map((parts) => parts.join(''));

/** Any text: Unicode at random, and what masks look for. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 24 }).map((text) => text.replaceAll('\0', '')),
  fc.string({ unit: 'grapheme', maxLength: 24 }).map((text) => text.replaceAll('\0', '')),
  joined(pick('*', '@', '·', '་', 'ཀ', 'ྲ', '\u0301', '𠮷', '李', '欧阳', '1', 'X', ' ', '\n', '-', '~', '０', '％'), 22),
);

/** Names: of Han, of other peoples, in Tibetan script, with rare characters. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(pick('李', '欧阳', '司马', '单于', '扎西', '阿', '𠮷', '东方', 'ཀ'), joined(pick('明', '·', '才让', '买买提', '𪚥', '*', ' '), 5)).map((parts) => parts.join('')),
  joined(pick('བཀྲ', 'ཤིས', '་', '༌', '།', 'ཚེ', 'རིང', ' ', '\u0fbc', '\u0fbd', '\u0f3f', '\u0f40'), 8),
);

/** Numbers of persons, phones and cards, and what is nearly one. */
export const numbers: fc.Arbitrary<string> = fc.oneof(
  joined(pick('0', '1', '2', '6', '8', '9'), 22), fc.tuple(pick('1', '13', '138'), joined(pick('0', '7', '9'), 10)).map((parts) => parts.join('')),
  fc.tuple(joined(pick('1', '6'), 19), pick('X', 'x', '-', '𠮷', '*', '')).map((parts) => parts.join('')),
);

/** Addresses, put together from their words in every order. */
export const addresses: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(pick('', '甘肃省', '西藏自治区'), pick('', '武威市', '甘南藏族自治州', '和田地区', '锡林郭勒盟'), pick('', '天祝藏族自治县', '凉州区', '东乌旗', '和田市'), pick('', '华藏寺镇', '天堂乡', '东大街街道', '镇'), pick('', '红大村', '华秀社区', '安门居委会'), pick('', '三组12号', '团结路３号楼', '\t'))
    .map((parts) => parts.join('')),
  joined(pick('省', '自治区', '市', '盟', '自治州', '地区', '县', '区', '旗', '镇', '乡', '街道', '村', '社区', '居委会', '号', '组', '路', '街', '道', '小', '园', '社', '天祝', '华藏寺', '12', '０', ' ', '𠮷', '山水', '自治', '自', '治', '州'), 24),
);

/** Civil dates from year 1 to 9999. */
export const dates: fc.Arbitrary<string> = fc.tuple(fc.oneof(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1900, max: 2030 })), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, day]) => `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);

const ordinate = fc.integer({ min: -90_000_000, max: 90_000_000 }).map((millionths) => millionths / 1_000_000);
const position = fc.oneof(fc.tuple(ordinate, ordinate), fc.tuple(fc.integer({ min: 102_000, max: 104_000 }).map((n) => n / 1000), fc.integer({ min: 36_000, max: 38_000 }).map((n) => n / 1000)));
const ring = fc.tuple(position, position, position).map(([a, b, c]) => [a, b, c, a]);
const shape = fc.oneof(
  position.map((coordinates): object => ({ type: 'Point', coordinates })), fc.array(position, { minLength: 2, maxLength: 5 }).map((coordinates): object => ({ type: 'LineString', coordinates })),
  fc.array(ring.map((one) => [one]), { minLength: 1, maxLength: 3 }).map((coordinates): object => ({ type: 'MultiPolygon', coordinates })), fc.constant<object>({ type: 'LineString', coordinates: [] }),
);

/** Geometries as GeoJSON, with six decimals as the hub writes them. */
export const geometries: fc.Arbitrary<string> = fc.oneof(shape, fc.array(shape, { maxLength: 3 }).map((members): object => ({ type: 'GeometryCollection', geometries: members }))).map((one) => JSON.stringify(one));

/** What the migration of masks lists by itself: surnames, and the characters that end a part of an address. */
export function maskedLists(): { readonly surnames: readonly string[]; readonly stops: readonly string[]; readonly aboveStops: readonly string[] } {
  const sql = readFileSync(join(import.meta.dirname, '../../drizzle/0005_masks.sql'), 'utf8');
  const surnames = [...(/IN \(([^)]+)\)/.exec(sql)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(([, surname]) => surname ?? '');
  const inside = (from: RegExp): string[] => [...(from.exec(sql)?.[1] ?? '').replace('\\t\\n\\r -~０-９', '\t\n\r !09AZaz~０５９')];
  return { surnames, stops: inside(/\[\^([^\]]+)\]\{1,7\}/), aboveStops: inside(/\[\^([^\]]+)\]\+/) };
}
