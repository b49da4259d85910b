/**
 * What an applicant does: drafts, edits, submits, withdraws, renews. An application of a department applies for itself, a STEWARD for
 * the applications of his department.
 */
import type postgres from 'postgres';
import { begin, meet } from '../../calendar/deadline.ts';
import { workingDays } from '../../calendar/calendar.ts';
import { HubError } from '../../errors.ts';
import { changePolicy } from '../../identity/policy-change.ts';
import { knownConsumer } from '../known.ts';
import { readApplications } from './application.ts';
import type { Application } from './application.ts';
import { checkContent, contentOf, readContent, reviewerOf, writeContent } from './content.ts';
import type { ContentForm } from './content.ts';
import { linesAsRaised } from './force.ts';
import { moveApplication, noteDraft } from './move.ts';
import type { Asked, MoveDesk } from './move.ts';

/** Drafts an application for a consumer: its own where an application of a department drafts it. */
export async function draftApplication(desk: MoveDesk, consumer: string | null, given: ContentForm): Promise<Application> {
  const content = readContent(given, desk.today);
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    const { consumer: code, department } = await applicantIn(tx, desk, consumer);
    const number = await insertDraft(tx, desk, code, department, content);
    return (await readApplications(tx, [number]))[0] as Application;
  });
}

/** Edits one that is not submitted, or was returned. */
export async function editApplication(desk: MoveDesk, asked: Asked, given: ContentForm): Promise<Application> {
  const content = readContent(given, desk.today);
  return moveApplication(desk, 'edit', asked, async (tx, { number, state }) => {
    await writeContent(tx, number, content);
    return state;
  });
}

/** Submits one; what it asks for is checked as if all of it were granted. What it said then is kept with the move. */
export async function submitApplication(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveApplication(desk, 'submit', asked, async (tx, application) => {
    const { authority, own } = await authorityOf(tx, application.department);
    if (own && desk.caller.kind === 'consumer') {
      throw new HubError('FORBIDDEN', 'The data authority decides about this application itself, so one of its stewards submits it by name, and another decides.');
    }
    await checkContent(tx, desk, application, desk.today);
    await tx`delete from application_review where application_number = ${application.number}`;
    await tx`update application_line set reviewed_by = null, decision = null, reason = null where application_number = ${application.number}`;
    const rule = application.lines.every((line) => reviewerOf(line, desk.catalog) === null) ? 'unconditional' : 'precheck';
    await begin(tx, await workingDays(tx), { subject: application.number, rule, department: authority }, desk.today, desk.deadlines[rule]);
    return 'SUBMITTED';
  }, (application) => contentOf(application, application.lines));
}

/** Takes one back before it is decided. */
export async function withdrawApplication(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveApplication(desk, 'withdraw', asked, async (tx, { number }) => {
    await meet(tx, number, null, desk.today);
    return 'WITHDRAWN';
  });
}

/** Drafts what will supersede an application that was approved, from what was approved of it, with the quotas as they were raised; gives the draft. */
export async function renewApplication(desk: MoveDesk, asked: Asked, validTo: string): Promise<Application> {
  let renewal = '';
  await moveApplication(desk, 'renew', asked, async (tx, application) => {
    const [open] = await tx<{ number: string }[]>`select number from application where supersedes = ${application.number} and state in ('DRAFT', 'SUBMITTED', 'RETURNED', 'REVIEWING')`;
    if (open !== undefined) throw new HubError('CONFLICT', `Application ${application.number} is being renewed already: ${open.number}.`, { number: open.number });
    const content = readContent({ ...contentOf(application, await linesAsRaised(tx, application, desk.today)), validFrom: null, validTo }, desk.today);
    renewal = await insertDraft(tx, desk, application.consumer, application.department, content, { supersedes: application.number });
    return application.state;
  });
  return (await readApplications(desk.sql, [renewal]))[0] as Application;
}

/** The data authority that decides about a department's applications: itself, or that of its division, as the codes of departments say. */
async function authorityOf(tx: postgres.TransactionSql, department: string): Promise<{ readonly authority: string; readonly own: boolean }> {
  const [found] = await tx<{ authority: string; own: boolean }[]>`
    select code as authority, code = ${department} as own from department where role = 'AUTHORITY'
    order by code = ${department} desc, split_part(code, '-', 1) = split_part(${department}, '-', 1) desc, code collate "C" limit 1`;
  if (found === undefined) throw new HubError('BAD_INPUT', 'No department is the data authority, so nobody could decide; seeds/departments.csv names it.');
  return found;
}

/** For whom somebody may apply. */
async function applicantIn(tx: postgres.TransactionSql, { caller }: MoveDesk, consumer: string | null): Promise<{ readonly consumer: string; readonly department: string }> {
  if (caller.kind === 'consumer') {
    if ((consumer ?? caller.consumer) !== caller.consumer) throw new HubError('FORBIDDEN', 'An application applies for itself only; leave `consumer` out.');
    return caller;
  }
  if (caller.kind === 'stranger' || caller.role !== 'STEWARD') throw new HubError('FORBIDDEN', 'Applications and stewards of their departments apply.');
  if (consumer === null) throw new HubError('BAD_INPUT', 'Say for which consumer: a steward applies for the applications of his department.');
  const own = await knownConsumer(tx, consumer);
  if (own.department !== caller.department) throw new HubError('FORBIDDEN', `${consumer} is no application of ${caller.department}, whose steward applies for it.`);
  return own;
}

/** Writes down a new draft; gives its number. */
export async function insertDraft(tx: postgres.TransactionSql, desk: MoveDesk, consumer: string, department: string, content: ContentForm, { supersedes = null, raises = null }: { readonly supersedes?: string | null; readonly raises?: string | null } = {}): Promise<string> {
  const [row] = await tx<{ next: string }[]>`select nextval('application_number')::text as next`;
  const number = `SQ-${desk.today.slice(0, 4)}-${(row?.next ?? '').padStart(6, '0')}`;
  await tx`insert into application (number, consumer_code, department_code, state, version, legal_basis, scenario, purpose, matters, valid_to, supersedes, raises)
           values (${number}, ${consumer}, ${department}, 'DRAFT', 1, '', '', '', '{}', ${content.validTo}, ${supersedes}, ${raises})`;
  await writeContent(tx, number, content);
  await noteDraft(tx, desk, number);
  return number;
}
