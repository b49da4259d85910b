/**
 * How a browser that is signed in at the console is known again: by a cookie that no script reads, and only in requests that the
 * console's own pages make.
 *
 * A browser sends cookies along whoever makes it ask. So whatever is asked for with the cookie, and whatever changes anything, has to
 * carry a header that no form and no link can set and no other site may (`hub-console`), and, where the browser says where it comes from
 * (`Origin`, `Sec-Fetch-Site`), has to come from here. Under https the cookie's name begins with `__Host-`: no other host and no page without
 * TLS can have set it. Two cookies of the name are none.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { safeError } from '../../db/failures.ts';
import { HubError } from '../../errors.ts';
import { isSessionId, sessionDigest } from '../../identity/session.ts';
import type { Session, Sessions } from '../../identity/session.ts';
import type { SessionGate } from '../admission.ts';

/** Sessions that were found of late. */
const mostKnown = 10_000;

/** How a cookie is set. */
export interface CookieRules {
  readonly sameSite: 'Strict' | 'Lax';
  /** Seconds; 0 takes it away, null: until the browser is closed. */
  readonly maxAge: number | null;
}

/** By what names the hub is known. */
export interface GatePlace {
  /** Where it is reached from outside; undefined: nobody has said. */
  readonly publicUrl: string | undefined;
  /** Others than this machine reach it: by whatever name, where `publicUrl` names none. */
  readonly open: boolean;
}

/** This machine, by its own names. */
const ownNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** See the head of this file. */
export class ConsoleGate implements SessionGate {
  readonly #sessions: Sessions;
  readonly #publicUrl: string | undefined;
  readonly #anyName: boolean;
  readonly #known = new LRUCache<string, true>({ max: mostKnown });

  constructor(sessions: Sessions, { publicUrl, open }: GatePlace) {
    this.#sessions = sessions;
    this.#publicUrl = publicUrl;
    this.#anyName = open && publicUrl === undefined;
  }

  shown(request: FastifyRequest): string | null {
    const id = this.cookie(request, 'session');
    return id === null || !isSessionId(id) ? null : sessionDigest(id);
  }

  /** What is kept of an id that was just made. */
  shownBy(id: string): string {
    const digest = sessionDigest(id);
    this.#known.set(digest, true);
    return digest;
  }

  known(digest: string): boolean {
    return this.#known.has(digest);
  }

  async find(request: FastifyRequest, digest: string): Promise<Session | null> {
    let session: Session | null;
    try {
      session = await this.#sessions.find(digest, request.headers['hub-console'] === '1' && request.url.split('?')[0] !== '/session');
    } catch (error) {
      throw safeError(error, 'find a session');
    }
    if (session === null) this.#known.delete(digest);
    else this.#known.set(digest, true);
    return session;
  }

  own(request: FastifyRequest): void {
    const { 'hub-console': header, origin, 'sec-fetch-site': site } = request.headers;
    if (header !== '1' && header !== 'background') throw new HubError('FORBIDDEN', 'What is asked for in a session of the console carries the header `hub-console: 1` (`hub-console: background` where no person did anything). Applications send their key instead: Authorization: Bearer hub_….');
    if ((origin !== undefined && !this.#isOwn(origin, request)) || (site !== undefined && site !== 'same-origin')) {
      throw new HubError('FORBIDDEN', 'The request comes from a page of another site than this hub. If this is the hub\'s own address, whoever runs it sets HUB_PUBLIC_URL to it.');
    }
  }

  /** The name that the browser asked by is not believed by itself: anybody can give a name of his to this machine's address. */
  #isOwn(origin: string, { protocol, host }: FastifyRequest): boolean {
    if (this.#publicUrl !== undefined && origin === new URL(this.#publicUrl).origin) return true;
    return origin === `${protocol}://${host}` && (this.#anyName || ownNames.has(new URL(origin).hostname));
  }

  /** Is the browser on https, as far as is known? */
  isSecure({ protocol }: FastifyRequest): boolean {
    return protocol === 'https' || this.#publicUrl?.startsWith('https:') === true;
  }

  /** Begins or goes on with a session in this browser. */
  setSession(request: FastifyRequest, reply: FastifyReply, id: string): void {
    this.setCookie(request, reply, 'session', id, { sameSite: 'Strict', maxAge: null });
  }

  /** The value of one of the hub's cookies; null: there is none, or there are several. */
  cookie(request: FastifyRequest, name: string): string | null {
    const wanted = `${this.#nameOf(request, name)}=`;
    const found = (request.headers.cookie ?? '').split(';').map((one) => one.trim()).filter((one) => one.startsWith(wanted));
    return found.length === 1 ? (found[0] as string).slice(wanted.length) : null;
  }

  setCookie(request: FastifyRequest, reply: FastifyReply, name: string, value: string, { sameSite, maxAge }: CookieRules): void {
    void reply.header('set-cookie', `${this.#nameOf(request, name)}=${value}; Path=/; HttpOnly; SameSite=${sameSite}${maxAge === null ? '' : `; Max-Age=${maxAge}`}${this.isSecure(request) ? '; Secure' : ''}`);
  }

  /** Cookies know no ports: two hubs on one machine have names of their own. */
  #nameOf(request: FastifyRequest, name: string): string {
    return this.isSecure(request) ? `__Host-hub-${name}` : `hub-${name}-${request.socket.localPort ?? 0}`;
  }
}
