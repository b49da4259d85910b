/**
 * SM2 signatures (GB/T 32918.2, in the form of GM/T 0009: DER, user id 1234567812345678), which Node's own crypto does not make:
 * what it signs with a key on this curve is ECDSA, or SM2 with an empty user id.
 */
import { sm2 } from 'sm-crypto-v2';

/** Order of the curve's base point (GB/T 32918.5). */
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

const form = { hash: true, der: true, userId: '1234567812345678' } as const;

/** A private key from 64 secret bytes, which are more than it needs so that no key is likelier than another. */
export function sm2PrivateKey(secret: Buffer): string {
  const key = (BigInt(`0x${secret.toString('hex')}`) % (order - 2n)) + 1n;
  return key.toString(16).padStart(64, '0');
}

/** The public key, uncompressed, in hex. */
export function sm2PublicKey(privateKey: string): string {
  return sm2.getPublicKeyFromPrivateKey(privateKey);
}

/** Signs a text; the signature in hex. `publicKey`: that of the private one, which is part of what is signed; made anew where it is not given, in half the time that signing takes. */
export function signSm2(text: string, privateKey: string, publicKey?: string): string {
  return sm2.doSignature(text, privateKey, publicKey === undefined ? form : { ...form, publicKey });
}

/** Is it a signature of this text under this public key? What is none at all is none of this text either. */
export function isSm2Signature(text: string, signature: string, publicKey: string): boolean {
  if (!isDer(signature)) return false;
  try {
    return sm2.doVerifySignature(text, signature, publicKey, form);
  } catch {
    return false;
  }
}

/** Is it a sequence of two positive integers in the one form of DER? The library reads others too, and one signature is to be one text. */
function isDer(signature: string): boolean {
  const bytes = /^([0-9a-f]{2})+$/.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(0);
  const integerEnd = (at: number): number => {
    const [length = 0, first = 0, second = 0] = bytes.subarray(at + 1, at + 4);
    const minimal = length > 0 && length <= 33 && first < 0x80 && (first !== 0 || (length > 1 && second >= 0x80));
    return bytes[at] === 2 && minimal ? at + 2 + length : Number.NaN;
  };
  return bytes[0] === 0x30 && bytes[1] === bytes.length - 2 && integerEnd(integerEnd(2)) === bytes.length;
}
