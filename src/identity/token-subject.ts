/**
 * Who is meant by the subject of a token: `sub` of an issuer, the only claims that name somebody for good (OpenID Connect Core 1.0
 * §5.7), linked to one registered caller.
 *
 * A subject is one caller's, so nobody holds two roles by one login (三员分立); and an administrator is one person, so he has one
 * subject at an issuer. An application may have several. Nothing else in a token gives anything.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { knownHolder, ownedBy } from './holder.ts';
import type { Holder } from './holder.ts';
import { changePolicy } from './policy-change.ts';
import type { Actor } from './policy-change.ts';

/** `sub` has so many characters at most (OpenID Connect Core 1.0 §2). */
export const longestSubject = 255;

/** A subject as the log of policy names it. */
export function subjectCode(issuer: string, subject: string): string {
  return `${issuer} ${subject}`;
}

/** Links a subject to a caller; linked to him before, nothing changes. `CONFLICT` where it is somebody else's, or the administrator has another. */
export async function linkToken(sql: postgres.Sql, holder: Holder, issuer: string, subject: string, actor: Actor): Promise<void> {
  if (subject === '' || subject.length > longestSubject || /\p{Cc}/u.test(subject)) throw new HubError('BAD_INPUT', `A subject is what the issuer writes into \`sub\`: 1 to ${longestSubject} characters that can be printed.`);
  await changePolicy(sql, actor, async (tx) => {
    const { consumer, administrator } = await knownHolder(tx, holder);
    // Two links of one administrator at once wait for each other here.
    await tx`select 1 from administrator where code = ${administrator} for update`;
    const [linked] = await tx<{ own: boolean }[]>`select (${ownedBy(tx, holder)}) is true as own from token_subject where code = ${subjectCode(issuer, subject)}`;
    if (linked?.own === true) return;
    if (linked !== undefined) throw new HubError('CONFLICT', 'This subject is linked to another caller. Unlink it first: nobody is two callers by one login.');
    if (administrator !== null && (await tx`select 1 from token_subject where administrator_code = ${administrator} and issuer = ${issuer}`).length > 0) {
      throw new HubError('CONFLICT', `${administrator} has a subject of this issuer already, and an administrator is one person. Unlink that one first.`);
    }
    const made = await tx`insert into token_subject (issuer, subject, consumer_code, administrator_code, created_at) values (${issuer}, ${subject}, ${consumer}, ${administrator}, ${actor.now}) on conflict do nothing returning 1`;
    if (made.length === 0) throw new HubError('CONFLICT', 'This subject was linked by somebody else at the same moment. Look again at whose it is.');
  });
}

/** Unlinks a subject now; tells whether it was linked. */
export async function unlinkToken(sql: postgres.Sql, issuer: string, subject: string, actor: Actor): Promise<boolean> {
  return changePolicy(sql, actor, async (tx) => (await tx`delete from token_subject where code = ${subjectCode(issuer, subject)} returning 1`).length > 0);
}

/** A subject that is linked. */
export interface TokenLink {
  readonly issuer: string;
  readonly subject: string;
  /** Whose it is: a consumer's or an administrator's, by code. */
  readonly consumer: string | null;
  readonly administrator: string | null;
  /** ISO 8601. */
  readonly linkedAt: string;
}

/** All subjects that are linked, by whose they are. */
export async function tokenLinks(sql: postgres.Sql): Promise<readonly TokenLink[]> {
  return sql<TokenLink[]>`
    select issuer, subject, consumer_code as consumer, administrator_code as administrator, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "linkedAt"
    from token_subject order by coalesce(consumer_code, administrator_code) collate "C", consumer_code is null, code collate "C"`;
}

/** Unlinks every subject of a holder, of whatever issuer; gives how many there were. */
export async function unlinkAll(tx: postgres.TransactionSql, holder: Holder): Promise<number> {
  return (await tx`delete from token_subject where ${ownedBy(tx, holder)} returning 1`).length;
}
