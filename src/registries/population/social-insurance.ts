/**
 * SocialInsurance 社会保险参保 (人社): one record for each person, branch of insurance and unit, in the terms of the labour
 * standard (aac001, aab001, aae140, aac008, aac031). It has no number of its own, so it is reached from a person only.
 * Code lists differ between releases of that standard, so only their form is checked.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, integer, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('social_insurance', () => ({
  personNo: text('person_no'),
  idNumber: text('id_number'),
  personKey: text('person_key'),
  name: text('name'),
  unitNo: text('unit_no'),
  employerName: text('employer_name'),
  employerUscc: text('employer_uscc'),
  insuranceKindCode: text('insurance_kind_code'),
  participationStatusCode: text('participation_status_code'),
  paymentStatusCode: text('payment_status_code'),
  insuredDivisionCode: text('insured_division_code'),
  startedOn: date('started_on'),
  suspendedOn: date('suspended_on'),
  paidThrough: date('paid_through'),
  paidMonths: integer('paid_months'),
  contributionBase: decimal('contribution_base', 12, 2),
  benefitStatus: text('benefit_status'),
  benefitFrom: date('benefit_from'),
  monthlyBenefit: decimal('monthly_benefit', 12, 2),
}), {
  indexed: ['personKey'],
  rules: (insurance) => [
    check('social_insurance_id_number', sql`${insurance.idNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('social_insurance_employer_uscc', sql`${insurance.employerUscc} ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'`),
    check('social_insurance_insurance_kind_code', sql`${insurance.insuranceKindCode} ~ '^[0-9]{3}$'`),
    check('social_insurance_participation_status_code', sql`${insurance.participationStatusCode} ~ '^[0-9]{1,2}$'`),
    check('social_insurance_payment_status_code', sql`${insurance.paymentStatusCode} ~ '^[0-9]{1,2}$'`),
    check('social_insurance_insured_division_code', sql`${insurance.insuredDivisionCode} ~ '^[0-9]{12}$'`),
    check('social_insurance_paid_months', sql`${insurance.paidMonths} >= 0`),
    check('social_insurance_contribution_base', sql`${insurance.contributionBase} >= 0`),
    check('social_insurance_benefit_status', sql`${insurance.benefitStatus} in ('未享受', '享受', '暂停', '终止')`),
    check('social_insurance_monthly_benefit', sql`${insurance.monthlyBenefit} >= 0`),
    check('social_insurance_suspended_after_start', sql`${insurance.startedOn} <= ${insurance.suspendedOn}`),
  ],
});

export const { current: socialInsurance, versions: socialInsuranceVersion } = tables;

export const socialInsuranceRecord = record({
  type: 'SocialInsurance',
  registry: 'POPULATION',
  tables,
  identifiers: { idNumber: 'idNumber', employerUscc: 'uscc', insuredDivisionCode: 'divisionCode' },
  personKeys: { personKey: 'idNumber' },
  subject: { persons: ['personKey'], place: 'insuredDivisionCode' },
  browsable: false,
  sources: { default: ['620623-RS', '620600-ZS', '*'] },
});
