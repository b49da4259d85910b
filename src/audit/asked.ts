/**
 * Which operations were really asked: from the scopes of the audit, where each stands without a value (`AskedFacts`), once for all who
 * asked it for the same consumer and purpose.
 */
import type postgres from 'postgres';
import type { AskedFacts, ScopeFacts } from './record.ts';

/** An operation that was asked, by whom and for what. */
export interface AskedOperation extends AskedFacts {
  readonly consumer: string;
  /** Code of the matter; null: none was named. */
  readonly matter: string | null;
  readonly mode: string;
  /** When it was asked last. */
  readonly last: string;
  /** Ids of the scopes that it stands in. */
  readonly scopes: readonly string[];
}

/** Outcomes of operations that were judged and not refused for another reason than the verdict. */
const judged = ['OK', 'FIND_NOT_SHARED', 'FIELD_NOT_SHARED', 'CASE_NOT_OPEN', 'TOO_MANY_HITS'];

/** The operations asked since a moment (ISO 8601), by one consumer where one is named, what was asked last first, so many at most; `more`: there were others. */
export async function askedSince(sql: postgres.Sql, since: string, most: number, of: string | null = null): Promise<{ readonly operations: readonly AskedOperation[]; readonly more: boolean }> {
  // By scope and time there is an index in each month: a scope that was not used since costs a look.
  const rows = sql<{ id: string; body: string; last: string }[]>`
    select s.id::text, s.body, r.at::text as last from audit_scope s, lateral (
      select at from audit_record where scope = s.id and at >= ${since}::timestamptz and outcome = any(${judged}::text[]) order by at desc limit 1) r
    where s.body::jsonb ? 'asked' and (${of}::text is null or s.body::jsonb->>'consumer' = ${of}) order by r.at desc, s.id desc`.cursor(500);
  const found = new Map<string, AskedOperation>();
  for await (const some of rows) {
    for (const { id, body, last } of some) {
      const { asked, consumer, matter = null, mode = 'QUERY' } = JSON.parse(body) as ScopeFacts;
      if (asked === undefined || consumer === undefined) continue;
      const key = JSON.stringify([consumer, matter, mode, asked]);
      const known = found.get(key);
      if (known === undefined && found.size >= most) return { operations: [...found.values()], more: true };
      found.set(key, known === undefined ? { ...asked, consumer, matter, mode, last, scopes: [id] } : { ...known, scopes: [...known.scopes, id] });
    }
  }
  return { operations: [...found.values()], more: false };
}

/** How often each of these operations was asked since a moment; `most` where it was that often or more. */
export async function timesAsked(sql: postgres.Sql, operations: readonly Pick<AskedOperation, 'scopes'>[], since: string, most: number): Promise<readonly number[]> {
  const scopes = operations.flatMap(({ scopes: own }, place) => own.map((scope) => ({ scope, place })));
  const rows = await sql<{ place: number; n: number }[]>`
    select o.place, least(sum(c.n), ${most}::bigint)::integer as n from unnest(${scopes.map(({ scope }) => scope)}::bigint[], ${scopes.map(({ place }) => place)}::integer[]) as o(scope, place),
      lateral (select count(*) as n from (select from audit_record where scope = o.scope and at >= ${since}::timestamptz limit ${most}) asked) c group by o.place`;
  const times = new Map(rows.map(({ place, n }) => [place, n]));
  return operations.map((_operation, place) => times.get(place) ?? 0);
}
