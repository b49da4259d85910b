/**
 * The functions of the migration `gcj02` give what crs.ts gives, on the run's database.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type postgres from 'postgres';
import { fromStorage, toGcj02 } from '../../../src/registries/spatial/crs.ts';
import type { Geometry, Position } from '../../../src/registries/spatial/geojson.ts';
import type { Database } from '../../../src/db/open.ts';
import { sharedDatabase } from '../../world/database.ts';

let database: Database;

beforeAll(async () => {
  database = await sharedDatabase();
});
afterAll(() => database?.close());

/** Runs `work` on the shared database. */
const withFunctions = (work: (sql: postgres.Sql) => Promise<void>) => work(database.sql);

const numbersOf = (geometry: { coordinates: unknown }): number[] => [geometry.coordinates].flat(5) as number[];

test('positions: the same to 1e-9 degrees', () => withFunctions(async (sql) => {
  const places = fc.sample(fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -89, max: 89, noNaN: true })), { numRuns: 1000, seed: 622300 })
    .concat(fc.sample(fc.tuple(fc.double({ min: 72, max: 138, noNaN: true }), fc.double({ min: 0.8, max: 56, noNaN: true })), { numRuns: 2000, seed: 620623 }))
    .concat([[105, 35], [102.862, 37.2], [72.004, 0.8293], [137.8347, 55.8271], [137.8348, 30]]);
  const rows = await sql<{ moved: number[] }[]>`
    select hub_gcj02_lon_lat((place->>0)::float8, (place->>1)::float8) as moved
    from json_array_elements(${JSON.stringify(places)}::text::json) with ordinality as given(place, n) order by n`;
  expect(rows).toHaveLength(places.length);
  for (const [index, place] of places.entries()) {
    const [longitude, latitude] = toGcj02(place);
    expect(rows[index]?.moved[0]).toBeCloseTo(longitude, 9);
    expect(rows[index]?.moved[1]).toBeCloseTo(latitude, 9);
  }
}));

const ring = (x: number, y: number, size: number): Position[] => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]];
const shapes: readonly Geometry[] = [
  { type: 'Point', coordinates: [102.862001, 37.2] },
  { type: 'MultiPoint', coordinates: [[102.5, 37], [103, 38.123456], [0, 0]] },
  { type: 'LineString', coordinates: [[102, 37], [103, 38], [104, 38], [103, 37.5]] },
  { type: 'MultiLineString', coordinates: [[[102, 37], [103, 38]], [[104, 38], [105, 39], [106, 39]]] },
  { type: 'Polygon', coordinates: [ring(102, 37, 1), ring(102.2, 37.2, 0.1), ring(102.6, 37.6, 0.1)] },
  { type: 'MultiPolygon', coordinates: [[ring(102, 37, 1)], [ring(104, 37, 1), ring(104.5, 37.5, 0.1)], ...Array.from({ length: 10 }, (_, n) => [ring(110 + n, 30, 0.5)])] },
];

test.each(shapes)('$type: structure and order kept, 6 decimals, the same to 1e-6 degrees', (shape) => withFunctions(async (sql) => {
  const [row] = await sql<{ json: string }[]>`
    select hub_gcj02_geojson(st_setsrid(st_geomfromgeojson(${JSON.stringify(shape)}::text), 4490))::text as json`;
  const expected = fromStorage(shape, 'GCJ02');
  const answered = JSON.parse(row?.json ?? 'null') as Geometry;
  expect(answered.type).toBe(shape.type);
  const depth = (value: unknown): unknown => (Array.isArray(value) ? value.map(depth) : 0);
  expect(depth(answered.coordinates)).toEqual(depth(expected.coordinates));
  const [got, wanted] = [numbersOf(answered), numbersOf(expected)];
  for (const [index, value] of wanted.entries()) expect(Math.abs((got[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(1e-6);
  expect(row?.json).not.toMatch(/\.\d{7}|crs| /);
}));

test('empty shapes, collections and 4326 are answered', () => withFunctions(async (sql) => {
  const [row] = await sql<Record<string, string | null>[]>`select
    hub_gcj02_geojson('srid=4490;polygon empty'::geometry)::text as empty,
    hub_gcj02_geojson('srid=4490;geometrycollection(point(1 2), linestring(102 37, 103 38))'::geometry)::text as collection,
    hub_gcj02_geojson('srid=4326;pointz(1 2 3)'::geometry)::text as height,
    hub_gcj02_geojson(null)::text as nothing`;
  expect(JSON.parse(row?.['empty'] ?? '')).toEqual({ type: 'Polygon', coordinates: [] });
  expect(JSON.parse(row?.['collection'] ?? '')).toMatchObject({ geometries: [{ type: 'Point', coordinates: [1, 2] }, { type: 'LineString', coordinates: [[102.001898, 37.000192], [103.002155, 38.000431]] }] });
  expect(JSON.parse(row?.['height'] ?? '')).toEqual({ type: 'Point', coordinates: [1, 2] });
  expect(row?.['nothing']).toBeNull();
}));

test.each(['srid=4543;point(1 1)', 'srid=4490;curvepolygon((102 37,103 37,103 38,102 37))', 'srid=4490;triangle((102 37,103 37,103 38,102 37))'])(
  '%s is refused, never passed on unconverted',
  async (text) => {
    await expect(withFunctions(async (sql) => {
      await sql`select hub_gcj02_geojson(${text}::text::geometry)`;
    })).rejects.toMatchObject({ code: '22023' });
  },
);
