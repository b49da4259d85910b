/**
 * `receipt verify`: checks a receipt's file by the public key alone: no hub, no database.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { checkReceipt } from '../receipts/check.ts';

const usage = 'receipt verify FILE.json --key HEX|FILE (the public key, as `receiptKeys` gives it)';

/** `receipt verify FILE --key …`: what is asserted, or a refusal that says why the receipt is not genuine. */
export async function receiptCommand(_config: Config, words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args: [...words], allowPositionals: true, options: { key: { type: 'string' } } });
  const [verb, file] = positionals;
  if (verb !== 'verify' || file === undefined || values.key === undefined || positionals.length > 2) throw new HubError('BAD_INPUT', `Usage: ${usage}`);
  const { genuine, findings, assertion } = checkReceipt(textOf(file), keyIn(values.key));
  if (!genuine) throw new HubError('BAD_INPUT', `The receipt is not genuine. ${findings.join(' ')}`);
  process.stdout.write(`Genuine.\n${findings.map((finding) => `  ${finding}\n`).join('')}${JSON.stringify(assertion, null, 2)}\n`);
}

const publicKey = /^04[0-9a-f]{128}$/i;

function keyIn(given: string): string {
  const key = publicKey.test(given) ? given : textOf(given).trim();
  if (!publicKey.test(key)) throw new HubError('BAD_INPUT', '--key is a public key: 130 hexadecimal digits that begin with 04, or a file of them. `{ receiptKeys { keyId publicKey } }` of the hub gives it.');
  return key;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new HubError('BAD_INPUT', `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}
