/**
 * Five shades for counts, by rank: as many divisions in each, so that one large town does not make all others pale. Text on each of them is
 * read by everybody (WCAG AA).
 */

/** What a count is filled with; `null` counts have their own. */
export const shades = ['#e3eefb', '#bcd6f5', '#8ab6ea', '#3f7fd0', '#0b4a9e'] as const;
export const shadeOfFew = '#f4f6f9';
/** Where text turns white. */
export const isDark = (shade: string): boolean => shade === shades[3] || shade === shades[4];

/** A step of the legend: counts up to and including `to`. */
export interface Step {
  readonly shade: string;
  readonly from: number;
  readonly to: number;
}

/** The steps of some counts. */
export function stepsOf(counts: readonly number[]): readonly Step[] {
  const sorted = [...new Set(counts)].sort((a, b) => a - b);
  const ends = [...new Set(shades.map((_, nth) => sorted[Math.ceil(((nth + 1) * sorted.length) / shades.length) - 1]))].filter((end) => end !== undefined);
  return ends.map((to, nth) => ({ shade: shades[ends.length < shades.length ? Math.min(shades.length - 1, nth + Math.floor((shades.length - ends.length) / 2)) : nth] ?? shades[0], from: sorted.find((count) => nth === 0 || count > (ends[nth - 1] ?? 0)) ?? to, to }));
}

/** The shade of a count. */
export const shadeOf = (steps: readonly Step[], count: number | null): string => (count === null ? shadeOfFew : steps.find(({ to }) => count <= to)?.shade ?? shadeOfFew);
