/**
 * Assistance, disability and insurance of synthetic people: 低保, 特困, 临时救助, allowances, disability certificates, social
 * and medical insurance. A household on assistance is so in every register.
 */
import type { ClaimBook } from './claims.ts';
import { ageOn, dateOf, yearOf, yearsAfter } from './days.ts';
import { householdNo } from './households.ts';
import type { Body } from './legal-entities.ts';
import { organ, sourceOf } from './organs.ts';
import { present } from './people.ts';
import type { Home, Member } from './people.ts';
import { lot, workOf } from './working-life.ts';

/** A disability as the federation certified it. */
export interface Disability {
  readonly certNo: string;
  readonly kind: string;
  readonly level: string;
  readonly issued: number;
  readonly until: number;
}

/** A household's 低保. */
export interface Allowance {
  readonly certNo: string;
  readonly from: number;
}

const kinds: readonly string[] = ['1', '2', '3', '4', '4', '4', '5', '6', '7'];

/** Somebody's disability, if any: about six in a hundred, most of them old. */
export function disabilityOf(home: Home, member: Member, today: number): Disability | undefined {
  const age = ageOn(member.birth, today);
  if (!present(member) || age < 3 || home.migrant || lot(home, member, 3) >= (age >= 60 ? 16 : age >= 40 ? 6 : 2)) return undefined;
  const kind = kinds[lot(home, member, 4) % kinds.length] ?? '4';
  const level = String(1 + (lot(home, member, 5) % 4));
  const issued = Math.max(member.birth + 700, today - 200 - lot(home, member, 6) * 30);
  return { certNo: `${member.idNumber}${kind}${level}`, kind, level, issued, until: yearsAfter(issued, 10) };
}

/** The household's 低保, if any. */
export function allowanceOf(home: Home, today: number): Allowance | undefined {
  if (home.migrant || lot(home, home.head, 7) >= (home.village.rural ? 11 : 5)) return undefined;
  return { certNo: `DB${home.village.township.county.code}${String(home.index + 1).padStart(8, '0')}`, from: today - 90 - lot(home, home.head, 8) * 12 };
}

/** Tells welfare, disability and insurance of one household; `employers` are those who pay wages nearby. */
export function support(book: ClaimBook, home: Home, employers: readonly Body[], today: number): void {
  const allowance = allowanceOf(home, today);
  if (allowance !== undefined) {
    grant(book, home, home.head, home.village.rural ? '农村低保' : '城市低保', allowance.from, today, {
      level: (['一类', '二类', '三类'] as const)[home.index % 3], certNo: allowance.certNo, householdNo: householdNo(home),
      coveredPersons: home.members.filter(present).length, monthlyAmount: String(260 + (home.index % 30) * 12),
    });
  }
  for (const member of home.members) {
    if (!present(member)) continue;
    const age = ageOn(member.birth, today);
    const disability = disabilityOf(home, member, today);
    if (disability !== undefined) disabled(book, home, member, disability, allowance !== undefined, today);
    if (!home.migrant && age >= 80) grant(book, home, member, '高龄津贴', yearsAfter(member.birth, 80), today, { monthlyAmount: age >= 90 ? '60' : '25' });
    if (!home.migrant && age >= 60 && home.members.length === 1 && allowance === undefined && lot(home, member, 9) < 25) {
      grant(book, home, member, '特困', Math.max(yearsAfter(member.birth, 60), today - 2500), today, { level: '分散供养', monthlyAmount: '720' });
    }
    if (!home.migrant && age >= 18 && lot(home, member, 10) < 2) {
      const from = today - 30 - lot(home, member, 11) * 9;
      grant(book, home, member, '临时救助', from, today, { monthlyAmount: '1500', validTo: dateOf(from + 30) });
    }
    insure(book, home, member, employers, allowance !== undefined, today);
  }
}

function grant(book: ClaimBook, home: Home, member: Member, kind: string, from: number, today: number, more: Readonly<Record<string, unknown>>): void {
  const { county } = home.village.township;
  const recordNo = `JZ${county.code}${String(home.index + 1).padStart(8, '0')}${member.no}${kind === '高龄津贴' ? 'G' : kind === '临时救助' ? 'L' : kind === '特困' ? 'T' : kind.endsWith('低保') ? 'D' : kind === '重度残疾人护理补贴' ? 'H' : 'S'}`;
  const { validTo } = more;
  book.add('WelfareRecord', sourceOf(county, 'MZ'), recordNo, {
    recordNo, idNumber: member.idNumber, name: member.name, kind, divisionCode: home.village.code, approvedOn: dateOf(from),
    approvalOrgan: organ(county, 'MZ').name, validFrom: dateOf(from), ...more,
    ...(typeof validTo === 'string' && validTo < dateOf(today) ? { status: '终止', endReason: '一次性救助已发放' } : { status: '在享' }),
  }, dateOf(from));
}

function disabled(book: ClaimBook, home: Home, member: Member, { certNo, kind, level, issued, until }: Disability, poor: boolean, today: number): void {
  const { county } = home.village.township;
  const guardian = ageOn(member.birth, today) < 18 || kind === '5' || kind === '6' ? home.members.find((other) => other !== member && present(other) && ageOn(other.birth, today) >= 18) : undefined;
  const federation = organ(county, 'CL').name;
  book.add('DisabilityRecord', sourceOf(county, 'CL'), certNo, {
    certNo, idNumber: member.idNumber, name: member.name, kindCode: kind, levelCode: level, guardianName: guardian?.name, guardianIdNumber: guardian?.idNumber,
    assessedOn: dateOf(issued - 20), assessor: `${county.name}人民医院`, issuer: federation, issuedOn: dateOf(issued), validTo: dateOf(until), status: '有效',
  }, dateOf(issued));
  if (poor) grant(book, home, member, '困难残疾人生活补贴', issued + 15, today, { monthlyAmount: '110' });
  if (level === '1' || level === '2') grant(book, home, member, '重度残疾人护理补贴', issued + 15, today, { monthlyAmount: '110' });
}

function insure(book: ClaimBook, home: Home, member: Member, employers: readonly Body[], poor: boolean, today: number): void {
  const { county } = home.village.township;
  const age = ageOn(member.birth, today);
  const work = workOf(home, member, today);
  const employer = work?.employed === true && employers.length > 0 ? employers[(home.index * 7 + member.no) % employers.length] : undefined;
  const division = `${county.code}000000`;
  const year = yearOf(today);
  const paidThrough = `${year}-12-31`;
  const started = dateOf(Math.max(member.birth, Math.min(Math.max(work?.from ?? member.birth + 30, today - 9000, employer?.established ?? 0), today - 5)));
  const medicalNo = `6206${String(home.index * 8 + member.no).padStart(12, '0')}`;
  book.add('MedicalInsurance', sourceOf(county, 'YB'), medicalNo, {
    personNo: medicalNo, idNumber: member.idNumber, name: member.name, insuranceKindCode: employer === undefined ? '390' : '310',
    personCategoryCode: employer === undefined ? (age < 18 ? '14' : '15') : '11', participationStatus: '正常参保', insuredDivisionCode: division,
    employerName: employer?.name, employerUscc: employer?.uscc, startedOn: started, insuredYear: year, paidThrough,
    subsidizedKind: poor ? '低保对象' : undefined,
  }, started);

  if (age < 16 || work === undefined || work.code === '31') return;
  const socialNo = `AAC${String(home.index * 8 + member.no).padStart(10, '0')}`;
  const tell = (kindCode: string, more: Readonly<Record<string, unknown>>): void => {
    book.add('SocialInsurance', sourceOf(county, 'RS'), `${socialNo}-${kindCode}`, {
      personNo: socialNo, idNumber: member.idNumber, name: member.name, insuranceKindCode: kindCode, participationStatusCode: '1', paymentStatusCode: '1',
      insuredDivisionCode: division, startedOn: started, benefitStatus: '未享受', ...more,
    }, started);
  };
  const retired = age >= 60 ? { benefitStatus: '享受', benefitFrom: dateOf(yearsAfter(member.birth, 60)), paymentStatusCode: '2' } : undefined;
  if (employer === undefined) {
    tell('170', { paidThrough, paidMonths: 12 * Math.min(15, Math.max(1, age - 30)), contributionBase: '300', ...retired, ...(retired === undefined ? {} : { monthlyBenefit: '198' }) });
    return;
  }
  const wage = { unitNo: `AAB${employer.uscc.slice(8, 17)}`, employerName: employer.name, employerUscc: employer.uscc, paidThrough };
  tell('110', { ...wage, paidMonths: 12 * Math.max(1, Math.min(35, age - 24)), contributionBase: String(4200 + (lot(home, member, 12) * 60)), ...retired, ...(retired === undefined ? {} : { monthlyBenefit: '2860' }) });
  if (retired === undefined && lot(home, member, 13) < 40) tell('410', { ...wage, paidMonths: 12 });
}
