/**
 * On a tablet held upright no room scrolls sideways and what one comes for is in sight; on paper there is what was decided, in whose
 * words, and nothing to click on.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerOther } from '../world/callers.ts';
import type { AdministratorName, OtherName } from '../world/callers.ts';
import type { ConsolePage } from './browser.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

/** Milliseconds that many pages may take on a busy machine. */
const slow = 240_000;
const refusal = '登记业务不需要藏文姓名';
const passed = '依据充分，同意转办';

let hub: ConsoleHub;
let number = '';
beforeAll(async () => {
  hub = await consoleHub();
  const { database, standing } = hub.hub;
  await counted();
  await registerOther(database, 'other-market-steward', '620623-SC', 'STEWARD');
  await registerOther(database, 'other-police-steward', '620623-GA', 'STEWARD');
  await standing.look();
  const must = async (who: AdministratorName | OtherName, query: string, variables: Readonly<Record<string, unknown>>) => {
    const { json, code, text } = await (await hub.signedIn(who)).ask(query, variables);
    if (code !== undefined) throw new Error(text);
    return Object.values(json['data'] as unknown as Record<string, Applied>)[0] as Applied;
  };
  const applied = await must('other-market-steward', 'mutation ($a: OperationApplicationInput!) { applyForOperation(consumer: "test-market", document: "{ person(idNumber: \\"622326199001010019\\") { name formerName nameTibetan } }", application: $a) { number version } }', { a: { matters: ['TEST-ANY-PURPOSE'], legalBasis: '市场主体登记管理条例第十九条', scenario: '登记窗口核对申请人信息', purpose: '核实申请人曾用名', validTo: new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10) } });
  ({ number } = applied);
  const submitted = await must('other-market-steward', 'mutation ($number: ID!, $version: Int!) { submitApplication(number: $number, version: $version) { version } }', { number, version: applied.version });
  const { lines, reviews } = await must('steward', 'mutation ($number: ID!, $version: Int!, $words: String) { passApplication(number: $number, version: $version, words: $words) { lines { line item } reviews { version } } }', { number, version: submitted.version, words: passed });
  await must('other-police-steward', 'mutation ($number: ID!, $version: Int!, $decisions: [LineDecisionInput!]!) { reviewApplication(number: $number, version: $version, decisions: $decisions) { state } }', { number, version: reviews[0]?.version, decisions: lines.map(({ line }, i) => (i === 0 ? { line, approve: true } : { line, approve: false, reason: refusal })) });
});
afterAll(() => hub?.close());

/** Figures of a day that is complete, and not counted again by the hub that runs. */
async function counted(): Promise<void> {
  const { sql } = hub.hub.database;
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
  await sql`delete from evaluation_day`;
  await sql`insert into evaluation_day (day, counted_at, complete) values (${yesterday}, ${`${today}T00:00:00+08:00`}, true)`;
  for (const [department, figure, count] of [['620623-GA', 'ANSWERS', 5230], ['620623-GA', 'ITEMS', 20110], ['620623-SC', 'REQUESTS', 4170]] as const) await sql`insert into evaluation_figure (day, department_code, figure, count) values (${yesterday}, ${department}, ${figure}, ${count})`;
}

interface Applied {
  readonly number: string;
  readonly version: number;
  readonly lines: readonly { readonly line: number; readonly item: string }[];
  readonly reviews: readonly { readonly version: number }[];
}

/** What sticks out of the page: how far it scrolls sideways, and the buttons that are not in sight of whoever does not scroll. What scrolls by itself, as tables do, is none of the page's. */
const stickingOut = (at: ConsolePage): Promise<{ readonly wide: readonly string[]; readonly lost: readonly string[] }> => at.page.evaluate(`(() => {
  const wide = [document.scrollingElement, document.querySelector('main')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.tagName + ' ' + one.scrollWidth + ' > ' + one.clientWidth);
  const scrolls = (one) => one !== null && one.tagName !== 'MAIN' && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const lost = [...document.querySelectorAll('main button, main [role=combobox], main [role=tab]')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && !scrolls(one.parentElement) && (box.left < 0 || box.right > innerWidth + 1);
  }).map((one) => one.outerHTML.slice(0, 120));
  return { wide, lost };
})()`);

/** Pages, by whose errand it is, with what he comes for. */
const pages: readonly (readonly [who: AdministratorName | OtherName, path: string, button: string | null])[] = [
  ['system', '/accounts', '开立账户'], ['system', '/accounts?tab=consumers', '登记应用'], ['system', '/accounts?tab=administrators', null], ['system', '/sync', null], ['system', '/sync?tab=quarantine', null],
  ['system', '/query', 'Execute query'], ['system', '/map', null], ['system', '/me', null],
  ['security', '/permissions', null], ['security', '/view-as', null], ['security', '/catalog', '导出'], ['security', '/catalog/items/RK-0013', null], ['security', '/catalog/items/RK-0013?tab=who', null], ['security', '/evaluation', '下载 CSV'],
  ['auditor', '/audit', '检索'], ['auditor', '/evaluation?tab=departments', '下载 Excel'], ['auditor', '/applications', null],
  ['steward', '/matters', '登记事项'], ['steward', '/matters/620623-MZ-GL', '起草下一版'], ['steward', '/matters/620623-MZ-GL?tab=needed', null], ['steward', '/sync?tab=conflicts', null], ['steward', '/catalog?list=drafts', '导入目录表'],
  ['civilSteward', '/applications', '新建申请'], ['civilSteward', '/applications/new', null], ['civilSteward', '/catalog/resources/101004%2F000001', '起草变更'], ['civilSteward', '/catalog/resources/101004%2F000001/edit', '保存草案'], ['civilSteward', '/catalog/items/RK-0013', '变更共享条件'], ['civilSteward', '/permissions', null],
  ['other-market-steward', '/applications/APPLICATION', '打印'],
];

it('on a tablet held upright no page scrolls sideways, and its buttons are in sight', async () => {
  const found: string[] = [];
  for (const [who, own] of Map.groupBy(pages, ([name]) => name)) {
    const at = await hub.openAs(who, { width: 820, height: 1180 });
    for (const [, named, button] of own) {
      const path = named.replace('APPLICATION', encodeURIComponent(number));
      expect([who, path, await at.go(path)]).toEqual([who, path, 200]);
      await at.page.waitForLoadState('networkidle');
      await at.page.locator('main .ant-skeleton').first().waitFor({ state: 'detached' });
      if (button !== null) await at.page.locator('main').getByRole('button', { name: button }).first().waitFor();
      await at.picture(`tablet${path.replaceAll(/\W+/g, '-')}-${who}`);
      const { wide, lost } = await stickingOut(at);
      found.push(...[...wide, ...lost].map((one) => `${who} ${path}: ${one}`));
    }
    expect([who, await at.close()]).toEqual([who, []]);
  }
  expect(found).toEqual([]);
}, slow);

/** A4 between its margins at 96 points an inch, held upright, and lying for what is wide. */
const [upright, lying] = [672, 1032];

/** What can be clicked on or filled in, of what is seen. */
const toClick = async (at: ConsolePage): Promise<readonly string[]> => (await Promise.all((['button', 'combobox', 'textbox', 'tab', 'menuitem', 'searchbox', 'switch'] as const).map(async (role) => (await at.page.getByRole(role).filter({ visible: true }).allInnerTexts()).map((text) => `${role} ${text}`)))).flat();

it('an application, an item and the evaluation are printed: what was decided and in whose words, without menu and buttons', async () => {
  const print = async (who: AdministratorName | OtherName, path: string, words: readonly string[], picture: string, width = upright): Promise<void> => {
    const at = await hub.openAs(who, { width: 1440, height: 900 });
    await at.go(path);
    await at.page.waitForLoadState('networkidle');
    await at.page.getByText(words[0] ?? '').first().waitFor();
    await at.page.emulateMedia({ media: 'print' });
    await at.page.setViewportSize({ width, height: 980 });
    await at.picture(picture);
    expect([path, await toClick(at)]).toEqual([path, []]);
    expect(await at.page.getByRole('navigation').filter({ visible: true }).count()).toBe(0);
    for (const text of words) {
      const box = await at.page.getByText(text).filter({ visible: true }).first().boundingBox();
      // What is cut off at the edge of the paper is as good as not there.
      expect([path, text, box !== null && box.x >= 0 && box.x + box.width <= width + 1]).toEqual([path, text, true]);
    }
    expect([path, ...(await stickingOut(at)).wide]).toEqual([path]);
    const cut = await at.page.evaluate<readonly string[]>("[...document.querySelectorAll('main td, main th')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.innerText)");
    expect([path, ...cut]).toEqual([path]);
    // As the browser prints it: what is wide lies on a page of its own.
    const sheets = (await at.page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/MediaBox *\[0 0 \d+/g) ?? [];
    expect([path, sheets.some((sheet) => sheet.endsWith(' 841'))]).toEqual([path, width === lying]);
    expect(await at.close()).toEqual([]);
  };
  await print('auditor', `/applications/${encodeURIComponent(number)}`, [refusal, passed, '政务数据共享申请审批单', '核实申请人曾用名', '通过形式审核'], 'paper-application');
  await print('civilSteward', '/catalog/items/RK-0013', ['Person.maritalStatusCode', '婚姻状况', '有条件共享'], 'paper-item');
  await print('auditor', '/evaluation?tab=departments', ['天祝县公安局', '20,110', '统计期间', '各部门'], 'paper-evaluation', lying);
}, slow);
