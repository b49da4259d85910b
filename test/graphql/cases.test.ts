/**
 * Asking under a case, as applications do: only its subjects, and the kin that its matter names, can be asked about, on every way to
 * a record; and who is not there looks like who is not a subject.
 */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CasesAtHand } from '../../src/matters/open-cases.ts';
import { callers } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { AskOptions, TestHub } from '../world/hub.ts';

const matter = 'M-CASE';
const start = '2026-11-24T02:01:00.000Z';
let clock = new Date(start);
let hub: TestHub;
let facts: Facts;
/** Somebody of the same household as the subject, and somebody who has nothing to do with either. */
let [relative, other] = ['', ''];

beforeAll(async () => {
  hub = await clonedHub({ now: () => clock });
  facts = await somePeople(hub.database);
  const { sql } = hub.database;
  const [found] = await sql<{ relative: string; other: string }[]>`
    select (select m.id_number from person m where m.household_no = p.household_no and m.id_number <> p.id_number order by 1 limit 1) as relative,
      (select o.id_number from person o where o.household_no <> p.household_no and not exists (select from kinship k where k.subject_person_key = p.person_key and k.relative_person_key = o.person_key)
        and exists (select from marriage_record m where m.party_person_keys @> array[o.person_key]) order by 1 limit 1) as other
    from person p where p.id_number = ${facts.familyMember}`;
  [relative, other] = [found?.relative ?? '', found?.other ?? ''];
  await registered();
  // Whatever is withheld below, it is not for want of a grant.
  const items = [...hub.standing.catalog.items()].filter(({ shareType }) => shareType !== 'NOT_SHARED');
  const answer = await grantTo(hub, 'test-civilAffairs', 'ALL', items.map(({ code, keyShareType }) => ({ item: code, uses: ['READ', 'FIND', 'EXIST', 'VERIFY', ...(keyShareType === 'NOT_SHARED' ? [] : ['KEY'])] })));
  expect(answer.errors).toEqual([]);
});
afterAll(() => hub?.close());
beforeEach(() => { clock = new Date(start); });

const codes = (answer: { readonly errors: readonly { readonly extensions: { readonly [name: string]: unknown } }[] }) => answer.errors.map(({ extensions }) => extensions['code']);

async function registered(kin: readonly string[] = [], code = matter, departmentCode: string = callers.civilAffairs): Promise<void> {
  const answer = await hub.ask('steward', 'mutation ($matter: MatterInput!) { registerMatter(matter: $matter) }', { variables: { matter: { code, name: '低保', departmentCode, participants: [callers.police], kin } } });
  expect(answer.errors).toEqual([]);
}

const openDocument = 'mutation ($matter: String!, $caseNo: String!, $subjects: [SubjectInput!]!, $deadline: Date) { openCase(matter: $matter, caseNo: $caseNo, subjects: $subjects, deadline: $deadline) { matterCode caseNo openedAt deadline closedAt subjectCount } }';
const open = (caseNo: string, idNumbers: readonly string[] = [facts.familyMember], { caller = 'civilAffairs' as CallerName, deadline, headers = {} }: { caller?: CallerName; deadline?: string; headers?: AskOptions['headers'] & {} } = {}) =>
  hub.ask(caller, openDocument, { variables: { matter, caseNo, subjects: idNumbers.map((idNumber) => ({ idNumber })), deadline }, headers });
const under = (caseNo: string, query: string, variables: Readonly<Record<string, unknown>> = {}, caller: CallerName = 'civilAffairs') =>
  hub.ask(caller, query, { variables, headers: { 'hub-matter': matter, ...(caseNo === '' ? {} : { 'hub-case': encodeURIComponent(caseNo) }) } });
const person = 'query ($id: String!) { person(idNumber: $id) { name idNumber } }';

describe('a case', () => {
  it('is opened, asked under and closed', async () => {
    expect((await under('', person, { id: facts.familyMember })).errors[0]?.message).toMatch(/Hub-Case|case by case/);
    const opened = await open('办件-1');
    expect(opened.errors).toEqual([]);
    expect(opened.data['openCase']).toEqual({ matterCode: matter, caseNo: '办件-1', openedAt: '2026-11-24T10:01:00.000+08:00', deadline: '2027-02-21', closedAt: null, subjectCount: 1 });
    expect((await under('办件-1', person, { id: facts.familyMember })).data['person']?.['idNumber']).toBe(facts.familyMember);
    const closed = await hub.ask('civilAffairs', `mutation { closeCase(matter: "${matter}", caseNo: "办件-1") { closedAt } }`);
    expect(closed.data['closeCase']).toEqual({ closedAt: '2026-11-24T10:01:00.000+08:00' });
    const after = await under('办件-1', person, { id: facts.familyMember });
    expect([after.status, codes(after), after.errors[0]?.message]).toEqual([403, ['CASE_NOT_OPEN'], expect.stringContaining('openCase')]);
  });

  it('finds whom it covers now, although another process was told of him later', async () => {
    await open('C-later', [facts.familyMember, relative]);
    const covering = vi.spyOn(CasesAtHand.prototype, 'covering').mockReturnValueOnce(`{"${testPersonKey(facts.familyMember)}"}`);
    try {
      expect((await under('C-later', 'query ($id: String!, $of: String!) { person(idNumber: $id) { idNumber } of: person(idNumber: $of) { idNumber } }', { id: relative, of: facts.familyMember })).data)
        .toEqual({ person: { idNumber: relative }, of: { idNumber: facts.familyMember } });
      expect(covering).toHaveBeenCalledTimes(2);
      // Whoever is found is not looked for, and of others it is asked who they are once.
      covering.mockClear();
      expect(codes(await under('C-later', person, { id: other }))).toEqual(['CASE_NOT_OPEN']);
      expect(covering.mock.calls.map(([, , , asked]) => asked)).toEqual([[], [testPersonKey(other)]]);
    } finally {
      covering.mockRestore();
    }
  });

  it('is open up to its deadline and no longer', async () => {
    await open('C-2', [facts.familyMember], { deadline: '2026-11-25' });
    clock = new Date('2026-11-25T15:59:59.999Z');
    expect((await under('C-2', person, { id: facts.familyMember })).errors).toEqual([]);
    clock = new Date('2026-11-25T16:00:00.000Z');
    expect(codes(await under('C-2', person, { id: facts.familyMember }))).toEqual(['CASE_NOT_OPEN']);
  });

  it('that nobody opened, and one of another matter, are not open', async () => {
    await registered([], 'M-OTHER');
    await open('C-3');
    expect(codes(await under('C-NONE', person, { id: facts.familyMember }))).toEqual(['CASE_NOT_OPEN']);
    expect(codes(await hub.ask('civilAffairs', person, { variables: { id: facts.familyMember }, headers: { 'hub-matter': 'M-OTHER', 'hub-case': 'C-3' } }))).toEqual(['CASE_NOT_OPEN']);
  });

  it('is asked under by who takes part, and by nobody who does not', async () => {
    await open('C-4');
    expect((await under('C-4', person, { id: facts.familyMember }, 'police')).errors).toEqual([]);
    expect(codes(await under('C-4', person, { id: facts.familyMember }, 'market'))).toEqual(['PURPOSE_REFUSED']);
    expect(codes(await open('C-4', [facts.familyMember], { caller: 'police' }))).toEqual(['PURPOSE_REFUSED']);
    await hub.ask('system', 'mutation { registerConsumer(consumer: {code: "test-credit", name: "政务服务平台", departmentCode: "620623-FG", servicePlatform: true}) }');
    expect((await open('C-5', [facts.familyMember], { caller: 'credit' })).errors).toEqual([]);
    expect((await under('C-5', '{ matters { code } }', {}, 'credit')).data['matters']).toContainEqual({ code: matter });
  });

  it('opens in the same words about somebody who is not there, or is sealed', async () => {
    await registered(['HOUSEHOLD', 'CHILD', 'PARENT', 'SPOUSE']);
    const [there, nobody] = [await open('C-6'), await open('C-7', [facts.nobody])];
    expect(nobody.text.replace('C-7', 'C-6')).toBe(there.text);
    expect([nobody.status, nobody.statements]).toEqual([there.status, there.statements]);
    await decided(hub, 'mutation ($id: String!) { seal(code: "S-C", idNumber: $id, because: "保护") }', { id: facts.familyMember });
    expect((await open('C-8')).text.replace('C-8', 'C-6')).toBe(there.text);
    for (const id of [facts.familyMember, relative]) {
      const [sealed, absent] = [await under('C-8', person, { id }), await under('C-7', person, { id: id === relative ? relative : facts.nobody })];
      expect(sealed.text.replaceAll('C-8', 'C-7')).toBe(absent.text);
    }
    // The one that was open before covers his kin no longer either.
    expect(codes(await under('C-6', person, { id: relative }))).toEqual(['CASE_NOT_OPEN']);
    await decided(hub, 'mutation { unseal(code: "S-C") }');
    expect((await under('C-6', person, { id: relative })).errors).toEqual([]);
  });

  it('names what is wrong, and repeats no number', async () => {
    const answer = await open('C-9', ['622326198001010011']);
    expect([answer.status, codes(answer), answer.errors[0]?.message]).toEqual([200, ['BAD_INPUT'], expect.stringMatching(/^subject: .*check digit/)]);
    expect(answer.text).not.toContain('622326198001010011');
  });
});

describe('under a case', () => {
  beforeEach(async () => {
    await registered();
    await open('U-1');
  });

  it('another one is refused, whether or not he is there', async () => {
    for (const query of [person, 'query ($id: String!) { persons(idNumbers: [$id]) { name } }', `query ($id: String!) { persons(idNumbers: ["${facts.familyMember}", $id]) { name } }`]) {
      const [there, nobody] = [await under('U-1', query, { id: other }), await under('U-1', query, { id: facts.nobody })];
      expect([there.text, there.statements]).toEqual([nobody.text, nobody.statements]);
      expect(codes(there)).toEqual(['CASE_NOT_OPEN']);
    }
  });

  it('searches find its subjects only', async () => {
    const { sql } = hub.database;
    const search = async (id: string) => {
      const [row] = await sql<{ name: string; born: string }[]>`select name, birth_date::text as born from person where id_number = ${id}`;
      return under('U-1', 'query ($name: String!, $born: Date!) { searchPersons(where: {name: {eq: $name}, birthDate: {eq: $born}}) { name } }', { name: row?.name ?? '', born: row?.born ?? '' });
    };
    expect((await search(facts.familyMember)).data['searchPersons']).toHaveLength(1);
    expect((await search(other)).data['searchPersons']).toEqual([]);
  });

  it('relations and counts stop at its subjects', async () => {
    const family = 'query ($id: String!) { person(idNumber: $id) { household { householdNo members { totalCount nodes { idNumber } } } kin { totalCount nodes { relative { name } } } } }';
    const [counted] = await hub.database.sql<{ members: number; kin: number }[]>`
      select (select count(*)::int from person m where m.household_no = p.household_no) as members, (select count(*)::int from kinship k where k.subject_person_key = p.person_key) as kin from person p where id_number = ${facts.familyMember}`;
    const alone = await under('U-1', family, { id: facts.familyMember });
    expect(alone.errors).toEqual([]);
    expect(alone.data['person']?.['household']?.['members']).toEqual({ totalCount: 1, nodes: [{ idNumber: facts.familyMember }] });
    const relatives = alone.data['person']?.['kin']?.['nodes'] as unknown as readonly { readonly relative: unknown }[];
    expect(counted?.kin).toBeGreaterThan(0);
    expect(relatives).toHaveLength(counted?.kin ?? 0);
    for (const { relative: shown } of relatives) expect(shown).toBeNull();
    await registered(['HOUSEHOLD']);
    await open('U-1');
    const together = await under('U-1', family, { id: facts.familyMember });
    expect(together.data['person']?.['household']?.['members']?.['totalCount']).toBe(counted?.members);
    expect(together.data['person']?.['kin']?.['totalCount']).toBe(counted?.kin);
  });

  it('the kin that its matter names can be asked about, in force with the answer that names them, and no longer with the one that does not', async () => {
    const asked = () => under('U-1', person, { id: relative });
    expect(codes(await asked())).toEqual(['CASE_NOT_OPEN']);
    await registered(['HOUSEHOLD']);
    expect((await asked()).data['person']?.['idNumber']).toBe(relative);
    await registered();
    expect(codes(await asked())).toEqual(['CASE_NOT_OPEN']);
  });

  it('the past of another one is no way round', async () => {
    const then = 'query ($id: String!) { person(idNumber: $id, asOf: "2020-01-01", knownAt: "2026-11-24T10:00:30+08:00") { name } }';
    expect(codes(await under('U-1', then, { id: other }))).toEqual(['CASE_NOT_OPEN']);
    expect((await under('U-1', 'query ($id: String!) { person(idNumber: $id) { household { members { nodes { name } } } } }', { id: facts.familyMember })).errors).toEqual([]);
  });
});

describe('every look-up by a full identifier', () => {
  it('answers about another one as about nobody', async () => {
    await registered();
    await open('K-1');
    const { contract } = hub.schema;
    const { sql } = hub.database;
    const personal = (item: string) => ['S3', 'S4'].includes(hub.standing.catalog.item(item)?.sensitivity ?? '');
    const looked: string[] = [];
    for (const { root, by, type, argument } of contract.lookups.values()) {
      const own = contract.types.get(type);
      if (by !== 'KEY' || own === undefined || type === 'Person' || !personal(own.existsItem) || argument === null) continue;
      const { model } = own;
      const key = model.columns[model.key ?? '']?.name ?? '';
      const about = (model.subject.persons ?? []).map((field) => model.columns[field]);
      const rows = await sql<Record<string, unknown>[]>`select * from ${sql(model.tableName)} where ${sql(key)} is not null`;
      const subject = testPersonKey(facts.familyMember);
      const [household] = await sql<{ no: string }[]>`select household_no as no from person where id_number = ${facts.familyMember}`;
      const row = rows.find((one) => one['household_no'] !== household?.no && about.every((column) => !JSON.stringify(one[column?.name ?? ''] ?? '').includes(subject)));
      if (row === undefined) continue;
      const fields = [...own.fields.values()].filter(({ kind, items }) => kind === 'leaf' && items.every((item) => hub.standing.catalog.item(item)?.shareType !== 'NOT_SHARED')).map(({ name }) => name);
      const query = `query ($key: String!) { ${root}(${argument}: $key) { __typename ${fields.join(' ')} } }`;
      const there = await under('K-1', query, { key: String(row[key]) });
      await sql`delete from ${sql(model.tableName)} where id = ${String(row['id'])}`;
      const gone = await under('K-1', query, { key: String(row[key]) });
      expect([there.errors, there.text, there.statements], root).toEqual([[], gone.text, gone.statements]);
      expect(there.data[root], root).toBeNull();
      looked.push(root);
    }
    expect(looked.length, looked.join()).toBeGreaterThanOrEqual(6);
  });
});

describe('a grant bound to', () => {
  const phone = 'query ($id: String!) { person(idNumber: $id) { name phone } }';
  const read = async (id = facts.familyMember, headers: AskOptions['headers'] = {}) => (await hub.ask('police', phone, { variables: { id }, headers: { ...headers } })).data['person']?.['phone'];

  it('an authorization holds while the authorization does, for its matter, and for nobody else', async () => {
    const authorize = (fields: string, caller: CallerName = 'market', id = facts.familyMember) => hub.ask(caller, `mutation ($id: String!) { recordAuthorization(subject: {idNumber: $id}, ${fields}) }`, { variables: { id } });
    const shown = async (id = facts.familyMember) => (await hub.ask('market', 'query ($id: String!) { person(idNumber: $id) { name maritalStatusCode } }', { variables: { id } })).data['person']?.['maritalStatusCode'];
    expect((await grantTo(hub, 'test-market', 'AUTH', [{ item: 'RK-0013', bounds: [{ authorization: true }] }])).errors).toEqual([]);
    expect(await shown()).toBeNull();
    await authorize('validTo: "2026-12-01T00:00:00+08:00"', 'civilAffairs');
    expect(await shown()).toBeNull();
    const given = await authorize('validTo: "2026-12-01T00:00:00+08:00"');
    expect(await shown()).toMatch(/^\d\d$/);
    expect(await shown(other)).toBeNull();
    expect((await authorize('validTo: "2026-12-01T00:00:00+08:00"')).data['recordAuthorization']).toBe(given.data['recordAuthorization']);
    clock = new Date('2026-11-30T16:00:00.000Z');
    expect(await shown()).toBeNull();
    clock = new Date(start);
    const revoke = (caller: CallerName) => hub.ask(caller, 'mutation ($id: ID!) { revokeAuthorization(id: $id) }', { variables: { id: given.data['recordAuthorization'] } });
    expect(codes(await revoke('police'))).toEqual(['BAD_INPUT']);
    expect(await shown()).toMatch(/^\d\d$/);
    for (let times = 0; times < 2; times += 1) expect((await revoke('market')).errors).toEqual([]);
    expect(await shown()).toBeNull();
    await authorize('matter: "TEST-ANY-PURPOSE", validFrom: "2026-11-24T10:02:00+08:00", validTo: "2026-12-01T00:00:00+08:00"');
    expect(await shown()).toBeNull();
    clock = new Date('2026-11-24T02:02:00.000Z');
    expect(await shown()).toMatch(/^\d\d$/);
    clock = new Date(start);
    expect((await authorize('validTo: "2026-12-01T00:00:00+08:00"', 'market', facts.nobody)).errors).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    ['that has ended', 'validTo: "2026-11-01T00:00:00+08:00"', 'BAD_INPUT', /before validTo|has passed/],
    ['that ends before it begins', 'validFrom: "2027-01-01T00:00:00Z", validTo: "2026-12-01T00:00:00Z"', 'BAD_INPUT', /validFrom is before validTo/],
    ['without an end in sight', 'validTo: "2036-12-01T00:00:00Z"', 'BAD_INPUT', /5 years/],
    ['for a matter of others', `matter: "${matter}", validTo: "2026-12-01T00:00:00Z"`, 'PURPOSE_REFUSED', /matters/],
  ])('an authorization %s is refused', async (_what, fields, code, sentence) => {
    const answer = await hub.ask('market', `mutation ($id: String!) { recordAuthorization(subject: {idNumber: $id}, ${fields}) }`, { variables: { id: facts.familyMember } });
    expect([codes(answer), answer.errors[0]?.message]).toEqual([[code], expect.stringMatching(sentence)]);
  });

  it('a case holds on its subjects, and nowhere without a case', async () => {
    await registered();
    await open('G-1');
    await grantTo(hub, 'test-market', 'CASE', [{ item: 'RK-0013', bounds: [{ case: true }] }]);
    await hub.ask('steward', `mutation { registerMatter(matter: {code: "${matter}", name: "低保", departmentCode: "620623-MZ", participants: ["620623-SC", "620623-GA"], needsCase: false}) }`);
    const marital = 'query ($id: String!) { person(idNumber: $id) { name maritalStatusCode } }';
    expect((await under('', marital, { id: facts.familyMember }, 'market')).data['person']).toMatchObject({ maritalStatusCode: null });
    expect((await under('G-1', marital, { id: facts.familyMember }, 'market')).data['person']?.['maritalStatusCode']).toMatch(/^\d\d$/);
    expect(codes(await under('G-1', marital, { id: other }, 'market'))).toEqual(['CASE_NOT_OPEN']);
    expect(await read()).toBeDefined();
  });
});

describe('the operator', () => {
  it('is noted unverified where the consumer has no key, and refused unsigned where it has one', async () => {
    await registered();
    const noted = async (caseNo: string) => [...await hub.database.sql`select operator, operator_verified from service_case where case_no = ${caseNo}`];
    await open('P-1', [facts.familyMember], { headers: { 'hub-operator': encodeURIComponent('扎西') } });
    expect(await noted('P-1')).toEqual([{ operator: '扎西', operator_verified: false }]);

    const [own, foreign] = await Promise.all([generateKeyPair('ES256', { extractable: true }), generateKeyPair('ES256')]);
    const registering = await hub.ask('system', 'mutation ($key: JSON!) { registerConsumer(consumer: {code: "test-civilAffairs", name: "民政", departmentCode: "620623-MZ", operatorKey: $key}) }', { variables: { key: await exportJWK(own.publicKey) } });
    expect(registering.errors).toEqual([]);
    for (const [key, sentence] of [[await exportJWK(own.privateKey), /secret part/], [{ kty: 'EC', crv: 'P-256' }, /no public key/], [{ kty: 'oct' }, /no public key/], ['text', /no public key/]] as const) {
      const wrong = await hub.ask('system', 'mutation ($key: JSON!) { registerConsumer(consumer: {code: "test-police", name: "公安", departmentCode: "620623-GA", operatorKey: $key}) }', { variables: { key } });
      expect([codes(wrong), wrong.errors[0]?.message]).toEqual([['BAD_INPUT'], expect.stringMatching(sentence)]);
    }
    const second = clock.getTime() / 1000;
    const assertion = (key: typeof own.privateKey, { subject = 'clerk-7', issuer = 'test-civilAffairs', expires = second + 3600 } = {}) =>
      new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).setSubject(subject).setIssuer(issuer).setIssuedAt(second - 60).setExpirationTime(expires).sign(key);
    const opened = async (caseNo: string, operator: string) => open(caseNo, [facts.familyMember], { headers: { 'hub-operator': operator } });
    expect((await opened('P-2', await assertion(own.privateKey))).errors).toEqual([]);
    expect(await noted('P-2')).toEqual([{ operator: 'clerk-7', operator_verified: true }]);
    const refused = ['clerk-7', await assertion(foreign.privateKey), await assertion(own.privateKey, { expires: second - 31 }), await assertion(own.privateKey, { issuer: 'test-police' })];
    for (const operator of refused) {
      const answer = await opened('P-3', operator);
      expect([answer.status, codes(answer)]).toEqual([403, ['PURPOSE_REFUSED']]);
      expect(answer.text).not.toContain(operator);
    }
    expect(await noted('P-3')).toEqual([]);
  });
});
