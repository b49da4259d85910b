/**
 * Who is there: departments; and who is registered, for those who administer: applications and administrators as the standing has them,
 * and when their keys end. Neither a key nor its digest is ever among it.
 */
import type postgres from 'postgres';
import type { Administrator, Consumer } from '../sharing/terms.ts';
import { knownHolder, ownedBy } from './holder.ts';
import type { Holder } from './holder.ts';
import type { Standing } from './standing.ts';

const by = <T extends { readonly department: string }>(codeOf: (one: T) => string) => (a: T, b: T): number => (`${a.department} ${codeOf(a)}` < `${b.department} ${codeOf(b)}` ? -1 : 1);

/** A department. */
export interface Department {
  readonly code: string;
  readonly name: string;
  readonly ofAuthority: boolean;
}

/** All departments, by code. */
export async function departmentsOf(sql: postgres.Sql): Promise<readonly Department[]> {
  return sql<Department[]>`select code, name, role = 'AUTHORITY' as "ofAuthority" from department order by code collate "C"`;
}

/** All applications, by department and code. */
export function consumersOf(standing: Standing): readonly Consumer[] {
  return [...standing.consumers()].sort(by(({ consumer }) => consumer));
}

/** All administrators, by department and code. */
export function administratorsOf(standing: Standing): readonly Administrator[] {
  return [...standing.administrators()].sort(by(({ code }) => code));
}

/** When a key was issued and when it ends; moments are ISO 8601 in UTC with milliseconds. */
export interface ApiKeyTerm {
  readonly consumer: string | null;
  readonly administrator: string | null;
  readonly issuedAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly inForce: boolean;
}

/** The keys of a holder, or of all, by whose they are and then the newest first. `BAD_INPUT` on a holder that there is not. */
export async function apiKeyTerms(sql: postgres.Sql, given: Holder | null, now: string): Promise<readonly ApiKeyTerm[]> {
  return await sql.begin('read only', async (tx) => {
    if (given !== null) await knownHolder(tx, given);
    const moment = (name: string) => tx`to_char(${tx(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    return tx<ApiKeyTerm[]>`
      select consumer_code as consumer, administrator_code as administrator, ${moment('created_at')} as "issuedAt", ${moment('expires_at')} as "expiresAt", ${moment('revoked_at')} as "revokedAt",
        coalesce(least(expires_at, revoked_at) > ${now}::timestamptz, true) as "inForce"
      from api_key where ${given === null ? tx`true` : ownedBy(tx, given)}
      order by coalesce(consumer_code, administrator_code) collate "C", consumer_code is null, created_at desc, digest collate "C"`;
  }) as readonly ApiKeyTerm[];
}
