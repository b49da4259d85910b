/**
 * MedicalInsurance 基本医疗保险参保 (医保): who is insured where, as what, and paid until when. Treatment, diagnoses and
 * settlements do not enter the hub. It has no number of its own, so it is reached from a person only.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, integer, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('medical_insurance', () => ({
  personNo: text('person_no'),
  idNumber: text('id_number'),
  personKey: text('person_key'),
  name: text('name'),
  insuranceKindCode: text('insurance_kind_code'),
  personCategoryCode: text('person_category_code'),
  participationStatus: text('participation_status'),
  insuredDivisionCode: text('insured_division_code'),
  employerName: text('employer_name'),
  employerUscc: text('employer_uscc'),
  startedOn: date('started_on'),
  suspendedOn: date('suspended_on'),
  insuredYear: integer('insured_year'),
  paidThrough: date('paid_through'),
  subsidizedKind: text('subsidized_kind'),
}), {
  indexed: ['personKey'],
  rules: (insurance) => [
    check('medical_insurance_id_number', sql`${insurance.idNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('medical_insurance_insurance_kind_code', sql`${insurance.insuranceKindCode} ~ '^[0-9]{3}$'`),
    check('medical_insurance_participation_status', sql`${insurance.participationStatus} in (
      '正常参保', '暂停参保', '终止参保'
    )`),
    check('medical_insurance_insured_division_code', sql`${insurance.insuredDivisionCode} ~ '^[0-9]{12}$'`),
    check('medical_insurance_employer_uscc', sql`${insurance.employerUscc} ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'`),
    check('medical_insurance_insured_year', sql`${insurance.insuredYear} between 1990 and 2200`),
    check('medical_insurance_suspended_after_start', sql`${insurance.startedOn} <= ${insurance.suspendedOn}`),
  ],
});

export const { current: medicalInsurance, versions: medicalInsuranceVersion } = tables;

export const medicalInsuranceRecord = record({
  type: 'MedicalInsurance',
  registry: 'POPULATION',
  tables,
  identifiers: { idNumber: 'idNumber', employerUscc: 'uscc', insuredDivisionCode: 'divisionCode' },
  personKeys: { personKey: 'idNumber' },
  subject: { persons: ['personKey'], place: 'insuredDivisionCode' },
  browsable: false,
  sources: { default: ['620623-YB', '620600-ZS', '*'] },
});
