/**
 * Grants (授权) and territories: what was approved for a consumer under one number, and where its records lie.
 *
 * An approval number belongs to one consumer. Granting again under it puts the new lines in the place of the old ones; the log of
 * policy keeps both. What has no bound holds on every row, so what was meant and cannot be judged is refused, not left out.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { readForm } from '../identity/form.ts';
import { changePolicy, lockPolicy } from '../identity/policy-change.ts';
import { checkGrant, checkTerritory, grantForm, territoryForm } from './form.ts';
import type { Called, GrantForm, TerritoryForm, WrittenTuple } from './form.ts';
import { knownConsumer, knownOf } from './known.ts';
import type { ApprovalDesk, GrantingDesk } from './known.ts';

/** Grants; gives the approval number. */
export async function grant(desk: ApprovalDesk, given: GrantForm): Promise<string> {
  const form = readForm(grantForm, given, 'The grant');
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    await notOfApplication(tx, form.approvalNo);
    await writeGrant(tx, desk, form);
    return form.approvalNo;
  });
}

/** Ends a grant now; gives whether there was one. */
export async function endGrant({ sql, actor }: ApprovalDesk, approvalNo: string): Promise<boolean> {
  return changePolicy(sql, actor, async (tx) => {
    await notOfApplication(tx, approvalNo.trim());
    return removeGrant(tx, approvalNo.trim());
  });
}

/** What was applied for is granted and ended by the moves of its application, and by nothing else: else its state would tell a tale. */
async function notOfApplication(tx: postgres.TransactionSql, approvalNo: string): Promise<void> {
  const [own] = await tx`select 1 from application where number = ${approvalNo}`;
  if (own !== undefined) throw new HubError('CONFLICT', `${approvalNo} is the number of an application: its grant follows what is decided about that (revokeApplication, suspendApplication). To keep an item from a consumer at once, deny it.`);
}

/** Checks a grant as it would be written now; throws `BAD_INPUT` naming all that is wrong. */
export async function checkedGrant(tx: postgres.TransactionSql, desk: GrantingDesk, form: GrantForm, called?: Called): Promise<readonly WrittenTuple[]> {
  const consumer = await knownConsumer(tx, form.consumer);
  const known = await knownOf(tx, desk, {
    bounds: form.tuples.flatMap(({ bounds }) => bounds), matters: form.tuples.flatMap(({ matters }) => matters ?? []), seals: form.seals,
    held: { consumer: form.consumer, except: form.approvalNo },
  });
  return checkGrant(form, consumer, known, desk.actor.now, called);
}

/** Checks a grant and writes it, in the place of what stood under its number. */
export async function writeGrant(tx: postgres.TransactionSql, desk: GrantingDesk, form: GrantForm): Promise<void> {
  // Other grants of the consumer count too (see `completing` in form.ts), so one waits for another.
  await lockPolicy(tx);
  const tuples = await checkedGrant(tx, desk, form);
  const written = await tx`
    insert into sharing_grant (approval_no, consumer_code, tuples, seals) values (${form.approvalNo}, ${form.consumer}, ${JSON.stringify(tuples)}::jsonb, ${[...new Set(form.seals)]})
    on conflict (approval_no) do update set tuples = excluded.tuples, seals = excluded.seals where sharing_grant.consumer_code = excluded.consumer_code returning 1`;
  if (written.length === 0) throw new HubError('CONFLICT', `Approval ${form.approvalNo} is of another consumer. End that grant first (endGrant), or use the number of this approval.`);
}

/** Takes the lines about some items out of a grant, whatever else stands in it; the last one takes the grant with it. */
export async function narrowGrant(tx: postgres.TransactionSql, approvalNo: string, without: ReadonlySet<string>): Promise<void> {
  const [row] = await tx<{ tuples: string }[]>`select tuples::text from sharing_grant where approval_no = ${approvalNo} for update`;
  if (row === undefined) return;
  const left = (JSON.parse(row.tuples) as readonly WrittenTuple[]).filter(({ item }) => !without.has(item));
  if (left.length === 0) await removeGrant(tx, approvalNo);
  else await tx`update sharing_grant set tuples = ${JSON.stringify(left)}::jsonb where approval_no = ${approvalNo}`;
}

/** Takes a grant away; gives whether there was one. */
export async function removeGrant(tx: postgres.TransactionSql, approvalNo: string): Promise<boolean> {
  return (await tx`delete from sharing_grant where approval_no = ${approvalNo} returning 1`).length > 0;
}

/** Says where a consumer's records lie; no entries: everywhere. Gives the consumer's code. */
export async function setTerritory(desk: ApprovalDesk, given: TerritoryForm): Promise<string> {
  const form = readForm(territoryForm, given, 'The territory');
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    await knownConsumer(tx, form.consumer);
    const territory = checkTerritory(form, await knownOf(tx, desk, { bounds: form.territory.flatMap(({ within }) => within), matters: [], seals: [] }));
    await tx`update consumer set territory = ${JSON.stringify(territory)}::jsonb where code = ${form.consumer}`;
    return form.consumer;
  });
}
