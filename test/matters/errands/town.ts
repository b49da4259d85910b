/**
 * A family and an enterprise of 华藏寺镇 as the departments told the hub of them: whoever the errands of these tests are about. What
 * is not told here is not known of them.
 */
import { writeClaims } from '../../../src/records/write.ts';
import type { Values } from '../../../src/records/timeline.ts';
import { certificateIdentifierWithCheck, idNumberWithCheck, orgCodeWithCheck, usccWithCheck } from '../../../src/registries/identifiers/index.ts';
import { modelOf } from '../../../src/seeding/claims.ts';
import { testPersonKey } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';

/** What a department tells of one record, by its own key of it. */
export interface Told {
  readonly type: string;
  readonly source: string;
  readonly key: string;
  readonly values: Values;
}

const born = (day: string, serial: string): string => idNumberWithCheck(`620623${day.replaceAll('-', '')}${serial}`);
const body = (serial: string): string => usccWithCheck(`91620623${orgCodeWithCheck(serial)}`);

/** Who is who. */
export const town = {
  /** 才让, a herdsman, his wife 卓玛, their son 多吉 of eight, his mother 央金 of eighty-six. */
  husband: born('1985-03-01', '911'), wife: born('1987-05-02', '922'), son: born('2018-04-03', '931'), grandmother: born('1940-01-04', '942'),
  /** 索南, whose parents have died. */
  orphan: born('2012-06-05', '951'), late: [born('1980-01-01', '961'), born('1982-01-01', '962')],
  /** 桑吉, an old man without kin and with one leg. */
  hermit: born('1950-08-06', '971'),
  /** The birth of their daughter 梅朵, who has no number yet. */
  birth: 'K620000123',
  company: body('MAYYY001'), cooperative: body('MAYYY002'), closing: body('MAYYY003'), branch: body('MAYYY004'),
  village: '620623100002', address: '620623100002990001', building: '620623100002B99001', shop: '620623100002GB99001F00010001', home: '620623100002JC99002F00010001',
} as const;

const { husband, wife, son, grandmother, orphan, hermit, village } = town;
const here = { registeredDivisionCode: village, residenceDivisionCode: village, residenceAddress: '甘肃省武威市天祝藏族自治县华藏寺镇学勤社区99号', personStatus: '在籍', idCardValidFrom: '2020-01-01', idCardValidTo: '2040-01-01' };
const person = (idNumber: string, name: string, values: Values = {}): Told =>
  ({ type: 'Person', source: '620623-GA', key: idNumber, values: { idNumber, name, birthDate: `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`, employmentStatusCode: '27', ...here, ...values } });
const kin = (subject: string, relative: string, relativeName: string, relationCode: string): Told =>
  ({ type: 'Kinship', source: '620623-GA', key: `${subject}-${relative}`, values: { subjectIdNumber: subject, relativeIdNumber: relative, relativeName, relationCode, basis: '户籍', validFrom: '2010-01-01' } });

/** Types of certificates, by what a clerk calls them. */
const certificateTypes = {
  身份证: '1110000000010001X0001', 户口簿: '1110000000010001X0002', 结婚证: '111000000001000280006', 低保证: '111000000001000280008', 残疾人证: '11100000000100044M010', 不动产权证书: '11100000000100060B012', 承包经营权证: '111000000001000798013', 营业执照: '11100000000100095X015',
} as const;
const certificate = (name: keyof typeof certificateTypes, holder: string, ...others: readonly string[]): Told => {
  const codes = [holder, ...others];
  const identifier = certificateIdentifierWithCheck(certificateTypes[name], '116206230139480018', holder, '001');
  return {
    type: 'Certificate', source: '620623-ZS', key: `${name} ${holder}`,
    values: { certificateIdentifier: identifier, typeCode: certificateTypes[name], typeName: name, status: '01', validFrom: '2020-01-01', issuedOn: '2020-01-01', version: '001', ...(holder.startsWith('9') ? { holderUsccs: codes, holderCodes: codes, holderCodeTypes: codes.map(() => 'USCC') } : { holderUsccs: [], holderCodes: codes, holderCodeTypes: codes.map(() => '111') }) },
  };
};
const entity = (uscc: string, name: string, values: Values = {}): Told => ({ type: 'LegalEntity', source: '620623-SC', key: uscc, values: { uscc, name, status: '1', establishedOn: '2019-01-01', businessScope: '餐饮服务；食品销售', domicileDivisionCode: village, ...values } });
export const welfare = (idNumber: string, kind: string): Told => ({ type: 'WelfareRecord', source: '620623-MZ', key: `${kind} ${idNumber}`, values: { recordNo: `JZ-${idNumber}-${kind}`, idNumber, kind, status: '在享', approvedOn: '2024-01-01', validFrom: '2024-01-01', divisionCode: village } });
const disability = (idNumber: string, kindCode: string, levelCode: string): Told => ({ type: 'DisabilityRecord', source: '620623-CL', key: idNumber, values: { certNo: `${idNumber}${kindCode}${levelCode}`, idNumber, kindCode, levelCode, status: '有效', issuedOn: '2022-01-01', validTo: '2032-01-01' } });
const insured = (idNumber: string): readonly Told[] => [
  { type: 'MedicalInsurance', source: '620623-YB', key: `yb ${idNumber}`, values: { idNumber, insuranceKindCode: '390', participationStatus: '正常参保', insuredYear: 2026 } },
  { type: 'SocialInsurance', source: '620623-RS', key: `rs ${idNumber}`, values: { idNumber, insuranceKindCode: '170', participationStatusCode: '1', benefitStatus: '未享受' } },
];

/** All that the departments told. Records stand before those that lead to them. */
export const told: readonly Told[] = [
  { type: 'Building', source: '620623-ZJ', key: town.building, values: { buildingCode: town.building, name: '学勤社区99号商铺', divisionCode: village, useCode: '商业', status: '在用' } },
  { type: 'StandardAddress', source: '620623-GA', key: town.address, values: { addressCode: town.address, fullText: '华藏寺镇学勤社区99号', divisionCode: village, buildingCode: town.building, accuracy: '门牌', status: '在用' } },
  { type: 'RealEstateUnit', source: '620623-ZR', key: town.shop, values: { unitNo: town.shop, location: '学勤社区99号', divisionCode: village, addressCode: town.address, area: '88.00', useCode: '商业', holderNames: ['才让'], holderIdNumbers: [husband], holderUsccs: [], certificateNo: '甘(2021)天祝县不动产权第0099001号', registeredOn: '2021-01-01', restrictions: [] } },
  { type: 'Household', source: '620623-GA', key: 'H-99', values: { householdNo: 'H-99', householdTypeCode: '1', headName: '才让', headIdNumber: husband, address: '学勤社区99号', divisionCode: village, memberCount: 4, status: '在册' } },
  person(husband, '才让', { householdNo: 'H-99', relationToHeadCode: '02', maritalStatusCode: '20' }),
  person(wife, '卓玛', { householdNo: 'H-99', relationToHeadCode: '12', maritalStatusCode: '20' }),
  person(son, '多吉', { householdNo: 'H-99', relationToHeadCode: '20', employmentStatusCode: '31' }),
  person(grandmother, '央金', { householdNo: 'H-99', relationToHeadCode: '52', maritalStatusCode: '30' }),
  person(orphan, '索南', { employmentStatusCode: '31' }),
  person(town.late[0], '旦增', { personStatus: '死亡', deathDate: '2020-01-01' }),
  person(town.late[1], '白玛', { personStatus: '死亡', deathDate: '2021-01-01' }),
  { type: 'Household', source: '620623-GA', key: 'H-98', values: { householdNo: 'H-98', householdTypeCode: '1', headName: '桑吉', headIdNumber: hermit, address: '学勤社区98号', divisionCode: village, memberCount: 1, status: '在册' } },
  person(hermit, '桑吉', { householdNo: 'H-98', relationToHeadCode: '02', maritalStatusCode: '10' }),
  kin(husband, wife, '卓玛', '12'), kin(wife, husband, '才让', '11'), kin(husband, son, '多吉', '20'), kin(son, husband, '才让', '51'), kin(son, wife, '卓玛', '52'), kin(wife, son, '多吉', '20'),
  kin(husband, grandmother, '央金', '52'), kin(orphan, town.late[0], '旦增', '51'), kin(orphan, town.late[1], '白玛', '52'), kin(hermit, town.late[0], '旦增', '51'), kin(hermit, town.late[1], '白玛', '52'),
  { type: 'MarriageRecord', source: '620623-MZ', key: 'J-99', values: { certNo: 'J620623-2012-099', type: '结婚', partyNames: ['才让', '卓玛'], partyIdNumbers: [husband, wife], registeredOn: '2012-05-20', status: '有效' } },
  { type: 'BirthCertificate', source: '620623-WJ', key: town.birth, values: { certNo: town.birth, childName: '梅朵', genderCode: '2', birthDate: '2026-11-01', institutionName: '天祝县人民医院', motherName: '卓玛', motherIdNumber: wife, fatherName: '才让', fatherIdNumber: husband, issuedOn: '2026-11-03', issueType: '首次签发', status: '有效' } },
  disability(husband, '4', '2'), disability(hermit, '4', '1'), welfare(husband, '农村低保'), ...insured(husband), ...insured(wife), ...insured(hermit),
  { type: 'RealEstateUnit', source: '620623-ZR', key: town.home, values: { unitNo: town.home, location: '学勤社区98号', divisionCode: village, area: '60.00', useCode: '农村宅基地/住宅', holderNames: ['桑吉'], holderIdNumbers: [hermit], holderUsccs: [], certificateNo: '甘(2021)天祝县不动产权第0099002号', registeredOn: '2021-01-01', restrictions: [] } },
  certificate('身份证', husband), certificate('身份证', grandmother), certificate('户口簿', husband, wife, son, grandmother), certificate('结婚证', husband, wife), certificate('低保证', husband), certificate('残疾人证', husband), certificate('不动产权证书', husband), certificate('承包经营权证', husband),
  entity(town.company, '天祝雪域食品有限公司'), entity(town.cooperative, '天祝高原牧业专业合作社'), entity(town.closing, '天祝旧街商贸有限公司'),
  certificate('营业执照', town.company), certificate('营业执照', town.closing),
  { type: 'KeyPerson', source: '620623-SC', key: `${town.company} 卓玛`, values: { uscc: town.company, name: '卓玛', idTypeCode: '111', idNumber: wife, position: '执行董事', isLegalRep: true } },
  { type: 'Branch', source: '620623-SC', key: town.branch, values: { uscc: town.branch, parentUscc: town.closing, name: '天祝旧街商贸有限公司打柴沟分店', status: '4' } },
];

/** What somebody comes to be known for later. */
export const listing = (idNumber: string, kind: string): Told => ({ type: 'CreditListing', source: '620623-FG', key: `${kind} ${idNumber}`, values: { recordNo: `MD-${idNumber}`, counterpartyType: '01', counterpartyIdNumber: idNumber, kind, status: '在列', listedOn: '2026-01-01' } });
export const penalty = (uscc: string, offenceKind: string, penaltyKinds: readonly string[]): Told =>
  ({ type: 'CreditPenalty', source: '620623-FG', key: `CF ${uscc}`, values: { recordNo: `CF-${uscc}`, counterpartyType: '02', counterpartyUscc: uscc, offenceKind, penaltyKinds, decidedOn: '2024-01-01', publicStatus: '公示中', publicUntil: '2027-01-01' } });

/** What was told of somebody, told otherwise. */
export const otherwise = (type: string, key: string, values: Values): Told => ({ ...toldOf(type, key), values: { ...toldOf(type, key).values, ...values } });

/** What was told, by its type and the department's key. */
export function toldOf(type: string, key: string): Told {
  const found = told.find((one) => one.type === type && one.key === key);
  if (found === undefined) throw new Error(`Nobody told of ${type} ${key}.`);
  return found;
}

let version = 0;

/** The departments tell the hub, or that they have it no more; at a moment of that morning. */
export async function tell({ database }: Pick<TestHub, 'database'>, all: readonly (Told & { readonly deleted?: true })[], now = '2026-11-24T02:00:30.000Z'): Promise<void> {
  version += 1;
  const at = new Date(Date.parse('2026-11-20T00:00:00Z') + version * 1000).toISOString();
  for (const { type, source, key, values, deleted = false } of all) {
    await writeClaims({ sql: database.sql, now, today: '2026-11-24', personKey: testPersonKey }, modelOf(type), source, [{ key, version: String(version), at, values: deleted ? {} : values, deleted, whole: !deleted, effectiveFrom: '2026-01-01' }]);
  }
}
