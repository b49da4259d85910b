/**
 * Who a citizen is, as the people's issuer asserts it: the subject of everything that is told to citizens comes out of a verified
 * token and from nowhere else, so no portal can ask about anybody who has not logged in with it.
 *
 * The token is signed by the issuer of citizens' tokens, made out to this hub (`aud`), given out to the portal that sends it (`azp`, or
 * `client_id` by RFC 9068), and holds the citizen's ID number in one configured claim. What it holds is turned into a person key at
 * once and not kept; nothing of it is ever quoted. Who acts for another (a parent, a guardian) is not known here.
 */
import { HubError } from '../errors.ts';
import { readIdentifier } from '../registries/identifiers/index.ts';
import { TokenVerifier, tokenRefused } from './token.ts';
import type { Claims, TokenRules } from './token.ts';

/** Whose tokens assert who a citizen is, and where they say it. */
export interface CitizenRules extends TokenRules {
  /** The claim that holds the ID number (GB 11643). */
  readonly claim: string;
}

/** See the head of this file. */
export class CitizenTokens {
  readonly #claim: string;
  readonly #verifier: TokenVerifier;
  readonly #personKey: (idNumber: string) => string;

  constructor(rules: CitizenRules, personKey: (idNumber: string) => string) {
    this.#claim = rules.claim;
    this.#verifier = new TokenVerifier(rules);
    this.#personKey = personKey;
  }

  /** The person key of whom a token asserts, sent by the portal that is this client. `today`: civil date. Throws `UNAUTHENTICATED` with the reason, or `UNAVAILABLE`. */
  async subjectOf(token: string | undefined, client: string, now: Date, today: string): Promise<string> {
    if (token === undefined || token === '') throw tokenRefused('MISSING');
    let claims: Claims;
    try {
      claims = await this.#verifier.claimsOf(token, now);
    } catch (error) {
      // Two tokens may have come: this one was the citizen's.
      throw error instanceof HubError ? new HubError(error.code, `Hub-Citizen: ${error.message}`, error.details) : error;
    }
    const parties = [claims['azp'], claims['client_id']].filter((party) => party !== undefined);
    if (parties.length === 0 || parties.some((party) => party !== client)) throw tokenRefused('PARTY');
    const asserted = claims[this.#claim];
    if (typeof asserted !== 'string') throw tokenRefused('IDENTITY');
    let idNumber: string;
    try {
      idNumber = readIdentifier('idNumber', asserted, today);
    } catch {
      throw tokenRefused('IDENTITY');
    }
    return this.#personKey(idNumber);
  }
}
