/**
 * A family's life: a birth, a child's first school, insurance for old age and for illness.
 */
import { errandsOf } from './errand.ts';
import { otherwise, toldOf, town } from './town.ts';

const { husband, wife, son, birth, company } = town;

errandsOf([
  {
    matter: '620623-WJ-CS', subjects: [{ role: 'mother', idNumber: wife }, { role: 'father', idNumber: husband }, { role: 'birth', key: birth }],
    claims: { motherName: '卓玛', fatherName: '才让', childName: '梅朵', birthDate: '2026-11-01' },
    held: { MATCH: 'motherIdentity fatherIdentity married childAsWritten parentsAsWritten', HELD: 'marriageCertificate birthCertificate household address', TRUE: 'motherInsured', PENDING: 'registration socialCard' },
    missing: { without: [toldOf('BirthCertificate', birth)], facts: { birthCertificate: 'NOT_HELD', childAsWritten: 'MISMATCH', parentsAsWritten: 'MISMATCH' }, bring: ['出生医学证明'] },
    mismatching: { claims: { childName: '梅花' }, tells: [otherwise('MarriageRecord', 'J-99', { status: '撤销' })], facts: { childAsWritten: 'MISMATCH', married: 'MISMATCH' }, bring: ['出生医学证明', '结婚证'] },
    withheld: { items: ['RK-0303'], facts: { married: 'WITHHELD' }, bring: ['结婚证'] },
  },
  {
    matter: '620623-JY-RX', subjects: [{ role: 'child', idNumber: son }, { role: 'guardian', idNumber: husband }, { role: 'home', key: town.shop }], claims: { childName: '多吉', guardianName: '才让' },
    held: { MATCH: 'identity guardianIdentity kinship ownHome', HELD: 'booklet address', TRUE: 'sixYears registered resident', PENDING: 'district' },
    missing: { without: [toldOf('RealEstateUnit', town.shop)], facts: { ownHome: 'MISMATCH' }, bring: ['不动产权证书'] },
    // 卓玛 is the mother, so kinship matches; but the number is 才让's, and so is the house.
    mismatching: { claims: { guardianName: '卓玛' }, facts: { guardianIdentity: 'MISMATCH', ownHome: 'MISMATCH' }, bring: ['监护人居民身份证', '不动产权证书'] },
    withheld: { items: ['KJ-0411'], facts: { ownHome: 'WITHHELD' }, bring: ['不动产权证书'] },
  },
  {
    matter: '620623-RS-YL', subjects: [{ role: 'applicant', idNumber: wife }], claims: { applicantName: '卓玛' },
    held: { MATCH: 'identity', HELD: 'village', TRUE: 'registered sixteen alive notInsured noEmployer' },
    // Nobody tells of her any more: nothing is known, and nothing is said to be untrue.
    missing: {
      without: [toldOf('Person', wife)], facts: { identity: 'MISMATCH', village: 'NOT_HELD', registered: 'UNKNOWN', sixteen: 'UNKNOWN', alive: 'UNKNOWN', notInsured: 'UNKNOWN', noEmployer: 'UNKNOWN' },
      bring: ['居民身份证', '居民户口簿', '生存认证', '未参加职工养老保险承诺书', '居住证明'],
    },
    mismatching: { claims: { applicantName: '卓嘎' }, tells: [otherwise('SocialInsurance', `rs ${wife}`, { insuranceKindCode: '110', employerUscc: company })], facts: { identity: 'MISMATCH', notInsured: 'FALSE', noEmployer: 'FALSE' }, bring: ['居民身份证'] },
    withheld: { items: ['RK-0018'], facts: { registered: 'WITHHELD', village: 'WITHHELD' }, bring: ['居民户口簿', '居住证明'] },
  },
  {
    matter: '620623-YB-CB', subjects: [{ role: 'applicant', idNumber: husband }], claims: { applicantName: '才让' },
    held: { MATCH: 'identity', HELD: 'age village', TRUE: 'registered alive notInsured noEmployer subsidised' },
    missing: { without: [toldOf('WelfareRecord', `农村低保 ${husband}`), toldOf('Person', husband)], facts: { identity: 'MISMATCH', age: 'NOT_HELD', village: 'NOT_HELD', registered: 'UNKNOWN', alive: 'UNKNOWN', notInsured: 'UNKNOWN', noEmployer: 'UNKNOWN', subsidised: 'UNKNOWN' }, bring: ['居民身份证', '居民户口簿', '未重复参保承诺书', '低保证', '居住证明'] },
    mismatching: { claims: { applicantName: '才旦' }, tells: [otherwise('MedicalInsurance', `yb ${husband}`, { insuranceKindCode: '310', employerUscc: company })], facts: { identity: 'MISMATCH', notInsured: 'FALSE', noEmployer: 'FALSE' }, bring: ['居民身份证'] },
    withheld: { items: ['RK-0515'], facts: { subsidised: 'WITHHELD' }, bring: ['低保证'] },
  },
]);
