/**
 * The subject of a credit record (行政相对人), told alike by five record types: its columns and their checks.
 *
 * An organization and a natural person never share a column for name and number: what is public of an enterprise is
 * sensitive of a person, and a catalog item has one sharing condition. A record that names both is refused.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { text } from '../columns.ts';

/** Who the record is about. */
export const counterparty = () => ({
  counterpartyType: text('counterparty_type'),
  counterpartyName: text('counterparty_name'),
  counterpartyUscc: text('counterparty_uscc'),
  counterpartyPersonName: text('counterparty_person_name'),
  counterpartyIdNumber: text('counterparty_id_number'),
  counterpartyPersonKey: text('counterparty_person_key'),
});

/** What the publication of permits and penalties (双公示) tells of the subject beside. */
export const publicity = () => ({
  counterpartyIdType: text('counterparty_id_type'),
  counterpartyOtherIdNumber: text('counterparty_other_id_number'),
  counterpartyRegistrationNo: text('counterparty_registration_no'),
  counterpartyOrgCode: text('counterparty_org_code'),
  counterpartyTaxNo: text('counterparty_tax_no'),
  counterpartyInstitutionCertNo: text('counterparty_institution_cert_no'),
  counterpartySocialOrgNo: text('counterparty_social_org_no'),
  legalRepName: text('legal_rep_name'),
  legalRepIdType: text('legal_rep_id_type'),
  legalRepIdNumber: text('legal_rep_id_number'),
  legalRepPersonKey: text('legal_rep_person_key'),
});

type Has<Columns> = { [name in keyof Columns]: PgColumn };

/** Checks of the columns of `counterparty`, for the table of this name. */
export function counterpartyRules(table: string, of: Has<ReturnType<typeof counterparty>>) {
  return [
    check(`${table}_counterparty_type`, sql`${of.counterpartyType} in ('01', '02', '03', '04')`),
    check(`${table}_counterparty_uscc`, sql`${of.counterpartyUscc} ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'`),
    check(`${table}_counterparty_id_number`, sql`${of.counterpartyIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check(`${table}_one_kind_of_subject`, sql`case when ${of.counterpartyType} = '01'
      then num_nonnulls(${of.counterpartyName}, ${of.counterpartyUscc}) = 0
      else num_nonnulls(${of.counterpartyPersonName}, ${of.counterpartyIdNumber}) = 0 end`),
  ];
}

/** Checks of the columns of `publicity`, for the table of this name. */
export function publicityRules(table: string, of: Has<ReturnType<typeof publicity>>) {
  return [
    check(`${table}_counterparty_org_code`, sql`${of.counterpartyOrgCode} ~ '^[0-9A-Z]{8}[0-9X]$'`),
    check(`${table}_legal_rep_id_number`, sql`${of.legalRepIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
  ];
}
