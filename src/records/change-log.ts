/**
 * The log of records that were written: what the feed and the push follow. Which record and when, never what: values are read from
 * where they lie when somebody asks, as far as he may have them then. Only corrections of the past are kept here, since what a
 * source says now does not tell them. What others may have of a record because of lists and authorizations changes though nobody writes it;
it is logged for those whom it concerns. So is what a department's desk has answered.
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

/** The bound of everybody who follows what the subjects on a list are in. */
export const ofList = (list: string): string => `list ${list}`;
/** The bound of a consumer who follows what subjects have authorized him to see. */
export const ofAuthorizations = (consumer: string): string => `authorization ${consumer}`;

/** The bound of a consumer that has put facts to departments' desks, and the word under which their answers stand in the log. */
export const ofDesk = (consumer: string): string => `desk ${consumer}`;
export const deskAnswers = 'DeskRequest';

/** Logs that a desk has answered what a consumer asked, for it alone. */
export async function logAnswered(session: Session, request: string, { now, askedBy }: { readonly now: string; readonly askedBy: string }): Promise<void> {
  await session`insert into record_change (record_type, record_ids, bound, recorded_at) values (${deskAnswers}, ${[request]}::uuid[], ${ofDesk(askedBy)}, ${now})`;
}

/**
 * Logs every record about subjects (keys of persons, codes of enterprises), because whoever follows may have them no more, or again: they
 * were sealed, came on a list, have authorized somebody. `bound`: only who follows under it is to hear of it, since to others it would tell
 * what is none of theirs. Without one, records that mention them are logged too: of these other fields may be had now.
 */
export async function logAbout(session: Session, subjectKeys: readonly string[], { now, bound = null }: { readonly now: string; readonly bound?: string | null }): Promise<void> {
  if (subjectKeys.length === 0) return;
  await session.unsafe(logAboutText, [subjectKeys, bound, now] as (string | null)[], { prepare: true });
}

const logAboutText = `insert into record_change (record_type, record_ids, bound, recorded_at) select type, ids, $2::text, $3::timestamptz from (${records.flatMap(({ type, tableName, subject, columns }) => {
  const named = (field: string): string => `"${columns[field]?.name}"`;
  const tests = [...subject.persons ?? [], ...subject.entities ?? []].map((field) => (kindOf(columns[field]!) === 'textList' ? `${named(field)} && $1::text[]` : `${named(field)} = any($1::text[])`));
  if (subject.members !== undefined) tests.push(`${named(subject.members)} in (select ${named(subject.members)} from person where person_key = any($1::text[]))`);
  for (const key of Object.keys(subject.mentions ?? {})) tests.push(`($2::text is null and ${named(key)} = any($1::text[]))`);
  return tests.length === 0 ? [] : [`select '${type}' as type, array_agg(id) as ids from "${tableName}" where ${tests.join(' or ')}`];
}).join(' union all ')}) about where ids is not null`;
