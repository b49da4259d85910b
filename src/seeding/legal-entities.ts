/**
 * Legal entities of the synthetic county: firms, sole traders and cooperatives of its households, collectives of its
 * villages, governments, schools and clinics of its townships, departments, social organizations.
 *
 * Their people are real people of the county. The credit code's digits 3 to 8 are the registrar's, mostly the county's.
 */
import { orgCodeWithCheck, usccWithCheck } from '../registries/identifiers/index.ts';
import type { ClaimBook } from './claims.ts';
import { ageOn, dateOf, yearsAfter } from './days.ts';
import { phoneOf } from './households.ts';
import { tradeName } from './names.ts';
import { departmentNames, organ, sourceOf } from './organs.ts';
import type { Department } from './organs.ts';
import { present } from './people.ts';
import type { Home, Member } from './people.ts';
import type { County, Township, Village } from './places.ts';
import { Random } from './random.ts';
import type { Dwelling } from './spatial.ts';

/** A registered body, as other registers refer to it. */
export interface Body {
  readonly uscc: string;
  readonly name: string;
  readonly category: string;
  readonly established: number;
  /** When it was struck off, if it was. */
  readonly ended: number | undefined;
  readonly representative: Member | undefined;
  readonly county: County;
  readonly domicile: string;
  readonly industry: string;
  readonly scope: string;
  readonly capital: string | undefined;
}

/** Somebody who may hold an office, with where he or she lives. */
export interface Official {
  readonly home: Home;
  readonly member: Member;
}

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A credit code: kind, registrar, and an organization code made from a letter pair and a number. */
export function bodyCode(category: string, registrar: string, letters: string, number: number): string {
  let digits = '';
  for (let left = number, place = 0; place < 6; place += 1, left = Math.floor(left / alphabet.length)) digits = alphabet.charAt(left % alphabet.length) + digits;
  return usccWithCheck(`${category}${registrar}${orgCodeWithCheck(letters + digits)}`);
}

const trades = [
  ['F5229', '食品销售', '商店'], ['H6210', '餐饮服务', '餐馆'], ['A0314', '牛的饲养；羊的饲养', '养殖'], ['A0141', '蔬菜种植', '种植'], ['G5430', '道路货物运输', '运输'],
  ['E4700', '房屋建筑工程施工', '建筑'], ['F5164', '化肥、农机具销售', '农资'], ['H6110', '住宿服务', '旅店'], ['C1353', '肉制品及副产品加工', '食品'], ['O8111', '汽车修理与维护', '汽修'],
] as const;

/** The body that a household runs, if it runs one. */
export function enterpriseOf(book: ClaimBook, home: Home, dwelling: Dwelling, investors: readonly Body[], today: number): Body | undefined {
  const random = new Random(`${home.index}/enterprise/${home.head.idNumber}`);
  const owners = home.members.filter((member) => present(member) && ageOn(member.birth, today) >= 24 && ageOn(member.birth, today) < 75);
  const [owner] = owners;
  if (owner === undefined || !random.chance(home.village.rural ? 0.13 : 0.2)) return undefined;
  const { county } = home.village.township;
  const category = random.weighted([['92', 55], ['91', 25], ['93', home.village.rural ? 20 : 4]]);
  const registrar = random.weighted([[county.code, 90], ['620600', 8], ['620000', 2]]);
  const [industry, scope, trade] = random.pick(trades);
  const place = home.village.township.name.replace(/[镇乡]$/, '');
  const mark = tradeName(random, home.index);
  const name = category === '91' ? `${county.name}${mark}${trade}有限公司` : category === '93' ? `${county.name}${mark}${trade}农民专业合作社` : `${county.name}${place}${mark}${trade}店`;
  const established = Math.max(yearsAfter(owner.birth, 22), today - random.int(60, 6500));
  const ended = random.chance(0.08) && established < today - 500 ? random.int(established + 200, today - 20) : undefined;
  const capital = category === '92' ? undefined : String(random.pick([10, 30, 50, 100, 200, 500]));
  const body: Body = {
    uscc: bodyCode(category, registrar, category === '92' ? 'MB' : 'MA', home.index + 1), name, category, established, ended,
    representative: owner, county, domicile: dwelling.text, industry, scope, capital,
  };
  const source = sourceOf(county, 'SC');
  registerBody(book, source, body, {
    domicileDivisionCode: home.village.code, domicileAddressCode: dwelling.addressCode, phone: phoneOf(home, 0),
    entityTypeCode: category === '91' ? '1130' : category === '93' ? '9100' : '9500', registrar: `${county.name}市场监督管理局`, registrarCode: registrar,
    jurisdictionCode: `${county.code}00`, soleForm: category === '92' ? (owners.length > 1 && home.index % 2 === 0 ? '家庭经营' : '个人经营') : undefined,
    registrationNo: `${county.code}${String(home.index + 1).padStart(9, '0')}`, registryId: `PRI${county.code}${String(home.index + 1).padStart(10, '0')}`,
    beneficialOwners: category === '91' ? [owner.name] : undefined, convertedFromSole: category === '91' && home.index % 13 === 0 ? true : undefined,
  });
  office(book, source, body, owner, category === '91' ? ['432K', '执行董事'] : category === '93' ? ['410F', '理事长'] : ['431B', '经营者'], established);
  if (category !== '92') invest(book, source, body, owners.slice(0, 3), investors, random);
  if (category === '91' && owners[1] !== undefined) office(book, source, body, owners[1], ['408A', '监事'], established);
  if (random.chance(0.35)) change(book, source, body, dwelling, random, today);
  if (random.chance(0.45)) licence(book, source, body, home.index, random, today);
  if (category === '91' && random.chance(0.12)) branch(book, source, body, home, random);
  return body;
}

/** Tells a body: its registration, and its end where it has one. */
function registerBody(book: ClaimBook, source: string, body: Body, more: Readonly<Record<string, unknown>>): void {
  const { uscc, representative, established, ended, county } = body;
  const since = dateOf(established);
  book.add('LegalEntity', source, uscc, {
    uscc, name: body.name, orgCode: uscc.slice(8, 17), category: body.category, status: '1', legalRepName: representative?.name,
    legalRepIdTypeCode: representative === undefined ? undefined : '111', legalRepIdNumber: representative?.idNumber,
    registeredCapital: body.capital, currencyCode: body.capital === undefined ? undefined : '156', paidInCapital: body.capital,
    industryCode: body.industry, businessScope: body.scope, establishedOn: since, approvedOn: since, validFrom: since, domicile: body.domicile,
    operatingAddress: body.domicile, jurisdictionCode: `${county.code}00`, registrarCode: county.code, ...more,
  }, since);
  if (ended === undefined) return;
  const revoked = uscc.charCodeAt(16) % 4 === 0;
  book.add('LegalEntity', source, uscc, revoked
    ? { uscc, status: '2', revokedOn: dateOf(ended), revokeReason: '连续两年未报送年度报告' }
    : { uscc, status: '4', cancelledOn: dateOf(ended), cancelReason: '决议解散' }, dateOf(ended), { round: 1 });
}

function office(book: ClaimBook, source: string, { uscc }: Body, member: Member, [positionCode, position]: readonly [string, string], since: number): void {
  book.add('KeyPerson', source, `${uscc}-${member.idNumber}-${positionCode}`, {
    uscc, name: member.name, idTypeCode: '111', idNumber: member.idNumber, positionCode, position, isLegalRep: positionCode !== '408A', appointedOn: dateOf(since),
  }, dateOf(since));
}

function invest(book: ClaimBook, source: string, body: Body, owners: readonly Member[], investors: readonly Body[], random: Random): void {
  const since = dateOf(body.established);
  const capital = Number(body.capital ?? 0);
  const partner = body.category === '91' && random.chance(0.12) ? investors.findLast((one) => one.category === '91' && one.established <= body.established) : undefined;
  const parts = owners.length + Number(partner !== undefined);
  const tell = (key: string, share: number, who: Readonly<Record<string, unknown>>): void => {
    const amount = (capital * share / 100).toFixed(6);
    book.add('Shareholding', source, `${body.uscc}-${key}`, {
      uscc: body.uscc, ...who, subscribedAmount: amount, subscribedOn: since, paidInAmount: amount, paidInOn: since, contributionMethod: '货币',
      currencyCode: '156', ratio: share.toFixed(4),
    }, since);
  };
  const each = Math.floor(10_000 / parts) / 100;
  for (const [nth, owner] of owners.entries()) {
    tell(owner.idNumber, nth === 0 ? Math.round((100 - each * (parts - 1)) * 100) / 100 : each, { investorName: owner.name, investorTypeCode: '20', investorIdTypeCode: '111', investorIdNumber: owner.idNumber });
  }
  if (partner !== undefined) tell(partner.uscc, each, { investorName: partner.name, investorTypeCode: '10', investorUscc: partner.uscc });
}

function change(book: ClaimBook, source: string, body: Body, dwelling: Dwelling, random: Random, today: number): void {
  const changed = random.int(body.established + 20, (body.ended ?? today) - 1);
  const [code, item, before, after] = random.pick([
    ['07', '经营范围变更', '日用百货销售', body.scope], ['03', '住所变更', '（原住所，合成）', dwelling.text], ['01', '名称变更', `${body.name}（原名）`, body.name],
  ] as const);
  book.add('ChangeRecord', source, `${body.uscc}-${dateOf(changed)}-${code}`, {
    uscc: body.uscc, changeItemCode: code, changeItem: item, contentBefore: before, contentAfter: after, changedOn: dateOf(changed),
  }, dateOf(changed));
}

function licence(book: ClaimBook, source: string, body: Body, index: number, random: Random, today: number): void {
  const [name, content, type] = random.pick([['食品经营许可证', '预包装食品销售', '01'], ['道路运输经营许可证', '普通货运', '01'], ['动物防疫条件合格证', '养殖场', '04']] as const);
  const from = random.int(body.established, (body.ended ?? today) - 1);
  const to = yearsAfter(from, 5);
  const no = `${type === '04' ? 'DF' : 'JY'}${body.county.code}${String(index + 1).padStart(8, '0')}`;
  const authority = organ(body.county, name === '道路运输经营许可证' ? 'JT' : type === '04' ? 'NY' : 'SC');
  book.add('Licence', source, no, {
    licenceNo: no, uscc: body.uscc, licenceName: name, licenceTypeCode: type, content, issuingAuthorityName: authority.name, issuingAuthorityCode: authority.uscc,
    validFrom: dateOf(from), validTo: dateOf(to), status: body.ended !== undefined ? '04' : to < today ? '05' : '01',
  }, dateOf(from));
}

function branch(book: ClaimBook, source: string, body: Body, home: Home, random: Random): void {
  const { township } = home.village;
  const uscc = bodyCode('91', body.county.code, 'MC', home.index + 1);
  const since = dateOf(random.int(body.established, body.ended ?? body.established + 30));
  book.add('Branch', source, uscc, {
    uscc, parentUscc: body.uscc, name: `${body.name}${township.name}分公司`, status: '1', registrar: `${body.county.name}市场监督管理局`, registrarCode: body.county.code,
    operatingAddress: body.domicile, divisionCode: home.village.code, principalName: body.representative?.name, establishedOn: since,
  }, since);
}

/** The village's collective (组织 under the agricultural department), led by one of the village. */
export function collectiveOf(book: ClaimBook, village: Village, leader: Official, today: number): Body {
  const { county } = village.township;
  const established = Math.min(Math.max(today - 2600 - (village.index % 300), yearsAfter(leader.member.birth, 22)), today - 30);
  const body: Body = {
    uscc: bodyCode('N2', county.code, 'MF', village.index + 1), name: `${county.name}${village.township.name}${village.name}股份经济合作社`, category: 'N2', established,
    ended: undefined, representative: leader.member, county, domicile: `甘肃省武威市${county.name}${village.township.name}${village.name}`, industry: 'A0190',
    scope: '集体资产经营与管理、集体资源开发与利用', capital: undefined,
  };
  const source = sourceOf(county, 'NY');
  registerBody(book, source, body, { domicileDivisionCode: village.code, entityTypeCode: 'N200', registrar: organ(county, 'NY').name });
  office(book, source, body, leader.member, ['410F', '理事长'], established);
  return body;
}

const townBodies = [
  ['11', '人民政府', 'BB', 'S9224', '依法管理本行政区域内的行政工作'], ['12', '中心小学', 'BB', 'P8321', '实施小学义务教育'], ['12', '中心卫生院', 'BB', 'Q8423', '基本医疗与公共卫生服务'],
  ['52', '幸福养老服务中心', 'MZ', 'Q8514', '养老服务'],
] as const;

/** Government, school, clinic and care home of a township, led by people who live there. */
export function townBodiesOf(book: ClaimBook, township: Township, nth: number, officials: readonly Official[], today: number): Body[] {
  const { county } = township;
  return townBodies.map(([category, kind, department, industry, scope], place): Body => {
    const leader = officials[place % Math.max(1, officials.length)]?.member;
    const established = Math.max(leader === undefined ? 0 : yearsAfter(leader.birth, 22), today - 12_000 + nth * 10);
    const body: Body = {
      uscc: bodyCode(category, county.code, category === '52' ? 'MJ' : '01', nth * 10 + place + 1 + Number(county.code.slice(3)) * 1000), name: `${county.name}${township.name}${kind}`,
      category, established: Math.min(established, today - 30), ended: undefined, representative: leader, county,
      domicile: `甘肃省武威市${county.name}${township.name}`, industry, scope, capital: undefined,
    };
    const source = sourceOf(county, department);
    registerBody(book, source, body, {
      domicileDivisionCode: `${township.code}000`, registrar: organ(county, department).name, purpose: scope,
      sponsor: category === '12' ? `${county.name}${township.name}人民政府` : undefined, fundingSource: category === '52' ? '自筹' : '财政拨款',
      startupFund: category === '12' || category === '52' ? '50' : undefined, supervisor: category === '52' ? organ(county, 'MZ').name : undefined,
    });
    if (leader !== undefined) office(book, source, body, leader, ['490A', '负责人'], body.established);
    return body;
  });
}

/** The county's departments as bodies; other registers name them by the same codes. */
export function departmentsOf(book: ClaimBook, county: County, today: number): Body[] {
  return (Object.keys(departmentNames) as Department[]).map((department) => {
    const { name, uscc } = organ(county, department);
    const body: Body = {
      uscc, name, category: '11', established: today - 13_000, ended: undefined, representative: undefined, county,
      domicile: `甘肃省武威市${county.name}`, industry: 'S9221', scope: '依法履行行政职责', capital: undefined,
    };
    registerBody(book, sourceOf(county, 'BB'), body, { domicileDivisionCode: `${county.code}000000`, registrar: organ(county, 'BB').name, fundingSource: '财政拨款' });
    return body;
  });
}

/** A few societies of a county (51). */
export function societiesOf(book: ClaimBook, county: County, officials: readonly Official[], today: number): void {
  for (const [nth, kind] of ['牦牛养殖协会', '民间文艺家协会', '登山协会', '道路运输协会', '餐饮行业协会', '老年人体育协会'].entries()) {
    const leader = officials[nth % Math.max(1, officials.length)]?.member;
    const established = Math.min(Math.max(today - 5000 + nth * 300, leader === undefined ? 0 : yearsAfter(leader.birth, 22)), today - 30);
    const body: Body = {
      uscc: bodyCode('51', county.code, 'MJ', 900_000 + nth + Number(county.code.slice(3)) * 10), name: `${county.name}${kind}`, category: '51', established, ended: undefined,
      representative: leader, county, domicile: `甘肃省武威市${county.name}`, industry: 'S9521', scope: '行业服务、学术交流', capital: undefined,
    };
    registerBody(book, sourceOf(county, 'MZ'), body, { domicileDivisionCode: `${county.code}000000`, registrar: organ(county, 'MZ').name, startupFund: '3', supervisor: organ(county, 'NY').name });
    if (leader !== undefined) office(book, sourceOf(county, 'MZ'), body, leader, ['490A', '会长'], established);
  }
}
