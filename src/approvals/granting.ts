/**
 * What security administrators grant and end under a number of their own. What was applied for is granted and ended by the moves of its
 * application and by nothing else, so both refuse the number of one.
 *
 * What raises a quota of such a grant (applications/raise.ts) opens nothing that the grant does not: it is narrowed with it and ends with it.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import type { BasedOn } from '../identity/based-on.ts';
import { readForm } from '../identity/form.ts';
import { changePolicy, lockPolicy } from '../identity/policy-change.ts';
import { lockRaises, raisesOf } from './applications/application.ts';
import { endRaises } from './applications/decide.ts';
import { checkedGrant, fitGrant, lockGrant, refuseOvertaken, removeGrant, writeGrant } from './grant.ts';
import type { StoredGrant } from './grant.ts';
import { grantForm } from './form.ts';
import type { GrantForm, WrittenTuple } from './form.ts';
import type { ApprovalDesk } from './known.ts';

/** Grants, in the place of what stood under the number; `basedOn`: what that was, see `refuseOvertaken`. Gives the approval number. */
export async function grant(desk: ApprovalDesk, given: GrantForm, basedOn?: BasedOn): Promise<string> {
  const form = readForm(grantForm, given, 'The grant');
  const { approvalNo } = form;
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    await lockRaised(tx, approvalNo);
    // There may be no row to lock, and whoever makes it first has to be seen by the other.
    await lockPolicy(tx);
    await refuseOvertaken(tx, form, basedOn);
    await writeGrant(tx, desk, form);
    const { tuples = [] } = await lockGrant(tx, approvalNo) ?? {};
    for (const { number } of await raisesOf(tx, approvalNo)) if (await fitGrant(tx, number, tuples)) await endRaises(tx, desk, approvalNo, (raise) => raise.number === number);
    return approvalNo;
  });
}

/** The lines of a grant as they would be written now, checked as it would be; nothing is. */
export async function previewGrant(desk: ApprovalDesk, given: GrantForm, basedOn?: BasedOn): Promise<readonly WrittenTuple[]> {
  const form = readForm(grantForm, given, 'The grant');
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    await refuseApplied(tx, form.approvalNo);
    await refuseOvertaken(tx, form, basedOn);
    return checkedGrant(tx, desk, form);
  });
}

/** Ends a grant now, and what raises its quotas; gives whether there was one. What has ended already is what `basedOn` wanted, too. */
export async function endGrant(desk: ApprovalDesk, given: string, basedOn?: BasedOn): Promise<boolean> {
  const approvalNo = given.trim();
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    const own = await lockRaised(tx, approvalNo);
    if (own !== undefined) await refuseOvertaken(tx, { approvalNo, consumer: own.consumer }, basedOn);
    for (const { number } of await raisesOf(tx, approvalNo)) await removeGrant(tx, number);
    await endRaises(tx, desk, approvalNo);
    return removeGrant(tx, approvalNo);
  });
}

/** Locks a grant, behind what raises its quotas: whoever brings one of those into force takes both in this order, too. */
async function lockRaised(tx: postgres.TransactionSql, approvalNo: string): Promise<StoredGrant | undefined> {
  await refuseApplied(tx, approvalNo);
  await lockRaises(tx, approvalNo);
  return lockGrant(tx, approvalNo);
}

async function refuseApplied(tx: postgres.TransactionSql, approvalNo: string): Promise<void> {
  const [own] = await tx`select 1 from application where number = ${approvalNo}`;
  if (own !== undefined) throw new HubError('CONFLICT', `${approvalNo} is the number of an application: its grant follows what is decided about that (revokeApplication, suspendApplication). To keep an item from a consumer at once, deny it.`);
}
