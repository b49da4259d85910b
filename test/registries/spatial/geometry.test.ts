/**
 * Geometries and boxes of clients: what is refused, with which sentence and place; what is taken, and in which form; how fast.
 */
import { describe, expect, test } from 'vitest';
import { toGcj02 } from '../../../src/registries/spatial/crs.ts';
import { readBox, readGeometry } from '../../../src/registries/spatial/geometry.ts';

const square = (x: number, y: number, size: number): number[][] => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]];
const polygon = (...rings: unknown[]): unknown => ({ type: 'Polygon', coordinates: rings });
const multi = (...polygons: unknown[]): unknown => ({ type: 'MultiPolygon', coordinates: polygons });
const line = (...coordinates: unknown[]): unknown => ({ type: 'LineString', coordinates });
const point = (...coordinates: unknown[]): unknown => ({ type: 'Point', coordinates });

const bad: readonly [name: string, value: unknown, sentence: RegExp, at?: string][] = [
  ['nothing', null, /GeoJSON object/],
  ['a text', '{"type":"Point","coordinates":[102,37]}', /GeoJSON object/],
  ['a list', [102, 37], /GeoJSON object/],
  ['no type', { coordinates: [102, 37] }, /one of Point/, 'type'],
  ['an unknown type', { type: 'Circle', coordinates: [102, 37] }, /one of Point/, 'type'],
  ['the name of an object member', { type: 'constructor', coordinates: [] }, /one of Point/, 'type'],
  ['a collection', { type: 'GeometryCollection', geometries: [] }, /not taken/, 'type'],
  ['a feature', { type: 'Feature', geometry: {} }, /not a feature/, 'type'],
  ['a crs member', { type: 'Point', coordinates: [102, 37], crs: { type: 'name' } }, /names another reference system/, 'crs'],
  ['a crs member that says otherwise', { type: 'Point', coordinates: [102, 37], crs: { type: 'name', properties: { name: 'EPSG:4326' } } }, /names another reference system/, 'crs'],
  ['no coordinates', { type: 'Point' }, /position/, 'coordinates'],
  ['one number', point(102), /1 members/, 'coordinates'],
  ['a height', point(102, 37, 2900), /without height/, 'coordinates'],
  ['texts for numbers', point('102', '37'), /finite numbers/, 'coordinates'],
  ['NaN', point(102, Number.NaN), /finite numbers/, 'coordinates'],
  ['infinity', point(Number.POSITIVE_INFINITY, 37), /finite numbers/, 'coordinates'],
  ['swapped', point(37.2, 102.86), /look swapped/, 'coordinates'],
  ['out of range', point(202, 37), /out of range/, 'coordinates'],
  ['metres', point(400_000, 4_100_000), /out of range/, 'coordinates'],
  ['an empty list', { type: 'MultiPoint', coordinates: [] }, /empty/, 'coordinates'],
  ['too shallow', { type: 'LineString', coordinates: [102, 37] }, /position/, 'coordinates[0]'],
  ['too deep', { type: 'MultiPoint', coordinates: [[[102, 37]]] }, /1 members/, 'coordinates[0]'],
  ['a line of one position', line([102, 37]), /at least 2/, 'coordinates'],
  ['a line of one place', line([102, 37], [102.0000001, 37]), /same place/, 'coordinates'],
  ['a ring of three', polygon([[102, 37], [103, 37], [102, 37]]), /at least 4/, 'coordinates[0]'],
  ['an open ring', polygon([[102, 37], [103, 37], [103, 38], [102, 38]]), /not closed/, 'coordinates[0]'],
  ['a ring of two places', polygon([[102, 37], [103, 37], [103, 37], [102, 37]]), /fewer than 3/, 'coordinates[0][0]'],
  ['a ring smaller than a tenth of a metre', polygon([[102, 37], [102.0000001, 37], [102.0000001, 37.0000001], [102, 37]]), /fewer than 3/, 'coordinates[0][0]'],
  ['a ring that is a line', polygon([[102, 37], [103, 38], [104, 39], [102, 37]]), /back over itself/, 'coordinates[0][0]'],
  ['a bow tie', polygon([[102, 37], [103, 38], [103, 37], [102, 38], [102, 37]]), /crosses or touches itself/, 'coordinates[0][0]'],
  ['a spike', polygon([[102, 37], [103, 37], [104, 37], [103, 37], [103, 38], [102, 37]]), /back over itself/, 'coordinates[0][2]'],
  ['a ring that touches itself', polygon([[102, 37], [104, 37], [103, 38], [104, 39], [102, 39], [103, 38], [102, 37]]), /crosses or touches/],
  ['a hole outside', polygon(square(102, 37, 1), square(104, 37, 0.5)), /not inside the outer ring/, 'coordinates[1][0]'],
  ['a hole around its shell', polygon(square(102, 37, 1), square(101, 36, 5)), /not inside the outer ring/, 'coordinates[1][0]'],
  ['a hole across the shell', polygon(square(102, 37, 1), square(102.5, 37.5, 1)), /crosses/],
  ['a hole that touches from outside', polygon(square(102, 37, 1), [[103, 37.5], [104, 37.2], [104, 37.8], [103, 37.5]]), /not inside/],
  ['a hole along the shell', polygon(square(102, 37, 1), [[102.2, 37], [102.8, 37], [102.5, 37.5], [102.2, 37]]), /lie on one another/],
  ['a hole equal to its shell', polygon(square(102, 37, 1), square(102, 37, 1)), /lie on one another/],
  ['a hole that parts the polygon', polygon(square(102, 37, 1), [[102, 37], [102.6, 37.4], [103, 38], [102.4, 37.6], [102, 37]]), /parts the polygon/],
  ['a hole in a hole', polygon(square(102, 37, 1), square(102.1, 37.1, 0.5), square(102.2, 37.2, 0.1)), /within the hole/, 'coordinates[2][0]'],
  ['equal polygons', multi([square(102, 37, 1)], [square(102, 37, 1)]), /lie on one another/],
  ['polygons side by side', multi([square(102, 37, 1)], [square(103, 37, 1)]), /lie on one another/],
  ['polygons across', multi([square(102, 37, 1)], [square(102.5, 37.5, 1)]), /crosses/],
  ['polygons across at vertices', multi([[[102, 37], [103, 38], [104, 37], [103, 36], [102, 37]]], [[[102.5, 38], [103, 38], [103.5, 38], [103, 37], [102.5, 38]]]), /crosses/],
  ['a polygon in another', multi([square(102, 37, 1)], [square(102.2, 37.2, 0.1)]), /within the polygon coordinates\[0\]/, 'coordinates[1][0][0]'],
  ['2001 positions', line(...Array.from({ length: 2001 }, (_, n) => [100 + n / 1000, 37])), /at most 2000/],
  ['2001 positions in many lines', { type: 'MultiLineString', coordinates: Array.from({ length: 667 }, (_, n) => [[n / 10, 1], [n / 10, 2], [n / 10, 3]]) }, /at most 2000/],
  ['a million lines', { type: 'MultiLineString', coordinates: Array.from({ length: 1_000_000 }, () => null) }, /at most 2000/, 'coordinates'],
];

describe('refused', () => {
  test.each(bad)('%s', (_, value, sentence, at) => {
    let thrown: unknown;
    try {
      readGeometry(value, 'EPSG4490');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'HubError', code: 'BAD_INPUT', message: expect.stringMatching(sentence) });
    if (at !== undefined) expect(thrown).toMatchObject({ details: { at } });
  });

  test('the sentence about a crossing names both segments', () => {
    expect(() => readGeometry(bad.find(([name]) => name === 'a bow tie')?.[1], 'EPSG4326'))
      .toThrow('the segment that begins at coordinates[0][0] meets the one that begins at coordinates[0][2]');
  });
});

describe('taken', () => {
  test.each([
    ['a point', point(102.862, 37.2)],
    ['many points, some twice', { type: 'MultiPoint', coordinates: [[102, 37], [102, 37]] }],
    ['a line that crosses itself', line([102, 37], [103, 38], [103, 37], [102, 38])],
    ['a ring run clockwise', polygon(square(102, 37, 1).reverse())],
    ['a hole', polygon(square(102, 37, 1), square(102.2, 37.2, 0.1))],
    ['a hole that touches its shell once', polygon(square(102, 37, 1), [[102, 37], [102.5, 37.2], [102.2, 37.5], [102, 37]])],
    ['three holes around one point', polygon(square(102, 37, 2), ...[0, 2, 4].map((n) => [[103, 38], ...[n, n + 1].map((k) => [103 + Math.cos(k) / 2, 38 + Math.sin(k) / 2]), [103, 38]]))],
    ['polygons that meet in a corner', multi([square(102, 37, 1)], [square(103, 38, 1)])],
    ['polygons that meet in two places', multi([[[102, 37], [103, 38], [102, 39], [101, 38], [102, 37]]], [[[103, 38], [102.8, 40], [102, 39], [102.9, 40.5], [104, 39], [103, 38]]])],
    ['an island in a lake', multi([square(102, 37, 1), square(102.2, 37.2, 0.5)], [square(102.3, 37.3, 0.1)])],
    ['the whole world', polygon([[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]])],
  ])('%s', (_, value) => {
    const read = readGeometry(value, 'EPSG4490');
    expect(read.type).toBe((value as { type: string }).type);
    expect(readGeometry(read, 'EPSG4490')).toEqual(read);
  });

  test('repeated positions are dropped, decimals rounded, foreign members and the box left out', () => {
    const value = { ...(polygon([[102, 37], [102, 37], [103.00000004, 37], [103, 38], [103, 38], [102, 37], [102, 37]]) as object), bbox: [1, 2, 3, 4], note: 'x' };
    expect(readGeometry(value, 'EPSG4326')).toEqual({ type: 'Polygon', coordinates: [[[102, 37], [103, 37], [103, 38], [102, 37]]] });
  });

  test('GCJ-02 is converted', () => {
    expect(readGeometry(point(...toGcj02([102.862, 37.2])), 'GCJ02')).toEqual(point(102.862, 37.2));
  });
});

describe('boxes', () => {
  test('are read and rounded', () => expect(readBox([102, 36.00000001, 103, 38])).toEqual([102, 36, 103, 38]));

  test('of GCJ-02 cover what was meant', () => {
    const [west, south, east, north] = readBox([102, 36, 103, 38], 'GCJ02');
    expect(west).toBeGreaterThan(101.99);
    expect(west).toBeLessThan(102);
    expect(east - west).toBeGreaterThan(0.999);
    expect(east - west).toBeLessThan(1.003);
    expect(north - south).toBeGreaterThan(1.999);
    expect(north - south).toBeLessThan(2.003);
  });

  test.each([
    [[102, 36, 103], /four numbers/],
    ['102,36,103,38', /four numbers/],
    [[103, 36, 102, 38], /west of a box/],
    [[102, 38, 103, 36], /south of a box/],
    [[102, 36, 102, 38], /west of a box/],
    [[36, 102, 38, 103], /look swapped/],
    [[102, 36, 103, Number.NaN], /finite/],
    [[102, 36, '103', 38], /finite/],
  ])('%j is refused', (value, sentence) => {
    expect(() => readBox(value)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(sentence) }));
  });
});

describe('speed', () => {
  const comb = Array.from({ length: 998 }, (_, n) => n / 1000).flatMap((at, n) => {
    const strip = [[100 + at, 30 - at / 2], [120 + at, 50 - at / 2]];
    return n % 2 === 0 ? strip : strip.reverse();
  });
  const circle = Array.from({ length: 1999 }, (_, n) => [102 + Math.cos((n * 2 * Math.PI) / 1999), 37 + Math.sin((n * 2 * Math.PI) / 1999)]);
  const closed = (places: number[][]): unknown => polygon([...places, places[0]]);

  test.each([
    ['a circle', closed(circle)],
    ['a comb of long strips', closed([...comb, [101, 20], [99, 20]])],
    ['a chessboard', multi(...Array.from({ length: 400 }, (_, n) => [n % 20, Math.floor(n / 20)] as const).filter(([x, y]) => (x + y) % 2 === 0).map(([x, y]) => [square(102 + x / 100, 37 + y / 100, 0.01)]))],
  ])('%s of up to 2000 positions takes milliseconds', (_, value) => {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      readGeometry(value, 'EPSG4490');
      return performance.now() - start;
    });
    // The promise is 20 ms on a quiet machine; the best of five, doubled, so that a busy one does not fail.
    expect(Math.min(...times)).toBeLessThan(40);
  });
});
