/**
 * Applications beyond the table: what may be submitted, who decides which lines, what is in force when, deadlines, renewals, and who
 * sees what.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepApplications } from '../../../src/approvals/applications/keep.ts';
import { testMatter } from '../../world/callers.ts';
import { decided, grantTo } from '../../world/grants.ts';
import { about, actors, at, content, firstDay, openDesk, places, reviewOf, stewards } from './desk.ts';
import type { Desk, Seen, Who } from './desk.ts';
import { approveAll, argumentsOf, civilItem, policeItem } from './situations.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.close());
beforeEach(() => desk.today(firstDay));

const openItem = 'RK-0002';
const both = [{ item: policeItem }, { item: civilItem }];

async function drafted(lines: readonly Readonly<Record<string, unknown>>[] = both, own: Readonly<Record<string, unknown>> = {}, who: Who = 'market', consumer: string | null = null): Promise<Seen> {
  const { application, message } = await desk.draft(who, lines, own, consumer);
  if (application === null) throw new Error(message);
  return application;
}

const submitted = async (draft: Promise<Seen>): Promise<Seen> => desk.must('market', 'submitApplication', at(await draft));
const passed = async (draft: Promise<Seen> = drafted()): Promise<Seen> => desk.must(stewards.authority, 'passApplication', at(await submitted(draft)));
const active = async (lines: readonly Readonly<Record<string, unknown>>[] = both, own: Readonly<Record<string, unknown>> = {}): Promise<Seen> => approveAll(desk, await drafted(lines, own));
const inForce = (number: string) => desk.inForce(number);
const itemsInForce = async (number: string) => (await inForce(number)).map(({ item }) => item);

async function withItem<T>(code: string, change: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const { sql } = desk.hub.database;
  const [before] = await sql`select share_type, condition from catalog_item where code = ${code}`;
  const write = async (own: Readonly<Record<string, unknown>>) => {
    await sql`update catalog_item set ${sql(own)} where code = ${code}`;
    await desk.hub.ask('security', 'mutation { createList(code: "L-0", name: "空") }');
  };
  await write(change);
  return work().finally(() => write(before as Readonly<Record<string, unknown>>));
}

describe('what is submitted', () => {
  it.each([
    ['an item that there is not', [{ item: 'RK-9999' }], {}, /lines\[0\]\.item names RK-9999, which is not in the catalog/],
    ['an item that is not shared', both.concat({ item: 'RK-0016' }), {}, /lines\[2\]\.item names .*RK-0016.*not shared/],
    ['a mask of another family', [{ item: policeItem, mask: 'PHONE' }], {}, /lines\[0\]\.mask/],
    ['a bound that cannot be judged', [{ item: policeItem, bounds: [{ category: ['91'] }] }], {}, /lines\[0\]\.bounds cannot be judged/],
    ['a matter that there is not', both, { matters: ['NO-SUCH-MATTER'] }, /lines\[0\]\.matters names NO-SUCH-MATTER, which is not registered/],
    ['what its department provides itself', [{ item: 'FR-0003' }], {}, /lines\[0\]\.item .*provides itself and has without an application/],
  ])('refuses %s, and stays a draft', async (_what, lines, own, sentence) => {
    const draft = await drafted(lines, own);
    const { code, message } = await desk.command('market', 'submitApplication', at(draft));
    expect([code, message]).toEqual(['BAD_INPUT', expect.stringMatching(sentence)]);
    expect(await desk.see(draft.number)).toEqual(draft);
  });

  it.each([
    ['no line', { lines: [] }, /asks for nothing/],
    ['no matter', { matters: [] }, /names no service matter/],
    ['no legal basis', { legalBasis: ' ' }, /legalBasis is empty/],
    ['a period that has passed', { validTo: '2026-11-23' }, /validTo has passed/],
    ['a period that ends before it begins', { validFrom: '2026-12-31', validTo: '2026-12-30' }, /before validFrom/],
    ['a period of many years', { validTo: '2030-01-01' }, /more than 3 years/],
  ])('is not even drafted with %s', async (_what, own, sentence) => {
    const { application, code, message } = await desk.draft('market', both, own);
    expect([application, code, message]).toEqual([null, 'BAD_INPUT', expect.stringMatching(sentence)]);
  });

  it('is applied for by an application for itself, and by a steward for those of his department', async () => {
    const own = async (who: Who, consumer: string | null) => (await desk.draft(who, both, {}, consumer)).code;
    expect(await own('market', 'test-market')).toBeNull();
    expect(await own('market', 'test-police')).toBe('FORBIDDEN');
    expect(await own(stewards.applicant, 'test-market')).toBeNull();
    expect(await own(stewards.applicant, 'test-police')).toBe('FORBIDDEN');
    expect(await own(stewards.applicant, null)).toBe('BAD_INPUT');
    expect(await own(stewards.applicant, 'nobody')).toBe('BAD_INPUT');
    for (const role of ['SYSTEM', 'SECURITY', 'AUDIT']) expect(await own(`other-applicant-${role}`, 'test-market')).toBe('FORBIDDEN');
  });

  it('is kept as it was said, whatever is edited after it was returned', async () => {
    const first = await submitted(drafted());
    const returned = await desk.must(stewards.authority, 'returnApplication', { ...at(first), words: '请补充依据' });
    const edited = await desk.must('market', 'editApplication', { ...at(returned), application: { ...content, legalBasis: '条例第二十条', lines: [{ item: policeItem, uses: ['READ', 'VERIFY'] }] } });
    expect(edited.lines.map(({ uses }) => uses)).toEqual([['READ', 'VERIFY']]);
    await desk.must('market', 'submitApplication', at(edited));
    const said = await desk.hub.database.sql<{ basis: string; lines: number }[]>`
      select content->>'legalBasis' as basis, jsonb_array_length(content->'lines') as lines from application_move where application_number = ${first.number} and verb = 'submit' order by seq`;
    expect([...said]).toEqual([{ basis: content.legalBasis, lines: 2 }, { basis: '条例第二十条', lines: 1 }]);
  });
});

describe('who decides', () => {
  it('of unconditional items the pre-check alone, within a working day', async () => {
    const waiting = await submitted(drafted([{ item: openItem, modes: ['BATCH'] }]));
    expect(waiting.deadlines).toEqual([{ rule: 'UNCONDITIONAL', departmentCode: places.authority, dueOn: '2026-11-25', provisional: false, metOn: null, escalatedAt: null }]);
    const done = await desk.must(stewards.authority, 'passApplication', at(waiting));
    expect(done).toMatchObject({ state: 'ACTIVE', reviews: [], lines: [{ decision: 'APPROVED', reviewedBy: null }], deadlines: [{ metOn: firstDay }] });
    expect(await itemsInForce(done.number)).toEqual([openItem]);
  });

  it('of the others each department about its own lines, some of them or all, and a refusal says why', async () => {
    const waiting = await passed(drafted([...both, { item: openItem }, { item: 'RK-0004' }]));
    expect(waiting.lines.map(({ item, reviewedBy, decision }) => [item, reviewedBy, decision])).toEqual([[policeItem, places.police, null], [civilItem, places.civil, null], [openItem, null, 'APPROVED'], ['RK-0004', places.police, null]]);
    expect(waiting.deadlines.slice(1)).toEqual([places.police, places.civil].map((departmentCode) => ({ rule: 'CONDITIONAL', departmentCode, dueOn: '2026-12-08', provisional: false, metOn: null, escalatedAt: null })));
    const answer = (decisions: readonly unknown[]) => desk.command(stewards.police, 'reviewApplication', { ...about(waiting, 'police'), decisions });
    expect((await answer([{ line: 0, approve: true }])).message).toMatch(/says nothing about line 3/);
    expect((await answer([{ line: 0, approve: true }, { line: 1, approve: true }, { line: 3, approve: true }])).message).toMatch(/decisions\[1\]\.line is 1, which is not about an item of this department/);
    expect((await answer([{ line: 0, approve: true }, { line: 0, approve: true }, { line: 3, approve: true }])).message).toMatch(/a second time/);
    expect((await answer([{ line: 0, approve: true }, { line: 3, approve: false }])).message).toMatch(/reason is missing/);
    const partly = (await answer([{ line: 0, approve: true }, { line: 3, approve: false, reason: '与所办事项无关' }])).application as Seen;
    expect(partly).toMatchObject({ state: 'REVIEWING', reviews: [{ state: 'APPROVED' }, { state: 'PENDING' }], lines: [{ decision: 'APPROVED' }, { decision: null }, { decision: 'APPROVED' }, { decision: 'REFUSED', reason: '与所办事项无关' }] });
    expect(await inForce(waiting.number)).toEqual([]);
    const done = await desk.must(stewards.civil, 'reviewApplication', { ...about(partly, 'civil'), decisions: [{ line: 1, approve: false, reason: '不属职责范围' }] });
    expect(done).toMatchObject({ state: 'ACTIVE', reviews: [{ state: 'APPROVED' }, { state: 'REFUSED' }] });
    expect(await itemsInForce(done.number)).toEqual([policeItem, openItem]);
    expect(done.moves.map(({ verb, reviewOf, by }) => [verb, reviewOf, by])).toEqual([
      ['draft', null, 'test-market'], ['submit', null, 'test-market'], ['pass', null, `test-${stewards.authority}`], ['review', places.police, `test-${stewards.police}`], ['review', places.civil, `test-${stewards.civil}`], ['conclude', null, 'hub'],
    ]);
  });

  it('two departments at once, and neither is told of a conflict', async () => {
    const waiting = await passed();
    const answers = await Promise.all((['police', 'civil'] as const).map((place) => desk.command(stewards[place], 'reviewApplication', { ...about(waiting, place), ...argumentsOf('review', waiting, place) })));
    expect(answers.map(({ code }) => code)).toEqual([null, null]);
    expect((await desk.see(waiting.number)).state).toBe('ACTIVE');
    expect(await itemsInForce(waiting.number)).toEqual([policeItem, civilItem]);
  });

  it('nobody about what he applied for: of the authority\'s own one steward submits and another decides', async () => {
    const draft = await drafted(both, {}, 'authority');
    const byKey = await desk.command('authority', 'submitApplication', at(draft));
    expect([byKey.code, byKey.message]).toEqual(['FORBIDDEN', expect.stringMatching(/submits it by name, and another decides/)]);
    const waiting = await desk.must('steward', 'submitApplication', at(draft));
    for (const mutation of ['passApplication', 'returnApplication', 'refuseApplication']) {
      expect(await desk.command('steward', mutation, { ...at(waiting), words: '同意' })).toMatchObject({ code: 'FORBIDDEN', message: expect.stringMatching(/Nobody decides on what he applied for/) });
    }
    const on = await desk.must(stewards.authority, 'passApplication', at(waiting));
    expect(on.state).toBe('REVIEWING');
  });

  it('what can no longer be granted is not approved, and the authority returns it', async () => {
    const waiting = await passed();
    const partly = await desk.must(stewards.police, 'reviewApplication', { ...about(waiting, 'police'), ...argumentsOf('review', waiting, 'police') });
    await withItem(policeItem, { share_type: 'NOT_SHARED', condition: '某条例第三条' }, async () => {
      const { code, message } = await desk.command(stewards.civil, 'reviewApplication', { ...about(partly, 'civil'), ...argumentsOf('review', partly, 'civil') });
      expect([code, message]).toEqual(['BAD_INPUT', expect.stringMatching(/RK-0003.*not shared/)]);
      expect(await desk.see(waiting.number)).toEqual(partly);
      const returned = await desk.must(stewards.authority, 'returnApplication', { ...at(partly), words: '目录已变更' });
      expect(returned).toMatchObject({ state: 'RETURNED', deadlines: [{ metOn: firstDay }, { metOn: firstDay }, { metOn: firstDay }] });
    });
  });
});

describe('what is in force', () => {
  it('is what was applied for, under the number of the application', async () => {
    const done = await active([{ item: policeItem, uses: ['READ'], modes: ['QUERY', 'BATCH'], mask: 'NAME', bounds: [{ division: { by: 'RESIDENCE', codes: ['620623'] } }], quotaPerDay: 30 }], { validFrom: '2026-12-01' });
    expect(await inForce(done.number)).toEqual([{
      item: policeItem, uses: ['read'], modes: ['QUERY', 'BATCH'], mask: 'NAME', bounds: [{ kind: 'division', by: 'RESIDENCE', codes: ['620623000000'] }], matters: [testMatter], quotaPerDay: 30,
      validFrom: '2026-11-30T16:00:00.000Z', validTo: '2026-12-31T16:00:00.000Z',
    }]);
    expect(done.lines[0]).toMatchObject({ bounds: [{ case: null, division: { by: 'RESIDENCE', codes: ['620623'] } }], quotaPerDay: 30, mask: 'NAME' });
  });

  it('is changed by the application\'s moves and by nothing else', async () => {
    const { number } = await active();
    expect((await grantTo(desk.hub, 'test-market', number, [{ item: 'RK-0004' }])).errors[0]?.extensions['code']).toBe('CONFLICT');
    expect((await desk.hub.ask('security', 'mutation ($no: String!) { endGrant(approvalNo: $no) }', { variables: { no: number } })).errors[0]?.message).toMatch(/revokeApplication/);
    expect(await itemsInForce(number)).toEqual([policeItem, civilItem]);
  });

  it('of one department is taken back without touching what others gave, and whatever else is wrong', async () => {
    const done = await active();
    await withItem(policeItem, { share_type: 'NOT_SHARED', condition: '某条例第三条' }, async () => {
      const suspended = await desk.must(stewards.civil, 'suspendItems', about(done, 'civil'));
      expect([suspended.state, reviewOf(suspended, 'civil').state, await itemsInForce(done.number)]).toEqual(['ACTIVE', 'SUSPENDED', [policeItem]]);
      // Bringing back is checked against what holds now.
      expect((await desk.command(stewards.civil, 'resumeItems', about(suspended, 'civil'))).message).toMatch(/not shared/);
    });
    const again = await desk.must(stewards.civil, 'resumeItems', about(await desk.see(done.number), 'civil'));
    expect(await itemsInForce(done.number)).toEqual([policeItem, civilItem]);
    const one = await desk.must(stewards.civil, 'revokeItems', about(again, 'civil'));
    expect([one.state, await itemsInForce(done.number)]).toEqual(['ACTIVE', [policeItem]]);
    const none = await desk.must(stewards.police, 'revokeItems', about(one, 'police'));
    expect([none.state, none.moves.at(-1)?.verb, await inForce(done.number)]).toEqual(['REVOKED', 'lapse', []]);
  });

  it('comes back only by whoever suspended it, and a department\'s part only when the whole is back', async () => {
    const done = await active();
    const suspended = await desk.must(stewards.authority, 'suspendApplication', { ...at(done), words: '核查中' });
    expect([suspended.state, await inForce(done.number)]).toEqual(['SUSPENDED', []]);
    expect((await desk.command('market', 'resumeApplication', at(suspended))).code).toBe('CONFLICT');
    const part = await desk.must(stewards.police, 'suspendItems', about(suspended, 'police'));
    const back = await desk.must(stewards.police, 'resumeItems', about(part, 'police'));
    expect(await inForce(done.number)).toEqual([]);
    const out = await desk.must(stewards.police, 'suspendItems', about(back, 'police'));
    await desk.must(stewards.authority, 'resumeApplication', at(out));
    expect(await itemsInForce(done.number)).toEqual([civilItem]);
  });

  it('ends with its last day, and that is written down at midnight', async () => {
    const { number } = await active(both, { validTo: '2026-12-01' });
    const { sql } = desk.hub.database;
    desk.today('2026-12-01');
    expect((await keepApplications(sql, desk.hub.schema.contract, '2026-12-01', '2026-12-01T04:00:00.000Z')).expired).toBe(0);
    expect((await desk.see(number)).state).toBe('ACTIVE');
    desk.today('2026-12-02');
    // Not written down yet, and over nevertheless.
    const over = await desk.see(number);
    expect(over.state).toBe('EXPIRED');
    expect((await desk.command('market', 'suspendApplication', { ...at(over), words: '暂停' })).message).toMatch(/is EXPIRED/);
    const two = await Promise.all([1, 2].map(() => keepApplications(sql, desk.hub.schema.contract, '2026-12-02', '2026-12-01T16:00:00.000Z')));
    expect(two.map(({ expired }) => expired).toSorted()).toEqual([0, 1]);
    expect(await desk.see(number)).toMatchObject({ state: 'EXPIRED', version: over.version + 1 });
    expect(await inForce(number)).toEqual([]);
  });

  it('is renewed by an application of its own, which supersedes it when it becomes active', async () => {
    const old = await active([...both, { item: 'RK-0004' }]);
    const draft = await desk.must('market', 'renewApplication', { ...at(old), validTo: '2027-12-31' });
    expect(draft).toMatchObject({ state: 'DRAFT', supersedes: old.number, validTo: '2027-12-31', lines: old.lines.map(({ item }) => ({ item, decision: null })) });
    const now = await desk.see(old.number);
    expect(await desk.command('market', 'renewApplication', { ...at(now), validTo: '2027-12-31' })).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining(draft.number) });
    const renewed = await approveAll(desk, draft);
    expect([renewed.state, (await desk.see(old.number)).state, await inForce(old.number), (await itemsInForce(renewed.number)).length]).toEqual(['ACTIVE', 'SUPERSEDED', [], 3]);
    expect((await desk.see(old.number)).moves.at(-1)).toMatchObject({ verb: 'supersede', by: 'hub', party: 'HUB', words: renewed.number });
  });
});

describe('deadlines', () => {
  const overdue = async (who: Who, rest = '') => {
    const { data, errors } = await desk.hub.ask(who, `{ overdue${rest} { nodes { number rule departmentCode dueOn escalatedAt } endCursor hasNextPage } }`);
    if (errors.length > 0) throw new Error(errors[0]?.message);
    return data['overdue'] as unknown as { nodes: { number: string; rule: string; departmentCode: string; escalatedAt: string | null }[]; endCursor: string; hasNextPage: boolean };
  };

  it('of providing begin with the approval of what the hub does not hold, and end when the data are there', async () => {
    const { sql } = desk.hub.database;
    const { contract } = desk.hub.schema;
    const provide = ({ deadlines }: Seen) => deadlines.filter(({ rule }) => rule === 'PROVIDE').map(({ departmentCode, dueOn, metOn }) => [departmentCode, dueOn, metOn]);
    const told = (source: string, deleted = false) => sql`insert into source_record (record_type, source, source_key, record_id, version, at, deleted, "values") values ('Person', ${source}, 'due', gen_random_uuid(), '1', '2026-11-24T00:00:00Z', ${deleted}, '{}')
      on conflict (record_type, source, source_key) do update set deleted = excluded.deleted`;
    const forget = () => sql`delete from source_record where source_key = 'due'`;
    await sql`update source_record set record_type = 'put away' where record_type = 'Person' and source = any(${[places.police, places.civil]})`;
    try {
      await told(places.civil);
      // Whoever has told the hub of such records already owes nothing, nor does who approves nothing.
      const one = await active();
      expect(provide(one)).toEqual([[places.police, '2026-12-22', null]]);
      const partly = await passed();
      const lines = partly.lines.filter(({ reviewedBy }) => reviewedBy === places.police).map(({ line }) => ({ line, approve: false, reason: '无法提供' }));
      expect(provide(await desk.must(stewards.police, 'reviewApplication', { ...about(partly, 'police'), decisions: lines }))).toEqual([]);
      // It runs from the answer of the one department, whatever others say, and ends with what was given.
      const waiting = await passed();
      expect(provide(await desk.must(stewards.police, 'reviewApplication', { ...about(waiting, 'police'), ...argumentsOf('review', waiting, 'police') }))).toEqual([[places.police, '2026-12-22', null]]);
      desk.today('2026-11-25');
      const revoked = await active();
      expect(provide(await desk.must(stewards.police, 'revokeItems', about(revoked, 'police')))).toEqual([[places.police, '2026-12-23', '2026-11-25']]);
      const ended = await active();
      expect(provide(await desk.must('market', 'revokeApplication', { ...at(ended), words: '不再需要' }))).toEqual([[places.police, '2026-12-23', '2026-11-25']]);
      const paused = await desk.must('market', 'suspendApplication', { ...at(one), words: '暂停' });
      expect(provide(paused)).toEqual([[places.police, '2026-12-22', null]]);
      // Missed, it is listed and told of to the authority, once.
      desk.today('2026-12-23');
      await told(places.police, true);
      expect((await overdue(stewards.police)).nodes).toContainEqual({ number: one.number, rule: 'PROVIDE', departmentCode: places.police, dueOn: '2026-12-22', escalatedAt: null });
      for (const _twice of [1, 2]) await keepApplications(sql, contract, '2026-12-23', '2026-12-22T16:00:00.000Z');
      expect((await desk.see(one.number)).moves.filter(({ verb }) => verb === 'escalate').map(({ words }) => words)).toEqual([`${places.police}: provide 2026-12-22`]);
      // The data are there: seen at midnight, or by whoever looks.
      await told(places.police);
      expect((await overdue(stewards.police)).nodes.filter(({ rule }) => rule === 'PROVIDE')).toEqual([]);
      expect(provide(await desk.see(one.number))).toEqual([[places.police, '2026-12-22', '2026-12-23']]);
      await sql`update deadline set met_on = null where rule = 'provide'`;
      await keepApplications(sql, contract, '2026-12-24', '2026-12-23T16:00:00.000Z');
      expect((await sql`select 1 from deadline where rule = 'provide' and met_on is null`).length).toBe(0);
    } finally {
      await forget();
      await sql`update source_record set record_type = 'Person' where record_type = 'put away'`;
    }
  });

  it('that are missed are listed, escalated once, and gone when the work is done', async () => {
    const [late, answered] = [await submitted(drafted()), await passed()];
    await desk.must(stewards.police, 'reviewApplication', { ...about(answered, 'police'), ...argumentsOf('review', answered, 'police') });
    desk.today('2026-12-09');
    const { sql } = desk.hub.database;
    await keepApplications(sql, desk.hub.schema.contract, '2026-12-09', '2026-12-08T16:00:00.000Z');
    await keepApplications(sql, desk.hub.schema.contract, '2026-12-09', '2026-12-08T16:00:01.000Z');
    const own = (nodes: readonly { number: string; rule: string; departmentCode: string }[]) => nodes.filter(({ number }) => [late.number, answered.number].includes(number)).map(({ number, rule, departmentCode }) => [number, rule, departmentCode]);
    const all = await overdue('steward', '(first: 100)');
    expect(own(all.nodes)).toEqual([[late.number, 'PRECHECK', places.authority], [answered.number, 'CONDITIONAL', places.civil]]);
    // What was told of before, by another test, was told then.
    expect(all.nodes.filter(({ number }) => [late.number, answered.number].includes(number)).map(({ escalatedAt }) => escalatedAt)).toContain('2026-12-09T00:00:00.000+08:00');
    expect(all.nodes.every(({ escalatedAt }) => escalatedAt !== null)).toBe(true);
    expect(own((await overdue(stewards.civil, '(first: 100)')).nodes)).toEqual([[answered.number, 'CONDITIONAL', places.civil]]);
    expect(own((await overdue(stewards.police, '(first: 100)')).nodes)).toEqual([]);
    const told = (await desk.see(answered.number)).moves.filter(({ verb }) => verb === 'escalate');
    expect(told).toMatchObject([{ by: 'hub', party: 'HUB', from: 'REVIEWING', to: 'REVIEWING', words: `${places.civil}: conditional 2026-12-08` }]);
    // Page by page it is the same.
    const pages: string[] = [];
    for (let after = ''; ;) {
      const { nodes, endCursor, hasNextPage } = await overdue('steward', `(first: 2${after})`);
      pages.push(...nodes.map(({ number, rule }) => `${number} ${rule}`));
      if (!hasNextPage) break;
      after = `, after: "${endCursor}"`;
    }
    expect(pages).toEqual(all.nodes.map(({ number, rule }) => `${number} ${rule}`));
    await desk.must(stewards.civil, 'reviewApplication', { ...about(answered, 'civil'), ...argumentsOf('review', answered, 'civil') });
    expect(own((await overdue('steward', '(first: 100)')).nodes)).toEqual([[late.number, 'PRECHECK', places.authority]]);
  });
});

describe('who sees what', () => {
  it('applicant, providers once it is theirs to answer, the authority and its overseers', async () => {
    const waiting = await submitted(drafted());
    const codes = async () => Promise.all(actors.map(async ({ name }) => [name, (await desk.hub.ask(name, 'query ($n: ID!) { application(number: $n) { number } }', { variables: { n: waiting.number } })).errors.length === 0] as const));
    const seeing = async () => (await codes()).filter(([, sees]) => sees).map(([name]) => name).toSorted();
    const always = ['market', 'other-applicant-STEWARD', 'other-authority-AUDIT', 'other-authority-SECURITY', 'other-authority-STEWARD'];
    expect(await seeing()).toEqual(always);
    await desk.must(stewards.authority, 'passApplication', at(waiting));
    expect(await seeing()).toEqual([...always, 'other-civil-STEWARD', 'other-police-STEWARD'].toSorted());
    const [none, other] = await Promise.all(['SQ-2026-999999', waiting.number].map((n) => desk.hub.ask('police', 'query ($n: ID!) { application(number: $n) { number } }', { variables: { n } })));
    expect(none?.errors[0]?.message.replace('SQ-2026-999999', waiting.number)).toBe(other?.errors[0]?.message);
  });

  it('pages of what concerns them, by what they are to it and by state', async () => {
    const all = async (who: Who, rest = '') => {
      const found: { number: string; state: string }[] = [];
      for (let after: string | null = null; ;) {
        const { data, errors } = await desk.hub.ask(who, `query ($after: String) { applications(first: 3, after: $after${rest}) { nodes { number state } endCursor hasNextPage } }`, { variables: { after } });
        if (errors.length > 0) throw new Error(errors[0]?.message);
        const page = data['applications'] as unknown as { nodes: typeof found; endCursor: string; hasNextPage: boolean };
        found.push(...page.nodes);
        if (!page.hasNextPage) return found;
        after = page.endCursor;
      }
    };
    const [own, every] = [await all('market'), await all('auditor')];
    expect(every.length).toBeGreaterThan(own.length);
    expect(every.map(({ number }) => number)).toEqual(every.map(({ number }) => number).toSorted());
    expect(own.length).toBeGreaterThan(10);
    expect(await all('market', ', states: [DRAFT]')).toEqual(own.filter(({ state }) => state === 'DRAFT'));
    desk.today('2027-02-01');
    expect((await all('market', ', states: [EXPIRED]')).length).toBeGreaterThan(2);
    expect((await all('market', ', states: [EXPIRED]')).every(({ state }) => state === 'EXPIRED')).toBe(true);
    desk.today(firstDay);
    expect(await all(stewards.nobody)).toEqual([]);
    expect(await all('police')).toEqual([]);
    expect((await all(stewards.police, ', as: PROVIDER')).length).toBeGreaterThan(5);
    expect(await all(stewards.police, ', as: APPLICANT')).toEqual([]);
    expect(await all('auditor', ', consumer: "test-authority"')).toHaveLength(1);
    for (const wrong of ['first: 101', 'after: "x"', 'as: HUB', 'first: -1']) expect((await desk.hub.ask('market', `{ applications(${wrong}) { endCursor } }`)).errors[0]?.extensions['code']).toMatch(/PAGE_TOO_LARGE|CURSOR_UNKNOWN|BAD_INPUT/);
  });

  it('the story of an application is only added to', async () => {
    const { sql } = desk.hub.database;
    await expect(sql`update application_move set words = 'x'`).rejects.toThrow(/only added to/);
    await expect(sql`delete from application_move`).rejects.toThrow(/only added to/);
    await decided(desk.hub, 'mutation { createList(code: "L-0", name: "空") }');
  });
});
