/**
 * Applications as applicants, providers and the authority read them: one, a page of them, what is overdue. Everybody finds what he is
 * concerned with (party.ts) and nothing else; a page goes on behind the number that the one before ended with.
 */
import type postgres from 'postgres';
import { deadlinesOf, overdue } from '../../calendar/deadline.ts';
import type { Deadline } from '../../calendar/deadline.ts';
import { HubError } from '../../errors.ts';
import type { Caller } from '../../sharing/terms.ts';
import { isApplicationNumber, readApplications, stateOn } from './application.ts';
import type { Application } from './application.ts';
import { unknown } from './move.ts';
import { standing } from './moves.ts';
import type { State } from './moves.ts';
import { maySee } from './party.ts';
import { endProviding } from './provided.ts';
import type { RecordTypes } from './provided.ts';

/** Who reads, where and when. */
export interface ReadingDesk {
  readonly sql: postgres.Sql;
  readonly caller: Caller;
  /** Civil date. */
  readonly today: string;
  readonly contract: RecordTypes;
}

/** An application with its deadlines, in the state that it has today. */
export interface ShownApplication extends Application {
  readonly deadlines: readonly Deadline[];
}

/** What to look through; as what: those that one applied with, those of which one's department provides something. */
export interface Looking {
  readonly as: 'APPLICANT' | 'PROVIDER' | null;
  readonly states: readonly State[] | null;
  readonly consumer: string | null;
  /** True: only those that ask for a higher quota; false: only others. */
  readonly raising: boolean | null;
  readonly first: number;
  /** A cursor; null: from the beginning. */
  readonly after: string | null;
}

/** One page. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

const mostOfPage = 100;

/** One application; to whom it is none of his, there is none. */
export async function applicationOf(desk: ReadingDesk, number: string): Promise<ShownApplication> {
  const [found] = await readApplications(desk.sql, [number]);
  if (found === undefined || !maySee(desk.caller, found)) throw unknown(number);
  return (await withDeadlines(desk, [found]))[0] as ShownApplication;
}

/** An application that was just moved, as it is shown. */
export async function shownNow(desk: ReadingDesk, application: Application): Promise<ShownApplication> {
  return (await withDeadlines(desk, [application]))[0] as ShownApplication;
}

/** A page of those that concern the caller, by number. */
export async function applicationsOf(desk: ReadingDesk, { as, states, consumer, raising, first, after }: Looking): Promise<Page<ShownApplication>> {
  const { sql, today } = desk;
  const most = sizeOf(first);
  if (after !== null && !isApplicationNumber(after)) throw new HubError('CURSOR_UNKNOWN', 'after is not a cursor of this list. Start again without it.');
  const rows = await sql<{ number: string }[]>`
    select number from application a where ${concerning(desk, as)}
      and (${after}::text is null or number > ${after}) and (${consumer}::text is null or consumer_code = ${consumer}) and (${raising}::boolean is null or (raises is not null) = ${raising}::boolean)
      and (${states === null ? null : [...states]}::text[] is null or case when valid_to < ${today} and state = any(${[...standing]}::text[]) then 'EXPIRED' else state end = any(${states === null ? [] : [...states]}::text[]))
    order by number limit ${most + 1}`;
  const numbers = rows.slice(0, most).map(({ number }) => number);
  return { nodes: await withDeadlines(desk, await readApplications(sql, numbers)), endCursor: numbers.at(-1) ?? null, hasNextPage: rows.length > most };
}

/** A page of what was due and is not done, the longest first: for the authority all of it, for a department its own. */
export async function overdueOf({ sql, caller, today, contract }: ReadingDesk, first: number, after: string | null): Promise<Page<Deadline>> {
  if (caller.kind !== 'administrator') throw new HubError('FORBIDDEN', 'Administrators are told what is overdue.');
  const most = sizeOf(first);
  await endProviding(sql, contract, today, null);
  const found = await overdue(sql, today, caller.ofAuthority ? null : caller.department, most + 1, after === null ? null : placeIn(after));
  const nodes = found.slice(0, most);
  const last = nodes.at(-1);
  return { nodes, endCursor: last === undefined ? null : [last.dueOn, last.subject, last.rule, last.department].join('|'), hasNextPage: found.length > most };
}

function placeIn(cursor: string): { readonly dueOn: string; readonly subject: string; readonly rule: Deadline['rule']; readonly department: string } {
  const [dueOn = '', subject, rule, department] = cursor.split('|');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(dueOn) || Number.isNaN(Date.parse(dueOn)) || subject === undefined || rule === undefined || department === undefined) {
    throw new HubError('CURSOR_UNKNOWN', 'after is not a cursor of this list. Start again without it.');
  }
  return { dueOn, subject, rule: rule as Deadline['rule'], department };
}

function sizeOf(first: number): number {
  if (first < 0) throw new HubError('BAD_INPUT', `first is a whole number from 0 to ${mostOfPage}.`);
  if (first > mostOfPage) throw new HubError('PAGE_TOO_LARGE', `first is ${first}; the limit is ${mostOfPage} a page. Ask for the next page with after: endCursor.`, { limit: mostOfPage });
  return first;
}

/** The same as `maySee`, as a condition on rows. */
function concerning({ sql, caller }: Pick<ReadingDesk, 'sql' | 'caller'>, as: Looking['as']) {
  if (caller.kind === 'stranger') return sql`false`;
  if (caller.kind === 'consumer') return as === 'PROVIDER' ? sql`false` : sql`consumer_code = ${caller.consumer}`;
  const applied = caller.role === 'STEWARD' ? sql`department_code = ${caller.department}` : sql`false`;
  const provided = caller.role === 'STEWARD' ? sql`exists (select 1 from application_review r where r.application_number = a.number and r.department_code = ${caller.department})` : sql`false`;
  if (as === 'APPLICANT') return applied;
  if (as === 'PROVIDER') return provided;
  return caller.ofAuthority && caller.role !== 'SYSTEM' ? sql`true` : sql`(${applied} or ${provided})`;
}

async function withDeadlines({ sql, today, contract }: ReadingDesk, applications: readonly Application[]): Promise<readonly ShownApplication[]> {
  await endProviding(sql, contract, today, applications.map(({ number }) => number));
  const deadlines = Map.groupBy(await deadlinesOf(sql, applications.map(({ number }) => number)), ({ subject }) => subject);
  return applications.map((own) => ({ ...own, state: stateOn(own, today), deadlines: deadlines.get(own.number) ?? [] }));
}
