/**
 * The printed code of an annotated copy: which copy it is, and a check that only this hub can compute.
 *
 * The code is the copy's id (50 random bits) and 80 bits of an HMAC-SM3 over it and the certificate's identifier. So nothing secret is
 * stored, whoever reads the database cannot print codes, and guessing is hopeless: 2^80 tries for one copy that is known to be there.
 * It is written in Crockford's base32, which has no I, L, O and U; they are read as what they look like. It knows of no database and
 * says nothing of whether a copy is there.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyProvider } from '../identity/key-provider.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const [idLength, macLength] = [10, 16];

/** A code as it was read. */
export interface PrintedCode {
  readonly copyId: string;
  readonly mac: string;
}

/** What computing a code takes. */
export type CodeKeys = Pick<KeyProvider, 'hmacSm3' | 'versions'>;

/** A new id of a copy. */
export function newCopyId(): string {
  return base32(randomBytes(7), idLength);
}

/** The code of a copy, as it stands in its QR code: id, a hyphen, the check. `version`: of the key, which the copy keeps. */
export function codeOf(keys: CodeKeys, copyId: string, certificateIdentifier: string, version: number): string {
  return `${copyId}-${macOf(keys, copyId, certificateIdentifier, version)}`;
}

/** The same for people: groups of five, then of four. */
export function inGroups(code: string): string {
  const [id = '', mac = ''] = code.split('-');
  return [...(id.match(/.{5}/g) ?? []), ...(mac.match(/.{4}/g) ?? [])].join('-');
}

/** Reads a code as people type it: case, blanks and hyphens do not matter. Null: it has not the form of one. */
export function readCode(text: string): PrintedCode | null {
  if (text.length > 100) return null;
  const plain = text.normalize('NFKC').toUpperCase().replace(/[\s\p{Pd}]/gu, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return new RegExp(`^[${alphabet}]{${idLength + macLength}}$`).test(plain) ? { copyId: plain.slice(0, idLength), mac: plain.slice(idLength) } : null;
}

/** Is it the code of this copy? In the same time whether or not. */
export function isCodeOf(keys: CodeKeys, { copyId, mac }: PrintedCode, certificateIdentifier: string, version: number): boolean {
  return timingSafeEqual(Buffer.from(macOf(keys, copyId, certificateIdentifier, version)), Buffer.from(mac));
}

function macOf(keys: CodeKeys, copyId: string, certificateIdentifier: string, version: number): string {
  return base32(keys.hmacSm3(`printed code of an annotated copy\n${copyId}\n${certificateIdentifier}`, version), macLength);
}

/** The first `length` digits of 5 bits. */
function base32(bytes: Buffer, length: number): string {
  let [text, bits, held] = ['', 0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
  }
  return text;
}
