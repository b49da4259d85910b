/**
 * AdministrativeDivision 行政区划: province, prefecture, county, township and village, each within its parent (民政; codes of the statistical
 * classification). Open reference data, pages freely. The one record type that is whole, so a parent has to exist.
 */
import { sql } from 'drizzle-orm';
import { check, foreignKey, unique } from 'drizzle-orm/pg-core';
import { date, geometry, integer, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('administrative_division', () => ({
  divisionCode: text('division_code'),
  name: text('name'),
  level: integer('level'),
  divisionType: text('division_type'),
  parentCode: text('parent_code'),
  geometry: geometry('geometry', 'MultiPolygon'),
  centroid: geometry('centroid', 'Point'),
  sourceCrs: text('source_crs'),
  validFrom: date('valid_from'),
  validTo: date('valid_to'),
}), {
  unique: ['divisionCode'],
  indexed: ['name', 'level', 'divisionType', 'parentCode', 'geometry', 'centroid', 'validFrom', 'validTo'],
  together: [['level', 'divisionCode']],
  rules: (administrativeDivision) => [
    // A constraint, not only an index: the foreign key below needs it while migrations still create indexes.
    unique('administrative_division_code').on(administrativeDivision.divisionCode),
    foreignKey({ name: 'administrative_division_parent', columns: [administrativeDivision.parentCode], foreignColumns: [administrativeDivision.divisionCode] }),
    check('administrative_division_division_code', sql`${administrativeDivision.divisionCode} ~ '^[0-9]{12}$'`),
    check('administrative_division_level', sql`${administrativeDivision.level} between 1 and 5`),
    check('administrative_division_division_type', sql`${administrativeDivision.divisionType} in ('province', 'prefecture', 'county', 'subdistrict', 'town', 'township', 'quasi-township', 'residents-committee', 'villagers-committee', 'quasi')`),
    check('administrative_division_parent_code', sql`${administrativeDivision.parentCode} <> ${administrativeDivision.divisionCode}`),
    check('administrative_division_parent_of_all_but_province', sql`(${administrativeDivision.level} = 1) = (${administrativeDivision.parentCode} is null)`),
    check('administrative_division_source_crs', sql`${administrativeDivision.sourceCrs} in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and (${administrativeDivision.geometry} is null or ${administrativeDivision.sourceCrs} is not null)`),
    check('administrative_division_valid_to', sql`${administrativeDivision.validFrom} <= ${administrativeDivision.validTo}`),
  ],
});

export const { current: administrativeDivision, versions: administrativeDivisionVersion } = tables;

export const administrativeDivisionRecord = record({
  type: 'AdministrativeDivision',
  registry: 'SPATIAL',
  tables,
  key: 'divisionCode',
  identifiers: { divisionCode: 'divisionCode', parentCode: 'divisionCode' },
  subject: { place: 'divisionCode' },
  browsable: true,
  sources: {
    default: ['620623-MZ', '620623-ZR', '620600-ZS', '*'],
    fields: {
      geometry: ['620623-ZR', '620623-MZ', '*'],
      centroid: ['620623-ZR', '620623-MZ', '*'],
      sourceCrs: ['620623-ZR', '620623-MZ', '*'],
    },
  },
});
