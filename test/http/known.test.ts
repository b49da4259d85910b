/**
 * A question that came before takes a shorter way, and nobody can tell: each is asked of a hub that knows it and of one that never
 * does, and status, headers and bytes are the same.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/db/open.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { buildServer } from '../../src/graphql/server.ts';
import { openListener } from '../../src/http/listener.ts';
import { loadStanding } from '../../src/identity/standing.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { sharedDatabase } from '../world/database.ts';
import { somePeople } from '../world/facts.ts';
import { readingOnly } from '../world/work.ts';

/** A hub that listens, and how many of its questions have gone through Apollo. */
interface Way {
  readonly url: string;
  throughApollo: number;
  close(): Promise<void>;
}

let database: Database;
let idNumber = '';
let [short, long]: (Way | undefined)[] = [];

async function open(knows: boolean): Promise<Way> {
  const standing = await loadStanding(database.sql);
  const schema = buildSchema((code) => standing.catalog.item(code) !== undefined);
  const server = buildServer(schema, database, readingOnly(() => ''), () => undefined);
  await server.apollo.start();
  const way: Way = { url: '', throughApollo: 0, close: () => listener.close().then(() => server.apollo.stop()) };
  const execute = server.apollo.executeHTTPGraphQLRequest.bind(server.apollo);
  server.apollo.executeHTTPGraphQLRequest = (request) => {
    way.throughApollo += 1;
    return execute(request);
  };
  const listener = await openListener(readConfig({ PORT: '0' }), { ...server, known: { find: knows ? (request) => server.known.find(request) : () => undefined } }, schema, () => standing, () => new Date('2026-11-24T02:01:00.000Z'));
  return Object.assign(way, { url: `${listener.url}/graphql` });
}

beforeAll(async () => {
  database = await sharedDatabase();
  idNumber = (await somePeople(database)).familyMember;
});
beforeEach(async () => {
  [short, long] = await Promise.all([open(true), open(false)]);
  return async () => void await Promise.all([short?.close(), long?.close()]);
});
afterAll(() => database.close());

interface Request {
  readonly caller?: CallerName;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly method?: 'POST' | 'GET';
}

async function ask(way: Way | undefined, { caller = 'police', headers = {}, body = {}, method = 'POST' }: Request): Promise<{ status: number; headers: Record<string, string>; text: string }> {
  const search = method === 'GET' ? `?${new URLSearchParams({ query: String(body['query']), variables: JSON.stringify(body['variables']) }).toString()}` : '';
  const response = await fetch(`${way?.url ?? ''}${search}`, {
    method,
    headers: { ...(method === 'POST' ? { 'content-type': 'application/json' } : { 'apollo-require-preflight': 'yes' }), accept: 'application/json', authorization: `Bearer ${keyOf(caller)}`, 'hub-matter': testMatter, ...headers },
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
  });
  const { date: _date, 'hub-request-id': _request, ...others } = Object.fromEntries(response.headers);
  return { status: response.status, headers: others, text: await response.text() };
}

const query = 'query One($id: String!, $with: Boolean = true) { person(idNumber: $id) @include(if: $with) { name birthDate phone } me @skip(if: $with) { name } }';
const asked = (variables: unknown = { id: idNumber }, rest: object = {}): Request['body'] => ({ query, variables, ...rest });

/** Once the question is known: what follows goes the short way, or not. */
const questions: readonly [what: string, knows: boolean, request: () => Request][] = [
  ['the same', true, () => ({ body: asked() })],
  ['by another caller', true, () => ({ caller: 'market', body: asked() })],
  ['for another person', true, () => ({ body: asked({ id: '622326190001010018' }) })],
  ['with variables that do not fit', true, () => ({ body: asked({ id: [] }) })],
  ['with variables that do not fit, to be told by the status', true, () => ({ body: asked({ id: [] }), headers: { accept: 'application/graphql-response+json' } })],
  ['without variables', true, () => ({ body: asked(null) })],
  ['without its variables at all', true, () => ({ body: { query } })],
  ['with null where nothing is', true, () => ({ body: asked(undefined, { operationName: null, extensions: null }) })],
  ['under its name', true, () => ({ body: asked(undefined, { operationName: 'One' }) })],
  ['under a name that it does not have', false, () => ({ body: asked(undefined, { operationName: 'Other' }) })],
  ['under no name but the empty one', false, () => ({ body: asked(undefined, { operationName: '' }) })],
  ['under a name that is none', false, () => ({ body: asked(undefined, { operationName: 1 }) })],
  ['all or nothing', true, () => ({ body: asked(), headers: { 'hub-partial': 'refuse' } })],
  ['without a purpose', true, () => ({ body: asked(), headers: { 'hub-matter': 'NONE' } })],
  ['under a case that is not open', true, () => ({ body: asked(), headers: { 'hub-case': 'C-NONE' } })],
  ['for whatever form', true, () => ({ body: asked(), headers: { accept: '*/*' } })],
  ['for either form', true, () => ({ body: asked(), headers: { accept: 'application/graphql-response+json, application/json' } })],
  ['for either form, one rather', true, () => ({ body: asked(), headers: { accept: 'application/graphql-response+json,application/json;q=0.9' } })],
  ['for a form that there is not', false, () => ({ body: asked(), headers: { accept: 'text/html' } })],
  ['for one form rather than the other', false, () => ({ body: asked(), headers: { accept: 'application/json;q=0.9, application/graphql-response+json' } })],
  ['in a named character set', true, () => ({ body: asked(), headers: { 'content-type': 'application/json; charset=utf-8' } })],
  ['in two character sets', false, () => ({ body: asked(), headers: { 'content-type': 'application/json; charset=utf-8; charset=gbk' } })],
  ['with extensions', false, () => ({ body: asked(undefined, { extensions: {} }) })],
  ['as a persisted query', false, () => ({ body: asked(undefined, { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }) })],
  ['with variables in a text', false, () => ({ body: asked('{}') })],
  ['with variables in a list', false, () => ({ body: asked([]) })],
  ['by GET', false, () => ({ method: 'GET', body: asked() })],
  ['so that nothing of records is left of it', true, () => ({ body: asked({ id: idNumber, with: false }) })],
];

test.each(questions)('asked again %s', async (_what, knows, request) => {
  for (const body of [asked(), asked(undefined, { operationName: 'One' })]) for (const way of [short, long]) expect((await ask(way, { body })).text).toContain(`"data":{"person":{"name":"`);
  const before = short?.throughApollo ?? 0;
  const [one, other] = [await ask(short, request()), await ask(long, request())];
  expect(one).toEqual(other);
  expect((short?.throughApollo ?? 0) - before).toBe(knows ? 0 : 1);
});

test('what a resolver refuses is refused in the same words past Apollo, and by its place', async () => {
  const body = { query: 'query Gone { me { name } matterVersions(matter: "NONE") { version } }' };
  const [first, again] = [await ask(short, { body }), await ask(short, { body })];
  expect(short?.throughApollo).toBe(1);
  expect(again).toEqual(first);
  expect(await ask(long, { body })).toEqual(first);
  const { errors, data } = JSON.parse(first.text) as { errors: { message: string; path: string[]; extensions: { code: string } }[]; data: unknown };
  expect([first.status, data, errors.map(({ path, extensions: { code } }) => [path, code])]).toEqual([200, null, [[['matterVersions'], 'BAD_INPUT']]]);
});

test('what was refused, and what changes something, is not known', async () => {
  for (const body of [{ query: '{ nobody }' }, { query: 'mutation { closeCase(matter: "x", caseNo: "y") { caseNo } }' }, { query: 'query Two { me { name } } query One { me { name } }' }]) {
    for (let times = 1; times <= 3; times += 1) {
      const before = short?.throughApollo ?? 0;
      await ask(short, { body });
      expect((short?.throughApollo ?? 0) - before).toBe(1);
    }
  }
});

test('two operations of one text are two questions', async () => {
  const both = `query A($id: String!) { person(idNumber: $id) { name } } query B($id: String!) { person(idNumber: $id) { birthDate } }`;
  const told: string[] = [];
  for (let times = 1; times <= 2; times += 1) for (const operationName of ['A', 'B']) {
    const [one, other] = [await ask(short, { body: asked(undefined, { query: both, operationName }) }), await ask(long, { body: asked(undefined, { query: both, operationName }) })];
    expect(one).toEqual(other);
    told.push(one.text);
  }
  expect(short?.throughApollo).toBe(2);
  expect(told[0]).toBe(told[2]);
  expect(told[0]).not.toBe(told[1]);
});
