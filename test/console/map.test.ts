/**
 * The room of the map: divisions with their counts, drawn from the hub's own geometry; down to a township's villages by keyboard, and up
 * again; what is about persons in tens.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countDivisions } from '../../src/evaluation/divisions.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

let hub: ConsoleHub;
beforeAll(async () => {
  hub = await consoleHub();
  const { database, schema } = hub.hub;
  await countDivisions({ sql: database.sql, now: new Date().toISOString(), contract: schema.contract });
});
afterAll(() => hub?.close());

it('townships of the county, their persons in tens, their addresses exactly; into one by keyboard and out again', async () => {
  const at = await hub.openAs('auditor');
  await at.go('/map');
  const drawn = at.page.getByRole('figure', { name: '天祝藏族自治县各下级区划的自然人数量图' });
  await drawn.waitFor();
  await at.picture('map');
  expect(await at.findings()).toEqual([]);
  const says = await Promise.all((await drawn.getByRole('link').all()).map((one) => one.getAttribute('aria-label')));
  expect(says.length).toBeGreaterThan(10);
  for (const one of says) expect(one).toMatch(/: (约 [\d,]*0|不足 10)$/);
  await at.page.getByRole('combobox', { name: '显示' }).fill('标准地址');
  await at.page.getByTitle('标准地址').click();
  await at.page.getByText('数量为实际记录数').waitFor();
  await at.picture('map-addresses');
  const township = at.page.getByRole('figure', { name: /标准地址数量图$/ }).getByRole('link').first();
  await township.focus();
  const name = (await township.getAttribute('aria-label'))?.split(':')[0] ?? '';
  await township.press('Enter');
  await at.page.getByRole('heading', { level: 2, name }).waitFor();
  await at.picture('map-villages');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('link', { name: '上级区划' }).click();
  await at.page.getByRole('heading', { level: 2, name: '天祝藏族自治县' }).waitFor();
  expect(await at.close()).toEqual([]);
});

it('where no area is registered it is drawn around addresses, and says so; in English, on a tablet', async () => {
  await hub.hub.database.sql`update administrative_division set geometry = null where level = 4`;
  const at = await hub.openAs('civilSteward', { width: 820, height: 1180, language: 'en' });
  await at.go('/map?type=StandardAddress');
  await at.page.getByText('Dashed: no area is registered').waitFor();
  await at.picture('map-hulls-tablet');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});
