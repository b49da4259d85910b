/**
 * Information resources (信息资源) with their items, as the national guide has them (发改高技〔2017〕1272号): the form that a department
 * fills in, what is wrong with it, and the catalog as it stands. What is shared and on what condition is said by each item; of the
 * resource the strictest is told.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { line } from '../identity/form.ts';
import type { Problem } from '../identity/form.ts';
import { readIdentifier } from '../registries/identifiers/index.ts';
import { sensitivities } from '../sharing/catalog.ts';
import { shareTypes } from '../sharing/terms.ts';
import type { ShareType } from '../sharing/terms.ts';
import { dataTypes } from './data-type.ts';
import { listed } from './item.ts';
import type { ListedItem } from './item.ts';

/** 电子文件 电子表格 数据库 图形图像 流媒体 自描述格式 服务接口. */
export const formatCategories = ['FILE', 'SHEET', 'DATABASE', 'IMAGE', 'STREAM', 'SELF_DESCRIBING', 'SERVICE'] as const;
export const updateCycles = ['REALTIME', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'OTHER'] as const;

const words = (most: number) => z.string().trim().max(most, `is longer than ${most} characters`).regex(/^[\P{Cc}\n\t]*$/u, 'holds characters that cannot be printed');

const item = z.strictObject({
  code: line(50).regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'is made of letters, digits, - and _'), name: line(200), dataType: z.enum(dataTypes).nullish(), dataLength: words(20).default(''),
  shareType: z.enum(shareTypes), condition: words(500).default(''), keyShareType: z.enum(shareTypes).nullish(), sensitivity: z.enum(sensitivities), open: z.boolean().default(false),
});

/** 类 (1 digit, 基础 主题 部门) 项 (2) 目 (3) 细目 (as many as need be), `/`, serial number. */
const resourceCode = line(60).regex(/^[123]\d{2}\d{3}\d*\/[0-9A-Za-z-]{1,20}$/, 'is no code of an information resource: category (类 1 digit, 项 2, 目 3, 细目), / and serial number');

export const resourceForm = z.strictObject({
  code: resourceCode, name: line(500), providerUscc: words(18).default(''), abstract: words(2000).min(1, 'is empty'),
  formatCategory: z.enum(formatCategories), formatType: line(50), formatNote: words(500).default(''), shareMode: line(100),
  openCondition: words(500).default(''), updateCycle: z.enum(updateCycles), relatedCodes: z.array(resourceCode).max(100).default([]),
  items: z.array(item).min(1, 'has no items').max(1000, 'has more than 1000 items'),
});

/** What a department fills in. */
export type ResourceInput = z.input<typeof resourceForm>;
/** The same, read. */
export type ResourceForm = z.output<typeof resourceForm>;

/** A resource as it stands. */
export interface Resource extends Omit<ResourceForm, 'items'> {
  readonly department: string;
  readonly departmentName: string;
  /** Civil date. */
  readonly publishedOn: string;
  readonly state: 'PUBLISHED' | 'WITHDRAWN';
  /** Number of its last state in the log of policy. */
  readonly version: string;
  readonly items: readonly ListedItem[];
}

/** One state of a resource. Its items have states of their own. */
export interface ResourceState extends Omit<Resource, 'items' | 'version' | 'departmentName'> {
  readonly version: string;
  readonly at: string;
  readonly by: string;
}

/** What is wrong with a resource by itself. */
export function resourceProblems({ providerUscc, items }: ResourceForm, today: string): readonly Problem[] {
  return [
    ...(providerUscc === '' || isUscc(providerUscc, today) ? [] : [{ at: 'providerUscc', says: 'is no unified social credit code (GB 32100)' }]),
    ...items.flatMap(({ code }, index) => (items.findIndex((other) => other.code === code) < index ? [{ at: `items[${index}].code`, says: `is ${code} a second time` }] : [])),
  ];
}

function isUscc(text: string, today: string): boolean {
  try {
    return readIdentifier('uscc', text, today) === text;
  } catch {
    return false;
  }
}

/** The strictest of its items: what is said of the whole. */
export function strictest(items: readonly { readonly shareType: ShareType; readonly keyShareType?: ShareType | null }[]): ShareType {
  const types = new Set(items.flatMap(({ shareType, keyShareType }) => [shareType, ...(keyShareType ? [keyShareType] : [])]));
  return (['NOT_SHARED', 'CONDITIONAL'] as const).find((type) => types.has(type)) ?? 'UNCONDITIONAL';
}

type Reader = postgres.Sql | postgres.TransactionSql;

type Body = Readonly<Record<string, unknown>>;

/** A resource as its row says. */
function resourceIn(body: Body): Omit<Resource, 'items' | 'version' | 'departmentName'> {
  const text = (name: string): string => String(body[name] ?? '');
  return {
    code: text('code'), name: text('name'), department: text('department_code'), providerUscc: text('provider_uscc'), abstract: text('abstract'), formatCategory: text('format_category') as ResourceForm['formatCategory'],
    formatType: text('format_type'), formatNote: text('format_note'), shareMode: text('share_mode'), openCondition: text('open_condition'), updateCycle: text('update_cycle') as ResourceForm['updateCycle'],
    relatedCodes: (body['related_codes'] ?? []) as string[], publishedOn: text('published_on'), state: text('state') as Resource['state'],
  };
}

/** Resources with their items, by code: all, those of a department, or one. */
export async function resources(sql: Reader, { department = null, code = null }: { readonly department?: string | null; readonly code?: string | null } = {}): Promise<readonly Resource[]> {
  const rows = await sql<{ body: string; version: string; departmentName: string }[]>`
    select to_jsonb(r)::text as body, last.seq::text as version, d.name as "departmentName" from catalog_resource r join department d on d.code = r.department_code
    cross join lateral (select seq from policy_change c where c.kind = 'catalog_resource' and c.code = r.code order by seq desc limit 1) last
    where (${department}::text is null or r.department_code = ${department}) and (${code}::text is null or r.code = ${code}) order by r.code collate "C"`;
  const items = Map.groupBy(await listed(sql), ({ resource }) => resource);
  return rows.map(({ body, version, departmentName }) => {
    const own = resourceIn(JSON.parse(body) as Body);
    return { ...own, version, departmentName, items: items.get(own.code) ?? [] };
  });
}

/** Every state of a resource, oldest first. */
export async function resourceStates(sql: Reader, code: string): Promise<readonly ResourceState[]> {
  const rows = await sql<{ seq: string; body: string; at: string; by: string }[]>`
    select seq::text, body::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, by from policy_change where kind = 'catalog_resource' and code = ${code} and body is not null order by seq`;
  return rows.map(({ seq, body, at, by }) => ({ ...resourceIn(JSON.parse(body) as Body), version: seq, at, by }));
}
