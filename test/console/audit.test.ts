/**
 * The room of the audit: how the chain stands, a search by item and by person, a record in full, the page as a file. A person's number
 * is never in the address.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyOf, testMatter } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import { testPersonKey } from '../world/hub.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

let hub: ConsoleHub;
let asked = '';
beforeAll(async () => {
  hub = await consoleHub();
  const { idNumbers } = await somePeople(hub.hub.database);
  asked = idNumbers[0] ?? '';
  for (const id of idNumbers.slice(0, 2)) {
    await fetch(`${hub.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'authorization': `Bearer ${keyOf('market')}`, 'hub-matter': testMatter, 'hub-operator': 'clerk-7' }, body: JSON.stringify({ query: 'query ($id: String!) { person(idNumber: $id) { name maritalStatusCode } }', variables: { id } }) });
  }
  await hub.hub.audit.seal();
});
afterAll(() => hub?.close());

it('an audit administrator finds who was looked up, by item and by number, and takes the page away', async () => {
  const at = await hub.openAs('auditor');
  await at.go('/audit');
  await at.page.getByText('末端完好').waitFor();
  await at.page.getByRole('cell', { name: 'Query.person' }).first().waitFor();
  await at.picture('audit');
  expect(await at.findings()).toEqual([]);
  await at.page.getByLabel('当事人').fill('1234');
  await at.page.getByRole('button', { name: '检索' }).click();
  await at.page.getByText('应为 18 位身份证号').waitFor();
  await at.page.getByLabel('当事人').fill(asked);
  await at.page.getByRole('button', { name: '检索' }).click();
  const rows = at.page.locator('tr[data-row-key]');
  await rows.nth(1).waitFor({ state: 'detached' });
  expect(await rows.filter({ hasText: 'Query.person' }).count()).toBe(1);
  expect(decodeURIComponent(at.page.url())).not.toContain(asked);
  await at.page.getByRole('button', { name: '详情' }).click();
  await at.page.getByRole('dialog').getByText(testPersonKey(asked)).waitFor();
  await at.page.getByRole('dialog').getByText('clerk-7').waitFor();
  await at.picture('audit-record');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('dialog').getByRole('button', { name: /close|关闭/i }).first().click();
  const [download] = await Promise.all([at.page.waitForEvent('download'), at.page.getByRole('button', { name: '导出本页 CSV' }).click()]);
  const csv = readFileSync(await download.path(), 'utf8');
  expect(csv.trim().split('\r\n')).toHaveLength(2);
  expect(csv).toContain(testPersonKey(asked));
  expect(csv).not.toContain(asked);
  // Another search, of an item that nobody was given.
  await at.page.getByRole('button', { name: '清除' }).click();
  await rows.nth(1).waitFor();
  await at.page.getByLabel('信息项').fill('RK-0013');
  await at.page.getByTitle(/RK-0013/).click();
  await at.page.getByRole('button', { name: '检索' }).click();
  await at.page.getByText('没有符合的记录').waitFor();
  expect(at.page.url()).toContain('item=RK-0013');
  expect(await at.close()).toEqual([]);
});

it('a chain that does not fit is told of, with what to do', async () => {
  const { sql } = hub.hub.database;
  await sql.begin(async (tx) => {
    await tx`alter table audit_head disable trigger audit_head_is_final`;
    await tx`update audit_head set hash = 'x' where seal = (select max(n) from audit_seal)`;
  });
  const at = await hub.openAs('auditor', { language: 'en' });
  await at.go('/audit');
  await at.page.getByRole('alert').getByText('problems found').waitFor();
  await at.picture('audit-broken');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});

it('is no room of anybody else', async () => {
  const at = await hub.openAs('steward');
  expect(await at.go('/audit')).toBe(403);
  expect(await at.close()).toEqual([]);
});
