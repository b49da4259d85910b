/**
 * One process pulls at a time. Real PostgreSQL only: the embedded database has one session, and nobody beside it.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acquireLease, fence, LeaseLost, renewLease } from '../../src/db/lease.ts';
import type { Lease } from '../../src/db/lease.ts';
import { RegistryPull } from '../../src/sync/pull.ts';
import { SyncWorker } from '../../src/sync/worker.ts';
import { County, person } from './pulling.ts';
import { pointedCity, pointedSql } from './points.ts';

const sleep = (ms: number) => new Promise<void>((wake) => { setTimeout(wake, ms); });

/** Waits until something is so; says what was waited for in vain. */
async function until(what: string, so: () => Promise<boolean> | boolean): Promise<void> {
  for (let n = 0; n < 600; n++) {
    if (await so()) return;
    await sleep(25);
  }
  throw new Error(`Waited in vain until ${what}.`);
}

describe.runIf(process.env['TEST_DATABASE_URL'] !== undefined)('the lease', () => {
  let county: County;
  beforeAll(async () => { county = await County.open(); });
  afterAll(() => county.close());
  beforeEach(async () => {
    await county.forget();
    county.newCity();
    await county.database.sql`truncate sync_lease`;
  });

  const take = async (holder: string, ms: number): Promise<Lease> => {
    const lease = await acquireLease(county.database.sql, 'pull', holder, ms);
    if (lease === null) throw new Error(`${holder} does not get the lease.`);
    return lease;
  };

  test('one holds it; when it has run out the next one gets it under a newer token', async () => {
    const { sql } = county.database;
    const first = await take('first', 150);
    expect(await acquireLease(sql, 'pull', 'second', 150)).toBeNull();
    expect(await renewLease(sql, first, 150)).toBe(true);
    await sleep(250);
    await expect(sql.begin((tx) => fence(tx, first))).rejects.toBeInstanceOf(LeaseLost);
    const second = await take('second', 60_000);
    expect(await renewLease(sql, first, 150)).toBe(false);
    expect(Number(second.token)).toBe(Number(first.token) + 1);
    await expect(sql.begin((tx) => fence(tx, first))).rejects.toBeInstanceOf(LeaseLost);
    await sql.begin((tx) => fence(tx, second));
  });

  test('a worker that was paused past its lease writes nothing, though its page was there before', async () => {
    for (let n = 0; n < 5; n++) county.double.state.put('POPULATION', 'Person', person(`paused-${n}`));
    let goOn: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => { goOn = resolve; });
    const old = await take('paused', 100);
    const city = pointedCity(county.double.face(), (what) => (what === 'behind changes' ? paused : undefined));
    const step = county.pull(city, 'POPULATION', old).step();
    step.catch(() => undefined);
    await sleep(200);
    const heir = await take('heir', 60_000);
    await county.inStep(county.pull(undefined, 'POPULATION', heir));
    county.double.state.put('POPULATION', 'Person', person('paused-0', '2', { name: '新' }));
    await county.inStep(county.pull(undefined, 'POPULATION', heir));
    const before = await county.feed();
    const log = async () => (await county.database.sql<{ n: number }[]>`select count(*)::int as n from record_change`)[0]?.n;
    const logged = await log();
    goOn();
    await expect(step).rejects.toBeInstanceOf(LeaseLost);
    expect(await county.feed()).toEqual(before);
    expect(await log()).toBe(logged);
    expect((await county.held())['620600-GA paused-0']).toMatchObject({ version: '2' });
  });

  test('a worker that is paused inside of its transaction keeps the lease from changing hands until it ends', async () => {
    county.double.state.put('POPULATION', 'Person', person('inside'));
    let goOn: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => { goOn = resolve; });
    let within = false;
    const old = await take('inside', 200);
    const at = (what: string): void | Promise<void> => {
      if (what === 'before savepoint') {
        within = true;
        return paused;
      }
    };
    const pull = new RegistryPull('POPULATION', { city: county.double.face(), types: county.types, division: '620623', writing: () => ({ ...county.writing(), sql: pointedSql(county.database.sql, at) }) }, old);
    const step = pull.step();
    await until('it is inside', () => within);
    await sleep(300);
    const taking = acquireLease(county.database.sql, 'pull', 'next', 60_000);
    let taken = false;
    void taking.then(() => { taken = true; });
    await sleep(200);
    expect(taken).toBe(false);
    goOn();
    expect(await step).toMatchObject({ kind: 'TAKEN' });
    const next = await taking as Lease;
    expect(await county.inStep(county.pull(undefined, 'POPULATION', next))).toEqual([{ kind: 'IN_STEP' }]);
    expect(Object.keys(await county.held())).toEqual(['620600-GA inside']);
  });

  test('of two workers one pulls; when it stops the other goes on, and nothing is taken twice', async () => {
    const told: string[] = [];
    const worker = (): SyncWorker => new SyncWorker({
      sql: county.database.sql, city: county.double.face(), writing: county.writing, types: county.types, division: '620623', pollMs: 20, leaseMs: 600, registries: ['POPULATION'],
      tell: (_level, _facts, sentence) => void told.push(sentence),
    });
    const [one, other] = [worker(), worker()];
    one.start();
    await until('one leads', async () => (await county.database.sql`select 1 from sync_lease where until > clock_timestamp()`).length === 1);
    other.start();
    for (let n = 0; n < 20; n++) county.double.state.put('POPULATION', 'Person', person(`two-${n}`));
    await until('all are there', async () => (await county.people()).length === 20);
    const [{ token } = { token: '' }] = await county.database.sql<{ token: string }[]>`select token::text from sync_lease`;
    await one.stop();
    county.double.state.put('POPULATION', 'Person', person('two-20'));
    await until('the last one is there', async () => (await county.people()).length === 21);
    const [{ token: after } = { token: '' }] = await county.database.sql<{ token: string }[]>`select token::text from sync_lease`;
    expect(Number(after)).toBe(Number(token) + 1);
    await other.stop();
    expect((await county.feed()).entries).toBe(21);
    expect(told).toEqual([]);
  });
});
