/**
 * The listener: GraphQL over HTTP, the contract as text, and a health page. Binds to loopback unless told otherwise.
 */
import type { Socket } from 'node:net';
import { HeaderMap } from '@apollo/server';
import type { HTTPGraphQLRequest } from '@apollo/server';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '../audit/writer.ts';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { prices } from '../graphql/budget.ts';
import { statusFor } from '../graphql/known.ts';
import type { AskedAgain, Errors } from '../graphql/known.ts';
import { documentLimits, inParts } from '../graphql/limits.ts';
import type { HubSchema } from '../graphql/schema.ts';
import type { HubServer } from '../graphql/server.ts';
import { viewsOf } from '../graphql/views.ts';
import type { Standing } from '../identity/standing.ts';
import { Tokens } from '../identity/token.ts';
import type { Comparisons } from '../verification/comparison.ts';
import { Admission, admitted, readBody, receive, refuse, strange } from './admission.ts';
import { Addresses } from './addresses.ts';
import { expositionType } from './exposition.ts';
import { mayReadMeters } from './meters.ts';
import type { Meters } from './meters.ts';
import { Refusals } from './refusals.ts';
import { paceArrivals } from './arrivals.ts';
import { takeComparisons } from './comparisons.ts';
import { openConsole, serveConsole } from './console/console.ts';
import type { ConsoleParts } from './console/console.ts';
import { serveCopies } from './copies.ts';
import type { CopyDesk } from './copies.ts';

/** A listener at work. */
export interface Listener {
  /** Base address, such as `http://localhost:4000`. */
  readonly url: string;
  /** Takes no new requests and waits for the running ones, but for no longer than that, in milliseconds; `longestEndMs` unless told. */
  close(withinMs?: number): Promise<void>;
}

/** What a listener offers beside GraphQL; what is absent is not there. */
export interface ListenerParts {
  /** Where what is refused unread is written down. */
  readonly audit?: Pick<Audit, 'write'>;
  /** What copies of certificates are given and checked with. */
  readonly copies?: CopyDesk;
  /** What `/metrics` tells. */
  readonly meters?: Meters;
  /** Where lists go that are compared. */
  readonly comparisons?: Comparisons;
  /** What administrators sign in with at the console. */
  readonly console?: ConsoleParts;
}

/** Opens the listener on the configured address. */
export async function openListener(config: Config, server: HubServer, schema: HubSchema, standing: () => Standing, now: () => Date, { audit, copies, meters, comparisons, console }: ListenerParts = {}): Promise<Listener> {
  const app = fastify({
    bodyLimit: documentLimits.bodyBytes, logger: false, forceCloseConnections: 'idle', trustProxy: config.trustProxy ?? false,
    // Nobody holds a connection by sending slowly.
    requestTimeout: 30_000, http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
  });
  const addresses = new Addresses();
  const refusals = audit === undefined ? null : new Refusals({ audit, now, policy: () => standing().version });
  const desk = console === undefined ? undefined : openConsole({ config, standing, now, audit, refusals }, console);
  const admission = new Admission(config.budget, standing, now, config.tokens === undefined ? null : new Tokens(config.tokens), (address) => addresses.answered(address), desk?.gate ?? null);
  app.decorateRequest('hub', null);
  app.decorateRequest('received', null);
  app.decorateRequest('session', null);
  const json = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (request: FastifyRequest, body: string) => readBody(request, body, (text) => {
    let parsed: unknown;
    void json(request, text, (error, value) => {
      if (error) throw error;
      parsed = value;
    });
    return parsed;
  }));
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headersOfEveryAnswer);
    done();
  });
  app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    const status = error instanceof HubError ? error.status : error.statusCode ?? 500;
    const known = status >= 400 && status < 500;
    const [caller, code] = [request.hub?.caller ?? { kind: 'stranger' as const }, error instanceof HubError ? error.code : known ? 'BAD_INPUT' : 'INTERNAL'];
    refusals?.count(caller, code, status);
    meters?.refused(caller, code);
    if (error instanceof HubError) {
      refuse(error, request, reply);
      return;
    }
    void reply.code(known ? status : 500).send({ errors: [{
      message: known ? sentences[status] ?? 'The request could not be read.' : 'The hub failed to answer.',
      extensions: { code: known ? 'BAD_INPUT' : 'INTERNAL' },
    }] });
  });
  app.get('/health', () => ({ status: 'up' }));
  if (meters !== undefined) {
    app.get('/metrics', async (request, reply) => {
      mayReadMeters(request, config.metricsToken);
      return reply.type(expositionType).send(await meters.text());
    });
  }
  app.get<{ Querystring: { all?: string } }>('/schema.graphql', { onRequest: admission.hook(prices.contract, 'working') }, async (request, reply) => {
    const context = admitted(request);
    if (context.caller.kind === 'stranger') throw strange();
    // One view for what a caller may have; `?all=1` for the whole, to know what to apply for.
    const view = request.query.all === '1' ? viewsOf(schema).all(context.standing) : await viewsOf(schema).of(context);
    return reply.type('application/graphql; charset=utf-8').send(view.text);
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: admission.hook(0, 'working'),
    preParsing: receive,
    handler: (request, reply) => {
      void reply.header('hub-request-id', admitted(request).trace.request);
      const asked = server.known.find(request);
      return asked === undefined ? throughApollo(server.apollo, request, reply) : again(server, asked, request, reply);
    },
  });
  if (comparisons !== undefined) await app.register(async (scope) => takeComparisons(scope, comparisons, admission));
  if (copies !== undefined) serveCopies(app, admission, copies, audit);
  if (desk !== undefined) serveConsole(app, admission, desk);
  // Behind a proxy connections tell nothing of who asks.
  paceArrivals(app.server, { ...(config.trustProxy === undefined ? { addresses } : {}), refused: () => refusals?.count({ kind: 'stranger' }, 'RATE_LIMITED', 429) });
  await app.listen({ port: config.port, host: config.host });
  refusals?.watch();
  const address = app.server.address();
  const connections = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const host = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host;
  return { url: `http://${host}:${port}`, close: (withinMs = longestEndMs) => closeWithin(app, connections, withinMs).finally(() => refusals?.close()) };
}

/** Requests that run when the hub is told to stop have so long to end; reads are stopped by the database after as long. */
export const longestEndMs = 10_000;

/**
 * A connection whose sender neither sends on nor goes away would hold it open for ever: nobody looks for those once it closes. Nor for those
 * that are kept alive after the answer to a request that was running then, or were opened and never used, as clients do in advance.
 */
async function closeWithin(app: FastifyInstance, connections: ReadonlySet<Socket>, ms: number): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), ms);
  const idle = setInterval(() => {
    app.server.closeIdleConnections();
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  }, 50);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
}

/** An API answers no page: nothing of it may be framed, run, cached or guessed at. Written once, not built per request. */
const headersOfEveryAnswer = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

const sentences: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON.',
  404: 'There is nothing at this address; GraphQL is at /graphql, its contract at /schema.graphql.',
  413: `The body is larger than ${documentLimits.bodyBytes} bytes. ${inParts}`,
  415: 'Send the body as application/json.',
};

async function throughApollo(apollo: HubServer['apollo'], request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { body, headers, status = 200 } = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest: asApollo(request), context: async () => admitted(request) });
  const text = body.kind === 'complete' ? body.string : await joined(body.asyncIterator);
  for (const [name, value] of headers) void reply.header(name, value);
  void reply.code(statusFor(request.headers.accept, status, () => (JSON.parse(text) as { errors?: Errors }).errors ?? []));
  return text;
}

async function again(server: HubServer, asked: AskedAgain, request: FastifyRequest, reply: FastifyReply): Promise<string | Buffer> {
  const said = await server.again(asked, admitted(request));
  if (said === null) return throughApollo(server.apollo, request, reply);
  void reply.header('content-type', asked.mediaType);
  if (said.kind === 'answer') return said.answer.body;
  if (said.retryAfter !== undefined) void reply.header('retry-after', String(said.retryAfter));
  void reply.code(statusFor(request.headers.accept, said.status, () => said.errors));
  return JSON.stringify({ errors: said.errors });
}

/** The headers that the protocol looks at; who asks and for what is read by `contextOf`. */
const protocolHeaders = ['accept', 'content-type', 'x-apollo-operation-name', 'apollo-require-preflight'] as const;

function asApollo(request: FastifyRequest): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const name of protocolHeaders) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const { url } = request;
  const query = url.indexOf('?');
  return { method: request.method, headers, body: request.body, search: query < 0 ? '' : url.slice(query) };
}

async function joined(chunks: AsyncIterableIterator<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}
