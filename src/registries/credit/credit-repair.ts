/**
 * CreditRepair 信用修复: the repair of one penalty or listing (发改令58; newer rules also end sharing and use).
 * It keeps the dates from which the repaired record is no longer published, shared and used; it does not act on them.
 * Subjects are organizations or natural persons, and the two never share a column for names and numbers: what is public
 * of an enterprise is sensitive of a person. Looking up by number therefore has a condition of its own in the catalog.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';
import { counterparty, counterpartyRules } from './counterparty.ts';

const tables = recordTables('credit_repair', () => ({
  recordNo: text('record_no'),
  ...counterparty(),
  targetKind: text('target_kind'),
  penaltyRecordNo: text('penalty_record_no'),
  listingRecordNo: text('listing_record_no'),
  severity: text('severity'),
  method: text('method'),
  appliedOn: date('applied_on'),
  acceptedOn: date('accepted_on'),
  decidedOn: date('decided_on'),
  result: text('result'),
  refusalReason: text('refusal_reason'),
  organName: text('organ_name'),
  organCode: text('organ_code'),
  publicityEndedOn: date('publicity_ended_on'),
  sharingStoppedOn: date('sharing_stopped_on'),
  sourceDepartmentName: text('source_department_name'),
  sourceDepartmentCode: text('source_department_code'),
}), {
  unique: ['recordNo'],
  indexed: ['counterpartyUscc', 'counterpartyPersonKey', 'penaltyRecordNo', 'listingRecordNo'],
  rules: (repair) => [
    ...counterpartyRules('credit_repair', repair),
    check('credit_repair_target_kind', sql`${repair.targetKind} in (
      '行政处罚', '严重失信主体名单', '经营异常名录', '失信被执行人', '其他失信信息'
    )`),
    check('credit_repair_severity', sql`${repair.severity} in ('轻微', '一般', '严重')`),
    check('credit_repair_method', sql`${repair.method} in ('终止公示', '移出名单', '停止共享使用')`),
    check('credit_repair_result', sql`${repair.result} in ('受理中', '准予', '不予', '撤销')`),
    check('credit_repair_decided_after_applied', sql`${repair.appliedOn} <= ${repair.decidedOn}`),
    check('credit_repair_one_target', sql`num_nonnulls(${repair.penaltyRecordNo}, ${repair.listingRecordNo}) <= 1`),
  ],
});

export const { current: creditRepair, versions: creditRepairVersion } = tables;

export const creditRepairRecord = record({
  type: 'CreditRepair',
  registry: 'CREDIT',
  tables,
  key: 'recordNo',
  identifiers: { counterpartyUscc: 'uscc', counterpartyIdNumber: 'idNumber' },
  personKeys: { counterpartyPersonKey: 'counterpartyIdNumber' },
  subject: { persons: ['counterpartyPersonKey'], entities: ['counterpartyUscc'] },
  browsable: false,
  sources: { default: ['620623-FG', '620600-ZS', '*'] },
});
