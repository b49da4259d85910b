/**
 * The feed of changes that every hub gives: a registry's records to whoever follows it, under his own grants, territory and bounds.
 *
 * A cursor goes through three phases. LOST: what he was given once and may have no more. SNAPSHOT: every record that he may have. FEED:
 * what was written since the snapshot began, in the order of commits. It begins with SNAPSHOT, and goes through all three again when
 * what he may have has changed. An entry tells the record as it is when it is read, so a page that is read twice does no harm, and
 * what is missed on the way comes with what follows. Nothing tells him of a record that he was never given and may not have.
 */
import type { Database } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { keysIn, tracedIn } from '../query/subjects.ts';
import type { Following, PassedOnRow, PassingOn, Text, Wanted } from '../query/passed-on.ts';
import type { Contract } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import { Comparison } from './compared.ts';
import { logAuthorizations } from './feed-authorizations.ts';
import { readCursor, writeCursor } from './feed-cursor.ts';
import type { FeedCursor } from './feed-cursor.ts';
import { entryOf, noteGiven, runAs } from './feed-entries.ts';
import type { Asker, BareEntry, FeedEntry, SourceJson } from './feed-entries.ts';
import { hangingOn, heardOf } from './feed-hanging.ts';
import { pageDigest } from './page-digest.ts';
import { currentEpoch, endOfLog, readLog, recordsBehind } from './feed-log.ts';
import type { Heard, LoggedCorrection } from './feed-log.ts';
import { RightsToFollow } from './feed-rights.ts';
import type { FeedRights, FollowedFacts } from './feed-rights.ts';

/** Entries of a page at most. */
export const mostEntries = 1000;

/** A page, and what of it is written down. */
export interface FeedPage {
  readonly epoch: string;
  readonly after: string | null;
  readonly endCursor: string;
  readonly digest: string;
  readonly hasNextPage: boolean;
  readonly phase: FeedCursor['phase'];
  readonly shown: readonly { readonly type: string; readonly fields: readonly string[] }[];
  readonly entries: readonly FeedEntry[];
  readonly behind: number;
  readonly facts: FollowedFacts;
  readonly subjects: readonly string[];
  /** Ids of the certificates that it tells of. */
  readonly traced: readonly string[];
}

/** What is asked. */
export interface FeedQuestion extends Asker {
  readonly registry: RegistryName;
  readonly after: string | null;
  readonly first: number;
  readonly wanted: Pick<Wanted, 'sources' | 'record'>;
}

/** See the head of this file. */
export class Feed {
  readonly #database: Pick<Database, 'sql' | 'lists'>;
  readonly #rights: RightsToFollow;
  /** The same records for whoever compares what he keeps of them. */
  readonly comparison: Comparison;

  constructor(database: Pick<Database, 'sql' | 'lists'>, contract: Contract) {
    this.#database = database;
    this.#rights = new RightsToFollow(contract);
    this.comparison = new Comparison(database, contract, this.#rights);
  }

  /** The next page. Throws `EPOCH_CHANGED` where the cursor leads nowhere any more. */
  async page(question: FeedQuestion): Promise<FeedPage> {
    const { first, after } = question;
    if (first < 1 || first > mostEntries) throw new HubError('PAGE_TOO_LARGE', `first is 1 to ${mostEntries}.`, { limit: mostEntries });
    const rights = this.#rights.of(question, question.registry, question.wanted);
    const epoch = await currentEpoch(this.#database.sql);
    // Before anything is read, so that a snapshot that begins now is not told of it again.
    if (rights.authorized) await logAuthorizations(this.#database.sql, question.caller.consumer, question.now);
    const from = after === null ? await this.#beginning(epoch, rights) : this.#continued(readCursor(after), epoch, rights);
    const { entries, cursor, hasNextPage = true, told } = await this.#from(from, { question, rights });
    const behind = cursor.phase === 'FEED' && hasNextPage ? await recordsBehind(this.#database.sql, cursor.log, heardBy(rights)) : 0;
    const endCursor = writeCursor(cursor);
    return {
      epoch, after, endCursor, digest: pageDigest({ after, endCursor, entries }), hasNextPage, phase: cursor.phase, entries, behind, facts: rights.facts, subjects: keysIn(told), traced: tracedIn(told),
      shown: rights.types.flatMap(({ type, fields }) => (fields.length === 0 ? [] : [{ type: type.name, fields }])),
    };
  }

  async #beginning(epoch: string, rights: FeedRights): Promise<FeedCursor> {
    return { phase: 'SNAPSHOT', epoch, rights: rights.digest, log: await endOfLog(this.#database.sql), type: 0, after: null };
  }

  /** Where what may be had has changed, what was given is gone through again first. */
  #continued(cursor: FeedCursor, epoch: string, { digest }: FeedRights): FeedCursor {
    if (cursor.epoch !== epoch) throw new HubError('EPOCH_CHANGED', 'This cursor is of another life of the database. Begin again with a snapshot (after: null), then reconcile.', { reason: 'EPOCH' });
    return cursor.rights === digest ? cursor : { phase: 'LOST', epoch, rights: digest, log: cursor.log, type: 0, after: null };
  }

  #from(cursor: FeedCursor, around: Around): Promise<Walked> {
    switch (cursor.phase) {
      case 'LOST': return this.#lost(cursor, around);
      case 'SNAPSHOT': return this.#snapshot(cursor, around);
      case 'FEED': return this.#feed(cursor, around);
    }
  }

  /** A stretch of what he was given, by type and id: what he may have no more. A page may be empty and not the last. */
  async #lost(cursor: WalkCursor, around: Around): Promise<Walked> {
    const { question: { caller, first }, rights } = around;
    const passing = rights.types[cursor.type];
    if (passing === undefined) return { entries: [], told: [], cursor: { ...cursor, phase: 'SNAPSHOT', type: 0, after: null } };
    const { type } = passing;
    const given = await this.#database.sql<{ id: string }[]>`
      select record_id::text as id from feed_delivery where consumer_code = ${caller.consumer} and record_type = ${type.name} and (${cursor.after}::uuid is null or record_id > ${cursor.after}::uuid) order by record_id limit ${first}`;
    const ids = given.map(({ id }) => id);
    const { rows } = await this.#read(passing, ids, around);
    const gone = await this.#gone(passing, ids.filter((id) => !rows.has(id)), around);
    const next = ids.length < first ? { ...cursor, type: cursor.type + 1, after: null } : { ...cursor, after: ids.at(-1) ?? null };
    return { entries: ids.flatMap((id) => gone.get(id) ?? []).map((entry) => ({ ...entry, cursor: writeCursor({ ...cursor, after: entry.id }), recordedAt: null })), told: [], cursor: next };
  }

  /** The next records by type and id. */
  async #snapshot(cursor: WalkCursor, around: Around): Promise<Walked> {
    const { question: { first }, rights } = around;
    const entries: FeedEntry[] = [];
    const told: (string | null)[] = [];
    let { type: index, after } = cursor;
    for (; index < rights.types.length && entries.length < first; index += 1, after = null) {
      const passing = rights.types[index] as PassingOn;
      if (passing.fields.length === 0) continue;
      const rows = await this.#run(passing.following, { after, first: first - entries.length }, around);
      await this.#note(passing, rows, around);
      for (const row of rows) {
        entries.push({ ...entryOf(passing, row), cursor: writeCursor({ ...cursor, type: index, after: row.id }), recordedAt: null });
        told.push(row.s);
        after = row.id;
      }
      if (entries.length === first) break;
    }
    const { epoch, rights: digest, log } = cursor;
    const next: FeedCursor = index < rights.types.length ? { ...cursor, type: index, after } : { phase: 'FEED', epoch, rights: digest, log };
    return { entries, told, cursor: next };
  }

  /** What was written next. A record that was written twice is told once, as it is. */
  async #feed(cursor: FeedCursor, around: Around): Promise<Walked> {
    const { question: { first }, rights } = around;
    const { parts, end, more } = await readLog(this.#database.sql, cursor.log, heardBy(rights), first);
    const hanging = await hangingOn(this.#database.sql, rights.types, parts);
    const also = [...hanging.values()].flat();
    const found = new Map<string, Found>();
    for (const passing of rights.types) {
      const { name } = passing.type;
      const ids = [...new Set([...parts.flatMap(({ type, ids: own }) => (type === name ? own : [])), ...also.flatMap(({ type, id }) => (type === name ? [id] : []))])];
      if (ids.length > 0) found.set(name, { passing, ...await this.#read(passing, ids, around) });
    }
    for (const one of found.values()) one.gone = await this.#gone(one.passing, one.missing, around);
    const entries: FeedEntry[] = [];
    const seen = new Set<string>();
    for (const { type, ids, corrections, recordedAt, from } of parts) {
      const placed = (entry: BareEntry, place: number): void => void entries.push({ ...entry, recordedAt, cursor: writeCursor({ ...cursor, log: { ...from, offset: from.offset + place + 1 } }) });
      for (const [place, id] of ids.entries()) {
        for (const one of [{ type, id }, ...hanging.get(id) ?? []]) {
          const entry = seen.has(one.id) ? undefined : entryFrom(found.get(one.type), one.id);
          if (entry !== undefined) placed(entry, place);
          seen.add(one.id);
        }
        const of = found.get(type);
        const row = of?.rows.get(id);
        if (of !== undefined && row !== undefined) for (const correction of corrections.filter((one) => one.id === id)) placed(correctionOf(of.passing, row, correction, around), place);
      }
    }
    return { entries, told: [...found.values()].flatMap(({ rows }) => [...rows.values()].map(({ s }) => s)), cursor: { ...cursor, phase: 'FEED', log: end } as FeedCursor, hasNextPage: more };
  }

  /** Records of one type, as far as he may have them; that he was given them is noted. */
  async #read(passing: PassingOn, ids: readonly string[], around: Around): Promise<{ readonly rows: ReadonlyMap<string, PassedOnRow>; readonly missing: readonly string[] }> {
    const rows = ids.length === 0 || passing.fields.length === 0 ? [] : await this.#run(passing.byIds, { ids }, around);
    await this.#note(passing, rows, around);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return { rows: byId, missing: ids.filter((id) => !byId.has(id)) };
  }

  /** Of records that he may not have: those that he was given once, as gone or as his no more. */
  async #gone(passing: PassingOn, ids: readonly string[], around: Around): Promise<ReadonlyMap<string, BareEntry>> {
    if (ids.length === 0) return new Map();
    const { caller, wanted } = around.question;
    const type = passing.type.name;
    const given = await this.#database.sql<{ id: string }[]>`select record_id::text as id from feed_delivery where consumer_code = ${caller.consumer} and record_type = ${type} and record_id = any(${ids as string[]}::uuid[])`;
    if (given.length === 0) return new Map();
    const once = given.map(({ id }) => id);
    const there = new Set((await this.#run(passing.there, { ids: once }, around)).map(({ id }) => id));
    const sources = wanted.sources ? await this.#sourcesOf(type, once) : new Map<string, SourceJson[]>();
    return new Map(once.map((id) => [id, { kind: there.has(id) ? 'RIGHT_LOST' : 'TOMBSTONE', type, id, hidden: [], sources: wanted.sources ? sources.get(id) ?? [] : null, record: null }]));
  }

  /** Which sources told of records, and nothing of what they told. */
  async #sourcesOf(type: string, ids: readonly string[]): Promise<ReadonlyMap<string, SourceJson[]>> {
    const rows = await this.#database.sql<{ id: string; source: string; key: string; version: string; at: string }[]>`
      select record_id::text as id, source, source_key as key, version, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from source_record where record_id = any(${ids as string[]}::uuid[]) and record_type is not distinct from ${type}`;
    return new Map([...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => [id, own.map(({ source, key, version, at }) => ({ source, key, version, changedAt: at, deleted: true, effectiveFrom: null, effectiveTo: null, values: {} }))]));
  }

  #note({ type }: PassingOn, rows: readonly PassedOnRow[], { question: { caller } }: Around): Promise<void> {
    return noteGiven(this.#database, caller.consumer, type.name, rows.map(({ id }) => id));
  }

  #run(text: Text, following: Following, { question }: Around): Promise<readonly PassedOnRow[]> {
    return runAs<PassedOnRow>(this.#database, text, question, { ...following });
  }
}

type WalkCursor = Exclude<FeedCursor, { phase: 'FEED' }>;

interface Around {
  readonly question: FeedQuestion;
  readonly rights: FeedRights;
}

/** What one step of a phase came to. */
interface Walked {
  readonly entries: readonly FeedEntry[];
  /** Whom they are about, as texts of keys. */
  readonly told: readonly (string | null)[];
  readonly cursor: FeedCursor;
  /** Absent: yes. */
  readonly hasNextPage?: boolean;
}

interface Found {
  readonly passing: PassingOn;
  readonly rows: ReadonlyMap<string, PassedOnRow>;
  readonly missing: readonly string[];
  gone?: ReadonlyMap<string, BareEntry>;
}

/** What of the log concerns him. */
function heardBy({ types, bounds }: FeedRights): Heard {
  return { types: heardOf(types), bounds };
}

/** A record as he may have it, or that he may have it no more; undefined: there is nothing to say of it. */
function entryFrom(found: Found | undefined, id: string): BareEntry | undefined {
  const row = found?.rows.get(id);
  return found === undefined || row === undefined ? found?.gone?.get(id) : entryOf(found.passing, row);
}

/** A claim about days that are past, with the fields that are told on this record. */
function correctionOf(passing: PassingOn, row: PassedOnRow, { source, key, version, at, values, from, to, deleted }: LoggedCorrection, { question: { wanted } }: Around): BareEntry {
  const { hidden, ...entry } = entryOf(passing, row);
  const told = new Set(passing.fields.filter((field) => !hidden.includes(field)));
  const shown = Object.fromEntries(Object.entries(values).filter(([field]) => told.has(field)));
  return { ...entry, kind: 'CORRECTION', hidden, sources: wanted.sources ? [{ source, key, version, changedAt: at, deleted, effectiveFrom: from, effectiveTo: to, values: shown }] : null };
}

