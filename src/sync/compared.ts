/**
 * The upper side of a reconciliation: what another hub may have of a record type, by digests, record by record, and the records themselves;
 * by the same rights and statements as the feed, so that whoever has followed it finds nothing that differs.
 *
 * It compares nothing: who asks does, since he knows what he keeps.
 */
import type { Database } from '../db/open.ts';
import { HubError } from '../errors.ts';
import type { BucketTotal, Comparing, Leaf } from '../query/passed-digests.ts';
import { toldFieldsOf } from '../query/passed-on.ts';
import type { PassedOnRow } from '../query/passed-on.ts';
import { deepest } from '../query/source-digest.ts';
import { keysIn } from '../query/subjects.ts';
import type { Contract } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import { entryOf, noteGiven, runAs } from './feed-entries.ts';
import type { Asker, FeedEntry } from './feed-entries.ts';
import type { Followed, FollowedFacts, RightsToFollow } from './feed-rights.ts';

/** What is told at most by one answer. */
export const most = { buckets: 4096, leaves: 10_000, keys: 1000 } as const;

/** Fields by record type. */
export interface Shown {
  readonly type: string;
  readonly fields: readonly string[];
}

/** What of an answer is written down. */
export interface Noted {
  readonly facts: FollowedFacts;
  readonly rows: number;
  readonly subjects: readonly string[];
}

/** A record type, and the fields that are to count. */
export interface Compared {
  readonly type: string;
  readonly fields: readonly string[];
  /** Names of buckets of one length; the empty one is everything. */
  readonly prefixes: readonly string[];
}

/** Who asks, and the division whose departments' data are at home there. */
export interface HubAsking extends Asker {
  readonly division: string;
}

/** See the head of this file. */
export class Comparison {
  readonly #database: Pick<Database, 'sql' | 'lists'>;
  readonly #contract: Contract;
  readonly #rights: RightsToFollow;

  constructor(database: Pick<Database, 'sql' | 'lists'>, contract: Contract, rights: RightsToFollow) {
    this.#database = database;
    this.#contract = contract;
    this.#rights = rights;
  }

  /** Types of a registry that may be compared. */
  comparable(asker: Asker, registry: RegistryName): readonly Shown[] {
    return this.#rights.of(asker, registry, wanted).types.flatMap(({ type, fields }) => (fields.length === 0 ? [] : [{ type: type.name, fields }]));
  }

  /** Digests of the buckets of a depth below others. Throws `BAD_INPUT`. */
  async digests(asker: HubAsking, { depth, ...compared }: Compared & { readonly depth: number }): Promise<{ readonly fields: readonly string[]; readonly buckets: readonly BucketTotal[] } & Noted> {
    const { followed, facts, counted, comparing } = this.#compared(asker, compared);
    if (depth < comparing.length || depth > deepest || compared.prefixes.length * 16 ** (depth - comparing.length) > most.buckets) {
      throw new HubError('BAD_INPUT', `depth is from the length of the prefixes to ${deepest}, and ${most.buckets} buckets are told at most: one prefix and three digits more, or more prefixes and fewer digits.`);
    }
    const buckets = counted.length === 0 ? [] : await runAs<BucketTotal>(this.#database, followed.digests().totals, asker, { ...comparing, depth });
    return { fields: counted, buckets, facts, rows: 0, subjects: [] };
  }

  /** The source records of buckets. Throws `PAGE_TOO_LARGE` where they are too many. */
  async leaves(asker: HubAsking, compared: Compared): Promise<{ readonly fields: readonly string[]; readonly leaves: readonly Leaf[] } & Noted> {
    const { followed, facts, counted, comparing } = this.#compared(asker, compared);
    const leaves = counted.length === 0 ? [] : await runAs<Leaf>(this.#database, followed.digests().leaves, asker, { ...comparing });
    if (leaves.length > most.leaves) throw new HubError('PAGE_TOO_LARGE', `These buckets hold ${leaves.length} source records, and ${most.leaves} are told at once: ask for deeper buckets.`, { limit: most.leaves });
    return { fields: counted, leaves, facts, rows: leaves.length, subjects: [] };
  }

  /** The records of source records, as the feed would tell them. One that is not among them may not be had, or is not there. */
  async entries(asker: HubAsking, typeName: string, keys: readonly { readonly source: string; readonly key: string }[]): Promise<{ readonly shown: readonly Shown[]; readonly entries: readonly FeedEntry[] } & Noted> {
    if (keys.length > most.keys) throw new HubError('PAGE_TOO_LARGE', `keys are ${most.keys} at most.`, { limit: most.keys });
    const { followed, facts } = this.#followed(asker, typeName);
    const { type, fields } = followed;
    const found = fields.length === 0 ? [] : await this.#database.sql<{ id: string }[]>`
      select distinct kept.record_id::text as id from unnest(${keys.map(({ source }) => source)}::text[], ${keys.map(({ key }) => key)}::text[]) asked (source, key)
      join source_record kept on kept.record_type = ${type.name} and kept.source = asked.source and kept.source_key = asked.key`;
    const rows = found.length === 0 ? [] : await runAs<PassedOnRow>(this.#database, followed.byIds, asker, { ids: found.map(({ id }) => id) });
    await noteGiven(this.#database, asker.caller.consumer, type.name, rows.map(({ id }) => id));
    const entries = rows.map((row): FeedEntry => ({ ...entryOf(followed, row), cursor: row.id, recordedAt: null }));
    return { shown: fields.length === 0 ? [] : [{ type: type.name, fields }], entries, facts, rows: rows.length, subjects: keysIn(rows.map(({ s }) => s)) };
  }

  #followed(asker: Asker, typeName: string): { readonly followed: Followed; readonly facts: FollowedFacts } {
    const type = this.#contract.types.get(typeName);
    if (type === undefined) throw new HubError('BAD_INPUT', 'type names no record type of this contract.');
    const { types, facts } = this.#rights.of(asker, type.model.registry, wanted);
    return { followed: types.find((one) => one.type === type) as Followed, facts };
  }

  #compared(asker: HubAsking, { type, fields, prefixes }: Compared): { readonly followed: Followed; readonly facts: FollowedFacts; readonly counted: readonly string[]; readonly comparing: Omit<Comparing, 'depth'> } {
    const length = prefixes[0]?.length ?? 0;
    if (prefixes.length === 0 || prefixes.length > most.buckets || prefixes.some((prefix) => prefix.length !== length || !/^[0-9a-f]{0,8}$/.test(prefix))) {
      throw new HubError('BAD_INPUT', `prefixes are names of buckets, all of one length, of ${deepest} hexadecimal digits at most in lower case.`);
    }
    const { followed, facts } = this.#followed(asker, type);
    const asked = new Set(fields);
    const counted = followed.fields.filter((field) => asked.has(field));
    const without = toldFieldsOf(followed.type).flatMap(({ name }) => (counted.includes(name) ? [] : [name]));
    return { followed, facts, counted, comparing: { prefixes, length, without, division: asker.division } };
  }
}

const wanted = { sources: true, record: false } as const;
