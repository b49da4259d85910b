/**
 * RealEstateUnit 不动产单元: parcels and fixtures of the real estate register (自然资源). The natural state (自然状况) is shared without
 * condition and pages freely; rights, holders and restrictions are conditional, cannot be found by, and lead to no natural person.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, geometry, text, textList } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('real_estate_unit', () => ({
  unitNo: text('unit_no'),
  location: text('location'),
  divisionCode: text('division_code'),
  addressCode: text('address_code'),
  buildingCode: text('building_code'),
  area: decimal('area', 14, 2),
  useCode: text('use_code'),
  geometry: geometry('geometry', 'MultiPolygon'),
  sourceCrs: text('source_crs'),
  rightTypeCode: text('right_type_code'),
  holderNames: textList('holder_names'),
  holderIdNumbers: textList('holder_id_numbers'),
  holderPersonKeys: textList('holder_person_keys'),
  holderUsccs: textList('holder_usccs'),
  certificateNo: text('certificate_no'),
  registeredOn: date('registered_on'),
  restrictions: textList('restrictions'),
}), {
  unique: ['unitNo'],
  indexed: ['holderUsccs', 'location', 'divisionCode', 'addressCode', 'buildingCode', 'area', 'useCode', 'geometry', 'holderPersonKeys'],
  rules: (realEstateUnit) => [
    check('real_estate_unit_unit_no', sql`${realEstateUnit.unitNo} ~ '^[0-9]{12}[GJZ][A-Z][0-9]{5}[FLQW][0-9]{8}$'`),
    check('real_estate_unit_division_code', sql`${realEstateUnit.divisionCode} ~ '^[0-9]{12}$'`),
    check('real_estate_unit_area', sql`${realEstateUnit.area} >= 0`),
    check('real_estate_unit_source_crs', sql`${realEstateUnit.sourceCrs} in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and (${realEstateUnit.geometry} is null or ${realEstateUnit.sourceCrs} is not null)`),
    check('real_estate_unit_restrictions', sql`${realEstateUnit.restrictions} <@ array['抵押', '查封', '异议', '预告', '居住权']`),
  ],
});

export const { current: realEstateUnit, versions: realEstateUnitVersion } = tables;

export const realEstateUnitRecord = record({
  type: 'RealEstateUnit',
  registry: 'SPATIAL',
  tables,
  key: 'unitNo',
  identifiers: { unitNo: 'realEstateUnit', divisionCode: 'divisionCode' },
  personKeys: { holderPersonKeys: 'holderIdNumbers' },
  subject: { persons: ['holderPersonKeys'], entities: ['holderUsccs'], place: 'divisionCode' },
  browsable: true,
  sources: { default: ['620623-ZR', '620600-ZS', '*'] },
});
