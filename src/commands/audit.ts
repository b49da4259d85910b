/**
 * `audit`: verifies that nothing of the audit was changed, taken out or put in, tells the key that its seals are verified with, and
 * retires old months into files. Verifying reads only, and ends with an error when something does not fit, so that a job that runs it notices.
 */
import { parseArgs } from 'node:util';
import { verifyArchive } from '../audit/archive.ts';
import type { VerifiedArchive } from '../audit/archive.ts';
import { isSignatureOf, verifyWith } from '../audit/open.ts';
import { monthsToRetire, retireMonth } from '../audit/retire.ts';
import type { Verified } from '../audit/verify.ts';
import type { Problem } from '../audit/walk.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../db/open.ts';
import type { Database } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { openKeyFile } from '../identity/key-provider.ts';
import type { KeyProvider } from '../identity/key-provider.ts';
import { auditOf, CommandRecord } from './recorded.ts';

const usage = 'audit verify [--expect N:HASH] [--all-signatures] · audit verify --file FILE · audit retire --before YYYY-MM --to FOLDER · audit key';

/** `verify`, `retire`, `key`. */
export async function auditCommand(config: Config, words: readonly string[]): Promise<void> {
  const { positionals: [verb], values } = parseArgs({
    args: [...words], allowPositionals: true,
    options: { expect: { type: 'string' }, 'all-signatures': { type: 'boolean', default: false }, file: { type: 'string' }, before: { type: 'string' }, to: { type: 'string' } },
  });
  const keys = openKeyFile(config.keyFile);
  if (verb === 'key') {
    for (const version of keys.versions) process.stdout.write(`version ${version}  SM2 ${keys.publicSm2(version)}\n`);
  } else if (verb === 'verify' && values.file !== undefined) {
    await verifyFile(keys, values.file);
  } else if (verb === 'verify') {
    const expect = values.expect === undefined ? {} : { expect: sealIn(values.expect) };
    await withDatabase(config, (sql) => verifyDatabase(keys, { sql, ...expect, ...(values['all-signatures'] ? { signatures: Infinity } : {}) }));
  } else if (verb === 'retire') {
    const [before, folder] = [monthIn(values.before), values.to];
    if (folder === undefined) throw new HubError('BAD_INPUT', `--to is the folder that the files are put into: ${usage}.`);
    await withDatabase(config, (sql, database) => retire(config, keys, sql, database, before, folder));
  } else throw new HubError('BAD_INPUT', `audit knows these: ${usage}.`);
}

async function withDatabase(config: Config, work: (sql: Database['sql'], database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase(config);
  // A long look has no end that a timeout could know.
  const sql = database.connect({ name: 'verify', max: 1, statementTimeoutMs: 0 });
  try {
    await work(sql, database);
  } finally {
    await sql.end({ timeout: 5 });
    await database.close();
  }
}

async function verifyDatabase(keys: KeyProvider, verifying: Parameters<typeof verifyWith>[1]): Promise<void> {
  const began = performance.now();
  const found = await verifyWith(keys, verifying);
  process.stdout.write(summary(found, (performance.now() - began) / 1000));
  refuseUnfit('The audit', found.problems);
}

async function verifyFile(keys: KeyProvider, file: string): Promise<void> {
  const found = await verifyArchive(file, isSignatureOf(keys)).catch((error: unknown) => {
    throw (error as { code?: unknown }).code === 'ENOENT' ? new HubError('BAD_INPUT', `There is no file ${file}.`) : error;
  });
  process.stdout.write(fileSummary(found));
  refuseUnfit('The file', found.problems);
}

function refuseUnfit(what: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new HubError('CONTRACT_BROKEN', `${what} is not what was written down: ${problems.length} places do not fit. Keep it as it is, and have the data authority look at it.`);
}

async function retire(config: Config, keys: KeyProvider, sql: Database['sql'], database: Database, before: number, folder: string): Promise<void> {
  const now = new Date();
  const months = await monthsToRetire({ sql, now, years: config.auditYears }, before);
  if (months.length === 0) process.stdout.write('There is no such month in the database.\n');
  const audit = auditOf(config, database, 'audit');
  try {
    for (const month of months) {
      const record = new CommandRecord(audit, { roots: ['audit', 'retire', String(month)] });
      const { records, writers, file, digest } = await record.around(() => retireMonth({
        sql, now, by: 'command line', years: config.auditYears, folder, keyVersion: keys.current, sign: (text) => keys.signSm2(text), isSignature: isSignatureOf(keys),
      }, month));
      process.stdout.write(`Month ${month} went: ${records} records in ${writers.length} chains, now in ${file} (SM3 ${digest}). Keep the file, and a copy elsewhere.\n`);
    }
  } finally {
    await audit.close();
  }
}

function monthIn(text: string | undefined): number {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text ?? '') ?? [];
  if (year === undefined || month === undefined) throw new HubError('BAD_INPUT', '--before is a month, YYYY-MM: those before it go.');
  return Number(year + month);
}

function sealIn(text: string): { n: string; hash: string } {
  const [, n, hash] = /^(\d+):([\w-]{43})$/.exec(text) ?? [];
  if (n === undefined || hash === undefined) throw new HubError('BAD_INPUT', '--expect is a seal as verify has told it: its number, a colon, its hash.');
  return { n, hash };
}

function summary({ records, chains, seals, problems, retired, last }: Verified, seconds: number): string {
  return [
    `${records} records in ${chains} chains, ${seals} seals, verified in ${seconds.toFixed(1)} s (${Math.round(records / seconds)} records a second).`,
    ...retired.map((month) => `Month ${month.month} was retired on ${new Date(month.at).toISOString().slice(0, 10)}: ${month.records} records in ${month.writers.length} chains, in ${month.file} (SM3 ${month.digest}).`),
    ...told(problems),
    ...(last === null ? [] : [`Last seal ${last.n}:${last.hash}. Keep it elsewhere, and give it to the next run with --expect.`]),
    '',
  ].join('\n');
}

function fileSummary({ month, records, chains, seals, problems, digest }: VerifiedArchive): string {
  return [`Month ${month}: ${records} records in ${chains.length} chains, ${seals} seals. SM3 of the file ${digest}; audit verify tells which one was signed when the month went.`, ...told(problems), ''].join('\n');
}

function told(problems: readonly Problem[]): readonly string[] {
  return problems.length === 0 ? ['Nothing was changed, taken out or put in.'] : problems.map(({ where, says }) => `  ${where} ${says}.`);
}
