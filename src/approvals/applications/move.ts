/**
 * Makes moves: the one way in which an application or a review gets another state. A move stands in the table (moves.ts), is made by
 * whoever may, from the version that he read, and is written down with his words; or nothing happens.
 *
 * Whether there is an application is told only to whoever may see it.
 */
import type postgres from 'postgres';
import type { DeadlineDays } from '../../calendar/deadline.ts';
import { HubError } from '../../errors.ts';
import { line, readForm } from '../../identity/form.ts';
import { changePolicy } from '../../identity/policy-change.ts';
import type { Caller } from '../../sharing/terms.ts';
import type { GrantingDesk } from '../known.ts';
import { lockApplication, readApplications, stateOn } from './application.ts';
import type { Application, Review } from './application.ts';
import { movesOf, reviewMoveOf } from './moves.ts';
import type { ApplicationMove, ApplicationVerb, Party, ReviewMove, ReviewState, ReviewVerb, State } from './moves.ts';
import { hasApplied, maySee, partiesOf } from './party.ts';

/** Who moves something, and what that takes. */
export interface MoveDesk extends GrantingDesk {
  readonly sql: postgres.Sql;
  readonly caller: Caller;
  /** Civil date. */
  readonly today: string;
  readonly deadlines: DeadlineDays;
}

/** A move that is asked for: on what, from which version, in what words. */
export interface Asked {
  readonly number: string;
  /** Of the application; for a department's review, of the review. */
  readonly version: number;
  readonly words?: string | null;
}

const wordsForm = line(2000).nullable();

/** Moves an application; `work` does what the move means and gives where it ends. */
export async function moveApplication<V extends ApplicationVerb>(
  desk: MoveDesk, verb: V, asked: Asked, work: (tx: postgres.TransactionSql, application: Application, move: ApplicationMove) => Promise<State>, content: (application: Application) => unknown = () => null,
): Promise<Application> {
  return atDesk(desk, asked.number, async (tx, application) => {
    const state = stateOn(application, desk.today);
    const own = openTo(desk.caller, verb, movesOf(verb), application);
    checkVersion(application, asked.version, application.version);
    const move = undecided(desk.caller, application, fromState(`Application ${application.number}`, verb, own, state));
    const words = wordsOf(asked, move);
    const to = await work(tx, application, move);
    await write(tx, desk, application, move, state, to, words, content(application));
  });
}

/** Moves the review of the caller's department; `then` follows when that is written down. */
export async function moveReview(
  desk: MoveDesk, verb: ReviewVerb, asked: Asked, work: (tx: postgres.TransactionSql, application: Application, review: Review) => Promise<ReviewState>, then: (tx: postgres.TransactionSql, application: Application) => Promise<void>,
): Promise<Application> {
  return atDesk(desk, asked.number, async (tx, application) => {
    const move = reviewMoveOf(verb);
    const own = openTo(desk.caller, verb, [move], application);
    const review = application.reviews.find(({ department }) => desk.caller.kind === 'administrator' && department === desk.caller.department);
    if (review === undefined) throw new Error('Who provides has a review.');
    checkVersion(application, asked.version, review.version);
    const state = stateOn(application, desk.today);
    if (!move.whileIn.includes(state)) throw wrongState(`Application ${application.number}`, state, verb, move.whileIn);
    undecided(desk.caller, application, fromState(`The review of ${review.department} about ${application.number}`, verb, own, review.state));
    const words = wordsOf(asked, move);
    const to = await work(tx, application, review);
    ends(move, review.state, to);
    await tx`update application_review set state = ${to}, version = version + 1 where application_number = ${application.number} and department_code = ${review.department}`;
    await noted(tx, desk, application.number, { reviewOf: review.department, verb, from: review.state, to, party: move.by, words, content: null });
    await then(tx, (await readApplications(tx, [application.number]))[0] as Application);
  });
}

/** A move that nobody asks for: a day has come, or another move brings it about. */
export async function moveByHub(tx: postgres.TransactionSql, desk: Pick<MoveDesk, 'actor'>, application: Application, verb: ApplicationVerb, to: State, words: string | null): Promise<void> {
  const move = movesOf(verb).find(({ by }) => by === 'HUB');
  if (move === undefined || !move.from.includes(application.state)) throw new Error(`${verb} is no move of the hub from ${application.state}.`);
  ends(move, application.state, to);
  await tx`update application set state = ${to}, version = version + 1 where number = ${application.number}`;
  await tx`insert into application_move (application_number, verb, from_state, to_state, at, by, party, words)
           values (${application.number}, ${verb}, ${application.state}, ${to}, ${desk.actor.now}, 'hub', 'HUB', ${words})`;
}

/** Writes down that an application was drafted. */
export async function noteDraft(tx: postgres.TransactionSql, desk: MoveDesk, number: string): Promise<void> {
  await noted(tx, desk, number, { reviewOf: null, verb: 'draft', from: null, to: 'DRAFT', party: 'APPLICANT', words: null, content: null });
}

/** The refusal of whoever may not know of an application. */
export function unknown(number: string): HubError {
  return new HubError('FORBIDDEN', `There is no application ${number}, or it is none of this caller's; \`applications\` lists those that are.`);
}

async function atDesk(desk: MoveDesk, number: string, work: (tx: postgres.TransactionSql, application: Application) => Promise<void>): Promise<Application> {
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    const application = await lockApplication(tx, number);
    if (application === undefined || !maySee(desk.caller, application)) throw unknown(number);
    await work(tx, application);
    return (await readApplications(tx, [number]))[0] as Application;
  });
}

/** The rows of the table that are a caller's, by what he is to the application. */
function openTo<M extends ApplicationMove | ReviewMove>(caller: Caller, verb: string, rows: readonly M[], application: Application): readonly M[] {
  const own = partiesOf(caller, application);
  const his = rows.filter(({ by }) => own.includes(by));
  if (his.length === 0) throw new HubError('FORBIDDEN', `${verb} is not this caller's to do about application ${application.number}: it is for ${[...new Set(rows.map(({ by }) => partyInWords[by]))].join(' or ')}.`);
  return his;
}

function checkVersion({ number }: Application, version: number, current: number): void {
  if (version === current) return;
  throw new HubError('CONFLICT', `Application ${number} was moved meanwhile: it is at version ${current}. Look at it again, and do this with that version if it still holds.`, { version: current });
}

/** The rows that begin where it is. */
function fromState<M extends ApplicationMove | ReviewMove>(what: string, verb: string, rows: readonly M[], state: string): readonly M[] {
  const begin = rows.filter((row) => (row.from as readonly string[]).includes(state));
  if (begin.length === 0) throw wrongState(what, state, verb, rows.flatMap((row) => row.from as readonly string[]));
  return begin;
}

/** The first row that a caller may take: nobody decides on what he applied for. */
function undecided<M extends ApplicationMove | ReviewMove>(caller: Caller, application: Application, rows: readonly M[]): M {
  const free = rows.find(({ decides }) => decides !== true || !hasApplied(caller, application));
  if (free === undefined) throw new HubError('FORBIDDEN', `Nobody decides on what he applied for: another administrator of the same place decides about application ${application.number}.`);
  return free;
}

const partyInWords: Readonly<Record<Party, string>> = {
  APPLICANT: 'the applicant (its application, or a STEWARD of its department)', AUTHORITY: 'a STEWARD of the data authority',
  PROVIDER: 'a STEWARD of a department that provides what is applied for', HUB: 'nobody',
};

function wrongState(what: string, state: string, verb: string, from: readonly string[]): HubError {
  return new HubError('CONFLICT', `${what} is ${state}, and ${verb} is made from ${[...new Set(from)].join(', ') || 'no state'}.`, { state });
}

function wordsOf({ words = null }: Asked, { verb, words: needed }: ApplicationMove | ReviewMove): string | null {
  const given = words === null || words.trim() === '' ? null : words;
  if (needed === true && given === null) throw new HubError('BAD_INPUT', `${verb} takes words: say why.`);
  return readForm(wordsForm, given, 'What is said about it');
}

async function write(tx: postgres.TransactionSql, desk: MoveDesk, { number }: Application, move: ApplicationMove, from: State, to: State, words: string | null, content: unknown): Promise<void> {
  ends(move, from, to);
  await tx`update application set state = ${to}, version = version + 1 where number = ${number}`;
  await noted(tx, desk, number, { reviewOf: null, verb: move.verb, from, to, party: move.by, words, content });
}

/** A move that ends where the table does not say is a fault of ours. */
function ends(move: ApplicationMove | ReviewMove, from: string, to: string): void {
  if (!((move.to ?? [from]) as readonly string[]).includes(to)) throw new Error(`${move.verb} does not lead from ${from} to ${to}.`);
}

interface Note {
  readonly reviewOf: string | null;
  readonly verb: string;
  readonly from: string | null;
  readonly to: string;
  readonly party: Party;
  readonly words: string | null;
  readonly content: unknown;
}

async function noted(tx: postgres.TransactionSql, { caller, actor }: MoveDesk, number: string, { reviewOf, verb, from, to, party, words, content }: Note): Promise<void> {
  const [role, department] = caller.kind === 'administrator' ? [caller.role, caller.department] : [null, caller.kind === 'consumer' ? caller.department : null];
  await tx`insert into application_move (application_number, review_of, verb, from_state, to_state, at, by, by_role, by_department, party, words, content)
           values (${number}, ${reviewOf}, ${verb}, ${from}, ${to}, ${actor.now}, ${actor.by}, ${role}, ${department}, ${party}, ${words}, ${content === null ? null : JSON.stringify(content)}::jsonb)`;
}
