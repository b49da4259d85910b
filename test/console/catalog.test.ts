/**
 * The catalog's room: an item is found by its name or its code, and its page says what it is, on what condition it is shared and
 * who may use it.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

let hub: ConsoleHub;
beforeAll(async () => {
  hub = await consoleHub();
});
afterAll(() => hub?.close());

it('an item by its name, its code and its library; what it is, who may use it, what it was', async () => {
  const at = await hub.openAs('security');
  await at.go('/catalog');
  await at.page.getByRole('cell', { name: 'FR-0000' }).waitFor();
  await at.picture('catalog');
  expect(await at.findings()).toEqual([]);
  await at.page.getByLabel('按名称或代码查找').fill('公民身份号码');
  await at.page.getByRole('link', { name: 'RK-0001' }).waitFor();
  await at.page.getByLabel('按名称或代码查找').fill('rk-0007');
  await at.page.getByText('共 1 条').waitFor();
  await at.page.getByRole('link', { name: 'RK-0007' }).click();
  await at.page.getByRole('heading', { name: '出生日期' }).waitFor();
  await at.page.getByText('Person.birthDate', { exact: true }).waitFor();
  await at.page.getByText('Date of birth').waitFor();
  await at.picture('catalog-item');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('tab', { name: '谁可使用' }).click();
  await at.page.getByText('测试应用 police').waitFor();
  await at.picture('catalog-item-who');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('tab', { name: '变更历史' }).click();
  await at.page.getByText('现行').waitFor();
  await at.picture('catalog-item-history');
  expect(await at.close()).toEqual([]);
});

it('a system administrator reads what an item is, and is told who reads the rest', async () => {
  const at = await hub.openAs('system');
  await at.go('/catalog/items/RK-0007?tab=who');
  await at.page.getByText('由其提供部门的部门专员和数据主管部门的安全、审计管理员查看').waitFor();
  await at.go('/catalog/items/RK-9999');
  await at.page.getByText('目录中没有信息项 RK-9999').waitFor();
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});

it('resources', async () => {
  const at = await hub.openAs('security');
  await at.go('/catalog?list=resources');
  await at.page.getByRole('columnheader', { name: '信息项数' }).waitFor();
  await at.picture('catalog-resources');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});
