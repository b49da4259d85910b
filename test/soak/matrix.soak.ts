/**
 * How long the matrix of field permissions takes, in a browser: all items by two hundred applications until its cells stand, and from the
 * click that confirms a change until an application's query is answered by it, and until the cell shows it. It needs chromium.
 *
 * Milliseconds are printed and not asserted: they are this machine's.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf, testMatter } from '../world/callers.ts';
import { consoleHub } from '../console/hub.ts';
import type { ConsoleHub } from '../console/hub.ts';
import { cellOf, manyApplications } from '../console/many-applications.ts';

const times = Number(process.env['HUB_SOAK_TIMES'] ?? 7);
const told = (all: readonly number[]): string => [...all].sort((a, b) => a - b).map((ms) => Math.round(ms)).join(', ');

let served: ConsoleHub;
beforeAll(async () => {
  served = await consoleHub();
  await manyApplications(served);
});
afterAll(() => served?.close());

test('the matrix of all items and two hundred applications opens', async () => {
  const at = await served.openAs('security');
  const opened: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    expect(await at.go('/permissions?registry=ALL')).toBe(200);
    await at.page.getByRole('gridcell').first().waitFor();
    opened.push(performance.now() - began);
  }
  const grid = at.page.getByRole('grid');
  const [rows, columns] = [Number(await grid.getAttribute('aria-rowcount')), Number(await grid.getAttribute('aria-colcount'))];
  expect([rows >= 400, columns >= 200]).toEqual([true, true]);
  console.log(`${rows} x ${columns} opened in ms, first ${Math.round(opened[0] ?? Number.NaN)}, all in order of length: ${told(opened)}`);
  expect(await at.close()).toEqual([]);
});

test('a change is in force after its click', async () => {
  const at = await served.openAs('security');
  await at.go('/permissions?registry=ALL&q=RK-0013&who=test-');
  const isShared = async (): Promise<boolean> => {
    const answer = await fetch(`${served.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf('market')}`, 'hub-matter': testMatter }, body: JSON.stringify({ query: '{ person(idNumber: "11010519491231002X") { id maritalStatusCode } }' }) });
    const { errors = [] } = await answer.json() as { readonly errors?: readonly { readonly extensions: { readonly at?: string } }[] };
    return !errors.some(({ extensions }) => extensions.at === 'Person.maritalStatusCode');
  };
  const [inForce, shown]: [number[], number[]] = [[], []];
  for (let n = 0; n < times; n += 1) {
    await cellOf(at, '婚姻状况', '测试应用 market', '不可得').click();
    await at.page.getByLabel('批准文号').fill(`天数授〔2026〕测${n}号`);
    await at.page.getByRole('button', { name: '预览影响' }).click();
    await at.page.getByRole('button', { name: '确认并生效' }).waitFor();
    expect(await isShared()).toBe(false);
    const began = performance.now();
    const asking = (async () => {
      while (!await isShared()) await new Promise((wake) => { setTimeout(wake, 20); });
      inForce.push(performance.now() - began);
    })();
    await at.page.getByRole('button', { name: '确认并生效' }).click();
    await cellOf(at, '婚姻状况', '测试应用 market', '可见').waitFor();
    shown.push(performance.now() - began);
    await asking;
    await cellOf(at, '婚姻状况', '测试应用 market', '可见').click();
    await at.page.getByText('终止整个授权').waitFor();
    await at.page.getByRole('button', { name: '预览影响' }).click();
    await at.page.getByRole('button', { name: '确认并生效' }).click();
    await cellOf(at, '婚姻状况', '测试应用 market', '不可得').waitFor();
  }
  console.log(`from the click, ms: in force for an application ${told(inForce)}; shown in its cell ${told(shown)}`);
  expect(await at.close()).toEqual([]);
});
