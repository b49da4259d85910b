/**
 * What is known of months that are in files and no longer in the database: which chains went, where they ended, and the file that they
 * are in, signed by the hub. A month that is gone without such a word was taken away.
 */
import type postgres from 'postgres';
import { between, rootOf, sm3 } from './record.ts';
import type { Chain } from './record.ts';

/** Years that a record is kept in the database at least: what providing personal information takes (网络数据安全管理条例 art. 12). */
export const leastYears = 3;

/** A month that was retired. */
export interface Retirement {
  /** YYYYMM. */
  readonly month: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
  /** The chains that went, ascending. */
  readonly writers: readonly string[];
  readonly records: string;
  /** Name of the file, without its folder, and SM3 of its bytes (base64url). */
  readonly file: string;
  readonly digest: string;
  readonly keyVersion: number;
  readonly signature: string;
}

/** A chain that goes or went, as the database still has it. */
export interface GoneChain {
  readonly writer: string;
  readonly chain: Chain | undefined;
  readonly head: { readonly seq: number; readonly hash: string } | undefined;
}

/** The hash that a retirement is signed by: all that it says, each chain's beginning, and its end as it was sealed. */
export function retirementHash({ month, at, by, records, file, digest, keyVersion }: Omit<Retirement, 'writers' | 'signature'>, gone: readonly GoneChain[]): string {
  return sm3(['retired', month, at, by, records, file, digest, keyVersion, ...gone.map(({ writer, chain, head }) => `${writer} ${chain === undefined ? '' : rootOf(chain)} ${head?.seq} ${head?.hash}`)].join(between));
}

/** Has a month been over for so many years? `at`: milliseconds. Civil time, UTC+8. */
export function mayRetire(month: number, at: number, years = leastYears): boolean {
  return Date.UTC(Math.floor(month / 100) + Math.max(years, leastYears), month % 100, 1) - 8 * 3_600_000 <= at;
}

/** All months that were retired, the oldest first. */
export async function readRetirements(sql: postgres.Sql): Promise<readonly Retirement[]> {
  const rows = await sql<(Omit<Retirement, 'at'> & { at: string })[]>`
    select month, (extract(epoch from at) * 1000)::bigint::text as at, by, writers::text[] as writers, records::text, file, digest, key_version as "keyVersion", signature from audit_retired order by month, audit_retired.at`;
  return rows.map(({ at, ...own }) => ({ ...own, at: Number(at) }));
}
