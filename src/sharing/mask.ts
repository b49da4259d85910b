/**
 * Masks (脱敏, domain standard §3.10): what is left of a value that a caller may have in part.
 *
 * The list of masks by name and, in TypeScript, what each does. The migration `masks` says the same in SQL, function by function
 * (`hub_mask_<name>`), because a masked column is masked inside the database; test/query/masks.test.ts holds the two together.
 * Who gets a mask, and what a masked item may not be used for, is not decided here.
 *
 * What every mask keeps to:
 * - A character is a code point, as PostgreSQL counts: a rare character outside the BMP is one, a combining mark is one.
 * - The stars of one mask are always as many, whatever they stand for, so that they do not tell a length; an empty text and one
 *   that is too short to show a part of look alike. (`null` stays `null`: whether there is a value is another item's matter.)
 * - What does not look as the mask expects shows nothing: a mask that does not understand a value never lets it through.
 * - Masking twice is masking once, and a coarser mask over a finer one is the coarser one.
 *
 * A mask hides from a look, not from arithmetic: the birth date completes an `ID_NUMBER`, whose check character then confirms it.
 * Whoever may read the birth date of the same person gets `ID_NUMBER_STRICT` or nothing.
 */
import { HubError } from '../errors.ts';

/** What an item of the catalog holds, as far as masking goes: its column `mask` (empty: it is never masked). */
export const maskFamilies = ['NAME', 'ID_NUMBER', 'PHONE', 'ADDRESS', 'BIRTH_DATE', 'COORDINATES', 'BANK_CARD', 'EMAIL'] as const;
export type MaskFamily = (typeof maskFamilies)[number];

/** What a mask works on: a text (or every text of a list), a civil date or a moment, a geometry. */
export type MaskedKind = 'text' | 'date' | 'geometry';

/** One mask. */
export interface Mask {
  readonly name: string;
  readonly family: MaskFamily;
  readonly of: MaskedKind;
  /** Place in its family, 1 shows most. A mask of a higher rank can be computed from one of a lower rank. */
  readonly rank: number;
  /** The most characters of the original that it shows; 0 where what it shows is not made of them. */
  readonly shows: number;
  readonly description: string;
  /** The masked value; null where nothing can be shown. Dates as `YYYY-MM-DD` or as answers write moments, geometries as GeoJSON. */
  readonly apply: (value: string) => string | null;
}

const list = [
  { name: 'NAME', family: 'NAME', of: 'text', rank: 1, shows: 7, apply: name,
    description: '只留首字，复姓留两字，藏文留首音节 · Keeps the first character (李**, 扎**), both of a compound surname (欧阳**), the first syllable in Tibetan script.' },
  { name: 'ID_NUMBER', family: 'ID_NUMBER', of: 'text', rank: 1, shows: 10, apply: idNumber,
    description: '隐去出生日期码 · Hides the birth part: the first 6 and the characters 15 to 18 of an 18-digit number (622326********0010); other numbers as the strict mask.' },
  { name: 'ID_NUMBER_STRICT', family: 'ID_NUMBER', of: 'text', rank: 2, shows: 2, apply: idNumberStrict,
    description: '只留首末各一位 · Keeps the first and the last character (6***************0), of 18 at most.' },
  { name: 'PHONE', family: 'PHONE', of: 'text', rank: 1, shows: 7, apply: phone,
    description: '手机号隐去中间四位，其他号码只留末两位 · Hides the middle of a mobile number (138****0000); of other numbers the last two characters are left.' },
  { name: 'ADDRESS_VILLAGE', family: 'ADDRESS', of: 'text', rank: 1, shows: 40, apply: (value) => address(value, [village, township, county]),
    description: '留至村（社区） · Keeps an address down to the village or community; down to the township or county where none can be told.' },
  { name: 'ADDRESS_TOWNSHIP', family: 'ADDRESS', of: 'text', rank: 2, shows: 40, apply: (value) => address(value, [township, county]),
    description: '留至乡镇（街道） · Keeps an address down to the township or subdistrict; down to the county where none can be told.' },
  { name: 'ADDRESS_COUNTY', family: 'ADDRESS', of: 'text', rank: 3, shows: 40, apply: (value) => address(value, [county]),
    description: '留至县（区） · Keeps an address down to the county or district.' },
  { name: 'BIRTH_YEAR', family: 'BIRTH_DATE', of: 'date', rank: 1, shows: 0, apply: (value) => firstDay(value, 1),
    description: '只留年份，以该年1月1日表示 · Keeps the year, written as its first day: 1 January is no birthday.' },
  { name: 'BIRTH_DECADE', family: 'BIRTH_DATE', of: 'date', rank: 2, shows: 0, apply: (value) => firstDay(value, 10),
    description: '只留年代，以该年代首年1月1日表示 · Keeps the decade, written as its first day: 1980-01-01 is any day up to 1989-12-31.' },
  { name: 'COORDINATES', family: 'COORDINATES', of: 'geometry', rank: 1, shows: 0, apply: coordinates,
    description: '取整至0.01度的一点，不留形状 · One point, rounded to 0.01 degree (about 1 km); of a line or an area the middle of its box, without its shape and size.' },
  { name: 'BANK_CARD', family: 'BANK_CARD', of: 'text', rank: 1, shows: 4, apply: bankCard,
    description: '只留末四位 · Keeps the last four digits.' },
  { name: 'EMAIL', family: 'EMAIL', of: 'text', rank: 1, shows: 66, apply: email,
    description: '留首字符和域名 · Keeps the first character and the domain (z**@example.cn).' },
] as const satisfies readonly Mask[];

/** A mask's name. */
export type MaskName = (typeof list)[number]['name'];

const byName: ReadonlyMap<string, Mask> = new Map(list.map((mask) => [mask.name, mask]));

/** All masks, family by family, the one that shows most first. */
export const masks: readonly (Mask & { readonly name: MaskName })[] = list;

/** Is this the name of a mask? */
export function isMaskName(text: string): text is MaskName {
  return byName.has(text);
}

/** The mask of this name. */
export function maskNamed(name: MaskName): Mask {
  const mask = byName.get(name);
  if (mask === undefined) throw new HubError('CONTRACT_BROKEN', `There is no mask ${String(name)}; name one of ${[...byName.keys()].join(', ')}.`);
  return mask;
}

/** The masks for an item of this family, the one that shows most first; none for an item that is never masked. */
export function masksFor(family: string): readonly MaskName[] {
  return masks.filter((mask) => mask.family === family).map(({ name }) => name);
}

/**
 * Compound surnames (复姓). Only those that no family of a one-character surname could happen upon: 东方 is also 东 (a surname of the
 * Tu) with a given name. One that is not here shows its first character, which is less.
 */
const compoundSurnames: ReadonlySet<string> = new Set([
  '欧阳', '司马', '诸葛', '上官', '皇甫', '尉迟', '公孙', '慕容', '夏侯', '令狐', '司徒', '司空', '司寇', '长孙', '宇文', '端木', '独孤', '南宫', '万俟', '闻人', '赫连',
  '澹台', '宗政', '濮阳', '公冶', '太叔', '申屠', '仲孙', '钟离', '鲜于', '闾丘', '亓官', '颛孙', '漆雕', '乐正', '拓跋', '轩辕', '呼延', '羊舌', '淳于', '单于', '公羊', '贺兰', '完颜',
]);

/** The first syllable of a name in Tibetan script, if the name goes on after it: letters up to a mark (tsheg U+0F0B and the like). */
const tibetanSyllable = /^[\u0f40-\u0fbc]{2,7}(?=[^\u0f40-\u0fbc])/u;

/**
 * A name never shows whole: of one character nothing is left, of 欧阳 with nothing after it only the first. `·` ends nothing: the part
 * before it is a whole given name (扎西·才让 is 扎**, one syllable).
 */
function name(value: string): string {
  const characters = [...value];
  const [first = '', second] = characters;
  if (second === undefined || first === '*') return '**';
  if (characters.length > 2 && compoundSurnames.has(first + second)) return `${first}${second}**`;
  return `${tibetanSyllable.exec(value)?.[0] ?? first}**`;
}

/** By place, not from the end: after place 18 a disability certificate's number tells kind and degree. */
function idNumber(value: string): string {
  const characters = [...value];
  return characters.length < 18 ? idNumberStrict(value) : `${characters.slice(0, 6).join('')}********${characters.slice(14, 18).join('')}`;
}

function idNumberStrict(value: string): string {
  const characters = [...value].slice(0, 18);
  return characters.length < 8 ? '*****************' : `${characters[0]}***************${characters.at(-1)}`;
}

function phone(value: string): string {
  const characters = [...value];
  if (characters.length === 11 && characters[0] === '1') return `${characters.slice(0, 3).join('')}****${characters.slice(-4).join('')}`;
  return characters.length < 7 ? '***********' : `*********${characters.slice(-2).join('')}`;
}

function bankCard(value: string): string {
  const characters = [...value];
  return characters.length < 12 ? '****************' : `************${characters.slice(-4).join('')}`;
}

function email(value: string): string {
  const at = value.indexOf('@');
  const domain = value.slice(at + 1);
  if (at < 0 || domain.includes('@') || [...domain].length > 64) return '**';
  const [first, second] = value.slice(0, at);
  return `${first === '*' || second === undefined ? '' : first}**@${domain}`;
}

/**
 * An address is read from its words alone, part by part: a province, a prefecture, a county, each at most once; then a township; then
 * a village. A part goes up to its kind's word and holds none of a finer kind, no number and no house, so that what follows the
 * place that may be shown is never taken for one. What cannot be read so (镇原县, 地质新村街街道) shows a coarser place. There is one way
 * to read a text, because JavaScript takes the first and PostgreSQL the longest.
 */
const stop = '\\t\\n\\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店';
const above = `[^${stop}社街路巷小园院校厂馆属苑矿]`;
const county = new RegExp(`^(?:${above}+(?:省|自治区))?(?:${above}+(?:市|盟|自治州|地区))?(?:(?:(?!自治州)${above})+[县区旗市])?`, 'u');
const township = new RegExp(`${county.source}[^${stop}]{1,7}(?:镇|乡|街道)`, 'u');
const village = new RegExp(`${township.source}[^${stop}]{1,8}(?:村|社区|居委会)`, 'u');

/** The first of these places that the address names, finest first. What stands beyond the 40th character is not read. */
function address(value: string, places: readonly RegExp[]): string {
  const start = [...value].slice(0, 40).join('');
  for (const place of places) {
    const found = place.exec(start);
    if (found !== null) return `${found[0]}****`;
  }
  return '****';
}

/** A masked date is still a civil date on the wire, and a masked moment a moment of the country's civil time. */
function firstDay(value: string, years: 1 | 10): string | null {
  const [, year, time] = /^([0-9]{4})-[0-9]{2}-[0-9]{2}(?:(T[0-9:.]+)\+08:00)?$/.exec(value) ?? [];
  if (year === undefined) return null;
  const first = Math.max(Number(year) - (Number(year) % years), 1);
  return `${String(first).padStart(4, '0')}-01-01${time === undefined ? '' : 'T00:00:00.000+08:00'}`;
}

/** A polygon rounded corner by corner may cross itself or fall together, and what is left of it still tells its size: one point never does. */
function coordinates(value: string): string | null {
  const numbers = positionsOf(value);
  if (numbers === null || numbers.length === 0) return null;
  const middle = (axis: 0 | 1) => {
    const [least, most] = numbers.reduce(([low, high], position) => [Math.min(low, position[axis]), Math.max(high, position[axis])], [Infinity, -Infinity]);
    return Math.floor(((least + most) / 2) * 100 + 0.5) / 100;
  };
  return JSON.stringify({ type: 'Point', coordinates: [middle(0), middle(1)] });
}

/** All positions of a GeoJSON geometry; null for anything else. */
function positionsOf(text: string): (readonly [number, number])[] | null {
  const flat = (part: unknown): (readonly [number, number])[] => {
    // Throws where it is no list.
    const [longitude, latitude] = part as unknown[];
    return typeof longitude === 'number' && typeof latitude === 'number' ? [[longitude, latitude]] : (part as unknown[]).flatMap(flat);
  };
  const within = ({ coordinates: nested, geometries }: { coordinates?: unknown; geometries?: unknown }): (readonly [number, number])[] =>
    (Array.isArray(geometries) ? geometries.flatMap(within) : flat(nested));
  try {
    return within(JSON.parse(text) as object);
  } catch {
    return null;
  }
}
