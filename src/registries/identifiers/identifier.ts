/**
 * What an identifier of the domain is to the hub: a way to write it, and a sentence when it cannot be right.
 *
 * Pure: no database, no clock (`today` is handed in). A sentence never repeats the value, because sentences reach
 * logs and screens. Whether a well-formed identifier was ever issued is not decided here.
 */

/** One kind of identifier and its standard. */
export interface Identifier {
  /** Its name in the contract and in declarations. */
  readonly name: string;
  readonly nameZh: string;
  /** The standard that the rule comes from. */
  readonly standard: string;
  /** The one form in which it is stored and compared. Idempotent; what cannot be read is left for `problem` to name. */
  normalize(text: string): string;
  /** What is wrong with a normalized value, as a sentence without the value; `null` when nothing is. `today`: `YYYY-MM-DD`. */
  problem(normalized: string, today: string): string | null;
  /** The check character that the standard gives to a body (everything before it), where there is one; throws `RangeError` on a malformed body. */
  checkDigit?(body: string): string;
}

const plainText = /^[!-~]*$/;

/** Full-width forms (全角) to half-width, then no blanks around. People paste from documents, so both are usual. */
export function halfWidth(text: string): string {
  // Nearly every text is plain already, and a batch has a hundred of them.
  return plainText.test(text) ? text : text
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ')
    .trim();
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Is it a day of the calendar, as `YYYY-MM-DD`? */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 && leap ? 29 : monthLengths[month - 1];
  return length !== undefined && day >= 1 && day <= length;
}

/** Σ weight × value of the characters of `body` in `alphabet`; throws `RangeError` when one is missing or not in it. */
export function weightedSum(body: string, alphabet: string, weights: readonly number[]): number {
  let sum = 0;
  for (let place = 0; place < weights.length; place += 1) sum += (weights[place] as number) * valueOf(body.charAt(place), alphabet);
  return sum;
}

/** The number that a check sum takes for a character. */
export function valueOf(char: string, alphabet: string): number {
  const value = char === '' ? -1 : alphabet.indexOf(char);
  if (value < 0) throw new RangeError('A check character can be computed only for a complete body of the allowed characters.');
  return value;
}
