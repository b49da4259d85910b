/**
 * The query room: one asks as oneself, with the contract that one may see at hand, and is told what is wrong before and after.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

/** Milliseconds that a whole errand may take on a busy machine, with axe looking at every page. */
const slow = 120_000;

let hub: ConsoleHub;
beforeAll(async () => {
  hub = await consoleHub();
});
afterAll(() => hub?.close());

it('reads the contract, asks, completes, is corrected and refused', async () => {
  const at = await hub.openAs('security');
  const { page } = at;
  await at.go('/query');
  const operation = page.getByRole('textbox', { name: '查询语句' });
  const result = page.getByRole('textbox', { name: '结果' });
  await operation.press('Control+Enter');
  await result.getByText('"测试管理员 security"').waitFor();
  await page.getByRole('button', { name: '放入编辑器 me' }).waitFor();
  await at.picture('query');
  expect(await at.findings()).toEqual([]);

  await page.getByLabel('按名称或说明查找').fill('已登记的应用');
  await page.getByRole('button', { name: '放入编辑器 consumers' }).click();
  await page.getByRole('button', { name: '运行' }).click();
  await result.getByText('"test-police"').waitFor();
  await page.getByRole('button', { name: '[RegisteredConsumer!]!' }).click();
  await page.getByText('每分钟可获答复的查询次数').waitFor();
  await at.picture('query-type');

  // The editor knows the contract: it completes fields, and marks what is none.
  await operation.fill('{ me { departmentN');
  await page.keyboard.press('Control+Space');
  await page.getByRole('option', { name: 'departmentName' }).waitFor();
  await at.picture('query-complete');
  await page.keyboard.press('Escape');
  await operation.fill('{ me { departmentN } }');
  await page.locator('.cm-lint-marker-error').waitFor();
  await page.getByRole('button', { name: '运行' }).click();
  await page.getByText(/答复中有 1 处错误或拒绝/).waitFor();
  await at.picture('query-refused');
  expect(await at.findings()).toEqual([]);

  await operation.fill('query ($item: String!) { catalogItemStates(item: $item) { item { name } } }');
  await page.getByRole('button', { name: '整理' }).click();
  await page.getByText('变量', { exact: true }).click();
  await page.getByRole('textbox', { name: '变量' }).fill('{ "item": "RK-0001" }');
  await page.getByRole('textbox', { name: '变量' }).press('Control+Enter');
  await result.getByText('"公民身份号码"').first().waitFor();
  expect(await at.close()).toEqual([]);
}, slow);

it('each sees what is theirs; what is written is there when one comes back', async () => {
  const at = await hub.openAs('system', { language: 'en' });
  const { page } = at;
  await at.go('/query');
  await page.getByRole('textbox', { name: 'Operation' }).fill('{ auditState { records } }');
  await page.getByRole('button', { name: 'caret-right Run' }).click();
  await page.getByText(/errors or refusals in the answer/).waitFor();
  await page.getByRole('link', { name: 'Catalog', exact: true }).click();
  await page.getByRole('heading', { name: 'Catalog', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Query', exact: true }).click();
  await page.getByRole('textbox', { name: 'Operation' }).getByText('auditState').waitFor();
  expect(await at.close()).toEqual([]);
}, slow);
