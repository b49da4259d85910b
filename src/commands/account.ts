/**
 * `account`: accounts at the console, for whoever has the machine: the first ones of a new hub, and those that nobody else can help.
 */
import { parseArgs } from 'node:util';
import type postgres from 'postgres';
import type { Config } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { accounts, closeAccount, openAccount, resetAccount, takeOffCode, unlockAccount } from '../identity/account.ts';
import type { OneTime, ShownAccount } from '../identity/account.ts';
import { registerAdministrator } from '../identity/consumers.ts';
import { Passwords } from '../identity/password.ts';
import type { Actor } from '../identity/policy-change.ts';
import type { Role } from '../sharing/terms.ts';
import { firstAdministrators, oneTimePasswords } from './first-accounts.ts';
import type { FirstAccount } from './first-accounts.ts';
import { auditOf, CommandRecord } from './recorded.ts';

const usage = 'account list · account create --first [--department AUTHORITY] · account create ADMINISTRATOR [--name NAME] · account reset NAME · account unlock NAME · account close NAME · account code-off NAME';

/** `list`, `create`, `reset`, `unlock`, `close`, `code-off`. */
export async function accountCommand(config: Config, words: readonly string[]): Promise<void> {
  const { positionals: [verb, who, ...rest], values } = parseArgs({
    args: [...words], allowPositionals: true, options: { first: { type: 'boolean', default: false }, name: { type: 'string' }, department: { type: 'string' } },
  });
  const first = verb === 'create' && values.first;
  const verbs = ['list', 'create', 'reset', 'unlock', 'close', 'code-off'];
  if (verb === undefined || !verbs.includes(verb) || rest.length > 0 || (who === undefined) !== (verb === 'list' || first)) throw new HubError('BAD_INPUT', `account knows these: ${usage}.`);
  const database = await openDatabase(config);
  const { sql } = database;
  const actor: Actor = { by: 'command line', now: new Date().toISOString() };
  const audit = auditOf(config, database, 'account');
  const work = async (): Promise<readonly string[]> => {
    const passwords = new Passwords();
    const name = String(who);
    switch (verb) {
      case 'list': return listed(await accounts(sql, actor.now));
      case 'create': return first ? oneTimePasswords(await createFirst(sql, passwords, { department: values.department, division: config.division }, actor), null) : oneTimePasswords([await described(sql, await openAccount(sql, passwords, { name: values.name ?? name, administrator: name }, actor))], null);
      case 'reset': return oneTimePasswords([await described(sql, await resetAccount(sql, passwords, name, actor))], null);
      case 'unlock': return [`Unlocked ${await unlockAccount(sql, name)}.`];
      case 'close': return [`Closed ${await closeAccount(sql, name, actor)}.`];
      default: return [await takeOffCode(sql, name, actor) ? 'The one-time code is off.' : 'There was no one-time code.'];
    }
  };
  try {
    await migrate(database);
    const lines = verb === 'list' ? await work() : await new CommandRecord(audit, { roots: ['account', verb, ...(who === undefined ? ['first'] : [who])] }).around(work);
    process.stdout.write(`${lines.join('\n')}\n`);
  } finally {
    await audit.close();
    await database.close();
  }
}

/** One administrator and account for each role of the data authority; `CONFLICT` where there are accounts already. */
async function createFirst(sql: postgres.Sql, passwords: Passwords, { department: given, division }: { readonly department: string | undefined; readonly division: string }, actor: Actor): Promise<readonly FirstAccount[]> {
  if ((await sql`select 1 from account limit 1`).length > 0) throw new HubError('CONFLICT', 'There are accounts already; a SYSTEM administrator opens further ones (openAccount), and account reset gives one a new password.');
  const authorities = await sql<{ code: string }[]>`select code from department where role = 'AUTHORITY' and (${given ?? null}::text is null or code = ${given ?? null}) order by code`;
  // The one of this hub's own division, where there are several.
  const own = authorities.filter(({ code }) => code.startsWith(`${division}-`));
  const [authority] = own.length === 1 ? own : authorities;
  if (authority === undefined) throw new HubError('BAD_INPUT', given === undefined ? 'There is no data authority among the departments. Load the reference data first: seed --people 0.' : `${given} is no data authority; its department has the role AUTHORITY.`);
  if (authorities.length > 1 && own.length !== 1) throw new HubError('BAD_INPUT', `There are several data authorities: ${authorities.map(({ code }) => code).join(', ')}. Say which with --department.`);
  const made: FirstAccount[] = [];
  for (const { account, name, role } of firstAdministrators) {
    const administrator = { code: account, name, departmentCode: authority.code, role };
    await registerAdministrator(sql, administrator, actor);
    made.push({ ...administrator, oneTime: await openAccount(sql, passwords, { name: account, administrator: account }, actor) });
  }
  return made;
}

async function described(sql: postgres.Sql, oneTime: OneTime): Promise<FirstAccount> {
  const [own] = await sql<{ name: string; departmentCode: string; role: Role }[]>`select name, department_code as "departmentCode", role from administrator where code = ${oneTime.administrator}`;
  if (own === undefined) throw new HubError('BAD_INPUT', `There is no administrator ${oneTime.administrator}.`);
  return { ...own, oneTime };
}

function listed(all: readonly ShownAccount[]): readonly string[] {
  if (all.length === 0) return ['There is no account. account create --first makes one for each role.'];
  return all.map(({ name, administrator, closedAt, lockedUntil, mustChangePassword, oneTimeUntil, hasCode, usedAt }) => [
    name.padEnd(20), administrator.padEnd(20),
    closedAt !== null ? 'closed' : lockedUntil !== null ? `locked until ${lockedUntil}` : mustChangePassword ? `one-time password, until ${String(oneTimeUntil).slice(0, 10)}` : 'open',
    ...(hasCode ? ['with one-time code'] : []), ...(usedAt === null ? [] : [`used ${usedAt}`]),
  ].join('  '));
}
