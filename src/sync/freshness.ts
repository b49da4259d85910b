/**
 * How old a copy may be: each item no older than the cycle in which its source updates it (更新周期, in the catalog), or than the client
 * says, whichever is less. What was fetched by itself has its own time; what comes with the feed is as fresh as the feed is in step.
 */
import type { Fetched, KeyedRoot } from '../query/copies.ts';
import type { RecordType } from '../registries/contract.ts';
import type { Catalog } from '../sharing/catalog.ts';

/** How far the feed of a registry is in step. */
export interface Followed {
  /** When it was known to be, milliseconds since the epoch. */
  readonly inStepAt: number;
  /** Fields of the type that come with it. */
  readonly fields: ReadonlySet<string>;
}

/** Seconds of each update cycle; a cycle of no known length counts as a day. */
const cycles: Readonly<Record<string, number>> = { REALTIME: 60, HOURLY: 3600, DAILY: 86_400, WEEKLY: 7 * 86_400, MONTHLY: 31 * 86_400, QUARTERLY: 92 * 86_400, YEARLY: 366 * 86_400 };

const known = new WeakMap<Catalog, Map<RecordType, Map<string, number>>>();

/** Seconds that a copy of a field may be old. */
export function longestAge(catalog: Catalog, type: RecordType, field: string): number {
  const types = known.get(catalog) ?? new Map<RecordType, Map<string, number>>();
  known.set(catalog, types);
  const ages = types.get(type) ?? new Map<string, number>();
  types.set(type, ages);
  const before = ages.get(field);
  if (before !== undefined) return before;
  const declared = type.fields.get(field);
  // What is no item of its own is there for edges and bounds, and changes with the rest.
  const items = declared?.items ?? [];
  const age = items.reduce((least, code) => Math.min(least, cycles[catalog.item(code)?.updateCycle ?? ''] ?? cycles['DAILY'] as number), items.length === 0 ? cycles['DAILY'] as number : Infinity);
  ages.set(field, age);
  return age;
}

/** Is any field that the plan reads of a copy older than it may be, or was never fetched? */
export function tooOld({ type, fields }: Pick<KeyedRoot, 'type' | 'fields'>, { fetched, followed }: { readonly fetched: Fetched; readonly followed: Followed | null }, catalog: Catalog, maxAge: number | null, nowMs: number): boolean {
  return fields.some((field) => nowMs - toldAt(field, fetched, followed) > Math.min(longestAge(catalog, type, field), maxAge ?? Infinity) * 1000);
}

/** When a field was known to be so last, milliseconds since the epoch; before all time: never. */
function toldAt(field: string, fetched: Fetched, followed: Followed | null): number {
  const own = Object.hasOwn(fetched, field) ? fetched[field] as number * 1000 : -Infinity;
  return followed?.fields.has(field) === true ? Math.max(own, followed.inStepAt) : own;
}

/** Age of the oldest of these fields in whole seconds; null: one was never fetched. */
export function secondsOf(fields: readonly string[], fetched: Fetched, followed: Followed | null, nowMs: number): number | null {
  const oldest = Math.min(...fields.map((field) => toldAt(field, fetched, followed)));
  return Number.isFinite(oldest) ? Math.max(0, Math.floor((nowMs - oldest) / 1000)) : null;
}
