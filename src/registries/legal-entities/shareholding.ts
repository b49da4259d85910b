/**
 * Shareholding 股东及出资: who invested in a legal entity, how much and how (市场监管). The investor is a natural person or an entity.
 * Reached from the entity or the investor only, never browsed: a page of investors would be a page of people.
 */
import { sql } from 'drizzle-orm';
import { check } from 'drizzle-orm/pg-core';
import { date, decimal, text } from '../columns.ts';
import { record, recordTables } from '../record.ts';

const tables = recordTables('shareholding', () => ({
  uscc: text('uscc'),
  investorName: text('investor_name'),
  investorTypeCode: text('investor_type_code'),
  investorIdTypeCode: text('investor_id_type_code'),
  investorIdNumber: text('investor_id_number'),
  investorPersonKey: text('investor_person_key'),
  investorUscc: text('investor_uscc'),
  subscribedAmount: decimal('subscribed_amount', 18, 6),
  subscribedOn: date('subscribed_on'),
  paidInAmount: decimal('paid_in_amount', 18, 6),
  paidInOn: date('paid_in_on'),
  contributionMethod: text('contribution_method'),
  currencyCode: text('currency_code'),
  ratio: decimal('ratio', 7, 4),
}), {
  indexed: ['uscc', 'investorUscc', 'investorPersonKey'],
  rules: (shareholding) => [
    check('shareholding_uscc', sql`${shareholding.uscc} ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'`),
    check('shareholding_investor_uscc', sql`${shareholding.investorUscc} ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'`),
    check('shareholding_investor_id_number', sql`${shareholding.investorIdTypeCode} <> '111' or ${shareholding.investorIdNumber} ~ '^[0-9]{17}[0-9X]$'`),
    check('shareholding_subscribed_amount', sql`${shareholding.subscribedAmount} >= 0`),
    check('shareholding_paid_in_amount', sql`${shareholding.paidInAmount} >= 0`),
    check('shareholding_ratio', sql`${shareholding.ratio} between 0 and 100`),
    check('shareholding_currency_code', sql`${shareholding.currencyCode} ~ '^([0-9]{3}|[A-Z]{3})$'`),
  ],
});

export const { current: shareholding, versions: shareholdingVersion } = tables;

export const shareholdingRecord = record({
  type: 'Shareholding',
  registry: 'LEGAL_ENTITIES',
  tables,
  identifiers: { uscc: 'uscc', investorUscc: 'uscc' },
  personKeys: { investorPersonKey: 'investorIdNumber' },
  subject: { persons: ['investorPersonKey'], entities: ['uscc', 'investorUscc'] },
  browsable: false,
  sources: { default: ['620623-SC', '620600-ZS', '*'] },
});
