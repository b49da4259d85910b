/**
 * Enterprises: a company to be founded, a food business, a company that closes.
 */
import { errandsOf } from './errand.ts';
import { listing, otherwise, penalty, toldOf, town } from './town.ts';

const { husband, wife, grandmother, company, closing, address, shop } = town;

errandsOf([
  {
    matter: '620623-SC-SL',
    subjects: [{ role: 'applicant', idNumber: husband }, { role: 'shareholder', idNumber: wife }, { role: 'shareholder', idNumber: grandmother }, { role: 'corporateShareholder', uscc: town.cooperative }, { role: 'address', key: address }, { role: 'unit', key: shop }],
    claims: { applicantName: '才让', companyName: '天祝新街餐饮有限公司', landlordName: '才让', certificateNo: '甘(2021)天祝县不动产权第0099001号' },
    held: {
      MATCH: 'identity premisesRight', HELD: 'identityCard address', PENDING: 'nameApproved',
      TRUE: 'alive shareholderIdentity shareholderIdentity#1 corporateShareholder nameFree addressInUse notResidential premisesFree eligible shareholderEligible shareholderEligible#1',
    },
    waits: ['企业名称预先核准通知书'],
    missing: { without: [toldOf('StandardAddress', address)], facts: { address: 'NOT_HELD', addressInUse: 'UNKNOWN', notResidential: 'UNKNOWN', nameFree: 'UNKNOWN' }, bring: ['住所使用证明'] },
    mismatching: { claims: { companyName: '天祝雪域食品有限公司', landlordName: '卓玛' }, tells: [listing(husband, '失信被执行人')], facts: { nameFree: 'FALSE', premisesRight: 'MISMATCH', eligible: 'FALSE' }, bring: ['不动产权证书'] },
    withheld: { items: ['KJ-0414'], facts: { premisesRight: 'WITHHELD' }, bring: ['不动产权证书'] },
  },
  {
    matter: '620623-SC-SP', subjects: [{ role: 'company', uscc: company }, { role: 'principal', idNumber: wife }, { role: 'premises', key: address }], claims: { principalName: '卓玛' },
    held: { MATCH: 'principalIdentity principalOfCompany', HELD: 'licence licenceCertificate premises', TRUE: 'principalAlive open premisesInUse noFoodPenalty notBarred principalNotBarred', PENDING: 'healthCertificate' },
    waits: ['从业人员健康证明'],
    missing: { without: [toldOf('Certificate', `营业执照 ${company}`)], facts: { licenceCertificate: 'NOT_HELD' }, bring: ['营业执照'] },
    // Fined for food, and not barred from it.
    mismatching: { claims: { principalName: '才让' }, tells: [penalty(company, '食品安全违法', ['罚款'])], facts: { principalIdentity: 'MISMATCH', principalOfCompany: 'MISMATCH', noFoodPenalty: 'FALSE' }, bring: ['负责人居民身份证', '任职证明'] },
    withheld: { items: ['RK-0057'], facts: { principalNotBarred: 'WITHHELD' }, bring: ['守法经营承诺书'] },
  },
  {
    matter: '620623-SC-ZX', subjects: [{ role: 'company', uscc: closing }], claims: { companyName: '天祝旧街商贸有限公司' },
    held: { MATCH: 'identity', HELD: 'licence licenceCertificate', TRUE: 'open branchesClosed noOpenPenalty notListed', PENDING: 'taxCleared socialCleared' },
    waits: ['清税证明', '社会保险清缴证明'],
    missing: { without: [toldOf('Certificate', `营业执照 ${closing}`)], facts: { licenceCertificate: 'NOT_HELD' }, bring: ['营业执照'] },
    mismatching: { claims: { companyName: '天祝新街商贸有限公司' }, tells: [penalty(closing, '税收违法', ['罚款']), otherwise('Branch', town.branch, { status: '1' })], facts: { identity: 'MISMATCH', noOpenPenalty: 'FALSE', branchesClosed: 'FALSE' }, bring: ['营业执照'] },
    withheld: { items: ['ZZ-0102'], facts: { licenceCertificate: 'WITHHELD' }, bring: ['营业执照'] },
  },
]);
