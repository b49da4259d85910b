/**
 * Spatial filters as a client asks them: the eight predicates on pairs of shapes whose relation a person can see,
 * distance, bounding box, and the reference systems in and out.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mapPositions, roundPosition } from '../../src/registries/spatial/geojson.ts';
import { fromStorage } from '../../src/registries/spatial/crs.ts';
import { clonedHub, shared } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

type Point = readonly [number, number];
interface Shape {
  readonly type: string;
  readonly coordinates: unknown;
}

/** Shapes are drawn on a grid of a hundredth of a degree, south-west corner at 102° E 37° N. */
const at = ([x, y]: Point): Point => [Number((102 + x / 100).toFixed(6)), Number((37 + y / 100).toFixed(6))];
const point = (x: number, y: number): Shape => ({ type: 'Point', coordinates: at([x, y]) });
const line = (...points: Point[]): Shape => ({ type: 'LineString', coordinates: points.map(at) });
const ring = (w: number, s: number, e: number, n: number) => [[w, s], [e, s], [e, n], [w, n], [w, s]].map((one) => at(one as unknown as Point));
const square = (w: number, s: number, e: number, n: number): Shape => ({ type: 'Polygon', coordinates: [ring(w, s, e, n)] });
const squares = (...all: [number, number, number, number][]): Shape => ({ type: 'MultiPolygon', coordinates: all.map((one) => [ring(...one)]) });

const predicates = ['contains', 'covers', 'coveredBy', 'crosses', 'intersects', 'overlaps', 'touches', 'within'] as const;
type Predicate = (typeof predicates)[number];

/** What the record is, what is asked about, and every predicate that holds between them. */
const pairs: readonly [name: string, record: Shape, asked: Shape, holds: string][] = [
  ['a square and one inside it', square(0, 0, 4, 4), square(1, 1, 2, 2), 'contains covers intersects'],
  ['a square inside another', square(1, 1, 2, 2), square(0, 0, 4, 4), 'coveredBy intersects within'],
  ['the same square', square(0, 0, 4, 4), square(0, 0, 4, 4), 'contains covers coveredBy intersects within'],
  ['two squares that share a part', square(0, 0, 2, 2), square(1, 1, 3, 3), 'intersects overlaps'],
  ['two squares that share a side', square(0, 0, 2, 2), square(2, 0, 4, 2), 'intersects touches'],
  ['two squares apart', square(0, 0, 1, 1), square(3, 3, 4, 4), ''],
  ['a line through a square', line([-1, 1], [3, 1]), square(0, 0, 2, 2), 'crosses intersects'],
  ['a square that a line goes through', square(0, 0, 2, 2), line([-1, 1], [3, 1]), 'crosses intersects'],
  ['two lines that cross', line([0, 0], [2, 2]), line([0, 2], [2, 0]), 'crosses intersects'],
  ['two lines that share a part', line([0, 0], [2, 0]), line([1, 0], [3, 0]), 'intersects overlaps'],
  ['a point in a square', point(1, 1), square(0, 0, 2, 2), 'coveredBy intersects within'],
  ['a square around a point', square(0, 0, 2, 2), point(1, 1), 'contains covers intersects'],
  ['a square with a point on its side', square(0, 0, 2, 2), point(0, 1), 'covers intersects touches'],
  ['a point on the side of a square', point(0, 1), square(0, 0, 2, 2), 'coveredBy intersects touches'],
  ['a line along the side of a square', line([0, 0], [0, 2]), square(0, 0, 2, 2), 'coveredBy intersects touches'],
  ['a square with a line along its side', square(0, 0, 2, 2), line([0, 0], [0, 2]), 'covers intersects touches'],
  ['the same point', point(5, 5), point(5, 5), 'contains covers coveredBy intersects within'],
  ['two points', point(5, 5), point(6, 6), ''],
  ['two squares that share a corner', square(0, 0, 2, 2), square(2, 2, 4, 4), 'intersects touches'],
  ['two squares in one, one of them shared', squares([0, 0, 1, 1], [3, 3, 4, 4]), square(0, 0, 2, 2), 'intersects overlaps'],
  ['two lines that meet end to end', line([0, 0], [1, 1]), line([1, 1], [2, 0]), 'intersects touches'],
  ['a line out of a square', line([1, 1], [3, 1]), square(0, 0, 2, 2), 'crosses intersects'],
  ['squares side by side that share a strip', square(0, 0, 3, 3), square(1, 0, 4, 3), 'intersects overlaps'],
  ['a square over the corner of another', square(0, 0, 3, 3), square(-1, -1, 1, 1), 'intersects overlaps'],
  ['a road and one across it', line([0, 0], [4, 0]), line([2, -1], [2, 1]), 'crosses intersects'],
  ['a small square well inside', square(0.5, 0.5, 1, 1), square(0, 0, 4, 4), 'coveredBy intersects within'],
  ['a line inside a square', line([1, 1], [2, 2]), square(0, 0, 4, 4), 'coveredBy intersects within'],
  ['a line beside a square', line([5, 0], [5, 4]), square(0, 0, 4, 4), ''],
  ['a point in the hole between two squares', point(2, 2), squares([0, 0, 1, 1], [3, 3, 4, 4]), ''],
  ['two lines side by side', line([0, 0], [4, 0]), line([0, 1], [4, 1]), ''],
  ['a square around a line', square(0, 0, 4, 4), line([1, 1], [2, 2]), 'contains covers intersects'],
];

let hub: TestHub;
const code = (index: number) => `TEST-${String(index).padStart(4, '0')}`;

beforeAll(async () => {
  hub = await clonedHub({ item: shared });
  const { sql } = hub.database;
  for (const [index, [, record]] of pairs.entries()) {
    await sql`insert into place_name (id, place_code, geometry, source_crs, source, source_version, source_updated_at)
      values (gen_random_uuid(), ${code(index)}, st_setsrid(st_geomfromgeojson(${JSON.stringify(record)}::text), 4490), 'CGCS2000', '620623-MZ', 'test', '2026-01-01T00:00:00Z')`;
  }
});
afterAll(() => hub.close());

const found = async (placeCode: string, geometry: Record<string, unknown>): Promise<boolean> => {
  const answer = await hub.ask('civilAffairs', 'query ($where: PlaceNameFilter!) { placeNames(where: $where) { nodes { placeCode } } }', { variables: { where: { placeCode: { eq: placeCode }, geometry } } });
  expect(answer.errors).toEqual([]);
  return Number(answer.data['placeNames']?.['nodes']?.length) === 1;
};

describe('the eight predicates', () => {
  test.each(pairs.map(([name, , asked, holds], index) => ({ name, asked, holds, index })))('$name', async ({ asked, holds, index }) => {
    const held: Predicate[] = [];
    for (const predicate of predicates) if (await found(code(index), { [predicate]: { geojson: asked } })) held.push(predicate);
    expect(held.join(' ')).toBe(holds);
  });

  test('each has at least five cases that hold and five that do not', () => {
    for (const predicate of predicates) {
      const held = pairs.filter(([, , , holds]) => holds.split(' ').includes(predicate)).length;
      expect([predicate, held >= 5, pairs.length - held >= 5]).toEqual([predicate, true, true]);
    }
  });
});

describe('distance and box', () => {
  // One hundredth of a degree of latitude at 37° N is 1109.7 m on the ellipsoid.
  test('within a distance in metres', async () => {
    const of = { geojson: point(5, 6) };
    const index = pairs.findIndex(([name]) => name === 'the same point');
    expect(await found(code(index), { withinDistance: { of, metres: 1105 } })).toBe(false);
    expect(await found(code(index), { withinDistance: { of, metres: 1115 } })).toBe(true);
  });

  test('a bounding box', async () => {
    const index = pairs.findIndex(([name]) => name === 'the same point');
    const [x, y] = at([5, 5]);
    expect(await found(code(index), { box: { west: x - 0.001, south: y - 0.001, east: x + 0.001, north: y + 0.001 } })).toBe(true);
    expect(await found(code(index), { box: { west: x + 0.001, south: y, east: x + 0.002, north: y + 0.001 } })).toBe(false);
  });
});

describe('reference systems', () => {
  test('a geometry comes out in the system asked for, and says which', async () => {
    const index = pairs.findIndex(([name]) => name === 'the same point');
    const answer = await hub.ask('civilAffairs', `{ placeName(placeCode: "${code(index)}") { geometry wgs84: geometry(crs: EPSG4326) gcj02: geometry(crs: GCJ02) } }`);
    const place = answer.data['placeName'] as unknown as Record<string, Shape & { crs?: { properties: { name: string } } }>;
    const stored = point(5, 5);
    expect(place['geometry']).toMatchObject({ ...stored, crs: { properties: { name: 'EPSG:4490' } } });
    expect(place['wgs84']).toEqual(stored);
    expect(place['gcj02']).toMatchObject(mapPositions(fromStorage(stored as never, 'GCJ02'), roundPosition));
    expect(place['gcj02']?.coordinates).not.toEqual(stored.coordinates);
  });

  test('a geometry that was answered can be asked with as it is', async () => {
    const index = pairs.findIndex(([name]) => name === 'the same square');
    const answer = await hub.ask('civilAffairs', `{ placeName(placeCode: "${code(index)}") { geometry } }`);
    expect(await found(code(index), { covers: { geojson: answer.data['placeName']?.['geometry'] } })).toBe(true);
  });

  test('a geometry given in GCJ-02 finds what lies there in CGCS2000', async () => {
    const index = pairs.findIndex(([name]) => name === 'the same point');
    const moved = fromStorage(point(5, 5) as never, 'GCJ02');
    expect(await found(code(index), { withinDistance: { of: { geojson: moved, crs: 'GCJ02' }, metres: 0.5 } })).toBe(true);
    expect(await found(code(index), { withinDistance: { of: { geojson: moved }, metres: 100 } })).toBe(false);
  });
});
