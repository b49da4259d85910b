/**
 * GeoJSON geometries as the hub speaks them (RFC 7946): longitude before latitude, two dimensions, no collections.
 *
 * Types and two small walks; nothing is validated here (see geometry.ts) and nothing is converted (see crs.ts).
 */

/** Longitude, latitude; in degrees. */
export type Position = readonly [longitude: number, latitude: number];

/** A geometry that the hub takes and gives. */
export type Geometry =
  | { readonly type: 'Point'; readonly coordinates: Position }
  | { readonly type: 'MultiPoint' | 'LineString'; readonly coordinates: readonly Position[] }
  | { readonly type: 'MultiLineString' | 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] };

/** West, south, east, north; in degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** The same geometry with every position replaced. */
export function mapPositions(geometry: Geometry, change: (position: Position) => Position): Geometry {
  switch (geometry.type) {
    case 'Point':
      return { type: geometry.type, coordinates: change(geometry.coordinates) };
    case 'MultiPoint':
    case 'LineString':
      return { type: geometry.type, coordinates: geometry.coordinates.map(change) };
    case 'MultiLineString':
    case 'Polygon':
      return { type: geometry.type, coordinates: geometry.coordinates.map((line) => line.map(change)) };
    case 'MultiPolygon':
      return { type: geometry.type, coordinates: geometry.coordinates.map((rings) => rings.map((ring) => ring.map(change))) };
  }
}

/** To 6 decimals (about 0.1 m), the precision that the hub stores; `-0` becomes `0`. */
export function roundPosition([longitude, latitude]: Position): Position {
  return [Math.round(longitude * 1e6) / 1e6 + 0, Math.round(latitude * 1e6) / 1e6 + 0];
}
