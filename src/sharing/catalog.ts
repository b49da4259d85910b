/**
 * The catalog (政务信息资源目录) as the judge reads it: every information item by its code.
 * It is data, changed by its owners; this file only says what an item is and finds it.
 */
import type { ShareType, Use } from './terms.ts';

/** 数据分级: S1 public, S2 internal, S3 personal information, S4 sensitive personal information (PIPL art. 28). */
export const sensitivities = ['S1', 'S2', 'S3', 'S4'] as const;
export type Sensitivity = (typeof sensitivities)[number];

/** One information item (信息项). */
export interface CatalogItem {
  readonly code: string;
  /** Its Chinese name. */
  readonly name: string;
  /** The department that provides it and decides about it (数源部门). */
  readonly ownerDepartment: string;
  readonly kind: 'BASIC' | 'BUSINESS';
  readonly shareType: ShareType;
  /** The condition of a conditional item; the legal basis of one that is not shared. */
  readonly condition: string;
  /** Share type of the use `key`, where it differs from reading. */
  readonly keyShareType: ShareType | null;
  readonly sensitivity: Sensitivity;
  readonly mask: string;
  readonly updateCycle: string;
  /** 是否向社会开放. */
  readonly open: boolean;
  readonly standard: string;
}

/** How the level above shares an item; its conditions travel with the data that come from there (回流). */
export interface UpperCondition {
  readonly shareType: ShareType;
  readonly condition: string;
}

/** From the widest to the strictest. */
const strictness: Readonly<Record<ShareType, number>> = { UNCONDITIONAL: 0, CONDITIONAL: 1, NOT_SHARED: 2 };
const stricter = (one: ShareType, other: ShareType): ShareType => (strictness[one] >= strictness[other] ? one : other);

/** An item whose data come from the level above: shared as strictly as there or here, whichever is stricter, for every use. */
export function noWider(item: CatalogItem, upper: UpperCondition | undefined): CatalogItem {
  if (upper === undefined || upper.shareType === 'UNCONDITIONAL') return item;
  const shareType = stricter(item.shareType, upper.shareType);
  const keyShareType = item.keyShareType === null ? null : stricter(item.keyShareType, upper.shareType);
  const from = `the level above, from which the data came, shares it so: ${upper.condition === '' ? upper.shareType : upper.condition}`;
  const here = strictness[item.shareType] < strictness[upper.shareType] || item.condition === '' ? from : strictness[item.shareType] > strictness[upper.shareType] || item.condition === upper.condition ? item.condition : `${item.condition}; ${from}`;
  return { ...item, shareType, keyShareType, condition: here, open: false };
}

/** All items, by code; unchanging once made. A changed catalog is a new one. */
export class Catalog {
  readonly #items: ReadonlyMap<string, CatalogItem>;

  constructor(items: Iterable<CatalogItem>) {
    this.#items = new Map([...items].map((item) => [item.code, item]));
  }

  get size(): number {
    return this.#items.size;
  }

  item(code: string): CatalogItem | undefined {
    return this.#items.get(code);
  }

  codes(): IterableIterator<string> {
    return this.#items.keys();
  }

  items(): IterableIterator<CatalogItem> {
    return this.#items.values();
  }
}

/** The share type that governs a use of an item: looking up by a full identifier may have its own. */
export function shareTypeFor(item: CatalogItem, use: Use): ShareType {
  return use === 'key' && item.keyShareType !== null ? item.keyShareType : item.shareType;
}

/** Personal information, sensitive or not: it takes a purpose, unconditional or not. */
export function isPersonal({ sensitivity }: CatalogItem): boolean {
  return sensitivity === 'S3' || sensitivity === 'S4';
}
