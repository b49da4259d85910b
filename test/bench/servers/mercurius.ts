/**
 * The peer Mercurius on Fastify, its just-in-time compiler on from the second request: the same resolvers and DataLoader. With
 * BENCH_LOADERS=tuned its rows come by hand-tuned statements instead of the usual ones.
 */
import { endWithParent, peer, ready } from './child.ts';
import { loadersOf, resolvers, typeDefs } from './resolvers.ts';

interface App {
  register(plugin: unknown, options: object): Promise<unknown>;
  listen(options: { port: number; host: string }): Promise<string>;
  readonly server: { address(): unknown };
}

endWithParent();
const { fastify } = await peer<{ fastify: (options: object) => App }>('fastify');
const { default: mercurius } = await peer<{ default: unknown }>('mercurius');
const source = process.env['BENCH_LOADERS'] === 'tuned' ? (await import('./tuned-loaders.ts')).tuned : (await import('./usual-loaders.ts')).usual;
const app = fastify({ logger: false });
await app.register(mercurius, { schema: typeDefs, resolvers, context: loadersOf(source), jit: 1, graphiql: false });
await app.listen({ port: 0, host: '127.0.0.1' });
ready((app.server.address() as { port: number }).port);
