/**
 * The hub's secret keys: a port, and the default behind it, a file that only its owner can read.
 *
 * Whoever needs a key asks for an operation, never for the bytes, so that a cryptographic module (HSM) can stand behind
 * the port (GB/T 39786-2021). A key version is never changed or deleted here: values made with it must stay computable.
 */
import { createCipheriv, createDecipheriv, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { signSm2, sm2PrivateKey, sm2PublicKey } from './sm2.ts';

/** What the hub can do with its secret keys. */
export interface KeyProvider {
  /** The version that new values are made with. */
  readonly current: number;
  /** Every version that can still be asked, ascending. */
  readonly versions: readonly number[];
  /** HMAC-SM3 (GM/T 0004, GB/T 15852.2) of a text or bytes under one version of the key; without a version, the current one. */
  hmacSm3(message: string | Uint8Array, version?: number): Buffer;
  /** Seals a text, so that nobody without the keys reads or changes it: SM4-CBC and HMAC-SM3 over it. `about`: what it is of; only as that it is opened again. */
  seal(text: string, about: string): string;
  /** Opens what was sealed; null where it was not sealed with these keys as that. */
  unseal(sealed: string, about: string): string | null;
  /** SM2 signature of a text (see sm2.ts) under one version of the keys; without a version, the current one. */
  signSm2(text: string, version?: number): string;
  /** The public key that such signatures are verified with, uncompressed, in hex. */
  publicSm2(version?: number): string;
}

const secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url');
const keySet = z.object({
  current: z.number().int().positive(),
  // Loose: a newer hub may keep further keys of a version here, and a rotation by an older one must not lose them.
  keys: z.record(z.string().regex(/^[1-9]\d{0,8}$/, 'must be a version number'), z.looseObject({ hmac: secret })),
}).refine((set) => set.keys[String(set.current)] !== undefined, 'the current version has no key');

/** The content of a key file. `hmac`: 32 random bytes in base64url. */
export type KeySet = z.infer<typeof keySet>;

/** One version of fresh random keys. */
export function newKeySet(): KeySet {
  return { current: 1, keys: { 1: { hmac: newSecret() } } };
}

const newSecret = (): string => randomBytes(32).toString('base64url');

/** A provider over keys in memory: what the file holds, or a test's own. */
export function keyProviderOf(set: KeySet): KeyProvider {
  const keys = new Map(Object.entries(set.keys).map(([version, { hmac }]) => [Number(version), hmacKey(Buffer.from(hmac, 'base64url'))]));
  const { current } = set;
  const hmacSm3 = (message: string | Uint8Array, version = current): Buffer => {
    const key = keys.get(version);
    if (key === undefined) throw new HubError('CONFIG_INVALID', `The key file has no key version ${version}; restore it from the backup of the keys.`);
    return hmacWith(key, message);
  };
  // Made from the version's secret, so that a file of before signs too and there is one secret to guard.
  const pairs = new Map<number, { readonly own: string; readonly open: string }>();
  const pairOf = (version = current): { readonly own: string; readonly open: string } => {
    const known = pairs.get(version);
    if (known !== undefined) return known;
    const own = sm2PrivateKey(Buffer.concat([1, 2].map((n) => hmacSm3(`SM2 private key of the hub, part ${n}`, version))));
    const pair = { own, open: sm2PublicKey(own) };
    pairs.set(version, pair);
    return pair;
  };
  const sealing = (version: number): { readonly cipher: Buffer; readonly mac: HmacKey } => ({ cipher: hmacSm3('sealing, encryption', version).subarray(0, 16), mac: hmacKey(hmacSm3('sealing, authentication', version)) });
  const macOf = (mac: HmacKey, version: number, about: string, iv: Buffer, hidden: Buffer): Buffer => hmacWith(mac, Buffer.concat([Buffer.from(`${version}\n${about.length}\n${about}\n`), iv, hidden]));
  return Object.freeze({
    current,
    seal: (text: string, about: string) => {
      const { cipher, mac } = sealing(current);
      const iv = randomBytes(16);
      const sm4 = createCipheriv('sm4-cbc', cipher, iv);
      const hidden = Buffer.concat([sm4.update(text, 'utf8'), sm4.final()]);
      return [String(current), ...[iv, hidden, macOf(mac, current, about, iv, hidden)].map((bytes) => bytes.toString('base64url'))].join('.');
    },
    unseal: (sealed: string, about: string) => {
      const [, written = '', ...parts] = /^([1-9]\d{0,8})\.([\w-]{22})\.([\w-]+)\.([\w-]{43})$/.exec(sealed) ?? [];
      const [iv, hidden, told] = parts.map((part) => Buffer.from(part, 'base64url'));
      const version = Number(written);
      if (iv === undefined || hidden === undefined || told === undefined || !keys.has(version)) return null;
      const { cipher, mac } = sealing(version);
      if (!timingSafeEqual(macOf(mac, version, about, iv, hidden), told)) return null;
      const sm4 = createDecipheriv('sm4-cbc', cipher, iv);
      return Buffer.concat([sm4.update(hidden), sm4.final()]).toString('utf8');
    },
    versions: Object.freeze([...keys.keys()].sort((a, b) => a - b)),
    hmacSm3,
    signSm2: (text: string, version = current) => {
      const { own, open } = pairOf(version);
      return signSm2(text, own, open);
    },
    publicSm2: (version = current) => pairOf(version).open,
  });
}

/** Bytes of a block of SM3; a key has fewer. */
const block = 64;

/** A key as HMAC (RFC 2104) takes it: one block for the inner digest, one for the outer, which has room for the inner one behind it. */
interface HmacKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

/** Bytes of a digest of SM3. */
const digested = 32;

function hmacKey(secretBytes: Buffer): HmacKey {
  const padded = (pad: number): Buffer => Buffer.alloc(block, pad).map((byte, at) => byte ^ (secretBytes[at] ?? 0)) as Buffer;
  return { inner: padded(0x36), outer: Buffer.concat([padded(0x5c), Buffer.alloc(digested)]) };
}

/**
 * Two digests in one call each, handed over as text of a byte a character: an object of Node's for each HMAC costs twice the HMAC, a buffer
 * for each digest half of it, and each person written or asked for under a case takes one.
 */
function hmacWith({ inner, outer }: HmacKey, message: string | Uint8Array): Buffer {
  outer.write(hash('sm3', Buffer.concat([inner, typeof message === 'string' ? Buffer.from(message) : message]), 'binary'), block, 'latin1');
  return Buffer.from(hash('sm3', outer, 'binary'), 'latin1');
}

/** Opens the key file, making it with random keys when there is none. Refuses a file that group or others may read. */
export function openKeyFile(path: string): KeyProvider {
  return keyProviderOf(readKeySet(path) ?? createKeySet(path));
}

/**
 * Adds a new version of the keys and makes it the current one; the older ones stay. Columns computed with the older
 * version (`person_key`) have to be computed anew by whoever calls this. For one process at a time.
 */
export function rotateKeyFile(path: string): KeyProvider {
  const set = readKeySet(path);
  if (set === null) throw new HubError('CONFIG_INVALID', 'There is no key file to rotate; start the hub once to make it.');
  const next = Math.max(...Object.keys(set.keys).map(Number)) + 1;
  const rotated: KeySet = { current: next, keys: { ...set.keys, [next]: { hmac: newSecret() } } };
  renameSync(writeBeside(path, rotated), path);
  syncDirectory(path);
  return keyProviderOf(rotated);
}

/** The file's content; `null` when there is no file. Error sentences carry no content: JSON.parse would quote a secret. */
function readKeySet(path: string): KeySet | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new HubError('CONFIG_INVALID', `The key file cannot be opened (${codeOf(error)}); it has to belong to the user that runs the hub.`);
  }
  try {
    // Asked of the open file, not of the path, so that what is checked is what is read.
    const status = fstatSync(file);
    if (!status.isFile()) throw new HubError('CONFIG_INVALID', 'The key file is not a regular file; set HUB_KEY_FILE to a file.');
    if ((status.mode & 0o077) !== 0) {
      throw new HubError('CONFIG_INVALID', `The key file can be read by others (mode ${(status.mode & 0o777).toString(8)}); run chmod 600 on it and consider its keys known.`);
    }
    return parseKeySet(readFileSync(file, 'utf8'));
  } finally {
    closeSync(file);
  }
}

function parseKeySet(text: string): KeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HubError('CONFIG_INVALID', 'The key file is not JSON; restore it from its backup. Deleting it would make every stored person key useless.');
  }
  const read = keySet.safeParse(value);
  if (read.success) return read.data;
  const wrong = read.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.code === 'custom' ? issue.message : 'not as expected'}`).join('; ');
  throw new HubError('CONFIG_INVALID', `The key file is not usable (${wrong}); restore it from its backup.`);
}

/** Makes the file. Of two processes that start at once one wins, and both use its keys. */
function createKeySet(path: string): KeySet {
  const set = newKeySet();
  let made: string | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    made = writeBeside(path, set);
    // A link refuses to replace a file, which a rename would do silently.
    linkSync(made, path);
    syncDirectory(path);
    return set;
  } catch (error) {
    const winner = codeOf(error) === 'EEXIST' ? readKeySet(path) : null;
    if (winner !== null) return winner;
    throw new HubError('CONFIG_INVALID', `The key file cannot be made (${codeOf(error)}); set HUB_KEY_FILE to a place that can be written.`);
  } finally {
    if (made !== undefined) unlinkSync(made);
  }
}

/** Writes the keys to a new file of mode 0600 in the same folder, safe on the disk, and gives its path. */
function writeBeside(path: string, set: KeySet): string {
  const beside = `${path}.${randomBytes(6).toString('hex')}.new`;
  const file = openSync(beside, 'wx', 0o600);
  try {
    writeFileSync(file, `${JSON.stringify(set, null, 2)}\n`);
    fsyncSync(file);
  } catch (error) {
    // Half a set of secrets is of no use and must not be left lying about.
    unlinkSync(beside);
    throw error;
  } finally {
    closeSync(file);
  }
  return beside;
}

/** A new name in a folder survives a power cut only when the folder itself is synced. */
function syncDirectory(path: string): void {
  const folder = openSync(dirname(path), constants.O_RDONLY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
