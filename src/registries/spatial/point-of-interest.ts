/**
 * PointOfInterest 兴趣点: schools, clinics, halls, shops and sights with their class and their point (自然资源). Open, pages freely.
 * The telephone is that of the place, never of a person.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { geometry, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('point_of_interest', () => ({
  poiCode: text('poi_code'),
  name: text('name'),
  classCode: text('class_code'),
  className: text('class_name'),
  location: text('location'),
  addressCode: text('address_code'),
  divisionCode: text('division_code'),
  phone: text('phone'),
  geometry: geometry('geometry', 'Point'),
  sourceCrs: text('source_crs'),
  status: text('status'),
}), {
  unique: ['poiCode'],
  indexed: ['name', 'classCode', 'className', 'addressCode', 'divisionCode', 'geometry', 'status'],
  rules: (pointOfInterest) => [
    check('point_of_interest_division_code', sql`${pointOfInterest.divisionCode} ~ '^[0-9]{12}$'`),
    check('point_of_interest_source_crs', sql`${pointOfInterest.sourceCrs} in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and (${pointOfInterest.geometry} is null or ${pointOfInterest.sourceCrs} is not null)`),
    check('point_of_interest_status', sql`${pointOfInterest.status} in ('在用', '停用')`),
  ],
});

export const { current: pointOfInterest, versions: pointOfInterestVersion } = tables;

export const pointOfInterestRecord = record({
  type: 'PointOfInterest',
  registry: 'SPATIAL',
  tables,
  key: 'poiCode',
  identifiers: { divisionCode: 'divisionCode' },
  subject: { place: 'divisionCode' },
  browsable: true,
  sources: { default: ['620623-ZR', '620600-ZS', '*'] },
});
