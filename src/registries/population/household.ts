/**
 * Household 户: a household of the register (公安), its head and its address. Its members are the persons who carry its
 * number. Never browsed: it leads to people. A head not known as a person yet is no reason to refuse a household.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, integer, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('household', () => ({
  householdNo: text('household_no'),
  householdTypeCode: text('household_type_code'),
  headName: text('head_name'),
  headIdNumber: text('head_id_number'),
  headPersonKey: text('head_person_key'),
  address: text('address'),
  divisionCode: text('division_code'),
  standardAddressCode: text('standard_address_code'),
  policeStationCode: text('police_station_code'),
  memberCount: integer('member_count'),
  status: text('status'),
  establishedOn: date('established_on'),
  cancelledOn: date('cancelled_on'),
}), {
  unique: ['householdNo'],
  indexed: ['headPersonKey'],
  rules: (household) => [
    check('household_household_type_code', sql`${household.householdTypeCode} in ('1', '2')`),
    check('household_head_id_number', sql`${household.headIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('household_division_code', sql`${household.divisionCode} ~ '^[0-9]{12}$'`),
    check('household_police_station_code', sql`${household.policeStationCode} ~ '^[0-9]{12}$'`),
    check('household_member_count', sql`${household.memberCount} >= 0`),
    check('household_status', sql`${household.status} in ('在册', '注销')`),
    check('household_cancelled_after_established', sql`${household.establishedOn} <= ${household.cancelledOn}`),
  ],
});

export const { current: household, versions: householdVersion } = tables;

export const householdRecord = record({
  type: 'Household',
  registry: 'POPULATION',
  tables,
  key: 'householdNo',
  identifiers: { headIdNumber: 'idNumber', divisionCode: 'divisionCode' },
  personKeys: { headPersonKey: 'headIdNumber' },
  subject: { members: 'householdNo', place: 'divisionCode', mentions: { headPersonKey: ['headName', 'headIdNumber'] } },
  browsable: false,
  sources: { default: ['620623-GA', '620600-GA', '*'] },
});
