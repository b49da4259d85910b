/**
 * `/session`: signing in at the console and out, locking, changing the password, one-time codes. JSON in and out; refusals have the form of
 * GraphQL's errors. Whoever is signed in asks `/graphql` with the cookie, as anybody asks with a key.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { safeError } from '../../db/failures.ts';
import { HubError } from '../../errors.ts';
import { prices } from '../../graphql/budget.ts';
import { refusalOf } from '../../graphql/trace.ts';
import { readForm } from '../../identity/form.ts';
import type { Session, Sessions, SignedInBy } from '../../identity/session.ts';
import type { SignIns } from '../../identity/sign-in.ts';
import type { Administrator } from '../../sharing/terms.ts';
import { refuse } from '../admission.ts';
import type { Admission } from '../admission.ts';
import type { ConsoleGate } from './gate.ts';
import type { SessionRecord } from './record.ts';
import { roomsOf } from './rooms.ts';

/** What these addresses take of the hub. */
export interface SessionDesk {
  readonly signIns: SignIns;
  readonly sessions: Sessions;
  readonly gate: ConsoleGate;
  readonly record: SessionRecord;
  readonly administrator: (code: string) => Administrator | undefined;
  /** What an authenticator app calls this hub. */
  readonly name: string;
  /** The issuer at which one can sign in, by what people call it; null: at none. */
  readonly oidc: { readonly name: string } | null;
}

const word = z.string().min(1).max(1000);
const credentials = z.object({ account: z.string().min(1).max(200), password: word, code: z.string().max(20).optional() });
const password = z.object({ password: word });
const change = z.object({ password: word, next: z.string().max(1000) });
const code = z.object({ code: z.string().max(20).optional() });

/** Puts the addresses up. */
export function serveSessions(app: FastifyInstance, admission: Admission, desk: SessionDesk): void {
  const { signIns, sessions, gate, record } = desk;
  const fromOwnPage = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    try {
      gate.own(request);
    } catch (error) {
      refuse(error as HubError, request, reply);
      return;
    }
    done();
  };
  const changing = (cost = 0) => ({ onRequest: [fromOwnPage, admission.hook(cost, 'any')] });
  const proving = changing(prices.password);

  // A browser notes each answer of 401 as an error of the page; a page that only wants to know may ask for another status.
  app.get<{ Querystring: { status?: string } }>('/session', { onRequest: admission.hook(0, 'any') }, async (request, reply) => {
    const signedIn = ownerOf(request, desk);
    if (signedIn !== null) return shownSession(signedIn, desk);
    expected(request, 'UNAUTHENTICATED');
    return reply.code(request.query.status === '200' ? 200 : 401).send({ signIn: { password: true, oidc: desk.oidc } });
  });

  app.post('/session', proving, answering(async (request, reply) => {
    const { account, ...rest } = readForm(credentials, request.body, 'What was sent');
    const entrance = await signIns.enter({ account, ...rest });
    // No record, no session.
    await record.done(entrance.administrator, 'sign in');
    return beginSession(request, reply, desk, entrance);
  }));

  app.delete('/session', changing(), answering(async (request, reply) => {
    const { session } = request;
    gate.setCookie(request, reply, 'session', '', { sameSite: 'Strict', maxAge: 0 });
    if (session !== null) {
      await sessions.end(session.digest);
      await record.done(session.administrator, 'sign out');
    }
    return reply.code(204).send();
  }));

  app.post('/session/lock', changing(), answering(async (request) => {
    const signedIn = signedInOf(request, desk);
    await sessions.lock(signedIn.session.digest);
    await record.done(signedIn.session.administrator, 'lock');
    return shownSession({ ...signedIn, session: { ...signedIn.session, locked: true } }, desk);
  }));

  app.post('/session/unlock', proving, answering(async (request, reply) => {
    const signedIn = signedInOf(request, desk);
    await signIns.confirm(accountOf(signedIn.session), readForm(password, request.body, 'What was sent').password);
    await record.done(signedIn.session.administrator, 'unlock');
    const id = await sessions.unlock(signedIn.session.digest);
    if (id === null) throw ended();
    gate.setSession(request, reply, id);
    return shownSession({ ...signedIn, session: { ...signedIn.session, locked: false } }, desk);
  }));

  app.post('/session/password', proving, answering(async (request, reply) => {
    const { session, administrator } = unlockedOf(request, desk);
    const { password: old, next } = readForm(change, request.body, 'What was sent');
    const account = accountOf(session);
    const changed = await record.around(administrator.code, 'change password', async () => {
      const entrance = await signIns.change(account, old, next, [administrator.code, administrator.name]);
      await sessions.endAll(account);
      return entrance;
    });
    return beginSession(request, reply, desk, changed);
  }));

  app.post('/session/code', changing(prices.password), answering(async (request) => {
    const signedIn = workingOf(request, desk);
    const account = accountOf(signedIn.session);
    const given = readForm(code, request.body ?? {}, 'What was sent').code;
    if (given === undefined) return record.around(signedIn.session.administrator, 'begin code', () => signIns.beginCode(account, desk.name));
    await record.around(signedIn.session.administrator, 'confirm code', () => signIns.confirmCode(account, given));
    return shownSession({ ...signedIn, session: { ...signedIn.session, hasCode: true } }, desk);
  }));

  app.delete('/session/code', proving, answering(async (request) => {
    const signedIn = workingOf(request, desk);
    const account = accountOf(signedIn.session);
    const given = readForm(password, request.body, 'What was sent').password;
    await record.around(signedIn.session.administrator, 'take off code', () => signIns.endCode(account, given));
    return shownSession({ ...signedIn, session: { ...signedIn.session, hasCode: false } }, desk);
  }));
}

/** Whoever is signed in. */
interface SignedIn {
  readonly session: Session;
  readonly administrator: Administrator;
}

/** Begins a session, in place of the one that the browser had: nobody goes on with an id that was there before. */
export async function beginSession(request: FastifyRequest, reply: FastifyReply, desk: SessionDesk, by: SignedInBy): Promise<ShownSession> {
  const { sessions, gate } = desk;
  const administrator = desk.administrator(by.administrator);
  if (administrator === undefined) throw new HubError('SIGN_IN_REFUSED', 'Whoever this account is of is no administrator any more. Ask the data authority.');
  if (request.session !== null) await sessions.end(request.session.digest);
  const id = await sessions.begin(by);
  const digest = id === null ? null : gate.shownBy(id);
  const session = digest === null ? null : await sessions.find(digest, false);
  if (id === null || session === null) throw ended();
  gate.setSession(request, reply, id);
  return shownSession({ session, administrator }, desk);
}

/** A session as the console sees it. */
export interface ShownSession {
  readonly account: string | null;
  readonly administrator: string;
  readonly name: string;
  readonly role: string;
  readonly departmentCode: string;
  readonly departmentName: string;
  /** Of the data authority. */
  readonly authority: boolean;
  readonly rooms: readonly string[];
  readonly mustChangePassword: boolean;
  readonly idleMinutes: number;
  readonly locked: boolean;
  readonly hasCode: boolean;
  readonly startedAt: string;
  readonly endsAt: string;
}

function shownSession({ session, administrator }: SignedIn, { sessions }: SessionDesk): ShownSession {
  const { account, mustChangePassword, locked, hasCode, startedAt, endsAt } = session;
  const { code: own, name, role, department, departmentName, ofAuthority } = administrator;
  return { account, administrator: own, name, role, departmentCode: department, departmentName, authority: ofAuthority, rooms: roomsOf(administrator), mustChangePassword, idleMinutes: sessions.idleMinutes, locked, hasCode, startedAt, endsAt };
}

/** Who is signed in; null: nobody. */
export function ownerOf({ session }: FastifyRequest, { administrator }: Pick<SessionDesk, 'administrator'>): SignedIn | null {
  const own = session === null ? undefined : administrator(session.administrator);
  return session === null || own === undefined ? null : { session, administrator: own };
}

function signedInOf(request: FastifyRequest, desk: SessionDesk): SignedIn {
  const signedIn = ownerOf(request, desk);
  if (signedIn === null) throw ended();
  return signedIn;
}

function unlockedOf(request: FastifyRequest, desk: SessionDesk): SignedIn {
  const signedIn = signedInOf(request, desk);
  if (signedIn.session.locked) throw new HubError('SESSION_LOCKED', 'The session is locked. Give the password again to go on: POST /session/unlock.');
  return signedIn;
}

function workingOf(request: FastifyRequest, desk: SessionDesk): SignedIn {
  const signedIn = unlockedOf(request, desk);
  if (signedIn.session.mustChangePassword) throw new HubError('PASSWORD_CHANGE_REQUIRED', 'The one-time password has to be changed first: POST /session/password.');
  return signedIn;
}

function accountOf({ account }: Session): string {
  if (account === null) throw new HubError('SIGN_IN_REFUSED', 'This session was begun at the issuer and has no password here. Sign in there again: GET /session/oidc.', { reason: 'NO_PASSWORD' });
  return account;
}

function ended(): HubError {
  return new HubError('UNAUTHENTICATED', 'Nobody is signed in, or the session has ended. Sign in again.');
}

/** Notes that a refusal is the answer to what was asked: its sender sent nothing that could not be read. */
export function expected(request: FastifyRequest, refused: string): void {
  if (request.hub !== null) request.hub.trace.refusal = { code: refused, reason: '' };
}

/** Answers refusals here: what is tried in vain is counted where it is looked at (record.ts), not as something unread. */
function answering(work: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    try {
      return await work(request, reply);
    } catch (error) {
      const told = safeError(error, 'sessions');
      if (!(told instanceof HubError)) throw told;
      if (request.hub !== null && told.code !== 'BAD_INPUT') request.hub.trace.refusal = refusalOf(told);
      refuse(told, request, reply);
      return reply;
    }
  };
}
