/**
 * Electronic certificates that agree with what the registers say: the types, the certificates of a household's people, the
 * licences of bodies. Identifiers have their check character; defining bodies are synthetic.
 */
import { certificateIdentifierWithCheck } from '../registries/identifiers/index.ts';
import type { ClaimBook } from './claims.ts';
import { ageOn, dateOf, dayOf, yearOf, yearsAfter } from './days.ts';
import { birthNo, householdNo, idCardOf, marriageNo } from './households.ts';
import type { Body } from './legal-entities.ts';
import { ministry, organ, sourceOf } from './organs.ts';
import type { Department, Organ } from './organs.ts';
import { present } from './people.ts';
import type { Home, Member } from './people.ts';
import { homeCounty } from './places.ts';
import type { County } from './places.ts';
import type { Dwelling } from './spatial.ts';
import { allowanceOf, disabilityOf } from './welfare.ts';
import { educationOf, lot } from './working-life.ts';

const types = {
  identityCard: ['居民身份证', '公安部', 1, '自然人', 'GA', ['姓名', '性别', '民族', '出生', '住址', '公民身份号码', '签发机关', '有效期限']],
  booklet: ['居民户口簿', '公安部', 1, '自然人', 'GA', ['户号', '户主姓名', '户别', '住址', '成员']],
  driving: ['机动车驾驶证', '公安部', 1, '自然人', 'GA', ['证号', '姓名', '准驾车型', '初次领证日期']],
  vehicle: ['机动车行驶证', '公安部', 1, '混合', 'GA', ['号牌号码', '所有人', '车辆类型', '注册日期']],
  residence: ['居住证', '公安部', 1, '自然人', 'GA', ['姓名', '公民身份号码', '居住地址']],
  marriage: ['结婚证', '民政部', 2, '自然人', 'MZ', ['持证人', '登记日期', '结婚证字号']],
  divorce: ['离婚证', '民政部', 2, '自然人', 'MZ', ['持证人', '登记日期', '离婚证字号']],
  allowance: ['最低生活保障证', '民政部', 2, '自然人', 'MZ', ['户主姓名', '保障人口', '类别']],
  birth: ['出生医学证明', '国家卫生健康委员会', 3, '自然人', 'WJ', ['新生儿姓名', '出生日期', '母亲姓名', '父亲姓名']],
  disability: ['残疾人证', '中国残疾人联合会', 4, '自然人', 'CL', ['姓名', '残疾类别', '残疾等级']],
  socialCard: ['社会保障卡', '人力资源和社会保障部', 5, '自然人', 'RS', ['姓名', '社会保障号码', '卡号']],
  estate: ['不动产权证书', '自然资源部', 6, '混合', 'ZR', ['权利人', '坐落', '不动产单元号', '面积']],
  land: ['农村土地承包经营权证', '农业农村部', 7, '自然人', 'NY', ['承包方代表', '承包方家庭成员', '承包地总面积']],
  diploma: ['毕业证书', '教育部', 8, '自然人', 'JY', ['姓名', '毕业日期', '学历']],
  business: ['营业执照', '国家市场监督管理总局', 9, '法人', 'SC', ['名称', '统一社会信用代码', '类型', '法定代表人', '经营范围', '成立日期', '住所']],
  institution: ['事业单位法人证书', '中央编办', 10, '法人', 'BB', ['名称', '统一社会信用代码', '法定代表人', '宗旨和业务范围', '经费来源']],
  society: ['社会组织法人登记证书', '民政部', 2, '法人', 'MZ', ['名称', '统一社会信用代码', '法定代表人', '业务范围']],
  collective: ['农村集体经济组织登记证', '农业农村部', 7, '法人', 'NY', ['名称', '统一社会信用代码', '法定代表人']],
} as const satisfies Record<string, readonly [string, string, number, string, Department, readonly string[]]>;

type Type = keyof typeof types;

/** Types of which a copy takes the holder's authorization, be there a matter or not: nobody's paper for an errand, but for his own use. */
const withAuthorization: ReadonlySet<Type> = new Set(['divorce', 'socialCard', 'diploma']);

const names = Object.keys(types);

/** The code of a certificate type: the defining body's credit code and three digits. */
function typeCode(type: Type): string {
  return ministry(types[type][2]) + String(names.indexOf(type) + 1).padStart(3, '0');
}

/** Tells the directory of certificate types. */
export function certificateTypes(book: ClaimBook): void {
  for (const type of names as Type[]) {
    const [name, authority, no, holders, , face] = types[type];
    book.add('CertificateType', `${homeCounty}-ZS`, typeCode(type), {
      typeCode: typeCode(type), name, definingAuthorityName: authority, definingAuthorityCode: ministry(no), holderCategory: holders,
      validityRange: type === 'identityCard' ? '5年、10年、20年、长期' : '长期', relatedMatters: [], faceItemNames: [...face], retention: '长期', copyNeedsAuthorization: withAuthorization.has(type),
    }, '2019-01-01');
  }
}

interface Issue {
  readonly number: string;
  readonly people?: readonly Member[];
  readonly body?: Body;
  readonly issued: number;
  readonly until?: number | undefined;
  readonly face: Readonly<Record<string, unknown>>;
  readonly ended?: boolean;
}

function issue(book: ClaimBook, county: County, type: Type, serial: string, { number, people = [], body, issued, until, face, ended = false }: Issue, today: number): void {
  const [name, authority, no, , department] = types[type];
  const issuer: Organ = organ(county, department);
  const version = '001';
  const identifier = certificateIdentifierWithCheck(typeCode(type), issuer.uscc, `${yearOf(issued)}${serial}`, version);
  book.add('Certificate', sourceOf(county, 'ZS'), identifier, {
    certificateIdentifier: identifier, typeCode: typeCode(type), typeName: name, certificateName: name, certificateNumber: number, version,
    definingAuthorityName: authority, definingAuthorityCode: ministry(no), issuingAuthorityName: issuer.name, issuingAuthorityCode: issuer.uscc,
    issuedOn: dateOf(issued), validFrom: dateOf(issued), validTo: until === undefined ? undefined : dateOf(until), validityRange: until === undefined ? '长期' : undefined,
    areaCode: county.code, holderNames: [...people.map((one) => one.name), ...(body === undefined ? [] : [body.name])],
    holderCodes: [...people.map(({ idNumber }) => idNumber), ...(body === undefined ? [] : [body.uscc])],
    holderCodeTypes: [...people.map(() => '111'), ...(body === undefined ? [] : ['USCC'])], holderUsccs: body === undefined ? [] : [body.uscc],
    faceItems: face, status: ended ? '04' : until !== undefined && until < today ? '05' : '01', fileRef: `synthetic/${serial}.ofd`,
  }, dateOf(issued));
}

/** Certificates of the people of one household. */
export function personalCertificates(book: ClaimBook, home: Home, dwelling: Dwelling, today: number): void {
  const { county } = home.village.township;
  const here = home.members.filter(present);
  const serial = (no: number): string => `${String(home.index + 1).padStart(8, '0')}${no}`;
  const give = (type: Type, no: number, what: Issue): void => issue(book, county, type, serial(no), what, today);

  if (!home.migrant && here.length > 0) {
    const since = Math.min(yearsAfter(home.head.birth, 20) + 100, today - 30);
    give('booklet', 0, { number: householdNo(home), people: here, issued: Math.max(since, today - 4000), face: { 户号: householdNo(home), 户主姓名: home.head.name, 户别: '家庭户', 住址: dwelling.text, 成员: here.map(({ name }) => name).join('、') } });
  }
  const { estate } = dwelling;
  if (estate !== undefined && estate.holders.length > 0) {
    give('estate', 0, { number: estate.certificateNo, people: estate.holders, issued: estate.registered, face: { 权利人: estate.holders.map(({ name }) => name).join('、'), 坐落: estate.location, 不动产单元号: estate.unitNo, 面积: estate.area } });
  }
  const allowance = allowanceOf(home, today);
  if (allowance !== undefined) give('allowance', 0, { number: allowance.certNo, people: [home.head], issued: allowance.from, face: { 户主姓名: home.head.name, 保障人口: here.length } });
  if (home.village.rural && !home.migrant && lot(home, home.head, 20) < 40 && ageOn(home.head.birth, today) >= 28) {
    give('land', 0, { number: `${county.code}${home.village.code.slice(6)}${String(home.nth + 1).padStart(4, '0')}J`, people: [home.head], issued: Math.max(dayOf('2016-10-01'), yearsAfter(home.head.birth, 18)), face: { 承包方代表: home.head.name, 承包地总面积: `${4 + (home.index % 25)}亩` } });
  }
  for (const member of home.members) {
    if (present(member)) ownCertificates(give, home, member, dwelling, today);
    if (member.sex === '1' && member.spouse !== undefined && member.married !== undefined) couple(give, home, member);
  }
}

function couple(give: (type: Type, no: number, what: Issue) => void, home: Home, husband: Member): void {
  const { spouse: wife, married, divorced } = husband;
  if (wife === undefined || married === undefined) return;
  const number = marriageNo(home, husband);
  const people = [husband, wife];
  const face = { 持证人: `${husband.name}、${wife.name}` };
  give('marriage', husband.no, { number, people, issued: married, face: { ...face, 登记日期: dateOf(married), 结婚证字号: number }, ended: divorced !== undefined });
  if (divorced !== undefined) give('divorce', husband.no, { number: `L${number.slice(1)}`, people, issued: divorced, face: { ...face, 登记日期: dateOf(divorced), 离婚证字号: `L${number.slice(1)}` } });
}

function ownCertificates(give: (type: Type, no: number, what: Issue) => void, home: Home, member: Member, dwelling: Dwelling, today: number): void {
  const { county } = home.village.township;
  const age = ageOn(member.birth, today);
  const people = [member];
  const own = (type: Type, what: Omit<Issue, 'people'>): void => give(type, member.no, { ...what, people });
  const card = idCardOf(home, member, today);
  if (card !== undefined) {
    own('identityCard', { number: member.idNumber, issued: card.from, until: card.to, face: {
      姓名: member.name, 性别: member.sex === '1' ? '男' : '女', 出生: dateOf(member.birth), 住址: dwelling.text, 公民身份号码: member.idNumber, 签发机关: organ(county, 'GA').name,
    } });
  }
  if (home.migrant) {
    const since = Math.max(member.birth + 5, today - 30 - ((home.index * 97) % 1100));
    own('residence', { number: `${county.code}${String(home.index + 1).padStart(8, '0')}${String(member.no).padStart(2, '0')}`, issued: since, until: yearsAfter(since, home.index % 4 === 0 ? 1 : 5), face: { 姓名: member.name, 公民身份号码: member.idNumber, 居住地址: dwelling.text } });
  }
  if (member.mother !== undefined && age < 14) {
    own('birth', { number: birthNo(home, member), issued: member.birth + 1 + (home.index % 2), face: { 新生儿姓名: member.name, 出生日期: dateOf(member.birth), 母亲姓名: member.mother.name, 父亲姓名: member.father?.name ?? null } });
  }
  if (age >= 3 && lot(home, member, 21) < 82) {
    const number = member.idNumber;
    own('socialCard', { number, issued: Math.max(member.birth + 800, dayOf('2018-06-01') + lot(home, member, 22) * 12), face: { 姓名: member.name, 社会保障号码: number } });
  }
  if (age >= 20 && age < 68 && lot(home, member, 23) < (member.sex === '1' ? 68 : 38)) {
    const first = Math.min(yearsAfter(member.birth, 18) + 200 + lot(home, member, 24) * 5, today - 10);
    own('driving', { number: member.idNumber, issued: first, until: ageOn(first, today) < 6 ? yearsAfter(first, 6) : undefined, face: { 证号: member.idNumber, 姓名: member.name, 准驾车型: home.village.rural && home.index % 3 === 0 ? 'C1D' : 'C1', 初次领证日期: dateOf(first) } });
    if (lot(home, member, 25) < 30) {
      const bought = Math.max(first, today - 60 - lot(home, member, 26) * 35);
      const plate = `甘H${String((home.index * 8 + member.no) % 100_000).padStart(5, '0')}`;
      own('vehicle', { number: plate, issued: bought, face: { 号牌号码: plate, 所有人: member.name, 车辆类型: '小型轿车', 注册日期: dateOf(bought) } });
    }
  }
  const education = educationOf(home, member, today);
  if (age >= 23 && education !== undefined && ['14', '21', '31'].includes(education)) {
    const issued = Math.min(yearsAfter(member.birth, education === '14' ? 26 : 23), today - 5);
    own('diploma', { number: `${yearOf(issued)}${String(home.index + 1).padStart(8, '0')}${member.no}`, issued, face: { 姓名: member.name, 毕业日期: dateOf(issued), 学历: education } });
  }
  const disability = disabilityOf(home, member, today);
  if (disability !== undefined) own('disability', { number: disability.certNo, issued: disability.issued, until: disability.until, face: { 姓名: member.name, 残疾类别: disability.kind, 残疾等级: disability.level } });
}

/** The licence or registration certificate of a body; departments have none. */
export function bodyCertificate(book: ClaimBook, body: Body, today: number): void {
  const type: Type | undefined = body.category.startsWith('9') ? 'business' : body.category === '12' ? 'institution' : body.category.startsWith('5') ? 'society' : body.category === 'N2' ? 'collective' : undefined;
  if (type === undefined) return;
  const face = { 名称: body.name, 统一社会信用代码: body.uscc, 法定代表人: body.representative?.name ?? null, 经营范围: body.scope, 成立日期: dateOf(body.established), 住所: body.domicile };
  issue(book, body.county, type, body.uscc, { number: body.uscc, body, issued: body.established, face, ended: body.ended !== undefined }, today);
}
