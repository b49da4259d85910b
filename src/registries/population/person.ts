/**
 * Person 自然人: the natural persons of the population library (公安; business items from other departments).
 * A person is found by full identifier or by a narrow combination, never browsed. Fingerprints never enter the hub. No
 * column says where a person lives but the address and division columns: the first six digits of an ID number do not.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { capitals, date, digits, text } from '../columns.ts';
import { holdsOn, openPenalty, yearsSince } from '../derived.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('person', () => ({
  idNumber: text('id_number'),
  personKey: text('person_key'),
  name: text('name'),
  formerName: text('former_name'),
  nameTibetan: text('name_tibetan'),
  genderCode: text('gender_code'),
  ethnicityCode: text('ethnicity_code'),
  birthDate: date('birth_date'),
  birthCountryCode: text('birth_country_code'),
  birthDivisionCode: text('birth_division_code'),
  nativeDivisionCode: text('native_division_code'),
  nationalityCode: text('nationality_code'),
  educationCode: text('education_code'),
  maritalStatusCode: text('marital_status_code'),
  militaryServiceCode: text('military_service_code'),
  employmentStatusCode: text('employment_status_code'),
  politicalStatusCode: text('political_status_code'),
  registeredAddress: text('registered_address'),
  registeredDivisionCode: text('registered_division_code'),
  residenceAddress: text('residence_address'),
  residenceDivisionCode: text('residence_division_code'),
  standardAddressCode: text('standard_address_code'),
  townshipCode: text('township_code'),
  villageCode: text('village_code'),
  streetCode: text('street_code'),
  policeStationName: text('police_station_name'),
  policeStationCode: text('police_station_code'),
  householdNo: text('household_no'),
  householdTypeCode: text('household_type_code'),
  relationToHeadCode: text('relation_to_head_code'),
  personStatus: text('person_status'),
  deathDate: date('death_date'),
  cancelTypeCode: text('cancel_type_code'),
  movedInOn: date('moved_in_on'),
  movedOutOn: date('moved_out_on'),
  idCardIssuer: text('id_card_issuer'),
  idCardValidFrom: date('id_card_valid_from'),
  idCardValidTo: date('id_card_valid_to'),
  photoRef: text('photo_ref'),
  phone: text('phone'),
}), {
  unique: ['idNumber', 'personKey'],
  // No way leads from an address to people, so nobody looks for them by its code.
  indexed: ['householdNo'],
  // One index for the narrow searches: who has a name are few enough to be told apart within it.
  together: [['name', 'birthDate', 'registeredDivisionCode', 'residenceDivisionCode']],
  rules: (person) => [
    check('person_id_number', sql`${person.idNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('person_name', sql`char_length(${person.name}) between 1 and 50`),
    check('person_gender_code', sql`${person.genderCode} in ('0', '1', '2', '9')`),
    check('person_ethnicity_code', digits(person.ethnicityCode, 2)),
    check('person_birth_country_code', capitals(person.birthCountryCode, 3)),
    check('person_birth_division_code', digits(person.birthDivisionCode, 6)),
    check('person_native_division_code', digits(person.nativeDivisionCode, 6)),
    check('person_nationality_code', capitals(person.nationalityCode, 3)),
    check('person_education_code', digits(person.educationCode, 2)),
    check('person_marital_status_code', sql`${person.maritalStatusCode} in ('10', '20', '21', '22', '23', '30', '40', '90')`),
    check('person_employment_status_code', digits(person.employmentStatusCode, 2)),
    check('person_political_status_code', sql`${person.politicalStatusCode} ~ '^(0[1-9]|1[0-3])$'`),
    check('person_registered_division_code', digits(person.registeredDivisionCode, 12)),
    check('person_residence_division_code', digits(person.residenceDivisionCode, 12)),
    check('person_township_code', digits(person.townshipCode, 9)),
    check('person_village_code', digits(person.villageCode, 12)),
    check('person_police_station_code', digits(person.policeStationCode, 12)),
    check('person_household_type_code', sql`${person.householdTypeCode} in ('1', '2')`),
    check('person_relation_to_head_code', digits(person.relationToHeadCode, 2)),
    check('person_person_status', sql`${person.personStatus} in ('在籍', '迁出', '死亡', '注销')`),
    check('person_death_after_birth', sql`${person.deathDate} >= ${person.birthDate}`),
    check('person_id_card_valid', sql`${person.idCardValidFrom} <= ${person.idCardValidTo}`),
  ],
});

export const { current: person, versions: personVersion } = tables;

export const personRecord = record({
  type: 'Person',
  registry: 'POPULATION',
  tables,
  key: 'idNumber',
  identifiers: {
    idNumber: 'idNumber', registeredDivisionCode: 'divisionCode', residenceDivisionCode: 'divisionCode',
    villageCode: 'divisionCode',
  },
  personKeys: { personKey: 'idNumber' },
  subject: { persons: ['personKey'] },
  browsable: false,
  derived: {
    age: { value: ({ birthDate }, today) => yearsSince(birthDate, today) },
    isAdult: { value: ({ birthDate }, today) => sql`${yearsSince(birthDate, today)} >= 18` },
    isIdCardValidToday: { value: ({ idCardValidFrom, idCardValidTo }, today) => holdsOn(today, idCardValidFrom, idCardValidTo) },
    hasOpenPenalty: openPenalty,
  },
  narrow: [['name', 'birthDate'], ['name', 'registeredDivisionCode'], ['name', 'residenceDivisionCode']],
  sources: {
    default: ['620623-GA', '620600-GA', '*'],
    fields: {
      maritalStatusCode: ['620623-MZ', '620623-GA', '*'],
      educationCode: ['620623-JY', '620623-GA', '*'],
      employmentStatusCode: ['620623-RS', '620623-GA', '*'],
      deathDate: ['620623-GA', '620623-WJ', '*'],
    },
  },
});
