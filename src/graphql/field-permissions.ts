/**
 * The matrix of field permissions of a standing: the items of a registry by the consumers, at a moment, and what has changed between two
 * moments. What a cell says is decided in `sharing/matrix.ts`; no record is read. It does not ask who wants to know: that is for whoever
 * offers it.
 */
import { HubError } from '../errors.ts';
import type { Standing } from '../identity/standing.ts';
import type { Contract } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import type { CatalogItem } from '../sharing/catalog.ts';
import { CellReasons } from '../sharing/matrix.ts';
import type { CellReason } from '../sharing/matrix.ts';
import type { Consumer, Mode } from '../sharing/terms.ts';
import { ColumnJudge, itemCodes } from './permission-columns.ts';
import type { KeptColumns, PermissionColumn } from './permission-columns.ts';
import type { Halt } from './turns.ts';

/** Which cells. */
export interface PermissionScope {
  /** Null: every registry. */
  readonly registry: RegistryName | null;
  /** Null: all of the registry's. */
  readonly items: readonly string[] | null;
  /** Null: all. */
  readonly consumers: readonly string[] | null;
  readonly mode: Mode;
  /** Items that may be told of. */
  readonly concerns: (item: CatalogItem) => boolean;
}

/** A standing at a moment (ISO 8601 in UTC with milliseconds). */
export interface PermissionMoment {
  readonly standing: Standing;
  readonly at: string;
  /** Where the columns of the present are kept; absent: it is another moment. */
  readonly kept?: KeptColumns;
}

/** See the head of this file. */
export interface FieldPermissions {
  /** By code. */
  readonly items: readonly CatalogItem[];
  /** By department, then by code. */
  readonly consumers: readonly Consumer[];
  readonly reasons: readonly CellReason[];
  /** A row for each item, in it for each consumer the place of the reason. */
  readonly cells: readonly (readonly number[])[];
}

/** A cell that is not as it was; null: there was, or is, no such item or consumer. */
export interface ChangedCell {
  readonly item: string;
  readonly consumer: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** What has changed between two moments. Items and consumers are those of changed cells, as they are at the later moment, or were. */
export interface FieldPermissionChanges {
  readonly items: readonly CatalogItem[];
  readonly consumers: readonly Consumer[];
  readonly reasons: readonly CellReason[];
  readonly changes: readonly ChangedCell[];
}

/** Cells of one matrix at most: all items of the five registries by 250 consumers, about. */
export const mostCells = 200_000;

/** The matrix at a moment. `BAD_INPUT` names items and consumers that there are not, or too many of them. */
export async function fieldPermissions(contract: Contract, scope: PermissionScope, moment: PermissionMoment, halt: Halt): Promise<FieldPermissions> {
  const reasons = new CellReasons();
  const frame = frameOf(contract, scope, moment.standing);
  refuseWrong(scope, [frame]);
  const cells = await cellsOf(frame, scope.mode, moment, reasons, halt);
  return { items: frame.items, consumers: frame.consumers, reasons: reasons.list, cells };
}

/** What is otherwise at the later moment. */
export async function fieldPermissionChanges(contract: Contract, scope: PermissionScope, from: PermissionMoment, to: PermissionMoment, halt: Halt): Promise<FieldPermissionChanges> {
  const reasons = new CellReasons();
  const [was, is] = [frameOf(contract, scope, from.standing), frameOf(contract, scope, to.standing)];
  refuseWrong(scope, [was, is]);
  const [before, after] = [await cellsOf(was, scope.mode, from, reasons, halt), await cellsOf(is, scope.mode, to, reasons, halt)];
  const [old, now] = [byNames(was, before), byNames(is, after)];
  const items = byCode([...was.items, ...is.items], ({ code }) => code);
  const consumers = byCode([...was.consumers, ...is.consumers], ({ consumer }) => consumer);
  const changes: ChangedCell[] = [];
  for (const item of items.keys()) {
    for (const consumer of consumers.keys()) {
      const cell = { before: old.get(consumer)?.get(item) ?? null, after: now.get(consumer)?.get(item) ?? null };
      if (cell.before !== cell.after) changes.push({ item, consumer, ...cell });
    }
    await halt();
  }
  const [rows, columns] = [new Set(changes.map(({ item }) => item)), new Set(changes.map(({ consumer }) => consumer))];
  return { items: [...items.values()].filter(({ code }) => rows.has(code)), consumers: [...consumers.values()].filter(({ consumer }) => columns.has(consumer)), reasons: reasons.list, changes };
}

interface Frame {
  readonly items: readonly CatalogItem[];
  readonly consumers: readonly Consumer[];
  /** Are the rows all of a registry? */
  readonly whole: boolean;
}

/** The rows and columns that there are at a moment. */
function frameOf(contract: Contract, { registry, items: only, consumers: among, concerns }: PermissionScope, standing: Standing): Frame {
  const [rows, columns] = [new Set(only), new Set(among)];
  const all = itemCodes(contract, registry).flatMap((code) => standing.catalog.item(code) ?? []);
  const items = all.filter((item) => (only === null || rows.has(item.code)) && concerns(item));
  return {
    items, whole: items.length === all.length,
    consumers: [...standing.consumers()].filter(({ consumer }) => among === null || columns.has(consumer)).sort((a, b) => (`${a.department} ${a.consumer}` < `${b.department} ${b.consumer}` ? -1 : 1)),
  };
}

/** Refuses what is asked for by name and is at none of the moments, and more than one answer holds. */
function refuseWrong({ items, consumers }: PermissionScope, frames: readonly Frame[]): void {
  const [rows, columns] = [new Set(frames.flatMap((frame) => frame.items.map(({ code }) => code))), new Set(frames.flatMap((frame) => frame.consumers.map(({ consumer }) => consumer)))];
  const wrong = items?.find((code) => !rows.has(code));
  if (wrong !== undefined) throw new HubError('BAD_INPUT', `Item ${wrong} is none of this registry at that moment, or is provided by another department, whose steward is told who may use it.`);
  const nobody = consumers?.find((code) => !columns.has(code));
  if (nobody !== undefined) throw new HubError('BAD_INPUT', `There is no consumer ${nobody} at that moment.`);
  const cells = Math.max(...frames.map((frame) => frame.items.length * frame.consumers.length));
  if (cells > mostCells) throw new HubError('BAD_INPUT', `This would be ${cells} cells; the limit is ${mostCells}. Name one registry, or some of the items or consumers.`);
}

/** A row for each item, in it for each consumer the number of a reason. Of the present whole columns are judged and kept, where whole ones are asked for. */
async function cellsOf({ items, consumers, whole }: Frame, mode: Mode, { standing, at, kept }: PermissionMoment, reasons: CellReasons, halt: Halt): Promise<readonly (readonly number[])[]> {
  const own = new ColumnJudge(standing, items, mode, at);
  const present = kept?.of(standing, mode, at);
  const place = new Map(present?.items.map(({ code }, index) => [code, index]));
  const [ownRows, presentRows] = [[...items.keys()], items.map(({ code }) => place.get(code) as number)];
  const cells = items.map((): number[] => []);
  /** Adds some cells of a column to the rows. */
  const add = ({ reasons: told, places }: PermissionColumn, rows: readonly number[]): void => {
    const numbers: number[] = [];
    for (const [index, row] of rows.entries()) {
      const one = places[row] as number;
      (cells[index] as number[]).push((numbers[one] ??= reasons.numberOf(told[one] as CellReason)));
    }
  };
  for (const consumer of consumers) {
    const known = present?.find(consumer);
    if (known !== undefined) {
      add(known, presentRows);
      continue;
    }
    if (whole && present !== undefined) add(present.judge(consumer), presentRows);
    else add(own.column(consumer), ownRows);
    await halt();
  }
  return cells;
}

/** The same by the codes of consumer and item. */
function byNames({ items, consumers }: Frame, cells: readonly (readonly number[])[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  return new Map(consumers.map(({ consumer }, place) => [consumer, new Map(items.map(({ code }, row) => [code, cells[row]?.[place] as number]))]));
}

/** The last of each code, in the order of codes. */
function byCode<T>(all: readonly T[], codeOf: (one: T) => string): ReadonlyMap<string, T> {
  const last = new Map(all.map((one) => [codeOf(one), one]));
  return new Map([...last].sort(([a], [b]) => (a < b ? -1 : 1)));
}
