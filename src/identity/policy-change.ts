/**
 * Changes what callers' rights hang on: one transaction, under the name of who does it and at the hub's time. The database's log of
 * policy takes both (drizzle/0004_policy_log.sql), and every process hears of it.
 */
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';

/** The lock that writing the log of policy takes (drizzle/0004_policy_log.sql). */
const policyLock = 622300003;

/** Waits for changes of policy that are under way, and keeps new ones out until the transaction ends: what is worked out from policy fits it. */
export async function holdPolicy(tx: postgres.TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock_shared(${policyLock}::bigint)`;
}

/** Waits for changes of policy that are under way, and lets no other begin to be written until the transaction ends: what is checked here still holds when it is written. */
export async function lockPolicy(tx: postgres.TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock(${policyLock}::bigint)`;
}

/** Who changes policy, and when (ISO 8601). */
export interface Actor {
  /** Code of an administrator or consumer; `command line` for whoever has the machine. */
  readonly by: string;
  readonly now: string;
}

/** Runs `work` in its transaction. */
export async function changePolicy<T>(sql: postgres.Sql, { by, now }: Actor, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  try {
    return await sql.begin(async (tx) => {
      await tx`select set_config('hub.now', ${now}, true), set_config('hub.by', ${by}, true)`;
      return work(tx);
    }) as T;
  } catch (error) {
    throw safeError(error, 'change policy');
  }
}
