/**
 * 公民身份号码, GB 11643-1999: 6 digits of the place of first numbering, 8 of the birth date, 3 of order (odd: male), 1 check.
 *
 * The first six digits say where the number was given, not where the person lives (622326 is old 天祝), and retired
 * division codes stay valid in numbers: so they are never looked up and never refused.
 */
import { halfWidth, isCalendarDay, weightedSum } from './identifier.ts';
import type { Identifier } from './identifier.ts';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const remainders = '10X98765432';

function checkDigit(body: string): string {
  return remainders.charAt(weightedSum(body, '0123456789', weights) % 11);
}

/** Identity numbers of natural persons (GB 11643-1999). */
export const idNumber: Identifier = {
  name: 'idNumber',
  nameZh: '公民身份号码',
  standard: 'GB 11643-1999',
  checkDigit,

  /** Half-width, upper-case X; a 15-digit number of before 1999 becomes the 18-digit one that replaced it (century 19, check digit added). */
  normalize(text) {
    const plain = halfWidth(text).toUpperCase();
    if (!/^\d{15}$/.test(plain)) return plain;
    const body = `${plain.slice(0, 6)}19${plain.slice(6)}`;
    return body + checkDigit(body);
  },

  problem(normalized, today) {
    if (normalized.length !== 18) return `An ID number has 18 characters (or 15 digits before 1999); this one has ${normalized.length}.`;
    if (!/^[1-9]\d{16}[\dX]$/.test(normalized)) return 'An ID number is 17 digits, not beginning with 0, and a digit or X.';
    const born = `${normalized.slice(6, 10)}-${normalized.slice(10, 12)}-${normalized.slice(12, 14)}`;
    if (!isCalendarDay(born)) return 'Digits 7 to 14 of this ID number are no day of the calendar.';
    if (born < '1850-01-01') return 'Digits 7 to 14 of this ID number are a birth date before 1850.';
    if (born > today) return 'Digits 7 to 14 of this ID number are a birth date in the future.';
    if (checkDigit(normalized.slice(0, 17)) !== normalized.charAt(17)) return 'The check digit of this ID number does not fit; compare it with the document.';
    return null;
  },
};

/** Completes the first 17 digits with the check digit of GB 11643; throws `RangeError` on anything but 17 digits. */
export function idNumberWithCheck(first17: string): string {
  if (!/^\d{17}$/.test(first17)) throw new RangeError('idNumberWithCheck takes 17 digits.');
  return first17 + checkDigit(first17);
}
