/**
 * CreditCommitment 信用承诺: what a subject promised in writing, for which matter, and whether it was kept.
 * An unkept commitment is a fact here; what follows from it is decided elsewhere.
 * Subjects are organizations or natural persons, and the two never share a column for names and numbers: what is public
 * of an enterprise is sensitive of a person. Looking up by number therefore has a condition of its own in the catalog.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';
import { counterparty, counterpartyRules } from './counterparty.ts';

const tables = recordTables('credit_commitment', () => ({
  recordNo: text('record_no'),
  ...counterparty(),
  kind: text('kind'),
  matterName: text('matter_name'),
  matterCode: text('matter_code'),
  content: text('content'),
  breachLiability: text('breach_liability'),
  committedOn: date('committed_on'),
  validTo: date('valid_to'),
  receivedByName: text('received_by_name'),
  receivedByCode: text('received_by_code'),
  fulfilment: text('fulfilment'),
  fulfilmentConfirmedOn: date('fulfilment_confirmed_on'),
  sourceDepartmentName: text('source_department_name'),
  sourceDepartmentCode: text('source_department_code'),
}), {
  unique: ['recordNo'],
  indexed: ['counterpartyUscc', 'counterpartyPersonKey'],
  rules: (commitment) => [
    ...counterpartyRules('credit_commitment', commitment),
    check('credit_commitment_kind', sql`${commitment.kind} in (
      '审批替代型', '容缺受理型', '证明事项告知', '主动公示型', '行业自律型', '信用修复型'
    )`),
    check('credit_commitment_valid', sql`${commitment.committedOn} <= ${commitment.validTo}`),
    check('credit_commitment_fulfilment', sql`${commitment.fulfilment} in ('履行中', '已履行', '未履行')`),
  ],
});

export const { current: creditCommitment, versions: creditCommitmentVersion } = tables;

export const creditCommitmentRecord = record({
  type: 'CreditCommitment',
  registry: 'CREDIT',
  tables,
  key: 'recordNo',
  identifiers: { counterpartyUscc: 'uscc', counterpartyIdNumber: 'idNumber', matterCode: 'implementationCode' },
  personKeys: { counterpartyPersonKey: 'counterpartyIdNumber' },
  subject: { persons: ['counterpartyPersonKey'], entities: ['counterpartyUscc'] },
  browsable: false,
  sources: { default: ['620623-FG', '620600-ZS', '*'] },
});
