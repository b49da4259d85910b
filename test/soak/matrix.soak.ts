/**
 * How long the matrix of field permissions takes, in a browser: all items by two hundred applications until its cells stand, and from the
 * click that confirms a change until an application's query is answered by it, and until the cell shows it. The first opening after a start
 * is a figure of its own, at once and when the hub has had time: the hub is a process of its own then, and the browser a new one. It needs chromium.
 *
 * Milliseconds are printed and not asserted: they are this machine's.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf, testMatter } from '../world/callers.ts';
import { closeBrowser, openPage } from '../console/browser.ts';
import { consoleHub } from '../console/hub.ts';
import type { ConsoleHub } from '../console/hub.ts';
import { cellOf, manyApplications } from '../console/many-applications.ts';
import type { ConsolePage } from '../console/browser.ts';
import { signedIn } from '../world/console.ts';
import { startedBeside } from './started.ts';

const times = Number(process.env['HUB_SOAK_TIMES'] ?? 7);
/** Starts, and seconds after each until somebody opens the matrix. */
const firstAfter = [0, 0, 0, 20, 20, 20];
const told = (all: readonly number[]): string => [...all].sort((a, b) => a - b).map((ms) => Math.round(ms)).join(', ');

let served: ConsoleHub;
beforeAll(async () => {
  served = await consoleHub();
  await manyApplications(served);
});
afterAll(() => served?.close());

/** Milliseconds until the cells of the whole matrix stand. */
async function openedIn(at: ConsolePage): Promise<number> {
  const began = performance.now();
  expect(await at.go('/permissions?registry=ALL')).toBe(200);
  await at.page.getByRole('gridcell').first().waitFor();
  return performance.now() - began;
}

test('the matrix of all items and two hundred applications opens', async () => {
  const at = await served.openAs('security');
  const opened: number[] = [];
  for (let n = 0; n < times; n += 1) opened.push(await openedIn(at));
  const grid = at.page.getByRole('grid');
  const [rows, columns] = [Number(await grid.getAttribute('aria-rowcount')), Number(await grid.getAttribute('aria-colcount'))];
  expect([rows >= 400, columns >= 200]).toEqual([true, true]);
  console.log(`${rows} x ${columns} opened in ms, first ${Math.round(opened[0] ?? Number.NaN)}, all in order of length: ${told(opened)}`);
  expect(await at.close()).toEqual([]);
});

test('the matrix opens for the first time after a start', async () => {
  const opened = new Map<number, number[]>();
  for (const seconds of firstAfter) {
    await closeBrowser();
    const started = await startedBeside(served);
    await sleep(seconds * 1000);
    const at = await openPage(started.url, {}, (await signedIn({ ...served, url: started.url }, 'security')).cookies);
    opened.set(seconds, [...opened.get(seconds) ?? [], await openedIn(at)]);
    expect(await at.close()).toEqual([]);
    await started.stop();
  }
  for (const [seconds, all] of opened) console.log(`first opening ${seconds} s after a start, ms: ${told(all)}`);
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
