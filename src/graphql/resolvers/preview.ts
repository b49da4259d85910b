/**
 * Resolvers of schema/preview.graphql: a change that is not made yet, as the standing that it would make.
 */
import { readApplications } from '../../approvals/applications/application.ts';
import { checkWhole } from '../../approvals/applications/force.ts';
import { unknown } from '../../approvals/applications/move.ts';
import { maySee } from '../../approvals/applications/party.ts';
import type { DenialForm } from '../../approvals/form.ts';
import { previewGrant } from '../../approvals/granting.ts';
import { denials } from '../../approvals/shown.ts';
import type { ShownDenial } from '../../approvals/shown.ts';
import { askedSince, timesAsked } from '../../audit/asked.ts';
import type { AskedOperation } from '../../audit/asked.ts';
import { previewDraft } from '../../catalog/draft.ts';
import { HubError } from '../../errors.ts';
import { changePolicy } from '../../identity/policy-change.ts';
import type { Standing } from '../../identity/standing.ts';
import type { CatalogItem } from '../../sharing/catalog.ts';
import type { GrantTuple } from '../../sharing/grant.ts';
import type { MaskName } from '../../sharing/mask.ts';
import type { Administrator, Consumer, Mode, ShareType } from '../../sharing/terms.ts';
import type { HubContext } from '../context.ts';
import type { Question } from '../explain.ts';
import { previewAccess, previewOperations, withDenial, withGrant, withItems } from '../preview.ts';
import type { Change, PreviewedAccess, PreviewedOperation } from '../preview.ts';
import { replay } from '../replay.ts';
import type { Replayed } from '../replay.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { deskOf } from './applications.ts';
import { approvalDesk, grantIn } from './approvals.ts';
import type { GrantArguments } from './approvals.ts';
import { itemsAt, variablesIn } from './explain.ts';
import { actorOf } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

interface PreviewInput {
  readonly sharing?: readonly { readonly item: string; readonly shareType: ShareType; readonly keyShareType?: ShareType | null }[];
  readonly draft?: string;
  readonly application?: string;
  readonly endGrant?: string;
  readonly grant?: Omit<GrantArguments, 'seals'>;
  readonly denial?: { readonly whom: DenialForm['whom']; readonly item: string };
  readonly endDenial?: string;
}

interface PreviewArguments {
  readonly change: PreviewInput;
  readonly mode: Mode;
  readonly replayDays: number;
  readonly operations: readonly (Omit<Question, 'variables' | 'operationName' | 'matter' | 'mode'> & { readonly variables?: unknown; readonly operationName?: string | null; readonly matter?: string | null })[];
}

const mostOperations = 50;

/** Of operations that were really asked: how many are replayed, from how many days, and up to how many times are counted. */
const replayed = { operations: 2000, days: 366, times: 10_000 } as const;

/** See the head of this file. */
export function preview(hub: HubSchema, work: Work): Resolvers {
  const changeOf = async ({ sharing, draft, application, endGrant, grant, denial, endDenial }: PreviewInput, context: HubContext): Promise<Change> => {
    const reader = administratorIn(context);
    const before = context.standing;
    if (sharing !== undefined) return sharingChange(sharing, reader, before);
    if (draft !== undefined) {
      const { items, gone } = await previewDraft({ sql: work.writing().sql, actor: actorOf(context), steward: reader, contract: hub.contract, today: context.today }, draft);
      return { before, after: withItems(before, items, gone), items: [...items.map(({ code }) => code), ...gone], consumers: null };
    }
    if (application !== undefined) return applicationChange(hub, work, application, context);
    if (grant !== undefined) return newGrantChange(hub, work, grant, context);
    if (denial !== undefined) return denialChange(denial, reader, before);
    if (endDenial !== undefined) return endDenialChange(await denials({ sql: work.writing().sql, reader, catalog: before.catalog }), endDenial, reader, before);
    return grantChange(endGrant ?? '', reader, before);
  };
  return {
    Query: {
      previewChange: async (_root, { change, mode, replayDays, operations }: PreviewArguments, context) => {
        if (operations.length > mostOperations) throw new HubError('BAD_INPUT', `operations holds ${operations.length}; the limit is ${mostOperations} at once.`);
        if (replayDays < 0 || replayDays > replayed.days) throw new HubError('BAD_INPUT', `replayDays is 0 to ${replayed.days}.`);
        const compared = await changeOf(change, context);
        const questions = operations.map((own): Question => ({ ...own, variables: variablesIn(own.variables), operationName: own.operationName ?? null, matter: own.matter ?? null, mode }));
        return {
          accesses: previewAccess(hub, compared, mode, context.now).map(accessShown),
          operations: await operationsShown(previewOperations(hub, compared, questions, context.now)),
          replay: await replayShown(hub, work, compared, replayDays, context),
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
  return { before, after: withItems(before, items), items: items.map(({ code }) => code), consumers: null };
}

async function applicationChange(hub: HubSchema, work: Work, number: string, context: HubContext): Promise<Change> {
  const desk = deskOf(hub, work, context);
  const [application] = await readApplications(desk.sql, [number]);
  if (application === undefined || !maySee(context.caller, application)) throw unknown(number);
  const tuples = await changePolicy(desk.sql, desk.actor, (tx) => checkWhole(tx, desk, application));
  const consumer = context.standing.consumer(application.consumer);
  if (consumer === undefined) throw new HubError('BAD_INPUT', `There is no consumer ${application.consumer} any more.`);
  const granted = tuples.map((tuple): GrantTuple => ({ ...tuple, approvalNo: number, mask: tuple.mask as MaskName | null }));
  return { before: context.standing, after: withGrant(context.standing, consumer, number, granted), items: granted.map(({ item }) => item), consumers: codesIn([consumer]) };
}

/** What the data authority decides, its administrators look at beforehand. */
function refuseOthers({ ofAuthority }: Administrator): void {
  if (!ofAuthority) throw new HubError('FORBIDDEN', 'Grants and denials are of the data authority; a department looks at its own items (sharing).');
}

async function newGrantChange(hub: HubSchema, work: Work, given: Omit<GrantArguments, 'seals'>, context: HubContext): Promise<Change> {
  refuseOthers(administratorIn(context));
  const before = context.standing;
  const written = await previewGrant(approvalDesk(hub, work, context), grantIn({ ...given, seals: [] }), given.basedOn);
  const consumer = before.consumer(given.consumer);
  if (consumer === undefined) throw new HubError('BAD_INPUT', `There is no consumer ${given.consumer} any more.`);
  const approvalNo = given.approvalNo.trim();
  const granted = written.map((tuple): GrantTuple => ({ ...tuple, approvalNo, mask: tuple.mask as MaskName | null }));
  const gone = [...before.policyOf(consumer).tuples.values()].flat().filter((own) => own.approvalNo === approvalNo);
  return { before, after: withGrant(before, consumer, approvalNo, granted), items: [...granted, ...gone].map(({ item }) => item), consumers: codesIn([consumer]) };
}

/** The consumers that a denial is about. */
function deniedBy({ consumer, department }: { readonly consumer?: string | null; readonly department?: string | null }, standing: Standing): readonly Consumer[] {
  return [...standing.consumers()].filter((own) => (typeof consumer === 'string' ? own.consumer === consumer : own.department === department));
}

const codesIn = (consumers: readonly Consumer[]): ReadonlySet<string> => new Set(consumers.map(({ consumer }) => consumer));

function denialChange({ whom, item }: NonNullable<PreviewInput['denial']>, reader: Administrator, before: Standing): Change {
  refuseOthers(reader);
  if (before.catalog.item(item) === undefined) throw new HubError('BAD_INPUT', `There is no item ${item} in the catalog; catalogItems lists them.`);
  const denied = deniedBy(whom, before);
  if (denied.length === 0) throw new HubError('BAD_INPUT', 'There is no such consumer, or no application of that department; consumers lists them.');
  return { before, after: denied.reduce((standing, consumer) => withDenial(standing, consumer, item, { code: 'previewed', because: '' }), before), items: [item], consumers: codesIn(denied) };
}

function endDenialChange(all: readonly ShownDenial[], code: string, reader: Administrator, before: Standing): Change {
  refuseOthers(reader);
  const ended = all.find((own) => own.code === code.trim());
  if (ended === undefined) throw new HubError('BAD_INPUT', `There is no denial ${code}; denials lists them.`);
  const others = all.filter((own) => own !== ended && own.item === ended.item);
  const denied = deniedBy(ended, before);
  const after = denied.reduce((standing, consumer) => withDenial(standing, consumer, ended.item, others.find((own) => deniedBy(own, before).includes(consumer)) ?? null), before);
  return { before, after, items: [ended.item], consumers: codesIn(denied) };
}

function grantChange(approvalNo: string, reader: Administrator, before: Standing): Change {
  refuseOthers(reader);
  for (const consumer of before.consumers()) {
    const items = [...before.policyOf(consumer).tuples.values()].flat().filter((own) => own.approvalNo === approvalNo).map(({ item }) => item);
    if (items.length > 0) return { before, after: withGrant(before, consumer, approvalNo, []), items, consumers: codesIn([consumer]) };
  }
  throw new HubError('BAD_INPUT', `No grant is in force under ${approvalNo}.`);
}

async function replayShown(hub: HubSchema, work: Work, change: Change, days: number, { now, caller }: HubContext): Promise<unknown> {
  const { sql } = work.writing();
  const since = new Date(Date.parse(now) - days * 86_400_000).toISOString();
  const { operations, more } = days === 0 ? { operations: [], more: false } : await askedSince(sql, since, replayed.operations);
  const { changed, leftOut } = replay(hub, change, operations, now);
  // What else an application asks for is no business of a department whose items it takes.
  const all = caller.kind === 'administrator' && caller.ofAuthority;
  const told = all ? changed : changed.map((own) => ofDepartment(own, hub, change, caller.kind === 'administrator' ? caller.department : ''));
  const times = await timesAsked(sql, told.map(({ operation }) => operation), since, replayed.times);
  const shown = told.map(({ operation: { consumer: code, matter, mode, inCase, what, last }, consumer: { name, department }, effect, gains, loses, gainedItems, lostItems, masks, refused }, place) => ({
    consumer: code, consumerName: name, departmentCode: department, matter, mode, underCase: inCase === true, selection: all ? what : null, lastAskedAt: last, times: times[place],
    effect, gains, loses, gainedItems, lostItems, masks, refused,
  }));
  return { since, operations: operations.length - leftOut, leftOut, more, changed: shown };
}

/** As much of it as is about a department's own items. */
function ofDepartment(own: Replayed<AskedOperation>, { contract }: HubSchema, { before, after }: Change, department: string): Replayed<AskedOperation> {
  const isOwn = (code: string): boolean => (after.catalog.item(code) ?? before.catalog.item(code))?.ownerDepartment === department;
  const places = (ats: readonly string[]): readonly string[] => ats.filter((at) => itemsAt(contract, at).some(isOwn));
  return { ...own, gains: places(own.gains), loses: places(own.loses), masks: places(own.masks), gainedItems: own.gainedItems.filter(isOwn), lostItems: own.lostItems.filter(isOwn) };
}

async function operationsShown(previewed: AsyncIterable<PreviewedOperation>): Promise<readonly unknown[]> {
  const shown: unknown[] = [];
  for await (const { index, consumer, effect, gains, loses, masks, refused } of previewed) shown.push({ index, consumer, effect, gains, loses, masks, refused });
  return shown;
}

const accessShown = ({ consumer: { consumer, name, department }, item, itemName, use, effect, fields, before, after }: PreviewedAccess): unknown =>
  ({ consumer, consumerName: name, departmentCode: department, item, itemName, use: use.toUpperCase(), effect, fields, before, after });
