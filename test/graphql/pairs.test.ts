/**
 * For every item and use a generated pair: with exactly the grants that a question needs it is answered as if everything were shared;
 * without the one that its coordinate needs it is withheld or refused. All items are conditional here, and another department's.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { records } from '../../src/registries/index.ts';
import type { RecordType } from '../../src/registries/contract.ts';
import { shared, sharedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { granting, Pairs, valuesAtX } from './pairs.ts';
import type { Need, Pair } from './pairs.ts';

let hub: TestHub;
let open: TestHub;
let pairs: Pairs;
const proven = new Set<string>();
const answered = { pairs: 0, withValue: 0 };
let version = 0;

beforeAll(async () => {
  hub = await sharedHub({ item: (item) => ({ ...item, shareType: 'CONDITIONAL', keyShareType: null, ownerDepartment: 'another department' }) });
  open = await sharedHub({ item: shared });
  pairs = new Pairs(hub, open);
});
afterAll(async () => {
  await hub.close();
  await open.close();
});

const ask = (pair: Pair, needs: readonly Need[]) => hub.ask('police', pair.query, { variables: pair.variables, policy: granting(needs, `pair ${version += 1}`) });
const same = (one: Need, other: Need): boolean => one.item === other.item && one.use === other.use;

/** What is wrong with a pair; nothing if all is well. */
async function problems(pair: Pair): Promise<readonly string[]> {
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => { if (!holds) wrong.push(`${pair.at}: ${what}`); };
  const [all, granted] = [await open.ask('police', pair.query, { variables: pair.variables }), await ask(pair, pair.needs)];
  must(all.errors.length === 0, `cannot be asked: ${all.errors[0]?.message}`);
  must(granted.errors.length === 0, `was not answered though it was granted: ${granted.errors[0]?.message}`);
  must(JSON.stringify(granted.data) === JSON.stringify(all.data), 'was not answered as if everything were shared');
  const values = valuesAtX(all.data).filter((value) => value !== null);
  answered.pairs += 1;
  if (values.length > 0) answered.withValue += 1;
  for (const lacking of pair.own) {
    const denied = await ask(pair, pair.needs.filter((need) => !same(need, lacking)));
    const about = `without ${lacking.use} on ${lacking.item}`;
    switch (pair.without) {
      case 'refused':
        must(denied.data === undefined && denied.statements === 0, `ran ${about}`);
        must(denied.errors[0]?.extensions['code'] === ('FIND_NOT_SHARED' as never) && denied.errors[0].extensions['at'] === (pair.at as never), `was refused otherwise ${about}: ${denied.errors[0]?.message}`);
        break;
      case 'withheld':
        must(valuesAtX(denied.data).every((value) => value === null), `was answered ${about}`);
        must(denied.errors.filter(({ extensions }) => extensions['code'] === ('FIELD_NOT_SHARED' as never) && extensions['at'] === (pair.at as never) && extensions['item'] === (lacking.item as never)).length === 1, `was not told ${about}`);
        break;
      case 'absent':
        must(valuesAtX(denied.data).length === 0, `was there ${about}`);
        break;
    }
    proven.add(`${lacking.item} ${lacking.use}`);
  }
  return wrong;
}

describe('a pair for every coordinate', () => {
  test.each(records.map(({ type }) => type))('of %s', async (name) => {
    const wrong: string[] = [];
    for (const pair of await pairs.of(hub.schema.contract.types.get(name) as RecordType)) wrong.push(...await problems(pair));
    expect(wrong).toEqual([]);
  });

  test('and so for every item, in every use that anything asks of it', () => {
    expect([...pairs.uses()].filter((use) => !proven.has(use))).toEqual([]);
    expect([...hub.standing.catalog.codes()].filter((code) => ![...proven].some((use) => use.startsWith(`${code} `)))).toEqual([]);
    // Most coordinates have a value in the test county, so that what is withheld would have been there.
    expect(answered.pairs).toBeGreaterThan(1000);
    expect(answered.withValue / answered.pairs).toBeGreaterThan(0.8);
  });
});
