/**
 * View as: what an operation would get for an application, place by place, and why, also one that was really asked; and for a steward,
 * all of it about his own applications, of others' what is about his department's items.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyOf, testMatter } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import type { ConsolePage } from './browser.ts';
import { consoleHub } from './hub.ts';
import type { ConsoleHub } from './hub.ts';

let served: ConsoleHub;
beforeAll(async () => {
  served = await consoleHub();
});
afterAll(() => served?.close());

async function enter(name: AdministratorName, path: string): Promise<ConsolePage> {
  const at = await served.openAs(name);
  expect(await at.go(path)).toBe(200);
  return at;
}

const row = (at: ConsolePage, place: string) => at.page.getByRole('row').filter({ hasText: place });

it('an operation that is picked, for an application and a matter', async () => {
  const at = await enter('security', `/view-as?consumer=test-market&matter=${testMatter}`);
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await at.page.getByText(/会答复：\d+ 处可得/).waitFor();
  await row(at, 'Person.name').getByText('可得').waitFor();
  await row(at, 'Person.idNumber').getByText('不可得').waitFor();
  await at.picture('view-as');
  expect(await at.findings()).toEqual([]);
  await at.page.getByText('不可得', { exact: false }).first().waitFor();
  await at.page.getByRole('button', { name: '地名一览' }).click();
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await row(at, 'PlaceName.standardName').waitFor();
  await at.page.getByRole('button', { name: '按名称查法人' }).click();
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await row(at, 'LegalEntity.uscc').waitFor();
  expect(await at.close()).toEqual([]);
});

it('an operation that is pasted, and would be refused', async () => {
  const at = await enter('security', '/view-as');
  await at.page.getByText('先选择一个应用').waitFor();
  await at.page.getByRole('combobox', { name: '应用' }).fill('test-market');
  await at.page.keyboard.press('Enter');
  await at.page.getByLabel('查询（GraphQL）').fill('{ person(idNumber: "622326198001010010") { name } }');
  await at.page.getByLabel('变量（JSON，可空）').fill('[1]');
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await at.page.getByText('变量须是一个 JSON 对象').waitFor();
  await at.page.getByLabel('变量（JSON，可空）').fill('');
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await at.page.getByText('整项操作会被拒绝').waitFor();
  await at.page.getByText('no purpose was given').first().waitFor();
  await at.picture('view-as-refused');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('tab', { name: '全部信息项' }).click();
  await at.page.getByRole('row').filter({ hasText: 'FR-0001' }).first().waitFor();
  await at.picture('view-as-items');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});

it('a steward is told all about his own application, and of another\'s what is about his department\'s items', async () => {
  const at = await enter('civilSteward', `/view-as?consumer=test-civilAffairs&matter=${testMatter}`);
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await at.page.getByText(/会答复：\d+ 处可得/).waitFor();
  await row(at, 'Person.name').getByText('可得').waitFor();
  await row(at, 'Person.maritalStatusCode').waitFor();
  await at.page.getByRole('tab', { name: '全部信息项' }).click();
  await at.page.getByLabel('按名称或代码查找').fill('RK-0002');
  await row(at, 'RK-0002').first().waitFor();

  await at.go(`/view-as?consumer=test-market&matter=${testMatter}`);
  await at.page.getByText('这是其他部门的应用').waitFor();
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await at.page.getByText(/涉及本部门的信息项：0 处可得，0 处脱敏，1 处不予提供/).waitFor();
  await at.page.getByText(/另有 \d+ 项判定涉及其他部门的信息项/).waitFor();
  await row(at, 'Person.maritalStatusCode').getByText('不可得').waitFor();
  expect(await row(at, 'Person.name').count()).toBe(0);
  expect(await at.page.getByLabel('选用近期真实操作').count()).toBe(0);
  await at.picture('view-as-steward');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('button', { name: '按名称查法人' }).click();
  await at.page.getByRole('button', { name: '查看判定' }).click();
  await at.page.getByText('这项操作不涉及本部门提供的信息项').waitFor();
  await at.page.getByRole('tab', { name: '全部信息项' }).click();
  await at.page.getByLabel('按名称或代码查找').fill('RK-0002');
  await at.page.getByText('没有可使用的信息项').waitFor();
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});

async function ask(caller: CallerName, query: string, variables: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>>): Promise<void> {
  const response = await fetch(`${served.url}/graphql`, { method: 'POST', body: JSON.stringify({ query, variables }), headers: { 'content-type': 'application/json', 'authorization': `Bearer ${keyOf(caller)}`, ...headers } });
  expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ data: expect.anything() as unknown })]);
}

it('an operation that was really asked fills in document, variables, matter and mode, and is judged as it was', async () => {
  const { familyMember } = await somePeople(served.hub.database);
  const purpose = { 'hub-matter': testMatter };
  for (let n = 0; n < 3; n += 1) await ask('market', 'query Canary($id: String!) { person(idNumber: $id) { name maritalStatusCode } }', { id: familyMember }, purpose);
  await ask('market', '{ placeNames(first: 2) { nodes { standardName } } }', {}, {});
  const at = await enter('security', '/view-as?consumer=test-market');
  await at.page.getByLabel('选用近期真实操作').click();
  const option = at.page.getByRole('option').or(at.page.locator('.ant-select-item-option')).filter({ hasText: 'person · 测试事项 · 3 次' }).first();
  await option.waitFor();
  await at.picture('view-as-past');
  await option.click();
  await row(at, 'Person.name').getByText('可得').waitFor();
  await row(at, 'Person.maritalStatusCode').getByText('不可得').waitFor();
  expect(new URL(at.page.url()).searchParams.get('matter')).toBe(testMatter);
  const document = await at.page.getByLabel('查询（GraphQL）').inputValue();
  expect(document).toContain('maritalStatusCode');
  expect(document).not.toContain('Canary');
  expect(await at.page.content()).not.toContain(familyMember);
  expect(JSON.parse(await at.page.getByLabel('变量（JSON，可空）').inputValue())).toEqual({ idNumber: '…' });
  await at.picture('view-as-picked');
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});
