/**
 * The outbox of answers that held a certificate which the upper hub has passed on. Whoever is answered waits for none of this: an answer stands in the audit, with
 * the certificates that it held, and from there it is taken behind him. A chain of the audit is written by one process, one record
 * after the other, so that a place in each chain misses none and takes none twice; a place moves in the transaction that puts aside what was read.
 *
 * Only as much is put aside as goes up next: while the upper hub is away the answers wait in the audit. One that is told is taken out. It can be
 * read again, under the same key, because that is made of the record's hash: an upper hub that was restored from a backup is told anew what
 * the audit has, and takes what it knows as a duplicate. Of a month that was retired before it was read (after three years at least) nothing is told.
 *
 * About whoever is sealed nothing leaves; it waits until he is no longer. Answers about what this hub's own departments have told, or those below it, stay.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { codesWithin } from './home.ts';
import type { UseOutbox, WaitingUse } from './use-outbox.ts';

/** What reading the audit needs from outside; see `PushContext` in push.ts. */
export interface QueriesContext {
  readonly sql: postgres.Sql;
  readonly division: string;
  readonly fence?: (tx: postgres.TransactionSql) => Promise<void>;
  readonly reach?: (what: string) => void;
}

/** Chains that are read in a step, and records of each: an answer can hold hundreds of certificates. */
const chainsAtOnce = 20;
const recordsAtOnce = 500;

const waiting = `
  select up.key::text as key, up.source, up.source_key as "sourceKey", to_char(up.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, 'QUERY' as mode, null as "copyId", up.consumer_code as consumer,
    up.department_code as "departmentCode", nullif(regexp_replace(up.operator, '^(said|signed):', ''), '') as operator, coalesce(starts_with(up.operator, 'signed:'), false) as "operatorVerified",
    up.matter_code as "matterCode", up.case_no as "caseNo", null as cause, '{}'::text[] as fields, up.items, 'ANSWERED' as result, null as division
  from certificate_query_up up
  where up.state = 'WAITING' and not exists (
    select from source_record word join certificate_version version on version.id = word.record_id join seal on seal.person_key = any(version.holder_person_keys)
    where word.record_type = 'Certificate' and word.source = up.source and word.source_key = up.source_key)
  order by up.id limit $1`;

/** The outbox as it is passed up (uses-up.ts). What was taken is in it no more. */
export const queries: UseOutbox = {
  waiting: async (sql, first) => sql.unsafe<WaitingUse[]>(waiting, [first], { prepare: true }),
  mark: async (tx, keys, state) => {
    if (keys.length === 0) return new Set();
    const marked = state === 'SENT'
      ? await tx<{ key: string }[]>`delete from certificate_query_up where state = 'WAITING' and key = any(${[...keys]}::uuid[]) returning key::text as key`
      : await tx<{ key: string }[]>`update certificate_query_up set state = ${state} where state = 'WAITING' and key = any(${[...keys]}::uuid[]) returning key::text as key`;
    return new Set(marked.map(({ key }) => key));
  },
};

/** A chain, how far it was read, and where it ends now. */
interface Chain {
  readonly month: number;
  readonly writer: string;
  /** Null: it was not read yet. */
  readonly seq: string | null;
  /** Null: its records are gone with their month. */
  readonly last: string | null;
  readonly ended: boolean;
}

/** Puts aside what is next of the answers that have to go up, unless as many as `enough` can go already. Is there more at once? */
export async function readAnswers({ sql, division, fence, reach = () => undefined }: QueriesContext, enough: number): Promise<{ readonly more: boolean }> {
  reach('look what waits');
  if ((await queries.waiting(sql, enough)).length === enough) return { more: true };
  reach('look which chains go on');
  const chains = await sql<Chain[]>`
    select chain.month, chain.writer::text as writer, place.seq::text as seq, last.seq::text as last, coalesce(last.outcome in ('CLOSED', 'ABANDONED'), true) as ended
    from audit_chain chain left join certificate_query_place place on place.writer = chain.writer
      left join lateral (select r.seq, r.outcome from audit_record r where r.month = chain.month and r.writer = chain.writer order by r.seq desc limit 1) last on true
    where place.done is not true and (last.seq > coalesce(place.seq, 0) or (last.seq is null and exists (select from audit_retired gone where gone.month = chain.month and chain.writer = any(gone.writers))))
    order by chain.writer limit ${chainsAtOnce}`;
  if (chains.length === 0) return { more: false };
  reach('put aside');
  return await sql.begin(async (tx) => {
    await fence?.(tx);
    let more = chains.length === chainsAtOnce;
    for (const chain of chains) {
      const to = await read(tx, codesWithin(division), chain);
      if (chain.last !== null && to < BigInt(chain.last)) more = true;
    }
    return { more };
  }) as { readonly more: boolean };
}

/** Reads on in a chain, and gives how far. */
async function read(tx: postgres.TransactionSql, within: string, { month, writer, seq, last, ended }: Chain): Promise<bigint> {
  const from = BigInt(seq ?? '0');
  const end = last === null ? from : BigInt(last);
  const to = end - from > BigInt(recordsAtOnce) ? from + BigInt(recordsAtOnce) : end;
  if (to > from) {
    // A UUID of version 8 (RFC 9562): the digest's first bits, but for those that say so.
    await tx`
      insert into certificate_query_up (key, source, source_key, at, consumer_code, department_code, operator, matter_code, case_no, items)
      select overlay(overlay(left(encode(sha256(convert_to(r.hash || ' ' || held.id, 'UTF8')), 'hex'), 32) placing '8' from 13) placing '8' from 17)::uuid, word.source, word.source_key, r.at,
        scope.body::json ->> 'consumer', scope.body::json ->> 'department', nullif(r.operator, ''), scope.body::json ->> 'matter', nullif(r.case_no, ''),
        array(select json_array_elements_text(scope.body::json -> 'delivered' -> 'Certificate'))
      from audit_record r join audit_scope scope on scope.id = r.scope
        cross join lateral unnest(string_to_array(r.certificates, ' ')) with ordinality held(id, n)
        cross join lateral (select source, source_key from source_record where record_type = 'Certificate' and record_id = held.id::uuid and not starts_with(source, ${within}) order by deleted, source, source_key limit 1) word
      where r.month = ${month} and r.writer = ${writer}::bigint and r.seq > ${String(from)}::bigint and r.seq <= ${String(to)}::bigint and r.certificates is not null and r.outcome = 'OK'
      order by r.seq, held.n on conflict (key) do nothing`;
  }
  const done = to === end && ended;
  // Only from where it was: of two who read, one has read it.
  const moved = seq === null
    ? await tx`insert into certificate_query_place (writer, seq, done) values (${writer}::bigint, ${String(to)}::bigint, ${done}) on conflict do nothing returning 1`
    : await tx`update certificate_query_place set seq = ${String(to)}::bigint, done = ${done} where writer = ${writer}::bigint and seq = ${seq}::bigint returning 1`;
  if (moved.length === 0) throw new HubError('CONFLICT', 'Another worker reads the audit for answers that go up; this one leaves it to it.');
  return to;
}

/** How many are put aside and wait, those about whoever is sealed among them. */
export async function countWaitingQueries(sql: postgres.Sql): Promise<number> {
  return (await sql<{ n: number }[]>`select count(*)::int as n from certificate_query_up where state = 'WAITING'`)[0]?.n ?? 0;
}

/** Has answers go up again that were refused, because what was wrong is put right. How many. */
export async function sendRefusedQueriesAgain(tx: postgres.Sql | postgres.TransactionSql): Promise<number> {
  return (await tx`update certificate_query_up set state = 'WAITING' where state = 'REFUSED'`).count;
}

/** Has all answers that the audit has go up again, because the upper hub may know them no more. */
export async function readAnswersAgain(tx: postgres.TransactionSql): Promise<void> {
  await tx`delete from certificate_query_place`;
}
