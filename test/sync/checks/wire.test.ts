/**
 * Reports that go up over HTTP to a city that fails in every way that the double knows: they wait, are taken once, and their answer comes.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passReportsUp, takeAnswers } from '../../../src/sync/checks/pass-up.ts';
import type { ReportsContext } from '../../../src/sync/checks/pass-up.ts';
import { CityHttp } from '../../../src/sync/city-http.ts';
import { clonedHub } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';
import { bombBytes, CityDouble, wireFaults } from '../city-double.ts';
import type { WireFault } from '../city-double.ts';
import { idNumber, list, report, tell } from './reporting.ts';

let county: TestHub;
let double: CityDouble;
/** How the city is reached: for a bomb with all the time that its bytes take, else the one or the other would be first. */
const reached = (fault: WireFault): CityHttp => new CityHttp({ url: double.url, key: 'hub_key-of-the-county', matter: 'CITY-FEED', timeoutMs: fault === 'gzipBomb' ? 20_000 : 250, mostBytes: bombBytes, retryMs: 1, restMs: 0 });
beforeAll(async () => {
  [county, double] = await Promise.all([clonedHub({ upper: true }), CityDouble.start()]);
}, 120_000);
afterAll(() => Promise.all([county.close(), double.close()]));

const contextOf = (city: CityHttp): ReportsContext => ({ sql: county.database.sql, checks: city, division: '620623', now: '2026-11-24T02:01:00.000Z' });
const here = async (id: string) => (await list(county, 'civilAffairs')).checks.find((one) => one.id === id);

let people = 700;
test.each(Object.entries(wireFaults) as [WireFault, string][])('a city that answers with %s: the report waits, is taken once, and its answer comes', { timeout: 30_000 }, async (fault, failure) => {
  people += 1;
  const city = reached(fault);
  const context = (): ReportsContext => contextOf(city);
  await tell(county.database, '620600-GA', `w-${people}`, '3', { idNumber: idNumber(people), name: `市${people}` });
  const { checks: [check] } = await report(county, 'civilAffairs', { type: 'Person', key: idNumber(people), items: [{ field: 'name', believed: '正确' }], evidence: '身份证' });
  const key = `check-${check!.id}`;
  double.failAlways(fault);
  await expect(passReportsUp(context())).rejects.toMatchObject({ failure });
  expect((await here(check!.id))?.state).toBe('WAITING');
  double.failAlways(null);
  expect(await passReportsUp(context())).toEqual({ changes: 1, refused: 0, more: false });
  expect(double.headers).toMatchObject({ 'hub-matter': 'CITY-FEED', 'hub-behalf': '620623-MZ' });
  expect(double.state.reports.get(key)?.report).toEqual({ type: 'Person', source: '620600-GA', sourceKey: `w-${people}`, sourceVersion: '3', items: [{ field: 'name', believed: '正确' }], because: '与证件不符', evidence: '身份证' });
  expect(await here(check!.id)).toMatchObject({ state: 'SENT', dueOn: '2026-12-08' });
  double.state.answer(key, 'CONFIRMED', '属实');
  double.failAlways(fault);
  await expect(takeAnswers(context())).rejects.toMatchObject({ failure });
  expect((await here(check!.id))?.state).toBe('SENT');
  double.failAlways(null);
  await takeAnswers(context());
  expect(await here(check!.id)).toMatchObject({ state: 'ANSWERED', verdict: 'CONFIRMED', answer: '属实', answeredBy: '620600-GA' });
  expect(double.state.reports.size).toBe(people - 700);
  await city.close();
});
