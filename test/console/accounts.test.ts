/**
 * The accounts' room: a system administrator lets administrators in and out, and gives applications their keys, each secret shown once;
 * links and unlinks subjects of the issuer's tokens; an audit administrator reads it; nobody else enters.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callers } from '../world/callers.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

/** Milliseconds that a whole errand may take on a busy machine, with axe looking at every page. */
const slow = 120_000;

let hub: ConsoleHub;
beforeAll(async () => {
  // Subjects are linked whether or not the issuer can be reached.
  hub = await consoleHub(() => new Date(), { HUB_OIDC_ISSUER: 'http://127.0.0.1:9/', HUB_OIDC_AUDIENCE: 'county-hub' });
});
afterAll(() => hub?.close());

it('opens an account, whose one-time password is shown once and works; resets, unlocks and closes it', async () => {
  const at = await hub.openAs('system');
  const { page } = at;
  await at.go('/accounts');
  await page.getByRole('button', { name: '开立账户' }).click();
  await page.getByRole('combobox', { name: '管理员' }).fill('civilSteward');
  await page.keyboard.press('Enter');
  await page.getByLabel('账户名').fill('Wrong Name');
  await page.getByRole('dialog').getByRole('button', { name: '开立账户' }).click();
  await page.locator('.ant-form-item-explain-error').waitFor();
  await page.getByLabel('账户名').fill('civil');
  await at.picture('accounts-open');
  await page.getByRole('dialog').getByRole('button', { name: '开立账户' }).click();
  const password = await page.getByRole('textbox', { name: '一次性密码' }).inputValue();
  await at.picture('accounts-one-time-password');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('button', { name: '复制' }).click();
  await page.getByText('已复制', { exact: true }).waitFor();
  await page.getByRole('button', { name: '已交付，关闭' }).click();
  await page.getByRole('row', { name: 'civil' }).getByText('待首次登录').waitFor();
  expect(await page.content()).not.toContain(password);
  const asCivil = await hub.open();
  await asCivil.go('/');
  await asCivil.signIn('civil', password);
  await asCivil.page.getByRole('heading', { name: '首次登录请修改一次性密码' }).waitFor();
  for (let tries = 0; tries < 12; tries += 1) {
    await fetch(new URL('/session', hub.url), { method: 'POST', headers: { 'content-type': 'application/json', 'hub-console': '1' }, body: JSON.stringify({ account: 'civil', password: 'never right' }) });
  }
  expect(await asCivil.close()).toEqual([]);

  const act = async (item: string): Promise<void> => {
    await page.getByRole('button', { name: 'civil 的操作' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await at.go('/accounts');
  await page.getByText(/已锁定至/).waitFor();
  await page.getByRole('button', { name: 'civil 的操作' }).click();
  await page.getByRole('menuitem', { name: '解除锁定' }).waitFor();
  await at.picture('accounts');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('menuitem', { name: '解除锁定' }).click();
  await page.getByText('civil 已解除锁定').waitFor();
  await act('重发一次性密码');
  await page.getByRole('dialog').getByRole('button', { name: '重发一次性密码' }).click();
  expect(await page.getByRole('textbox', { name: '一次性密码' }).inputValue()).not.toBe(password);
  await page.getByRole('button', { name: '已交付，关闭' }).click();
  await act('关闭账户');
  await page.getByRole('dialog').getByRole('button', { name: '关闭账户' }).click();
  await page.getByRole('row', { name: 'civil' }).getByText('已关闭').waitFor();
  expect(await at.close()).toEqual([]);
}, slow);

it('registers an application, gives it a key, bounds it, changes and ends its keys', async () => {
  const at = await hub.openAs('system');
  const { page } = at;
  await at.go('/accounts?tab=consumers');
  await page.getByRole('button', { name: '登记应用' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: '代码' }).fill('mz-welfare');
  await page.getByRole('dialog').getByRole('textbox', { name: '应用' }).fill('民政救助系统');
  await page.getByRole('dialog').getByRole('combobox', { name: '部门' }).fill(callers.civilAffairs);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: '登记应用' }).click();
  const act = async (item: string): Promise<void> => {
    await page.getByRole('button', { name: '民政救助系统 的操作' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await act('发放密钥');
  await page.getByRole('dialog').getByRole('button', { name: '发放密钥' }).click();
  const key = await page.getByRole('textbox', { name: '新密钥' }).inputValue();
  expect(await at.findings()).toEqual([]);
  await page.getByRole('button', { name: '已交付，关闭' }).click();
  const me = await fetch(new URL('/graphql', hub.url), { method: 'POST', headers: { 'content-type': 'application/json', 'authorization': `Bearer ${key}` }, body: '{"query":"{ me { code } }"}' });
  expect(await me.json()).toEqual({ data: { me: { code: 'mz-welfare' } } });
  await act('设定每分钟次数');
  await page.getByLabel('每分钟次数', { exact: true }).fill('1200');
  await page.getByRole('dialog').getByRole('button', { name: '设定每分钟次数' }).click();
  await page.getByRole('cell', { name: '1,200' }).waitFor();
  await act('更换密钥');
  await page.getByRole('dialog').getByRole('button', { name: '更换密钥' }).click();
  expect(await page.getByRole('textbox', { name: '新密钥' }).inputValue()).not.toBe(key);
  await page.getByRole('button', { name: '已交付，关闭' }).click();
  const row = page.getByRole('row', { name: '民政救助系统' });
  await row.getByText('有效 2').waitFor();
  await row.getByRole('button', { name: '展开行' }).click();
  await at.picture('accounts-consumers');
  expect(await at.findings()).toEqual([]);
  await act('吊销全部密钥');
  await page.getByRole('dialog').getByRole('button', { name: '吊销全部密钥' }).click();
  await row.getByText('无有效密钥').waitFor();
  expect(await at.close()).toEqual([]);
}, slow);

it('links a subject of tokens, tells at its field whose it is already, and unlinks it', async () => {
  const at = await hub.openAs('system');
  const { page } = at;
  await at.go('/accounts?tab=administrators');
  const dialog = page.getByRole('dialog');
  const begin = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: `${name} 的操作` }).click();
    await page.getByRole('menuitem', { name: '绑定令牌主体' }).click();
  };
  const link = dialog.getByRole('button', { name: '绑定令牌主体' });
  await begin('测试管理员 auditor');
  await link.click();
  await dialog.getByText('请填写').waitFor();
  await dialog.getByLabel('主体（sub）').fill('auditor-3');
  await at.picture('accounts-link');
  expect(await at.findings()).toEqual([]);
  await link.click();
  await page.getByText('已绑定，即刻生效').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await begin('测试管理员 auditor');
  await dialog.getByLabel('主体（sub）').fill('auditor-4');
  await dialog.getByText('已绑定 auditor-3，请先解除').waitFor();
  await dialog.getByRole('button', { name: '取消' }).click();
  await begin('测试管理员 steward');
  await dialog.getByLabel('主体（sub）').fill('auditor-3');
  await dialog.getByText('此主体已绑定 test-auditor，请先解除').waitFor();
  await at.picture('accounts-link-taken');
  await dialog.getByRole('button', { name: '取消' }).click();
  const row = page.getByRole('row', { name: '测试管理员 auditor' });
  await row.getByText('令牌主体 1').waitFor();
  await row.getByRole('button', { name: '展开行' }).click();
  await page.getByRole('region', { name: '令牌主体' }).getByText('auditor-3').waitFor();
  await at.picture('accounts-links');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('button', { name: '解除绑定 auditor-3' }).click();
  await dialog.getByRole('button', { name: '解除绑定' }).click();
  await page.getByText('已解除绑定', { exact: true }).waitFor();
  await page.getByText('令牌主体 1').waitFor({ state: 'detached' });
  const links = await (await hub.signedIn('system')).ask('{ tokenLinks { subject } }');
  expect(links.json['data']).toEqual({ tokenLinks: [] });
  expect(await at.close()).toEqual([]);
}, slow);

it('an audit administrator reads; a steward is refused by address', async () => {
  const at = await hub.openAs('auditor');
  await at.go('/accounts?tab=administrators');
  await at.page.getByRole('cell', { name: '测试管理员 civilSteward' }).waitFor();
  expect(await at.page.getByRole('button', { name: /的操作/ }).count()).toBe(0);
  await at.picture('accounts-administrators');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('tab', { name: '控制台账户' }).click();
  expect(await at.page.getByRole('button', { name: '开立账户' }).count()).toBe(0);
  expect(await at.close()).toEqual([]);
  const steward = await hub.openAs('steward');
  expect(await steward.go('/accounts')).toBe(403);
  expect(await steward.close()).toEqual([]);
});
