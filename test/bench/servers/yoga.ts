/**
 * The peer graphql-yoga: resolvers and DataLoader on `node:http`, its parser and validation caches on as delivered.
 */
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { endWithParent, peer, ready } from './child.ts';
import { loadersOf, resolvers, typeDefs } from './resolvers.ts';
import { usual } from './usual-loaders.ts';

interface Yoga {
  createSchema(options: { typeDefs: string; resolvers: unknown }): unknown;
  createYoga(options: { schema: unknown; context: () => unknown; logging: boolean; graphiql: boolean; landingPage: boolean; maskedErrors: boolean }): RequestListener;
}

endWithParent();
const { createSchema, createYoga } = await peer<Yoga>('graphql-yoga');
const server = createServer(createYoga({ schema: createSchema({ typeDefs, resolvers }), context: loadersOf(usual), logging: false, graphiql: false, landingPage: false, maskedErrors: true }));
server.listen(0, '127.0.0.1', () => ready((server.address() as { port: number }).port));
