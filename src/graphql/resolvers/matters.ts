/**
 * Resolvers of schema/matters.graphql: matters, cases, holders' authorizations.
 */
import { HubError } from '../../errors.ts';
import { recordAuthorization, revokeAuthorization } from '../../matters/authorization.ts';
import type { AuthorizationDesk, NewAuthorization } from '../../matters/authorization.ts';
import { closeCase, openCase } from '../../matters/case.ts';
import type { Case, CaseDesk, NewCase } from '../../matters/case.ts';
import { mattersOf, registerMatter } from '../../matters/matter.ts';
import type { Consumer, KinWord, Matter } from '../../sharing/terms.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf, inForce } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** A matter as it is registered. */
interface MatterInput {
  readonly code: string;
  readonly name: string;
  readonly departmentCode: string;
  readonly participants: readonly string[];
  readonly kin: readonly KinWord[];
  readonly needsCase: boolean;
}

/** See the head of this file. */
export function matters(_hub: HubSchema, work: Work): Resolvers {
  const desk = ({ caller, now, today, purpose, standing }: HubContext): CaseDesk & AuthorizationDesk => ({
    ...work.writing(), now, today, personKey: work.personKey, caseDays: work.caseDays, consumer: consumerIn(caller), operator: purpose.operator, matter: (code) => standing.matter(code),
  });
  return {
    Query: { matters: (_root, _args, { caller, standing }) => mattersOf(caller, standing.matters()).map(matterShown) },
    Mutation: {
      registerMatter: (_root, { matter }: { matter: MatterInput }, context) =>
        inForce(work, registerMatter(work.writing().sql, { ...matter, department: matter.departmentCode }, context.today, actorOf(context))),
      openCase: (_root, given: NewCase, context) => inForce(work.cases, openCase(desk(context), given)).then(caseShown),
      closeCase: (_root, { matter, caseNo }: { matter: string; caseNo: string }, context) => inForce(work.cases, closeCase(desk(context), matter, caseNo)).then(caseShown),
      recordAuthorization: (_root, given: NewAuthorization, context) => recordAuthorization(desk(context), given),
      revokeAuthorization: (_root, { id }: { id: string }, context) => revokeAuthorization(desk(context), id).then(() => id),
    },
  };
}

function consumerIn(caller: HubContext['caller']): Consumer {
  if (caller.kind !== 'consumer') throw new HubError('FORBIDDEN', 'Only a department\'s application handles cases and authorizations.');
  return caller;
}

/** A matter as the contract has it. */
export const matterShown = ({ code, name, department, participants, kin, needsCase, publishedVersion }: Matter): unknown => ({ code, name, departmentCode: department, participants, kin, needsCase, publishedVersion: publishedVersion ?? null });

const caseShown = ({ matter, caseNo, openedAt, deadline, closedAt, subjects }: Case): unknown => ({ matterCode: matter, caseNo, openedAt, deadline, closedAt, subjectCount: subjects });
