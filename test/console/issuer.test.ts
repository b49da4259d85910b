/**
 * Signing in at the issuer with a real browser, which decides by itself which cookies it sends along where another site has led: the
 * issuer is another site here than the hub.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { linkToken } from '../../src/identity/token-subject.ts';
import { cheapCost } from '../world/console.ts';
import { TestIssuer } from '../world/issuer.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';
import { built, closeBrowser, openPage } from './browser.ts';

let issuer: TestIssuer;
let hub: ServedHub;
beforeAll(async () => {
  issuer = await TestIssuer.start();
  hub = await servedHub({ HUB_OIDC_ISSUER: issuer.url, HUB_OIDC_AUDIENCE: 'county-hub', HUB_OIDC_CLIENT_ID: 'console', HUB_OIDC_NAME: '县统一身份' }, { now: () => new Date(), passwordCost: cheapCost });
  issuer.client = { id: 'console', secret: null, callback: `${hub.url}/session/oidc/callback` };
  await linkToken(hub.hub.database.sql, { administrator: 'test-auditor' }, issuer.url, 'auditor-3', { by: 'tests', now: '2026-01-01T00:00:00.000Z' });
  await hub.hub.standing.look();
  await built();
});
afterAll(async () => {
  await closeBrowser();
  await hub?.close();
  await issuer?.close();
});

it('one goes to the issuer, comes back and is in, where one wanted to be', async () => {
  issuer.login = 'auditor-3';
  const at = await openPage(hub.url);
  expect(await at.go('/catalog?registry=RK')).toBe(401);
  await at.page.getByText('县统一身份').click();
  await at.page.getByRole('heading', { name: '目录' }).waitFor();
  expect(new URL(at.page.url()).href).toBe(`${hub.url}/catalog?registry=RK`);
  // Whatever is opened by its address from now on is opened as him.
  expect([await at.go('/audit'), await at.go('/permissions')]).toEqual([200, 403]);
  expect(await at.close()).toEqual([]);
});

it('who is nobody here hears so, and has a way back', async () => {
  issuer.login = 'somebody-else';
  const at = await openPage(hub.url);
  await at.go('/');
  await at.page.getByText('县统一身份').click();
  await at.page.getByText('未能登录：统一身份认证已通过，但该身份未绑定本中枢的管理员。').waitFor();
  await at.picture('issuer-refused');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('link').click();
  await at.page.getByRole('heading', { name: '登录' }).waitFor();
  expect(await at.close()).toEqual([]);
});
