/**
 * A resource as it is to be: the form that is edited, made of what the catalog has or of what a draft says, and what it changes.
 */
import type { CatalogResourceInput } from '../../generated/graphql.ts';
import type { Item, Resource } from './catalog.ts';

export type ItemForm = CatalogResourceInput['items'] extends infer Items ? Items extends readonly (infer One)[] ? One : never : never;

/** An item as it is now, as a form. */
export const itemForm = ({ code, name, dataType, dataLength, shareType, condition, keyShareType, sensitivity, open }: Item): ItemForm => ({ code, name, dataType, dataLength, shareType, condition, keyShareType, sensitivity, open });

/** A resource as it is now, with the items that a department provides in it. */
export function resourceForm({ code, name, providerUscc, abstract, formatCategory, formatType, formatNote, shareMode, openCondition, updateCycle, relatedCodes }: Resource, items: readonly Item[]): CatalogResourceInput {
  return { code, name, providerUscc, abstract, formatCategory, formatType, formatNote, shareMode, openCondition, updateCycle, relatedCodes: [...relatedCodes], items: items.map(itemForm) };
}

/** What a draft's content says; null: it withdraws. */
export function formOfDraft(content: unknown): CatalogResourceInput | null {
  return content === null || content === undefined ? null : content as CatalogResourceInput;
}

/** The fields of a resource that are compared and edited, in order. */
export const resourceFields = ['name', 'abstract', 'formatCategory', 'formatType', 'formatNote', 'shareMode', 'openCondition', 'updateCycle', 'providerUscc'] as const;
const itemFields = ['name', 'shareType', 'keyShareType', 'condition', 'sensitivity', 'open', 'dataType', 'dataLength'] as const;

/** One thing that a draft changes. */
export interface Difference {
  readonly key: string;
  readonly kind: 'new' | 'gone' | 'changed';
  /** The item; null: the resource itself. */
  readonly item: string | null;
  readonly field: (typeof resourceFields)[number] | (typeof itemFields)[number] | null;
  readonly before: string;
  readonly after: string;
}

const said = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** What a form changes of what there is now; null: there is nothing yet. */
export function differences(before: CatalogResourceInput | null, after: CatalogResourceInput): readonly Difference[] {
  const found: Difference[] = [];
  for (const field of resourceFields) {
    const [was, is] = [said(before?.[field]), said(after[field])];
    if (was !== is) found.push({ key: field, kind: before === null ? 'new' : 'changed', item: null, field, before: was, after: is });
  }
  const [now, then] = [new Map((before?.items ?? []).map((own) => [own.code, own])), new Map(after.items.map((own) => [own.code, own]))];
  for (const [code, own] of then) {
    const was = now.get(code);
    if (was === undefined) found.push({ key: code, kind: 'new', item: code, field: null, before: '', after: own.name });
    else for (const field of itemFields) if (said(was[field]) !== said(own[field])) found.push({ key: `${code} ${field}`, kind: 'changed', item: code, field, before: said(was[field]), after: said(own[field]) });
  }
  for (const [code, own] of now) if (!then.has(code)) found.push({ key: code, kind: 'gone', item: code, field: null, before: own.name, after: '' });
  return found;
}
