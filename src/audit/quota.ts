/**
 * Quotas, counted where records are written: what a record uses up is taken in the statement that writes it, so that there is a use
 * for each record and a record for each use, whatever fails in between and however many processes count.
 *
 * A record takes all of its uses or none. One for which something is used up is written as a refusal, with nothing delivered, and
 * whoever waits for it hears why. Batches without uses do not come here.
 *
 * Two processes cannot wait for each other: uses are taken in the order of their names.
 */
import type postgres from 'postgres';
import type { HubError } from '../errors.ts';
import type { Quota } from '../sharing/terms.ts';
import { atEnd, between, clean, sm3 } from './record.ts';
import type { Entry, Scope, Use } from './record.ts';

type Sql = postgres.Sql | postgres.TransactionSql;

/** A use, and how often it is taken. */
export interface Counted {
  count: number;
  /** The smallest and the largest limit under which it is taken: they differ while one is being changed. */
  least: number;
  largest: number;
}

/** What becomes of a batch. */
export interface Settled {
  /** Its records as they are written: refusals in the place of those for which something is used up. */
  readonly entries: readonly Entry[];
  /** Why, by the record as it was given. */
  readonly refused: ReadonlyMap<Entry, HubError>;
  /** What the others take, by name. */
  readonly taken: ReadonlyMap<string, Counted>;
}

/** What a line's uses are counted by: the number and the item to read, the rest to tell lines apart. */
export function countedBy({ approvalNo, item, line }: Quota): string {
  return `grant ${approvalNo} ${item} ${sm3(`${approvalNo}\u001f${item}\u001f${line}`)}`;
}

/** One text for a use, the same in all processes. */
function nameOf({ day, who, what }: Use): string {
  return `${day}${between}${clean(who)}${between}${clean(what)}`;
}

/** Does any of these records use up something? */
export function usesAnything(entries: readonly Entry[]): boolean {
  return entries.some(({ uses }) => uses !== undefined);
}

/** Decides record by record, in their order, what may be taken. `usedBefore`: how often each was, by name; at least so often will do to begin with. */
export function settle(entries: readonly Entry[], usedBefore: (name: string) => number): Settled {
  const taken = new Map<string, Counted>();
  const refused = new Map<Entry, HubError>();
  const settled = entries.map((entry): Entry => {
    const { uses } = entry;
    const usedUp = uses?.list.find((use) => {
      const name = nameOf(use);
      return usedBefore(name) + (taken.get(name)?.count ?? 0) + (use.times ?? 1) > use.most;
    });
    if (uses === undefined || usedUp === undefined) {
      for (const use of uses?.list ?? []) count(taken, use);
      return entry;
    }
    const error = uses.refusal(usedUp);
    refused.set(entry, error);
    return refusedRecord(entry, uses.scope(), error);
  });
  return { entries: settled, refused, taken };
}

function refusedRecord({ uses: _uses, certificates: _certificates, ...entry }: Entry, scope: Scope, { code, message }: HubError): Entry {
  return { ...entry, scope, outcome: code, reason: message, rows: 0, reference: '', subjects: [] };
}

function count(taken: Map<string, Counted>, use: Use): void {
  const name = nameOf(use);
  const known = taken.get(name);
  taken.set(name, { count: (known?.count ?? 0) + (use.times ?? 1), least: Math.min(known?.least ?? use.most, use.most), largest: Math.max(known?.largest ?? use.most, use.most) });
}

/** Uses as a statement takes them, in the order of names. `least`: of several limits of one use the smallest counts, else the largest. */
export function usesText(taken: ReadonlyMap<string, Counted>, least: boolean): string {
  return [...taken.keys()].sort().map((name) => {
    const own = taken.get(name) as Counted;
    return `${name}${between}${own.count}${between}${least ? own.least : own.largest}`;
  }).join(atEnd);
}

/** The part of the statement that takes uses; `$5` is their text. It gives a row for each that was taken. */
export const taking = `
  insert into quota_use (day, who, what, used, most)
  select u[1]::date, u[2], u[3], u[4]::integer, u[5]::integer from string_to_table($5, e'\\x1e') with ordinality t(line, n), lateral string_to_array(t.line, e'\\x1f') u
  where u[4]::integer <= u[5]::integer order by n
  on conflict (day, who, what) do update set used = quota_use.used + excluded.used, most = excluded.most where quota_use.used + excluded.used <= excluded.most
  returning 1`;

/** What `hub_quota_used_up` raises where not all was taken. */
const usedUpState = 'HQ001';

/** Did a statement fail because something was used up? Then it has taken and written nothing. */
export function isUsedUp(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === usedUpState;
}

/** How often all that these records use was used before, by name and with its limits; nobody else takes any of it until `tx` ends. */
export async function lockUses(tx: postgres.TransactionSql, entries: readonly Entry[]): Promise<ReadonlyMap<string, Counted>> {
  const all = new Map<string, Counted>();
  for (const { uses } of entries) for (const use of uses?.list ?? []) count(all, use);
  const rows = await tx.unsafe<{ name: string; used: number }[]>(`
    insert into quota_use (day, who, what, used, most)
    select u[1]::date, u[2], u[3], 0, u[5]::integer from string_to_table($1, e'\\x1e') with ordinality t(line, n), lateral string_to_array(t.line, e'\\x1f') u order by n
    on conflict (day, who, what) do update set most = excluded.most returning day || e'\\x1f' || who || e'\\x1f' || what as name, used`, [usesText(all, false)]);
  return new Map(rows.map(({ name, used }) => [name, { ...all.get(name) as Counted, count: used }]));
}

/** How often a day some of what is somebody's was used, by what; what was not used is left out. */
export async function usedOn(sql: Sql, day: string, who: string, whats: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ what: string; used: number }[]>`select what, used from quota_use where day = ${day} and who = ${clean(who)} and what = any(${[...whats].map(clean)}::text[]) and used > 0`;
  return new Map(rows.map(({ what, used }) => [what, used]));
}

/** Forgets the counts of days that have passed; yesterday's may still be taken by a record that waits. */
export async function forgetUses(sql: Sql, today: string): Promise<void> {
  await sql`delete from quota_use where day < ${today}::date - 1`;
}
