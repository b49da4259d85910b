/**
 * The room of the map: divisions with their counts, drawn from the hub's own geometry; down to a township's villages by keyboard, and up
 * again; what is about persons in tens. Addresses, real estate units, buildings and place names are found by text, code and place.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countDivisions } from '../../src/evaluation/divisions.ts';
import { conditionsOf, fullTextOf, wantedOf } from '../../src/console/rooms/map/wanted.ts';
import type { ConsolePage } from './browser.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

/** Milliseconds that a whole errand may take on a busy machine, with axe looking at every page. */
const slow = 120_000;
/** What an administrator is not to ask for. */
const rights = ['rightTypeCode', 'holderNames', 'holderIdNumbers', 'holderUsccs', 'certificateNo', 'registeredOn', 'restrictions', 'holderEntities'];

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

/** A registered unit, with its address and its building. */
async function someUnit(): Promise<{ readonly code: string; readonly full: string; readonly county: string; readonly unit: string; readonly building: string; readonly division: string; readonly lon: number; readonly lat: number }> {
  const [row] = await hub.hub.database.sql<{ code: string; full: string; county: string; unit: string; building: string; division: string; lon: number; lat: number }[]>`
    select a.address_code as code, a.full_text as full, a.county, u.unit_no as unit, b.name as building, a.division_code as division, ST_X(ST_PointOnSurface(u.geometry)) as lon, ST_Y(ST_PointOnSurface(u.geometry)) as lat
    from real_estate_unit u join standard_address a on a.address_code = u.address_code join building b on b.building_code = u.building_code
    where a.geometry is not null and u.geometry is not null and a.village is not null order by u.unit_no limit 1`;
  if (row === undefined) throw new Error('The test data has no unit with an address.');
  return row;
}

/** It is drawn, and said under the drawing. */
const drawn = async (page: ConsolePage['page'], name: string): Promise<void> => {
  await page.locator('figure .hub-hit').waitFor();
  await page.getByRole('figure').locator('figcaption').getByText(name).waitFor();
};

const find = async ({ page }: ConsolePage, words: string): Promise<void> => {
  const box = page.getByRole('searchbox', { name: '地址、不动产单元、建筑物、地名' });
  await box.fill(words);
  await box.press('Enter');
};

it('an address is found as one says it and seen on the map; its unit too, without its rights', async () => {
  const { code, full, county, unit, building } = await someUnit();
  const at = await hub.openAs('auditor');
  const { page } = at;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.postData() ?? ''));
  await at.go('/map');
  await find(at, full.slice(full.indexOf(county) + county.length));
  const found = page.getByRole('region', { name: '查找结果' });
  await found.getByRole('region', { name: '不动产单元' }).getByRole('button', { name: unit }).waitFor();
  await found.getByRole('region', { name: '标准地址' }).getByRole('button', { name: full }).first().press('Enter');
  const facts = page.getByRole('region', { name: '标准地址的公开信息' });
  await facts.getByText(code, { exact: true }).waitFor();
  await drawn(page, full);
  await page.locator('figure .hub-around path').first().waitFor();
  await at.picture('map-address');
  expect(await at.findings()).toEqual([]);

  await facts.getByRole('button', { name: unit }).press('Enter');
  const own = page.getByRole('region', { name: '不动产单元的公开信息' });
  await own.getByText('由部门应用按授权查询').waitFor();
  await own.getByText(building).waitFor();
  await drawn(page, full);
  await at.picture('map-unit');
  while (await page.getByRole('button', { name: '缩小' }).isEnabled()) await page.getByRole('button', { name: '缩小' }).press('Enter');
  expect(await page.getByRole('figure').getByRole('link').count()).toBeGreaterThan(10);
  await at.picture('map-unit-whole');
  expect(await at.findings()).toEqual([]);
  const documents = asked.filter((body) => body.includes('realEstateUnit'));
  expect(documents.length).toBeGreaterThan(0);
  for (const name of rights) expect(documents.filter((body) => body.includes(name))).toEqual([]);
  expect(await at.close()).toEqual([]);
}, slow);

it('a steward finds a unit by its number, what lies at a place, and is told where there is nothing', async () => {
  const { code, full, unit, lon, lat } = await someUnit();
  const at = await hub.openAs('civilSteward', { width: 820, height: 1180 });
  const { page } = at;
  await at.go('/map');
  await find(at, unit);
  const found = page.getByRole('region', { name: '查找结果' });
  await found.getByRole('button', { name: unit }).click();
  await page.getByRole('region', { name: '不动产单元的公开信息' }).getByText(unit, { exact: true }).waitFor();
  await at.picture('map-unit-tablet');

  await find(at, `${lon.toFixed(6)}，${lat.toFixed(6)}`);
  await found.getByRole('heading', { name: /处：所在不动产单元与建筑物/ }).waitFor();
  await found.getByRole('region', { name: '不动产单元' }).getByRole('button', { name: unit }).waitFor();
  await drawn(page, `${lon}`.slice(0, 6));
  await at.picture('map-place-tablet');
  await found.getByRole('region', { name: '标准地址' }).getByRole('button', { name: code }).click();
  await drawn(page, full);

  // Near to what was found, a place is pointed at.
  await page.getByRole('figure').locator('svg').first().click();
  await found.getByRole('region', { name: '建筑物' }).getByRole('button').first().waitFor();
  await drawn(page, '36.');
  await find(at, '没有这样的路');
  await found.getByText('没有找到').waitFor();
  await at.picture('map-nothing-tablet');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
}, slow);

it('what its owner opens no more is said, and the rest is found', async () => {
  const { full, county } = await someUnit();
  const steward = await hub.signedIn('civilSteward');
  const { json } = await steward.ask('{ catalogItems { code version } }');
  const { version } = (json as unknown as { data: { catalogItems: readonly { code: string; version: string }[] } }).data.catalogItems.find((item) => item.code === 'KJ-0202') ?? { version: '' };
  const set = (shareType: string, condition: string, of: string) => steward.ask('mutation ($of: ID!, $to: ShareType!, $condition: String!) { setSharing(item: "KJ-0202", version: $of, shareType: $to, condition: $condition) { version } }', { of, to: shareType, condition });
  const closed = (await set('CONDITIONAL', '地名普查期间', version)).json as unknown as { data: { setSharing: { version: string } } };
  const at = await hub.openAs('auditor');
  await at.go('/map');
  await find(at, full.slice(full.indexOf(county) + county.length));
  const found = at.page.getByRole('region', { name: '查找结果' });
  await found.getByRole('region', { name: '地名' }).getByText('不得据此信息项查找').waitFor();
  await found.getByRole('button', { name: full }).first().waitFor();
  await at.picture('map-withheld');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
  expect((await set('UNCONDITIONAL', '', closed.data.setSharing.version)).code).toBeUndefined();
}, slow);

it.each([
  ['620623100001 甲', { kind: 'text', text: '620623100001甲' }],
  ['６２０６２３１００００１b00001', { kind: 'code', code: '620623100001B00001' }],
  [' 102.86， 36.98 ', { kind: 'place', at: [102.86, 36.98] }],
  ['36.98 102.86', { kind: 'place', at: [102.86, 36.98] }],
  ['团结路 12 号', { kind: 'text', text: '团结路12号' }],
  ['Huazangsi Zhen', { kind: 'text', text: 'Huazangsi Zhen' }],
])('what %s means', (words, wanted) => {
  expect(wantedOf(words)).toEqual(wanted);
});

it('an address may begin at the province, at a division above, or right below the open one; a street with its door', () => {
  const above = ['甘肃省', '武威市', '天祝藏族自治县'];
  for (const words of ['华藏寺镇团结路', '天祝藏族自治县华藏寺镇团结路', '甘肃省武威市天祝藏族自治县华藏寺镇团结路']) expect(fullTextOf(above, words)).toBe('甘肃省武威市天祝藏族自治县华藏寺镇团结路');
  expect(fullTextOf([], '华藏寺镇')).toBe('华藏寺镇');
  const divisionCode = { startsWith: '620623' };
  expect(conditionsOf(wantedOf('团结路12号'), '620623', above).addresses).toMatchObject({ street: { divisionCode, street: { startsWith: '团结路' }, doorPlate: { eq: '12号' } }, compound: { compound: { startsWith: '团结路12号' } } });
  expect(conditionsOf(wantedOf('Huazangsi Zhen'), '620623', above).placeNames.where).toEqual({ divisionCode, romanName: { startsWith: 'Huazangsi Zhen' } });
  expect(conditionsOf(wantedOf('དཔའ'), '620623', above).placeNames.where).toEqual({ divisionCode, nameTibetan: { startsWith: 'དཔའ' } });
});
