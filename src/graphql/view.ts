/**
 * A part of the contract, by schema coordinates: what is kept, and what its descriptions add.
 *
 * Made from the whole schema's text, so that what is left is a schema by itself: what leads nowhere goes, and so does what nothing
 * leads to. The hub's own directives go too: they speak of items, and of fields that may not be part of it. It decides nothing about
 * who may have what (`views.ts`).
 */
import { Kind, parse, printSchema } from 'graphql';
import type { DefinitionNode, DocumentNode, GraphQLSchema, InputValueDefinitionNode, NameNode, StringValueNode, TypeNode } from 'graphql';
import { namedType } from './generate.ts';

/** Tells of a coordinate (`Person.name`, `PersonFilter.name`, `PersonOrderField.name`, `Query.person`) what its description adds; null: it is left out. */
export type Keep = (at: string) => string | null;

/** A definition with members: all that a view cuts. */
interface Member {
  readonly name: NameNode;
  readonly description?: StringValueNode | undefined;
  readonly type?: TypeNode;
  readonly arguments?: readonly InputValueDefinitionNode[];
  readonly defaultValue?: unknown;
}

type Cut = DefinitionNode & { readonly name: NameNode; readonly fields?: readonly Member[]; readonly values?: readonly Member[] };

const roots = ['Query', 'Mutation', 'Subscription'];

/** The whole contract as one document without the hub's directives. */
export function plainContract(schema: GraphQLSchema): DocumentNode {
  const { definitions } = parse(printSchema(schema), { noLocation: true });
  return { kind: Kind.DOCUMENT, definitions: definitions.filter(({ kind }) => kind !== Kind.DIRECTIVE_DEFINITION) };
}

/** The part that is kept. */
export function partOf(contract: DocumentNode, keep: Keep): DocumentNode {
  let types = new Map((contract.definitions as readonly Cut[]).map((type) => [type.name.value, cut(type, keep)]));
  for (let before = Infinity; before !== countOf(types);) {
    before = countOf(types);
    types = withoutDeadEnds(types);
  }
  const reached = reachable(types);
  return { kind: Kind.DOCUMENT, definitions: [...types.values()].filter(({ name }) => reached.has(name.value)) };
}

function cut(type: Cut, keep: Keep): Cut {
  const told = (members: readonly Member[]): readonly Member[] => members.flatMap((member) => {
    const added = keep(`${type.name.value}.${member.name.value}`);
    return added === null ? [] : [added === '' ? member : { ...member, description: described(member, added) }];
  });
  return { ...type, ...(type.fields ? { fields: told(type.fields) } : {}), ...(type.values ? { values: told(type.values) } : {}) } as Cut;
}

function described({ description }: Member, added: string): StringValueNode {
  const text = description === undefined ? added : `${description.value}\n\n${added}`;
  return { kind: Kind.STRING, value: text, block: true };
}

/** Without types that have no members, and without members that are of types which are not there. */
function withoutDeadEnds(types: ReadonlyMap<string, Cut>): Map<string, Cut> {
  const there = (node: TypeNode | undefined): boolean => node === undefined || builtIn.has(namedType(node)) || types.has(namedType(node));
  const kept = new Map<string, Cut>();
  for (const [name, type] of types) {
    if (type.fields === undefined) {
      if (type.values?.length !== 0) kept.set(name, type);
      continue;
    }
    const fields = type.fields.flatMap((field): Member[] => {
      const gone = (field.arguments ?? []).filter((argument) => !there(argument.type));
      if (!there(field.type) || gone.some(isRequired)) return [];
      return [gone.length === 0 ? field : { ...field, arguments: field.arguments?.filter((argument) => !gone.includes(argument)) ?? [] }];
    });
    // An input that cannot be given its required fields cannot be given.
    const whole = type.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION || type.fields.every((field) => fields.some(({ name: own }) => own.value === field.name.value) || !isRequired(field));
    if (fields.length > 0 && whole) kept.set(name, { ...type, fields } as Cut);
  }
  return kept;
}

const builtIn: ReadonlySet<string> = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

const isRequired = ({ type, defaultValue }: Member): boolean => type?.kind === Kind.NON_NULL_TYPE && defaultValue === undefined;

function countOf(types: ReadonlyMap<string, Cut>): number {
  let count = types.size;
  for (const { fields = [] } of types.values()) for (const field of fields) count += 1 + (field.arguments?.length ?? 0);
  return count;
}

function reachable(types: ReadonlyMap<string, Cut>): ReadonlySet<string> {
  const reached = new Set<string>();
  const reach = (name: string): void => {
    const type = types.get(name);
    if (type === undefined || reached.has(name)) return;
    reached.add(name);
    for (const { type: own, arguments: given = [] } of type.fields ?? []) for (const node of [own, ...given.map((argument) => argument.type)]) if (node) reach(namedType(node));
  };
  roots.forEach(reach);
  return reached;
}
