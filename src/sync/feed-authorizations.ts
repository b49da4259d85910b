/**
 * Subjects' authorizations in the feed: one that is given, taken back, or begins or ends by itself at its moment, changes what its consumer
 * may have although no record is written. Before he reads on, the records of whoever's authorization is not what he was told last are
 * logged for him alone, and then come in the order of the log like everything else.
 *
 * So no clock has to be watched, and it costs whoever does not follow under authorizations nothing.
 */
import type postgres from 'postgres';
import { logAbout, ofAuthorizations } from '../records/change-log.ts';

/** Logs what has changed of a consumer's authorizations by a moment (ISO 8601). */
export async function logAuthorizations(sql: postgres.Sql, consumer: string, now: string): Promise<void> {
  const [any] = await sql`select 1 from holder_authorization where consumer_code = ${consumer} and told_in_force <> (valid_from <= ${now} and valid_to > ${now} and revoked_at is null) limit 1`;
  if (any === undefined) return;
  await sql.begin(async (tx) => {
    // Of two who read at the same time the second finds it done.
    const moved = await tx<{ key: string }[]>`
      update holder_authorization set told_in_force = not told_in_force
      where consumer_code = ${consumer} and told_in_force <> (valid_from <= ${now} and valid_to > ${now} and revoked_at is null) returning subject_key as key`;
    await logAbout(tx, [...new Set(moved.map(({ key }) => key))], { now, bound: ofAuthorizations(consumer) });
  });
}
