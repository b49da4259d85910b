/**
 * The port to the upper hub: its contract for the adapter over HTTP and for the double's own face, and what is the adapter's alone.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CityHttp } from '../../src/sync/city-http.ts';
import { CityError } from '../../src/sync/city.ts';
import { cityContract } from './city-contract.ts';
import { bombBytes, CityDouble } from './city-double.ts';

const quick = { key: 'hub_key-of-the-county', matter: 'CITY-FEED', timeoutMs: 700, mostBytes: bombBytes, retryMs: 1 };

// Failures of one test must not leave the city alone in the next.
cityContract('city-http', ({ url }) => new CityHttp({ ...quick, url, restMs: 0 }));
cityContract('the double', (double) => double.face());

describe('city-http', () => {
  let double: CityDouble;
  beforeAll(async () => { double = await CityDouble.start(); });
  afterAll(() => double.close());

  test('it names its key and its matter', async () => {
    const city = new CityHttp({ ...quick, url: double.url });
    await city.changes('POPULATION', null, 1);
    expect(double.headers).toMatchObject({ 'authorization': 'Bearer hub_key-of-the-county', 'hub-matter': 'CITY-FEED' });
  });

  test('a look-up names for whom and for what it is, percent-encoded', async () => {
    const city = new CityHttp({ ...quick, url: double.url });
    await city.lookUp({ matter: '620623-MZ-DB', caseNo: '2026-壹', operator: '王五', behalf: '620623-MZ' }, []);
    expect(double.headers).toMatchObject({ 'hub-matter': '620623-MZ-DB', 'hub-case': encodeURIComponent('2026-壹'), 'hub-operator': encodeURIComponent('王五'), 'hub-behalf': '620623-MZ' });
    await city.lookUp({ matter: null, caseNo: null, operator: null, behalf: null }, []);
    for (const name of ['hub-matter', 'hub-case', 'hub-operator', 'hub-behalf']) expect(double.headers).not.toHaveProperty(name);
  });

  test('an answer that fails once or twice is asked for again, and nobody hears of it', async () => {
    const city = new CityHttp({ ...quick, url: double.url });
    double.failNext('hangMidPage', 'truncatedJson');
    const before = double.asked;
    expect(await city.changes('POPULATION', null, 1)).toMatchObject({ entries: [] });
    expect(double.asked - before).toBe(3);
  });

  test('an answer that grows when it is unpacked is left where it is too large, not read to its end', async () => {
    // To unpack so much may take a busy machine longer than the city is waited for here.
    const city = new CityHttp({ ...quick, timeoutMs: 30_000, url: double.url });
    double.failNext('gzipBomb', 'gzipBomb', 'gzipBomb');
    await expect(city.changes('POPULATION', null, 1)).rejects.toMatchObject({ failure: 'BROKEN', message: `The upper hub's answer has more than ${bombBytes} bytes.` });
  });

  test('a refusal, a busy city and a changed epoch are answers: they are not asked for again', async () => {
    const city = new CityHttp({ ...quick, url: double.url });
    for (const fault of ['forbidden', 'tooMany'] as const) {
      const before = double.asked;
      double.failNext(fault);
      await expect(city.changes('POPULATION', null, 1)).rejects.toBeInstanceOf(CityError);
      expect(double.asked - before).toBe(1);
    }
    expect(city.breaker).toBe('CLOSED');
  });

  test('a city that does not answer is left alone, and asked again after its rest', async () => {
    const city = new CityHttp({ ...quick, url: double.url, restMs: 40 });
    double.failAlways('reset');
    await Promise.allSettled([1, 2, 3].map(() => city.changes('POPULATION', null, 1)));
    expect(city.breaker).toBe('OPEN');
    const before = double.asked;
    await expect(city.changes('POPULATION', null, 1)).rejects.toMatchObject({ failure: 'UNREACHABLE' });
    expect(double.asked).toBe(before);
    double.failAlways(null);
    await new Promise((wake) => setTimeout(wake, 60));
    expect(await city.changes('POPULATION', null, 1)).toMatchObject({ entries: [] });
    expect(city.breaker).toBe('CLOSED');
  });

  test('a redirect is not followed', async () => {
    const city = new CityHttp({ ...quick, url: double.url });
    double.failNext('redirect', 'redirect', 'redirect');
    await expect(city.changes('POPULATION', null, 1)).rejects.toMatchObject({ failure: 'BROKEN', message: expect.stringContaining('redirect') });
    expect(double.redirected).toBe(0);
  });

  test('nobody answers: UNREACHABLE, and the address is not told', async () => {
    const city = new CityHttp({ ...quick, url: 'http://127.0.0.1:9/graphql' });
    const failed = await city.changes('POPULATION', null, 1).catch((error: unknown) => error as CityError);
    expect(failed).toMatchObject({ failure: 'UNREACHABLE' });
    expect((failed as CityError).message).not.toMatch(/127|http/);
  });

  test('closing it ends what is on its way', async () => {
    const city = new CityHttp({ ...quick, url: double.url, timeoutMs: 60_000 });
    double.failNext('hang');
    const asked = city.changes('POPULATION', null, 1);
    setTimeout(() => void city.close(), 20);
    await expect(asked).rejects.toBeInstanceOf(Error);
  });
});
