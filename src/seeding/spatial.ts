/**
 * Dwellings of the synthetic county: where each household lives, as a standard address, a building and a real-estate unit.
 *
 * Every coordinate is invented, on the synthetic plan of `places.ts`; the claims' version says `synthetic-<seed>`. Houses
 * of one village stand on a grid, so no two outlines overlap.
 */
import type { ClaimBook } from './claims.ts';
import { dateOf } from './days.ts';
import { sourceOf } from './organs.ts';
import { present } from './people.ts';
import type { Home, Member } from './people.ts';
import type { Box, Village } from './places.ts';

/** Where a household lives. */
export interface Dwelling {
  readonly addressCode: string;
  /** The address in full. */
  readonly text: string;
  readonly buildingCode: string;
  readonly built: number;
  /** The household's own real estate, where it is registered. */
  readonly estate: Estate | undefined;
}

/** A registered real-estate unit and its holders. */
export interface Estate {
  readonly unitNo: string;
  readonly certificateNo: string;
  readonly holders: readonly Member[];
  readonly registered: number;
  readonly area: string;
  readonly location: string;
}

const groups = ['一', '二', '三', '四', '五', '六', '七', '八'];
const streets = ['团结路', '祝贡路', '民主路', '学府路', '华干路', '延禧路'];
const flatsInBuilding = 24;
/** Distance of neighbouring houses, in millionths of a degree (about 50 m). */
const step = 500;

/** Takes a household to its house, and tells addresses, buildings and real estate. */
export function housed(book: ClaimBook, home: Home, today: number): Dwelling {
  const { village, nth } = home;
  const { county } = village.township;
  const place = village.rural ? ruralPlace(home) : urbanPlace(home);
  const [lon, lat] = plotOf(village, village.rural ? nth : Math.floor(nth / flatsInBuilding));
  const addressCode = addressCodeOf(village, nth);
  const buildingNo = village.rural ? nth + 1 : Math.floor(nth / flatsInBuilding) + 1;
  const buildingCode = `${village.code}B${String(buildingNo).padStart(5, '0')}`;
  const oldest = home.members.reduce((least, { birth }) => Math.min(least, birth), today);
  const built = Math.min(Math.max(oldest + 8000, today - 14_000) + ((village.index + buildingNo) * 211) % 5000, today - 60);
  const { elements, text } = place;

  book.add('StandardAddress', sourceOf(county, 'GA'), addressCode, {
    addressCode, province: '甘肃省', city: '武威市', county: county.name, township: village.township.name, village: village.name, ...elements,
    fullText: text, divisionCode: village.code, buildingCode, geometry: { type: 'Point', coordinates: [lon, lat] }, sourceCrs: 'CGCS2000',
    accuracy: village.rural ? '门牌' : '户室', status: '在用',
  }, dateOf(built));
  if (village.rural || nth % flatsInBuilding === 0) registerBuilding(book, home, { buildingCode, buildingNo, built, lon, lat });
  return { addressCode, text, buildingCode, built, estate: registerEstate(book, home, { addressCode, buildingCode, buildingNo, built, lon, lat, text }, today) };
}

/** The code of a village's nth address. */
export function addressCodeOf(village: Village, nth: number): string {
  return `${village.code}${String(nth + 1).padStart(6, '0')}`;
}

/** A rectangle as a GeoJSON MultiPolygon, counter-clockwise. */
export function polygonOf([west, south, east, north]: Box): { type: 'MultiPolygon'; coordinates: number[][][][] } {
  const [w, s, e, n] = [west / 1e6, south / 1e6, east / 1e6, north / 1e6];
  return { type: 'MultiPolygon', coordinates: [[[[w, s], [e, s], [e, n], [w, n], [w, s]]]] };
}

function ruralPlace({ village, nth }: Home): { text: string; elements: Record<string, string> } {
  const [group, no] = [`${groups[nth % groups.length] ?? ''}组`, `${Math.floor(nth / groups.length) + 1}号`];
  return { text: `${full(village)}${group}${no}`, elements: { groupNo: group, doorPlate: no } };
}

function urbanPlace({ village, nth }: Home): { text: string; elements: Record<string, string> } {
  const [block, flat] = [Math.floor(nth / flatsInBuilding), nth % flatsInBuilding];
  const street = streets[block % streets.length] ?? '';
  const [door, building, unit] = [`${block + 1}号`, `${(block % 9) + 1}号楼`, `${Math.floor(flat / 12) + 1}单元`];
  const floor = Math.floor((flat % 12) / 2) + 1;
  const room = `${floor}0${(flat % 2) + 1}室`;
  return {
    text: `${full(village)}${street}${door}${building}${unit}${room}`,
    elements: { street, doorPlate: door, buildingNo: building, unit, floor: `${floor}层`, room },
  };
}

function full({ township, name }: Village): string {
  return `甘肃省武威市${township.county.name}${township.name}${name}`;
}

/** The south-west corner of the nth plot of a village, in degrees. */
function plotOf({ box: [west, south, east, north] }: Village, nth: number): [number, number] {
  const columns = Math.max(1, Math.floor(Math.min(east - west, 40_000) / step) - 4);
  const [column, row] = [nth % columns, Math.floor(nth / columns)];
  const [lon, lat] = [west + 1000 + column * step, south + 1000 + row * step];
  return [lon / 1e6, Math.min(lat, north - 1000) / 1e6];
}

interface Site {
  readonly buildingCode: string;
  readonly buildingNo: number;
  readonly built: number;
  readonly lon: number;
  readonly lat: number;
}

/** A rectangle from a corner, in metres roughly, rounded to six decimals. */
function outline(lon: number, lat: number, east: number, north: number): ReturnType<typeof polygonOf> {
  const [w, s] = [Math.round(lon * 1e6), Math.round(lat * 1e6)];
  return polygonOf([w, s, w + east, s + north]);
}

function registerBuilding(book: ClaimBook, { village, index }: Home, { buildingCode, buildingNo, built, lon, lat }: Site): void {
  const { rural } = village;
  const [east, north] = rural ? [120 + (index % 5) * 10, 90 + (index % 4) * 10] : [380, 140];
  const floors = rural ? 1 + Number(index % 9 === 0) : 6;
  const ground = east * 0.089 * north * 0.111;
  book.add('Building', sourceOf(village.township.county, 'ZJ'), buildingCode, {
    buildingCode, name: rural ? `${village.name}${buildingNo}号民居` : `${village.name}${buildingNo}号住宅楼`, divisionCode: village.code,
    location: full(village), useCode: '居住', structureCode: rural ? (['土木', '砖木', '砖混'] as const)[index % 3] : '钢混',
    floorsAbove: floors, floorsBelow: 0, height: (floors * 3 + 0.6).toFixed(2), grossArea: (ground * floors).toFixed(2),
    completedOn: dateOf(built), geometry: outline(lon, lat, east, north), sourceCrs: 'CGCS2000', status: '在用',
  }, dateOf(built));
}

/** 28 characters: county, cadastral area and sub-area (the township's and the village's digits), parcel, fixture. */
function registerEstate(book: ClaimBook, home: Home, site: Site & { addressCode: string; text: string }, today: number): Estate | undefined {
  const { village, nth, index, members, head, migrant } = home;
  if (migrant || index % 5 === 0) return undefined;
  const { county, code } = village.township;
  const area = `${county.code}${code.slice(6)}${village.code.slice(9)}`;
  const unitNo = village.rural
    ? `${area}JC${String(nth + 1).padStart(5, '0')}F00010001`
    : `${area}GB${String(site.buildingNo).padStart(5, '0')}F0001${String((nth % flatsInBuilding) + 1).padStart(4, '0')}`;
  const holders = members.filter((member) => present(member) && (member === head || member === head.spouse)).slice(0, index % 2 === 0 ? 2 : 1);
  const registered = Math.min(Math.max(site.built + 90, today - 3500), today - 20);
  const certificateNo = `甘(${dateOf(registered).slice(0, 4)})${county.name}不动产权第${String(index + 1).padStart(7, '0')}号`;
  const size = (village.rural ? 120 + (index % 80) : 78 + (index % 50)).toFixed(2);
  book.add('RealEstateUnit', sourceOf(county, 'ZR'), unitNo, {
    unitNo, location: site.text, divisionCode: village.code, addressCode: site.addressCode, buildingCode: site.buildingCode, area: size,
    useCode: village.rural ? '农村宅基地/住宅' : '城镇住宅用地/住宅', geometry: outline(site.lon, site.lat, village.rural ? 260 : 380, village.rural ? 220 : 140),
    sourceCrs: 'CGCS2000', rightTypeCode: village.rural ? '6' : '4', holderNames: holders.map(({ name }) => name),
    holderIdNumbers: holders.map(({ idNumber }) => idNumber), holderUsccs: [], certificateNo, registeredOn: dateOf(registered),
    restrictions: index % 11 === 0 ? ['抵押'] : index % 97 === 0 ? ['查封'] : [],
  }, dateOf(registered));
  return { unitNo, certificateNo, holders, registered, area: size, location: site.text };
}
