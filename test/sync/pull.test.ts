/**
 * Pulling the upper hub's feed: what comes of it here, whatever the feed does.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { County, person } from './pulling.ts';

let county: County;
beforeAll(async () => { county = await County.open(); });
afterAll(() => county.close());
beforeEach(async () => {
  await county.forget();
  county.limits = {};
});

const put = (...told: Parameters<typeof person>): string => county.double.state.put('POPULATION', 'Person', person(...told));

describe('a full rebuild and a delta', () => {
  test('a county that has nothing gets all that the city tells, page by page, and is in step', async () => {
    for (let n = 0; n < 25; n++) put(`rebuild-${n}`);
    county.limits = { page: 10 };
    const steps = await county.inStep();
    expect(steps.length).toBeGreaterThan(2);
    expect(await county.held()).toEqual(county.told());
    expect(await county.feed()).toMatchObject({ phase: 'FEED', inStep: true, behind: 0, failures: 0, epoch: county.double.state.epoch });
  });

  test('what changed since is all that comes then', async () => {
    await county.inStep();
    const id = put('delta', '1');
    put('delta', '2', { name: '新名' });
    expect(await county.inStep()).toEqual([{ kind: 'TAKEN', entries: 2, refused: 0, inStep: true }]);
    expect(await county.people()).toContain('新名');
    county.double.state.remove(id);
    await county.inStep();
    expect(await county.people()).not.toContain('新名');
    expect(await county.inStep()).toEqual([{ kind: 'IN_STEP' }]);
  });
});
