/**
 * Sessions of the console: who is signed in, in the database, so that every process of the hub knows it and an end is one everywhere.
 *
 * An id is 256 random bits that the browser alone has; kept is its digest. A session ends twelve hours after signing in, whatever is
 * done, and with the account, its password, or the link of the token that it began with. Unused for a while it is locked: nothing is done
 * in it before the password is given again. What a session may do is what its administrator may do, and asked anew each time.
 */
import { hash, randomBytes } from 'node:crypto';
import type postgres from 'postgres';

/** Hours after which a session ends. */
export const sessionHours = 12;

/** Use is noted when it is so old, in milliseconds: not every request writes. */
const noteEveryMs = 30_000;

/** Whose session begins, and by what: the password of an account, as it was when it was looked at; or a token whose subject is linked. */
export type SignedInBy = { readonly administrator: string; readonly account: string; readonly passwordOf: string } | { readonly administrator: string; readonly tokenSubject: string };

/** A session as it was found. */
export interface Session {
  readonly digest: string;
  readonly administrator: string;
  /** Null: signed in at the issuer. */
  readonly account: string | null;
  /** Nothing is done before the password is given again. */
  readonly locked: boolean;
  /** Nothing is done before the one-time password is changed. */
  readonly mustChangePassword: boolean;
  /** One-time codes are on. */
  readonly hasCode: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endsAt: string;
}

/** What sessions take. */
export interface SessionParts {
  readonly sql: postgres.Sql;
  readonly now: () => Date;
  /** Minutes without use after which a session is locked. */
  readonly idleMinutes: number;
}

/** What is kept of an id. */
export function sessionDigest(id: string): string {
  return hash('sha256', id, 'base64url');
}

/** Could it be an id? */
export function isSessionId(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** See the head of this file. */
export class Sessions {
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get idleMinutes(): number {
    return this.#parts.idleMinutes;
  }

  /** Begins a session and gives its id, which nobody is told again; null: what it was to begin with has ended meanwhile. Sessions that have ended are forgotten. */
  async begin(by: SignedInBy): Promise<string | null> {
    const { sql, now } = this.#parts;
    const id = randomBytes(32).toString('base64url');
    const at = now();
    const ends = new Date(at.getTime() + sessionHours * 3_600_000).toISOString();
    await sql`delete from console_session where ends_at <= ${at.toISOString()}`;
    const still = 'account' in by
      ? sql`select 1 from account join account_secret using (name) where name = ${by.account} and administrator_code = ${by.administrator} and closed_at is null and changed_at = ${by.passwordOf}::timestamptz for share`
      : sql`select 1 from token_subject where code = ${by.tokenSubject} and administrator_code = ${by.administrator} for share`;
    const begun = await sql`
      with still as (${still})
      insert into console_session (digest, administrator_code, account_name, token_subject, started_at, used_at, ends_at)
      select ${sessionDigest(id)}, ${by.administrator}, ${'account' in by ? by.account : null}, ${'tokenSubject' in by ? by.tokenSubject : null}, ${at.toISOString()}::timestamptz, ${at.toISOString()}::timestamptz, ${ends}::timestamptz from still
      returning 1`;
    return begun.length === 0 ? null : id;
  }

  /** The session of a digest that has not ended; null: there is none. `used`: a person does something, so it is not idle. */
  async find(digest: string, used: boolean): Promise<Session | null> {
    const { sql, now, idleMinutes } = this.#parts;
    const at = now();
    const [row] = await sql<(Omit<Session, 'locked'> & { lockedAt: string | null; usedMs: string })[]>`
      select c.digest, c.administrator_code as administrator, c.account_name as account, c.locked_at as "lockedAt", coalesce(s.must_change, false) as "mustChangePassword", s.code_secret is not null as "hasCode",
             (extract(epoch from c.used_at) * 1000)::text as "usedMs", to_char(c.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "startedAt", to_char(c.ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "endsAt"
      from console_session c left join account a on a.name = c.account_name left join account_secret s on s.name = c.account_name left join token_subject t on t.code = c.token_subject and t.administrator_code = c.administrator_code
      where c.digest = ${digest} and c.ends_at > ${at.toISOString()}::timestamptz and ((a.name is not null and a.closed_at is null) or t.code is not null)`;
    if (row === undefined) return null;
    const { lockedAt, usedMs, ...session } = row;
    const unused = at.getTime() - Number(usedMs);
    const locked = lockedAt !== null || unused >= idleMinutes * 60_000;
    if (used && !locked && unused >= noteEveryMs) await sql`update console_session set used_at = ${at.toISOString()} where digest = ${digest} and locked_at is null and used_at < ${at.toISOString()}::timestamptz`;
    return { ...session, locked };
  }

  /** Locks a session. */
  async lock(digest: string): Promise<void> {
    await this.#parts.sql`update console_session set locked_at = coalesce(locked_at, ${this.#parts.now().toISOString()}) where digest = ${digest}`;
  }

  /** Goes on with a session under a new id, which it gives; null: it has ended meanwhile. It ends when it would have. */
  async unlock(digest: string): Promise<string | null> {
    const id = randomBytes(32).toString('base64url');
    const unlocked = await this.#parts.sql`update console_session set digest = ${sessionDigest(id)}, locked_at = null, used_at = ${this.#parts.now().toISOString()} where digest = ${digest} returning 1`;
    return unlocked.length === 0 ? null : id;
  }

  /** Ends a session. */
  async end(digest: string): Promise<void> {
    await this.#parts.sql`delete from console_session where digest = ${digest}`;
  }

  /** Ends all sessions of an account. */
  async endAll(account: string): Promise<void> {
    await this.#parts.sql`delete from console_session where account_name = ${account}`;
  }
}
