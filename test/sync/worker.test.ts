/**
 * The worker that keeps a hub in step: what it does when the city is away, busy or odd, and what it tells.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { CityHttp } from '../../src/sync/city-http.ts';
import type { City } from '../../src/sync/city.ts';
import { SyncWorker } from '../../src/sync/worker.ts';
import type { WorkerParts } from '../../src/sync/worker.ts';
import { bombBytes, wireFaults } from './city-double.ts';
import type { WireFault } from './city-double.ts';
import { County, person } from './pulling.ts';

let county: County;
let running: SyncWorker[] = [];
let told: { readonly level: string; readonly sentence: string }[] = [];
beforeAll(async () => { county = await County.open(); });
afterAll(() => county.close());
beforeEach(async () => {
  await county.forget();
  county.newCity();
  await county.database.sql`truncate sync_lease`;
  told = [];
});
afterEach(async () => {
  county.double.failAlways(null);
  await Promise.all(running.map((one) => one.stop()));
  running = [];
});

function work(city: City, more: Partial<WorkerParts> = {}): SyncWorker {
  const worker = new SyncWorker({
    sql: county.database.sql, city, writing: county.writing, types: county.types, division: '620623', pollMs: 10, waitMs: { first: 1, most: 5 }, registries: ['POPULATION'],
    tell: (level, _facts, sentence) => void told.push({ level, sentence }), ...more,
  });
  worker.start();
  running.push(worker);
  return worker;
}

async function until(what: string, so: () => Promise<boolean> | boolean): Promise<void> {
  for (let n = 0; n < 1200; n++) {
    if (await so()) return;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  throw new Error(`Waited in vain until ${what}.`);
}

const inStep = (): Promise<void> => until('it is in step', async () => (await county.feed()).inStep);

test.each(Object.keys(wireFaults) as WireFault[])('%s on the way, again and again: nothing is lost and nothing is there twice', async (fault) => {
  for (let n = 0; n < 12; n++) county.double.state.put('POPULATION', 'Person', person(`${fault}-${n}`));
  // The city asks to wait for seconds; here they pass at once.
  const city = new CityHttp({ url: county.double.url, key: 'k', matter: null, timeoutMs: 120, mostBytes: bombBytes, retryMs: 1, restMs: 1 });
  const hurried: City = {
    changes: (...given) => city.changes(...given).catch((error: unknown) => { throw Object.assign(error as object, { retryAfterMs: null }); }),
    conditions: (...given) => city.conditions(...given), close: () => city.close(),
  };
  county.double.failNext(fault, fault, fault);
  work(hurried, { limits: { page: 5 } });
  await until('all are there', async () => (await county.people()).length === 12);
  await inStep();
  const { cursor } = await county.feed();
  county.double.failNext(fault, fault);
  county.double.state.put('POPULATION', 'Person', person(`${fault}-0`, '2', { name: '后来' }));
  await until('the change is there', async () => (await county.people()).includes('后来'));
  await inStep();
  expect(await county.held()).toEqual(county.told());
  expect(await county.feed()).toMatchObject({ entries: 13, failures: 0, halted: null });
  expect((await county.feed()).cursor).not.toBe(cursor);
  expect(await county.quarantine()).toEqual([]);
  await city.close();
});

test('a city that is away for a thousand cycles costs one row that changes, and no memory', { timeout: 120_000 }, async () => {
  county.double.state.put('POPULATION', 'Person', person('away'));
  const rows = async (): Promise<unknown> => [...await county.database.sql`
    select (select count(*) from sync_feed)::int as feeds, (select count(*) from sync_quarantine)::int as quarantine, (select count(*) from sync_lease)::int as leases, (select count(*) from source_record)::int as sources, (select count(*) from record_change)::int as log`];
  county.double.failAlways('reset');
  work(county.double.face(), { waitMs: { first: 0, most: 0 } });
  const failures = async (): Promise<number> => (await county.feed()).failures;
  await until('it has failed a hundred times', async () => await failures() > 100);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const [before, heap] = [await rows(), process.memoryUsage().heapUsed];
  await until('it has failed a thousand times', async () => await failures() > 1000);
  collect();
  expect(await rows()).toEqual(before);
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(8 * 2 ** 20);
  // It was told of when it began and once later, not each time.
  expect(told.filter(({ level }) => level === 'warn')).toHaveLength(2);
  county.double.failAlways(null);
  await inStep();
  expect(await county.people()).toEqual(['张away']);
});

test('a busy city is not asked again before the time that it names', async () => {
  const city = new CityHttp({ url: county.double.url, key: 'k', matter: null, timeoutMs: 1000 });
  county.double.failAlways('tooMany');
  work(city);
  await until('it was asked', async () => (await county.feed()).failures === 1);
  const asked = county.double.asked;
  await new Promise((wake) => setTimeout(wake, 400));
  expect(county.double.asked).toBe(asked);
  expect(await county.feed()).toMatchObject({ lastFailure: 'The upper hub is busy (429).', inStep: false });
  await city.close();
});

test('what waits in quarantine is tried again by itself, and a halted registry is told of once', async () => {
  county.double.state.put('POPULATION', 'Person', person('waits', '1', { genderCode: '7' }));
  const ids = Array.from({ length: 20 }, (_, n) => county.double.state.put('POPULATION', 'Person', person(`mass-${n}`)));
  work(county.double.face(), { limits: { deletions: 3 } });
  await inStep();
  await until('it was tried twice', async () => {
    county.now += 10_000;
    return ((await county.quarantine())[0]?.tries ?? 0) >= 2;
  });
  for (const id of ids) county.double.state.remove(id);
  await until('it is halted', async () => (await county.feed()).halted !== null);
  await new Promise((wake) => setTimeout(wake, 100));
  expect(told.filter(({ level }) => level === 'error').map(({ sentence }) => sentence)).toEqual(['a registry is halted; nothing of it is pulled until somebody has looked']);
  expect((await county.people()).length).toBe(20);
});
