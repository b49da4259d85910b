/**
 * From longitude and latitude to the picture: equidistant, with degrees of longitude as wide as they are at the middle of what is shown. A
 * county is small enough for that to be a map.
 */

/** A GeoJSON MultiPolygon: polygons of rings of positions. */
export type MultiPolygon = readonly (readonly (readonly (readonly [number, number])[])[])[];

/** What a shape's geometry is, as far as it can be drawn; null: it cannot. */
export function polygonsOf(geometry: unknown): MultiPolygon | null {
  const { type, coordinates } = (geometry ?? {}) as { readonly type?: string; readonly coordinates?: unknown };
  return type === 'MultiPolygon' && Array.isArray(coordinates) ? coordinates as unknown as MultiPolygon : null;
}

/** A picture of some shapes. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** The path of a shape (SVG). */
  pathOf(shape: MultiPolygon): string;
  /** Where a shape's name stands: the middle of its largest outline; and how wide that is. */
  middleOf(shape: MultiPolygon): { readonly x: number; readonly y: number; readonly width: number };
}

/** Fits shapes into a picture of so many units on its longer side. */
export function pictureOf(shapes: readonly MultiPolygon[], longer = 1000): Picture {
  const bounds: [west: number, south: number, east: number, north: number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of shapes.flat().flat().flat()) [bounds[0], bounds[1], bounds[2], bounds[3]] = [Math.min(bounds[0], lon), Math.min(bounds[1], lat), Math.max(bounds[2], lon), Math.max(bounds[3], lat)];
  const [west, south, east, north] = bounds;
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [wide, high] = [Math.max((east - west) * narrow, 1e-6), Math.max(north - south, 1e-6)];
  const scale = longer / Math.max(wide, high);
  const x = (lon: number): number => (lon - west) * narrow * scale;
  const y = (lat: number): number => (north - lat) * scale;
  return {
    width: wide * scale,
    height: high * scale,
    pathOf: (shape) => shape.flat().map((ring) => `M${ring.map(([lon, lat]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join('L')}Z`).join(''),
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
