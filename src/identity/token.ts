/**
 * Tokens of the configured issuer (JWT, RFC 7519): who is named in one that may be believed.
 *
 * Believed is a token that is signed by a key of the issuer with one of the algorithms below (never `none`, never a shared secret),
 * says the issuer, is made out to this hub, and is within its time. It names somebody and gives nothing: whom it names is looked up
 * among the registered callers (`Standing.holderOfToken`), as the holder of a key is.
 */
import { hash } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { HubError } from '../errors.ts';
import { IssuerKeys } from './issuer.ts';
import { longestSubject } from './token-subject.ts';

/** Whose tokens are taken, and how. */
export interface TokenRules {
  /** `iss`, to the letter. */
  readonly issuer: string;
  /** What `aud` has to name: this hub. */
  readonly audience: string;
  /** Where the issuer's keys are; absent, by discovery. */
  readonly jwksUrl: string | undefined;
  /** Seconds that the issuer's clock and ours may differ. */
  readonly clockSkew: number;
}

/** What a verified token says. */
export interface VerifiedToken {
  readonly issuer: string;
  readonly subject: string;
  /** When it has to be verified again, milliseconds since the epoch; not after its expiry. */
  readonly until: number;
  /** The token's own name. */
  readonly digest: string;
}

/** JWA names (RFC 7518, RFC 9864): all of them sign with a key that is not the one which verifies. */
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];

/** Verified tokens that are kept, and for how long at most (milliseconds): what the issuer takes back is not believed for much longer. */
const mostKept = 10_000;
const longestKept = 5 * 60_000;

/** No header of a request is much longer. */
const longestToken = 8000;

const sentences = {
  MALFORMED: 'The token is no signed JWT that could be read. Send the access token as the issuer gave it out.',
  ALGORITHM: `The token is signed in a way that is not taken here. Let its issuer sign with one of ${algorithms.join(', ')}.`,
  KEY: 'The token is signed with a key that its issuer does not tell, or not tell apart. Fetch a new token; its `kid` has to name a key of the issuer.',
  SIGNATURE: 'The signature of the token does not fit. Fetch a new token from its issuer.',
  ISSUER: 'The token is of another issuer than the one whose tokens this hub takes. Ask the data authority which one that is.',
  AUDIENCE: 'The token is not made out to this hub. Ask its issuer for one with the audience that the data authority names.',
  EXPIRED: 'The token has expired. Fetch a new one from its issuer.',
  NOT_YET_VALID: 'The token is not valid yet. Ask again later; if it should be valid by now, set the clock of the sender or the issuer.',
  CLAIMS: 'The token lacks what every token has to say here: `iss`, `sub` (1 to 255 characters), `aud`, `exp`.',
  PARTY: 'The token was not given out to this portal: its `azp` (or `client_id`) has to be the client that the portal is registered under. Send the token that the citizen\'s own login at this portal brought.',
  IDENTITY: 'The token asserts no identity: the claim that has to hold the ID number is not there, or holds none. Have the issuer put it into tokens for this hub, of people whose identity it has verified.',
  MISSING: 'No citizen has asked. Send the token of the one who is logged in: Hub-Citizen: … (a JWT of the people\'s issuer).',
  NOT_REGISTERED: 'The token is valid, but its subject is no registered caller. A SYSTEM administrator links it to one (linkToken).',
} as const;

/** Why a token is refused; `extensions.reason` of the answer. */
export type TokenRefusal = keyof typeof sentences;

/** The refusal of a token: `UNAUTHENTICATED`, with the reason. */
export function tokenRefused(reason: TokenRefusal): HubError {
  return new HubError('UNAUTHENTICATED', sentences[reason], { reason });
}

/** The token in an `Authorization` header; null where there is none. An API key is none. */
export function tokenIn(authorization: string | undefined): string | null {
  return authorization === undefined ? null : (/^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization)?.[1] ?? null);
}

/** What a token says that is believed. */
export type Claims = JWTPayload & { readonly sub: string; readonly exp: number };

/** Verifies tokens by the keys of their issuer. */
export class TokenVerifier {
  readonly #rules: TokenRules;
  readonly #keys: IssuerKeys;

  constructor(rules: TokenRules) {
    this.#rules = rules;
    this.#keys = new IssuerKeys(rules.issuer, rules.jwksUrl);
  }

  /** What a token says; throws `UNAUTHENTICATED` with the reason, or `UNAVAILABLE`. */
  async claimsOf(token: string, now: Date): Promise<Claims> {
    const { issuer, audience, clockSkew } = this.#rules;
    if (token.length > longestToken) throw tokenRefused('MALFORMED');
    try {
      // Not believed yet; but for somebody else's token no key of ours has to be looked for.
      if (decodeJwt(token).iss !== issuer) throw tokenRefused('ISSUER');
      const { payload } = await jwtVerify(token, (header) => this.#keys.keyFor(header, now.getTime()), {
        issuer, audience, algorithms, clockTolerance: clockSkew, currentDate: now, requiredClaims: ['sub', 'exp'],
      });
      const { sub = '', exp = 0 } = payload;
      if (typeof sub !== 'string' || sub === '' || sub.length > longestSubject) throw tokenRefused('CLAIMS');
      return { ...payload, sub, exp };
    } catch (error) {
      throw error instanceof HubError ? error : tokenRefused(reasonOf(error));
    }
  }
}

/** See the head of this file. */
export class Tokens {
  readonly #rules: TokenRules;
  readonly #verifier: TokenVerifier;
  readonly #verified = new LRUCache<string, VerifiedToken>({ max: mostKept });
  readonly #verifying = new Map<string, Promise<VerifiedToken>>();

  constructor(rules: TokenRules) {
    this.#rules = rules;
    this.#verifier = new TokenVerifier(rules);
  }

  /** What a token says that was verified before and still holds. */
  known(token: string, now: Date): VerifiedToken | undefined {
    const known = this.#verified.get(digestOf(token));
    return known !== undefined && now.getTime() < known.until ? known : undefined;
  }

  /** Verifies a token; throws `UNAUTHENTICATED` with the reason, or `UNAVAILABLE`. Who sends it many times at once has it verified once. */
  verify(token: string, now: Date): Promise<VerifiedToken> {
    const digest = digestOf(token);
    const running = this.#verifying.get(digest) ?? this.#verifyNow(token, digest, now).finally(() => this.#verifying.delete(digest));
    this.#verifying.set(digest, running);
    return running;
  }

  async #verifyNow(token: string, digest: string, now: Date): Promise<VerifiedToken> {
    const { issuer, clockSkew } = this.#rules;
    const { sub, exp } = await this.#verifier.claimsOf(token, now);
    const verified = { issuer, subject: sub, until: Math.min((exp + clockSkew) * 1000, now.getTime() + longestKept), digest };
    this.#verified.set(digest, verified);
    return verified;
  }
}

/** Why jose does not take a token. What nobody has foreseen is a key that cannot be used: everything else is jose's own error. */
function reasonOf(error: unknown): TokenRefusal {
  if (error instanceof errors.JWTExpired) return 'EXPIRED';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing' || error.reason === 'invalid') return 'CLAIMS';
    return error.claim === 'nbf' ? 'NOT_YET_VALID' : error.claim === 'aud' ? 'AUDIENCE' : error.claim === 'iss' ? 'ISSUER' : 'CLAIMS';
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'ALGORITHM';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'SIGNATURE';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'KEY';
  return error instanceof errors.JOSEError ? 'MALFORMED' : 'KEY';
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
