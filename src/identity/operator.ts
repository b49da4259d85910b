/**
 * The person behind a request (经办人): a name that the consumer says, or a signed assertion that proves that it says so.
 *
 * An assertion is a JWT signed with the key that the consumer registered (`sub`: the operator, `iss`: the consumer, `exp` within a
 * day). Whoever has registered a key has to sign: an unsigned name of his is refused, because anybody with the API key could
 * write it. Without a key the name is taken and marked unverified.
 */
import { importJWK, jwtVerify } from 'jose';
import type { JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { HubError } from '../errors.ts';

/** Who handled it, and whether the consumer has signed that. */
export interface Operator {
  readonly code: string;
  readonly verified: boolean;
}

const longest = 100;
const algorithms = ['EdDSA', 'ES256', 'PS256', 'RS256'];

/** Which of them a kind of key signs with. */
const algorithmOf: Readonly<Record<string, string>> = { 'OKP Ed25519': 'EdDSA', 'EC P-256': 'ES256', RSA: 'PS256' };

/** Assertions that were verified, until they expire: one is sent with every request of a session. */
const verified = new LRUCache<string, { readonly code: string; readonly until: number }>({ max: 5000 });

/** Refuses what no assertion could be verified with, and a key that signs: it would stand in the log of policy for all time. */
export async function checkOperatorKey(key: Readonly<Record<string, unknown>>): Promise<void> {
  if (key['d'] !== undefined || key['k'] !== undefined) throw new HubError('BAD_INPUT', 'operatorKey holds the secret part of a key. Make a new pair, keep its secret, and register the public part.');
  const algorithm = algorithmOf[key['kty'] === 'RSA' ? 'RSA' : `${String(key['kty'])} ${String(key['crv'])}`];
  const imported = algorithm === undefined ? undefined : await importJWK(key as JWK, algorithm).catch(() => undefined);
  if (imported === undefined) throw new HubError('BAD_INPUT', 'operatorKey is no public key that assertions can be verified with: a JWK of an Ed25519, P-256 or RSA key.');
}

/** Reads `Hub-Operator`; throws `PURPOSE_REFUSED`. `key`: the consumer's public key (JWK), null where it has none. */
export async function readOperator(written: string, key: unknown, consumer: string, now: Date): Promise<Operator> {
  if (key === null) {
    if (written.length > longest || /\p{Cc}/u.test(written)) throw refused(`is longer than ${longest} characters, or holds characters that cannot be printed`);
    return { code: written, verified: false };
  }
  const place = `${consumer}|${JSON.stringify(key)}|${written}`;
  const known = verified.get(place);
  if (known !== undefined && now.getTime() < known.until) return { code: known.code, verified: true };
  try {
    const { payload } = await jwtVerify(written, key as JWK, { issuer: consumer, requiredClaims: ['sub', 'exp'], maxTokenAge: '1 day', algorithms, currentDate: now, clockTolerance: 30 });
    const code = payload.sub ?? '';
    if (code === '' || code.length > longest) throw refused('names no operator');
    verified.set(place, { code, until: (payload.exp ?? 0) * 1000 });
    return { code, verified: true };
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw refused('is no valid assertion (a JWT with sub, iss, iat and exp, signed with the key that this consumer has registered)');
  }
}

function refused(why: string): HubError {
  return new HubError('PURPOSE_REFUSED', `Hub-Operator ${why}.`);
}
