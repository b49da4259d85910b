/**
 * Who is signed in, and the calls by which that changes: the console's side of `/session`. The session itself is a cookie that
 * no script can read; this file knows only what `GET /session` tells.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { AdministratorRole } from '../generated/enums.ts';
import { fetchJson, problemOf } from './problem.ts';
import type { Problem, ToldError } from './problem.ts';

/** A session, as the hub tells it. */
export interface Session {
  /** The name that was signed in with; null: at the identity provider, so there is no password here. */
  readonly account: string | null;
  /** The administrator's code. */
  readonly administrator: string;
  readonly name: string;
  readonly role: AdministratorRole;
  readonly departmentCode: string;
  readonly departmentName: string;
  /** Is his department the data authority? */
  readonly authority: boolean;
  /** Paths of the rooms that are his. */
  readonly rooms: readonly string[];
  readonly mustChangePassword: boolean;
  readonly locked: boolean;
  /** Minutes without a touch after which the console locks itself. */
  readonly idleMinutes: number;
  /** Does signing in take a code of an authenticator? */
  readonly hasCode: boolean;
  /** When it was begun, and when it ends whatever is done. */
  readonly startedAt: string;
  readonly endsAt: string;
}

/** How one may sign in. */
export interface SignInWays {
  readonly password: boolean;
  readonly oidc: { readonly name: string } | null;
}

/** What `GET /session` says. */
export type Standing =
  | { readonly kind: 'in'; readonly session: Session }
  | { readonly kind: 'out'; readonly signIn: SignInWays };

const json = { 'content-type': 'application/json' };
const key = ['session'] as const;

async function lookUp(): Promise<Standing> {
  // That nobody is signed in is no error of this page, so it is not answered as one.
  const { status, body, request } = await fetchJson('/session?status=200', { method: 'GET' });
  if (status !== 200) throw problemOf((body as { errors?: ToldError[] } | null)?.errors ?? [], status, request);
  const { signIn } = body as { readonly signIn?: SignInWays };
  return signIn === undefined ? { kind: 'in', session: body as Session } : { kind: 'out', signIn };
}

/** The standing, asked once, and again after every call below. */
export function useStanding(): UseQueryResult<Standing, Problem> {
  return useQuery<Standing, Problem>({ queryKey: key, queryFn: lookUp, staleTime: Infinity, retry: false });
}

/** Calls of `/session`: method, path below it. */
const calls = {
  signIn: ['POST', ''],
  signOut: ['DELETE', ''],
  lock: ['POST', '/lock'],
  unlock: ['POST', '/unlock'],
  changePassword: ['POST', '/password'],
  code: ['POST', '/code'],
  removeCode: ['DELETE', '/code'],
} as const;

/** What each call takes. */
interface Taken {
  readonly signIn: { readonly account: string; readonly password: string; readonly code?: string };
  readonly signOut: void;
  readonly lock: void;
  readonly unlock: { readonly password: string };
  readonly changePassword: { readonly password: string; readonly next: string };
  /** Without a code: begins, and answers what an authenticator takes. With one: confirms. */
  readonly code: { readonly code?: string };
  readonly removeCode: { readonly password: string };
}

/** What an authenticator app is given. */
export interface Authenticator {
  readonly uri: string;
  readonly secret: string;
}

/** How often somebody has signed in or out on this page. */
let changes = 0;

/** What may be kept in this tab, and how it is written. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear' | 'length'>;

/** The tab's storage for as long as today's session lasts: what somebody writes late, after it was signed out of, is dropped. */
export function tabStorage(): TabStorage {
  const since = changes;
  return {
    getItem: (name) => sessionStorage.getItem(name),
    setItem: (name, value) => {
      if (since === changes) sessionStorage.setItem(name, value);
    },
    removeItem: (name) => sessionStorage.removeItem(name),
    clear: () => sessionStorage.clear(),
    get length() {
      return sessionStorage.length;
    },
  };
}

/** A call of `/session`; afterwards the standing is looked up anew. Whoever signs out or in leaves nothing of the former questions and answers behind. */
export function useSessionCall<Call extends keyof Taken>(call: Call): UseMutationResult<unknown, Problem, Taken[Call]> {
  const queries = useQueryClient();
  const [method, path] = calls[call];
  return useMutation<unknown, Problem, Taken[Call]>({
    mutationFn: async (given) => {
      const { status, body, request } = await fetchJson(`/session${path}`, { method, ...(given === undefined ? {} : { headers: json, body: JSON.stringify(given) }) });
      if (status >= 400) throw problemOf((body as { errors?: ToldError[] } | null)?.errors ?? [], status, request);
      return body;
    },
    onSuccess: async () => {
      if (call === 'signIn' || call === 'signOut') {
        queries.removeQueries({ queryKey: ['graphql'] });
        changes += 1;
        sessionStorage.clear();
      }
      await queries.invalidateQueries({ queryKey: key });
    },
  });
}

/** Codes after which the hub has to be asked again who is signed in. */
const ended: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'SESSION_LOCKED', 'PASSWORD_CHANGE_REQUIRED']);

/** Does this answer mean that the session is not what the page takes it for? */
export const meansSignedOut = ({ code }: Problem): boolean => ended.has(code);

export const sessionKey = key;

const SessionContext = createContext<Session | null>(null);

/** Gives the session to everything below it. */
export const SessionProvider = SessionContext.Provider;

/** The session of whoever looks at this page; inside of the shell there always is one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside of the shell');
  return session;
}
