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
import type { Standpoint } from '../../src/sharing/verdict.ts';
import { Reference, standpoint } from './reference.ts';
import type { Expected } from './reference.ts';
import { readingOnly } from '../world/work.ts';

/** Under which catalog an operation is asked. */
export const catalogs = ['shared', 'seeded', 'bounded', 'sealed', 'scrambled'] as const;
export type CatalogName = (typeof catalogs)[number];

/** One operation as a client sends it. */
export interface Request {
  readonly caller: CallerName;
  readonly catalog: CatalogName;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the hub answered. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly data: unknown;
  readonly errors: readonly { readonly message: string; readonly path?: readonly (string | number)[]; readonly extensions: Readonly<Record<string, unknown>> }[];
  readonly statements: readonly string[];
}

export interface DifferentialWorld {
  readonly hub: HubSchema;
  readonly contract: ContractMeta;
  readonly data: Data;
  /** What clients saw as INTERNAL. */
  readonly failures: readonly unknown[];
  standing(catalog: CatalogName): Standing;
  callerOf(name: CallerName): Extract<Caller, { kind: 'consumer' }>;
  /** From where the judge sees a caller of these tests. */
  standpoint(caller: CallerName, catalog: CatalogName): Standpoint;
  ask(request: Request): Promise<Answered>;
  expect(request: Request): Expected;
  close(): Promise<void>;
}

const now = new Date('2026-11-24T02:01:00.000Z');

/** The seed of this run; `HUB_TEST_SEED` repeats one. */
export const seed = Number(process.env['HUB_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Makes the world: a clone of the template, made messy. */
export async function differentialWorld(): Promise<DifferentialWorld> {
  const database = await cloneDatabase();
  await makeMess(database, seed);
  return worldOn(database);
}

/** The same on the rows that all tests read, for tests that compare no answers. */
export async function sharedWorld(): Promise<DifferentialWorld> {
  return worldOn(await sharedDatabase());
}

async function worldOn(database: Database): Promise<DifferentialWorld> {
  const loaded = await loadStanding(database.sql);
  const standings = new Map(catalogs.map((name) => [name, withCatalog(loaded, name)]));
  const standing = (name: CatalogName) => standings.get(name) as Standing;
  const known = (code: string) => loaded.catalog.item(code) !== undefined;
  const hub = buildSchema(known);
  const statements: string[] = [];
  const failures: unknown[] = [];
  const watched = (lane: StatementLane): StatementLane => ({
    query: (text, parameters) => {
      statements.push(text);
      return lane.query(text, parameters);
    },
  });
  const apollo = buildServer(hub, { points: watched(database.points), lists: watched(database.lists) }, readingOnly(testPersonKey), (_id, error) => failures.push(error));
  await apollo.start();
  const schema = buildSchema(known).schema;
  const contract = readMeta(schema);
  const data = await loadData(database);
  const reference = new Reference(schema, contract, data);
  const callerOf = (name: CallerName) => loaded.callerOf(keyOf(name), now) as Extract<Caller, { kind: 'consumer' }>;
  return {
    hub, contract, data, failures, standing, callerOf,
    standpoint: (caller, catalog) => standpoint({ caller: callerOf(caller), catalog: standing(catalog).catalog, now: now.toISOString() }),
    async ask({ caller, catalog, query, variables }) {
      statements.length = 0;
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers: new HeaderMap([['content-type', 'application/json']]), body: { query, variables }, search: '' },
        context: async () => contextOf({ authorization: `Bearer ${keyOf(caller)}`, 'hub-matter': testMatter }, standing(catalog), now),
      });
      const text = answer.body.kind === 'complete' ? answer.body.string : '';
      const { data: given, errors = [] } = JSON.parse(text) as { data?: unknown; errors?: Answered['errors'] };
      return { status: answer.status ?? 200, text, data: given, errors, statements: [...statements] };
    },
    expect: ({ caller, catalog, query, variables }) => reference.answer({
      document: parse(query), variables, caller: callerOf(caller), catalog: standing(catalog).catalog, today: '2026-11-24', now: now.toISOString(),
    }),
    close: () => apollo.stop().then(() => database.close()),
  };
}

/**
 * `bounded`: what is not shared with everybody is mostly shared with the police, on the rows that they supply.
 * `sealed`: of each record type all is shared, or nothing is but with its provider, so that records do not exist.
 */
function changed(name: CatalogName, item: CatalogItem, random: () => number): CatalogItem {
  const one = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  switch (name) {
    case 'seeded': return item;
    case 'shared': return { ...item, shareType: 'UNCONDITIONAL', keyShareType: null };
    case 'bounded': return { ...item, shareType: random() < 0.5 ? 'CONDITIONAL' : random() < 0.06 ? 'NOT_SHARED' : 'UNCONDITIONAL', keyShareType: random() < 0.4 ? 'CONDITIONAL' : 'UNCONDITIONAL', ownerDepartment: random() < 0.9 ? callers.police : callers.market };
    case 'sealed': {
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
