/**
 * Certificate 电子证照: certificates as issued, with their holders, face items and file (政务服务数据管理; GB/T 36901 to 36906). Found by the full
 * identifier or from its holder, never browsed. Holders may be several, and unknown to the hub: that never refuses a certificate.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, instant, json, text, textList } from '../columns.ts';
import { holdsOn } from '../derived.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('certificate', () => ({
  certificateIdentifier: text('certificate_identifier'),
  typeCode: text('type_code'),
  typeName: text('type_name'),
  certificateName: text('certificate_name'),
  certificateNumber: text('certificate_number'),
  version: text('version'),
  definingAuthorityName: text('defining_authority_name'),
  definingAuthorityCode: text('defining_authority_code'),
  issuingAuthorityName: text('issuing_authority_name'),
  issuingAuthorityCode: text('issuing_authority_code'),
  issuedOn: date('issued_on'),
  validFrom: date('valid_from'),
  validTo: date('valid_to'),
  validityRange: text('validity_range'),
  areaCode: text('area_code'),
  holderNames: textList('holder_names'),
  holderCodes: textList('holder_codes'),
  holderPersonKeys: textList('holder_person_keys'),
  holderCodeTypes: textList('holder_code_types'),
  holderUsccs: textList('holder_usccs'),
  faceItems: json('face_items'),
  relatedItemName: text('related_item_name'),
  relatedItemCode: text('related_item_code'),
  status: text('status'),
  previousIdentifier: text('previous_identifier'),
  fileRef: text('file_ref'),
  fileDigest: text('file_digest'),
  signature: text('signature'),
  copyCreatedAt: instant('copy_created_at'),
  copyCreator: text('copy_creator'),
  copyCause: text('copy_cause'),
  copyExpiresAt: instant('copy_expires_at'),
}), {
  unique: ['certificateIdentifier'],
  indexed: ['holderUsccs', 'holderPersonKeys'],
  rules: (certificate) => [
    check('certificate_certificate_identifier', sql`${certificate.certificateIdentifier} ~ '^1[.]2[.]156[.]3005[.]2[.][0-9A-Z]{21}[.][0-9A-Z]{18}[.][0-9A-Z]{1,64}[.][0-9]{3}[.][0-9A-Z]$'`),
    check('certificate_type_code', sql`${certificate.typeCode} ~ '^[0-9A-Z]{21}$'`),
    check('certificate_version', sql`${certificate.version} ~ '^[0-9]{3}$'`),
    check('certificate_area_code', sql`${certificate.areaCode} ~ '^[0-9]{6}$'`),
    check('certificate_holder_codes', sql`cardinality(${certificate.holderCodes}) = cardinality(${certificate.holderCodeTypes})`),
    check('certificate_face_items', sql`jsonb_typeof(${certificate.faceItems}) = 'object'`),
    check('certificate_status', sql`${certificate.status} in ('01', '02', '03', '04', '05', '06', '07', '99')`),
    check('certificate_valid_to', sql`${certificate.validFrom} <= ${certificate.validTo}`),
    check('certificate_previous_identifier', sql`${certificate.previousIdentifier} <> ${certificate.certificateIdentifier}`),
    check('certificate_file_digest', sql`${certificate.fileDigest} ~ '^[0-9a-f]{64}$'`),
  ],
});

export const { current: certificate, versions: certificateVersion } = tables;

export const certificateRecord = record({
  type: 'Certificate',
  registry: 'CERTIFICATES',
  tables,
  key: 'certificateIdentifier',
  identifiers: { certificateIdentifier: 'certificateIdentifier', previousIdentifier: 'certificateIdentifier' },
  personKeys: { holderPersonKeys: 'holderCodes' },
  subject: { persons: ['holderPersonKeys'], entities: ['holderUsccs'] },
  traced: true,
  browsable: false,
  derived: { isValidToday: { value: ({ status, validFrom, validTo }, today) => sql`${status} = '01' and ${holdsOn(today, validFrom, validTo)}` } },
  sources: { default: ['620623-ZS', '620600-ZS', '*'] },
});
