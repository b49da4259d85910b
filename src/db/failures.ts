/**
 * What the database and its driver throw, made safe to pass on. A driver's error carries the statement and its parameters,
 * the server's message quotes values: none of it may reach a log line or a client by accident.
 */
import { HubError } from '../errors.ts';

/** The database refused a statement. The message names the SQLSTATE and the server's routine, never SQL or a value. */
export class StatementError extends Error {
  /** Five-character SQLSTATE, e.g. `23505`; empty if the failure was not the server's. */
  readonly sqlState: string;
  /** Name of the violated constraint, where the server names one: a name of ours, not data. */
  readonly constraint: string | undefined;

  constructor(message: string, sqlState: string, constraint: string | undefined, cause: unknown) {
    super(message);
    this.name = 'StatementError';
    this.sqlState = sqlState;
    this.constraint = constraint;
    Object.defineProperty(this, 'cause', { value: cause, enumerable: false });
  }

  /** Node prints the cause of an error with all its fields; a console line must not. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.stack ?? this.message;
  }
}

/** The connection was not there, broke, or was ended; Node's and the driver's codes. */
const connectionCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES',
  'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED',
]);

/** 57: cancelled, timed out, shut down. 53: out of connections, memory, disk. 08: connection. */
const passing = /^(57|53|08)/;

/** `label` is a name chosen by code (never by a client) and says which statement it was. */
export function safeError(error: unknown, label?: string): HubError | StatementError {
  if (error instanceof HubError || error instanceof StatementError) return error;
  const code = codeOf(error);
  const what = label === undefined ? 'A statement' : `The statement "${label}"`;
  if (code === '57014') return hidden(new HubError('UNAVAILABLE', 'The database took too long and the request was stopped. Ask for less, or try again later.'), error);
  if (connectionCodes.has(code) || passing.test(code)) {
    return hidden(new HubError('UNAVAILABLE', `The database cannot answer at the moment (${code}). Try again later.`), error);
  }
  const routine = textOf(error, 'routine');
  const sqlState = /^[0-9A-Z]{5}$/.test(code) ? code : '';
  const why = sqlState === '' ? (code === '' ? 'the driver failed' : `the driver failed: ${code}`) : `SQLSTATE ${sqlState}${routine ? `, ${routine}` : ''}`;
  return new StatementError(`${what} failed (${why})`, sqlState, textOf(error, 'constraint_name'), error);
}

/** The SQLSTATE or system code of a thrown thing; empty if it has none. */
export function codeOf(error: unknown): string {
  return textOf(error, 'code') ?? '';
}

function hidden(error: HubError, cause: unknown): HubError {
  Object.defineProperty(error, 'cause', { value: cause, enumerable: false });
  Object.defineProperty(error, Symbol.for('nodejs.util.inspect.custom'), { value: () => error.stack ?? error.message, enumerable: false });
  return error;
}

function textOf(error: unknown, field: string): string | undefined {
  if (typeof error !== 'object' || error === null || !(field in error)) return undefined;
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : undefined;
}
