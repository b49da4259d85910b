/**
 * How much one operation may ask for. Sizes that stand in variables are checked when the statement is run; the
 * document's own size (depth, aliases, tokens) is checked by `graphql/limits`.
 */
import { HubError } from '../errors.ts';
import type { Size, Slot } from './tree.ts';

export const limits = {
  /** Keys of one batch. */
  keys: 100,
  /** Hits of a narrow search; one more refuses it. */
  hits: 10,
  /** Rows of a page at the root, and of a page under each parent. */
  rootPage: 1000,
  nestedPage: 100,
  /** Values of an `in` condition. */
  inValues: 100,
  /** What one operation could cost at most (see cost.ts): about so many values. */
  cost: 500_000,
} as const;

export const defaultPage = { root: 50, nested: 20 } as const;

/** Reads `first`: a whole number from 0 to the limit. */
export function pageSize(slot: Slot | null, at: string, most: number, byDefault: number): Size {
  if (slot === null) return () => byDefault;
  return (run) => {
    const value = slot(run);
    if (value === null || value === undefined) return byDefault;
    if (typeof value !== 'number' || value < 0) throw new HubError('BAD_INPUT', `${at}(first:) must be a whole number from 0 to ${most}.`, { at: `${at}(first)` });
    if (value > most) throw new HubError('PAGE_TOO_LARGE', `${at}(first:) is ${value}; the limit is ${most} a page. Ask for the next page with after: endCursor.`, { at: `${at}(first)`, limit: most });
    return value;
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads `after`: a cursor that the hub gave out. */
export function cursor(slot: Slot, at: string): Slot {
  return (run) => {
    const value = slot(run);
    if (typeof value === 'string' && uuid.test(value)) return value;
    throw new HubError('CURSOR_UNKNOWN', `${at}(after:) is not a cursor of this hub. Start again without it.`, { at: `${at}(after)` });
  };
}
