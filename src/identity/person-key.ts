/**
 * `person_key`: the name under which the registries join what belongs to one natural person.
 *
 * HMAC-SM3 under a secret key, never plain SM3: of an ID number little is unknown (a division, a birthday, 3 digits: some
 * 10^10 numbers), so anyone can compute all plain digests within hours and read a "pseudonymous" column backwards. It is
 * computed when a row is written or a question names somebody (about 4 µs), never per row of an answer. It does not judge ID numbers.
 */
import { HubError } from '../errors.ts';
import { identifiers } from '../registries/identifiers/index.ts';
import type { KeyProvider } from './key-provider.ts';

/**
 * The person key of an ID number (GB 11643), however it is written: 43 characters, base64url(HMAC-SM3(key, normalized)).
 * A number with a wrong check digit has a key, since registries hold such numbers; a text that is no ID number at all is
 * `BAD_INPUT`, because one key for every 无 or 不详 would make one person of many.
 */
export function personKey(keys: KeyProvider, idNumber: string, version?: number): string {
  const normalized = identifiers.idNumber.normalize(idNumber);
  if (!/^\d{17}[\dX]$/.test(normalized)) throw new HubError('BAD_INPUT', 'A person key is made from an ID number of 18 characters (15 before 1999); this text is none.');
  return keys.hmacSm3(normalized, version).toString('base64url');
}
