/**
 * The outbox of uses of certificates that have rows (of answers: query-outbox.ts): what waits to go up, in the order in which it was written down, and what has become of it. A use is put
 * here in the transaction that writes it (certificates/usage.ts), and stays, marked, once the upper hub has it: so that it can be
 * told again to one that was restored from a backup. About whoever is sealed nothing leaves; it waits until he is no longer.
 */
import type postgres from 'postgres';
import type { PassedUpUse } from './city.ts';

/** A use that waits; `division`: of the hub below that told of it, null: it was here. */
export interface WaitingUse extends Omit<PassedUpUse, 'items'> {
  readonly division: string | null;
  /** Null: it is no QUERY. */
  readonly items: readonly string[] | null;
}

/** An outbox that is passed up: the next that have to go, and what has become of them. */
export interface UseOutbox {
  waiting(sql: postgres.Sql, first: number): Promise<readonly WaitingUse[]>;
  /** Marks those that wait. Gives the keys of those that did: of two who passed them up, one has marked each. */
  mark(tx: postgres.TransactionSql, keys: readonly string[], state: 'SENT' | 'REFUSED'): Promise<ReadonlySet<string>>;
}

const next = `
  select up.key::text as key, up.source, up.source_key as "sourceKey", to_char(used.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, used.mode, used.copy_id as "copyId", used.consumer_code as consumer,
    used.department_code as "departmentCode", nullif(regexp_replace(used.operator, '^(said|signed):', ''), '') as operator, coalesce(starts_with(used.operator, 'signed:'), false) as "operatorVerified",
    used.matter_code as "matterCode", used.case_no as "caseNo", used.cause, used.fields, case when used.mode = 'QUERY' then used.items end as items, used.result, used.told_from as division
  from certificate_use_up up join certificate_use used on used.id = up.use_id
  where up.state = 'WAITING' and not exists (
    select from source_record word join certificate_version version on version.id = word.record_id join seal on seal.person_key = any(version.holder_person_keys)
    where word.record_type = 'Certificate' and word.source = up.source and word.source_key = up.source_key)
  order by up.use_id limit $1`;

/** The outbox as it is passed up (uses-up.ts). */
export const uses: UseOutbox = {
  waiting: async (sql, first) => sql.unsafe<WaitingUse[]>(next, [first], { prepare: true }),
  mark: async (tx, keys, state) => {
    if (keys.length === 0) return new Set();
    const marked = await tx<{ key: string }[]>`update certificate_use_up set state = ${state} where state = 'WAITING' and key = any(${keys as string[]}::uuid[]) returning key::text as key`;
    return new Set(marked.map(({ key }) => key));
  },
};

/** How many wait, those about whoever is sealed among them. */
export async function countWaitingUses(sql: postgres.Sql): Promise<number> {
  return (await sql<{ n: number }[]>`select count(*)::int as n from certificate_use_up where state = 'WAITING'`)[0]?.n ?? 0;
}

/** Has uses go up again: those that were refused, because what was wrong is put right; or those that were sent, because the upper hub may know them no more. How many. */
export async function sendUsesAgain(tx: postgres.Sql | postgres.TransactionSql, state: 'SENT' | 'REFUSED'): Promise<number> {
  return (await tx`update certificate_use_up set state = 'WAITING' where state = ${state}`).count;
}
