/**
 * What an application brings into force: the grant under its number, made of the lines that were approved and not taken back, in force
 * with the next question.
 *
 * Bringing something into force is checked against all that is known now and may be refused; taking it away is never refused, whatever
 * else has become wrong meanwhile.
 */
import type postgres from 'postgres';
import { nextDay } from '../../calendar/working-days.ts';
import type { GrantForm, WrittenTuple } from '../form.ts';
import { checkedGrant, narrowGrant, removeGrant, writeGrant } from '../grant.ts';
import type { GrantingDesk } from '../known.ts';
import type { Application, Line } from './application.ts';

/** Brings into force what of an application was approved and is not suspended; where that is nothing, nothing is. */
export async function bringIntoForce(tx: postgres.TransactionSql, desk: GrantingDesk, application: Application): Promise<void> {
  if (inForce(application).length === 0) await takeFromForce(tx, application);
  else await writeGrant(tx, desk, grantOf(application, inForce(application), desk.actor.now));
}

/** Takes all of it away. */
export async function takeFromForce(tx: postgres.TransactionSql, { number }: Application): Promise<void> {
  await removeGrant(tx, number);
}

/** Takes away what one department gave. */
export async function takeItemsFromForce(tx: postgres.TransactionSql, { number, lines }: Application, department: string): Promise<void> {
  await narrowGrant(tx, number, new Set(lines.filter(({ reviewedBy }) => reviewedBy === department).map(({ item }) => item)));
}

/** The lines of the grant if all of it were approved today; throws `BAD_INPUT` naming what is wrong. */
export async function checkWhole(tx: postgres.TransactionSql, desk: GrantingDesk, application: Application): Promise<readonly WrittenTuple[]> {
  return checkedGrant(tx, desk, grantOf(application, application.lines, desk.actor.now), { what: `Application ${application.number}`, lines: 'lines' });
}

/** Is there anything that is in force, or would be if the application and its reviews were not suspended? */
export function isLeft({ lines, reviews }: Application): boolean {
  return lines.some(({ decision, reviewedBy }) => decision === 'APPROVED' && !reviews.some(({ department, state }) => department === reviewedBy && state === 'REVOKED'));
}

function inForce({ lines, reviews }: Application): readonly Line[] {
  return lines.filter(({ decision, reviewedBy }) => decision === 'APPROVED' && (reviewedBy === null || reviews.some(({ department, state }) => department === reviewedBy && state === 'APPROVED')));
}

function grantOf({ number, consumer, matters, validFrom, validTo, activatedAt }: Application, lines: readonly Line[], now: string): GrantForm {
  const [first, end] = [validFrom === null ? now : midnight(validFrom), midnight(nextDay(validTo))];
  const active = activatedAt ?? now;
  const from = first > active ? first : active;
  return {
    approvalNo: number, consumer, seals: [],
    tuples: lines.map(({ item, uses, modes, mask, bounds, quotaPerDay }) => ({ item, uses: [...uses], modes: [...modes], mask, bounds: [...bounds], matters: [...matters], quotaPerDay, validFrom: from, validTo: end })),
  };
}

/** When a civil day begins, in UTC. */
function midnight(day: string): string {
  return new Date(`${day}T00:00:00+08:00`).toISOString();
}
