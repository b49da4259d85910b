/**
 * The legal entity library (法人库): its record types and the edges that start in it. The wall of this folder for declarations.
 */
import type { Link } from '../links.ts';
import type { RecordModel } from '../record.ts';
import { branchRecord } from './branch.ts';
import { changeRecordRecord } from './change-record.ts';
import { keyPersonRecord } from './key-person.ts';
import { legalEntityRecord } from './legal-entity.ts';
import { licenceRecord } from './licence.ts';
import { links as edges } from './links.ts';
import { shareholdingRecord } from './shareholding.ts';

export const records: readonly RecordModel[] = [
  legalEntityRecord, branchRecord, shareholdingRecord, keyPersonRecord, licenceRecord, changeRecordRecord,
];

export const links: readonly Link[] = edges;
