/**
 * PlaceName 地名: standard names of places in Chinese, in Hanyu Pinyin and in Tibetan, with meaning and origin (民政). Open, pages freely.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, geometry, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('place_name', () => ({
  placeCode: text('place_code'),
  standardName: text('standard_name'),
  romanName: text('roman_name'),
  nameTibetan: text('name_tibetan'),
  categoryCode: text('category_code'),
  meaning: text('meaning'),
  origin: text('origin'),
  establishedOn: date('established_on'),
  divisionCode: text('division_code'),
  geometry: geometry('geometry'),
  sourceCrs: text('source_crs'),
  status: text('status'),
}), {
  unique: ['placeCode'],
  indexed: ['standardName', 'romanName', 'nameTibetan', 'categoryCode', 'establishedOn', 'divisionCode', 'geometry', 'status'],
  rules: (placeName) => [
    check('place_name_division_code', sql`${placeName.divisionCode} ~ '^[0-9]{12}$'`),
    check('place_name_source_crs', sql`${placeName.sourceCrs} in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and (${placeName.geometry} is null or ${placeName.sourceCrs} is not null)`),
    check('place_name_status', sql`${placeName.status} in ('在用', '废止')`),
  ],
});

export const { current: placeName, versions: placeNameVersion } = tables;

export const placeNameRecord = record({
  type: 'PlaceName',
  registry: 'SPATIAL',
  tables,
  key: 'placeCode',
  identifiers: { divisionCode: 'divisionCode' },
  subject: { place: 'divisionCode' },
  browsable: true,
  sources: { default: ['620623-MZ', '620600-ZS', '*'] },
});
