/**
 * Accounts of administrators at the console: who has one (which the log of policy follows), what it is signed in with (which no log
 * may hold), and who is signed in. Read and written by `identity/` alone.
 */
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, customType, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { administrator } from './policy-tables.ts';

const instant = (name: string) => timestamp(name, { mode: 'string', withTimezone: true, precision: 3 });
/** Names compare by bytes. */
const bytes = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** An account: the name that an administrator signs in by. One each; a name is his for good. */
export const account = pgTable('account', {
  /** In lower case. */
  name: bytes('name').primaryKey(),
  administratorCode: text('administrator_code').notNull().unique().references(() => administrator.code),
  openedAt: instant('opened_at').notNull(),
  /** When a one-time password was given last, and by whom. */
  resetAt: instant('reset_at').notNull(),
  resetBy: text('reset_by').notNull(),
  /** It can be opened again by giving a new password. */
  closedAt: instant('closed_at'),
});

/** What an account is signed in with, and how often somebody tried in vain. */
export const accountSecret = pgTable('account_secret', {
  name: bytes('name').primaryKey().references(() => account.name),
  /** `$scrypt$…` (see identity/password.ts). */
  digest: text('digest').notNull(),
  /** A one-time password: it has to be changed, and ends. */
  mustChange: boolean('must_change').notNull(),
  expiresAt: instant('expires_at'),
  changedAt: instant('changed_at').notNull(),
  /** Tries since the last one that succeeded, the one that runs included. */
  failed: integer('failed').notNull().default(0),
  failedAt: instant('failed_at'),
  lockedUntil: instant('locked_until'),
  /** Secret of its one-time codes, sealed (identity/key-provider.ts); null: it is signed in without. */
  codeSecret: text('code_secret'),
  /** One that was made and not confirmed yet. */
  codePending: text('code_pending'),
  /** The step of the last code that was taken: each is taken once. */
  codeStep: bigint('code_step', { mode: 'bigint' }),
}, (table) => [check('account_secret_failed', sql`${table.failed} >= 0`)]);

/** Who is signed in at the console. */
export const consoleSession = pgTable('console_session', {
  /** SHA-256 of the id, which the browser alone has. */
  digest: text('digest').primaryKey(),
  administratorCode: text('administrator_code').notNull().references(() => administrator.code),
  /** The account whose password was given; null: signed in at the issuer. */
  accountName: bytes('account_name').references(() => account.name),
  /** `issuer subject` of the token that was shown; null: signed in with a password. */
  tokenSubject: text('token_subject'),
  startedAt: instant('started_at').notNull(),
  usedAt: instant('used_at').notNull(),
  endsAt: instant('ends_at').notNull(),
  lockedAt: instant('locked_at'),
}, (table) => [index().on(table.administratorCode), index().on(table.endsAt), check('console_session_by', sql`num_nonnulls(${table.accountName}, ${table.tokenSubject}) = 1`)]);
