/**
 * The catalog's resources from draft to withdrawal, by one table of moves; what a department fills in as a table, and what it gets back.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftMoves, draftStates } from '../../src/catalog/moves.ts';
import { cellsOf, readTable } from '../../src/catalog/table.ts';
import { registerOther } from '../world/callers.ts';
import { clonedHub } from '../world/hub.ts';
import type { Json, TestHub } from '../world/hub.ts';
import { actors, places, stewards } from '../approvals/applications/desk.ts';
import type { Who } from '../approvals/applications/desk.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await clonedHub();
  for (const { name, role, place } of actors) if (name.startsWith('other-')) await registerOther(hub.database, name as 'other-', places[place], role as never);
  await hub.ask('security', 'mutation { createList(code: "L-0", name: "空") }');
});
afterAll(() => hub?.close());

interface DraftSeen { readonly number: string; readonly resource: string; readonly state: string; readonly version: number; readonly withdraws: boolean; readonly itemCount: number; readonly moves: readonly { readonly verb: string; readonly from: string | null; readonly to: string; readonly by: string; readonly words: string | null }[] }
const draftFields = 'number resource state version withdraws basis itemCount moves { verb from to by words }';

interface Done { readonly draft: DraftSeen | null; readonly code: string | null; readonly message: string }
async function run(who: Who, field: string, declared: string, variables: Readonly<Record<string, unknown>>): Promise<Done> {
  const passed = [...declared.matchAll(/\$(\w+):/g)].map(([, name]) => `${name}: $${name}`).join(', ');
  const { data, errors } = await hub.ask(who, `mutation (${declared}) { ${field}(${passed}) { ${draftFields} } }`, { variables });
  return { draft: (data?.[field] ?? null) as DraftSeen | null, code: errors.length === 0 ? null : String(errors[0]?.extensions['code']), message: errors[0]?.message ?? '' };
}
const declarationOf = (verb: string): string => `$number: ID!, $version: Int!${verb === 'edit' ? ', $resource: CatalogResourceInput!' : `, $words: String${verb === 'return' ? '!' : ''}`}`;
const draft = (who: Who, resource: unknown) => run(who, 'draftResource', '$resource: CatalogResourceInput!', { resource });
const move = (who: Who, verb: string, { number, version }: DraftSeen, resource: unknown = form('306100/1')) => run(who, `${verb}Draft`, declarationOf(verb), { number, version, ...(verb === 'edit' ? { resource } : { words: '按目录编制指南办理' }) });
const must = async (done: Promise<Done>): Promise<DraftSeen> => {
  const { draft: made, message } = await done;
  if (made === null) throw new Error(message);
  return made;
};
const published = async (resource: unknown, who: Who = 'civilSteward'): Promise<DraftSeen> => must(move('steward', 'publish', await must(move(who, 'submit', await must(draft(who, resource))))));

const item = (code: string, own: Readonly<Record<string, unknown>> = {}) => ({ code, name: `信息项 ${code}`, dataType: 'C', dataLength: '20', shareType: 'CONDITIONAL', condition: '凭救助事项', sensitivity: 'S2', ...own });
function form(code: string, own: Readonly<Record<string, unknown>> = {}) {
  return {
    code, name: '临时救助对象名册', abstract: '本县临时救助对象及救助金额', formatCategory: 'SHEET', formatType: 'xlsx', shareMode: '共享平台文件下载', updateCycle: 'MONTHLY', relatedCodes: ['101006/000001'],
    items: [item(`${code.replace('/', '-')}-1`), item(`${code.replace('/', '-')}-2`, { shareType: 'UNCONDITIONAL', condition: '', sensitivity: 'S1' })], ...own,
  };
}

const resourceFields = 'code name departmentCode departmentName providerUscc abstract formatCategory formatType formatNote shareType shareMode openCondition updateCycle publishedOn relatedCodes state version';
async function resourceOf(code: string): Promise<Json | undefined> {
  const { data } = await hub.ask('market', `{ catalogResources { ${resourceFields} items { code name shareType condition sensitivity open version } } }`);
  return (data['catalogResources'] as unknown as readonly Json[]).find((own) => String(own['code']) === code);
}
const itemsOf = (resource: Json | undefined): readonly Json[] => (resource?.['items'] ?? []) as unknown as readonly Json[];

describe('the catalog of the five libraries', () => {
  it('has a resource for each record type, and each item is of one', async () => {
    const { data } = await hub.ask('market', `{ catalogResources { ${resourceFields} items { code shareType } } catalogItems { code } }`);
    const resources = data['catalogResources'] as unknown as readonly Json[];
    expect(resources).toHaveLength(hub.schema.contract.types.size);
    const codes = resources.flatMap((own) => itemsOf(own).map(({ code }) => String(code)));
    expect(codes.toSorted()).toEqual((data['catalogItems'] as unknown as { code: string }[]).map(({ code }) => code).toSorted());
    for (const own of resources) {
      expect(own['code']).toMatch(/^10[1-5]0\d{2}\/000001$/);
      const types = new Set(itemsOf(own).map(({ shareType }) => String(shareType)));
      expect(own['shareType']).toBe(['NOT_SHARED', 'CONDITIONAL', 'UNCONDITIONAL'].find((type) => types.has(type) || (type === 'CONDITIONAL' && own['shareType'] as unknown === type)));
    }
    expect(new Set(resources.map((own) => String(own['shareType'])))).toContain('NOT_SHARED');
  });
});

describe('a draft', () => {
  it('goes from draft to published, and changes nothing before', async () => {
    const code = '306101/1';
    const drafted = await must(draft('civilSteward', form(code)));
    expect(drafted).toMatchObject({ state: 'DRAFT', version: 1, itemCount: 2, withdraws: false });
    const waiting = await must(move('civilSteward', 'submit', drafted));
    expect(await resourceOf(code)).toBeUndefined();
    const done = await must(move('steward', 'publish', waiting));
    expect(done.moves.map(({ verb, from, to, by }) => [verb, from, to, by])).toEqual([
      ['draft', null, 'DRAFT', 'test-civilSteward'], ['submit', 'DRAFT', 'SUBMITTED', 'test-civilSteward'], ['publish', 'SUBMITTED', 'PUBLISHED', 'test-steward'],
    ]);
    expect(await resourceOf(code)).toMatchObject({ departmentCode: places.civil, departmentName: '天祝县民政局', shareType: 'CONDITIONAL', state: 'PUBLISHED', publishedOn: '2026-11-24', updateCycle: 'MONTHLY' });
    expect(hub.standing.catalog.item('306101-1-1')).toMatchObject({ ownerDepartment: places.civil, shareType: 'CONDITIONAL', kind: 'BUSINESS', mask: '' });
  });

  it('of a changed resource takes the place of what is there, keeps its history, and lets items go that nothing needs', async () => {
    const code = '306102/1';
    await published(form(code));
    await published(form(code, { name: '临时救助名册（修订）', items: [item('306102-1-1', { shareType: 'NOT_SHARED', condition: '社会救助暂行办法第六十二条' }), item('306102-1-3')] }));
    const now = await resourceOf(code);
    expect([now?.['name'], now?.['shareType'], itemsOf(now).map((own) => String(own['code']))]).toEqual(['临时救助名册（修订）', 'NOT_SHARED', ['306102-1-1', '306102-1-3']]);
    expect(hub.standing.catalog.item('306102-1-2')).toBeUndefined();
    const { data } = await hub.ask('civilSteward', `{ catalogResourceStates(resource: "${code}") { name by } catalogItemStates(item: "306102-1-1") { item { shareType } by } }`);
    expect((data['catalogResourceStates'] as unknown as Json[]).map(({ name, by }) => [name, by])).toEqual([['临时救助对象名册', 'test-steward'], ['临时救助名册（修订）', 'test-steward']]);
    expect((data['catalogItemStates'] as unknown as { item: { shareType: string } }[]).map((own) => own.item.shareType)).toEqual(['CONDITIONAL', 'NOT_SHARED']);
  });

  it('is refused where it was made from what is no longer so', async () => {
    const code = '306103/1';
    await published(form(code));
    const waiting = await must(move('civilSteward', 'submit', await must(draft('civilSteward', form(code, { name: '又一版' })))));
    const [first] = itemsOf(await resourceOf(code));
    await hub.ask('civilSteward', 'mutation ($item: String!, $version: ID!) { setSharing(item: $item, version: $version, shareType: CONDITIONAL, condition: "凭另一事项") { code } }', { variables: { item: first?.['code'], version: first?.['version'] } });
    expect(await move('steward', 'publish', waiting)).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/was changed after draft/) });
    const returned = await must(move('steward', 'return', waiting));
    const again = await must(move('civilSteward', 'edit', returned, form(code, { name: '又一版' })));
    expect((await must(move('steward', 'publish', await must(move('civilSteward', 'submit', again))))).state).toBe('PUBLISHED');
    expect((await resourceOf(code))?.['name']).toBe('又一版');
  });

  it('of a withdrawal keeps the resource, and shares none of its items', async () => {
    const code = '306104/1';
    await published(form(code));
    const basis = { resource: code, basis: '职责已划转' };
    const waiting = await must(move('civilSteward', 'submit', await must(run('civilSteward', 'draftWithdrawal', '$resource: String!, $basis: String!', basis))));
    await must(move('steward', 'publish', waiting));
    expect(await resourceOf(code)).toMatchObject({ state: 'WITHDRAWN', shareType: 'NOT_SHARED' });
    expect(hub.standing.catalog.item('306104-1-2')).toMatchObject({ shareType: 'NOT_SHARED', condition: '目录已撤销：职责已划转' });
    const [first] = itemsOf(await resourceOf(code));
    const set = await hub.ask('civilSteward', 'mutation ($item: String!, $version: ID!) { setSharing(item: $item, version: $version, shareType: CONDITIONAL, condition: "凭事项") { code } }', { variables: { item: first?.['code'], version: first?.['version'] } });
    expect(set.errors[0]?.message).toMatch(/was withdrawn/);
    // It may come back by a draft.
    await published(form(code));
    expect(await resourceOf(code)).toMatchObject({ state: 'PUBLISHED', shareType: 'CONDITIONAL' });
    // Others' items are theirs.
    const others = await must(run(stewards.police, 'draftWithdrawal', '$resource: String!, $basis: String!', { resource: '101001/000001', basis: '职责已划转' }));
    expect((await move(stewards.police, 'submit', others)).message).toMatch(/holds items of others \(.*RK-0013 of 620623-MZ/);
  });

  it.each([
    ['a code that is none', form('9/1'), /code is no code of an information resource/],
    ['no items', form('306105/1', { items: [] }), /has no items/],
    ['an item twice', form('306105/1', { items: [item('A-1'), item('A-1')] }), /a second time/],
    ['a credit code that is none', form('306105/1', { providerUscc: '123' }), /providerUscc/],
    ['a sensitivity that is none', form('306105/1', { items: [item('A-1', { sensitivity: 'S9' })] }), /sensitivity/],
  ])('is not even drafted with %s', async (_what, resource, sentence) => {
    const { code, message } = await draft('civilSteward', resource);
    expect([code, message]).toEqual(['BAD_INPUT', expect.stringMatching(sentence)]);
  });

  it.each([
    ['有条件 without a condition', [item('B-1', { condition: '' })], /B-1\.condition is empty.*有条件共享须列明条件/],
    ['不予 without its legal basis', [item('B-1', { shareType: 'NOT_SHARED', condition: '' })], /不予共享须有/],
    ['sensitive and without condition', [item('B-1', { shareType: 'UNCONDITIONAL', condition: '', sensitivity: 'S4' })], /个人信息保护法/],
    ['an item of another department', [item('RK-0003')], /RK-0003, which is provided by 620623-GA/],
  ])('is not submitted with %s', async (_what, items, sentence) => {
    const made = await must(draft('civilSteward', form('306106/1', { items })));
    const { code, message } = await move('civilSteward', 'submit', made);
    expect([code, message]).toEqual(['BAD_INPUT', expect.stringMatching(sentence)]);
    await must(move('civilSteward', 'abandon', made));
  });

  it('does not leave out what the contract offers', async () => {
    const own = await resourceOf('101006/000001');
    const made = await must(draft('civilSteward', form('101006/000001', { items: itemsOf(own).slice(0, 1).map(({ code, name, shareType, condition, sensitivity, open }) => ({ code, name, shareType, condition, sensitivity, open })) })));
    expect((await move('civilSteward', 'submit', made)).message).toMatch(/leaves out RK-0501, which the contract offers/);
    await must(move('civilSteward', 'abandon', made));
  });
});

describe('the table of moves', () => {
  const content = (code: string) => form(code);
  /** The shortest way into each state. */
  const into: Readonly<Record<string, readonly (readonly [Who, string])[]>> = {
    DRAFT: [], SUBMITTED: [['civilSteward', 'submit']], RETURNED: [['civilSteward', 'submit'], ['steward', 'return']], PUBLISHED: [['civilSteward', 'submit'], ['steward', 'publish']], ABANDONED: [['civilSteward', 'abandon']],
  };
  const reach = async (state: string, code: string): Promise<DraftSeen> => {
    let at = await must(draft('civilSteward', content(code)));
    for (const [who, verb] of into[state] ?? []) at = await must(move(who, verb, at, content(code)));
    return at;
  };

  it.each(draftStates.map((state, index) => [state, index] as const))('from %s: everybody tries every move', async (state, index) => {
    let serial = 0;
    const fresh = () => reach(state, `30620${index}/${serial += 1}`);
    const still = await fresh();
    for (const row of draftMoves) {
      for (const { name, role, place } of actors) {
        const his = role === 'STEWARD' && (row.by === 'OWNER' ? place === 'civil' : place === 'authority');
        const lawful = his && (row.from as readonly string[]).includes(state);
        const at = lawful ? await fresh() : still;
        const done = await move(name, row.verb, at, content(at.resource));
        expect([state, name, row.verb, done.code]).toEqual([state, name, row.verb, lawful ? null : his ? 'CONFLICT' : 'FORBIDDEN']);
        if (lawful) expect(done.draft?.moves.at(-1)).toMatchObject({ verb: row.verb, from: state, to: row.to ?? state, by: `test-${name}` });
      }
    }
    const { data } = await hub.ask('steward', `{ catalogDrafts { ${draftFields} } }`);
    expect((data['catalogDrafts'] as unknown as DraftSeen[]).find(({ number }) => number === still.number)).toEqual(still);
  });

  it('of two from one version the second is told', async () => {
    const at = await reach('DRAFT', '306210/1');
    const two = await Promise.all([1, 2].map(() => move('civilSteward', 'submit', at)));
    expect(two.map(({ code }) => code ?? 'made').toSorted()).toEqual(['CONFLICT', 'made']);
    expect((await draft('civilSteward', content('306210/1'))).code).toBe('CONFLICT');
  });

  it('nobody publishes what he drafted', async () => {
    const waiting = await must(move('steward', 'submit', await must(draft('steward', form('306211/1')))));
    expect(await move('steward', 'publish', waiting)).toMatchObject({ code: 'FORBIDDEN', message: expect.stringMatching(/Nobody decides on what he drafted/) });
    expect((await must(move(stewards.authority, 'publish', waiting))).state).toBe('PUBLISHED');
  });

  it('drafts are seen by their department and the data authority', async () => {
    const seeing = async (who: Who) => (((await hub.ask(who, '{ catalogDrafts { number } }')).data?.['catalogDrafts'] ?? []) as unknown as unknown[]).length;
    expect(await seeing('auditor')).toBeGreaterThan(5);
    expect(await seeing('civilSteward')).toBeGreaterThan(5);
    expect(await seeing(stewards.nobody)).toBe(0);
    await expect(hub.database.sql`delete from catalog_draft_move`).rejects.toThrow(/only added to/);
  });
});

describe('the table that departments fill in', () => {
  const file = async (rest = '') => String((await hub.ask('market', `{ catalogFile${rest} }`)).data['catalogFile']);
  const importCatalog = async (who: Who, csv: string) => {
    const { data, errors } = await hub.ask(who, `mutation ($csv: String!) { importCatalog(csv: $csv) { ${draftFields} } }`, { variables: { csv } });
    return { drafts: (data?.['importCatalog'] ?? []) as unknown as DraftSeen[], code: errors.length === 0 ? null : String(errors[0]?.extensions['code']), message: errors[0]?.message ?? '' };
  };

  it('is what the catalog is written as: one that is read again changes nothing', async () => {
    const csv = await file(`(departmentCode: "${places.nobody}")`);
    expect(csv.startsWith('\uFEFF信息资源代码,信息资源名称,信息资源分类,')).toBe(true);
    const before = await resourceOf('101007/000001');
    const { drafts, message } = await importCatalog(stewards.nobody, csv);
    expect([message, drafts.map(({ resource }) => resource)]).toEqual(['', ['101007/000001']]);
    const done = await must(move('steward', 'publish', await must(move(stewards.nobody, 'submit', drafts[0] as DraftSeen))));
    expect(done.state).toBe('PUBLISHED');
    const after = await resourceOf('101007/000001');
    // The types that the contract has are told from then on by the item, too; nothing else moved.
    const plain = (own: Json | undefined) => ({ ...own, version: null, items: itemsOf(own).map((one) => ({ ...one, version: null })) });
    expect(plain(after)).toEqual(plain(before));
  });

  it('takes a sheet as it is filled in: titles above, merged cells, words and letters, several resources', async () => {
    const header = '信息资源代码,信息资源名称,信息资源摘要,信息资源格式,格式类型,信息项代码,信息项名称,数据类型,长度,共享类型,共享条件,共享方式,数据分级,是否向社会开放,更新周期,备注';
    const csv = [
      '天祝县民政局政务信息资源目录,,,,,,,,,,,,,,,', header,
      '306301/1,婚姻登记档案,"档案目录,\n含影像",电子文件,pdf,MZ-DA-1,档号,字符型C,30,有条件,凭婚姻登记事项,介质交换,内部,否,每年,',
      ',,,,,MZ-DA-2,登记日期,D,8,无条件共享,,,S1,是,,已核',
      '', '306301/2,收养登记,收养登记名册,数据库,mysql,MZ-SY-1,收养人姓名,C,50,不予共享,中华人民共和国民法典第一千一百一十条,共享平台接口,S4,0,每月,',
    ].join('\r\n');
    const { drafts, message } = await importCatalog('civilSteward', csv);
    expect([message, drafts.map(({ resource, itemCount }) => [resource, itemCount])]).toEqual(['', [['306301/1', 2], ['306301/2', 1]]]);
    for (const one of drafts) await must(move('steward', 'publish', await must(move('civilSteward', 'submit', one))));
    expect(await resourceOf('306301/1')).toMatchObject({ abstract: '档案目录,\n含影像', formatCategory: 'FILE', updateCycle: 'YEARLY', shareType: 'CONDITIONAL' });
    expect(itemsOf(await resourceOf('306301/1'))[1]).toMatchObject({ code: 'MZ-DA-2', shareType: 'UNCONDITIONAL', open: true, sensitivity: 'S1' });
    expect(hub.standing.catalog.item('MZ-SY-1')).toMatchObject({ shareType: 'NOT_SHARED', sensitivity: 'S4' });
    const [row] = cellsOf(await file(`(departmentCode: "${places.civil}")`)).filter((cells) => cells.includes('MZ-DA-1'));
    expect(row).toEqual(expect.arrayContaining(['306301/1', '306301', '天祝县民政局', '电子文件', '字符型', '30', '有条件共享']));
  });

  it.each([
    ['no header', 'a,b\r\n1,2', /has no column 信息资源代码/],
    ['words that are none', '信息资源代码,信息资源名称,信息资源摘要,信息资源格式,格式类型,信息项代码,信息项名称,共享类型,共享条件,共享方式,数据分级,是否向社会开放,更新周期\r\n306302/1,甲,乙,数据库,x,M-1,丙,随便,,丁,S1,否,每日', /row 2, 共享类型: is "随便"; it may be 无条件共享/],
    ['a quote that is not closed', '信息资源代码\r\n"306302/1', /quote/],
  ])('refuses %s', async (_what, csv, sentence) => {
    const { drafts, code, message } = await importCatalog('civilSteward', csv);
    expect([drafts, code, message]).toEqual([[], 'BAD_INPUT', expect.stringMatching(sentence)]);
  });

  it('drafts all of it or nothing', async () => {
    const csv = (await file(`(departmentCode: "${places.civil}")`)).replace('306301/2,', '30/2,');
    const { drafts, code } = await importCatalog('civilSteward', csv);
    expect([drafts, code]).toEqual([[], 'BAD_INPUT']);
  });

  it('is no formula to a spreadsheet, and JSON holds the same', async () => {
    await published(form('306303/1', { name: '=HYPERLINK("x")' }));
    const csv = await file(`(departmentCode: "${places.civil}")`);
    expect(csv).toContain('"\'=HYPERLINK(""x"")"');
    expect(readTable(cellsOf(csv)).find(({ code }) => code === '306303/1')?.name).toBe('=HYPERLINK("x")');
    const json = JSON.parse(await file(`(format: JSON, departmentCode: "${places.civil}")`)) as { code: string; shareType: string; items: { code: string; dataType: string }[] }[];
    expect(json.find(({ code }) => code === '306303/1')).toMatchObject({ shareType: 'CONDITIONAL', items: [{ dataType: 'C' }, { dataType: 'C' }] });
    expect(json.find(({ code }) => code === '101006/000001')?.items.find(({ code }) => code === 'RK-0500')?.dataType).toBe('L');
  });
});
