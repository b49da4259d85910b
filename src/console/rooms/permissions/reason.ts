/**
 * Why a cell is as it is, asked for when somebody looks at it. One answer tells it of all cells of an application, so whoever looks at the
 * next one below is told at once.
 */
import { useAsk } from '../../api/ask.ts';
import type { Problem } from '../../api/problem.ts';
import type { Asked } from './choice.ts';
import { PermissionReasons } from './documents.ts';
import type { Consumer, Item, Mark, Reason } from './view.ts';

/** A cell, by what stands in it. */
export interface Cell {
  readonly item: Item;
  readonly consumer: Consumer;
  readonly mark: Mark;
}

/** The reason of a cell, once it is there, or what kept it from being told; asked for only while `when` holds. */
export function useReason(asked: Asked, { item, consumer, mark }: Cell, when = true): { readonly reason: Reason | undefined; readonly problem: Problem | null; readonly again: () => void } {
  const { data, error, refetch, isPlaceholderData, isFetching } = useAsk(PermissionReasons, { ...asked, consumer: consumer.code }, { when });
  const told = isPlaceholderData ? undefined : data?.fieldPermissions ?? undefined;
  const row = told?.items.findIndex(({ code }) => code === item.code) ?? -1;
  const found = told?.reasons[told.cells[row]?.[0] ?? -1];
  // What was told before a change is not shown beside what is there since.
  const outdated = found !== undefined && isFetching && (found.state !== mark.state || found.denial !== mark.denial);
  return { reason: outdated ? undefined : found, problem: error, again: () => void refetch() };
}
