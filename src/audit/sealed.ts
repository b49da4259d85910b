/**
 * What is wrong with one seal, as far as it and the one before it tell; and how things stand at the end of the audit: the newest seals,
 * and whether the chains still end, or go on, where the last of them says.
 *
 * That is a look at the end and costs the same however long the audit is. Whether all of it is whole, every record from the first on, only
 * `audit verify` tells.
 */
import type postgres from 'postgres';
import { linkOf, sealHash } from './record.ts';
import type { Seal } from './record.ts';
import { readRetirements } from './retired.ts';

/** A seal as it lies in the database. */
export interface KeptSeal extends Seal {
  readonly hash: string;
  readonly signature: string;
}

/** Is it a signature of this text under the key of this version? */
export type IsSignature = (text: string, signature: string, keyVersion: number) => boolean;

/** What is wrong with a seal; `before`: the number and the link of the one before it. `isSignature` null: its signature is not looked at. */
export function sealProblems(seal: KeptSeal, before: { readonly n: bigint; readonly link: string }, isSignature: IsSignature | null): readonly string[] {
  const problems: string[] = [];
  if (BigInt(seal.n) !== before.n + 1n) problems.push(`follows seal ${before.n}: what was between is gone`);
  else if (seal.previous !== before.link) problems.push(seal.n === '1' ? 'is the first and hangs on something' : `does not hang on seal ${before.n} as that one is`);
  if (sealHash(seal) !== seal.hash) problems.push('has been changed: it is not what its hash says');
  if (isSignature !== null && !isSignature(seal.hash, seal.signature, seal.keyVersion)) problems.push('is not signed by this hub');
  return problems;
}

/** How the end of the audit stands. Moments are ISO 8601. */
export interface AuditState {
  /** The last seal; null: there is none yet. */
  readonly lastSeal: { readonly n: string; readonly at: string; readonly hash: string; readonly keyVersion: number } | null;
  /** Chains that are being written, or wait to be closed. */
  readonly openChains: number;
  /** Months (YYYYMM) that are in files and no longer here. */
  readonly retiredMonths: readonly number[];
  /** How many of the newest seals were looked at. */
  readonly sealsChecked: number;
  readonly problems: readonly { readonly where: string; readonly says: string }[];
}

/** Seals that are looked at: an hour of them. */
const newest = 60;
/** Of them those whose signatures are verified; of older ones the links to these tell. */
const signed = 5;

/** See the head of this file. */
export async function auditState(sql: postgres.Sql, isSignature: IsSignature): Promise<AuditState> {
  // One more than is looked at: what the oldest hangs on.
  const rows = (await sql<(Omit<KeptSeal, 'heads' | 'at'> & { at: string })[]>`
    select n::text, (extract(epoch from at) * 1000)::bigint::text as at, previous, key_version as "keyVersion", hash, signature from audit_seal order by audit_seal.n desc limit ${newest + 1}`).reverse();
  const heads = await sql<{ seal: string; writer: string; seq: string; hash: string; closed: boolean; there: string | null; retired: boolean }[]>`
    select h.seal::text, h.writer::text, h.seq::text, h.hash, h.closed, r.hash as there, exists (select from audit_retired x where h.writer = any(x.writers)) as retired
    from audit_head h left join audit_chain c on c.writer = h.writer left join audit_record r on r.month = c.month and r.writer = h.writer and r.seq = h.seq
    where h.seal >= ${rows[0]?.n ?? '0'}::bigint order by h.seal, h.writer`;
  const bySeal = Map.groupBy(heads, ({ seal }) => seal);
  const seals = rows.map(({ at, ...row }): KeptSeal => ({ ...row, at: Number(at), heads: (bySeal.get(row.n) ?? []).map(({ writer, seq, hash, closed }) => ({ writer, seq, hash, closed })) }));
  const [first] = seals;
  const looked = first === undefined || first.n === '1' ? seals : seals.slice(1);
  let before = first === undefined || looked[0] === first ? { n: 0n, link: '' } : { n: BigInt(first.n), link: linkOf(first) };
  const problems = looked.flatMap((seal, index) => {
    const found = sealProblems(seal, before, index >= looked.length - signed ? isSignature : null).map((says) => ({ where: `seal ${seal.n}`, says }));
    before = { n: BigInt(seal.n), link: linkOf(seal) };
    return found;
  });
  const changed = heads.filter(({ hash, there, retired }) => !retired && there !== hash).map(({ seal, writer, seq, there }) => ({ where: `record ${writer}/${seq}`, says: there === null ? `is gone; seal ${seal} has sealed it` : `is another one than seal ${seal} has sealed` }));
  const [open] = await sql<{ n: number }[]>`select count(*)::integer as n from audit_chain c where not exists (select from audit_head h where h.writer = c.writer and h.closed)`;
  const last = seals.at(-1);
  return {
    lastSeal: last === undefined ? null : { n: last.n, at: new Date(last.at).toISOString(), hash: last.hash, keyVersion: last.keyVersion },
    openChains: open?.n ?? 0, retiredMonths: [...new Set((await readRetirements(sql)).map(({ month }) => month))], sealsChecked: looked.length, problems: [...problems, ...changed],
  };
}
