/**
 * DisabilityRecord 残疾人证登记 (残联): certificate, kind and level of disability. Even that such a record exists is
 * sensitive (PIPL art. 28). The number begins with the holder's ID number, so it is as sensitive as the rest.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('disability_record', () => ({
  certNo: text('cert_no'),
  idNumber: text('id_number'),
  personKey: text('person_key'),
  name: text('name'),
  kindCode: text('kind_code'),
  levelCode: text('level_code'),
  guardianName: text('guardian_name'),
  guardianIdNumber: text('guardian_id_number'),
  guardianPersonKey: text('guardian_person_key'),
  assessedOn: date('assessed_on'),
  assessor: text('assessor'),
  issuer: text('issuer'),
  issuedOn: date('issued_on'),
  validTo: date('valid_to'),
  status: text('status'),
  cancelledOn: date('cancelled_on'),
  cancelReason: text('cancel_reason'),
}), {
  unique: ['certNo'],
  indexed: ['personKey'],
  rules: (disability) => [
    check('disability_record_cert_no', sql`${disability.certNo} ~ '^[0-9]{17}[0-9X][1-7][1-4]$'`),
    check('disability_record_id_number', sql`${disability.idNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('disability_record_guardian_id_number', sql`${disability.guardianIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('disability_record_kind_code', sql`${disability.kindCode} ~ '^[1-7]$'`),
    check('disability_record_level_code', sql`${disability.levelCode} ~ '^[1-4]$'`),
    check('disability_record_valid', sql`${disability.issuedOn} <= ${disability.validTo}`),
    check('disability_record_status', sql`${disability.status} in ('有效', '冻结', '注销')`),
  ],
});

export const { current: disabilityRecord, versions: disabilityRecordVersion } = tables;

export const disabilityRecordRecord = record({
  type: 'DisabilityRecord',
  registry: 'POPULATION',
  tables,
  key: 'certNo',
  identifiers: { certNo: 'disabilityCertificate', idNumber: 'idNumber', guardianIdNumber: 'idNumber' },
  personKeys: { personKey: 'idNumber', guardianPersonKey: 'guardianIdNumber' },
  subject: { persons: ['personKey'], mentions: { guardianPersonKey: ['guardianName', 'guardianIdNumber'] } },
  browsable: false,
  sources: { default: ['620623-CL', '620600-ZS', '*'] },
});
