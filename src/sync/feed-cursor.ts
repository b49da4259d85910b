/**
 * Where a follower stands in the feed of one registry, as an opaque text. It is checked when it comes back and tells nothing that
 * its holder could not ask: whoever writes one of his own is given what he may have, from there on.
 */
import { z } from 'zod';
import { readOpaque, writeOpaque } from '../query/opaque-cursor.ts';

const number = z.string().regex(/^\d{1,20}$/);

/** A place in the log: behind so many records of one row. `mark` is the row's; null: before the first row. */
export const place = z.object({ seq: number, offset: z.int().min(0), mark: z.uuid().nullable() });
export type LogPlace = z.infer<typeof place>;

/** Among records of the registry, type by type in its order, by id. */
const walk = { type: z.int().min(0), after: z.uuid().nullable() };

const form = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('LOST'), epoch: z.uuid(), rights: z.string(), log: place, ...walk }),
  z.object({ phase: z.literal('SNAPSHOT'), epoch: z.uuid(), rights: z.string(), log: place, ...walk }),
  z.object({ phase: z.literal('FEED'), epoch: z.uuid(), rights: z.string(), log: place }),
]);
/** `rights`: digest of what the follower might have when it was given; `log`: where the log goes on after the walk. */
export type FeedCursor = z.infer<typeof form>;

export function writeCursor(cursor: FeedCursor): string {
  return writeOpaque(cursor);
}

/** Throws `BAD_INPUT` where it is none. */
export function readCursor(text: string): FeedCursor {
  return readOpaque(form, text, 'after is no cursor of this feed: send the endCursor of the page before, or null to begin with a snapshot.');
}
