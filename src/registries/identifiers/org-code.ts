/**
 * 组织机构代码, GB 11714-1997: 8 characters and a check character; since 2015 it lives on as characters 9 to 17 of the USCC.
 *
 * The check is modulo 11 over digits AND letters, so it finds every wrong digit but not every wrong letter.
 */
import { halfWidth, weightedSum } from './identifier.ts';
import type { Identifier } from './identifier.ts';

const weights = [3, 7, 9, 10, 5, 8, 4, 2];
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function checkDigit(body: string): string {
  return '0X987654321'.charAt(weightedSum(body, alphabet, weights) % 11);
}

/** Organization codes (GB 11714-1997). */
export const orgCode: Identifier = {
  name: 'orgCode',
  nameZh: '组织机构代码',
  standard: 'GB 11714-1997',
  checkDigit,

  /** Half-width, upper case, without the hyphen that certificates print before the check character. */
  normalize(text) {
    return halfWidth(text).toUpperCase().replace(/^([0-9A-Z]{8})[-‐–—]([0-9X])$/, '$1$2');
  },

  problem(normalized) {
    if (normalized.length !== 9) return `An organization code has 9 characters; this one has ${normalized.length}.`;
    if (!/^[0-9A-Z]{8}[0-9X]$/.test(normalized)) return 'An organization code is 8 digits or capital letters and a digit or X.';
    if (checkDigit(normalized.slice(0, 8)) !== normalized.charAt(8)) return 'The check character of this organization code does not fit.';
    return null;
  },
};

/** Completes 8 characters with the check character of GB 11714; throws `RangeError` on anything else. */
export function orgCodeWithCheck(first8: string): string {
  if (!/^[0-9A-Z]{8}$/.test(first8)) throw new RangeError('orgCodeWithCheck takes 8 digits or capital letters.');
  return first8 + checkDigit(first8);
}
