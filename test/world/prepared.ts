/**
 * Questions that the hub itself asks for a caller: what a client's operation selects, with predicates about the records of its first
 * root; judged, run and recorded by the resolver that answers clients.
 */
import { getVariableValues, Kind, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import type { Database } from '../../src/db/open.ts';
import { contextOf } from '../../src/graphql/context.ts';
import { Records } from '../../src/graphql/resolvers/records.ts';
import type { Judged } from '../../src/graphql/resolvers/records.ts';
import type { HubSchema } from '../../src/graphql/schema.ts';
import type { Work } from '../../src/graphql/work.ts';
import type { Standing } from '../../src/identity/standing.ts';
import { readOpenCases } from '../../src/matters/open-cases.ts';
import { readOperation } from '../../src/query/asks.ts';
import type { Reading } from '../../src/query/asks.ts';
import { claimsVariable, readPredicate, withPredicates } from '../../src/query/predicate.ts';
import type { Claims, WithheldPredicate } from '../../src/query/predicate.ts';
import type { StatementLane } from '../../src/query/run.ts';
import { keyOf, testMatter } from './callers.ts';
import type { CallerName } from './callers.ts';
import { testPersonKey } from './hub.ts';
import { readingOnly } from './work.ts';

/** See the head of this file. */
export interface PreparedQuestion {
  readonly caller: CallerName;
  readonly standing: Standing;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Response name → text. */
  readonly predicates: Readonly<Record<string, string>>;
  /** What the clerk typed in, with its types. */
  readonly claims?: Claims;
  readonly typed?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came of it. */
export interface PreparedAnswer {
  readonly text: string;
  /** What the first root holds. */
  readonly root: unknown;
  readonly errors: readonly { readonly path?: readonly (string | number)[]; readonly extensions?: Readonly<Record<string, unknown>> }[];
  readonly withheld: readonly WithheldPredicate[];
  readonly reading: Reading;
  readonly judged: Judged;
  readonly cost: number;
  /** Keys of everybody of whom the audit is told. */
  readonly subjects: readonly string[];
  readonly statements: readonly string[];
}

/** Asks so on a database. `told`: statements tell whose data they deliver. */
export class Prepared {
  readonly #hub: HubSchema;
  readonly #records: Records;
  readonly #now: Date;
  readonly #statements: string[] = [];

  constructor(hub: HubSchema, database: Database, now = new Date('2026-11-24T02:01:00.000Z'), parts: Partial<Pick<Work, 'readThrough'>> = {}) {
    this.#hub = hub;
    this.#now = now;
    const watched = (lane: StatementLane): StatementLane => ({
      query: (text, parameters) => {
        this.#statements.push(text);
        return lane.query(text, parameters);
      },
      bytes: (text, parameters) => {
        this.#statements.push(text);
        return lane.bytes(text, parameters);
      },
    });
    const work: Work = { ...readingOnly(testPersonKey), ...parts, cases: readOpenCases(database.sql), audit: { digest: () => '', write: async () => undefined } };
    this.#records = new Records(hub, { points: watched(database.points), lists: watched(database.lists) }, work);
  }

  async ask({ caller, standing, query, variables, predicates, claims = {}, typed = {}, headers = {} }: PreparedQuestion): Promise<PreparedAnswer> {
    this.#statements.length = 0;
    const { schema, contract } = this.#hub;
    const context = await contextOf({ authorization: `Bearer ${keyOf(caller)}`, 'hub-matter': testMatter, ...headers }, standing, this.#now);
    if (context.purpose.problem !== null) throw context.purpose.problem;
    const document = parse(query);
    const operation = document.definitions.find((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode;
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    if (errors) throw errors[0];
    const make = (): Reading => {
      const reading = readOperation(schema, contract, document, operation, coerced);
      const [root] = reading.tree.roots;
      if (root === undefined || root.by === 'PAGE') throw new Error('The first root looks up by key.');
      return withPredicates(contract, reading, 0, Object.entries(predicates).map(([as, text]) => ({ as, predicate: readPredicate(contract, root.record.type.name, text, claims) })));
    };
    const key = JSON.stringify(['prepared', query, predicates, claims]);
    const asking = { ...context, variables: { ...coerced, [claimsVariable]: typed } };
    const { reading, judged } = this.#records.readBefore(key, asking) ?? await this.#records.prepare(key, key.length, make, asking, async () => undefined);
    if (judged === null) throw new Error('It asks for no records.');
    const cost = this.#records.cost(reading, asking);
    const answer = await this.#records.answer(judged, asking, false);
    const text = answer.parts.map(({ json }) => json).join();
    return {
      text, root: JSON.parse(String(answer.parts[0]?.json ?? 'null')) as unknown, errors: answer.errors, withheld: answer.predicates, reading, judged, cost,
      subjects: answer.delivered.subjects, statements: [...this.#statements],
    };
  }
}
