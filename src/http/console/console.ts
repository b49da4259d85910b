/**
 * The administrators' console on this listener: its page at `/` and in every room, its files, and `/session`. The page is a client of
 * the API like any other; what it may ask for is decided there.
 */
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type postgres from 'postgres';
import type { Audit } from '../../audit/writer.ts';
import { isLoopback } from '../../config.ts';
import type { Config } from '../../config.ts';
import { HubError } from '../../errors.ts';
import { CodeFlow } from '../../identity/code-flow.ts';
import type { KeyProvider } from '../../identity/key-provider.ts';
import type { Passwords } from '../../identity/password.ts';
import { Sessions } from '../../identity/session.ts';
import { SignIns } from '../../identity/sign-in.ts';
import type { Standing } from '../../identity/standing.ts';
import type { Administrator, Caller } from '../../sharing/terms.ts';
import { admitted } from '../admission.ts';
import type { Admission } from '../admission.ts';
import type { Refusals } from '../refusals.ts';
import { ConsoleGate } from './gate.ts';
import { serveIssuer } from './issuer.ts';
import type { IssuerDesk } from './issuer.ts';
import { Pages } from './pages.ts';
import { SessionRecord } from './record.ts';
import { mayEnter, rooms } from './rooms.ts';
import { expected, ownerOf, serveSessions } from './sessions.ts';
import type { SessionDesk } from './sessions.ts';

/** What the console is opened with. */
export interface ConsoleParts {
  readonly sql: postgres.Sql;
  readonly keys: KeyProvider;
  readonly passwords: Passwords;
  /** Folder of what was built (`dist/console`). */
  readonly folder: string;
  /** Where the hub is reached from outside. */
  readonly publicUrl: () => string;
}

/** What it takes of the listener. */
export interface ConsolePlace {
  readonly config: Config;
  readonly standing: () => Standing;
  readonly now: () => Date;
  readonly audit: Pick<Audit, 'write'> | undefined;
  readonly refusals: Refusals | null;
}

/** Opens the console: who is signed in is known from then on. */
export function openConsole({ config, standing, now, audit, refusals }: ConsolePlace, { sql, keys, passwords, folder, publicUrl }: ConsoleParts): ConsoleDesk {
  const administrator = (code: string): Administrator | undefined => standing().administrator(code);
  const record = new SessionRecord({ audit, refusals, now, policy: () => standing().version, administrator });
  const sessions = new Sessions({ sql, now, idleMinutes: config.consoleIdleMinutes });
  const signIns = new SignIns({ sql, keys, passwords, now, told: (code, whose, lockedNow) => record.refused(code, whose, lockedNow) });
  const gate = new ConsoleGate(sessions, { publicUrl: config.publicUrl, open: !isLoopback(config.host) || config.trustProxy !== undefined });
  const flow = flowOf(config);
  const linked = (issuer: string, subject: string): Caller => standing().holderOfToken({ issuer, subject, until: Infinity, digest: '' })?.caller ?? { kind: 'stranger' };
  return {
    sessions, signIns, record, administrator, folder, gate, name: `数据中枢 ${config.division}`, oidc: config.oidcClient === undefined ? null : { name: config.oidcClient.name },
    ...(flow === undefined ? {} : { issuer: { flow, keys, publicUrl, linked, now } }),
  };
}

/** The client of the issuer that the console is; the file of its secret has to be there when the hub starts. */
function flowOf({ tokens, oidcClient }: Config): CodeFlow | undefined {
  if (tokens === undefined || oidcClient === undefined) return undefined;
  const { secret } = oidcClient;
  const text = secret === null ? null : 'text' in secret ? secret.text : secretIn(secret.file);
  return new CodeFlow({ issuer: tokens.issuer, jwksUrl: tokens.jwksUrl, clockSkew: tokens.clockSkew, clientId: oidcClient.id, clientSecret: text === null ? null : () => text });
}

function secretIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new HubError('CONFIG_INVALID', 'HUB_OIDC_CLIENT_SECRET_FILE cannot be read. Name the file that holds the secret of the console at the issuer.');
  }
}

/** The console at work. */
export interface ConsoleDesk extends SessionDesk {
  /** Folder of what was built (`dist/console`). */
  readonly folder: string;
  /** What signing in at the issuer takes; absent: one signs in with accounts only. */
  readonly issuer?: Omit<IssuerDesk, keyof SessionDesk>;
}

/** Puts the console up; whatever address is nobody's is answered here too. */
export function serveConsole(app: FastifyInstance, admission: Admission, desk: ConsoleDesk): void {
  const pages = new Pages(desk.folder);
  const asPage = (status: (request: FastifyRequest) => number, room: string | null = null) => ({
    onRequest: admission.hook(0, 'any'),
    handler: (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      admitted(request);
      const answered = status(request);
      if (answered >= 400) expected(request, answered === 401 ? 'UNAUTHENTICATED' : 'FORBIDDEN');
      return pages.page(reply, answered, desk.gate.isSecure(request), answered === 200 ? room : null);
    },
  });
  app.route({ method: 'GET', url: '/', ...asPage(() => 200) });
  for (const room of rooms) {
    const inRoom = asPage((request) => {
      const signedIn = ownerOf(request, desk);
      return signedIn === null ? 401 : mayEnter(room, signedIn.administrator) ? 200 : 403;
    }, room.path);
    app.route({ method: 'GET', url: `/${room.path}`, ...inRoom });
    app.route({ method: 'GET', url: `/${room.path}/*`, ...inRoom });
  }
  app.get('/assets/*', (request, reply) => pages.file(request, reply));
  for (const file of ['favicon.ico', 'favicon.svg', 'robots.txt']) app.get(`/${file}`, (request, reply) => pages.file(request, reply));
  serveSessions(app, admission, desk);
  if (desk.issuer !== undefined) serveIssuer(app, admission, { ...desk, ...desk.issuer });
  // People who lost their way are shown the page, programs are told so.
  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'GET' && request.headers.accept?.includes('text/html') === true) return pages.page(reply, 404, desk.gate.isSecure(request));
    return reply.code(404).send({ errors: [{ message: 'There is nothing at this address; GraphQL is at /graphql, its contract at /schema.graphql, the console at /.', extensions: { code: 'BAD_INPUT' } }] });
  });
}
