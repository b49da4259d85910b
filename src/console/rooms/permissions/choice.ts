/**
 * What the reader chose to see, as it stands in the address: a page that is sent to a colleague shows him the same.
 */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { CellState, Mode, Registry, ShareType } from '../../generated/enums.ts';

/** See the head of this file; an empty text is no filter. */
export interface Choice {
  readonly registry: Registry | '';
  readonly mode: Mode;
  /** Items by name or code. */
  readonly q: string;
  readonly owner: string;
  readonly share: ShareType | '';
  /** Applications by name, code or department. */
  readonly who: string;
  /** Only rows that have such a cell. */
  readonly state: CellState | '';
  /** The matrix as it was at the end of this day. */
  readonly day: string;
  /** Marks what has changed since the end of this day. */
  readonly since: string;
  readonly onlyChanged: boolean;
  /** Applications that stay in sight. */
  readonly pinned: readonly string[];
}

const names = { registry: 'registry', mode: 'mode', q: 'q', owner: 'owner', share: 'share', who: 'who', state: 'state', day: 'day', since: 'since', onlyChanged: 'changed', pinned: 'pin' } as const;

/** What an address says. */
export function choiceIn(search: URLSearchParams): Choice {
  const of = (name: keyof typeof names): string => search.get(names[name]) ?? '';
  const registry = search.get(names.registry);
  return {
    registry: (registry === null ? 'POPULATION' : registry === 'ALL' ? '' : registry) as Choice['registry'], mode: (of('mode') || 'QUERY') as Mode,
    q: of('q'), owner: of('owner'), share: of('share') as Choice['share'], who: of('who'), state: of('state') as Choice['state'],
    day: of('day'), since: of('since'), onlyChanged: of('onlyChanged') === '1', pinned: of('pinned') === '' ? [] : of('pinned').split(','),
  };
}

/** What the matrix is asked for. */
export interface Asked {
  /** Null: every registry. */
  readonly registry: Registry | null;
  readonly mode: Mode;
  /** A moment; null: now. */
  readonly at: string | null;
}

/** What is asked for by a choice; the rest of it is looked through here. */
export const askedBy = ({ registry, mode, day }: Pick<Choice, 'registry' | 'mode' | 'day'>): Asked => ({ registry: registry === '' ? null : registry, mode, at: endOf(day) });

/** The choice, and how it is changed. */
export function useChoice(): { readonly choice: Choice; readonly choose: (change: Partial<Choice>) => void; readonly clear: () => void } {
  const [search, setSearch] = useSearchParams();
  const choice = useMemo(() => choiceIn(search), [search]);
  const choose = (change: Partial<Choice>): void => setSearch((before) => {
    for (const [name, value] of Object.entries(change) as [keyof typeof names, unknown][]) {
      const written = name === 'registry' ? (value === '' ? 'ALL' : String(value)) : Array.isArray(value) ? value.join(',') : value === true ? '1' : value === false ? '' : String(value);
      if (written === '' || (name === 'mode' && written === 'QUERY') || (name === 'registry' && written === 'POPULATION')) before.delete(names[name]);
      else before.set(names[name], written);
    }
    return before;
  }, { replace: true });
  const clear = (): void => choose({ q: '', owner: '', share: '', who: '', state: '', onlyChanged: false });
  return { choice, choose, clear };
}

/** The end of a civil day (Asia/Shanghai), as a moment; null where none was chosen. */
export const endOf = (day: string): string | null => (day === '' ? null : `${day}T23:59:59.999+08:00`);
