/**
 * The credit library (社会信用): its record types and its edges, in one wall.
 */
import type { RecordModel } from '../record.ts';
import { creditCommitmentRecord } from './credit-commitment.ts';
import { creditGradeRecord } from './credit-grade.ts';
import { creditListingRecord } from './credit-listing.ts';
import { creditPenaltyRecord } from './credit-penalty.ts';
import { creditPermitRecord } from './credit-permit.ts';
import { creditRepairRecord } from './credit-repair.ts';

export { links } from './links.ts';

export const records: readonly RecordModel[] = [
  creditPermitRecord,
  creditPenaltyRecord,
  creditListingRecord,
  creditCommitmentRecord,
  creditRepairRecord,
  creditGradeRecord,
];
