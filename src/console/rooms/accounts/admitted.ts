/**
 * Who may come in, as the room looks at it: holders with their accounts and keys, the words that are searched for, and what the
 * session may change.
 */
import { useMemo } from 'react';
import { useAsk } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { KeyHolderInput } from '../../generated/graphql.ts';
import type { AdmittedQuery } from '../../generated/graphql.ts';
import { Admitted } from './documents.ts';

type Every = AdmittedQuery;
export type Account = NonNullable<Every['accounts']>[number];
export type Administrator = NonNullable<Every['administrators']>[number];
export type Consumer = NonNullable<Every['consumers']>[number];
export type KeyTerm = NonNullable<Every['apiKeys']>[number];
export type TokenLink = NonNullable<Every['tokenLinks']>[number];

/** Everything, joined by holder. */
export interface Everybody {
  readonly accounts: readonly Account[];
  readonly administrators: readonly Administrator[];
  readonly consumers: readonly Consumer[];
  /** All departments: code → name. */
  readonly departments: ReadonlyMap<string, string>;
  /** The account of an administrator that is not closed. */
  readonly openAccount: ReadonlyMap<string, Account>;
  readonly keysOf: (holder: Holder) => readonly KeyTerm[];
  readonly links: readonly TokenLink[];
  readonly linksOf: (holder: Holder) => readonly TokenLink[];
}

/** Whose keys they are. */
export interface Holder {
  readonly kind: 'consumer' | 'administrator';
  readonly code: string;
  readonly name: string;
}

/** As the hub takes a holder. */
export const holderInput = ({ kind, code }: Holder): KeyHolderInput => (kind === 'consumer' ? { consumer: code } : { administrator: code });

/** Asked once for all tabs. */
export function useEverybody() {
  const answer = useAsk(Admitted, {});
  const everybody = useMemo(() => (answer.data === undefined ? undefined : everybodyIn(answer.data)), [answer.data]);
  return { answer, everybody };
}

function everybodyIn(all: Every): Everybody {
  const [accounts, administrators, consumers] = [all.accounts ?? [], all.administrators ?? [], all.consumers ?? []];
  const holderOf = (own: { readonly consumer: string | null; readonly administrator: string | null }): string => (own.consumer === null ? `administrator ${own.administrator}` : `consumer ${own.consumer}`);
  const keys = Map.groupBy(all.apiKeys ?? [], holderOf);
  const linked = all.tokenLinks ?? [];
  const links = Map.groupBy(linked, holderOf);
  return {
    accounts, administrators, consumers,
    departments: new Map(all.departments.map(({ code, name }) => [code, name])),
    openAccount: new Map(accounts.filter(({ closedAt }) => closedAt === null).map((own) => [own.administrator, own])),
    keysOf: ({ kind, code }) => keys.get(`${kind} ${code}`) ?? [],
    links: linked,
    linksOf: ({ kind, code }) => links.get(`${kind} ${code}`) ?? [],
  };
}

/** May whoever is here change anything? As the hub's doors have it. */
export function useKeeps(): boolean {
  const { role, authority } = useSession();
  return role === 'SYSTEM' && authority;
}

/** Are these words in any of the texts? */
export const says = (words: string, ...texts: readonly string[]): boolean => texts.some((text) => text.toLowerCase().includes(words.toLowerCase()));
