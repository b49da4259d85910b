/**
 * The room of field permissions: the matrix is found, read and changed, by mouse and by keyboard, each role its own way; and a large
 * one never shows a blank frame.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, registerOther, testMatter } from '../world/callers.ts';
import type { AdministratorName, OtherName } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import type { ConsolePage, PageOptions } from './browser.ts';
import { consoleHub } from './hub.ts';
import type { ConsoleHub } from './hub.ts';
import { cellOf, manyApplications } from './many-applications.ts';

let served: ConsoleHub;

/** Browsers take their time beside other tests. */
const patient = { timeout: 120_000 };

/** The hub's clock: two days ahead, so that the day before it has a past to compare with. */
const day = 86_400_000;
const now = (): Date => new Date(Date.now() + 2 * day);
const yesterday = new Date(now().getTime() - day + 8 * 3_600_000).toISOString().slice(0, 10);

beforeAll(async () => {
  served = await consoleHub(now);
  await registerOther(served.hub.database, 'other-security', '620623-ZS', 'SECURITY');
  await manyApplications(served);
});
afterAll(() => served?.close());

async function enter(name: AdministratorName | OtherName, path: string, options: PageOptions = {}): Promise<ConsolePage> {
  const at = await served.openAs(name, options);
  expect(await at.go(path)).toBe(200);
  return at;
}

/** Shows few rows and the applications of the tests. */
const narrowed = (q: string, more = ''): string => `/permissions?q=${encodeURIComponent(q)}&who=test-${more}`;

/** Confirms what the drawer has previewed. */
async function confirm(at: ConsolePage, effect: string): Promise<void> {
  await at.page.getByRole('button', { name: '预览影响' }).click();
  await at.page.getByRole('region', { name: '变更的影响' }).getByText(effect).first().waitFor();
  await at.page.getByRole('button', { name: '确认并生效' }).click();
  await at.page.getByText('已生效').last().waitFor();
}

describe('the matrix', () => {
  it('finds an item by name and an application by code, and tells why a cell is as it is', patient, async () => {
    const at = await enter('security', '/permissions');
    await at.page.getByRole('grid').waitFor();
    await at.picture('permissions');
    await at.page.getByLabel('按信息项名称或代码查找').fill('婚姻状况');
    await at.page.getByLabel('按应用、部门名称或代码查找').fill('test-');
    await cellOf(at, '婚姻状况', '测试应用 civilAffairs', '部分可见').hover();
    await at.page.getByRole('tooltip').getByText('本部门提供的数据').waitFor();
    await at.picture('permissions-why');
    expect(await at.findings()).toEqual([]);
    await at.page.getByLabel('按信息项名称或代码查找').fill('rk-0002');
    await cellOf(at, '姓名', '测试应用 police', '可见').waitFor();
    // Its row was there before the others have gone.
    await at.page.getByRole('row').nth(2).waitFor({ state: 'detached' });
    expect(await at.page.getByRole('row').count()).toBe(2);
    await at.page.getByLabel('按信息项名称或代码查找').fill('没有这一项');
    await at.page.getByText('没有符合条件的行或列').waitFor();
    expect(await at.close()).toEqual([]);
  });

  it('is asked for once and first, ahead of its page; why, when somebody rests on a cell, and once for all cells of an application', patient, async () => {
    const at = await served.openAs('security');
    const asked: string[] = [];
    at.page.on('request', (request) => asked.push(...(/query (\w+)/.exec(request.postData() ?? '')?.slice(1) ?? [])));
    // Who is signed in is told late enough that the room's code is there.
    await at.page.route('**/session?*', async (route) => {
      await new Promise((wake) => { setTimeout(wake, 2000); });
      await route.continue();
    });
    await at.page.addInitScript("window.ahead = []; const send = fetch; window.fetch = (...all) => { if (all[0] === '/graphql') ahead.push(document.querySelector('nav') === null); return send(...all); };");
    await at.go(narrowed('RK-00'));
    await cellOf(at, '婚姻状况', '测试应用 civilAffairs', '部分可见').waitFor();
    expect([asked[0], await at.page.evaluate<boolean>('ahead[0]')]).toEqual(['FieldPermissions', true]);
    await cellOf(at, '婚姻状况', '测试应用 civilAffairs').hover();
    await at.page.getByRole('tooltip').getByText('本部门提供的数据').waitFor();
    await cellOf(at, '姓名', '测试应用 civilAffairs').hover();
    await at.page.getByRole('tooltip').getByText('RK-0002').waitFor();
    await at.page.getByRole('tooltip').getByText('依据：').waitFor();
    expect(asked.filter((name) => name === 'PermissionReasons' || name === 'FieldPermissions')).toEqual(['FieldPermissions', 'PermissionReasons']);
    expect(await at.close()).toEqual([]);
  });

  it('is moved in by keyboard: arrows, Enter opens, Esc closes', patient, async () => {
    const at = await enter('security', '/permissions', { width: 1024, height: 768 });
    const grid = at.page.getByRole('grid');
    await grid.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'End', 'PageDown', 'Control+End', 'Control+Home', 'ArrowDown']) await at.page.keyboard.press(key);
    expect(await grid.getAttribute('aria-activedescendant')).toBe('cell-1-0');
    await at.page.getByRole('tooltip').getByText('公民身份号码').waitFor();
    await at.page.keyboard.press('Escape');
    await at.page.getByRole('tooltip').waitFor({ state: 'detached' });
    await at.page.keyboard.press('Enter');
    await at.page.getByRole('dialog').getByText('公民身份号码').waitFor();
    await at.page.getByRole('tab', { name: '禁止' }).waitFor();
    await at.picture('permissions-drawer');
    expect(await at.findings()).toEqual([]);
    await at.page.keyboard.press('Escape');
    await at.page.getByRole('dialog').waitFor({ state: 'detached' });
    await at.page.keyboard.press('ArrowDown');
    expect(await grid.getAttribute('aria-activedescendant')).toBe('cell-2-0');
    expect(await at.close()).toEqual([]);
  });

  it('of all items and two hundred applications has a cell everywhere in sight, in the frame of every jump', patient, async () => {
    const at = await enter('security', '/permissions?registry=ALL&pin=test-police');
    await at.page.getByRole('gridcell').first().waitFor();
    await at.picture('permissions-all');
    const grid = at.page.getByRole('grid');
    expect(Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(400);
    expect(Number(await grid.getAttribute('aria-colcount'))).toBeGreaterThan(200);
    const { frames, points, holes, cells } = await at.page.evaluate<{ frames: number; points: number; holes: readonly string[]; cells: number }>(`(async () => {
      const grid = document.querySelector('[role=grid]');
      const told = { frames: 0, points: 0, holes: [], cells: 0 };
      const box = grid.getBoundingClientRect();
      const look = () => {
        told.frames += 1;
        told.cells = Math.max(told.cells, grid.querySelectorAll('[role=gridcell]').length);
        for (let y = box.top + 8; y < box.top + grid.clientHeight - 2; y += 28) for (let x = box.left + 8; x < box.left + grid.clientWidth - 2; x += 34) {
          told.points += 1;
          const seen = document.elementFromPoint(x, y);
          if (seen === null || seen.closest('[role=gridcell],[role=rowheader],[role=columnheader]') === null) told.holes.push(grid.scrollTop + ' ' + grid.scrollLeft + ': ' + Math.round(x) + ',' + Math.round(y));
        }
      };
      const jumps = [[0, 0], [9000, 0], [9000, 3000], [200, 5000], [17000, 100], [17000, 99999], [99999, 99999], [5000, 2500], [0, 99999], [0, 0]];
      for (let step = 0; step < 15; step += 1) jumps.push([step * 1097, step * 397]);
      for (const [top, left] of jumps) {
        grid.scrollTop = top;
        grid.scrollLeft = left;
        await new Promise(requestAnimationFrame);
        look();
      }
      return told;
    })()`);
    expect(holes).toEqual([]);
    expect([frames, points > 8000, cells < 3000]).toEqual([25, true, true]);
    await at.picture('permissions-scrolled');
    expect(await at.close()).toEqual([]);
  });
});

describe('a change by the security administrator', () => {
  it('is previewed, made, and in the matrix: a grant, a denial, their ends; and what has changed since yesterday', patient, async () => {
    // What is really asked is what the preview replays.
    const { idNumbers } = await somePeople(served.hub.database);
    for (const id of idNumbers.slice(0, 2)) {
      const asked = await fetch(`${served.url}/graphql`, { method: 'POST', body: JSON.stringify({ query: `{ person(idNumber: "${id}") { name maritalStatusCode } }` }), headers: { 'content-type': 'application/json', 'authorization': `Bearer ${keyOf('market')}`, 'hub-matter': testMatter } });
      expect(asked.status).toBe(200);
    }
    const at = await enter('security', narrowed('RK-0013'));
    await cellOf(at, '婚姻状况', '测试应用 market', '不可得').click();
    await at.page.getByLabel('批准文号').fill('天数授〔2026〕试1号');
    await at.page.getByRole('button', { name: '预览影响' }).click();
    const effects = at.page.getByRole('region', { name: '变更的影响' });
    await effects.getByText('取得').first().waitFor();
    await effects.getByText('近 30 日实际发生过的 1 种操作中，1 种受影响。').waitFor();
    const really = effects.getByRole('row').filter({ hasText: '+ Person.maritalStatusCode' });
    expect((await really.getByRole('cell').allInnerTexts()).slice(0, 3)).toEqual(['取得', '测试应用 market', '2']);
    await at.picture('permissions-preview');
    expect(await at.findings()).toEqual([]);
    await confirm(at, '取得');
    await cellOf(at, '婚姻状况', '测试应用 market', '可见').waitFor();
    const { sql } = served.hub.database;
    expect(await sql`select approval_no from sharing_grant where consumer_code = 'test-market'`).toMatchObject([{ approval_no: '天数授〔2026〕试1号' }]);

    await cellOf(at, '婚姻状况', '测试应用 market').click();
    await at.page.getByRole('tab', { name: '禁止' }).click();
    await at.page.getByLabel('禁止代码').fill('JZ-1');
    await at.page.getByRole('textbox', { name: '理由' }).fill('核查中');
    await at.page.getByRole('button', { name: '预览影响' }).click();
    await at.page.getByRole('region', { name: '变更的影响' }).getByRole('row').filter({ hasText: '− Person.maritalStatusCode' }).getByText('失去').waitFor();
    await confirm(at, '失去');
    await cellOf(at, '婚姻状况', '测试应用 market', '已禁止').click();
    await at.page.getByText('解除禁止 JZ-1（核查中）').waitFor();
    await confirm(at, '取得');
    await cellOf(at, '婚姻状况', '测试应用 market', '可见').waitFor();

    await at.go(narrowed('RK-0013', `&since=${yesterday}&changed=1`));
    await at.page.getByText(`自 ${yesterday} 终了以来有 1 格变化`).waitFor();
    await cellOf(at, '婚姻状况', '测试应用 market', '可见，有变化').hover();
    await at.page.getByRole('tooltip').getByText('原为：不可得').waitFor();
    await at.picture('permissions-changes');
    expect(await at.findings()).toEqual([]);
    await at.go(narrowed('RK-0013', `&day=${yesterday}`));
    await cellOf(at, '婚姻状况', '测试应用 market', '不可得').click();
    await at.page.getByText('往日的权限不能更改').waitFor();

    await at.go(narrowed('RK-0013'));
    await cellOf(at, '婚姻状况', '测试应用 market', '可见').click();
    await at.page.getByText('终止整个授权').waitFor();
    await confirm(at, '失去');
    await cellOf(at, '婚姻状况', '测试应用 market', '不可得').waitFor();
    expect(await at.close()).toEqual([]);
  });

  it('a territory: entered, told to the second of two, taken away', patient, async () => {
    const [one, two] = [await enter('security', narrowed('RK-0013')), await enter('other-security', narrowed('RK-0013'))];
    const open = async (at: ConsolePage): Promise<void> => {
      await cellOf(at, '婚姻状况', '测试应用 credit').click();
      await at.page.getByRole('tab', { name: '辖区' }).click();
    };
    const fill = async (at: ConsolePage, codes: string): Promise<void> => {
      await at.page.getByText('没有限定辖区').waitFor();
      await at.page.getByRole('button', { name: '添加一条' }).click();
      await at.page.getByLabel('代码，以逗号分隔').fill(codes);
    };
    const stands = async (): Promise<unknown> => (await served.hub.database.sql<{ territory: unknown }[]>`select territory from consumer where code = 'test-credit'`)[0]?.territory;
    for (const at of [one, two]) await open(at);
    await fill(one, '620623100，620623101');
    await one.picture('permissions-territory');
    expect(await one.findings()).toEqual([]);
    await fill(two, '620623999');
    await one.page.getByRole('button', { name: '确认并生效' }).click();
    await one.page.getByText('已生效').last().waitFor();
    const before = await stands();
    await two.page.getByRole('button', { name: '确认并生效' }).click();
    await two.page.getByRole('alert').filter({ hasText: '辖区刚被他人更改' }).waitFor();
    // Once more, and the hub says what is wrong with it.
    await two.page.getByRole('button', { name: '确认并生效' }).click();
    await two.page.getByRole('alert').filter({ hasText: '620623999' }).waitFor();
    expect(await two.page.getByLabel('代码，以逗号分隔').inputValue()).toBe('620623999');
    expect(await stands()).toEqual(before);
    await open(one);
    expect(await one.page.getByLabel('代码，以逗号分隔').inputValue()).toBe('620623100000，620623101000');
    // What is told by no code stays what it is.
    await one.page.getByRole('button', { name: '添加范围' }).click();
    await one.page.getByRole('combobox', { name: '或位于' }).click();
    await one.page.getByTitle('持证主体授权').click();
    expect(await one.page.getByLabel('代码，以逗号分隔').count()).toBe(1);
    await one.page.getByRole('button', { name: '确认并生效' }).click();
    await expect.poll(stands, { timeout: 20_000 }).toContain('authorization');
    await open(one);
    await one.page.getByTitle('持证主体授权').waitFor();
    expect(await one.page.getByLabel('代码，以逗号分隔').count()).toBe(1);
    await one.page.getByRole('button', { name: '删除第 1 条' }).click();
    await one.page.getByText('没有限定辖区').waitFor();
    await one.page.getByRole('button', { name: '确认并生效' }).click();
    await expect.poll(stands, { timeout: 20_000 }).toBe('[]');
    expect([await one.close(), await two.close()]).toEqual([[], []]);
  });

  it('of two at once: the second is told, keeps what he filled in, and loses nothing of the first\'s', patient, async () => {
    const [one, two] = [await enter('security', narrowed('RK-0013')), await enter('other-security', narrowed('RK-0006'))];
    const fill = async (at: ConsolePage, item: string, quota: string): Promise<void> => {
      await cellOf(at, item, '测试应用 credit').click();
      await at.page.getByLabel('批准文号').fill('天数授〔2026〕合1号');
      await at.page.getByLabel('每日次数').fill(quota);
      await at.page.getByRole('button', { name: '预览影响' }).click();
      await at.page.getByRole('region', { name: '变更的影响' }).getByText('取得').first().waitFor();
    };
    await fill(one, '婚姻状况', '50');
    await fill(two, '民族', '70');
    await one.page.getByRole('button', { name: '确认并生效' }).click();
    await one.page.getByText('已生效').last().waitFor();
    await two.page.getByRole('button', { name: '确认并生效' }).click();
    await two.page.getByRole('alert').getByText('内容已被他人更改').waitFor();
    await two.page.getByText('您填写的内容仍在').waitFor();
    // The number that is there by now is not offered over what is told.
    expect(await two.page.locator('.ant-select-dropdown:visible').count()).toBe(0);
    await two.picture('permissions-overtaken');
    expect(await two.findings()).toEqual([]);
    expect(await two.page.getByLabel('批准文号').inputValue()).toBe('天数授〔2026〕合1号');
    expect(await two.page.getByLabel('每日次数').inputValue()).toBe('70');
    expect(await two.page.getByRole('button', { name: '确认并生效' }).isDisabled()).toBe(true);
    await confirm(two, '取得');
    const [own] = await served.hub.database.sql<{ tuples: string }[]>`select tuples::text from sharing_grant where approval_no = '天数授〔2026〕合1号'`;
    expect((JSON.parse(own!.tuples) as { item: string; quotaPerDay: number }[]).map(({ item, quotaPerDay }) => [item, quotaPerDay])).toEqual([['RK-0013', 50], ['RK-0006', 70]]);
    expect([await one.close(), await two.close()]).toEqual([[], []]);
  });

  it('that cannot be is told why, and changes nothing', async () => {
    const at = await enter('security', narrowed('RK-0013'));
    await cellOf(at, '婚姻状况', '测试应用 market', '不可得').click();
    await at.page.getByRole('button', { name: '预览影响' }).click();
    await at.page.getByText('请填写批准文号').waitFor();
    await at.page.getByLabel('批准文号').fill('天数授〔2026〕1号');
    await at.page.getByRole('button', { name: '预览影响' }).click();
    await at.page.getByRole('alert').getByText('is of another consumer').waitFor();
    expect(await at.page.getByRole('button', { name: '确认并生效' }).isDisabled()).toBe(true);
    expect(await at.close()).toEqual([]);
  });
});

describe('a steward', () => {
  it('sees his department\'s rows, and decides how they are shared', patient, async () => {
    const at = await enter('civilSteward', narrowed('RK-00'));
    await cellOf(at, '婚姻状况', '测试应用 police').click();
    expect(await at.page.getByRole('row').filter({ hasText: 'RK-0001' }).count()).toBe(0);
    await at.page.getByText('无条件共享', { exact: true }).last().click();
    await at.page.getByRole('button', { name: '预览影响' }).click();
    await at.page.getByRole('region', { name: '变更的影响' }).getByText('取得').first().waitFor();
    await at.picture('permissions-steward');
    expect(await at.findings()).toEqual([]);
    await confirm(at, '取得');
    await cellOf(at, '婚姻状况', '测试应用 police', '可见').waitFor();
    expect(await at.close()).toEqual([]);
  });
});

it('the room is refused by address to who has no business in it', async () => {
  for (const name of ['auditor', 'system'] as const) {
    const at = await enter(name, '/me');
    expect([name, await at.go('/permissions'), await at.go('/view-as')]).toEqual([name, 403, 403]);
    await at.page.getByText('无权进入').waitFor();
    await at.close();
  }
});
