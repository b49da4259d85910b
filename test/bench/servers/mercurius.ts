/**
 * The peer Mercurius on Fastify, its just-in-time compiler on from the second request: the same resolvers and DataLoader.
 */
import { endWithParent, peer, ready } from './child.ts';
import { loaders, resolvers, typeDefs } from './resolvers.ts';

interface App {
  register(plugin: unknown, options: object): Promise<unknown>;
  listen(options: { port: number; host: string }): Promise<string>;
  readonly server: { address(): unknown };
}

endWithParent();
const { fastify } = await peer<{ fastify: (options: object) => App }>('fastify');
const { default: mercurius } = await peer<{ default: unknown }>('mercurius');
const app = fastify({ logger: false });
await app.register(mercurius, { schema: typeDefs, resolvers, context: loaders, jit: 1, graphiql: false });
await app.listen({ port: 0, host: '127.0.0.1' });
ready((app.server.address() as { port: number }).port);
