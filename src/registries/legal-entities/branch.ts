/**
 * Branch 分支机构: a branch of a legal entity with its own unified social credit code (市场监管). Public, pages freely.
 * Its parent may be registered elsewhere, so the parent's code is never refused for being unknown here.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('branch', () => ({
  uscc: text('uscc'),
  parentUscc: text('parent_uscc'),
  name: text('name'),
  status: text('status'),
  registrar: text('registrar'),
  registrarCode: text('registrar_code'),
  operatingAddress: text('operating_address'),
  divisionCode: text('division_code'),
  principalName: text('principal_name'),
  establishedOn: date('established_on'),
  cancelledOn: date('cancelled_on'),
}), {
  unique: ['uscc'],
  indexed: ['parentUscc', 'name', 'status', 'registrarCode', 'divisionCode', 'establishedOn', 'cancelledOn'],
  rules: (branch) => [
    check('branch_uscc', sql`${branch.uscc} ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'`),
    check('branch_parent_uscc', sql`${branch.parentUscc} ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'`),
    check('branch_status', sql`${branch.status} in ('1', '2', '3', '4', '5', '6', '9')`),
    check('branch_division_code', sql`${branch.divisionCode} ~ '^[0-9]{12}$'`),
    check('branch_cancelled_on', sql`${branch.establishedOn} <= ${branch.cancelledOn}`),
  ],
});

export const { current: branch, versions: branchVersion } = tables;

export const branchRecord = record({
  type: 'Branch',
  registry: 'LEGAL_ENTITIES',
  tables,
  key: 'uscc',
  identifiers: { uscc: 'uscc', parentUscc: 'uscc', divisionCode: 'divisionCode' },
  subject: { entities: ['uscc', 'parentUscc'], place: 'divisionCode' },
  browsable: true,
  sources: { default: ['620623-SC', '620600-ZS', '*'] },
});
