/**
 * StandardAddress 标准地址: an address in its elements, as one text and as one point (公安). In the country it ends with the group (组) and
 * a number. Shared among departments without condition; it says where a door is, never who lives behind it.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { geometry, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('standard_address', () => ({
  addressCode: text('address_code'),
  province: text('province'),
  city: text('city'),
  county: text('county'),
  township: text('township'),
  village: text('village'),
  groupNo: text('group_no'),
  street: text('street'),
  lane: text('lane'),
  doorPlate: text('door_plate'),
  compound: text('compound'),
  buildingNo: text('building_no'),
  unit: text('unit'),
  floor: text('floor'),
  room: text('room'),
  fullText: text('full_text'),
  divisionCode: text('division_code'),
  buildingCode: text('building_code'),
  geometry: geometry('geometry', 'Point'),
  sourceCrs: text('source_crs'),
  accuracy: text('accuracy'),
  status: text('status'),
  aliasOf: text('alias_of'),
}), {
  unique: ['addressCode'],
  indexed: [
    'township', 'village', 'groupNo', 'street', 'doorPlate', 'compound', 'fullText', 'divisionCode', 'buildingCode', 'geometry',
    'accuracy', 'status', 'aliasOf',
  ],
  rules: (standardAddress) => [
    check('standard_address_division_code', sql`${standardAddress.divisionCode} ~ '^[0-9]{12}$'`),
    check('standard_address_source_crs', sql`${standardAddress.sourceCrs} in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and (${standardAddress.geometry} is null or ${standardAddress.sourceCrs} is not null)`),
    check('standard_address_accuracy', sql`${standardAddress.accuracy} in ('户室', '楼栋', '门牌', '小组', '村')`),
    check('standard_address_status', sql`${standardAddress.status} in ('在用', '注销')`),
    check('standard_address_alias_of', sql`${standardAddress.aliasOf} <> ${standardAddress.addressCode}`),
  ],
});

export const { current: standardAddress, versions: standardAddressVersion } = tables;

export const standardAddressRecord = record({
  type: 'StandardAddress',
  registry: 'SPATIAL',
  tables,
  key: 'addressCode',
  identifiers: { divisionCode: 'divisionCode' },
  subject: { place: 'divisionCode' },
  browsable: true,
  sources: { default: ['620623-GA', '620623-MZ', '620600-GA', '*'] },
});
