/**
 * The record roots' resolver, one for all of them: read, judge, compile once; then run and write.
 *
 * Readings are kept by document, operation and shape of the variables; plans and statements by caller and standing on
 * top of that. Both caches are bounded, so a client that never sends the same document twice costs only time.
 */
import type { DocumentNode, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { HubError } from '../../errors.ts';
import type { Standing } from '../../identity/standing.ts';
import { readOperation } from '../../query/asks.ts';
import type { Reading } from '../../query/asks.ts';
import { compile } from '../../query/compile.ts';
import type { Statement } from '../../query/compile.ts';
import { placesOf } from '../../query/places.ts';
import { run } from '../../query/run.ts';
import type { StatementLanes } from '../../query/run.ts';
import type { Run } from '../../query/tree.ts';
import { planOf } from '../../sharing/plan.ts';
import type { RefusedFind, Withheld } from '../../sharing/plan.ts';
import type { Caller } from '../../sharing/terms.ts';
import { formatted, withheldEntries } from '../answer.ts';
import type { Part } from '../answer.ts';
import type { HubSchema } from '../schema.ts';

/** An operation judged for one caller. */
interface Judged {
  readonly refused: readonly RefusedFind[];
  readonly statement: Statement | null;
  readonly errors: readonly GraphQLFormattedError[];
  readonly withheld: readonly Withheld[];
}

/** What the records of an operation answer. */
export interface RecordsAnswer {
  readonly parts: readonly Part[];
  readonly errors: readonly GraphQLFormattedError[];
  readonly withheld: readonly Withheld[];
}

/** Who asks, under which standing, when, and whether a partial answer will do. */
export interface Asking {
  readonly caller: Caller;
  readonly standing: Standing;
  readonly request: Run;
  /** `Hub-Partial: refuse`: all or nothing. */
  readonly wholeOrNothing: boolean;
}

/** See the head of this file. */
export class Records {
  readonly #hub: HubSchema;
  readonly #lanes: StatementLanes;
  readonly #readings = new LRUCache<string, Reading>({ max: 2000 });
  readonly #judged = new LRUCache<string, Judged>({ max: 5000, maxSize: 64_000_000, sizeCalculation: ({ statement }) => 2000 + 2 * (statement?.text?.length ?? 0) });

  constructor(hub: HubSchema, lanes: StatementLanes) {
    this.#hub = hub;
    this.#lanes = lanes;
  }

  /** Reads an operation of a validated document; `key` names the document, the operation and the variables' shape. */
  reading(key: string, document: DocumentNode, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): Reading {
    const known = this.#readings.get(key);
    if (known) return known;
    const reading = readOperation(this.#hub.schema, this.#hub.contract, document, operation, variables);
    this.#readings.set(key, reading);
    return reading;
  }

  /** Answers the record roots of a reading with at most one statement. */
  async answer(key: string, reading: Reading, { caller, standing, request, wholeOrNothing }: Asking): Promise<RecordsAnswer> {
    const judged = this.#judge(key, reading, caller, standing);
    const [refused] = judged.refused;
    if (refused) {
      throw new HubError('FIND_NOT_SHARED', `${refused.at} may not be found by: ${refused.because}`, { ...refused });
    }
    const [withheld] = judged.withheld;
    if (withheld && wholeOrNothing) {
      throw new HubError('FIELD_NOT_SHARED', `${withheld.at} is not shared with this caller, and the request takes no partial answer: ${withheld.because}`, { ...withheld, withheld: judged.withheld });
    }
    if (judged.statement === null) throw new Error('A judged operation that is not refused has a statement.');
    const roots = await run(judged.statement, reading.tree, request, this.#lanes);
    const failed = roots.flatMap(({ as, error }) => (error ? [formatted(error, [as])] : []));
    return { parts: roots, errors: failed.length > 0 ? [...judged.errors, ...failed] : judged.errors, withheld: judged.withheld };
  }

  #judge(key: string, reading: Reading, caller: Caller, standing: Standing): Judged {
    const own = `${caller.kind === 'consumer' ? caller.consumer : ''}|${standing.version}|${key}`;
    const known = this.#judged.get(own);
    if (known) return known;
    const plan = planOf(reading.asks, caller, standing.catalog, this.#hub.contract.itemsOfTypes);
    const judged: Judged = plan.refused.length > 0
      ? { refused: plan.refused, statement: null, errors: [], withheld: [] }
      : { refused: [], statement: compile(reading.tree, plan), ...withheldEntries(placesOf(reading.tree), plan) };
    this.#judged.set(own, judged);
    return judged;
  }
}
