/**
 * CertificateType 证照类型: the directory of certificate types, who defines them, whom they are for and what stands on their face
 * (GB/T 36902). Open, pages freely; no edge leads from a type to the certificates of that type.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { flag, text, textList } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('certificate_type', () => ({
  typeCode: text('type_code'),
  name: text('name'),
  definingAuthorityName: text('defining_authority_name'),
  definingAuthorityCode: text('defining_authority_code'),
  holderCategory: text('holder_category'),
  validityRange: text('validity_range'),
  relatedMatters: textList('related_matters'),
  faceItemNames: textList('face_item_names'),
  templateRef: text('template_ref'),
  retention: text('retention'),
  copyNeedsAuthorization: flag('copy_needs_authorization'),
}), {
  unique: ['typeCode'],
  indexed: ['name', 'definingAuthorityCode', 'holderCategory'],
  rules: (certificateType) => [
    check('certificate_type_type_code', sql`${certificateType.typeCode} ~ '^[0-9A-Z]{21}$'`),
    check('certificate_type_holder_category', sql`${certificateType.holderCategory} in ('自然人', '法人', '混合', '其他')`),
  ],
});

export const { current: certificateType, versions: certificateTypeVersion } = tables;

export const certificateTypeRecord = record({
  type: 'CertificateType',
  registry: 'CERTIFICATES',
  tables,
  key: 'typeCode',
  subject: {},
  browsable: true,
  sources: { default: ['620623-ZS', '620600-ZS', '*'] },
});
