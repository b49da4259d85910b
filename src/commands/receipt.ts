/**
 * `receipt verify`: checks a receipt's file by the public key alone: no hub, no database.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { checkReceipt } from '../receipts/check.ts';

const usage = 'receipt verify FILE.json --key HEX|FILE (the public key, as `receiptKeys` gives it)';

/** `receipt verify FILE --key …`; ends with 1 where the receipt is not genuine. */
export async function receiptCommand(_config: Config, words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args: [...words], allowPositionals: true, options: { key: { type: 'string' } } });
  const [verb, file] = positionals;
  if (verb !== 'verify' || file === undefined || values.key === undefined || positionals.length > 2) throw new HubError('BAD_INPUT', `Usage: ${usage}`);
  const { genuine, findings, assertion } = checkReceipt(textOf(file), keyIn(values.key));
  process.stdout.write(`${genuine ? 'Genuine.' : 'NOT genuine.'}\n`);
  for (const finding of findings) process.stdout.write(`  ${finding}\n`);
  if (assertion !== null) process.stdout.write(`${JSON.stringify(assertion, null, 2)}\n`);
  if (!genuine) process.exitCode = 1;
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
