/**
 * Tells whoever was given copies which of them can be relied on no more, because the certificate is not valid any more or is gone.
 *
 * It follows the log of written records in the order of commits, as the feed does: first all copies that have fallen since they were
 * given, then those whose certificate was written since, each as it stands when it is read; so a copy may be told of again. Copies that
 * have expired are nobody's news. Who keeps the cursor misses nothing.
 */
import { z } from 'zod';
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { readOpaque, writeOpaque } from '../query/opaque-cursor.ts';
import { validityOn } from './validity.ts';

const place = z.object({ seq: z.string().regex(/^\d{1,20}$/), offset: z.int().min(0), mark: z.uuid().nullable() });

/** A place in the log of written records. */
export type LogPlace = z.infer<typeof place>;

/** The log, as far as it is followed here; handed in, because reading it is the feed's. */
export interface ChangeLog {
  end(): Promise<LogPlace>;
  /** Ids of certificates written behind a place. Throws `EPOCH_CHANGED` where the place is none of this log. */
  read(from: LogPlace, first: number): Promise<{ readonly ids: readonly string[]; readonly end: LogPlace; readonly more: boolean }>;
}

/** A copy that can be relied on no more. */
export interface RevokedCopy {
  readonly copyId: string;
  readonly certificateIdentifier: string;
  /** The first civil day on which the certificate is not valid; null: not known. */
  readonly since: string | null;
}

/** A page of them. */
export interface RevokedPage {
  readonly nodes: readonly RevokedCopy[];
  readonly endCursor: string;
  readonly hasNextPage: boolean;
}

/** What is asked. */
export interface RevokedQuestion {
  readonly consumer: string;
  readonly after: string | null;
  readonly first: number;
  readonly today: string;
  /** ISO 8601. */
  readonly now: string;
}

/** `walk`: the copy behind which the first look goes on; null: it is over, and the log is followed. */
const form = z.object({ log: place, walk: z.string().max(40).nullable() });

/** Looked at in one page at most. */
const most = 500;

/** See the head of this file. */
export async function revokedCopies(sql: postgres.Sql, log: ChangeLog, question: RevokedQuestion): Promise<RevokedPage> {
  const { after, first } = question;
  if (first < 1 || first > most) throw new HubError('PAGE_TOO_LARGE', `first is 1 to ${most}. Ask for the next page with after.`, { limit: most });
  // The log's end is looked up before the copies are: what is written meanwhile comes twice rather than never.
  const from = after === null ? { log: await log.end(), walk: '' } : readOpaque(form, after, 'after is no cursor of this list: send the endCursor of the page before, or null to begin.');
  if (from.walk !== null) {
    const copies = await sql<CopyRow[]>`select id, record_id::text as "recordId", certificate_identifier as identifier from certificate_copy where consumer_code = ${question.consumer} and id > ${from.walk} and expires_at > ${question.now} order by id limit ${first + 1}`;
    const page = copies.slice(0, first);
    const more = copies.length > first;
    return { nodes: await fallen(sql, page, question), endCursor: writeOpaque({ log: from.log, walk: more ? (page.at(-1)?.id ?? null) : null }), hasNextPage: more };
  }
  const { ids, end, more } = await log.read(from.log, first);
  const copies = ids.length === 0 ? [] : await sql<CopyRow[]>`select id, record_id::text as "recordId", certificate_identifier as identifier from certificate_copy where consumer_code = ${question.consumer} and record_id = any(${ids as string[]}::uuid[]) and expires_at > ${question.now} order by id`;
  return { nodes: await fallen(sql, copies, question), endCursor: writeOpaque({ log: end, walk: null }), hasNextPage: more };
}

interface CopyRow {
  readonly id: string;
  readonly recordId: string;
  readonly identifier: string;
}

async function fallen(sql: postgres.Sql, copies: readonly CopyRow[], { today }: RevokedQuestion): Promise<readonly RevokedCopy[]> {
  const validity = await validityOn(sql, [...new Set(copies.map(({ recordId }) => recordId))], today);
  return copies.flatMap(({ id, recordId, identifier }) => {
    const found = validity.get(recordId);
    return found?.valid === true ? [] : [{ copyId: id, certificateIdentifier: identifier, since: found?.since ?? null }];
  });
}
