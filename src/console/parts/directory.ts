/**
 * What codes are called: items, departments, applications, matters. The contract gives codes where it means things; people read
 * names. Asked once for all rooms.
 */
import { useMemo } from 'react';
import { useAsk } from '../api/ask.ts';
import { graphql } from '../api/graphql.ts';
import type { DirectoryQuery } from '../generated/graphql.ts';

const Directory = graphql(`
  query Directory {
    departments { code name }
    consumers { code name departmentCode }
    catalogItems { code name ownerDepartmentCode shareType sensitivity }
    matters { code name departmentCode }
  }
`);

export type Consumer = DirectoryQuery['consumers'][number];
export type NamedItem = NonNullable<DirectoryQuery['catalogItems']>[number];
export type Matter = NonNullable<DirectoryQuery['matters']>[number];

/** The directory; until it is there, codes stand for themselves. */
export interface Names {
  readonly consumers: readonly Consumer[];
  readonly items: readonly NamedItem[];
  readonly matters: readonly Matter[];
  readonly consumer: (code: string) => string;
  readonly item: (code: string) => string;
  readonly itemOf: (code: string) => NamedItem | undefined;
  readonly department: (code: string) => string;
  readonly matter: (code: string) => string;
}

/** See the head of this file. Asked only while `when` holds. */
export function useDirectory(when = true): Names {
  const { data } = useAsk(Directory, {}, { when });
  return useMemo(() => {
    const [consumers, items, matters] = [data?.consumers ?? [], data?.catalogItems ?? [], data?.matters ?? []];
    const consumer = new Map(consumers.map((own) => [own.code, own.name]));
    const item = new Map(items.map((own) => [own.code, own]));
    const matter = new Map(matters.map((own) => [own.code, own.name]));
    const department = new Map(data?.departments.map((own) => [own.code, own.name]));
    return {
      consumers, items, matters,
      consumer: (code) => consumer.get(code) ?? code,
      item: (code) => item.get(code)?.name ?? code,
      itemOf: (code) => item.get(code),
      department: (code) => department.get(code) ?? code,
      matter: (code) => matter.get(code) ?? code,
    };
  }, [data]);
}
