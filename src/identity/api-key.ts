/**
 * API keys of consumers: made here, shown once by whoever asks for one, kept elsewhere as a digest only.
 *
 * A plain hash suffices, unlike for ID numbers and passwords: a key is 256 random bits of the hub's own making, so no
 * list can be tried against the digest, and salt or slow hashing would only cost every request. For the same reason a
 * caller can never choose its key.
 */
import { createHash, randomBytes } from 'node:crypto';

/** A new API key: `hub_` and 32 random bytes in base64url. The prefix lets secret scanners recognize a leaked one. */
export function newApiKey(): string {
  return `hub_${randomBytes(32).toString('base64url')}`;
}

/** SM3 (GB/T 32905-2016) of an API key, in hex: what is stored and looked up. Only for keys that `newApiKey` made. */
export function apiKeyDigest(key: string): string {
  return createHash('sm3').update(key).digest('hex');
}
