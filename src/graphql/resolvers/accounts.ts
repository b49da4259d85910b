/**
 * Resolvers of schema/accounts.graphql: who has an account at the console, opening and closing them, and their one-time passwords.
 */
import { HubError } from '../../errors.ts';
import { accounts as allAccounts, closeAccount, openAccount, resetAccount, takeOffCode, unlockAccount } from '../../identity/account.ts';
import type { ShownAccount } from '../../identity/account.ts';
import type { Passwords } from '../../identity/password.ts';
import type { Standing } from '../../identity/standing.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf, inForce } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function accounts(_hub: HubSchema, work: Work): Resolvers {
  const { writing } = work;
  return {
    Query: {
      accounts: async (_root, _args, { now, standing }) => (await allAccounts(writing().sql, now)).flatMap((one) => shown(one, standing)),
    },
    Mutation: {
      openAccount: (_root, { account: { name, administrator } }: { account: { name: string; administrator: string } }, context) =>
        inForce(work, openAccount(writing().sql, passwordsOf(work), { name, administrator }, actorOf(context))),
      resetAccount: (_root, { name }: { name: string }, context) => inForce(work, resetAccount(writing().sql, passwordsOf(work), name, actorOf(context))),
      unlockAccount: (_root, { name }: { name: string }) => unlockAccount(writing().sql, name),
      closeAccount: (_root, { name }: { name: string }, context) => inForce(work, closeAccount(writing().sql, name, actorOf(context))),
      takeOffCode: (_root, { name }: { name: string }, context) => takeOffCode(writing().sql, name, actorOf(context)),
    },
  };
}

/** Whoever is no administrator any more has no account that opened a door. */
function shown({ name, administrator, openedAt, resetAt, resetBy, closedAt, mustChangePassword, oneTimeUntil, failedAttempts, lockedUntil, hasCode, usedAt, sessions }: ShownAccount, standing: Standing): readonly unknown[] {
  const own = standing.administrator(administrator);
  if (own === undefined) return [];
  const { name: administratorName, role, department: departmentCode, departmentName } = own;
  return [{ name, administrator, administratorName, role, departmentCode, departmentName, openedAt, resetAt, resetBy, closedAt, mustChangePassword, oneTimeUntil, failedAttempts, lockedUntil, hasCode, usedAt, sessions }];
}

function passwordsOf({ passwords }: Work): Passwords {
  if (passwords === undefined) throw new HubError('BAD_INPUT', 'This hub has no console, so there are no accounts to be opened.');
  return passwords;
}
