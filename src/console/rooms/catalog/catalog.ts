/**
 * The catalog as the room walks through it: items joined with their resources and departments, and the filters that stand in
 * the address.
 */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import type { CatalogQuery } from '../../generated/graphql.ts';
import { registryOf } from '../../parts/names.ts';
import { WholeCatalog } from './documents.ts';

export type Item = NonNullable<CatalogQuery['catalogItems']>[number];
export type Resource = NonNullable<CatalogQuery['catalogResources']>[number];

/** The catalog, by code. */
export interface Whole {
  readonly items: readonly Item[];
  readonly resources: readonly Resource[];
  readonly item: ReadonlyMap<string, Item>;
  readonly resource: ReadonlyMap<string, Resource>;
  /** Names of departments that provide something, by code. */
  readonly departments: ReadonlyMap<string, string>;
}

/** The catalog, asked once for all pages of the room. */
export function useCatalog() {
  const answer = useAsk(WholeCatalog, {});
  const whole = useMemo(() => (answer.data === undefined ? undefined : wholeOf(answer.data)), [answer.data]);
  return { answer, whole };
}

function wholeOf({ catalogItems, catalogResources }: CatalogQuery): Whole {
  const [items, resources] = [catalogItems ?? [], catalogResources ?? []];
  return {
    items, resources,
    item: new Map(items.map((own) => [own.code, own])),
    resource: new Map(resources.map((own) => [own.code, own])),
    departments: new Map(items.map((own) => [own.ownerDepartmentCode, own.ownerDepartmentName])),
  };
}

/** What is looked for. */
export interface Filters {
  readonly q: string;
  readonly registry: string;
  readonly department: string;
  readonly share: string;
  readonly level: string;
}

const names = ['q', 'registry', 'department', 'share', 'level'] as const;

/** The filters, as they stand in the address: a page that is sent to a colleague shows him the same. */
export function useFilters(): { readonly filters: Filters; readonly set: (change: Partial<Filters>) => void; readonly clear: () => void; readonly any: boolean } {
  const [search, setSearch] = useSearchParams();
  const filters = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as unknown as Filters;
  const set = (change: Partial<Filters>): void => setSearch((before) => {
    for (const [name, value] of Object.entries(change)) {
      if (value) before.set(name, value);
      else before.delete(name);
    }
    return before;
  }, { replace: true });
  return { filters, set, clear: () => setSearch({}, { replace: true }), any: names.some((name) => filters[name] !== '') };
}

/** The items that are like that. */
export function found({ items, resource }: Whole, { q, registry, department, share, level }: Filters): readonly Item[] {
  const words = q.trim().toLowerCase();
  return items.filter((item) =>
    (registry === '' || registryOf(item.code) === registry)
    && (department === '' || item.ownerDepartmentCode === department)
    && (share === '' || item.shareType === share)
    && (level === '' || item.sensitivity === level)
    && (words === '' || item.code.toLowerCase().includes(words) || item.name.toLowerCase().includes(words) || (resource.get(item.resource ?? '')?.name.includes(words) ?? false)));
}

/** Where an item's page is. */
export const itemPath = (code: string): string => `/catalog/items/${encodeURIComponent(code)}`;

/** Where a resource's page is; its code holds a slash. */
export const resourcePath = (code: string): string => `/catalog/resources/${encodeURIComponent(code)}`;
