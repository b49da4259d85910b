/**
 * Grants (授权) and territories: what was approved for a consumer under one number, and where its records lie.
 *
 * An approval number belongs to one consumer. Granting again under it puts the new lines in the place of the old ones; the log of
 * policy keeps both. What has no bound holds on every row, so what was meant and cannot be judged is refused, not left out.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { refuseOtherVersion } from '../identity/based-on.ts';
import type { BasedOn } from '../identity/based-on.ts';
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
const ofAnother = (approvalNo: string): HubError => new HubError('CONFLICT', `Approval ${approvalNo} is of another consumer. End that grant first (endGrant), or use the number of this approval.`);

/**
 * Refuses what was made from another state of a grant than the one that stands: two who edit at once, and the second is told. `basedOn`
 * is the version that it was made from; null: there was none; absent: it does not say.
 */
export async function refuseOvertaken(tx: postgres.TransactionSql, { approvalNo, consumer }: Pick<GrantForm, 'approvalNo' | 'consumer'>, basedOn: BasedOn): Promise<void> {
  const [own] = await tx<{ consumer: string; version: string }[]>`select consumer_code as consumer, ${grantVersion(tx)} as version from sharing_grant where approval_no = ${approvalNo}`;
  if (own !== undefined && own.consumer !== consumer) throw ofAnother(approvalNo);
  refuseOtherVersion(`Approval ${approvalNo}`, 'grants', own?.version ?? null, basedOn);
}

/** The version of a row of `sharing_grant`: the place of its last change in the log of policy. */
export const grantVersion = (sql: postgres.Sql | postgres.TransactionSql) => sql`(select seq::text from policy_change where kind = 'sharing_grant' and code = approval_no order by seq desc limit 1)`;

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

/** Says where a consumer's records lie, in the place of what stood (`basedOn`, as of a grant); no entries: everywhere. Gives the consumer's code. */
export async function setTerritory(desk: ApprovalDesk, given: TerritoryForm, basedOn?: BasedOn): Promise<string> {
  const form = readForm(territoryForm, given, 'The territory');
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    // The row before the log: whoever else changes a consumer takes them in this order.
    await tx`select 1 from consumer where code = ${form.consumer} for update`;
    await knownConsumer(tx, form.consumer);
    const [own] = await tx<{ version: string | null }[]>`select ${territoryVersion(tx)} as version from consumer where code = ${form.consumer}`;
    refuseOtherVersion(`The territory of ${form.consumer}`, 'territory', own?.version ?? null, basedOn);
    const territory = checkTerritory(form, await knownOf(tx, desk, { bounds: form.territory.flatMap(({ within }) => within), matters: [], seals: [] }));
    await tx`update consumer set territory = ${JSON.stringify(territory)}::jsonb where code = ${form.consumer}`;
    return form.consumer;
  });
}

/** The version of the territory of a row of `consumer`: the place in the log of policy at which it became what it is; null: it has none, and its records lie anywhere. */
export const territoryVersion = (sql: postgres.Sql | postgres.TransactionSql) => sql`(case when territory <> '[]'::jsonb then (
  select seq::text from (select seq, body->'territory' as now, lag(body->'territory') over (order by seq) as was from policy_change where kind = 'consumer' and policy_change.code = consumer.code) logged
  where now is distinct from was order by seq desc limit 1) end)`;
