/**
 * How resolvers are written, and who a change is written down under.
 */
import { Kind } from 'graphql';
import type { GraphQLFieldResolver, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { HubError } from '../../errors.ts';
import type { Actor } from '../../identity/policy-change.ts';
import type { HubContext } from '../context.ts';
import type { Work } from '../work.ts';

/** A resolver of a root field; arguments are checked by the schema, and what the schema cannot say by the use case. */
export type Resolver = GraphQLFieldResolver<unknown, HubContext>;

/** Resolvers by type and field. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>;

/** Who changes something. A door has let him in, so a stranger here is a fault of ours. */
export function actorOf({ caller, now }: HubContext): Actor {
  if (caller.kind === 'stranger') throw new HubError('UNAUTHENTICATED', 'Only a registered consumer or administrator changes anything.');
  return { by: caller.kind === 'consumer' ? caller.consumer : caller.code, now };
}

/** Input objects of graphql-js have no prototype; forms take plain ones. */
export function plain<T>(value: T): T {
  return structuredClone(value);
}

/** Is a field below the root field selected anywhere, by this way of names? Directives aside: what could be asked for counts. */
export function selects({ fieldNodes, fragments }: GraphQLResolveInfo, ...way: readonly string[]): boolean {
  const found = (set: SelectionSetNode | undefined, names: readonly string[], open: ReadonlySet<string>): boolean => (set?.selections ?? []).some((selection) => {
    const [name, ...rest] = names;
    if (selection.kind === Kind.FIELD) return selection.name.value === name && (rest.length === 0 || found(selection.selectionSet, rest, new Set()));
    if (selection.kind === Kind.INLINE_FRAGMENT) return found(selection.selectionSet, names, open);
    const spread = selection.name.value;
    return !open.has(spread) && found(fragments[spread]?.selectionSet, names, new Set([...open, spread]));
  });
  return fieldNodes.some(({ selectionSet }) => found(selectionSet, way, new Set()));
}

/** Gives a result when what it changed is in force here. */
export async function inForce<T>(work: Pick<Work, 'look'>, result: Promise<T>): Promise<T> {
  const value = await result;
  await work.look();
  return value;
}
