/**
 * Predicates: yes/no questions about a record that are data, not code. A small subset of CEL (Common Expression Language), read and
 * checked against the contract, and compiled into the one statement of an operation (docs/predicates.md).
 *
 * The caller learns true, false or null for unknown, and no value: every item that a predicate reads is an ask with the use `verify`,
 * and where any of them is withheld so is the whole. It has no clock and no database, and no way to anything that the contract lacks.
 */
import { HubError } from '../errors.ts';
import type { Contract } from '../registries/contract.ts';
import type { Plan, Withheld } from '../sharing/plan.ts';
import type { Reading } from './asks.ts';
import { addedCost } from './cost.ts';
import { checked } from './predicate/check.ts';
import { asksOf } from './predicate/look.ts';
import { isWithheld } from './predicate/sql.ts';
import { syntaxOf } from './predicate/syntax.ts';
import type { Claims, Predicate } from './predicate/terms.ts';
import type { Output, RootNode, Tree } from './tree.ts';

export { claimsVariable } from './predicate/sql.ts';
export type { Claims, ClaimType, Predicate } from './predicate/terms.ts';

/**
 * Reads a question about records of a type. `claims`: what a clerk types in, which it may read as `claim.NAME`; at run time the
 * values stand in the variable `claims` of the request. Throws `BAD_INPUT` with line, column and what to write instead.
 */
export function readPredicate(contract: Contract, typeName: string, text: string, claims: Claims = {}): Predicate {
  const type = contract.types.get(typeName);
  if (type === undefined) throw new HubError('BAD_INPUT', `There is no record type ${typeName}. Name one of the contract, such as Person or LegalEntity.`);
  const read = checked(contract, type, syntaxOf(text), claims);
  return { type, ...read, asks: asksOf(read.look) };
}

/** A predicate to be answered beside what is selected of a root's records, under a response name of its own. */
export interface NamedPredicate {
  readonly as: string;
  readonly predicate: Predicate;
}

/**
 * A reading with predicates about the records of one of its roots, which looks up by key. Its asks are those of the reading and of the
 * predicates; whoever judges, compiles, counts and records it takes no notice of where it came from.
 */
export function withPredicates({ weights }: Pick<Contract, 'weights'>, reading: Reading, place: number, predicates: readonly NamedPredicate[]): Reading {
  const root = reading.tree.roots[place];
  if (root === undefined || root.by === 'PAGE') throw new Error('Predicates are about the records of a root that is no page.');
  const { record } = root;
  const names = new Set(record.outputs.map(({ as }) => as));
  const outputs = predicates.map(({ as, predicate }): Output => {
    if (predicate.type.name !== record.type.name) throw new Error(`A predicate about ${predicate.type.name} is asked of ${record.type.name}.`);
    if (names.has(as)) throw new Error(`Two outputs are called ${as}.`);
    names.add(as);
    return { kind: 'predicate', as, predicate };
  });
  const asked: RootNode = { ...root, record: { ...record, outputs: [...record.outputs, ...outputs] } };
  const added = addedCost(root, outputs, weights);
  const { roots, lenses, cost } = reading.tree;
  const asks = new Map([...reading.asks, ...predicates.flatMap(({ predicate }) => predicate.asks)].map((ask) => [`${ask.item} ${ask.use} ${ask.at}`, ask]));
  return {
    ...reading,
    tree: { roots: roots.map((one, index) => (index === place ? asked : one)), lenses, cost: (run) => cost(run) + added(run) },
    asks: [...asks.values()],
  };
}

/** A predicate that the plan withholds, and the first item for which it does. */
export interface WithheldPredicate {
  /** Response names of its root and its own. */
  readonly root: string;
  readonly as: string;
  readonly withheld: Withheld;
}

/** The predicates of a tree that a plan withholds. */
export function withheldPredicates({ roots }: Tree, plan: Plan): readonly WithheldPredicate[] {
  return roots.flatMap((root) => (root.by === 'PAGE' ? [] : root.record.outputs.flatMap((output): WithheldPredicate[] => {
    if (output.kind !== 'predicate' || !isWithheld(output.predicate, plan)) return [];
    const [withheld] = output.predicate.asks.flatMap(({ at }) => plan.withheld(at, 'verify') ?? []);
    return withheld === undefined ? [] : [{ root: root.as, as: output.as, withheld }];
  })));
}
