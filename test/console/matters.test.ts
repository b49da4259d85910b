/**
 * The matters' room: whoever may, drafts the next version, is told what is wrong where it is wrong, runs it and publishes it; what it
 * takes is applied for; everybody else reads.
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

it('a steward of the data authority drafts the next version, and corrects it', async () => {
  const at = await hub.openAs('steward');
  const { page } = at;
  await at.go('/matters');
  // Also of departments that provide no item and have no application.
  await page.getByRole('cell', { name: '天祝县农业农村局' }).waitFor();
  await page.getByRole('cell', { name: /国家税务总局天祝县税务局/ }).waitFor();
  expect((await page.getByRole('cell').allInnerTexts()).filter((text) => /\b620623-[A-Z]{2}\b(?!-)/.test(text))).toEqual([]);
  await page.getByLabel('按名称或编码查找').fill('高龄');
  await page.getByRole('link', { name: '620623-MZ-GL' }).waitFor();
  await at.picture('matters');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('link', { name: '620623-MZ-GL' }).click();
  await page.getByRole('heading', { name: '高龄津贴' }).waitFor();
  await page.getByRole('cell', { name: 'age >= 80' }).waitFor();
  await at.picture('matter');
  expect(await at.findings()).toEqual([]);

  await page.getByRole('button', { name: '起草下一版' }).click();
  await page.getByRole('menuitem', { name: '年满八十周岁' }).click();
  await page.getByLabel('判断式').fill('agee >= 70');
  await page.getByLabel('事实名称').fill('年满七十周岁');
  await page.getByRole('menuitem', { name: '居住的村' }).click();
  await page.getByLabel('所取字段').fill('{ residence }');
  await page.getByRole('button', { name: '保存草稿' }).click();
  await page.getByText('有 2 处需要更正').waitFor();
  await page.getByRole('alert').filter({ hasText: 'agee' }).waitFor();
  await at.picture('matter-draft-faults');
  expect(await at.findings()).toEqual([]);
  await page.getByLabel('判断式').fill('age >= 70');
  await page.getByRole('menuitem', { name: '居住的村' }).click();
  await page.getByRole('alert').filter({ hasText: 'residence' }).waitFor();
  await page.getByLabel('所取字段').fill('{ residenceAddress }');
  expect(await page.getByRole('button', { name: '发布', exact: true }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: '保存草稿' }).click();
  await page.getByText('改后尚未试运行').waitFor();
  await page.getByText('草稿已保存').waitFor();
  await at.picture('matter-draft');
  await page.getByRole('menuitem', { name: '申报项' }).click();
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
}, slow);

it('whoever was slower is told, and keeps what he has written', async () => {
  const [at, other] = await Promise.all([hub.openAs('steward'), hub.openAs('steward')]);
  for (const open of [at, other]) {
    await open.go('/matters/620623-MZ-GL');
    await open.page.getByRole('menuitem', { name: '年满七十周岁' }).click();
  }
  await at.page.getByLabel('事实名称').fill('满七十周岁');
  await at.page.getByRole('button', { name: '保存草稿' }).click();
  await at.page.getByText('草稿已保存').waitFor();
  await other.page.getByLabel('事实名称').fill('七十周岁以上');
  await other.page.getByRole('button', { name: '保存草稿' }).click();
  await other.page.getByRole('alert').filter({ hasText: '别人刚改过这份草稿' }).waitFor();
  expect(await other.page.getByLabel('事实名称').inputValue()).toBe('七十周岁以上');
  await other.picture('matter-draft-overtaken');
  expect(await other.findings()).toEqual([]);
  await other.page.getByRole('button', { name: '放弃修改' }).click();
  await other.page.getByRole('menuitem', { name: '满七十周岁', exact: false }).click();
  expect(await other.page.getByLabel('事实名称').inputValue()).toBe('满七十周岁');
  await other.page.getByLabel('事实名称').fill('年满七十周岁');
  await other.page.getByRole('button', { name: '保存草稿' }).click();
  await other.page.getByText('草稿已保存').waitFor();
  expect([await at.close(), await other.close()]).toEqual([[], []]);
}, slow);

it('runs the draft and publishes it', async () => {
  const at = await hub.openAs('steward');
  const { page } = at;
  await at.go('/matters/620623-MZ-GL?version=2');
  await page.getByText('改后尚未试运行').waitFor();
  await page.getByRole('tab', { name: '试运行' }).click();
  await page.getByRole('button', { name: '试运行' }).click();
  await page.getByText(/7 项事实/).waitFor();
  await page.getByRole('cell', { name: '年满七十周岁' }).waitFor();
  await at.picture('matter-test-run');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByRole('dialog').getByText('此后新开的办件即按此版答复').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '发布' }).click();
  await page.getByText(/发布于/).waitFor();
  const who = await hub.signedIn('steward');
  const versions = await who.ask('{ matterVersions(matter: "620623-MZ-GL") { version state } }');
  expect(versions.json['data']).toEqual({ matterVersions: [{ version: 2, state: 'PUBLISHED' }, { version: 1, state: 'PUBLISHED' }] });
  expect(await at.close()).toEqual([]);
}, slow);

it('a department\'s steward sees what is lacking and applies for it', async () => {
  const at = await hub.openAs('civilSteward');
  const { page } = at;
  await at.go('/matters/620623-MZ-CJ?tab=needed');
  await page.getByText(/尚缺 \d+ 项/).waitFor();
  await at.picture('matter-needed');
  await page.getByRole('button', { name: /申请尚缺的/ }).click();
  await page.getByLabel('使用依据').fill('《社会救助暂行办法》第九条');
  await page.getByLabel('用途').fill('审核残疾人两项补贴');
  const soon = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('至何日止').fill(soon);
  await page.getByLabel('至何日止').press('Enter');
  await at.picture('matter-apply');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('button', { name: '起草申请' }).click();
  await page.getByText(/已起草申请/).waitFor();
  // It is a draft of just that, which he looks over and submits.
  await page.getByText('审核残疾人两项补贴').waitFor();
  await page.getByText('620623-MZ-CJ', { exact: true }).waitFor();
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '提交' }).click();
  await page.getByText('待形式审核').first().waitFor();
  await at.picture('matter-applied');
  expect(await at.findings()).toEqual([]);
  const applied = await (await hub.signedIn('civilSteward')).ask('{ applications { nodes { state matters } } }');
  expect(applied.json['data']).toEqual({ applications: { nodes: [{ state: 'SUBMITTED', matters: ['620623-MZ-CJ'] }] } });
  expect(await at.close()).toEqual([]);
}, slow);

it('who answers a fact from his desk is called by name, and chosen by it', async () => {
  const at = await hub.openAs('steward');
  const { page } = at;
  await at.go('/matters/620623-NY-BT');
  await page.getByRole('cell', { name: '天祝县农业农村局，5 个工作日内答复' }).waitFor();
  await at.picture('matter-desk');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('button', { name: '起草下一版' }).click();
  await page.getByRole('menuitem', { name: '承包地、草场实际种养面积' }).click();
  await page.getByRole('combobox', { name: '答复部门' }).fill('税务');
  await page.keyboard.press('Enter');
  await page.getByText('国家税务总局天祝县税务局 620623-SW').filter({ visible: true }).first().waitFor();
  await at.picture('matter-desk-chosen');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('button', { name: '保存草稿' }).click();
  await page.getByText('草稿已保存').waitFor();
  const session = await hub.signedIn('steward');
  const { json } = await session.ask('{ matterVersions(matter: "620623-NY-BT") { state definition } }');
  expect(JSON.stringify(json)).toContain('"department":"620623-SW"');
  expect(await at.close()).toEqual([]);
}, slow);

it('a steward of the data authority registers a matter, is told what is wrong where it is wrong, and changes it', async () => {
  const at = await hub.openAs('steward');
  const { page } = at;
  await at.go('/matters');
  await page.getByRole('button', { name: '登记事项' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '登记事项' }).click();
  await dialog.getByText('请填写').first().waitFor();
  await dialog.getByLabel('事项编码').fill('620623-MZ-GL');
  await dialog.getByText('已有此编码的事项').waitFor();
  await dialog.getByLabel('事项编码').fill('620623-MZ-SH');
  await dialog.getByLabel('事项名称').fill('散居孤儿基本生活费');
  await dialog.getByLabel('主管部门').fill('620623-XX');
  await dialog.getByRole('button', { name: '登记事项' }).click();
  await dialog.locator('.ant-form-item-explain-error').getByText('is no department: 620623-XX').waitFor();
  await dialog.getByLabel('主管部门').fill('民政');
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click();
  expect(await dialog.getByLabel('主管部门').inputValue()).toBe('620623-MZ');
  await dialog.getByRole('checkbox', { name: '父母' }).check();
  await at.picture('matter-register');
  expect(await at.findings()).toEqual([]);
  await dialog.getByRole('button', { name: '登记事项' }).click();
  await page.getByRole('heading', { name: '散居孤儿基本生活费' }).waitFor();
  await page.getByText('此事项尚未写明需要哪些事实').waitFor();
  await page.getByRole('button', { name: '变更登记' }).click();
  expect(await dialog.getByLabel('事项编码').isDisabled()).toBe(true);
  await dialog.getByText('未办结的办件亦然').waitFor();
  await at.choose('协办部门', '620623-GA');
  await at.picture('matter-change');
  expect(await at.findings()).toEqual([]);
  await dialog.getByRole('button', { name: '变更登记' }).click();
  await dialog.waitFor({ state: 'detached' });
  const { json } = await (await hub.signedIn('steward')).ask('{ matters { code name departmentCode participants kin needsCase } }');
  expect((json['data'] as unknown as { matters: { code: string }[] }).matters.find(({ code }) => code === '620623-MZ-SH')).toEqual({ code: '620623-MZ-SH', name: '散居孤儿基本生活费', departmentCode: '620623-MZ', participants: ['620623-GA'], kin: ['PARENT'], needsCase: true });
  expect(await at.close()).toEqual([]);
  const other = await hub.openAs('civilSteward');
  await other.go('/matters');
  await other.page.getByRole('link', { name: '620623-MZ-SH' }).waitFor();
  expect(await other.page.getByRole('button', { name: '登记事项' }).count()).toBe(0);
  expect(await other.close()).toEqual([]);
}, slow);

it('others read what is published', async () => {
  const at = await hub.openAs('system');
  await at.go('/matters/620623-SC-SL');
  await at.page.getByRole('cell', { name: '住所未被查封' }).waitFor();
  expect(await at.page.getByRole('button', { name: '起草下一版' }).count()).toBe(0);
  await at.page.getByRole('tab', { name: '所需信息项' }).click();
  await at.page.getByText('由部门专员和数据主管部门的安全、审计管理员查看').waitFor();
  await at.go('/matters/NOBODYS');
  await at.page.getByText('没有事项 NOBODYS').waitFor();
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});
