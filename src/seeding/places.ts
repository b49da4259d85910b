/**
 * The real divisions as the ground of a synthetic county: townships, villages, how many people each holds, and a synthetic
 * ground plan (nested rectangles that tile their parent), because real boundaries may not be shipped.
 *
 * Names and codes are real (seeds/divisions.csv); not one coordinate is.
 */
import type { HubLevel } from './level.ts';
import { readSeed } from './csv.ts';
import { Random } from './random.ts';

/** A rectangle in millionths of a degree: west, south, east, north. Whole numbers, so neighbours share their sides exactly. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** A division with its place on the synthetic plan; the province has none. */
export interface Division {
  readonly code: string;
  readonly name: string;
  readonly level: number;
  readonly type: string;
  readonly parent: string | undefined;
  readonly box: Box | undefined;
}

/** Where people live: a village or a community. */
export interface Village {
  readonly code: string;
  /** The place's own name, without the committee. */
  readonly name: string;
  readonly rural: boolean;
  readonly box: Box;
  /** Its number among all villages of the prefecture. */
  readonly index: number;
  readonly township: Township;
}

export interface Township {
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly box: Box;
  readonly county: County;
  readonly villages: Village[];
}

export interface County {
  readonly code: string;
  readonly name: string;
  /** Division of ID numbers given before the prefecture became a city (2001). */
  readonly oldCode: string;
  readonly townships: Township[];
}

/** A division as its seed has it. */
export interface DivisionRow {
  readonly code: string;
  readonly name: string;
  readonly level: number;
  readonly type: string;
  readonly parent: string | undefined;
}

/** The hub's own county. */
export const homeCounty = '620623';

/** Up to this many people live in the hub's own county alone; beyond it the rest of the prefecture holds what exceeds its share. */
const alone = 250_000;
const homeShare = 200_000;

const oldCodes: Readonly<Record<string, string>> = { 620602: '622301', 620621: '622322', 620622: '622323', 620623: '622326' };

/** The prefecture's and the counties' rectangles; the hub's county lies where its seat really is. */
const boxes: Readonly<Record<string, Box>> = {
  620600: [101_900_000, 36_400_000, 104_300_000, 39_400_000],
  620623: [101_900_000, 36_400_000, 103_300_000, 37_600_000],
  620622: [103_300_000, 36_400_000, 104_300_000, 37_600_000],
  620602: [101_900_000, 37_600_000, 104_300_000, 38_200_000],
  620621: [101_900_000, 38_200_000, 104_300_000, 39_400_000],
};

/** Every row of seeds/divisions.csv, parents before children. */
export function divisionRows(): DivisionRow[] {
  return readSeed('divisions.csv', ['code12', 'name', 'level', 'parentCode12', 'type'])
    .map((row) => ({ code: row.code12, name: row.name, level: Number(row.level), type: row.type, parent: row.parentCode12 === '' ? undefined : row.parentCode12 }))
    .sort((a, b) => a.level - b.level || (a.code < b.code ? -1 : 1));
}

/** The divisions on their synthetic plan, and the counties with all that lies in them. */
export function readPlaces(): { divisions: Division[]; counties: County[] } {
  const rows = divisionRows();
  const children = new Map<string, DivisionRow[]>();
  for (const row of rows) {
    const siblings = children.get(row.parent ?? '') ?? [];
    if (siblings.length === 0) children.set(row.parent ?? '', siblings);
    siblings.push(row);
  }
  const divisions: Division[] = rows.filter(({ level }) => level <= 3).map((row) => ({ ...row, box: boxes[row.code.slice(0, 6)] }));
  let index = 0;
  const counties = rows.filter(({ level }) => level === 3).map((row): County => {
    const code = row.code.slice(0, 6);
    const county: County = { code, name: row.name, oldCode: oldCodes[code] ?? code, townships: [] };
    const inside = children.get(row.code) ?? [];
    for (const [place, box] of tile(boxes[code] ?? [0, 0, 0, 0], inside.length).entries()) {
      const below = inside[place] as DivisionRow;
      divisions.push({ ...below, box });
      const township: Township = { code: below.code.slice(0, 9), name: below.name, type: below.type, box, county, villages: [] };
      county.townships.push(township);
      const villages = children.get(below.code) ?? [];
      for (const [nth, cell] of tile(box, villages.length).entries()) {
        const village = villages[nth] as DivisionRow;
        divisions.push({ ...village, box: cell });
        township.villages.push({ code: village.code, name: plainName(village.name), rural: village.type === 'villagers-committee', box: cell, index, township });
        index += 1;
      }
    }
    return county;
  });
  return { divisions, counties };
}

/** The place's name without its committee: 红大村委会 is 红大村, 兴盛社区居民委员会 is 兴盛社区. */
export function plainName(name: string): string {
  return name.replace(/(村民委员会|村委会)$/, '村').replace(/(居民委员会|居委会)$/, '');
}

/** Cuts a rectangle into `count` that cover it: rows of about as many columns, the last row as wide as the others. */
export function tile([west, south, east, north]: Box, count: number): Box[] {
  const rows = Math.max(1, Math.round(Math.sqrt(count)));
  const result: Box[] = [];
  for (let row = 0; row < rows; row += 1) {
    const columns = Math.floor(((row + 1) * count) / rows) - Math.floor((row * count) / rows);
    const [low, high] = [cut(south, north, row, rows), cut(south, north, row + 1, rows)];
    for (let column = 0; column < columns; column += 1) result.push([cut(west, east, column, columns), low, cut(west, east, column + 1, columns), high]);
  }
  return result;
}

function cut(from: number, to: number, part: number, parts: number): number {
  return from + Math.round(((to - from) * part) / parts);
}

/** How many people live in each village, by its code; together exactly `people`. Villages without anybody are absent. */
export function settle(counties: readonly County[], people: number, seed: string, level: HubLevel = 'county'): Map<string, number> {
  const home = counties.filter(({ code }) => code === homeCounty);
  if (level === 'county' && people <= alone) return spread(home, people, seed);
  // Of a small city every second one lives in the county whose hub follows it.
  const atHome = Math.min(homeShare, Math.ceil(people / 2));
  const rest = spread(counties.filter(({ code }) => code !== homeCounty), people - atHome, seed);
  return new Map([...spread(home, atHome, seed), ...rest]);
}

function spread(counties: readonly County[], people: number, seed: string): Map<string, number> {
  const villages = counties.flatMap(({ townships }) => townships.flatMap((township) => township.villages));
  const weights = villages.map(({ code, rural, township }) => {
    const size = 0.5 + new Random(`${seed}/size/${code}`).unit();
    return township.type === 'quasi-township' ? size * 0.4 : rural ? size : size * 3;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = new Map<string, number>();
  let [done, reached] = [0, 0];
  for (const [place, village] of villages.entries()) {
    reached += weights[place] ?? 0;
    const upTo = place === villages.length - 1 ? people : Math.round((people * reached) / total);
    if (upTo > done) counts.set(village.code, upTo - done);
    done = upTo;
  }
  return counts;
}
