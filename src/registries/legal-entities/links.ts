/**
 * Edges that start at legal entities and what belongs to them. None leads to a natural person: an open record is no way to
 * lists of people. The way back (Person to the positions and shares held) stands with the population library.
 */
import { link } from '../links.ts';

export const links = [
  link('LegalEntity.branches', 'uscc', 'Branch.parentUscc'),
  link('LegalEntity.shareholdings', 'uscc', 'Shareholding.uscc'),
  link('LegalEntity.investments', 'uscc', 'Shareholding.investorUscc'),
  link('LegalEntity.keyPersons', 'uscc', 'KeyPerson.uscc'),
  link('LegalEntity.licences', 'uscc', 'Licence.uscc'),
  link('LegalEntity.changeRecords', 'uscc', 'ChangeRecord.uscc'),
  link('LegalEntity.certificates', 'uscc', 'Certificate.holderUsccs'),
  link('LegalEntity.realEstateUnits', 'uscc', 'RealEstateUnit.holderUsccs'),
  link('LegalEntity.creditPermits', 'uscc', 'CreditPermit.counterpartyUscc'),
  link('LegalEntity.creditPenalties', 'uscc', 'CreditPenalty.counterpartyUscc'),
  link('LegalEntity.creditListings', 'uscc', 'CreditListing.counterpartyUscc'),
  link('LegalEntity.creditCommitments', 'uscc', 'CreditCommitment.counterpartyUscc'),
  link('LegalEntity.creditRepairs', 'uscc', 'CreditRepair.counterpartyUscc'),
  link('LegalEntity.creditGrades', 'uscc', 'CreditGrade.counterpartyUscc'),
  link('LegalEntity.domicileAddress', 'domicileAddressCode', 'StandardAddress.addressCode'),
  link('LegalEntity.domicileDivision', 'domicileDivisionCode', 'AdministrativeDivision.divisionCode'),

  link('Branch.parent', 'parentUscc', 'LegalEntity.uscc'),
  link('Branch.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('Shareholding.legalEntity', 'uscc', 'LegalEntity.uscc'),
  link('Shareholding.investorEntity', 'investorUscc', 'LegalEntity.uscc'),
  link('KeyPerson.legalEntity', 'uscc', 'LegalEntity.uscc'),
  link('Licence.legalEntity', 'uscc', 'LegalEntity.uscc'),
  link('ChangeRecord.legalEntity', 'uscc', 'LegalEntity.uscc'),
];
