/**
 * What the listener takes in, over HTTP: sizes, batches, persisted queries, pages; and budgets, on a clock that only the test moves.
 */
import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/db/open.ts';
import { HubError } from '../../src/errors.ts';
import type { Account } from '../../src/graphql/budget.ts';
import { documentLimits } from '../../src/graphql/limits.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import type { HubSchema } from '../../src/graphql/schema.ts';
import { buildServer } from '../../src/graphql/server.ts';
import { Admission, admitted, readBody } from '../../src/http/admission.ts';
import { openListener } from '../../src/http/listener.ts';
import type { Listener } from '../../src/http/listener.ts';
import { loadStanding } from '../../src/identity/standing.ts';
import type { Standing } from '../../src/identity/standing.ts';
import { keyOf } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { sharedDatabase } from '../world/database.ts';
import { readingOnly } from '../world/work.ts';

let database: Database;
let standing: Standing;
let schema: HubSchema;
const closing: (() => Promise<void>)[] = [];
let clock = Date.parse('2026-11-24T02:01:00.000Z');

beforeAll(async () => {
  database = await sharedDatabase();
  standing = await loadStanding(database.sql);
  schema = buildSchema((code) => standing.catalog.item(code) !== undefined);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => database.close());

/** A listener of its own, with a part of the environment. */
async function listen(env: Readonly<Record<string, string>> = {}): Promise<Listener> {
  const server = buildServer(schema, database, readingOnly(() => ''), () => undefined);
  await server.apollo.start();
  const listener = await openListener(readConfig({ PORT: '0', ...env }), server, schema, () => standing, () => new Date(clock));
  closing.push(() => listener.close().then(() => server.apollo.stop()));
  return listener;
}

interface Reply {
  readonly status: number;
  readonly retryAfter: number;
  readonly codes: readonly unknown[];
  readonly text: string;
}

async function post({ url }: Listener, caller: CallerName | 'stranger', body: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST', body,
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...(caller === 'stranger' ? {} : { authorization: `Bearer ${keyOf(caller)}` }), ...headers },
  });
  const text = await response.text();
  const { errors = [] } = JSON.parse(text) as { errors?: readonly { readonly extensions: { readonly code: unknown } }[] };
  return { status: response.status, retryAfter: Number(response.headers.get('retry-after')), codes: errors.map(({ extensions }) => extensions.code), text };
}

const asking = (query: string): string => JSON.stringify({ query });
const me = asking('{ me { name } }');

/** The same question with nothing behind it, up to a length. */
const padded = (body: string, length: number): string => body + ' '.repeat(length - body.length);

/** Asks again and again until it is refused; tells how often it was answered, and the refusal. */
async function until429(ask: (index: number) => Promise<Reply>): Promise<{ answered: number; refusal: Reply }> {
  for (let answered = 0; answered < 2000; answered += 1) {
    const reply = await ask(answered);
    if (reply.status === 429) return { answered, refusal: reply };
  }
  throw new Error('Nobody refused.');
}

describe('what comes in', () => {
  test('a body of as many bytes as it may have, and of one more', async () => {
    const listener = await listen();
    expect(await post(listener, 'police', padded(me, documentLimits.bodyBytes))).toMatchObject({ status: 200, codes: [] });
    expect((await post(listener, 'police', padded(me, documentLimits.bodyBytes + 1))).status).toBe(413);
  });

  test('ten thousand changes, of a few bytes or of many, name the changes that a call may have', async () => {
    const listener = await listen();
    for (const name of ['x', 'x'.repeat(80)]) {
      const changes = Array.from({ length: 10_000 }, (_, n) => ({ type: 'Person', key: `k-${n}`, values: { name } }));
      const { status, text } = await post(listener, 'police', JSON.stringify({ query: 'mutation ($c: [ChangeInput!]!) { submitChanges(registry: POPULATION, idempotencyKey: "12345678", changes: $c) { repeated } }', variables: { c: changes } }));
      expect(status).toBe(name === 'x' ? 400 : 413);
      expect(text).toContain('at most 500 changes');
    }
  });

  test('what is begun ends with its connection: also where only the account of all strangers refused it, or the sender had gone', async () => {
    const admit = new Admission({ caller: 100_000, address: 100_000 }, () => standing, () => new Date(clock)).hook();
    const ask = async (ip: string, destroyed = false) => {
      const raw = Object.assign(new EventEmitter(), { destroyed });
      const refused = await new Promise<unknown>((resolve) => admit({ headers: {}, ip } as never, { raw } as never, resolve));
      return { refused, close: () => raw.emit('close') };
    };
    for (let n = 0; n < 150; n += 1) expect((await ask('10.9.9.9', true)).refused).toBeUndefined();
    const others = await Promise.all(Array.from({ length: 1000 }, (_, n) => ask(`10.0.${n >> 6}.${n & 63}`)));
    expect(others.filter(({ refused }) => refused !== undefined)).toEqual([]);
    const late = await Promise.all(Array.from({ length: 150 }, () => ask('10.9.9.9')));
    expect(late.every(({ refused }) => refused instanceof HubError && refused.code === 'RATE_LIMITED')).toBe(true);
    for (const { close } of [...others, ...late]) close();
    expect((await ask('10.9.9.9')).refused).toBeUndefined();
  });

  test('a session that is found takes none of its address\'s places, one that is made up takes one until it is answered', async () => {
    const session = (made: number) => ({ administrator: made % 2 === 0 ? 'test-security' : 'test-steward', locked: false, mustChangePassword: false, endsAt: '2100-01-01T00:00:00Z' });
    const asked = async (found: boolean) => {
      let made = 0;
      const sessions = { shown: () => `digest ${made}`, own: () => undefined, known: () => false, find: async () => (found ? session(made++) : null) };
      const admit = new Admission({ caller: 100_000, address: 100_000 }, () => standing, () => new Date(clock), null, undefined, sessions as never).hook(0, 'working');
      let refused = 0;
      for (let n = 0; n < 150; n += 1) {
        if (await new Promise<unknown>((resolve) => admit({ headers: {}, ip: '10.9.9.9' } as never, { raw: new EventEmitter() } as never, resolve)) !== undefined) refused += 1;
      }
      return refused;
    };
    expect(await asked(true)).toBe(0);
    expect(await asked(false)).toBeGreaterThan(0);
  });

  test.each([
    ['answered', true, 200, null, { known: 1, failed: [false] }],
    ['answered, to a stranger', true, 200, null, { known: 0, failed: [false] }],
    ['given up', false, 200, null, { known: 0, failed: [true] }],
    ['no JSON', true, 400, null, { known: 0, failed: [true] }],
    ['too complex', true, 400, 'TOO_COMPLEX', { known: 0, failed: [true] }],
    ['wrong, in the form whose status tells nothing', true, 200, 'GRAPHQL_VALIDATION_FAILED', { known: 0, failed: [true] }],
    ['not allowed', true, 200, 'FORBIDDEN', { known: 0, failed: [] }],
    ['with its quota used up', true, 429, 'QUOTA_EXCEEDED', { known: 0, failed: [] }],
    ['not answered by the hub\'s own doing', true, 500, null, { known: 0, failed: [] }],
  ] as const)('what ends %s: is its address known by it, is it its sender\'s failure?', async (what, writableFinished, statusCode, refusal, said) => {
    const known: string[] = [];
    const admit = new Admission({ caller: 100_000, address: 100_000 }, () => standing, () => new Date(clock), null, (address) => known.push(address)).hook();
    const raw = Object.assign(new EventEmitter(), { destroyed: false, writableFinished, statusCode });
    const request = { headers: what.includes('stranger') ? {} : { authorization: `Bearer ${keyOf('police')}` }, ip: '10.9.9.9' } as unknown as FastifyRequest;
    expect(await new Promise<unknown>((resolve) => admit(request, { raw } as never, resolve))).toBeUndefined();
    const failed: boolean[] = [];
    const { account, trace } = admitted(request);
    vi.spyOn(account as Account, 'outcome').mockImplementation((failure) => void failed.push(failure));
    trace.refusal = refusal === null ? null : { code: refusal, reason: '' };
    raw.emit('close');
    expect({ known: known.length, failed }).toEqual(said);
  });

  test.each([['has gone', { destroyed: true, readableEnded: false }, 0], ['sends no more', { destroyed: false, readableEnded: true }, 0], ['is there', { destroyed: false, readableEnded: false }, 1]])('a large body whose sender %s', async (_what, socket, times) => {
    let [read, ended] = [0, 0];
    const request = { headers: { 'content-length': '50000' }, raw: { socket }, received: () => void (ended += 1) };
    await readBody(request as never, `"${'x'.repeat(50_000)}"`, () => (read += 1)).catch((error: unknown) => expect(error).toBeInstanceOf(HubError));
    expect([read, ended]).toEqual([times, 1]);
  });

  test('who neither sends on nor goes away does not keep the hub from ending', async () => {
    const listener = await listen();
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
    socket.on('error', () => undefined).write('POST /graphql HTTP/1.1\r\nhost: localhost\r\n');
    await once(socket, 'connect');
    await post(listener, 'police', me);
    const closed = once(socket, 'close');
    await listener.close(100);
    await closed;
  });

  test('who is answered while the hub ends does not keep it from ending, though the connection is kept alive', async () => {
    const listener = await listen();
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer ${keyOf('police')}\r\ncontent-length: ${me.length}\r\n\r\n`);
    await post(listener, 'police', me);
    const closed = once(socket, 'close');
    const ended = listener.close(30_000);
    socket.write(me);
    const [answer] = await once(socket, 'data') as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 [^]*connection: keep-alive/i);
    await Promise.race([Promise.all([ended, closed]), new Promise((_, reject) => { setTimeout(() => reject(new Error('It waits for a connection on which nothing runs.')), 10_000).unref(); })]);
  });

  test('who opened a connection and never sent anything does not keep the hub from ending', async () => {
    const listener = await listen();
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
    await once(socket.on('error', () => undefined), 'connect');
    await post(listener, 'police', me);
    const late = new Promise((_, reject) => { setTimeout(() => reject(new Error('It waits for a connection that was never used.')), 5_000).unref(); });
    await Promise.race([listener.close(30_000), late]);
  });

  test('a body without a valid key: smaller, and then nothing is read', async () => {
    const listener = await listen();
    const typename = asking('{ __typename }');
    expect(await post(listener, 'stranger', padded(typename, documentLimits.strangerBytes))).toMatchObject({ status: 200, codes: [] });
    expect(await post(listener, 'stranger', padded('not even JSON', documentLimits.strangerBytes + 1))).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
    expect(await post(listener, 'stranger', padded(typename, documentLimits.strangerBytes + 1), { authorization: 'Bearer hub_no-such-key-anywhere-at-all' })).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
  });

  test('a batch is refused', async () => {
    const listener = await listen();
    const { status, text } = await post(listener, 'police', `[${me},${me}]`);
    expect([status, text.includes('"data"')]).toEqual([400, false]);
  });

  test('no query is ever registered', async () => {
    const listener = await listen();
    const query = '{ me { name } }';
    const sha256Hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(query)))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    for (const body of [{ extensions }, { query, extensions }, { extensions }]) {
      const { codes, text } = await post(listener, 'police', JSON.stringify(body));
      expect([codes, text.includes('"data"')]).toEqual([['PERSISTED_QUERY_NOT_SUPPORTED'], false]);
    }
  });

  test('there is no page to look at', async () => {
    const { url } = await listen();
    for (const path of ['/', '/graphql', '/graphql/']) {
      const response = await fetch(`${url}${path}`, { headers: { accept: 'text/html', authorization: `Bearer ${keyOf('police')}` } });
      expect([response.status >= 400, response.headers.get('content-type')?.includes('html')]).toEqual([true, false]);
      expect(await response.text()).not.toMatch(/<html|sandbox/i);
    }
  });

  test.each([
    ['a field', '{ person(idNumber: "622326198001010010") { phon } }'],
    ['a root field', '{ persn { name } }'],
    ['an argument', '{ person(idNumbr: "622326198001010010") { name } }'],
    ['a mutation', 'mutation { submitChange { repeated } }'],
  ])('who misspells %s is told no name', async (_what, query) => {
    const { text } = await post(await listen(), 'market', asking(query));
    expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(text).not.toMatch(/did you mean|phone|persons|idNumber"|submitChanges/i);
  });
});

describe('budgets', () => {
  test('spent is refused with the seconds to wait, and heard again after them; nobody else is touched', async () => {
    const listener = await listen({ HUB_CALLER_BUDGET: '2000' });
    const { answered, refusal } = await until429(() => post(listener, 'police', me));
    expect(answered).toBeGreaterThan(10);
    expect(refusal).toMatchObject({ status: 429, codes: ['RATE_LIMITED'] });
    expect(refusal.retryAfter).toBeGreaterThanOrEqual(1);
    expect(refusal.retryAfter).toBeLessThanOrEqual(60);
    expect(await post(listener, 'market', me)).toMatchObject({ status: 200, codes: [] });
    clock += refusal.retryAfter * 1000;
    expect(await post(listener, 'police', me)).toMatchObject({ status: 200, codes: [] });
    clock += 60_000;
    // The document is known by now.
    expect((await until429(() => post(listener, 'police', me))).answered).toBeGreaterThanOrEqual(answered);
  });

  test('what an operation costs with its variables is what it spends', async () => {
    const listener = await listen({ HUB_CALLER_BUDGET: '20000' });
    const page = (n: number) => () => post(listener, 'police', JSON.stringify({ query: 'query ($n: Int) { legalEntities(first: $n) { nodes { name } } }', variables: { n } }));
    const large = await until429(page(1000));
    clock += 60_000;
    const small = await until429(page(1));
    expect(small.answered / large.answered).toBeGreaterThan(10);
    expect(large.refusal.codes).toEqual(['RATE_LIMITED']);
    expect(large.refusal.retryAfter).toBeGreaterThanOrEqual(1);
  });

  test('more than a minute holds is no matter of waiting', async () => {
    const listener = await listen({ HUB_CALLER_BUDGET: '1500' });
    expect(await post(listener, 'police', asking('{ legalEntities(first: 1000) { nodes { name } } }'))).toMatchObject({ status: 400, codes: ['COST_TOO_HIGH'] });
  });

  test.each([
    ['that does not parse', (index: number) => `{ me { name } ${index}`],
    ['that is not valid', () => '{ nothing }'],
    ['that is too large', () => `{ me { ${'name '.repeat(documentLimits.fields)} } }`],
  ])('a document %s costs more than one that is answered', async (_what, query) => {
    const listener = await listen({ HUB_CALLER_BUDGET: '20000' });
    const wrong = await until429((index) => post(listener, 'police', asking(query(index))));
    clock += 120_000;
    const right = await until429(() => post(listener, 'police', me));
    expect(right.answered / Math.max(1, wrong.answered)).toBeGreaterThan(10);
  });

  test('whoever has no valid key spends what the address has, whatever key and whatever forwarding is claimed', async () => {
    const listener = await listen({ HUB_ADDRESS_BUDGET: '1000' });
    const { answered, refusal } = await until429((index) => post(listener, 'stranger', me, { authorization: `Bearer hub_no-such-key-${String(index).padStart(20, '0')}`, 'x-forwarded-for': `10.0.0.${index}` }));
    expect(answered).toBeGreaterThan(0);
    expect(refusal).toMatchObject({ codes: ['RATE_LIMITED'] });
    // Before the body is read: this one is not even JSON.
    expect((await post(listener, 'stranger', '{{{{')).status).toBe(429);
    expect((await fetch(`${listener.url}/schema.graphql`)).status).toBe(429);
    expect((await fetch(`${listener.url}/health`)).status).toBe(200);
    expect(await post(listener, 'market', me)).toMatchObject({ status: 200, codes: [] });
    clock += 60_000;
    expect((await post(listener, 'stranger', me)).status).toBe(401);
  });

  test('a proxy that is trusted tells addresses apart', async () => {
    const listener = await listen({ HUB_ADDRESS_BUDGET: '1000', HUB_TRUST_PROXY: '127.0.0.1,::1' });
    const from = (address: string) => () => post(listener, 'stranger', me, { 'x-forwarded-for': address });
    await until429(from('10.0.0.1'));
    expect((await from('10.0.0.2')()).status).toBe(401);
    // Addresses of one IPv6 network are one.
    await until429(from('2001:db8:0:1::1'));
    expect((await from('2001:db8:0:1:2:3:4:5')()).status).toBe(429);
    expect((await from('2001:db8:0:2::1')()).status).toBe(401);
  });
});
