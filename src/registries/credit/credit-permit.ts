/**
 * CreditPermit 行政许可 (双公示): one record for each decision and subject; a decision about several subjects is several
 * records, so the key is the record's number and not the decision's.
 * Subjects are organizations or natural persons, and the two never share a column for names and numbers: what is public
 * of an enterprise is sensitive of a person. Looking up by number therefore has a condition of its own in the catalog.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text } from '../columns.ts';
import { holdsOn } from '../derived.ts';
import { record, recordTables } from '../record.ts';
import { counterparty, counterpartyRules, publicity, publicityRules } from './counterparty.ts';

const tables = recordTables('credit_permit', () => ({
  recordNo: text('record_no'),
  ...counterparty(),
  ...publicity(),
  decisionNo: text('decision_no'),
  decisionName: text('decision_name'),
  permitCategory: text('permit_category'),
  certificateName: text('certificate_name'),
  permitNo: text('permit_no'),
  content: text('content'),
  decidedOn: date('decided_on'),
  validFrom: date('valid_from'),
  validTo: date('valid_to'),
  authorityName: text('authority_name'),
  authorityCode: text('authority_code'),
  status: text('status'),
  sourceDepartmentName: text('source_department_name'),
  sourceDepartmentCode: text('source_department_code'),
  remark: text('remark'),
}), {
  unique: ['recordNo'],
  indexed: ['counterpartyUscc', 'counterpartyPersonKey', 'decisionNo'],
  rules: (permit) => [
    ...counterpartyRules('credit_permit', permit),
    ...publicityRules('credit_permit', permit),
    check('credit_permit_permit_category', sql`${permit.permitCategory} in ('01', '02', '03', '04', '05', '06')`),
    check('credit_permit_valid', sql`${permit.validFrom} <= ${permit.validTo}`),
    check('credit_permit_status', sql`${permit.status} in ('有效', '无效')`),
  ],
});

export const { current: creditPermit, versions: creditPermitVersion } = tables;

export const creditPermitRecord = record({
  type: 'CreditPermit',
  registry: 'CREDIT',
  tables,
  key: 'recordNo',
  identifiers: {
    counterpartyUscc: 'uscc', counterpartyIdNumber: 'idNumber', counterpartyOrgCode: 'orgCode',
    legalRepIdNumber: 'idNumber',
  },
  personKeys: { counterpartyPersonKey: 'counterpartyIdNumber', legalRepPersonKey: 'legalRepIdNumber' },
  subject: { persons: ['counterpartyPersonKey'], entities: ['counterpartyUscc'], mentions: { legalRepPersonKey: ['legalRepName', 'legalRepIdType', 'legalRepIdNumber'] } },
  browsable: false,
  derived: { isValidToday: { value: ({ status, validFrom, validTo }, today) => sql`${status} = '有效' and ${holdsOn(today, validFrom, validTo)}` } },
  sources: { default: ['620623-FG', '620600-ZS', '*'] },
});
