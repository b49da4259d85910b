/**
 * The population library (人口): its record types and its edges, in one wall.
 */
import type { RecordModel } from '../record.ts';
import { birthCertificateRecord } from './birth-certificate.ts';
import { disabilityRecordRecord } from './disability-record.ts';
import { householdRecord } from './household.ts';
import { kinshipRecord } from './kinship.ts';
import { marriageRecordRecord } from './marriage-record.ts';
import { medicalInsuranceRecord } from './medical-insurance.ts';
import { personRecord } from './person.ts';
import { residenceRecord } from './residence.ts';
import { socialInsuranceRecord } from './social-insurance.ts';
import { welfareRecordRecord } from './welfare-record.ts';

export { links } from './links.ts';

export const records: readonly RecordModel[] = [
  personRecord,
  householdRecord,
  kinshipRecord,
  marriageRecordRecord,
  birthCertificateRecord,
  welfareRecordRecord,
  disabilityRecordRecord,
  socialInsuranceRecord,
  medicalInsuranceRecord,
  residenceRecord,
];
