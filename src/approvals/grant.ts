/**
 * Grants (授权) and territories: what was approved for a consumer under one number, and where its records lie.
 *
 * An approval number belongs to one consumer. Granting again under it puts the new lines in the place of the old ones; the log of
 * policy keeps both. What has no bound holds on every row, so what was meant and cannot be judged is refused, not left out.
 */
import { HubError } from '../errors.ts';
import { readForm } from '../identity/form.ts';
import { changePolicy } from '../identity/policy-change.ts';
import { checkGrant, checkTerritory, grantForm, territoryForm } from './form.ts';
import type { GrantForm, TerritoryForm } from './form.ts';
import { knownConsumer, knownOf } from './known.ts';
import type { ApprovalDesk } from './known.ts';

/** Grants; gives the approval number. */
export async function grant(desk: ApprovalDesk, given: GrantForm): Promise<string> {
  const form = readForm(grantForm, given, 'The grant');
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    const consumer = await knownConsumer(tx, form.consumer);
    const known = await knownOf(tx, desk, {
      bounds: form.tuples.flatMap(({ bounds }) => bounds), matters: form.tuples.flatMap(({ matters }) => matters ?? []), seals: form.seals,
      held: { consumer: form.consumer, except: form.approvalNo },
    });
    const tuples = checkGrant(form, consumer, known, desk.actor.now);
    const written = await tx`
      insert into sharing_grant (approval_no, consumer_code, tuples, seals) values (${form.approvalNo}, ${form.consumer}, ${JSON.stringify(tuples)}::jsonb, ${[...new Set(form.seals)]})
      on conflict (approval_no) do update set tuples = excluded.tuples, seals = excluded.seals where sharing_grant.consumer_code = excluded.consumer_code returning 1`;
    if (written.length === 0) throw new HubError('CONFLICT', `Approval ${form.approvalNo} is of another consumer. End that grant first (endGrant), or use the number of this approval.`);
    return form.approvalNo;
  });
}

/** Ends a grant now; gives whether there was one. */
export async function endGrant({ sql, actor }: ApprovalDesk, approvalNo: string): Promise<boolean> {
  return changePolicy(sql, actor, async (tx) => (await tx`delete from sharing_grant where approval_no = ${approvalNo.trim()} returning 1`).length > 0);
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
