/**
 * CreditPenalty 行政处罚 (双公示): one record for each decision and subject. Kinds of penalty are those of
 * 行政处罚法 art. 9; one decision may carry several. A minor is never published, so no record of a minor belongs here.
 * Subjects are organizations or natural persons, and the two never share a column for names and numbers: what is public
 * of an enterprise is sensitive of a person. Looking up by number therefore has a condition of its own in the catalog.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, text, textList } from '../columns.ts';
import { record, recordTables } from '../record.ts';
import { counterparty, counterpartyRules, publicity, publicityRules } from './counterparty.ts';

const tables = recordTables('credit_penalty', () => ({
  recordNo: text('record_no'),
  ...counterparty(),
  ...publicity(),
  decisionNo: text('decision_no'),
  offenceKind: text('offence_kind'),
  offenceFacts: text('offence_facts'),
  penaltyBasis: text('penalty_basis'),
  penaltyKinds: textList('penalty_kinds'),
  procedure: text('procedure'),
  content: text('content'),
  fineAmount: decimal('fine_amount', 16, 6),
  confiscatedAmount: decimal('confiscated_amount', 16, 6),
  affectedCertificate: text('affected_certificate'),
  decidedOn: date('decided_on'),
  validTo: date('valid_to'),
  publicUntil: date('public_until'),
  authorityName: text('authority_name'),
  authorityCode: text('authority_code'),
  publicStatus: text('public_status'),
  withdrawnReason: text('withdrawn_reason'),
  sourceDepartmentName: text('source_department_name'),
  sourceDepartmentCode: text('source_department_code'),
  remark: text('remark'),
}), {
  unique: ['recordNo'],
  indexed: ['counterpartyUscc', 'counterpartyPersonKey', 'decisionNo'],
  rules: (penalty) => [
    ...counterpartyRules('credit_penalty', penalty),
    ...publicityRules('credit_penalty', penalty),
    check('credit_penalty_penalty_kinds', sql`${penalty.penaltyKinds} <@ array[
      '警告', '通报批评', '罚款', '没收违法所得', '没收非法财物', '暂扣许可证件', '降低资质等级',
      '吊销许可证件', '限制开展生产经营活动', '责令停产停业', '责令关闭', '限制从业', '行政拘留', '其他'
    ]`),
    check('credit_penalty_procedure', sql`${penalty.procedure} in ('01', '02')`),
    check('credit_penalty_fine_amount', sql`${penalty.fineAmount} >= 0`),
    check('credit_penalty_confiscated_amount', sql`${penalty.confiscatedAmount} >= 0`),
    check('credit_penalty_public_status', sql`${penalty.publicStatus} in ('公示中', '终止公示', '不公示')`),
  ],
});

export const { current: creditPenalty, versions: creditPenaltyVersion } = tables;

export const creditPenaltyRecord = record({
  type: 'CreditPenalty',
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
  sources: { default: ['620623-FG', '620600-ZS', '*'] },
});
