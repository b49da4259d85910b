/**
 * MarriageRecord 婚姻登记 (民政): one act of registration, a marriage or a divorce, with its parties in the order registered.
 * Numbers older than the national scheme have other forms, so the form of `certNo` is not checked. A party without a
 * citizen's number stands among the names only.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text, textList } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('marriage_record', () => ({
  certNo: text('cert_no'),
  type: text('type'),
  partyNames: textList('party_names'),
  partyIdNumbers: textList('party_id_numbers'),
  partyPersonKeys: textList('party_person_keys'),
  registeredOn: date('registered_on'),
  organName: text('organ_name'),
  organDivisionCode: text('organ_division_code'),
  dissolutionMethod: text('dissolution_method'),
  status: text('status'),
}), {
  unique: ['certNo'],
  indexed: ['partyPersonKeys'],
  rules: (marriage) => [
    check('marriage_record_type', sql`${marriage.type} in ('结婚', '离婚')`),
    check('marriage_record_party_id_numbers', sql`cardinality(${marriage.partyIdNumbers}) <= 2`),
    check('marriage_record_party_names', sql`cardinality(${marriage.partyNames}) <= 2`),
    check('marriage_record_organ_division_code', sql`${marriage.organDivisionCode} ~ '^[0-9]{12}$'`),
    check('marriage_record_dissolution_method', sql`${marriage.dissolutionMethod} in ('协议', '判决', '调解')`),
    check('marriage_record_status', sql`${marriage.status} in ('有效', '撤销', '宣告无效')`),
  ],
});

export const { current: marriageRecord, versions: marriageRecordVersion } = tables;

export const marriageRecordRecord = record({
  type: 'MarriageRecord',
  registry: 'POPULATION',
  tables,
  key: 'certNo',
  identifiers: { partyIdNumbers: 'idNumber', organDivisionCode: 'divisionCode' },
  personKeys: { partyPersonKeys: 'partyIdNumbers' },
  subject: { persons: ['partyPersonKeys'] },
  browsable: false,
  sources: { default: ['620623-MZ', '620600-ZS', '*'] },
});
