/**
 * What the upper hub has refused of what was passed up, by record and source: kept with its reason until it is taken, so that it holds up
 * nothing behind it. Values are not here; what goes up again is read where it lies.
 */
import type postgres from 'postgres';
import { moveCheck } from './checks/check.ts';
import type { CheckRequest } from './checks/check.ts';
import type { PassedUpOutcome } from './city.ts';
import { sendRefusedQueriesAgain } from './query-outbox.ts';
import { sendUsesAgain } from './use-outbox.ts';

/** The upper hub, among the places that things go to. */
export const target = 'city';

/** The record type under which reports of discrepancies stand here; their key is the id of the request to check. */
export const reportType = 'Discrepancy';

/** The record type under which uses of certificates stand here; their key is that of the use. */
export const useType = 'CertificateUse';

/** What a letter tells of what was sent. */
export interface Sent {
  readonly type: string;
  readonly source: string;
  readonly key: string;
  readonly version: string;
}

/** What was refused becomes a dead letter; what was taken is none any more. How many were refused. */
export async function keepOutcomes(tx: postgres.TransactionSql, now: string, changes: readonly Sent[], outcomes: readonly PassedUpOutcome[]): Promise<number> {
  const refused = outcomes.flatMap(({ index, status, reason, field }) => {
    const change = changes[index];
    return status !== 'REJECTED' || change === undefined ? [] : [{ record_type: change.type, source: change.source, source_key: change.key, version: change.version, reason: reason ?? '', field }];
  });
  const taken = outcomes.flatMap(({ index, status }) => (status === 'REJECTED' || changes[index] === undefined ? [] : [changes[index]])).map(({ type, source, key }) => ({ record_type: type, source, source_key: key }));
  await tx`delete from dead_letter using json_to_recordset(${JSON.stringify(taken)}::text::json) taken (record_type text, source text, source_key text)
           where dead_letter.target = ${target} and dead_letter.record_type = taken.record_type and dead_letter.source = taken.source and dead_letter.source_key = taken.source_key`;
  await tx`insert into dead_letter (target, record_type, source, source_key, version, reason, field, first_at, last_at)
           select ${target}, record_type, source, source_key, version, reason, field, ${now}::timestamptz, ${now}::timestamptz from json_to_recordset(${JSON.stringify(refused)}::text::json) refused (record_type text, source text, source_key text, version text, reason text, field text)
           on conflict (target, record_type, source, source_key) do update set version = excluded.version, reason = excluded.reason, field = excluded.field, tries = dead_letter.tries + 1, last_at = excluded.last_at`;
  return refused.length;
}

/** A change that was refused. `lastAt`: ISO 8601. */
export interface DeadLetter {
  readonly type: string;
  readonly source: string;
  readonly version: string;
  readonly field: string | null;
  readonly reason: string;
  readonly tries: number;
  readonly lastAt: string;
}

/** What was refused and not taken since, the last first; a thousand at most. */
export async function deadLetters(sql: postgres.Sql): Promise<readonly DeadLetter[]> {
  return sql<DeadLetter[]>`
    select record_type as type, source, version, field, reason, tries, to_char(last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "lastAt" from dead_letter where target = ${target} order by last_at desc, record_type, source, source_key limit 1000`;
}

/** Refused changes, reports and uses of certificates go up again with the next step: whatever was wrong there has been put right. How many. */
export async function redriveDeadLetters(sql: postgres.Sql, now: string): Promise<number> {
  return sql.begin(async (tx) => {
    const rows = await tx<{ type: string; ids: string; count: number }[]>`
      select kept.record_type as type, array_agg(distinct kept.record_id)::text as ids, count(*)::int as count from dead_letter letter
      join source_record kept on kept.record_type = letter.record_type and kept.source = letter.source and kept.source_key = letter.source_key where letter.target = ${target} group by 1`;
    for (const { type, ids } of rows) await tx`insert into record_change (record_type, record_ids, recorded_at) values (${type}, ${ids}::text::uuid[], ${now})`;
    const reports = await tx<Pick<CheckRequest, 'id' | 'state' | 'conflict'>[]>`select id::text as id, state, conflict::text as conflict from check_request where state = 'REFUSED' order by seq for update`;
    for (const check of reports) await moveCheck(tx, { caller: null, now, today: null }, check, 'resend');
    return rows.reduce((sum, { count }) => sum + count, 0) + reports.length + await sendUsesAgain(tx, 'REFUSED') + await sendRefusedQueriesAgain(tx);
  });
}
