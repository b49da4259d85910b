/**
 * Rights that ended where the feed could not say so: while its cursor led nowhere, or before it began. What is held here by them goes by a
 * reconciliation that the pull asks for, and by every nightly one.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { acquireLease } from '../../src/db/lease.ts';
import type { Lease } from '../../src/db/lease.ts';
import { RegistryPull } from '../../src/sync/pull.ts';
import { ReconcileKeeper } from '../../src/sync/reconcile-keeper.ts';
import { division, Hubs } from './reconciling.ts';

let hubs: Hubs;
let pull: RegistryPull;
beforeAll(async () => {
  hubs = await Hubs.open();
  const lease = await acquireLease(hubs.lower.sql, 'pull', 'the tests', 3_600_000);
  pull = new RegistryPull('POPULATION', { city: hubs.city, writing, types: hubs.types, division }, lease as Lease);
}, 240_000);
afterAll(() => hubs.close());
beforeEach(() => { hubs.limits = { deletions: 0, deletionsShare: 0 }; });

const writing = () => hubs.writing(hubs.lower);
const keeper = () => new ReconcileKeeper({ city: hubs.city, writing, types: hubs.types, division, sql: hubs.lower.sql, limits: hubs.limits, tell: () => undefined });

/** Pulls until it is in step; the kinds of the steps. */
async function inStep(): Promise<readonly string[]> {
  const kinds: string[] = [];
  for (let n = 0; n < 100; n++) {
    const step = await pull.step();
    kinds.push(step.kind);
    if (step.kind === 'IN_STEP' || step.kind === 'TAKEN' && step.inStep) return kinds;
  }
  throw new Error('It does not come to be in step.');
}

async function marriages(side: 'upper' | 'lower' = 'lower'): Promise<number> {
  const { sql } = side === 'upper' ? hubs.upper.hub.database : hubs.lower;
  return (await sql<{ n: number }[]>`select count(*)::int as n from source_record where record_type = 'MarriageRecord' and not deleted and not starts_with(source, ${`${division}-`})`)[0]?.n ?? 0;
}
async function grantMarriages(): Promise<void> {
  await hubs.grant('R-M-1', ['RK-0300'], { uses: ['READ', 'EXIST'] });
  await hubs.grant('R-M-2', ['RK-0301', 'RK-0302', 'RK-0303', 'RK-0304']);
}
async function endMarriages(): Promise<void> {
  for (const approvalNo of ['R-M-1', 'R-M-2']) await hubs.endGrant(approvalNo);
}
const due = async (): Promise<string | null | undefined> => (await hubs.lower.sql<{ due: string | null }[]>`select reconcile_due as due from sync_feed where registry = 'POPULATION'`)[0]?.due;

test('copies that were held before the feed began, and may be had no more, go as soon as it is in step, and each night', async () => {
  hubs.limits = {};
  await hubs.tell('lower', [{ key: 'before-1', version: '1', values: { name: '先有' } }]);
  await inStep();
  expect(await hubs.names('lower')).toContain('先有');
  expect(await due()).toMatch(/began/);
  expect((await keeper().look())[0]).toMatchObject({ surplus: 1, healed: 1, halted: null });
  expect(await hubs.lower.sql`select because from sync_reconcile where side = 'CITY'`).toMatchObject([{ because: expect.stringMatching(/began/) as string }]);
  expect(await hubs.names('lower')).not.toContain('先有');
  expect(await due()).toBeNull();
  // What came otherwise, and later, goes in the night.
  await hubs.tell('lower', [{ key: 'before-2', version: '1', values: { name: '后有' } }]);
  expect(await keeper().look()).toEqual([]);
  Hubs.now += 86_400_000;
  expect((await keeper().look())[0]).toMatchObject({ surplus: 1, healed: 1, halted: null });
  expect(await hubs.lower.sql`select because from sync_reconcile where side = 'CITY' order by run desc limit 1`).toMatchObject([{ because: 'NIGHTLY' }]);
  expect(await hubs.names('lower')).not.toContain('后有');
});

test('a type that never came by the feed is left alone, though nothing of it may be had', async () => {
  const held = await marriages();
  expect(held).toBeGreaterThan(10);
  Hubs.now += 86_400_000;
  expect((await keeper().look())[0]).toMatchObject({ surplus: 0, missing: 0, different: 0, halted: null });
  expect(await marriages()).toBe(held);
});

test('copies of a type whose rights ended while the cursor led nowhere go by the rule of a lost right, and come back with it', async () => {
  await grantMarriages();
  await inStep();
  const [held, people] = [await marriages(), (await hubs.held('lower')).size];
  expect(held).toBe(await marriages('upper'));
  await hubs.upper.hub.database.sql`insert into hub_epoch (began_at) select max(began_at) + interval '1 second' from hub_epoch`;
  await endMarriages();
  expect(await inStep()).toContain('ANEW');
  // A snapshot tells nothing of them.
  expect(await marriages()).toBe(held);
  expect((await hubs.reconcile({ dryRun: true })).surplus).toBe(held);
  expect(await marriages()).toBe(held);
  // More than is believed of deletions: a right that was lost is no deletion.
  expect((await keeper().look())[0]).toMatchObject({ surplus: held, healed: held, halted: null });
  expect(await marriages()).toBe(0);
  expect((await hubs.lower.sql<{ n: number }[]>`select count(*)::int as n from marriage_record where not starts_with(source, ${`${division}-`})`)[0]?.n).toBe(0);
  expect((await hubs.held('lower')).size).toBe(people);
  await grantMarriages();
  await inStep();
  expect(await marriages()).toBe(held);
  await endMarriages();
  await inStep();
  expect(await marriages()).toBe(0);
});
