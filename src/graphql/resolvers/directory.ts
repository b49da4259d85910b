/**
 * Resolvers of schema/directory.graphql: departments, and who is registered.
 */
import { administratorsOf, apiKeyTerms, consumersOf, departmentsOf } from '../../identity/directory.ts';
import type { ApiKeyTerm } from '../../identity/directory.ts';
import type { Holder } from '../../identity/holder.ts';
import type { Administrator, Consumer } from '../../sharing/terms.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { plain } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function directory(_hub: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      departments: () => departmentsOf(work.writing().sql),
      consumers: (_root, _args, { standing }) => consumersOf(standing).map(consumerShown),
      administrators: (_root, _args, { standing }) => administratorsOf(standing).map(administratorShown),
      apiKeys: async (_root, { holder }: { readonly holder?: Holder | null }, { now }) => (await apiKeyTerms(work.writing().sql, holder ? plain(holder) : null, now)).map(keyShown),
    },
  };
}

/** An application as the contract has it. Which client a portal is at the issuer is told where portals are. */
export function consumerShown({ consumer, name, department, departmentName, servicePlatform, citizenPortal, hub, requestsPerMinute }: Consumer): unknown {
  return {
    code: consumer, name, departmentCode: department, departmentName, servicePlatform, citizenPortal: citizenPortal !== undefined, hubDivision: hub ?? null, requestsPerMinute: requestsPerMinute ?? null,
  };
}

const administratorShown = ({ code, name, role, department, departmentName, ofAuthority }: Administrator): unknown => ({ code, name, role, departmentCode: department, departmentName, ofAuthority });

const keyShown = ({ consumer, administrator, issuedAt, expiresAt, revokedAt, inForce }: ApiKeyTerm): unknown => ({ consumer, administrator, issuedAt, expiresAt, revokedAt, inForce });
