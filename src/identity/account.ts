/**
 * Accounts of administrators at the console, as they are administered: opened, given a new one-time password, unlocked, closed.
 *
 * An account is one registered administrator's, who has one role for good: an account opens no other door than his. Whoever opens or
 * resets one sees the one-time password once, and it has to be changed; afterwards nobody can read what it is signed in with. A reset
 * does not take off the one-time code: that is another administrator's to do, so that no one person can sign in as somebody else.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { newPassword } from './password.ts';
import type { Passwords } from './password.ts';
import { changePolicy } from './policy-change.ts';
import type { Actor } from './policy-change.ts';

/** Days for which a one-time password can be used. */
export const oneTimeDays = 7;

/** A one-time password that was just made: nobody sees it again. */
export interface OneTime {
  readonly account: string;
  readonly administrator: string;
  readonly password: string;
  /** ISO 8601; until when it can be used. */
  readonly until: string;
}

/** An account as administrators see it. */
export interface ShownAccount {
  readonly name: string;
  readonly administrator: string;
  readonly openedAt: string;
  readonly resetAt: string;
  readonly resetBy: string;
  readonly closedAt: string | null;
  /** A one-time password was given and not changed yet. */
  readonly mustChangePassword: boolean;
  /** Until when that can be used. */
  readonly oneTimeUntil: string | null;
  readonly failedAttempts: number;
  readonly lockedUntil: string | null;
  /** A one-time code is asked for beside the password. */
  readonly hasCode: boolean;
  /** When its holder used the console last, and in how many places he is signed in. */
  readonly usedAt: string | null;
  readonly sessions: number;
}

/** Could an account be called so? */
export function isAccountName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{1,63}$/.test(name);
}

/** A name as it is kept: `BAD_INPUT` where it can be none. */
export function accountName(given: string): string {
  const name = given.trim().toLowerCase();
  if (!isAccountName(name)) throw new HubError('BAD_INPUT', 'The name of an account is 2 to 64 letters (a-z), digits, dots, hyphens or underscores, and begins with a letter or digit.');
  return name;
}

/** Opens an account for an administrator, or opens his closed one again; gives its one-time password. */
export async function openAccount(sql: postgres.Sql, passwords: Passwords, { name: given, administrator }: { readonly name: string; readonly administrator: string }, actor: Actor): Promise<OneTime> {
  const name = accountName(given);
  const made = await oneTime(passwords, actor.now);
  await changePolicy(sql, actor, async (tx) => {
    const [known] = await tx`select 1 from administrator where code = ${administrator} for update`;
    if (known === undefined) throw new HubError('BAD_INPUT', `There is no administrator ${administrator}. A SECURITY administrator of the data authority registers him first (registerAdministrator).`);
    const there = await tx<{ name: string; administrator: string; closed: boolean }[]>`select name, administrator_code as administrator, closed_at is not null as closed from account where name = ${name} or administrator_code = ${administrator}`;
    const taken = there.find((one) => one.administrator !== administrator);
    if (taken !== undefined) throw new HubError('CONFLICT', `The name ${name} is another administrator's, for good. Take another one.`);
    const own = there.find((one) => one.administrator === administrator);
    if (own !== undefined && (!own.closed || own.name !== name)) throw new HubError('CONFLICT', `${administrator} has the account ${own.name}${own.closed ? ', which is closed: open that one again' : ' already'}. A forgotten password is replaced by resetAccount.`);
    await tx`insert into account (name, administrator_code, opened_at, reset_at, reset_by) values (${name}, ${administrator}, ${actor.now}, ${actor.now}, ${actor.by})
             on conflict (name) do update set reset_at = excluded.reset_at, reset_by = excluded.reset_by, closed_at = null`;
    await keep(tx, name, made, actor.now);
  });
  return { account: name, administrator, password: made.password, until: made.until };
}

/** Gives an account a new one-time password and ends its sessions. It is locked no more; its one-time code stays. */
export async function resetAccount(sql: postgres.Sql, passwords: Passwords, given: string, actor: Actor): Promise<OneTime> {
  const name = accountName(given);
  const made = await oneTime(passwords, actor.now);
  const administrator = await changePolicy(sql, actor, async (tx) => {
    const [own] = await tx<{ administrator: string }[]>`update account set reset_at = ${actor.now}, reset_by = ${actor.by} where name = ${name} and closed_at is null returning administrator_code as administrator`;
    if (own === undefined) throw unknown(name);
    await keep(tx, name, made, actor.now);
    return own.administrator;
  });
  return { account: name, administrator, password: made.password, until: made.until };
}

/** Lets a locked account be signed in to at once. Gives its name. */
export async function unlockAccount(sql: postgres.Sql, given: string): Promise<string> {
  const name = accountName(given);
  const unlocked = await sql`update account_secret set failed = 0, failed_at = null, locked_until = null where name = (select name from account where name = ${name} and closed_at is null) returning 1`;
  if (unlocked.length === 0) throw unknown(name);
  return name;
}

/** Takes the one-time code off an account whose holder has lost it; tells whether there was one. */
export async function takeOffCode(sql: postgres.Sql, given: string, actor: Actor): Promise<boolean> {
  const name = accountName(given);
  return changePolicy(sql, actor, async (tx) => {
    const [own] = await tx<{ had: boolean }[]>`select code_secret is not null as had from account join account_secret using (name) where name = ${name} and closed_at is null for update of account_secret`;
    if (own === undefined) throw unknown(name);
    await tx`update account_secret set code_secret = null, code_pending = null, code_step = null where name = ${name}`;
    await tx`delete from console_session where account_name = ${name}`;
    return own.had;
  });
}

/** Closes an account and ends its sessions, now. Gives its name. */
export async function closeAccount(sql: postgres.Sql, given: string, actor: Actor): Promise<string> {
  const name = accountName(given);
  await changePolicy(sql, actor, async (tx) => {
    const [own] = await tx<{ administrator: string }[]>`update account set closed_at = ${actor.now} where name = ${name} and closed_at is null returning administrator_code as administrator`;
    if (own === undefined) throw unknown(name);
    await tx`delete from console_session where account_name = ${name}`;
  });
  return name;
}

/** Closes whatever account an administrator has, and ends all his sessions, however he signed in; gives how many ways in there were. */
export async function closeConsole(tx: postgres.TransactionSql, administrator: string, now: string): Promise<number> {
  const closed = await tx`update account set closed_at = ${now} where administrator_code = ${administrator} and closed_at is null returning 1`;
  await tx`delete from console_session where administrator_code = ${administrator}`;
  return closed.length;
}

/** All accounts, by name. `now`: ISO 8601. */
export async function accounts(sql: postgres.Sql, now: string): Promise<readonly ShownAccount[]> {
  const moment = (column: postgres.PendingQuery<postgres.Row[]>) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return sql<ShownAccount[]>`
    select a.name, a.administrator_code as administrator, ${moment(sql`a.opened_at`)} as "openedAt", ${moment(sql`a.reset_at`)} as "resetAt", a.reset_by as "resetBy", ${moment(sql`a.closed_at`)} as "closedAt",
           s.must_change as "mustChangePassword", ${moment(sql`s.expires_at`)} as "oneTimeUntil", s.failed as "failedAttempts",
           case when s.locked_until > ${now}::timestamptz then ${moment(sql`s.locked_until`)} end as "lockedUntil", s.code_secret is not null as "hasCode",
           ${moment(sql`c.used_at`)} as "usedAt", coalesce(c.sessions, 0)::int as sessions
    from account a join account_secret s using (name)
    left join (select administrator_code, max(used_at) as used_at, count(*) filter (where ends_at > ${now}::timestamptz) as sessions from console_session group by 1) c on c.administrator_code = a.administrator_code
    order by a.name`;
}

interface Made {
  readonly password: string;
  readonly digest: string;
  readonly until: string;
}

async function oneTime(passwords: Passwords, now: string): Promise<Made> {
  const password = newPassword();
  return { password, digest: await passwords.digest(password), until: new Date(Date.parse(now) + oneTimeDays * 86_400_000).toISOString() };
}

async function keep(tx: postgres.TransactionSql, name: string, { digest, until }: Made, now: string): Promise<void> {
  await tx`insert into account_secret (name, digest, must_change, expires_at, changed_at) values (${name}, ${digest}, true, ${until}, ${now})
           on conflict (name) do update set digest = excluded.digest, must_change = true, expires_at = excluded.expires_at, changed_at = excluded.changed_at, failed = 0, failed_at = null, locked_until = null`;
  await tx`delete from console_session where account_name = ${name}`;
}

function unknown(name: string): HubError {
  return new HubError('BAD_INPUT', `There is no open account ${name}; the accounts (query accounts) are listed with their names.`);
}
