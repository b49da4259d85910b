/**
 * Brings the database's tables up to the version of this hub, with the migrations that drizzle-kit generated.
 *
 * Works on a client of its own, because drizzle changes its client's parsers, and one process at a time: on a server the
 * others wait for an advisory lock and then find nothing to do; the embedded database has one process anyway. All pending
 * migrations are one transaction: all or none. It never goes back and never touches data by itself. Where nothing is pending it takes
 * no right but to read, so that a server may run as a role that owns nothing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { safeError } from './failures.ts';
import type { Database } from './open.ts';

/** Any number, the same in every hub: it names "migrating" among advisory locks. */
const LOCK = 622_300_001;

const shipped = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** Applies what is pending in `folder` (the hub's own `drizzle/` unless told otherwise); does nothing when nothing is. */
export async function migrate(database: Database, folder: string = shipped): Promise<void> {
  const client = database.connect({ name: 'migrate', max: 1 });
  try {
    if (await isCurrent(client, folder)) return;
    if (database.kind === 'server') await client`select pg_advisory_lock(${LOCK})`;
    // The lock goes with the connection, also when this process dies.
    await applyMigrations(drizzle({ client }), { migrationsFolder: folder });
  } catch (error) {
    throw explain(error, folder);
  } finally {
    await client.end({ timeout: 5 }).catch(() => undefined);
  }
}

/** Was the last migration of the folder applied? */
async function isCurrent(client: postgres.Sql, folder: string): Promise<boolean> {
  const { entries = [] } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as { entries?: readonly { readonly when: number }[] };
  const last = entries.at(-1)?.when;
  const [there] = await client<{ there: boolean }[]>`select to_regclass('drizzle.__drizzle_migrations') is not null as there`;
  if (last === undefined || there?.there !== true) return false;
  const [applied] = await client<{ at: string }[]>`select created_at::text as at from drizzle.__drizzle_migrations order by created_at desc limit 1`;
  return Number(applied?.at ?? 0) >= last;
}

/** drizzle wraps the database's error in one whose message is the statement with its parameters. */
function explain(error: unknown, folder: string): Error {
  const inner = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (error instanceof Error && /meta\/_journal\.json|No file .* found/.test(error.message)) {
    return new HubError('CONTRACT_BROKEN', `The migrations in ${folder} are not complete: ${error.message}. Generate them with drizzle-kit.`);
  }
  const safe = safeError(inner, 'a migration');
  if (safe instanceof HubError) return safe;
  const failed = new HubError('CONTRACT_BROKEN', `A migration could not be applied and nothing was changed: ${safe.message}. The database may hold tables that the hub did not make, or the role may lack rights.`);
  Object.defineProperty(failed, 'cause', { value: inner, enumerable: false });
  return failed;
}
