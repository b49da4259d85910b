/**
 * The detached signature of a copy's file: SM2 in the form of GM/T 0009, over a statement that names the copy, the SM3 digest of the
 * file's bytes, and the moment. It is checked with the public key alone, without a hub; any byte of the file that is changed, and any
 * word of the signature, breaks it.
 *
 * It says that this hub made this file. Whether the certificate is still valid is asked at the hub (check.ts).
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import type { KeyProvider } from '../identity/key-provider.ts';
import { isSm2Signature } from '../identity/sm2.ts';

const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));
const form = z.strictObject({
  format: z.literal('annotated-copy-signature-1'),
  copy: z.string().max(100),
  digestAlgorithm: z.literal('SM3 (GB/T 32905-2016)'),
  digest: hex(64),
  signatureAlgorithm: z.literal('SM2 with SM3, DER, user id 1234567812345678 (GM/T 0009)'),
  keyVersion: z.int().positive(),
  /** ISO 8601. */
  signedAt: z.string().max(100),
  signature: z.string().regex(/^([0-9a-f]{2}){8,80}$/),
});

/** A signature, as its file has it. */
export type CopySignature = z.infer<typeof form>;

/** What is signed. */
type Signed = Pick<CopySignature, 'copy' | 'digest' | 'keyVersion' | 'signedAt'>;

const textOf = ({ copy, digest, keyVersion, signedAt }: Signed): string => `annotated copy of a certificate\ncopy ${copy}\nSM3 ${digest}\nkey ${keyVersion}\nat ${signedAt}\n`;

/** Signs a file under the current version of the keys. */
export function signCopy(keys: Pick<KeyProvider, 'current' | 'signSm2'>, copy: string, file: Uint8Array, signedAt: string): CopySignature {
  const signed: Signed = { copy, digest: hash('sm3', file, 'hex'), keyVersion: keys.current, signedAt };
  return asSignature({ ...signed, signature: keys.signSm2(textOf(signed), keys.current) });
}

/** The signature in its whole form, from what is kept of it. */
export function asSignature({ copy, digest, keyVersion, signedAt, signature }: Signed & Pick<CopySignature, 'signature'>): CopySignature {
  return { format: 'annotated-copy-signature-1', copy, digestAlgorithm: 'SM3 (GB/T 32905-2016)', digest, signatureAlgorithm: 'SM2 with SM3, DER, user id 1234567812345678 (GM/T 0009)', keyVersion, signedAt, signature };
}

/** Reads the text of a signature; throws `BAD_INPUT` where it is none. */
export function readSignature(text: string): CopySignature {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  const read = form.safeParse(json);
  if (!read.success) throw new HubError('BAD_INPUT', `This is no signature of an annotated copy (${read.error.issues.map(({ path }) => path.join('.') || 'not JSON').join(', ')}). Take it anew from the hub: the address of the file, followed by .sig.`);
  return read.data;
}

/** Public keys, uncompressed, in hex, by version of the hub's keys. */
export type PublicKeys = (version: number) => string | undefined;

/** What is wrong with a file and its signature; null: nothing. */
export function problemOf(file: Uint8Array, signature: CopySignature, publicKeys: PublicKeys): string | null {
  if (hash('sm3', file, 'hex') !== signature.digest) return 'the file is not the one that was signed: its SM3 digest is another one';
  const key = publicKeys(signature.keyVersion);
  if (key === undefined) return `the public key of version ${signature.keyVersion} is not given: take it from the hub (hub audit key)`;
  return isSm2Signature(textOf(signature), signature.signature, key) ? null : 'the signature is not of this file, copy and moment under this key';
}

/** Reads public keys as `hub audit key` writes them (`version 1  SM2 04…`), or one alone, whichever version it is. */
export function readPublicKeys(text: string): PublicKeys {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const keys = new Map(lines.flatMap((line): [number | null, string][] => {
    const [, version, key] = /^(?:version (\d{1,9})\s+SM2\s+)?(04[0-9a-f]{128})$/i.exec(line) ?? [];
    return key === undefined ? [] : [[version === undefined ? null : Number(version), key.toLowerCase()]];
  }));
  const alone = keys.get(null);
  if (keys.size === 0 || keys.size < lines.length || (alone !== undefined && keys.size > 1)) throw new HubError('BAD_INPUT', 'The key file holds lines as `hub audit key` writes them, or one SM2 public key alone (130 hexadecimal digits that begin with 04).');
  return (version) => alone ?? keys.get(version);
}
