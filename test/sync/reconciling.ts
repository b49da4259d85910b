/**
 * What tests of reconciliation share: a whole hub that listens, and below it the database of another hub with the same records, which
 * speaks for a neighbouring division. Both begin equal.
 */
import { civilDate } from '../../src/graphql/context.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import type { Database } from '../../src/db/open.ts';
import { loadStanding } from '../../src/identity/standing.ts';
import type { RecordType } from '../../src/registries/contract.ts';
import { records } from '../../src/registries/index.ts';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim, WriteContext } from '../../src/records/write.ts';
import { CityHttp } from '../../src/sync/city-http.ts';
import { reconcile } from '../../src/sync/reconcile.ts';
import type { ReconcileLimits, RunOptions } from '../../src/sync/reconcile.ts';
import type { Reconciled } from '../../src/sync/reconcile-runs.ts';
import { keyOf, registerOther, testMatter } from '../world/callers.ts';
import { cloneDatabase } from '../world/database.ts';
import { testPersonKey } from '../world/hub.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

/** The division whose hub is the lower one. */
export const division = '620622';
/** A department whose home is the upper hub, and one whose home is the lower. */
export const police = '620623-GA';
export const ownPolice = '620622-GA';

const hubName = 'other-hub';
const hubCode = 'test-other-hub';
const person = records.find(({ type }) => type === 'Person')!;
/** A claim as tests write it. */
export type Told = Pick<SourceClaim, 'key' | 'version' | 'values'> & Partial<SourceClaim>;

/** Two hubs. */
export class Hubs {
  readonly upper: ServedHub;
  readonly lower: Database;
  readonly types: ReadonlyMap<string, RecordType>;
  readonly city: CityHttp;
  readonly #own: string;
  limits: Partial<ReconcileLimits> = {};
  /** Items of persons that are granted unless a test says others: existence, and some fields. */
  static readonly items = ['RK-0000', 'RK-0001', 'RK-0002', 'RK-0007', 'RK-0013'];
  static now = Date.parse('2026-11-24T03:00:00.000Z');

  private constructor(upper: ServedHub, lower: Database, types: ReadonlyMap<string, RecordType>, own: string) {
    this.upper = upper;
    this.lower = lower;
    this.types = types;
    this.#own = own;
    this.city = new CityHttp({ url: `${upper.url}/graphql`, key: keyOf(hubName), matter: testMatter, timeoutMs: 60_000 });
  }

  /** Opens them; `close` removes them. */
  static async open(): Promise<Hubs> {
    const upper = await servedHub({ HUB_CALLER_BUDGET: '1000000000000' }, { now: () => new Date(Hubs.now) });
    return Hubs.over(upper, await cloneDatabase(), division, Hubs.items);
  }

  /** Puts the hub of a division under another, with grants of items. */
  static async over(upper: ServedHub, lower: Database, own: string, items: readonly string[]): Promise<Hubs> {
    const { catalog } = await loadStanding(lower.sql);
    const hubs = new Hubs(upper, lower, buildSchema((code) => catalog.item(code) !== undefined).contract.types, own);
    await registerOther(upper.hub.database, hubName, '620623-FG', null);
    await hubs.decide(`mutation { setHub(consumer: "${hubCode}", division: "${own}") }`);
    await hubs.grant('R-ALL', items);
    return hubs;
  }

  async close(): Promise<void> {
    await this.city.close();
    await this.lower.close();
    await this.upper.close();
  }

  /** What the upper hub answers whoever holds this key. */
  async ask(key: string, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<{ readonly data?: unknown; readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[] }> {
    const response = await fetch(`${this.upper.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'authorization': `Bearer ${key}`, 'hub-matter': testMatter }, body: JSON.stringify({ query, variables }) });
    return await response.json() as { data?: unknown };
  }

  /** What a security administrator of the upper hub decides. */
  async decide(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { errors = [] } = await this.ask(keyOf('security'), query, variables);
    if (errors.length > 0) throw new Error(errors[0]?.message);
  }

  grant(approvalNo: string, granted: readonly string[], more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const tuples = granted.map((item) => ({ item, uses: item === 'RK-0000' ? ['READ', 'EXIST'] : ['READ'], modes: ['SUBSCRIBE'], matters: [testMatter], ...more }));
    return this.decide('mutation ($approvalNo: String!, $consumer: String!, $tuples: [GrantTupleInput!]!) { grant(approvalNo: $approvalNo, consumer: $consumer, tuples: $tuples) }', { approvalNo, consumer: hubCode, tuples });
  }

  endGrant(approvalNo: string): Promise<void> {
    return this.decide('mutation ($approvalNo: String!) { endGrant(approvalNo: $approvalNo) }', { approvalNo });
  }

  /** A context of writing at the next moment. */
  writing(database: Database): WriteContext {
    const now = new Date(Hubs.now += 1000);
    return { sql: database.sql, now: now.toISOString(), today: civilDate(now), personKey: testPersonKey };
  }

  /** Departments tell the hubs of persons, whose number they do not know. */
  async tell(side: 'upper' | 'lower', claims: readonly Told[], source: string = police): Promise<void> {
    const context = this.writing(side === 'upper' ? this.upper.hub.database : this.lower);
    await writeClaims(context, person, source, claims.map((claim) => ({ at: context.now, whole: true, ...claim, values: claim.deleted === true ? {} : { idNumber: null, ...claim.values } })));
  }

  /** One and the same told to both. */
  async tellBoth(claims: readonly Told[]): Promise<void> {
    for (const side of ['upper', 'lower'] as const) await this.tell(side, claims);
  }

  reconcile(options: Partial<RunOptions> = {}): Promise<Reconciled> {
    return reconcile({ city: this.city, writing: () => this.writing(this.lower), types: this.types, division: this.#own, limits: this.limits }, 'POPULATION', { because: 'TEST', ...options });
  }

  /** Live source records of persons from elsewhere: version and values by source and key. */
  async held(side: 'upper' | 'lower'): Promise<ReadonlyMap<string, { readonly version: string; readonly values: Readonly<Record<string, unknown>> }>> {
    const { sql } = side === 'upper' ? this.upper.hub.database : this.lower;
    const rows = await sql.unsafe<{ name: string; version: string; values: string }[]>(`select source || ' ' || source_key as name, version, "values"::text as values from source_record where record_type = 'Person' and not deleted and not starts_with(source, '${this.#own}-') order by 1`);
    return new Map(rows.map(({ name, version, values }) => [name, { version, values: JSON.parse(values) as Readonly<Record<string, unknown>> }]));
  }

  /** The same as far as it is shown, each as one text; versions without leading zeros. */
  async told(side: 'upper' | 'lower'): Promise<ReadonlyMap<string, string>> {
    const shown = (await this.city.comparable('POPULATION')).get('Person') ?? [];
    return new Map([...await this.held(side)].map(([name, { version, values }]) => [name, JSON.stringify([version.replace(/^0+/, ''), ...shown.map((field) => values[field] ?? (field in values ? null : 'not told'))])]));
  }

  /** Names of current persons, by id's order of name. */
  async names(side: 'upper' | 'lower'): Promise<readonly string[]> {
    const { sql } = side === 'upper' ? this.upper.hub.database : this.lower;
    return (await sql<{ name: string }[]>`select coalesce(name, '') as name from person where source not like '620622-%' order by name collate "C"`).map(({ name }) => name);
  }
}
