/**
 * Opens the database that the configuration names: a PostgreSQL server, or the embedded one.
 *
 * It gives two lanes for reading (points: short look-ups; lists: pages and searches, kept apart so that a long list never
 * holds up a look-up) and a general client for writes. It refuses servers that are too old or lack PostGIS. It does not
 * migrate. No error of it carries the connection string.
 *
 * The truth about the embedded database: it has ONE session. Each client has a connection of its own, and embedded-turns.ts
 * lets them take turns, so a transaction on `sql` holds up every lane until it ends. Who awaits a lane (or another
 * client) inside a transaction of `sql` waits for ever there: inside a transaction use only the transaction's own handle.
 */
import type postgres from 'postgres';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { connectTo, type ClientOptions, type Target } from './client.ts';
import { startEmbedded } from './embedded.ts';
import { codeOf, safeError } from './failures.ts';
import { Lane } from './lanes.ts';

/** An open database. */
export interface Database {
  readonly kind: 'embedded' | 'server';
  /** Embedded: the directory was new. Server: no migration has run in it yet. */
  readonly fresh: boolean;
  /** Look-ups of single records and small batches. */
  readonly points: Lane;
  /** Pages, searches, everything that may take long. */
  readonly lists: Lane;
  /** For writes and transactions. Rows come as on the lanes: dates, times and JSON as text. */
  readonly sql: postgres.Sql;
  /** Settles only if the embedded database dies; the hub must then stop serving. A server's loss shows in each query. */
  readonly lost: Promise<HubError>;
  /** A further client for who needs its own (drizzle changes its client's parsers); the caller ends it. */
  connect(options: ClientOptions): postgres.Sql;
  /** Waits for running statements, disconnects, and stops the embedded database. May be called twice. */
  close(): Promise<void>;
}

/** A read that takes longer is stopped by the server. */
const LANE_TIMEOUT_MS = 10_000;

/** A write may wait for others and touch more. */
const WRITE_TIMEOUT_MS = 60_000;

const OLDEST_SERVER = 150_000;

/** Opens what `config` names; throws `CONFIG_INVALID`, `UNAVAILABLE` or `DIRECTORY_IN_USE` with the next step. */
export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database> {
  if (config.databaseUrl !== undefined) return openServer(config.databaseUrl);
  const embedded = await startEmbedded({ dataDir: config.dataDir });
  return join({ kind: 'embedded', socketDir: embedded.socketDir }, embedded.fresh, embedded.lost, () => embedded.close());
}

/** Joins an embedded database that another part of the program (or, in tests, another process) has started and will stop. */
export function joinEmbedded(socketDir: string): Database {
  return join({ kind: 'embedded', socketDir }, false, new Promise(() => undefined), async () => undefined);
}

async function openServer(url: string): Promise<Database> {
  const where = describe(url);
  const target: Target = { kind: 'server', url };
  const fresh = await inspect(target, where);
  return join(target, fresh, new Promise(() => undefined), async () => undefined);
}

function join(target: Target, fresh: boolean, lost: Promise<HubError>, stop: () => Promise<void>): Database {
  // One connection: with a second one the driver's queues only grow while both are busy, and it searches them at each statement.
  const points = new Lane({ connect: () => connectTo(target, { name: 'points', max: 1, statementTimeoutMs: LANE_TIMEOUT_MS }) });
  const lists = new Lane({ connect: () => connectTo(target, { name: 'lists', max: 4, statementTimeoutMs: LANE_TIMEOUT_MS, pipeline: 0 }) });
  const sql = connectTo(target, { name: 'writes', max: 4, statementTimeoutMs: WRITE_TIMEOUT_MS });
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([points.close(), lists.close(), sql.end({ timeout: 5 })]);
    await stop();
  };
  return { kind: target.kind, fresh, points, lists, sql, lost, connect: (options) => connectTo(target, options), close: () => (closed ??= close()) };
}

/** Host and port of a connection string, for sentences; never the user or the password. */
function describe(url: string): string {
  try {
    const { host } = new URL(url);
    return host === '' ? 'this machine' : host;
  } catch {
    // The parser's own error quotes its input, password and all.
    throw new HubError('CONFIG_INVALID', 'DATABASE_URL is not a connection string. Write it as postgres://user:password@host:port/database, with special characters of the password percent-encoded.');
  }
}

/** Asks the server what it is, refuses what will not do, and says whether it is still empty. */
async function inspect(target: Target, where: string): Promise<boolean> {
  const sql = connectTo(target, { name: 'start', max: 1, statementTimeoutMs: LANE_TIMEOUT_MS });
  try {
    const [found] = await sql<{ version: number; release: string; encoding: string; postgis: string | null; fresh: boolean }[]>`
      select current_setting('server_version_num')::int as version, current_setting('server_version') as release,
             current_setting('server_encoding') as encoding,
             (select coalesce(installed_version, default_version) from pg_available_extensions where name = 'postgis') as postgis,
             to_regclass('drizzle.__drizzle_migrations') is null as fresh`;
    if (!found) throw new HubError('UNAVAILABLE', `The PostgreSQL server at ${where} gave no answer. Check the server and start again.`);
    const lacks = unfit(found);
    if (lacks !== undefined) throw new HubError('CONFIG_INVALID', `The PostgreSQL server at ${where} will not do: ${lacks}`);
    return found.fresh;
  } catch (error) {
    throw refusal(error, where);
  } finally {
    await sql.end({ timeout: 1 }).catch(() => undefined);
  }
}

/** What a server lacks, as the end of a sentence with the next step; undefined if it will do. */
export function unfit(found: { readonly version: number; readonly release: string; readonly encoding: string; readonly postgis: string | null }): string | undefined {
  if (found.version < OLDEST_SERVER) return `it is PostgreSQL ${found.release}, and the hub needs 15 or newer. Upgrade it or name another one in DATABASE_URL.`;
  if (found.encoding !== 'UTF8') return `the database is encoded in ${found.encoding}, and the hub needs UTF8. Create the database with ENCODING 'UTF8'.`;
  if (found.postgis === null) return `PostGIS is not installed on it. Install the postgis package of its version and start again.`;
  const [major = 0, minor = 0] = found.postgis.split('.').map(Number);
  if (major < 3 || (major === 3 && minor < 3)) return `its PostGIS is ${found.postgis}, and the hub needs 3.3 or newer. Upgrade it and run ALTER EXTENSION postgis UPDATE.`;
  return undefined;
}

function refusal(error: unknown, where: string): Error {
  if (error instanceof HubError) return error;
  const code = codeOf(error);
  if (code.startsWith('28')) return new HubError('CONFIG_INVALID', `The PostgreSQL server at ${where} refuses the login (${code}). Check user and password in DATABASE_URL.`);
  if (code === '3D000') return new HubError('CONFIG_INVALID', `The PostgreSQL server at ${where} has no such database. Create it or correct DATABASE_URL.`);
  const safe = safeError(error);
  if (safe instanceof HubError) return new HubError('UNAVAILABLE', `The PostgreSQL server at ${where} does not answer (${code}). Start it or correct DATABASE_URL; without DATABASE_URL the hub uses its embedded database.`);
  return safe;
}
