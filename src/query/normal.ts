/**
 * The one form in which a claimed value and a stored one are compared, the same in TypeScript and in SQL.
 *
 * What people and systems write differently without meaning anything else by it makes no difference: full and half width, blanks, the many
 * dots between the parts of a name (`·` is U+00B7), small and capital letters (a final `x`), and of identity numbers the 15 digits of
 * before 1999. Nothing else is forgiven: a comparison that guesses would say yes to somebody else's value. The SQL functions are made by
 * a migration; that both agree is a property test.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { identifiers } from '../registries/identifiers/index.ts';

/** Plain texts; and identity numbers, which may be of 15 digits. */
export type NormalForm = 'text' | 'idNumber';

const codes = (from: number, to = from): string => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, n) => from + n));

/** What is no part of a value: blanks of any width, and what nobody sees. */
const blanks = `\t\n\v\f\r ${codes(0xa0)}${codes(0x1680)}${codes(0x180e)}${codes(0x2000, 0x200d)}${codes(0x2028, 0x2029)}${codes(0x202f)}${codes(0x205f, 0x2060)}${codes(0x3000)}${codes(0xfeff)}`;
/** What is written between the parts of a name in the place of `·`. */
const dots = `.${[0x387, 0x2022, 0x2024, 0x2027, 0x2219, 0x22c5, 0x2e31, 0x30fb, 0x318d, 0xff65].map((code) => codes(code)).join('')}`;
const small = codes(0x61, 0x7a);
const wide = codes(0xff01, 0xff5e);

const narrow = (char: string): string => String.fromCharCode(char.charCodeAt(0) - 0xfee0).toUpperCase().replace('.', '·');

/** PostgreSQL's `translate(value, from, to)`: the n-th character of `from` becomes the n-th of `to`; those beyond the end of `to` are left out. */
export const translation = { from: small + dots + wide + blanks, to: small.toUpperCase() + '·'.repeat(dots.length) + [...wide].map(narrow).join('') };

const becomes = new Map([...translation.from].map((char, place) => [char, translation.to.charAt(place)]));
const plain = /^[0-9A-Z\u4e00-\u9fff]*$/;

function normalText(text: string): string {
  if (plain.test(text)) return text;
  let normal = '';
  for (const char of text) normal += becomes.get(char) ?? char;
  return normal;
}

/** A text in its normal form. Idempotent. */
export function normalized(text: string, form: NormalForm): string {
  const normal = normalText(text);
  return form === 'idNumber' && /^\d{15}$/.test(normal) ? identifiers.idNumber.normalize(normal) : normal;
}

/** The same of a value in the database. */
export function normalizedSql(value: SQL, form: NormalForm): SQL {
  return form === 'idNumber' ? sql`hub_normal_id_number(${value})` : sql`hub_normal_text(${value})`;
}
