/**
 * Registers departments' applications and administrators, and gives out their keys. A key is shown once and kept as a digest
 * only. Roles are kept apart (三员分立): an administrator has one role for good, and who registers him gives him no key.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import type { Role } from '../sharing/terms.ts';
import { closeConsole } from './account.ts';
import { apiKeyDigest, newApiKey } from './api-key.ts';
import { checkOperatorKey } from './operator.ts';
import { changePolicy } from './policy-change.ts';
import type { Actor } from './policy-change.ts';
import { knownHolder, ownedBy } from './holder.ts';
import type { Holder } from './holder.ts';
import { unlinkAll } from './token-subject.ts';

/** A department's application. */
export interface NewConsumer {
  readonly code: string;
  readonly name: string;
  readonly departmentCode: string;
  /** Opens cases of every department's matters; no unless told. */
  readonly servicePlatform?: boolean;
  /** Public key (JWK) of its assertions of operators; none unless told. */
  readonly operatorKey?: Readonly<Record<string, unknown>> | null;
}

/** An administrator. */
export interface NewAdministrator {
  readonly code: string;
  readonly name: string;
  readonly departmentCode: string;
  readonly role: Role;
}

/** Registers a consumer, or renames it when its code is known. */
export async function registerConsumer(sql: postgres.Sql, { code, name, departmentCode, servicePlatform = false, operatorKey = null }: NewConsumer, actor: Actor): Promise<void> {
  if (operatorKey !== null) await checkOperatorKey(operatorKey);
  await changePolicy(sql, actor, async (tx) => {
    await knownDepartment(tx, departmentCode);
    await tx`insert into consumer (code, name, department_code, service_platform, operator_key)
             values (${code}, ${name}, ${departmentCode}, ${servicePlatform}, ${operatorKey === null ? null : JSON.stringify(operatorKey)}::jsonb)
             on conflict (code) do update set name = excluded.name, department_code = excluded.department_code, service_platform = excluded.service_platform, operator_key = excluded.operator_key`;
  });
}

/** Says that a consumer is a citizens' portal, and which client it is at the issuer of citizens' tokens; null: it is none (any more). Gives its code. */
export async function setCitizenPortal(sql: postgres.Sql, consumer: string, client: string | null, actor: Actor): Promise<string> {
  if (client !== null && (client === '' || client.length > 255 || /[\p{Cc}\s]/u.test(client))) throw new HubError('BAD_INPUT', 'client is what the issuer of citizens\' tokens calls this portal in `azp`: 1 to 255 characters without blanks; null, and it is no portal.');
  return changePolicy(sql, actor, async (tx) => {
    const [held] = client === null ? [] : await tx<{ code: string }[]>`select code from consumer where citizen_portal = ${client} and code <> ${consumer}`;
    if (held !== undefined) throw new HubError('CONFLICT', `Consumer ${held.code} is this client already, and a token is one portal's. Take the mark from that one first.`);
    const marked = await tx`update consumer set citizen_portal = ${client} where code = ${consumer} returning 1`;
    if (marked.length === 0) throw new HubError('BAD_INPUT', `There is no consumer ${consumer}; a SYSTEM administrator registers it.`);
    return consumer;
  });
}

/** Says that a consumer is another hub, and the division (six digits) whose departments it speaks for; null: it is none (any more). Gives its code. */
export async function setHub(sql: postgres.Sql, consumer: string, division: string | null, actor: Actor): Promise<string> {
  if (division !== null && !/^\d{6}$/.test(division)) throw new HubError('BAD_INPUT', 'division is the code of the county or city that the hub serves, six digits such as 620623 or 620600; null, and it is no hub.');
  return changePolicy(sql, actor, async (tx) => {
    const [held] = division === null ? [] : await tx<{ code: string }[]>`select code from consumer where hub_division = ${division} and code <> ${consumer}`;
    if (held !== undefined) throw new HubError('CONFLICT', `Consumer ${held.code} is the hub of ${division} already, and a division has one. Take the mark from that one first.`);
    const marked = await tx`update consumer set hub_division = ${division} where code = ${consumer} returning 1`;
    if (marked.length === 0) throw new HubError('BAD_INPUT', `There is no consumer ${consumer}; a SYSTEM administrator registers it.`);
    return consumer;
  });
}

/** A limit that no process could reach is none. */
const mostPerMinute = 1_000_000;

/** Says how many queries of a consumer are answered a minute; null: as many as need be. Gives its code. */
export async function setRequestsPerMinute(sql: postgres.Sql, consumer: string, most: number | null, actor: Actor): Promise<string> {
  if (most !== null && (!Number.isInteger(most) || most < 1 || most > mostPerMinute)) throw new HubError('BAD_INPUT', `requestsPerMinute is a whole number from 1 to ${mostPerMinute}; null, and there is no such limit. To answer nothing, end the keys (revokeKeys).`);
  return changePolicy(sql, actor, async (tx) => {
    const set = await tx`update consumer set requests_per_minute = ${most} where code = ${consumer} returning 1`;
    if (set.length === 0) throw new HubError('BAD_INPUT', `There is no consumer ${consumer}; a SYSTEM administrator registers it.`);
    return consumer;
  });
}

/** Registers an administrator. His role is his for good: another role takes another administrator. */
export async function registerAdministrator(sql: postgres.Sql, { code, name, departmentCode, role }: NewAdministrator, actor: Actor): Promise<void> {
  await changePolicy(sql, actor, async (tx) => {
    await knownDepartment(tx, departmentCode);
    const [known] = await tx<{ role: string }[]>`select role from administrator where code = ${code}`;
    if (known !== undefined && known.role !== role) throw new HubError('CONFLICT', `${code} is an administrator of another role. Roles are kept apart: register another one for ${role}.`);
    await tx`insert into administrator (code, name, department_code, role) values (${code}, ${name}, ${departmentCode}, ${role})
             on conflict (code) do update set name = excluded.name, department_code = excluded.department_code`;
  });
}

async function knownDepartment(tx: postgres.TransactionSql, code: string): Promise<void> {
  const [known] = await tx`select 1 from department where code = ${code}`;
  if (known === undefined) throw new HubError('BAD_INPUT', `There is no department ${code}; seeds/departments.csv lists them.`);
}

/** Makes a key and returns it: the only time that anybody sees it. `days`: until it expires; null for no end. */
export async function issueKey(sql: postgres.Sql, holder: Holder, days: number | null, actor: Actor): Promise<string> {
  return changePolicy(sql, actor, (tx) => insertKey(tx, holder, days, actor.now));
}

/** Makes a new key and lets the old ones end after so many hours, so that an application can change over without a gap. */
export async function rotateKeys(sql: postgres.Sql, holder: Holder, overlapHours: number, days: number | null, actor: Actor): Promise<string> {
  return changePolicy(sql, actor, async (tx) => {
    const end = new Date(Date.parse(actor.now) + overlapHours * 3_600_000).toISOString();
    await tx`update api_key set expires_at = least(expires_at, ${end}::timestamptz) where ${ownedBy(tx, holder)} and revoked_at is null`;
    return insertKey(tx, holder, days, actor.now);
  });
}

/** Ends every key of a holder now, unlinks every subject of tokens, and closes an administrator's account: no way in is left. Gives how many there were. */
export async function revokeKeys(sql: postgres.Sql, holder: Holder, actor: Actor): Promise<number> {
  return changePolicy(sql, actor, async (tx) => {
    const ended = await tx`update api_key set revoked_at = ${actor.now} where ${ownedBy(tx, holder)} and revoked_at is null returning 1`;
    return ended.length + await unlinkAll(tx, holder) + ('administrator' in holder ? await closeConsole(tx, holder.administrator, actor.now) : 0);
  });
}

async function insertKey(tx: postgres.TransactionSql, holder: Holder, days: number | null, now: string): Promise<string> {
  const { consumer, administrator } = await knownHolder(tx, holder);
  const key = newApiKey();
  const expiresAt = days === null ? null : new Date(Date.parse(now) + days * 86_400_000).toISOString();
  await tx`insert into api_key (digest, consumer_code, administrator_code, created_at, expires_at) values (${apiKeyDigest(key)}, ${consumer}, ${administrator}, ${now}, ${expiresAt})`;
  return key;
}
