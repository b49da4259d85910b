/**
 * House and land: a shop that changes hands, a family that asks for a flat, a herdsman's subsidy.
 */
import { errandsOf } from './errand.ts';
import { listing, otherwise, toldOf, town } from './town.ts';

const { husband, wife, grandmother, hermit, shop } = town;

errandsOf([
  {
    matter: '620623-ZR-BD', subjects: [{ role: 'unit', key: shop }, { role: 'transferor', idNumber: husband }, { role: 'transferee', idNumber: hermit }, { role: 'company', uscc: town.company }],
    claims: { transferorName: '才让', transfereeName: '桑吉', certificateNo: '甘(2021)天祝县不动产权第0099001号', representativeName: '卓玛' },
    held: { MATCH: 'transferorIdentity transfereeIdentity companyRepresentative holder', HELD: 'transferorCard heirs unit estateCertificate', TRUE: 'marriage companyOpen unrestricted unmortgaged notExecuted', PENDING: 'taxPaid' },
    waits: ['契税完税凭证'],
    missing: { without: [toldOf('Certificate', `不动产权证书 ${husband}`)], facts: { estateCertificate: 'NOT_HELD' }, bring: ['不动产权证书'] },
    mismatching: { claims: { transfereeName: '桑杰' }, tells: [otherwise('RealEstateUnit', shop, { restrictions: ['查封', '抵押'] }), listing(husband, '失信被执行人')], facts: { transfereeIdentity: 'MISMATCH', unrestricted: 'FALSE', unmortgaged: 'FALSE', notExecuted: 'FALSE' }, bring: ['当事人居民身份证'] },
    withheld: { items: ['RK-0302'], facts: { marriage: 'WITHHELD' }, bring: ['婚姻状况证明'] },
  },
  {
    matter: '620623-ZJ-GZ', subjects: [{ role: 'applicant', idNumber: grandmother }, { role: 'member', idNumber: wife }], claims: { applicantName: '央金' },
    held: { MATCH: 'identity', HELD: 'household booklet', TRUE: 'noCompany noHome memberNoHome trustworthy', FALSE: 'allowance memberNoCompany', PENDING: 'incomeClass' },
    waits: ['家庭收入证明'],
    missing: { without: [toldOf('Certificate', `户口簿 ${husband}`)], facts: { booklet: 'NOT_HELD' }, bring: ['居民户口簿'] },
    mismatching: { claims: { applicantName: '央宗' }, tells: [listing(grandmother, '严重失信主体名单')], facts: { identity: 'MISMATCH', trustworthy: 'FALSE' }, bring: ['居民身份证'] },
    withheld: { items: ['RK-0053'], facts: { noHome: 'WITHHELD', memberNoHome: 'WITHHELD' }, bring: ['不动产登记查询证明'] },
  },
  {
    matter: '620623-NY-BT', subjects: [{ role: 'farmer', idNumber: husband }, { role: 'cooperative', uscc: town.cooperative }], claims: { farmerName: '才让' },
    held: { MATCH: 'identity', HELD: 'landCertificate land cooperativeStatus', TRUE: 'alive registered cooperativeOpen trustworthy', PENDING: 'plantedArea' },
    waits: ['村委会面积证明'],
    missing: { without: [toldOf('Certificate', `承包经营权证 ${husband}`)], facts: { landCertificate: 'NOT_HELD' }, bring: ['农村土地承包经营权证'] },
    mismatching: { claims: { farmerName: '才旦' }, tells: [otherwise('LegalEntity', town.cooperative, { status: '4' })], facts: { identity: 'MISMATCH', cooperativeOpen: 'FALSE' }, bring: ['居民身份证'] },
    withheld: { items: ['RK-0058'], facts: { trustworthy: 'WITHHELD' }, bring: ['信用承诺书'] },
  },
]);
