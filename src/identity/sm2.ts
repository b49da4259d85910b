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
  try {
    return sm2.doVerifySignature(text, signature, publicKey, form);
  } catch {
    return false;
  }
}
