/**
 * Registers departments' applications and gives out their keys. A key is shown once and kept as a digest only.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { apiKeyDigest, newApiKey } from './api-key.ts';
import { moveStanding } from './standing.ts';

/** A department's application. */
export interface NewConsumer {
  readonly code: string;
  readonly name: string;
  readonly departmentCode: string;
}

/** Registers a consumer, or renames it when its code is known. */
export async function registerConsumer(sql: postgres.Sql, { code, name, departmentCode }: NewConsumer): Promise<void> {
  await sql.begin(async (tx) => {
    const [known] = await tx`select 1 from department where code = ${departmentCode}`;
    if (known === undefined) throw new HubError('BAD_INPUT', `There is no department ${departmentCode}; seeds/departments.csv lists them.`);
    await tx`insert into consumer (code, name, department_code) values (${code}, ${name}, ${departmentCode})
             on conflict (code) do update set name = excluded.name, department_code = excluded.department_code`;
    await moveStanding(tx);
  });
}

/** Makes a key for a consumer and returns it: the only time that anybody sees it. `days`: until it expires; null for no end. */
export async function issueKey(sql: postgres.Sql, consumerCode: string, now: Date, days: number | null): Promise<string> {
  const key = newApiKey();
  const expiresAt = days === null ? null : new Date(now.getTime() + days * 86_400_000).toISOString();
  await sql.begin(async (tx) => {
    const [known] = await tx`select 1 from consumer where code = ${consumerCode}`;
    if (known === undefined) throw new HubError('BAD_INPUT', `There is no consumer ${consumerCode}; register it first.`);
    await tx`insert into api_key (digest, consumer_code, created_at, expires_at) values (${apiKeyDigest(key)}, ${consumerCode}, ${now.toISOString()}, ${expiresAt})`;
    await moveStanding(tx);
  });
  return key;
}

/** Ends every key of a consumer now; gives how many there were. */
export async function revokeKeys(sql: postgres.Sql, consumerCode: string, now: Date): Promise<number> {
  return sql.begin(async (tx) => {
    const ended = await tx`update api_key set revoked_at = ${now.toISOString()} where consumer_code = ${consumerCode} and revoked_at is null returning 1`;
    await moveStanding(tx);
    return ended.length;
  });
}
