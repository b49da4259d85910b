/**
 * `copy verify`: checks the detached signature of an annotated copy with the hub's public key, offline. It reads the three files and
 * nothing else: no hub, no database, no key of this machine. It ends with an error where anything does not fit.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { problemOf, readPublicKeys, readSignature } from '../certificates/signature.ts';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';

const usage = 'copy verify FILE.pdf FILE.sig --key PUBLIC-KEYS (a file with what `hub audit key` writes)';

/** `verify`. */
export async function copyCommand(_config: Config, words: readonly string[]): Promise<void> {
  const { positionals: [verb, file, signed, ...rest], values: { key } } = parseArgs({ args: [...words], allowPositionals: true, options: { key: { type: 'string' } } });
  if (verb !== 'verify' || file === undefined || signed === undefined || rest.length > 0 || key === undefined) throw new HubError('BAD_INPUT', `copy knows this: ${usage}.`);
  const signature = readSignature(contentOf(signed).toString('utf8'));
  const problem = problemOf(contentOf(file), signature, readPublicKeys(contentOf(key).toString('utf8')));
  if (problem !== null) throw new HubError('CONTRACT_BROKEN', `The copy is not as the hub signed it: ${problem}. Do not rely on it; take the file and its signature anew from the hub.`);
  process.stdout.write(`Copy ${signature.copy} is as the hub signed it at ${signature.signedAt}, key version ${signature.keyVersion}. Whether the certificate is still valid, its QR code tells.\n`);
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new HubError('BAD_INPUT', `${path} cannot be read.`);
  }
}
