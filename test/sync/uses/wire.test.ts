/**
 * Uses that go up over HTTP to a city that fails in every way that the double knows: they wait, and are taken once.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CityHttp } from '../../../src/sync/city-http.ts';
import { passQueriesUp, passUsesUp } from '../../../src/sync/uses-up.ts';
import type { UsesContext } from '../../../src/sync/uses-up.ts';
import { cloneDatabase } from '../../world/database.ts';
import type { Database } from '../../../src/db/open.ts';
import { bombBytes, CityDouble, wireFaults } from '../city-double.ts';
import type { WireFault } from '../city-double.ts';
import { answered, checkOf, cityPolice, hold } from './using.ts';

let county: Database;
let double: CityDouble;
/** How the city is reached: for a bomb with all the time that its bytes take, else the one or the other would be first. */
const reached = (fault: WireFault): CityHttp => new CityHttp({ url: double.url, key: 'hub_key-of-the-county', matter: 'CITY-FEED', timeoutMs: fault === 'gzipBomb' ? 20_000 : 250, mostBytes: bombBytes, retryMs: 1, restMs: 0 });
beforeAll(async () => {
  [county, double] = await Promise.all([cloneDatabase(), CityDouble.start()]);
}, 120_000);
afterAll(() => Promise.all([county.close(), double.close()]));

let cards = 0;
test.each(Object.entries(wireFaults) as [WireFault, string][])('a city that answers with %s: the use waits, and is taken once', { timeout: 30_000 }, async (fault, failure) => {
  cards += 1;
  const city = reached(fault);
  const context: UsesContext = { sql: county.sql, uses: city, division: '620623', now: '2026-11-24T02:01:00.000Z' };
  const held = await hold(county, cards, '620623');
  await checkOf(county, held);
  double.failAlways(fault);
  await expect(passUsesUp(context)).rejects.toMatchObject({ failure });
  expect(await county.sql`select 1 from certificate_use_up where state = 'WAITING'`).toHaveLength(1);
  double.failAlways(null);
  expect(await passUsesUp(context)).toEqual({ changes: 1, refused: 0, more: false });
  const [[key, use] = []] = [...double.state.uses].slice(-1);
  expect(use).toEqual({
    key, source: cityPolice, sourceKey: held.key, at: '2026-11-24T02:00:30.000Z', mode: 'CHECK', copyId: '7K2M9QXD4T', consumer: 'test-market', departmentCode: '620623-SC', operator: null, operatorVerified: false,
    matterCode: null, caseNo: null, cause: null, fields: [], result: 'VALID',
  });
  expect(await passUsesUp(context)).toEqual({ changes: 0, refused: 0, more: false });
  expect(double.state.uses.size).toBe(cards);
  await city.close();
});

test('an answer that held a certificate comes with its items, and is taken once', async () => {
  const city = reached('reset');
  const held = await hold(county, 98, '620623');
  await answered(county, [held]);
  const context: UsesContext = { sql: county.sql, uses: city, division: '620623', now: '2026-11-24T02:01:00.000Z' };
  double.failAlways('reset');
  await expect(passQueriesUp(context)).rejects.toMatchObject({ failure: 'UNREACHABLE' });
  double.failAlways(null);
  expect(await passQueriesUp(context)).toEqual({ changes: 1, refused: 0, more: false });
  expect([...double.state.uses.values()].at(-1)).toMatchObject({ sourceKey: held.key, mode: 'QUERY', consumer: 'test-civilAffairs', operator: 'MZ-0317', operatorVerified: true, fields: [], items: ['ZZ-0104'], result: 'ANSWERED' });
  expect(await passQueriesUp(context)).toEqual({ changes: 0, refused: 0, more: false });
  await city.close();
});

test('an answer for other uses than were sent is none', async () => {
  const city = reached('reset');
  const held = await hold(county, 99, '620623');
  await checkOf(county, held);
  const answer = double.state.tellUses.bind(double.state);
  double.state.tellUses = (told) => { answer(told); return { outcomes: [] }; };
  const context: UsesContext = { sql: county.sql, uses: city, division: '620623', now: '2026-11-24T02:01:00.000Z' };
  await expect(passUsesUp(context)).rejects.toMatchObject({ failure: 'BROKEN' });
  double.state.tellUses = answer;
  await passUsesUp(context);
  expect(await county.sql`select 1 from certificate_use_up where state <> 'SENT'`).toHaveLength(0);
  await city.close();
});
