/**
 * 出生一件事, from the window's first day to the end of a case: 梅朵 was born to 卓玛 and 才让. Nobody brings a paper.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { idNumberWithCheck } from '../../../src/registries/identifiers/index.ts';
import { clonedHub } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';
import { registerApplications } from './departments.ts';
import { tell, told, town } from './town.ts';
import { byStatus, Window } from './window.ts';
import type { Looked } from './window.ts';

let hub: TestHub;
let window: Window;
let [before, after] = [] as unknown as [Looked, Looked];
const parents = [{ role: 'mother', idNumber: town.wife }, { role: 'father', idNumber: town.husband }];
const subjects = [...parents, { role: 'birth', key: town.birth }];
const claims = { motherName: '卓玛', fatherName: '才让', childName: '梅朵', birthDate: '2026-11-01' };
/** The number that the police will give the child. */
const child = idNumberWithCheck('62062320261101942');

beforeAll(async () => {
  hub = await clonedHub();
  await registerApplications(hub);
  await Window.stewards(hub);
  // Takes what was registered.
  await hub.ask('security', 'mutation { createList(code: "L-0", name: "空") }');
  await tell(hub, told);
  window = new Window(hub, '620623-WJ-CS', '出生-2026-1');
}, 120_000);
afterAll(() => hub?.close());

it('the window lacks what it needs of other departments, applies for it, and each of them grants its own', async () => {
  expect(await window.lacks()).toEqual(expect.arrayContaining(['RK-0303', 'RK-0806', 'ZZ-0102']));
  const application = await window.obtains('《中华人民共和国户口登记条例》第七条');
  expect(application).toMatchObject({ state: 'ACTIVE', reviewedBy: ['620623-GA', '620623-MZ', '620623-YB', '620623-ZS'] });
  expect(await window.lacks()).toEqual([]);
});

it('a case is opened for the parents, and one look-up answers what five papers said before', async () => {
  await window.opens(parents);
  before = await window.looks(subjects, claims);
  expect(byStatus(before)).toEqual({
    MATCH: 'motherIdentity fatherIdentity married childAsWritten parentsAsWritten', HELD: 'marriageCertificate birthCertificate household address', TRUE: 'motherInsured', PENDING: 'registration socialCard',
  });
  expect(before.papers).toEqual({ asked: ['父母居民身份证', '结婚证', '出生医学证明', '居民户口簿', '居住证明', '医疗保险参保凭证'], saved: ['父母居民身份证', '结婚证', '出生医学证明', '居民户口簿', '居住证明', '医疗保险参保凭证'], pending: [], toBring: [] });
  expect(before.facts.find(({ code }) => code === 'birthCertificate')?.value).toMatchObject({ certNo: town.birth, childName: '梅朵', birthDate: '2026-11-01' });
  expect(before.facts.find(({ code }) => code === 'marriageCertificate')?.certificateIdentifier).toMatch(/^1\.2\.156\.3005\.2\./);
});

it('the police registers the child and says so; 人社 issues the card', async () => {
  expect(await window.onDeskOf('620623-GA')).toMatchObject([{ fact: 'registration', name: '新生儿户口登记', subject: town.wife, caseNo: '出生-2026-1' }]);
  await tell(hub, [
    { type: 'Person', source: '620623-GA', key: child, values: { idNumber: child, name: '梅朵', birthDate: '2026-11-01', householdNo: 'H-99', registeredDivisionCode: town.village, personStatus: '在籍' } },
    { type: 'Kinship', source: '620623-GA', key: `${town.wife}-${child}`, values: { subjectIdNumber: town.wife, relativeIdNumber: child, relativeName: '梅朵', relationCode: '30', basis: '出生医学证明', validFrom: '2026-11-01' } },
  ]);
  await window.answers('620623-GA', 'registration', 'TRUE', '已于华藏寺派出所落户');
  await window.answers('620623-RS', 'socialCard', 'HELD', '社保卡已制卡');
});

it('the child has a number now: the same case covers her, and nothing is open any more', async () => {
  await window.opens(parents);
  after = await window.looks([...subjects, { role: 'child', idNumber: child }], claims);
  expect(byStatus(after)).toEqual({
    MATCH: 'motherIdentity fatherIdentity married childAsWritten parentsAsWritten', HELD: 'marriageCertificate birthCertificate household address socialCard', TRUE: 'motherInsured registration childRegistered childNotInsured',
  });
  expect(after.facts.find(({ code }) => code === 'registration')).toMatchObject({ because: '已于华藏寺派出所落户', departmentCodes: ['620623-GA'] });
});

it('the case file holds receipts in the place of papers: each says what was asserted, and can be checked without the hub', async () => {
  for (const looked of [before, after]) {
    const { genuine, assertion } = await window.receiptOf(looked);
    expect([genuine, assertion]).toEqual([true, expect.objectContaining({ matter: '620623-WJ-CS', version: 1, caseNo: '出生-2026-1', operator: 'said:clerk-7', department: '620623-WJ' })]);
    for (const secret of [town.wife, town.husband, '梅朵', '卓玛']) expect(looked.receipt.document).not.toContain(secret);
  }
  expect((await window.receiptOf({ ...after, answer: before.answer })).genuine).toBe(false);
});

it('the case is closed, and nobody looks up under it any more', async () => {
  await window.closes();
  expect(await window.refused(subjects)).toBe('CASE_NOT_OPEN');
});
