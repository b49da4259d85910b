/**
 * Puts resolvers on the root fields that are no records. Each is one call long.
 */
import { GraphQLObjectType } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { HubError } from '../../errors.ts';
import type { HubContext } from '../context.ts';

type Resolver = GraphQLFieldResolver<unknown, HubContext>;

const resolvers: Readonly<Record<string, Readonly<Record<string, Resolver>>>> = {
  Query: {
    me: (_root, _args, { caller }) => {
      if (caller.kind !== 'consumer') throw new HubError('UNAUTHENTICATED', 'Only a registered consumer is somebody.');
      return { consumer: caller.consumer, name: caller.name, departmentCode: caller.department, departmentName: caller.departmentName };
    },
  },
};

/** Attaches them; refuses a resolver for a field that the contract does not have. */
export function attachResolvers(schema: GraphQLSchema): void {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    for (const [name, resolve] of Object.entries(fields)) {
      const field = type instanceof GraphQLObjectType ? type.getFields()[name] : undefined;
      if (field === undefined) throw new HubError('CONTRACT_BROKEN', `${typeName}.${name} has a resolver but is not in the contract.`);
      field.resolve = resolve as never;
    }
  }
}
