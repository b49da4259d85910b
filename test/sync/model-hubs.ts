/**
 * Two hubs for the model test: a city's whole hub that is asked over HTTP by the adapter, and a county's database with its pull and push;
 * what departments tell them, what goes wrong between them, and what both hold. Emptied between runs, which costs as much as a few writes.
 */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Database } from '../../src/db/open.ts';
import { civilDate } from '../../src/graphql/context.ts';
import { bringDue } from '../../src/records/due.ts';
import { currentRows } from '../../src/records/tables.ts';
import type { Values } from '../../src/records/timeline.ts';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim, WriteContext } from '../../src/records/write.ts';
import type { LeafField } from '../../src/registries/contract.ts';
import { records } from '../../src/registries/index.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { GrantTuple, Policy } from '../../src/sharing/grant.ts';
import type { Bound } from '../../src/sharing/terms.ts';
import { CityHttp } from '../../src/sync/city-http.ts';
import { CityError } from '../../src/sync/city.ts';
import type { ChangePage, City, CityFailure, CityInbox } from '../../src/sync/city.ts';
import { noteFailure, readFeed } from '../../src/sync/feed-state.ts';
import { acquireLease, fence } from '../../src/db/lease.ts';
import type { Lease } from '../../src/db/lease.ts';
import { RegistryPull } from '../../src/sync/pull.ts';
import type { Step } from '../../src/sync/pull.ts';
import { pushStep } from '../../src/sync/push.ts';
import { reconcile } from '../../src/sync/reconcile.ts';
import { keyOf, registerOther, testMatter } from '../world/callers.ts';
import { cloneDatabase } from '../world/database.ts';
import { decided } from '../world/grants.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { choices, division, models, naming, typeNames } from './model.ts';
import type { Rights, TypeName } from './model.ts';
import { pointedCity, pointedSql } from './points.ts';

const hubName = 'other-model-hub';
const registry = 'POPULATION';
const began = Date.parse('2026-11-24T03:00:00.000Z');
const day = 86_400_000;

/** The process ends here. */
class Ended extends Error {
  readonly code = 'CONNECTION_CLOSED';
}

/** A source record as a hub keeps it. */
export interface Kept {
  readonly type: TypeName;
  readonly source: string;
  readonly key: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly at: string;
  readonly values: Values;
}

/** See the head of this file. */
export class Hubs {
  readonly city: TestHub;
  readonly county: Database;
  readonly #http: CityHttp;
  readonly #server: Server;
  readonly #policies = new Map<string, Policy>();
  #policy: Policy = noPolicy;
  #clock = began;
  #outage: { readonly failure: CityFailure; left: number } = { failure: 'UNREACHABLE', left: 0 };
  #deaf = false;
  #atPoint: () => void = () => undefined;
  #lease: Lease | null = null;
  #pull: RegistryPull | null = null;
  #stale: RegistryPull | null = null;
  /** Pages that came, by the cursor behind which they begin: the one that a step takes is the last that came behind the cursor it read. */
  readonly #pages = new Map<string | null, ChangePage>();
  #asking: Promise<unknown>[] = [];

  private constructor(city: TestHub, county: Database, server: Server, http: CityHttp, clock: (now: () => number) => void) {
    this.city = city;
    this.county = county;
    this.#server = server;
    this.#http = http;
    clock(() => this.#clock);
  }

  /** Opens them; `close` removes them. */
  static async open(): Promise<Hubs> {
    let clock = (): number => began;
    let policy = (): Policy => noPolicy;
    const city = await clonedHub({ now: () => new Date(clock()), watch: false });
    const county = await cloneDatabase();
    await registerOther(city.database, hubName, '620623-ZS', null);
    await decided(city, `mutation { setHub(consumer: "test-${hubName}", division: "${division}") }`);
    for (const { sql } of [city.database, county]) await sql.unsafe(`truncate source_record, due_change, record_change, ${records.flatMap(({ tableName }) => [tableName, `${tableName}_version`]).join()} cascade`);
    const server = createServer((request, response) => void (async () => {
      let body = '';
      for await (const part of request.setEncoding('utf8')) body += part as string;
      const { query, variables, operationName } = JSON.parse(body) as { query: string; variables: Record<string, unknown>; operationName?: string };
      const answer = await city.ask(hubName, query, { variables, policy: policy(), ...(operationName === undefined ? {} : { operationName }) });
      response.writeHead(answer.status, { 'content-type': 'application/graphql-response+json; charset=utf-8' }).end(answer.text);
    })().catch(() => response.destroy()));
    await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
    const http = new CityHttp({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, key: keyOf(hubName), matter: testMatter, timeoutMs: 60_000 });
    const hubs = new Hubs(city, county, server, http, (now) => { clock = now; });
    policy = () => hubs.#policy;
    return hubs;
  }

  async close(): Promise<void> {
    await this.#http.close();
    this.#server.closeAllConnections();
    await new Promise<void>((closed) => { this.#server.close(() => closed()); });
    await this.city.close();
    await this.county.close();
  }

  /** As if nothing had been told yet. */
  async reset(rights: Rights): Promise<void> {
    await Promise.all(this.#asking);
    const tables = ['source_record', 'due_change', 'record_change', ...typeNames.flatMap((name) => [models[name].tableName, `${models[name].tableName}_version`])];
    const empty = (more: readonly string[]): string => [...tables, ...more].map((table) => `delete from ${table}`).join('; ');
    await this.city.database.sql.unsafe(empty(['feed_delivery', 'submission']));
    await this.county.sql.unsafe(empty(['sync_feed', 'sync_quarantine', 'sync_unknown', 'sync_hidden', 'city_condition', 'push_state', 'dead_letter', 'sync_lease']));
    this.#clock = began;
    this.#outage = { failure: 'UNREACHABLE', left: 0 };
    this.#deaf = false;
    this.#pull = this.#stale = this.#lease = null;
    this.#pages.clear();
    this.grant(rights);
  }

  writing(side: 'city' | 'county', atPoint?: () => void): WriteContext {
    const now = new Date(this.#clock += 10);
    const { sql } = side === 'city' ? this.city.database : this.county;
    return { sql: atPoint === undefined ? sql : pointedSql(sql, atPoint), now: now.toISOString(), today: civilDate(now), personKey: testPersonKey };
  }

  /** The civil day so many days from today. */
  dayIn(days: number): string {
    return civilDate(new Date(this.#clock + days * day));
  }

  /** A department tells its hub. */
  async tell(type: TypeName, source: string, claim: Omit<SourceClaim, 'at'>): Promise<void> {
    const context = this.writing(source.startsWith(`${division}-`) ? 'county' : 'city');
    await writeClaims(context, models[type], source, [{ ...claim, at: context.now }]);
  }

  /** Days pass; what becomes current by them is brought in on both sides. */
  async pass(days: number): Promise<void> {
    this.#clock += days * day;
    for (const side of ['city', 'county'] as const) await bringDue(this.writing(side), typeNames.map((name) => models[name]));
  }

  /** The city decides what the county may have. */
  grant(rights: Rights): void {
    const name = JSON.stringify(rights);
    const known = this.#policies.get(name) ?? this.#policyOf(rights, `model ${this.#policies.size + 1}`);
    this.#policies.set(name, known);
    this.#policy = known;
  }

  #policyOf({ types, without, phoneInside, territory }: Rights, version: string): Policy {
    const inside: Bound = { kind: 'division', by: 'RESIDENCE', codes: [division] };
    const tuples = new Map<string, GrantTuple[]>();
    const denials = new Map<string, { code: string; because: string }>();
    for (const name of typeNames) {
      const type = this.city.schema.contract.types.get(name);
      if (type === undefined) throw new Error(`There is no type ${name}.`);
      const give = (item: string, bounds: readonly Bound[]): void => void tuples.set(item, [{ approvalNo: 'M-1', item, uses: ['read', 'exist'], modes: ['SUBSCRIBE'], mask: null, bounds, matters: null, quotaPerDay: null, validFrom: '2026-01-01T00:00:00.000Z', validTo: null }]);
      const deny = (item: string): void => void denials.set(item, { code: `D-${item}`, because: '模型' });
      if (types.includes(name)) give(type.existsItem, []);
      else deny(type.existsItem);
      for (const field of [...Object.keys(naming(name, 0)), ...Object.keys(choices[name])]) {
        for (const item of (type.fields.get(field) as LeafField).items) {
          if (without.includes(field)) deny(item);
          else give(item, field === 'phone' && phoneInside ? [inside] : []);
        }
      }
    }
    return { ...noPolicy, version, tuples, denials, territory: territory.length === 0 ? [] : [{ types: territory, within: [inside] }] };
  }

  /** The next calls of the city fail. */
  fail(failure: CityFailure, calls: number): void {
    this.#outage = { failure, left: calls };
  }

  /** The next call is answered, and the answer does not arrive. */
  deafen(): void {
    this.#deaf = true;
  }

  heal(): void {
    this.#outage = { failure: 'UNREACHABLE', left: 0 };
    this.#deaf = false;
  }

  /** The city's database begins another life. */
  async newEpoch(): Promise<void> {
    await this.city.database.sql`insert into hub_epoch (began_at) select max(began_at) + interval '1 second' from hub_epoch`;
  }

  /** The county's process begins anew under a lease of its own; the one before it does not know. */
  async restart(): Promise<void> {
    // It has run out long ago.
    await this.county.sql`update sync_lease set until = '-infinity'`;
    this.#stale = this.#pull;
    const lease = await acquireLease(this.county.sql, 'pull', `holder ${this.#clock += 10}`, 3_600_000);
    if (lease === null) throw new Error('Nobody holds the lease, and it is not to be had.');
    this.#lease = lease;
    this.#pull = new RegistryPull(registry, {
      city: pointedCity(this.#city(), () => this.#atPoint()), types: this.city.schema.contract.types, division, limits: { page: 3 },
      writing: () => this.writing('county', () => this.#atPoint()),
    }, lease);
  }

  /** A step of the pull; null: it failed, as it may. `end`: the process ends at so many points from its beginning, and begins anew. */
  async pull(end: number | null = null): Promise<Step | null> {
    if (this.#pull === null) await this.restart();
    const [{ cursor }, before] = [await this.feed(), await this.kept('county')];
    const step = await this.#mayFail(end, async () => (this.#pull as RegistryPull).step(), async (error) => {
      await noteFailure(this.county.sql, this.#lease as Lease, registry, error.message, null, this.writing('county').now);
    });
    const page = this.#pages.get(cursor);
    if (page !== undefined && (await this.feed()).cursor === page.endCursor) notLost(before, await this.kept('county'), page);
    return step;
  }

  /** What waits for something is tried again; how many were taken. */
  async redrive(): Promise<number> {
    if (this.#pull === null) await this.restart();
    return (await (this.#pull as RegistryPull).redrive()).taken;
  }

  /** A process that has lost its lease goes on as if it had not; says whether it took anything. */
  async stalePull(): Promise<boolean> {
    const stale = this.#stale;
    if (stale === null) return false;
    const step = await this.#settled(stale.step().catch((error: unknown) => {
      // What it had asked ahead when it ended ended with it.
      if (error instanceof CityError || error instanceof Error && (error.name === 'LeaseLost' || error.cause instanceof Ended)) return null;
      throw error;
    }));
    return step?.kind === 'TAKEN' || step?.kind === 'ANEW';
  }

  /** A step of the push; is there more? Null: it failed, as it may. */
  async push(end: number | null = null): Promise<boolean | null> {
    if (this.#lease === null) await this.restart();
    const lease = this.#lease as Lease;
    return this.#mayFail(end, async () => {
      const { more, refused } = await pushStep({
        sql: this.county.sql, city: this.#city(), division, types: this.city.schema.contract.types, catalog: this.city.standing.catalog, now: this.writing('county').now, fence: (tx) => fence(tx, lease), reach: () => this.#atPoint(),
      });
      if (refused > 0) throw new Error(`The city refused ${refused} changes: ${JSON.stringify([...await this.county.sql`select record_type, source, source_key, version, reason, field from dead_letter`])}`);
      return more;
    }, async () => undefined);
  }

  /** Both sides are compared and made equal, once the feed has begun; false: it has not, or the city did not answer. */
  async reconcile(): Promise<boolean> {
    // A feed that begins tells of nothing that was given before it, and is compared behind it.
    if ((await this.feed()).cursor === null) return false;
    if (this.#lease === null) await this.restart();
    const { comparable, digests, leaves, entries } = this.#http;
    const http = this.#http;
    const city = { comparable: comparable.bind(http), digests: digests.bind(http), leaves: leaves.bind(http), entries: entries.bind(http) };
    const through = Object.fromEntries(Object.entries(city).map(([name, call]) => [name, (...given: never[]) => this.#call(() => (call as (...own: never[]) => Promise<unknown>)(...given))])) as unknown as typeof city;
    return await this.#mayFail(null, async () => {
      const { halted, refused } = await reconcile({ city: through, writing: () => this.writing('county'), types: this.city.schema.contract.types, division }, registry, { because: 'MODEL' });
      if (halted !== null || refused > 0) throw new Error(`Reconciling halted or refused ${refused}: ${halted}`);
      return true;
    }, async () => undefined) === true;
  }

  async feed() {
    return readFeed(this.county.sql, registry);
  }

  async aside(): Promise<readonly unknown[]> {
    return [...await this.county.sql`select record_type, source, source_key, field, reason, raw from sync_quarantine`, ...await this.county.sql`select * from dead_letter`];
  }

  /** What a hub keeps of what departments told. */
  async kept(side: 'city' | 'county'): Promise<readonly Kept[]> {
    const { sql } = side === 'city' ? this.city.database : this.county;
    const rows = await sql<{ type: TypeName; source: string; key: string; version: string; deleted: boolean; at: string; values: string }[]>`
      select record_type as type, source, source_key as key, version, deleted, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, "values"::text as values from source_record order by 1, 2, 3`;
    return rows.map(({ version, values, ...one }) => ({ ...one, version: Number(version), values: JSON.parse(values) as Values }));
  }

  /** The current rows of a hub, by type and natural key, with the fields of the model that are told. */
  async current(side: 'city' | 'county'): Promise<ReadonlyMap<string, Values>> {
    const { sql } = side === 'city' ? this.city.database : this.county;
    const rows = new Map<string, Values>();
    for (const type of typeNames) {
      const model = models[type];
      const ids = (await sql.unsafe<{ id: string }[]>(`select id::text from ${model.tableName}`)).map(({ id }) => id);
      for (const row of (await currentRows(sql, model, ids)).values()) rows.set(`${type} ${String(row[model.key as string])}`, row);
    }
    return rows;
  }

  #city(): City & CityInbox {
    const http = this.#http;
    return {
      changes: (...given) => this.#call(async () => {
        const page = await http.changes(...given);
        this.#pages.set(given[1], page);
        return page;
      }),
      conditions: (...given) => this.#call(() => http.conditions(...given)),
      submit: (...given) => this.#call(() => http.submit(...given)),
      close: async () => undefined,
    };
  }

  async #call<T>(ask: () => Promise<T>): Promise<T> {
    const outage = this.#outage;
    if (outage.left > 0) {
      outage.left -= 1;
      throw new CityError(outage.failure, 'The city is away.', outage.failure === 'BUSY' ? 1000 : null);
    }
    const lost = this.#deaf;
    this.#deaf = false;
    const asking = ask();
    this.#asking.push(asking.catch(() => undefined));
    const answer = await asking;
    if (lost) throw new CityError('BROKEN', 'The answer was cut off.');
    return answer;
  }

  /** What is asked ahead is answered before anything else happens, so that a run can be repeated. */
  async #settled<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      await Promise.all(this.#asking);
      this.#asking = [];
    }
  }

  async #mayFail<T>(end: number | null, work: () => Promise<T>, note: (error: CityError) => Promise<void>): Promise<T | null> {
    let left = end ?? 0;
    let ended = false;
    this.#atPoint = () => {
      if (ended) throw new Ended('the process has ended');
      left -= 1;
      ended = left === 0;
      if (ended) throw new Ended('the process has ended');
    };
    try {
      return await this.#settled(work());
    } catch (error) {
      if (!ended && !(error instanceof CityError)) throw error;
      if (!ended) await note(error as CityError);
      return null;
    } finally {
      this.#atPoint = () => undefined;
      // Who has ended is followed by another who knows nothing of it.
      if (ended) await this.restart();
    }
  }
}

/** What a page does not show of a record is no word about it: whatever the county kept of it before the page, it keeps behind it. */
function notLost(before: readonly Kept[], after: readonly Kept[], { shown, entries }: ChangePage): void {
  const now = new Map(after.map((one) => [nameOf(one), one]));
  const gone = new Set(entries.flatMap(({ type, sources }) => sources.filter(({ deleted }) => deleted).map(({ source, key }) => nameOf({ type, source, key }))));
  const visible = new Map(entries.flatMap(({ type, hidden, sources }) => sources.map(({ source, key }) => [nameOf({ type, source, key }), new Set((shown.get(type) ?? []).filter((field) => !hidden.includes(field)))])));
  for (const one of before) {
    const [name, kept] = [nameOf(one), now.get(nameOf(one))];
    if (one.deleted || gone.has(name)) continue;
    const lost = Object.entries(one.values).filter(([field, value]) => visible.get(name)?.has(field) !== true && kept?.values[field] !== value);
    if (lost.length > 0) throw new Error(`A page that does not show ${lost.map(([field]) => field).join()} of ${name} has changed what was kept of it.`);
  }
}

function nameOf({ type, source, key }: { readonly type: string; readonly source: string; readonly key: string }): string {
  return `${type} ${source} ${key}`;
}
