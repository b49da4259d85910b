/**
 * What is different in a city's hub: the departments are the city's, and what a county's seeds say of a county's departments is said of
 * theirs. Places stay what they are.
 */

/** Which level a hub serves (市级、县级). */
export type HubLevel = 'county' | 'city';

/** A department's code, or a code that begins with one, as the hub's level has it: the city's department of the same kind. */
export function atLevel(level: HubLevel, code: string): string {
  return level === 'city' ? code.replace(/^620623-/, '620600-') : code;
}

/** A department's name as the hub's level has it. */
export function namedAtLevel(level: HubLevel, name: string): string {
  return level === 'city' ? name.replace('天祝县', '武威市') : name;
}

/** What a matter's definition says of its own area and departments, as the hub's level has it: `startsWith("620623")` is the area of a city's hub there. */
export function writtenAtLevel(level: HubLevel, text: string): string {
  return level === 'city' ? atLevel(level, text).replaceAll('startsWith("620623")', 'startsWith("6206")') : text;
}
