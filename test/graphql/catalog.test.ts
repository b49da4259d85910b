/**
 * The catalog, as its owners keep it: how an item is shared is changed by the steward of its department, and the next question obeys.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrators, callers } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { clonedHub } from '../world/hub.ts';
import type { Json, TestHub } from '../world/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await clonedHub();
});
afterAll(() => hub?.close());

const fields = 'code name ownerDepartmentCode shareType keyShareType condition sensitivity open updateCycle version';
const change = `mutation ($item: String!, $version: ID!, $shareType: ShareType!, $keyShareType: ShareType, $condition: String!, $open: Boolean! = false) {
  setSharing(item: $item, version: $version, shareType: $shareType, keyShareType: $keyShareType, condition: $condition, open: $open) { ${fields} } }`;

async function itemOf(code: string): Promise<Json> {
  const { data } = await hub.ask('steward', `{ catalogItems { ${fields} } }`);
  const items = data['catalogItems'] as unknown as readonly Json[];
  return items.find((item) => String(item['code']) === code) as Json;
}

/** Changes an item that stands as it is now, but for what is told. */
async function set(code: string, own: Readonly<Record<string, unknown>>, by: AdministratorName | CallerName = 'civilSteward') {
  const { version, shareType, keyShareType, condition, open } = await itemOf(code);
  const answer = await hub.ask(by, change, { variables: { item: code, version, shareType, keyShareType, condition, open, ...own } });
  return { item: answer.data?.['setSharing'] ?? null, code: answer.errors[0]?.extensions['code'] as unknown as string | undefined, message: answer.errors[0]?.message ?? '' };
}


describe('the catalog', () => {
  it('is there for every registered caller, by department', async () => {
    for (const name of [...Object.keys(callers), ...Object.keys(administrators)] as (CallerName | AdministratorName)[]) {
      const { data, errors } = await hub.ask(name, '{ catalogItems(departmentCode: "620623-MZ") { code ownerDepartmentCode } }');
      expect(errors).toEqual([]);
      const items = data['catalogItems'] as unknown as readonly { ownerDepartmentCode: string }[];
      expect(items.length).toBeGreaterThan(10);
      expect(new Set(items.map((item) => item.ownerDepartmentCode))).toEqual(new Set(['620623-MZ']));
    }
    expect((await hub.ask('stranger', '{ catalogItems { code } }')).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('is changed by the steward of the department that provides an item, and by nobody else', async () => {
    for (const name of [...Object.keys(callers), ...Object.keys(administrators)] as (CallerName | AdministratorName)[]) {
      const { code } = await set('RK-0504', {}, name);
      expect([name, code]).toEqual([name, name === 'civilSteward' ? undefined : 'FORBIDDEN']);
    }
  });
});

describe('a change', () => {
  it('is obeyed by the next question, and by the next one after it is taken back', async () => {
    const names = async () => (await hub.ask('police', '{ placeNames(first: 3) { nodes { id standardName } } }')).errors.map(({ extensions }) => String(extensions['code']));
    const owner = String((await itemOf('KJ-0202'))['ownerDepartmentCode']);
    expect(owner).toBe('620623-MZ');
    expect(await names()).toEqual([]);
    const before = await itemOf('KJ-0202');
    expect((await set('KJ-0202', { shareType: 'CONDITIONAL', condition: '地名普查期间', open: false })).code).toBeUndefined();
    expect(await names()).toEqual(['FIELD_NOT_SHARED']);
    expect((await set('KJ-0202', { shareType: 'UNCONDITIONAL', condition: '', open: before['open'] })).code).toBeUndefined();
    expect(await names()).toEqual([]);
    const { data } = await hub.ask('civilSteward', '{ catalogItemStates(item: "KJ-0202") { at by item { shareType condition version } } }');
    const states = data['catalogItemStates'] as unknown as readonly { by: string; item: { shareType: string; version: string } }[];
    expect(states.map(({ item }) => item.shareType)).toEqual(['UNCONDITIONAL', 'CONDITIONAL', 'UNCONDITIONAL']);
    expect(states.slice(1).map(({ by }) => by)).toEqual(['test-civilSteward', 'test-civilSteward']);
    expect(states.at(-1)?.item.version).toBe(String((await itemOf('KJ-0202'))['version']));
  });

  it('of two who edit at once the second is told, and nothing of his is written', async () => {
    const { version } = await itemOf('RK-0504');
    const two = await Promise.all(['凭社会救助事项甲', '凭社会救助事项乙'].map((condition) => set('RK-0504', { version, condition })));
    expect(two.map(({ code }) => code ?? 'taken').toSorted()).toEqual(['CONFLICT', 'taken']);
    const winner = two.find(({ code }) => code === undefined)?.item as Json;
    expect(await itemOf('RK-0504')).toEqual(winner);
    expect(two.find(({ code }) => code === 'CONFLICT')?.message).toContain(String(winner['version']));
  });

  it.each([
    ['有条件 without a condition', 'RK-0504', { shareType: 'CONDITIONAL', condition: ' ' }, /condition is empty.*有条件共享须列明条件/],
    ['不予 without its legal basis', 'RK-0504', { shareType: 'NOT_SHARED', condition: '' }, /condition is empty.*不予共享须有/],
    ['a key of its own without a condition', 'KJ-0202', { keyShareType: 'NOT_SHARED', condition: '' }, /不予共享须有/],
    ['open to society, yet conditional', 'KJ-0202', { shareType: 'CONDITIONAL', condition: '凭事项', open: true }, /open cannot be true/],
    ['an item that there is not', 'RK-9999', { version: '1', shareType: 'UNCONDITIONAL', condition: '' }, /no item RK-9999/],
    ['a version that is none', 'RK-0504', { version: 'x' }, /no version/],
  ])('%s is refused', async (_what, item, own, sentence) => {
    const before = await itemOf('RK-0504');
    const { code, message } = await hub.ask('civilSteward', change, { variables: { item, version: before['version'], shareType: 'CONDITIONAL', condition: '凭事项', open: false, ...(item === 'RK-9999' ? {} : { version: (await itemOf(item))['version'] }), ...own } }).then(({ errors }) => ({ code: errors[0]?.extensions['code'] as unknown as string, message: errors[0]?.message ?? '' }));
    expect(code).toBe('BAD_INPUT');
    expect(message).toMatch(sentence);
    expect(await itemOf('RK-0504')).toEqual(before);
  });
});

describe('what the law forbids', () => {
  it('sensitive personal information is not shared unconditionally', async () => {
    await hub.database.sql`update catalog_item set sensitivity = 'S4' where code = 'RK-0504'`;
    expect((await set('RK-0504', { shareType: 'UNCONDITIONAL' })).message).toMatch(/个人信息保护法/);
  });

  it('no value makes a record exist for everybody whose existence is conditional', async () => {
    const { data } = await hub.ask('steward', `{ catalogItems(departmentCode: "620623-MZ") { ${fields} } }`);
    const items = data['catalogItems'] as unknown as readonly Json[];
    const type = hub.schema.contract.types.get('WelfareRecord');
    const own = [...(type?.fields.values() ?? [])].flatMap((field) => (field.kind === 'leaf' ? field.items : []));
    const value = items.find((item) => own.includes(String(item['code'])) && String(item['sensitivity']) !== 'S4' && String(item['code']) !== type?.existsItem);
    expect(value).toBeDefined();
    expect((await set(String(value?.['code']), { shareType: 'UNCONDITIONAL' })).message).toMatch(/cannot be UNCONDITIONAL while that a WelfareRecord is there/);
    const place = hub.schema.contract.types.get('PlaceName');
    expect((await set(place?.existsItem ?? '', { shareType: 'CONDITIONAL', condition: '凭事项', open: false })).message).toMatch(/cannot be narrower than the values/);
  });
});
