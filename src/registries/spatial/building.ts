/**
 * Building 建筑物: outline, storeys, structure and use of buildings (住建). Shared without condition; whose it is stands in the real estate
 * units' conditional items.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, geometry, integer, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('building', () => ({
  buildingCode: text('building_code'),
  name: text('name'),
  divisionCode: text('division_code'),
  location: text('location'),
  useCode: text('use_code'),
  structureCode: text('structure_code'),
  floorsAbove: integer('floors_above'),
  floorsBelow: integer('floors_below'),
  height: decimal('height', 7, 2),
  grossArea: decimal('gross_area', 12, 2),
  completedOn: date('completed_on'),
  geometry: geometry('geometry', 'MultiPolygon'),
  sourceCrs: text('source_crs'),
  status: text('status'),
}), {
  unique: ['buildingCode'],
  indexed: [
    'name', 'divisionCode', 'useCode', 'structureCode', 'floorsAbove', 'floorsBelow', 'height', 'grossArea', 'completedOn', 'geometry',
    'status',
  ],
  rules: (building) => [
    check('building_division_code', sql`${building.divisionCode} ~ '^[0-9]{12}$'`),
    check('building_use_code', sql`${building.useCode} in ('居住', '商业', '办公', '工业', '公共', '农业', '其他')`),
    check('building_structure_code', sql`${building.structureCode} in ('钢', '钢混', '砖混', '砖木', '土木', '其他')`),
    check('building_floors_above', sql`${building.floorsAbove} >= 0`),
    check('building_floors_below', sql`${building.floorsBelow} >= 0`),
    check('building_height', sql`${building.height} >= 0`),
    check('building_gross_area', sql`${building.grossArea} >= 0`),
    check('building_source_crs', sql`${building.sourceCrs} in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and (${building.geometry} is null or ${building.sourceCrs} is not null)`),
    check('building_status', sql`${building.status} in ('在用', '在建', '拆除')`),
  ],
});

export const { current: building, versions: buildingVersion } = tables;

export const buildingRecord = record({
  type: 'Building',
  registry: 'SPATIAL',
  tables,
  key: 'buildingCode',
  identifiers: { divisionCode: 'divisionCode' },
  subject: { place: 'divisionCode' },
  browsable: true,
  sources: { default: ['620623-ZJ', '620623-ZR', '620600-ZS', '*'] },
});
