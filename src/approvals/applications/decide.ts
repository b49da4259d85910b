/**
 * What is decided about an application: the data authority's pre-check, each providing department's answer about its own items, and
 * afterwards by either side its suspension and its end.
 *
 * What is shared unconditionally takes the pre-check only. When the last department has answered, what was approved is in force; an
 * application of which nothing was approved is refused.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { workingDays } from '../../calendar/calendar.ts';
import { begin, meet } from '../../calendar/deadline.ts';
import { line, readForm, refused } from '../../identity/form.ts';
import type { Problem } from '../../identity/form.ts';
import { lockApplication, raisesOf, readApplications, stateOn } from './application.ts';
import type { Application } from './application.ts';
import { reviewerOf } from './content.ts';
import { bringIntoForce, isLeft, takeFromForce, takeItemsFromForce } from './force.ts';
import { moveApplication, moveByHub, moveReview } from './move.ts';
import type { Asked, MoveDesk } from './move.ts';
import { movesOf } from './moves.ts';
import { beginProviding } from './provided.ts';

/** What is decided about one line. */
export interface LineDecision {
  readonly line: number;
  readonly approve: boolean;
  /** Why not; taken where it is refused. */
  readonly reason?: string | null;
}

/** Returns it for correction: the applicant edits it and submits it again. */
export async function returnApplication(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveApplication(desk, 'return', asked, async (tx, { number }) => {
    await meet(tx, number, null, desk.today);
    return 'RETURNED';
  });
}

/** Refuses it at the pre-check. */
export async function refuseApplication(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveApplication(desk, 'refuse', asked, async (tx, { number }) => {
    await meet(tx, number, null, desk.today);
    return 'REFUSED';
  });
}

/** Passes the pre-check: what is conditional goes to the departments that provide it, and what takes nobody's answer is approved. */
export async function passApplication(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveApplication(desk, 'pass', asked, async (tx, application) => {
    await meet(tx, application.number, null, desk.today);
    const departments = new Set<string>();
    for (const own of application.lines) {
      const department = reviewerOf(own, desk.catalog);
      if (department !== null) departments.add(department);
      await tx`update application_line set reviewed_by = ${department}, decision = ${department === null ? 'APPROVED' : null} where application_number = ${application.number} and line = ${own.line}`;
    }
    const calendar = await workingDays(tx);
    for (const department of [...departments].sort()) {
      await tx`insert into application_review (application_number, department_code, state, version) values (${application.number}, ${department}, 'PENDING', 1)`;
      await begin(tx, calendar, { subject: application.number, rule: 'conditional', department }, desk.today, desk.deadlines.conditional);
    }
    if (departments.size > 0) return 'REVIEWING';
    await activate(tx, desk, application.number);
    return 'ACTIVE';
  });
}

/** Answers for one department: about each of its own lines, approved or refused with the reason. */
export async function reviewApplication(desk: MoveDesk, asked: Asked, given: readonly LineDecision[]): Promise<Application> {
  return moveReview(desk, 'review', asked, async (tx, application, { department }) => {
    const decisions = readDecisions(given, application.lines.filter(({ reviewedBy }) => reviewedBy === department).map((own) => own.line));
    for (const { line: index, approve, reason } of decisions) {
      await tx`update application_line set decision = ${approve ? 'APPROVED' : 'REFUSED'}, reason = ${reason ?? null} where application_number = ${application.number} and line = ${index}`;
    }
    await meet(tx, application.number, department, desk.today);
    await beginProviding(tx, desk, application, department);
    return decisions.some(({ approve }) => approve) ? 'APPROVED' : 'REFUSED';
  }, async (tx, application) => {
    if (application.reviews.some(({ state }) => state === 'PENDING')) return;
    const approved = application.lines.some(({ decision }) => decision === 'APPROVED');
    await moveByHub(tx, desk, application, 'conclude', approved ? 'ACTIVE' : 'REFUSED', null);
    if (approved) await activate(tx, desk, application.number);
  });
}

const decisionsForm = z.array(z.strictObject({ line: z.int(), approve: z.boolean(), reason: line(1000).nullish() }));

/** Every line of the department once, a refusal with its reason. */
function readDecisions(given: readonly LineDecision[], own: readonly number[]): readonly LineDecision[] {
  const read = readForm(decisionsForm, given, 'The answer');
  const problems = [
    ...read.flatMap(({ line: index, approve, reason }, place): Problem[] => [
      ...(own.includes(index) ? [] : [{ at: `decisions[${place}].line`, says: `is ${index}, which is not about an item of this department` }]),
      ...(read.findIndex((other) => other.line === index) < place ? [{ at: `decisions[${place}].line`, says: `is ${index} a second time` }] : []),
      ...(!approve && (reason ?? null) === null ? [{ at: `decisions[${place}].reason`, says: 'is missing: a refusal says why (不予共享应当说明理由)' }] : []),
    ]),
    ...own.filter((index) => !read.some((other) => other.line === index)).map((index) => ({ at: 'decisions', says: `says nothing about line ${index}` })),
  ];
  if (problems.length > 0) throw refused('The answer', problems);
  return read;
}

/** What was approved is in force from now on; what it renews has ended with that. */
async function activate(tx: postgres.TransactionSql, desk: MoveDesk, number: string): Promise<void> {
  await tx`update application set activated_at = ${desk.actor.now} where number = ${number}`;
  const [application] = await readApplications(tx, [number]);
  if (application === undefined) throw new Error('An application that is being moved is there.');
  const old = application.supersedes === null ? undefined : await lockApplication(tx, application.supersedes);
  if (old !== undefined && movesOf('supersede').some(({ from }) => from.includes(old.state))) {
    await moveByHub(tx, desk, old, 'supersede', 'SUPERSEDED', number);
    await takeFromForce(tx, old);
    await endRaises(tx, desk, old.number);
  }
  await bringIntoForce(tx, desk, application);
}

/** Suspends the whole of it, by the authority or by the applicant. */
export async function suspendApplication(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveApplication(desk, 'suspend', asked, async (tx, application, move) => {
    await takeFromForce(tx, application);
    return move.by === 'AUTHORITY' ? 'SUSPENDED' : 'PAUSED';
  });
}

/** Brings it back into force, by whoever suspended it. */
export async function resumeApplication(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveApplication(desk, 'resume', asked, async (tx, application) => {
    await bringIntoForce(tx, desk, application);
    return 'ACTIVE';
  });
}

/** Ends it, by the authority or by the applicant. */
export async function revokeApplication(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveApplication(desk, 'revoke', asked, async (tx, application) => {
    await takeFromForce(tx, application);
    await endRaises(tx, desk, application.number);
    return 'REVOKED';
  });
}

/** What raised a quota under an approval that has ended ends with it; of one that has ended in part, what `ended` says. */
export async function endRaises(tx: postgres.TransactionSql, desk: Pick<MoveDesk, 'actor'>, number: string, ended: (raise: Application) => boolean = () => true): Promise<void> {
  for (const raise of await raisesOf(tx, number)) {
    if (ended(raise) && movesOf('lapse').some(({ from }) => from.includes(raise.state))) await moveByHub(tx, desk, raise, 'lapse', 'REVOKED', number);
  }
}

/** Suspends what one department gave; what others gave stays in force. */
export async function suspendItems(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveReview(desk, 'suspendItems', asked, async (tx, application, { department }) => {
    await takeItemsFromForce(tx, application, department);
    return 'SUSPENDED';
  }, async () => undefined);
}

/** Brings what one department gave back into force. */
export async function resumeItems(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveReview(desk, 'resumeItems', asked, async () => 'APPROVED', async (tx, application) => {
    if (stateOn(application, desk.today) === 'ACTIVE') await bringIntoForce(tx, desk, application);
  });
}

/** Ends what one department gave; with the last of it the application ends. */
export async function revokeItems(desk: MoveDesk, asked: Asked): Promise<Application> {
  return moveReview(desk, 'revokeItems', asked, async (tx, application, { department }) => {
    await takeItemsFromForce(tx, application, department);
    await endRaises(tx, desk, application.number, ({ lines }) => lines.every(({ reviewedBy }) => reviewedBy === department));
    return 'REVOKED';
  }, async (tx, application) => {
    if (isLeft(application)) return;
    await moveByHub(tx, desk, application, 'lapse', 'REVOKED', null);
  });
}
