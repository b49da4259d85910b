/**
 * What the police, the civil affairs and the health departments know of a household: persons, the household, kinship,
 * marriages and divorces, births, residence of those registered elsewhere.
 *
 * Every record is valid from the day on which it became true, so that a question about the past finds the past: a
 * person from birth, a marriage from its registration, a death from its day.
 */
import type { ClaimBook } from './claims.ts';
import { ageOn, dateOf, dayOf, yearOf, yearsAfter } from './days.ts';
import { organ, sourceOf } from './organs.ts';
import { present } from './people.ts';
import type { Home, Member } from './people.ts';
import type { Dwelling } from './spatial.ts';
import { educationOf, workOf } from './working-life.ts';

/** Births are certified since this day. */
const certified = dayOf('1996-01-01');

/** Marriages since this day are told by civil affairs; older ones stand with the police only. */
const networked = dayOf('2003-10-01');

/** The register's number of a household. */
export function householdNo(home: Home): string {
  return `${home.village.township.code}${String(home.index + 1).padStart(8, '0')}`;
}

/** Writes everything that the base registers say of one household. */
export function registerHome(book: ClaimBook, home: Home, dwelling: Dwelling, today: number): void {
  if (!home.migrant) registerHousehold(book, home, dwelling, today);
  for (const member of home.members) {
    registerPerson(book, home, member, dwelling, today);
    if (home.migrant) registerResidence(book, home, member, dwelling, today);
    if (member.mother !== undefined && member.birth >= certified) registerBirth(book, home, member);
  }
  registerKin(book, home);
  const couples = home.members.filter(({ sex, spouse }) => sex === '1' && spouse !== undefined);
  for (const husband of couples) registerMarriage(book, home, husband);
}

/** The number of somebody's marriage certificate. */
export function marriageNo(home: Home, husband: Member): string {
  return `J${home.village.township.county.code}-${yearOf(husband.married ?? 0)}-${String(home.index + 1).padStart(7, '0')}${husband.no}`;
}

/** The number of somebody's birth certificate: one letter and nine digits. */
export function birthNo(home: Home, child: Member): string {
  const number = home.index * 8 + child.no;
  return `${'ABCDEFGH'.charAt(Math.floor(number / 1_000_000_000))}${String(number % 1_000_000_000).padStart(9, '0')}`;
}

/** A telephone number that no operator has given out. */
export function phoneOf(home: Home, no: number): string {
  return `100${String((home.index * 8 + no) % 100_000_000).padStart(8, '0')}`;
}

/** Term of the current identity card by age (居民身份证法 art. 5); `undefined` where there is none. */
export function idCardOf(home: Home, member: Member, today: number): { from: number; to: number | undefined } | undefined {
  const age = ageOn(member.birth, today);
  if (!present(member) || age < 3 || (age < 16 && (home.index + member.no) % 3 === 0)) return undefined;
  const back = (home.index * 31 + member.no * 173) % 1500;
  const from = Math.max(today - 1 - back, age < 16 ? member.birth + 800 : yearsAfter(member.birth, 16));
  const then = ageOn(member.birth, from);
  return { from, to: then < 16 ? yearsAfter(from, 5) : then < 26 ? yearsAfter(from, 10) : then < 46 ? yearsAfter(from, 20) : undefined };
}

function registerHousehold(book: ClaimBook, home: Home, dwelling: Dwelling, today: number): void {
  const { county, code } = home.village.township;
  const since = dateOf(Math.min(yearsAfter(home.head.birth, 20) + 100, today - 30));
  book.add('Household', sourceOf(county, 'GA'), householdNo(home), {
    householdNo: householdNo(home), householdTypeCode: '1', headName: home.head.name, headIdNumber: home.head.idNumber,
    address: dwelling.text, divisionCode: home.village.code, standardAddressCode: dwelling.addressCode, policeStationCode: `${code}180`,
    memberCount: home.members.filter(present).length, status: '在册', establishedOn: since,
  }, since);
}

function registerPerson(book: ClaimBook, home: Home, member: Member, dwelling: Dwelling, today: number): void {
  const { county, code, name: township } = home.village.township;
  const police = sourceOf(county, 'GA');
  const age = ageOn(member.birth, today);
  const card = idCardOf(home, member, today);
  const registered = home.migrant ? `${home.homeDivision}000000` : home.village.code;
  const adult = age >= 18;
  book.add('Person', police, member.idNumber, {
    idNumber: member.idNumber, name: member.name, nameTibetan: member.tibetan,
    formerName: adult && home.random.chance(0.02) ? member.name.slice(0, 1) + home.random.pick(['小红', '建设', '卫东', '招弟']) : undefined,
    genderCode: member.sex, ethnicityCode: member.ethnicity, birthDate: dateOf(member.birth), birthCountryCode: 'CHN',
    birthDivisionCode: member.bornIn, nativeDivisionCode: member.father?.bornIn ?? member.bornIn, nationalityCode: 'CHN',
    educationCode: educationOf(home, member, today), maritalStatusCode: !adult ? undefined : member.relation === '51' || member.relation === '52' ? (member.spouse === undefined ? '30' : '10') : '10',
    militaryServiceCode: adult ? (member.sex === '1' && home.index % 17 === 0 && member.no === 1 ? '2' : '0') : undefined,
    politicalStatusCode: adult ? (home.random.chance(0.07) ? '01' : home.random.chance(0.1) && age < 28 ? '03' : '13') : undefined,
    registeredAddress: home.migrant ? undefined : dwelling.text, registeredDivisionCode: registered,
    residenceAddress: dwelling.text, residenceDivisionCode: home.village.code, standardAddressCode: dwelling.addressCode,
    townshipCode: code, villageCode: home.village.code, policeStationName: `${township}派出所`, policeStationCode: `${code}180`,
    householdNo: home.migrant ? undefined : householdNo(home), householdTypeCode: home.migrant ? undefined : '1',
    relationToHeadCode: home.migrant ? undefined : (member.relation ?? '80'), personStatus: '在籍',
    idCardIssuer: card === undefined ? undefined : organ(county, 'GA').name,
    idCardValidFrom: card === undefined ? undefined : dateOf(card.from), idCardValidTo: card?.to === undefined ? undefined : dateOf(card.to),
    photoRef: card === undefined ? undefined : `synthetic/photo/${home.index}-${member.no}`,
    phone: age >= 14 && present(member) ? phoneOf(home, member.no) : undefined,
  }, dateOf(member.birth));

  const { married } = member;
  if (married !== undefined && married < networked) {
    for (const [round, { code, since }] of marriageOf(home, member, married).entries()) {
      book.add('Person', police, member.idNumber, { idNumber: member.idNumber, maritalStatusCode: code }, dateOf(since), { round: round + 1 });
    }
  }
  const left = { idNumber: member.idNumber, householdNo: null, householdTypeCode: null, relationToHeadCode: null };
  if (member.died !== undefined) {
    const died = dateOf(member.died);
    book.add('Person', police, member.idNumber, { ...left, personStatus: '死亡', deathDate: died, cancelTypeCode: '1' }, died, { round: 3 });
  } else if (member.movedOut !== undefined) {
    const moved = dateOf(member.movedOut);
    book.add('Person', police, member.idNumber, { ...left, personStatus: '迁出', movedOutOn: moved }, moved, { round: 3 });
  }
  registerBusinessItems(book, home, member, today);
}

/** Marital status (GB/T 2261.2) since the marriage, in the order of its days. */
function marriageOf(home: Home, member: Member, married: number): { code: string; since: number }[] {
  const widowed = member.spouse?.died;
  const ended = widowed ?? member.divorced;
  const states = [{ code: home.index % 25 === 0 ? '22' : '21', since: married }];
  if (ended !== undefined && (member.died === undefined || member.died > ended)) states.push({ code: widowed === undefined ? '40' : '30', since: ended });
  return states;
}

/** What other departments say of the same person: marriage by civil affairs, education by schools, work by labour. */
function registerBusinessItems(book: ClaimBook, home: Home, member: Member, today: number): void {
  const { county } = home.village.township;
  const { idNumber, married } = member;
  if (married !== undefined && married >= networked) {
    for (const [round, { code, since }] of marriageOf(home, member, married).entries()) {
      book.add('Person', sourceOf(county, 'MZ'), `MZ-${idNumber}`, { idNumber, maritalStatusCode: code }, dateOf(since), { second: true, round });
    }
  }
  if (!present(member)) return;
  const work = workOf(home, member, today);
  if (work !== undefined && work.code !== '31' && (home.index + member.no) % 6 === 0) {
    book.add('Person', sourceOf(county, 'RS'), `RS-${idNumber}`, { idNumber, employmentStatusCode: work.code }, dateOf(work.from), { second: true });
  }
  const age = ageOn(member.birth, today);
  if (age >= 12 && age < 22) {
    book.add('Person', sourceOf(county, 'JY'), `JY-${idNumber}`, { idNumber, educationCode: educationOf(home, member, today) }, dateOf(yearsAfter(member.birth, age < 15 ? 12 : age < 18 ? 15 : 18)), { second: true });
  }
}

function registerResidence(book: ClaimBook, home: Home, member: Member, dwelling: Dwelling, today: number): void {
  if (!present(member)) return;
  const { county, code } = home.village.township;
  const since = Math.max(member.birth + 5, today - 30 - ((home.index * 97) % 1100));
  const until = yearsAfter(since, home.index % 4 === 0 ? 1 : 5);
  const no = `${county.code}${String(home.index + 1).padStart(8, '0')}${String(member.no).padStart(2, '0')}`;
  book.add('Residence', sourceOf(county, 'GA'), no, {
    residencePermitNo: no, idNumber: member.idNumber, name: member.name, registeredOn: dateOf(since), expiresOn: dateOf(until),
    reasonCode: ageOn(member.birth, today) < 16 ? '05' : '01', homeDivisionCode: home.homeDivision, address: dwelling.text,
    divisionCode: home.village.code, standardAddressCode: dwelling.addressCode, housingType: home.index % 3 === 0 ? '自购' : '租赁',
    landlordName: home.index % 3 === 0 ? undefined : '房东（合成）', landlordPhone: home.index % 3 === 0 ? undefined : phoneOf(home, 9),
    rentalFileNo: home.index % 3 === 0 ? undefined : `ZL${county.code}${String(home.index + 1).padStart(8, '0')}`,
    policeStationCode: `${code}180`, status: until < today ? '过期' : '有效',
  }, dateOf(since));
}

function registerBirth(book: ClaimBook, home: Home, child: Member): void {
  const { county } = home.village.township;
  const issued = dateOf(child.birth + 1 + (home.index % 2));
  const random = home.random;
  const hour = String((home.index + child.no * 5) % 24).padStart(2, '0');
  const { mother, father } = child;
  book.add('BirthCertificate', sourceOf(county, 'WJ'), birthNo(home, child), {
    certNo: birthNo(home, child), childName: child.name, childIdNumber: child.idNumber, genderCode: child.sex,
    // Half past the hour, as the clocks of the county show it (UTC+8).
    bornAt: `${dateOf(child.birth)}T${hour}:30:00+08:00`, birthDate: dateOf(child.birth),
    gestationalWeeks: random.int(36, 41), birthWeight: random.int(2500, 4100), birthLength: `${random.int(46, 53)}.0`,
    birthDivisionCode: `${child.bornIn}000000`, institutionName: `${county.name}人民医院`,
    motherName: mother?.name, motherIdNumber: mother?.idNumber, fatherName: father?.name, fatherIdNumber: father?.idNumber,
    issuerName: `${county.name}人民医院`, issuedOn: issued, issueType: '首次签发', status: '有效',
  }, issued);
}

/** Each relation is told from both sides. */
function registerKin(book: ClaimBook, home: Home): void {
  const { county } = home.village.township;
  const tell = (department: 'GA' | 'MZ', subject: Member, relative: Member, relationCode: string, since: number, basis: string, until?: number): void => {
    book.add('Kinship', sourceOf(county, department), `${subject.idNumber}-${relative.idNumber}-${relationCode}`, {
      subjectIdNumber: subject.idNumber, relativeIdNumber: relative.idNumber, relativeName: relative.name, relationCode, basis,
      validFrom: dateOf(since), validTo: until === undefined ? undefined : dateOf(until), confidence: basis === '户籍' ? '0.95' : '1',
    }, dateOf(since), { until: until === undefined ? undefined : dateOf(until) });
  };
  const child = (member: Member): string => (member.sex === '1' ? '20' : '30');
  for (const member of home.members) {
    const { spouse } = member;
    if (spouse !== undefined && member.married !== undefined) tell('MZ', member, spouse, spouse.sex === '1' ? '11' : '12', member.married, '婚姻登记', member.divorced);
    for (const [parent, code] of [[member.father, '51'], [member.mother, '52']] as const) {
      if (parent === undefined) continue;
      tell('GA', member, parent, code, member.birth, '户籍');
      tell('GA', parent, member, child(member), member.birth, '户籍');
    }
    if (member.relation === '40') {
      for (const elder of [home.head, home.head.spouse]) {
        if (elder === undefined || !present(elder)) continue;
        tell('GA', member, elder, '60', member.birth, '户籍');
        tell('GA', elder, member, '40', member.birth, '户籍');
      }
    }
  }
}

function registerMarriage(book: ClaimBook, home: Home, husband: Member): void {
  const { spouse: wife, married, divorced } = husband;
  if (wife === undefined || married === undefined) return;
  const { county } = home.village.township;
  const parties = {
    partyNames: [husband.name, wife.name], partyIdNumbers: [husband.idNumber, wife.idNumber],
    organName: organ(county, 'MZ').name, organDivisionCode: `${county.code}000000`, status: '有效',
  };
  const no = marriageNo(home, husband);
  book.add('MarriageRecord', sourceOf(county, 'MZ'), no, { certNo: no, type: '结婚', registeredOn: dateOf(married), ...parties }, dateOf(married));
  if (divorced === undefined) return;
  const end = `L${no.slice(1)}`;
  book.add('MarriageRecord', sourceOf(county, 'MZ'), end, {
    certNo: end, type: '离婚', registeredOn: dateOf(divorced), dissolutionMethod: home.index % 3 === 0 ? '调解' : '协议', ...parties,
  }, dateOf(divorced));
}
