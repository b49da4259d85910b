/**
 * Arguments and variables: the shape of what was sent, and where each value will be read.
 *
 * The shape is everything but scalar values: which fields are present or null, every enum value, every Boolean, the
 * length of lists of objects. Two requests of one document with equal shapes have the same asks and the same
 * statement. Lists of scalars are one value, whatever their length.
 */
import { getNullableType, isEnumType, isInputObjectType, isListType, isScalarType, Kind, valueFromAST } from 'graphql';
import type { GraphQLArgument, GraphQLInputType, ValueNode } from 'graphql';
import type { Size, Slot } from './tree.ts';

type Values = Readonly<Record<string, unknown>>;

/** An argument as it stands in one shape. */
export type Given =
  | { readonly kind: 'absent' }
  | { readonly kind: 'null' }
  | { readonly kind: 'scalar'; readonly slot: Slot }
  | { readonly kind: 'enum'; readonly value: string }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Given> }
  | { readonly kind: 'list'; readonly items: readonly Given[] };

const absent: Given = { kind: 'absent' };

/** A variable of an operation and its type. */
export interface VariableType {
  readonly name: string;
  readonly type: GraphQLInputType;
}

/** The shape of an operation's coerced variables, as a cache key. */
export function shapeOf(types: readonly VariableType[], variables: Values): string {
  let shape = '';
  for (const { name, type } of types) shape += Object.hasOwn(variables, name) ? shapeOfValue(type, variables[name]) : '-';
  return shape;
}

function shapeOfValue(type: GraphQLInputType, value: unknown): string {
  if (value === null || value === undefined) return 'n';
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const items = value as readonly unknown[];
    if (isScalarType(getNullableType(bare.ofType))) return 'v';
    return `[${items.map((item) => shapeOfValue(bare.ofType, item)).join('')}]`;
  }
  if (isInputObjectType(bare)) {
    const given = value as Values;
    let shape = '{';
    for (const [name, field] of Object.entries(bare.getFields())) {
      if (Object.hasOwn(given, name) && given[name] !== undefined) shape += `${name}:${shapeOfValue(field.type, given[name])}`;
    }
    return `${shape}}`;
  }
  if (isEnumType(bare)) return `<${String(value)}>`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return 'v';
}

/** Reads one argument: from the document, from a variable, or from its default. */
export function givenArgument(argument: GraphQLArgument, node: ValueNode | undefined, variables: Values): Given {
  const given = node === undefined ? absent : fromDocument(argument.type, node, variables);
  if (given.kind !== 'absent' || argument.defaultValue === undefined) return given;
  return fromValue(argument.type, argument.defaultValue, () => argument.defaultValue);
}

/** How many items an argument lists, one where it is no list; without looking at any of them. */
export function itemsGiven(node: ValueNode): number | Size {
  if (node.kind === Kind.LIST) return node.values.length;
  if (node.kind !== Kind.VARIABLE) return 1;
  const name = node.name.value;
  return (run) => {
    const sent = run.variables[name];
    return Array.isArray(sent) ? sent.length : 1;
  };
}

function fromDocument(type: GraphQLInputType, node: ValueNode, variables: Values): Given {
  if (node.kind === Kind.VARIABLE) {
    const name = node.name.value;
    return Object.hasOwn(variables, name) ? fromValue(type, variables[name], (run) => run.variables[name]) : absent;
  }
  if (node.kind === Kind.NULL) return { kind: 'null' };
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const nodes = node.kind === Kind.LIST ? node.values : [node];
    const items = nodes.map((item) => fromDocument(bare.ofType, item, variables));
    if (!isScalarType(getNullableType(bare.ofType))) return { kind: 'list', items };
    return { kind: 'scalar', slot: (run) => items.map((item) => (item.kind === 'scalar' ? item.slot(run) : null)) };
  }
  if (isInputObjectType(bare) && node.kind === Kind.OBJECT) {
    const nodes = new Map(node.fields.map((field) => [field.name.value, field.value]));
    const fields = new Map<string, Given>();
    for (const [name, field] of Object.entries(bare.getFields())) {
      const own = nodes.get(name);
      const given = own === undefined ? absent : fromDocument(field.type, own, variables);
      if (given.kind !== 'absent') fields.set(name, given);
      else if (field.defaultValue !== undefined) fields.set(name, fromValue(field.type, field.defaultValue, () => field.defaultValue));
    }
    return { kind: 'object', fields };
  }
  if (isEnumType(bare)) return { kind: 'enum', value: String(valueFromAST(node, type)) };
  // A custom scalar's literal may hold variables inside (a GeoJSON point of two of them).
  if (node.kind === Kind.OBJECT || node.kind === Kind.LIST) return { kind: 'scalar', slot: (run) => valueFromAST(node, type, run.variables) };
  const value = valueFromAST(node, type);
  return { kind: 'scalar', slot: () => value };
}

function fromValue(type: GraphQLInputType, value: unknown, slot: Slot): Given {
  if (value === undefined) return absent;
  if (value === null) return { kind: 'null' };
  const bare = getNullableType(type);
  if (isListType(bare)) {
    if (isScalarType(getNullableType(bare.ofType))) return { kind: 'scalar', slot };
    const items = value as readonly unknown[];
    return { kind: 'list', items: items.map((item, index) => fromValue(bare.ofType, item, (run) => (slot(run) as readonly unknown[])[index])) };
  }
  if (isInputObjectType(bare)) {
    const given = value as Values;
    const fields = new Map<string, Given>();
    for (const [name, field] of Object.entries(bare.getFields())) {
      const own = fromValue(field.type, given[name], (run) => (slot(run) as Values)[name]);
      if (own.kind !== 'absent') fields.set(name, own);
    }
    return { kind: 'object', fields };
  }
  if (isEnumType(bare)) return { kind: 'enum', value: String(value) };
  return { kind: 'scalar', slot };
}
