/**
 * What somebody means who types into the map's search box: a code, a place (longitude and latitude), or the beginning of an address, a
 * location or a name. And by what the hub's records are found then, in the division that is open.
 */
import type { FindAddressesQueryVariables, FindBuildingsQueryVariables, FindPlaceNamesQueryVariables, FindUnitsQueryVariables } from '../../generated/graphql.ts';
import type { Position } from './projection.ts';

/** What is looked for. */
export type Wanted =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'place'; readonly at: Position }
  | { readonly kind: 'text'; readonly text: string };

/** Hits of one kind that are shown; whoever finds more writes more. */
export const most = 20;

/** How far from a place somebody pointed at things are looked for, in metres. */
export const nearby = { address: 60, placeName: 1000 } as const;

/** Reads what was typed, full-width characters and gaps between Chinese ones aside. */
export function wantedOf(words: string): Wanted {
  const text = words.normalize('NFKC').trim().replace(/(?<=\p{Script=Han}|\d)\s+(?=\p{Script=Han})|(?<=\p{Script=Han})\s+(?=\d)/gu, '');
  const [, one, other] = /^(\d{1,3}(?:\.\d+)?)(?:\s*,\s*|\s+)(\d{1,3}(?:\.\d+)?)$/.exec(text) ?? [];
  if (one !== undefined && other !== undefined) {
    // In this country every longitude is greater than every latitude, so either may come first.
    const [lat = 0, lon = 0] = [Number(one), Number(other)].sort((a, b) => a - b);
    if (lat <= 90 && lon <= 180) return { kind: 'place', at: [lon, lat] };
  }
  if (/^(?=.*\d{6})[0-9a-z]{8,28}$/i.test(text)) return { kind: 'code', code: text.toUpperCase() };
  return { kind: 'text', text };
}

/** The beginning of a whole address that somebody meant who began it anywhere: at the province, at one of the divisions above the open one, or right below it. */
export function fullTextOf(above: readonly string[], text: string): string {
  const from = above.findIndex((name) => text.startsWith(name));
  return `${above.slice(0, from === -1 ? above.length : from).join('')}${text}`;
}

/** The digits that the codes of all divisions in one begin with, by its level. */
export const prefixOf = (divisionCode: string, level: number): string => divisionCode.slice(0, [0, 2, 4, 6, 9][level] ?? 12);

/** By what each kind is found. */
export interface Conditions {
  readonly addresses: FindAddressesQueryVariables;
  readonly units: FindUnitsQueryVariables;
  readonly buildings: FindBuildingsQueryVariables;
  readonly placeNames: FindPlaceNamesQueryVariables;
}

/** `prefix`: of the open division's code. `above`: how addresses in it begin. Codes and places are looked for everywhere. */
export function conditionsOf(wanted: Wanted, prefix: string, above: readonly string[]): Conditions {
  const first = most;
  if (wanted.kind === 'code') {
    const eq = wanted.code;
    return {
      addresses: { first, where: { addressCode: { eq } }, parts: false }, units: { first, where: { unitNo: { startsWith: eq } } },
      buildings: { first, where: { buildingCode: { eq } } }, placeNames: { first, where: { placeCode: { eq } } },
    };
  }
  if (wanted.kind === 'place') {
    const of = { geojson: { type: 'Point', coordinates: wanted.at } };
    return {
      addresses: { first, where: { geometry: { withinDistance: { of, metres: nearby.address } } }, parts: false }, units: { first, where: { geometry: { intersects: of } } },
      buildings: { first, where: { geometry: { intersects: of } } }, placeNames: { first, where: { geometry: { withinDistance: { of, metres: nearby.placeName } } } },
    };
  }
  const { text } = wanted;
  const divisionCode = { startsWith: prefix };
  const startsWith = fullTextOf(above, text);
  const [, street = text, doorPlate] = /^(.+?[路街道巷])(\d.*号)$/.exec(text) ?? [];
  return {
    addresses: {
      first, where: { divisionCode, fullText: { startsWith } }, parts: true,
      street: { divisionCode, street: { startsWith: street }, ...(doorPlate === undefined ? {} : { doorPlate: { eq: doorPlate } }) }, compound: { divisionCode, compound: { startsWith: text } },
    },
    units: { first, where: { divisionCode, location: { startsWith } } },
    buildings: { first, where: { divisionCode, name: { startsWith: text } } },
    placeNames: { first, where: { divisionCode, ...(/\p{Script=Tibetan}/u.test(text) ? { nameTibetan: { startsWith: text } } : /^[\p{Script=Latin}\s'-]+$/u.test(text) ? { romanName: { startsWith: text } } : { standardName: { startsWith: text } }) } },
  };
}
