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

it('a steward changes how an item is shared; it is in force, and in the history', async () => {
  const at = await hub.openAs('civilSteward');
  await at.go('/catalog/items/RK-0013?tab=what');
  await at.page.getByRole('button', { name: '变更共享条件' }).click();
  await at.page.getByRole('dialog').getByLabel('共享条件或不予共享依据').fill('');
  await at.page.getByRole('button', { name: '保存' }).click();
  await at.page.getByText('有条件共享须列明条件，不予共享须有依据').waitFor();
  await at.picture('catalog-set-sharing');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('dialog').getByLabel('共享条件或不予共享依据').fill('婚姻登记、社会救助等事项凭办件编号查询');
  await at.page.getByRole('button', { name: '保存' }).click();
  await at.page.getByRole('cell', { name: '婚姻登记、社会救助等事项凭办件编号查询' }).waitFor();
  await at.page.getByRole('tab', { name: '变更历史' }).click();
  await at.page.getByText('由 test-civilSteward').waitFor();
  expect(await at.close()).toEqual([]);
});

it('a resource is drafted anew, submitted, looked over and published by the authority', async () => {
  const at = await hub.openAs('civilSteward');
  await at.go(`/catalog/resources/${encodeURIComponent('101004/000001')}`);
  await at.page.getByRole('button', { name: '起草变更' }).click();
  await at.page.getByLabel('摘要').fill('本县婚姻登记机关办理的结婚、离婚登记及补领证件信息');
  await at.picture('catalog-edit');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('button', { name: '保存草案' }).click();
  await at.page.getByText('与现行目录的差异').waitFor();
  const path = new URL(at.page.url()).pathname;
  await at.page.getByRole('button', { name: '提交' }).click();
  await at.page.getByRole('dialog').getByRole('button', { name: '提交' }).click();
  await at.page.getByText('待审核', { exact: true }).waitFor();
  expect(await at.close()).toEqual([]);

  // Those who oversee read it, and have no button for it.
  for (const name of ['security', 'auditor'] as const) {
    const overseer = await hub.openAs(name);
    await overseer.go('/catalog?list=drafts');
    await overseer.page.getByRole('row').filter({ hasText: '待审核' }).getByText('天祝县民政局').waitFor();
    expect(await overseer.page.getByRole('button', { name: /新建资源|导入/ }).count()).toBe(0);
    await overseer.picture(`catalog-drafts-${name}`);
    expect(await overseer.findings()).toEqual([]);
    await overseer.page.getByRole('link', { name: decodeURIComponent(path.split('/')[3] ?? '') }).click();
    await overseer.page.getByRole('cell', { name: '本县婚姻登记机关办理的结婚、离婚登记及补领证件信息' }).waitFor();
    expect(await overseer.page.getByRole('button', { name: /发布|退回|提交|放弃|修改/ }).count()).toBe(0);
    expect(await overseer.close()).toEqual([]);
  }

  const authority = await hub.openAs('steward');
  await authority.go('/catalog?list=drafts');
  await authority.page.getByRole('link', { name: decodeURIComponent(path.split('/')[3] ?? '') }).click();
  await authority.page.getByRole('cell', { name: '本县婚姻登记机关办理的结婚、离婚登记及补领证件信息' }).waitFor();
  await authority.picture('catalog-draft');
  expect(await authority.findings()).toEqual([]);
  await authority.page.getByRole('button', { name: '发布' }).click();
  await authority.page.getByRole('dialog').getByRole('button', { name: '发布' }).click();
  await authority.page.getByText('已发布', { exact: true }).waitFor();
  await authority.go(`/catalog/resources/${encodeURIComponent('101004/000001')}`);
  await authority.page.getByRole('cell', { name: '本县婚姻登记机关办理的结婚、离婚登记及补领证件信息' }).waitFor();
  const file = authority.page.waitForEvent('download');
  await authority.go('/catalog');
  await authority.page.getByRole('button', { name: '导出' }).click();
  await authority.page.getByRole('menuitem', { name: '目录表（CSV）' }).click();
  expect((await file).suggestedFilename()).toMatch(/^catalog-[\d-]+\.csv$/);
  expect(await authority.close()).toEqual([]);
}, 180_000);
