/**
 * A higher quota: an application for the lines about one item of an approval, submitted at once and decided by whoever provides the item.
 *
 * What it raises stays in force whatever becomes of it, and it opens nothing that this does not open: of an application it takes the lines
 * that were approved, of a grant that was made without one those of the grant.
 */
import type postgres from 'postgres';
import { HubError } from '../../errors.ts';
import { matterIn } from '../../identity/policy-rows.ts';
import { takesPart } from '../../identity/purpose.ts';
import { changePolicy } from '../../identity/policy-change.ts';
import type { Consumer } from '../../sharing/terms.ts';
import { formOfBound } from '../form.ts';
import type { WrittenTuple } from '../form.ts';
import { lockGrant } from '../grant.ts';
import { knownConsumer } from '../known.ts';
import { insertDraft, submitApplication } from './applicant.ts';
import { lockApplication, readApplications, stateOn } from './application.ts';
import type { Application } from './application.ts';
import { contentOf, longestYears, mostMatters, readContent } from './content.ts';
import type { ContentForm } from './content.ts';
import type { MoveDesk } from './move.ts';
import { partiesOf } from './party.ts';

/** What is asked for beyond a quota. */
export interface Raise {
  /** Number of the approval. */
  readonly number: string;
  readonly item: string;
  readonly quotaPerDay: number;
  readonly words: string;
}

type About = Omit<Raise, 'words'>;

/** What is to be raised: whose it is, under which number it was given first, and what would be applied for. */
interface Raised {
  readonly consumer: string;
  readonly department: string;
  readonly number: string;
  readonly content: ContentForm;
}

/** Applies for a higher quota, and submits it; see the head of this file. What cannot be submitted stays a draft. */
export async function applyForQuota(desk: MoveDesk, { words, ...raise }: Raise): Promise<Application> {
  const draft = await changePolicy(desk.sql, desk.actor, async (tx) => {
    const application = await lockApplication(tx, raise.number);
    const { consumer, department, number, content } = application === undefined ? await ofGrant(tx, desk, raise) : ofApplication(desk, application, raise);
    const [open] = await tx<{ number: string }[]>`
      select number from application a where raises = ${number} and state in ('DRAFT', 'SUBMITTED', 'RETURNED', 'REVIEWING') and exists (select 1 from application_line l where l.application_number = a.number and l.item = ${raise.item})`;
    if (open !== undefined) throw new HubError('CONFLICT', `A higher quota of ${raise.item} under ${raise.number} is applied for already: ${open.number}.`, { number: open.number });
    return (await readApplications(tx, [await insertDraft(tx, desk, consumer, department, readContent(content, desk.today), { raises: number })]))[0] as Application;
  });
  return submitApplication(desk, { number: draft.number, version: draft.version, words });
}

function ofApplication({ caller, today }: MoveDesk, application: Application, { number, item, quotaPerDay }: About): Raised {
  if (!partiesOf(caller, application).includes('APPLICANT')) throw unknownApproval(number);
  const state = stateOn(application, today);
  if (state !== 'ACTIVE') throw new HubError('CONFLICT', `Application ${number} is ${state}: only what is in force has a quota to raise.`, { state });
  const lines = application.lines.filter((own) => own.item === item && own.decision === 'APPROVED' && isLower(own, quotaPerDay));
  if (lines.length === 0) throw nothingLower(number, item, quotaPerDay);
  const { consumer, department, raises } = application;
  // Raised again is what was raised.
  return { consumer, department, number: raises ?? number, content: { ...contentOf(application, lines.map((own) => ({ ...own, quotaPerDay }))), validFrom: null } };
}

/** Of a grant that was made without an application. That has said for what it is; here its number and the words of the move do. */
async function ofGrant(tx: postgres.TransactionSql, { caller, today, actor: { now } }: MoveDesk, { number, item, quotaPerDay }: About): Promise<Raised> {
  const granted = await lockGrant(tx, number);
  const consumer = granted === undefined ? undefined : await knownConsumer(tx, granted.consumer);
  if (granted === undefined || consumer === undefined || !partiesOf(caller, { ...consumer, reviews: [], moves: [] }).includes('APPLICANT')) throw unknownApproval(number);
  const lines = granted.tuples.filter((own) => own.item === item && isLower(own, quotaPerDay) && own.validFrom <= now && (own.validTo === null || now < own.validTo));
  if (lines.length === 0) throw nothingLower(number, item, quotaPerDay);
  const purpose = `提高 ${number} 项下 ${item} 的每日次数 · A higher quota of ${item} under ${number}`;
  return {
    consumer: consumer.consumer, department: consumer.department, number,
    content: {
      matters: await mattersOf(tx, consumer, lines), legalBasis: `批准文号 ${number} · Approval ${number}`, scenario: purpose, purpose, validTo: lastDayOf(lines, today),
      lines: lines.map(({ uses, modes, mask, bounds }) => ({ item, uses: [...uses], modes: [...modes], mask, bounds: bounds.map(formOfBound), quotaPerDay })),
    },
  };
}

const isLower = (own: { readonly quotaPerDay: number | null }, quotaPerDay: number): boolean => own.quotaPerDay !== null && own.quotaPerDay < quotaPerDay;

/** An application names its matters: where lines are for every matter, all in which the consumer has a part. */
async function mattersOf(tx: postgres.TransactionSql, consumer: Consumer, lines: readonly WrittenTuple[]): Promise<readonly string[]> {
  const all = async (): Promise<readonly string[]> => (await tx<{ body: string }[]>`select to_jsonb(m)::text as body from matter m order by code collate "C"`)
    .map(({ body }) => matterIn(JSON.parse(body) as Readonly<Record<string, unknown>>)).filter((matter) => takesPart(consumer, matter)).map(({ code }) => code);
  const matters = lines.some((own) => own.matters === null) ? await all() : [...new Set(lines.flatMap((own) => own.matters ?? []))].sort();
  if (matters.length === 0 || matters.length > mostMatters) {
    throw new HubError('BAD_INPUT', `These lines are for ${matters.length === 0 ? 'no matter in which' : `more than ${mostMatters} matters in which`} ${consumer.consumer} has a part, and an application names 1 to ${mostMatters}: draft one with the quota for those that take it (draftApplication, submitApplication).`);
  }
  return matters;
}

/** The last civil day of what is raised, or of what may be applied for. */
function lastDayOf(lines: readonly WrittenTuple[], today: string): string {
  const most = `${Number(today.slice(0, 4)) + longestYears}${today.slice(4).replace('-02-29', '-02-28')}`;
  const ends = lines.map(({ validTo }) => (validTo === null ? most : new Date(Date.parse(validTo) + 8 * 3_600_000 - 1).toISOString().slice(0, 10)));
  return [most, ends.sort().at(-1) ?? most].sort()[0] as string;
}

function unknownApproval(number: string): HubError {
  return new HubError('FORBIDDEN', `${number} is no approval of this caller's that is in force; \`quotas\` lists what has a quota.`);
}

function nothingLower(number: string, item: string, quotaPerDay: number): HubError {
  return new HubError('BAD_INPUT', `Under ${number} nothing about ${item} is approved for fewer than ${quotaPerDay} questions a day; \`quotas\` lists what has a quota.`);
}
