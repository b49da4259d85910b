/**
 * Validation in pieces: the rules of the standard, on the whole document, with a halt after every so many nodes.
 *
 * `validate` of graphql-js takes a document of 800 fields through all of its rules at once, and nobody else is served meanwhile. Here
 * its rules are walked over the document in its order, but whoever calls may let others go on between two steps. The errors are
 * those of `validate`, one for one (see the test). It looks at nothing itself: what a document may be is said by the rules.
 */
import { GraphQLError, Kind, specifiedRules, TypeInfo, validate, ValidationContext, visitInParallel, visitWithTypeInfo } from 'graphql';
import type { ASTNode, ASTVisitor, DocumentNode, GraphQLSchema } from 'graphql';

/** Errors of a document that are told; whatever else is wrong with it is not looked for. */
const mostErrors = 20;

/** Nodes of one step. */
const perStep = 50;

/** The nodes below a node, in the order in which graphql-js visits them; of operations and fragments. Of Kind `Name` and values without parts there are none. */
const parts: Readonly<Record<string, readonly string[]>> = {
  [Kind.DOCUMENT]: ['definitions'],
  [Kind.OPERATION_DEFINITION]: ['description', 'name', 'variableDefinitions', 'directives', 'selectionSet'],
  [Kind.FRAGMENT_DEFINITION]: ['description', 'name', 'variableDefinitions', 'typeCondition', 'directives', 'selectionSet'],
  [Kind.VARIABLE_DEFINITION]: ['description', 'variable', 'type', 'defaultValue', 'directives'],
  [Kind.VARIABLE]: ['name'],
  [Kind.SELECTION_SET]: ['selections'],
  [Kind.FIELD]: ['alias', 'name', 'arguments', 'directives', 'selectionSet'],
  [Kind.ARGUMENT]: ['name', 'value'],
  [Kind.FRAGMENT_SPREAD]: ['name', 'directives'],
  [Kind.INLINE_FRAGMENT]: ['typeCondition', 'directives', 'selectionSet'],
  [Kind.LIST]: ['values'],
  [Kind.OBJECT]: ['fields'],
  [Kind.OBJECT_FIELD]: ['name', 'value'],
  [Kind.DIRECTIVE]: ['name', 'arguments'],
  [Kind.NAMED_TYPE]: ['name'],
  [Kind.LIST_TYPE]: ['type'],
  [Kind.NON_NULL_TYPE]: ['type'],
};
const noParts: readonly string[] = [];

/** What of the tree is open: a node or a list of nodes, and how far it has been walked. */
interface Open {
  readonly node: ASTNode | readonly ASTNode[];
  readonly key: string | number | undefined;
  readonly keys: readonly string[] | null;
  at: number;
}

/** Validates a document step by step; the generator's value are its errors. */
export function* validation(schema: GraphQLSchema, document: DocumentNode): Generator<void, readonly GraphQLError[]> {
  // A document of types is refused for that, and small is what is looked at of it.
  if (!document.definitions.every(({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION)) return validate(schema, document, specifiedRules, { maxErrors: mostErrors });
  const errors: GraphQLError[] = [];
  const enough = {};
  const typeInfo = new TypeInfo(schema);
  const context = new ValidationContext(schema, document, typeInfo, (error) => {
    if (errors.length < mostErrors) errors.push(error);
    else {
      errors.push(new GraphQLError('Too many validation errors, error limit reached. Validation aborted.'));
      throw enough;
    }
  });
  try {
    yield* walk(document, visitWithTypeInfo(typeInfo, visitInParallel(specifiedRules.map((rule) => rule(context)))));
  } catch (error) {
    if (error !== enough) throw error;
  }
  return errors;
}

/** Calls the visitor's `enter` and `leave` as graphql-js' `visit` would, for a visitor that changes nothing. */
function* walk(document: DocumentNode, visitor: ASTVisitor): Generator<void, void> {
  const { enter, leave } = visitor as Required<Record<'enter' | 'leave', (...given: unknown[]) => unknown>>;
  const path: (string | number)[] = [];
  const ancestors: (ASTNode | readonly ASTNode[])[] = [];
  const open: Open[] = [];
  let nodes = 0;
  enter(document, undefined, undefined, path, ancestors);
  open.push({ node: document, key: undefined, keys: parts[document.kind] ?? noParts, at: 0 });
  while (open.length > 0) {
    const last = open.at(-1) as Open;
    const { node, keys } = last;
    const key = keys === null ? last.at : keys[last.at];
    if (key !== undefined && last.at < (keys ?? (node as readonly ASTNode[])).length) {
      last.at += 1;
      const child = (node as unknown as Readonly<Record<string | number, ASTNode | readonly ASTNode[] | undefined>>)[key];
      if (child === undefined || child === null) continue;
      path.push(key);
      if (isList(child)) open.push({ node: child, key, keys: null, at: 0 });
      else {
        enter(child, key, node, path, ancestors);
        open.push({ node: child, key, keys: parts[child.kind] ?? noParts, at: 0 });
        nodes += 1;
        if (nodes % perStep === 0) yield;
      }
      ancestors.push(node);
      continue;
    }
    open.pop();
    const parent = ancestors.pop();
    if (!isList(node)) leave(node, last.key, parent, path, ancestors);
    path.pop();
  }
}

function isList(node: ASTNode | readonly ASTNode[]): node is readonly ASTNode[] {
  return Array.isArray(node);
}
