/**
 * CreditGrade 信用评价: the grade (and score) of a legal entity under one scheme. There is no column for a natural person:
 * the county gives people no scores (domain.md §2.5).
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('credit_grade', () => ({
  recordNo: text('record_no'),
  counterpartyName: text('counterparty_name'),
  counterpartyUscc: text('counterparty_uscc'),
  scheme: text('scheme'),
  grade: text('grade'),
  score: decimal('score', 8, 2),
  evaluatedOn: date('evaluated_on'),
  validFrom: date('valid_from'),
  validTo: date('valid_to'),
  evaluatorName: text('evaluator_name'),
  evaluatorCode: text('evaluator_code'),
}), {
  unique: ['recordNo'],
  indexed: ['counterpartyUscc'],
  rules: (grade) => [
    check('credit_grade_counterparty_uscc', sql`${grade.counterpartyUscc} ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'`),
    check('credit_grade_scheme', sql`${grade.scheme} in ('公共信用综合评价', '纳税信用', '行业信用评价')`),
    check('credit_grade_tax_grade', sql`${grade.scheme} <> '纳税信用' or ${grade.grade} in ('A', 'B', 'M', 'C', 'D')`),
    check('credit_grade_score', sql`${grade.score} >= 0`),
    check('credit_grade_valid', sql`${grade.validFrom} <= ${grade.validTo}`),
  ],
});

export const { current: creditGrade, versions: creditGradeVersion } = tables;

export const creditGradeRecord = record({
  type: 'CreditGrade',
  registry: 'CREDIT',
  tables,
  key: 'recordNo',
  identifiers: { counterpartyUscc: 'uscc' },
  subject: { entities: ['counterpartyUscc'] },
  browsable: false,
  sources: { default: ['620623-FG', '620623-SW', '620600-ZS', '*'] },
});
