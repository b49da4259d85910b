/**
 * Chains in the database: begun, read at their end, and closed when their process has gone.
 *
 * A server process writes one chain at a time, and its connection holds a lock that says it lives. A chain whose lock is free is
 * closed by whoever seals next, with one last record: a process that was only thought dead then finds its place taken (the key of
 * audit_record) and begins another chain. The embedded database has one process, so every other chain there is one of the dead.
 */
import type postgres from 'postgres';
import { taking } from './quota.ts';
import { linkOf, monthOf, rootOf, Scope, hashOf, lineOf, between } from './record.ts';
import type { Chain, Entry } from './record.ts';

type Sql = postgres.Sql | postgres.TransactionSql;

/** What the lock that says "this writer lives" is called: this, and the writer's number. */
const livingClass = 622_300_005;

/** The end of a chain as its writer knows it; `seq` 0: it has no record yet. */
export interface Tail {
  readonly seq: number;
  readonly hash: string;
}

const own = (process: string): Scope => new Scope({ kind: 'CHAIN', roots: [process] });

/** A record that a writer makes of itself, or that is made of one that has gone. */
export function mark(process: string, outcome: 'OPENED' | 'CLOSED' | 'ABANDONED', at: number): Entry {
  return { at, request: '', scope: own(process), operator: '', caseNo: '', variables: '', outcome, reason: '', rows: 0, reference: '', policy: '0', micros: 0, subjects: [] };
}

/** Outcomes that end a chain. */
export const ends: ReadonlySet<string> = new Set(['CLOSED', 'ABANDONED']);

/** Begins a chain in the month of `at`, making the month's partition where it is not there. `sql` keeps one connection. */
export async function openChain(sql: postgres.Sql, process: string, at: number, server: boolean): Promise<Chain> {
  const month = monthOf(at);
  await sql`select hub_audit_month(${month}::integer)`;
  return await sql.begin(async (tx) => {
    const [last] = await tx<{ n: string; hash: string; signature: string }[]>`select n::text, hash, signature from audit_seal order by audit_seal.n desc limit 1`;
    const begun = { month, process, openedAt: at, seal: last?.n ?? '0', sealLink: last === undefined ? '' : linkOf(last) };
    const [row] = await tx<{ writer: string }[]>`
      insert into audit_chain (month, process, opened_at, seal, seal_link)
      values (${month}, ${process}, ${new Date(at).toISOString()}, ${begun.seal}, ${begun.sealLink}) returning writer::text`;
    if (row === undefined) throw new Error('A chain that was begun has a number.');
    // Before anybody can see the chain; it outlives the transaction.
    if (server) await holdLife(tx, row.writer);
    return { writer: row.writer, ...begun };
  }) as Chain;
}

/** Says that this connection's writer lives; again after a connection was lost. */
export async function holdLife(sql: Sql, writer: string): Promise<void> {
  await sql`select pg_advisory_lock((${livingClass}::bigint << 32) + ${writer}::bigint)`;
}

/** The end of a chain as it stands in the database. */
export async function tailOf(sql: Sql, chain: Chain): Promise<Tail> {
  const [row] = await sql<{ seq: string; hash: string }[]>`
    select seq::text, hash from audit_record where month = ${chain.month} and writer = ${chain.writer} order by audit_record.seq desc limit 1`;
  return row === undefined ? { seq: 0, hash: rootOf(chain) } : { seq: Number(row.seq), hash: row.hash };
}

/** The numbers of scopes by their digest, storing those that nobody has: one statement for all, or two where somebody had some. */
export async function scopeIds(sql: Sql, scopes: readonly Scope[]): Promise<ReadonlyMap<string, string>> {
  const bodies = new Map(scopes.map(({ digest, body }) => [digest, body]));
  // In one order, so that two who store the same ones wait for each other and not both.
  const digests = [...bodies.keys()].sort();
  const ids = new Map<string, string>();
  const take = (rows: readonly { readonly digest: string; readonly id: string }[]): void => rows.forEach(({ digest, id }) => ids.set(digest, id));
  take(await sql<{ digest: string; id: string }[]>`
    insert into audit_scope (digest, body) select * from unnest(${digests}::text[], ${digests.map((digest) => bodies.get(digest) as string)}::text[]) on conflict (digest) do nothing returning digest, id::text`);
  const known = digests.filter((digest) => !ids.has(digest));
  if (known.length > 0) take(await sql<{ digest: string; id: string }[]>`select digest, id::text from audit_scope where digest = any(${known}::text[])`);
  if (ids.size < digests.length) throw new Error('A scope that is known has a number.');
  return ids;
}

/** One text holds a batch: a driver's and a parser's work is by the parameter. */
const insertion = `
  insert into audit_record (month, writer, seq, at, scope, request, operator, case_no, variables, outcome, reason, rows, reference, policy, micros, subjects, certificates, hash)
  select $1, $2, $3 + n, to_timestamp(a[3]::float8 / 1000), a[1]::bigint, a[4], a[5], a[6], a[7], a[8], a[9], a[10]::integer, a[11], a[12]::bigint, a[13]::bigint, string_to_array(a[14], ','), a[15], a[2]
  from string_to_table($4, e'\\x1e') with ordinality t(line, n), lateral string_to_array(t.line, e'\\x1f') a`;

/** Adds records behind a chain's end, in one statement; fails where the place is taken. `text` is as `placed` makes it. */
export async function append(sql: Sql, { month, writer }: Chain, { seq }: Tail, text: string): Promise<void> {
  await sql.unsafe(insertion, [month, writer, seq, text], { prepare: true });
}

/** The same, and takes uses of quotas: all of this batch's, or nothing is taken and nothing written and it fails (`isUsedUp`). `uses` is as `usesText` makes it. */
export async function appendTaking(sql: Sql, { month, writer }: Chain, { seq }: Tail, text: string, uses: string, count: number): Promise<void> {
  await sql.unsafe(`with taken as (${taking})${insertion} where case when (select count(*) from taken) = $6 then true else hub_quota_used_up() end`, [month, writer, seq, text, uses, count], { prepare: true });
}

/** A record as `append` takes it, and its hash. */
export function placed(entry: Entry, scopeNumber: string, previous: string): { readonly text: string; readonly hash: string } {
  const line = lineOf(entry);
  const hash = hashOf(previous, entry.scope.digest, line);
  return { text: `${scopeNumber}${between}${hash}${between}${line}`, hash };
}

/** Chains that no seal has named as closed, each with its end; `living`: some process holds its lock. Locks that were free are held until `tx` ends. */
export async function openChains(tx: postgres.TransactionSql, server: boolean): Promise<readonly OpenChain[]> {
  const rows = await tx<{ writer: string; month: number; process: string; opened: string; seal: string; link: string; seq: string | null; hash: string | null; outcome: string | null; free: boolean }[]>`
    select c.writer::text, c.month, c.process, (extract(epoch from c.opened_at) * 1000)::bigint::text as opened, c.seal::text, c.seal_link as link, h.seq::text, h.hash, h.outcome,
      ${server ? tx`pg_try_advisory_xact_lock((${livingClass}::bigint << 32) + c.writer)` : tx`true`} as free
    from audit_chain c left join lateral (select r.seq, r.hash, r.outcome from audit_record r where r.month = c.month and r.writer = c.writer order by r.seq desc limit 1) h on true
    where not exists (select from audit_head x where x.writer = c.writer and x.closed) order by c.writer`;
  return rows.map(({ writer, month, process, opened, seal, link, seq, hash, outcome, free }) => {
    const chain = { writer, month, process, openedAt: Number(opened), seal, sealLink: link };
    return { chain, tail: seq === null || hash === null ? { seq: 0, hash: rootOf(chain) } : { seq: Number(seq), hash }, closed: outcome !== null && ends.has(outcome), living: !free };
  });
}

/** See `openChains`. */
export interface OpenChain {
  readonly chain: Chain;
  readonly tail: Tail;
  readonly closed: boolean;
  readonly living: boolean;
}

/** Closes a chain whose process has gone. */
export async function abandon(tx: postgres.TransactionSql, { chain, tail }: OpenChain, at: number): Promise<Tail> {
  const entry = mark(chain.process, 'ABANDONED', at);
  const { text, hash } = placed(entry, (await scopeIds(tx, [entry.scope])).get(entry.scope.digest) as string, tail.hash);
  await append(tx, chain, tail, text);
  return { seq: tail.seq + 1, hash };
}
