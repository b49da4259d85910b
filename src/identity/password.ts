/**
 * Passwords of accounts: which will do, and how they are kept.
 *
 * Which will do follows NIST SP 800-63B §5.1.1: long, not the account's name, not one that everybody tries, and no rules about kinds of
 * characters. Kept is a digest by scrypt (RFC 7914) with a salt of its own, so that whoever has the table tries each guess at length. The
 * work is done off the event loop, a few at once and no more: sign-in is no way to keep the hub from its work.
 */
import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { HubError } from '../errors.ts';
import { isCommon } from './common-passwords.ts';

/** Characters (code points) of a password. */
export const passwordLength = { least: 12, most: 200 } as const;

/** Cost of a digest, as OWASP has it for scrypt: N = 2^15, r = 8, p = 3, some 32 MB and a third of a second. */
const standardCost = 15;
const blockSize = 8;
const parallel = 3;
const digestBytes = 32;

/** Digests that are computed at once, and that wait: the threads that compute them also read files. */
const atOnce = 2;
const mostWaiting = 50;

/** Why a password will not do; `extensions.reason`. */
export type PasswordProblem = 'TOO_SHORT' | 'TOO_LONG' | 'NOT_PRINTABLE' | 'HOLDS_NAME' | 'COMMON' | 'SAME';

const sentences: Readonly<Record<PasswordProblem, string>> = {
  TOO_SHORT: `The password has fewer than ${passwordLength.least} characters. Take a longer one; several words are easy to keep in mind.`,
  TOO_LONG: `The password has more than ${passwordLength.most} characters. Take a shorter one.`,
  NOT_PRINTABLE: 'The password holds characters that cannot be printed. Take them out.',
  HOLDS_NAME: 'The password holds the name of the account or of its holder. Take one that does not.',
  COMMON: 'The password is one of those that are tried first: a common word with numbers, a row of the keyboard, or a repetition. Take another one; several words that do not belong together are good.',
  SAME: 'The password is the one that was used before. Take another one.',
};

/** The refusal of a new password: `BAD_INPUT`, with the reason. */
export function passwordRefused(reason: PasswordProblem): HubError {
  return new HubError('BAD_INPUT', sentences[reason], { reason });
}

/** The form in which passwords are compared: the same text typed on different keyboards is the same. */
const normal = (password: string): string => password.normalize('NFKC');

/** Refuses a password that will not do, for an account of these names. */
export function checkPassword(password: string, names: readonly string[]): void {
  const text = normal(password);
  const { length } = [...text];
  if (length < passwordLength.least) throw passwordRefused('TOO_SHORT');
  if (length > passwordLength.most) throw passwordRefused('TOO_LONG');
  if (/\p{Cc}/u.test(text)) throw passwordRefused('NOT_PRINTABLE');
  const lower = text.toLowerCase();
  if (names.map((name) => normal(name).toLowerCase()).some((name) => isTelling(name) && lower.includes(name))) throw passwordRefused('HOLDS_NAME');
  if (isCommon(lower)) throw passwordRefused('COMMON');
}

/** Could a password hold it by chance? Names in Chinese characters have two of them. */
function isTelling(name: string): boolean {
  return [...name].length >= (/\p{Script=Han}/u.test(name) ? 2 : 3);
}

/** Letters and digits that nobody takes for each other. */
const plainCharacters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A new one-time password: 20 characters in groups, 99 bits. */
export function newPassword(): string {
  return Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => plainCharacters[randomInt(plainCharacters.length)]).join('')).join('-');
}

/** See the head of this file. */
export class Passwords {
  readonly #cost: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** `cost`: binary logarithm of scrypt's N, for new digests. */
  constructor(cost: number = standardCost) {
    this.#cost = cost;
  }

  /** What is kept of a password. */
  async digest(password: string): Promise<string> {
    const salt = randomBytes(16);
    return written(this.#cost, salt, await this.#derive(password, salt, this.#cost));
  }

  /** Is it the password of this digest? Without one nothing fits, after the same work. */
  async fits(password: string, digest: string | null): Promise<boolean> {
    const [, cost = String(this.#cost), salt = '', hash = ''] = /^\$scrypt\$ln=(\d{1,2}),r=8,p=3\$([\w+/]+)\$([\w+/]+)$/.exec(digest ?? '') ?? [];
    const kept = hash === '' ? randomBytes(digestBytes) : Buffer.from(hash, 'base64');
    const found = await this.#derive(password, salt === '' ? randomBytes(16) : Buffer.from(salt, 'base64'), Number(cost));
    return hash !== '' && kept.length === found.length && timingSafeEqual(found, kept);
  }

  /** Was it made with another cost than new ones are? */
  isOld(digest: string): boolean {
    return !digest.startsWith(`$scrypt$ln=${this.#cost},`);
  }

  async #derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
    await this.#turn();
    try {
      return await new Promise((resolve, reject) => {
        // No password that is kept is longer, and a longer one is still compared.
        const text = [...normal(password.slice(0, 10 * passwordLength.most))].slice(0, passwordLength.most + 1).join('');
        scrypt(text, salt, digestBytes, { N: 2 ** cost, r: blockSize, p: parallel, maxmem: 256 * blockSize * 2 ** cost }, (error, key) => (error === null ? resolve(key) : reject(error)));
      });
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= atOnce) {
      if (this.#waiting.length >= mostWaiting) throw new HubError('RATE_LIMITED', 'Too many people sign in at this moment. Try again in a few seconds.', { retryAfter: 5 });
      await new Promise<void>((turn) => { this.#waiting.push(turn); });
    }
    this.#running += 1;
  }
}

function written(cost: number, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${cost},r=${blockSize},p=${parallel}$${bare(salt)}$${bare(hash)}`;
}

const bare = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
