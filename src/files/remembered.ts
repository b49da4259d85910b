/**
 * Cells that come again and again in a column (codes, divisions, offices, days) are read once.
 *
 * Only what is short is remembered: the engine keeps a longer part of a row as a window into it, which would hold the whole row. A
 * column whose cells hardly come again is not remembered for long. Nothing is remembered of a cell that says nothing, since a masked
 * one has to be told of each time, nor of one that only the schema can judge.
 */
import { unsure } from '../records/claim-schema.ts';

/** Characters up to which a cell is a text of its own for the engine. */
const longest = 12;
/** Cells of a column that are remembered at a time. */
const most = 1000;
/** How often a remembered cell has to come again for the memory to pay. */
const worth = 2;

/** The same reading, with a memory. */
export function remembering(read: (sent: unknown) => unknown): (sent: unknown) => unknown {
  let known: Map<string, unknown> | null = new Map();
  let found = 0;
  return (sent) => {
    if (known === null || typeof sent !== 'string' || sent.length > longest) return read(sent);
    const before = known.get(sent);
    if (before !== undefined) {
      found += 1;
      return before;
    }
    const value = read(sent);
    // A list is its claim's own.
    if (value === undefined || value === unsure || typeof value === 'object' && value !== null) return value;
    if (known.size === most) {
      known = found < worth * most ? null : new Map();
      found = 0;
    }
    known?.set(sent, value);
    return value;
  };
}
