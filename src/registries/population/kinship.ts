/**
 * Kinship 亲属关系: who somebody's kin are, one record for each direction ("relative is subject's ..."), and on what basis.
 * It has no number of its own, so it is reached from a person only. Whether both directions are there is not checked
 * here: sources tell them apart from one another, and a lone direction is still a fact.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('kinship', () => ({
  subjectIdNumber: text('subject_id_number'),
  subjectPersonKey: text('subject_person_key'),
  relativeIdNumber: text('relative_id_number'),
  relativePersonKey: text('relative_person_key'),
  relativeName: text('relative_name'),
  relationCode: text('relation_code'),
  basis: text('basis'),
  basisNo: text('basis_no'),
  validFrom: date('valid_from'),
  validTo: date('valid_to'),
  confidence: decimal('confidence', 3, 2),
}), {
  indexed: ['subjectPersonKey', 'relativePersonKey'],
  rules: (kinship) => [
    check('kinship_subject_id_number', sql`${kinship.subjectIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('kinship_relative_id_number', sql`${kinship.relativeIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('kinship_not_oneself', sql`${kinship.subjectIdNumber} <> ${kinship.relativeIdNumber}`),
    check('kinship_relation_code', sql`${kinship.relationCode} ~ '^[0-9]{2}$'`),
    check('kinship_basis', sql`${kinship.basis} in ('户籍', '婚姻登记', '出生医学证明', '收养登记', '司法文书')`),
    check('kinship_valid', sql`${kinship.validFrom} <= ${kinship.validTo}`),
    check('kinship_confidence', sql`${kinship.confidence} between 0 and 1`),
  ],
});

export const { current: kinship, versions: kinshipVersion } = tables;

export const kinshipRecord = record({
  type: 'Kinship',
  registry: 'POPULATION',
  tables,
  identifiers: { subjectIdNumber: 'idNumber', relativeIdNumber: 'idNumber' },
  personKeys: { subjectPersonKey: 'subjectIdNumber', relativePersonKey: 'relativeIdNumber' },
  subject: { persons: ['subjectPersonKey'], mentions: { relativePersonKey: ['relativeName', 'relativeIdNumber'] } },
  browsable: false,
  sources: { default: ['620623-GA', '620623-MZ', '620623-WJ', '620600-GA', '*'] },
});
