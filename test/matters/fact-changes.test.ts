/**
 * Whoever handles a matter is told when a fact that he used has changed: a death, a revoked licence, another address; and when a desk has
 * answered. Of nobody else, of nothing else, and no longer than it concerns him.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgetUsed } from '../../src/receipts/used.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { decided, grantTo } from '../world/grants.ts';
import { besideHub, clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { definitions, grantEverything, handlerOf, registerApplications } from './errands/departments.ts';
import type { Application } from './errands/departments.ts';
import { registerOther } from '../world/callers.ts';
import { otherwise, penalty, tell, told, town } from './errands/town.ts';
import type { Told } from './errands/town.ts';

const [allowance, food] = ['620623-MZ-GL', '620623-SC-SP'];
const { grandmother, husband, wife, hermit, company } = town;
let clock = new Date('2026-11-24T02:01:00.000Z');
let hub: TestHub;
/** The applications of departments, and another one of the market office. */
type Who = Application | 'other-market';
let beside: TestHub;

interface Change {
  readonly kind: string;
  readonly caseNo: string | null;
  readonly role: string | null;
  readonly index: number | null;
  readonly receiptId: string | null;
  readonly requestId: string | null;
  readonly facts: readonly string[];
  readonly fields: readonly string[];
  readonly deskRequestId: string | null;
}
interface Page {
  readonly endCursor: string;
  readonly hasNextPage: boolean;
  readonly entries: readonly Change[];
}

const document = 'query ($after: String) { factChanges(after: $after) { endCursor hasNextPage entries { kind caseNo role index receiptId requestId facts fields deskRequestId } } }';
const asked = (who: Who, matter: string, after: string | null, at = hub) => at.ask(who, document, { variables: { after }, headers: { 'hub-matter': matter } });
const pageOf = async (who: Who, matter: string, after: string | null, at = hub): Promise<Page> => {
  const answer = await asked(who, matter, after, at);
  expect(answer.errors).toEqual([]);
  return (answer.data as unknown as { factChanges: Page }).factChanges;
};

/** An application that follows the facts of its matter. */
class Follower {
  readonly #who: Who;
  readonly #matter: string;
  after: string | null = null;

  constructor(matter: string, who: Who = handlerOf(matter)) {
    [this.#who, this.#matter] = [who, matter];
  }
  async begins(): Promise<this> {
    await this.hears();
    return this;
  }
  async hears(): Promise<readonly Change[]> {
    const heard: Change[] = [];
    for (;;) {
      const { entries, endCursor, hasNextPage } = await pageOf(this.#who, this.#matter, this.after);
      heard.push(...entries);
      this.after = endCursor;
      if (!hasNextPage) return heard;
    }
  }
}

const later = (): string => {
  clock = new Date(clock.getTime() + 1000);
  return clock.toISOString();
};
const departmentTells = (...all: readonly (Told & { readonly deleted?: true })[]) => tell(hub, all, later());
const itemsOf = (...fields: readonly string[]): readonly string[] => fields.flatMap((at) => {
  const [type = '', name = ''] = at.split('.');
  const own = hub.schema.contract.types.get(type);
  return name === '' ? own?.existsItem ?? [] : own?.fields.get(name)?.items ?? [];
});
async function mayFollow(who: Who, approvalNo: string, matter: string, items: readonly string[], more: object = {}): Promise<void> {
  const { errors } = await grantTo(hub, `test-${who}`, approvalNo, [...new Set(items)].map((item) => ({ item, uses: ['VERIFY', 'EXIST'], modes: ['SUBSCRIBE'], matters: [matter], ...more })));
  expect(errors).toEqual([]);
}
let cases = 0;
/** The clerk opens a case and looks up once. */
async function looks(matter: string, subjects: readonly { readonly role: string; readonly idNumber?: string; readonly uscc?: string; readonly key?: string }[], claims: readonly object[] = []) {
  cases += 1;
  later();
  const [clerk, caseNo] = [handlerOf(matter), `F-${cases}`];
  const opened = await hub.ask(clerk, 'mutation ($matter: String!, $caseNo: String!, $subjects: [SubjectInput!]!) { openCase(matter: $matter, caseNo: $caseNo, subjects: $subjects) { caseNo } }', {
    variables: { matter, caseNo, subjects: subjects.filter(({ key }) => key === undefined).map(({ idNumber, uscc }) => ({ idNumber, uscc })) }, headers: { 'hub-matter': matter },
  });
  expect(opened.errors).toEqual([]);
  const answer = await hub.ask(clerk, 'query ($subjects: [LookupSubjectInput!]!, $claims: [LookupClaimInput!]!) { lookup(subjects: $subjects, claims: $claims) { facts { code status } receipt { id } } }', { variables: { subjects, claims }, headers: { 'hub-matter': matter, 'hub-case': caseNo } });
  expect(answer.errors).toEqual([]);
  const { facts, receipt } = answer.data['lookup'] as unknown as { facts: readonly { code: string; status: string }[]; receipt: { id: string } };
  return { caseNo, receiptId: receipt.id, statuses: Object.fromEntries(facts.map(({ code, status }) => [code, status])), statements: answer.statements };
}
const closes = (matter: string, caseNo: string) => hub.ask(handlerOf(matter), 'mutation ($matter: String!, $caseNo: String!) { closeCase(matter: $matter, caseNo: $caseNo) { caseNo } }', { variables: { matter, caseNo }, headers: { 'hub-matter': matter } });
const old = (idNumber: string) => looks(allowance, [{ role: 'applicant', idNumber }]);
const shop = () => looks(food, [{ role: 'company', uscc: company }, { role: 'principal', idNumber: wife }, { role: 'premises', key: town.address }], [{ name: 'principalName', value: '卓玛' }]);
const dies = (idNumber: string) => departmentTells(otherwise('Person', idNumber, { personStatus: '死亡', deathDate: '2026-11-23' }));
const lives = (idNumber: string) => departmentTells(otherwise('Person', idNumber, {}));

beforeAll(async () => {
  hub = await clonedHub({ now: () => clock, audited: true });
  await registerApplications(hub);
  await registerOther(hub.database, 'other-market', '620623-SC', null);
  for (const application of ['civilAffairs', 'market'] as const) await grantEverything(hub, application);
  await tell(hub, told);
  // As seeded the allowance is followed beyond its case; most of these tests are about one that is not.
  await hub.database.sql`update matter_version set definition = (definition::jsonb - 'followedDays')::json where matter_code = ${allowance}`;
  // Another process, which took what was decided until now.
  await mayFollow('civilAffairs', 'F-GL', allowance, itemsOf('Person.deathDate', 'Person.personStatus', 'Person.residenceAddress'));
  for (const who of ['market', 'other-market'] as const) await mayFollow(who, `F-SP-${who}`, food, itemsOf('Person.deathDate', 'Certificate', 'Certificate.status', 'CreditPenalty', 'CreditPenalty.offenceKind'));
  beside = await besideHub(hub, { now: () => clock });
}, 120_000);
afterAll(async () => {
  await beside?.close();
  await hub?.close();
});

describe('what was used has changed', () => {
  test('somebody dies whose allowance was decided on being alive: his department is told, of which fact and which look-up, and no value', async () => {
    const follower = await new Follower(allowance).begins();
    const look = await old(grandmother);
    expect([look.statuses['alive'], look.statements, await follower.hears()]).toEqual(['TRUE', 1, []]);
    const before = follower.after;
    await dies(grandmother);
    const entry = { kind: 'CHANGED', caseNo: look.caseNo, role: 'applicant', index: 0, receiptId: look.receiptId, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), facts: ['alive'], fields: ['Person.deathDate', 'Person.personStatus'], deskRequestId: null };
    const answer = await asked('civilAffairs', allowance, before);
    expect(answer.data['factChanges']?.['entries']).toEqual([entry]);
    expect(answer.text).not.toMatch(new RegExp(`${grandmother}|2026-11-23|央金|死亡`));
    // A page that is read twice says the same, and so does another process.
    expect(await follower.hears()).toEqual([entry]);
    expect((await pageOf('civilAffairs', allowance, before, beside)).entries).toEqual([entry]);
    expect(await follower.hears()).toEqual([]);
    await lives(grandmother);
    expect((await follower.hears()).map(({ facts }) => facts)).toEqual([['alive']]);
    await closes(allowance, look.caseNo);
  });

  test('he moves: the fact of where he lives, and nothing else; what is written and is as it was, or was not used, is not told', async () => {
    const follower = await new Follower(allowance).begins();
    const look = await old(grandmother);
    await departmentTells(otherwise('Person', grandmother, { phone: '13800000000' }));
    await departmentTells(otherwise('Person', grandmother, { phone: '13800000001' }));
    expect(await follower.hears()).toEqual([]);
    await departmentTells(otherwise('Person', grandmother, { residenceAddress: '学勤社区100号' }));
    expect((await follower.hears()).map(({ facts, fields }) => [facts, fields])).toEqual([[['village'], ['Person.residenceAddress']]]);
    await lives(grandmother);
    await closes(allowance, look.caseNo);
  });

  test('a licence is revoked after a food business was opened; it is fined; another kind of certificate concerns nobody', async () => {
    const [follower, other] = [await new Follower(food).begins(), await new Follower(food, 'other-market').begins()];
    const look = await shop();
    expect(look.statuses).toMatchObject({ licenceCertificate: 'HELD', principalNotBarred: 'TRUE', principalAlive: 'TRUE' });
    const fined = penalty(company, '食品安全违法', ['警告']);
    const licence = told.find(({ type, key }) => type === 'Certificate' && key === `营业执照 ${company}`)!;
    await departmentTells({ ...licence, values: { ...licence.values, status: '03' } });
    expect((await follower.hears()).map(({ role, facts, receiptId }) => [role, facts, receiptId])).toEqual([['company', ['licenceCertificate'], look.receiptId]]);
    await departmentTells({ ...licence, deleted: true });
    expect((await follower.hears()).map(({ facts, fields }) => [facts, fields])).toEqual([[['licenceCertificate'], ['Certificate', 'Certificate.status']]]);
    await departmentTells(licence, fined);
    expect((await follower.hears()).map(({ role, facts }) => [role, facts])).toEqual([['company', ['licenceCertificate']], ['company', ['noFoodPenalty', 'notBarred']]]);
    await departmentTells({ ...fined, deleted: true });
    expect((await follower.hears()).map(({ facts }) => facts)).toEqual([['noFoodPenalty', 'notBarred']]);
    await departmentTells({ ...told.find(({ key }) => key === `结婚证 ${husband}`)!, values: { ...told.find(({ key }) => key === `结婚证 ${husband}`)!.values, status: '03' } });
    expect([await follower.hears(), await other.hears()]).toEqual([[], []]);
    await closes(food, look.caseNo);
  });

  test('who only verified is told that it has changed, by his request', async () => {
    const follower = await new Follower(allowance).begins();
    later();
    const verified = await hub.ask('civilAffairs', 'query ($id: String!) { verify(subject: { idNumber: $id }, claims: [{ ready: ALIVE }, { field: "name", value: "桑吉" }]) { verdict } }', { variables: { id: hermit }, headers: { 'hub-matter': allowance, 'hub-case': await openedAbout(hermit) } });
    expect([verified.errors, verified.data['verify']]).toEqual([[], [{ verdict: 'MATCH' }, { verdict: 'MATCH' }]]);
    await dies(hermit);
    const heard = await follower.hears();
    expect(heard).toMatchObject([{ kind: 'CHANGED', role: null, receiptId: null, facts: [], fields: expect.arrayContaining(['Person.personStatus']) }]);
    expect(heard[0]?.fields).not.toContain('Person.name');
    expect(heard[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    await lives(hermit);
  });

  test('a desk answers: whoever asked is told, and nobody else', async () => {
    const [follower, other] = [await new Follower(food).begins(), await new Follower(food, 'other-market').begins()];
    const look = await shop();
    expect(look.statuses['healthCertificate']).toBe('PENDING');
    const open = await hub.ask('other-health', '{ deskRequests { id caseNo } }', { headers: { 'hub-matter': food } });
    const id = (open.data['deskRequests'] as unknown as readonly { id: string; caseNo: string }[]).find(({ caseNo }) => caseNo === look.caseNo)?.id;
    later();
    const answered = await hub.ask('other-health', 'mutation ($id: ID!) { answerFact(id: $id, verdict: HELD, words: "有效") { verdict } }', { variables: { id }, headers: { 'hub-matter': food } });
    expect(answered.errors).toEqual([]);
    expect(await follower.hears()).toMatchObject([{ kind: 'ANSWERED', caseNo: look.caseNo, role: 'principal', facts: ['healthCertificate'], deskRequestId: id }]);
    expect(await other.hears()).toEqual([]);
    await closes(food, look.caseNo);
  });
});

async function openedAbout(idNumber: string): Promise<string> {
  cases += 1;
  const opened = await hub.ask('civilAffairs', 'mutation ($matter: String!, $caseNo: String!, $id: String!) { openCase(matter: $matter, caseNo: $caseNo, subjects: [{ idNumber: $id }]) { caseNo } }', { variables: { matter: allowance, caseNo: `F-${cases}`, id: idNumber }, headers: { 'hub-matter': allowance } });
  expect(opened.errors).toEqual([]);
  return `F-${cases}`;
}

describe('nothing is told', () => {
  const quiet = async (look: () => Promise<{ readonly caseNo: string }>, between: () => Promise<unknown>, after: () => Promise<unknown> = async () => undefined): Promise<void> => {
    const follower = await new Follower(allowance).begins();
    const { caseNo } = await look();
    await between();
    await dies(grandmother);
    expect(await follower.hears()).toEqual([]);
    await after();
    await lives(grandmother);
    await follower.hears();
    await closes(allowance, caseNo);
  };

  test('of somebody whom he did not use, nor to whoever did not use him, nor of an item that he may not follow', async () => {
    const [mine, others] = [await new Follower(allowance).begins(), await new Follower(food).begins()];
    const { caseNo } = await old(grandmother);
    await dies(husband);
    await departmentTells(otherwise('Person', grandmother, { registeredDivisionCode: '620622100001' }));
    expect(await mine.hears()).toEqual([]);
    await dies(grandmother);
    expect([(await mine.hears()).length, await others.hears()]).toEqual([1, []]);
    await lives(husband);
    await lives(grandmother);
    await closes(allowance, caseNo);
  });

  test('of whom the look-up did not find', () => quiet(() => old(idNumberWithCheck('62062319400101002')), async () => undefined));

  test('after the case is closed', async () => {
    let caseNo = '';
    await quiet(async () => {
      const look = await old(grandmother);
      caseNo = look.caseNo;
      return look;
    }, () => closes(allowance, caseNo));
  });

  test('once it is forgotten', () => quiet(() => old(grandmother), async () => {
    const at = new Date(clock.getTime() + 31 * 86_400_000).toISOString();
    expect(await forgetUsed(hub.database.sql, at.slice(0, 10), at)).toBeGreaterThan(0);
    expect(await hub.database.sql`select 1 from used_subject`).toHaveLength(0);
  }));

  test('once he is sealed', () => quiet(() => old(grandmother), () => decided(hub, 'mutation ($id: String!) { seal(code: "S-F", idNumber: $id, because: "证人保护") }', { id: grandmother }), () => decided(hub, 'mutation { unseal(code: "S-F") }')));

  test('once the grant has ended; and what was used without one is not kept', async () => {
    await quiet(() => old(grandmother), () => decided(hub, 'mutation { endGrant(approvalNo: "F-GL") }'));
    await hub.database.sql`delete from used_subject`;
    await closes(allowance, (await old(grandmother)).caseNo);
    expect(await hub.database.sql`select 1 from used_subject`).toHaveLength(0);
  });

  test('of rows on which the grant does not hold', async () => {
    await mayFollow('civilAffairs', 'F-GL2', allowance, itemsOf('Person.deathDate', 'Person.personStatus'), { bounds: [{ division: { by: 'RESIDENCE', codes: ['620623101'] } }] });
    await quiet(() => old(grandmother), async () => undefined);
    await decided(hub, 'mutation { endGrant(approvalNo: "F-GL2") }');
  });
});

test('a matter that goes on, as the allowance does, is followed beyond its case', async () => {
  expect(definitions.get(allowance)?.followedDays).toBe(366);
  await mayFollow('civilAffairs', 'F-GL3', allowance, itemsOf('Person.deathDate', 'Person.personStatus'));
  await hub.database.sql`update matter_version set definition = (definition::jsonb || '{"followedDays": 366}')::json where matter_code = ${allowance}`;
  const other = await besideHub(hub, { now: () => clock, audited: true });
  const follower = await new Follower(allowance).begins();
  const caseNo = await openedAbout(grandmother);
  later();
  const looked = await other.ask('civilAffairs', 'query ($id: String!) { lookup(subjects: [{ role: "applicant", idNumber: $id }]) { receipt { id } } }', { variables: { id: grandmother }, headers: { 'hub-matter': allowance, 'hub-case': caseNo } });
  expect(looked.errors).toEqual([]);
  await closes(allowance, caseNo);
  await dies(grandmother);
  expect((await follower.hears()).map(({ caseNo: of, facts }) => [of, facts])).toEqual([[caseNo, ['alive']]]);
  await other.close();
});

test('the feed is for applications that name their matter, alone, and its cursor is its own', async () => {
  const code = async (answer: ReturnType<typeof asked>) => (await answer).errors[0]?.extensions['code'];
  expect(await code(hub.ask('steward', document))).toBe('FORBIDDEN');
  expect(await code(hub.ask('civilAffairs', document, { headers: { 'hub-matter': '' } }))).toBe('PURPOSE_REFUSED');
  expect(await code(hub.ask('civilAffairs', '{ factChanges { endCursor } legalEntity(uscc: "x") { name } }', { headers: { 'hub-matter': allowance } }))).toBe('BAD_INPUT');
  expect(await code(asked('civilAffairs', allowance, 'nowhere'))).toBe('BAD_INPUT');
});
