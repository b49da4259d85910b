/**
 * Requests to check as both sides read them: whoever reported, and the department that is asked; the data authority sees all of them.
 *
 * Which item of whose word, in what state, in what words: both read that. The department's own key of the record, by which alone it finds
 * what is meant, is shown to that department; what is believed to be right to it and to the application that said so. Both are hidden
 * from the department once the person is sealed. No value of the record is shown.
 */
import type postgres from 'postgres';
import { HubError } from '../../errors.ts';
import type { WriteContext } from '../../records/write.ts';
import type { Caller } from '../../sharing/terms.ts';
import { checkColumns, lapseChecks, withDeadlines } from './check.ts';
import type { CheckRequest } from './check.ts';
import { checkStates, partiesOf } from './moves.ts';
import type { CheckState, Concern } from './moves.ts';

/** What of a list is wanted. */
export interface CheckFilter {
  /** Null: in any state. */
  readonly states: readonly CheckState[] | null;
  /** REPORTED: by the caller's side. ASKED: of his department. Null: both. */
  readonly side: 'REPORTED' | 'ASKED' | null;
  readonly type: string | null;
  /** Keys of the caller's own reports; null: all. */
  readonly references: readonly string[] | null;
}

/** A request as one caller reads it. */
export interface ShownCheck extends CheckRequest {
  /** The department's own key; null: it is not shown to this caller. */
  readonly ownKey: string | null;
  /** What is believed may be shown. */
  readonly opened: boolean;
}

/** A page of them. */
export interface CheckPage {
  readonly nodes: readonly ShownCheck[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/** Requests of a page at most. */
export const mostChecks = 100;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** May he know of it? */
export function maySee(caller: Caller, check: Concern): boolean {
  return (caller.kind === 'administrator' && caller.ofAuthority) || partiesOf(caller, check).length > 0 || isAsked(caller, check);
}

/** Is he of the department that is asked? Its applications read what its steward answers. */
function isAsked(caller: Caller, { department }: Concern): boolean {
  return department !== null && ((caller.kind === 'consumer' && caller.hub === undefined) || (caller.kind === 'administrator' && caller.role === 'STEWARD')) && caller.department === department;
}

/** A page of the requests that concern a caller, in the order of reporting. */
export async function checksOf({ sql, now, today }: Pick<WriteContext, 'sql' | 'now' | 'today'>, caller: Caller, filter: CheckFilter, first: number, after: string | null): Promise<CheckPage> {
  if (first < 0) throw new HubError('BAD_INPUT', `first is a whole number from 0 to ${mostChecks}.`);
  if (first > mostChecks || (filter.references?.length ?? 0) > mostChecks) throw new HubError('PAGE_TOO_LARGE', `A page has ${mostChecks} requests at most, and as many references. Ask for the next page with after: endCursor.`, { limit: mostChecks });
  if (after !== null && !uuid.test(after)) throw new HubError('CURSOR_UNKNOWN', 'after is not a cursor of this list. Start again without it.');
  await sql.begin((tx) => lapseChecks(tx, { caller: null, now, today }));
  const { states, side, type, references } = filter;
  const place = after === null ? sql`true` : sql`seq > (select seq from check_request where id = ${after}::uuid)`;
  const rows = await sql<CheckRequest[]>`
    select ${sql.unsafe(checkColumns)} from check_request where ${concerning(sql, caller, side)} and ${place} and state = any(${[...(states ?? checkStates)]}::text[]) and (${type}::text is null or record_type = ${type}::text)
      and ${references === null ? sql`true` : sql`reference = any(${[...references]}::text[]) and reporter = ${caller.kind === 'consumer' ? caller.consumer : ''}`}
    order by seq limit ${first + 1}`;
  const nodes = await shownTo(sql, caller, await withDeadlines(sql, rows.slice(0, first)));
  return { nodes, endCursor: nodes.at(-1)?.id ?? null, hasNextPage: rows.length > first };
}

/** The same as `maySee`, as a condition on rows. */
function concerning(sql: postgres.Sql, caller: Caller, side: CheckFilter['side']) {
  if (caller.kind === 'stranger') return sql`false`;
  const hub = caller.kind === 'consumer' && caller.hub !== undefined;
  const named = caller.kind === 'consumer' || caller.role === 'STEWARD';
  const reported = hub ? sql`reporter = ${caller.consumer}` : named ? sql`reported_for = ${caller.department}` : sql`false`;
  const asked = hub || !named ? sql`false` : sql`department = ${caller.department}`;
  if (side !== null) return side === 'REPORTED' ? reported : asked;
  return caller.kind === 'administrator' && caller.ofAuthority ? sql`true` : sql`(${reported} or ${asked})`;
}

/** Requests as a caller reads them who may know of them. */
export async function shownTo(sql: postgres.Sql | postgres.TransactionSql, caller: Caller, checks: readonly CheckRequest[]): Promise<readonly ShownCheck[]> {
  const about = [...new Set(checks.filter((check) => isAsked(caller, check)).flatMap(({ subjects }) => subjects))];
  const sealed = new Set(about.length === 0 ? [] : (await sql<{ key: string }[]>`select person_key as key from seal where person_key = any(${about}::text[])`).map(({ key }) => key));
  return checks.map((check) => {
    const asked = isAsked(caller, check) && !check.subjects.some((key) => sealed.has(key));
    const own = caller.kind === 'consumer' && caller.consumer === check.reporter;
    return { ...check, ownKey: asked ? check.sourceKey : null, opened: asked || own };
  });
}
