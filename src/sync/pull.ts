/**
 * One step along the upper hub's feed of one registry: the next page, and all that it brings about (records, versions, log, quarantine,
 * conditions, cursor) in ONE transaction under the lease. What fails leaves everything as it was, and the step is made again.
 *
 * A page that deletes more than is believable, or lacks too much of what is required, is not taken: the registry halts until somebody
 * has looked. The next page is fetched while this one is written; it counts for nothing before its turn.
 */
import { safeError, StatementError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import { loadCodes } from '../records/codes.ts';
import type { Codes } from '../records/codes.ts';
import type { WriteContext } from '../records/write.ts';
import type { RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import type postgres from 'postgres';
import { takeIncoming } from './apply.ts';
import type { Incoming, Taken } from './apply.ts';
import { CityError } from './city.ts';
import type { ChangePage, City, ItemCondition } from './city.ts';
import { storeConditions } from './conditions.ts';
import { advance, beginAnew, CursorMoved, haltFeed, noteInStep, readFeed } from './feed-state.ts';
import type { FeedState } from './feed-state.ts';
import { fence } from '../db/lease.ts';
import type { Lease } from '../db/lease.ts';
import { rawOf, release, setAside } from './quarantine.ts';
import { ValueReader } from './reading.ts';
import { redriveRows } from './redrive.ts';
import type { Redriven } from './redrive.ts';
import { keepUnknown } from './unknown.ts';

/** When a registry halts. */
export interface PullLimits {
  /** Entries of a page. */
  readonly page: number;
  /** Deletions among the last entries that are believed: so many, or this share of what is held from above if that is more. */
  readonly deletions: number;
  readonly deletionsShare: number;
  /** Entries among the last that may lack what is required: so many, or this share of them if that is more. */
  readonly missing: number;
  readonly missingShare: number;
  /** How many the last entries are, about. */
  readonly recent: number;
  /** Failures one after the other before claims are written one by one. */
  readonly failuresToIsolate: number;
}

/** Limits unless a test has its own. */
export const usualLimits: PullLimits = { page: 1000, deletions: 500, deletionsShare: 0.1, missing: 20, missingShare: 0.2, recent: 5000, failuresToIsolate: 3 };

/** What pulling needs. */
export interface PullParts {
  readonly city: City;
  readonly writing: () => WriteContext;
  readonly types: ReadonlyMap<string, RecordType>;
  /** The division whose hub this is. */
  readonly division: string;
  readonly limits?: Partial<PullLimits>;
  /** The breaker before the upper hub, as it is told. */
  readonly breaker?: () => string;
}

/** TAKEN: a page was. IN_STEP: there was nothing. ANEW: the cursor led nowhere, and the feed begins again. HALTED: it goes no further. */
export type Step =
  | { readonly kind: 'TAKEN'; readonly entries: number; readonly refused: number; readonly inStep: boolean }
  | { readonly kind: 'IN_STEP' }
  | { readonly kind: 'ANEW'; readonly because: string }
  | { readonly kind: 'HALTED'; readonly because: string; readonly news: boolean };

/** Why a page is not taken. */
class Halt extends Error {}

/** Milliseconds between two notes that nothing came. */
const noteEveryMs = 10_000;
/** Milliseconds for which code tables are taken to be what they were. */
const codesForMs = 60_000;

/** See the head of this file. */
export class RegistryPull {
  readonly registry: RegistryName;
  readonly #parts: PullParts;
  readonly #lease: Lease;
  readonly #limits: PullLimits;
  #ahead: { readonly after: string; readonly page: Promise<ChangePage> } | null = null;
  #reader: ValueReader | null = null;
  #readerSince = 0;

  constructor(registry: RegistryName, parts: PullParts, lease: Lease) {
    this.registry = registry;
    this.#parts = parts;
    this.#lease = lease;
    this.#limits = { ...usualLimits, ...parts.limits };
  }

  /** Makes one step. Throws a `CityError` where the upper hub does not answer, a `LeaseLost` where another process has its turn. */
  async step(): Promise<Step> {
    const context = this.#parts.writing();
    const feed = await readFeed(context.sql, this.registry);
    if (feed.halted !== null) return { kind: 'HALTED', because: feed.halted, news: false };
    try {
      const page = await this.#next(feed);
      if (feed.epoch !== null && page.epoch !== feed.epoch) throw new CityError('EPOCH_CHANGED', 'The upper hub\'s database is another one than before.');
      return await this.#take(context, feed, page);
    } catch (error) {
      this.#ahead = null;
      if (error instanceof CityError && error.failure === 'EPOCH_CHANGED' && feed.cursor !== null) {
        await beginAnew(context.sql, this.#lease, this.registry, feed.cursor, error.message);
        return { kind: 'ANEW', because: error.message };
      }
      if (error instanceof Halt) {
        await haltFeed(context.sql, this.#lease, this.registry, error.message, context.now);
        return { kind: 'HALTED', because: error.message, news: true };
      }
      throw isOwn(error) ? error : safeError(error, `pull ${this.registry}`);
    }
  }

  /** Tries again what waits in the quarantine, or these rows of it; how many were taken. */
  redrive(codes: readonly string[] | null = null): Promise<Redriven> {
    return redriveRows(this.#parts, this.registry, codes, { fence: (tx) => fence(tx, this.#lease), reader: (context, tx) => this.#readerFor(context, tx) });
  }

  #next({ cursor }: FeedState): Promise<ChangePage> {
    const ahead = this.#ahead;
    this.#ahead = null;
    return ahead !== null && ahead.after === cursor ? ahead.page : this.#fetch(cursor);
  }

  #fetch(after: string | null): Promise<ChangePage> {
    return this.#parts.city.changes(this.registry, after, this.#limits.page);
  }

  async #take(context: WriteContext, feed: FeedState, page: ChangePage): Promise<Step> {
    const { sql, now } = context;
    const breaker = this.#parts.breaker?.() ?? null;
    const inStep = page.phase === 'FEED' && !page.hasNextPage;
    const shown = JSON.stringify(Object.fromEntries([...page.shown].sort(([a], [b]) => (a < b ? -1 : 1))));
    const moved = page.conditions !== feed.conditions || shown !== feed.shown;
    if (page.entries.length === 0 && page.malformed.length === 0 && inStep && page.endCursor === feed.cursor && !moved) {
      if (!feed.inStep || feed.failures > 0 || feed.lastSuccessAt === null || Date.parse(now) - Date.parse(feed.lastSuccessAt) > noteEveryMs) await noteInStep(sql, this.registry, breaker, now);
      return { kind: 'IN_STEP' };
    }
    const conditions = moved ? await this.#parts.city.conditions(this.registry) : null;
    if (page.hasNextPage && page.endCursor !== feed.cursor) {
      const ahead = this.#fetch(page.endCursor);
      // It is asked for again where it failed, when its turn has come.
      ahead.catch(() => undefined);
      this.#ahead = { after: page.endCursor, page: ahead };
    }
    const taken = await sql.begin(async (tx) => {
      await fence(tx, this.#lease);
      // A snapshot says nothing of copies that may be had no more: where there are any, both sides are compared behind it.
      const held = feed.cursor === null && await anyFromAbove(tx, this.#parts, this.registry);
      const result = await this.#takePage(context, tx, feed, page, conditions);
      await advance(tx, this.registry, {
        from: feed.cursor, to: page.endCursor, epoch: page.epoch, phase: page.phase, inStep, conditions: page.conditions, shown, behind: page.behind,
        taken: page.entries.length, recent: result.recent, allowDeletes: feed.allowDeletes && !inStep, breaker, reconcile: held ? 'The feed began while copies from above were held here.' : null, now,
      });
      return result;
    }) as { refused: number };
    return { kind: 'TAKEN', entries: page.entries.length, refused: taken.refused, inStep };
  }

  async #takePage(context: WriteContext, tx: postgres.TransactionSql, feed: FeedState, page: ChangePage, conditions: readonly ItemCondition[] | null): Promise<{ readonly refused: number; readonly recent: { readonly entries: number; readonly deletions: number; readonly missing: number } }> {
    const incoming = page.entries.flatMap(({ sources, ...entry }) => sources.map((source): Incoming => ({ entry, source, shown: page.shown.get(entry.type) ?? [] })));
    const taken = await this.#takeIncoming(context, tx, incoming, feed.failures >= this.#limits.failuresToIsolate);
    const missing = page.malformed.filter((one) => one.missing).length + taken.refused.filter((one) => one.missing).length;
    const recent = this.#recent(feed, entriesOf(page), taken.deletions, missing);
    await this.#guard(tx, feed, recent);
    const malformed = page.malformed.map((one) => ({ ...one, cityId: null, raw: withShown(one.raw, page.shown.get(one.type ?? '') ?? []) }));
    const refused = taken.refused.map(({ incoming: one, field, reason, waits }) => ({ waits, cursor: one.entry.cursor, type: one.entry.type, source: one.source.source, key: one.source.key, cityId: one.entry.id, field, reason, raw: rawOf(one) }));
    await release(tx, this.registry, [...taken.taken, ...taken.stale]);
    await setAside(tx, this.registry, [...malformed, ...refused], context.now);
    if (conditions !== null) await storeConditions(tx, this.#parts.types, page.shown, conditions, context.now);
    // What waits for a record that is on its way is nobody's to look at.
    return { refused: malformed.length + refused.filter(({ waits }) => waits !== true).length, recent };
  }

  async #takeIncoming(context: WriteContext, tx: postgres.TransactionSql, incoming: readonly Incoming[], isolate: boolean): Promise<Taken> {
    const taken = await takeIncoming(context, tx, { registry: this.registry, types: this.#parts.types, division: this.#parts.division, reader: await this.#readerFor(context, tx), isolate }, incoming);
    await keepUnknown(tx, taken, context.now);
    return taken;
  }

  async #readerFor({ today, now }: WriteContext, tx: postgres.TransactionSql): Promise<ValueReader> {
    const known = this.#reader;
    const time = Date.parse(now);
    if (known !== null && known.today === today && Math.abs(time - this.#readerSince) < codesForMs) return known;
    const codes: Codes = await loadCodes(tx);
    this.#readerSince = time;
    return (this.#reader = new ValueReader(codes, today));
  }

  /** The last entries, these among them; what is long ago weighs less and less. */
  #recent(feed: FeedState, entries: number, deletions: number, missing: number): { readonly entries: number; readonly deletions: number; readonly missing: number } {
    const sum = { entries: feed.recent + entries, deletions: feed.recentDeletions + deletions, missing: feed.recentMissing + missing };
    return sum.entries <= this.#limits.recent ? sum : { entries: sum.entries >> 1, deletions: sum.deletions >> 1, missing: sum.missing >> 1 };
  }

  async #guard(tx: postgres.TransactionSql, feed: FeedState, recent: { readonly entries: number; readonly deletions: number; readonly missing: number }): Promise<void> {
    const { missing, missingShare, deletions, deletionsShare } = this.#limits;
    if (recent.missing > feed.recentMissing && recent.missing > Math.max(missing, recent.entries * missingShare)) {
      throw new Halt(`${recent.missing} of the last ${recent.entries} entries lack what is required: the feed has changed its form. See what came (the city's release notes), then go on with hub sync resume ${this.registry}.`);
    }
    if (feed.allowDeletes || recent.deletions <= deletions || recent.deletions <= feed.recentDeletions) return;
    const held = await heldFromAbove(tx, this.#parts, this.registry);
    // What this page deletes is gone in this transaction already, and was held before it.
    const before = held + recent.deletions - feed.recentDeletions;
    if (recent.deletions <= before * deletionsShare) return;
    throw new Halt(`The last ${recent.entries} entries delete ${recent.deletions} of ${before} records that are held from above, which is more than is believed unseen. Ask the upper hub whether it means it, then go on with hub sync resume ${this.registry} --allow-deletes.`);
  }
}

/** How many entries came, those among them that could not be read at all. */
function entriesOf({ entries, malformed }: ChangePage): number {
  const read = new Set(entries.map(({ cursor }) => cursor));
  return entries.length + new Set(malformed.map(({ cursor }) => cursor).filter((one) => one === null || !read.has(one))).size;
}

async function heldFromAbove(tx: postgres.TransactionSql, { types, division }: PullParts, registry: RegistryName): Promise<number> {
  const [row] = await tx<{ held: number }[]>`select count(*)::float8 as held from source_record where record_type = any(${typesOf(types, registry)}::text[]) and not deleted and not starts_with(source, ${`${division}-`})`;
  return row?.held ?? 0;
}

async function anyFromAbove(tx: postgres.TransactionSql, { types, division }: PullParts, registry: RegistryName): Promise<boolean> {
  const [row] = await tx<{ held: boolean }[]>`select exists (select from source_record where record_type = any(${typesOf(types, registry)}::text[]) and not deleted and not starts_with(source, ${`${division}-`})) as held`;
  return row?.held === true;
}

function typesOf(types: PullParts['types'], registry: RegistryName): string[] {
  return [...types.values()].flatMap(({ model }) => (model.registry === registry ? [model.type] : []));
}

/** What came, with the fields that were shown then, where it is JSON of an object. */
function withShown(raw: string, shown: readonly string[]): string {
  const sent: unknown = JSON.parse(raw);
  return typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? JSON.stringify({ ...sent, shown }) : raw;
}

/** What whoever makes the steps tells apart. */
function isOwn(error: unknown): boolean {
  return error instanceof CityError || error instanceof CursorMoved || error instanceof HubError || error instanceof StatementError || (error instanceof Error && error.name === 'LeaseLost');
}
