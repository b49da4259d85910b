/**
 * What a change would do, looked at before it is made: and what it then does.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testMatter } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import type { Json } from '../world/hub.ts';
import { openDesk, places, stewards } from '../approvals/applications/desk.ts';
import type { Desk, Who } from '../approvals/applications/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.close());

interface AccessSeen { readonly consumer: string; readonly item: string; readonly use: string; readonly effect: string; readonly fields: readonly string[]; readonly before: readonly string[]; readonly after: readonly string[] }
interface OperationSeen { readonly index: number; readonly effect: string | null; readonly gains: readonly string[]; readonly loses: readonly string[]; readonly masks: readonly string[]; readonly refused: string | null }

async function preview(who: Who, change: unknown, own: Readonly<Record<string, unknown>> = {}): Promise<{ accesses: readonly AccessSeen[]; operations: readonly OperationSeen[]; code: string | null; message: string }> {
  const { data, errors } = await desk.hub.ask(who, `query ($change: PreviewInput!, $operations: [PreviewOperationInput!]! = [], $mode: Mode! = QUERY) {
    previewChange(change: $change, operations: $operations, mode: $mode) { accesses { consumer item use effect fields before after } operations { index consumer effect gains loses masks refused } } }`, { variables: { change, ...own } });
  const found = data?.['previewChange'] as unknown as { accesses: AccessSeen[]; operations: OperationSeen[] } | undefined;
  return { accesses: found?.accesses ?? [], operations: found?.operations ?? [], code: errors.length === 0 ? null : String(errors[0]?.extensions['code']), message: errors[0]?.message ?? '' };
}

/** Who may use an item now, by consumer and use. */
async function mayUse(item: string): Promise<readonly string[]> {
  const { data } = await desk.hub.ask('auditor', `{ whoMaySee(item: "${item}") { consumer use allowed } }`);
  return (data['whoMaySee'] as unknown as { consumer: string; use: string; allowed: boolean }[]).filter(({ allowed }) => allowed).map(({ consumer, use }) => `${consumer} ${use}`).toSorted();
}

const document = '{ person(idNumber: "622326198001010010") { name maritalStatusCode formerName } }';
const asked = [{ consumer: 'test-market', document, matter: testMatter }, { consumer: 'test-police', document: '{ placeNames(first: 1) { nodes { standardName } } }' }];

describe('a change of sharing', () => {
  it('tells who loses what, and then does just that', async () => {
    const before = await mayUse('KJ-0202');
    const { accesses } = await preview('civilSteward', { sharing: [{ item: 'KJ-0202', shareType: 'NOT_SHARED' }] });
    expect(accesses.length).toBeGreaterThan(20);
    expect(accesses.every(({ effect, after }) => effect === 'LOSES' && after.length === 0)).toBe(true);
    expect(accesses[0]).toMatchObject({ item: 'KJ-0202', fields: ['PlaceName.standardName'] });
    expect(await mayUse('KJ-0202')).toEqual(before);
    const [row] = await desk.hub.database.sql<{ seq: string }[]>`select seq::text from policy_change where kind = 'catalog_item' and code = 'KJ-0202' order by seq desc limit 1`;
    await desk.hub.ask('civilSteward', 'mutation ($v: ID!) { setSharing(item: "KJ-0202", version: $v, shareType: NOT_SHARED, condition: "某条例第三条") { code } }', { variables: { v: row?.seq } });
    const after = await mayUse('KJ-0202');
    expect(before.filter((one) => !after.includes(one))).toEqual(accesses.map(({ consumer, use }) => `${consumer} ${use}`).toSorted());
  });

  it('tells who gains, and for whom the rows change', async () => {
    const { accesses } = await preview('steward', { sharing: [{ item: 'RK-0013', shareType: 'UNCONDITIONAL' }] });
    const of = (consumer: string) => accesses.filter((own) => own.consumer === consumer && own.use === 'READ');
    expect(of('test-market')).toMatchObject([{ effect: 'GAINS', before: [], fields: expect.arrayContaining(['Person.maritalStatusCode']) }]);
    // Its provider had its own rows, and has all.
    expect(of('test-civilAffairs')).toMatchObject([{ effect: 'CHANGES' }]);
    expect((await preview('steward', { sharing: [{ item: 'RK-0013', shareType: 'UNCONDITIONAL' }] }, { mode: 'BATCH' })).accesses).toEqual([]);
  });

  it('replays operations: what of each would be answered, or refused', async () => {
    const { operations } = await preview('steward', { sharing: [{ item: 'RK-0013', shareType: 'UNCONDITIONAL' }, { item: 'RK-0002', shareType: 'NOT_SHARED' }] }, { operations: asked });
    expect(operations).toMatchObject([
      { index: 0, effect: 'CHANGES', gains: ['Person.maritalStatusCode'], loses: ['Person.name'], refused: null }, { index: 1, effect: null, gains: [], loses: [] },
    ]);
    const [keyless] = (await preview('steward', { sharing: [{ item: 'RK-0001', shareType: 'NOT_SHARED' }] }, { operations: asked.slice(0, 1) })).operations;
    expect(keyless).toMatchObject({ effect: 'LOSES', refused: expect.stringMatching(/not shared/) });
  });

  it('changes nothing', async () => {
    const before = await desk.hub.database.sql`select count(*)::int as n, max(seq)::text as last from policy_change`;
    await preview('steward', { sharing: [{ item: 'RK-0013', shareType: 'UNCONDITIONAL' }] });
    expect(await desk.hub.database.sql`select count(*)::int as n, max(seq)::text as last from policy_change`).toEqual(before);
  });
});

describe('other changes', () => {
  it('an application that would be approved, and its grant that would end', async () => {
    const draft = (await desk.draft('market', [{ item: 'RK-0013' }, { item: 'RK-0003', mask: 'NAME' }])).application as { number: string; version: number };
    await desk.must('market', 'submitApplication', { number: draft.number, version: draft.version });
    const { accesses, operations } = await preview('steward', { application: draft.number }, { operations: asked.slice(0, 1) });
    // What may be read may be verified.
    expect(accesses.map(({ consumer, item, use, effect }) => [consumer, item, use, effect])).toEqual([
      ['test-market', 'RK-0003', 'READ', 'GAINS'], ['test-market', 'RK-0013', 'READ', 'GAINS'], ['test-market', 'RK-0013', 'VERIFY', 'GAINS'],
    ]);
    expect(operations).toMatchObject([{ effect: 'GAINS', gains: expect.arrayContaining(['Person.maritalStatusCode', 'Person.formerName']), masks: [] }]);
    await grantTo(desk.hub, 'test-market', 'A-PREVIEW', [{ item: 'RK-0013' }]);
    const ended = await preview('steward', { endGrant: 'A-PREVIEW' });
    expect(ended.accesses.map(({ use, effect }) => [use, effect])).toEqual([['READ', 'LOSES'], ['VERIFY', 'LOSES']]);
    expect((await preview('steward', { endGrant: 'NONE' })).code).toBe('BAD_INPUT');
  });

  it('a grant that would be made, or made narrower', async () => {
    const grant = { approvalNo: 'A-PREVIEW-2', consumer: 'test-credit', tuples: [{ item: 'RK-0013', uses: ['READ'] }, { item: 'RK-0017', uses: ['VERIFY'] }] };
    const before = [...await mayUse('RK-0013'), ...await mayUse('RK-0017')];
    const made = await preview('security', { grant });
    expect(made.accesses.map(({ consumer, item, use, effect }) => [consumer, item, use, effect])).toEqual([['test-credit', 'RK-0013', 'READ', 'GAINS'], ['test-credit', 'RK-0013', 'VERIFY', 'GAINS'], ['test-credit', 'RK-0017', 'VERIFY', 'GAINS']]);
    expect([...await mayUse('RK-0013'), ...await mayUse('RK-0017')]).toEqual(before);
    await grantTo(desk.hub, 'test-credit', 'A-PREVIEW-2', grant.tuples);
    expect([...await mayUse('RK-0013'), ...await mayUse('RK-0017')].filter((one) => !before.includes(one))).toEqual(expect.arrayContaining(['test-credit READ']));
    const narrower = await preview('security', { grant: { ...grant, tuples: [{ item: 'RK-0013', uses: ['READ'], bounds: [{ division: { by: 'RESIDENCE', codes: ['620623'] } }] }] } });
    expect(narrower.accesses.map(({ item, use, effect }) => [item, use, effect])).toEqual([['RK-0013', 'READ', 'CHANGES'], ['RK-0013', 'VERIFY', 'CHANGES'], ['RK-0017', 'VERIFY', 'LOSES']]);
    expect((await preview('security', { grant: { ...grant, consumer: 'test-market' } })).code).toBe('CONFLICT');
    expect((await preview('security', { grant: { ...grant, tuples: [{ item: 'RK-0013', uses: ['READ'], mask: 'PHONE' }] } })).code).toBe('BAD_INPUT');
    expect((await preview('civilSteward', { grant })).code).toBe('FORBIDDEN');
  });

  it('a denial, and its end, beside another one', async () => {
    const denied = await preview('security', { denial: { whom: { consumer: 'test-market' }, item: 'RK-0002' } });
    expect(new Set(denied.accesses.map(({ consumer, effect }) => `${consumer} ${effect}`))).toEqual(new Set(['test-market LOSES']));
    const before = await mayUse('RK-0002');
    for (const [code, whom] of [['D-PREVIEW-1', 'consumer: "test-market"'], ['D-PREVIEW-2', 'department: "620623-SC"']]) await decided(desk.hub, `mutation { deny(code: "${code}", whom: { ${whom} }, item: "RK-0002", because: "核查中") }`);
    const after = await mayUse('RK-0002');
    expect(before.filter((one) => one.startsWith('test-market') && !after.includes(one))).toEqual(denied.accesses.map(({ consumer, use }) => `${consumer} ${use}`).toSorted());
    expect((await preview('security', { endDenial: 'D-PREVIEW-1' })).accesses).toEqual([]);
    await decided(desk.hub, 'mutation { endDenial(code: "D-PREVIEW-1") }');
    const ended = await preview('security', { endDenial: 'D-PREVIEW-2' });
    expect(ended.accesses.filter(({ consumer }) => consumer === 'test-market').map(({ consumer, use, effect }) => `${consumer} ${use} ${effect}`).toSorted()).toEqual(denied.accesses.map(({ consumer, use }) => `${consumer} ${use} GAINS`).toSorted());
    expect([(await preview('security', { endDenial: 'NONE' })).code, (await preview('security', { denial: { whom: { consumer: 'nobody' }, item: 'RK-0002' } })).code, (await preview('civilSteward', { endDenial: 'D-PREVIEW-2' })).code]).toEqual(['BAD_INPUT', 'BAD_INPUT', 'FORBIDDEN']);
    await decided(desk.hub, 'mutation { endDenial(code: "D-PREVIEW-2") }');
  });

  it('a draft of the catalog that would be published', async () => {
    const { data } = await desk.hub.ask('civilSteward', '{ catalogItems(departmentCode: "620623-MZ") { code name shareType keyShareType condition sensitivity open } }');
    const items = (data['catalogItems'] as unknown as Json[]).filter((item) => String(item['code']).startsWith('RK-05'));
    const resource = { code: '101006/000001', name: '社会救助', abstract: '社会救助', formatCategory: 'DATABASE', formatType: 'json', shareMode: '接口', updateCycle: 'DAILY', items: items.map((item) => ({ ...item, ...(String(item['code']) === 'RK-0504' ? { shareType: 'NOT_SHARED', condition: '某条例第三条' } : {}) })) };
    const made = await desk.hub.ask('civilSteward', 'mutation ($r: CatalogResourceInput!) { draftResource(resource: $r) { number } }', { variables: { r: resource } });
    const number = String((made.data['draftResource'] as Json)['number']);
    const { accesses } = await preview('civilSteward', { draft: number });
    expect(new Set(accesses.map(({ item, effect }) => `${item} ${effect}`))).toEqual(new Set(['RK-0504 LOSES']));
    expect((await preview(stewards.nobody, { draft: number })).code).toBe('FORBIDDEN');
  });
});

it('is for whom it concerns', async () => {
  const codes = async (change: unknown) => Object.fromEntries(await Promise.all((['market', 'system', 'security', 'auditor', 'steward', 'civilSteward', stewards.police] as const).map(async (who) => [who, (await preview(who, change)).code])));
  expect(await codes({ sharing: [{ item: 'RK-0013', shareType: 'NOT_SHARED' }] })).toEqual({ market: 'FORBIDDEN', system: 'FORBIDDEN', security: null, auditor: null, steward: null, civilSteward: null, [stewards.police]: 'FORBIDDEN' });
  expect((await preview('steward', { sharing: [{ item: 'XX-1', shareType: 'NOT_SHARED' }] })).code).toBe('BAD_INPUT');
  expect((await preview('steward', { sharing: [] }, { operations: Array.from({ length: 51 }, () => asked[0]) })).message).toMatch(/limit is 50/);
  expect(places.civil).toBe(desk.hub.standing.catalog.item('RK-0013')?.ownerDepartment);
});
