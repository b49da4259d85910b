/**
 * RoadSegment 道路路段: one line of a numbered or named road, with class, length and width (交通). Open, pages freely.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { decimal, geometry, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('road_segment', () => ({
  segmentCode: text('segment_code'),
  name: text('name'),
  roadCode: text('road_code'),
  roadClass: text('road_class'),
  surface: text('surface'),
  length: decimal('length', 10, 3),
  width: decimal('width', 6, 2),
  divisionCode: text('division_code'),
  geometry: geometry('geometry', 'LineString'),
  sourceCrs: text('source_crs'),
  status: text('status'),
}), {
  unique: ['segmentCode'],
  indexed: ['name', 'roadCode', 'roadClass', 'surface', 'length', 'width', 'divisionCode', 'geometry', 'status'],
  rules: (roadSegment) => [
    check('road_segment_road_code', sql`${roadSegment.roadCode} ~ '^[GSXYCZ][0-9A-Z]+$'`),
    check('road_segment_road_class', sql`${roadSegment.roadClass} in ('高速', '一级', '二级', '三级', '四级', '等外')`),
    check('road_segment_surface', sql`${roadSegment.surface} in ('沥青', '水泥', '砂石', '土路', '其他')`),
    check('road_segment_length', sql`${roadSegment.length} >= 0`),
    check('road_segment_width', sql`${roadSegment.width} >= 0`),
    check('road_segment_division_code', sql`${roadSegment.divisionCode} ~ '^[0-9]{12}$'`),
    check('road_segment_source_crs', sql`${roadSegment.sourceCrs} in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and (${roadSegment.geometry} is null or ${roadSegment.sourceCrs} is not null)`),
    check('road_segment_status', sql`${roadSegment.status} in ('在用', '在建', '停用')`),
  ],
});

export const { current: roadSegment, versions: roadSegmentVersion } = tables;

export const roadSegmentRecord = record({
  type: 'RoadSegment',
  registry: 'SPATIAL',
  tables,
  key: 'segmentCode',
  identifiers: { divisionCode: 'divisionCode' },
  subject: { place: 'divisionCode' },
  browsable: true,
  sources: { default: ['620623-JT', '620623-ZR', '620600-ZS', '*'] },
});
