/**
 * That something is being checked is told where the value may be known: a field that a bound hides on this record says nothing of that.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { grantEverything, registerApplications } from './errands/departments.ts';
import { tell, told, town } from './errands/town.ts';

const matter = '620623-MZ-GL';
const headers = { 'hub-matter': matter, 'hub-case': 'U-1' };
let hub: TestHub;
let items: readonly string[];

beforeAll(async () => {
  hub = await clonedHub();
  await registerApplications(hub);
  const fields = hub.schema.contract.types.get('Person')?.fields;
  items = ['residenceAddress', 'residenceDivisionCode'].flatMap((name) => fields?.get(name)?.items ?? []);
  await grantEverything(hub, 'civilAffairs', 'U-ALL', items);
  await tell(hub, told);
  const opened = await hub.ask('civilAffairs', `mutation { openCase(matter: "${matter}", caseNo: "U-1", subjects: [{ idNumber: "${town.grandmother}" }]) { caseNo } }`, { headers: { 'hub-matter': matter } });
  expect(opened.errors).toEqual([]);
}, 120_000);
afterAll(() => hub?.close());

const village = async () => {
  const answer = await hub.ask('civilAffairs', `{ lookup(subjects: [{ role: "applicant", idNumber: "${town.grandmother}" }]) { facts { code status value } } }`, { headers });
  expect([answer.errors, answer.statements]).toEqual([[], 1]);
  return (answer.data as unknown as { readonly lookup: { readonly facts: readonly { readonly code: string; readonly status: string; readonly value: unknown }[] } }).lookup.facts.find(({ code }) => code === 'village');
};
const lives = (codes: readonly string[]) => ({ bounds: [{ division: { by: 'RESIDENCE', codes } }] });
const grant = async (approvalNo: string, more: object) => expect((await grantTo(hub, 'test-civilAffairs', approvalNo, items.map((item) => ({ item, uses: ['READ', 'VERIFY'], ...more })))).errors).toEqual([]);

test('a doubted field says so on rows where it is shown, and nothing where a bound hides it', async () => {
  await grant('U-HERE', lives(['620623100']));
  const before = await village();
  expect(before).toMatchObject({ status: 'HELD', value: { residenceDivisionCode: town.village } });
  const reported = await hub.ask('civilAffairs', 'mutation ($report: DiscrepancyInput!) { reportDiscrepancy(report: $report, idempotencyKey: "under-check-1") { checks { id } } }', {
    variables: { report: { type: 'Person', key: town.grandmother, because: '本人已迁走', items: [{ field: 'residenceAddress' }] } }, headers,
  });
  expect([reported.errors, (reported.data as unknown as { readonly reportDiscrepancy: { readonly checks: readonly unknown[] } }).reportDiscrepancy.checks.length]).toEqual([[], 1]);
  expect(await village()).toEqual({ ...before, status: 'UNDER_CHECK' });
  await decided(hub, 'mutation { endGrant(approvalNo: "U-HERE") }');
  await grant('U-ELSEWHERE', lives(['620623101']));
  expect(await village()).toEqual({ code: 'village', status: 'NOT_HELD', value: null });
});
