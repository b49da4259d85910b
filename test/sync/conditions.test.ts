/**
 * Conditions of sharing travel with the data: an item that came from the city is shared here as strictly as there or stricter, the
 * sentence says so, and what was in force at a moment can be told afterwards.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadStanding } from '../../src/identity/standing.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { Verdict } from '../../src/sharing/terms.ts';
import { decide } from '../../src/sharing/verdict.ts';
import type { Standing } from '../../src/identity/standing.ts';
import { testMatter } from '../world/callers.ts';
import { County, person } from './pulling.ts';

describe('what the city says', () => {
  let county: County;
  beforeAll(async () => { county = await County.open(); });
  afterAll(() => county.close());

  function asked(standing: Standing, code: string): Verdict {
    const caller = standing.consumer('test-market');
    if (caller === undefined) throw new Error('The test caller is not registered.');
    return decide({ item: code, use: 'read', at: 'Person.name' }, { caller, catalog: standing.catalog, policy: noPolicy, sealed: false, circumstances: { mode: 'QUERY', matter: standing.matter(testMatter) ?? null, hasCase: false, now: '2026-11-24T03:00:00.000Z' } });
  }

  test('is obeyed once data of the item can come from there, and is known to have been in force since then', async () => {
    const { sql } = county.database;
    // The template's catalog was written when this run began.
    county.now = Date.now();
    const name = county.types.get('Person')?.fields.get('name')?.items[0] ?? '';
    const never = county.types.get('Person')?.fields.get('householdNo')?.items[0] ?? '';
    expect(asked(await loadStanding(sql), name)).toMatchObject({ allowed: true });
    const neverBefore = asked(await loadStanding(sql), never);
    county.double.state.put('POPULATION', 'Person', person('conditions'));
    county.double.state.setConditions([{ item: name, shareType: 'CONDITIONAL', condition: '市级：仅限户籍业务' }, { item: never, shareType: 'NOT_SHARED', condition: '市级：不予' }]);
    const before = new Date(county.now).toISOString();
    await county.inStep();
    const after = new Date(county.now + 1000).toISOString();
    expect(asked(await loadStanding(sql), name)).toMatchObject({ allowed: false, rule: 'otherwise withheld', because: expect.stringMatching(/level above.*仅限户籍业务/) });
    // Nothing of this item can have come from there: no field of it is shown.
    expect(asked(await loadStanding(sql), never)).toEqual(neverBefore);
    expect(asked(await loadStanding(sql, before), name)).toMatchObject({ allowed: true });
    expect(asked(await loadStanding(sql, after), name)).toMatchObject({ allowed: false });
    county.double.state.setConditions([{ item: name, shareType: 'UNCONDITIONAL', condition: '' }]);
    await county.inStep();
    expect(asked(await loadStanding(sql), name)).toMatchObject({ allowed: true });
    expect((await sql<{ by: string }[]>`select distinct by from policy_change where kind = 'city_condition'`).map(({ by }) => by)).toEqual(['upper hub']);
  });
});
