/**
 * Resolvers of schema/identity.graphql: who the caller is, and registering applications, administrators, keys and subjects of tokens.
 */
import { HubError } from '../../errors.ts';
import { issueKey, registerAdministrator, registerConsumer, revokeKeys, rotateKeys } from '../../identity/consumers.ts';
import type { NewAdministrator, NewConsumer } from '../../identity/consumers.ts';
import type { Holder } from '../../identity/holder.ts';
import { linkToken, tokenLinks, unlinkToken } from '../../identity/token-subject.ts';
import type { Caller } from '../../sharing/terms.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf, inForce } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function identity(_hub: HubSchema, work: Work): Resolvers {
  const { writing } = work;
  return {
    Query: {
      me: (_root, _args, { caller }) => callerShown(caller),
      tokenLinks: async () => (await tokenLinks(writing().sql)).map(({ issuer, subject, consumer, administrator, linkedAt }) => ({ issuer, subject, consumer, administrator, linkedAt })),
    },
    Mutation: {
      registerConsumer: (_root, { consumer }: { consumer: NewConsumer }, context) => inForce(work, registerConsumer(writing().sql, consumer, actorOf(context)).then(() => consumer.code)),
      registerAdministrator: (_root, { administrator }: { administrator: NewAdministrator }, context) =>
        inForce(work, registerAdministrator(writing().sql, administrator, actorOf(context)).then(() => administrator.code)),
      issueKey: (_root, { holder, days }: { holder: Holder; days?: number | null }, context) => inForce(work, issueKey(writing().sql, holder, days ?? null, actorOf(context)).then(asKey)),
      rotateKeys: (_root, { holder, overlapHours, days }: { holder: Holder; overlapHours: number; days?: number | null }, context) =>
        inForce(work, rotateKeys(writing().sql, holder, overlapHours, days ?? null, actorOf(context)).then(asKey)),
      revokeKeys: (_root, { holder }: { holder: Holder }, context) => inForce(work, revokeKeys(writing().sql, holder, actorOf(context))),
      linkToken: async (_root, { holder, subject }: { holder: Holder; subject: string }, context) =>
        inForce(work, linkToken(writing().sql, holder, issuerOf(work), subject, actorOf(context)).then(() => true)),
      unlinkToken: async (_root, { subject }: { subject: string }, context) => inForce(work, unlinkToken(writing().sql, issuerOf(work), subject, actorOf(context))),
    },
  };
}

function issuerOf({ tokenIssuer }: Work): string {
  if (tokenIssuer === undefined) throw new HubError('BAD_INPUT', 'This hub takes no tokens. Whoever runs it names their issuer first: HUB_OIDC_ISSUER and HUB_OIDC_AUDIENCE.');
  return tokenIssuer;
}

const asKey = (key: string): { readonly key: string } => ({ key });

function callerShown(caller: Caller): unknown {
  if (caller.kind === 'stranger') throw new HubError('UNAUTHENTICATED', 'Only a registered caller is somebody.');
  return {
    kind: caller.kind === 'consumer' ? 'CONSUMER' : 'ADMINISTRATOR',
    code: caller.kind === 'consumer' ? caller.consumer : caller.code,
    name: caller.name,
    role: caller.kind === 'administrator' ? caller.role : null,
    departmentCode: caller.department,
    departmentName: caller.departmentName,
  };
}
