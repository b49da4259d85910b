/**
 * Holders' authorizations (持证主体授权): a subject has allowed an application to see what is his, for a matter or for all of its
 * matters, until a moment. An application records what it was given, for itself only, and takes it back; what may be seen by it is
 * said by grants with the bound `authorization`.
 *
 * Whether the subject is there is not asked, and the document in which he said so is not kept here.
 */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import { takesPart } from '../identity/purpose.ts';
import { subjectKey } from '../identity/subjects.ts';
import type { SubjectInput } from '../identity/subjects.ts';
import type { Consumer, Matter } from '../sharing/terms.ts';

/** Who records it, where and when. */
export interface AuthorizationDesk {
  readonly sql: postgres.Sql;
  /** ISO 8601 in UTC with milliseconds, as are all moments here. */
  readonly now: string;
  /** Civil date. */
  readonly today: string;
  readonly personKey: (idNumber: string) => string;
  readonly consumer: Consumer;
  readonly matter: (code: string) => Matter | undefined;
}

/** What a subject has allowed. */
export interface NewAuthorization {
  readonly subject: SubjectInput;
  /** Null: for every matter of the application. */
  readonly matter?: string | null;
  /** Now unless told. */
  readonly validFrom?: string | null;
  /** From this moment on it is over. */
  readonly validTo: string;
}

/** An authorization that nobody has to renew says that nobody was asked again. */
const longestYears = 5;

/** Records an authorization and gives its id. The same again, while it stands, is the same one. */
export async function recordAuthorization(desk: AuthorizationDesk, given: NewAuthorization): Promise<string> {
  const { sql, now, consumer } = desk;
  const key = subjectKey(given.subject, desk, 'subject');
  const matter = given.matter ?? null;
  const own = matter === null ? undefined : desk.matter(matter);
  if (matter !== null && (own === undefined || !takesPart(consumer, own))) throw new HubError('PURPOSE_REFUSED', 'matter is not registered, or this department has no part in it; `matters` lists yours.');
  const [from, to] = [given.validFrom ?? now, given.validTo];
  if (from >= to) throw new HubError('BAD_INPUT', 'validFrom is before validTo.');
  if (to <= now) throw new HubError('BAD_INPUT', 'validTo has passed: the subject has to authorize anew.');
  if (Date.parse(to) - Date.parse(from) > longestYears * 366 * 86_400_000) throw new HubError('BAD_INPUT', `An authorization is for ${longestYears} years at most.`);
  return safely(sql, 'record an authorization', async (tx) => {
    const [same] = await tx<{ id: string }[]>`
      select id from holder_authorization where consumer_code = ${consumer.consumer} and subject_key = ${key} and matter_code is not distinct from ${matter}
        and valid_to = ${to} and revoked_at is null and (valid_from = ${from} or (${given.validFrom ?? null}::text is null and valid_from <= ${now})) limit 1`;
    if (same !== undefined) return same.id;
    const id = randomUUID();
    await tx`insert into holder_authorization (id, subject_key, consumer_code, matter_code, valid_from, valid_to) values (${id}, ${key}, ${consumer.consumer}, ${matter}, ${from}, ${to})`;
    return id;
  });
}

/** Takes an authorization back, from now on. One that is taken back already stays so; one of another application is not there. */
export async function revokeAuthorization({ sql, now, consumer }: AuthorizationDesk, id: string): Promise<void> {
  const missing = new HubError('BAD_INPUT', 'This application has recorded no authorization of this id.');
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw missing;
  await safely(sql, 'revoke an authorization', async (tx) => {
    const ended = await tx`update holder_authorization set revoked_at = coalesce(revoked_at, ${now}) where id = ${id} and consumer_code = ${consumer.consumer} returning 1`;
    if (ended.length === 0) throw missing;
  });
}

async function safely<T>(sql: postgres.Sql, what: string, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  try {
    return await sql.begin(work) as T;
  } catch (error) {
    throw safeError(error, what);
  }
}
