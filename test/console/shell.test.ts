/**
 * The frame of the console: signing in and out, the lock, the language, the rooms of a role, the pages of what is not there, and
 * what the first page weighs.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstLoad, firstLoadLimit } from '../../src/console/build.ts';
import { codeOf } from '../../src/identity/one-time-code.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

let hub: ConsoleHub;
beforeAll(async () => {
  hub = await consoleHub();
});
afterAll(() => hub?.close());

const password = 'Gletscher Pfeffer Antenne';

it('the first page is light', () => {
  expect(firstLoad()).toBeLessThanOrEqual(firstLoadLimit);
});

describe('signing in', () => {
  it('refuses in one sentence; a one-time password is changed first; then in, to where one wanted to be, and out', async () => {
    const once = await hub.account('security');
    const at = await hub.open();
    expect(await at.go('/catalog?registry=RK')).toBe(401);
    await at.page.getByRole('heading', { name: '登录' }).waitFor();
    expect(await at.findings()).toEqual([]);
    await at.picture('sign-in');
    await at.signIn('security', 'wrong');
    await at.page.getByRole('alert').getByText('账户、密码或验证码不正确').waitFor();
    await at.picture('sign-in-refused');
    expect(await at.findings()).toEqual([]);
    await at.signIn('security', once);
    await at.page.getByRole('heading', { name: '首次登录请修改一次性密码' }).waitFor();
    const change = async (next: string): Promise<void> => {
      await at.page.getByLabel('当前密码').fill(once);
      await at.page.getByLabel('新密码', { exact: true }).fill(next);
      await at.page.getByLabel('再次输入新密码').fill(next);
      await at.page.getByRole('button', { name: '修改密码' }).click();
    };
    await change('short');
    await at.page.getByText('至少 12 个字符', { exact: true }).waitFor();
    await change('security is my password');
    await at.page.getByRole('alert').getByText('新密码含账户名或姓名').waitFor();
    await at.picture('one-time-password');
    expect(await at.findings()).toEqual([]);
    await change(password);
    await at.page.getByRole('heading', { name: '目录' }).waitFor();
    expect(new URL(at.page.url()).search).toBe('?registry=RK');
    await at.account('退出登录');
    await at.page.getByRole('heading', { name: '登录' }).waitFor();
    expect(await at.close()).toEqual([]);
  });

  it('with two steps: turned on, asked for, turned off', async () => {
    const at = await hub.open();
    await at.go('/me');
    await at.signIn('security', password);
    await at.page.getByRole('button', { name: '启用两步验证' }).click();
    const secret = await at.page.locator('code').textContent() ?? '';
    await at.page.getByLabel('6 位数字').fill(codeOf(secret, Date.now()) === '000000' ? '000001' : '000000');
    await at.page.getByRole('button', { name: '确认启用' }).click();
    await at.page.getByRole('alert').getByText('动态验证码不正确').waitFor();
    await at.picture('me-two-steps');
    expect(await at.findings()).toEqual([]);
    await at.page.getByLabel('6 位数字').fill(codeOf(secret, Date.now()));
    await at.page.getByRole('button', { name: '确认启用' }).click();
    await at.page.getByText('已启用', { exact: true }).waitFor();
    await at.account('退出登录');
    await at.signIn('security', password);
    // A code is good once: the next one is the next half minute's.
    await at.page.getByLabel('动态验证码').fill(codeOf(secret, Date.now() + 30_000));
    await at.picture('sign-in-code');
    await at.page.getByRole('button', { name: '登录' }).click();
    await at.page.getByRole('button', { name: '停用' }).click();
    await at.page.getByLabel('输入密码以停用两步验证：').fill(password);
    await at.page.getByRole('button', { name: '停用' }).click();
    await at.page.getByText('未启用', { exact: true }).waitFor();
    expect(await at.close()).toEqual([]);
  });

  it('a locked session shows nothing until its password is given, and then what it showed before', async () => {
    const at = await hub.open();
    await at.go('/catalog');
    await at.signIn('security', password);
    await at.page.getByLabel('按名称或代码查找').fill('婚姻');
    await at.account('锁定');
    await at.page.getByRole('heading', { name: '已锁定' }).waitFor();
    expect(await at.page.getByLabel('按名称或代码查找').isVisible()).toBe(false);
    expect(await at.findings()).toEqual([]);
    await at.picture('locked');
    await at.page.getByLabel('密码', { exact: true }).fill(password);
    await at.page.getByRole('button', { name: '解锁' }).click();
    expect(await at.page.getByLabel('按名称或代码查找').inputValue()).toBe('婚姻');
    expect(await at.close()).toEqual([]);
  });
});

describe('rooms', () => {
  it('a role sees its own; others are refused by address, and what is not there is said to be so', async () => {
    const at = await hub.openAs('system');
    await at.go('/');
    await at.page.getByRole('navigation').waitFor();
    expect(await at.page.getByRole('menuitem').allTextContents()).not.toContain('申请');
    expect(await at.go('/applications')).toBe(403);
    await at.page.getByRole('heading', { name: '403 · 无权进入' }).waitFor();
    expect(await at.findings()).toEqual([]);
    await at.picture('forbidden');
    expect(await at.go('/weather')).toBe(404);
    await at.page.getByRole('heading', { name: '404 · 没有这个页面' }).waitFor();
    expect(await at.findings()).toEqual([]);
    expect(await at.close()).toEqual([]);
  });

  it('by keyboard, in English, on a tablet', async () => {
    const at = await hub.openAs('steward', { width: 820, height: 1180, language: 'en' });
    await at.go('/catalog');
    await at.page.getByRole('cell', { name: 'FR-0000' }).waitFor();
    await at.page.keyboard.press('Tab');
    expect(await at.page.evaluate('document.activeElement?.textContent')).toBe('Skip to the content');
    await at.page.keyboard.press('Enter');
    expect(await at.page.evaluate('document.activeElement?.id')).toBe('main');
    expect(await at.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await at.picture('catalog-tablet-en');
    expect(await at.findings()).toEqual([]);
    await at.page.getByRole('button', { name: '中文' }).click();
    await at.page.getByRole('heading', { name: '目录' }).waitFor();
    expect(await at.page.evaluate('document.documentElement.lang')).toBe('zh-CN');
    expect(await at.close()).toEqual([]);
  });
});
