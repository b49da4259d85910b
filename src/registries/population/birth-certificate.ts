/**
 * BirthCertificate 出生医学证明 (卫健): the birth, the child and the parents as the certificate states them.
 * Issued before the child has a number, so the child's may come later or never; parents may be one or abroad. A reissue is
 * a certificate of its own. Under fourteen the child's data are sensitive (PIPL art. 28).
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, instant, integer, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('birth_certificate', () => ({
  certNo: text('cert_no'),
  childName: text('child_name'),
  childIdNumber: text('child_id_number'),
  childPersonKey: text('child_person_key'),
  genderCode: text('gender_code'),
  bornAt: instant('born_at'),
  birthDate: date('birth_date'),
  gestationalWeeks: integer('gestational_weeks'),
  birthWeight: integer('birth_weight'),
  birthLength: decimal('birth_length', 4, 1),
  birthDivisionCode: text('birth_division_code'),
  institutionName: text('institution_name'),
  motherName: text('mother_name'),
  motherIdNumber: text('mother_id_number'),
  motherPersonKey: text('mother_person_key'),
  fatherName: text('father_name'),
  fatherIdNumber: text('father_id_number'),
  fatherPersonKey: text('father_person_key'),
  issuerName: text('issuer_name'),
  issuedOn: date('issued_on'),
  issueType: text('issue_type'),
  status: text('status'),
}), {
  unique: ['certNo'],
  indexed: ['childPersonKey', 'motherPersonKey', 'fatherPersonKey'],
  rules: (birth) => [
    check('birth_certificate_cert_no', sql`${birth.certNo} ~ '^[A-Z][0-9]{9}$'`),
    check('birth_certificate_child_id_number', sql`${birth.childIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('birth_certificate_mother_id_number', sql`${birth.motherIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('birth_certificate_father_id_number', sql`${birth.fatherIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('birth_certificate_gender_code', sql`${birth.genderCode} in ('0', '1', '2', '9')`),
    check('birth_certificate_gestational_weeks', sql`${birth.gestationalWeeks} between 16 and 50`),
    check('birth_certificate_birth_weight', sql`${birth.birthWeight} > 0`),
    check('birth_certificate_birth_length', sql`${birth.birthLength} > 0`),
    check('birth_certificate_birth_division_code', sql`${birth.birthDivisionCode} ~ '^[0-9]{12}$'`),
    check('birth_certificate_issue_type', sql`${birth.issueType} in ('首次签发', '换发', '补发')`),
    check('birth_certificate_status', sql`${birth.status} in ('有效', '作废')`),
    check('birth_certificate_issued_after_birth', sql`${birth.birthDate} <= ${birth.issuedOn}`),
  ],
});

export const { current: birthCertificate, versions: birthCertificateVersion } = tables;

export const birthCertificateRecord = record({
  type: 'BirthCertificate',
  registry: 'POPULATION',
  tables,
  key: 'certNo',
  identifiers: {
    certNo: 'birthCertificate', childIdNumber: 'idNumber', motherIdNumber: 'idNumber', fatherIdNumber: 'idNumber',
    birthDivisionCode: 'divisionCode',
  },
  personKeys: {
    childPersonKey: 'childIdNumber', motherPersonKey: 'motherIdNumber', fatherPersonKey: 'fatherIdNumber',
  },
  subject: { persons: ['childPersonKey', 'motherPersonKey', 'fatherPersonKey'] },
  browsable: false,
  sources: { default: ['620623-WJ', '620600-ZS', '*'] },
});
