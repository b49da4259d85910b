/**
 * Credit records of synthetic people and bodies: permits, penalties, listings, commitments, repairs, grades.
 *
 * No minor has a record, and no natural person a grade (domain.md §2.5). A repair always names a penalty or listing that exists.
 */
import type { ClaimBook } from './claims.ts';
import { ageOn, dateOf, yearsAfter } from './days.ts';
import type { Body } from './legal-entities.ts';
import { organ, sourceOf } from './organs.ts';
import type { Department } from './organs.ts';
import { present } from './people.ts';
import type { Home, Member } from './people.ts';
import type { County } from './places.ts';
import { Random } from './random.ts';
import { lot } from './working-life.ts';

/** Who a credit record is about, and how many there are already. */
interface Subject {
  readonly county: County;
  /** Begins every record number of the subject. */
  readonly serial: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly random: Random;
  readonly since: number;
  readonly until: number;
  count: number;
}

/** Credit records of the grown members of a household. About a third of them have three or more. */
export function personalCredit(book: ClaimBook, home: Home, today: number): void {
  for (const member of home.members) {
    if (!present(member) || ageOn(member.birth, today) < 18) continue;
    const drawn = lot(home, member, 30);
    const subject = personOf(home, member, today);
    if (subject.until - subject.since < 40) continue;
    const commitments = drawn < 32 ? 2 : drawn < 60 ? 1 : 0;
    for (let i = 0; i < commitments; i += 1) commitment(book, subject, today);
    if (drawn < 30 || drawn > 92) permit(book, subject, ['ZR', '乡村建设规划许可', '乡村建设规划许可证', '农村村民住宅建设'], today);
    if (drawn % 9 === 0) penalty(book, subject, ['GA', '道路交通违法', '驾驶机动车违反道路交通信号灯通行', '《道路交通安全法》第九十条'], today);
    if (drawn === 77) listing(book, subject, '失信被执行人', 'FY', today);
  }
}

/** Credit records of a firm, a sole trader or a cooperative. */
export function bodyCredit(book: ClaimBook, body: Body, today: number): void {
  const random = new Random(`credit/${body.uscc}`);
  const subject: Subject = {
    county: body.county, serial: body.uscc.slice(8), random, since: body.established, until: (body.ended ?? today) - 1, count: 0,
    fields: { counterpartyType: body.category === '92' ? '04' : '02', counterpartyName: body.name, counterpartyUscc: body.uscc },
  };
  if (subject.until - subject.since < 40) return;
  permit(book, subject, ['SC', '食品经营许可', '食品经营许可证', body.scope], today);
  if (random.chance(0.4)) permit(book, subject, ['JT', '道路货物运输经营许可', '道路运输经营许可证', '普通货运'], today);
  if (random.chance(0.3)) commitment(book, subject, today);
  if (random.chance(0.14)) penalty(book, subject, ['SC', '食品安全违法', '经营超过保质期的食品', '《食品安全法》第一百二十四条'], today);
  if (random.chance(0.06)) listing(book, subject, random.pick(['经营异常名录', '严重失信主体名单', '拖欠农民工工资']), 'SC', today);
  if (random.chance(0.04)) listing(book, subject, '守信激励', 'FG', today);
  grades(book, subject, body, today);
}

function personOf(home: Home, member: Member, today: number): Subject {
  return {
    county: home.village.township.county, serial: `${String(home.index + 1).padStart(8, '0')}${member.no}`, random: new Random(`credit/${member.idNumber}`),
    since: Math.max(yearsAfter(member.birth, 18), today - 2500), until: today - 1, count: 0,
    fields: { counterpartyType: '01', counterpartyPersonName: member.name, counterpartyIdNumber: member.idNumber },
  };
}

/** The number of the subject's next record. */
function nextNo(kind: string, subject: Subject): string {
  subject.count += 1;
  return `${kind}${subject.county.code}${subject.serial}${String(subject.count).padStart(2, '0')}`;
}

function supplied({ county }: Subject, department: Department): Readonly<Record<string, string>> {
  const { name, uscc } = organ(county, department);
  return { sourceDepartmentName: name, sourceDepartmentCode: uscc };
}

/** The representative's columns are for bodies; people have none. */
function permit(book: ClaimBook, subject: Subject, [department, decisionName, certificateName, content]: readonly [Department, string, string, string], today: number): void {
  const { county, random } = subject;
  const authority = organ(county, department);
  const recordNo = nextNo('XK', subject);
  const decided = random.int(subject.since, subject.until);
  const until = yearsAfter(decided, 5);
  const day = dateOf(decided);
  book.add('CreditPermit', sourceOf(county, 'FG'), recordNo, {
    recordNo, ...subject.fields, decisionNo: `天许字〔${day.slice(0, 4)}〕${recordNo.slice(-6)}号`, decisionName: `${decisionName}决定书`, permitCategory: '01',
    certificateName, permitNo: `XKZ${recordNo.slice(2)}`, content, decidedOn: day, validFrom: day, validTo: dateOf(until), authorityName: authority.name,
    authorityCode: authority.uscc, status: until < today ? '无效' : '有效', ...supplied(subject, department), remark: '合成数据',
  }, day);
}

function commitment(book: ClaimBook, subject: Subject, today: number): void {
  const { county, random } = subject;
  const department = random.pick(['MZ', 'RS', 'SC', 'ZR'] as const);
  const receiver = organ(county, department);
  const recordNo = nextNo('CN', subject);
  const made = random.int(subject.since, subject.until);
  const done = made + random.int(10, 200);
  const kept = done < today;
  book.add('CreditCommitment', sourceOf(county, 'FG'), recordNo, {
    recordNo, ...subject.fields, kind: random.pick(['证明事项告知', '容缺受理型', '审批替代型', '主动公示型']), matterName: random.pick(['社会救助申请', '社会保险待遇领取', '登记事项办理']),
    content: '承诺所提供的情况真实、完整、准确', breachLiability: '自愿承担违诺责任', committedOn: dateOf(made), validTo: dateOf(yearsAfter(made, 3)),
    receivedByName: receiver.name, receivedByCode: receiver.uscc, fulfilment: kept ? (random.chance(0.04) ? '未履行' : '已履行') : '履行中',
    fulfilmentConfirmedOn: kept ? dateOf(done) : undefined, ...supplied(subject, department),
  }, dateOf(made));
}

function penalty(book: ClaimBook, subject: Subject, [department, offenceKind, offenceFacts, penaltyBasis]: readonly [Department, string, string, string], today: number): void {
  const { county, random } = subject;
  const authority = organ(county, department);
  const recordNo = nextNo('CF', subject);
  const decided = random.int(subject.since, subject.until);
  const day = dateOf(decided);
  const repaired = decided + 200 < today && random.chance(0.4) ? random.int(decided + 120, today - 30) : undefined;
  const personal = department === 'GA';
  const fine = personal ? '0.02' : `${random.int(1, 20) / 10}`;
  book.add('CreditPenalty', sourceOf(county, 'FG'), recordNo, {
    recordNo, ...subject.fields, decisionNo: `天罚字〔${day.slice(0, 4)}〕${recordNo.slice(-6)}号`, offenceKind, offenceFacts, penaltyBasis,
    penaltyKinds: personal ? ['罚款'] : ['警告', '罚款'], procedure: personal ? '01' : '02', content: `罚款${fine}万元`, fineAmount: fine, decidedOn: day,
    publicUntil: dateOf(yearsAfter(decided, 1)), authorityName: authority.name, authorityCode: authority.uscc, publicStatus: '公示中',
    ...supplied(subject, department), remark: '合成数据',
  }, day);
  if (repaired === undefined) return;
  book.add('CreditPenalty', sourceOf(county, 'FG'), recordNo, { recordNo, publicStatus: '终止公示', withdrawnReason: '信用修复' }, dateOf(repaired), { round: 1 });
  repair(book, subject, repaired, { targetKind: '行政处罚', penaltyRecordNo: recordNo, severity: '一般', method: '终止公示', publicityEndedOn: dateOf(repaired), sharingStoppedOn: dateOf(repaired) });
}

function listing(book: ClaimBook, subject: Subject, kind: string, department: Department, today: number): void {
  const { county, random } = subject;
  const court = organ(county, department);
  const recordNo = nextNo('MD', subject);
  const listed = random.int(subject.since, subject.until);
  const removed = listed + 400 < today && random.chance(0.5) ? random.int(listed + 200, today - 30) : undefined;
  const day = dateOf(listed);
  book.add('CreditListing', sourceOf(county, 'FG'), recordNo, {
    recordNo, ...subject.fields, kind, basis: kind === '失信被执行人' ? '《关于公布失信被执行人名单信息的若干规定》' : '《信用信息管理办法》', reason: kind === '守信激励' ? '纳税信用良好' : '未按规定履行义务',
    decisionNo: `天列字〔${day.slice(0, 4)}〕${recordNo.slice(-6)}号`, listedOn: day, listingOrganName: court.name, listingOrganCode: court.uscc,
    expectedExitOn: dateOf(yearsAfter(listed, 2)), status: '在列', executionCaseNo: kind === '失信被执行人' ? `(${day.slice(0, 4)})甘0623执${recordNo.slice(-5)}号` : undefined,
    executionState: kind === '失信被执行人' ? '全部未履行' : undefined, ...supplied(subject, department),
  }, day);
  if (removed === undefined) return;
  book.add('CreditListing', sourceOf(county, 'FG'), recordNo, { recordNo, status: '移出', removedOn: dateOf(removed), removalReason: '已履行义务', removalOrganName: court.name }, dateOf(removed), { round: 1 });
  if (kind === '守信激励' || kind === '拖欠农民工工资') return;
  repair(book, subject, removed, { targetKind: kind, listingRecordNo: recordNo, severity: kind === '严重失信主体名单' ? '严重' : '一般', method: '移出名单', publicityEndedOn: dateOf(removed) });
}

function repair(book: ClaimBook, subject: Subject, decided: number, target: Readonly<Record<string, unknown>>): void {
  const recordNo = nextNo('XF', subject);
  const authority = organ(subject.county, 'FG');
  book.add('CreditRepair', sourceOf(subject.county, 'FG'), recordNo, {
    recordNo, ...subject.fields, ...target, appliedOn: dateOf(decided - 20), acceptedOn: dateOf(decided - 18), decidedOn: dateOf(decided), result: '准予',
    organName: authority.name, organCode: authority.uscc, ...supplied(subject, 'FG'),
  }, dateOf(decided));
}

function grades(book: ClaimBook, subject: Subject, body: Body, today: number): void {
  const { county, random } = subject;
  const fields = { counterpartyName: body.name, counterpartyUscc: body.uscc };
  const tell = (department: Department, scheme: string, grade: string, score: number): void => {
    const recordNo = nextNo('PJ', subject);
    const day = Math.max(body.established + 1, today - random.int(40, 360));
    const evaluator = organ(county, department);
    book.add('CreditGrade', sourceOf(county, department), recordNo, {
      recordNo, ...fields, scheme, grade, score: score.toFixed(2), evaluatedOn: dateOf(day), validFrom: dateOf(day), validTo: dateOf(yearsAfter(day, 1)),
      evaluatorName: evaluator.name, evaluatorCode: evaluator.uscc,
    }, dateOf(day));
  };
  if (body.ended !== undefined) return;
  if (random.chance(0.8)) tell('SW', '纳税信用', random.weighted([['A', 15], ['B', 45], ['M', 30], ['C', 7], ['D', 3]]), random.int(55, 98));
  if (random.chance(0.5)) tell('FG', '公共信用综合评价', random.weighted([['优', 25], ['良', 50], ['中', 20], ['差', 5]]), random.int(500, 950));
}
