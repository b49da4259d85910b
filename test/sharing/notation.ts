/**
 * How the decision table (decisions.csv) writes a question and its verdict. One row is one question; a cell `-` is nothing.
 *
 * - who: 公安局, 民政局, 市场监管局, 残联 (departments' applications) · 陌生人 (a stranger) · 系统/安全/审计管理员, 数据专员 (administrators)
 * - in catalog: yes, no · share type, key share type: UNCONDITIONAL 无条件, CONDITIONAL 有条件, NOT_SHARED 不予 · sensitivity S1 to S4
 * - use: read find key exist verify; `read whole`: something is computed from the value, as age is of a birth date
 * - matter: 低保 (handled case by case), 统计 (without cases) · case: yes, a case was named
 * - denial: code and reason, `D-1 越权` · grants: one or more, separated by ` | `, each `A-1: uses; modes; ...` and then, where it has them,
 *   `mask NAME` · `in` bounds, all of which must hold, joined by ` & ` · `for` matters · `from..to`, days from 0 o'clock UTC until before the other
 *   (without: since 2026-01-01 and without end)
 * - bounds: case, authorization, `list L`, `own MZ` (records supplied by that department), `residence|registration|location CODE...`,
 *   `category CODE...`, `registrar CODE...`
 * - ways: `rule approval: mask NAME in bounds`, separated by ` | `; `all`: on every record
 * - It is 2026-11-24, 0 o'clock UTC.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Catalog } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { GrantTuple, Policy } from '../../src/sharing/grant.ts';
import type { MaskName } from '../../src/sharing/mask.ts';
import type { Ask, Bound, Caller, Consumer, Matter, Mode, Role, ShareType, Use, Verdict, Way } from '../../src/sharing/terms.ts';
import type { Standpoint } from '../../src/sharing/verdict.ts';

/** The table's columns: what was asked, and what the judge says. */
export const asked = ['谁问 who', '信息项 item', '名称 name', '在目录 in catalog', '共享类型 share type', '按标识查 key share type', '分级 sensitivity', '提供部门 owner', '脱敏 mask', '条件或依据 condition', '用途 use', '方式 mode', '事项 matter', '办件 case', '拒绝 denial', '授权 grants'] as const;
export const answered = ['结论 verdict', '规则 rule', '理由 reason', '怎么办 next step', '途径 ways', '有效至 until'] as const;
export const header = ['序号 no', '情形 situation', ...asked, ...answered] as const;
export type Row = Readonly<Record<(typeof header)[number], string>>;

export const now = '2026-11-24T00:00:00.000Z';

/** An application of a department. */
export function consumerOf(department: string, departmentName: string): Consumer {
  return { kind: 'consumer', consumer: `app-${department}`, name: `${departmentName}应用`, department, departmentName, servicePlatform: false };
}

/** An administrator of the data authority. */
export function administratorOf(role: Role): Caller {
  return { kind: 'administrator', code: role, name: role, role, department: 'ZS', departmentName: '数据局', ofAuthority: true };
}

const callers: Readonly<Record<string, Caller>> = {
  公安局: consumerOf('GA', '公安局'), 民政局: consumerOf('MZ', '民政局'), 市场监管局: consumerOf('SC', '市场监管局'), 残联: consumerOf('CL', '残联'), 陌生人: { kind: 'stranger' },
  系统管理员: administratorOf('SYSTEM'), 安全管理员: administratorOf('SECURITY'), 审计管理员: administratorOf('AUDIT'), 数据专员: administratorOf('STEWARD'),
};

export const matters: Readonly<Record<string, Matter>> = {
  低保: { code: 'DB', name: '低保', department: 'MZ', participants: ['GA', 'SC', 'CL'], kin: ['SPOUSE'], needsCase: true },
  统计: { code: 'TJ', name: '统计', department: 'ZS', participants: ['GA', 'MZ', 'SC', 'CL'], kin: [], needsCase: false },
};

/** The table, row by row. */
export function decisionTable(): readonly Row[] {
  const [first = '', ...lines] = readFileSync(join(import.meta.dirname, 'decisions.csv'), 'utf8').split('\n').filter((line) => line !== '');
  if (first !== header.join(',')) throw new Error(`The columns of decisions.csv are ${header.join(',')}.`);
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((cell) => cell[1]?.replaceAll('""', '"') ?? cell[2] ?? '');
    if (cells.length !== header.length) throw new Error(`This row has ${cells.length} cells, not ${header.length}: ${line}`);
    return Object.fromEntries(header.map((name, place) => [name, cells[place]])) as Row;
  });
}

function known<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name];
  if (found === undefined) throw new Error(`The notation has no ${name}; it has ${Object.keys(table).join(', ')}.`);
  return found;
}

const cell = (text: string): string | null => (text === '-' ? null : text);

/** What a row asks. */
export function questionOf(row: Row): { readonly ask: Ask; readonly standpoint: Standpoint } {
  const item: CatalogItem = {
    code: row['信息项 item'], name: row['名称 name'], shareType: row['共享类型 share type'] as ShareType, keyShareType: cell(row['按标识查 key share type']) as ShareType | null,
    sensitivity: row['分级 sensitivity'] as CatalogItem['sensitivity'], ownerDepartment: row['提供部门 owner'], mask: cell(row['脱敏 mask']) ?? '', condition: cell(row['条件或依据 condition']) ?? '',
    kind: 'BASIC', updateCycle: 'DAILY', open: false, standard: '',
  };
  const [use = '', whole] = row['用途 use'].split(' ');
  const matter = cell(row['事项 matter']);
  return {
    ask: { item: item.code, use: use as Use, at: 'T.f', ...(whole === undefined ? {} : { whole: true }) },
    standpoint: {
      caller: known(callers, row['谁问 who']), catalog: new Catalog(row['在目录 in catalog'] === 'yes' ? [item] : []), sealed: false,
      policy: policyOf(row['授权 grants'], item.code, row['拒绝 denial']),
      circumstances: { mode: row['方式 mode'] as Mode, matter: matter === null ? null : known(matters, matter), hasCase: row['办件 case'] === 'yes', now },
    },
  };
}

/** A policy as grants and a denial say. */
export function policyOf(grants: string, item: string, denial = '-'): Policy {
  const tuples = cell(grants)?.split(' | ').map((text) => tupleOf(text, item)) ?? [];
  const [, code, because] = /^(\S+) (.+)$/.exec(denial) ?? [];
  return {
    ...noPolicy, version: grants, tuples: Map.groupBy(tuples, (tuple) => tuple.item),
    denials: new Map(code === undefined || because === undefined ? [] : [[item, { code, because }]]),
  };
}

/** One tuple: `A-1: read find; QUERY; mask NAME; in case & list L; for 低保; 2026-01-01..2026-12-31`. */
export function tupleOf(text: string, item: string): GrantTuple {
  const [approvalNo = '', rest = ''] = text.split(': ');
  const [uses = '', modes = '', ...more] = rest.split('; ');
  const after = (word: string) => more.find((part) => part.startsWith(`${word} `))?.slice(word.length + 1);
  const [from, to] = more.find((part) => part.includes('..'))?.split('..') ?? [];
  const moment = (day: string | undefined) => (day === undefined || day === '' ? null : day.length > 10 ? day : `${day}T00:00:00.000Z`);
  return {
    approvalNo, item, uses: uses.split(' ') as Use[], modes: modes.split(' ') as Mode[], mask: (after('mask') ?? null) as MaskName | null, bounds: after('in')?.split(' & ').map(boundOf) ?? [],
    matters: after('for')?.split(' ').map((name) => known(matters, name).code) ?? null, quotaPerDay: null, validFrom: moment(from) ?? '2026-01-01T00:00:00.000Z', validTo: moment(to),
  };
}

/** A bound by its notation. */
export function boundOf(text: string): Bound {
  const [kind = '', ...codes] = text.split(' ');
  const [code = ''] = codes;
  switch (kind) {
    case 'case': case 'authorization': return { kind };
    case 'own': return { kind: 'ownRows', department: code };
    case 'list': return { kind: 'list', list: code };
    case 'category': case 'registrar': return { kind, codes };
    default: return { kind: 'division', by: known({ residence: 'RESIDENCE', registration: 'REGISTRATION', location: 'LOCATION' } as const, kind), codes };
  }
}

function boundText(bound: Bound): string {
  switch (bound.kind) {
    case 'case': case 'authorization': return bound.kind;
    case 'ownRows': return `own ${bound.department}`;
    case 'list': return `list ${bound.list}`;
    case 'category': case 'registrar': return [bound.kind, ...bound.codes].join(' ');
    case 'division': return [bound.by.toLowerCase(), ...bound.codes].join(' ');
  }
}

function wayText({ rule, approvalNo, mask, bounds }: Way): string {
  const where = bounds.length === 0 ? 'all' : `in ${bounds.map(boundText).join(' & ')}`;
  return `${rule}${approvalNo === null ? '' : ` ${approvalNo}`}: ${mask === null ? '' : `mask ${mask} `}${where}`;
}

/** A verdict as the table's last columns write it. */
export function answerOf({ allowed, rule, because, apply, ways, until }: Verdict): Readonly<Record<(typeof answered)[number], string>> {
  return {
    '结论 verdict': allowed ? '允许 allowed' : '拒绝 refused', '规则 rule': rule, '理由 reason': because, '怎么办 next step': apply ?? '-', '途径 ways': ways.map(wayText).join(' | ') || '-',
    '有效至 until': until ?? '-',
  };
}
