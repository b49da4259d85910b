/**
 * 食品经营许可, from the window's first day to the end of a case: 天祝雪域食品有限公司 opens a shop in the 学勤 community. Its licence, its
 * principal, its premises, its certificates and its record of food safety stand in five libraries.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clonedHub } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';
import { registerApplications } from './departments.ts';
import { penalty, tell, told, town } from './town.ts';
import { byStatus, Window } from './window.ts';
import type { Looked } from './window.ts';

let hub: TestHub;
let window: Window;
let [first, last] = [] as unknown as [Looked, Looked];
const subjects = [{ role: 'company', uscc: town.company }, { role: 'principal', idNumber: town.wife }, { role: 'premises', key: town.address }];
const parties = subjects.slice(0, 2);
const claims = { principalName: '卓玛' };

beforeAll(async () => {
  hub = await clonedHub();
  await registerApplications(hub);
  await Window.stewards(hub);
  await hub.ask('security', 'mutation { createList(code: "L-0", name: "空") }');
  await tell(hub, [...told, penalty(town.company, '食品安全违法', ['警告'])]);
  window = new Window(hub, '620623-SC-SP', '食许-2026-18');
}, 120_000);
afterAll(() => hub?.close());

it('before anything was granted, what is personal is withheld, and the clerk is told what to apply for', async () => {
  await window.opens(parties);
  const looked = await window.looks(subjects, claims);
  const withheld = looked.facts.filter(({ status }) => status === 'WITHHELD');
  expect(withheld.map(({ code }) => code)).toEqual(expect.arrayContaining(['principalAlive', 'licenceCertificate', 'principalNotBarred']));
  for (const { because } of withheld) expect(because).toMatch(/[A-Z]{2}-\d{4}/);
  // What is public of a company takes no grant.
  expect(byStatus(looked)['HELD']).toBe('licence premises');
});

it('the window applies for what it lacks, and the police, the credit and the certificates\' offices grant it', async () => {
  const application = await window.obtains('《中华人民共和国食品安全法》第三十五条');
  expect(application).toMatchObject({ state: 'ACTIVE', reviewedBy: ['620623-FG', '620623-GA', '620623-ZS'] });
  expect(await window.lacks()).toEqual([]);
});

it('one look-up over five libraries: a warning two years ago is answered, and no paper asks for it', async () => {
  first = await window.looks(subjects, claims);
  expect(byStatus(first)).toEqual({
    MATCH: 'principalIdentity principalOfCompany', HELD: 'licence licenceCertificate premises', TRUE: 'principalAlive open premisesInUse notBarred principalNotBarred', FALSE: 'noFoodPenalty', PENDING: 'healthCertificate',
  });
  expect(new Set(first.facts.flatMap(({ departmentCodes }) => departmentCodes))).toEqual(new Set(['620623-GA', '620623-SC', '620623-ZS', '620623-ZJ', '620623-FG', '620623-WJ']));
  expect(first.papers).toMatchObject({ pending: ['从业人员健康证明'], toBring: [], saved: ['负责人居民身份证', '任职证明', '营业执照', '经营场所使用证明', '守法经营承诺书'] });
});

it('the health office looks into its book and answers', async () => {
  expect(await window.onDeskOf('620623-WJ')).toMatchObject([{ fact: 'healthCertificate', subject: town.wife }]);
  await window.answers('620623-WJ', 'healthCertificate', 'HELD', '健康证明有效期至2027-06-30');
  last = await window.looks(subjects, claims);
  expect(last.facts.find(({ code }) => code === 'healthCertificate')).toMatchObject({ status: 'HELD', because: '健康证明有效期至2027-06-30' });
  expect(last.papers).toMatchObject({ pending: [], toBring: [] });
});

it('the receipt is proof later: it verifies offline, and not with another answer', async () => {
  const { genuine, assertion } = await window.receiptOf(last);
  expect([genuine, assertion]).toEqual([true, expect.objectContaining({ matter: '620623-SC-SP', caseNo: '食许-2026-18', department: '620623-SC' })]);
  expect((await window.receiptOf({ ...last, answer: first.answer })).genuine).toBe(false);
});

it('the case is closed, and nobody looks up under it any more', async () => {
  await window.closes();
  expect(await window.refused(subjects)).toBe('CASE_NOT_OPEN');
});
