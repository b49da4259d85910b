/**
 * Edges that credit types carry. They lead to legal entities, never to a person: an open record (a legal entity) leads
 * to credit records, and nobody may come to people that way. A person's own credit records are edges of Person.
 */
import { link } from '../links.ts';
import type { Link } from '../links.ts';

export const links: readonly Link[] = [
  link('CreditPermit.legalEntity', 'counterpartyUscc', 'LegalEntity.uscc'),
  link('CreditPenalty.legalEntity', 'counterpartyUscc', 'LegalEntity.uscc'),
  link('CreditPenalty.repairs', 'recordNo', 'CreditRepair.penaltyRecordNo'),
  link('CreditListing.legalEntity', 'counterpartyUscc', 'LegalEntity.uscc'),
  link('CreditListing.repairs', 'recordNo', 'CreditRepair.listingRecordNo'),
  link('CreditCommitment.legalEntity', 'counterpartyUscc', 'LegalEntity.uscc'),
  link('CreditRepair.legalEntity', 'counterpartyUscc', 'LegalEntity.uscc'),
  link('CreditRepair.penalty', 'penaltyRecordNo', 'CreditPenalty.recordNo'),
  link('CreditRepair.listing', 'listingRecordNo', 'CreditListing.recordNo'),
  link('CreditGrade.legalEntity', 'counterpartyUscc', 'LegalEntity.uscc'),
];
