/**
 * The five registries: all their record types and every edge between them. A registry is one line in each list.
 */
import { links as certificateLinks, records as certificates } from './certificates/index.ts';
import { links as creditLinks, records as credit } from './credit/index.ts';
import { links as legalEntityLinks, records as legalEntities } from './legal-entities/index.ts';
import type { Link } from './links.ts';
import { links as populationLinks, records as population } from './population/index.ts';
import type { RecordModel } from './record.ts';
import { links as spatialLinks, records as spatial } from './spatial/index.ts';

export const records: readonly RecordModel[] = [...population, ...legalEntities, ...spatial, ...certificates, ...credit];

export const links: readonly Link[] = [...populationLinks, ...legalEntityLinks, ...spatialLinks, ...certificateLinks, ...creditLinks];
