/**
 * Every situation that an application can be in (its state, and the state of one department's review), found by walking the table of
 * moves from the draft; and the way into each, taken by the parties themselves.
 */
import { keepApplications } from '../../../src/approvals/applications/keep.ts';
import { applicationMoves, reviewMoves } from '../../../src/approvals/applications/moves.ts';
import type { ReviewState, State } from '../../../src/approvals/applications/moves.ts';
import { firstDay, places, stewards } from './desk.ts';
import type { Desk, Seen, Who } from './desk.ts';

/** State of the application, of the review of the police, and of that of the civil affairs; null: nobody reviews it yet. */
export interface Situation {
  readonly state: State;
  readonly police: ReviewState | null;
  readonly civil: ReviewState | null;
}

/** One step on the way into a situation. */
export interface Step {
  readonly verb: string;
  readonly by: string;
  /** Whose review. */
  readonly place: 'police' | 'civil' | null;
  readonly to: string;
}

export const nameOf = ({ state, police }: Situation): string => `${state}${police === null ? '' : `, the police ${police}`}`;

/** Steps that the table allows from a situation, with where they lead; what the hub does by itself follows at once. */
function stepsFrom(at: Situation): readonly (readonly [Step, Situation])[] {
  const own = applicationMoves.flatMap(({ verb, by, from, to }) => {
    if (!(from as readonly string[]).includes(at.state) || ['conclude', 'lapse', 'escalate', 'edit', 'renew'].includes(verb)) return [];
    // Both departments have conditional items, so the pre-check alone opens nothing.
    return ((to ?? []) as readonly State[]).filter((state) => !(verb === 'pass' && state === 'ACTIVE')).map((state): readonly [Step, Situation] => [
      { verb, by, place: null, to: state }, verb === 'pass' ? { state, police: 'PENDING', civil: 'PENDING' } : verb === 'submit' ? { state, police: null, civil: null } : { ...at, state },
    ]);
  });
  const reviews = (['police', 'civil'] as const).flatMap((place) => reviewMoves.flatMap(({ verb, by, from, to, whileIn }) => {
    const review = at[place];
    if (review === null || !(from as readonly string[]).includes(review) || !(whileIn as readonly string[]).includes(at.state)) return [];
    return (to as readonly ReviewState[]).map((state): readonly [Step, Situation] => [{ verb, by, place, to: state }, followed({ ...at, [place]: state })]);
  }));
  return [...own, ...reviews];
}

/** What follows by itself: the last answer concludes, the last revocation ends. */
function followed(at: Situation): Situation {
  const reviews = [at.police, at.civil];
  if (at.state === 'REVIEWING' && !reviews.includes('PENDING')) return { ...at, state: reviews.includes('APPROVED') ? 'ACTIVE' : 'REFUSED' };
  if (at.state !== 'REVIEWING' && reviews.every((review) => review === 'REVOKED' || review === 'REFUSED')) return { ...at, state: 'REVOKED' };
  return at;
}

/** The shortest way into each situation, by its name. */
export function waysIn(): ReadonlyMap<string, { readonly at: Situation; readonly way: readonly Step[] }> {
  const start: Situation = { state: 'DRAFT', police: null, civil: null };
  const found = new Map([[nameOf(start), { at: start, way: [] as readonly Step[] }]]);
  const seenBefore = new Set([JSON.stringify(start)]);
  for (let edge: readonly { at: Situation; way: readonly Step[] }[] = [{ at: start, way: [] }]; edge.length > 0;) {
    edge = edge.flatMap(({ at, way }) => stepsFrom(at).flatMap(([step, next]) => {
      if (seenBefore.has(JSON.stringify(next))) return [];
      seenBefore.add(JSON.stringify(next));
      const longer = { at: next, way: [...way, step] };
      if (!found.has(nameOf(next))) found.set(nameOf(next), longer);
      return [longer];
    }));
  }
  return found;
}

/** An item of the police and one of the civil affairs, both shared on condition. */
export const policeItem = 'RK-0003';
export const civilItem = 'RK-0013';

const actorOf: Readonly<Record<string, Who>> = { APPLICANT: 'market', AUTHORITY: stewards.authority };

/** What a command takes beside number, version and words. */
export function argumentsOf(verb: string, application: Seen, place: 'police' | 'civil' | null, approve = true): Readonly<Record<string, unknown>> {
  if (verb === 'review') return { decisions: application.lines.filter(({ reviewedBy }) => place === null || reviewedBy === places[place]).map(({ line }) => ({ line, approve, reason: approve ? null : '超出履职范围' })) };
  if (verb === 'renew') return { validTo: '2027-06-30' };
  if (verb === 'edit') return { application: editable };
  return {};
}

const editable = {
  matters: ['TEST-ANY-PURPOSE'], legalBasis: '市场主体登记管理条例', scenario: '登记窗口', purpose: '核实申请人', validTo: '2026-12-31',
  lines: [{ item: policeItem, uses: ['READ'] }, { item: civilItem, uses: ['READ'] }],
};

/** The mutation of a verb. */
export const mutationOf = (verb: string): string => (verb.endsWith('Items') ? verb : `${verb}Application`);

/** The version that a move is made from: the review's for a department, else the application's. */
export function versionFor(verb: string, application: Seen, department: string): number {
  const review = application.reviews.find(({ departmentCode }) => departmentCode === department);
  return reviewMoves.some((own) => own.verb === verb) && review !== undefined ? review.version : application.version;
}

/** Takes an application into a situation. */
export async function reach(desk: Desk, way: readonly Step[]): Promise<Seen> {
  const drafted = await desk.draft('market', editable.lines);
  if (drafted.application === null) throw new Error(drafted.message);
  let application = drafted.application;
  for (const step of way) application = await take(desk, application, step);
  return application;
}

async function take(desk: Desk, application: Seen, { verb, by, place, to }: Step): Promise<Seen> {
  if (verb === 'expire') {
    await keepApplications(desk.hub.database.sql, desk.hub.schema.contract, '2027-01-01', '2026-12-31T16:00:00.000Z');
    return desk.see(application.number);
  }
  if (verb === 'supersede') {
    if (application.state === 'SUSPENDED') throw new Error('What the authority has suspended is not renewed.');
    const draft = await desk.must('market', 'renewApplication', { number: application.number, version: application.version, validTo: '2027-06-30' });
    await approveAll(desk, draft);
    return desk.see(application.number);
  }
  const who = place === null ? actorOf[by] as Who : stewards[place];
  return desk.must(who, mutationOf(verb), { number: application.number, version: versionFor(verb, application, place === null ? '' : places[place]), words: '按程序办理', ...argumentsOf(verb, application, place, to !== 'REFUSED') });
}

/** Takes a draft to its end in force: everybody approves. */
export async function approveAll(desk: Desk, draft: Seen): Promise<Seen> {
  let now = await desk.must('market', 'submitApplication', { number: draft.number, version: draft.version });
  now = await desk.must(stewards.authority, 'passApplication', { number: now.number, version: now.version });
  for (const { departmentCode, version } of now.reviews) {
    const place = departmentCode === places.police ? 'police' : 'civil';
    now = await desk.must(stewards[place], 'reviewApplication', { number: now.number, version, ...argumentsOf('review', now, place) });
  }
  return now;
}

export { firstDay };
