/**
 * The spatial library (自然资源和空间地理库): its record types and the edges that start in it. The wall of this folder for declarations.
 */
import type { Link } from '../links.ts';
import type { RecordModel } from '../record.ts';
import { administrativeDivisionRecord } from './administrative-division.ts';
import { buildingRecord } from './building.ts';
import { links as edges } from './links.ts';
import { placeNameRecord } from './place-name.ts';
import { pointOfInterestRecord } from './point-of-interest.ts';
import { realEstateUnitRecord } from './real-estate-unit.ts';
import { roadSegmentRecord } from './road-segment.ts';
import { standardAddressRecord } from './standard-address.ts';

export const records: readonly RecordModel[] = [
  administrativeDivisionRecord, standardAddressRecord, placeNameRecord, buildingRecord, realEstateUnitRecord, roadSegmentRecord,
  pointOfInterestRecord,
];

export const links: readonly Link[] = edges;
