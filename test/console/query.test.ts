/**
 * The query room: GraphiQL, in which one asks as oneself, with the contract that one may see at hand, and is told what is wrong before and after.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConsolePage } from './browser.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

/** Milliseconds that a whole errand may take on a busy machine, with axe looking at every page. */
const slow = 180_000;

let hub: ConsoleHub;
beforeAll(async () => {
  hub = await consoleHub();
});
afterAll(() => hub?.close());

/** Goes to the room, and waits until there is an editor that knows the contract. */
async function enter(at: ConsolePage): Promise<void> {
  await at.go('/query');
  await ready(at);
}

async function ready({ page }: ConsolePage): Promise<void> {
  await page.getByRole('region', { name: 'Operation Editor' }).locator('.view-line').first().waitFor();
  await typeIn(page, 'Query').waitFor();
}

/** A type in the documents. */
const typeIn = (page: ConsolePage['page'], name: string) => page.locator('.graphiql-doc-explorer-type-name').filter({ hasText: new RegExp(`^${name}$`) }).first();

/** Writes in an editor in place of what stands there. */
async function write({ page }: ConsolePage, editor: 'Operation Editor' | 'Variables' | 'Headers', text: string): Promise<void> {
  await page.getByRole('region', { name: editor }).locator('.monaco-editor textarea:visible').first().focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

const answerOf = ({ page }: ConsolePage) => page.getByRole('region', { name: 'Result Window' });

it('an operation runs and answers as oneself; the contract, tabs and history are there; nothing comes from elsewhere', async () => {
  const at = await hub.openAs('security');
  const { page } = at;
  const elsewhere: string[] = [];
  const workers: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(hub.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
  });
  page.on('worker', (worker) => workers.push(worker.url()));
  await enter(at);
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await answerOf(at).getByText('"测试管理员 security"').waitFor();
  await at.picture('query');
  expect(await at.findings()).toEqual([]);

  await typeIn(page, 'Query').click();
  await page.getByText('我是谁').waitFor();
  await at.picture('query-docs');
  expect(await at.findings()).toEqual([]);

  await write(at, 'Operation Editor', 'query Of($item: String!) { catalogItemStates(item: $item) { item { name } } }');
  await page.getByRole('button', { name: /^整理/ }).click();
  await write(at, 'Variables', '{ "item": "RK-0001" }');
  await page.keyboard.press('Control+Enter');
  await answerOf(at).getByText('"公民身份号码"').first().waitFor();
  await page.getByRole('button', { name: 'New tab' }).click();
  await page.getByRole('button', { name: 'Show History' }).click();
  await page.getByRole('button', { name: /^Of$/ }).first().waitFor();
  expect(await page.locator('.graphiql-tab').count()).toBe(2);
  await at.picture('query-history');
  expect(await at.findings()).toEqual([]);
  for (const [opens, name] of [['Open short keys dialog', 'Short Keys'], ['Open settings dialog', 'Settings']] as const) {
    await page.getByRole('button', { name: opens }).click();
    await page.getByRole('dialog', { name }).waitFor();
    expect(await at.findings()).toEqual([]);
    await page.keyboard.press('Escape');
  }
  expect(elsewhere).toEqual([]);
  expect(new Set(workers.map((url) => /\/assets\/(\w+)\.worker-/.exec(url)?.[1]))).toEqual(new Set(['editor', 'graphql', 'json']));
  expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
  expect(await at.close()).toEqual([]);
}, slow);

it('the contract is what this role may see: what is not in it is marked, and refused', async () => {
  const at = await hub.openAs('system', { language: 'en' });
  const { page } = at;
  await enter(at);
  expect([await typeIn(page, 'StandardAddress').count(), await typeIn(page, 'Person').count()]).toEqual([1, 0]);
  await write(at, 'Operation Editor', '{ me { name } }');
  await page.waitForTimeout(2000);
  expect(await page.locator('.squiggly-error').count()).toBe(0);
  await write(at, 'Operation Editor', '{ person(idNumber: "11010519491231002X") { name } }');
  await page.locator('.squiggly-error').first().waitFor();
  await page.keyboard.press('Control+Enter');
  await answerOf(at).getByText('"FIND_NOT_SHARED"').waitFor();
  await at.picture('query-refused');
  expect(await at.findings()).toEqual([]);

  // What is written is there when one comes back, and gone when one signs out.
  await page.getByRole('link', { name: 'Catalog', exact: true }).click();
  await page.getByRole('heading', { name: 'Catalog', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Query', exact: true }).first().click();
  await ready(at);
  await page.getByRole('region', { name: 'Operation Editor' }).getByText('person').waitFor();
  await at.account('Sign out');
  await page.locator('input[autocomplete=username]').waitFor();
  await page.waitForTimeout(1000);
  expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([]);
  expect(await at.close()).toEqual([]);
}, slow);

it('headers of the hub go along, others are refused; by keyboard into the editor and out of it', async () => {
  const at = await hub.openAs('steward');
  const { page } = at;
  const sent: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql') && request.postData()?.includes('departmentName') === true) sent.push(request.headers()['hub-matter']);
  });
  await enter(at);
  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  await write(at, 'Headers', '{ "Hub-Matter": "TEST-ANY-PURPOSE" }');
  await page.keyboard.press('Control+Enter');
  await answerOf(at).getByText('"测试管理员 steward"').waitFor();
  expect(sent).toEqual(['TEST-ANY-PURPOSE']);
  await write(at, 'Headers', '{ "Authorization": "Bearer x" }');
  await page.keyboard.press('Control+Enter');
  await answerOf(at).getByText('BAD_INPUT').waitFor();
  expect(sent).toHaveLength(1);
  await at.picture('query-headers');

  const editor = page.getByRole('region', { name: 'Operation Editor' });
  await editor.locator('textarea:visible').first().focus();
  await page.keyboard.press('Control+M');
  await page.keyboard.press('Tab');
  expect(await page.evaluate("document.activeElement.closest('.monaco-editor') === null")).toBe(true);
  await page.keyboard.press('Shift+Tab');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
}, slow);
