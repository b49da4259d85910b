/**
 * By what whoever reads a page of the feed knows that all of it is there: a digest over where it begins, where it ends, and which entries
 * are between. Both hubs compute it, each from what it holds in its hands.
 *
 * Entries count as a set: that they come twice or in another order harms nobody, that one is missing does. It is no signature: it
 * notices what was lost on the way, not who meant it.
 */
import { createHash } from 'node:crypto';

/** What of a page counts; entries as they are sent, whatever form they have. */
export interface DigestedPage {
  readonly after: string | null;
  readonly endCursor: string;
  readonly entries: readonly unknown[];
}

/** The digest, as the contract's `ChangePage.digest` says it is made. */
export function pageDigest({ after, endCursor, entries }: DigestedPage): string {
  const lines = new Set(entries.map((entry) => ['cursor', 'kind', 'id'].map((field) => textIn(entry, field)).join(' ')));
  return createHash('sha256').update([after ?? '', endCursor, ...[...lines].sort(byBytes)].join('\n')).digest('base64url');
}

function textIn(entry: unknown, field: string): string {
  const value: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, field) : undefined;
  return typeof value === 'string' ? value : '';
}

/** UTF-16 and UTF-8 order the same but for characters that no cursor, kind or id has. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
