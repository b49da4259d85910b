/**
 * What belongs to the land and not to a household: synthetic outlines of the real divisions, place names, roads, points of
 * interest. Names of divisions are real; outlines, roads, telephones and points are invented and say so by their version.
 */
import type { ClaimBook } from './claims.ts';
import { sourceOf } from './organs.ts';
import { homeCounty } from './places.ts';
import type { Box, County, Division, Township } from './places.ts';
import { polygonOf } from './spatial.ts';

/** Since when the synthetic plan counts. */
const since = '2001-05-09';

/** Outlines of divisions as the natural resources department would tell them; the names come with the reference data. */
export function outlineDivisions(book: ClaimBook, divisions: readonly Division[], everywhere: boolean): void {
  for (const { code, box, level } of divisions) {
    if (box === undefined || !(everywhere || level <= 3 || code.startsWith(homeCounty))) continue;
    book.add('AdministrativeDivision', sourceOf({ code: homeCounty }, 'ZR'), code, {
      divisionCode: code, geometry: polygonOf(box), centroid: { type: 'Point', coordinates: middle(box) }, sourceCrs: 'CGCS2000',
    }, since);
  }
}

const villageDoors = [['党群服务中心', '130105', '基层群众自治组织'], ['卫生室', '090305', '卫生室']] as const;
const townDoors = [
  ['人民政府', '130103', '乡镇政府'], ['中心小学', '080104', '小学'], ['中心卫生院', '090104', '卫生院'], ['派出所', '130501', '派出所'], ['文化站', '080603', '文化站'],
] as const;

/** Place names, roads and points of interest of one county. */
export function furnish(book: ClaimBook, county: County): void {
  const names = new Names(book, county);
  for (const [nth, township] of county.townships.entries()) {
    names.placeName(`${township.code}000`, township.name, '行政区域', township.box);
    for (const [kind, classCode, className] of townDoors) names.point(`${township.code}000`, township.name + kind, classCode, className, township.box);
    roads(book, township, nth);
    for (const village of township.villages) {
      names.placeName(village.code, village.name, '居民点', village.box);
      const [kind, classCode, className] = villageDoors[village.index % 4 === 0 ? 1 : 0] ?? villageDoors[0];
      names.point(village.code, village.name + kind, classCode, className, village.box);
    }
  }
}

class Names {
  readonly #book: ClaimBook;
  readonly #county: County;
  readonly #counts = new Map<string, number>();

  constructor(book: ClaimBook, county: County) {
    [this.#book, this.#county] = [book, county];
  }

  placeName(divisionCode: string, name: string, category: string, box: Box): void {
    const placeCode = `DM${divisionCode}01`;
    this.#book.add('PlaceName', sourceOf(this.#county, 'MZ'), placeCode, {
      placeCode, standardName: name, categoryCode: category, meaning: '合成数据', origin: '合成数据', establishedOn: since,
      divisionCode, geometry: { type: 'Point', coordinates: middle(box) }, sourceCrs: 'CGCS2000', status: '在用',
    }, since);
  }

  point(divisionCode: string, name: string, classCode: string, className: string, box: Box): void {
    const nth = (this.#counts.get(divisionCode) ?? 0) + 1;
    this.#counts.set(divisionCode, nth);
    const [lon, lat] = middle(box);
    const poiCode = `POI${divisionCode}${String(nth).padStart(3, '0')}`;
    this.#book.add('PointOfInterest', sourceOf(this.#county, 'ZR'), poiCode, {
      poiCode, name, classCode, className, location: `甘肃省武威市${this.#county.name}${name}`, divisionCode, phone: `0935-000${divisionCode.slice(6, 10)}`,
      geometry: { type: 'Point', coordinates: [round(lon + nth * 0.0007), round(lat + nth * 0.0003)] }, sourceCrs: 'CGCS2000', status: '在用',
    }, since);
  }
}

/** A national, a county and a township road through every township, from side to side. */
function roads(book: ClaimBook, { code, name, box: [west, south, east, north], county }: Township, nth: number): void {
  const lines = [
    ['G312', '连霍公路', '二级', '沥青', 0.5, true], [`X${county.code.slice(4)}${nth % 10}`, `${name}县道`, '三级', '水泥', 0.3, false],
    [`Y${county.code.slice(4)}${String(nth).padStart(2, '0')}`, `${name}乡道`, '四级', nth % 2 === 0 ? '水泥' : '砂石', 0.7, true],
  ] as const;
  for (const [at, [roadCode, roadName, roadClass, surface, share, across]] of lines.entries()) {
    const x = (part: number): number => round((west + (east - west) * part) / 1e6);
    const y = (part: number): number => round((south + (north - south) * part) / 1e6);
    const bend = 0.03;
    const coordinates = across
      ? [[x(0), y(share)], [x(0.4), y(share + bend)], [x(0.7), y(share - bend)], [x(1), y(share)]]
      : [[x(share), y(0)], [x(share + bend), y(0.4)], [x(share - bend), y(0.7)], [x(share), y(1)]];
    const segmentCode = `${roadCode}-${code}-${at + 1}`;
    const kilometres = across ? ((east - west) / 1e6) * 89 : ((north - south) / 1e6) * 111;
    book.add('RoadSegment', sourceOf(county, 'JT'), segmentCode, {
      segmentCode, name: roadName, roadCode, roadClass, surface, length: kilometres.toFixed(3), width: roadClass === '二级' ? '12.00' : '6.50',
      divisionCode: `${code}000`, geometry: { type: 'LineString', coordinates }, sourceCrs: 'CGCS2000', status: '在用',
    }, since);
  }
}

function middle([west, south, east, north]: Box): [number, number] {
  return [round((west + east) / 2e6), round((south + north) / 2e6)];
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
