/**
 * The three coordinate reference systems of the hub: CGCS2000 (EPSG:4490, stored), WGS 84 (EPSG:4326), GCJ-02 (web maps).
 *
 * EPSG:4490 and EPSG:4326 pass through unchanged: their ellipsoids differ by 0.1 mm in the minor axis, and EPSG's own
 * operation between them is a null one, good to a metre. What really parts them, the drift of the plate since epoch
 * 2000.0, depends on the day of the observation, which no client sends. Nothing here is survey-grade.
 *
 * GCJ-02 has no published definition. This is the well-known offset on the Krasovsky ellipsoid; it agrees with the map
 * services within centimetres (see the test). The migration `gcj02` is the same formula for answers. BD-09 is not offered.
 */
import { mapPositions } from './geojson.ts';
import type { Geometry, Position } from './geojson.ts';

/** The reference systems that a client may name. */
export const crsNames = ['EPSG4490', 'EPSG4326', 'GCJ02'] as const;
export type Crs = (typeof crsNames)[number];

/** Krasovsky 1940: semi-major axis in metres and first eccentricity squared. */
const semiMajor = 6378245;
const eccentricity2 = 0.006693421622965943;

/** Below this step (degrees; a micrometre) the inverse stops. It converges by about 1 : 100 a round. */
const closeEnough = 1e-11;
const roundsAtMost = 30;

/** The rough rectangle in which maps are offset; elsewhere GCJ-02 is WGS 84. */
function isOffset(longitude: number, latitude: number): boolean {
  return longitude >= 72.004 && longitude <= 137.8347 && latitude >= 0.8293 && latitude <= 55.8271;
}

/** By how many degrees GCJ-02 lies off at a place. */
function offset(longitude: number, latitude: number): Position {
  const x = longitude - 105;
  const y = latitude - 35;
  const { PI, sin, cos, sqrt, abs } = Math;
  const ripple = 20 * sin(6 * x * PI) + 20 * sin(2 * x * PI);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    + ((ripple + 20 * sin(y * PI) + 40 * sin((y / 3) * PI) + 160 * sin((y / 12) * PI) + 320 * sin((y / 30) * PI)) * 2) / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    + ((ripple + 20 * sin(x * PI) + 40 * sin((x / 3) * PI) + 150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const radians = (latitude / 180) * PI;
  const curve = 1 - eccentricity2 * sin(radians) ** 2;
  return [
    (east * 180) / ((semiMajor / sqrt(curve)) * cos(radians) * PI),
    (north * 180) / (((semiMajor * (1 - eccentricity2)) / (curve * sqrt(curve))) * PI),
  ];
}

/** WGS 84 or CGCS2000 → GCJ-02. */
export function toGcj02(position: Position): Position {
  const [longitude, latitude] = position;
  if (!isOffset(longitude, latitude)) return position;
  const [east, north] = offset(longitude, latitude);
  return [longitude + east, latitude + north];
}

/**
 * GCJ-02 → CGCS2000, by iteration to less than 1e-9 degrees. On the edge of the rectangle two places share one GCJ-02
 * position; the one inside wins, so that whatever `toGcj02` gave comes back.
 */
export function fromGcj02(position: Position): Position {
  const [givenLongitude, givenLatitude] = position;
  let [longitude, latitude] = position;
  for (let round = 0; round < roundsAtMost; round += 1) {
    const [east, north] = offset(longitude, latitude);
    const step = Math.max(Math.abs(givenLongitude - east - longitude), Math.abs(givenLatitude - north - latitude));
    longitude = givenLongitude - east;
    latitude = givenLatitude - north;
    if (step < closeEnough) break;
  }
  return isOffset(longitude, latitude) ? [longitude, latitude] : position;
}

/** Any geometry of a client → EPSG:4490. */
export function toStorage(geometry: Geometry, crs: Crs): Geometry {
  return crs === 'GCJ02' ? mapPositions(geometry, fromGcj02) : geometry;
}

/** A geometry in EPSG:4490 → the reference system that a client asked for. */
export function fromStorage(geometry: Geometry, crs: Crs): Geometry {
  return crs === 'GCJ02' ? mapPositions(geometry, toGcj02) : geometry;
}
