/**
 * Puts resolvers on the root fields that are no records. Each is one call long: arguments, one use case, its result.
 */
import { GraphQLObjectType } from 'graphql';
import { HubError } from '../../errors.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { accounts } from './accounts.ts';
import { applications } from './applications.ts';
import { approvals } from './approvals.ts';
import { audit } from './audit.ts';
import { calendar } from './calendar.ts';
import { catalog } from './catalog.ts';
import { changes } from './changes.ts';
import { checks } from './checks.ts';
import { citizen } from './citizen.ts';
import { conflicts } from './conflicts.ts';
import { copies } from './copies.ts';
import { directory } from './directory.ts';
import { evaluation } from './evaluation.ts';
import { divisions } from './divisions.ts';
import { explain } from './explain.ts';
import { fieldPermissions } from './field-permissions.ts';
import { identity } from './identity.ts';
import { matters } from './matters.ts';
import { needed } from './needed.ts';
import { pastOperations } from './past-operations.ts';
import { preview } from './preview.ts';
import { quotas } from './quotas.ts';
import { lookup } from './lookup.ts';
import { matterVersions } from './matter-versions.ts';
import type { Records } from './records.ts';
import type { Resolvers } from './resolver.ts';
import { syncLookUp } from './sync-look-up.ts';
import { sync } from './sync.ts';
import { syncQuarantine } from './sync-quarantine.ts';
import { syncReconcile } from './sync-reconcile.ts';
import { syncStatusResolvers } from './sync-status.ts';
import { verification } from './verification.ts';

/** One file of resolvers for each file of `schema/` that has root fields of its own. */
const files: readonly ((hub: HubSchema, work: Work, records: Records) => Resolvers)[] = [identity, accounts, directory, calendar, catalog, changes, matters, approvals, applications, explain, fieldPermissions, needed, pastOperations, quotas, preview, audit, citizen, sync, syncReconcile, syncStatusResolvers, syncQuarantine, syncLookUp, conflicts, lookup, matterVersions, checks, verification, copies, evaluation, divisions];

/** Attaches them; refuses a resolver for a field that the contract does not have, and a mutation without one. */
export function attachResolvers(hub: HubSchema, work: Work, records: Records): void {
  for (const resolvers of files) {
    for (const [typeName, fields] of Object.entries(resolvers(hub, work, records))) {
      const type = hub.schema.getType(typeName);
      for (const [name, resolve] of Object.entries(fields)) {
        const field = type instanceof GraphQLObjectType ? type.getFields()[name] : undefined;
        if (field === undefined) throw new HubError('CONTRACT_BROKEN', `${typeName}.${name} has a resolver but is not in the contract.`);
        field.resolve = resolve as never;
      }
    }
  }
  const dangling = Object.values(hub.schema.getMutationType()?.getFields() ?? {}).find(({ resolve }) => resolve === undefined);
  if (dangling !== undefined) throw new HubError('CONTRACT_BROKEN', `Mutation.${dangling.name} has no resolver.`);
}
