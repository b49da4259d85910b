/**
 * Reference systems: GCJ-02 against points that map services themselves published, the inverse, and what stays unchanged.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromGcj02, fromStorage, toGcj02, toStorage } from '../../../src/registries/spatial/crs.ts';
import { roundPosition } from '../../../src/registries/spatial/geojson.ts';
import type { Geometry, Position } from '../../../src/registries/spatial/geojson.ts';

/** Metres between two near places. */
function metres([x1, y1]: Position, [x2, y2]: Position): number {
  const north = (y2 - y1) * 111_200;
  const east = (x2 - x1) * 111_320 * Math.cos((y1 * Math.PI) / 180);
  return Math.hypot(north, east);
}

/** Answers of services that own the true algorithm are marked "service"; test data of open libraries "library". */
const known: readonly [source: string, wgs84: Position, gcj02: Position][] = [
  ['service: AMap coordinate/convert, documented example', [116.481499, 39.990475], [116.487585177952, 39.991754014757]],
  ['service: AMap coordinate/convert, second documented point', [116.481499, 39.990375], [116.487585177952, 39.991653917101]],
  ['service: AMap, Shenzhen', [114.07, 22.62], [114.07513075, 22.61731092]],
  ['library: eviltransform, Shanghai', [121.5272106, 31.1774276], [121.531541859215, 31.17530398364597]],
  ['library: eviltransform, Shenzhen', [113.912316, 22.543847], [113.9171764808363, 22.540796131694766]],
  ['library: eviltransform, Beijing', [116.377817, 39.911954], [116.38404722455657, 39.91334545536069]],
  ['library: coordtransform, Beijing', [116.404, 39.915], [116.41024449916938, 39.91640428150164]],
];

const inChina = fc.tuple(fc.double({ min: 73.5, max: 135, noNaN: true }), fc.double({ min: 3.5, max: 53.5, noNaN: true }));

describe('GCJ-02', () => {
  test.each(known)('%s: within 0.5 m, both ways', (_, wgs84, gcj02) => {
    expect(metres(toGcj02(wgs84), gcj02)).toBeLessThan(0.5);
    expect(metres(fromGcj02(gcj02), wgs84)).toBeLessThan(0.5);
  });

  test('service: Alibaba Cloud TransferCoord, whose documented inverse takes one step only (1.7 m off), agrees step for step', () => {
    const gcj02: Position = [120.026268, 30.279164];
    const there = toGcj02(gcj02);
    expect(roundPosition([2 * gcj02[0] - there[0], 2 * gcj02[1] - there[1]])).toEqual([120.021519, 30.281543]);
  });

  test('the inverse comes back to less than 1e-9 degrees', () => {
    fc.assert(fc.property(inChina, (place) => {
      const back = fromGcj02(toGcj02(place));
      expect(Math.max(Math.abs(back[0] - place[0]), Math.abs(back[1] - place[1]))).toBeLessThan(1e-9);
    }), { numRuns: 2000, examples: [[[105, 35]], [[105.0000000001, 37]], [[102.862, 37.2]]] });
  });

  test('the offset is between 10 m and 1.5 km wherever there is one', () => {
    fc.assert(fc.property(inChina, (place) => {
      const far = metres(place, toGcj02(place));
      expect(far).toBeGreaterThan(10);
      expect(far).toBeLessThan(1500);
    }));
  });

  test.each([[[-74, 40.7]], [[139.7, 35.7]], [[2.35, 48.85]], [[100, -10]], [[0, 0]], [[71.9, 37]], [[102, 56]]] as const)('%j lies outside and stays', (place) => {
    expect(toGcj02(place)).toEqual(place);
    expect(fromGcj02(place)).toEqual(place);
  });

  test('just inside the edge the inverse still comes back', () => {
    for (const place of [[72.0041, 37], [137.8346, 37], [102, 0.8294], [102, 55.827]] as const) {
      expect(metres(fromGcj02(toGcj02(place)), place)).toBeLessThan(0.001);
    }
  });
});

describe('geometries', () => {
  const shapes: readonly Geometry[] = [
    { type: 'Point', coordinates: [102.862, 37.2] },
    { type: 'LineString', coordinates: [[102, 37], [103, 38]] },
    { type: 'MultiPolygon', coordinates: [[[[102, 37], [103, 37], [103, 38], [102, 37]]]] },
  ];

  test.each(shapes)('$type passes through 4490 and 4326 and comes back from GCJ-02', (shape) => {
    for (const crs of ['EPSG4490', 'EPSG4326'] as const) {
      expect(toStorage(shape, crs)).toEqual(shape);
      expect(fromStorage(shape, crs)).toEqual(shape);
    }
    const there = fromStorage(shape, 'GCJ02');
    expect(there).not.toEqual(shape);
    const numbers = (geometry: Geometry): number[] => (geometry.coordinates as unknown[]).flat(4) as number[];
    const back = numbers(toStorage(there, 'GCJ02'));
    for (const [index, value] of numbers(shape).entries()) expect(back[index]).toBeCloseTo(value, 9);
  });

  test('rounding gives 6 decimals and no negative zero', () => {
    expect(roundPosition([102.12345678, -37.9999999])).toEqual([102.123457, -38]);
    expect(Object.is(roundPosition([-1e-9, 0])[0], 0)).toBe(true);
  });
});
