/**
 * Read-through: what a look-up by key did not find for its caller, or found as a copy that is too old for what it shows, is asked of
 * the upper hub and written here, and then the statement runs again.
 *
 * The upper hub is asked for no other field than the plan reads. All keys of an operation go in one call, and so do those of others who
 * ask at the same moment for the same purpose; who asks for a key that is on its way waits for that answer. Somebody absent, sealed
 * or outside is asked for alike, and whatever is found, the caller learns it from the statement under his own plan. That a key was
 * asked for in vain is remembered for a while. A copy that the upper hub gives no more is kept: that it is gone is told by the feed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Gap, KeyedRoot } from '../query/copies.ts';
import type { Run } from '../query/tree.ts';
import type { RecordType } from '../registries/contract.ts';
import { limits } from '../query/limits.ts';
import type { Catalog } from '../sharing/catalog.ts';
import { CityError } from './city.ts';
import type { CityLookUp, LookedUp, LookUpOf, LookUpPurpose } from './city.ts';
import { secondsOf, tooOld } from './freshness.ts';
import type { Followed } from './freshness.ts';

/** For whom a look-up is filled. */
export interface FillingFor {
  /** Department of the caller. */
  readonly department: string;
  readonly matter: string | null;
  readonly caseNo: string | null;
  readonly operator: string | null;
  readonly catalog: Catalog;
  /** Seconds that a copy may be old at most, as the client says; null: as the catalog says. */
  readonly maxAge: number | null;
}

/** Why a copy is not as fresh as it should be, or nothing is said of a key: no answer, no permission, or the upper hub does not give the record. */
export type Unfilled = 'UNREACHABLE' | 'REFUSED' | 'NOT_GIVEN';

/** What stands in `extensions.hub.freshness`. */
export interface Freshness {
  /** Response name of the root. */
  readonly as: string;
  /** Its coordinate. */
  readonly at: string;
  readonly type: string;
  /** Age of the oldest value that the plan reads of the copies shown, in seconds; null: some was never fetched, or nothing is held. */
  readonly ageSeconds: number | null;
  readonly because: Unfilled;
}

/** What came of filling. */
export interface Filled {
  /** Something may have been written since the statement ran. */
  readonly again: boolean;
  /** Of each place among a root's keys that could not be filled, why. */
  unfilled(root: KeyedRoot, place: number): Unfilled | undefined;
  /** Takes what is still missing, or too old, now that the statement ran again, and tells what to say of it. What is still missing was asked for in vain. */
  settle(gaps: readonly Gap[]): readonly Freshness[];
}

/** What reading through needs. */
export interface ReadThroughParts {
  readonly city: CityLookUp;
  /** The division that this hub is the home of. */
  readonly division: string;
  readonly now: () => Date;
  /** Writes what was found, in one transaction; `asked`: what was asked for, in the same order. */
  readonly write: (found: readonly LookedUp[], asked: readonly LookUpOf[]) => Promise<void>;
  /** How far the feed of the type's registry is in step. */
  readonly followed?: (type: RecordType) => Promise<Followed | null>;
  /** Hears of what failed; quotes no data. */
  readonly tell?: (error: unknown) => void;
}

/** Keys that were asked for in vain are not asked for again within this time, and at most so many are remembered. */
const inVainMs = 5 * 60_000;
const remembered = 50_000;
/** What came back is written, or not, behind the same wait: by the time nobody learns whether there was anything to write. */
const settleMs = 25;

/** What became of a key: found there or not, or not to be looked up; and when, by the process's clock. */
interface Outcome {
  readonly what: 'FOUND' | 'NOT_GIVEN' | 'REFUSED';
  readonly at: number;
  /** Nobody was given, or somebody whom the caller may not see here: until then a key that is missing is not asked for again. */
  vain: boolean;
  /** By the hub's clock, milliseconds. */
  readonly until: number;
}

/** A key to be asked for. */
interface Wanted {
  readonly root: KeyedRoot;
  readonly place: number;
  readonly key: string;
  /** Nothing was found for the caller; else it is a copy that is too old. */
  readonly missing: boolean;
}

/** Keys of one type for which the same fields are wanted. */
interface Part {
  readonly type: string;
  /** The field of the keys. */
  readonly named: string;
  readonly fields: readonly string[];
  readonly keys: Map<string, PromiseWithResolvers<Outcome>>;
}

/** Keys on their way in one call. */
interface Batch {
  readonly of: Map<string, Part>;
  size: number;
}

/** See the head of this file. */
export class ReadThrough {
  readonly #parts: ReadThroughParts;
  readonly #outcomes = new LRUCache<string, Outcome>({ max: remembered });
  readonly #flights = new Map<string, Promise<Outcome>>();
  readonly #waiting = new Map<string, { readonly purpose: LookUpPurpose; readonly batch: Batch }>();

  constructor(parts: ReadThroughParts) {
    this.#parts = parts;
  }

  /** The division that this hub is the home of. */
  get home(): string {
    return this.#parts.division;
  }

  /** Fills what a statement that began at `since` (of `performance.now()`) found missing or too old; null: nothing is. */
  async fill(gaps: readonly Gap[], request: Run, who: FillingFor, since: number): Promise<Filled | null> {
    const followed = new Map<RecordType, Followed | null>();
    for (const { root: { type }, copies } of gaps) if (copies.length > 0) followed.set(type, await this.#parts.followed?.(type) ?? null);
    const wanted = this.#wanted(gaps, request, who, followed);
    if (wanted.length === 0) return null;
    const behalf = who.department.startsWith(`${this.#parts.division}-`) ? who.department : null;
    const purpose: LookUpPurpose = { matter: who.matter, caseNo: who.caseNo, operator: who.operator, behalf };
    const unfilled = new Map<string, Unfilled>();
    const given = new Map<string, Outcome>();
    let again = false;
    const [group, tag] = [JSON.stringify([behalf, purpose.matter]), JSON.stringify(purpose)];
    await Promise.all(wanted.map(async ({ root, place, key, missing }) => {
      const failed = (why: Unfilled): void => void unfilled.set(`${root.place} ${place}`, why);
      const of = `${root.type.name} ${root.fields.join()}`;
      const known = this.#outcomes.get(`${group} ${of} ${key}`);
      const lately = known !== undefined && known.at >= since;
      if (known !== undefined && !lately && known.until > this.#parts.now().getTime() && (missing ? known.vain : known.what !== 'FOUND')) {
        if (known.what !== 'FOUND') failed(known.what);
        return;
      }
      try {
        const outcome = lately ? known : await this.#flight(tag, purpose, root, of, key, group);
        again = true;
        given.set(`${root.place} ${place}`, outcome);
        if (outcome.what !== 'FOUND') failed(outcome.what);
      } catch (error) {
        if (!(error instanceof CityError)) this.#parts.tell?.(error);
        failed('UNREACHABLE');
      }
    }));
    return { again, unfilled: (root, place) => unfilled.get(`${root.place} ${place}`), settle: (left) => {
      for (const { root, missing } of left) for (const place of missing) {
        const outcome = given.get(`${root.place} ${place}`);
        if (outcome !== undefined) outcome.vain = true;
      }
      return this.#freshness(left, unfilled, followed);
    } };
  }

  /** The keys that are missing, and those of copies that are too old. */
  #wanted(gaps: readonly Gap[], request: Run, { catalog, maxAge }: FillingFor, followed: ReadonlyMap<RecordType, Followed | null>): readonly Wanted[] {
    const now = this.#parts.now().getTime();
    const wanted: Wanted[] = [];
    for (const { root, missing, copies } of gaps) {
      const keys = root.keys(request);
      for (const place of missing) wanted.push({ root, place, key: keys[place] as string, missing: true });
      for (const { place, fetched } of copies) {
        if (tooOld(root, { fetched, followed: followed.get(root.type) ?? null }, catalog, maxAge, now)) wanted.push({ root, place, key: keys[place] as string, missing: false });
      }
    }
    return wanted;
  }

  /** What becomes of a key that is asked for; one call for whoever asks for it meanwhile. */
  #flight(tag: string, purpose: LookUpPurpose, { type, fields }: KeyedRoot, of: string, key: string, group: string): Promise<Outcome> {
    const name = `${tag} ${of} ${key}`;
    const flying = this.#flights.get(name);
    if (flying !== undefined) return flying;
    const landing = Promise.withResolvers<Outcome>();
    const flight = landing.promise.then((outcome) => {
      this.#outcomes.set(`${group} ${of} ${key}`, outcome);
      return outcome;
    }).finally(() => this.#flights.delete(name));
    this.#flights.set(name, flight);
    const batch = this.#batchOf(tag, purpose);
    const same = batch.of.get(of) ?? { type: type.name, named: type.model.key ?? '', fields, keys: new Map<string, PromiseWithResolvers<Outcome>>() };
    batch.of.set(of, same);
    same.keys.set(key, landing);
    batch.size += 1;
    if (batch.size === limits.keys) this.#leave(tag);
    return flight;
  }

  /** The call in which the keys of this turn of the event loop go. */
  #batchOf(tag: string, purpose: LookUpPurpose): Batch {
    const waiting = this.#waiting.get(tag);
    if (waiting !== undefined) return waiting.batch;
    const batch: Batch = { of: new Map(), size: 0 };
    this.#waiting.set(tag, { purpose, batch });
    setImmediate(() => {
      if (this.#waiting.get(tag)?.batch === batch) this.#leave(tag);
    });
    return batch;
  }

  #leave(tag: string): void {
    const waiting = this.#waiting.get(tag);
    this.#waiting.delete(tag);
    if (waiting !== undefined) void this.#call(waiting.purpose, [...waiting.batch.of.values()]);
  }

  /** Asks, writes, and tells everybody who waits. Never throws. */
  async #call(purpose: LookUpPurpose, parts: readonly Part[]): Promise<void> {
    try {
      const asked: readonly LookUpOf[] = parts.map(({ type, fields, keys }) => ({ type, fields, keys: [...keys.keys()] }));
      const found = await this.#ask(purpose, asked);
      const settled = pause(settleMs);
      if (found.some(({ records }) => records.length > 0)) await this.#parts.write(found, asked);
      await settled;
      const [at, until] = [performance.now(), this.#parts.now().getTime() + inVainMs];
      for (const [place, { named, keys }] of parts.entries()) {
        const { refused = null, shown = [], records = [] } = found[place] ?? {};
        const there = new Set(records.map(({ key }) => key));
        // Records that do not tell their key here are nobody's copies (see take-looked-up.ts).
        const no = refused !== null || !shown.includes(named);
        for (const [key, landing] of keys) {
          const what = no ? 'REFUSED' : there.has(key) ? 'FOUND' : 'NOT_GIVEN';
          landing.resolve({ what, at, until, vain: what !== 'FOUND' });
        }
      }
    } catch (error) {
      for (const { keys } of parts) for (const landing of keys.values()) landing.reject(error);
    }
  }

  /** That the upper hub says no is an answer, to all that was asked. */
  async #ask(purpose: LookUpPurpose, asked: readonly LookUpOf[]): Promise<readonly LookedUp[]> {
    try {
      return await this.#parts.city.lookUp(purpose, asked);
    } catch (error) {
      if (error instanceof CityError && error.failure === 'REFUSED') return asked.map(() => ({ shown: [], records: [], refused: error.message }));
      throw error;
    }
  }

  #freshness(gaps: readonly Gap[], unfilled: ReadonlyMap<string, Unfilled>, followed: ReadonlyMap<RecordType, Followed | null>): readonly Freshness[] {
    const now = this.#parts.now().getTime();
    return gaps.flatMap(({ root, missing, copies }): Freshness[] => {
      const because = (place: number): Unfilled | undefined => unfilled.get(`${root.place} ${place}`);
      const old = copies.flatMap(({ place, fetched }) => (because(place) === undefined ? [] : [{ why: because(place) as Unfilled, age: secondsOf(root.fields, fetched, followed.get(root.type) ?? null, now) }]));
      // That nobody was given for a key is what its null says.
      const unsaid = missing.flatMap((place) => (because(place) === 'REFUSED' ? [{ why: 'REFUSED' as const, age: null }] : []));
      return [...Map.groupBy([...old, ...unsaid], ({ why }) => why)].map(([why, own]) => {
        const ages = own.map(({ age }) => age);
        return { as: root.as, at: root.at, type: root.type.name, ageSeconds: ages.includes(null) ? null : Math.max(...ages as number[]), because: why };
      });
    });
  }
}
