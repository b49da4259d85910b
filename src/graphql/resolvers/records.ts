/**
 * The record roots' resolver, one for all of them: read, judge, compile once; then run and write.
 *
 * Readings are kept by document, operation and shape of the variables; plans and statements by caller and standing on
 * top of that. Both caches are bounded, so a client that never sends the same document twice costs only time.
 */
import type { DocumentNode, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { HubError } from '../../errors.ts';
import { circumstancesOf } from '../../identity/purpose.ts';
import type { Purpose } from '../../identity/purpose.ts';
import type { Standing } from '../../identity/standing.ts';
import { readOperation } from '../../query/asks.ts';
import type { Reading } from '../../query/asks.ts';
import { begun } from '../../query/compile.ts';
import { deliveredOf } from '../../query/delivered.ts';
import type { Statement } from '../../query/compile.ts';
import { refuseCostly } from '../../query/cost.ts';
import { outlineOf } from '../../query/outline.ts';
import { placesOf } from '../../query/places.ts';
import { withheldPredicates } from '../../query/predicate.ts';
import type { WithheldPredicate } from '../../query/predicate.ts';
import { coveredBy } from '../../matters/open-cases.ts';
import { inCase, missedInCase, run } from '../../query/run.ts';
import type { CoveredBy, Delivered as StatementAnswer, StatementLanes } from '../../query/run.ts';
import type { KeyedRoot } from '../../query/copies.ts';
import type { Freshness } from '../../sync/read-through.ts';
import type { Run } from '../../query/tree.ts';
import { isPersonal } from '../../sharing/catalog.ts';
import type { Catalog } from '../../sharing/catalog.ts';
import { planOf } from '../../sharing/plan.ts';
import type { Masked, Plan, RefusedFind, Withheld } from '../../sharing/plan.ts';
import type { Caller } from '../../sharing/terms.ts';
import { formatted, withheldEntries } from '../answer.ts';
import type { Part, Reserve } from '../answer.ts';
import type { HubSchema } from '../schema.ts';
import type { Delivered, JudgedFacts } from '../trace.ts';
import type { Halt } from '../turns.ts';
import type { Work } from '../work.ts';

/** An operation judged for one caller. */
export interface Judged {
  readonly refused: readonly RefusedFind[];
  readonly statement: Statement | null;
  readonly errors: readonly GraphQLFormattedError[];
  readonly withheld: readonly Withheld[];
  /** Predicates among its outputs that are withheld, with the item for which each is. */
  readonly predicates: readonly WithheldPredicate[];
  readonly masked: readonly Masked[];
  /** Milliseconds since the epoch at which a grant begins or ends, and this may no longer be so. */
  readonly until: number;
  /** What the audit is told of it. */
  readonly facts: JudgedFacts;
}

/** An operation that was read; judged, where it asks for records. */
export interface Read {
  readonly reading: Reading;
  readonly judged: Judged | null;
}

/** What the records of an operation answer. */
export interface RecordsAnswer extends Reserve {
  readonly parts: readonly Part[];
  readonly errors: readonly GraphQLFormattedError[];
  readonly delivered: Delivered;
  /** Predicates that are null because they are withheld. */
  readonly predicates: readonly WithheldPredicate[];
}

/** Who asks, for what, under which standing, when, and whether a partial answer will do. */
export interface Asking {
  readonly caller: Caller;
  readonly standing: Standing;
  readonly purpose: Purpose;
  /** Coerced variables. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Civil date, Asia/Shanghai; and the moment, ISO 8601. */
  readonly today: string;
  readonly now: string;
  /** `Hub-Partial: refuse`: all or nothing. */
  readonly wholeOrNothing: boolean;
  /** Seconds that a copy of another hub's record may be old at most; absent or null: as the catalog says. */
  readonly maxAge?: number | null;
}

/** See the head of this file. */
export class Records {
  readonly #hub: HubSchema;
  readonly #lanes: StatementLanes;
  readonly #work: Pick<Work, 'personKey' | 'cases' | 'audit' | 'readThrough'>;
  readonly #readings = new LRUCache<string, Reading>({ max: 2000, maxSize: 2_000_000 });
  readonly #covered: CoveredBy;
  readonly #judged = new LRUCache<string, Judged>({ max: 5000, maxSize: 64_000_000, sizeCalculation: ({ statement }) => 2000 + 2 * (statement?.text?.length ?? 0) });

  constructor(hub: HubSchema, lanes: StatementLanes, work: Pick<Work, 'personKey' | 'cases' | 'audit' | 'readThrough'>) {
    this.#hub = hub;
    this.#lanes = lanes;
    this.#work = work;
    this.#covered = coveredBy(work.cases);
  }

  /** An operation as it was read and judged before; `key` names the document, the operation and the variables' shape. */
  readBefore(key: string, asking: Asking): Read | undefined {
    const reading = this.#readings.get(key);
    if (reading === undefined) return undefined;
    if (reading.tree.roots.length === 0) return { reading, judged: null };
    const judged = this.#judged.get(judgedKey(key, asking));
    return judged !== undefined && (judged.until === Infinity || Date.parse(asking.now) < judged.until) ? { reading, judged } : undefined;
  }

  /** Reads and judges an operation of a validated document, whose text has `size` characters; with halts between. */
  read(key: string, size: number, document: DocumentNode, operation: OperationDefinitionNode, asking: Asking, halt: Halt): Promise<Read> {
    return this.prepare(key, size, () => readOperation(this.#hub.schema, this.#hub.contract, document, operation, asking.variables), asking, halt);
  }

  /**
   * Judges what the hub itself asks for a caller: a reading of its own making, such as one with predicates. `key` names all that it is
   * made from, and is no document's; what was prepared before is known to `readBefore` by it. It is counted, answered and recorded
   * like an operation that a client sent.
   */
  async prepare(key: string, size: number, make: () => Reading, asking: Asking, halt: Halt): Promise<Read> {
    const reading = this.#readings.get(key) ?? make();
    this.#readings.set(key, reading, { size: 200 + size });
    await halt();
    return { reading, judged: reading.tree.roots.length === 0 ? null : await this.#judge(key, reading, asking, halt) };
  }

  /** Runs what was judged as under a case that covers nobody; what it answers is dropped. That it runs is what is wanted to be known. */
  async rehearse({ statement }: Judged, asking: Asking): Promise<void> {
    if (statement !== null) await run(statement, { ...this.#request(asking), caseKeys: '{}' }, this.#lanes);
  }

  /** A name for what is judged for this caller, purpose and standing. */
  nameOf(key: string, asking: Asking): string {
    return judgedKey(key, asking);
  }

  /** What an operation costs; refuses one that costs too much. */
  cost({ tree }: Reading, asking: Asking): number {
    const cost = tree.cost(this.#request(asking));
    refuseCostly(cost);
    return cost;
  }

  /** Answers the record roots of an operation with at most one statement. `large` is what could be of many records. */
  async answer(judged: Judged, asking: Asking, large: boolean): Promise<RecordsAnswer> {
    const [refused] = judged.refused;
    if (refused) {
      throw new HubError('FIND_NOT_SHARED', `${refused.at} may not be found by: ${refused.because}`, { ...refused });
    }
    const [withheld] = judged.withheld;
    if (withheld && asking.wholeOrNothing) {
      throw new HubError('FIELD_NOT_SHARED', `${withheld.at} is not shared with this caller, and the request takes no partial answer: ${withheld.because}`, { ...withheld, withheld: judged.withheld });
    }
    if (judged.statement === null) throw new Error('A judged operation that is not refused has a statement.');
    const request = inCase(judged.statement, this.#request(asking), this.#covered);
    const { roots, unreachable, freshness, ...delivered } = await this.#answered(judged.statement, request instanceof Promise ? await request : request, asking, large);
    const failed = [...roots.flatMap(({ as, error }) => (error ? [formatted(error, [as])] : [])), ...unreachable];
    return { parts: roots, errors: failed.length > 0 ? [...judged.errors, ...failed] : judged.errors, withheld: judged.withheld, masked: judged.masked, freshness, delivered, predicates: judged.predicates };
  }

  /** Runs the statement; where the upper hub was asked for what it did not find, or found too old, once more. */
  async #answered(statement: Statement, request: Run, asking: Asking, large: boolean): Promise<Answered> {
    const { caller, purpose, standing, maxAge = null } = asking;
    const since = performance.now();
    const answered = await run(statement, request, this.#lanes, large);
    const missed = missedInCase(statement, request, answered, this.#covered);
    const anew = missed === null ? null : await missed;
    // Whom the case covers has changed: it was asked with those of before.
    if (anew !== null) return this.#answered(statement, anew, asking, large);
    const { readThrough } = this.#work;
    if (answered.gaps.length === 0 || readThrough === undefined || caller.kind !== 'consumer') return { ...answered, unreachable: [], freshness: [] };
    const { matter, caseNo, operator } = purpose;
    const filled = await readThrough.fill(answered.gaps, request, { department: caller.department, matter: matter?.code ?? null, caseNo, operator: operator?.code ?? null, catalog: standing.catalog, maxAge }, since);
    if (filled === null) return { ...answered, unreachable: [], freshness: [] };
    const again = filled.again ? await run(statement, request, this.#lanes, large) : answered;
    return { ...again, unreachable: again.gaps.flatMap(({ root, missing }) => unreachableAt(root, missing.filter((place) => filled.unfilled(root, place) === 'UNREACHABLE'))), freshness: filled.settle(again.gaps) };
  }

  #request({ caller, standing, purpose, variables, today, now }: Asking): Run {
    const consumer = caller.kind === 'consumer' ? caller.consumer : '';
    const sealedKeys = standing.sealed && standing.sealsListed ? standing.sealedBut(standing.policyOf(caller).seals) : undefined;
    return { variables, today, now, purpose: { matter: purpose.matter?.code ?? null, caseNo: purpose.caseNo, consumer }, caseKeys: undefined, sealedKeys, personKey: this.#work.personKey };
  }

  /** Judges and compiles an operation for one caller. */
  async #judge(key: string, reading: Reading, asking: Asking, halt: Halt): Promise<Judged> {
    const { caller, standing, purpose, now } = asking;
    const policy = standing.policyOf(caller);
    const plan = planOf(reading.asks, { caller, catalog: standing.catalog, policy, sealed: standing.sealed, circumstances: circumstancesOf(purpose, now) }, this.#hub.contract.itemsOfTypes, this.#hub.contract.weaker);
    const refused = plan.refused.length > 0;
    await halt();
    const finish = refused ? () => null : begun(reading.tree, plan, { subjects: this.#work.audit !== undefined, countsClaims: this.#work.audit !== undefined, sealsListed: standing.sealsListed, ...(this.#work.readThrough === undefined ? {} : { home: this.#work.readThrough.home }) });
    await halt();
    const statement = finish();
    await halt();
    const told = refused ? { errors: [], withheld: [] } : withheldEntries(placesOf(reading.tree), plan);
    const facts = this.#facts(reading, plan, told.withheld, asking);
    const judged: Judged = { refused: plan.refused, statement, ...told, predicates: withheldPredicates(reading.tree, plan), masked: plan.masked, facts, until: plan.until === null ? Infinity : Date.parse(plan.until) };
    this.#judged.set(judgedKey(key, asking), judged);
    return judged;
  }

  #facts({ tree, asks }: Reading, plan: Plan, withheld: readonly Withheld[], { standing: { catalog }, purpose }: Asking): JudgedFacts {
    const { items: delivered, quotas } = plan.refused.length > 0 ? { items: {}, quotas: [] } : deliveredOf(tree, plan);
    const items = [...new Set(Object.values(delivered).flat())];
    const by = [...new Set(asks.flatMap(({ item, use }) => (use === 'find' || use === 'key' ? [item] : [])))];
    const asked = outlineOf(tree, asks, purpose.caseNo !== null);
    return {
      items, delivered, by, open: items.every((item) => catalog.item(item)?.open === true), quotas, personal: items.some((item) => isPersonalIn(catalog, item)),
      ...(plan.masked.length > 0 ? { masked: plan.masked } : {}),
      ...(withheld.length > 0 ? { withheld: withheld.map(({ at, item, because }) => ({ at, item, because })) } : {}),
      ...(plan.refused.length > 0 ? { refused: plan.refused.map(({ at, item, use, because }) => ({ at, item, use, because })) } : {}),
      ...(asked === null ? {} : { asked }),
    };
  }
}

interface Answered extends StatementAnswer {
  readonly unreachable: readonly GraphQLFormattedError[];
  readonly freshness: readonly Freshness[];
}

/** That of these keys nothing is held, and nobody could be asked: their null says nothing. */
function unreachableAt({ by, as, at }: KeyedRoot, places: readonly number[]): readonly GraphQLFormattedError[] {
  if (places.length === 0) return [];
  return [formatted(new HubError('CITY_UNREACHABLE', 'Nothing is held here of what was asked for, and the upper hub does not answer: whether it is there is not known. Ask again later.', { at, ...(by === 'KEYS' ? { places } : {}) }), [as])];
}

/** Is an item personal information? What is not in the catalog could be. */
function isPersonalIn(catalog: Catalog, code: string): boolean {
  const item = catalog.item(code);
  return item === undefined || isPersonal(item);
}

/** All that a judgement hangs on, beside the moment. */
function judgedKey(key: string, { caller, standing, purpose }: Asking): string {
  return `${codeOf(caller)}|${standing.policyOf(caller).version}|${standing.everybody}|${purpose.matter?.code ?? ''}|${purpose.mode}|${purpose.caseNo === null ? '' : 'case'}|${purpose.behalf ?? ''}|${key}`;
}

/** Administrators have the same verdicts, but their records in the audit name them. */
function codeOf(caller: Caller): string {
  if (caller.kind === 'consumer') return caller.consumer;
  return caller.kind === 'administrator' ? `administrator ${caller.code}` : '';
}
