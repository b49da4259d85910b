/**
 * A browser of tests at the console: keeps its cookies, sends what the console's pages send, and follows nothing by itself.
 */
import { openAccount } from '../../src/identity/account.ts';
import { Passwords } from '../../src/identity/password.ts';
import { Sessions } from '../../src/identity/session.ts';
import type { AdministratorName, OtherName } from './callers.ts';
import type { Json } from './hub.ts';
import type { ServedHub } from './served.ts';

/** Digests of tests cost little; what is in them is as it always is. */
export const cheapCost = 8;
const passwords = new Passwords(cheapCost);

/** What was answered. */
export interface Replied {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
  /** Code of the first error. */
  readonly code: string | undefined;
}

/** See the head of this file. */
export class Browser {
  readonly url: string;
  readonly #cookies = new Map<string, string>();
  /** Sent with everything, such as another `origin`; null takes one away. */
  headers: Record<string, string | null> = {};

  constructor(url: string) {
    this.url = url;
  }

  /** Its cookies, as they are sent. */
  get cookies(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  set cookies(text: string) {
    this.#cookies.clear();
    for (const one of text.split('; ').filter((part) => part !== '')) this.#cookies.set(one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1));
  }

  /** Asks as the console's script does. */
  async send(method: string, path: string, body?: unknown, more: Record<string, string | null> = {}): Promise<Replied> {
    const own: Record<string, string | null> = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }), 'hub-console': '1', origin: method === 'GET' ? null : this.url, 'sec-fetch-site': 'same-origin',
      ...(this.#cookies.size === 0 ? {} : { cookie: this.cookies }), ...this.headers, ...more,
    };
    const headers = Object.fromEntries(Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== null));
    const response = await fetch(new URL(path, this.url), { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '' || /max-age=0\b/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const text = await response.text();
    const json = (response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : {}) as Json;
    const code = (json as { errors?: readonly { readonly extensions: { readonly code: string } }[] }).errors?.[0]?.extensions.code;
    return { status: response.status, headers: response.headers, text, json, code };
  }

  /** Goes to an address, as by its bar or a link. */
  visit(path: string): Promise<Replied> {
    return this.send('GET', path, undefined, { 'hub-console': null, 'sec-fetch-site': 'none', accept: 'text/html,application/xhtml+xml' });
  }

  ask(query: string, variables: Readonly<Record<string, unknown>> = {}, more: Record<string, string | null> = {}): Promise<Replied> {
    return this.send('POST', '/graphql', { query, variables }, more);
  }

  signIn(account: string, password: string, code?: string): Promise<Replied> {
    return this.send('POST', '/session', { account, password, ...(code === undefined ? {} : { code }) });
  }
}

/** Opens an account for an administrator of the tests, named as he is, in lower case; gives its one-time password. */
export async function accountOf({ hub }: ServedHub, name: AdministratorName | OtherName): Promise<string> {
  const { now } = hub.writing();
  return (await openAccount(hub.database.sql, passwords, { name: name.toLowerCase(), administrator: `test-${name}` }, { by: 'tests', now })).password;
}

/** A browser in which an administrator of the tests is signed in and has changed his password already; what he signs in with is not known. */
export async function signedIn(served: ServedHub, name: AdministratorName | OtherName): Promise<Browser> {
  const { sql } = served.hub.database;
  const now = (): Date => new Date(served.hub.writing().now);
  const account = name.toLowerCase();
  const [there] = await sql`select 1 from account where name = ${account}`;
  if (there === undefined) await accountOf(served, name);
  const [own] = await sql<{ passwordOf: string }[]>`update account_secret set must_change = false, expires_at = null where name = ${account} returning changed_at::text as "passwordOf"`;
  const id = await new Sessions({ sql, now, idleMinutes: 30 }).begin({ administrator: `test-${name}`, account, passwordOf: own?.passwordOf ?? '' });
  const browser = new Browser(served.url);
  browser.cookies = `hub-session-${new URL(served.url).port}=${String(id)}`;
  return browser;
}
