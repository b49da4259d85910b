/**
 * One signature for receipts that are issued together: whoever is on the way is waited for, whoever leaves is not, and nobody is waited
 * for beyond the time that a signature takes.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyProviderOf, newKeySet } from '../../src/identity/key-provider.ts';
import { isAmong, Receipts } from '../../src/receipts/receipt.ts';
import type { Assertion, IssuedReceipt } from '../../src/receipts/receipt.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;
/** Waits for longer than any test takes, so that a busy machine changes nothing. */
let receipts: Receipts;
const keys = keyProviderOf(newKeySet());
beforeAll(async () => {
  hub = await clonedHub();
  receipts = new Receipts(hub.database.sql, keys, 600_000);
});
afterAll(() => hub?.close());

const assertion: Assertion = { at: '2026-11-24T02:01:00.000Z', asOf: '2026-11-24', hub: '620623', consumer: 'test-civilAffairs', department: '620623-MZ', matter: 'T', version: 1, caseNo: null, operator: null, policy: '1', request: 'r', facts: [] };
const exchange = { question: { a: 1 }, answer: { b: 2 } };
const signedWith = ({ signed, document }: IssuedReceipt): number => (isAmong(document, signed) ? signed.split('\n').length : 0);

test('whoever is on the way is signed for with whoever is there', async () => {
  const [first, second] = [receipts.expect(), receipts.expect()];
  const early = first.issue(assertion, exchange);
  await new Promise((turn) => { setImmediate(() => setImmediate(turn)); });
  const late = second.issue(assertion, exchange);
  const [one, other] = await Promise.all([early, late]);
  expect([signedWith(one), signedWith(other), one.signature === other.signature]).toEqual([2, 2, true]);
  expect(one.id).not.toBe(other.id);
  expect((await hub.database.sql`select id::text from receipt where id = any (${[one.id, other.id]}::uuid[])`).length).toBe(2);
});

test('whoever leaves is not waited for, and may leave twice', async () => {
  const [first, second] = [receipts.expect(), receipts.expect()];
  const early = first.issue(assertion, exchange);
  second.leave();
  second.leave();
  expect(signedWith(await early)).toBe(1);
  // Nothing is left over: the next one is waited for again.
  const [third, fourth] = [receipts.expect(), receipts.expect()];
  const both = [third.issue(assertion, exchange), fourth.issue(assertion, exchange)];
  expect((await Promise.all(both)).map(signedWith)).toEqual([2, 2]);
});

test('whoever stays away holds nobody up', async () => {
  const hurried = new Receipts(hub.database.sql, keys);
  const absent = hurried.expect();
  expect(signedWith(await hurried.issue(assertion, exchange))).toBe(1);
  absent.leave();
});
