/**
 * Resolvers of schema/catalog.graphql: how items are shared, and who changes that.
 */
import { itemsOf, setSharing, statesOf } from '../../catalog/item.ts';
import type { CatalogDesk, ListedItem, SharingForm } from '../../catalog/item.ts';
import { HubError } from '../../errors.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf, inForce } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function catalog({ contract }: HubSchema, work: Work): Resolvers {
  const desk = (context: HubContext): CatalogDesk => {
    if (context.caller.kind !== 'administrator') throw new HubError('FORBIDDEN', 'Only a steward changes how an item is shared.');
    return { sql: work.writing().sql, actor: actorOf(context), steward: context.caller, contract };
  };
  return {
    Query: {
      catalogItems: async (_root, { departmentCode }: { departmentCode?: string | null }) => (await itemsOf(work.writing().sql, departmentCode ?? null)).map(itemShown),
      catalogItemStates: async (_root, { item }: { item: string }) => (await statesOf(work.writing().sql, item)).map(({ at, by, ...own }) => ({ item: itemShown(own), at, by })),
    },
    Mutation: {
      setSharing: (_root, given: SharingForm, context) => inForce(work, setSharing(desk(context), { ...given })).then(itemShown),
    },
  };
}

/** An item as the contract has it. */
const itemShown = ({ code, name, ownerDepartment, shareType, keyShareType, condition, sensitivity, open, updateCycle, version }: ListedItem): unknown =>
  ({ code, name, ownerDepartmentCode: ownerDepartment, shareType, keyShareType, condition, sensitivity, open, updateCycle, version });
