/**
 * A process that ends at any point of a step: before any call of the database or the city, behind it, behind a commit that nobody heard
 * of. Whoever goes on brings the same about as if nothing had happened.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RegistryPull } from '../../src/sync/pull.ts';
import { County, person } from './pulling.ts';
import { pointedCity, pointedSql } from './points.ts';

let county: County;
beforeAll(async () => { county = await County.open(); });
afterAll(() => county.close());

/** All that a pull leaves behind. */
async function outcome(): Promise<unknown> {
  const { entries, inStep, halted, failures } = await county.feed();
  const history = await county.database.sql`
    select s.source_key, v.name, v.effective_to = 'infinity' as open from person_version v join source_record s on s.record_id = v.id where s.source like '620600-%' and v.recorded_to = 'infinity' order by 1, 2, 3`;
  const conditions = await county.database.sql`select item, share_type from city_condition order by item`;
  const unknown = await county.database.sql`select source_key, "values"::text from sync_unknown order by 1`;
  return { feed: { entries, inStep, halted, failures }, held: await county.held(), people: await county.people(), history: [...history], quarantine: await county.quarantine(), conditions: [...conditions], unknown: [...unknown] };
}

function begin(): void {
  county.newCity();
  const { state } = county.double;
  state.setConditions([{ item: 'RK-0002', shareType: 'CONDITIONAL', condition: '户籍业务' }]);
  for (const key of ['a', 'b', 'c', 'gone']) state.put('POPULATION', 'Person', person(key, '1', key === 'b' ? { bloodType: 'A' } : {}), key);
  state.put('POPULATION', 'Person', person('poison', '1', { genderCode: '7' }), 'poison');
}

function goOn(): void {
  const { state } = county.double;
  for (const version of ['2', '3']) state.put('POPULATION', 'Person', person('a', version, { name: `改${version}` }));
  state.remove('gone');
  state.put('POPULATION', 'Person', person('b', '2'));
  state.put('POPULATION', 'Person', person('poison', '2'));
  state.put('POPULATION', 'Person', person('d', '1', { genderCode: '8' }), 'd');
}

/** Breaks a pull off at its n-th point, for each n until there is none, and has it made again; how many points there were. */
async function breakOff(prepare: () => Promise<void>): Promise<number> {
  await prepare();
  await county.inStep();
  const expected = await outcome();
  for (let n = 1; ; n++) {
    await prepare();
    let left = n;
    const at = (): void => {
      left -= 1;
      if (left === 0) throw Object.assign(new Error('the process has ended'), { code: 'CONNECTION_CLOSED' });
    };
    const broken = new RegistryPull('POPULATION', {
      city: pointedCity(county.double.face(), at), types: county.types, division: '620623', limits: county.limits,
      writing: () => ({ ...county.writing(), sql: pointedSql(county.database.sql, at) }),
    }, county.lease);
    await county.inStep(broken).catch(() => undefined);
    await county.inStep();
    expect(await outcome()).toEqual(expected);
    if (left > 0) return n - 1;
  }
}

test('a snapshot that breaks off at its n-th point, for every n, ends in the same once it goes on', { timeout: 300_000 }, async () => {
  county.limits = { page: 3 };
  const points = await breakOff(async () => {
    await county.forget();
    begin();
  });
  expect(points).toBeGreaterThan(60);
});

test('changes, deletions and what was in quarantine, broken off at every point: the same', { timeout: 300_000 }, async () => {
  county.limits = { page: 4 };
  const points = await breakOff(async () => {
    await county.forget();
    begin();
    await county.inStep();
    goOn();
  });
  expect(points).toBeGreaterThan(60);
});
