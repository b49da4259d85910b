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
import type { Policy } from '../sharing/grant.ts';
import { CellReasons, Matrix } from '../sharing/matrix.ts';
import type { CellReason } from '../sharing/matrix.ts';
import type { Consumer, Matter, Mode } from '../sharing/terms.ts';
import { mattersOf } from './explain.ts';
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

/** A column as it was judged, and until when that holds (ISO 8601; null: no end is known). */
interface KeptColumn {
  readonly everybody: string;
  readonly until: string | null;
  readonly reasons: readonly CellReason[];
}

/**
 * Columns of the present, kept while nothing has changed that they hang on: what was decided about the consumer (its policy is another
 * object then), what concerns everybody, and the next moment at which a line begins or ends. So a change costs one column.
 */
export class KeptColumns {
  readonly #kept = new WeakMap<Policy, Map<string, KeptColumn>>();

  /** The reasons of a column; undefined: it has to be judged. */
  find(policy: Policy, name: string, { everybody }: Standing, at: string): readonly CellReason[] | undefined {
    const known = this.#kept.get(policy)?.get(name);
    return known !== undefined && known.everybody === everybody && (known.until === null || at < known.until) ? known.reasons : undefined;
  }

  keep(policy: Policy, name: string, { everybody }: Standing, reasons: readonly CellReason[]): void {
    const columns = this.#kept.get(policy) ?? new Map<string, KeptColumn>();
    columns.set(name, { everybody, until: reasons.flatMap(({ until }) => until ?? []).sort()[0] ?? null, reasons });
    this.#kept.set(policy, columns);
  }
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
  /** Cells that were judged; the others were like one of these. */
  readonly judged: number;
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
  const { columns, judged } = await columnsOf(frame, scope.mode, moment, reasons, halt);
  return { ...frame, reasons: reasons.list, cells: frame.items.map((_item, row) => columns.map((column) => column[row] as number)), judged };
}

/** What is otherwise at the later moment. */
export async function fieldPermissionChanges(contract: Contract, scope: PermissionScope, from: PermissionMoment, to: PermissionMoment, halt: Halt): Promise<FieldPermissionChanges> {
  const reasons = new CellReasons();
  const [was, is] = [frameOf(contract, scope, from.standing), frameOf(contract, scope, to.standing)];
  refuseWrong(scope, [was, is]);
  const [before, after] = [await columnsOf(was, scope.mode, from, reasons, halt), await columnsOf(is, scope.mode, to, reasons, halt)];
  const [old, now] = [cellsOf(was, before.columns), cellsOf(is, after.columns)];
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
  /** What the rows are called, where they are all of a registry. */
  readonly rows: string | null;
}

/** The rows and columns that there are at a moment. */
function frameOf(contract: Contract, { registry, items: only, consumers: among, concerns }: PermissionScope, standing: Standing): Frame {
  const [rows, columns] = [new Set(only), new Set(among)];
  const all = itemsOf(contract, registry).flatMap((code) => standing.catalog.item(code) ?? []);
  const items = all.filter((item) => (only === null || rows.has(item.code)) && concerns(item));
  return {
    items, rows: items.length === all.length ? registry ?? 'ALL' : null,
    consumers: [...standing.consumers()].filter(({ consumer }) => among === null || columns.has(consumer)).sort((a, b) => (`${a.department} ${a.consumer}` < `${b.department} ${b.consumer}` ? -1 : 1)),
  };
}

/** Codes of the items of a registry's record types, in their order. What a field is derived from are items of other fields. */
function itemsOf({ types }: Contract, registry: RegistryName | null): readonly string[] {
  const own = [...types.values()].filter(({ model }) => registry === null || model.registry === registry);
  const codes = own.flatMap(({ existsItem, fields }) => [existsItem, ...[...fields.values()].flatMap((field) => (field.kind === 'leaf' && field.derived !== null ? [] : field.items))]);
  return [...new Set(codes)].sort();
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

/** A column for each consumer. */
async function columnsOf({ items, consumers, rows }: Frame, mode: Mode, { standing, at, kept }: PermissionMoment, reasons: CellReasons, halt: Halt): Promise<{ readonly columns: readonly (readonly number[])[]; readonly judged: number }> {
  const matrix = new Matrix({ catalog: standing.catalog, items, sealed: standing.sealed, mode, at }, reasons);
  // Matters are the same for all applications of a department.
  const mattersBy = new Map<string, readonly Matter[]>();
  const columns: (readonly number[])[] = [];
  for (const consumer of consumers) {
    const policy = standing.policyOf(consumer);
    const name = `${rows} ${mode} ${consumer.consumer}`;
    const known = rows === null ? undefined : kept?.find(policy, name, standing, at);
    if (known !== undefined) {
      columns.push(known.map((reason) => reasons.numberOf(reason)));
      continue;
    }
    const group = `${consumer.department} ${consumer.servicePlatform}`;
    const matters = mattersBy.get(group) ?? mattersOf(consumer, standing);
    mattersBy.set(group, matters);
    const column = matrix.column(consumer, policy, matters);
    columns.push(column);
    if (rows !== null) kept?.keep(policy, name, standing, column.map((number) => reasons.list[number] as CellReason));
    await halt();
  }
  return { columns, judged: matrix.judged };
}

/** The same by the codes of consumer and item. */
function cellsOf({ items, consumers }: Frame, columns: readonly (readonly number[])[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  return new Map(consumers.map(({ consumer }, place) => [consumer, new Map(items.map(({ code }, row) => [code, columns[place]?.[row] as number]))]));
}

/** The last of each code, in the order of codes. */
function byCode<T>(all: readonly T[], codeOf: (one: T) => string): ReadonlyMap<string, T> {
  const last = new Map(all.map((one) => [codeOf(one), one]));
  return new Map([...last].sort(([a], [b]) => (a < b ? -1 : 1)));
}
