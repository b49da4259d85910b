/**
 * The certificate library (电子证照库): its record types and the edges that start in it. The wall of this folder for declarations.
 */
import type { Link } from '../links.ts';
import type { RecordModel } from '../record.ts';
import { certificateRecord } from './certificate.ts';
import { certificateTypeRecord } from './certificate-type.ts';
import { links as edges } from './links.ts';

export const records: readonly RecordModel[] = [certificateTypeRecord, certificateRecord];

export const links: readonly Link[] = edges;
