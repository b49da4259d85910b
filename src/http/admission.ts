/**
 * Who comes in: each request is identified, counted and, where its sender's budget is spent, refused before its body is read. What
 * comes after it (parsing, validating, running) is the dearer the later it is refused, so whatever can be known here is asked here.
 *
 * A request without a valid key or token gets no more than a small body read: there is nothing that a stranger could ask at length.
 * A token is a stranger's until it is verified, and verifying it is paid by the address that it comes from.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../errors.ts';
import { formatted } from '../graphql/answer.ts';
import { Budgets, prices } from '../graphql/budget.ts';
import type { Account, Budget } from '../graphql/budget.ts';
import { contextOf } from '../graphql/context.ts';
import type { HubContext, SignedIn } from '../graphql/context.ts';
import { documentLimits, inParts, marksIn } from '../graphql/limits.ts';
import type { Refusal } from '../graphql/trace.ts';
import type { Session } from '../identity/session.ts';
import type { Standing } from '../identity/standing.ts';
import { tokenIn, tokenRefused } from '../identity/token.ts';
import type { Tokens, VerifiedToken } from '../identity/token.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, as soon as that is known; whoever comes to a handler is admitted. */
    hub: HubContext | null;
    /** Ends the turn in which a large body is received. */
    received: (() => void) | null;
    /** The session of the console that it comes with, where the address takes one. */
    session: Session | null;
  }
}

/** How whoever is signed in at the console is known again (console/gate.ts). */
export interface SessionGate {
  /** Digest of the session's id that a request shows; null: none. */
  shown(request: FastifyRequest): string | null;
  /** Refuses what does not come from the console's own pages: a browser sends the cookie along whoever makes it ask. */
  own(request: FastifyRequest): void;
  /** Was it found before? Else anybody may have made it up. */
  known(digest: string): boolean;
  /** The session; null where it has ended. */
  find(request: FastifyRequest, digest: string): Promise<Session | null>;
}

/** Which sessions an address takes: none; those in which something may be done; or any, locked ones too. */
export type SessionsTaken = 'none' | 'working' | 'any';

/** See the head of this file. */
export class Admission {
  readonly #budgets: Budgets;
  readonly #standing: () => Standing;
  readonly #now: () => Date;
  readonly #tokens: Tokens | null;
  readonly #answered: (address: string) => void;
  readonly #sessions: SessionGate | null;

  /** `tokens`: whose tokens identify callers beside keys; null: nobody's. `sessions`: likewise those of the console. `answered`: is told of the network address where a registered caller was answered. */
  constructor(budget: Budget, standing: () => Standing, now: () => Date, tokens: Tokens | null = null, answered: (address: string) => void = () => undefined, sessions: SessionGate | null = null) {
    this.#answered = answered;
    this.#sessions = sessions;
    this.#budgets = new Budgets(budget, () => now().getTime());
    this.#standing = standing;
    this.#now = now;
    this.#tokens = tokens;
  }

  /** A Fastify hook for the time before the body is read. `cost`: what the address costs beside the request; `sessions`: which of the console's it takes, where no key or token is sent. */
  hook(cost = 0, sessions: SessionsTaken = 'none'): (request: FastifyRequest, reply: FastifyReply, done: Done) => void {
    return (request, reply, done) => {
      const digest = sessions === 'none' || request.headers.authorization !== undefined ? null : this.#sessions?.shown(request) ?? null;
      if (digest !== null) {
        this.#inSession(request, reply, digest, sessions === 'working').then((signedIn) => this.#identify(request, reply, signedIn, cost, done), done);
        return;
      }
      const shown = this.#tokens === null ? null : tokenIn(request.headers.authorization);
      const token = this.#tokens === null || shown === null ? null : this.#tokens.known(shown, this.#now()) ?? this.#verified(this.#tokens, shown, request, reply);
      if (token instanceof Promise) token.then((verified) => this.#identify(request, reply, verified, cost, done), done);
      else this.#identify(request, reply, token, cost, done);
    };
  }

  #identify(request: FastifyRequest, reply: FastifyReply, shown: VerifiedToken | SignedIn | null, cost: number, done: Done): void {
    const context = contextOf(request.headers, this.#standing(), this.#now(), (caller) => this.#budgets.of(caller, request.ip), shown);
    if (context instanceof Promise) context.then((known) => this.#admit(request, reply, known, shown, cost, done), done);
    else this.#admit(request, reply, context, shown, cost, done);
  }

  #admit(request: FastifyRequest, reply: FastifyReply, context: HubContext, shown: VerifiedToken | SignedIn | null, cost: number, done: Done): void {
    const length = Number(request.headers['content-length'] ?? 0);
    request.hub = context;
    try {
      const stranger = context.caller.kind === 'stranger';
      // What is not read costs nothing.
      const large = length > (stranger ? documentLimits.strangerBytes : documentLimits.bodyBytes);
      context.account?.spend(prices.request + cost + (large ? 0 : Math.floor(length / prices.bytes)));
      // What is begun in one account ends, too, where another then refuses, and where the sender has gone meanwhile.
      reply.raw.once('close', () => {
        context.account?.end();
        const answered = reply.raw.writableFinished && reply.raw.statusCode < 400 && context.trace.refusal === null;
        if (answered && !stranger) this.#answered(request.ip);
        if (answered || !reply.raw.writableFinished || unreadable(reply.raw.statusCode, context.trace.refusal)) context.account?.outcome(!answered);
      });
      context.account?.begin();
      if (reply.raw.destroyed) context.account?.end();
      if (stranger && shown !== null && 'subject' in shown) throw tokenRefused('NOT_REGISTERED');
      if (stranger && (large || request.headers['transfer-encoding'] !== undefined)) throw strange();
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  /** The session that is shown. One that was never found may be made up, and looking for it is paid by the address that it comes from. */
  async #inSession(request: FastifyRequest, reply: FastifyReply, digest: string, working: boolean): Promise<SignedIn | null> {
    const sessions = this.#sessions as SessionGate;
    if (working) sessions.own(request);
    const paying = sessions.known(digest) ? null : this.#paysAsStranger(request, reply);
    const session = await sessions.find(request, digest).finally(() => paying?.end());
    request.session = session;
    if (session === null) return null;
    if (working && session.locked) throw new HubError('SESSION_LOCKED', 'The session is locked. Give the password again to go on: POST /session/unlock.');
    if (working && session.mustChangePassword) throw new HubError('PASSWORD_CHANGE_REQUIRED', 'The one-time password has to be changed first: POST /session/password.');
    return { digest, administrator: session.administrator, until: Date.parse(session.endsAt) };
  }

  #paysAsStranger(request: FastifyRequest, reply: FastifyReply): Account {
    const account = this.#budgets.of({ kind: 'stranger' }, request.ip);
    account.spend(prices.token);
    account.begin();
    reply.raw.once('close', () => account.end());
    return account;
  }

  async #verified(tokens: Tokens, token: string, request: FastifyRequest, reply: FastifyReply): Promise<VerifiedToken> {
    const account = this.#paysAsStranger(request, reply);
    try {
      return await tokens.verify(token, this.#now());
    } finally {
      account.end();
    }
  }
}

/** Ends a hook. */
type Done = (error?: Error) => void;

/** Refusals of a document that nobody can read or carry, whoever asks. */
const unreadableCodes: ReadonlySet<string> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'TOO_COMPLEX', 'COST_TOO_HIGH', 'RATE_LIMITED']);

/** Was a request refused for what was sent, or how often, and not for what it asks about? */
function unreadable(status: number, refusal: Refusal | null): boolean {
  return refusal === null ? status >= 400 && status < 500 : unreadableCodes.has(refusal.code);
}

/** The context of a request that has been admitted. */
export function admitted({ hub }: FastifyRequest): HubContext {
  if (hub === null) throw new Error('A request that nobody has admitted.');
  return hub;
}

/** A body of so many bytes takes a turn to be received and read; and whose turn it is has so many milliseconds for it. */
const largeBody = 30_000;
const longestReceipt = 5_000;

/** A Fastify hook for the time before the body is read: until it is its turn a large one stays where it is, with its sender. */
export async function receive(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const account = request.hub?.account;
  const length = Number(request.headers['content-length'] ?? Infinity);
  const tooLarge = length > documentLimits.bodyBytes && length !== Infinity;
  if (account === undefined || request.method === 'GET' || length < largeBody || tooLarge) return;
  const end = await account.turn('receiving');
  const late = setTimeout(() => request.raw.destroy(), longestReceipt);
  request.received = () => {
    clearTimeout(late);
    end();
  };
  reply.raw.once('close', request.received);
}

/** Reads a body that has come in; one whose length was told by nobody before is counted now. */
export async function readBody(request: FastifyRequest, body: string, read: (body: string) => unknown): Promise<unknown> {
  if (request.headers['content-length'] === undefined) request.hub?.account?.spend(Math.floor(body.length / prices.bytes));
  try {
    if (body.length >= largeBody) await stillThere(request);
    if (body.length >= largeBody && marksIn(body) > documentLimits.marks) throw new HubError('TOO_COMPLEX', `The body holds more than ${documentLimits.marks} values. ${inParts}`, { limit: documentLimits.marks });
    return read(body);
  } finally {
    request.received?.();
  }
}

/**
 * A body that waited for its turn was left with its sender, and nobody saw whether he went away meanwhile: that he has is
 * known only behind the last byte. Nothing is done for whoever has gone.
 */
async function stillThere({ raw: { socket } }: FastifyRequest): Promise<void> {
  for (let turns = 0; turns < 2; turns += 1) await new Promise((turn) => { setImmediate(turn); });
  if (socket.destroyed || socket.readableEnded) throw new HubError('BAD_INPUT', 'The sender has gone.');
}

/** The refusal of whoever shows no valid key, and no token. */
export function strange(): HubError {
  return new HubError('UNAUTHENTICATED', 'Send the key of a registered caller, or a token of the issuer that the hub takes tokens of: Authorization: Bearer hub_…. The data authority gives keys out.');
}

/** A body of so many bytes is not even read away for the sake of the connection: its sender connects anew. */
const unreadBody = 50_000;

/**
 * Whoever asks too much hears so after a while, in milliseconds: refusals at once would be asked for at once again. Each after a while of
 * its own, because those who were refused together would come together again. So many wait and no more.
 */
const slowly = { after: 500, spread: 250, most: 5000 } as const;
let waiting = 0;

/** Answers with a refusal, in the form of GraphQL's errors. */
export function refuse(error: HubError, request: FastifyRequest, reply: FastifyReply): void {
  if (error.code !== 'RATE_LIMITED' || waiting >= slowly.most) {
    answer(error, request, reply);
    return;
  }
  waiting += 1;
  setTimeout(() => {
    waiting -= 1;
    // Whoever has gone meanwhile is not answered.
    if (!reply.raw.destroyed) answer(error, request, reply);
  }, slowly.after + Math.random() * slowly.spread);
}

function answer(error: HubError, request: FastifyRequest, reply: FastifyReply): void {
  const graphql = request.headers.accept?.includes('application/graphql-response+json') === true;
  if (Number(request.headers['content-length'] ?? Infinity) > unreadBody && request.body === undefined && request.method !== 'GET') void reply.header('connection', 'close');
  for (const [name, value] of headersOf(error)) void reply.header(name, value);
  void reply.code(error.status).type(`${graphql ? 'application/graphql-response+json' : 'application/json'}; charset=utf-8`).send(JSON.stringify({ errors: [formatted(error)] }));
}

function headersOf(error: HubError): readonly (readonly [string, string])[] {
  const { retryAfter, reason } = error.details;
  if (retryAfter !== undefined) return [['retry-after', String(retryAfter)]];
  // RFC 6750 §3.1: a token was shown, and will not do.
  return error.code === 'UNAUTHENTICATED' ? [['www-authenticate', reason === undefined ? 'Bearer' : 'Bearer error="invalid_token"']] : [];
}
