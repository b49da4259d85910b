/**
 * Resolvers of schema/preview.graphql: a change that is not made yet, as the standing that it would make.
 */
import { readApplications } from '../../approvals/applications/application.ts';
import { checkWhole } from '../../approvals/applications/force.ts';
import { unknown } from '../../approvals/applications/move.ts';
import { maySee } from '../../approvals/applications/party.ts';
import { previewDraft } from '../../catalog/draft.ts';
import { HubError } from '../../errors.ts';
import { changePolicy } from '../../identity/policy-change.ts';
import type { Standing } from '../../identity/standing.ts';
import type { CatalogItem } from '../../sharing/catalog.ts';
import type { GrantTuple } from '../../sharing/grant.ts';
import type { MaskName } from '../../sharing/mask.ts';
import type { Administrator, Mode, ShareType } from '../../sharing/terms.ts';
import type { HubContext } from '../context.ts';
import type { Question } from '../explain.ts';
import { previewAccess, previewOperations, withGrant, withItems } from '../preview.ts';
import type { Change, PreviewedAccess, PreviewedOperation } from '../preview.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { deskOf } from './applications.ts';
import { variablesIn } from './explain.ts';
import { actorOf } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

interface PreviewInput {
  readonly sharing?: readonly { readonly item: string; readonly shareType: ShareType; readonly keyShareType?: ShareType | null }[];
  readonly draft?: string;
  readonly application?: string;
  readonly endGrant?: string;
}

interface PreviewArguments {
  readonly change: PreviewInput;
  readonly mode: Mode;
  readonly operations: readonly (Omit<Question, 'variables' | 'operationName' | 'matter' | 'mode'> & { readonly variables?: unknown; readonly operationName?: string | null; readonly matter?: string | null })[];
}

const mostOperations = 50;

/** See the head of this file. */
export function preview(hub: HubSchema, work: Work): Resolvers {
  const changeOf = async ({ sharing, draft, application, endGrant }: PreviewInput, context: HubContext): Promise<Change> => {
    const reader = administratorIn(context);
    const before = context.standing;
    if (sharing !== undefined) return sharingChange(sharing, reader, before);
    if (draft !== undefined) {
      const { items, gone } = await previewDraft({ sql: work.writing().sql, actor: actorOf(context), steward: reader, contract: hub.contract, today: context.today }, draft);
      return { before, after: withItems(before, items, gone), items: [...items.map(({ code }) => code), ...gone] };
    }
    if (application !== undefined) return applicationChange(hub, work, application, context);
    return grantChange(endGrant ?? '', reader, before);
  };
  return {
    Query: {
      previewChange: async (_root, { change, mode, operations }: PreviewArguments, context) => {
        if (operations.length > mostOperations) throw new HubError('BAD_INPUT', `operations holds ${operations.length}; the limit is ${mostOperations} at once.`);
        const compared = await changeOf(change, context);
        const questions = operations.map((own): Question => ({ ...own, variables: variablesIn(own.variables), operationName: own.operationName ?? null, matter: own.matter ?? null, mode }));
        return {
          accesses: previewAccess(hub, compared, mode, context.now).map(accessShown),
          operations: await operationsShown(previewOperations(hub, compared, questions, context.now)),
        };
      },
    },
  };
}

function administratorIn({ caller }: HubContext): Administrator {
  if (caller.kind !== 'administrator') throw new HubError('FORBIDDEN', 'Administrators look at changes before they are made.');
  return caller;
}

function sharingChange(sharing: NonNullable<PreviewInput['sharing']>, { ofAuthority, department }: Administrator, before: Standing): Change {
  const items = sharing.map(({ item: code, shareType, keyShareType }): CatalogItem => {
    const item = before.catalog.item(code);
    if (item === undefined) throw new HubError('BAD_INPUT', `There is no item ${code} in the catalog; catalogItems lists them.`);
    if (!ofAuthority && item.ownerDepartment !== department) throw new HubError('FORBIDDEN', `Item ${code} is provided by another department, whose steward looks at its changes.`);
    return { ...item, shareType, keyShareType: keyShareType ?? null };
  });
  return { before, after: withItems(before, items), items: items.map(({ code }) => code) };
}

async function applicationChange(hub: HubSchema, work: Work, number: string, context: HubContext): Promise<Change> {
  const desk = deskOf(hub, work, context);
  const [application] = await readApplications(desk.sql, [number]);
  if (application === undefined || !maySee(context.caller, application)) throw unknown(number);
  const tuples = await changePolicy(desk.sql, desk.actor, (tx) => checkWhole(tx, desk, application));
  const consumer = context.standing.consumer(application.consumer);
  if (consumer === undefined) throw new HubError('BAD_INPUT', `There is no consumer ${application.consumer} any more.`);
  const granted = tuples.map((tuple): GrantTuple => ({ ...tuple, approvalNo: number, mask: tuple.mask as MaskName | null }));
  return { before: context.standing, after: withGrant(context.standing, consumer, number, granted), items: granted.map(({ item }) => item) };
}

function grantChange(approvalNo: string, { ofAuthority }: Administrator, before: Standing): Change {
  if (!ofAuthority) throw new HubError('FORBIDDEN', 'Grants are of the data authority; a department looks at its own items (sharing).');
  for (const consumer of before.consumers()) {
    const items = [...before.policyOf(consumer).tuples.values()].flat().filter((own) => own.approvalNo === approvalNo).map(({ item }) => item);
    if (items.length > 0) return { before, after: withGrant(before, consumer, approvalNo, []), items };
  }
  throw new HubError('BAD_INPUT', `No grant is in force under ${approvalNo}.`);
}

async function operationsShown(previewed: AsyncIterable<PreviewedOperation>): Promise<readonly unknown[]> {
  const shown: unknown[] = [];
  for await (const { index, consumer, effect, gains, loses, masks, refused } of previewed) shown.push({ index, consumer, effect, gains, loses, masks, refused });
  return shown;
}

const accessShown = ({ consumer: { consumer, name, department }, item, itemName, use, effect, fields, before, after }: PreviewedAccess): unknown =>
  ({ consumer, consumerName: name, departmentCode: department, item, itemName, use: use.toUpperCase(), effect, fields, before, after });
