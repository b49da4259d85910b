/**
 * Civil dates as day numbers, so that generation can add and compare them without a time zone or a clock.
 */

const millisecondsADay = 86_400_000;

/** The number of a civil date (`YYYY-MM-DD`), counted from 1970-01-01. */
export function dayOf(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / millisecondsADay;
  if (!Number.isInteger(day)) throw new RangeError('A civil date is written YYYY-MM-DD.');
  return day;
}

const written = new Map<number, string>();

/** A day number as a civil date. Remembered: a county has few days and many dates. */
export function dateOf(day: number): string {
  let text = written.get(day);
  if (text === undefined) {
    text = new Date(day * millisecondsADay).toISOString().slice(0, 10);
    written.set(day, text);
  }
  return text;
}

/** The same day of the year, some years on; the 29th of February becomes the 28th. */
export function yearsAfter(day: number, years: number): number {
  const text = dateOf(day);
  const year = String(Number(text.slice(0, 4)) + years).padStart(4, '0');
  return dayOf(text.slice(5) === '02-29' ? `${year}-02-28` : `${year}-${text.slice(5)}`);
}

/** Completed years from a birth day to a day. */
export function ageOn(birth: number, day: number): number {
  const [from, to] = [dateOf(birth), dateOf(day)];
  return Number(to.slice(0, 4)) - Number(from.slice(0, 4)) - (to.slice(5) < from.slice(5) ? 1 : 0);
}

/** The calendar year of a day. */
export function yearOf(day: number): number {
  return Number(dateOf(day).slice(0, 4));
}
