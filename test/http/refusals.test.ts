/**
 * What is refused before it is read is in the audit too: counted by caller and code, once a minute and when the hub ends, and nobody
 * waits for it.
 */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Entry } from '../../src/audit/record.ts';
import { searchAudit } from '../../src/audit/search.ts';
import type { Database } from '../../src/db/open.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { buildServer } from '../../src/graphql/server.ts';
import { openListener } from '../../src/http/listener.ts';
import { Refusals, refusalsEveryMs } from '../../src/http/refusals.ts';
import { loadStanding } from '../../src/identity/standing.ts';
import type { Caller } from '../../src/sharing/terms.ts';
import { auditOn, verified } from '../audit/world.ts';
import { keyOf } from '../world/callers.ts';
import { cloneDatabase } from '../world/database.ts';
import { readingOnly } from '../world/work.ts';

let database: Database;
beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database.close());
afterEach(() => vi.useRealTimers());

const start = Date.parse('2026-11-24T02:01:00.000Z');
let clock = start;

test('a flood is a handful of records, one for each caller and code, that say how many and when; the chain verifies', async () => {
  const standing = await loadStanding(database.sql);
  const schema = buildSchema((code) => standing.catalog.item(code) !== undefined);
  const server = buildServer(schema, database, readingOnly(() => ''), () => undefined);
  await server.apollo.start();
  const audit = auditOn(database);
  const listener = await openListener(readConfig({ PORT: '0', HUB_CALLER_BUDGET: '1000', HUB_ADDRESS_BUDGET: '1000000' }), server, schema, () => standing, () => new Date(clock), { audit });
  const post = async (caller: 'market' | 'police' | 'security' | null, body: string): Promise<number> => {
    const response = await fetch(`${listener.url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...(caller === null ? {} : { authorization: `Bearer ${keyOf(caller)}` }) } });
    await response.text();
    return response.status;
  };
  clock = start;
  const large = JSON.stringify({ query: ' '.repeat(20_000) });
  // A hundred requests of the least that there is, and the account is empty.
  for (const caller of ['market', 'security'] as const) for (let times = 0; times < 100; times += 1) await post(caller, '{');
  const flood = await Promise.all([...Array.from({ length: 40 }, () => post('market', '{}')), ...Array.from({ length: 5 }, () => post('security', '{}'))]);
  expect([...new Set(flood)]).toEqual([429]);
  clock += 20_000;
  for (let times = 0; times < 2; times += 1) expect(await post(null, large)).toBe(401);
  expect(await post('police', ' '.repeat(1_000_001))).toBe(413);
  expect((await searchAudit(database.sql, { first: 50 })).records).toEqual([]);
  await listener.close();
  await server.apollo.stop();
  await audit.close();
  const { records } = await searchAudit(database.sql, { first: 50 });
  const told = records.filter(({ scope }) => scope.kind === 'REFUSALS').map(({ scope, outcome, reason, rows }) => [scope.consumer ?? scope.administrator ?? null, outcome, rows, reason]);
  const [from, later] = ['2026-11-24T02:01:00.000Z', '2026-11-24T02:01:20.000Z'];
  expect(told.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
    [null, 'UNAUTHENTICATED', 0, `2 refused before they were read (HTTP 401), from ${later} until ${later}.`],
    ['test-market', 'BAD_INPUT', 0, `100 refused before they were read (HTTP 400), from ${from} until ${from}.`],
    ['test-market', 'RATE_LIMITED', 0, `40 refused before they were read (HTTP 429), from ${from} until ${from}.`],
    ['test-police', 'BAD_INPUT', 0, `1 refused before they were read (HTTP 413), from ${later} until ${later}.`],
    ['test-security', 'BAD_INPUT', 0, `100 refused before they were read (HTTP 400), from ${from} until ${from}.`],
    ['test-security', 'RATE_LIMITED', 0, `5 refused before they were read (HTTP 429), from ${from} until ${from}.`],
  ]);
  // Found by whose they are, as every record is.
  expect((await searchAudit(database.sql, { first: 50, consumer: 'test-market', outcome: 'RATE_LIMITED' })).records).toHaveLength(1);
  expect((await verified(database)).problems).toEqual([]);
});

test('they are written once a minute; what cannot be written is kept and counted on', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const written: Entry[] = [];
  let down = false;
  const write = async (entry: Entry): Promise<void> => {
    if (down) throw new Error('the audit takes no records');
    written.push(entry);
  };
  const refusals = new Refusals({ audit: { write }, now: () => new Date(clock), policy: () => '17' });
  const stranger: Caller = { kind: 'stranger' };
  const counts = (): readonly string[] => written.splice(0).map(({ outcome, reason, policy }) => `${outcome} ${policy} ${reason}`);
  clock = start;
  refusals.watch();
  refusals.count(stranger, 'RATE_LIMITED', 429);
  clock += 5_000;
  refusals.count(stranger, 'RATE_LIMITED', 429);
  refusals.count(stranger, 'UNAUTHENTICATED', 401);
  await vi.advanceTimersByTimeAsync(refusalsEveryMs - 1);
  expect(counts()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(counts()).toEqual([
    'RATE_LIMITED 17 2 refused before they were read (HTTP 429), from 2026-11-24T02:01:00.000Z until 2026-11-24T02:01:05.000Z.',
    'UNAUTHENTICATED 17 1 refused before they were read (HTTP 401), from 2026-11-24T02:01:05.000Z until 2026-11-24T02:01:05.000Z.',
  ]);
  await vi.advanceTimersByTimeAsync(refusalsEveryMs);
  expect(counts()).toEqual([]);
  down = true;
  refusals.count(stranger, 'RATE_LIMITED', 429);
  await vi.advanceTimersByTimeAsync(refusalsEveryMs);
  clock += 60_000;
  refusals.count(stranger, 'RATE_LIMITED', 429);
  down = false;
  await refusals.close();
  expect(counts()).toEqual(['RATE_LIMITED 17 2 refused before they were read (HTTP 429), from 2026-11-24T02:01:05.000Z until 2026-11-24T02:02:05.000Z.']);
  await vi.advanceTimersByTimeAsync(2 * refusalsEveryMs);
  expect(counts()).toEqual([]);
});
