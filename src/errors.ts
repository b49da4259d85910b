/**
 * Every error the hub answers with: its code, its HTTP status, and whether trying again can help.
 *
 * A code stands here or a client never sees it: whatever else is thrown leaves as `INTERNAL` with a request id
 * (see graphql/server). Sentences say what is wrong and what to do next; they never carry SQL, parameters,
 * stored values or the names of things the caller may not know.
 */

interface ErrorKind {
  /** HTTP status of a request that is refused as a whole with this code. */
  readonly status: number;
  /** May the same request succeed later without being changed? */
  readonly retry: boolean;
}

const kinds = {
  BAD_INPUT: { status: 400, retry: false },
  TIME_MIXED: { status: 400, retry: false },
  PAGE_TOO_LARGE: { status: 400, retry: false },
  TOO_MANY_KEYS: { status: 400, retry: false },
  TOO_COMPLEX: { status: 400, retry: false },
  COST_TOO_HIGH: { status: 400, retry: false },
  TOO_MANY_CHANGES: { status: 400, retry: false },
  TOO_MANY_HITS: { status: 400, retry: false },
  SEARCH_TOO_WIDE: { status: 400, retry: false },
  CURSOR_UNKNOWN: { status: 400, retry: false },
  EPOCH_CHANGED: { status: 409, retry: false },
  UNAUTHENTICATED: { status: 401, retry: false },
  SIGN_IN_REFUSED: { status: 401, retry: false },
  CODE_REQUIRED: { status: 401, retry: false },
  ACCOUNT_LOCKED: { status: 401, retry: true },
  SESSION_LOCKED: { status: 401, retry: false },
  PASSWORD_CHANGE_REQUIRED: { status: 403, retry: false },
  FORBIDDEN: { status: 403, retry: false },
  FIELD_NOT_SHARED: { status: 403, retry: false },
  FIND_NOT_SHARED: { status: 403, retry: false },
  PURPOSE_REFUSED: { status: 403, retry: false },
  CASE_NOT_OPEN: { status: 403, retry: false },
  CONFLICT: { status: 409, retry: false },
  QUOTA_EXCEEDED: { status: 429, retry: true },
  RATE_LIMITED: { status: 429, retry: true },
  DIRECTORY_IN_USE: { status: 500, retry: true },
  CONFIG_INVALID: { status: 500, retry: false },
  CONTRACT_BROKEN: { status: 500, retry: false },
  AUDIT_UNAVAILABLE: { status: 503, retry: true },
  UNAVAILABLE: { status: 503, retry: true },
  CITY_UNREACHABLE: { status: 503, retry: true },
  INTERNAL: { status: 500, retry: true },
} as const satisfies Record<string, ErrorKind>;

/** A code of the allow-list. */
export type ErrorCode = keyof typeof kinds;

/**
 * An error whose sentence is meant for the person who reads it. `details` go to the client as
 * `extensions`, so they hold names from the contract only (arguments, limits, item codes), never data.
 */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, sentence: string, details: Readonly<Record<string, unknown>> = {}) {
    const { stackTraceLimit } = Error;
    // Where a refusal was thrown nobody is told, and finding it out is most of what a refusal costs.
    if (kinds[code].status < 500) Error.stackTraceLimit = 0;
    super(sentence);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'HubError';
    this.code = code;
    this.details = details;
  }

  /** HTTP status when the whole request is refused with this error. */
  get status(): number {
    return kinds[this.code].status;
  }

  /** May the same request succeed later without being changed? */
  get retry(): boolean {
    return kinds[this.code].retry;
  }
}
