/**
 * Columns of the matrix of field permissions: what one consumer may have of each of many items. Those of the present are kept while nothing
 * has changed that they hang on, over all items of all registries: whoever asks for a registry, for some items or for all is answered from
 * the same column, and a change costs one. `permission-keeper.ts` sees to it that they are there before anybody asks.
 */
import { lookedAtOnce } from '../identity/policy-rows.ts';
import { mattersOf } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import type { Contract } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import type { CatalogItem } from '../sharing/catalog.ts';
import type { Policy } from '../sharing/grant.ts';
import { CellReasons, Matrix } from '../sharing/matrix.ts';
import type { CellReason, MatrixFrame } from '../sharing/matrix.ts';
import type { Consumer, Matter, Mode } from '../sharing/terms.ts';
import type { Halt } from './turns.ts';

/** A column. */
export interface PermissionColumn {
  /** Each once. */
  readonly reasons: readonly CellReason[];
  /** For each item that it was judged for, the place of its reason. */
  readonly places: Uint16Array;
}

/** Codes of the items of a registry's record types (null: of all), in their order. What a field is derived from are items of other fields. */
export function itemCodes({ types }: Contract, registry: RegistryName | null): readonly string[] {
  const own = [...types.values()].filter(({ model }) => registry === null || model.registry === registry);
  const codes = own.flatMap(({ existsItem, fields }) => [existsItem, ...[...fields.values()].flatMap((field) => (field.kind === 'leaf' && field.derived !== null ? [] : field.items))]);
  return [...new Set(codes)].sort();
}

/** Judges columns of the same items, at one moment of one standing. */
export class ColumnJudge {
  readonly #standing: Standing;
  readonly #frame: MatrixFrame;
  readonly #reasons = new CellReasons();
  /** Made with the first column that has to be judged. */
  #matrix: Matrix | undefined;
  /** Matters are the same for all applications of a department. */
  readonly #matters = new Map<string, readonly Matter[]>();

  /** `at`: ISO 8601 in UTC with milliseconds. */
  constructor(standing: Standing, items: readonly CatalogItem[], mode: Mode, at: string) {
    this.#standing = standing;
    this.#frame = { catalog: standing.catalog, items, sealed: standing.sealed, mode, at };
  }

  column(consumer: Consumer): PermissionColumn {
    const group = `${consumer.department} ${consumer.servicePlatform}`;
    const matters = this.#matters.get(group) ?? mattersOf(consumer, this.#standing);
    this.#matters.set(group, matters);
    this.#matrix ??= new Matrix(this.#frame, this.#reasons);
    const numbers = this.#matrix.column(consumer, lookedAtOnce(this.#standing.policyOf(consumer)), matters);
    const places = new Map([...new Set(numbers)].map((number, place) => [number, place]));
    return { reasons: [...places.keys()].map((number) => this.#reasons.list[number] as CellReason), places: Uint16Array.from(numbers, (number) => places.get(number) as number) };
  }
}

interface Kept extends PermissionColumn {
  readonly everybody: string;
  /** Until when it holds (ISO 8601; null: no end is known). */
  readonly until: string | null;
}

/** See the head of this file. */
export class KeptColumns {
  readonly #codes: readonly string[];
  /** What was decided about a consumer is another object after each change of it. */
  readonly #kept = new WeakMap<Policy, Map<string, Kept>>();
  #judged = 0;

  constructor(contract: Contract) {
    this.#codes = itemCodes(contract, null);
  }

  /** Columns that were judged so far. */
  get judged(): number {
    return this.#judged;
  }

  /** The items of a standing that columns are about, in their order. */
  #itemsOf({ catalog }: Standing): readonly CatalogItem[] {
    return this.#codes.flatMap((code) => catalog.item(code) ?? []);
  }

  /** The columns of a standing at a moment of the present (ISO 8601 in UTC with milliseconds). */
  of(standing: Standing, mode: Mode, at: string): PresentColumns {
    const items = this.#itemsOf(standing);
    const judge = new ColumnJudge(standing, items, mode, at);
    const name = ({ consumer }: Consumer): string => `${mode} ${consumer}`;
    return {
      items,
      find: (consumer) => {
        const known = this.#kept.get(standing.policyOf(consumer))?.get(name(consumer));
        return known !== undefined && known.everybody === standing.everybody && (known.until === null || at < known.until) ? known : undefined;
      },
      judge: (consumer) => {
        const column = judge.column(consumer);
        this.#judged += 1;
        const policy = standing.policyOf(consumer);
        const own = this.#kept.get(policy) ?? new Map<string, Kept>();
        own.set(name(consumer), { ...column, everybody: standing.everybody, until: column.reasons.flatMap(({ until }) => until ?? []).sort()[0] ?? null });
        this.#kept.set(policy, own);
        return column;
      },
    };
  }

  /** Judges the columns that are not there, one after the other, while it is to go on. Of more cells than one matrix may have (`most`), none: nobody asks for all of them. */
  async fill(standing: Standing, mode: Mode, at: string, most: number, { halt, goesOn }: { readonly halt: Halt; readonly goesOn: () => boolean }): Promise<void> {
    const columns = this.of(standing, mode, at);
    const consumers = [...standing.consumers()];
    for (const consumer of consumers.length * columns.items.length > most ? [] : consumers) {
      if (!goesOn()) break;
      // Somebody may have asked for it meanwhile.
      if (columns.find(consumer) !== undefined) continue;
      columns.judge(consumer);
      await halt();
    }
  }
}

/** Columns of one standing at one moment. */
export interface PresentColumns {
  /** What they are about, in their order. */
  readonly items: readonly CatalogItem[];
  /** The column of a consumer, where it is kept. */
  readonly find: (consumer: Consumer) => PermissionColumn | undefined;
  /** Judges one, and keeps it. */
  readonly judge: (consumer: Consumer) => PermissionColumn;
}
