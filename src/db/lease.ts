/**
 * One process at a time: a lease in the database, by the database's clock, with a fencing token that moves with every holder.
 *
 * Whoever works under it checks it in each of its transactions (`fence`), which also keeps anybody from taking it over before that
 * transaction ends. So a process that was paused past its lease, and does not know it, writes nothing. (The embedded database has one
 * session and one process; there it only counts.)
 */
import type postgres from 'postgres';
import { safeError } from './failures.ts';

/** A lease that was given. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly token: string;
}

/** The lease is another's, or has run out: nothing may be written under it. */
export class LeaseLost extends Error {
  constructor(name: string) {
    super(`The lease ${name} was lost.`);
    this.name = 'LeaseLost';
  }
}

type Session = postgres.Sql | postgres.TransactionSql;

/** Takes the lease for so many milliseconds, where nobody holds it; null: somebody does. */
export async function acquireLease(sql: Session, name: string, holder: string, ms: number): Promise<Lease | null> {
  try {
    const [taken] = await sql<{ token: string }[]>`
      insert into sync_lease as held (name, holder, token, until) values (${name}, ${holder}, 1, clock_timestamp() + ${ms}::int * interval '1 millisecond')
      on conflict (name) do update set holder = excluded.holder, token = held.token + 1, until = excluded.until where held.until <= clock_timestamp()
      returning token::text`;
    return taken === undefined ? null : { name, holder, token: taken.token };
  } catch (error) {
    throw safeError(error, 'take a lease');
  }
}

/** Holds it longer, also where it has run out and nobody has taken it (a long transaction of its holder keeps others, and this, waiting); false: it is lost. */
export async function renewLease(sql: Session, { name, holder, token }: Lease, ms: number): Promise<boolean> {
  try {
    const rows = await sql`
      update sync_lease set until = clock_timestamp() + ${ms}::int * interval '1 millisecond'
      where name = ${name} and holder = ${holder} and token = ${token}::bigint returning 1`;
    return rows.length > 0;
  } catch (error) {
    throw safeError(error, 'renew a lease');
  }
}

/** Gives it back, so that the next one need not wait. */
export async function releaseLease(sql: Session, { name, holder, token }: Lease): Promise<void> {
  await sql`update sync_lease set until = clock_timestamp() where name = ${name} and holder = ${holder} and token = ${token}::bigint and until > clock_timestamp()`;
}

/** Goes on only where the lease still holds, and keeps it from changing hands until the transaction ends. Throws `LeaseLost`. */
export async function fence(tx: Session, { name, holder, token }: Lease): Promise<void> {
  const [held] = await tx`select 1 from sync_lease where name = ${name} and holder = ${holder} and token = ${token}::bigint and until > clock_timestamp() for share`;
  if (held === undefined) throw new LeaseLost(name);
}
