/**
 * Makes `postgres` clients: the one place that knows where the database is and how values travel.
 *
 * Every session speaks the same: Asia/Shanghai, ISO dates, no JIT; and every client hands out dates, times, JSON and 64-bit
 * or exact numbers as the text PostgreSQL wrote, on both databases, because a Date or a parsed number in between would
 * change what was stored. It refuses to guess a session's settings from the server's or the role's defaults.
 */
import postgres from 'postgres';

/** Where the database is. */
export type Target = { readonly kind: 'embedded'; readonly socketDir: string } | { readonly kind: 'server'; readonly url: string };

/** What one client is for. */
export interface ClientOptions {
  /** Shows up as `application_name`. */
  readonly name: string;
  /** Connections at most; the embedded database has one session, so there it is always one. */
  readonly max: number;
  /** Servers only: the embedded database has no statement_timeout. */
  readonly statementTimeoutMs?: number;
  /** Statements sent ahead on one busy connection; 0 keeps a slow statement from holding up others behind it. */
  readonly pipeline?: number;
  /** It keeps its connections for as long as they last: what hangs on the session stays. */
  readonly stays?: boolean;
}

const asText = (value: unknown): unknown => value;

/** JSON text goes through as it is; anything else is written as JSON. */
const json = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const moment = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

/** The types whose default treatment in the driver would lose or change something. */
const types = {
  date: { to: 1184, from: [1082, 1083, 1114, 1184, 1266], serialize: moment, parse: asText },
  json: { to: 3802, from: [114, 3802], serialize: json, parse: asText },
};

/** A new client; nothing connects before its first query. Its notices are dropped: they may quote data. */
export function connectTo(target: Target, options: ClientOptions): postgres.Sql {
  const common = {
    types,
    onnotice: () => undefined,
    // Seconds before a connection is tried again. The driver would wait for up to 20 after a server was away for some time.
    backoff: (failures: number) => Math.min(1, 3 ** failures / 100),
    // A connection to the embedded database waits its turn behind whatever transaction is open; that is no failure.
    connect_timeout: target.kind === 'server' ? 10 : 0,
    ...(options.pipeline === undefined ? {} : { max_pipeline: options.pipeline }),
  };
  if (target.kind === 'embedded') {
    // Everything is given, so that no PG* variable of the environment leads elsewhere. No lifetime: nothing is gained
    // by reconnecting to a session that stays the same.
    const { socketDir } = target;
    return postgres({ ...common, host: 'localhost', port: 5432, path: `${socketDir}/.s.PGSQL.5432`, user: 'postgres', password: '', database: 'postgres', ssl: false, max: 1, max_lifetime: null });
  }
  const connection = {
    application_name: `county-data-hub ${options.name}`,
    TimeZone: 'Asia/Shanghai',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'postgres',
    extra_float_digits: '1',
    jit: 'off',
    idle_in_transaction_session_timeout: '60000',
    ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: String(options.statementTimeoutMs) }),
  };
  return postgres(target.url, { ...common, max: options.max, ...(options.stays === true ? { max_lifetime: null } : {}), connection: connection as object });
}
