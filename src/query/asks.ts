/**
 * From an operation to what it asks: the tree that the compiler reads, and the asks that the judge decides.
 *
 * Everything through which a field could be learned becomes an ask here: selections, relations and whatever is
 * selected of them, arguments, filters, orders. With `input.ts` and `collect.ts` this is the only room beside
 * `graphql/` that knows the GraphQL package. It refuses what no verdict could allow: a search that is too wide,
 * two times in one operation.
 */
import type { DocumentNode, FieldNode, GraphQLField, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { HubError } from '../errors.ts';
import type { Contract, Lookup, RecordType } from '../registries/contract.ts';
import type { Crs } from '../registries/spatial/crs.ts';
import type { Ask } from '../sharing/terms.ts';
import { collectFields, fragmentsOf } from './collect.ts';
import type { Fragments } from './collect.ts';
import { keySlot, keysSlot, readConditions, readOrder } from './conditions.ts';
import { costOf } from './cost.ts';
import type { OtherRoot } from './cost.ts';
import { givenArgument, itemsGiven } from './input.ts';
import type { Given } from './input.ts';
import { cursor, defaultPage, limits, pageSize } from './limits.ts';
import type { Condition, EdgeOutput, Lenses, Output, PageNode, PageOutput, RecordNode, RootNode, Slot, Tree } from './tree.ts';

type Values = Readonly<Record<string, unknown>>;

/** One operation, read. */
export interface Reading {
  readonly tree: Tree;
  readonly asks: readonly Ask[];
  /** Root fields that are not records, for graphql-js; and all response names in order. */
  readonly others: readonly (readonly FieldNode[])[];
  readonly names: readonly string[];
}

/** Reads an operation with coerced variables. Variables count by their shape only (see `input.ts`). */
export function readOperation(schema: GraphQLSchema, contract: Contract, document: DocumentNode, operation: OperationDefinitionNode, variables: Values): Reading {
  return new Reader(schema, contract, fragmentsOf(document), variables).operation(operation);
}

class Reader {
  readonly #schema: GraphQLSchema;
  readonly #contract: Contract;
  readonly #fragments: Fragments;
  readonly #variables: Values;
  readonly #asks = new Map<string, Ask>();

  constructor(schema: GraphQLSchema, contract: Contract, fragments: Fragments, variables: Values) {
    this.#schema = schema;
    this.#contract = contract;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  operation(operation: OperationDefinitionNode): Reading {
    const rootType = this.#schema.getRootType(operation.operation);
    if (!rootType) throw new HubError('BAD_INPUT', `This hub has no ${operation.operation} operations.`);
    const fields = collectFields(this.#fragments, rootType, [operation.selectionSet], this.#variables);
    const roots: RootNode[] = [];
    const others: (readonly FieldNode[])[] = [];
    const lenses: { root: string; asOf: Given; knownAt: Given }[] = [];
    const otherRoots: OtherRoot[] = [];
    for (const [as, nodes] of fields) {
      const [node] = nodes as [FieldNode];
      const lookup = rootType.name === 'Query' ? this.#contract.lookups.get(node.name.value) : undefined;
      if (lookup === undefined) {
        others.push(nodes);
        otherRoots.push({ at: `${rootType.name}.${node.name.value}`, items: new Map((node.arguments ?? []).map((own) => [own.name.value, itemsGiven(own.value)])) });
        continue;
      }
      const args = this.#arguments(rootType, node);
      lenses.push({ root: as, asOf: given(args, 'asOf'), knownAt: given(args, 'knownAt') });
      roots.push(this.#root(as, lookup, args, nodes));
    }
    const tree = { roots, lenses: oneTime(lenses), cost: costOf(roots, otherRoots, this.#contract.weights) };
    return { tree, asks: [...this.#asks.values()], others, names: [...fields.keys()] };
  }

  #root(as: string, lookup: Lookup, args: ReadonlyMap<string, Given>, nodes: readonly FieldNode[]): RootNode {
    const type = this.#type(lookup.type);
    const at = `Query.${lookup.root}`;
    this.#ask(type.existsItem, 'exist', at);
    const key = given(args, lookup.argument ?? '');
    switch (lookup.by) {
      case 'KEY':
      case 'KEYS': {
        const keyAt = `${at}(${lookup.argument})`;
        const field = this.#keyField(type);
        for (const item of field.items) this.#ask(item, 'key', keyAt);
        const slot = scalar(key, keyAt);
        const record = this.#record(type, nodes);
        if (lookup.by === 'KEY') return { by: 'KEY', as, at, lookup, keyAt, key: keySlot(slot, field, type, keyAt), record };
        return { by: 'KEYS', as, at, lookup, keyAt, keys: keysSlot(slot, field, type, keyAt), count: (run) => (slot(run) as readonly unknown[]).length, record };
      }
      case 'NARROW': {
        const where = this.#conditions(type, given(args, 'where'), `${at}(where)`);
        refuseWide(type, where, at);
        return { by: 'NARROW', as, at, lookup, where, record: this.#record(type, nodes) };
      }
      case 'PAGE': {
        return { by: 'PAGE', as, at, lookup, page: this.#page(type, args, nodes, at, limits.rootPage, defaultPage.root) };
      }
    }
  }

  #record(type: RecordType, nodes: readonly FieldNode[]): RecordNode {
    const objectType = this.#objectType(type.name);
    const outputs: Output[] = [];
    for (const [as, group] of this.#collect(objectType, nodes)) {
      const [node] = group as [FieldNode];
      const name = node.name.value;
      if (name === '__typename') outputs.push({ kind: 'typename', as });
      else if (name === 'id') outputs.push({ kind: 'id', as });
      else outputs.push(this.#field(type, objectType, as, group));
    }
    return { type, outputs };
  }

  #field(type: RecordType, objectType: GraphQLObjectType, as: string, nodes: readonly FieldNode[]): Output {
    const [node] = nodes as [FieldNode];
    const at = `${type.name}.${node.name.value}`;
    const field = type.fields.get(node.name.value);
    if (field === undefined) throw new HubError('CONTRACT_BROKEN', `${at} is in the schema but in no declaration.`);
    const args = this.#arguments(objectType, node);
    switch (field.kind) {
      case 'leaf': {
        for (const item of field.items) this.#ask(item, field.use, at, field.derived !== null);
        const crs = given(args, 'crs');
        return { kind: 'leaf', as, at, field, crs: (crs.kind === 'enum' ? crs.value : 'EPSG4490') as Crs };
      }
      case 'verify':
        for (const item of field.items) this.#ask(item, 'verify', at);
        return { kind: 'verify', as, at, field, value: scalar(given(args, field.argument), `${at}(${field.argument})`) };
      case 'relation': {
        for (const item of field.items) this.#ask(item, 'exist', at);
        const target = this.#type(field.link.toType);
        if (!field.many) return { kind: 'one', as, at, field, record: this.#record(target, nodes) };
        return { kind: 'many', as, at, field, page: this.#page(target, args, nodes, at, limits.nestedPage, defaultPage.nested) };
      }
    }
  }

  #page(type: RecordType, args: ReadonlyMap<string, Given>, nodes: readonly FieldNode[], at: string, most: number, byDefault: number): PageNode {
    const firstGiven = given(args, 'first');
    const first = pageSize(firstGiven.kind === 'scalar' ? firstGiven.slot : null, at, most, byDefault);
    const afterGiven = given(args, 'after');
    const connection = this.#objectType(`${type.name}Connection`);
    const outputs: PageOutput[] = [];
    const nested = (group: readonly FieldNode[]): RecordNode => this.#record(type, group);
    for (const [as, group] of this.#collect(connection, nodes)) {
      const [node] = group as [FieldNode];
      switch (node.name.value) {
        case '__typename': outputs.push({ kind: 'typename', as }); break;
        case 'totalCount': outputs.push({ kind: 'totalCount', as }); break;
        case 'nodes': outputs.push({ kind: 'nodes', as, record: nested(group) }); break;
        case 'pageInfo': outputs.push({ kind: 'pageInfo', as, outputs: this.#pageInfo(group) }); break;
        case 'edges': outputs.push({ kind: 'edges', as, outputs: this.#edges(type, group, nested) }); break;
        default: throw new HubError('CONTRACT_BROKEN', `${connection.name}.${node.name.value} is not known.`);
      }
    }
    return {
      type,
      where: this.#conditions(type, given(args, 'where'), `${at}(where)`),
      order: readOrder(type, given(args, 'orderBy'), `${at}(orderBy)`, (item, where) => this.#ask(item, 'find', where)),
      first,
      after: afterGiven.kind === 'scalar' ? cursor(afterGiven.slot, at) : null,
      outputs,
    };
  }

  #pageInfo(nodes: readonly FieldNode[]) {
    const fields = this.#collect(this.#objectType('PageInfo'), nodes);
    return [...fields].map(([as, [node]]) => ({ as, name: (node as FieldNode).name.value as '__typename' | 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor' }));
  }

  #edges(type: RecordType, nodes: readonly FieldNode[], nested: (group: readonly FieldNode[]) => RecordNode): EdgeOutput[] {
    return [...this.#collect(this.#objectType(`${type.name}Edge`), nodes)].map(([as, group]): EdgeOutput => {
      const [node] = group as [FieldNode];
      if (node.name.value === 'node') return { kind: 'node', as, record: nested(group) };
      return { kind: node.name.value === 'cursor' ? 'cursor' : 'typename', as };
    });
  }

  #conditions(type: RecordType, where: Given, at: string): Condition[] {
    return readConditions(type, where, at, (item, use, place) => this.#ask(item, use, place));
  }

  #keyField(type: RecordType) {
    const field = type.fields.get(type.model.key ?? '');
    if (field?.kind !== 'leaf') throw new HubError('CONTRACT_BROKEN', `${type.name} is looked up by key but declares none.`);
    return field;
  }

  #ask(item: string, use: Ask['use'], at: string, computed = false): void {
    this.#asks.set(`${item} ${use} ${at}`, { item, use, at, ...(computed ? { whole: true } : {}) });
  }

  #type(name: string): RecordType {
    const type = this.#contract.types.get(name);
    if (type === undefined) throw new HubError('CONTRACT_BROKEN', `No record type ${name}.`);
    return type;
  }

  #objectType(name: string): GraphQLObjectType {
    return this.#schema.getType(name) as GraphQLObjectType;
  }

  #collect(type: GraphQLObjectType, nodes: readonly FieldNode[]) {
    return collectFields(this.#fragments, type, nodes.flatMap((node) => node.selectionSet ?? []), this.#variables);
  }

  #arguments(type: GraphQLObjectType, node: FieldNode): ReadonlyMap<string, Given> {
    const definition = type.getFields()[node.name.value] as GraphQLField<unknown, unknown>;
    return new Map(definition.args.map((argument) => [
      argument.name,
      givenArgument(argument, node.arguments?.find((own) => own.name.value === argument.name)?.value, this.#variables),
    ]));
  }
}

function given(args: ReadonlyMap<string, Given>, name: string): Given {
  return args.get(name) ?? { kind: 'absent' };
}

function scalar(value: Given, at: string): Slot {
  if (value.kind === 'scalar') return value.slot;
  throw new HubError('BAD_INPUT', `${at} needs a value.`, { at });
}

/** People are not browsed: a search runs only when it gives one of the declared combinations in full. */
function refuseWide(type: RecordType, where: readonly Condition[], at: string): void {
  const equal = new Set(where.filter(({ test }) => test.op === 'eq').map(({ field }) => field.name));
  const ways = type.model.narrow ?? [];
  if (ways.some((way) => way.every((name) => equal.has(name)))) return;
  const choices = ways.map((way) => way.join(' + ')).join('; ');
  throw new HubError('SEARCH_TOO_WIDE', `${at} needs one of these combinations, each with eq: ${choices}.`, { at });
}

/** One pair of lenses for the whole operation: two root fields never speak of different times. */
function oneTime(roots: readonly { root: string; asOf: Given; knownAt: Given }[]): Lenses {
  const lens = (name: 'asOf' | 'knownAt'): Slot | null => {
    const slots = roots.flatMap((root) => (root[name].kind === 'scalar' ? [root[name].slot] : []));
    const [first] = slots;
    if (first === undefined) return null;
    const mixed = () => new HubError('TIME_MIXED', `All root fields of one operation share one ${name}; give each the same value, or none.`);
    if (slots.length !== roots.length) throw mixed();
    return (run) => {
      const value = first(run);
      if (slots.some((slot) => slot(run) !== value)) throw mixed();
      return value;
    };
  };
  return { asOf: lens('asOf'), knownAt: lens('knownAt') };
}
