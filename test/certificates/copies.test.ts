/**
 * Annotated copies, as applications ask for them: under a case, by a clerk, of what they may read and no more; checked by anybody;
 * known to the issuer; and fallen with their certificate.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetCopies } from '../../src/certificates/copy.ts';
import { problemOf, signCopy } from '../../src/certificates/signature.ts';
import { triesAMinute } from '../../src/certificates/check.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { certificateIdentifierWithCheck } from '../../src/registries/identifiers/index.ts';
import { callers } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub, testPersonKey, testPublicUrl } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { testKeys } from '../world/keys.ts';
import { readPdf } from './pdf-reading.ts';

const matter = 'M-COPY';
const start = '2026-11-24T02:01:00.000Z';
const issue = 'mutation ($id: String!, $cause: String! = "核对身份", $days: Int! = 7) { issueCopy(certificateIdentifier: $id, cause: $cause, validDays: $days) { id code path signaturePath checkUrl issuedAt expiresAt digest shown withheld } }';
const verify = 'query ($id: String!, $code: String!) { verifyCertificate(certificateIdentifier: $id, code: $code) { verdict since checkedAt } }';
const uses = 'query ($id: String, $first: Int! = 50, $after: String) { certificateUses(certificateIdentifier: $id, first: $first, after: $after) { nodes { at certificateIdentifier mode copyId consumer departmentCode operator operatorVerified matterCode caseNo cause fields result } endCursor hasNextPage } }';
const revoked = 'query ($after: String, $first: Int! = 200) { revokedCopies(after: $after, first: $first) { nodes { copyId certificateIdentifier since } endCursor hasNextPage } }';

interface Found {
  readonly id: string;
  readonly numbers: readonly string[];
  readonly names: readonly string[];
  readonly number: string;
  readonly source: string;
  readonly version: string;
}
interface Copy {
  readonly id: string;
  readonly code: string;
  readonly path: string;
  readonly checkUrl: string;
  readonly expiresAt: string;
  readonly digest: string;
  readonly shown: readonly string[];
  readonly withheld: readonly string[];
}

let clock = new Date(start);
let hub: TestHub;
let [cards, marriages, diplomas, licences]: (readonly Found[])[] = [];
const items = (): readonly string[] => [...hub.standing.catalog.items()].flatMap(({ code }) => (code.startsWith('ZZ-01') ? [code] : []));

beforeAll(async () => {
  hub = await clonedHub({ now: () => clock, audited: true });
  const registered = await hub.ask('steward', 'mutation ($matter: MatterInput!) { registerMatter(matter: $matter) }', { variables: { matter: { code: matter, name: '最低生活保障申请', departmentCode: callers.civilAffairs, participants: [callers.market], kin: [] } } });
  expect(registered.errors).toEqual([]);
  for (const [consumer, own] of [['test-civilAffairs', items()], ['test-market', items().filter((code) => !['ZZ-0117', 'ZZ-0120'].includes(code))]] as const) {
    const granted = await grantTo(hub, consumer, `G-${consumer}`, own.map((item) => ({ item, uses: ['READ', ...(item === 'ZZ-0101' ? ['KEY'] : []), ...(item === 'ZZ-0100' ? ['EXIST'] : [])], matters: [matter] })));
    expect(granted.errors).toEqual([]);
  }
  const of = (type: string): Promise<readonly Found[]> => hub.database.sql<Found[]>`
    select c.certificate_identifier as id, c.holder_codes as numbers, c.holder_names as names, c.certificate_number as number, s.source_key as source, s.version from certificate c join source_record s on s.record_id = c.id and s.source = '620623-ZS'
    where c.type_name = ${type} and c.status = '01' and (c.valid_to is null or c.valid_to > '2027-06-01') and c.valid_from < '2026-11-24' order by 1 limit 12`;
  [cards, marriages, diplomas, licences] = await Promise.all([of('居民身份证'), of('结婚证'), of('毕业证书'), of('营业执照')]);
  await openCase('2026-1', [...cards!.slice(0, 10), ...marriages!.slice(0, 3), ...diplomas!.slice(0, 3)].flatMap(({ numbers }) => numbers));
}, 180_000);
afterAll(() => hub?.close());
beforeEach(() => { clock = new Date(start); });

async function openCase(caseNo: string, idNumbers: readonly string[]): Promise<void> {
  const opened = await hub.ask('civilAffairs', 'mutation ($matter: String!, $caseNo: String!, $subjects: [SubjectInput!]!) { openCase(matter: $matter, caseNo: $caseNo, subjects: $subjects) { deadline } }', { variables: { matter, caseNo, subjects: [...new Set(idNumbers)].map((idNumber) => ({ idNumber })) } });
  expect(opened.errors).toEqual([]);
}
const errand = { 'hub-matter': matter, 'hub-case': '2026-1', 'hub-operator': 'MZ-0317' };
const asked = (id: string, variables: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = errand, caller: CallerName = 'civilAffairs') => hub.ask(caller, issue, { variables: { id, ...variables }, headers });
async function issued(id: string, variables: Readonly<Record<string, unknown>> = {}, caller: CallerName = 'civilAffairs'): Promise<Copy> {
  const answer = await asked(id, variables, errand, caller);
  expect(answer.errors).toEqual([]);
  return answer.data['issueCopy'] as unknown as Copy;
}
const checked = async (id: string, code: string) => {
  const answer = await hub.ask('stranger', verify, { variables: { id, code } });
  expect(answer.errors).toEqual([]);
  return answer.data['verifyCertificate'] as unknown as { readonly verdict: string; readonly since: string | null };
};
const usesFor = async (caller: CallerName | AdministratorName, variables: Readonly<Record<string, unknown>> = {}) => {
  const answer = await hub.ask(caller, uses, { variables });
  return { errors: answer.errors, ...(answer.data?.['certificateUses'] as unknown as { readonly nodes: readonly Readonly<Record<string, unknown>>[]; readonly endCursor: string | null; readonly hasNextPage: boolean }) };
};
const fileOf = async ({ id }: Pick<Copy, 'id'>): Promise<Buffer | null> => (await hub.database.sql<{ pdf: Buffer | null }[]>`select pdf from certificate_copy where id = ${id}`)[0]?.pdf ?? null;
const tell = ({ source, version }: Found, values: SourceClaim['values'], deleted = false): Promise<unknown> => writeClaims({ sql: hub.database.sql, now: clock.toISOString(), today: clock.toISOString().slice(0, 10), personKey: testPersonKey, belongsHere: () => true }, records.find(({ type }) => type === 'Certificate')!, '620623-ZS', [{ key: source, version: `${version}.9`, values, deleted, at: clock.toISOString() }]);
const code = (answer: { readonly errors: readonly { readonly extensions: { readonly [name: string]: unknown } }[] }): unknown => answer.errors[0]?.extensions['code'];

describe('a copy', () => {
  it('shows what its caller may read, is annotated with what it is for, and is signed', async () => {
    const [card] = cards!;
    const copy = await issued(card!.id, { cause: '核对申请人身份', days: 3 });
    expect(copy).toMatchObject({ path: `/copies/${copy.id}.pdf`, signaturePath: `/copies/${copy.id}.pdf.sig`, expiresAt: '2026-11-27T00:00:00.000+08:00', withheld: [] });
    expect(copy.checkUrl).toBe(`${testPublicUrl}/c/${copy.id}-${copy.code.replaceAll('-', '').slice(10)}`);
    const file = (await fileOf(copy))!;
    const { plain } = readPdf(file);
    for (const text of [card!.names[0]!, card!.numbers[0]!, card!.id, '加注件', '核对申请人身份', '天祝县民政局', 'MZ-0317', '最低生活保障申请', '2026-1', copy.code]) expect(plain).toContain(text.replace(/\s/g, ''));
    const keys = keyProviderOf(testKeys);
    expect(problemOf(file, signCopy(keys, copy.id, file, start), () => keys.publicSm2(1))).toBeNull();
    expect(copy.digest).toBe(signCopy(keys, copy.id, file, start).digest);
  });

  it('prints nothing that is withheld, and says so', async () => {
    const [card] = cards!;
    const copy = await issued(card!.id, {}, 'market');
    expect(copy.withheld).toEqual(['holderCodes', 'faceItems']);
    expect(copy.shown).not.toContain('faceItems');
    const { plain } = readPdf((await fileOf(copy))!);
    // The number of an identity card is its holder's number, and that item is granted.
    expect(plain).not.toContain('持证主体代码Codeofholder' + card!.numbers[0]!);
    expect(plain).not.toContain('住址');
    expect(plain).toContain('本件未载明使用单位无权获取的项目');
    expect(plain).toContain('照面信息Faceitems');
  });

  it('takes the statement of one look-up', async () => {
    expect((await asked(cards![1]!.id)).statements).toBe(1);
  });

  it('shows all holders of a certificate that has several', async () => {
    const [marriage] = marriages!;
    const { plain } = readPdf((await fileOf(await issued(marriage!.id)))!);
    expect(plain).toContain(marriage!.names.join('、').replace(/\s/g, ''));
  });

  it('is made of what an enterprise holds, under a case about it', async () => {
    const [licence, other] = licences!;
    const opened = await hub.ask('civilAffairs', 'mutation ($matter: String!, $uscc: String!) { openCase(matter: $matter, caseNo: "2026-E", subjects: [{uscc: $uscc}]) { deadline } }', { variables: { matter, uscc: licence!.numbers[0] } });
    expect(opened.errors).toEqual([]);
    const under = { ...errand, 'hub-case': '2026-E' };
    const answer = await asked(licence!.id, {}, under);
    expect(answer.errors).toEqual([]);
    expect(readPdf((await fileOf(answer.data['issueCopy'] as unknown as Copy))!).plain).toContain(licence!.names[0]!);
    expect(code(await asked(other!.id, {}, under))).toBe('BAD_INPUT');
    expect(code(await asked(licence!.id))).toBe('BAD_INPUT');
  });

  it('is refused alike where the certificate is not there, its holder is sealed, or is none of the case', async () => {
    const outside = cards![11]!;
    const nobody = certificateIdentifierWithCheck(outside.id.split('.')[5]!, outside.id.split('.')[6]!, '20990000000000', '001');
    const answers = [await asked(nobody), await asked(outside.id)];
    await decided(hub, 'mutation ($idNumber: String!) { seal(code: "P-SEAL", idNumber: $idNumber, because: "测试") }', { idNumber: cards![9]!.numbers[0] });
    answers.push(await asked(cards![9]!.id));
    const [first, ...others] = answers;
    expect(code(first!)).toBe('BAD_INPUT');
    for (const other of others) expect([other.text, other.status, other.statements]).toEqual([first!.text, first!.status, first!.statements]);
    expect(first!.errors[0]?.message).toMatch(/Compare the identifier, and have the case opened/);
  });

  it('is made for a matter, an open case and a clerk, with a cause, for days that are told', async () => {
    const { id } = cards![0]!;
    for (const missing of ['hub-case', 'hub-operator'] as const) expect(code(await asked(id, {}, Object.fromEntries(Object.entries(errand).filter(([name]) => name !== missing))))).toBe('PURPOSE_REFUSED');
    expect(code(await asked(id, {}, { ...errand, 'hub-case': '2026-2' }))).toBe('CASE_NOT_OPEN');
    for (const wrong of [{ cause: ' ' }, { cause: 'x'.repeat(201) }, { cause: '事由\n又一行' }, { days: 0 }, { days: 91 }]) expect(code(await asked(id, wrong))).toBe('BAD_INPUT');
    const digit = await asked(`${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`);
    expect([code(digit), digit.errors[0]?.message]).toEqual(['BAD_INPUT', expect.stringMatching(/check character .* Compare it/)]);
    expect(code(await asked(id, {}, errand, 'naturalResources'))).toBe('PURPOSE_REFUSED');
    expect((await hub.ask('steward', issue, { variables: { id } })).errors[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await hub.ask('stranger', issue, { variables: { id } })).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('is made of a valid certificate only, and is good no longer than it', async () => {
    const [, , ended, ending] = cards!;
    await tell(ended!, { status: '02' });
    expect(code(await asked(ended!.id))).toBe('CONFLICT');
    await tell(ending!, { validTo: '2026-11-25' });
    expect((await issued(ending!.id)).expiresAt).toBe('2026-11-26T00:00:00.000+08:00');
  });

  it('takes the authorization of every holder where its type demands it', async () => {
    await hub.database.sql`update certificate_type set copy_needs_authorization = true where name = '结婚证'`;
    const [marriage] = marriages!;
    const authorize = (idNumber: string) => hub.ask('civilAffairs', 'mutation ($idNumber: String!, $matter: String!) { recordAuthorization(subject: {idNumber: $idNumber}, matter: $matter, validTo: "2026-12-31T00:00:00+08:00") }', { variables: { idNumber, matter } });
    const refused = await asked(marriage!.id);
    expect([code(refused), refused.errors[0]?.message]).toEqual(['FORBIDDEN', expect.stringContaining('recordAuthorization')]);
    expect((await authorize(marriage!.numbers[0]!)).errors).toEqual([]);
    expect(code(await asked(marriage!.id))).toBe('FORBIDDEN');
    const second = await authorize(marriage!.numbers[1]!);
    await issued(marriage!.id);
    await hub.ask('civilAffairs', 'mutation ($id: ID!) { revokeAuthorization(id: $id) }', { variables: { id: second.data['recordAuthorization'] } });
    expect(code(await asked(marriage!.id))).toBe('FORBIDDEN');
    // As the seeds have it.
    expect(code(await asked(diplomas![0]!.id))).toBe('FORBIDDEN');
    await hub.database.sql`update certificate_type set copy_needs_authorization = false where name = '结婚证'`;
  });

  it('stands in the audit as what was delivered, by whom, for what', async () => {
    const card = cards![4]!;
    await issued(card.id);
    const answer = await hub.ask('auditor', 'query ($idNumber: String!) { auditRecords(subject: {idNumber: $idNumber}, first: 5) { nodes { consumer matter caseNo operator outcome delivered { recordType items } } } }', { variables: { idNumber: card.numbers[0] } });
    const [record] = (answer.data['auditRecords'] as unknown as { nodes: readonly { delivered: readonly { recordType: string; items: readonly string[] }[] }[] }).nodes;
    expect(record).toMatchObject({ consumer: 'test-civilAffairs', matter, caseNo: '2026-1', operator: 'MZ-0317', outcome: 'OK' });
    expect(record!.delivered).toEqual([{ recordType: 'Certificate', items: expect.arrayContaining(['ZZ-0100', 'ZZ-0116', 'ZZ-0120']) }]);
  });
});

describe('checking a copy', () => {
  it('tells anybody that it is genuine and valid, and nothing else', async () => {
    const card = cards![5]!;
    const copy = await issued(card.id);
    const answer = await hub.ask('stranger', verify, { variables: { id: card.id, code: copy.code.toLowerCase() } });
    expect(answer.data).toEqual({ verifyCertificate: { verdict: 'VALID', since: null, checkedAt: '2026-11-24T10:01:00.000+08:00' } });
    for (const text of [...card.names, ...card.numbers]) expect(answer.text).not.toContain(text);
  });

  it('tells a wrong code, another certificate and a copy that never was in the same bytes', async () => {
    const card = cards![5]!;
    const copy = await issued(card.id);
    const other = copy.code.replace(/.$/, (last) => (last === '0' ? '2' : '0'));
    const answers = await Promise.all([[card.id, other], [cards![6]!.id, copy.code], [card.id, 'AAAAA-AAAAA-AAAA-AAAA-AAAA-AAAA'], [card.id, '?'], [card.id, '']].map(([id, one]) => hub.ask('stranger', verify, { variables: { id, code: one } })));
    for (const answer of answers) expect(answer.text).toBe(answers[0]!.text);
    expect(answers[0]!.data).toMatchObject({ verifyCertificate: { verdict: 'NOT_GENUINE', since: null } });
    const digit = await hub.ask('stranger', verify, { variables: { id: `${card.id.slice(0, -1)}${card.id.endsWith('0') ? '1' : '0'}`, code: copy.code } });
    expect([code(digit), digit.errors[0]?.message]).toEqual(['BAD_INPUT', expect.stringContaining('character by character')]);
  });

  it('tells that it has expired, from the day on which it does', async () => {
    const card = cards![6]!;
    const copy = await issued(card.id, { days: 2 });
    clock = new Date('2026-11-25T15:59:59.999Z');
    expect((await checked(card.id, copy.code)).verdict).toBe('VALID');
    clock = new Date('2026-11-25T16:00:00.000Z');
    expect(await checked(card.id, copy.code)).toMatchObject({ verdict: 'COPY_EXPIRED', since: '2026-11-26' });
    expect(await fileOf(copy)).not.toBeNull();
    expect(await forgetCopies(hub.database.sql, clock.toISOString())).toBeGreaterThan(0);
    expect(await fileOf(copy)).toBeNull();
    expect((await checked(card.id, copy.code)).verdict).toBe('COPY_EXPIRED');
  });

  it('has a limit a minute, the same for certificates that are there and not', async () => {
    clock = new Date('2026-11-24T03:00:00.000Z');
    const tried = async (id: string): Promise<readonly unknown[]> => {
      const answers = [];
      for (let n = 0; n <= triesAMinute; n += 1) answers.push(await hub.ask('stranger', verify, { variables: { id, code: `${n}` } }));
      return [answers.filter(({ errors }) => errors.length === 0).length, code(answers.at(-1)!), answers.at(-1)?.errors[0]?.message];
    };
    const absent = certificateIdentifierWithCheck(cards![7]!.id.split('.')[5]!, cards![7]!.id.split('.')[6]!, '20990000000001', '001');
    const [there, not] = [await tried(cards![7]!.id), await tried(absent)];
    expect(there).toEqual([triesAMinute, 'RATE_LIMITED', expect.stringContaining('in a minute')]);
    expect(not).toEqual(there);
    clock = new Date('2026-11-24T03:01:00.000Z');
    expect((await checked(cards![7]!.id, 'x')).verdict).toBe('NOT_GENUINE');
  });
});

describe('uses of certificates', () => {
  it('are known to the department that issued the certificate, and to the one that provides the library', async () => {
    const card = cards![8]!;
    const copy = await issued(card.id, { cause: '年审核对' });
    await checked(card.id, copy.code);
    await checked(card.id, 'AAAAA-AAAAA-AAAA-AAAA-AAAA-AAAA');
    for (const caller of ['police', 'authority', 'steward'] as const) {
      const { nodes, errors } = await usesFor(caller, { id: card.id });
      expect(errors).toEqual([]);
      expect(nodes).toEqual([
        { at: '2026-11-24T10:01:00.000+08:00', certificateIdentifier: card.id, mode: 'CHECK', copyId: copy.id, consumer: null, departmentCode: null, operator: null, operatorVerified: false, matterCode: null, caseNo: null, cause: null, fields: [], result: 'VALID' },
        { at: '2026-11-24T10:01:00.000+08:00', certificateIdentifier: card.id, mode: 'COPY', copyId: copy.id, consumer: 'test-civilAffairs', departmentCode: callers.civilAffairs, operator: 'MZ-0317', operatorVerified: false, matterCode: matter, caseNo: '2026-1', cause: '年审核对', fields: copy.shown, result: 'ISSUED' },
      ]);
    }
    // Civil affairs has issued the marriage certificates, and no identity card.
    for (const caller of ['civilAffairs', 'civilSteward', 'market'] as const) expect((await usesFor(caller, { id: card.id })).nodes).toEqual([]);
    expect(new Set((await usesFor('civilSteward')).nodes.map(({ certificateIdentifier }) => certificateIdentifier))).toEqual(new Set([marriages![0]!.id]));
    expect(code(await hub.ask('security', uses))).toBe('FORBIDDEN');
    expect(code(await hub.ask('stranger', uses))).toBe('UNAUTHENTICATED');
  });

  it('come page by page, newest first, none twice and none left out', async () => {
    const all = (await usesFor('authority', { first: 200 })).nodes;
    const paged: unknown[] = [];
    for (let after: string | null = null; ;) {
      const page = await usesFor('authority', { first: 3, after });
      paged.push(...page.nodes);
      if (!page.hasNextPage) break;
      after = page.endCursor;
    }
    expect(paged).toEqual(all);
    expect((await usesFor('authority', { first: 0 })).errors[0]?.extensions['code']).toBe('PAGE_TOO_LARGE');
    expect((await usesFor('authority', { after: 'x' })).errors[0]?.extensions['code']).toBe('CURSOR_UNKNOWN');
  });

  it('by queries are told from the audit, certificate by certificate, to its issuer and to whoever provides certificates', async () => {
    const [card, marriage] = [cards![8]!, marriages![0]!];
    const document = 'query ($id: String, $first: Int! = 200, $after: String) { certificateQueries(certificateIdentifier: $id, first: $first, after: $after) { nodes { certificateIdentifier consumer departmentCode matterCode caseNo operator operatorVerified items } endCursor hasNextPage } }';
    const told = async (caller: CallerName | AdministratorName, variables: Readonly<Record<string, unknown>> = {}) => {
      const { errors, data } = await hub.ask(caller, document, { variables });
      expect(errors).toEqual([]);
      return data['certificateQueries'] as unknown as { nodes: readonly Readonly<Record<string, unknown>>[]; endCursor: string; hasNextPage: boolean };
    };
    const read = (id: string, what = '{ certificateName status }') => hub.ask('civilAffairs', `query ($id: String!) { certificate(certificateIdentifier: $id) ${what} }`, { variables: { id }, headers: errand });
    const before = (await told('police', { id: card.id })).nodes.length;
    await read(card.id);
    await read(marriage.id);
    const use = { certificateIdentifier: card.id, consumer: 'test-civilAffairs', departmentCode: callers.civilAffairs, matterCode: matter, caseNo: '2026-1', operator: 'MZ-0317', operatorVerified: false, items: expect.arrayContaining(['ZZ-0104', 'ZZ-0123']) };
    for (const caller of ['police', 'authority', 'steward'] as const) {
      const { nodes } = await told(caller, { id: card.id });
      expect([nodes.length, nodes[0]]).toEqual([before + 1, use]);
    }
    // Of one holder's certificates the issuer is told of his own.
    expect((await told('civilAffairs', { id: card.id })).nodes).toEqual([]);
    const own = (await told('civilSteward')).nodes.map(({ certificateIdentifier }) => certificateIdentifier);
    expect([own[0], own.includes(card.id)]).toEqual([marriage.id, false]);
    expect((await told('police')).nodes[0]).toEqual(use);
    // A copy that is made is told of as such, and an answer without certificates not at all.
    const made = (await told('authority')).nodes.length;
    await issued(card.id);
    await hub.ask('civilAffairs', 'query ($id: String!) { person(idNumber: $id) { name } }', { variables: { id: card.numbers[0] }, headers: errand });
    await read('1.2.156.3005.2.1110000000010001X0001116206230139480018.0000000000.001.0');
    expect((await told('authority')).nodes).toHaveLength(made);
    expect(code(await hub.ask('stranger', document))).toBe('UNAUTHENTICATED');
    expect(code(await hub.ask('authority', document, { variables: { first: 0 } }))).toBe('PAGE_TOO_LARGE');
    expect(code(await hub.ask('authority', document, { variables: { after: 'x' } }))).toBe('CURSOR_UNKNOWN');
    const paged: unknown[] = [];
    for (let after: string | null = null; ;) {
      const page = await told('authority', { first: 2, after });
      paged.push(...page.nodes);
      if (!page.hasNextPage) break;
      after = page.endCursor;
    }
    expect(paged).toEqual((await told('authority')).nodes);
  });

  it('of a holder who is sealed are not told to the issuer', async () => {
    const card = cards![7]!;
    const document = 'query ($id: String) { certificateQueries(certificateIdentifier: $id) { nodes { consumer } } }';
    const told = async (caller: CallerName) => (await hub.ask(caller, document, { variables: { id: card.id } })).data['certificateQueries']?.['nodes'] as unknown as readonly unknown[];
    await hub.ask('civilAffairs', 'query ($id: String!) { certificate(certificateIdentifier: $id) { status } }', { variables: { id: card.id }, headers: errand });
    const before = (await told('police')).length;
    await decided(hub, 'mutation ($id: String!) { seal(code: "S-USE", idNumber: $id, because: "证人保护") }', { id: card.numbers[0] });
    expect([before > 0, await told('police'), (await told('authority')).length]).toEqual([true, [], before]);
    await decided(hub, 'mutation { unseal(code: "S-USE") }');
  });

  it('are written down with the certificates of an answer only, in the chain that nothing can be taken out of', async () => {
    const certificates = async () => (await hub.database.sql<{ ids: string | null }[]>`select certificates as ids from audit_record where outcome = 'OK' and at = ${clock.toISOString()}`)[0]?.ids;
    clock = new Date('2026-11-24T02:30:00.000Z');
    const { sql } = await hub.ask('civilAffairs', 'query ($id: String!) { legalEntity(uscc: $id) { name } }', { variables: { id: licences![0]!.numbers[0] }, headers: errand });
    expect([await certificates(), sql.some((text) => text.includes("'#'"))]).toEqual([null, false]);
    clock = new Date('2026-11-24T02:31:00.000Z');
    const both = [cards![7]!.id, marriages![0]!.id];
    await hub.ask('civilAffairs', 'query ($a: String!, $b: String!) { a: certificate(certificateIdentifier: $a) { status } b: certificate(certificateIdentifier: $b) { status } again: certificate(certificateIdentifier: $a) { status } }', { variables: { a: both[0], b: both[1] }, headers: errand });
    const ids = (await certificates())?.split(' ') ?? [];
    const held = await hub.database.sql<{ id: string }[]>`select id::text from certificate where certificate_identifier = any(${both})`;
    expect([...ids].sort()).toEqual(held.map(({ id }) => id).sort());
  });
});

describe('copies whose certificate has fallen', () => {
  it('are told of to whom they were given, at first and as it happens, and checking says so at once', async () => {
    const [, second] = marriages!;
    const page = async (after: string | null = null, caller: CallerName = 'civilAffairs', first = 200) => {
      const answer = await hub.ask(caller, revoked, { variables: { after, first } });
      expect(answer.errors).toEqual([]);
      return answer.data['revokedCopies'] as unknown as { readonly nodes: readonly { readonly copyId: string; readonly since: string | null }[]; readonly endCursor: string; readonly hasNextPage: boolean };
    };
    const [one, two] = [await issued(second!.id), await issued(second!.id)];
    const gone = await issued(marriages![2]!.id);
    const before = await page();
    expect(before.nodes).toEqual([]);
    expect((await page(before.endCursor)).nodes).toEqual([]);
    clock = new Date('2026-11-25T02:00:00.000Z');
    await tell(second!, { status: '04' });
    const after = await page(before.endCursor);
    expect(after.nodes.map(({ copyId, since }) => [copyId, since]).sort()).toEqual([one, two].map(({ id }) => [id, '2026-11-25']).sort());
    expect(await checked(second!.id, one.code)).toMatchObject({ verdict: 'CERTIFICATE_NOT_VALID', since: '2026-11-25' });
    expect((await page(after.endCursor)).nodes).toEqual([]);
    // One that is deleted at its source.
    await tell(marriages![2]!, {}, true);
    expect((await page(after.endCursor)).nodes.map(({ copyId }) => copyId)).toEqual([gone.id]);
    expect((await checked(marriages![2]!.id, gone.code)).verdict).toBe('CERTIFICATE_NOT_VALID');
    // Whoever begins anew is told of all that stand so, page by page.
    const told: string[] = [];
    for (let from: string | null = null; ;) {
      const next = await page(from, 'civilAffairs', 1);
      told.push(...next.nodes.map(({ copyId }) => copyId));
      if (!next.hasNextPage) break;
      from = next.endCursor;
    }
    expect(told).toEqual(expect.arrayContaining([one.id, two.id, gone.id]));
    expect((await page(null, 'market')).nodes).toEqual([]);
    // Copies that have expired are nobody's news.
    clock = new Date('2026-12-24T02:00:00.000Z');
    expect((await page()).nodes).toEqual([]);
    expect(code(await hub.ask('civilAffairs', revoked, { variables: { after: 'x' } }))).toBe('BAD_INPUT');
  });
});
