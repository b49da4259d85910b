/**
 * Licence 许可信息: licences that legal entities hold beside their registration, as published with it (市场监管). Public, pages freely.
 * A number names one licence only within its kind, so there is no look-up by number alone.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text } from '../columns.ts';
import { holdsOn } from '../derived.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('licence', () => ({
  licenceNo: text('licence_no'),
  uscc: text('uscc'),
  licenceName: text('licence_name'),
  licenceTypeCode: text('licence_type_code'),
  content: text('content'),
  issuingAuthorityName: text('issuing_authority_name'),
  issuingAuthorityCode: text('issuing_authority_code'),
  validFrom: date('valid_from'),
  validTo: date('valid_to'),
  status: text('status'),
}), {
  indexed: ['licenceNo', 'uscc', 'licenceName', 'licenceTypeCode', 'issuingAuthorityCode', 'validFrom', 'validTo', 'status'],
  rules: (licence) => [
    check('licence_uscc', sql`${licence.uscc} ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'`),
    check('licence_licence_type_code', sql`${licence.licenceTypeCode} in ('01', '02', '03', '04', '05', '06')`),
    check('licence_status', sql`${licence.status} in ('01', '02', '03', '04', '05', '06', '07', '99')`),
    check('licence_valid_to', sql`${licence.validFrom} <= ${licence.validTo}`),
  ],
});

export const { current: licence, versions: licenceVersion } = tables;

export const licenceRecord = record({
  type: 'Licence',
  registry: 'LEGAL_ENTITIES',
  tables,
  identifiers: { uscc: 'uscc' },
  subject: { entities: ['uscc'] },
  browsable: true,
  derived: { isValidToday: { value: ({ status, validFrom, validTo }, today) => sql`${status} = '01' and ${holdsOn(today, validFrom, validTo)}` } },
  sources: { default: ['620623-SC', '620600-ZS', '*'] },
});
