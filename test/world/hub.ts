/**
 * A hub for tests, without a listener: the real schema, gate and statements on a real database, asked as a client asks.
 */
import { HeaderMap } from '@apollo/server';
import { Checks } from '../../src/certificates/check.ts';
import { ThreadPrinter } from '../../src/certificates/printer.ts';
import { isSignatureOf, openAudit } from '../../src/audit/open.ts';
import type { Audit } from '../../src/audit/writer.ts';
import type { Database } from '../../src/db/open.ts';
import { civilDate, contextOf } from '../../src/graphql/context.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import type { HubSchema } from '../../src/graphql/schema.ts';
import { buildServer } from '../../src/graphql/server.ts';
import { KeptColumns } from '../../src/graphql/permission-columns.ts';
import type { Work } from '../../src/graphql/work.ts';
import { StandingWatch } from '../../src/identity/standing.ts';
import type { Standing } from '../../src/identity/standing.ts';
import type { StatementLane } from '../../src/query/run.ts';
import { FactFeed } from '../../src/sync/fact-feed.ts';
import { Feed } from '../../src/sync/feed.ts';
import type { CityLookUp } from '../../src/sync/city.ts';
import { openReadThrough } from '../../src/sync/open-read-through.ts';
import { belongsHere, codesWithin } from '../../src/sync/home.ts';
import { SourcesShown } from '../../src/sync/sources-shown.ts';
import { writtenOf } from '../../src/sync/feed-log.ts';
import { LookUps } from '../../src/sync/look-up.ts';
import { Verifier } from '../../src/verification/verify.ts';
import { Catalog } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import type { Policy } from '../../src/sharing/grant.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { Passwords } from '../../src/identity/password.ts';
import { personKey } from '../../src/identity/person-key.ts';
import { Receipts } from '../../src/receipts/receipt.ts';
import { CasesAtHand, coveredBy } from '../../src/matters/open-cases.ts';
import { keyOf, testMatter } from './callers.ts';
import type { AdministratorName, CallerName, OtherName } from './callers.ts';
import { cloneDatabase, sharedDatabase } from './database.ts';
import { testKeys } from './keys.ts';

/** One answer, as text and as what a client makes of it. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  // What a client reads out of JSON has no type.
  readonly data: Json;
  readonly errors: readonly { readonly message: string; readonly path?: readonly (string | number)[]; readonly extensions: Json }[];
  readonly extensions: Json;
  /** Round trips to the database that it took. */
  readonly statements: number;
  /** The statements' texts. */
  readonly sql: readonly string[];
}

/** Parsed JSON that a test walks into; what stands at the end is compared, not typed. */
export interface Json {
  readonly [name: string]: Json;
}

export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly operationName?: string;
  /** What was decided about the consumer that asks, in place of what the database says. Its version must be its own. */
  readonly policy?: Policy;
}

/** A hub to ask. */
export interface TestHub {
  readonly database: Database;
  readonly schema: HubSchema;
  readonly standing: Standing;
  /** Failures that clients saw as INTERNAL. */
  readonly failures: readonly unknown[];
  ask(caller: CallerName | AdministratorName | OtherName | 'stranger', query: string, options?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface HubOptions {
  /** The clock; the template's records were written as of 2026-11-24. */
  readonly now?: () => Date;
  /** Keeps every statement's text, so that tests can look at it; long runs say no. */
  readonly watch?: boolean;
  /** Changes the catalog that the judge reads, item by item. */
  readonly item?: (item: CatalogItem) => CatalogItem;
  /** Takes records down; without it statements do not tell whose data they hold. */
  readonly audit?: Audit['write'];
  /** The upper hub that look-ups by key go on to; on a database of its own only. */
  readonly city?: CityLookUp;
  /** There is a hub above it: what belongs to no department of its division is checked there. */
  readonly upper?: true;
  /** Claims about one subject that may be not met in a day, by consumer. */
  readonly unmetClaims?: number;
  /** Writes everything down as a served hub does; on a database of its own only. */
  readonly audited?: true;
}

/** The moment at which test databases are seeded, and the default clock of test hubs: one minute later. */
export const seededAt = '2026-11-24T02:00:00.000Z';

/** A hub on the database that all reading tests share. Never write through it. */
export async function sharedHub(options: HubOptions = {}): Promise<TestHub> {
  return hubOn(await sharedDatabase(), options);
}

/** A hub on a database of its own; closing removes it. */
export async function clonedHub(options: HubOptions = {}): Promise<TestHub> {
  return hubOn(await cloneDatabase(), options);
}

/** Another process of a hub, on its database. Close it first. */
export async function besideHub({ database }: TestHub, options: HubOptions = {}): Promise<TestHub> {
  return hubOn(Object.create(database, { close: { value: () => Promise.resolve() } }) as Database, options);
}

/** An item that everybody may have: what tests of the compiler alone put into the catalog. */
export function shared(item: CatalogItem): CatalogItem {
  return { ...item, shareType: 'UNCONDITIONAL', keyShareType: null };
}

async function hubOn(database: Database, { now = () => new Date('2026-11-24T02:01:00.000Z'), item, watch = true, audit, audited, city, upper, unmetClaims = 20 }: HubOptions): Promise<TestHub> {
  const failures: unknown[] = [];
  // Nobody tells it of anything and it never looks by itself: what a mutation did is known because the mutation takes it.
  const policies = await StandingWatch.start(database.sql, 3_600_000, false, (error) => failures.push(error));
  const stand = (): Standing => (item === undefined ? policies.current : policies.current.withCatalog(new Catalog([...policies.current.catalog.items()].map(item)), `${policies.current.everybody}, changed by a test`));
  let standing = stand();
  const schema = buildSchema((code) => standing.catalog.item(code) !== undefined);
  const sql: string[] = [];
  const watched = (lane: StatementLane): StatementLane => ({
    query: (text, parameters) => {
      sql.push(text);
      return lane.query(text, parameters);
    },
    bytes: (text, parameters) => {
      sql.push(text);
      return lane.bytes(text, parameters);
    },
  });
  const cases = await CasesAtHand.start(database.sql, civilDate(now()), 3_600_000, false, (error) => failures.push(error));
  const opened = audited === undefined ? null : openAudit({ database, keys, now, process: 'test', grace: 0, patienceMs: 20_000, onFailure: (error) => failures.push(error) });
  const lanes = watch ? { points: watched(database.points), lists: watched(database.lists) } : database;
  const readThrough = city === undefined ? undefined : openReadThrough({ city, division: '620623', types: schema.contract.types, now, writing: () => ({ sql: database.sql, now: now().toISOString(), today: civilDate(now()), personKey: testPersonKey }), tell: (facts) => failures.push(facts) });
  const printer = new ThreadPrinter((failure) => failures.push(failure));
  const within = upper === true ? codesWithin('620623') : null;
  const work: Work = {
    copies: { within, lanes, sql: database.sql, contract: schema.contract, personKey: testPersonKey, covered: coveredBy(cases), keys, printer, checks: new Checks({ sql: database.sql, within, keys }), publicUrl: () => testPublicUrl, written: writtenOf(database.sql, 'Certificate'), ...(readThrough === undefined ? {} : { filling: readThrough }) },
    personKey: testPersonKey,
    passwords: new Passwords(8),
    caseDays: 90,
    usedFactDays: 30,
    lookups: { clerk: 0, application: 0 },
    deadlines: { precheck: 2, unconditional: 1, conditional: 10, provide: 20, verify: 10, desk: 1 },
    place: { division: '620623', upper: upper === true },
    cases,
    columns: new KeptColumns(schema.contract),
    writing: () => ({ sql: database.sql, now: now().toISOString(), today: civilDate(now()), personKey: testPersonKey, belongsHere: (source) => belongsHere('620623', source) }),
    look: async () => {
      await Promise.all([policies.look(), cases.look()]);
      standing = stand();
    },
    feed: new Feed(database, schema.contract),
    factFeed: new FactFeed(database, schema.contract),
    receipts: new Receipts(database.sql, keys),
    isSignature: isSignatureOf(keys),
    lookUps: new LookUps(database, schema.contract, testPersonKey),
    verifier: new Verifier({ contract: schema.contract, lanes, personKey: testPersonKey, covered: coveredBy(cases) }, unmetClaims, readThrough),
    ...(readThrough === undefined ? {} : { readThrough }),
    sources: new SourcesShown(lanes, schema.contract, coveredBy(cases), testPersonKey),
    ...(opened === null ? {} : { audit: opened }),
    ...(audit === undefined ? {} : { audit: { digest: (text) => `digest of ${text}`, write: audit } }),
  };
  const { apollo } = buildServer(schema, lanes, work, (_id, error) => failures.push(error));
  await apollo.start();
  const ask: TestHub['ask'] = async (caller, query, { variables, headers = {}, operationName, policy } = {}) => {
    const before = sql.length;
    const given = { 'hub-matter': testMatter, ...headers, ...(caller === 'stranger' ? {} : { authorization: `Bearer ${keyOf(caller)}` }) };
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers: new HeaderMap([['content-type', 'application/json']]), body: JSON.parse(JSON.stringify({ query, variables, operationName })) as unknown, search: '' },
      context: async () => contextOf(given, policy === undefined ? standing : standing.withPolicy(`test-${caller}`, policy), now()),
    });
    const text = answer.body.kind === 'complete' ? answer.body.string : '';
    const { data, errors = [], extensions } = JSON.parse(text) as Pick<Answer, 'data' | 'extensions'> & { errors?: Answer['errors'] };
    return { status: answer.status ?? 200, text, data, errors, extensions, statements: sql.length - before, sql: sql.slice(before) };
  };
  return { database, schema, get standing() { return standing; }, failures, ask, close: () => Promise.all([apollo.stop(), cases.stop(), policies.stop(), printer.close()]).then(() => opened?.close()).then(() => database.close()) };
}

/** Where test hubs say that they are reached. */
export const testPublicUrl = 'https://hub.example.gov.cn';

const keys = keyProviderOf(testKeys);

/** The person keys of test databases. */
export const testPersonKey = (idNumber: string): string => personKey(keys, idNumber);
