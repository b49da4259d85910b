/**
 * One-time codes of an app beside a password: TOTP (RFC 6238) as the apps have it, six digits of HMAC-SHA-1 that change every 30 seconds.
 * SHA-1 and the six digits are what authenticator apps know; a code is good for a minute and a half and taken once. Pure.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const stepSeconds = 30;
const digits = 6;
/** A clock may be a step behind or ahead. */
const tolerance = 1;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret: 160 bits in base32 (RFC 4648), as apps take it. */
export function newCodeSecret(): string {
  return [...randomBytes(32)].map((byte) => alphabet[byte & 31]).join('');
}

/** What an app reads from a QR code. */
export function otpauthUri(issuer: string, account: string, secret: string): string {
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${digits}&period=${stepSeconds}`;
}

/** The step whose code this is, of those that are taken at a moment (milliseconds); null: none's. Every step is looked at, whichever it is. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const key = bytesOf(secret);
  const current = Math.floor(now / 1000 / stepSeconds);
  const given = Buffer.from(/^\d{6}$/.test(code) ? code : 'xxxxxx');
  let found: number | null = null;
  for (let step = current - tolerance; step <= current + tolerance; step += 1) if (timingSafeEqual(Buffer.from(codeAt(key, step)), given)) found = step;
  return found;
}

/** The code of a step, `length` digits of it (RFC 4226 §5.3). */
export function codeAt(key: Buffer, step: number, length = digits): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(counter).digest();
  const from = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 10 ** length).padStart(length, '0');
}

/** The code of a moment (milliseconds), as an app shows it. */
export function codeOf(secret: string, now: number): string {
  return codeAt(bytesOf(secret), Math.floor(now / 1000 / stepSeconds));
}

function bytesOf(secret: string): Buffer {
  const bits = [...secret].map((one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? []);
}
