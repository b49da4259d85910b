/**
 * CreditListing 列入名单: an entry on a list, and its removal. A removed entry stays as history with its date of removal.
 * The execution case of a dishonest judgment debtor is the court's and is not shared.
 * Subjects are organizations or natural persons, and the two never share a column for names and numbers: what is public
 * of an enterprise is sensitive of a person. Looking up by number therefore has a condition of its own in the catalog.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';
import { counterparty, counterpartyRules } from './counterparty.ts';

const tables = recordTables('credit_listing', () => ({
  recordNo: text('record_no'),
  ...counterparty(),
  kind: text('kind'),
  basis: text('basis'),
  reason: text('reason'),
  decisionNo: text('decision_no'),
  listedOn: date('listed_on'),
  listingOrganName: text('listing_organ_name'),
  listingOrganCode: text('listing_organ_code'),
  expectedExitOn: date('expected_exit_on'),
  removedOn: date('removed_on'),
  removalReason: text('removal_reason'),
  removalOrganName: text('removal_organ_name'),
  status: text('status'),
  executionCaseNo: text('execution_case_no'),
  executionState: text('execution_state'),
  sourceDepartmentName: text('source_department_name'),
  sourceDepartmentCode: text('source_department_code'),
}), {
  unique: ['recordNo'],
  indexed: ['counterpartyUscc', 'counterpartyPersonKey'],
  rules: (listing) => [
    ...counterpartyRules('credit_listing', listing),
    check('credit_listing_kind', sql`${listing.kind} in (
      '严重失信主体名单', '经营异常名录', '失信被执行人', '拖欠农民工工资', '重大税收违法', '守信激励'
    )`),
    check('credit_listing_removed_after_listed', sql`${listing.listedOn} <= ${listing.removedOn}`),
    check('credit_listing_status', sql`${listing.status} in ('在列', '移出', '撤销')`),
  ],
});

export const { current: creditListing, versions: creditListingVersion } = tables;

export const creditListingRecord = record({
  type: 'CreditListing',
  registry: 'CREDIT',
  tables,
  key: 'recordNo',
  identifiers: { counterpartyUscc: 'uscc', counterpartyIdNumber: 'idNumber' },
  personKeys: { counterpartyPersonKey: 'counterpartyIdNumber' },
  subject: { persons: ['counterpartyPersonKey'], entities: ['counterpartyUscc'] },
  browsable: false,
  sources: {
    default: ['620623-FG', '620600-ZS', '*'],
    fields: {
      executionCaseNo: ['620623-FY', '620623-FG', '*'],
      executionState: ['620623-FY', '620623-FG', '*'],
    },
  },
});
