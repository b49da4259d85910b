/**
 * Data types of items (信息项的数据类型) in the letters of the national guide. What the contract offers has the type of its column; what
 * it does not offer yet has the one that its department told.
 */
import type { ColumnKind } from '../registries/columns.ts';
import type { Contract } from '../registries/contract.ts';

/** 字符型 数值型 货币型 日期型 日期时间型 逻辑型 备注型 通用型 双精度型 整型 浮点型. */
export const dataTypes = ['C', 'N', 'Y', 'D', 'T', 'L', 'M', 'G', 'B', 'I', 'F'] as const;
export type DataType = (typeof dataTypes)[number];

/** Their names, by letter. */
export const dataTypeNames: Readonly<Record<DataType, string>> = {
  C: '字符型', N: '数值型', Y: '货币型', D: '日期型', T: '日期时间型', L: '逻辑型', M: '备注型', G: '通用型', B: '双精度型', I: '整型', F: '浮点型',
};

const byColumn: Readonly<Record<ColumnKind, DataType>> = { text: 'C', textList: 'C', id: 'C', date: 'D', instant: 'T', decimal: 'N', integer: 'I', flag: 'L', geometry: 'G', json: 'G' };

/** The type of each item that the contract offers; that a record or an edge is there is a yes or no. */
export function contractTypes({ types }: Contract): ReadonlyMap<string, DataType> {
  const found = new Map<string, DataType>();
  for (const { existsItem, fields } of types.values()) {
    found.set(existsItem, 'L');
    for (const field of fields.values()) {
      const [item] = field.items;
      if (item === undefined || found.has(item) || (field.kind === 'leaf' && field.derived !== null) || field.kind === 'verify') continue;
      found.set(item, field.kind === 'leaf' ? byColumn[field.columnKind] : 'L');
    }
  }
  return found;
}

/** The coordinates at which the contract offers each item, in the order of the contract: the record itself for the item that it is there; what is only derived from an item offers it nowhere. */
export function contractPlaces({ types }: Contract): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const put = (item: string | undefined, place: string): void => {
    if (item !== undefined) found.set(item, [...found.get(item) ?? [], place]);
  };
  for (const { name, existsItem, fields } of types.values()) {
    put(existsItem, name);
    for (const field of fields.values()) {
      if (field.kind === 'leaf' && field.derived !== null) continue;
      put(field.items[0], `${name}.${field.name}`);
    }
  }
  return found;
}
