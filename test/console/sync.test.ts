/**
 * The room of the sync: how libraries stand, live; an entry in quarantine is opened, corrected and taken; a halted library goes on;
 * a steward decides about a conflict, and takes the other word whether or not he may read it. Whoever may not enter is told so by address.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeClaims } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { belongsHere } from '../../src/sync/home.ts';
import { setAside } from '../../src/sync/quarantine.ts';
import { registerOther } from '../world/callers.ts';
import { testPersonKey } from '../world/hub.ts';
import type { ConsoleHub } from './hub.ts';
import { consoleHub } from './hub.ts';

let hub: ConsoleHub;
beforeAll(async () => {
  hub = await consoleHub();
  const { sql } = hub.hub.database;
  await sql`
    insert into sync_feed (registry, cursor, epoch, phase, in_step, behind, entries, last_success_at, in_step_at, failures, halted, halted_at, breaker) values
    ('POPULATION', 'eyJjIjoxfQ', 'e-1', 'FEED', true, 0, 5000, now(), now(), 0, null, null, 'CLOSED'),
    ('CREDIT', 'eyJjIjoyfQ', 'e-1', 'FEED', false, 812, 40, now(), now() - interval '5 minutes', 0, 'The last 40 entries delete 31 of 60 records.', now(), 'OPEN')`;
  for (const [key, name] of [['c-1', '张更正'], ['c-2', '李更正']] as const) {
    const raw = { cursor: 'c', kind: 'UPSERT', type: 'Person', id: `city-${key}`, hidden: [], shown: ['idNumber', 'name', 'genderCode'], sources: [{ source: '620600-GA', key, version: '1', changedAt: '2026-11-20T00:00:00Z', deleted: false, effectiveFrom: null, effectiveTo: null, values: { idNumber: null, name, genderCode: '7' } }] };
    await setAside(sql as never, 'POPULATION', [{ cursor: null, type: 'Person', source: '620600-GA', key, cityId: null, field: 'genderCode', reason: 'is no code of the code table gender', raw: JSON.stringify(raw) }], new Date().toISOString());
  }
  await sql`
    insert into sync_conflict (record_type, record_id, field, own_source, own_version, other_source, other_version, holds, state, opened_at)
    select 'MarriageRecord', id, 'registeredOn', '620623-MZ', '3', '620600-GA', '7', '620623-MZ', 'OPEN', now() from marriage_record limit 1`;
});
afterAll(() => hub?.close());

it('a system administrator sees each library, corrects an entry of the quarantine, and has a halted library go on', async () => {
  const at = await hub.openAs('system');
  await at.go('/sync');
  await at.page.getByText('信用已暂停', { exact: true }).waitFor();
  await at.page.getByText('每 2 秒更新').waitFor();
  await at.picture('sync-standing');
  expect(await at.findings()).toEqual([]);
  // Nobody touches the page, and it tells what has changed.
  await hub.hub.database.sql`update sync_feed set behind = 99 where registry = 'POPULATION'`;
  await at.page.getByRole('cell', { name: '99', exact: true }).waitFor();
  await at.page.getByRole('link', { name: '2 / 0' }).click();
  await at.page.getByRole('button', { name: '查看并更正' }).first().click();
  await at.page.getByText('每次查看都会留痕').waitFor();
  await at.page.getByRole('alert').getByRole('button', { name: '查看并更正' }).click();
  const text = at.page.getByLabel('条目原文');
  await text.waitFor();
  await at.picture('sync-correction');
  expect(await at.findings()).toEqual([]);
  const told = await text.inputValue();
  await text.fill(told.slice(2));
  await at.page.getByText('不是有效的 JSON').waitFor();
  expect(await at.page.getByRole('button', { name: '保存并重试' }).isDisabled()).toBe(true);
  await text.fill(told.replace('"genderCode": "7"', '"genderCode": "2"'));
  await at.page.getByRole('button', { name: '保存并重试' }).click();
  await at.page.getByText('已取用', { exact: true }).waitFor();
  await at.page.getByRole('row').nth(2).waitFor({ state: 'detached' });
  // The other one is as it came: tried again, it stays.
  await at.page.locator('tbody').getByRole('checkbox').check();
  await at.page.getByRole('button', { name: '重试所选（1）' }).click();
  await at.page.getByText('试了 1 条，取用 0 条').waitFor();
  await at.picture('sync-quarantine');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('cell', { name: '武威市公安局 620600-GA' }).waitFor();
  await at.page.getByRole('tab', { name: '状态' }).click();
  await at.page.getByRole('button', { name: '确认删除后恢复' }).click();
  await at.page.getByRole('tooltip').getByRole('button', { name: '确认删除后恢复' }).click();
  await at.page.getByText('信用已暂停', { exact: true }).waitFor({ state: 'detached' });
  expect(await at.close()).toEqual([]);
  // One look at a text is one record of the audit, however long the drawer stood open.
  const [looks] = await hub.hub.database.sql<{ n: number }[]>`select count(*)::integer as n from audit_record r join audit_scope s on s.id = r.scope where s.body::jsonb -> 'roots' ? 'Query.quarantinedText'`;
  expect(looks?.n).toBe(1);
});

it('a steward keeps what holds, and says why', async () => {
  const at = await hub.openAs('civilSteward', { width: 1024, height: 768 });
  await at.go('/sync');
  // A department is called by its name, one that this hub does not know by its code.
  await at.page.getByRole('cell', { name: /天祝县民政局 620623-MZ/ }).waitFor();
  await at.page.getByRole('cell', { name: 'registeredOn' }).waitFor();
  expect(await at.page.getByRole('tab').allTextContents()).toEqual(['疑义']);
  await at.picture('sync-conflicts');
  expect(await at.findings()).toEqual([]);
  await at.page.getByRole('button', { name: '维持现值' }).click();
  await at.page.getByRole('dialog').getByRole('button', { name: '维持现值' }).click();
  await at.page.getByText('请填写理由').waitFor();
  await at.page.getByLabel('理由').fill('以婚姻登记档案为准');
  await at.page.getByRole('dialog').getByRole('button', { name: '维持现值' }).click();
  await at.page.getByText('以婚姻登记档案为准').waitFor();
  expect(await at.close()).toEqual([]);
});

it('a steward takes the other word: side by side where it is open to everybody, by source and version where it is about people', async () => {
  const { database } = hub.hub;
  await registerOther(database, 'other-land-steward', '620623-ZR', 'STEWARD');
  const unit = records.find(({ type }) => type === 'RealEstateUnit')!;
  const unitNo = '620623001001GB00001F00010001';
  const tell = (source: string, version: string, location: string, holder: string, passed: boolean, key = `u-${version}`) => writeClaims(
    { sql: database.sql, now: new Date().toISOString(), today: '2026-11-26', personKey: testPersonKey, belongsHere: (own) => belongsHere('620623', own), ...(passed ? { origin: 'city' } : {}) }, unit, source,
    [{ key, version, at: new Date().toISOString(), ...(passed ? { passedOn: true, whole: true } : {}), values: { unitNo, location, holderNames: [holder] } }]);
  await tell('620623-ZR', '3', '华藏寺镇团结路 8 号', '县述权利人', false);
  await tell('620600-ZR', '7', '华藏寺镇团结路 18 号', '市述权利人', true);
  // Whose word it does not become, decides to keep or to have it checked.
  const authority = await hub.openAs('steward');
  await authority.go('/sync?tab=conflicts&state=OPEN');
  await authority.page.getByRole('button', { name: '请求校核' }).first().waitFor();
  expect(await authority.page.getByRole('button', { name: '采用另一值' }).count()).toBe(0);
  expect(await authority.close()).toEqual([]);
  const at = await hub.openAs('other-land-steward');
  await at.go('/sync');
  await at.page.getByRole('cell', { name: 'location' }).waitFor();
  await at.page.getByRole('cell', { name: /团结路 8 号/ }).waitFor();
  await at.page.getByRole('cell', { name: /团结路 18 号/ }).waitFor();
  await at.picture('sync-words');
  expect(await at.findings()).toEqual([]);
  const row = (field: string) => at.page.getByRole('row').filter({ hasText: field });
  const dialog = at.page.getByRole('dialog');
  await row('location').getByRole('button', { name: '采用另一值' }).click();
  await dialog.getByRole('cell', { name: '华藏寺镇团结路 18 号' }).waitFor();
  await dialog.getByRole('cell', { name: '天祝县自然资源局 620623-ZR' }).waitFor();
  await dialog.getByText('另一来源之值将成为本部门所述的新版本').waitFor();
  expect(await dialog.getByText('所述之值不向管理员显示').count()).toBe(0);
  await at.picture('sync-take-told');
  expect(await at.findings()).toEqual([]);
  await dialog.getByLabel('理由').fill('以市级门牌普查为准');
  // Meanwhile the city tells another word: he is told, sees it, and decides with the reason that he has filled in.
  await tell('620600-ZR', '8', '华藏寺镇团结路 28 号', '市述权利人', true, 'u-7');
  await dialog.getByRole('button', { name: '采用另一值' }).click();
  await dialog.getByRole('alert').getByText('已重新读取现状').waitFor();
  await dialog.getByRole('cell', { name: '华藏寺镇团结路 28 号' }).waitFor();
  expect(await dialog.getByLabel('理由').inputValue()).toBe('以市级门牌普查为准');
  await at.picture('sync-take-overtaken');
  expect(await at.findings()).toEqual([]);
  await dialog.getByRole('button', { name: '采用另一值' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row('location').getByText('以市级门牌普查为准').waitFor();
  await row('holderNames').getByRole('button', { name: '采用另一值' }).click();
  await dialog.getByText('所述之值不向管理员显示').waitFor();
  await at.picture('sync-take-untold');
  expect(await at.findings()).toEqual([]);
  expect(await at.page.locator('body').textContent()).not.toContain('权利人');
  await dialog.getByLabel('理由').fill('已与市局核实');
  await dialog.getByRole('button', { name: '采用另一值' }).click();
  // The window closes when it is done.
  await dialog.waitFor({ state: 'detached' });
  await row('holderNames').getByText('已与市局核实').waitFor();
  expect(await at.close()).toEqual([]);
  const [own] = await database.sql<{ location: string; holders: readonly string[] }[]>`select location, holder_names as holders from real_estate_unit where unit_no = ${unitNo}`;
  expect(own).toEqual({ location: '华藏寺镇团结路 28 号', holders: ['市述权利人'] });
});

it('is no room of a security administrator', async () => {
  const at = await hub.openAs('security');
  expect(await at.go('/sync')).toBe(403);
  expect(await at.findings()).toEqual([]);
  expect(await at.close()).toEqual([]);
});
