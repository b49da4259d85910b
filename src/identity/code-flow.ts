/**
 * Signing in at the issuer of tokens: OpenID Connect Core 1.0 §3.1, the authorization code flow with PKCE (RFC 7636, S256), for the console.
 *
 * What comes back is believed when it comes back to the browser that was sent (`state`), is told by the issuer that was asked
 * (`iss`, RFC 9207, where it says it), and the code is redeemed for a token that this sign-in asked for (`nonce`), made out to this
 * client and signed with a key of the issuer. The token is looked at once and not kept; it names somebody and gives nothing.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { isTrustworthy } from '../config.ts';
import { HubError } from '../errors.ts';
import { log } from '../log.ts';
import { discover, fetchJson, keyAges } from './issuer.ts';
import { TokenVerifier } from './token.ts';
import type { Claims } from './token.ts';

/** Which client the hub is, and of whom. */
export interface CodeFlowRules {
  /** `iss`, to the letter. */
  readonly issuer: string;
  readonly jwksUrl: string | undefined;
  /** Seconds that the issuer's clock and ours may differ. */
  readonly clockSkew: number;
  readonly clientId: string;
  /** Null: a public client, which PKCE alone proves. */
  readonly clientSecret: (() => string) | null;
}

/** What the browser that was sent is known by; it keeps it, sealed. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What the browser brings back. */
export interface Returned {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  readonly iss?: string | undefined;
  readonly error?: string | undefined;
}

const endpoints = z.object({ authorization_endpoint: z.string().refine(isTrustworthy), token_endpoint: z.string().refine(isTrustworthy) });
type Endpoints = z.infer<typeof endpoints>;
const redeemed = z.object({ id_token: z.string().min(1) });

/** Milliseconds for which what the issuer tells of itself is kept. */
const keptMs = 5 * 60_000;

const sentences = {
  STATE: 'This sign-in was not begun in this browser, or too long ago. Begin it again.',
  REFUSED: 'The issuer has not signed you in. Try again, or ask whoever runs it.',
  TOKEN: 'What the issuer sent for this sign-in cannot be believed. Try again; the system administrator finds the reason in the hub\'s log.',
  NOT_REGISTERED: 'You are signed in at the issuer, but no administrator of this hub is linked to that login. A system administrator links it (linkToken).',
} as const;

/** The refusal of a sign-in at the issuer: `SIGN_IN_REFUSED`, with the reason. */
export function flowRefused(reason: keyof typeof sentences): HubError {
  return new HubError('SIGN_IN_REFUSED', sentences[reason], { reason });
}

/** See the head of this file. */
export class CodeFlow {
  readonly #rules: CodeFlowRules;
  readonly #tokens: TokenVerifier;
  #told: { readonly at: number; readonly endpoints: Endpoints } | null = null;
  #asking: Promise<Endpoints> | null = null;
  #failedAt = -Infinity;

  constructor(rules: CodeFlowRules) {
    this.#rules = rules;
    this.#tokens = new TokenVerifier({ issuer: rules.issuer, audience: rules.clientId, jwksUrl: rules.jwksUrl, clockSkew: rules.clockSkew });
  }

  get issuer(): string {
    return this.#rules.issuer;
  }

  /** Where a browser is sent, and what it is known by when it comes back. `callback`: the address that it comes back to. Throws `UNAVAILABLE`. */
  async begin(callback: string, now: Date): Promise<{ readonly url: string; readonly pending: Pending }> {
    const { authorization_endpoint: endpoint } = await this.#endpoints(now);
    const [state, nonce, verifier] = [secret(), secret(), secret()];
    const url = new URL(endpoint);
    const asked = { response_type: 'code', scope: 'openid', client_id: this.#rules.clientId, redirect_uri: callback, state, nonce, code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return { url: url.href, pending: { state, nonce, verifier } };
  }

  /** The subject who has signed in. Throws `SIGN_IN_REFUSED` with the reason, or `UNAVAILABLE`. */
  async finish(pending: Pending, { code, state, iss, error }: Returned, callback: string, now: Date): Promise<string> {
    if (state === undefined || !same(state, pending.state)) throw flowRefused('STATE');
    if (iss !== undefined && iss !== this.#rules.issuer) throw flowRefused('TOKEN');
    if (error !== undefined || code === undefined || code === '') throw flowRefused('REFUSED');
    const { token_endpoint: endpoint } = await this.#endpoints(now);
    const token = await this.#redeem(endpoint, code, pending.verifier, callback);
    let claims: Claims;
    try {
      claims = await this.#tokens.claimsOf(token, now);
    } catch (failure) {
      if (failure instanceof HubError && failure.code === 'UNAVAILABLE') throw failure;
      throw unbelievable(failure instanceof HubError ? String(failure.details['reason']) : 'the token cannot be read');
    }
    if (typeof claims['nonce'] !== 'string' || !same(claims['nonce'], pending.nonce)) throw unbelievable('nonce');
    // §3.1.3.7: made out to several, it says who asked for it.
    const party = claims['azp'];
    if ((party !== undefined || (Array.isArray(claims.aud) && claims.aud.length > 1)) && party !== this.#rules.clientId) throw unbelievable('azp');
    return claims.sub;
  }

  /** Where the issuer signs people in, as it told of late; asked once for all who wait, and after a failure not at once again. */
  async #endpoints(now: Date): Promise<Endpoints> {
    const at = now.getTime();
    if (this.#told !== null && at - this.#told.at >= 0 && at - this.#told.at < keptMs) return this.#told.endpoints;
    if (at - this.#failedAt >= 0 && at - this.#failedAt < keyAges.rest) throw unreachable(null);
    this.#asking ??= this.#ask(at).finally(() => { this.#asking = null; });
    return this.#asking;
  }

  async #ask(at: number): Promise<Endpoints> {
    try {
      this.#told = { at, endpoints: endpoints.parse(await discover(this.#rules.issuer)) };
      return this.#told.endpoints;
    } catch (error) {
      this.#failedAt = at;
      throw unreachable(error);
    }
  }

  async #redeem(endpoint: string, code: string, verifier: string, callback: string): Promise<string> {
    const { clientId, clientSecret } = this.#rules;
    const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier, ...(clientSecret === null ? { client_id: clientId } : {}) });
    // RFC 6749 §2.3.1: both parts form-encoded.
    const own: Readonly<Record<string, string>> = clientSecret === null ? {} : { authorization: `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret())}`).toString('base64')}` };
    let told: { readonly status: number; readonly body: unknown };
    try {
      told = await fetchJson(endpoint, { method: 'POST', headers: own, body });
    } catch (error) {
      throw unreachable(error);
    }
    if (told.status >= 500) throw unreachable(new Error(`status ${told.status}`));
    const read = redeemed.safeParse(told.body);
    if (told.status !== 200 || !read.success) throw unbelievable(`the code was not redeemed (status ${told.status})`);
    return read.data.id_token;
  }
}

const secret = (): string => randomBytes(32).toString('base64url');
const formEncoded = (text: string): string => new URLSearchParams({ a: text }).toString().slice(2);

/** Compared by digests, whose length is always the same. */
function same(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}

function unbelievable(why: string): HubError {
  log.error({ why }, 'a sign-in at the issuer brought a token that is not believed');
  return flowRefused('TOKEN');
}

/** `error`: null where it was not asked again. */
function unreachable(error: unknown): HubError {
  if (error !== null) log.error({ reason: error instanceof Error ? error.name : typeof error }, 'the issuer cannot be asked: nobody signs in there, accounts with a password do');
  return new HubError('UNAVAILABLE', 'The issuer does not answer just now. Sign in with an account and its password, or try again in a while.', { retryAfter: 5 });
}
