/**
 * The public keys of the issuer whose tokens the hub takes: found by OpenID Connect Discovery 1.0 or at a configured address, kept,
 * and fetched again.
 *
 * Keys that are kept are used while the issuer cannot be reached, but not for longer than `oldest`: after that tokens are refused
 * (`UNAVAILABLE`), because a key that the issuer has withdrawn would still be believed. A key that is not known makes the hub fetch,
 * though not more often than it cools down for: anybody can write a key's name into a token.
 */
import { createLocalJWKSet, errors } from 'jose';
import type { CryptoKey, JSONWebKeySet, JWSHeaderParameters } from 'jose';
import { z } from 'zod';
import { isTrustworthy } from '../config.ts';
import { HubError } from '../errors.ts';
import { log } from '../log.ts';

/** Milliseconds. */
export const keyAges = {
  /** Kept keys of this age are fetched again while they are used. */
  fresh: 5 * 60_000,
  /** Kept keys of this age are not used any more. */
  oldest: 15 * 60_000,
  /** After fetching, a key that is not known is not looked for again. */
  cooldown: 30_000,
  /** After failing to fetch, nothing is fetched. */
  rest: 5_000,
} as const;

/** How long an issuer has to answer, in milliseconds. */
const patience = 5_000;

const discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.string().refine(isTrustworthy) });

/** See the head of this file. */
export class IssuerKeys {
  readonly #issuer: string;
  readonly #jwksUrl: string | undefined;
  #kept: { readonly find: ReturnType<typeof createLocalJWKSet>; readonly at: number } | undefined;
  #last: { readonly at: number; readonly failed: boolean } | undefined;
  #fetching: Promise<void> | undefined;

  /** `jwksUrl`: where the keys are; absent, the issuer says it. */
  constructor(issuer: string, jwksUrl: string | undefined) {
    this.#issuer = issuer;
    this.#jwksUrl = jwksUrl;
  }

  /** The key that a token's header names. Throws jose's errors where there is none, and `UNAVAILABLE`. `now`: milliseconds. */
  async keyFor(header: JWSHeaderParameters, now: number): Promise<CryptoKey> {
    const age = this.#kept === undefined ? Infinity : now - this.#kept.at;
    if (age >= keyAges.oldest) await this.#fetch(now);
    else if (age >= keyAges.fresh) this.#fetch(now).catch(() => undefined);
    try {
      return await this.#find(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await this.#fetch(now);
    return this.#find(header);
  }

  #find(header: JWSHeaderParameters): Promise<CryptoKey> {
    if (this.#kept === undefined) throw unreachable();
    return this.#kept.find(header);
  }

  /** Fetches the keys, once for all who wait for them, unless they were fetched just now. */
  #fetch(now: number): Promise<void> {
    if (this.#fetching !== undefined) return this.#fetching;
    const since = this.#last === undefined ? Infinity : now - this.#last.at;
    // A clock that is set back stops nothing.
    if (this.#last !== undefined && since >= 0 && since < (this.#last.failed ? keyAges.rest : keyAges.cooldown)) return this.#last.failed ? Promise.reject(unreachable()) : Promise.resolve();
    this.#fetching = this.#fetchNow(now).finally(() => { this.#fetching = undefined; });
    return this.#fetching;
  }

  async #fetchNow(now: number): Promise<void> {
    try {
      const find = createLocalJWKSet(await readJson(this.#jwksUrl ?? (await discover(this.#issuer)).jwks_uri) as JSONWebKeySet);
      this.#kept = { find, at: now };
      this.#last = { at: now, failed: false };
    } catch (error) {
      this.#last = { at: now, failed: true };
      log.error({ reason: reasonOf(error) }, 'the keys of the issuer of tokens cannot be fetched: tokens that need them are refused, API keys are not');
      throw unreachable();
    }
  }
}

/** What an issuer tells of itself (OpenID Connect Discovery 1.0). Throws what it is told in vain. */
export async function discover(issuer: string): Promise<z.infer<typeof discovery>> {
  const told = discovery.parse(await readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  // Who answers there has to be who was asked (§4.3).
  if (told.issuer !== issuer) throw new Error('discovery tells of another issuer');
  return told;
}

/** Asks an issuer; `body` is JSON whatever the status. A redirection is not followed: it would lead to whom nobody has configured. */
export async function fetchJson(url: string, asked: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: URLSearchParams } = {}): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(url, { ...asked, headers: { ...asked.headers, accept: 'application/json' }, redirect: 'error', signal: AbortSignal.timeout(patience) });
  return { status: response.status, body: await response.json().catch(() => null) };
}

async function readJson(url: string): Promise<unknown> {
  const { status, body } = await fetchJson(url);
  if (status < 200 || status > 299 || body === null) throw new Error(`status ${status}`);
  return body;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? `${error.message} (${String(cause.code)})` : error.message;
}

function unreachable(): HubError {
  const retryAfter = keyAges.rest / 1000;
  return new HubError('UNAVAILABLE', `The issuer of this token does not tell its keys just now, so the token cannot be verified. Ask again in ${retryAfter} seconds, or with an API key; the system administrator finds the reason in the hub's log.`, { reason: 'ISSUER_UNREACHABLE', retryAfter });
}
