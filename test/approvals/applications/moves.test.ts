/**
 * The table of lawful moves, tried: in every situation that it leads to, everybody (each role in each place, and applications) makes
 * every move. What the table allows goes well and is written down; all else is refused and leaves nothing behind.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationMoves, reviewMoves, reviewStates, standing, states } from '../../../src/approvals/applications/moves.ts';
import { actors, openDesk, places } from './desk.ts';
import type { Desk, Seen, Who } from './desk.ts';
import { argumentsOf, mutationOf, nameOf, reach, versionFor, waysIn } from './situations.ts';
import type { Situation } from './situations.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.close());

interface Row {
  readonly verb: string;
  readonly by: string;
  readonly from: readonly string[];
  readonly to: readonly string[] | null;
  readonly whileIn?: readonly string[];
}
const rows: readonly Row[] = [...applicationMoves, ...reviewMoves].filter(({ by }) => by !== 'HUB');
const verbs = [...new Set(rows.map(({ verb }) => verb))];
const ofReviews = new Set<string>(reviewMoves.map(({ verb }) => verb));

/** What somebody is to an application of `market`, said here in other words than in the code. */
function partyOf({ name, role, place }: (typeof actors)[number], at: Situation): string | null {
  if (name === 'market') return 'APPLICANT';
  if (role !== 'STEWARD') return null;
  const reviewed = at.police !== null;
  return place === 'authority' ? 'AUTHORITY' : place === 'applicant' ? 'APPLICANT' : reviewed && (place === 'police' || place === 'civil') ? 'PROVIDER' : null;
}

/** What comes of a move: the rows by which it is made, or the code by which it is refused. */
function expected(actor: (typeof actors)[number], verb: string, at: Situation): readonly Row[] | 'FORBIDDEN' | 'CONFLICT' {
  const party = partyOf(actor, at);
  const his = rows.filter((row) => row.verb === verb && row.by === party);
  if (his.length === 0) return 'FORBIDDEN';
  const review = actor.place === 'police' ? at.police : at.civil;
  const lawful = his.filter(({ from, whileIn }) => from.includes((ofReviews.has(verb) ? review : at.state) ?? '') && (whileIn?.includes(at.state) ?? true));
  return lawful.length === 0 ? 'CONFLICT' : lawful;
}

/** All that a refused move must leave as it was. */
async function traces(number: string): Promise<unknown> {
  const { sql } = desk.hub.database;
  const grants = await sql`select tuples::text from sharing_grant where approval_no = ${number}`;
  return { application: await desk.see(number), grants: [...grants] };
}

const attempt = (who: Who, verb: string, application: Seen, department: string, place: 'police' | 'civil' | null) =>
  desk.command(who, mutationOf(verb), { number: application.number, version: versionFor(verb, application, department), words: '按程序办理', ...argumentsOf(verb, application, place) });

const ways = [...waysIn().values()];
const placeOf = (place: string): 'police' | 'civil' | null => (place === 'police' || place === 'civil' ? place : null);

it('the table leads to every state, and names no other', () => {
  expect(new Set(ways.map(({ at }) => at.state))).toEqual(new Set(states));
  expect(new Set(ways.flatMap(({ at }) => at.police ?? []))).toEqual(new Set(reviewStates));
  for (const { from, to } of applicationMoves) for (const state of [...from, ...(to ?? [])]) expect(states).toContain(state);
  // What has ended is moved no more, but for what a renewal does.
  for (const { verb, from } of applicationMoves) if (verb !== 'renew' && verb !== 'supersede') for (const end of ['REFUSED', 'WITHDRAWN', 'REVOKED', 'EXPIRED', 'SUPERSEDED']) expect(from).not.toContain(end);
});

describe.each(ways.map((own) => [nameOf(own.at), own] as const))('an application that is %s', (_name, { at, way }) => {
  it('takes no move that the table does not have, from nobody', async () => {
    const application = await reach(desk, way);
    expect(application).toMatchObject({ state: at.state, reviews: at.police === null ? [] : [{ departmentCode: places.police, state: at.police }, { departmentCode: places.civil, state: at.civil }] });
    const before = await traces(application.number);
    let tried = 0;
    for (const verb of verbs) {
      for (const actor of actors) {
        const code = expected(actor, verb, at);
        if (typeof code !== 'string') continue;
        const refused = await attempt(actor.name, verb, application, places[actor.place], placeOf(actor.place));
        expect([actor.name, verb, refused.code]).toEqual([actor.name, verb, code]);
        tried += 1;
      }
      expect((await attempt('stranger', verb, application, '', null)).code).toBe('UNAUTHENTICATED');
    }
    expect(tried).toBeGreaterThan(verbs.length * (actors.length - 4));
    expect(await traces(application.number)).toEqual(before);
  });

  const lawful = verbs.flatMap((verb) => actors.flatMap((actor) => {
    const made = expected(actor, verb, at);
    return typeof made === 'string' ? [] : [{ verb, actor, made }];
  }));
  if (lawful.length === 0) return;

  it('takes each move that it has, and writes down who, when, from, to and why', async () => {
    for (const { verb, actor, made } of lawful) {
      const application = await reach(desk, way);
      const { application: after, message } = await attempt(actor.name, verb, application, places[actor.place], placeOf(actor.place));
      expect([actor.name, verb, message]).toEqual([actor.name, verb, '']);
      const moved = await desk.see(application.number);
      const review = ofReviews.has(verb) ? places[actor.place] : null;
      const from = review === null ? at.state : actor.place === 'police' ? at.police : at.civil;
      const move = moved.moves.find((own, index) => index >= application.moves.length && own.verb === verb && own.by !== 'hub');
      expect(move).toMatchObject({
        reviewOf: review, from, at: '2026-11-24T12:00:00.000+08:00', by: `test-${actor.name}`, role: actor.role, departmentCode: places[actor.place], party: partyOf(actor, at), words: verb === 'edit' ? null : '按程序办理',
      });
      expect(made.flatMap(({ to }) => to ?? [from ?? ''])).toContain(move?.to);
      expect(moved.moves.slice(0, application.moves.length)).toEqual(application.moves);
      // Nothing is in force but what is approved and not taken back.
      const grants = await desk.hub.database.sql<{ items: string[] }[]>`select array(select jsonb_array_elements(tuples)->>'item' order by 1) as items from sharing_grant where approval_no = ${application.number}`;
      const given = moved.lines.filter((line) => line.decision === 'APPROVED' && moved.reviews.find(({ departmentCode }) => departmentCode === line.reviewedBy)?.state === 'APPROVED').map(({ item }) => item);
      expect([...grants]).toEqual(moved.state === 'ACTIVE' && given.length > 0 ? [{ items: given }] : []);
      if (verb === 'renew') expect(after).toMatchObject({ state: 'DRAFT', supersedes: application.number });
    }
  });

  it('takes none of them twice from one version', async () => {
    const { verb, actor } = lawful[0] as (typeof lawful)[number];
    const application = await reach(desk, way);
    const two = await Promise.all([1, 2].map(() => attempt(actor.name, verb, application, places[actor.place], placeOf(actor.place))));
    expect(two.map(({ code }) => code ?? 'made').toSorted()).toEqual(['CONFLICT', 'made']);
  });
});

it('what the hub does by itself is nobody\'s to ask for', () => {
  const mutations = Object.keys(desk.hub.schema.schema.getMutationType()?.getFields() ?? {});
  for (const { verb } of applicationMoves.filter(({ by }) => by === 'HUB')) expect(mutations).not.toContain(mutationOf(verb));
  expect(standing).toEqual(['ACTIVE', 'PAUSED', 'SUSPENDED']);
});
