/**
 * The matters as the room walks through them, with the names of their departments.
 */
import { useMemo } from 'react';
import { useAsk } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { AllMattersQuery, MatterVersionsQuery } from '../../generated/graphql.ts';
import { AllMatters } from './documents.ts';

export type Matter = NonNullable<AllMattersQuery['matters']>[number];
export type Version = NonNullable<MatterVersionsQuery['matterVersions']>[number];
export type Consumer = NonNullable<AllMattersQuery['consumers']>[number];

/** What all pages of the room know. */
export interface Known {
  readonly matters: readonly Matter[];
  readonly consumers: readonly Consumer[];
  readonly departments: AllMattersQuery['departments'];
  /** The name of a department. */
  readonly department: (code: string) => string;
}

/** Asked once for all pages of the room. */
export function useMatters() {
  const answer = useAsk(AllMatters, {});
  const known = useMemo(() => (answer.data === undefined ? undefined : knownOf(answer.data)), [answer.data]);
  return { answer, known };
}

function knownOf({ matters, consumers, departments }: AllMattersQuery): Known {
  const names = new Map(departments.map(({ code, name }) => [code, name]));
  return { matters: matters ?? [], consumers: consumers ?? [], departments, department: (code) => names.get(code) ?? code };
}

/** May whoever is here register and draft? As the hub's doors have it. */
export function useEdits(): boolean {
  const { role, authority } = useSession();
  return role === 'STEWARD' && authority;
}

/** Where a matter's page is. */
export const matterPath = (code: string): string => `/matters/${encodeURIComponent(code)}`;
