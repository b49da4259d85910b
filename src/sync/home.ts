/**
 * Where a source record has its home: the hub of the division that its department belongs to (`620600-GA`: the hub of 620600). Only the
 * home hub takes what the department tells; every other hub holds copies. So nothing goes round in a circle.
 */

/** Does a source of this code tell the hub of this division (six digits, GB/T 2260), and nobody above it? */
export function belongsHere(division: string, source: string): boolean {
  return source.startsWith(`${division}-`);
}

/** How codes of sources begin that belong to the hub of this division, or to one below it. A county's is six digits, a city's has two zeros behind it, a province's four. */
export function codesWithin(division: string): string {
  return division.replace(/(?:00){1,2}$/, '');
}

/** Does a source belong to the hub of this division, or to one below it? */
export function liesWithin(division: string, source: string): boolean {
  return source.startsWith(codesWithin(division));
}
