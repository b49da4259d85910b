/**
 * One hub and one reference on the same messy rows, asked under several catalogs: the seeded one, one in which all is
 * shared, and scrambled ones, in which every kind of verdict meets every kind of question.
 */
import { HeaderMap } from '@apollo/server';
import { parse } from 'graphql';
import type { Database } from '../../src/db/open.ts';
import { contextOf } from '../../src/graphql/context.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import type { HubSchema } from '../../src/graphql/schema.ts';
import { buildServer } from '../../src/graphql/server.ts';
import type { Work } from '../../src/graphql/work.ts';
import { loadStanding } from '../../src/identity/standing.ts';
import type { Standing } from '../../src/identity/standing.ts';
import type { StatementLane } from '../../src/query/run.ts';
import { Catalog } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { shareTypes } from '../../src/sharing/terms.ts';
import type { Caller } from '../../src/sharing/terms.ts';
import { callers, keyOf, testMatter } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { testPersonKey } from '../world/hub.ts';
import { cloneDatabase, sharedDatabase } from '../world/database.ts';
import { readMeta } from './contract.ts';
import type { ContractMeta } from './contract.ts';
import { loadData } from './data.ts';
import type { Data } from './data.ts';
import { makeMess, randomFrom } from './mess.ts';
import type { Policy } from '../../src/sharing/grant.ts';
import type { Standpoint } from '../../src/sharing/verdict.ts';
import { Permission } from './permission.ts';
import { caseNo, lesserThan, makeFacts, makePolicies, noFacts } from './policies.ts';
import type { PolicyFacts } from './policies.ts';
import { Reference } from './reference.ts';
import type { Expected } from './reference.ts';
import { readOpenCases } from '../../src/matters/open-cases.ts';
import { readingOnly } from '../world/work.ts';

/** Under which catalog an operation is asked. */
export const catalogs = ['shared', 'seeded', 'bounded', 'exclusive', 'granted', 'scrambled'] as const;
export type CatalogName = (typeof catalogs)[number];

/** One operation as a client sends it. */
export interface Request {
  readonly caller: CallerName;
  readonly catalog: CatalogName;
  /** Number of the random policy; 0: nothing was decided about the caller. */
  readonly policy: number;
  /** Is it asked under the open case? */
  readonly underCase: boolean;
  /** With a part of the policy's grants only. */
  readonly lesser?: boolean;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** From where an operation is asked. */
export type Under = Pick<Request, 'caller' | 'catalog' | 'policy' | 'underCase' | 'lesser'>;

/** What the hub answered. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly data: unknown;
  readonly errors: readonly { readonly message: string; readonly path?: readonly (string | number)[]; readonly extensions: Readonly<Record<string, unknown>> }[];
  readonly statements: readonly string[];
}

export interface DifferentialWorld {
  readonly database: Database;
  readonly hub: HubSchema;
  readonly contract: ContractMeta;
  readonly data: Data;
  readonly facts: PolicyFacts;
  /** Whose data the last answer held, as its statement told the audit; null: nothing was delivered. */
  readonly delivered: readonly string[] | null;
  /** What clients saw as INTERNAL. */
  readonly failures: readonly unknown[];
  standing(request: Under): Standing;
  callerOf(name: CallerName): Extract<Caller, { kind: 'consumer' }>;
  /** From where the judge sees a caller of these tests. */
  standpoint(request: Under): Standpoint;
  /** What a caller may have on each row. */
  permission(request: Under): Permission;
  ask(request: Request): Promise<Answered>;
  expect(request: Request): Expected;
  close(): Promise<void>;
}

const now = new Date('2026-11-24T02:01:00.000Z');

/** The seed of this run; `HUB_TEST_SEED` repeats one. */
export const seed = Number(process.env['HUB_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Makes the world: a clone of the template, made messy. */
export async function differentialWorld(): Promise<DifferentialWorld> {
  return messyWorld(await cloneDatabase());
}

/** The same on an open database that is the test's own, which closing the world closes. */
export async function messyWorld(database: Database): Promise<DifferentialWorld> {
  await makeMess(database, seed);
  const data = await loadData(database);
  return worldOn(database, await makeFacts(database, data, seed), data);
}

/** The same on the rows that all tests read, for tests that compare no answers. */
export async function sharedWorld(): Promise<DifferentialWorld> {
  const database = await sharedDatabase();
  return worldOn(database, noFacts, await loadData(database));
}

async function worldOn(database: Database, facts: PolicyFacts, data: Data): Promise<DifferentialWorld> {
  const loaded = await loadStanding(database.sql);
  const policies = makePolicies(loaded.catalog, data, facts, seed);
  const lessers = policies.map((policy) => lesserThan(policy, seed));
  const byCatalog = new Map(catalogs.map((name) => [name, withCatalog(loaded, name)]));
  const standings = new Map<string, Standing>();
  const policyOf = ({ policy, lesser = false }: Under): Policy => (lesser ? lessers : policies)[policy] as Policy;
  const standing = (under: Under): Standing => {
    const { caller, catalog } = under;
    const place = `${caller} ${catalog} ${policyOf(under).version}`;
    const found = standings.get(place) ?? (byCatalog.get(catalog) as Standing).withPolicy(`test-${caller}`, policyOf(under));
    standings.set(place, found);
    return found;
  };
  const known = (code: string) => loaded.catalog.item(code) !== undefined;
  const hub = buildSchema(known);
  const statements: string[] = [];
  const failures: unknown[] = [];
  let delivered: readonly string[] | null = null;
  const work: Work = { ...readingOnly(testPersonKey), cases: readOpenCases(database.sql), audit: { digest: () => '', write: async ({ subjects, outcome }) => { if (['OK', 'TOO_MANY_HITS'].includes(outcome)) delivered = subjects; } } };
  const watched = (lane: StatementLane): StatementLane => ({
    query: (text, parameters) => {
      statements.push(text);
      return lane.query(text, parameters);
    },
    bytes: (text, parameters) => {
      statements.push(text);
      return lane.bytes(text, parameters);
    },
  });
  const { apollo } = buildServer(hub, { points: watched(database.points), lists: watched(database.lists) }, work, (_id, error) => failures.push(error));
  await apollo.start();
  const schema = buildSchema(known).schema;
  const contract = readMeta(schema);
  const reference = new Reference(schema, contract, data);
  const callerOf = (name: CallerName) => loaded.callerOf(keyOf(name), now) as Extract<Caller, { kind: 'consumer' }>;
  const standpoint = (under: Under): Standpoint => {
    const { catalog, sealed } = standing(under);
    return { caller: callerOf(under.caller), catalog, policy: policyOf(under), sealed, circumstances: { mode: 'QUERY', matter: loaded.matter(testMatter) ?? null, hasCase: under.underCase, now: now.toISOString() } };
  };
  const permissions = new Map<string, Permission>();
  const permission = (under: Under): Permission => {
    const place = `${under.caller} ${under.catalog} ${policyOf(under).version} ${under.underCase}`;
    const made = permissions.get(place) ?? new Permission(standpoint(under), data, facts);
    permissions.set(place, made);
    return made;
  };
  return {
    get delivered() { return delivered; },
    database, hub, contract, data, facts, failures, standing, callerOf, standpoint, permission,
    async ask(request) {
      const { caller, underCase, query, variables } = request;
      statements.length = 0;
      delivered = null;
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers: new HeaderMap([['content-type', 'application/json']]), body: { query, variables }, search: '' },
        context: async () => contextOf({ authorization: `Bearer ${keyOf(caller)}`, 'hub-matter': testMatter, ...(underCase ? { 'hub-case': caseNo } : {}) }, standing(request), now),
      });
      const text = answer.body.kind === 'complete' ? answer.body.string : '';
      const { data: given, errors = [] } = JSON.parse(text) as { data?: unknown; errors?: Answered['errors'] };
      return { status: answer.status ?? 200, text, data: given, errors, statements: [...statements] };
    },
    expect: (request) => reference.answer({
      document: parse(request.query), variables: request.variables, caller: callerOf(request.caller), permission: permission(request), today: '2026-11-24', now: now.toISOString(),
      inCase: (idNumbers) => !request.underCase || idNumbers.every((one) => facts.caseKeys.has(testPersonKey(one))),
    }),
    close: () => apollo.stop().then(() => database.close()),
  };
}

/**
 * `bounded`: what is not shared with everybody is mostly shared with the police, on the rows that they supply.
 * `granted`: nobody has anything but what was granted.
 * `exclusive`: of each record type all is shared, or nothing is but with its provider, so that records do not exist.
 */
function changed(name: CatalogName, item: CatalogItem, random: () => number): CatalogItem {
  const one = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  switch (name) {
    case 'seeded': return item;
    case 'shared': return { ...item, shareType: 'UNCONDITIONAL', keyShareType: null };
    case 'bounded': return { ...item, shareType: random() < 0.5 ? 'CONDITIONAL' : random() < 0.06 ? 'NOT_SHARED' : 'UNCONDITIONAL', keyShareType: random() < 0.4 ? 'CONDITIONAL' : 'UNCONDITIONAL', ownerDepartment: random() < 0.9 ? callers.police : callers.market };
    case 'granted': return { ...item, shareType: 'CONDITIONAL', keyShareType: null, ownerDepartment: 'nobody here' };
    case 'exclusive': {
      // The items of one record type begin alike.
      const owner = [null, callers.police, callers.police, callers.market][(Number(item.code.slice(3, 5)) + seed) % 4] ?? null;
      return owner === null ? { ...item, shareType: 'UNCONDITIONAL', keyShareType: null } : { ...item, shareType: 'CONDITIONAL', keyShareType: random() < 0.5 ? 'UNCONDITIONAL' : null, ownerDepartment: owner };
    }
    case 'scrambled': return { ...item, shareType: random() < 0.5 ? 'UNCONDITIONAL' : one(shareTypes), keyShareType: random() < 0.5 ? null : one(shareTypes), ownerDepartment: one(Object.values(callers)) };
  }
}

function withCatalog(standing: Standing, name: CatalogName): Standing {
  const random = randomFrom(seed);
  const catalog = new Catalog([...standing.catalog.items()].sort((a, b) => (a.code < b.code ? -1 : 1)).map((item) => changed(name, item, random)));
  return standing.withCatalog(catalog, name);
}
