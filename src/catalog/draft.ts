/**
 * Drafts of the catalog: how a resource comes in, is changed, and is withdrawn. What is published is in force with the next question;
 * until then a draft changes nothing.
 *
 * It refuses what a single item's change is refused for (item.ts), items of other resources, leaving out an item that the contract
 * needs, and a draft that was made from a state that is no longer the resource's. A withdrawn resource stays in the catalog, and none
 * of its items is shared.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { line, readForm, refused } from '../identity/form.ts';
import type { Problem } from '../identity/form.ts';
import { changePolicy, lockPolicy } from '../identity/policy-change.ts';
import type { Contract } from '../registries/contract.ts';
import type { Administrator } from '../sharing/terms.ts';
import { listed, sharingProblems } from './item.ts';
import type { CatalogDesk, ListedItem } from './item.ts';
import { draftMoves } from './moves.ts';
import type { DraftState, DraftVerb } from './moves.ts';
import { resourceForm, resourceProblems, resources } from './resource.ts';
import type { Resource, ResourceForm, ResourceInput } from './resource.ts';

/** Where drafts are made and decided. */
export interface DraftDesk extends CatalogDesk {
  /** Civil date. */
  readonly today: string;
}

/** What a draft wants: a resource as it is to be, or why it is to be withdrawn. */
export type DraftContent = { readonly resource: ResourceForm } | { readonly basis: string };

/** See the head of this file. */
export interface Draft {
  readonly number: string;
  readonly resource: string;
  readonly department: string;
  readonly action: 'PUBLISH' | 'WITHDRAW';
  readonly state: DraftState;
  readonly version: number;
  readonly base: string | null;
  readonly content: DraftContent;
  readonly moves: readonly DraftMoved[];
}

/** A move that was made: who, when (ISO 8601), from, to, in what words. */
export interface DraftMoved {
  readonly verb: string;
  readonly from: string | null;
  readonly to: string;
  readonly at: string;
  readonly by: string;
  readonly words: string | null;
}

/** A move that is asked for. */
export interface DraftAsked {
  readonly number: string;
  readonly version: number;
  readonly words?: string | null;
}

/** Drafts a resource of one's own department, new or changed; several are drafted together or not at all. */
export async function draftResources(desk: DraftDesk, given: readonly ResourceInput[]): Promise<readonly Draft[]> {
  const forms = given.map((own) => readResource(own, desk.today));
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    const numbers: string[] = [];
    for (const form of forms) numbers.push(await insert(tx, desk, form.code, 'PUBLISH', { resource: form }));
    return draftsIn(tx, { numbers });
  });
}

/** Drafts that a resource is withdrawn, with the reason or the legal basis. */
export async function draftWithdrawal(desk: DraftDesk, resource: string, basis: string): Promise<Draft> {
  const read = readForm(line(500), basis, 'The basis');
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    if ((await resources(tx, { code: resource })).length === 0) throw new HubError('BAD_INPUT', `There is no resource ${resource} in the catalog; catalogResources lists them.`);
    return (await draftsIn(tx, { numbers: [await insert(tx, desk, resource, 'WITHDRAW', { basis: read })] }))[0] as Draft;
  });
}

async function insert(tx: postgres.TransactionSql, { steward, actor, today }: DraftDesk, code: string, action: Draft['action'], content: DraftContent): Promise<string> {
  const [now] = await resources(tx, { code });
  if (now !== undefined && now.department !== steward.department) throw new HubError('FORBIDDEN', `Resource ${code} is provided by ${now.department}, whose own steward drafts its changes.`);
  const [open] = await tx<{ number: string }[]>`select number from catalog_draft where resource_code = ${code} and state in ('DRAFT', 'SUBMITTED', 'RETURNED')`;
  if (open !== undefined) throw new HubError('CONFLICT', `Draft ${open.number} is about resource ${code} already. Edit or abandon it first.`, { number: open.number });
  const [row] = await tx<{ next: string }[]>`select nextval('catalog_draft_number')::text as next`;
  const number = `ML-${today.slice(0, 4)}-${(row?.next ?? '').padStart(6, '0')}`;
  await tx`insert into catalog_draft (number, resource_code, department_code, action, state, version, base, content)
           values (${number}, ${code}, ${steward.department}, ${action}, 'DRAFT', 1, ${now === undefined ? null : baseOf(now)}, ${JSON.stringify(content)}::jsonb)`;
  await tx`insert into catalog_draft_move (draft_number, verb, from_state, to_state, at, by) values (${number}, 'draft', null, 'DRAFT', ${actor.now}, ${actor.by})`;
  return number;
}

/** Edits a draft of a resource: from then on it is one from the state that the resource has now. */
export async function editDraft(desk: DraftDesk, asked: DraftAsked, given: ResourceInput): Promise<Draft> {
  const form = readResource(given, desk.today);
  return move(desk, 'edit', asked, async (tx, { resource, action, number }) => {
    if (action !== 'PUBLISH' || resource !== form.code) throw new HubError('BAD_INPUT', `Draft ${number} is about ${resource}${action === 'PUBLISH' ? '' : ', which it withdraws'}. Abandon it, and draft ${form.code} anew.`);
    const [now] = await resources(tx, { code: resource });
    await tx`update catalog_draft set content = ${JSON.stringify({ resource: form })}::jsonb, base = ${now === undefined ? null : baseOf(now)} where number = ${number}`;
  });
}

/** Submits a draft; what would be refused when it is published is told now. */
export async function submitDraft(desk: DraftDesk, asked: DraftAsked): Promise<Draft> {
  return move(desk, 'submit', asked, async (tx, draft) => void (await outcome(tx, desk, draft)));
}

/** Gives a draft up. */
export async function abandonDraft(desk: DraftDesk, asked: DraftAsked): Promise<Draft> {
  return move(desk, 'abandon', asked, async () => undefined);
}

/** Returns a draft for correction. */
export async function returnDraft(desk: DraftDesk, asked: DraftAsked): Promise<Draft> {
  return move(desk, 'return', asked, async () => undefined);
}

/** Publishes a draft: the catalog is as it says from now on. */
export async function publishDraft(desk: DraftDesk, asked: DraftAsked): Promise<Draft> {
  return move(desk, 'publish', asked, async (tx, draft) => {
    await lockPolicy(tx);
    const { items, gone } = await outcome(tx, desk, draft);
    if ('basis' in draft.content) await tx`update catalog_resource set state = 'WITHDRAWN' where code = ${draft.resource}`;
    else await writeResource(tx, draft.content.resource, draft.department, desk.today);
    for (const own of items) await writeItem(tx, own);
    await tx`delete from catalog_item where code = any(${[...gone]}::text[])`;
  });
}

/** A resource and its own items, by their last states: two that differ in one of them differ. Items of others are theirs to change. */
function baseOf(resource: Resource): string {
  return [resource.version, ...ownItems(resource).map(({ version }) => version)].join(' ');
}

/** The items of a resource that its own department provides; a base library's resource has items of others beside them. */
function ownItems({ items, department }: Resource): readonly ListedItem[] {
  return items.filter(({ ownerDepartment }) => ownerDepartment === department);
}

function readResource(given: ResourceInput, today: string): ResourceForm {
  const read = readForm(resourceForm, given, `The resource ${given.code.slice(0, 60)}`);
  const problems = resourceProblems(read, today);
  if (problems.length > 0) throw refused(`The resource ${read.code}`, problems);
  return read;
}

/** What the catalog would be: the items that are written, and those that go. Throws what forbids it. */
async function outcome(tx: postgres.TransactionSql, { contract }: DraftDesk, draft: Draft): Promise<{ readonly items: readonly ListedItem[]; readonly gone: readonly string[] }> {
  const [now] = await resources(tx, { code: draft.resource });
  if ((now === undefined ? null : baseOf(now)) !== draft.base) throw new HubError('CONFLICT', `Resource ${draft.resource} was changed after draft ${draft.number} was made from it. Look at it again (catalogResources), and edit the draft.`);
  const all = new Map((await listed(tx)).map((own) => [own.code, own]));
  const { content } = draft;
  const own = now === undefined ? [] : ownItems(now);
  if ('basis' in content) {
    const others = (now?.items ?? []).filter((item) => item.ownerDepartment !== draft.department && item.shareType !== 'NOT_SHARED');
    if (others.length > 0) throw refused(`Draft ${draft.number}`, [{ at: 'resource', says: `holds items of others (${others.slice(0, 5).map(({ code, ownerDepartment }) => `${code} of ${ownerDepartment}`).join(', ')}), who share them` }]);
    return { items: own.map((item) => ({ ...item, shareType: 'NOT_SHARED', keyShareType: null, open: false, condition: `目录已撤销：${content.basis}` })), gone: [] };
  }
  const problems: Problem[] = [];
  const items = content.resource.items.flatMap((item, index): ListedItem[] => {
    const [before, after] = [all.get(item.code), drafted(item, content.resource, draft.department, all.get(item.code))];
    if (before === undefined || (before.ownerDepartment === draft.department && (before.resource ?? draft.resource) === draft.resource)) return [after];
    // A table that was exported holds others' items beside one's own.
    if (before.resource !== draft.resource || !isSame(before, after)) problems.push({ at: `items[${index}].code`, says: `is ${item.code}, which is provided by ${before.ownerDepartment} in ${before.resource ?? 'no resource'}` });
    return [];
  });
  const gone = own.map(({ code }) => code).filter((code) => !items.some((item) => item.code === code));
  const after = new Map([...all, ...items.map((item): [string, ListedItem] => [item.code, item])]);
  for (const item of items) problems.push(...sharingProblems(item, after, contract).map(({ at, says }) => ({ at: `${item.code}.${at}`, says })));
  problems.push(...gone.filter((code) => inContract(code, contract)).map((code) => ({ at: 'items', says: `leaves out ${code}, which the contract offers: share it no more (不予共享) instead` })));
  if (problems.length > 0) throw refused(`Draft ${draft.number}`, problems);
  return { items, gone };
}

/** Is an item shared as it was? */
function isSame(before: ListedItem, after: ListedItem): boolean {
  return (['name', 'shareType', 'condition', 'keyShareType', 'sensitivity', 'open'] as const).every((name) => before[name] === after[name]);
}

function drafted(own: ResourceForm['items'][number], { code, updateCycle }: ResourceForm, department: string, before: ListedItem | undefined): ListedItem {
  return {
    code: own.code, name: own.name, ownerDepartment: department, ownerName: before?.ownerName ?? department, kind: before?.kind ?? 'BUSINESS', shareType: own.shareType, condition: own.condition, keyShareType: own.keyShareType ?? null, sensitivity: own.sensitivity,
    mask: before?.mask ?? '', updateCycle: before?.updateCycle ?? updateCycle, open: own.open, standard: before?.standard ?? '', resource: code, dataType: own.dataType ?? before?.dataType ?? null, dataLength: own.dataLength, version: before?.version ?? '',
  };
}

function inContract(code: string, { types }: Contract): boolean {
  return [...types.values()].some(({ existsItem, fields }) => existsItem === code || [...fields.values()].some(({ items }) => items.includes(code)));
}

async function writeResource(tx: postgres.TransactionSql, form: ResourceForm, department: string, today: string): Promise<void> {
  const row = {
    code: form.code, name: form.name, department_code: department, provider_uscc: form.providerUscc, abstract: form.abstract, format_category: form.formatCategory, format_type: form.formatType, format_note: form.formatNote,
    share_mode: form.shareMode, open_condition: form.openCondition, update_cycle: form.updateCycle, related_codes: form.relatedCodes, published_on: today, state: 'PUBLISHED',
  };
  const { code: _code, ...rest } = row;
  await tx`insert into catalog_resource ${tx(row)} on conflict (code) do update set ${tx(rest)}`;
}

async function writeItem(tx: postgres.TransactionSql, own: ListedItem): Promise<void> {
  const row = {
    code: own.code, name: own.name, owner_department: own.ownerDepartment, kind: own.kind, share_type: own.shareType, condition: own.condition, key_share_type: own.keyShareType, sensitivity: own.sensitivity,
    mask: own.mask, update_cycle: own.updateCycle, open: own.open, standard: own.standard, resource_code: own.resource, data_type: own.dataType, data_length: own.dataLength,
  };
  const { code: _code, ...rest } = row;
  await tx`insert into catalog_item ${tx(row)} on conflict (code) do update set ${tx(rest)}`;
}

async function move(desk: DraftDesk, verb: DraftVerb, { number, version, words = null }: DraftAsked, work: (tx: postgres.TransactionSql, draft: Draft) => Promise<void>): Promise<Draft> {
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    await tx`select 1 from catalog_draft where number = ${number} for update`;
    const [draft] = await draftsIn(tx, { numbers: [number] });
    if (draft === undefined || !maySeeDraft(desk.steward, draft)) throw unknownDraft(number);
    const row = draftMoves.find((own) => own.verb === verb) as (typeof draftMoves)[number];
    const his = row.by === 'OWNER' ? desk.steward.department === draft.department : desk.steward.ofAuthority;
    if (!his || desk.steward.role !== 'STEWARD') throw new HubError('FORBIDDEN', `${verb} is for a STEWARD of ${row.by === 'OWNER' ? draft.department : 'the data authority'}.`);
    if (version !== draft.version) throw new HubError('CONFLICT', `Draft ${number} was moved meanwhile: it is at version ${draft.version}. Look at it again.`, { version: draft.version });
    if (!(row.from as readonly DraftState[]).includes(draft.state)) throw new HubError('CONFLICT', `Draft ${number} is ${draft.state}, and ${verb} is made from ${row.from.join(', ')}.`, { state: draft.state });
    if (row.by === 'AUTHORITY' && draft.moves.some((own) => own.by === desk.actor.by && ['draft', 'edit', 'submit'].includes(own.verb))) throw new HubError('FORBIDDEN', `Nobody decides on what he drafted: another steward of the data authority decides about ${number}.`);
    const said = words === null || words.trim() === '' ? null : readForm(line(2000), words, 'What is said about it');
    if (row.words && said === null) throw new HubError('BAD_INPUT', `${verb} takes words: say why.`);
    await work(tx, draft);
    const to = row.to ?? draft.state;
    await tx`update catalog_draft set state = ${to}, version = version + 1 where number = ${number}`;
    await tx`insert into catalog_draft_move (draft_number, verb, from_state, to_state, at, by, words) values (${number}, ${verb}, ${draft.state}, ${to}, ${desk.actor.now}, ${desk.actor.by}, ${said})`;
    return (await draftsIn(tx, { numbers: [number] }))[0] as Draft;
  });
}

function unknownDraft(number: string): HubError {
  return new HubError('FORBIDDEN', `There is no draft ${number}, or it is none of this caller's; catalogDrafts lists those that are.`);
}

/** What a draft would make of the catalog if it were published now; throws what would forbid that. */
export async function previewDraft(desk: DraftDesk, number: string): Promise<{ readonly items: readonly ListedItem[]; readonly gone: readonly string[] }> {
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    const [draft] = await draftsIn(tx, { numbers: [number] });
    if (draft === undefined || !maySeeDraft(desk.steward, draft)) throw unknownDraft(number);
    return outcome(tx, desk, draft);
  });
}

/** Drafts are seen by their department and by the data authority. */
function maySeeDraft({ department, ofAuthority }: Administrator, draft: Pick<Draft, 'department'>): boolean {
  return ofAuthority || draft.department === department;
}

/** The drafts that an administrator may see, by number. */
export async function draftsOf(sql: postgres.Sql, reader: Administrator, states: readonly DraftState[] | null): Promise<readonly Draft[]> {
  return draftsIn(sql, { department: reader.ofAuthority ? null : reader.department, states });
}

async function draftsIn(sql: postgres.Sql | postgres.TransactionSql, { numbers = null, department = null, states = null }: { readonly numbers?: readonly string[] | null; readonly department?: string | null; readonly states?: readonly DraftState[] | null }): Promise<readonly Draft[]> {
  const [wanted, inStates] = [numbers === null ? null : [...numbers], states === null ? null : [...states]];
  const rows = await sql<(Omit<Draft, 'content' | 'moves'> & { content: string })[]>`
    select number, resource_code as resource, department_code as department, action, state, version, base, content::text from catalog_draft
    where (${wanted}::text[] is null or number = any(${wanted ?? []}::text[])) and (${department}::text is null or department_code = ${department}) and (${inStates}::text[] is null or state = any(${inStates ?? []}::text[])) order by number`;
  const moves = Map.groupBy(await sql<(DraftMoved & { number: string })[]>`
    select draft_number as number, verb, from_state as "from", to_state as "to", to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, by, words from catalog_draft_move
    where draft_number = any(${rows.map(({ number }) => number)}::text[]) order by seq`, ({ number }) => number);
  return rows.map(({ content, ...own }) => ({ ...own, content: JSON.parse(content) as DraftContent, moves: (moves.get(own.number) ?? []).map(({ number: _number, ...move }) => move) }));
}
