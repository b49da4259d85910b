/**
 * The room of applications: a steward applies from a query, the authority passes it, a provider approves some items and refuses
 * another with its reason; each finds it in the inbox when it is his turn, and on paper there is nothing to click on. What is in force
 * is renewed, and what renews it takes its place.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerOther } from '../world/callers.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

let hub: ConsoleHub;
beforeAll(async () => {
  hub = await consoleHub();
  await registerOther(hub.hub.database, 'other-market-steward', '620623-SC', 'STEWARD');
  await registerOther(hub.hub.database, 'other-police-steward', '620623-GA', 'STEWARD');
});
afterAll(() => hub?.close());

let number = '';

it('a steward applies for what a query lacks', async () => {
  const at = await hub.openAs('other-market-steward');
  await at.go('/applications');
  await at.page.getByText('没有待办理的申请').waitFor();
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('button', { name: '新建申请' }).click();
  await at.choose('申请的应用', 'test-market');
  await at.page.getByText('从查询').click();
  await at.page.getByLabel('GraphQL 查询').fill('{ person(idNumber: "622326199001010019") { name formerName nameTibetan ethnicityCode } }');
  await at.page.getByRole('button', { name: '查看所需信息项' }).click();
  await at.page.getByRole('cell', { name: '曾用名' }).first().waitFor();
  await at.picture('applications-needed');
  expect(await at.findings()).toEqual([]);
  await at.choose('适用事项', 'TEST-ANY-PURPOSE');
  await at.page.getByLabel('使用依据').fill('市场主体登记管理条例第十九条');
  await at.page.getByLabel('使用场景').fill('登记窗口核对申请人信息');
  await at.page.getByLabel('用途').fill('核实申请人曾用名与民族');
  await at.page.getByRole('button', { name: '生成申请草稿' }).click();
  await at.page.getByText('草稿', { exact: true }).first().waitFor();
  await at.picture('applications-draft');
  number = decodeURIComponent(new URL(at.page.url()).pathname.split('/')[2] ?? '');
  await at.page.getByRole('button', { name: '修改' }).click();
  await at.page.getByRole('dialog').getByLabel('用途').fill('核实申请人曾用名、民族与藏文姓名');
  await at.picture('applications-edit');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await at.page.getByRole('cell', { name: '核实申请人曾用名、民族与藏文姓名' }).waitFor();
  await at.page.getByRole('button', { name: '提交' }).click();
  await at.page.getByRole('dialog').getByRole('button', { name: '提交' }).click();
  await at.page.getByText('待形式审核').first().waitFor();
  expect(await at.close()).toEqual([]);
});

it('the authority finds it in the inbox with its deadline, and passes it', async () => {
  const at = await hub.openAs('steward');
  await at.go('/applications');
  await at.page.getByRole('link', { name: number }).waitFor();
  await at.page.getByText(/^剩 \d+ 天$|^今日到期$/).first().waitFor();
  await at.picture('applications-inbox');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('link', { name: number }).click();
  await at.page.getByRole('button', { name: '退回修改' }).click();
  await at.page.getByRole('dialog').getByRole('button', { name: '退回修改' }).click();
  await at.page.getByText('请说明').waitFor();
  await at.picture('applications-return');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
  await at.page.getByRole('button', { name: '通过形式审核' }).click();
  await at.page.getByRole('dialog').getByRole('button', { name: '通过形式审核' }).click();
  await at.page.getByText('待部门答复').first().waitFor();
  expect(await at.close()).toEqual([]);
});

it('a provider approves some and refuses one, with its reason', async () => {
  const at = await hub.openAs('other-police-steward');
  await at.go('/applications');
  await at.page.getByRole('link', { name: number }).click();
  await at.page.getByRole('heading', { name: number }).waitFor();
  await at.page.getByRole('button', { name: '提交答复' }).click();
  await at.page.getByText('同意 0 项，不同意 0 项，未决 3 项').waitFor();
  await at.page.getByRole('checkbox', { name: '曾用名' }).check();
  await at.page.getByRole('checkbox', { name: '民族' }).check();
  await at.page.getByRole('button', { name: '同意所选 2 项', exact: true }).click();
  await at.page.getByLabel('审批: 藏文姓名').getByText('不同意').click();
  await at.page.getByRole('button', { name: '提交答复' }).click();
  await at.page.getByText('不同意须说明理由', { exact: false }).last().waitFor();
  await at.page.getByLabel('不同意“藏文姓名”的理由').fill('登记业务不需要藏文姓名');
  await at.picture('applications-review');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('button', { name: '提交答复' }).click();
  await at.page.getByText('生效', { exact: true }).first().waitFor();
  await at.page.getByText('登记业务不需要藏文姓名').waitFor();
  await at.picture('applications-decided');
  expect(await at.findings()).toEqual([]);
  await at.page.emulateMedia({ media: 'print' });
  await at.page.getByText('政务数据共享申请审批单').waitFor();
  expect(await at.page.getByRole('button').filter({ visible: true }).count()).toBe(0);
  await at.picture('applications-paper');
  expect(await at.close()).toEqual([]);
});

it('who oversees reads it and moves nothing', async () => {
  const at = await hub.openAs('auditor');
  await at.go(`/applications/${encodeURIComponent(number)}`);
  await at.page.getByText('登记业务不需要藏文姓名').waitFor();
  expect(await at.page.getByRole('button', { name: /撤销|中止/ }).count()).toBe(0);
  expect(await at.close()).toEqual([]);
});

it('what is in force is renewed: what renews it goes the same way, and takes its place', async () => {
  const at = await hub.openAs('other-market-steward');
  const { page } = at;
  await at.go(`/applications/${encodeURIComponent(number)}`);
  await page.getByRole('button', { name: '续展' }).click();
  const last = new Date(Date.now() + 700 * 86_400_000).toISOString().slice(0, 10);
  const day = page.getByRole('dialog').getByLabel('有效至');
  await day.waitFor();
  await at.picture('applications-renew');
  expect(await at.findings()).toEqual([]);
  await day.fill(last);
  // It takes the day, and sends the form.
  await day.press('Enter');
  // A renewal says what it renews, and has its last day.
  await page.getByRole('cell', { name: number }).waitFor();
  await page.getByText(`— ${last}`).waitFor();
  const renewal = decodeURIComponent(new URL(page.url()).pathname.split('/')[2] ?? '');
  expect(renewal).not.toBe(number);
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '提交' }).click();
  await page.getByText('待形式审核').first().waitFor();
  await at.picture('applications-renewal');
  expect(await at.findings()).toEqual([]);

  const authority = await hub.openAs('steward');
  await authority.go(`/applications/${encodeURIComponent(renewal)}`);
  await authority.page.getByRole('button', { name: '通过形式审核' }).click();
  await authority.page.getByRole('dialog').getByRole('button', { name: '通过形式审核' }).click();
  await authority.page.getByText('待部门答复').first().waitFor();
  expect(await authority.close()).toEqual([]);
  const provider = await hub.openAs('other-police-steward');
  await provider.go(`/applications/${encodeURIComponent(renewal)}`);
  await provider.page.getByRole('checkbox', { name: '曾用名' }).check();
  await provider.page.getByRole('checkbox', { name: '民族' }).check();
  await provider.page.getByRole('button', { name: '同意所选 2 项', exact: true }).click();
  await provider.page.getByRole('button', { name: '提交答复' }).click();
  await provider.page.getByText('生效', { exact: true }).first().waitFor();
  expect(await provider.close()).toEqual([]);
  await at.go(`/applications/${encodeURIComponent(number)}`);
  await page.getByText('被替代', { exact: true }).first().waitFor();
  expect(await page.getByRole('button', { name: '续展' }).count()).toBe(0);
  const [own] = await hub.hub.database.sql<{ renewed: boolean; old: boolean }[]>`select exists (select from sharing_grant where approval_no = ${renewal}) as renewed, exists (select from sharing_grant where approval_no = ${number}) as old`;
  expect(own).toEqual({ renewed: true, old: false });
  expect(await at.close()).toEqual([]);
}, 120_000);
