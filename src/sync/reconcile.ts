/**
 * Compares what is kept here of other divisions' source records with what the upper hub would tell of them now, says what differs, and
 * makes it equal: one registry at a time, type by type.
 *
 * What is only here is removed at the end, and only as much as is believable: beyond that the run halts and somebody has to look. It
 * works beside the pull and never against it, since whatever is written meanwhile is left alone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import { toldFieldsOf } from '../query/passed-on.ts';
import { bucketSql } from '../query/source-digest.ts';
import type { WriteContext } from '../records/write.ts';
import type { RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import { CityError } from './city.ts';
import type { ComparableCity } from './city.ts';
import { chunks, driftOf } from './drift.ts';
import type { Drifted, Side } from './drift.ts';
import { heal } from './heal.ts';
import type { Healed, Healing } from './heal.ts';
import { cameFromAbove, keptBehind, keptCount, lookedUp, nameOf } from './kept.ts';
import type { Named } from './kept.ts';
import { beginRun, endRun, settleDue } from './reconcile-runs.ts';
import type { DriftKind, Reconciled, Sampled } from './reconcile-runs.ts';

/** What reconciling needs. */
export interface ReconcileParts {
  readonly city: ComparableCity;
  readonly writing: () => WriteContext;
  readonly types: ReadonlyMap<string, RecordType>;
  /** The division whose hub this is. */
  readonly division: string;
  readonly limits?: Partial<ReconcileLimits>;
  /** Called between steps; throws where the run may not go on. */
  readonly beat?: () => Promise<void>;
  /** Ends waiting for a city that is busy. */
  readonly over?: AbortSignal;
  /** Called first in each transaction; throws where it may not go on. */
  readonly fence?: (tx: postgres.TransactionSql) => Promise<void>;
}

/** What is believed, and how much is done at once. */
export interface ReconcileLimits {
  /** Source records that are only here and go without anybody's look: so many, or this share of what is held of the registry if that is more. */
  readonly deletions: number;
  readonly deletionsShare: number;
  /** Source records that are healed in one transaction. */
  readonly batch: number;
  /** Of those that differ, so many are named in the run's row. */
  readonly sample: number;
}

const usual: ReconcileLimits = { deletions: 500, deletionsShare: 0.1, batch: 500, sample: 20 };

/** How many of so many may go without anybody's look. */
export function believedDeletions(limits: Partial<ReconcileLimits> | undefined, held: number): number {
  const { deletions, deletionsShare } = { ...usual, ...limits };
  return Math.max(deletions, held * deletionsShare);
}

/** How a run is made. */
export interface RunOptions {
  readonly because: string;
  /** Everything is looked at and nothing is changed. */
  readonly dryRun?: boolean;
  /** Somebody has looked: what is only here goes, however much it is. */
  readonly allowDeletes?: boolean;
}

/** Compares and heals a registry. Throws a `CityError` where the upper hub does not answer; what was healed by then stays. */
export async function reconcile(parts: ReconcileParts, registry: RegistryName, options: RunOptions): Promise<Reconciled> {
  const { sql, now } = parts.writing();
  const run = await beginRun(sql, { registry, side: 'CITY', because: options.because, dryRun: options.dryRun === true, now });
  const work = new Reconciliation(parts, registry, options);
  try {
    await work.compare();
  } catch (error) {
    await endRun(sql, run, work.result(`The run failed: ${error instanceof CityError ? `${error.failure}, ${error.message}` : error instanceof Error ? error.name : 'unknown'}`), parts.writing().now);
    throw error;
  }
  const result = work.result();
  await endRun(sql, run, result, parts.writing().now);
  if (result.halted === null && options.dryRun !== true) await settleDue(sql, registry, options.because);
  return result;
}

/** One run. */
class Reconciliation {
  readonly #parts: ReconcileParts;
  readonly #registry: RegistryName;
  readonly #options: RunOptions;
  readonly #limits: ReconcileLimits;
  readonly #city: ComparableCity;
  readonly #counts: Record<DriftKind, number> = { MISSING: 0, SURPLUS: 0, DIFFERENT: 0 };
  readonly #sample: Sampled[] = [];
  #calls = 0;
  #rows = 0;
  #healed = 0;
  #refused = 0;
  #halted: string | null = null;

  constructor(parts: ReconcileParts, registry: RegistryName, options: RunOptions) {
    this.#parts = parts;
    this.#registry = registry;
    this.#options = options;
    this.#limits = { ...usual, ...parts.limits };
    const { city } = parts;
    this.#city = {
      comparable: (own) => this.#call(() => city.comparable(own)),
      digests: (compared) => this.#call(() => city.digests(compared)),
      leaves: (compared) => this.#call(() => city.leaves(compared)),
      entries: (type, keys) => this.#call(() => city.entries(type, keys)),
    };
  }

  result(failed: string | null = null): Reconciled {
    const { MISSING: missing, SURPLUS: surplus, DIFFERENT: different } = this.#counts;
    return { registry: this.#registry, calls: this.#calls, rows: this.#rows, missing, surplus, different, healed: this.#healed, refused: this.#refused, sample: this.#sample, halted: failed ?? this.#halted };
  }

  async compare(): Promise<void> {
    const { types, division } = this.#parts;
    const { sql } = this.#parts.writing();
    const shownOf = await this.#city.comparable(this.#registry);
    const compared = [...shownOf].flatMap(([name, shown]): { readonly side: Side; readonly shown: readonly string[] }[] => {
      const type = types.get(name);
      // A type that nobody here knows has nothing here.
      if (type?.model.registry !== this.#registry) return [];
      const known = new Set(toldFieldsOf(type).map((field) => field.name));
      return [{ side: { type, division, fields: shown.filter((field) => known.has(field)) }, shown }];
    });
    for (const type of await cameFromAbove(sql, [...types.values()].filter(({ name, model }) => model.registry === this.#registry && !shownOf.has(name)))) await this.#giveUp(sql, type);
    const held = await keptCount(sql, compared.map(({ side }) => side.type.name), division);
    const believed = believedDeletions(this.#parts.limits, held);
    const surplus: { readonly side: Side; readonly shown: readonly string[]; readonly drifted: Drifted[] }[] = [];
    for (const { side, shown } of compared) {
      const only: Drifted[] = [];
      const buffer: Drifted[] = [];
      for await (const { drifted, rows } of driftOf(this.#city, sql, side)) {
        this.#rows += rows;
        for (const one of drifted) (one.kind === 'SURPLUS' ? only : buffer).push(one);
        while (buffer.length >= this.#limits.batch) await this.#heal(side, shown, buffer.splice(0, this.#limits.batch));
      }
      if (buffer.length > 0) await this.#heal(side, shown, buffer);
      const fetched = await lookedUp(sql, side.type.name, only);
      const drifted = only.filter((one) => !fetched.has(nameOf(one)));
      if (drifted.length > 0) surplus.push({ side, shown, drifted });
    }
    const tooMany = surplus.reduce((sum, { drifted }) => sum + drifted.length, 0);
    if (tooMany > believed && this.#options.allowDeletes !== true) {
      this.#counts.SURPLUS += tooMany;
      this.#halted = `${tooMany} of ${held} source records that are held of ${this.#registry} are not to be had from the upper hub (any more), which is more than is believed unseen. Nothing was removed. Ask the upper hub whether it means it, then run hub sync reconcile ${this.#registry} --allow-deletes.`;
      return;
    }
    for (const { side, shown, drifted } of surplus) for (const batch of chunks(drifted, this.#limits.batch)) await this.#heal(side, shown, batch);
  }

  /**
   * What came of a type of which nothing may be had any more goes, however much it is, as it does where the right ends while the feed is
   * followed (RIGHT_LOST): a feed that begins anew tells nothing of it. The upper hub is asked for each before.
   */
  async #giveUp(sql: postgres.Sql, type: RecordType): Promise<void> {
    const side: Side = { type, division: this.#parts.division, fields: [] };
    for (let after: Named | null = null; ;) {
      const next = await keptBehind(sql, side, after, this.#limits.batch);
      if (next.length === 0) return;
      await this.#heal(side, [], next.map((one) => ({ ...one, kind: 'SURPLUS' })));
      after = next.at(-1) ?? null;
    }
  }

  async #heal(side: Side, shown: readonly string[], drifted: readonly Drifted[]): Promise<void> {
    const healing: Healing = { city: this.#city, types: this.#parts.types, shown, dryRun: this.#options.dryRun === true, fence: this.#parts.fence ?? (() => Promise.resolve()) };
    const { healed, refused } = await heal(this.#parts.writing(), side, healing, drifted);
    for (const { kind } of [...healed, ...refused]) this.#counts[kind] += 1;
    this.#healed += healing.dryRun ? 0 : healed.length;
    this.#refused += refused.length;
    await this.#note(side, [...healed, ...refused.map((one) => ({ ...one, record: null }))]);
  }

  async #note({ type }: Side, drifted: Healed['healed']): Promise<void> {
    const some = drifted.slice(0, this.#limits.sample - this.#sample.length);
    if (some.length === 0) return;
    const { sql } = this.#parts.writing();
    const buckets = await sql.unsafe<{ bucket: string }[]>(`select ${bucketSql('named', '8')} as bucket from unnest($1::text[], $2::text[]) with ordinality named (source, source_key, place) order by place`, [some.map(({ source }) => source), some.map(({ key }) => key)]);
    this.#sample.push(...some.map(({ kind, source, record }, n): Sampled => ({ type: type.name, kind, source, bucket: buckets[n]?.bucket ?? null, record })));
  }

  /** Asks the upper hub; where it is busy, again when it has said. */
  async #call<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      await this.#parts.beat?.();
      this.#calls += 1;
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof CityError) || error.failure !== 'BUSY' || tries === mostTries) throw error;
        await sleep(Math.min(error.retryAfterMs ?? 1000 * tries, longestWaitMs), undefined, this.#parts.over === undefined ? {} : { signal: this.#parts.over });
      }
    }
  }
}

/** Tries of a call where the upper hub is busy, and milliseconds between two at most. */
const mostTries = 8;
const longestWaitMs = 60_000;
