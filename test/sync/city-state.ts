/**
 * An upper hub's library in memory, as its feed tells of it: records with what their sources tell, a log, an epoch. What the city's double
 * (city-double.ts) answers from. It checks nothing: what a test puts in goes out, drift and poison too.
 */
import { randomUUID } from 'node:crypto';
import type { ItemCondition } from '../../src/sync/city.ts';
import { pageDigest } from '../../src/sync/page-digest.ts';

/** A source's word as it goes out; a test may leave out or add whatever it likes. */
export type SentSource = Readonly<Record<string, unknown>>;
export type SentEntry = Readonly<Record<string, unknown>>;

interface Kept {
  readonly type: string;
  readonly registry: string;
  readonly sources: Map<string, SentSource>;
}

interface Logged {
  readonly registry: string;
  readonly id: string;
  readonly kind: string;
  /** What is said in place of what is kept: of corrections, tombstones and lost rights. */
  readonly entry: SentEntry | null;
}

interface Position {
  readonly epoch: string;
  readonly phase: 'SNAPSHOT' | 'FEED';
  /** Place in the log from which the feed goes on. */
  readonly n: number;
  /** Last id of the snapshot. */
  readonly id: string;
}

/** A page as it goes out. */
export interface SentPage extends Readonly<Record<string, unknown>> {
  readonly entries: readonly SentEntry[];
  readonly endCursor: string;
}

/** The cursor leads nowhere any more. */
export class EpochChanged extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`EPOCH_CHANGED ${reason}`);
    this.reason = reason;
  }
}

const cursorOf = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** See the head of this file. */
export class CityState {
  #epoch = randomUUID();
  readonly #records = new Map<string, Kept>();
  #log: Logged[] = [];
  readonly shown = new Map<string, readonly string[]>();
  readonly hidden = new Map<string, readonly string[]>();
  conditions: readonly ItemCondition[] = [];
  #digest = 1;
  /** Moves every `changedAt` that is told. */
  skewMs = 0;

  get epoch(): string {
    return this.#epoch;
  }

  /** A source tells of a record; the same key again is its next word. Gives the record's id. */
  put(registry: string, type: string, told: SentSource, id: string = this.#idOf(type, told) ?? randomUUID()): string {
    const kept = this.#records.get(id) ?? { type, registry, sources: new Map<string, SentSource>() };
    const whole = { changedAt: '2026-11-20T00:00:00Z', deleted: false, effectiveFrom: null, effectiveTo: null, values: {}, ...told };
    kept.sources.set(`${String(told['source'])} ${String(told['key'])}`, whole);
    this.#records.set(id, kept);
    this.#log.push({ registry, id, kind: 'UPSERT', entry: null });
    return id;
  }

  /** A record is gone, or may be had no more. */
  remove(id: string, kind: 'TOMBSTONE' | 'RIGHT_LOST' = 'TOMBSTONE'): void {
    const { type, registry, sources } = this.#kept(id);
    this.#records.delete(id);
    const told = [...sources.values()].map((one) => ({ ...one, deleted: true, values: {} }));
    this.#log.push({ registry, id, kind, entry: { kind, type, id, hidden: [], sources: told } });
  }

  /** A word about days that are past. */
  correct(id: string, told: SentSource): void {
    const { type, registry } = this.#kept(id);
    this.#log.push({ registry, id, kind: 'CORRECTION', entry: { kind: 'CORRECTION', type, id, hidden: [], sources: [{ changedAt: '2026-11-20T00:00:00Z', deleted: false, effectiveFrom: null, effectiveTo: null, values: {}, ...told }] } });
  }

  /** An entry just as it is. */
  push(registry: string, entry: SentEntry): void {
    this.#log.push({ registry, id: String(entry['id'] ?? ''), kind: 'UPSERT', entry });
  }

  /** The database is as it was a while ago: what was logged since is not known any more. */
  restore(toLog: number): void {
    this.#epoch = randomUUID();
    this.#log = this.#log.slice(0, toLog);
  }

  forget(id: string): void {
    this.#records.delete(id);
  }

  get logged(): number {
    return this.#log.length;
  }

  setConditions(conditions: readonly ItemCondition[]): void {
    this.conditions = conditions;
    this.#digest += 1;
  }

  /** The sources of all records of a type, as they were told last. */
  told(type: string): readonly SentSource[] {
    return [...this.#records.values()].filter((one) => one.type === type).flatMap(({ sources }) => [...sources.values()]);
  }

  /** Looks up persons by their numbers, as far as they are shown. */
  lookUp(of: readonly { readonly type: string; readonly keys: readonly string[]; readonly fields: readonly string[] }[]): readonly object[] {
    return of.map(({ type, keys, fields }) => {
      const shown = (this.shown.get(type) ?? []).filter((field) => fields.includes(field));
      const found = keys.flatMap((key) => [...this.#records].filter(([, one]) => one.type === type && [...one.sources.values()].some(({ values }) => (values as Readonly<Record<string, unknown>> | undefined)?.['idNumber'] === key)).map(([id]) => ({ key, id })));
      const records = found.map(({ key, id }) => {
        const { hidden, sources } = this.#entry(id, '');
        return { key, id, hidden, sources: (sources as readonly SentSource[]).map((one) => ({ ...one, values: Object.fromEntries(Object.entries(one['values'] as object).filter(([field]) => shown.includes(field))) })) };
      });
      return { shown, records, refused: type === 'Person' ? null : 'RK-0001 is not granted.' };
    });
  }

  /** What was reported, by its key: how it stands, and how often it came. */
  readonly reports = new Map<string, { readonly report: Readonly<Record<string, unknown>>; readonly standing: Readonly<Record<string, unknown>>; readonly times: number }>();

  /** Takes a report, once however often it comes. */
  report(key: string, report: Readonly<Record<string, unknown>>): object {
    const { standing, times } = this.reports.get(key) ?? { standing: { state: 'OPEN', dueOn: '2026-12-08', verdict: null, answer: null, correctedVersion: null, answeredAt: null, answeredBy: null }, times: 0 };
    this.reports.set(key, { report, standing, times: times + 1 });
    return { checks: [standing] };
  }

  /** A report is answered. */
  answer(key: string, verdict: string, answer: string): void {
    const known = this.reports.get(key);
    if (known === undefined) throw new Error(`The double's city has no report ${key}.`);
    this.reports.set(key, { ...known, standing: { ...known.standing, state: 'ANSWERED', verdict, answer, answeredAt: '2026-11-25T10:00:00.000+08:00', answeredBy: '620600-GA' } });
  }

  standings(keys: readonly string[]): object {
    return { nodes: keys.flatMap((key) => (this.reports.has(key) ? [{ reference: key, ...this.reports.get(key)?.standing }] : [])) };
  }

  /** Uses of certificates that were told, by their keys. */
  readonly uses = new Map<string, Readonly<Record<string, unknown>>>();

  /** Takes uses, each once however often it comes. */
  tellUses(told: readonly Readonly<Record<string, unknown>>[]): object {
    return { outcomes: told.map((use, index) => {
      const key = String(use['key']);
      const status = this.uses.has(key) ? 'DUPLICATE' : 'ACCEPTED';
      this.uses.set(key, use);
      return { index, key, status, reason: null, field: null };
    }) };
  }

  /** A page of the feed. */
  page(registry: string, after: string | null, first: number): SentPage {
    const from = after === null ? { epoch: this.#epoch, phase: 'SNAPSHOT', n: this.#log.length, id: '' } as const : JSON.parse(Buffer.from(after, 'base64url').toString()) as Position;
    if (from.epoch !== this.#epoch) throw new EpochChanged('RESTORED');
    return from.phase === 'SNAPSHOT' ? this.#snapshot(registry, after, from, first) : this.#feed(registry, after, from, first);
  }

  #snapshot(registry: string, after: string | null, from: Position, first: number): SentPage {
    const ids = [...this.#records].filter(([id, one]) => one.registry === registry && id > from.id).map(([id]) => id).sort();
    const taken = ids.slice(0, first);
    const entries = taken.map((id) => this.#entry(id, cursorOf({ ...from, id })));
    const whole = taken.length === ids.length;
    const end: Position = whole ? { ...from, phase: 'FEED', id: '' } : { ...from, id: taken.at(-1) ?? '' };
    return this.#answer(after, entries, end, ids.length - taken.length, !whole || this.#rest(registry, from.n).length > 0);
  }

  #feed(registry: string, after: string | null, from: Position, first: number): SentPage {
    const rest = this.#rest(registry, from.n);
    const taken = rest.slice(0, first);
    const entries = taken.map(({ at, one }): SentEntry => {
      const cursor = cursorOf({ ...from, n: at + 1 });
      if (one.entry !== null) return { ...one.entry, cursor, ...('sources' in one.entry ? { sources: (one.entry['sources'] as readonly SentSource[]).map((told) => this.#skewed(told)) } : {}) };
      return this.#records.has(one.id) ? this.#entry(one.id, cursor) : { cursor, kind: 'TOMBSTONE', type: '', id: one.id, hidden: [], sources: [] };
    }).filter((entry) => entry['type'] !== '');
    const end: Position = { ...from, n: taken.length < rest.length ? (taken.at(-1)?.at ?? 0) + 1 : this.#log.length };
    return this.#answer(after, entries, end, rest.length - taken.length, taken.length < rest.length);
  }

  #rest(registry: string, n: number): { readonly at: number; readonly one: Logged }[] {
    return this.#log.map((one, at) => ({ at, one })).filter(({ at, one }) => at >= n && one.registry === registry);
  }

  #entry(id: string, cursor: string): SentEntry & { readonly type: string } {
    const { type, sources } = this.#kept(id);
    return { cursor, kind: 'UPSERT', type, id, hidden: this.hidden.get(id) ?? [], sources: [...sources.values()].map((one) => this.#skewed(one)) };
  }

  #skewed(one: SentSource): SentSource {
    return this.skewMs === 0 || typeof one['changedAt'] !== 'string' ? one : { ...one, changedAt: new Date(Date.parse(one['changedAt']) + this.skewMs).toISOString() };
  }

  #answer(after: string | null, entries: readonly SentEntry[], end: Position, behind: number, hasNextPage: boolean): SentPage {
    const endCursor = cursorOf(end);
    return { epoch: this.#epoch, after, endCursor, digest: pageDigest({ after, endCursor, entries }), hasNextPage, phase: end.phase, conditions: `conditions-${this.#digest}`, behind, shown: [...this.shown].map(([type, fields]) => ({ type, fields })), entries };
  }

  #kept(id: string): Kept {
    const kept = this.#records.get(id);
    if (kept === undefined) throw new Error(`The double's city has no record ${id}.`);
    return kept;
  }

  #idOf(type: string, told: SentSource): string | undefined {
    const name = `${String(told['source'])} ${String(told['key'])}`;
    return [...this.#records].find(([, one]) => one.type === type && one.sources.has(name))?.[0];
  }
}
