/**
 * The feed of facts (所用事实的变化): whoever used facts of somebody under a matter, and may follow them (mode SUBSCRIBE), is told when one
 * has changed: that it has, and of which of his look-ups, never what it is now. He looks up again. And whoever put a fact to a department's
 * desk is told that it has answered.
 *
 * It reads the same log as the feed of records. What changed is seen in the history: how the record was known before it was written, beside
 * how it is now; so what was written and is as before is not told, and a page that is read twice says the same. Nothing is told of whoever he
 * did not use, who is sealed, or whose record lies where he may not verify it; nor where the case is closed, or what he used is forgotten.
 */
import { z } from 'zod';
import type { Database } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { readOpaque, writeOpaque } from '../query/opaque-cursor.ts';
import { keysIn } from '../query/subjects.ts';
import type { NoticedRow, Noticing } from '../query/noticed.ts';
import { deskAnswers, ofDesk } from '../records/change-log.ts';
import type { Contract } from '../registries/contract.ts';
import { changedAmongUsed, deskAnswered, idsOfSubjects } from './fact-changes.ts';
import type { ChangedRecord, UsedRow } from './fact-changes.ts';
import { place } from './feed-cursor.ts';
import { runAs } from './feed-entries.ts';
import type { Asker } from './feed-entries.ts';
import { currentEpoch, endOfLog, readLog } from './feed-log.ts';
import { RightsToBeTold } from './fact-rights.ts';
import type { FactRights } from './fact-rights.ts';
import type { FollowedFacts } from './feed-rights.ts';

/** What a fact of a matter's version uses; `certificateType`: of certificates only those of this type. */
export interface FactUse {
  readonly role: string;
  readonly fields: readonly string[];
  readonly certificateType: string | null;
}

/** One entry, as the contract's `FactChange`. */
export interface FactChange {
  readonly kind: 'CHANGED' | 'ANSWERED';
  readonly recordedAt: string;
  readonly caseNo: string | null;
  readonly role: string | null;
  readonly index: number | null;
  readonly receipt: string | null;
  readonly request: string | null;
  readonly facts: readonly string[];
  readonly fields: readonly string[];
  readonly deskRequest: string | null;
}

/** A page, and what of it is written down. */
export interface FactChangePage {
  readonly endCursor: string;
  readonly hasNextPage: boolean;
  readonly entries: readonly FactChange[];
  readonly facts: FollowedFacts;
  readonly subjects: readonly string[];
}

/** What is asked: by an application, for the matter that it names. `usesOf`: what the facts of a version of that matter use, by code. */
export interface FactFeedQuestion extends Asker {
  readonly matter: string;
  readonly after: string | null;
  usesOf(version: number): Promise<ReadonlyMap<string, FactUse>>;
}

const cursorForm = z.object({ facts: z.literal(1), epoch: z.uuid(), log: place });

/** Records of the log that a page looks through. */
const recordsAtOnce = 1000;

/** See the head of this file. */
export class FactFeed {
  readonly #database: Pick<Database, 'sql' | 'lists'>;
  readonly #contract: Contract;
  readonly #rights: RightsToBeTold;

  constructor(database: Pick<Database, 'sql' | 'lists'>, contract: Contract) {
    this.#database = database;
    this.#contract = contract;
    this.#rights = new RightsToBeTold(contract);
  }

  /** The next page; without `after` an empty one, behind which everything comes that is written from now on. Throws `EPOCH_CHANGED` where the cursor leads nowhere any more. */
  async page(question: FactFeedQuestion): Promise<FactChangePage> {
    const { sql } = this.#database;
    const rights = this.#rights.of(question);
    const epoch = await currentEpoch(sql);
    const cursorAt = (log: z.infer<typeof place>): string => writeOpaque({ facts: 1, epoch, log });
    if (question.after === null) return { endCursor: cursorAt(await endOfLog(sql)), hasNextPage: false, entries: [], facts: rights.facts, subjects: [] };
    const from = readOpaque(cursorForm, question.after, 'after is no cursor of this feed: send the endCursor of the page before, or null to begin.');
    if (from.epoch !== epoch) throw new HubError('EPOCH_CHANGED', 'This cursor is of another life of the database. Begin again (after: null), and look up again what you rely on.', { reason: 'EPOCH' });
    const bounds = [ofDesk(question.caller.consumer)];
    const { parts, end, more } = await readLog(sql, from.log, { types: [...rights.types.keys(), deskAnswers], bounds }, recordsAtOnce);
    const told: Told[] = [];
    for (const [type, own] of Map.groupBy(parts.map((part, order) => ({ ...part, order })), (part) => part.type)) {
      const logged = own.flatMap(({ ids, recordedAt, order }) => ids.map((id) => ({ id, recordedAt, order })));
      if (type === deskAnswers) {
        const orders = new Map(logged.map(({ id, order }) => [id, order]));
        for (const { id, recordedAt, caseNo, role, fact, person } of await deskAnswered(sql, question, logged.map(({ id: own }) => own))) {
          told.push({ order: orders.get(id) ?? 0, subjects: person === null ? [] : [person], entry: { kind: 'ANSWERED', recordedAt, caseNo, role, index: null, receipt: null, request: null, facts: [fact], fields: [], deskRequest: id } });
        }
        continue;
      }
      const noticing = rights.types.get(type);
      if (noticing !== undefined) told.push(...await this.#changes(noticing, logged, rights, question));
    }
    told.sort((a, b) => a.order - b.order);
    return { endCursor: cursorAt(end), hasNextPage: more, entries: told.map(({ entry }) => entry), facts: rights.facts, subjects: [...new Set(told.flatMap(({ subjects }) => subjects))] };
  }

  async #changes(noticing: Noticing, logged: Parameters<typeof changedAmongUsed>[3], { types }: FactRights, question: FactFeedQuestion): Promise<readonly Told[]> {
    const changed = await changedAmongUsed(this.#database.sql, question, noticing.type, logged);
    if (changed.length === 0) return [];
    const rows = await this.#seen(noticing, [...new Set(changed.flatMap(({ id, there }) => (there ? [id] : [])))], question);
    // What is gone lies nowhere any more: it is told of where its subject is there for him, or is itself what is gone.
    const gone = changed.filter(({ there }) => !there);
    const seen = await this.#seenSubjects(gone.map(({ used }) => used), types, question);
    const told = new Map<string, Told>();
    for (const one of changed) {
      const row = rows.get(one.id);
      const isSubject = one.used.subjectType === noticing.type.name && one.used.beside === false;
      if (one.there ? row === undefined : !isSubject && !seen.has(one.used.subjectKey)) continue;
      const hidden = new Set(row === undefined || row.hidden === null ? [] : JSON.parse(row.hidden) as string[]);
      const fields = one.fields.filter((at) => {
        const [type = '', field] = at.split('.');
        return field === undefined ? noticing.exists && !hidden.has(type) : noticing.fields.has(field) && !hidden.has(field);
      });
      const entry = fields.length === 0 ? null : await entryOf(one, fields, question);
      if (entry === null) continue;
      const name = JSON.stringify([one.used.caseNo, one.used.role, one.used.subjectKey, one.id]);
      const before = told.get(name);
      told.set(name, before === undefined ? { order: one.order, subjects: keysIn([row?.s, one.used.subjectType === 'Person' ? one.used.subjectKey : null]), entry } : { ...before, entry: together(before.entry, entry) });
    }
    return [...told.values()];
  }

  async #seen({ byIds }: Noticing, ids: readonly string[], question: FactFeedQuestion): Promise<ReadonlyMap<string, NoticedRow>> {
    if (ids.length === 0) return new Map();
    return new Map((await runAs<NoticedRow>(this.#database, byIds, question, { ids })).map((row) => [row.id, row]));
  }

  /** Keys of these subjects whose own records are there for him. */
  async #seenSubjects(used: readonly UsedRow[], types: FactRights['types'], question: FactFeedQuestion): Promise<ReadonlySet<string>> {
    const keys = new Set<string>();
    for (const [name, own] of Map.groupBy(used, ({ subjectType }) => subjectType)) {
      const [noticing, type] = [types.get(name), this.#contract.types.get(name)];
      if (noticing === undefined || type === undefined) continue;
      const ids = await idsOfSubjects(this.#database.sql, type, own.map(({ subjectKey }) => subjectKey));
      const rows = await this.#seen(noticing, [...ids.keys()], question);
      for (const [id, key] of ids) if (rows.has(id)) keys.add(key);
    }
    return keys;
  }
}

interface Told {
  readonly order: number;
  readonly subjects: readonly string[];
  readonly entry: FactChange;
}

/** Null: no fact that was used has anything to do with it. */
async function entryOf({ used, certificateTypes, recordedAt }: ChangedRecord, fields: readonly string[], { usesOf }: FactFeedQuestion): Promise<FactChange | null> {
  const base = { kind: 'CHANGED' as const, recordedAt, caseNo: used.caseNo === '' ? null : used.caseNo, receipt: used.receipt, request: used.request, deskRequest: null };
  if (used.version === null) return { ...base, role: null, index: null, facts: [], fields: fields.toSorted() };
  const facts = [...await usesOf(used.version)].flatMap(([code, use]) => {
    const whole = use.role === used.role && use.fields.every((field) => used.fields.includes(field));
    const ofType = use.certificateType === null || certificateTypes === null || certificateTypes.includes(use.certificateType);
    const own = whole && ofType ? fields.filter((field) => use.fields.includes(field)) : [];
    return own.length === 0 ? [] : [{ code, own }];
  });
  return facts.length === 0 ? null : { ...base, role: used.role, index: used.place, facts: facts.map(({ code }) => code), fields: [...new Set(facts.flatMap(({ own }) => own))].sort() };
}

function together(a: FactChange, b: FactChange): FactChange {
  return { ...a, facts: [...new Set([...a.facts, ...b.facts])], fields: [...new Set([...a.fields, ...b.fields])].sort() };
}
