/**
 * Working days of the Chinese calendar, counted: weekdays but for the holidays of the State Council, and the weekends that are worked
 * for them. Pure.
 *
 * Of a year that nobody has entered only the weekdays are known. A day counted over such a year is provisional, and says so: a
 * calendar that answered silently would let the Spring Festival pass for a week of work.
 */

/** A day that is not what its weekday says. */
export interface SpecialDay {
  /** Civil date. */
  readonly day: string;
  readonly working: boolean;
  readonly name: string;
}

/** The last day of a deadline. */
export interface DueDay {
  readonly dueOn: string;
  /** Counted over a year of which only the weekdays are known. */
  readonly provisional: boolean;
}

/** As many as anybody is given; what is longer is no deadline. */
export const mostWorkingDays = 250;

/** See the head of this file. */
export class WorkingDays {
  readonly #years: ReadonlySet<number>;
  readonly #special: ReadonlyMap<string, boolean>;

  constructor(years: Iterable<number>, special: Iterable<Pick<SpecialDay, 'day' | 'working'>>) {
    this.#years = new Set(years);
    this.#special = new Map([...special].map(({ day, working }) => [day, working]));
  }

  /** Is it worked on this civil date? */
  isWorking(day: string): boolean {
    const special = this.#special.get(day);
    if (special !== undefined && this.knows(yearOf(day))) return special;
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    return weekday !== 0 && weekday !== 6;
  }

  /** Are the holidays of this year known? */
  knows(year: number): boolean {
    return this.#years.has(year);
  }

  /** The last of so many working days after a civil date, which does not count itself; of no days, the date. */
  after(day: string, days: number): DueDay {
    if (!Number.isInteger(days) || days < 0 || days > mostWorkingDays) throw new RangeError(`Working days are counted from 0 to ${mostWorkingDays}.`);
    let on = day;
    for (let left = days; left > 0;) {
      on = nextDay(on);
      if (this.isWorking(on)) left -= 1;
    }
    const span = Array.from({ length: yearOf(on) - yearOf(day) + 1 }, (_, index) => yearOf(day) + index);
    return { dueOn: on, provisional: span.some((year) => !this.knows(year)) };
  }

  /** Years that should be known by now and are not: this one, and the next from 1 December on (国务院办公厅 tells it in November). */
  missing(today: string): readonly number[] {
    const year = yearOf(today);
    return [year, ...(today >= `${year}-12-01` ? [year + 1] : [])].filter((one) => !this.knows(one));
  }
}

export function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}

/** When the next civil day begins, in Asia/Shanghai, ISO 8601. */
export function nextMidnight(day: string): string {
  return `${nextDay(day)}T00:00:00+08:00`;
}

export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
