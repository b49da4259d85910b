/**
 * areaProblem agrees with PostGIS ST_IsValid, on areas made to touch, overlap and nest: few grid places, several scales.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../../src/db/open.ts';
import { roundPosition } from '../../../src/registries/spatial/geojson.ts';
import type { Position } from '../../../src/registries/spatial/geojson.ts';
import { areaProblem } from '../../../src/registries/spatial/rings.ts';
import { sharedDatabase } from '../../world/database.ts';

let database: Database;
beforeAll(async () => {
  database = await sharedDatabase();
});
afterAll(() => database?.close());

/** A ring around a middle, its places in order of their angle: often valid by itself. */
const around = (reach: number) => fc.record({
  x: fc.integer({ min: 0, max: 12 }), y: fc.integer({ min: 0, max: 8 }), turned: fc.boolean(),
  // Whole numbers, because fast-check's doubles crowd around 0.
  rays: fc.array(fc.tuple(fc.integer({ min: 0, max: 359 }), fc.integer({ min: 50, max: 100 })), { minLength: 3, maxLength: 8 }),
}).map(({ x, y, turned, rays }): Position[] => {
  const places = [...rays].sort(([one], [other]) => one - other).map(([degrees, percent]): Position => {
    const [angle, far] = [(degrees * Math.PI) / 180, (reach * percent) / 100];
    return [x + Math.round(far * Math.cos(angle)), y + Math.round(far * Math.sin(angle))];
  });
  const ring = [...places, places[0] as Position];
  return turned ? ring.reverse() : ring;
});
const anything = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), { minLength: 3, maxLength: 7 })
  .map((places): Position[] => [...places, places[0] as Position]);
const polygons = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(around(6), fc.array(around(2), { maxLength: 2 })).map(([shell, holes]) => [shell, ...holes]) },
  { weight: 1, arbitrary: fc.array(anything, { minLength: 1, maxLength: 2 }) },
);
const areas = fc.record({
  polygons: fc.oneof(fc.array(polygons, { minLength: 1, maxLength: 1 }), fc.array(polygons, { minLength: 2, maxLength: 3 })),
  scale: fc.constantFrom(1, 0.1, 0.012345, 0.000001),
  x: fc.constantFrom(0, 102.3, 102.862017), y: fc.constantFrom(0, 37.2, 37.201993),
}).map(({ polygons: list, scale, x, y }) =>
  list.map((rings) => rings.map((ring) => ring.map(([dx, dy]) => roundPosition([x + dx * scale, y + dy * scale])))));

test('3000 random areas get the judgement of ST_IsValid', async () => {
  const seed = Number(process.env['HUB_TEST_SEED'] ?? Date.now() % 1_000_000);
  const given = fc.sample(areas, { numRuns: 3000, seed });
  await database.sql.begin(async (sql) => {
    await sql`set local client_min_messages = warning`;
    const rows = await sql<{ valid: boolean; reason: string }[]>`
      select st_isvalid(shape) as valid, st_isvalidreason(shape) as reason
      from (select n, st_geomfromgeojson(json_build_object('type', 'MultiPolygon', 'coordinates', area)::text) as shape
        from json_array_elements(${JSON.stringify(given)}::text::json) with ordinality as list(area, n)) as shapes order by n`;
    expect(rows).toHaveLength(given.length);
    const different = given.map((area, index) => ({ seed, area: JSON.stringify(area), found: areaProblem(area), ...rows[index] }))
      .filter(({ found, valid }) => (found === null) !== valid);
    expect(different).toEqual([]);
    // Nothing would be proved by areas of one kind only.
    const valid = rows.filter((row) => row.valid).length;
    expect(valid).toBeGreaterThan(150);
    expect(valid).toBeLessThan(2850);
  });
});
