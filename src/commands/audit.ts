/**
 * `audit`: verifies that nothing of the audit was changed, taken out or put in, and tells the key that its seals are verified with.
 * Reads only. It ends with an error when something does not fit, so that a job that runs it notices.
 */
import { parseArgs } from 'node:util';
import { verifyWith } from '../audit/open.ts';
import type { Verified } from '../audit/verify.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { openKeyFile } from '../identity/key-provider.ts';

const usage = 'audit verify [--expect N:HASH] [--all-signatures] · audit key';

/** `verify`, `key`. */
export async function auditCommand(config: Config, words: readonly string[]): Promise<void> {
  const { positionals: [verb], values } = parseArgs({ args: [...words], allowPositionals: true, options: { expect: { type: 'string' }, 'all-signatures': { type: 'boolean', default: false } } });
  const keys = openKeyFile(config.keyFile);
  if (verb === 'key') {
    for (const version of keys.versions) process.stdout.write(`version ${version}  SM2 ${keys.publicSm2(version)}\n`);
    return;
  }
  if (verb !== 'verify') throw new HubError('BAD_INPUT', `audit knows these: ${usage}.`);
  const expect = values.expect === undefined ? {} : { expect: sealIn(values.expect) };
  const database = await openDatabase(config);
  // A long look has no end that a timeout could know.
  const sql = database.connect({ name: 'verify', max: 1, statementTimeoutMs: 0 });
  try {
    const began = performance.now();
    const found = await verifyWith(keys, { sql, ...expect, ...(values['all-signatures'] ? { signatures: Infinity } : {}) });
    process.stdout.write(summary(found, (performance.now() - began) / 1000));
    if (found.problems.length > 0) throw new HubError('CONTRACT_BROKEN', `The audit is not what was written down: ${found.problems.length} places do not fit. Keep the database as it is, and have the data authority look at it.`);
  } finally {
    await sql.end({ timeout: 5 });
    await database.close();
  }
}

function sealIn(text: string): { n: string; hash: string } {
  const [, n, hash] = /^(\d+):([\w-]{43})$/.exec(text) ?? [];
  if (n === undefined || hash === undefined) throw new HubError('BAD_INPUT', '--expect is a seal as verify has told it: its number, a colon, its hash.');
  return { n, hash };
}

function summary({ records, chains, seals, problems, last }: Verified, seconds: number): string {
  return [
    `${records} records in ${chains} chains, ${seals} seals, verified in ${seconds.toFixed(1)} s (${Math.round(records / seconds)} records a second).`,
    ...problems.map(({ where, says }) => `  ${where} ${says}.`),
    ...(problems.length === 0 ? ['Nothing was changed, taken out or put in.'] : []),
    ...(last === null ? [] : [`Last seal ${last.n}:${last.hash}. Keep it elsewhere, and give it to the next run with --expect.`]),
    '',
  ].join('\n');
}
