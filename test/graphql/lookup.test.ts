/**
 * A clerk's errand in one look-up: facts, papers, desks, receipts; drafted, run and published before.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyProviderOf, newKeySet } from '../../src/identity/key-provider.ts';
import { checkReceipt } from '../../src/receipts/check.ts';
import { callers } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { grantTo } from '../world/grants.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

const matter = 'M-LOOKUP';
let hub: TestHub;
let facts: Facts;
/** A type of certificate that the family member holds. */
let certificateType = '';

const definition = () => ({
  legalBasis: '社会救助暂行办法',
  subjects: [{ role: 'applicant', name: '申请人', type: 'Person' }, { role: 'member', name: '家庭成员', type: 'Person', many: true, optional: true }],
  claims: [{ name: 'name', title: '姓名' }],
  facts: [
    { code: 'household', name: '户籍', paper: '居民户口簿', of: 'applicant', form: 'VALUE', select: '{ name household { householdNo members { nodes { name } } } }' },
    { code: 'disability', name: '残疾登记', paper: '残疾人证', of: 'applicant', form: 'VALUE', select: '{ disabilityRecords { nodes { kindCode levelCode } } }' },
    { code: 'card', name: '证照', paper: '证照原件', of: 'applicant', form: 'CERTIFICATE', certificateType },
    { code: 'income', name: '家庭收入', paper: '收入证明', of: 'applicant', form: 'DESK', department: callers.police, workingDays: 2 },
    { code: 'name', name: '姓名核验', paper: '居民身份证', of: 'applicant', form: 'VERIFY', ask: 'name == claim.name' },
    { code: 'elder', name: '年满八十周岁', paper: '居民身份证', of: 'applicant', form: 'PREDICATE', ask: 'age >= 80' },
    { code: 'certified', name: '持有效残疾人证', paper: null, of: 'applicant', form: 'PREDICATE', ask: 'disabilityRecords.exists(d, d.status == "有效")' },
    { code: 'alive', name: '成员状态', paper: null, of: 'member', form: 'VALUE', select: '{ personStatus }' },
  ],
});

const factFields = '{ code name paper role index status value certificateIdentifier departmentCodes toldAt because dueOn }';
const document = `query ($subjects: [LookupSubjectInput!]!, $claims: [LookupClaimInput!]! = []) { lookup(subjects: $subjects, claims: $claims) {
  matterCode version caseNo facts ${factFields} papers { asked saved pending toBring { paper because } } receipt { id document signed signature keyId } salt question answer } }`;
const ask = (subjects: readonly object[], { caseNo = 'L-1', caller = 'civilAffairs' as CallerName, claims = [] as readonly object[] } = {}) =>
  hub.ask(caller, document, { variables: { subjects, claims }, headers: { 'hub-matter': matter, ...(caseNo === '' ? {} : { 'hub-case': caseNo }), 'hub-operator': 'clerk-7' } });
const steward = async (mutation: string, variables: Readonly<Record<string, unknown>> = {}) => hub.ask('steward', mutation, { variables });
/** What of an answer these tests walk into. */
interface FactJson {
  readonly code: string;
  readonly status: string;
  readonly value: { readonly name: string; readonly household: { readonly members: { readonly nodes: readonly unknown[] } } };
  readonly toldAt: string | null;
  readonly certificateIdentifier: string | null;
}
interface LookupJson {
  readonly version: number;
  readonly facts: readonly FactJson[];
  readonly papers: { readonly pending: readonly string[] };
  readonly receipt: { readonly id: string; readonly document: string; readonly signed: string; readonly signature: string; readonly keyId: string };
  readonly salt: string;
  readonly question: unknown;
  readonly answer: readonly unknown[];
}
const list = (json: unknown) => json as Readonly<Record<string, unknown>>[];
const lookupIn = (answer: { readonly data: unknown }) => (answer.data as { readonly lookup: LookupJson }).lookup;
const codes = (answer: { readonly errors: readonly { readonly extensions: { readonly [name: string]: unknown } }[] }) => answer.errors.map(({ extensions }) => extensions['code']);
const draft = 'mutation ($matter: String!, $definition: JSON!) { draftMatterVersion(matter: $matter, definition: $definition) { version state testedAt } }';
const publish = 'mutation ($matter: String!, $version: Int!) { publishMatterVersion(matter: $matter, version: $version) { state publishedAt } }';
const test = `mutation ($matter: String!, $version: Int!) { testMatterVersion(matter: $matter, version: $version, consumer: "test-civilAffairs") ${factFields} }`;
async function open(caseNo: string, idNumbers: readonly string[]): Promise<void> {
  const answer = await hub.ask('civilAffairs', 'mutation ($matter: String!, $caseNo: String!, $subjects: [SubjectInput!]!) { openCase(matter: $matter, caseNo: $caseNo, subjects: $subjects) { caseNo } }', { variables: { matter, caseNo, subjects: idNumbers.map((idNumber) => ({ idNumber })) } });
  expect(answer.errors).toEqual([]);
}

beforeAll(async () => {
  hub = await clonedHub();
  facts = await somePeople(hub.database);
  const [held] = await hub.database.sql<{ type: string }[]>`select c.type_code as type from certificate c join person p on c.holder_person_keys @> array[p.person_key] where p.id_number = ${facts.familyMember} and c.status = '01' and (c.valid_to is null or c.valid_to > '2030-01-01') limit 1`;
  certificateType = held?.type ?? '';
  const registered = await steward('mutation ($matter: MatterInput!) { registerMatter(matter: $matter) }', { matter: { code: matter, name: '低保', departmentCode: callers.civilAffairs, kin: ['HOUSEHOLD'] } });
  expect(registered.errors).toEqual([]);
  const items = [...hub.standing.catalog.items()].filter(({ shareType, code }) => shareType !== 'NOT_SHARED' && !code.startsWith('RK-06'));
  const granted = await grantTo(hub, 'test-civilAffairs', 'ALL', items.map(({ code, keyShareType }) => ({ item: code, uses: ['READ', 'FIND', 'EXIST', 'VERIFY', ...(keyShareType === 'NOT_SHARED' ? [] : ['KEY'])] })));
  expect(granted.errors).toEqual([]);
});
afterAll(() => hub?.close());

describe('a matter\'s definition', () => {
  it('is refused with every place that is wrong', async () => {
    const wrong = async (change: object): Promise<string | undefined> => (await steward(draft, { matter, definition: { ...definition(), ...change } })).errors[0]?.message;
    expect(await wrong({ facts: [{ code: 'x', name: '', of: 'applicant', form: 'VALUE', select: '{ name }' }] })).toMatch(/facts\[0\]\.name/);
    expect(await wrong({ facts: [{ code: 'x', name: 'x', of: 'nobody', form: 'VALUE', select: '{ name }' }] })).toMatch(/facts\[0\]\.of names no role/);
    expect(await wrong({ facts: [{ code: 'x', name: 'x', of: 'applicant', form: 'VALUE', select: '{ nam }' }] })).toMatch(/Fact x does not fit the contract: Cannot query field "nam"/);
    expect(await wrong({ facts: [{ code: 'x', name: 'x', of: 'applicant', form: 'VALUE', select: '{ ...F }' }] })).toMatch(/no variables, directives or fragments/);
    expect(await wrong({ facts: [{ code: 'x', name: 'x', of: 'applicant', form: 'VALUE', select: '} {' }] })).toMatch(/Fact x selects what is no selection/);
    expect(await wrong({ subjects: [{ role: 'applicant', name: '申请人', type: 'Kinship' }, definition().subjects[1]] })).toMatch(/Kinship is no record type that is looked up by a key/);
    expect(await wrong({ subjects: [...definition().subjects, { role: 'member', name: '又', type: 'Person' }] })).toMatch(/subjects\[2\]\.role is there twice/);
    // Each at its place, for whoever shows it there.
    const [both] = (await steward(draft, { matter, definition: { ...definition(), facts: [{ code: 'x', name: 'x', of: 'applicant', form: 'VALUE', select: '{ nam }' }, { code: 'y', name: 'y', of: 'applicant', form: 'PREDICATE', ask: 'age >' }] } })).errors;
    expect(((both?.extensions['problems'] ?? []) as unknown as { at: string }[]).map(({ at }) => at)).toEqual(['facts[0].select', 'facts[1].ask']);
    expect(codes(await hub.ask('security', draft, { variables: { matter, definition: definition() } }))).toEqual(['FORBIDDEN']);
  });

  it('is drafted from what its editor has seen, or he is told', async () => {
    const based = 'mutation ($definition: JSON!, $basedOn: ID) { draftMatterVersion(matter: "TWO-EDITORS", definition: $definition, basedOn: $basedOn) { version revision } }';
    const save = (basedOn: string | null, legalBasis = '一') => steward(based, { definition: { ...definition(), legalBasis }, basedOn });
    const revisionIn = (answer: { readonly data: Readonly<Record<string, unknown>> }) => (answer.data['draftMatterVersion'] as { readonly revision: string }).revision;
    expect((await steward('mutation ($matter: MatterInput!) { registerMatter(matter: $matter) }', { matter: { code: 'TWO-EDITORS', name: '两人同改', departmentCode: callers.civilAffairs, kin: ['HOUSEHOLD'] } })).errors).toEqual([]);
    const first = revisionIn(await save(null));
    // Nothing was there for either of the two; the second is told what is there by now.
    const late = await save(null);
    expect([codes(late), late.errors[0]?.message, late.errors[0]?.extensions['version']]).toEqual([['CONFLICT'], expect.stringContaining('What matter TWO-EDITORS asks for was changed meanwhile'), first]);
    const second = revisionIn(await save(first, '二'));
    expect(second).not.toBe(first);
    expect(codes(await save(first))).toEqual(['CONFLICT']);
    expect([revisionIn(await save(second)), list((await hub.ask('steward', '{ matterVersions(matter: "TWO-EDITORS") { revision } }')).data['matterVersions']).length]).toEqual([expect.any(String), 1]);
  });

  it('is published only as it was run', async () => {
    const drafted = await steward(draft, { matter, definition: definition() });
    expect([drafted.errors, drafted.data['draftMatterVersion']]).toEqual([[], { version: 1, state: 'DRAFT', testedAt: null }]);
    expect((await steward(publish, { matter, version: 1 })).errors[0]?.message).toMatch(/was not run since it was changed/);
    const run = await steward(test, { matter, version: 1 });
    expect([run.errors, list(run.data['testMatterVersion']).map(({ code, status }) => [code, status])]).toEqual([[], [['household', 'NOT_HELD'], ['disability', 'WITHHELD'], ['card', 'NOT_HELD'], ['income', 'UNKNOWN'], ['name', 'MISMATCH'], ['elder', 'UNKNOWN'], ['certified', 'WITHHELD'], ['alive', 'NOT_HELD']]]);
    await steward(draft, { matter, definition: definition() });
    expect(codes(await steward(publish, { matter, version: 1 }))).toEqual(['CONFLICT']);
    await steward(test, { matter, version: 1 });
    const published = await steward(publish, { matter, version: 1 });
    expect([published.errors, published.data['publishMatterVersion']?.['state']]).toEqual([[], 'PUBLISHED']);
    expect(codes(await steward(publish, { matter, version: 1 }))).toEqual(['CONFLICT']);
  });

  it('tells what it takes and what an application lacks of it', async () => {
    const needs = await hub.ask('civilAffairs', `{ itemsNeededByMatter(matter: "${matter}") { item uses lacking ownerDepartmentCode } }`);
    expect(needs.errors).toEqual([]);
    const lacking = list(needs.data['itemsNeededByMatter']).filter(({ lacking: own }) => list(own).length > 0);
    const lacked = (item: string, uses: readonly string[]): unknown => ({ item, uses, lacking: uses, ownerDepartmentCode: callers.disabledFederation });
    expect(lacking).toEqual([lacked('RK-0600', ['EXIST', 'VERIFY']), lacked('RK-0604', ['READ']), lacked('RK-0605', ['READ']), lacked('RK-0613', ['VERIFY'])]);
    const applied = await hub.ask('civilAffairs', 'mutation ($application: OperationApplicationInput!, $matter: String!) { applyForMatter(matter: $matter, application: $application) { lines { item } } }', {
      variables: { matter, application: { matters: [matter], legalBasis: '社会救助暂行办法', scenario: '窗口', purpose: '审核', validTo: '2027-01-01', underCase: true } },
    });
    expect([applied.errors, list(applied.data['applyForMatter']?.['lines']).map(({ item }) => item)]).toEqual([[], ['RK-0600', 'RK-0604', 'RK-0605', 'RK-0613']]);
  });
});

describe('a look-up', () => {
  it('answers every fact, sums the papers, and puts to a desk what no register tells', async () => {
    await open('L-1', [facts.familyMember]);
    const answer = await ask([{ role: 'applicant', idNumber: facts.familyMember }]);
    expect(answer.errors).toEqual([]);
    const lookup = lookupIn(answer);
    expect(lookup.facts.map(({ code, status }: { code: string; status: string }) => [code, status])).toEqual([['household', 'HELD'], ['disability', 'WITHHELD'], ['card', 'HELD'], ['income', 'PENDING'], ['name', 'MISMATCH'], ['elder', expect.stringMatching(/TRUE|FALSE/)], ['certified', 'WITHHELD']]);
    const [household, disability, card, income] = lookup.facts;
    expect(household?.value.household.members.nodes.length).toBeGreaterThan(2);
    expect(household?.toldAt).toMatch(/^\d{4}-/);
    expect(disability).toMatchObject({ value: null, because: expect.stringMatching(/RK-06/), toldAt: null });
    expect(card?.certificateIdentifier).toContain(certificateType);
    // When the certificate was told, and not when the person was; of the household's fact the latest of its records. No part of the value.
    const [told] = await hub.database.sql<{ card: string; family: string }[]>`
      select (select max(c.source_updated_at) from certificate c where c.type_code = ${certificateType} and c.holder_person_keys @> array[p.person_key])::text as card,
        greatest(p.source_updated_at, (select max(m.source_updated_at) from person m where m.household_no = p.household_no), (select h.source_updated_at from household h where h.household_no = p.household_no))::text as family
      from person p where p.id_number = ${facts.familyMember}`;
    expect([card?.toldAt, household?.toldAt].map((at) => Date.parse(at ?? ''))).toEqual([Date.parse(told?.card ?? ''), Date.parse(told?.family ?? '')]);
    expect([answer.statements, answer.text.includes('hubToldAt')]).toEqual([1, false]);
    expect(income).toMatchObject({ dueOn: expect.any(String), departmentCodes: [callers.police] });
    expect(lookup.papers).toMatchObject({ asked: ['居民户口簿', '残疾人证', '证照原件', '收入证明', '居民身份证'], saved: ['居民户口簿', '证照原件'], pending: ['收入证明'], toBring: [{ paper: '残疾人证' }, { paper: '居民身份证', because: [expect.stringContaining('姓名核验')] }] });
  });

  it('compares what the clerk typed in', async () => {
    const name = lookupIn(await ask([{ role: 'applicant', idNumber: facts.familyMember }])).facts[0]?.value.name;
    const answer = await ask([{ role: 'applicant', idNumber: facts.familyMember }], { claims: [{ name: 'name', value: name }] });
    expect(lookupIn(answer).facts.map(({ code, status }) => (code === 'name' ? status : ''))).toContain('MATCH');
    const typed = [...name ?? ''].join('　');
    expect(lookupIn(await ask([{ role: 'applicant', idNumber: facts.familyMember }], { claims: [{ name: 'name', value: typed }] })).facts.map(({ code, status }) => (code === 'name' ? status : ''))).toContain('MATCH');
    expect((await ask([{ role: 'applicant', idNumber: facts.familyMember }], { claims: [{ name: 'age', value: '1' }] })).errors[0]?.message).toMatch(/does not take; it takes name/);
  });

  it('is one statement for the facts', async () => {
    expect((await ask([{ role: 'applicant', idNumber: facts.familyMember }])).statements).toBe(1);
  });

  it('looks the same about nobody and about somebody sealed', async () => {
    await open('L-N', [facts.nobody]);
    const answer = await ask([{ role: 'applicant', idNumber: facts.nobody }], { caseNo: 'L-N' });
    expect(lookupIn(answer).facts.map(({ status }: { status: string }) => status)).toEqual(['NOT_HELD', 'WITHHELD', 'NOT_HELD', 'PENDING', 'MISMATCH', 'UNKNOWN', 'WITHHELD']);
  });

  it('takes subjects in the roles of the matter, under an open case', async () => {
    expect((await ask([])).errors[0]?.message).toMatch(/names no applicant/);
    expect((await ask([{ role: 'applicant', uscc: 'x' }])).errors[0]?.message).toMatch(/is named by idNumber/);
    expect((await ask([{ role: 'boss', idNumber: facts.nobody }])).errors[0]?.message).toMatch(/no role of this matter/);
    expect((await ask([{ role: 'applicant', idNumber: facts.nobody }, { role: 'applicant', idNumber: facts.nobody }])).errors[0]?.message).toMatch(/one applicant/);
    expect(codes(await ask([{ role: 'applicant', idNumber: facts.nobody }]))).toEqual(['CASE_NOT_OPEN']);
    expect(codes(await ask([{ role: 'applicant', idNumber: facts.familyMember }], { caseNo: 'L-NONE' }))).toEqual(['CASE_NOT_OPEN']);
    expect((await hub.ask('civilAffairs', document, { variables: { subjects: [] }, headers: {} })).errors[0]?.extensions['code']).toBe('BAD_INPUT');
  });

  it('puts nobody on a desk whom the case does not cover, also where no register is asked', async () => {
    const own = 'M-DESK';
    await steward('mutation ($matter: MatterInput!) { registerMatter(matter: $matter) }', { matter: { code: own, name: '仅人工', departmentCode: callers.civilAffairs } });
    await steward(draft, { matter: own, definition: { ...definition(), subjects: definition().subjects.slice(0, 1), facts: definition().facts.filter(({ code }) => code === 'income' || code === 'disability') } });
    await steward(test, { matter: own, version: 1 });
    expect((await steward(publish, { matter: own, version: 1 })).errors).toEqual([]);
    await hub.ask('civilAffairs', 'mutation ($matter: String!, $subjects: [SubjectInput!]!) { openCase(matter: $matter, caseNo: "D-1", subjects: $subjects) { caseNo } }', { variables: { matter: own, subjects: [{ idNumber: facts.familyMember }] } });
    const asking = (idNumber: string) => hub.ask('civilAffairs', document, { variables: { subjects: [{ role: 'applicant', idNumber }] }, headers: { 'hub-matter': own, 'hub-case': 'D-1' } });
    const lying = async (): Promise<unknown> => (await hub.database.sql`select fact, subject_number from desk_request where matter_code = ${own}`).map((row) => ({ ...row }));
    for (const idNumber of [facts.nobody, facts.idNumbers.find((one) => one !== facts.familyMember) ?? '']) expect(codes(await asking(idNumber))).toEqual(['CASE_NOT_OPEN']);
    expect(await lying()).toEqual([]);
    const answer = await asking(facts.familyMember);
    expect([answer.statements, lookupIn(answer).facts.map(({ status }) => status)]).toEqual([0, ['WITHHELD', 'PENDING']]);
    expect(await lying()).toEqual([{ fact: 'income', subject_number: facts.familyMember }]);
  });

  it('hears what a desk answers, once', async () => {
    const [request] = list((await hub.ask('police', '{ deskRequests { id matterCode fact name subject dueOn verdict } }')).data['deskRequests']).filter(({ subject, matterCode }) => subject === facts.familyMember && matterCode === matter);
    expect(request).toMatchObject({ fact: 'income', name: '家庭收入', verdict: null });
    const answerIt = (caller: CallerName) => hub.ask(caller, 'mutation ($id: ID!) { answerFact(id: $id, verdict: TRUE, words: "低于标准") { verdict answeredBy } }', { variables: { id: request?.['id'] } });
    expect(codes(await answerIt('market'))).toEqual(['BAD_INPUT']);
    expect((await answerIt('police')).data['answerFact']).toEqual({ verdict: 'TRUE', answeredBy: 'test-police' });
    expect(codes(await answerIt('police'))).toEqual(['CONFLICT']);
    const answer = await ask([{ role: 'applicant', idNumber: facts.familyMember }]);
    expect(lookupIn(answer).facts[3]).toMatchObject({ status: 'TRUE', because: '低于标准' });
    expect(lookupIn(answer).papers.pending).toEqual([]);
  });

  it('says what is being checked at its source, in the same statement', async () => {
    const reported = await hub.ask('civilAffairs', 'mutation ($report: DiscrepancyInput!) { reportDiscrepancy(report: $report, idempotencyKey: "lookup-1") { checks { id } } }', {
      variables: { report: { type: 'Person', key: facts.familyMember, because: '与身份证不符', items: [{ field: 'name' }] } }, headers: { 'hub-matter': matter, 'hub-case': 'L-1' },
    });
    expect([reported.errors, list(reported.data['reportDiscrepancy']?.['checks']).length]).toEqual([[], 1]);
    const answer = await ask([{ role: 'applicant', idNumber: facts.familyMember }]);
    const statuses = Object.fromEntries(lookupIn(answer).facts.map(({ code, status }) => [code, status]));
    expect([answer.statements, statuses]).toEqual([1, expect.objectContaining({ household: 'UNDER_CHECK', name: 'UNDER_CHECK', card: 'HELD' })]);
  });

  it('ends under the version under which its case was begun', async () => {
    await steward(draft, { matter, definition: { ...definition(), facts: definition().facts.slice(0, 1) } });
    await steward(test, { matter, version: 2 });
    expect((await steward(publish, { matter, version: 2 })).errors).toEqual([]);
    await open('L-2', [facts.familyMember]);
    const [before, after] = [await ask([{ role: 'applicant', idNumber: facts.familyMember }]), await ask([{ role: 'applicant', idNumber: facts.familyMember }], { caseNo: 'L-2' })];
    expect([lookupIn(before).version, lookupIn(before).facts.length, lookupIn(after).version, lookupIn(after).facts.length]).toEqual([1, 7, 2, 1]);
  });
});

describe('a receipt', () => {
  it('is signed, names nobody, and verifies without the hub; any changed field breaks it', async () => {
    const lookup = lookupIn(await ask([{ role: 'applicant', idNumber: facts.familyMember }]));
    const { keyId, publicKey } = ((await hub.ask('civilAffairs', '{ receiptKeys { keyId publicKey } }')).data['receiptKeys'] as unknown as { keyId: string; publicKey: string }[]).at(-1) ?? { keyId: '', publicKey: '' };
    expect(keyId).toBe(lookup.receipt.keyId);
    const file = { ...lookup.receipt, salt: lookup.salt, question: lookup.question, answer: lookup.answer };
    const checked = checkReceipt(JSON.stringify(file), publicKey);
    expect(checked).toMatchObject({ genuine: true, findings: [], assertion: { matter, caseNo: 'L-1', operator: 'said:clerk-7', facts: [{ fact: 'household', status: 'UNDER_CHECK' }, { fact: 'disability', status: 'WITHHELD' }, { fact: 'card', status: 'HELD' }, { fact: 'income' }, { fact: 'name' }, { fact: 'elder' }, { fact: 'certified' }] } });
    for (const secret of [facts.familyMember, lookup.facts[0]?.value.name ?? '']) expect(lookup.receipt.document).not.toContain(secret);
    for (const [field, value] of Object.entries(JSON.parse(lookup.receipt.document) as Record<string, unknown>)) {
      const document = JSON.stringify({ ...JSON.parse(lookup.receipt.document), [field]: typeof value === 'number' ? value + 1 : `${String(value)}x` });
      expect([field, checkReceipt(JSON.stringify({ ...file, document }), publicKey).genuine]).toEqual([field, false]);
    }
    expect(checkReceipt(JSON.stringify({ ...file, answer: [...file.answer].reverse() }), publicKey)).toMatchObject({ genuine: false, findings: [expect.stringContaining('answer is not the one')] });
    expect(checkReceipt(JSON.stringify(file), keyProviderOf(newKeySet()).publicSm2()).genuine).toBe(false);
  });

  it('is shown to whoever is entitled, and to nobody else', async () => {
    const lookup = lookupIn(await ask([{ role: 'applicant', idNumber: facts.familyMember }]));
    const show = async (caller: CallerName | 'steward' | 'civilSteward') => (await hub.ask(caller, 'query ($id: ID!) { receipt(id: $id) { document } }', { variables: { id: lookup.receipt.id } })).data['receipt']?.['document'] ?? null;
    for (const caller of ['civilAffairs', 'police', 'steward', 'civilSteward'] as const) expect([caller, await show(caller)]).toEqual([caller, lookup.receipt.document]);
    for (const caller of ['market', 'credit'] as const) expect([caller, await show(caller)]).toEqual([caller, null]);
  });
});
