/**
 * What single sources tell of a record, as one caller may read it: the field judged as the same field of the record, masked values left
 * out, and what a bound or a seal hides of this record too. By natural key it does as much for whoever is absent, sealed or outside as for nobody.
 *
 * The departments' own keys are never shown.
 */
import { HubError } from '../errors.ts';
import { circumstancesOf } from '../identity/purpose.ts';
import { asksToDoubt, doubtedRows, doubting } from '../query/doubted.ts';
import type { DoubtedRow, Holder, NamedBy } from '../query/doubted.ts';
import { asksByKey, asksOf, keyFieldOf, passingByKey, passingOn, toldFieldsOf } from '../query/passed-on.ts';
import type { Following, PassedOnRow } from '../query/passed-on.ts';
import type { CoveredBy, StatementLanes } from '../query/run.ts';
import { keysIn, tracedIn } from '../query/subjects.ts';
import type { Run } from '../query/tree.ts';
import { compareVersions } from '../records/merge.ts';
import type { Contract, RecordType } from '../registries/contract.ts';
import { planOf } from '../sharing/plan.ts';
import { isNowhere } from '../sharing/rows.ts';
import type { Plan } from '../sharing/plan.ts';
import type { Administrator, Ask, Consumer, Quota } from '../sharing/terms.ts';
import { isPersonalIn, readFollowed } from './feed-rights.ts';
import type { FollowedFacts, Follower } from './feed-rights.ts';

/** Who asks, when; the day is a civil date in Asia/Shanghai. An administrator is told what the judge opens to everybody. */
export interface SourcesQuestion<Who = Consumer | Administrator> extends Omit<Follower, 'caller'> {
  readonly caller: Who;
  /** The coordinate of the root field. */
  readonly at: string;
  readonly today: string;
}

/** What one source tells of one field. */
export interface ToldValue {
  readonly source: string;
  readonly version: string;
  /** ISO 8601. */
  readonly changedAt: string;
  readonly value: unknown;
  /** Is it what the record says today? */
  readonly holds: boolean;
}

/** What sources tell of one record, by field. */
export type ToldFields = ReadonlyMap<string, readonly ToldValue[]>;

/** What is delivered, for the audit. */
export interface SourcesFacts extends FollowedFacts {
  readonly by: readonly string[];
}

/** A record some of whose fields may be doubted by whoever asks. */
export interface DoubtedRecord {
  readonly id: string;
  /** Whose word each of them is. */
  readonly holders: ReadonlyMap<string, Holder>;
}

/** An answer, and what of it is written down. */
export interface SourcesAnswer {
  /** By record id; by key there is one at most. */
  readonly records: ReadonlyMap<string, ToldFields>;
  /** Which of their fields are being checked, by record id. */
  readonly checked: ReadonlyMap<string, ReadonlySet<string>>;
  readonly facts: SourcesFacts;
  readonly subjects: readonly string[];
  /** Ids of the certificates among them. */
  readonly traced: readonly string[];
}

interface SourceJson {
  readonly source: string;
  readonly version: string;
  readonly changedAt: string;
  readonly deleted: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Origins {
  readonly source: string;
  readonly version: string;
  readonly fields: Readonly<Record<string, { readonly source: string; readonly version: string }>> | null;
  readonly checked: readonly string[] | null;
}

/** See the head of this file. */
export class SourcesShown {
  readonly #lanes: StatementLanes;
  readonly #contract: Contract;
  readonly #covered: CoveredBy;
  readonly #personKey: (idNumber: string) => string;

  constructor(lanes: StatementLanes, contract: Contract, covered: CoveredBy, personKey: (idNumber: string) => string) {
    this.#lanes = lanes;
    this.#contract = contract;
    this.#covered = covered;
    this.#personKey = personKey;
  }

  /** Of the record with this natural key, in one statement. */
  async byKey(question: SourcesQuestion, name: string, key: string): Promise<SourcesAnswer> {
    const type = this.type(name);
    const all = new Set(toldFieldsOf(type).map((field) => field.name));
    const asks = asksByKey(type, question.at, all);
    const plan = this.#plan(question, asks);
    const [refused] = plan.refused;
    if (refused !== undefined) throw new HubError('FIND_NOT_SHARED', `${refused.at} may not be found by: ${refused.because}`, { ...refused });
    const { fields, byKeys } = passingByKey(type, question.at, plan, all, { sealsListed: question.standing.sealsListed, origins: true });
    const rows = await this.#lanes.points.query(byKeys.text, byKeys.parameters(await this.#request(question, { keys: [key] })));
    return this.#answer(question, [{ type, asks, plan, fields, by: keyFieldOf(type).items, rows: rows as unknown as readonly PassedOnRow[] }]);
  }

  /** Of the records of these ids; whatever may not be had is not there. One statement for each type. */
  async byIds(question: SourcesQuestion, wanted: ReadonlyMap<string, readonly string[]>): Promise<SourcesAnswer> {
    const read: Judged[] = [];
    for (const [name, ids] of wanted) {
      const type = this.type(name);
      const asks = asksOf(type, question.at);
      const plan = this.#plan(question, asks);
      const { fields, byIds } = passingOn(type, question.at, plan, { sources: true, record: false, sealsListed: question.standing.sealsListed, origins: true });
      const rows = fields.length === 0 ? [] : await this.#lanes.lists.query(byIds.text, byIds.parameters(await this.#request(question, { ids })));
      read.push({ type, asks, plan, fields, by: [], rows: rows as unknown as readonly PassedOnRow[] });
    }
    return this.#answer(question, read);
  }

  /**
   * Whose word fields of one record are that whoever asks may doubt: read or verified, unmasked, and not empty; null: there is no such
   * record for him, or nothing of these on it, all alike. Throws as looking up does, before anything is looked at.
   */
  async doubted(question: SourcesQuestion, name: string, fields: readonly string[], by: NamedBy, value: string): Promise<{ readonly record: DoubtedRecord | null; readonly facts: SourcesFacts; readonly subjects: readonly string[] }> {
    const type = this.type(name);
    const wanted = fields.map((field) => {
      const declared = toldFieldsOf(type).find((one) => one.name === field);
      if (declared === undefined) throw new HubError('BAD_INPUT', `${type.name} has no field ${field.slice(0, 100)} that a source tells.`);
      return declared;
    });
    const plan = this.#plan(question, asksToDoubt(type, question.at, wanted, by));
    const [refused] = plan.refused;
    if (refused !== undefined) throw new HubError('FIND_NOT_SHARED', `${refused.at} may not be found by: ${refused.because}`, { ...refused });
    const shut = isNowhere(plan.rows(question.at, 'exist')) ? question.at : wanted.map((field) => `${type.name}.${field.name}`).find((_at, place) => isNowhere(doubtedRows(plan, type, wanted[place]!)));
    const withheld = shut === undefined ? undefined : plan.withheld(shut);
    if (withheld !== undefined) throw new HubError('FIELD_NOT_SHARED', `${withheld.at} is not shared with this caller, and what one may not have one does not doubt: ${withheld.because}`, { ...withheld });
    const { text, parameters } = doubting(type, question.at, plan, wanted, by, { sealsListed: question.standing.sealsListed });
    const [row] = await this.#lanes.points.query(text, parameters(await this.#request(question, by === 'key' ? { keys: [value] } : { ids: [value] }))) as unknown as readonly DoubtedRow[];
    // No quota is used: what a mutation has done cannot be dropped.
    const facts = { delivered: {}, items: [], quotas: [], personal: false, withheld: [], by: by === 'key' ? keyFieldOf(type).items : [] };
    const holders = row === undefined ? [] : Object.entries(JSON.parse(row.holders) as Readonly<Record<string, Holder | null>>).flatMap(([field, holder]) => (holder === null ? [] : [[field, holder] as const]));
    const whole = holders.length === wanted.length;
    return { record: row === undefined || !whole ? null : { id: row.id, holders: new Map(holders) }, facts, subjects: whole && row !== undefined ? keysIn([row.s]) : [] };
  }

  #plan({ caller, standing, purpose, now }: SourcesQuestion, asks: readonly Ask[]): Plan {
    return planOf(asks, { caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed, circumstances: circumstancesOf(purpose, now) }, this.#contract.itemsOfTypes);
  }

  /** The record type of this name. */
  type(name: string): RecordType {
    const type = this.#contract.types.get(name);
    if (type === undefined) throw new HubError('BAD_INPUT', 'type names a record type of this contract, such as Person.');
    return type;
  }

  async #request({ caller, standing, purpose, today, now }: SourcesQuestion, following: Following): Promise<Run> {
    const sealed = standing.sealed && standing.sealsListed ? { sealedKeys: standing.sealedBut(standing.policyOf(caller).seals) } : undefined;
    const matter = purpose.matter?.code ?? null;
    // An administrator has no purpose, and nobody has authorized him.
    const consumer = caller.kind === 'consumer' ? caller.consumer : '';
    // Whom a case does not cover is as if he were not there.
    const covered = matter === null || purpose.caseNo === null ? null : await this.#covered({ matter, caseNo: purpose.caseNo, consumer }, today, []);
    return { ...sealed, caseKeys: covered ?? '{}', variables: following as Readonly<Record<string, unknown>>, today, now, purpose: { matter, caseNo: purpose.caseNo, consumer }, personKey: this.#personKey };
  }

  #answer({ standing, at }: SourcesQuestion, judged: readonly Judged[]): SourcesAnswer {
    const facts = { delivered: {} as Record<string, readonly string[]>, quotas: new Map<string, Quota>(), withheld: [] as FollowedFacts['withheld'][number][] };
    for (const { type, asks, plan, fields } of judged) {
      readFollowed(type, asks, plan, fields, facts);
      for (const quota of [...plan.quotas(at), ...plan.quotas(`${at}(keys)`)]) facts.quotas.set(`${quota.approvalNo}|${quota.item}|${quota.line}`, quota);
    }
    const items = [...new Set(Object.values(facts.delivered).flat())];
    return {
      records: new Map(judged.flatMap(({ rows, fields }) => rows.map((row) => [row.id, fieldsOf(row, fields)] as const))),
      checked: new Map(judged.flatMap(({ rows }) => rows.map(({ id, origins }) => [id, new Set((JSON.parse(origins ?? 'null') as Origins | null)?.checked)] as const))),
      facts: { ...facts, items, quotas: [...facts.quotas.values()], personal: items.some((code) => isPersonalIn(standing.catalog, code)), by: [...new Set(judged.flatMap(({ by }) => by))] },
      subjects: keysIn(judged.flatMap(({ rows }) => rows.map(({ s }) => s))),
      traced: tracedIn(judged.flatMap(({ rows }) => rows.map(({ s }) => s))),
    };
  }
}

/** A type as it was judged, and what was found of it. */
interface Judged {
  readonly type: RecordType;
  readonly asks: readonly Ask[];
  readonly plan: Plan;
  readonly fields: readonly string[];
  readonly by: readonly string[];
  readonly rows: readonly PassedOnRow[];
}

/** Every word on every field that may be had of this record, whose holds first. */
function fieldsOf({ hidden, sources, origins }: PassedOnRow, fields: readonly string[]): ToldFields {
  const unseen = new Set(hidden === null ? [] : JSON.parse(hidden) as string[]);
  const live = (sources === null ? [] : JSON.parse(sources) as SourceJson[]).filter(({ deleted }) => !deleted);
  const origin = JSON.parse(origins ?? 'null') as Origins | null;
  return new Map(fields.filter((field) => !unseen.has(field)).flatMap((field) => {
    const from = origin?.fields?.[field] ?? origin;
    const told = live.filter(({ values }) => values[field] !== undefined).map(({ source, version, changedAt, values }): ToldValue =>
      ({ source, version, changedAt, value: values[field], holds: source === from?.source && version === from.version }));
    return told.length === 0 ? [] : [[field, told.sort((a, b) => Number(b.holds) - Number(a.holds) || compareVersions(b.version, a.version))] as const];
  }));
}
