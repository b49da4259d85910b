/**
 * Which life of the database this is. A feed's places mean something in one life only: what a backup gives back has rows of the log
 * again that were followed by others once.
 *
 * A database that goes on from a backup in its own cluster is noticed by the marks of its log (feed-log.ts). One that was loaded into
 * another cluster is noticed here, when its log is ahead of the cluster's transactions: its rows are all of the past then.
 */
import type postgres from 'postgres';

/** The epoch of now. */
export async function currentEpoch(sql: postgres.Sql | postgres.TransactionSql): Promise<string> {
  const [row] = await sql<{ epoch: string }[]>`select epoch::text from hub_epoch order by began_at desc, epoch limit 1`;
  if (row === undefined) throw new Error('A migrated database has an epoch.');
  return row.epoch;
}

/** Begins another epoch where the log was written in another cluster; says whether it did. */
export async function noticeRestore(sql: postgres.Sql): Promise<boolean> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(622300009)`;
    const [ahead] = await tx`select 1 from record_change where xid >= pg_snapshot_xmax(pg_current_snapshot()) limit 1`;
    if (ahead === undefined) return false;
    // Their order is that of the sequence now: below every transaction of this cluster.
    await tx`update record_change set xid = '3'::xid8`;
    await tx`insert into hub_epoch (began_at) values (greatest(now(), (select max(began_at) + interval '1 millisecond' from hub_epoch)))`;
    return true;
  });
}
