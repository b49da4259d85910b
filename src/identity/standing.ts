/**
 * What the hub knows of its callers, its catalog and its policy, held in memory: read once from the log of policy, and kept
 * in step with it change by change.
 *
 * A standing never changes: a change makes a new one that shares with the old what stayed the same, so no answer mixes old and
 * new. The log tells what was in force at any moment, so a standing of yesterday is read in the same way. An unknown, expired
 * or revoked key makes a stranger, never an exception.
 */
import type postgres from 'postgres';
import { Watch } from '../db/watch.ts';
import { Catalog, noWider } from '../sharing/catalog.ts';
import { noPolicy } from '../sharing/grant.ts';
import type { Policy } from '../sharing/grant.ts';
import type { Administrator, Caller, Concealment, Consumer, Matter } from '../sharing/terms.ts';
import { apiKeyDigest } from './api-key.ts';
import { administratorIn, concealmentIn, consumerIn, itemIn, kept, keyIn, matterIn, policiesIn, sealedIn, upperConditionIn } from './policy-rows.ts';
import type { KeyHolder, PolicyChange, PolicyRows, PolicyStep } from './policy-rows.ts';
import type { VerifiedToken } from './token.ts';
import { subjectCode } from './token-subject.ts';

/** A registered caller, and until when he is known by what he showed (milliseconds since the epoch). */
export interface Held {
  readonly caller: Caller;
  readonly until: number;
}

/** One state of it all. */
export class Standing {
  /** Number of the last change that it holds. */
  readonly version: string;
  readonly catalog: Catalog;
  /** Moves with every change that may change a plan of any consumer: of catalog, departments, matters, and with the first seal and one too many to list. */
  readonly everybody: string;
  /** Is anybody sealed? Without it no statement needs to look. */
  readonly sealed: boolean;
  /** Are they so few that their keys go along with a statement? Else it looks each one up. */
  readonly sealsListed: boolean;
  readonly #parts: Parts;
  readonly #sealed = new WeakMap<readonly string[], string>();

  constructor(version: string, parts: Parts) {
    this.version = version;
    this.#parts = parts;
    this.catalog = parts.catalog;
    this.everybody = parts.everybody;
    this.sealed = parts.seals.size > 0;
    this.sealsListed = areListed(parts.seals);
  }

  /** The same with another catalog; for what-if questions and tests. */
  withCatalog(catalog: Catalog, everybody: string): Standing {
    return new Standing(this.version, { ...this.#parts, catalog, everybody });
  }

  /** The same with another policy of one consumer; for what-if questions and tests. */
  withPolicy(consumer: string, policy: Policy): Standing {
    return new Standing(this.version, { ...this.#parts, policies: new Map([...this.#parts.policies, [consumer, policy]]) });
  }

  /** Who holds this key at this moment. */
  callerOf(key: string | null, now: Date): Caller {
    const holder = key === null ? undefined : this.holderOf(key);
    return holder === undefined || now.getTime() >= holder.until ? { kind: 'stranger' } : holder.caller;
  }

  /** Who holds a key, and until when (milliseconds since the epoch). */
  holderOf(key: string): Held | undefined {
    return this.#held(this.#parts.keys.get(apiKeyDigest(key)), Infinity);
  }

  /** Who is meant by a token that was verified, and until when: he has what he is registered for, and nothing of the token's own. */
  holderOfToken({ issuer, subject, until }: VerifiedToken): Held | undefined {
    return this.#held(this.#parts.tokenSubjects.get(subjectCode(issuer, subject)), until);
  }

  #held(holder: KeyHolder | undefined, atMost: number): Held | undefined {
    const caller = holder === undefined ? undefined : holder.consumer === null ? this.administrator(holder.administrator ?? '') : this.consumer(holder.consumer);
    return holder === undefined || caller === undefined ? undefined : { caller, until: Math.min(holder.until, atMost) };
  }

  /** The keys of all who are sealed under other codes than these, as an array literal of PostgreSQL; there where they are listed. */
  sealedBut(codes: readonly string[]): string {
    const known = this.#sealed.get(codes);
    if (known !== undefined) return known;
    const keys = new Set([...this.#parts.seals].flatMap(([code, key]) => (codes.includes(code) ? [] : [key])));
    const literal = `{${[...keys].map((key) => `"${key}"`).join()}}`;
    this.#sealed.set(codes, literal);
    return literal;
  }

  consumer(code: string): Consumer | undefined {
    return this.#parts.consumers.get(code);
  }

  consumers(): IterableIterator<Consumer> {
    return this.#parts.consumers.values();
  }

  administrator(code: string): Administrator | undefined {
    return this.#parts.administrators.get(code);
  }

  administrators(): IterableIterator<Administrator> {
    return this.#parts.administrators.values();
  }

  matter(code: string): Matter | undefined {
    return this.#parts.matters.get(code);
  }

  matters(): IterableIterator<Matter> {
    return this.#parts.matters.values();
  }

  /** Which accesses are not told to whom they are about. */
  concealments(): readonly Concealment[] {
    return [...this.#parts.concealments.values()];
  }

  /** What was decided about a caller. */
  policyOf(caller: Caller): Policy {
    return caller.kind === 'consumer' ? this.#parts.policies.get(caller.consumer) ?? noPolicy : noPolicy;
  }

  /** Public key of a consumer's assertions of operators; null where it has none. */
  operatorKeyOf(consumer: string): unknown {
    return this.#parts.operatorKeys.get(consumer) ?? null;
  }
}

/** Seals that go along with statements at most: beyond, their keys cost a statement as much as looking them up. */
const listedSeals = 100;
/** What somebody else wrote for a key than a person key is looked up, too. */
const areListed = (seals: ReadonlyMap<string, string>): boolean => seals.size <= listedSeals && [...seals.values()].every((key) => !/["\\]/.test(key));

/** What a standing is made of. */
export interface Parts {
  readonly catalog: Catalog;
  readonly everybody: string;
  /** Keys of sealed persons by the seal's code. */
  readonly seals: ReadonlyMap<string, string>;
  readonly keys: ReadonlyMap<string, KeyHolder>;
  readonly tokenSubjects: ReadonlyMap<string, KeyHolder>;
  readonly consumers: ReadonlyMap<string, Consumer>;
  readonly operatorKeys: ReadonlyMap<string, unknown>;
  readonly administrators: ReadonlyMap<string, Administrator>;
  readonly matters: ReadonlyMap<string, Matter>;
  readonly concealments: ReadonlyMap<string, Concealment>;
  readonly policies: ReadonlyMap<string, Policy>;
}

/** The log, read so far: the last row of each kind and code. */
export class PolicyLog {
  readonly #rows: PolicyRows = new Map();
  #parts: Parts | undefined;
  #standing: Standing | undefined;

  /** The standing after these changes, which follow the ones before. */
  take(changes: readonly PolicyChange[]): Standing {
    if (changes.length === 0 && this.#standing !== undefined) return this.#standing;
    const steps = changes.map((change): PolicyStep => {
      const ofKind = this.#rows.get(change.kind) ?? new Map<string, Readonly<Record<string, unknown>>>();
      this.#rows.set(change.kind, ofKind);
      const was = ofKind.get(change.code) ?? null;
      if (change.body === null) ofKind.delete(change.code);
      else ofKind.set(change.code, kept(change.kind, change.body));
      return { ...change, was };
    });
    const version = changes.at(-1)?.seq ?? '0';
    this.#parts = this.#partsAfter(steps, version);
    this.#standing = new Standing(version, this.#parts);
    return this.#standing;
  }

  #partsAfter(steps: readonly PolicyStep[], version: string): Parts {
    const before = this.#parts;
    const touched = new Set(steps.map(({ kind }) => kind));
    const rows = this.#rows;
    const of = <T>(kind: string, read: (body: Readonly<Record<string, unknown>>) => T | null): ReadonlyMap<string, T> => new Map([...(rows.get(kind) ?? [])].flatMap(([code, body]) => {
      const made = read(body);
      return made === null ? [] : [[code, made] as const];
    }));
    const same = <T>(kinds: readonly string[], part: (from: Parts) => T, make: () => T): T => (before !== undefined && !kinds.some((kind) => touched.has(kind)) ? part(before) : make());
    const names = of('department', (body) => body);
    const catalog = same(['catalog_item', 'city_condition'], (from) => from.catalog, () => {
      const upper = of('city_condition', upperConditionIn);
      return new Catalog([...of('catalog_item', itemIn).values()].map((item) => noWider(item, upper.get(item.code))));
    });
    const seals = same(['seal'], (from) => from.seals, () => of('seal', sealedIn));
    const otherStatements = before !== undefined && (seals.size > 0 !== before.seals.size > 0 || areListed(seals) !== areListed(before.seals));
    const forAll = before === undefined || touched.has('catalog_item') || touched.has('city_condition') || touched.has('department') || touched.has('matter') || otherStatements;
    return {
      catalog, seals,
      everybody: forAll ? version : before.everybody,
      keys: same(['api_key'], (from) => from.keys, () => of('api_key', keyIn)),
      tokenSubjects: same(['token_subject'], (from) => from.tokenSubjects, () => of('token_subject', keyIn)),
      consumers: same(['consumer', 'department'], (from) => from.consumers, () => of('consumer', (body) => consumerIn(body, names))),
      operatorKeys: same(['consumer'], (from) => from.operatorKeys, () => of('consumer', (body) => body['operator_key'] ?? null)),
      administrators: same(['administrator', 'department'], (from) => from.administrators, () => of('administrator', (body) => administratorIn(body, names))),
      matters: same(['matter'], (from) => from.matters, () => of('matter', matterIn)),
      concealments: same(['concealment'], (from) => from.concealments, () => of('concealment', concealmentIn)),
      policies: policiesIn(rows, steps, version, before?.policies),
    };
  }
}

/** Reads the standing as of now, or as it was at a moment. */
export async function loadStanding(sql: postgres.Sql | postgres.TransactionSql, at: string | null = null): Promise<Standing> {
  return new PolicyLog().take(await readChanges(sql, '0', at));
}

/** The last state of each row whose log moved after `since`. */
async function readChanges(sql: postgres.Sql | postgres.TransactionSql, since: string, at: string | null = null): Promise<PolicyChange[]> {
  const rows = await sql<{ seq: string; kind: string; code: string; body: string | null }[]>`
    select seq::text, kind, code, body::text from (
      select distinct on (kind, code) seq, kind, code, body from policy_change
      where seq > ${since}::bigint and (${at}::timestamptz is null or at <= ${at}::timestamptz) order by kind, code, seq desc
    ) last order by last.seq`;
  return rows.map(({ seq, kind, code, body }) => ({ seq, kind, code, body: body === null ? null : JSON.parse(body) as Readonly<Record<string, unknown>> }));
}

/** Keeps a standing in step with the log. */
export class StandingWatch {
  readonly #watch: Watch;
  #standing: Standing;

  private constructor(sql: postgres.Sql, log: PolicyLog, standing: Standing) {
    this.#standing = standing;
    this.#watch = new Watch(async () => {
      const changes = await readChanges(sql, this.#standing.version);
      if (changes.length > 0) this.#standing = log.take(changes);
    });
  }

  /** Loads the standing and begins to watch it. `listen`: the database can tell of changes (the embedded one cannot). */
  static async start(sql: postgres.Sql, everyMs: number, listen: boolean, onError: (error: unknown) => void): Promise<StandingWatch> {
    const log = new PolicyLog();
    const watch = new StandingWatch(sql, log, log.take(await readChanges(sql, '0')));
    await watch.#watch.start({ sql, channel: listen ? 'hub_policy' : null, everyMs, onError });
    return watch;
  }

  get current(): Standing {
    return this.#standing;
  }

  /** Looks now, and takes what has changed. */
  look(): Promise<void> {
    return this.#watch.look();
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }
}
