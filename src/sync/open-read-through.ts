/**
 * Read-through as a hub has it: over the adapter that its configuration names, writing where the pull writes, and knowing how far the
 * feeds are in step.
 */
import { safeError } from '../db/failures.ts';
import type { WriteContext } from '../records/write.ts';
import type { RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import type { CityLookUp } from './city.ts';
import { readFeeds } from './feed-state.ts';
import type { FeedState } from './feed-state.ts';
import type { Followed } from './freshness.ts';
import { ReadThrough } from './read-through.ts';
import { takeLookedUp } from './take-looked-up.ts';

/** What opening it takes of the hub. */
export interface ReadThroughNeeds {
  readonly city: CityLookUp;
  readonly division: string;
  readonly types: ReadonlyMap<string, RecordType>;
  readonly now: () => Date;
  readonly writing: () => WriteContext;
  /** Hears of what failed or could not be taken; quotes no data. */
  readonly tell: (facts: Readonly<Record<string, unknown>>, sentence: string) => void;
}

/** Milliseconds for which the state of the feeds is taken to be what it was. */
const feedsForMs = 1000;

/** Opens it. */
export function openReadThrough({ city, division, types, now, writing, tell }: ReadThroughNeeds): ReadThrough {
  const feeds = new Feeds(writing);
  return new ReadThrough({
    city, division, now,
    write: async (found, asked) => {
      try {
        const refused = await takeLookedUp(writing(), { types, division }, found, asked);
        if (refused > 0) tell({ refused }, 'the upper hub told of records what could not be taken; its feed sets it aside (hub sync quarantine)');
      } catch (error) {
        throw safeError(error, 'write what was looked up');
      }
    },
    followed: (type) => feeds.of(type),
    tell: (error) => tell({ error: error instanceof Error ? error.name : typeof error }, 'what was looked up at the upper hub could not be written'),
  });
}

/** How far the feeds are in step, read now and then. */
class Feeds {
  readonly #writing: () => WriteContext;
  #read: Promise<ReadonlyMap<RegistryName, FeedState>> | null = null;
  #since = -Infinity;
  readonly #shown = new WeakMap<FeedState, Readonly<Record<string, readonly string[]>>>();

  constructor(writing: () => WriteContext) {
    this.#writing = writing;
  }

  async of({ name, model }: RecordType): Promise<Followed | null> {
    if (this.#read === null || performance.now() - this.#since > feedsForMs) {
      this.#since = performance.now();
      this.#read = readFeeds(this.#writing().sql).then((feeds) => new Map(feeds.map((feed) => [feed.registry, feed])));
      this.#read.catch(() => { this.#read = null; });
    }
    const feed = (await this.#read).get(model.registry);
    // What a feed that is halted, or not yet in step, does not tell is not known to be so.
    if (feed === undefined || feed.inStepAt === null || feed.halted !== null) return null;
    const shown = this.#shown.get(feed) ?? JSON.parse(feed.shown ?? '{}') as Readonly<Record<string, readonly string[]>>;
    this.#shown.set(feed, shown);
    return { inStepAt: Date.parse(feed.inStepAt), fields: new Set(shown[name] ?? []) };
  }
}
