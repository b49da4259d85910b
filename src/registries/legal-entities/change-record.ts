/**
 * ChangeRecord 变更记录: what was changed in a legal entity's registration, when, from what to what (市场监管). That something changed is
 * public; the contents are not, because the source writes people's numbers and addresses into them. Reached from the entity only.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('change_record', () => ({
  uscc: text('uscc'),
  changeItemCode: text('change_item_code'),
  changeItem: text('change_item'),
  contentBefore: text('content_before'),
  contentAfter: text('content_after'),
  changedOn: date('changed_on'),
}), {
  together: [['uscc', 'changedOn']],
  rules: (changeRecord) => [
    check('change_record_uscc', sql`${changeRecord.uscc} ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'`),
  ],
});

export const { current: changeRecord, versions: changeRecordVersion } = tables;

export const changeRecordRecord = record({
  type: 'ChangeRecord',
  registry: 'LEGAL_ENTITIES',
  tables,
  identifiers: { uscc: 'uscc' },
  subject: { entities: ['uscc'] },
  browsable: false,
  sources: { default: ['620623-SC', '620600-ZS', '*'] },
});
