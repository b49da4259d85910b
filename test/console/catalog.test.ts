/**
 * The catalog's room: an item is found by its name or its code, and its page says what it is, on what condition it is shared and
 * who may use it. A department's table is imported, a resource is drafted, published and withdrawn.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConsolePage } from './browser.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

let hub: ConsoleHub;
beforeAll(async () => {
  hub = await consoleHub();
});
afterAll(() => hub?.close());

/** Milliseconds that a whole errand may take on a busy machine. */
const slow = 120_000;
/** Submits the draft whose page this is; gives its path. */
async function submitted(at: ConsolePage): Promise<string> {
  await at.page.getByRole('button', { name: '提交' }).click();
  await at.page.getByRole('dialog').getByRole('button', { name: '提交' }).click();
  await at.page.getByText('待审核', { exact: true }).waitFor();
  return new URL(at.page.url()).pathname;
}
/** The data authority publishes a draft. */
async function publish(path: string, picture: string): Promise<void> {
  const authority = await hub.openAs('steward');
  await authority.go(path);
  await authority.page.getByRole('button', { name: '发布' }).waitFor();
  await authority.picture(picture);
  expect(await authority.findings()).toEqual([]);
  await authority.page.getByRole('button', { name: '发布' }).click();
  await authority.page.getByRole('dialog').getByRole('button', { name: '发布' }).click();
  await authority.page.getByText('已发布', { exact: true }).waitFor();
  expect(await authority.close()).toEqual([]);
}

it('an item by its name, its code and its library; what it is, who may use it, what it was', async () => {
  const at = await hub.openAs('security');
  await at.go('/catalog');
  await at.page.getByRole('cell', { name: 'FR-0000' }).waitFor();
  await at.picture('catalog');
  expect(await at.findings()).toEqual([]);
  await at.page.getByLabel('按名称或代码查找').fill('公民身份号码');
  await at.page.getByRole('link', { name: 'RK-0001' }).waitFor();
  await at.page.getByLabel('按名称或代码查找').fill('rk-0007');
  await at.page.getByText('共 1 条').waitFor();
  await at.page.getByRole('link', { name: 'RK-0007' }).click();
  await at.page.getByRole('heading', { name: '出生日期' }).waitFor();
  await at.page.getByText('Person.birthDate', { exact: true }).waitFor();
  await at.page.getByText('Date of birth').waitFor();
  await at.picture('catalog-item');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('tab', { name: '谁可使用' }).click();
  await at.page.getByText('测试应用 police').waitFor();
  await at.picture('catalog-item-who');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('tab', { name: '变更历史' }).click();
  await at.page.getByText('现行').waitFor();
  await at.picture('catalog-item-history');
  expect(await at.close()).toEqual([]);
});

it('a system administrator reads what an item is, and is told who reads the rest', async () => {
  const at = await hub.openAs('system');
  await at.go('/catalog/items/RK-0007?tab=who');
  await at.page.getByText('由其提供部门的部门专员和数据主管部门的安全、审计管理员查看').waitFor();
  await at.go('/catalog/items/RK-9999');
  await at.page.getByText('目录中没有信息项 RK-9999').waitFor();
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});

it('resources', async () => {
  const at = await hub.openAs('security');
  await at.go('/catalog?list=resources');
  await at.page.getByRole('columnheader', { name: '信息项数' }).waitFor();
  await at.picture('catalog-resources');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});

it('a steward changes how an item is shared; it is in force, and in the history', async () => {
  const at = await hub.openAs('civilSteward');
  await at.go('/catalog/items/RK-0013?tab=what');
  await at.page.getByRole('button', { name: '变更共享条件' }).click();
  await at.page.getByRole('dialog').getByLabel('共享条件或不予共享依据').fill('');
  await at.page.getByRole('button', { name: '保存' }).click();
  await at.page.getByText('有条件共享须列明条件，不予共享须有依据').waitFor();
  await at.picture('catalog-set-sharing');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('dialog').getByLabel('共享条件或不予共享依据').fill('婚姻登记、社会救助等事项凭办件编号查询');
  await at.page.getByRole('button', { name: '保存' }).click();
  await at.page.getByRole('cell', { name: '婚姻登记、社会救助等事项凭办件编号查询' }).waitFor();
  await at.page.getByRole('tab', { name: '变更历史' }).click();
  await at.page.getByText('由 test-civilSteward').waitFor();
  expect(await at.close()).toEqual([]);
});

it('a resource is drafted anew, submitted, looked over and published by the authority', async () => {
  const at = await hub.openAs('civilSteward');
  await at.go(`/catalog/resources/${encodeURIComponent('101004/000001')}`);
  await at.page.getByRole('button', { name: '起草变更' }).click();
  await at.page.getByLabel('摘要').fill('本县婚姻登记机关办理的结婚、离婚登记及补领证件信息');
  await at.picture('catalog-edit');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('button', { name: '保存草案' }).click();
  await at.page.getByText('与现行目录的差异').waitFor();
  const path = new URL(at.page.url()).pathname;
  await at.page.getByRole('button', { name: '提交' }).click();
  await at.page.getByRole('dialog').getByRole('button', { name: '提交' }).click();
  await at.page.getByText('待审核', { exact: true }).waitFor();
  expect(await at.close()).toEqual([]);

  // Those who oversee read it, and have no button for it.
  for (const name of ['security', 'auditor'] as const) {
    const overseer = await hub.openAs(name);
    await overseer.go('/catalog?list=drafts');
    await overseer.page.getByRole('row').filter({ hasText: '待审核' }).getByText('天祝县民政局').waitFor();
    expect(await overseer.page.getByRole('button', { name: /新建资源|导入/ }).count()).toBe(0);
    await overseer.picture(`catalog-drafts-${name}`);
    expect(await overseer.findings()).toEqual([]);
    await overseer.page.getByRole('link', { name: decodeURIComponent(path.split('/')[3] ?? '') }).click();
    await overseer.page.getByRole('cell', { name: '本县婚姻登记机关办理的结婚、离婚登记及补领证件信息' }).waitFor();
    expect(await overseer.page.getByRole('button', { name: /发布|退回|提交|放弃|修改/ }).count()).toBe(0);
    expect(await overseer.close()).toEqual([]);
  }

  const authority = await hub.openAs('steward');
  await authority.go('/catalog?list=drafts');
  await authority.page.getByRole('link', { name: decodeURIComponent(path.split('/')[3] ?? '') }).click();
  await authority.page.getByRole('cell', { name: '本县婚姻登记机关办理的结婚、离婚登记及补领证件信息' }).waitFor();
  await authority.picture('catalog-draft');
  expect(await authority.findings()).toEqual([]);
  await authority.page.getByRole('button', { name: '发布' }).click();
  await authority.page.getByRole('dialog').getByRole('button', { name: '发布' }).click();
  await authority.page.getByText('已发布', { exact: true }).waitFor();
  await authority.go(`/catalog/resources/${encodeURIComponent('101004/000001')}`);
  await authority.page.getByRole('cell', { name: '本县婚姻登记机关办理的结婚、离婚登记及补领证件信息' }).waitFor();
  const file = authority.page.waitForEvent('download');
  await authority.go('/catalog');
  await authority.page.getByRole('button', { name: '导出' }).click();
  await authority.page.getByRole('menuitem', { name: '目录表（CSV）' }).click();
  expect((await file).suggestedFilename()).toMatch(/^catalog-[\d-]+\.csv$/);
  expect(await authority.close()).toEqual([]);
}, 180_000);

it('a new resource is drafted with its items, told what it lacks where it lacks it, and published; then it is withdrawn', async () => {
  const at = await hub.openAs('civilSteward');
  const { page } = at;
  await at.go('/catalog?list=resources');
  await page.getByRole('button', { name: '编目' }).click();
  await page.getByRole('button', { name: '保存草案' }).click();
  await page.getByText('请填写').first().waitFor();
  await page.getByLabel('代码', { exact: true }).fill('306301/000009');
  await page.getByLabel('名称', { exact: true }).fill('婚姻登记档案目录');
  await page.getByLabel('摘要').fill('本县婚姻登记档案的目录，自建档以来');
  await page.getByLabel('格式类型').fill('mysql');
  await page.getByLabel('共享方式').fill('共享平台接口');
  await page.getByRole('button', { name: '添加信息项' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('代码', { exact: true }).fill('MZ-DA-1');
  await drawer.getByLabel('名称', { exact: true }).fill('档号');
  await drawer.getByRole('button', { name: '保存' }).click();
  await drawer.getByText('有条件共享须列明条件，不予共享须有依据').waitFor();
  await drawer.getByLabel('共享条件或不予共享依据').fill('办理婚姻登记事项，凭办件编号查询');
  await at.picture('catalog-new-item');
  expect(await at.findings()).toEqual([]);
  await drawer.getByRole('button', { name: '保存' }).click();
  await page.getByRole('cell', { name: 'MZ-DA-1' }).waitFor();
  await at.picture('catalog-new');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('button', { name: '保存草案' }).click();
  await page.getByText('与现行目录的差异').waitFor();
  await publish(await submitted(at), 'catalog-new-draft');
  await at.go('/catalog/items/MZ-DA-1?tab=what');
  await page.getByRole('heading', { name: '档号' }).waitFor();
  await page.getByText('办理婚姻登记事项，凭办件编号查询').first().waitFor();

  await at.go(`/catalog/resources/${encodeURIComponent('306301/000009')}`);
  await page.getByRole('button', { name: '起草撤销' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '保存草案' }).click();
  await page.getByText('请填写').waitFor();
  await page.getByLabel('撤销依据').fill('档案已并入结婚登记信息，不再单独编目');
  await at.picture('catalog-withdraw');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: '保存草案' }).click();
  await page.getByText('撤销依据：档案已并入结婚登记信息，不再单独编目').waitFor();
  await publish(await submitted(at), 'catalog-withdrawal');
  await at.go(`/catalog/resources/${encodeURIComponent('306301/000009')}`);
  await page.getByText('已撤销', { exact: true }).first().waitFor();
  expect(await page.getByRole('button', { name: '起草撤销' }).count()).toBe(0);
  await at.picture('catalog-withdrawn');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
}, slow);

it('the table that a department filled in is imported, as spreadsheets write it: what is wrong is told with its row, else each resource is a draft', async () => {
  const at = await hub.openAs('civilSteward');
  const { page } = at;
  await at.go('/catalog?list=drafts');
  const table = (shareType: string): string => [
    '信息资源代码,信息资源名称,信息资源摘要,信息资源格式,格式类型,信息项代码,信息项名称,数据类型,长度,共享类型,共享条件,共享方式,数据分级,是否向社会开放,更新周期',
    `306302/1,殡葬服务机构,本县殡葬服务机构名录,电子表格,xlsx,MZ-BZ-1,机构名称,字符型C,60,${shareType},,共享平台接口,S1,是,每年`,
    ',,,,,MZ-BZ-2,服务电话,C,20,无条件共享,,,公开,是,',
    '306302/2,公墓,本县公墓名录,数据库,mysql,MZ-GM-1,公墓名称,C,60,无条件共享,,共享平台接口,S1,是,每月',
  ].join('\r\n');
  const take = (buffer: Buffer): Promise<void> => page.locator('input[type=file]').setInputFiles({ name: '民政局目录.csv', mimeType: 'text/csv', buffer });
  await take(Buffer.from(`\uFEFF${table('随便')}`));
  await page.getByRole('dialog').getByText('row 2, 共享类型: is "随便"').waitFor();
  await at.picture('catalog-import-refused');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('dialog').getByRole('button').click();
  await take(inGb18030(table('无条件共享')));
  await page.getByText('已生成 2 份草案').waitFor();
  await page.getByRole('row', { name: '殡葬服务机构 306302/1' }).waitFor();
  await at.picture('catalog-imported');
  expect(await at.findings()).toEqual([]);
  await page.getByRole('row', { name: '公墓 306302/2' }).getByRole('link').click();
  await page.getByRole('cell', { name: 'MZ-GM-1' }).waitFor();
  await page.getByRole('cell', { name: '本县公墓名录' }).waitFor();
  expect(await at.close()).toEqual([]);
}, slow);

/** As spreadsheets on Chinese computers write it. Node reads this encoding and does not write it. */
function inGb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  const bytes = new Map<string, Buffer>();
  for (let lead = 0x81; lead < 0xff; lead += 1) {
    for (let trail = 0x40; trail < 0xff; trail += 1) bytes.set(decoder.decode(Buffer.from([lead, trail])), Buffer.from([lead, trail]));
  }
  return Buffer.concat([...text].map((letter) => (letter < '\x80' ? Buffer.from(letter) : bytes.get(letter) ?? Buffer.from('?'))));
}
