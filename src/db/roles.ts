/**
 * The database role that a server runs as, beside the owner who migrates: it reads and writes what a hub reads and writes, adds to
 * the audit, to the log of policy and to what was done about applications, drafts and requests to check, and changes nothing of these. It owns nothing, so it can switch nothing off.
 *
 * It refuses to make roles or give passwords: that is the database administrator's.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { safeError } from './failures.ts';

/** Tables that are only added to; the partitions of audit_record beside them, which are reached by way of it alone. */
const addedTo = ['audit_chain', 'audit_scope', 'audit_record', 'audit_seal', 'audit_head', 'policy_change', 'application_move', 'catalog_draft_move', 'receipt', 'check_move', 'certificate_use'] as const;

/** Tables that are the owner's to write. */
const readOnly = ['audit_retired'] as const;

/** Gives a role what a server needs, and takes from it what it must not have. Run by the owner after each migration. */
export async function grantServer(sql: postgres.Sql, role: string): Promise<void> {
  const [known] = await sql<{ privileged: boolean; name: string }[]>`
    select rolsuper or rolcreaterole or pg_has_role(r.oid, c.relowner, 'member') as privileged, quote_ident(rolname) as name
    from pg_roles r, pg_class c where rolname = ${role} and c.oid = 'audit_record'::regclass`;
  if (known === undefined) throw new HubError('BAD_INPUT', `The database has no role ${role}. Have its administrator make it (CREATE ROLE … LOGIN), then run this again.`);
  if (known.privileged) throw new HubError('BAD_INPUT', `${role} is a superuser, makes roles, or owns the hub's tables: nothing could be taken from it. Name a role of its own for the server.`);
  const { name } = known;
  try {
    await sql.begin(async (tx) => {
      const [{ schema } = { schema: 'public' }] = await tx<{ schema: string }[]>`select quote_ident(current_schema()) as schema`;
      const partitions = await tx<{ name: string }[]>`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_record'::regclass`;
      await tx.unsafe(`grant usage on schema ${schema} to ${name}`);
      await tx.unsafe(`grant select, insert, update, delete on all tables in schema ${schema} to ${name}`);
      await tx.unsafe(`grant usage, select on all sequences in schema ${schema} to ${name}`);
      for (const table of addedTo) {
        await tx.unsafe(`revoke all on ${table} from ${name}`);
        await tx.unsafe(`grant select, insert on ${table} to ${name}`);
      }
      for (const table of readOnly) {
        await tx.unsafe(`revoke all on ${table} from ${name}`);
        await tx.unsafe(`grant select on ${table} to ${name}`);
      }
      for (const partition of partitions) await tx.unsafe(`revoke all on ${partition.name} from ${name}`);
      await tx.unsafe(`grant usage on schema drizzle to ${name}`);
      await tx.unsafe(`grant select on drizzle.__drizzle_migrations to ${name}`);
    });
  } catch (error) {
    throw safeError(error, 'give rights to the server\'s role');
  }
}
