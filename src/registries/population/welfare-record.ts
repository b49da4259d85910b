/**
 * WelfareRecord 社会救助与福利待遇 (民政): 低保, 特困, 临时救助, orphans, allowances; one record for
 * each person and grant. Bank accounts are not kept here: no department needs them from the hub.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, integer, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('welfare_record', () => ({
  recordNo: text('record_no'),
  idNumber: text('id_number'),
  personKey: text('person_key'),
  name: text('name'),
  kind: text('kind'),
  level: text('level'),
  certNo: text('cert_no'),
  householdNo: text('household_no'),
  coveredPersons: integer('covered_persons'),
  divisionCode: text('division_code'),
  approvedOn: date('approved_on'),
  approvalOrgan: text('approval_organ'),
  validFrom: date('valid_from'),
  validTo: date('valid_to'),
  monthlyAmount: decimal('monthly_amount', 12, 2),
  status: text('status'),
  endReason: text('end_reason'),
}), {
  unique: ['recordNo'],
  indexed: ['personKey', 'householdNo'],
  rules: (welfare) => [
    check('welfare_record_id_number', sql`${welfare.idNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('welfare_record_kind', sql`${welfare.kind} in (
      '城市低保', '农村低保', '特困', '临时救助', '孤儿', '事实无人抚养儿童', '困难残疾人生活补贴',
      '重度残疾人护理补贴', '高龄津贴'
    )`),
    check('welfare_record_covered_persons', sql`${welfare.coveredPersons} > 0`),
    check('welfare_record_division_code', sql`${welfare.divisionCode} ~ '^[0-9]{12}$'`),
    check('welfare_record_valid', sql`${welfare.validFrom} <= ${welfare.validTo}`),
    check('welfare_record_monthly_amount', sql`${welfare.monthlyAmount} >= 0`),
    check('welfare_record_status', sql`${welfare.status} in ('在享', '暂停', '终止')`),
  ],
});

export const { current: welfareRecord, versions: welfareRecordVersion } = tables;

export const welfareRecordRecord = record({
  type: 'WelfareRecord',
  registry: 'POPULATION',
  tables,
  key: 'recordNo',
  identifiers: { idNumber: 'idNumber', divisionCode: 'divisionCode' },
  personKeys: { personKey: 'idNumber' },
  subject: { persons: ['personKey'], place: 'divisionCode' },
  browsable: false,
  sources: { default: ['620623-MZ', '620600-ZS', '*'] },
});
