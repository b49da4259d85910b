/**
 * Callers of the tests: one application for each department that the tests speak as. Their keys are fixed, because
 * test processes share one template; no such key exists outside a test database.
 */
import { apiKeyDigest } from '../../src/identity/api-key.ts';
import { registerAdministrator, registerConsumer } from '../../src/identity/consumers.ts';
import type { Database } from '../../src/db/open.ts';
import type { Role } from '../../src/sharing/terms.ts';

/** Name in tests → department. */
export const callers = {
  police: '620623-GA',
  civilAffairs: '620623-MZ',
  market: '620623-SC',
  disabledFederation: '620623-CL',
  naturalResources: '620623-ZR',
  credit: '620623-FG',
  authority: '620623-ZS',
} as const;

export type CallerName = keyof typeof callers;

/** Administrators of the tests, by role; all of the data authority, and a steward of a providing department. */
export const administrators = {
  system: { role: 'SYSTEM', department: '620623-ZS' },
  security: { role: 'SECURITY', department: '620623-ZS' },
  auditor: { role: 'AUDIT', department: '620623-ZS' },
  steward: { role: 'STEWARD', department: '620623-ZS' },
  civilSteward: { role: 'STEWARD', department: '620623-MZ' },
} as const;

export type AdministratorName = keyof typeof administrators;

/** Callers whom one test registers for itself. */
export type OtherName = `other-${string}`;

/** The key of a caller or an administrator. */
export function keyOf(name: CallerName | AdministratorName | OtherName): string {
  return `hub_test-key-of-${name}-in-test-databases-only`;
}

/** A matter of every test department that is handled without cases: the purpose of whoever asks in tests, unless the test says another. */
export const testMatter = 'TEST-ANY-PURPOSE';

const actor = { by: 'tests', now: '2026-01-01T00:00:00.000Z' };

/** Registers an administrator of a role, or an application where there is none, beside those of the template; its code is `test-` and the name. */
export async function registerOther({ sql }: Database, name: OtherName, departmentCode: string, role: Role | null): Promise<void> {
  const own = { code: `test-${name}`, name: `测试 ${name}`, departmentCode };
  if (role === null) await registerConsumer(sql, own, actor);
  else await registerAdministrator(sql, { ...own, role }, actor);
  await sql`insert into api_key (digest, consumer_code, administrator_code, created_at) values (${apiKeyDigest(keyOf(name))}, ${role === null ? own.code : null}, ${role === null ? null : own.code}, '2026-01-01T00:00:00Z')`;
}

/** Registers them all in a template. */
export async function registerCallers({ sql }: Database): Promise<void> {
  for (const [name, departmentCode] of Object.entries(callers) as [CallerName, string][]) {
    await registerConsumer(sql, { code: `test-${name}`, name: `测试应用 ${name}`, departmentCode }, actor);
    await sql`insert into api_key (digest, consumer_code, created_at) values (${apiKeyDigest(keyOf(name))}, ${`test-${name}`}, '2026-01-01T00:00:00Z')`;
  }
  for (const [name, { role, department }] of Object.entries(administrators) as [AdministratorName, (typeof administrators)[AdministratorName]][]) {
    await registerAdministrator(sql, { code: `test-${name}`, name: `测试管理员 ${name}`, departmentCode: department, role }, actor);
    await sql`insert into api_key (digest, administrator_code, created_at) values (${apiKeyDigest(keyOf(name))}, ${`test-${name}`}, '2026-01-01T00:00:00Z')`;
  }
  await sql`insert into matter (code, name, department_code, participants, needs_case) values (${testMatter}, '测试事项', ${callers.authority}, ${Object.values(callers)}, false)`;
}
