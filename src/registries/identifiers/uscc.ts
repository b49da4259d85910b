/**
 * 统一社会信用代码, GB 32100-2015: 1 registering department, 1 kind of body, 6 division of the REGISTRAR, 9 organization code, 1 check.
 *
 * Two checks stand inside one another: the whole (modulo 31) and characters 9 to 17 (GB 11714). Both are asked; of
 * 69 551 real codes all pass both (domain.md §3). Digits 3 to 8 are no place of the body and are never looked up.
 */
import { halfWidth, weightedSum } from './identifier.ts';
import type { Identifier } from './identifier.ts';
import { orgCode } from './org-code.ts';

/** Without I, O, S, V and Z, which are read as 1, 0, 5, U and 2. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const shape = /^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;

function checkDigit(body: string): string {
  return alphabet.charAt((31 - (weightedSum(body, alphabet, weights) % 31)) % 31);
}

/** Unified social credit codes of legal persons and other organizations (GB 32100-2015). */
export const uscc: Identifier = {
  name: 'uscc',
  nameZh: '统一社会信用代码',
  standard: 'GB 32100-2015',
  checkDigit,

  /** Half-width and upper case. A letter O is not turned into a zero: guessing at an identifier finds somebody else. */
  normalize(text) {
    return halfWidth(text).toUpperCase();
  },

  problem(normalized, today) {
    if (normalized.length !== 18) return `A unified social credit code has 18 characters; this one has ${normalized.length}.`;
    if (/[IOSVZ]/.test(normalized)) return 'A unified social credit code never holds I, O, S, V or Z; look for 1, 0, 5, U or 2.';
    if (!shape.test(normalized)) return 'A unified social credit code is 2 characters, 6 digits and 10 characters, digits or capital letters.';
    if (checkDigit(normalized.slice(0, 17)) !== normalized.charAt(17)) return 'The check character of this unified social credit code does not fit.';
    if (orgCode.problem(normalized.slice(8, 17), today) !== null) return 'Characters 9 to 17 of this unified social credit code are no valid organization code.';
    return null;
  },
};

/**
 * Completes 17 characters with the check character of GB 32100. Characters 9 to 17 have to be a valid organization
 * code (build them with `orgCodeWithCheck`); throws `RangeError` otherwise, since the result would be refused everywhere.
 */
export function usccWithCheck(first17: string): string {
  const complete = first17 + checkDigit(first17);
  const wrong = first17.length === 17 ? uscc.problem(complete, '9999-12-31') : 'usccWithCheck takes 17 characters.';
  if (wrong !== null) throw new RangeError(wrong);
  return complete;
}
