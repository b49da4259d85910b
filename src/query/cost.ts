/**
 * What an operation costs: rows that could come, each weighed by what is selected of it (`@cost` in the contract).
 *
 * Written down once from an operation's tree; a run only puts its own numbers in (page sizes, how many keys or changes were sent), so
 * counting costs nothing beside the statement. It counts what could come, not what is there: a cost tells nothing of the data. One unit
 * is about one cell of an answer. It refuses nothing but what is over the limit of one operation; what a consumer may spend is
 * counted where requests come in (`graphql/budget`).
 */
import { HubError } from '../errors.ts';
import type { Weights } from '../registries/contract.ts';
import { defaultPage, limits } from './limits.ts';
import type { Look } from './predicate/terms.ts';
import type { Condition, Output, PageNode, RecordNode, RootNode, Run, Size } from './tree.ts';

/** A cost, as far as it is known before a run. */
type Amount = number | Size;

/** A root field that is no record: its coordinate, and how many items each of its arguments lists. */
export interface OtherRoot {
  readonly at: string;
  readonly items: ReadonlyMap<string, number | Size>;
}

/** What an operation costs with the variables of a run. */
export function costOf(roots: readonly RootNode[], others: readonly OtherRoot[], weights: Weights): Size {
  const whole = sum([...roots.map((root) => ofRoot(root, weights)), ...others.map((other) => ofOther(other, weights))]);
  return typeof whole === 'number' ? () => whole : whole;
}

/** What outputs cost that are asked of each record of a root beside what is selected of it. */
export function addedCost(root: Exclude<RootNode, { by: 'PAGE' }>, outputs: readonly Output[], weights: Weights): Size {
  const each = sum(outputs.map((output) => ofOutput(output, root.record.type.name, weights)));
  const added = product(root.by === 'KEY' ? 1 : root.by === 'KEYS' ? root.count : limits.hits, each);
  return (run) => valueOf(added, run);
}

/** A cost from which an operation is large: it waits for a turn, and keeps off the way of look-ups. */
export const largeCost = 3000;

/** Refuses what costs more than one operation may. */
export function refuseCostly(cost: number): void {
  if (cost > limits.cost) {
    throw new HubError('COST_TOO_HIGH', `This operation could cost ${cost}; the limit is ${limits.cost}, at about one for each value of each record. Ask for smaller pages (first:), fewer levels or fewer fields, in several operations.`, { cost, limit: limits.cost });
  }
}

/** The schema's own fields are not written in the contract, so their weight stands here. */
const introspection: Readonly<Record<string, number>> = { 'Query.__schema': 2000, 'Query.__type': 200 };

function ofOther({ at, items }: OtherRoot, weights: Weights): Amount {
  return sum([weights.get(at) ?? introspection[at] ?? 1, ...[...items].map(([name, count]) => product(count, weights.get(`${at}(${name})`) ?? 0))]);
}

function ofRoot(root: RootNode, weights: Weights): Amount {
  const own = weights.get(root.at) ?? 1;
  switch (root.by) {
    case 'KEY': return sum([own, ofRecord(root.record, weights)]);
    case 'KEYS': return sum([own, product(root.count, ofRecord(root.record, weights))]);
    case 'NARROW': return sum([own, ofConditions(root.where, root.record.type.name, weights), product(limits.hits, ofRecord(root.record, weights))]);
    case 'PAGE': return sum([own, ofPage(root.page, weights, wholeTable)]);
  }
}

/** One record: itself, and each value of it. */
function ofRecord({ type, outputs }: RecordNode, weights: Weights): Amount {
  return sum([1, ...outputs.map((output) => ofOutput(output, type.name, weights))]);
}

function ofOutput(output: Output, type: string, weights: Weights): Amount {
  switch (output.kind) {
    case 'typename':
    case 'checked':
    case 'id': return 1;
    case 'leaf':
    case 'verify': return weights.get(output.at) ?? 1;
    case 'predicate': return 1 + ofLook(output.predicate.look, weights);
    case 'one': return sum([weights.get(`${type}.${output.field.name}`) ?? 1, ofRecord(output.record, weights)]);
    case 'many': return sum([weights.get(`${type}.${output.field.name}`) ?? 1, ofPage(output.page, weights)]);
  }
}

/** What a predicate looks at: each value, and behind each edge, each time that it is looked over, as many records as a page has unless told. */
function ofLook({ type, fields, over }: Look, weights: Weights): number {
  const values = [...fields.keys()].reduce((total, name) => total + (weights.get(`${type.name}.${name}`) ?? 1), 0);
  return [...over.values()].reduce((total, { field, times, look }) => {
    const records = field.many ? defaultPage.nested : 1;
    return total + times * ((weights.get(`${type.name}.${field.name}`) ?? 1) + records) + records * ofLook(look, weights);
  }, values);
}

/** A count at the root looks through a whole table: so many times what belongs to one parent. */
const wholeTable = 25;

/** A page: its conditions and what is said of it once, and every row that it may hold. */
function ofPage({ type, where, first, outputs }: PageNode, weights: Weights, counted = 1): Amount {
  const once: Amount[] = [ofConditions(where, type.name, weights)];
  const each: Amount[] = [];
  for (const output of outputs) {
    switch (output.kind) {
      case 'typename': once.push(1); break;
      case 'totalCount': once.push(counted * (weights.get(`${type.name}Connection.totalCount`) ?? 1)); break;
      case 'pageInfo': once.push(output.outputs.length); break;
      case 'nodes': each.push(ofRecord(output.record, weights)); break;
      case 'edges': for (const own of output.outputs) each.push(own.kind === 'node' ? ofRecord(own.record, weights) : 1); break;
    }
  }
  return sum([...once, product(first, sum(each))]);
}

function ofConditions(where: readonly Condition[], type: string, weights: Weights): Amount {
  return where.reduce((total, { field, test }) => total + (weights.get(`${type}Filter.${field.name}.${test.op}`) ?? 0), 0);
}

function sum(amounts: readonly Amount[]): Amount {
  const known = amounts.reduce<number>((total, amount) => (typeof amount === 'number' ? total + amount : total), 0);
  const open = amounts.filter((amount) => typeof amount !== 'number');
  if (open.length === 0) return known;
  return (run) => {
    let total = known;
    for (const amount of open) total += amount(run);
    return total;
  };
}

function product(count: Amount, each: Amount): Amount {
  if (typeof count === 'number' && typeof each === 'number') return count * each;
  return (run) => valueOf(count, run) * valueOf(each, run);
}

function valueOf(amount: Amount, run: Run): number {
  return typeof amount === 'number' ? amount : amount(run);
}
