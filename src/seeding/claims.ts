/**
 * Where the parts of a synthetic county put what the sources say, and how it leaves in batches.
 *
 * One basket per record type and source: what changes a record (a death, a deregistration) follows its first claim in the
 * same basket. What a second source adds to a record has baskets of its own, which leave after those of the first. At most `batchSize` claims leave at once, so memory
 * stays flat whatever the county's size.
 */
import { records } from '../registries/index.ts';
import type { RecordModel } from '../registries/record.ts';
import type { SourceClaim } from '../records/write.ts';

/** Claims of one source about one record type. */
export interface Batch {
  readonly model: RecordModel;
  readonly source: string;
  readonly claims: SourceClaim[];
}

/** What else a claim may say. */
export interface ClaimExtras {
  /** The last day (not included) on which the values hold. */
  readonly until?: string | undefined;
  /** Which word of this source about the record it is: 0 for the first. */
  readonly round?: number;
  /** Another source has begun the record; this one adds to it. */
  readonly second?: boolean;
}

const batchSize = 1000;

const models: ReadonlyMap<string, RecordModel> = new Map(records.map((model) => [model.type, model]));

/** The model of a record type; throws on a name that no registry declares. */
export function modelOf(type: string): RecordModel {
  const model = models.get(type);
  if (model === undefined) throw new RangeError(`No registry declares ${type}.`);
  return model;
}

interface Basket extends Batch {
  readonly second: boolean;
}

/** Collects claims and gives them out in batches. */
export class ClaimBook {
  readonly #version: string;
  readonly #at: string;
  readonly #baskets = new Map<string, Basket>();

  /** `seed` marks every claim as synthetic by its version; `today` is the day on which the sources say it. */
  constructor(seed: string, today: string) {
    this.#version = `synthetic-${seed}`;
    this.#at = `${today}T00:00:00.000Z`;
  }

  /** One claim. Values that are `undefined` are not told; `from` is the first day on which they hold. */
  add(type: string, source: string, key: string, values: Readonly<Record<string, unknown>>, from: string, extras: ClaimExtras = {}): void {
    const round = extras.round ?? 0;
    const second = extras.second === true;
    const name = `${type} ${source} ${String(second)}`;
    let basket = this.#baskets.get(name);
    if (basket === undefined) {
      basket = { model: modelOf(type), source, second, claims: [] };
      this.#baskets.set(name, basket);
    }
    const told: Record<string, unknown> = {};
    for (const field of Object.keys(values)) if (values[field] !== undefined) told[field] = values[field];
    basket.claims.push({
      key, values: told, at: this.#at, effectiveFrom: from,
      version: round === 0 ? this.#version : `${this.#version}.${round}`,
      ...(extras.until === undefined ? {} : { effectiveTo: extras.until }),
    });
  }

  /** Batches that are full. Call it after every household: nothing but the newest claims stays behind. */
  *full(): Iterable<Batch> {
    for (const basket of this.#baskets.values()) if (basket.claims.length >= batchSize) yield* this.#empty(basket);
  }

  /** Everything that is left. */
  *rest(): Iterable<Batch> {
    for (const basket of this.#baskets.values()) yield* this.#empty(basket);
  }

  *#empty(basket: Basket): Iterable<Batch> {
    if (basket.second) {
      for (const first of this.#baskets.values()) if (first.model === basket.model && !first.second) yield* this.#empty(first);
    }
    while (basket.claims.length > 0) yield { model: basket.model, source: basket.source, claims: basket.claims.splice(0, batchSize) };
  }
}
