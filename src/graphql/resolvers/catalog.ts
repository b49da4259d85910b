/**
 * Resolvers of schema/catalog.graphql: resources and items, how items are shared, and who changes that.
 */
import { isObjectType } from 'graphql';
import { abandonDraft, draftResources, draftsOf, draftWithdrawal, editDraft, publishDraft, returnDraft, submitDraft } from '../../catalog/draft.ts';
import type { Draft, DraftAsked, DraftDesk } from '../../catalog/draft.ts';
import { itemsOf, setSharing, statesOf } from '../../catalog/item.ts';
import type { ListedItem, SharingForm } from '../../catalog/item.ts';
import type { DraftState } from '../../catalog/moves.ts';
import { resources, resourceStates, strictest } from '../../catalog/resource.ts';
import type { Resource, ResourceInput, ResourceState } from '../../catalog/resource.ts';
import { contractPlaces, contractTypes } from '../../catalog/data-type.ts';
import { cellsOf, jsonOf, readTable, tableOf } from '../../catalog/table.ts';
import { HubError } from '../../errors.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf, inForce, plain } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function catalog({ contract, schema }: HubSchema, work: Work): Resolvers {
  const { itemShown, resourceShown } = shownBy(contract, schema);
  const desk = (context: HubContext): DraftDesk => {
    if (context.caller.kind !== 'administrator') throw new HubError('FORBIDDEN', 'Only a steward changes the catalog.');
    return { sql: work.writing().sql, actor: actorOf(context), steward: context.caller, contract, today: context.today };
  };
  const move = (command: (desk: DraftDesk, asked: DraftAsked) => Promise<Draft>) => (_root: unknown, { number, version, words }: DraftAsked, context: HubContext) => inForce(work, command(desk(context), { number, version, words: words ?? null })).then(draftShown);
  return {
    Query: {
      catalogResources: async (_root, { departmentCode }: { departmentCode?: string | null }) => (await resources(work.writing().sql, { department: departmentCode ?? null })).map(resourceShown),
      catalogResourceStates: async (_root, { resource }: { resource: string }) => (await resourceStates(work.writing().sql, resource)).map(resourceStateShown),
      catalogFile: async (_root, { format, departmentCode }: { format: 'CSV' | 'JSON'; departmentCode?: string | null }) => {
        const found = await resources(work.writing().sql, { department: departmentCode ?? null });
        return format === 'CSV' ? tableOf(found, contract) : jsonOf(found, contract);
      },
      catalogDrafts: async (_root, { states }: { states?: readonly DraftState[] | null }, context) => (await draftsOf(work.writing().sql, desk(context).steward, states ?? null)).map(draftShown),
      catalogItems: async (_root, { departmentCode }: { departmentCode?: string | null }) => (await itemsOf(work.writing().sql, departmentCode ?? null)).map(itemShown),
      catalogItemStates: async (_root, { item }: { item: string }) => (await statesOf(work.writing().sql, item)).map(({ at, by, ...own }) => ({ item: itemShown(own), at, by })),
    },
    Mutation: {
      draftResource: async (_root, { resource }: { resource: ResourceInput }, context) => (await draftResources(desk(context), [plain(resource)])).map(draftShown)[0],
      importCatalog: async (_root, { csv }: { csv: string }, context) => (await draftResources(desk(context), readTable(cellsOf(csv)))).map(draftShown),
      draftWithdrawal: (_root, { resource, basis }: { resource: string; basis: string }, context) => draftWithdrawal(desk(context), resource, basis).then(draftShown),
      editDraft: (_root, { number, version, resource }: DraftAsked & { resource: ResourceInput }, context) => editDraft(desk(context), { number, version }, plain(resource)).then(draftShown),
      submitDraft: move(submitDraft),
      abandonDraft: move(abandonDraft),
      returnDraft: move(returnDraft),
      publishDraft: move(publishDraft),
      setSharing: (_root, given: SharingForm, context) => inForce(work, setSharing(desk(context), { ...given })).then(itemShown),
    },
  };
}

/** How items and resources are shown under a contract, which says of an item where it is offered, of what type it is and what it means. */
function shownBy(contract: HubSchema['contract'], schema: HubSchema['schema']): { readonly itemShown: (item: ListedItem) => unknown; readonly resourceShown: (resource: Resource) => unknown } {
  const types = contractTypes(contract);
  const places = contractPlaces(contract);
  const described = (place: string | undefined): string | null => {
    if (place === undefined) return null;
    const [type = '', field] = place.split('.');
    const found = schema.getType(type);
    return (field === undefined ? found?.description : isObjectType(found) ? found.getFields()[field]?.description : null) ?? null;
  };
  /** An item as the contract has it. */
  const itemShown = ({ code, name, ownerDepartment, ownerName, shareType, keyShareType, condition, sensitivity, open, updateCycle, version, resource, standard, dataType, dataLength, mask }: ListedItem): unknown => {
    const coordinates = places.get(code) ?? [];
    return {
      code, name, ownerDepartmentCode: ownerDepartment, ownerDepartmentName: ownerName, shareType, keyShareType, condition, sensitivity, open, updateCycle, version, resource, standard,
      dataType: types.get(code) ?? dataType, dataLength, mask: mask === '' ? null : mask, coordinates, definition: described(coordinates[0]),
    };
  };
  /** A resource as the contract has it. */
  const resourceShown = ({ code, name, department, departmentName, providerUscc, abstract, formatCategory, formatType, formatNote, shareMode, openCondition, updateCycle, publishedOn, relatedCodes, state, version, items }: Resource): unknown =>
    ({ code, name, departmentCode: department, departmentName, providerUscc, abstract, formatCategory, formatType, formatNote, shareType: strictest(items), shareMode, openCondition, updateCycle, publishedOn, relatedCodes, state, version, items: items.map(itemShown) });
  return { itemShown, resourceShown };
}

const resourceStateShown = ({ name, state, abstract, updateCycle, version, at, by }: ResourceState): unknown => ({ name, state, abstract, updateCycle, version, at, by });

/** A draft as the contract has it. */
function draftShown({ number, resource, department, action, state, version, content, moves }: Draft): unknown {
  return {
    number, resource, departmentCode: department, withdraws: action === 'WITHDRAW', state, version, moves: moves.map(({ verb, from, to, at, by, words }) => ({ verb, from, to, at, by, words })),
    ...('basis' in content ? { basis: content.basis, itemCount: 0, content: null } : { basis: null, itemCount: content.resource.items.length, content: content.resource }),
  };
}
