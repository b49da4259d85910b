/**
 * View as: what an operation would get for an application, place by place, and why; and for a steward, what of his department's items.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testMatter } from '../world/callers.ts';
import type { AdministratorName } from '../world/callers.ts';
import type { ConsolePage } from './browser.ts';
import { consoleHub } from './hub.ts';
import type { ConsoleHub } from './hub.ts';

let served: ConsoleHub;
beforeAll(async () => {
  served = await consoleHub();
});
afterAll(() => served?.close());

async function enter(name: AdministratorName, path: string): Promise<ConsolePage> {
  const at = await served.openAs(name);
  expect(await at.go(path)).toBe(200);
  return at;
}

it('an operation that is picked, for an application and a matter', async () => {
  const at = await enter('security', `/view-as?consumer=test-market&matter=${testMatter}`);
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await at.page.getByText(/会答复：\d+ 处可得/).waitFor();
  const row = (place: string) => at.page.getByRole('row').filter({ hasText: place });
  await row('Person.name').getByText('可得').waitFor();
  await row('Person.idNumber').getByText('不可得').waitFor();
  await at.picture('view-as');
  expect(await at.findings()).toEqual([]);
  await at.page.getByText('不可得', { exact: false }).first().waitFor();
  await at.page.getByRole('button', { name: '地名一览' }).click();
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await row('PlaceName.standardName').waitFor();
  await at.page.getByRole('button', { name: '按名称查法人' }).click();
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await row('LegalEntity.uscc').waitFor();
  expect(await at.close()).toEqual([]);
});

it('an operation that is pasted, and would be refused', async () => {
  const at = await enter('security', '/view-as');
  await at.page.getByText('先选择一个应用').waitFor();
  await at.page.getByRole('combobox', { name: '应用' }).fill('test-market');
  await at.page.keyboard.press('Enter');
  await at.page.getByLabel('查询（GraphQL）').fill('{ person(idNumber: "622326198001010010") { name } }');
  await at.page.getByLabel('变量（JSON，可空）').fill('[1]');
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await at.page.getByText('变量须是一个 JSON 对象').waitFor();
  await at.page.getByLabel('变量（JSON，可空）').fill('');
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await at.page.getByText('整项操作会被拒绝').waitFor();
  await at.page.getByText('no purpose was given').first().waitFor();
  await at.picture('view-as-refused');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('tab', { name: '全部信息项' }).click();
  await at.page.getByRole('row').filter({ hasText: 'FR-0001' }).first().waitFor();
  await at.picture('view-as-items');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});

it('a steward is told of his own items', async () => {
  const at = await enter('civilSteward', '/view-as?consumer=test-civilAffairs');
  await at.page.getByLabel('按名称或代码查找').fill('RK-0013');
  await at.page.getByRole('row').filter({ hasText: 'RK-0013' }).first().waitFor();
  await at.page.getByLabel('按名称或代码查找').fill('RK-0001');
  await at.page.getByText('没有可使用的信息项').waitFor();
  expect(await at.page.getByRole('tab').count()).toBe(0);
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});
