/**
 * An item's sharing condition, changed by the department that provides it (谁提供、谁负责): the next question obeys.
 *
 * Under an item number nothing else changes here: what an item is, its sensitivity and its mask are the data authority's. It refuses
 * a condition without words (有条件须列明条件，不予须有依据), an openness that the law forbids, and a record that would be there for
 * everybody by one of its values while that it is there is conditional. Two who edit at once: the second is told.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { code, readForm, refused } from '../identity/form.ts';
import type { Problem } from '../identity/form.ts';
import { changePolicy, lockPolicy } from '../identity/policy-change.ts';
import type { Actor } from '../identity/policy-change.ts';
import { itemIn } from '../identity/policy-rows.ts';
import type { Contract } from '../registries/contract.ts';
import type { CatalogItem } from '../sharing/catalog.ts';
import { shareTypes } from '../sharing/terms.ts';
import type { DataType } from './data-type.ts';
import type { Administrator, ShareType } from '../sharing/terms.ts';

/** Where items are changed, and by whom. */
export interface CatalogDesk {
  readonly sql: postgres.Sql;
  readonly actor: Actor;
  readonly steward: Administrator;
  readonly contract: Contract;
}

/** How an item is to be shared from now on. */
export interface SharingForm {
  readonly item: string;
  /** The version that the change was made from. */
  readonly version: string;
  readonly shareType: ShareType;
  /** Of the use `key`, where it differs. */
  readonly keyShareType?: ShareType | null;
  /** The condition, or the legal basis of not sharing. */
  readonly condition: string;
  /** Is it open to society? */
  readonly open: boolean;
}

/** An item as it stands in the catalog, with its version. */
export interface ListedItem extends CatalogItem {
  /** The name that the department that provides it has now. */
  readonly ownerName: string;
  readonly version: string;
  /** Code of the information resource that it is an item of. */
  readonly resource: string | null;
  /** 数据类型 and 长度, where they were told; see data-type.ts. */
  readonly dataType: DataType | null;
  readonly dataLength: string;
}

/** One state of an item. */
export interface ItemState extends ListedItem {
  /** When it was decided, ISO 8601, and by whom. */
  readonly at: string;
  readonly by: string;
}

const form = z.object({
  item: code, version: z.string().regex(/^\d{1,18}$/, 'is no version of an item; catalogItems tells it'),
  shareType: z.enum(shareTypes), keyShareType: z.enum(shareTypes).nullish(),
  condition: z.string().trim().max(500, 'is longer than 500 characters').regex(/^\P{Cc}*$/u, 'holds characters that cannot be printed'),
  open: z.boolean(),
});

/** Changes how an item is shared; gives it as it is now. */
export async function setSharing({ sql, actor, steward, contract }: CatalogDesk, given: SharingForm): Promise<ListedItem> {
  const read = readForm(form, given, 'The sharing condition');
  return changePolicy(sql, actor, async (tx) => {
    // Other items count too (see `existenceProblems`), so one change waits for another whatever it is about.
    await lockPolicy(tx);
    const all = new Map((await listed(tx)).map((item) => [item.code, item]));
    const before = all.get(read.item);
    if (before === undefined) throw new HubError('BAD_INPUT', `There is no item ${read.item} in the catalog; catalogItems lists them.`);
    if (before.ownerDepartment !== steward.department) throw new HubError('FORBIDDEN', `${before.name} (${before.code}) is provided by ${before.ownerDepartment}, and its own steward decides how it is shared.`);
    if (before.version !== read.version) throw new HubError('CONFLICT', `${before.name} (${before.code}) was changed meanwhile: it is at version ${before.version}. Look at it again (catalogItems), and send the change with that version if it still holds.`, { version: before.version });
    if (await isWithdrawn(tx, before)) throw new HubError('CONFLICT', `${before.name} (${before.code}) is an item of ${before.resource}, which was withdrawn. Draft the resource anew (draftResource).`);
    const after: CatalogItem = { ...before, shareType: read.shareType, keyShareType: read.keyShareType ?? null, condition: read.condition, open: read.open };
    const problems = sharingProblems(after, all, contract);
    if (problems.length > 0) throw refused('The sharing condition', problems);
    await tx`update catalog_item set share_type = ${after.shareType}, key_share_type = ${after.keyShareType}, condition = ${after.condition}, open = ${after.open} where code = ${after.code}`;
    const [now] = await listed(tx, after.code);
    return now as ListedItem;
  });
}

/** What forbids that an item is shared so in a catalog of these items. */
export function sharingProblems(after: CatalogItem, all: ReadonlyMap<string, CatalogItem>, contract: Contract): readonly Problem[] {
  return [...ownProblems(after), ...existenceProblems(after, all, contract)];
}

async function isWithdrawn(tx: postgres.TransactionSql, { resource }: ListedItem): Promise<boolean> {
  const [row] = await tx<{ state: string }[]>`select state from catalog_resource where code = ${resource}`;
  return row?.state === 'WITHDRAWN';
}

function ownProblems({ shareType, keyShareType, condition, sensitivity, open }: CatalogItem): readonly Problem[] {
  const strictest = [shareType, keyShareType].includes('NOT_SHARED') ? 'NOT_SHARED' : [shareType, keyShareType].includes('CONDITIONAL') ? 'CONDITIONAL' : 'UNCONDITIONAL';
  return [
    ...(strictest === 'CONDITIONAL' && condition === '' ? [{ at: 'condition', says: 'is empty; say under what condition it is shared (有条件共享须列明条件)' }] : []),
    ...(strictest === 'NOT_SHARED' && condition === '' ? [{ at: 'condition', says: 'is empty; name the law or the decision by which it is not shared (不予共享须有法律、行政法规或国务院政策依据)' }] : []),
    ...(sensitivity === 'S4' && shareType === 'UNCONDITIONAL' ? [{ at: 'shareType', says: 'cannot be UNCONDITIONAL: it is sensitive personal information, which takes a specific purpose (个人信息保护法 art. 28)' }] : []),
    ...(open && (shareType !== 'UNCONDITIONAL' || sensitivity !== 'S1') ? [{ at: 'open', says: 'cannot be true: open to society is only what is public and shared unconditionally' }] : []),
  ];
}

/** A record is there for whoever may read one of its values, so none may be shared more widely than that it is there. */
function existenceProblems(after: CatalogItem, all: ReadonlyMap<string, CatalogItem>, { types }: Contract): readonly Problem[] {
  const isOpen = (item: string): boolean => (item === after.code ? after : all.get(item))?.shareType === 'UNCONDITIONAL';
  return [...types.values()].flatMap(({ name, existsItem, fields }): Problem[] => {
    const values = [...fields.values()].flatMap((field) => (field.kind === 'leaf' && field.derived === null ? field.items : []));
    if (isOpen(existsItem) || !values.includes(after.code) && existsItem !== after.code) return [];
    const open = existsItem === after.code ? values.filter(isOpen) : isOpen(after.code) ? [after.code] : [];
    if (open.length === 0) return [];
    const says = existsItem === after.code ? `cannot be narrower than the values by which a ${name} would still be there for everybody: ${open.slice(0, 5).join(', ')}` : `cannot be UNCONDITIONAL while that a ${name} is there (${existsItem}) is not`;
    return [{ at: 'shareType', says }];
  });
}

/** The items that a department provides, or all, by code. */
export async function itemsOf(sql: postgres.Sql, department: string | null): Promise<readonly ListedItem[]> {
  return (await listed(sql)).filter((item) => department === null || item.ownerDepartment === department);
}

/** Every state of an item, oldest first. */
export async function statesOf(sql: postgres.Sql, item: string): Promise<readonly ItemState[]> {
  const rows = await sql<{ seq: string; body: string; at: string; by: string; owner: string | null }[]>`
    select c.seq::text, c.body::text, to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, c.by, d.name as owner from policy_change c
    left join department d on d.code = c.body ->> 'owner_department'
    where c.kind = 'catalog_item' and c.code = ${item} and c.body is not null order by c.seq`;
  return rows.map(({ seq, body, at, by, owner }) => ({ ...listedIn(body, seq, owner), at, by }));
}

/** The row of an item as it is listed. */
function listedIn(body: string, version: string, owner: string | null): ListedItem {
  const row = JSON.parse(body) as Readonly<Record<string, unknown>>;
  return { ...itemIn(row), ownerName: owner ?? String(row['owner_department']), version, resource: (row['resource_code'] ?? null) as string | null, dataType: (row['data_type'] ?? null) as DataType | null, dataLength: String(row['data_length'] ?? '') };
}

/** All items by code, or one. */
export async function listed(sql: postgres.Sql | postgres.TransactionSql, item: string | null = null): Promise<readonly ListedItem[]> {
  const rows = await sql<{ body: string; version: string; owner: string }[]>`
    select to_jsonb(i)::text as body, last.seq::text as version, d.name as owner from catalog_item i join department d on d.code = i.owner_department
    cross join lateral (select seq from policy_change c where c.kind = 'catalog_item' and c.code = i.code order by seq desc limit 1) last
    where ${item}::text is null or i.code = ${item} order by i.code collate "C"`;
  return rows.map(({ body, version, owner }) => listedIn(body, version, owner));
}
