/**
 * Resolvers of schema/needed.graphql: what an operation takes, and applying for what of it is lacking.
 */
import { draftApplication } from '../../approvals/applications/applicant.ts';
import type { ContentForm } from '../../approvals/applications/content.ts';
import { shownNow } from '../../approvals/applications/shown.ts';
import { HubError } from '../../errors.ts';
import { isPersonal } from '../../sharing/catalog.ts';
import type { Mode } from '../../sharing/terms.ts';
import type { HubContext } from '../context.ts';
import { itemsNeeded } from '../needed.ts';
import type { NeededItem } from '../needed.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { applicationShown, deskOf } from './applications.ts';
import { variablesIn } from './explain.ts';
import { inForce } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

interface OperationArguments {
  readonly consumer?: string | null;
  readonly document: string;
  readonly variables?: unknown;
  readonly operationName?: string | null;
  readonly mode: Mode;
}

/** What an application says beside its lines. */
export interface OperationApplication extends Omit<ContentForm, 'lines'> {
  readonly underCase: boolean;
  readonly quotaPerDay?: number | null;
}

/** See the head of this file. */
export function needed(hub: HubSchema, work: Work): Resolvers {
  const need = ({ consumer, document, variables, operationName, mode }: OperationArguments, matters: readonly string[] | null, context: HubContext) =>
    itemsNeeded(hub, context.standing, { consumer: concerned(consumer ?? null, context), document, variables: variablesIn(variables), operationName: operationName ?? null, matters, mode }, context.now);
  return {
    Query: {
      itemsNeeded: async (_root, { matters, ...given }: OperationArguments & { matters?: readonly string[] | null }, context) => (await need(given, matters ?? null, context)).map(neededShown),
    },
    Mutation: {
      applyForOperation: async (_root, { application, ...given }: OperationArguments & { application: OperationApplication }, context) =>
        applyFor(hub, work, context, given.consumer ?? null, given.mode, application, await need(given, application.matters, context)),
    },
  };
}

/** Drafts an application for what of these items is lacking, a line for each that can be applied for. */
export async function applyFor(hub: HubSchema, work: Work, context: HubContext, consumer: string | null, mode: Mode, { underCase, quotaPerDay, ...content }: OperationApplication, items: readonly NeededItem[]): Promise<unknown> {
  const lines = items.filter(({ applicable }) => applicable).map(({ item, lacking }) => ({
    item, uses: [...lacking], modes: [mode], mask: null, quotaPerDay: quotaPerDay ?? null, bounds: underCase && isPersonalItem(item, context) ? [{ case: true as const }] : [],
  }));
  if (lines.length === 0) throw new HubError('BAD_INPUT', nothingToApplyFor(items));
  const drafted = await inForce(work, draftApplication(deskOf(hub, work, context), consumer, { ...content, lines }));
  return applicationShown(await shownNow({ sql: work.writing().sql, caller: context.caller, today: context.today, contract: hub.contract }, drafted));
}

/** Whom the question is about: an application asks about itself alone, a steward about those of his department unless he is of the authority. */
export function concerned(consumer: string | null, { caller, standing }: HubContext): string {
  if (caller.kind === 'consumer') {
    if ((consumer ?? caller.consumer) !== caller.consumer) throw new HubError('FORBIDDEN', 'An application is told about itself only; leave `consumer` out.');
    return caller.consumer;
  }
  if (consumer === null) throw new HubError('BAD_INPUT', 'Say which consumer: administrators ask about applications.');
  const mayAskOfAll = caller.kind === 'administrator' && caller.ofAuthority;
  if (!mayAskOfAll && (caller.kind === 'stranger' || standing.consumer(consumer)?.department !== caller.department)) throw new HubError('FORBIDDEN', 'A steward is told about the applications of his own department.');
  return consumer;
}

function isPersonalItem(code: string, { standing }: HubContext): boolean {
  const item = standing.catalog.item(code);
  return item !== undefined && isPersonal(item);
}

function nothingToApplyFor(items: readonly NeededItem[]): string {
  const lacking = items.filter((own) => own.lacking.length > 0);
  if (lacking.length === 0) return 'The operation lacks nothing under these matters: there is nothing to apply for.';
  return `What the operation lacks cannot be had by an application: ${lacking.map(({ because }) => because).join(' ')}`;
}

/** A needed item as the contract has it. */
export const neededShown = ({ item, itemName, ownerDepartment, shareType, at, uses, lacking, applicable, because, apply, masked, takesMatter, takesCase }: NeededItem): unknown => ({
  item, itemName, ownerDepartmentCode: ownerDepartment, shareType, at, uses: uses.map((use) => use.toUpperCase()), lacking: lacking.map((use) => use.toUpperCase()),
  applicable, because, apply, masked, takesMatter, takesCase,
});
