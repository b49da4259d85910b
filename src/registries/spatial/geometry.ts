/**
 * Reads a geometry or a box that a client sent: GeoJSON (RFC 7946) in, a valid geometry in EPSG:4490 out, or `BAD_INPUT`.
 *
 * What comes out may be handed to PostGIS as it is: known type, two dimensions, finite, rounded to 6 decimals, at most
 * 2000 positions, `ST_IsValid`. Nothing is repaired, except that a position repeated at once is dropped. Features,
 * collections and a `crs` member that contradicts the argument are refused; what the hub answered can be sent back as it
 * is. Other foreign members are ignored, as RFC 7946 §6.1 allows.
 */
import { HubError } from '../../errors.ts';
import { fromGcj02 } from './crs.ts';
import type { Crs } from './crs.ts';
import { roundPosition } from './geojson.ts';
import type { Box, Geometry, Position } from './geojson.ts';
import { same } from './orientation.ts';
import { areaProblem } from './rings.ts';
import type { AreaProblem, Place } from './rings.ts';

/** The most positions that one geometry of a client may have. */
export const maxPositions = 2000;

const types = ['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon'] as const;
type GeometryType = (typeof types)[number];

/** What the reading of one geometry carries along. */
interface Reading {
  readonly crs: Crs;
  left: number;
}

function refuse(sentence: string, at?: string): never {
  throw new HubError('BAD_INPUT', sentence, at === undefined ? {} : { at });
}

/** Reads a GeoJSON geometry in the reference system that the client names (RFC 7946; OGC 06-103r4 for valid areas). */
export function readGeometry(value: unknown, crs: Crs): Geometry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse('A geometry is a GeoJSON object: {"type": "Point", "coordinates": [longitude, latitude]}.');
  }
  const { type, coordinates, crs: named } = value as { type?: unknown; coordinates?: unknown; crs?: unknown };
  if (named !== undefined && !sameSystem(named, crs)) refuse('The member "crs" names another reference system than the argument; leave it out, RFC 7946 has none.', 'crs');
  if (type === 'GeometryCollection') refuse('A GeometryCollection is not taken; send one geometry, or a Multi type.', 'type');
  if (type === 'Feature' || type === 'FeatureCollection') refuse('A geometry is expected, not a feature; send the member "geometry" of the feature.', 'type');
  if (!isType(type)) refuse(`The type of a geometry is one of ${types.join(', ')}.`, 'type');
  const geometry = read(type, coordinates, { crs, left: maxPositions });
  if (geometry.type === 'Polygon') refuseProblem(areaProblem([geometry.coordinates]), false);
  if (geometry.type === 'MultiPolygon') refuseProblem(areaProblem(geometry.coordinates), true);
  return tidy(geometry);
}

/** Does a `crs` member, as answers in EPSG:4490 carry it, name the system that the argument names? */
function sameSystem(named: unknown, crs: Crs): boolean {
  const name = (named as { properties?: { name?: unknown } } | null)?.properties?.name;
  return typeof name === 'string' && crs !== 'GCJ02' && name.replace(/^urn:ogc:def:crs:EPSG::/, 'EPSG:') === crs.replace('EPSG', 'EPSG:');
}

/** Reads `[west, south, east, north]` (the order of RFC 7946 §5); a box in GCJ-02 grows to the box around its image. */
export function readBox(value: unknown, crs: Crs = 'EPSG4490'): Box {
  if (!Array.isArray(value) || value.length !== 4) refuse('A box has four numbers: [west, south, east, north].');
  const [west, south] = readPosition([value[0], value[1]], '[west, south]', { crs: 'EPSG4490', left: 1 });
  const [east, north] = readPosition([value[2], value[3]], '[east, north]', { crs: 'EPSG4490', left: 1 });
  if (west >= east) refuse('The west of a box is less than its east; a box over the 180th meridian is sent as two.');
  if (south >= north) refuse('The south of a box is less than its north; the order is [west, south, east, north].');
  if (crs !== 'GCJ02') return [west, south, east, north];
  // The offset bends straight edges by metres, so the edges are sampled, not only the corners.
  const edge = Array.from({ length: 17 }, (_, step) => step / 16).flatMap((part): Position[] => {
    const [x, y] = [west + part * (east - west), south + part * (north - south)];
    return [[x, south], [x, north], [west, y], [east, y]];
  }).map(fromGcj02).map(roundPosition);
  const [xs, ys] = [edge.map((place) => place[0]), edge.map((place) => place[1])];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function isType(type: unknown): type is GeometryType {
  return (types as readonly unknown[]).includes(type);
}

function read(type: GeometryType, value: unknown, reading: Reading): Geometry {
  const path = 'coordinates';
  switch (type) {
    case 'Point':
      return { type, coordinates: readPosition(value, path, reading) };
    case 'MultiPoint':
      return { type, coordinates: readList(value, path, 'positions', (item, at) => readPosition(item, at, reading)) };
    case 'LineString':
      return { type, coordinates: readLine(value, path, reading) };
    case 'MultiLineString':
      return { type, coordinates: readList(value, path, 'lines', (item, at) => readLine(item, at, reading)) };
    case 'Polygon':
      return { type, coordinates: readRings(value, path, reading) };
    case 'MultiPolygon':
      return { type, coordinates: readList(value, path, 'polygons', (item, at) => readRings(item, at, reading)) };
  }
}

function readList<T>(value: unknown, path: string, what: string, readItem: (item: unknown, at: string) => T): T[] {
  if (!Array.isArray(value)) refuse(`${path} has to be a list of ${what}.`, path);
  if (value.length === 0) refuse(`${path} is empty; a geometry has at least one position.`, path);
  if (value.length > maxPositions) refuse(tooMany, path);
  return value.map((item: unknown, index) => readItem(item, `${path}[${index}]`));
}

const tooMany = `A geometry may have at most ${maxPositions} positions; simplify it.`;

function readPositions(value: unknown, path: string, reading: Reading): Position[] {
  return readList(value, path, 'positions', (item, at) => readPosition(item, at, reading));
}

function readLine(value: unknown, path: string, reading: Reading): Position[] {
  const line = readPositions(value, path, reading);
  if (line.length < 2) refuse(`The line ${path} needs at least 2 positions.`, path);
  const first = line[0] as Position;
  if (line.every((place) => same(place, first))) refuse(`All positions of the line ${path} are the same place.`, path);
  return line;
}

function readRings(value: unknown, path: string, reading: Reading): Position[][] {
  return readList(value, path, 'rings', (item, at) => {
    const ring = readPositions(item, at, reading);
    if (ring.length < 4) refuse(`The ring ${at} needs at least 4 positions, the last the same as the first.`, at);
    if (!same(ring[0] as Position, ring[ring.length - 1] as Position)) refuse(`The ring ${at} is not closed: its last position has to be the same as its first.`, at);
    return ring;
  });
}

function readPosition(value: unknown, path: string, reading: Reading): Position {
  reading.left -= 1;
  if (reading.left < 0) refuse(tooMany, path);
  if (!Array.isArray(value)) refuse(`${path} has to be a position [longitude, latitude].`, path);
  if (value.length !== 2) refuse(`${path} has ${value.length} members; a position is [longitude, latitude], without height.`, path);
  const [longitude, latitude] = value as unknown[];
  if (typeof longitude !== 'number' || typeof latitude !== 'number' || !Number.isFinite(longitude) || !Number.isFinite(latitude)) {
    refuse(`${path} has to hold two finite numbers, [longitude, latitude].`, path);
  }
  if (Math.abs(longitude) > 180 || Math.abs(latitude) > 90) {
    const swapped = Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180;
    refuse(swapped
      ? `${path} has a latitude beyond 90 degrees; longitude comes first, so the two look swapped.`
      : `${path} is out of range: longitude -180 to 180, latitude -90 to 90, in degrees.`, path);
  }
  const place: Position = [longitude, latitude];
  return roundPosition(reading.crs === 'GCJ02' ? fromGcj02(place) : place);
}

function refuseProblem(problem: AreaProblem | null, multi: boolean): void {
  if (problem === null) return;
  const path = ([polygon, ring, index]: Place): string => `coordinates${multi ? `[${polygon}]` : ''}[${ring}][${index}]`;
  const ringPath = (place: Place): string => path(place).replace(/\[\d+\]$/, '');
  const polygonPath = (place: Place): string => ringPath(place).replace(/\[\d+\]$/, '');
  const at = path(problem.at);
  const other = problem.with ?? problem.at;
  const sentences: Record<AreaProblem['kind'], string> = {
    collapsed: `The ring ${ringPath(problem.at)} has fewer than 3 different places, so it encloses no area.`,
    foldsBack: `The boundary runs back over itself at ${at}.`,
    crosses: `The boundary crosses or touches itself: the segment that begins at ${at} meets the one that begins at ${path(other)}.`,
    overlaps: `Two stretches of the boundary lie on one another: the segments that begin at ${at} and at ${path(other)}.`,
    divided: `The ring ${ringPath(problem.at)} meets other rings of its polygon more than once, at ${at}, which parts the polygon; send the parts as a MultiPolygon.`,
    holeOutside: `The hole ${ringPath(problem.at)} is not inside the outer ring of its polygon.`,
    holeInHole: `The hole ${ringPath(problem.at)} lies within the hole ${ringPath(other)}.`,
    polygonsOverlap: `The polygon ${polygonPath(problem.at)} lies within the polygon ${polygonPath(other)}; parts of a MultiPolygon may not overlap.`,
  };
  refuse(sentences[problem.kind], at);
}

/** Without positions repeated at once. A MultiPoint keeps all of its points. */
function tidy(geometry: Geometry): Geometry {
  const line = (places: readonly Position[]): Position[] => places.filter((place, index) => index === 0 || !same(place, places[index - 1] as Position));
  switch (geometry.type) {
    case 'Point':
    case 'MultiPoint':
      return geometry;
    case 'LineString':
      return { type: geometry.type, coordinates: line(geometry.coordinates) };
    case 'MultiLineString':
    case 'Polygon':
      return { type: geometry.type, coordinates: geometry.coordinates.map(line) };
    case 'MultiPolygon':
      return { type: geometry.type, coordinates: geometry.coordinates.map((rings) => rings.map(line)) };
  }
}
