/**
 * From longitude and latitude to the picture: equidistant, with degrees of longitude as wide as they are at the middle of what is shown. A
 * county is small enough for that to be a map.
 */

/** Longitude and latitude. */
export type Position = readonly [lon: number, lat: number];

/** A GeoJSON MultiPolygon: polygons of rings of positions. */
export type MultiPolygon = readonly (readonly (readonly Position[])[])[];

/** What there is to draw of a geometry. */
export interface Strokes {
  readonly areas: MultiPolygon;
  readonly lines: readonly (readonly Position[])[];
  readonly points: readonly Position[];
}

/** West, south, east, north. */
export type Frame = readonly [west: number, south: number, east: number, north: number];

/** What a GeoJSON geometry is, as far as it can be drawn; null: it cannot. */
export function strokesOf(geometry: unknown): Strokes | null {
  const { type, coordinates } = (geometry ?? {}) as { readonly type?: string; readonly coordinates?: unknown };
  if (!Array.isArray(coordinates)) return null;
  const given: unknown = coordinates;
  const nothing: Strokes = { areas: [], lines: [], points: [] };
  switch (type) {
    case 'Point': return { ...nothing, points: [given as Position] };
    case 'MultiPoint': return { ...nothing, points: given as readonly Position[] };
    case 'LineString': return { ...nothing, lines: [given as readonly Position[]] };
    case 'MultiLineString': return { ...nothing, lines: given as readonly (readonly Position[])[] };
    case 'Polygon': return { ...nothing, areas: [given as MultiPolygon[number]] };
    case 'MultiPolygon': return { ...nothing, areas: given as MultiPolygon };
    default: return null;
  }
}

/** What a shape's geometry is, if it is a MultiPolygon. */
export const polygonsOf = (geometry: unknown): MultiPolygon | null => ((geometry as { readonly type?: string } | null)?.type === 'MultiPolygon' ? strokesOf(geometry)?.areas ?? null : null);

/** The frame around some positions; null: there are none. */
export function frameOf(positions: readonly Position[]): Frame | null {
  if (positions.length === 0) return null;
  const bounds: [west: number, south: number, east: number, north: number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of positions) [bounds[0], bounds[1], bounds[2], bounds[3]] = [Math.min(bounds[0], lon), Math.min(bounds[1], lat), Math.max(bounds[2], lon), Math.max(bounds[3], lat)];
  return bounds;
}

/** Every position of what is drawn. */
export const positionsOf = ({ areas, lines, points }: Strokes): readonly Position[] => [...areas.flat().flat(), ...lines.flat(), ...points];

const narrowing = ([, south, , north]: Frame): number => Math.cos((((south + north) / 2) * Math.PI) / 180);
const metresOfDegree = 111_320;

/** How wide a frame is on the ground. */
export const metresWide = (frame: Frame): number => (frame[2] - frame[0]) * narrowing(frame) * metresOfDegree;

/** A frame of three to two around the middle of another one: so many times as wide, and at least so many metres. */
export function around(frame: Frame, times: number, leastMetres: number): Frame {
  const [west, south, east, north] = frame;
  const narrow = narrowing(frame);
  const wide = Math.max((east - west) * narrow * times, (north - south) * 1.5 * times, leastMetres / metresOfDegree);
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  return [lon - wide / narrow / 2, lat - wide / 3, lon + wide / narrow / 2, lat + wide / 3];
}

/** From a near frame outward, each five times as wide, to the whole. */
export function framesOut(near: Frame, whole: Frame): readonly Frame[] {
  const frames: Frame[] = [];
  for (let frame = near; metresWide(frame) < metresWide(whole) * 0.6; frame = around(frame, 5, 0)) frames.push(frame);
  return [...frames, whole];
}

/** A picture of a frame. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** The path of areas (SVG). */
  pathOf(shape: MultiPolygon): string;
  /** The path of lines. */
  lineOf(lines: readonly (readonly Position[])[]): string;
  placeOf(position: Position): { readonly x: number; readonly y: number };
  /** What lies at a place of the picture. */
  positionAt(x: number, y: number): Position;
  /** Where a shape's name stands: the middle of its largest outline; and how wide that is. */
  middleOf(shape: MultiPolygon): { readonly x: number; readonly y: number; readonly width: number };
}

/** Fits a frame into a picture of so many units on its longer side. */
export function pictureOf(frame: Frame, longer = 1000): Picture {
  const [west, south, east, north] = frame;
  const narrow = narrowing(frame);
  const [wide, high] = [Math.max((east - west) * narrow, 1e-6), Math.max(north - south, 1e-6)];
  const scale = longer / Math.max(wide, high);
  const x = (lon: number): number => (lon - west) * narrow * scale;
  const y = (lat: number): number => (north - lat) * scale;
  const along = (line: readonly Position[]): string => `M${line.map(([lon, lat]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join('L')}`;
  return {
    width: wide * scale,
    height: high * scale,
    pathOf: (shape) => shape.flat().map((ring) => `${along(ring)}Z`).join(''),
    lineOf: (lines) => lines.map(along).join(''),
    placeOf: ([lon, lat]) => ({ x: x(lon), y: y(lat) }),
    positionAt: (left, top) => [west + left / narrow / scale, north - top / scale],
    middleOf: (shape) => {
      const boxes = shape.map(([outline = []]) => {
        const [xs, ys] = [outline.map(([lon]) => x(lon)), outline.map(([, lat]) => y(lat))];
        const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
        return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, area: (right - left) * (bottom - top) };
      });
      return boxes.reduce((a, b) => (b.area > a.area ? b : a), boxes[0] ?? { x: 0, y: 0, width: 0, area: 0 });
    },
  };
}
