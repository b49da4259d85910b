/**
 * Retires months of the audit: each goes as a whole into a file that verifies by itself, and its partition is dropped after just that
 * file was read again and found whole. Chains, scopes, seals and sealed ends stay in the database, and with them a signed word of what
 * went (`retired.ts`), so the rest verifies as before.
 *
 * It refuses months that are younger than three years (or than more, where that is configured), chains that no seal has sealed to their end, months that do not
 * verify, and to be run by a role that does not own the tables: the server's cannot.
 *
 * Scopes stay because a server that has known one for years may still write under its number; they hold no value and nobody's key.
 */
import { basename, join } from 'node:path';
import { rm } from 'node:fs/promises';
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { verifyArchive, writeArchive } from './archive.ts';
import type { VerifiedArchive } from './archive.ts';
import type { Chain } from './record.ts';
import { leastYears, mayRetire, retirementHash } from './retired.ts';
import type { Retirement } from './retired.ts';

/** What retiring takes. */
export interface Retiring {
  /** The tables' owner; a statement may take long. */
  readonly sql: postgres.Sql;
  readonly now: Date;
  readonly by: string;
  /** Years that a month is kept in the database; fewer than three count as three. */
  readonly years: number;
  /** Where files are put. */
  readonly folder: string;
  readonly keyVersion: number;
  readonly sign: (text: string) => string;
  readonly isSignature: (text: string, signature: string, keyVersion: number) => boolean;
}

/** The months before one (YYYYMM) that are in the database, the oldest first. Throws where one of them may not be retired yet, or by whoever connects here. */
export async function monthsToRetire({ sql, now, years }: Pick<Retiring, 'sql' | 'now' | 'years'>, before: number): Promise<readonly number[]> {
  const [owner] = await sql<{ own: boolean }[]>`select pg_has_role(current_user, relowner, 'usage') as own from pg_class where oid = 'audit_record'::regclass`;
  if (owner?.own !== true) throw new HubError('FORBIDDEN', 'Only the owner of the audit\'s tables retires months: run this with a DATABASE_URL of the role that migrates, not of the server\'s.');
  const partitions = await sql<{ month: number }[]>`
    select substring(c.relname from '^audit_record_(\\d{6})$')::integer as month from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'audit_record'::regclass order by 1`;
  const months = partitions.map(({ month }) => month).filter((month) => month < before);
  for (const month of months) {
    const [last] = await sql<{ at: string | null }[]>`select (extract(epoch from max(at)) * 1000)::bigint::text as at from audit_record where month = ${month}`;
    // A chain's last records may be of the first seconds of the month after.
    const until = new Date(Number(last?.at ?? 0));
    until.setUTCFullYear(until.getUTCFullYear() + Math.max(years, leastYears));
    if (!mayRetire(month, now.getTime(), years) || until > now) throw new HubError('BAD_INPUT', `Month ${month} has not been over for ${Math.max(years, leastYears)} years, and is kept that long (HUB_AUDIT_YEARS). Name an earlier month.`);
  }
  return months;
}

/** Retires one month, which `monthsToRetire` has given; see the head of this file. */
export async function retireMonth(retiring: Retiring, month: number): Promise<Retirement> {
  const { sql, folder } = retiring;
  const file = join(folder, `audit-${month}.jsonl.gz`);
  const going = await sql.begin('isolation level repeatable read read only', async (tx) => {
    const found = await chainsOf(tx, month);
    const open = found.find(({ head }) => head === null);
    if (open !== undefined) throw new HubError('CONFLICT', `Chain ${open.chain.writer} of month ${month} was not sealed to its end. Start a hub on this database for a minute, which closes what was left open, and run this again.`);
    await writeNew(() => writeArchive(tx, month, found.map(({ chain }) => chain), file, retiring), file);
    return found as readonly SealedChain[];
  }) as readonly SealedChain[];
  const archive = await verifyArchive(file, retiring.isSignature);
  refuseUnfit(archive, going, month, file);
  const said = { month, at: retiring.now.getTime(), by: retiring.by, writers: going.map(({ chain }) => chain.writer), records: String(archive.records), file: basename(file), digest: archive.digest, keyVersion: retiring.keyVersion };
  const retirement: Retirement = { ...said, signature: retiring.sign(retirementHash(said, going.map(({ chain, head }) => ({ writer: chain.writer, chain, head })))) };
  await drop(sql, retirement);
  return retirement;
}

interface FoundChain {
  readonly chain: Chain;
  /** Its end as a seal has sealed it; null: none has. */
  readonly head: { readonly seq: number; readonly hash: string } | null;
}

type SealedChain = FoundChain & { readonly head: NonNullable<FoundChain['head']> };

async function chainsOf(tx: postgres.TransactionSql, month: number): Promise<readonly FoundChain[]> {
  // What went with the month before is no more in it.
  const rows = await tx<{ writer: string; process: string; opened: string; seal: string; link: string; seq: string | null; hash: string | null }[]>`
    select c.writer::text, c.process, (extract(epoch from c.opened_at) * 1000)::bigint::text as opened, c.seal::text, c.seal_link as link, h.seq::text, h.hash
    from audit_chain c left join lateral (select seq, hash from audit_head where writer = c.writer and closed order by seal limit 1) h on true
    where c.month = ${month} and not exists (select from audit_retired x where x.month = c.month and c.writer = any(x.writers)) order by c.writer`;
  return rows.map(({ writer, process, opened, seal, link, seq, hash }) => ({
    chain: { writer, month, process, openedAt: Number(opened), seal, sealLink: link }, head: seq === null || hash === null ? null : { seq: Number(seq), hash },
  }));
}

async function writeNew(write: () => Promise<void>, file: string): Promise<void> {
  try {
    await write();
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') throw new HubError('CONFLICT', `${file} is there already. If an earlier run broke off, take it away and run this again: nothing goes before its file was found whole.`);
    if ((error as { code?: unknown }).code === 'ENOENT') throw new HubError('BAD_INPUT', `There is no folder for ${file}. Make it, where only the data authority reads, and run this again.`);
    await rm(file, { force: true });
    throw error;
  }
}

/** A month whose file is not whole, or not all of what was sealed, stays. */
function refuseUnfit({ problems, chains, month: told }: VerifiedArchive, going: readonly SealedChain[], month: number, file: string): void {
  const other = told !== month || chains.length !== going.length || going.some(({ chain, head }, index) => chains[index]?.writer !== chain.writer || chains[index]?.seq !== head.seq || chains[index]?.hash !== head.hash);
  const [first] = problems;
  if (first === undefined && !other) return;
  throw new HubError('CONTRACT_BROKEN', `Month ${month} stays: ${first === undefined ? `${file} does not hold what was sealed` : `in its file ${first.where} ${first.says}`}. Run audit verify, and have the data authority look at it.`);
}

async function drop(sql: postgres.Sql, { month, at, by, writers, records, file, digest, keyVersion, signature }: Retirement): Promise<void> {
  const partition = `audit_record_${month}`;
  await sql.begin(async (tx) => {
    // Whoever writes waits for this no longer than a moment.
    await tx`set local lock_timeout = '2s'`;
    await tx`lock table audit_record in access exclusive mode`;
    const [now] = await tx<{ n: string }[]>`select count(*)::text as n from audit_record where month = ${month}`;
    if (now?.n !== records) throw new HubError('CONFLICT', `Month ${month} has ${now?.n} records and its file ${records}: somebody has written meanwhile. Take the file away and run this again.`);
    await tx`alter table audit_record detach partition ${tx(partition)}`;
    await tx`drop table ${tx(partition)}`;
    await tx`insert into audit_retired (month, at, by, writers, records, file, digest, key_version, signature)
             values (${month}, ${new Date(at).toISOString()}, ${by}, ${[...writers]}::bigint[], ${records}, ${file}, ${digest}, ${keyVersion}, ${signature})`;
  });
}
