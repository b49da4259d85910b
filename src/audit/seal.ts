/**
 * Seals: every minute the ends of all chains, signed with SM2 and hung on the seal before. Whoever can write to the database can make
 * a chain anew from any record on; he cannot sign what he has made, and a sealed end tells that it is another one.
 *
 * Any process seals, one at a time: the number of a seal is taken once. Chains of processes that have gone are closed on the way.
 */
import type postgres from 'postgres';
import { abandon, openChains } from './chain.ts';
import type { OpenChain } from './chain.ts';
import { linkOf, sealHash } from './record.ts';
import type { Head, Seal } from './record.ts';

/** What sealing takes. */
export interface Sealing {
  readonly sql: postgres.Sql;
  /** Several processes may use the database. */
  readonly server: boolean;
  readonly now: () => Date;
  readonly keyVersion: number;
  readonly sign: (text: string) => string;
  /** The chain that this process writes. */
  readonly own: () => string | undefined;
}

/** A seal is as old as this when the next one is due, in milliseconds. */
export const sealEveryMs = 60_000;

/** Names "sealing" among advisory locks. */
const sealLock = 622_300_006;

/** Makes the next seal, where one is due or `always`; gives its number, null where there is none to make. */
export async function seal({ sql, server, now, keyVersion, sign, own }: Sealing, always = false): Promise<string | null> {
  return await sql.begin(async (tx) => {
    if (server) await tx`select pg_advisory_xact_lock(${sealLock})`;
    const at = now().getTime();
    const [last] = await tx<{ n: string; at: string; hash: string; signature: string }[]>`
      select n::text, (extract(epoch from at) * 1000)::bigint::text as at, hash, signature from audit_seal order by audit_seal.n desc limit 1`;
    // A clock that was put back seals on.
    const age = last === undefined ? Infinity : Math.abs(at - Number(last.at));
    if (!always && age < sealEveryMs * 0.9) return null;
    const heads: Head[] = [];
    for (const chain of await openChains(tx, server)) {
      const head = await headOf(tx, chain, own(), at);
      if (head !== null) heads.push(head);
    }
    if (heads.length === 0) return null;
    const made: Seal = { n: last === undefined ? '1' : String(BigInt(last.n) + 1n), at, previous: last === undefined ? '' : linkOf(last), keyVersion, heads };
    const hash = sealHash(made);
    await tx`insert into audit_seal (n, at, previous, key_version, hash, signature) values (${made.n}, ${new Date(at).toISOString()}, ${made.previous}, ${keyVersion}, ${hash}, ${sign(hash)})`;
    await tx`insert into audit_head (seal, writer, seq, hash, closed)
             select ${made.n}, writer, seq, hash, closed from jsonb_to_recordset(${JSON.stringify(heads)}::jsonb) h(writer bigint, seq bigint, hash text, closed boolean)`;
    return made.n;
  }) as string | null;
}

/** The end of a chain as a seal names it; a chain of the dead is closed first. Null: it has just been begun. */
async function headOf(tx: postgres.TransactionSql, open: OpenChain, own: string | undefined, at: number): Promise<Head | null> {
  const { chain: { writer }, tail, closed, living } = open;
  if (!closed && !living && writer !== own) {
    const { seq, hash } = await abandon(tx, open, at);
    return { writer, seq: String(seq), hash, closed: true };
  }
  return tail.seq === 0 ? null : { writer, seq: String(tail.seq), hash: tail.hash, closed };
}
