/**
 * The year's end of a department: what does its question take, an application for what it lacks, the pre-check, the answers of two
 * departments, the question answered, its quota used up and raised in part, the approval taken back, the question withheld; and the
 * audit, which tells all of it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testMatter } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import { decided } from '../world/grants.ts';
import { testPersonKey } from '../world/hub.ts';
import type { Json } from '../world/hub.ts';
import { content, openDesk, places, seen, stewards } from '../approvals/applications/desk.ts';
import type { Desk, Seen, Who } from '../approvals/applications/desk.ts';

let desk: Desk;
let idNumber: string;
beforeAll(async () => {
  desk = await openDesk({ audited: true });
  idNumber = (await somePeople(desk.hub.database)).familyMember;
});
afterAll(() => desk?.close());

/** One person, in the words of the registry office: the police, the civil affairs and the natural resources provide it. */
const document = `query ($id: String!) {
  person(idNumber: $id) { name formerName maritalStatusCode registeredAddress politicalStatusCode householdNo: household { householdNo } }
}`;
const fields = 'item itemName ownerDepartmentCode shareType at uses lacking applicable because apply masked takesMatter takesCase';

async function needed(who: Who, own: Readonly<Record<string, unknown>> = {}): Promise<{ items: readonly Json[]; code: string | null; message: string }> {
  const { data, errors } = await desk.hub.ask(who, `query ($consumer: ID, $document: String!, $variables: JSON, $matters: [String!], $mode: Mode! = QUERY) {
    itemsNeeded(consumer: $consumer, document: $document, variables: $variables, matters: $matters, mode: $mode) { ${fields} } }`, { variables: { document, variables: { id: idNumber }, ...own } });
  return { items: (data?.['itemsNeeded'] ?? []) as unknown as readonly Json[], code: errors.length === 0 ? null : String(errors[0]?.extensions['code']), message: errors[0]?.message ?? '' };
}

const { lines: _none, ...basis } = { ...content, lines: null };
async function apply(who: Who, own: Readonly<Record<string, unknown>> = {}, application: Readonly<Record<string, unknown>> = {}): Promise<{ application: Seen | null; code: string | null; message: string }> {
  const { data, errors } = await desk.hub.ask(who, `mutation ($consumer: ID, $document: String!, $variables: JSON, $mode: Mode! = QUERY, $application: OperationApplicationInput!) {
    applyForOperation(consumer: $consumer, document: $document, variables: $variables, mode: $mode, application: $application) { ${seen} } }`, { variables: { document, variables: { id: idNumber }, application: { ...basis, ...application }, ...own } });
  return { application: (data?.['applyForOperation'] ?? null) as Seen | null, code: errors.length === 0 ? null : String(errors[0]?.extensions['code']), message: errors[0]?.message ?? '' };
}

const ask = async () => {
  const answer = await desk.hub.ask('market', document, { variables: { id: idNumber } });
  return { person: answer.data['person'] as Json, withheld: answer.errors.map(({ extensions }) => String(extensions['item'])).toSorted() };
};

describe('what an operation needs', () => {
  it('tells each item what is wanted of it, what the caller lacks, and whether that can be applied for', async () => {
    const { items } = await needed('market');
    const of = (code: string) => items.find((item) => String(item['item']) === code);
    expect(of('RK-0001')).toMatchObject({ uses: ['KEY'], lacking: [], shareType: 'UNCONDITIONAL', takesMatter: true });
    expect(of('RK-0002')).toMatchObject({ itemName: '姓名', at: ['Person.name'], lacking: [], because: null, applicable: false });
    expect(of('RK-0003')).toMatchObject({ ownerDepartmentCode: places.police, shareType: 'CONDITIONAL', uses: ['READ'], lacking: ['READ'], applicable: true });
    expect(of('RK-0016')).toMatchObject({ shareType: 'NOT_SHARED', lacking: ['READ'], applicable: false, apply: null });
    // It agrees with what the question itself withholds.
    expect(items.filter((item) => (item['lacking'] as unknown as unknown[]).length > 0).map((item) => String(item['item']))).toEqual((await ask()).withheld);
  });

  it('about whom, and under which matters', async () => {
    expect((await needed('market', { consumer: 'test-police' })).code).toBe('FORBIDDEN');
    expect((await needed(stewards.applicant, { consumer: 'test-market' })).items).toEqual((await needed('market')).items);
    expect((await needed(stewards.applicant, { consumer: 'test-police' })).code).toBe('FORBIDDEN');
    expect((await needed('auditor', { consumer: 'test-police' })).items.length).toBeGreaterThan(3);
    expect((await needed('auditor')).code).toBe('BAD_INPUT');
    expect((await needed('system', { consumer: 'test-market' })).code).toBe('FORBIDDEN');
    expect((await needed('market', { matters: ['620623-MZ-DB'] })).code).toBe('PURPOSE_REFUSED');
    // Without a matter nothing personal is to be had, and no application changes that.
    expect((await needed('market', { matters: [] })).items.find((item) => String(item['item']) === 'RK-0002')).toMatchObject({ lacking: ['READ'], applicable: false });
    expect((await needed('market', { mode: 'BATCH' })).items.find((item) => String(item['item']) === 'RK-0002')).toMatchObject({ lacking: ['READ'], applicable: true });
  });

  it('refuses what is no operation that anybody could ask', async () => {
    for (const wrong of ['{ person(idNumber: "x") { nothing } }', '{ person(', 'mutation { endGrant(approvalNo: "A") }']) expect((await needed('market', { document: wrong })).code).toBe('BAD_INPUT');
  });

  it('and what was denied by name is not applied for', async () => {
    await decided(desk.hub, 'mutation { deny(code: "D-YEAR", whom: { consumer: "test-market" }, item: "RK-0003", because: "核查中") }');
    expect((await needed('market')).items.find((item) => String(item['item']) === 'RK-0003')).toMatchObject({ lacking: ['READ'], applicable: false });
    await decided(desk.hub, 'mutation { endDenial(code: "D-YEAR") }');
  });
});

describe('applying from an operation', () => {
  it('is a draft with a line for each item that is lacking and can be had', async () => {
    const { application } = await apply('market', {}, { underCase: true, quotaPerDay: 40 });
    const lacking = (await needed('market')).items.filter((item) => item['applicable'] as unknown === true).map((item) => String(item['item']));
    expect(application).toMatchObject({ state: 'DRAFT', consumer: 'test-market' });
    expect(application?.lines.map(({ item }) => item)).toEqual(lacking);
    expect(application?.lines.every(({ bounds, quotaPerDay }) => quotaPerDay === 40 && JSON.stringify(bounds).includes('"case":true'))).toBe(true);
  });

  it('is refused where nothing is lacking, or nothing can be applied for', async () => {
    expect(await apply('market', { document: '{ person(idNumber: "x") { name } }' })).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(/lacks nothing/) });
    expect(await apply('market', { document: '{ person(idNumber: "x") { politicalStatusCode } }' })).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(/not shared/) });
    expect((await apply('market', { consumer: 'test-police' })).code).toBe('FORBIDDEN');
  });
});

interface Told {
  readonly consumer: string | null;
  readonly administrator: string | null;
  readonly roots: readonly string[];
  readonly outcome: string;
  readonly reason: string | null;
  readonly rows: number;
  readonly subjects: readonly string[];
  readonly delivered: readonly { readonly recordType: string; readonly items: readonly string[] }[];
  readonly withheld: readonly { readonly item: string }[];
}

/** What the audit tells of everything from a moment on, the oldest first. */
async function told(from: string): Promise<readonly Told[]> {
  const { data } = await desk.hub.ask('auditor', `query ($from: DateTime!) { auditRecords(from: $from, first: 200) { nodes { consumer administrator roots outcome reason rows subjects delivered { recordType items } withheld { item } } } }`, { variables: { from } });
  return [...(data['auditRecords'] as unknown as { nodes: readonly Told[] }).nodes].reverse();
}

it('a department applies from a question, is answered in part, asks, uses up its quota, asks for more, and loses it again', async () => {
  desk.today('2026-11-25');
  const first = await ask();
  expect(first.person).toMatchObject({ formerName: null, maritalStatusCode: null });
  const at = ({ number, version }: Seen) => ({ number, version });
  const draft = (await apply('market', {}, { quotaPerDay: 3 })).application as Seen;
  const waiting = await desk.must('market', 'submitApplication', at(draft));
  const reviewing = await desk.must(stewards.authority, 'passApplication', { ...at(waiting), words: '材料齐全' });
  expect(reviewing.reviews.map(({ departmentCode }) => departmentCode)).toEqual([places.police, places.civil]);
  // Nothing is in force before the last department has answered.
  const police = reviewing.lines.filter(({ reviewedBy }) => reviewedBy === places.police);
  await desk.must(stewards.police, 'reviewApplication', {
    number: draft.number, version: 1, words: '部分同意', decisions: police.map(({ line, item }) => (item === 'RK-0003' ? { line, approve: true } : { line, approve: false, reason: '登记事项无须此项' })),
  });
  expect(await ask()).toEqual(first);
  const done = await desk.must(stewards.civil, 'reviewApplication', { number: draft.number, version: 1, decisions: reviewing.lines.filter(({ reviewedBy }) => reviewedBy === places.civil).map(({ line }) => ({ line, approve: true })) });
  expect(done.state).toBe('ACTIVE');

  const second = await ask();
  expect(second.withheld).toEqual(first.withheld.filter((item) => !['RK-0003', 'RK-0013'].includes(item)));
  const [stored] = await desk.hub.database.sql<Json[]>`select former_name as "formerName", marital_status_code as "maritalStatusCode" from person where id_number = ${idNumber}`;
  expect(stored?.['maritalStatusCode']).not.toBeNull();
  expect(second.person).toMatchObject(stored as Json);
  const explained = await desk.hub.ask('market', 'query ($document: String!, $variables: JSON, $matter: String) { explain(document: $document, variables: $variables, matter: $matter) { asks { at rule ways { approvalNo tuple { quotaPerDay } } } } }', { variables: { document, variables: { id: idNumber }, matter: testMatter } });
  expect((explained.data['explain'] as unknown as { asks: { at: string }[] }).asks).toContainEqual({ at: 'Person.maritalStatusCode', rule: 'granted', ways: [{ approvalNo: draft.number, tuple: { quotaPerDay: 3 } }] });

  // Three questions a day, and no fourth.
  await ask();
  expect(await ask()).toEqual(second);
  const over = await desk.hub.ask('market', document, { variables: { id: idNumber } });
  expect([over.status, over.data, over.errors[0]?.extensions]).toMatchObject([429, undefined, { code: 'QUOTA_EXCEEDED', approvalNo: draft.number, limit: 3, resetAt: '2026-11-26T00:00:00+08:00', apply: expect.stringContaining(`applyForQuota(approvalNo: "${draft.number}"`) }]);
  const left = async () => {
    const { data } = await desk.hub.ask('market', '{ quotas { lines { approvalNo limit used remaining tuple { item } } } }');
    return (data['quotas'] as unknown as { lines: { approvalNo: string; limit: number; used: number; remaining: number; tuple: { item: string } }[] }).lines.map(({ approvalNo, limit, used, remaining, tuple }) => `${approvalNo} ${tuple.item} ${used}/${limit} ${remaining}`);
  };
  expect(await left()).toEqual([`${draft.number} RK-0003 3/3 0`, `${draft.number} RK-0013 3/3 0`]);

  // What it takes to ask on stands in the refusal; whoever provides the item decides, and sees it among what is to be decided.
  const raise = async (item: string): Promise<Seen> => {
    const { data, errors } = await desk.hub.ask('market', `mutation ($approvalNo: ID!, $item: String!) { applyForQuota(approvalNo: $approvalNo, item: $item, quotaPerDay: 10, words: "年末集中办理") { ${seen} } }`, { variables: { approvalNo: over.errors[0]?.extensions['approvalNo'], item } });
    if (errors.length > 0) throw new Error(errors[0]?.message);
    return data['applyForQuota'] as unknown as Seen;
  };
  const more = await raise('RK-0013');
  expect(more).toMatchObject({ state: 'SUBMITTED', raisesQuotaOf: draft.number, lines: [{ item: 'RK-0013', quotaPerDay: 10 }] });
  await expect(raise('RK-0013')).rejects.toThrow(/applied for already/);
  await desk.must(stewards.authority, 'passApplication', at(more));
  const listed = await desk.hub.ask(stewards.civil, '{ applications(as: PROVIDER, states: [REVIEWING], raisesQuota: true) { nodes { number raisesQuotaOf } } }');
  expect(listed.data['applications']?.['nodes']).toEqual([{ number: more.number, raisesQuotaOf: draft.number }]);
  const raised = await desk.must(stewards.civil, 'reviewApplication', { number: more.number, version: 1, decisions: [{ line: 0, approve: true }] });
  expect(raised.state).toBe('ACTIVE');
  const refusedRaise = await raise('RK-0003');
  await desk.must(stewards.authority, 'passApplication', at(refusedRaise));
  const not = await desk.must(stewards.police, 'reviewApplication', { number: refusedRaise.number, version: 1, decisions: [{ line: 0, approve: false, reason: '三次已足' }] });
  expect(not.state).toBe('REFUSED');
  const onlyMarital = await desk.hub.ask('market', 'query ($id: String!) { person(idNumber: $id) { maritalStatusCode } }', { variables: { id: idNumber } });
  expect(onlyMarital.data['person']).toEqual({ maritalStatusCode: stored?.['maritalStatusCode'] });
  expect(await left()).toEqual([`${draft.number} RK-0003 3/3 0`, `${draft.number} RK-0013 3/3 0`, `${more.number} RK-0013 1/10 9`]);
  expect((await desk.hub.ask('market', document, { variables: { id: idNumber } })).errors[0]?.extensions).toMatchObject({ code: 'QUOTA_EXCEEDED', item: 'RK-0003' });
  desk.today('2026-11-26');
  expect(await ask()).toEqual(second);

  // What raised a quota ends with what it raised.
  const revoked = await desk.must(stewards.civil, 'revokeItems', { number: draft.number, version: 2, words: '事项已调整' });
  expect(revoked.state).toBe('ACTIVE');
  expect((await ask()).withheld).toEqual(first.withheld.filter((item) => item !== 'RK-0003'));
  expect((await desk.see(more.number)).state).toBe('REVOKED');
  const end = await desk.must('market', 'revokeApplication', { number: draft.number, version: revoked.version, words: '不再需要' });
  expect(await ask()).toEqual(first);
  expect(end.moves.map(({ verb, party, words }) => `${verb} ${party} ${words ?? ''}`.trim())).toEqual([
    'draft APPLICANT', 'submit APPLICANT', 'pass AUTHORITY 材料齐全', 'review PROVIDER 部分同意', 'review PROVIDER', 'conclude HUB', 'revokeItems PROVIDER 事项已调整', 'revoke APPLICANT 不再需要',
  ]);

  const story = await told('2026-11-25T00:00:00+08:00');
  const who = ({ consumer, administrator }: Told): string => (consumer ?? administrator ?? '').replace(/^test-/, '');
  expect(story.filter(({ outcome, roots }) => outcome !== 'BEGUN' && roots[0] !== 'Query.person').map((one) => `${who(one)} ${one.roots.join()} ${one.outcome}`)).toEqual([
    'market Mutation.applyForOperation OK', 'market Mutation.submitApplication OK', `${stewards.authority} Mutation.passApplication OK`, `${stewards.police} Mutation.reviewApplication OK`,
    `${stewards.civil} Mutation.reviewApplication OK`, 'market Query.explain OK', 'market Query.quotas OK',
    'market Mutation.applyForQuota OK', 'market Mutation.applyForQuota CONFLICT', `${stewards.authority} Mutation.passApplication OK`, `${stewards.civil} Query.applications OK`, `${stewards.civil} Mutation.reviewApplication OK`,
    'market Mutation.applyForQuota OK', `${stewards.authority} Mutation.passApplication OK`, `${stewards.police} Mutation.reviewApplication OK`, 'market Query.quotas OK',
    `${stewards.civil} Mutation.revokeItems OK`, 'auditor Query.application OK', 'market Mutation.revokeApplication OK']);
  const key = testPersonKey(idNumber);
  const questions = story.filter(({ roots }) => roots[0] === 'Query.person').map(({ outcome, rows, subjects, delivered, withheld }) => {
    // Of an answer that was dropped nothing was delivered.
    const items = delivered.find(({ recordType }) => recordType === 'Person')?.items.filter((item) => ['RK-0003', 'RK-0013'].includes(item)) ?? [];
    return `${outcome} ${rows} ${subjects.map((own) => (own === key ? 'him' : own)).join()} ${items.join('+')} ${withheld.map(({ item }) => item).filter((item) => ['RK-0003', 'RK-0013'].includes(item)).toSorted().join('+')}`.trim();
  });
  const [before, full, over3] = ['OK 1 him  RK-0003+RK-0013', 'OK 1 him RK-0003+RK-0013', 'QUOTA_EXCEEDED 0'];
  expect(questions).toEqual([before, before, full, full, full, over3, 'OK 1 him RK-0013', over3, full, 'OK 1 him RK-0003 RK-0013', before]);
  // A refusal says which line, and no value.
  expect(story.find(({ outcome }) => outcome === 'QUOTA_EXCEEDED')?.reason).toContain(`under ${draft.number} are used up`);
});
