/**
 * The room of the evaluation: sums, charts and tables of a period, and the report as a file; the data authority sees all departments,
 * others themselves.
 */
import { readFileSync } from 'node:fs';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConsolePage } from './browser.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

let hub: ConsoleHub;
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
beforeAll(async () => {
  hub = await consoleHub();
  const { sql } = hub.hub.database;
  // Days long past are complete, and are not counted again by the hub that runs.
  const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
  await sql`delete from evaluation_day`;
  await sql`insert into evaluation_day (day, counted_at, complete) values (${yesterday}, ${`${today}T00:00:00+08:00`}, true)`;
  const figures = [['620623-MZ', 'ANSWERS', 1280], ['620623-MZ', 'ITEMS', 5120], ['620623-MZ', 'REQUESTS', 340], ['620623-MZ', 'PAPERS_ASKED', 410], ['620623-MZ', 'PAPERS_SAVED', 365], ['620623-GA', 'ANSWERS', 5230], ['620623-GA', 'ITEMS', 20110], ['620623-SC', 'REQUESTS', 4170], ['620623-SC', 'REFUSED', 83]] as const;
  for (const [department, figure, count] of figures) await sql`insert into evaluation_figure (day, department_code, figure, count) values (${yesterday}, ${department}, ${figure}, ${count})`;
  await sql`insert into deadline (subject, rule, department_code, started_on, working_days, due_on, provisional, met_on) values ('E-1', 'conditional', '620623-MZ', ${yesterday}, 1, ${yesterday}, false, ${yesterday}), ('E-2', 'conditional', '620623-GA', ${yesterday}, 1, ${yesterday}, false, null)`;
});
afterAll(() => hub?.close());

const saved = async (at: ConsolePage, name: string): Promise<Buffer> => {
  const [download] = await Promise.all([at.page.waitForEvent('download'), at.page.getByRole('button', { name }).click()]);
  return readFileSync(await download.path());
};

it('an auditor sees every department, chooses one, and takes the report away', async () => {
  const at = await hub.openAs('auditor');
  await at.go('/evaluation');
  await at.page.getByRole('figure', { name: /各部门：提供与使用次数/ }).waitFor();
  await at.page.locator('svg text', { hasText: '天祝县公安局' }).first().waitFor();
  await at.picture('evaluation-charts');
  expect(await at.findings()).toEqual([]);
  await at.page.getByText('50%').waitFor();
  await at.page.getByRole('tab', { name: '各部门' }).click();
  await at.page.getByRole('cell', { name: '20,110' }).waitFor();
  await at.picture('evaluation-departments');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('tab', { name: '授权使用' }).click();
  await at.page.getByText('已生效三十天以上').waitFor();
  expect(await at.findings()).toEqual([]);
  const csv = (await saved(at, '下载 CSV')).toString('utf8');
  expect(csv).toMatch(/^\uFEFF月份 · Month,/);
  expect(csv).toContain('620623-GA,天祝县公安局,0,5230,20110');
  const rows = await readSheet(await saved(at, '下载 Excel'), 2);
  expect(rows.find((row) => row[1] === '620623-GA')?.slice(4, 6)).toEqual([5230, 20110]);
  await at.page.getByRole('combobox', { name: '部门' }).click();
  await at.page.locator('.ant-select-item-option', { hasText: '天祝县民政局' }).click();
  await at.page.getByText('应交 410 份').waitFor();
  await at.page.locator('.ant-statistic-content-value', { hasText: '6,510' }).waitFor({ state: 'detached' });
  expect(at.page.url()).toContain('department=620623-MZ');
  expect(await at.close()).toEqual([]);
});

it('a department sees itself, in English, on a tablet', async () => {
  const at = await hub.openAs('civilSteward', { width: 820, height: 1180, language: 'en' });
  await at.go('/evaluation?tab=departments');
  await at.page.getByText('of 410 asked').waitFor();
  expect(await at.page.getByText('公安局').count()).toBe(0);
  await at.picture('evaluation-tablet');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});
