/**
 * Signing in with a password, and what whoever is signed in does with it: changes it, and adds a one-time code to it.
 *
 * Each try is counted before it is looked at, in the database, so that tries at once and at several processes are as many as they
 * are; the one that succeeds takes the count back. From the fifth in vain on the account is locked, each time for longer. A name that
 * nobody has is treated alike to the last answer and its time: nobody learns here who has an account.
 */
import type postgres from 'postgres';
import { LRUCache } from 'lru-cache';
import { HubError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { isAccountName } from './account.ts';
import type { KeyProvider } from './key-provider.ts';
import { newCodeSecret, otpauthUri, stepOf } from './one-time-code.ts';
import { checkPassword, passwordRefused } from './password.ts';
import type { Passwords } from './password.ts';

/** What signing in takes. */
export interface SignInParts {
  readonly sql: postgres.Sql;
  readonly passwords: Passwords;
  readonly keys: Pick<KeyProvider, 'seal' | 'unseal'>;
  readonly now: () => Date;
  /** Hears of each try in vain: its code, whose account it was (null: nobody's), and whether it was the one that locked it. */
  readonly told?: (code: ErrorCode, administrator: string | null, lockedNow: boolean) => void;
}

/** What somebody signs in with. */
export interface Credentials {
  readonly account: string;
  readonly password: string;
  readonly code?: string | undefined;
}

/** Whose account was signed in to. */
export interface Entrance {
  readonly account: string;
  readonly administrator: string;
  /** Which password it was: a session begins only while that is still the one. */
  readonly passwordOf: string;
}

/** From this try in vain on an account is locked, and for so many minutes; twice as many with each further one. */
export const lockOut = { from: 5, minutes: 5, mostMinutes: 60, forgottenAfterHours: 24 } as const;

/** Names that nobody has and that are counted all the same, in the memory of one process. */
const mostUnknown = 10_000;

interface Tried {
  readonly digest: string;
  readonly administrator: string;
  readonly passwordOf: string;
  readonly expired: boolean;
  readonly codeSecret: string | null;
  /** Milliseconds since the epoch; null: this try does not lock it. */
  readonly locksUntil: number | null;
}

/** See the head of this file. */
export class SignIns {
  readonly #parts: SignInParts;
  readonly #unknown = new LRUCache<string, { failed: number; at: number; lockedUntil: number }>({ max: mostUnknown });

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** Signs in. Throws `SIGN_IN_REFUSED`, `CODE_REQUIRED` or `ACCOUNT_LOCKED`. */
  async enter({ account: given, password, code }: Credentials): Promise<Entrance> {
    const name = nameOf(given);
    const tried = await this.#try(name, password);
    if (tried.expired) {
      await this.#takeBack(name, tried);
      throw new HubError('SIGN_IN_REFUSED', 'The one-time password has expired. Ask a system administrator for a new one.', { reason: 'ONE_TIME_PASSWORD_EXPIRED' });
    }
    if (tried.codeSecret !== null) {
      if (code === undefined) {
        await this.#takeBack(name, tried);
        throw new HubError('CODE_REQUIRED', 'The password is right. Send the code of your authenticator app with it.');
      }
      if (!await this.#takeCode(name, tried.codeSecret, code)) throw this.#refused(tried.administrator, tried.locksUntil, 'The code is not right, or was used before. Wait for the next one and try again.');
    }
    await this.#succeeded(name, password, tried);
    return { account: name, administrator: tried.administrator, passwordOf: tried.passwordOf };
  }

  /** Proves that whoever is signed in is still the one who knows the password. Throws as `enter`. */
  async confirm(name: string, password: string): Promise<void> {
    await this.#succeeded(name, password, await this.#try(name, password));
  }

  /** Changes the password. `names`: what it may not hold. Throws as `enter`, and `BAD_INPUT` with the reason. */
  async change(name: string, password: string, next: string, names: readonly string[]): Promise<Entrance> {
    checkPassword(next, [name, ...names]);
    const tried = await this.#try(name, password);
    if (password.normalize('NFKC') === next.normalize('NFKC')) {
      await this.#takeBack(name, tried);
      throw passwordRefused('SAME');
    }
    const digest = await this.#parts.passwords.digest(next);
    // Whoever was given another one meanwhile has that one.
    const [changed] = await this.#parts.sql<{ passwordOf: string }[]>`
      update account_secret set digest = ${digest}, must_change = false, expires_at = null, changed_at = ${this.#now().toISOString()}, failed = 0, failed_at = null, locked_until = null
      where name = ${name} and digest = ${tried.digest} returning changed_at::text as "passwordOf"`;
    if (changed === undefined) throw new HubError('CONFLICT', 'The password was replaced at the same moment. Sign in with the new one.');
    return { account: name, administrator: tried.administrator, passwordOf: changed.passwordOf };
  }

  /** Makes a secret for one-time codes, which counts once it is confirmed by a code. `issuer`: what the app calls the hub. */
  async beginCode(name: string, issuer: string): Promise<{ readonly uri: string; readonly secret: string }> {
    const secret = newCodeSecret();
    const begun = await this.#parts.sql`update account_secret set code_pending = ${this.#parts.keys.seal(secret, pendingOf(name))} where name = ${name} and code_secret is null returning 1`;
    if (begun.length === 0) throw new HubError('CONFLICT', 'One-time codes are on already. Take them off first, with the password.');
    return { uri: otpauthUri(issuer, name, secret), secret };
  }

  /** Turns one-time codes on; throws `SIGN_IN_REFUSED` where the code is not of the secret that was made last. */
  async confirmCode(name: string, code: string): Promise<void> {
    const { sql, keys } = this.#parts;
    const [own] = await sql<{ pending: string | null }[]>`select code_pending as pending from account_secret where name = ${name}`;
    const secret = (own?.pending ?? null) === null ? null : keys.unseal(own?.pending ?? '', pendingOf(name));
    if (secret === null) throw new HubError('CONFLICT', 'There is no new secret to confirm. Begin again.');
    const step = stepOf(secret, code, this.#now().getTime());
    if (step === null) throw new HubError('SIGN_IN_REFUSED', 'The code is not right. Check the clock of the device, and send the code that the app shows now.');
    const on = await sql`update account_secret set code_secret = ${keys.seal(secret, name)}, code_pending = null, code_step = ${step} where name = ${name} and code_secret is null and code_pending = ${own?.pending ?? ''} returning 1`;
    if (on.length === 0) throw new HubError('CONFLICT', 'The secret was made anew at the same moment. Begin again.');
  }

  /** Takes one-time codes off, with the password; tells whether they were on. Throws as `enter`. */
  async endCode(name: string, password: string): Promise<boolean> {
    await this.confirm(name, password);
    const ended = await this.#parts.sql`update account_secret set code_secret = null, code_pending = null, code_step = null where name = ${name} and code_secret is not null returning 1`;
    return ended.length > 0;
  }

  #now(): Date {
    return this.#parts.now();
  }

  /** Counts a try and looks at its password; what it gives back had the right one. */
  async #try(name: string, password: string): Promise<Tried> {
    const now = this.#now();
    const { tried, administrator, locksUntil, lockedUntil } = await this.#count(name, now);
    if (lockedUntil !== null) throw this.#locked(administrator, lockedUntil);
    const fits = await this.#parts.passwords.fits(password, tried?.digest ?? null);
    if (tried === undefined || !fits) throw this.#refused(administrator, locksUntil);
    return tried;
  }

  async #count(name: string, now: Date): Promise<{ readonly tried: Tried | undefined; readonly administrator: string | null; /** This try locks it. */ readonly locksUntil: number | null; /** It was locked before, and this is none. */ readonly lockedUntil: number | null }> {
    const { from, minutes, mostMinutes, forgottenAfterHours } = lockOut;
    const at = now.toISOString();
    const [row] = await this.#parts.sql<(Omit<Tried, 'digest' | 'locksUntil'> & { digest: string | null; owner: string | null; locksUntil: string | null; lockedUntil: string | null })[]>`
      with own as (
        select s.name, s.locked_until, a.administrator_code, case when s.failed_at is null or s.failed_at < ${at}::timestamptz - make_interval(hours => ${forgottenAfterHours}) then 0 else s.failed end as failed
        from account a join account_secret s using (name) where a.name = ${askable(name)} and a.closed_at is null for update of s
      ), tried as (
        update account_secret s set failed = own.failed + 1, failed_at = ${at},
               locked_until = case when own.failed + 1 >= ${from}::int then ${at}::timestamptz + make_interval(mins => least(${mostMinutes}::int, ${minutes}::int * (2 ^ least(own.failed + 1 - ${from}::int, 10))::int)) end
        from own where s.name = own.name and (own.locked_until is null or own.locked_until <= ${at}::timestamptz)
        returning s.digest, own.administrator_code, s.changed_at::text as password_of, coalesce(s.expires_at <= ${at}::timestamptz, false) as expired, s.code_secret, s.locked_until
      )
      select tried.digest, tried.administrator_code as administrator, own.administrator_code as owner, tried.password_of as "passwordOf", tried.expired, tried.code_secret as "codeSecret",
             (extract(epoch from tried.locked_until) * 1000)::text as "locksUntil", case when tried.digest is null then (extract(epoch from own.locked_until) * 1000)::text end as "lockedUntil"
      from (select 1) one left join own on true left join tried on true`;
    const owner = row?.owner ?? null;
    if (row === undefined || owner === null) {
      const pretended = this.#unknown.get(name)?.lockedUntil ?? 0;
      const locked = pretended > now.getTime();
      return { tried: undefined, administrator: null, locksUntil: locked ? null : this.#countUnknown(name, now.getTime()), lockedUntil: locked ? pretended : null };
    }
    if (row.digest === null) return { tried: undefined, administrator: owner, locksUntil: null, lockedUntil: Number(row.lockedUntil) };
    const locksUntil = row.locksUntil === null ? null : Number(row.locksUntil);
    return { tried: { ...row, digest: row.digest, locksUntil }, administrator: owner, locksUntil, lockedUntil: null };
  }

  /** Counts as the database does; gives until when the name that nobody has is locked. */
  #countUnknown(name: string, now: number): number | null {
    const known = this.#unknown.get(name);
    const failed = known === undefined || known.at < now - lockOut.forgottenAfterHours * 3_600_000 ? 1 : known.failed + 1;
    const lockedUntil = failed < lockOut.from ? 0 : now + 60_000 * Math.min(lockOut.mostMinutes, lockOut.minutes * 2 ** Math.min(failed - lockOut.from, 10));
    this.#unknown.set(name, { failed, at: now, lockedUntil });
    return lockedUntil === 0 ? null : lockedUntil;
  }

  /** A try that was none: it led no further, and was not wrong. */
  async #takeBack(name: string, { locksUntil }: Tried): Promise<void> {
    await this.#parts.sql`
      update account_secret set failed = greatest(failed - 1, 0), locked_until = case when ${locksUntil === null} then locked_until when locked_until = ${new Date(locksUntil ?? 0).toISOString()}::timestamptz then null else locked_until end
      where name = ${name}`;
  }

  async #succeeded(name: string, password: string, { digest }: Tried): Promise<void> {
    const { sql, passwords } = this.#parts;
    const renewed = passwords.isOld(digest) ? await passwords.digest(password) : digest;
    await sql`update account_secret set failed = 0, failed_at = null, locked_until = null, digest = case when digest = ${digest} then ${renewed} else digest end where name = ${name}`;
  }

  /** Takes a code that was not taken before, by whichever process. */
  async #takeCode(name: string, sealed: string, code: string): Promise<boolean> {
    const secret = this.#parts.keys.unseal(sealed, name);
    const step = secret === null ? null : stepOf(secret, code.replace(/\s/g, ''), this.#now().getTime());
    if (step === null) return false;
    return (await this.#parts.sql`update account_secret set code_step = ${step} where name = ${name} and (code_step is null or code_step < ${step}) returning 1`).length > 0;
  }

  #refused(administrator: string | null, locksUntil: number | null, sentence = 'The account or the password is not right. Check both and try again; a system administrator gives a new password.'): HubError {
    if (locksUntil !== null) return this.#locked(administrator, locksUntil, true);
    this.#parts.told?.('SIGN_IN_REFUSED', administrator, false);
    return new HubError('SIGN_IN_REFUSED', sentence);
  }

  #locked(administrator: string | null, until: number, lockedNow = false): HubError {
    this.#parts.told?.('ACCOUNT_LOCKED', administrator, lockedNow);
    const minutes = Math.max(1, Math.ceil((until - this.#now().getTime()) / 60_000));
    return new HubError('ACCOUNT_LOCKED', `Too many tries were in vain: the account is locked for another ${minutes} minutes. Wait, or ask a system administrator to unlock it.`, { until: new Date(until).toISOString() });
  }
}

/** A name as it is looked for. */
function nameOf(given: string): string {
  return given.trim().toLowerCase().slice(0, 100);
}

/** What was typed, as the database takes it: what no account could be called is nobody's. */
function askable(name: string): string {
  return isAccountName(name) ? name : '';
}

/** What a secret is sealed as that is not confirmed: it is not taken for one that is. */
function pendingOf(name: string): string {
  return `${name}, to be confirmed`;
}
