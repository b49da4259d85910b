/**
 * What tests of pulling share: a hub's database of its own, a double of the city above it, and the records that came from there as both
 * sides have them.
 */
import { civilDate } from '../../src/graphql/context.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import type { Database } from '../../src/db/open.ts';
import { loadStanding } from '../../src/identity/standing.ts';
import type { RecordType } from '../../src/registries/contract.ts';
import type { RegistryName } from '../../src/registries/record.ts';
import type { WriteContext } from '../../src/records/write.ts';
import type { City } from '../../src/sync/city.ts';
import { readFeed } from '../../src/sync/feed-state.ts';
import type { FeedState } from '../../src/sync/feed-state.ts';
import { acquireLease } from '../../src/db/lease.ts';
import type { Lease } from '../../src/db/lease.ts';
import { RegistryPull } from '../../src/sync/pull.ts';
import type { PullLimits, Step } from '../../src/sync/pull.ts';
import { cloneDatabase } from '../world/database.ts';
import { testPersonKey } from '../world/hub.ts';
import { CityDouble } from './city-double.ts';
import { CityState } from './city-state.ts';
import type { SentSource } from './city-state.ts';

/** A department of the city. */
export const cityPolice = '620600-GA';

/** Fields of persons that the double's city shows unless a test says another. */
export const personFields = ['idNumber', 'name', 'genderCode', 'ethnicityCode', 'birthDate', 'phone', 'registeredAddress', 'personStatus'];

/** A source's word of a person. */
export const person = (key: string, version = '1', values: Readonly<Record<string, unknown>> = {}, more: SentSource = {}): SentSource =>
  ({ source: cityPolice, key, version, values: { idNumber: null, name: `张${key}`, genderCode: '1', ...values }, ...more });

/** A county below a double of its city. */
export class County {
  readonly database: Database;
  readonly double: CityDouble;
  readonly types: ReadonlyMap<string, RecordType>;
  readonly lease: Lease;
  now = Date.parse('2026-11-24T03:00:00.000Z');
  limits: Partial<PullLimits> = {};

  private constructor(database: Database, double: CityDouble, types: ReadonlyMap<string, RecordType>, lease: Lease) {
    this.database = database;
    this.double = double;
    this.types = types;
    this.lease = lease;
  }

  /** Opens one; `close` removes it. */
  static async open(): Promise<County> {
    const [database, double] = await Promise.all([cloneDatabase(), CityDouble.start()]);
    double.state.shown.set('Person', personFields);
    const { catalog } = await loadStanding(database.sql);
    const lease = await acquireLease(database.sql, 'pull', 'the tests', 3_600_000);
    return new County(database, double, buildSchema((code) => catalog.item(code) !== undefined).contract.types, lease as Lease);
  }

  async close(): Promise<void> {
    await this.double.close();
    await this.database.close();
  }

  /** A city that has told nothing yet. */
  newCity(): void {
    this.double.state = new CityState();
    this.double.state.shown.set('Person', personFields);
  }

  /** As if nothing had ever been pulled. */
  async forget(): Promise<void> {
    await this.database.sql`truncate sync_feed, sync_quarantine, sync_unknown, city_condition`;
    const ids = this.database.sql`select record_id from source_record where source like '620600-%' or source like '620601-%'`;
    await this.database.sql`delete from person where id in (${ids})`;
    await this.database.sql`delete from person_version where id in (${ids})`;
    await this.database.sql`delete from source_record where source like '620600-%' or source like '620601-%'`;
  }

  writing = (): WriteContext => {
    const now = new Date(this.now += 10);
    return { sql: this.database.sql, now: now.toISOString(), today: civilDate(now), personKey: testPersonKey };
  };

  pull(city: City = this.double.face(), registry: RegistryName = 'POPULATION', lease: Lease = this.lease): RegistryPull {
    return new RegistryPull(registry, { city, writing: this.writing, types: this.types, division: '620623', limits: this.limits }, lease);
  }

  /** Pulls until it is in step or halted; what the steps were. */
  async inStep(pull: RegistryPull = this.pull()): Promise<readonly Step[]> {
    const steps: Step[] = [];
    for (let n = 0; n < 200; n++) {
      const step = await pull.step();
      steps.push(step);
      if (step.kind === 'IN_STEP' || step.kind === 'HALTED' || (step.kind === 'TAKEN' && step.inStep)) return steps;
    }
    throw new Error('It does not come to be in step.');
  }

  feed(registry: RegistryName = 'POPULATION'): Promise<FeedState> {
    return readFeed(this.database.sql, registry);
  }

  /** What is kept here of persons from above: by source and key, version and values. */
  async held(): Promise<Readonly<Record<string, unknown>>> {
    const rows = await this.database.sql<{ name: string; version: string; deleted: boolean; values: string }[]>`
      select source || ' ' || source_key as name, version, deleted, "values"::text as values from source_record where record_type = 'Person' and source like '62060_-%' order by 1`;
    return Object.fromEntries(rows.map(({ name, version, deleted, values }) => [name, deleted ? { version, deleted } : { version, values: JSON.parse(values) as unknown }]));
  }

  /** The same as the city tells it. */
  told(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.double.state.told('Person').map(({ source, key, version, values }) => [`${String(source)} ${String(key)}`, { version, values }]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }

  /** Names of current persons that came from above. */
  async people(): Promise<readonly string[]> {
    return (await this.database.sql<{ name: string }[]>`select name from person where source like '62060_-%' order by name collate "C"`).map(({ name }) => name);
  }

  async quarantine(): Promise<readonly { readonly source_key: string | null; readonly field: string; readonly reason: string; readonly tries: number; readonly state: string }[]> {
    return this.database.sql<{ source_key: string | null; field: string; reason: string; tries: number; state: string }[]>`select source_key, field, reason, tries, state from sync_quarantine order by source_key, field`;
  }
}
