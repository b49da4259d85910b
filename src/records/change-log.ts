/**
 * The log of records that were written: what the feed and the push follow. Which record and when, never what: values are read from
 * where they lie when somebody asks, as far as he may have them then. Only corrections of the past are kept here, since what a
 * source says now does not tell them.
 *
 * Whoever follows reads only as far as no writer is on his way (`sync/feed-log.ts`).
 */
import { kindOf } from '../registries/columns.ts';
import { records } from '../registries/index.ts';
import type { RecordModel } from '../registries/record.ts';
import type { ReadClaim, Subject } from './change.ts';
import type { Session } from './tables.ts';

const text = 'insert into record_change (record_type, record_ids, corrections, origin, recorded_at) values ($1::text, $2::uuid[], $3::text::json, $4::text, $5::timestamptz)';

/** Logs records of one type that a transaction has written, in its session. */
export async function logChanges(session: Session, model: RecordModel, subjects: readonly Pick<Subject, 'id' | 'corrections'>[], { now, origin }: { readonly now: string; readonly origin?: string | undefined }): Promise<void> {
  if (subjects.length === 0) return;
  const corrections = subjects.flatMap(({ id, corrections: own }) => own.map((claim) => ({ id, ...claimOf(claim) })));
  const parameters = [model.type, subjects.map(({ id }) => id), corrections.length === 0 ? null : JSON.stringify(corrections), origin ?? null, now];
  await session.unsafe(text, parameters as (string | null)[], { prepare: true });
}

/** A correction as it is kept: what `PassedOn` (sync/city.ts) tells of it. */
function claimOf({ source, key, version, at, values, from, to, deleted = false }: ReadClaim) {
  return { source, key, version, at, values, from, to, deleted };
}

/** Logs every record about a person, because whoever follows may have them no more, or again: he was sealed, or is no longer. */
export async function logAbout(session: Session, personKey: string, now: string): Promise<void> {
  for (const { type, tableName, subject, columns } of records) {
    const named = (field: string): string => `"${columns[field]?.name}"`;
    const tests = (subject.persons ?? []).map((field) => (kindOf(columns[field]!) === 'textList' ? `${named(field)} @> array[$1::text]` : `${named(field)} = $1::text`));
    if (subject.members !== undefined) tests.push(`${named(subject.members)} in (select ${named(subject.members)} from person where person_key = $1::text)`);
    if (tests.length === 0) continue;
    await session.unsafe(`insert into record_change (record_type, record_ids, recorded_at) select $2::text, array_agg(id), $3::timestamptz from "${tableName}" where ${tests.join(' or ')} having count(*) > 0`, [personKey, type, now], { prepare: true });
  }
}
