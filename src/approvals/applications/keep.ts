/**
 * What days bring about: applications whose last day has passed expire, and what was not done in time is escalated to the data
 * authority. Run at the hub's start and after each midnight; any number of processes may run it.
 */
import type postgres from 'postgres';
import { escalate, meet, missedSubjects } from '../../calendar/deadline.ts';
import { changePolicy } from '../../identity/policy-change.ts';
import { lockApplication } from './application.ts';
import { takeFromForce } from './force.ts';
import { moveByHub } from './move.ts';
import { movesOf, standing } from './moves.ts';
import { endProviding } from './provided.ts';
import type { RecordTypes } from './provided.ts';

/** What was done. */
export interface Kept {
  readonly expired: number;
  readonly escalated: number;
}

/** See the head of this file. `today`: the civil date; `now`: ISO 8601. */
export async function keepApplications(sql: postgres.Sql, types: RecordTypes, today: string, now: string): Promise<Kept> {
  const actor = { by: 'hub', now };
  const due = await sql<{ number: string }[]>`select number from application where state = any(${[...standing]}::text[]) and valid_to < ${today} order by number`;
  let expired = 0;
  for (const { number } of due) {
    expired += await changePolicy(sql, actor, async (tx) => {
      const application = await lockApplication(tx, number);
      // Another process may have been here, or somebody ended it meanwhile.
      if (application === undefined || !(standing as readonly string[]).includes(application.state)) return 0;
      await moveByHub(tx, { actor }, application, 'expire', 'EXPIRED', null);
      await takeFromForce(tx, application);
      await meet(tx, number, null, today);
      return 1;
    });
  }
  await endProviding(sql, types, today, null);
  let escalated = 0;
  for (const number of await missedSubjects(sql, today)) {
    escalated += await changePolicy(sql, actor, async (tx) => {
      const application = await lockApplication(tx, number);
      if (application === undefined || !movesOf('escalate').some(({ from }) => from.includes(application.state))) return 0;
      const missed = await escalate(tx, number, today, now);
      if (missed.length > 0) await moveByHub(tx, { actor }, application, 'escalate', application.state, missed.map(({ department, rule, dueOn }) => `${department}: ${rule} ${dueOn}`).join('; '));
      return missed.length;
    });
  }
  return { expired, escalated };
}
