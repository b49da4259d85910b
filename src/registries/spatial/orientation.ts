/**
 * Exact answers about points and segments: on which side, how two segments meet, in which wedge.
 *
 * Rounded arithmetic says "touches" where the database says "crosses", and then a polygon that was let in fails inside a
 * query. So every sign here is exact. Only for coordinates of at most 6 decimals and 180 degrees (see `exact`).
 */
import type { Position } from './geojson.ts';

/** Shewchuk's bound: a determinant at least this many times its terms has the sign that it shows. */
const certain = 3.3306690738754716e-16;

/** 72 bits after the point hold every double that is 0 or at least 2^-20, so every number of 6 decimals. */
const exact = (value: number): bigint => BigInt(value * 2 ** 72);

/** On which side of the line from `a` to `b` lies `c`: positive left, negative right, 0 on it. The sign is exact. */
export function side(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const left = (bx - ax) * (cy - ay);
  const right = (by - ay) * (cx - ax);
  const difference = left - right;
  if (Math.abs(difference) > certain * (Math.abs(left) + Math.abs(right))) return difference;
  // Differences of doubles are 0 only for equal ones, and no product here is small enough to vanish: then 0 is exact.
  if ((left === 0 && right === 0) || (cx === bx && cy === by)) return 0;
  const [x, y] = [exact(ax), exact(ay)];
  const sign = (exact(bx) - x) * (exact(cy) - y) - (exact(by) - y) * (exact(cx) - x);
  return sign > 0n ? 1 : sign < 0n ? -1 : 0;
}

/** `side` for positions. */
export function sideOf(a: Position, b: Position, c: Position): number {
  return side(a[0], a[1], b[0], b[1], c[0], c[1]);
}

/** Are they the same place? */
export function same(a: Position, b: Position): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** How two segments meet: not at all, in one point where an end takes part, through one another, along a stretch. */
export type Meeting = null | Position | 'cross' | 'overlap';

/** How segment `a`–`b` meets `c`–`d`. Their boxes have to overlap; neither may have length 0. */
export function meeting(a: Position, b: Position, c: Position, d: Position): Meeting {
  const sideC = sideOf(a, b, c);
  const sideD = sideOf(a, b, d);
  if ((sideC > 0 && sideD > 0) || (sideC < 0 && sideD < 0)) return null;
  const sideA = sideOf(c, d, a);
  const sideB = sideOf(c, d, b);
  if ((sideA > 0 && sideB > 0) || (sideA < 0 && sideB < 0)) return null;
  if (sideC === 0 && sideD === 0) {
    // On one line, and the boxes overlap: in a point or along a stretch.
    const [west, east] = [Math.max(Math.min(a[0], b[0]), Math.min(c[0], d[0])), Math.min(Math.max(a[0], b[0]), Math.max(c[0], d[0]))];
    const [south, north] = [Math.max(Math.min(a[1], b[1]), Math.min(c[1], d[1])), Math.min(Math.max(a[1], b[1]), Math.max(c[1], d[1]))];
    if (west !== east || south !== north) return 'overlap';
    return same(a, c) || same(a, d) ? a : b;
  }
  if (sideC === 0) return c;
  if (sideD === 0) return d;
  if (sideA === 0) return a;
  if (sideB === 0) return b;
  return 'cross';
}

/** Does the line `a`–`b`–`c` go back over itself at `b`? */
export function foldsBack(a: Position, b: Position, c: Position): boolean {
  if (sideOf(a, b, c) !== 0) return false;
  return Math.sign(a[0] - b[0]) === Math.sign(c[0] - b[0]) && Math.sign(a[1] - b[1]) === Math.sign(c[1] - b[1]);
}

/** Turning left around `hub` from `from` to `to`: does the way to `place` lie strictly between? */
export function inWedge(hub: Position, from: Position, to: Position, place: Position): boolean {
  const opening = sideOf(hub, from, to);
  if (opening > 0) return sideOf(hub, from, place) > 0 && sideOf(hub, place, to) > 0;
  if (opening === 0) return sideOf(hub, from, place) > 0;
  return !(sideOf(hub, to, place) >= 0 && sideOf(hub, place, from) >= 0);
}
