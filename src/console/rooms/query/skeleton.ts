/**
 * An operation to begin with: one root field, its arguments that have to be given as variables, and the plain fields of what it gives.
 */
import { getNamedType, isLeafType, isObjectType, isRequiredArgument } from 'graphql';
import type { GraphQLField, GraphQLOutputType } from 'graphql';

type Field = GraphQLField<unknown, unknown>;

/** The text of it. */
export function skeletonOf(kind: 'query' | 'mutation', field: Field): string {
  const given = field.args.filter(isRequiredArgument);
  const head = given.length === 0 ? '' : ` (${given.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ')})`;
  const args = given.length === 0 ? '' : `(${given.map(({ name }) => `${name}: $${name}`).join(', ')})`;
  return `${kind}${head} {\n  ${field.name}${args}${selectionOf(field.type, '  ', 2)}\n}\n`;
}

/** Plain fields; where there are none, those of what is one step on. */
function selectionOf(type: GraphQLOutputType, indent: string, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  const fields = isObjectType(named) ? Object.values(named.getFields()).filter(({ args }) => !args.some(isRequiredArgument)) : [];
  const plain = fields.filter((own) => isLeafType(getNamedType(own.type))).map(({ name }) => name);
  const nodes = fields.filter(({ name }) => name === 'nodes' || name === 'entries');
  const deeper = depth > 0 && nodes.length > 0 ? nodes : depth > 0 && plain.length === 0 ? fields.slice(0, 1) : [];
  const lines = [...deeper.map((own) => `${own.name}${selectionOf(own.type, `${indent}  `, depth - 1)}`), ...plain];
  return ` {\n${(lines.length === 0 ? ['__typename'] : lines).map((line) => `${indent}  ${line}`).join('\n')}\n${indent}}`;
}
