/**
 * LegalEntity 法人单位: companies, sole traders, cooperatives, government bodies, public institutions and social organizations
 * (市场监管 91/92/93, 编办 11/12, 民政 51/52/53, 农业农村 N*). Registered facts are public and page freely; the identity number and
 * the telephone of the representative are not. Digits 3 to 8 of the code are the registrar's division: `domicileDivisionCode` says where.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, flag, text, textList } from '../columns.ts';
import { openPenalty } from '../derived.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('legal_entity', () => ({
  uscc: text('uscc'),
  name: text('name'),
  registryId: text('registry_id'),
  registrationNo: text('registration_no'),
  orgCode: text('org_code'),
  entityTypeCode: text('entity_type_code'),
  category: text('category'),
  status: text('status'),
  legalRepName: text('legal_rep_name'),
  legalRepIdTypeCode: text('legal_rep_id_type_code'),
  legalRepIdNumber: text('legal_rep_id_number'),
  legalRepPersonKey: text('legal_rep_person_key'),
  phone: text('phone'),
  registeredCapital: decimal('registered_capital', 16, 6),
  currencyCode: text('currency_code'),
  paidInCapital: decimal('paid_in_capital', 16, 6),
  startupFund: decimal('startup_fund', 16, 6),
  industryCode: text('industry_code'),
  businessScope: text('business_scope'),
  establishedOn: date('established_on'),
  approvedOn: date('approved_on'),
  validFrom: date('valid_from'),
  validTo: date('valid_to'),
  domicile: text('domicile'),
  domicileDivisionCode: text('domicile_division_code'),
  domicileAddressCode: text('domicile_address_code'),
  operatingAddress: text('operating_address'),
  productionAddress: text('production_address'),
  registrar: text('registrar'),
  registrarCode: text('registrar_code'),
  jurisdictionCode: text('jurisdiction_code'),
  soleForm: text('sole_form'),
  convertedFromSole: flag('converted_from_sole'),
  purpose: text('purpose'),
  sponsor: text('sponsor'),
  fundingSource: text('funding_source'),
  supervisor: text('supervisor'),
  cancelledOn: date('cancelled_on'),
  cancelReason: text('cancel_reason'),
  revokedOn: date('revoked_on'),
  revokeReason: text('revoke_reason'),
  beneficialOwners: textList('beneficial_owners'),
}), {
  unique: ['uscc'],
  indexed: [
    'name', 'registrationNo', 'orgCode', 'entityTypeCode', 'category', 'status', 'registeredCapital', 'currencyCode', 'industryCode',
    'establishedOn', 'approvedOn', 'validTo', 'domicileDivisionCode', 'domicileAddressCode', 'registrarCode', 'jurisdictionCode',
    'cancelledOn', 'legalRepPersonKey',
  ],
  rules: (legalEntity) => [
    check('legal_entity_uscc', sql`${legalEntity.uscc} ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'`),
    check('legal_entity_org_code', sql`${legalEntity.orgCode} ~ '^[0-9A-Z]{8}[0-9X]$'`),
    check('legal_entity_category', sql`${legalEntity.category} ~ '^[1-9A-Y][0-9A-Z]$'`),
    check('legal_entity_status', sql`${legalEntity.status} in ('1', '2', '3', '4', '5', '6', '9')`),
    check('legal_entity_industry_code', sql`${legalEntity.industryCode} ~ '^[A-T][0-9]{0,4}$'`),
    check('legal_entity_currency_code', sql`${legalEntity.currencyCode} ~ '^([0-9]{3}|[A-Z]{3})$'`),
    check('legal_entity_registered_capital', sql`${legalEntity.registeredCapital} >= 0`),
    check('legal_entity_paid_in_capital', sql`${legalEntity.paidInCapital} >= 0`),
    check('legal_entity_startup_fund', sql`${legalEntity.startupFund} >= 0`),
    check('legal_entity_legal_rep_id_number', sql`${legalEntity.legalRepIdTypeCode} <> '111' or ${legalEntity.legalRepIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('legal_entity_domicile_division_code', sql`${legalEntity.domicileDivisionCode} ~ '^[0-9]{12}$'`),
    check('legal_entity_valid_to', sql`${legalEntity.validFrom} <= ${legalEntity.validTo}`),
    check('legal_entity_cancelled_on', sql`${legalEntity.establishedOn} <= ${legalEntity.cancelledOn}`),
    check('legal_entity_revoked_on', sql`${legalEntity.establishedOn} <= ${legalEntity.revokedOn}`),
  ],
});

export const { current: legalEntity, versions: legalEntityVersion } = tables;

export const legalEntityRecord = record({
  type: 'LegalEntity',
  registry: 'LEGAL_ENTITIES',
  tables,
  key: 'uscc',
  identifiers: { uscc: 'uscc', orgCode: 'orgCode', domicileDivisionCode: 'divisionCode' },
  personKeys: { legalRepPersonKey: 'legalRepIdNumber' },
  subject: { entities: ['uscc'], place: 'domicileDivisionCode', mentions: { legalRepPersonKey: ['legalRepName', 'legalRepIdTypeCode', 'legalRepIdNumber'] } },
  browsable: true,
  derived: { hasOpenPenalty: openPenalty },
  sources: {
    default: ['620623-SC', '620623-BB', '620623-MZ', '620623-NY', '620600-ZS', '*'],
    fields: {
      purpose: ['620623-BB', '620623-MZ', '*'],
      sponsor: ['620623-BB', '*'],
      fundingSource: ['620623-BB', '*'],
      startupFund: ['620623-BB', '620623-MZ', '*'],
      supervisor: ['620623-MZ', '620623-BB', '*'],
    },
  },
});
