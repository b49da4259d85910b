/**
 * Residence 流动人口居住登记 (公安): where somebody registered elsewhere lives in the county, with whom as landlord.
 * A registration without a permit has no number; it is reached from the person. The landlord is shown masked, and no edge
 * leads to the landlord: whose tenants somebody has is nobody's question here.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('residence', () => ({
  residencePermitNo: text('residence_permit_no'),
  idNumber: text('id_number'),
  personKey: text('person_key'),
  name: text('name'),
  registeredOn: date('registered_on'),
  expiresOn: date('expires_on'),
  cancelledOn: date('cancelled_on'),
  reasonCode: text('reason_code'),
  homeDivisionCode: text('home_division_code'),
  address: text('address'),
  divisionCode: text('division_code'),
  standardAddressCode: text('standard_address_code'),
  housingType: text('housing_type'),
  landlordName: text('landlord_name'),
  landlordIdNumber: text('landlord_id_number'),
  landlordPersonKey: text('landlord_person_key'),
  landlordPhone: text('landlord_phone'),
  rentalFileNo: text('rental_file_no'),
  policeStationCode: text('police_station_code'),
  status: text('status'),
}), {
  unique: ['residencePermitNo'],
  indexed: ['personKey', 'standardAddressCode'],
  rules: (residence) => [
    check('residence_id_number', sql`${residence.idNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('residence_landlord_id_number', sql`${residence.landlordIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('residence_home_division_code', sql`${residence.homeDivisionCode} ~ '^[0-9]{6}$'`),
    check('residence_division_code', sql`${residence.divisionCode} ~ '^[0-9]{12}$'`),
    check('residence_police_station_code', sql`${residence.policeStationCode} ~ '^[0-9]{12}$'`),
    check('residence_status', sql`${residence.status} in ('有效', '过期', '注销')`),
    check('residence_cancelled_after_registered', sql`${residence.registeredOn} <= ${residence.cancelledOn}`),
    check('residence_valid', sql`${residence.registeredOn} <= ${residence.expiresOn}`),
  ],
});

export const { current: residence, versions: residenceVersion } = tables;

export const residenceRecord = record({
  type: 'Residence',
  registry: 'POPULATION',
  tables,
  key: 'residencePermitNo',
  identifiers: { idNumber: 'idNumber', landlordIdNumber: 'idNumber', divisionCode: 'divisionCode' },
  personKeys: { personKey: 'idNumber', landlordPersonKey: 'landlordIdNumber' },
  subject: { persons: ['personKey'], place: 'divisionCode', mentions: { landlordPersonKey: ['landlordName', 'landlordIdNumber', 'landlordPhone'] } },
  browsable: false,
  sources: { default: ['620623-GA', '620600-GA', '*'] },
});
