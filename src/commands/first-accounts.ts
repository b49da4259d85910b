/**
 * The first accounts at the console: one for each role of the data authority, whose holders then open those of everybody else. And how
 * their one-time passwords are shown: once, in a table.
 */
import type { OneTime } from '../identity/account.ts';
import type { Role } from '../sharing/terms.ts';

/** Administrators whom a hub needs to be administered at all. */
export const firstAdministrators = [
  { account: 'system', name: '系统管理员', role: 'SYSTEM' },
  { account: 'security', name: '安全管理员', role: 'SECURITY' },
  { account: 'audit', name: '审计管理员', role: 'AUDIT' },
  { account: 'steward', name: '数据专员', role: 'STEWARD' },
] as const satisfies readonly { readonly account: string; readonly name: string; readonly role: Role }[];

/** An account that was just opened. */
export interface FirstAccount {
  readonly name: string;
  readonly departmentCode: string;
  readonly role: Role;
  readonly oneTime: OneTime;
}

/** The lines that show them. `url`: where the console is; null: where the hub is started. */
export function oneTimePasswords(accounts: readonly FirstAccount[], url: string | null): readonly string[] {
  const wide = (texts: readonly string[]): number => Math.max(...texts.map((one) => one.length));
  const [names, roles] = [wide(accounts.map(({ oneTime }) => oneTime.account)), wide(accounts.map(({ role }) => role))];
  return [
    `Accounts at the console${url === null ? '' : ` ${url}/`} (one-time passwords, shown once and good until ${accounts[0]?.oneTime.until.slice(0, 10) ?? ''}; each is changed at the first sign-in):`,
    ...accounts.map(({ name, departmentCode, role, oneTime }) => `  ${oneTime.account.padEnd(names)}  ${oneTime.password}  ${role.padEnd(roles)}  ${departmentCode}  ${name}`),
  ];
}
