/**
 * What an application brings into force: the grant under its number, made of the lines that were approved and not taken back, in force
 * with the next question.
 *
 * Bringing something into force is checked against all that is known now and may be refused; taking it away is never refused, whatever
 * else has become wrong meanwhile. What raises a quota has a grant of its own, in force as long as what it is raised of.
 */
import type postgres from 'postgres';
import { nextDay } from '../../calendar/working-days.ts';
import type { GrantForm, WrittenTuple } from '../form.ts';
import { checkedGrant, fitGrant, lockGrant, narrowGrant, removeGrant, writeGrant } from '../grant.ts';
import type { GrantingDesk } from '../known.ts';
import { raisesOf, readApplications } from './application.ts';
import type { Application, Line } from './application.ts';

/** Brings into force what of an application was approved and is not suspended; where that is nothing, nothing is. */
export async function bringIntoForce(tx: postgres.TransactionSql, desk: GrantingDesk, application: Application): Promise<void> {
  const bring = async (own: Application, lines: readonly Line[]): Promise<void> => {
    if (lines.length === 0) await removeGrant(tx, own.number);
    else await writeGrant(tx, desk, grantOf(own, lines, desk.actor.now));
  };
  const [raised] = application.raises === null ? [] : await readApplications(tx, [application.raises]);
  if (application.raises === null) await bring(application, inForce(application));
  else if (raised === undefined) await bringBesideGrant(tx, application, application.raises, bring);
  else await bring(application, raised.state === 'ACTIVE' ? alsoIn(raised, application) : []);
  for (const raise of await raisesOf(tx, application.number)) if (raise.state === 'ACTIVE') await bring(raise, alsoIn(application, raise));
}

/** Brings into force what raises a quota of a grant that was made without an application, as far as that goes now. */
async function bringBesideGrant(tx: postgres.TransactionSql, raise: Application, approvalNo: string, bring: (own: Application, lines: readonly Line[]) => Promise<void>): Promise<void> {
  const granted = await lockGrant(tx, approvalNo);
  const there = granted !== undefined && granted.consumer === raise.consumer;
  await bring(raise, there ? inForce(raise) : []);
  if (there) await fitGrant(tx, raise.number, granted.tuples);
}

/** What of a raise is about something that is in force. */
function alsoIn(raised: Application, raise: Application): readonly Line[] {
  const items = new Set(inForce(raised).map(({ item }) => item));
  return inForce(raise).filter(({ item }) => items.has(item));
}

/** Takes all of it away. */
export async function takeFromForce(tx: postgres.TransactionSql, { number }: Application): Promise<void> {
  await removeGrant(tx, number);
  for (const raise of await raisesOf(tx, number)) await removeGrant(tx, raise.number);
}

/** Takes away what one department gave. */
export async function takeItemsFromForce(tx: postgres.TransactionSql, { number, lines }: Application, department: string): Promise<void> {
  const items = new Set(lines.filter(({ reviewedBy }) => reviewedBy === department).map(({ item }) => item));
  await narrowGrant(tx, number, items);
  for (const raise of await raisesOf(tx, number)) await narrowGrant(tx, raise.number, items);
}

/** The lines of the grant if all of it were approved today; throws `BAD_INPUT` naming what is wrong. */
export async function checkWhole(tx: postgres.TransactionSql, desk: GrantingDesk, application: Application): Promise<readonly WrittenTuple[]> {
  return checkedGrant(tx, desk, grantOf(application, application.lines, desk.actor.now), { what: `Application ${application.number}`, lines: 'lines' });
}

/** Is there anything that is in force, or would be if the application and its reviews were not suspended? */
export function isLeft({ lines, reviews }: Application): boolean {
  return lines.some(({ decision, reviewedBy }) => decision === 'APPROVED' && !reviews.some(({ department, state }) => department === reviewedBy && state === 'REVOKED'));
}

/** The approved lines of an application with the quotas that they have, as raised, or had on its last day. */
export async function linesAsRaised(tx: postgres.TransactionSql, application: Application, today: string): Promise<readonly Line[]> {
  const day = application.validTo < today ? application.validTo : today;
  const raises = (await raisesOf(tx, application.number)).filter(({ state, validTo }) => (state === 'ACTIVE' || state === 'EXPIRED') && validTo >= day).flatMap(inForce);
  return application.lines.filter(({ decision }) => decision === 'APPROVED').map((own) => {
    const quotas = [own, ...raises.filter((raise) => opensOf(raise) === opensOf(own))].map(({ quotaPerDay }) => quotaPerDay);
    return { ...own, quotaPerDay: quotas.includes(null) ? null : Math.max(...quotas as number[]) };
  });
}

const opensOf = ({ item, uses, modes, mask, bounds }: Line): string => JSON.stringify([item, uses.toSorted(), modes.toSorted(), mask, bounds]);

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
