/**
 * The catalog as the table that departments fill in and get back: a row for each item, beside it its resource. A resource's cells may
 * stand in its first row only, as merged cells of a sheet do; rows below without them are of the same resource.
 *
 * Columns are known by the names of the national guide and by a few that departments use; the words of closed lists are Chinese, their
 * letters and codes are taken too. What cannot be read is told with its row and column. Whether it may be published is told by drafts.
 */
import { HubError } from '../errors.ts';
import { delimiterOf, fieldsOf, rowText, spreadsheetCell } from '../files/csv.ts';
import type { Contract } from '../registries/contract.ts';
import type { Sensitivity } from '../sharing/catalog.ts';
import type { ShareType } from '../sharing/terms.ts';
import { contractTypes, dataTypeNames } from './data-type.ts';
import { strictest } from './resource.ts';
import type { Resource, ResourceInput } from './resource.ts';

/** Words of closed lists, the first of each is written. */
const shareTypes: Words<ShareType> = { UNCONDITIONAL: ['无条件共享', '无条件', '1'], CONDITIONAL: ['有条件共享', '有条件', '2'], NOT_SHARED: ['不予共享', '不予', '3'] };
const formats: Words<ResourceInput['formatCategory']> = {
  FILE: ['电子文件'], SHEET: ['电子表格'], DATABASE: ['数据库'], IMAGE: ['图形图像'], STREAM: ['流媒体'], SELF_DESCRIBING: ['自描述格式'], SERVICE: ['服务接口'],
};
const cycles: Words<ResourceInput['updateCycle']> = { REALTIME: ['实时'], DAILY: ['每日', '日'], WEEKLY: ['每周', '周'], MONTHLY: ['每月', '月'], QUARTERLY: ['每季度', '季'], YEARLY: ['每年', '年'], OTHER: ['其他'] };
const answers: Words<'true' | 'false'> = { true: ['是', '1', '开放'], false: ['否', '0', '不开放'] };
const grades: Words<Sensitivity> = { S1: ['公开'], S2: ['内部'], S3: ['个人信息'], S4: ['敏感个人信息'] };

type Words<T extends string> = Readonly<Record<T, readonly string[]>>;

/** Columns in the order of the guide, with other names by which they are known. */
const columns = {
  code: ['信息资源代码', '资源代码'], name: ['信息资源名称', '资源名称'], category: ['信息资源分类'], department: ['信息资源提供方', '提供方'], providerUscc: ['信息资源提供方代码', '提供方代码'], abstract: ['信息资源摘要', '摘要'],
  formatCategory: ['信息资源格式', '格式大类'], formatType: ['格式类型'], formatNote: ['格式说明'],
  itemCode: ['信息项代码'], itemName: ['信息项名称', '信息项'], dataType: ['数据类型'], dataLength: ['数据长度', '长度'],
  shareType: ['共享类型', '共享属性'], condition: ['共享条件', '不予共享依据'], keyShareType: ['按标识查找的共享类型'], shareMode: ['共享方式'], sensitivity: ['数据分级'],
  open: ['是否向社会开放', '是否开放'], openCondition: ['开放条件'], updateCycle: ['更新周期'], publishedOn: ['发布日期'], relatedCodes: ['关联资源代码'], summary: ['资源共享类型'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
type Column = keyof typeof columns;

const needed: readonly Column[] = ['code', 'name', 'abstract', 'formatCategory', 'formatType', 'itemCode', 'itemName', 'shareType', 'condition', 'shareMode', 'sensitivity', 'open', 'updateCycle'];

/** The catalog as a table (CSV, RFC 4180). Spreadsheets read it as UTF-8 by its mark. */
export function tableOf(resources: readonly Resource[], contract: Contract): string {
  const types = contractTypes(contract);
  const rows = resources.flatMap((own) => own.items.map((item): Record<Column, string> => {
    const type = item.dataType ?? types.get(item.code);
    return {
      code: own.code, name: own.name, category: own.code.split('/')[0] ?? '', department: own.departmentName, providerUscc: own.providerUscc, abstract: own.abstract, formatCategory: formats[own.formatCategory][0] ?? '', formatType: own.formatType, formatNote: own.formatNote,
      itemCode: item.code, itemName: item.name, dataType: type === undefined ? '' : dataTypeNames[type], dataLength: item.dataLength, shareType: shareTypes[item.shareType][0] ?? '', condition: item.condition,
      keyShareType: item.keyShareType === null ? '' : shareTypes[item.keyShareType][0] ?? '', shareMode: own.shareMode, sensitivity: item.sensitivity, open: item.open ? '是' : '否', openCondition: own.openCondition,
      updateCycle: cycles[own.updateCycle][0] ?? '', publishedOn: own.publishedOn, relatedCodes: own.relatedCodes.join('；'), summary: shareTypes[strictest(own.items)][0] ?? '',
    };
  }));
  const names = Object.keys(columns) as Column[];
  return `\uFEFF${rowText(names.map((name) => columns[name][0]))}${rows.map((row) => rowText(names.map((name) => spreadsheetCell(row[name])))).join('')}`;
}

/** The catalog as JSON: the same, nested. */
export function jsonOf(resources: readonly Resource[], contract: Contract): string {
  const types = contractTypes(contract);
  return JSON.stringify(resources.map(({ items, ...own }) => ({
    ...own, shareType: strictest(items),
    items: items.map(({ code, name, shareType, condition, keyShareType, sensitivity, open, updateCycle, dataType, dataLength, ownerDepartment, version }) => ({ code, name, dataType: dataType ?? types.get(code) ?? null, dataLength, shareType, condition, keyShareType, sensitivity, open, updateCycle, ownerDepartment, version })),
  })), null, 2);
}

/** A table's text as rows of cells. */
export function cellsOf(text: string): readonly (readonly string[])[] {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const delimiter = delimiterOf(body.slice(0, /\r?\n/.exec(body)?.index ?? body.length));
  const rows: string[][] = [];
  let row = '';
  for (const part of body.split(/\r?\n/)) {
    row = row === '' ? part : `${row}\n${part}`;
    // A quote that is not closed goes on in the next line.
    if ((row.match(/"/g)?.length ?? 0) % 2 === 1) continue;
    rows.push(fieldsOf(row, delimiter));
    row = '';
  }
  if (row !== '') throw new HubError('BAD_INPUT', 'The table ends within a quote that is not closed.');
  return rows;
}

/** Reads the form that a department filled in; throws `BAD_INPUT` naming rows and columns. */
export function readTable(rows: readonly (readonly string[])[]): readonly ResourceInput[] {
  // Titles and notes may stand above the header.
  const start = rows.findIndex((cells) => cells.some((cell) => canonical(cell) === '信息项代码'));
  const header = rows[start] ?? [];
  const places = new Map(header.map((cell, place) => [columnOf(canonical(cell)), place] as const).filter((one): one is readonly [Column, number] => one[0] !== null));
  const missing = needed.filter((name) => !places.has(name));
  if (start < 0 || missing.length > 0) throw new HubError('BAD_INPUT', `The table has no column ${missing.map((name) => columns[name][0]).join(', ')}; the catalog's own export shows all of them.`);
  const problems: string[] = [];
  const found = new Map<string, ResourceInput>();
  let last: Readonly<Record<string, string>> = {};
  for (const [index, cells] of rows.slice(start + 1).entries()) {
    const cell = (name: Column): string => (cells[places.get(name) ?? -1] ?? '').trim().replace(/^'(?=[=+\-@])/, '');
    if (cells.every((one) => one.trim() === '')) continue;
    const word = <T extends string>(name: Column, words: Words<T>, text: string): T | undefined => {
      const key = (Object.keys(words) as T[]).find((one) => one === text.toUpperCase() || one === text || words[one].includes(text));
      if (key === undefined) problems.push(`row ${start + index + 2}, ${columns[name][0]}: is "${text}"; it may be ${Object.values<readonly string[]>(words).map(([first]) => first).join(', ')}`);
      return key;
    };
    const own = Object.fromEntries(resourceColumns.map((name) => [name, cell(name) === '' && (cell('code') === '' || cell('code') === last['code']) ? last[name] ?? '' : cell(name)]));
    last = own;
    const code = own['code'] ?? '';
    const item = itemOf(cell, word);
    const resource = found.get(code);
    if (resource !== undefined) {
      resource.items.push(item);
      continue;
    }
    found.set(code, {
      code, name: own['name'] ?? '', providerUscc: own['providerUscc'] ?? '', abstract: own['abstract'] ?? '', formatCategory: word('formatCategory', formats, own['formatCategory'] ?? '') ?? 'DATABASE', formatType: own['formatType'] ?? '', formatNote: own['formatNote'] ?? '',
      shareMode: own['shareMode'] ?? '', openCondition: own['openCondition'] ?? '', updateCycle: word('updateCycle', cycles, own['updateCycle'] ?? '') ?? 'OTHER',
      relatedCodes: (own['relatedCodes'] ?? '').split(/[;；,，、\s]+/).filter((one) => one !== ''), items: [item],
    });
  }
  if (problems.length > 0) throw new HubError('BAD_INPUT', `The table cannot be read: ${problems.slice(0, 20).join('; ')}${problems.length > 20 ? `; and ${problems.length - 20} more` : ''}.`);
  if (found.size === 0) throw new HubError('BAD_INPUT', 'The table holds no rows below its header.');
  return [...found.values()];
}

const resourceColumns = ['code', 'name', 'providerUscc', 'abstract', 'formatCategory', 'formatType', 'formatNote', 'shareMode', 'openCondition', 'updateCycle', 'relatedCodes'] as const satisfies readonly Column[];

function itemOf(cell: (name: Column) => string, word: <T extends string>(name: Column, words: Words<T>, text: string) => T | undefined): ResourceInput['items'][number] {
  const dataType = cell('dataType') === '' ? null : word('dataType', letters, cell('dataType').replace(/[A-Z]$/i, (letter) => (cell('dataType').length > 1 ? '' : letter)));
  return {
    code: cell('itemCode'), name: cell('itemName'), dataType: dataType ?? null, dataLength: cell('dataLength'), shareType: word('shareType', shareTypes, cell('shareType')) ?? 'NOT_SHARED', condition: cell('condition'),
    keyShareType: cell('keyShareType') === '' ? null : word('keyShareType', shareTypes, cell('keyShareType')) ?? null, sensitivity: word('sensitivity', grades, cell('sensitivity')) ?? 'S4', open: word('open', answers, cell('open')) === 'true',
  };
}

const letters = Object.fromEntries(Object.entries(dataTypeNames).map(([letter, name]) => [letter, [name]])) as unknown as Words<keyof typeof dataTypeNames>;

function canonical(cell: string): string {
  return cell.replace(/^\uFEFF/, '').replace(/[\s*（(].*$/s, '').trim();
}

function columnOf(name: string): Column | null {
  return (Object.keys(columns) as Column[]).find((own) => (columns[own] as readonly string[]).includes(name)) ?? null;
}
