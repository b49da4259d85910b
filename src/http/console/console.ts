/**
 * The administrators' console on this listener: its page at `/` and in every room, its files, and `/session`. The page is a client of
 * the API like any other; what it may ask for is decided there.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type postgres from 'postgres';
import type { Audit } from '../../audit/writer.ts';
import type { Config } from '../../config.ts';
import type { KeyProvider } from '../../identity/key-provider.ts';
import type { Passwords } from '../../identity/password.ts';
import { Sessions } from '../../identity/session.ts';
import { SignIns } from '../../identity/sign-in.ts';
import type { Standing } from '../../identity/standing.ts';
import type { Administrator } from '../../sharing/terms.ts';
import { admitted } from '../admission.ts';
import type { Admission } from '../admission.ts';
import type { Refusals } from '../refusals.ts';
import { ConsoleGate } from './gate.ts';
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
export function openConsole({ config, standing, now, audit, refusals }: ConsolePlace, { sql, keys, passwords, folder }: ConsoleParts): ConsoleDesk {
  const administrator = (code: string): Administrator | undefined => standing().administrator(code);
  const record = new SessionRecord({ audit, refusals, now, policy: () => standing().version, administrator });
  const sessions = new Sessions({ sql, now, idleMinutes: config.consoleIdleMinutes });
  const signIns = new SignIns({ sql, keys, passwords, now, told: (code, whose, lockedNow) => record.refused(code, whose, lockedNow) });
  return { sessions, signIns, record, administrator, folder, gate: new ConsoleGate(sessions, config.publicUrl), name: `数据中枢 ${config.division}`, oidc: null };
}

/** The console at work. */
export interface ConsoleDesk extends SessionDesk {
  /** Folder of what was built (`dist/console`). */
  readonly folder: string;
}

/** Puts the console up; whatever address is nobody's is answered here too. */
export function serveConsole(app: FastifyInstance, admission: Admission, desk: ConsoleDesk): void {
  const pages = new Pages(desk.folder);
  const asPage = (status: (request: FastifyRequest) => number) => ({
    onRequest: admission.hook(0, 'any'),
    handler: (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      admitted(request);
      const answered = status(request);
      if (answered >= 400) expected(request, answered === 401 ? 'UNAUTHENTICATED' : 'FORBIDDEN');
      return pages.page(reply, answered);
    },
  });
  app.route({ method: 'GET', url: '/', ...asPage(() => 200) });
  for (const room of rooms) {
    const inRoom = asPage((request) => {
      const signedIn = ownerOf(request, desk);
      return signedIn === null ? 401 : mayEnter(room, signedIn.administrator) ? 200 : 403;
    });
    app.route({ method: 'GET', url: `/${room.path}`, ...inRoom });
    app.route({ method: 'GET', url: `/${room.path}/*`, ...inRoom });
  }
  app.get('/assets/*', (request, reply) => pages.file(request, reply));
  for (const file of ['favicon.ico', 'favicon.svg', 'robots.txt']) app.get(`/${file}`, (request, reply) => pages.file(request, reply));
  serveSessions(app, admission, desk);
  // People who lost their way are shown the page, programs are told so.
  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'GET' && request.headers.accept?.includes('text/html') === true) return pages.page(reply, 404);
    return reply.code(404).send({ errors: [{ message: 'There is nothing at this address; GraphQL is at /graphql, its contract at /schema.graphql, the console at /.', extensions: { code: 'BAD_INPUT' } }] });
  });
}
