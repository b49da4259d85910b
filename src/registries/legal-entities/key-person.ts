/**
 * KeyPerson 主要人员: the positions that people hold in legal entities (市场监管, 编办, 民政). Name and position are published, the
 * identity number is not. Never browsed, and no edge leads from here to the natural person.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, flag, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('key_person', () => ({
  uscc: text('uscc'),
  name: text('name'),
  idTypeCode: text('id_type_code'),
  idNumber: text('id_number'),
  personKey: text('person_key'),
  positionCode: text('position_code'),
  position: text('position'),
  isLegalRep: flag('is_legal_rep'),
  appointedOn: date('appointed_on'),
}), {
  indexed: ['uscc', 'personKey'],
  rules: (keyPerson) => [
    check('key_person_uscc', sql`${keyPerson.uscc} ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'`),
    check('key_person_id_number', sql`${keyPerson.idTypeCode} <> '111' or ${keyPerson.idNumber} ~ '^[0-9]{17}[0-9X]$'`),
  ],
});

export const { current: keyPerson, versions: keyPersonVersion } = tables;

export const keyPersonRecord = record({
  type: 'KeyPerson',
  registry: 'LEGAL_ENTITIES',
  tables,
  identifiers: { uscc: 'uscc' },
  personKeys: { personKey: 'idNumber' },
  subject: { persons: ['personKey'], entities: ['uscc'] },
  browsable: false,
  sources: { default: ['620623-SC', '620623-BB', '620623-MZ', '620600-ZS', '*'] },
});
