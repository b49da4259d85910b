/**
 * Assistance (社会救助与福利): a herdsman's family on 低保, an old man without kin, an orphan, a disabled person, a grandmother of eighty-six.
 */
import { errandsOf } from './errand.ts';
import { otherwise, toldOf, town, welfare } from './town.ts';

const { husband, wife, grandmother, orphan, hermit, late } = town;

errandsOf([
  {
    matter: '620623-MZ-DB', subjects: [{ role: 'applicant', idNumber: husband }, { role: 'member', idNumber: wife }, { role: 'member', idNumber: grandmother }], claims: { applicantName: '才让' },
    // 卓玛 is the representative of a company: that is answered, and no paper has to say it.
    held: { MATCH: 'identity', HELD: 'household booklet kin marriage disability disabilityCard pensionAmount', TRUE: 'alive memberAlive memberAlive#1 pension memberPension memberPension#1 noCompany memberNoCompany#1 oneHome memberNoHome memberNoHome#1', FALSE: 'memberNoCompany', PENDING: 'imprisonment income' },
    waits: ['服刑情况证明', '家庭收入证明'],
    missing: { without: [toldOf('Certificate', `残疾人证 ${husband}`)], facts: { disabilityCard: 'NOT_HELD' }, bring: ['残疾人证'] },
    mismatching: { claims: { applicantName: '才旦' }, tells: [otherwise('Person', grandmother, { personStatus: '死亡', deathDate: '2026-10-01' })], facts: { identity: 'MISMATCH', 'memberAlive#1': 'FALSE' }, bring: ['居民身份证'] },
    withheld: { items: ['RK-0604'], facts: { disability: 'WITHHELD' }, bring: ['残疾人证'] },
  },
  {
    matter: '620623-MZ-TK', subjects: [{ role: 'applicant', idNumber: hermit }], claims: { applicantName: '桑吉' },
    held: { MATCH: 'identity', HELD: 'household kin house', TRUE: 'noSupporter parentsDead unable alive', PENDING: 'selfCare' },
    waits: ['生活自理能力评估表'],
    // Of whose parents nothing is registered, it is not known that they have died.
    missing: { without: late.map((parent) => toldOf('Kinship', `${hermit}-${parent}`)), facts: { kin: 'NOT_HELD', parentsDead: 'UNKNOWN' }, bring: ['亲属关系证明', '父母死亡证明'] },
    mismatching: { claims: { applicantName: '桑杰' }, facts: { identity: 'MISMATCH' }, bring: ['居民身份证'] },
    withheld: { items: ['RK-0204'], facts: { kin: 'WITHHELD', noSupporter: 'WITHHELD', parentsDead: 'WITHHELD' }, bring: ['亲属关系证明', '无法定义务人声明', '父母死亡证明'] },
  },
  {
    matter: '620623-MZ-LS', subjects: [{ role: 'applicant', idNumber: husband }], claims: { applicantName: '才让' },
    held: { MATCH: 'identity', HELD: 'household kin house', TRUE: 'disability allowance notHelpedThisYear', FALSE: 'parentsDead', PENDING: 'hardship' },
    waits: ['急难情形证明'],
    missing: { without: [wife, town.son, grandmother].map((one) => toldOf('Kinship', `${husband}-${one}`)), facts: { kin: 'NOT_HELD', parentsDead: 'UNKNOWN' }, bring: ['亲属关系证明'] },
    mismatching: { claims: { applicantName: '才旦' }, tells: [otherwise('DisabilityRecord', husband, { status: '注销' })], facts: { identity: 'MISMATCH', disability: 'FALSE' }, bring: ['居民身份证'] },
    withheld: { items: ['RK-0613'], facts: { disability: 'WITHHELD' }, bring: ['残疾人证'] },
  },
  {
    matter: '620623-MZ-GE', subjects: [{ role: 'child', idNumber: orphan }, { role: 'guardian', idNumber: husband }], claims: { childName: '索南', guardianName: '才让' },
    held: { MATCH: 'identity guardianIdentity', HELD: 'kin house', TRUE: 'minor registered parentsDead guardianAlive', PENDING: 'parentsMissing' },
    waits: ['人民法院裁判文书'],
    missing: { without: late.map((parent) => toldOf('Kinship', `${orphan}-${parent}`)), facts: { kin: 'NOT_HELD', parentsDead: 'UNKNOWN' }, bring: ['亲属关系证明', '父母死亡证明'] },
    mismatching: { claims: { guardianName: '才旦' }, tells: [otherwise('Person', late[0], { personStatus: '在籍', deathDate: null })], facts: { guardianIdentity: 'MISMATCH', parentsDead: 'FALSE' }, bring: ['监护人居民身份证'] },
    withheld: { items: ['RK-0250'], facts: { kin: 'WITHHELD', parentsDead: 'WITHHELD' }, bring: ['亲属关系证明', '父母死亡证明'] },
  },
  {
    matter: '620623-MZ-CJ', subjects: [{ role: 'applicant', idNumber: husband }], claims: { applicantName: '才让' },
    held: { MATCH: 'identity', HELD: 'disability disabilityCard allowanceCard', TRUE: 'registered alive severe allowance' },
    missing: { without: [toldOf('Certificate', `低保证 ${husband}`)], facts: { allowanceCard: 'NOT_HELD' }, bring: ['低保证'] },
    // He has moved his registration away.
    mismatching: { claims: { applicantName: '才旦' }, tells: [otherwise('Person', husband, { registeredDivisionCode: '620622100001' })], facts: { identity: 'MISMATCH', registered: 'FALSE' }, bring: ['居民身份证'] },
    withheld: { items: ['RK-0605'], facts: { disability: 'WITHHELD', severe: 'WITHHELD' }, bring: ['残疾人证'] },
  },
  {
    matter: '620623-MZ-GL', subjects: [{ role: 'applicant', idNumber: grandmother }], claims: { applicantName: '央金' },
    held: { MATCH: 'identity', HELD: 'identityCard village', TRUE: 'eighty registered alive notPaid' },
    missing: { without: [toldOf('Certificate', `身份证 ${grandmother}`)], facts: { identityCard: 'NOT_HELD' }, bring: ['居民身份证'] },
    mismatching: { claims: { applicantName: '央宗' }, tells: [welfare(grandmother, '高龄津贴')], facts: { identity: 'MISMATCH', notPaid: 'FALSE' }, bring: ['居民身份证'] },
    withheld: { items: ['RK-0018'], facts: { registered: 'WITHHELD' }, bring: ['居民户口簿'] },
  },
]);
