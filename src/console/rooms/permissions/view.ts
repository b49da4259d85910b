/**
 * The matrix as it is looked at: which of its rows and columns are shown, what each cell says, and which cells have changed.
 */
import { useMemo } from 'react';
import type { FieldPermissionChangesQuery, FieldPermissionsQuery } from '../../generated/graphql.ts';
import type { CellState } from '../../generated/enums.ts';
import type { Choice } from './choice.ts';

export type Answer = NonNullable<FieldPermissionsQuery['fieldPermissions']>;
export type Changes = NonNullable<FieldPermissionChangesQuery['fieldPermissionChanges']>;
export type Item = Answer['items'][number];
export type Consumer = Answer['consumers'][number];
/** What stands in a cell. */
export type Mark = Answer['reasons'][number];
/** Why. */
export type Reason = Changes['reasons'][number];

/** What is shown. */
export interface View {
  readonly items: readonly Item[];
  readonly consumers: readonly Consumer[];
  /** So many of the consumers stay in sight, the first ones. */
  readonly pinned: number;
  readonly mark: (row: number, column: number) => Mark;
  /** What a cell was; undefined: what it is. Null: there was no such item or consumer. */
  readonly before: (row: number, column: number) => Reason | null | undefined;
  /** Cells by what they say. */
  readonly counts: Readonly<Record<CellState, number>>;
  readonly changed: number;
}

/** The view of an answer. */
export function useView(answer: Answer | undefined, changes: Changes | undefined, choice: Choice): View | undefined {
  return useMemo(() => (answer === undefined ? undefined : viewOf(answer, changes, choice)), [answer, changes, choice]);
}

const includes = (text: string, words: string): boolean => text.toLowerCase().includes(words);

function viewOf({ items, consumers, reasons, cells }: Answer, changes: Changes | undefined, { q, owner, share, who, state, onlyChanged, pinned }: Choice): View {
  const [words, whoWords] = [q.trim().toLowerCase(), who.trim().toLowerCase()];
  const was = new Map((changes?.changes ?? []).map(({ item, consumer, before }) => [`${item} ${consumer}`, before === null ? null : changes?.reasons[before] ?? null]));
  const [changedItems, changedConsumers] = [new Set(changes?.changes.map(({ item }) => item)), new Set(changes?.changes.map(({ consumer }) => consumer))];
  const isPinned = (code: string): boolean => pinned.includes(code);
  const columns = [...consumers.keys()].filter((place) => {
    const { code, name, departmentCode, departmentName } = consumers[place] as Consumer;
    if (isPinned(code)) return true;
    return (whoWords === '' || [code, name, departmentCode, departmentName].some((text) => includes(text, whoWords))) && (!onlyChanged || changes === undefined || changedConsumers.has(code));
  }).sort((a, b) => Number(isPinned((consumers[b] as Consumer).code)) - Number(isPinned((consumers[a] as Consumer).code)) || a - b);
  const at = (row: number, column: number): Mark => reasons[cells[row]?.[column] as number] as Mark;
  const rows = [...items.keys()].filter((row) => {
    const { code, name, ownerDepartmentCode, shareType } = items[row] as Item;
    return (words === '' || includes(code, words) || includes(name, words)) && (owner === '' || ownerDepartmentCode === owner) && (share === '' || shareType === share)
      && (!onlyChanged || changes === undefined || changedItems.has(code)) && (state === '' || columns.some((column) => at(row, column).state === state));
  });
  const counts: Record<CellState, number> = { SHOWN: 0, PARTLY: 0, MASKED: 0, VERIFY_ONLY: 0, FIND_ONLY: 0, WITHHELD: 0 };
  for (const row of rows) for (const column of columns) counts[at(row, column).state] += 1;
  const shown = { items: rows.map((row) => items[row] as Item), consumers: columns.map((column) => consumers[column] as Consumer) };
  return {
    ...shown, pinned: columns.filter((column) => isPinned((consumers[column] as Consumer).code)).length, counts, changed: changes?.changes.length ?? 0,
    mark: (row, column) => at(rows[row] as number, columns[column] as number),
    before: (row, column) => was.get(`${shown.items[row]?.code} ${shown.consumers[column]?.code}`),
  };
}
