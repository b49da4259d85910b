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
import { nameOfBound } from '../sharing/rows.ts';
import { checkGrant, checkTerritory, territoryForm } from './form.ts';
import type { Called, GrantForm, TerritoryForm, WrittenTuple } from './form.ts';
import { knownConsumer, knownOf } from './known.ts';
import type { ApprovalDesk, GrantingDesk } from './known.ts';

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
  if (written.length === 0) throw ofAnother(form.approvalNo);
}

/** A number belongs to one consumer. */
export const ofAnother = (approvalNo: string): HubError => new HubError('CONFLICT', `Approval ${approvalNo} is of another consumer. End that grant first (endGrant), or use the number of this approval.`);

/** Takes the lines about some items out of a grant, whatever else stands in it; the last one takes the grant with it. */
export async function narrowGrant(tx: postgres.TransactionSql, approvalNo: string, without: ReadonlySet<string>): Promise<void> {
  const own = await lockGrant(tx, approvalNo);
  if (own === undefined) return;
  const left = own.tuples.filter(({ item }) => !without.has(item));
  if (left.length === 0) await removeGrant(tx, approvalNo);
  else await tx`update sharing_grant set tuples = ${JSON.stringify(left)}::jsonb where approval_no = ${approvalNo}`;
}

/** A grant as it stands. */
export interface StoredGrant {
  readonly consumer: string;
  readonly tuples: readonly WrittenTuple[];
}

/** A grant, locked until the transaction ends; undefined: there is none under this number. */
export async function lockGrant(tx: postgres.TransactionSql, approvalNo: string): Promise<StoredGrant | undefined> {
  const [row] = await tx<{ consumer: string; tuples: string }[]>`select consumer_code as consumer, tuples::text from sharing_grant where approval_no = ${approvalNo} for update`;
  return row === undefined ? undefined : { consumer: row.consumer, tuples: JSON.parse(row.tuples) as readonly WrittenTuple[] };
}

/** Leaves of a grant what other lines open too, but for how often: the same uses of the same rows, for their matters, in their time. Gives whether that took all of it. */
export async function fitGrant(tx: postgres.TransactionSql, approvalNo: string, into: readonly WrittenTuple[]): Promise<boolean> {
  const own = await lockGrant(tx, approvalNo);
  if (own === undefined) return false;
  const left = own.tuples.flatMap((tuple) => into.filter((other) => opensOf(other) === opensOf(tuple)).flatMap((other) => fitted(tuple, other)));
  const distinct = [...new Map(left.map((tuple) => [JSON.stringify(tuple), tuple])).values()];
  if (distinct.length === 0) return removeGrant(tx, approvalNo);
  await tx`update sharing_grant set tuples = ${JSON.stringify(distinct)}::jsonb where approval_no = ${approvalNo}`;
  return false;
}

const opensOf = ({ item, uses, modes, mask, bounds }: WrittenTuple): string => JSON.stringify([item, uses.toSorted(), modes.toSorted(), mask, bounds.map(nameOfBound).sort()]);

/** A line as far as another one goes in matters and time. */
function fitted(tuple: WrittenTuple, other: WrittenTuple): readonly WrittenTuple[] {
  const matters = other.matters === null || tuple.matters === null ? tuple.matters ?? other.matters : tuple.matters.filter((one) => other.matters?.includes(one));
  const validFrom = tuple.validFrom > other.validFrom ? tuple.validFrom : other.validFrom;
  const validTo = [tuple.validTo, other.validTo].filter((end) => end !== null).sort()[0] ?? null;
  return matters?.length === 0 || (validTo !== null && validTo <= validFrom) ? [] : [{ ...tuple, matters, validFrom, validTo }];
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
