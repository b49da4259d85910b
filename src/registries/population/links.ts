/**
 * Edges that population types carry, also those that lead to other registries. None leads from an open record to people:
 * whoever follows one already stands on a person or on a household.
 */
import { link } from '../links.ts';
import type { Link } from '../links.ts';

export const links: readonly Link[] = [
  link('Person.household', 'householdNo', 'Household.householdNo'),
  link('Person.kin', 'personKey', 'Kinship.subjectPersonKey'),
  link('Person.marriages', 'personKey', 'MarriageRecord.partyPersonKeys'),
  link('Person.birthCertificates', 'personKey', 'BirthCertificate.childPersonKey'),
  link('Person.birthCertificatesAsMother', 'personKey', 'BirthCertificate.motherPersonKey'),
  link('Person.birthCertificatesAsFather', 'personKey', 'BirthCertificate.fatherPersonKey'),
  link('Person.welfareRecords', 'personKey', 'WelfareRecord.personKey'),
  link('Person.disabilityRecords', 'personKey', 'DisabilityRecord.personKey'),
  link('Person.socialInsurances', 'personKey', 'SocialInsurance.personKey'),
  link('Person.medicalInsurances', 'personKey', 'MedicalInsurance.personKey'),
  link('Person.residences', 'personKey', 'Residence.personKey'),
  link('Person.registeredDivision', 'registeredDivisionCode', 'AdministrativeDivision.divisionCode'),
  link('Person.residenceDivision', 'residenceDivisionCode', 'AdministrativeDivision.divisionCode'),
  link('Person.standardAddress', 'standardAddressCode', 'StandardAddress.addressCode'),
  link('Person.certificates', 'personKey', 'Certificate.holderPersonKeys'),
  link('Person.realEstateUnits', 'personKey', 'RealEstateUnit.holderPersonKeys'),
  link('Person.keyPositions', 'personKey', 'KeyPerson.personKey'),
  link('Person.shareholdings', 'personKey', 'Shareholding.investorPersonKey'),
  link('Person.creditPermits', 'personKey', 'CreditPermit.counterpartyPersonKey'),
  link('Person.creditPenalties', 'personKey', 'CreditPenalty.counterpartyPersonKey'),
  link('Person.creditListings', 'personKey', 'CreditListing.counterpartyPersonKey'),
  link('Person.creditCommitments', 'personKey', 'CreditCommitment.counterpartyPersonKey'),
  link('Person.creditRepairs', 'personKey', 'CreditRepair.counterpartyPersonKey'),
  link('Household.members', 'householdNo', 'Person.householdNo'),
  link('Household.head', 'headPersonKey', 'Person.personKey'),
  link('Household.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('Household.standardAddress', 'standardAddressCode', 'StandardAddress.addressCode'),
  link('Kinship.relative', 'relativePersonKey', 'Person.personKey'),
  link('MarriageRecord.parties', 'partyPersonKeys', 'Person.personKey'),
  link('BirthCertificate.child', 'childPersonKey', 'Person.personKey'),
  link('BirthCertificate.mother', 'motherPersonKey', 'Person.personKey'),
  link('BirthCertificate.father', 'fatherPersonKey', 'Person.personKey'),
  link('WelfareRecord.household', 'householdNo', 'Household.householdNo'),
  link('WelfareRecord.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('SocialInsurance.employer', 'employerUscc', 'LegalEntity.uscc'),
  link('MedicalInsurance.employer', 'employerUscc', 'LegalEntity.uscc'),
  link('Residence.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('Residence.standardAddress', 'standardAddressCode', 'StandardAddress.addressCode'),
];
