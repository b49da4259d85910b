/**
 * Is an area a valid one (OGC 06-103r4 §6.1.11, as PostGIS `ST_IsValid` judges)? Names the place where it is not.
 *
 * Takes rings that are closed and rounded (geometry.ts sees to that); repairs nothing, because a repaired boundary is a
 * boundary that nobody drew. Segments are compared along a sweep, so 2000 positions take milliseconds.
 */
import type { Position } from './geojson.ts';
import { foldsBack, inWedge, meeting, same, side, sideOf } from './orientation.ts';

/** Where a position stands: polygon, ring, index; counted from 0 as in the client's own arrays. */
export type Place = readonly [polygon: number, ring: number, index: number];

/** What is wrong with an area, and where. */
export interface AreaProblem {
  readonly kind: 'collapsed' | 'foldsBack' | 'crosses' | 'overlaps' | 'divided' | 'holeOutside' | 'holeInHole' | 'polygonsOverlap';
  readonly at: Place;
  readonly with?: Place;
}

interface Ring {
  readonly polygon: number;
  readonly ring: number;
  /** Vertices without repetition; the closing one is left out. */
  readonly places: readonly Position[];
  /** Where each vertex stood in the input. */
  readonly indexes: readonly number[];
  readonly box: readonly [number, number, number, number];
}

/** A common point of two rings, on segment `first` of the one and `second` of the other. */
interface Touch {
  readonly point: Position;
  readonly first: number;
  readonly second: number;
}

/** The first problem found, `null` for a valid area. `polygons[i][0]` is a shell, the others its holes. */
export function areaProblem(polygons: readonly (readonly (readonly Position[])[])[]): AreaProblem | null {
  const rings: Ring[] = [];
  for (const [polygon, lines] of polygons.entries()) {
    for (const [ring, line] of lines.entries()) {
      const read = readRing(polygon, ring, line);
      if (read.places.length < 3) return { kind: 'collapsed', at: [polygon, ring, 0] };
      const fold = read.places.findIndex((place, index) => foldsBack(at(read.places, index - 1), place, at(read.places, index + 1)));
      if (fold >= 0) return { kind: 'foldsBack', at: placeOf(read, fold) };
      rings.push(read);
    }
  }
  const touches = new Map<number, Touch>();
  const joints: [ring: number, point: Position][] = [];
  return meetings(rings, touches, joints) ?? divided(rings, joints) ?? nesting(rings, touches);
}

function readRing(polygon: number, ring: number, line: readonly Position[]): Ring {
  const places: Position[] = [];
  const indexes: number[] = [];
  for (const [index, place] of line.entries()) {
    const before = places.at(-1);
    if (index === line.length - 1 || (before !== undefined && same(before, place))) continue;
    places.push(place);
    indexes.push(index);
  }
  const first = places[0];
  while (first !== undefined && places.length > 1 && same(first, at(places, places.length - 1))) {
    places.pop();
    indexes.pop();
  }
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of places) {
    west = Math.min(west, x);
    south = Math.min(south, y);
    east = Math.max(east, x);
    north = Math.max(north, y);
  }
  return { polygon, ring, places, indexes, box: [west, south, east, north] };
}

/** Vertex `index` of a ring, counted round and round. */
function at(places: readonly Position[], index: number): Position {
  return places[(index + places.length) % places.length] as Position;
}

function placeOf(ring: Ring, segment: number): Place {
  return [ring.polygon, ring.ring, ring.indexes[segment] ?? 0];
}

/** Every pair of segments that could meet. Allowed touches of different rings are collected for the later steps. */
function meetings(rings: readonly Ring[], touches: Map<number, Touch>, joints: [number, Position][]): AreaProblem | null {
  const count = rings.reduce((sum, ring) => sum + ring.places.length, 0);
  const [ringOf, segmentOf] = [new Uint32Array(count), new Uint32Array(count)];
  const [ax, ay, bx, by] = [new Float64Array(count), new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  let filled = 0;
  for (const [number, ring] of rings.entries()) {
    for (const [segment, a] of ring.places.entries()) {
      const b = at(ring.places, segment + 1);
      ringOf[filled] = number;
      segmentOf[filled] = segment;
      [ax[filled], ay[filled], bx[filled], by[filled]] = [a[0], a[1], b[0], b[1]];
      filled += 1;
    }
  }
  const { low, high } = sweep(ax, ay, bx, by);
  const order = new Uint32Array(count).map((_, index) => index).sort((s, t) => num(low, s) - num(low, t));
  for (let i = 0; i < count; i += 1) {
    const s = num(order, i);
    const [sax, say, sbx, sby] = [num(ax, s), num(ay, s), num(bx, s), num(by, s)];
    const [west, east, south, north] = [Math.min(sax, sbx), Math.max(sax, sbx), Math.min(say, sby), Math.max(say, sby)];
    const end = num(high, s);
    for (let j = i + 1; j < count; j += 1) {
      const t = num(order, j);
      if (num(low, t) > end) break;
      const [tax, tay, tbx, tby] = [num(ax, t), num(ay, t), num(bx, t), num(by, t)];
      if (Math.min(tay, tby) > north || Math.max(tay, tby) < south || Math.min(tax, tbx) > east || Math.max(tax, tbx) < west) continue;
      // Most pairs whose boxes overlap end here: both ends of the one lie on the same side of the other.
      const one = side(sax, say, sbx, sby, tax, tay);
      const other = side(sax, say, sbx, sby, tbx, tby);
      if ((one > 0 && other > 0) || (one < 0 && other < 0)) continue;
      if (num(ringOf, s) !== num(ringOf, t)) {
        // Two rings that only share a vertex; the segments that begin there will tell (see `pair`).
        if (one === 0 && other !== 0 && tax === sbx && tay === sby) continue;
        if (other === 0 && one !== 0 && ((tbx === sax && tby === say) || (tbx === sbx && tby === sby))) continue;
      }
      const wrong = pair(rings, num(ringOf, s), num(segmentOf, s), num(ringOf, t), num(segmentOf, t), touches, joints);
      if (wrong !== null) return wrong;
    }
  }
  return null;
}

/**
 * Where each segment begins and ends in one direction: of eight, and the one across the longest segment, that in which they
 * are shortest altogether. Swept from west to east alone, a comb of long strips would compare every segment with every other.
 */
function sweep(ax: Float64Array, ay: Float64Array, bx: Float64Array, by: Float64Array): { low: Float64Array; high: Float64Array } {
  let [across, along, longest] = [0, 1, 0];
  for (let s = 0; s < ax.length; s += 1) {
    const [dx, dy] = [num(bx, s) - num(ax, s), num(by, s) - num(ay, s)];
    const length = Math.hypot(dx, dy);
    if (length > longest) [across, along, longest] = [-dy / length, dx / length, length];
  }
  const candidates = [...directions, [across, along] as const];
  const lengths = candidates.map(([x, y]) => ax.reduce((sum, value, s) => sum + Math.abs((num(bx, s) - value) * x + (num(by, s) - num(ay, s)) * y), 0));
  const [x, y] = candidates[lengths.indexOf(Math.min(...lengths))] as readonly [number, number];
  const low = ax.map((value, s) => Math.min(value * x + num(ay, s) * y, num(bx, s) * x + num(by, s) * y));
  // A hair longer than computed, since these products are rounded: a pair too many costs little, one too few is an error.
  const high = ax.map((value, s) => Math.max(value * x + num(ay, s) * y, num(bx, s) * x + num(by, s) * y) + 1e-9);
  return { low, high };
}

const directions = Array.from({ length: 8 }, (_, step) => [Math.cos((step * Math.PI) / 8), Math.sin((step * Math.PI) / 8)] as const);

const num = (values: Float64Array | Uint32Array, index: number): number => values[index] as number;

/** One pair of segments whose boxes overlap. */
function pair(
  rings: readonly Ring[], ringS: number, s: number, ringT: number, t: number,
  touches: Map<number, Touch>, joints: [number, Position][],
): AreaProblem | null {
  const [one, two] = [rings[ringS] as Ring, rings[ringT] as Ring];
  const [a, b, c, d] = [at(one.places, s), at(one.places, s + 1), at(two.places, t), at(two.places, t + 1)];
  const where = { at: placeOf(one, s), with: placeOf(two, t) };
  if (ringS === ringT) {
    const size = one.places.length;
    // Neighbours share their vertex and, since the ring does not fold back, nothing else.
    if ((s + 1) % size === t || (t + 1) % size === s) return null;
    const met = meeting(a, b, c, d);
    return met === null ? null : { kind: met === 'overlap' ? 'overlaps' : 'crosses', ...where };
  }
  const met = meeting(a, b, c, d);
  if (met === null) return null;
  if (met === 'cross') return { kind: 'crosses', ...where };
  if (met === 'overlap') return { kind: 'overlaps', ...where };
  // A vertex ends one segment and begins the next: the touch is taken where it begins.
  if (same(met, b) || same(met, d)) return null;
  const [low, high] = ringS < ringT ? [ringS, ringT] : [ringT, ringS];
  const key = low * rings.length + high;
  // Only for rings of which one could lie in the other: hundreds of parcels may share one corner.
  if ((boxHolds(one, two) || boxHolds(two, one)) && !touches.has(key)) touches.set(key, ringS < ringT ? { point: met, first: s, second: t } : { point: met, first: t, second: s });
  if (one.polygon === two.polygon) {
    joints.push([ringS, met], [ringT, met]);
    return null;
  }
  const [a0, a1] = arms(one, s, met);
  const [b0, b1] = arms(two, t, met);
  if (inWedge(met, a0, a1, b0) === inWedge(met, a0, a1, b1)) return null;
  const along = [b0, b1].some((arm) => foldsBack(a0, met, arm) || foldsBack(a1, met, arm));
  return { kind: along ? 'overlaps' : 'crosses', ...where };
}

/** Where a ring comes from and goes to at a point of its segment (which is not the segment's end). */
function arms(ring: Ring, segment: number, point: Position): [from: Position, to: Position] {
  const start = at(ring.places, segment);
  return [same(point, start) ? at(ring.places, segment - 1) : start, at(ring.places, segment + 1)];
}

/**
 * Rings of one polygon may touch, but not so that they part its interior: rings and touching points, joined where they
 * meet, must form no circle. This also covers two rings that cross at vertices, since then they meet twice.
 */
function divided(rings: readonly Ring[], joints: readonly (readonly [number, Position])[]): AreaProblem | null {
  const seen = new Set<string>();
  const parents = new Map<string, string>();
  const root = (name: string): string => {
    let top = name;
    for (let next = parents.get(top); next !== undefined; next = parents.get(top)) top = next;
    if (top !== name) parents.set(name, top);
    return top;
  };
  for (const [number, point] of joints) {
    const ring = rings[number] as Ring;
    const [ringName, pointName] = [`ring ${number}`, `${ring.polygon} ${point[0]} ${point[1]}`];
    const joint = `${ringName} ${pointName}`;
    if (seen.has(joint)) continue;
    seen.add(joint);
    const [one, other] = [root(ringName), root(pointName)];
    if (one === other) return { kind: 'divided', at: [ring.polygon, ring.ring, nearest(ring, point)] };
    parents.set(one, other);
  }
  return null;
}

/** The index, in the client's array, of the vertex at a point, or of the one that begins the segment through it. */
function nearest(ring: Ring, point: Position): number {
  const { places } = ring;
  const vertex = places.findIndex((place) => same(place, point));
  const segment = vertex >= 0 ? vertex : places.findIndex((place, index) => sideOf(place, at(places, index + 1), point) === 0);
  return ring.indexes[Math.max(segment, 0)] ?? 0;
}

/** Now that no two rings cross: holes in their shell, no hole in a hole, no polygon in another but in its hole. */
function nesting(rings: readonly Ring[], touches: ReadonlyMap<number, Touch>): AreaProblem | null {
  const lies = (inner: number, outer: number): boolean => within(rings, inner, outer, touches);
  const members = new Map<number, { shell: number; holes: number[] }>();
  for (const [number, ring] of rings.entries()) {
    const known = members.get(ring.polygon);
    if (known === undefined) members.set(ring.polygon, { shell: number, holes: [] });
    else known.holes.push(number);
  }
  const where = (number: number): Place => placeOf(rings[number] as Ring, 0);
  for (const { shell, holes } of members.values()) {
    for (const hole of holes) if (!lies(hole, shell)) return { kind: 'holeOutside', at: where(hole) };
    for (const hole of holes) {
      for (const other of holes) if (hole !== other && lies(hole, other)) return { kind: 'holeInHole', at: where(hole), with: where(other) };
    }
  }
  for (const { shell } of members.values()) {
    for (const around of members.values()) {
      if (shell === around.shell || !lies(shell, around.shell)) continue;
      if (!around.holes.some((hole) => lies(shell, hole))) return { kind: 'polygonsOverlap', at: where(shell), with: where(around.shell) };
    }
  }
  return null;
}

/** Does one ring lie within another that it does not cross? Where they touch, its way from there tells. */
function within(rings: readonly Ring[], inner: number, outer: number, touches: ReadonlyMap<number, Touch>): boolean {
  const [small, large] = [rings[inner] as Ring, rings[outer] as Ring];
  if (!boxHolds(large, small)) return false;
  const touch = touches.get(Math.min(inner, outer) * rings.length + Math.max(inner, outer));
  if (touch === undefined) return holds(large.places, small.places[0] as Position);
  const [own, its] = inner < outer ? [touch.first, touch.second] : [touch.second, touch.first];
  const [from, to] = arms(large, its, touch.point);
  const [, away] = arms(small, own, touch.point);
  return turnsLeft(large.places) ? inWedge(touch.point, to, from, away) : inWedge(touch.point, from, to, away);
}

function boxHolds(large: Ring, small: Ring): boolean {
  const [west, south, east, north] = large.box;
  return small.box[0] >= west && small.box[1] >= south && small.box[2] <= east && small.box[3] <= north;
}

/** Is a point that is not on the ring inside it? Counts the segments that a ray to the east meets. */
function holds(places: readonly Position[], [x, y]: Position): boolean {
  let inside = false;
  let before = at(places, -1);
  for (const place of places) {
    if (before[1] > y !== place[1] > y) {
      const turn = side(before[0], before[1], place[0], place[1], x, y);
      if (place[1] > before[1] ? turn > 0 : turn < 0) inside = !inside;
    }
    before = place;
  }
  return inside;
}

/** Does a ring run counter-clockwise? Its westernmost, then southernmost vertex is convex for certain. */
function turnsLeft(places: readonly Position[]): boolean {
  let corner = 0;
  for (const [index, place] of places.entries()) {
    const [x, y] = at(places, corner);
    if (place[0] < x || (place[0] === x && place[1] < y)) corner = index;
  }
  return sideOf(at(places, corner - 1), at(places, corner), at(places, corner + 1)) > 0;
}
