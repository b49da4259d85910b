/**
 * The facts of a matter as one operation: every role is a root field looked up by key, every fact a part of what is selected of it.
 *
 * What a fact selects is GraphQL of the contract, without arguments from outside, fragments or directives, so that it asks the same for
 * everybody. Response names are the role's and, below it, the fact's code with what it selects behind two underscores. It knows nothing
 * of what facts mean, nor of who may have them.
 */
import { GraphQLError, Kind, parse, visit } from 'graphql';
import type { DocumentNode, FieldNode, GraphQLSchema, OperationDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql';
import { HubError } from '../errors.ts';
import type { Contract, Lookup, RecordType } from '../registries/contract.ts';
import type { Ask } from '../sharing/terms.ts';
import { readOperation } from './asks.ts';
import { withPredicates } from './predicate.ts';
import type { Predicate } from './predicate.ts';
import type { CheckedField, RootNode } from './tree.ts';
import type { Reading } from './asks.ts';

/** A role: whose record is looked up, by the response name of its root. */
export interface FactRole {
  readonly role: string;
  /** A record type that is looked up by key. */
  readonly type: string;
  /** Several keys at once; else one. */
  readonly many: boolean;
}

/** What one fact asks of the record of its role: a selection set, `{ household { householdNo } }`, or a predicate. */
export type FactQuestion =
  | { readonly code: string; readonly of: string; readonly select: string; /** Types of records behind edges that tell when they were told last; absent: none. */ readonly told?: ReadonlySet<string> }
  | { readonly code: string; readonly of: string; readonly predicate: Predicate };

type FactSelection = Extract<FactQuestion, { readonly select: string }>;

/** What the answer to a fact's predicate is called below the fact. */
export const predicateName = 'is';

/** The response name under which a record behind an edge tells when its source told it last; it is no part of a fact's value. */
export const behindToldAt = 'hubToldAt';

/** Between the code of a fact and the response name of what it selects. */
const behindCode = '__';

/** The response name of what a fact selects under this name. */
export function factField(code: string, name: string): string {
  return `${code}${behindCode}${name}`;
}

/** The code of the fact that a response name belongs to. */
export function factIn(name: string): string {
  return name.slice(0, name.indexOf(behindCode));
}

/** The variable that holds the key, or the keys, of a role. */
export function keyVariable(role: string): string {
  return `key_${role}`;
}

/** How a record type is looked up by its key; refuses one that is not. */
export function lookupOf(contract: Contract, type: string, many: boolean): Lookup {
  const lookup = [...contract.lookups.values()].find((one) => one.type === type && one.by === (many ? 'KEYS' : 'KEY'));
  if (lookup === undefined) throw new HubError('BAD_INPUT', `${type} is no record type that is looked up by ${many ? 'keys' : 'a key'}: ${[...contract.lookups.values()].filter(({ by }) => by === (many ? 'KEYS' : 'KEY')).map((one) => one.type).join(', ')} are.`);
  return lookup;
}

/** The operation of these roles and facts, read; roles of which nothing is selected are only looked for. Its document is valid (`factsDocument`). */
export function readFacts(schema: GraphQLSchema, contract: Contract, roles: readonly FactRole[], facts: readonly FactQuestion[]): Reading {
  const document = factsDocument(contract, roles, facts);
  // Of variables the shape counts, and it is always this one.
  const shape = Object.fromEntries(roles.map(({ role, many }) => [keyVariable(role), many ? [''] : '']));
  const reading = readOperation(schema, contract, document, document.definitions[0] as OperationDefinitionNode, shape);
  return roles.reduce((read, { role }, place) => {
    const own = facts.flatMap((fact) => ('predicate' in fact && fact.of === role ? [{ as: factField(fact.code, predicateName), predicate: fact.predicate }] : []));
    return own.length === 0 ? read : withPredicates(contract, read, place, own);
  }, reading);
}

/** The response name under which a role's record tells which of its fields are being checked. */
export const checkedName = 'checked';

/** A reading of facts that also tells which fields of its roles' records are being checked (校核). */
export function withChecks(reading: Reading, fields: ReadonlyMap<string, readonly CheckedField[]>): Reading {
  const { tree } = reading;
  const roots = tree.roots.map((root): RootNode => {
    const own = fields.get(root.as) ?? [];
    return root.by === 'PAGE' || own.length === 0 ? root : { ...root, record: { ...root.record, outputs: [...root.record.outputs, { kind: 'checked', as: checkedName, fields: own }] } };
  });
  return { ...reading, tree: { ...tree, roots } };
}

/** What looking for the record of a role asks: that such records exist, and to find one by its key. */
export function asksOfRole(schema: GraphQLSchema, contract: Contract, role: FactRole): readonly Ask[] {
  return readFacts(schema, contract, [role], []).asks;
}

/** The document of these roles and facts, to be validated once. Throws `BAD_INPUT` where a fact selects what is no plain selection. */
export function factsDocument(contract: Contract, roles: readonly FactRole[], facts: readonly FactQuestion[]): DocumentNode {
  const variables = roles.map(({ role, many }) => `$${keyVariable(role)}: ${many ? '[String!]!' : 'String!'}`).join(', ');
  const roots = roles.map(({ role, type, many }) => {
    const { root, argument } = lookupOf(contract, type, many);
    return `${role}: ${root}(${argument}: $${keyVariable(role)}) { __typename }`;
  }).join(' ');
  const skeleton = parse(`query (${variables}) { ${roots} }`, { noLocation: true });
  const selected = Map.groupBy(facts, ({ of }) => of);
  return visit(skeleton, {
    Field: (node: FieldNode): FieldNode | undefined => {
      const own = (selected.get(node.alias?.value ?? '') ?? []).filter((fact) => 'select' in fact);
      if (node.selectionSet === undefined || own.length === 0) return undefined;
      return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections: [...node.selectionSet.selections, ...own.flatMap((fact) => renamed(fact, contract.types.get(roles.find(({ role }) => role === node.alias?.value)?.type ?? '')))] } };
    },
  }) as DocumentNode;
}

/** What a fact selects, under names of its own. */
function renamed({ code, select, told }: FactSelection, type: RecordType | undefined): readonly SelectionNode[] {
  return selectionOf(code, select).selections.map((selection): SelectionNode => {
    const field = toldWith(selection as FieldNode, type, told ?? new Set());
    return { ...field, alias: { kind: Kind.NAME, value: factField(code, field.alias?.value ?? field.name.value) } };
  });
}

/** An edge of a selection, with when the records behind it were told last. */
function toldWith(node: FieldNode, type: RecordType | undefined, told: ReadonlySet<string>): FieldNode {
  const field = type?.fields.get(node.name.value);
  if (field?.kind !== 'relation' || node.selectionSet === undefined || !told.has(field.link.toType)) return node;
  const more = (set: SelectionSetNode): SelectionSetNode => ({ ...set, selections: [...set.selections, { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'sourceUpdatedAt' }, alias: { kind: Kind.NAME, value: behindToldAt } }] });
  if (!field.many) return { ...node, selectionSet: more(node.selectionSet) };
  const nodes = (one: SelectionNode): SelectionNode => (one.kind === Kind.FIELD && one.name.value === 'nodes' && one.selectionSet !== undefined ? { ...one, selectionSet: more(one.selectionSet) } : one);
  return { ...node, selectionSet: { ...node.selectionSet, selections: node.selectionSet.selections.map(nodes) } };
}

function selectionOf(code: string, select: string): SelectionSetNode {
  let document: DocumentNode;
  try {
    document = parse(select, { noLocation: true, maxTokens: 500 });
  } catch (error) {
    throw new HubError('BAD_INPUT', `Fact ${code} selects what is no selection of fields, like { name }: ${error instanceof GraphQLError ? error.message : 'it cannot be read'}.`);
  }
  const [first, ...more] = document.definitions;
  const plain = first?.kind === Kind.OPERATION_DEFINITION && more.length === 0 && first.operation === 'query' && first.name === undefined && (first.variableDefinitions ?? []).length === 0;
  let foreign = !plain;
  visit(document, { Variable: () => { foreign = true; }, Directive: () => { foreign = true; }, FragmentSpread: () => { foreign = true; }, InlineFragment: () => { foreign = true; } });
  if (foreign) throw new HubError('BAD_INPUT', `Fact ${code} selects fields only: no variables, directives or fragments, and one selection, like { name }.`);
  return (first as OperationDefinitionNode).selectionSet;
}
