/**
 * Writes claims so that one that the database refuses does not take the others with it: they are halved until it is found, and it is
 * refused with the sentence of the rule that it breaks. Whatever else fails, fails them all.
 *
 * It writes inside of its caller's transaction: what the caller keeps beside the records (a file's checkpoint, a submission) is there
 * exactly when they are.
 */
import type postgres from 'postgres';
import { StatementError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import type { RecordModel } from '../registries/record.ts';
import type { Session } from './tables.ts';
import { shapeOf } from './values.ts';
import { writeClaims } from './write.ts';
import type { ClaimOutcome, LookedUp, SourceClaim, WriteContext } from './write.ts';

/** What became of one claim: written, or refused with a reason. */
export type EachOutcome = ClaimOutcome | { readonly outcome: 'refused'; readonly field: string; readonly reason: string };

/** Writes claims of one source, and says what became of each, in their order. `before`: see `writeClaims`. */
export async function writeEach(context: WriteContext, tx: postgres.TransactionSql, model: RecordModel, source: string, claims: readonly SourceClaim[], before?: LookedUp): Promise<readonly EachOutcome[]> {
  if (claims.length === 0) return [];
  try {
    return await tx.savepoint((session) => writeClaims({ ...context, sql: within(session) }, model, source, claims, before)) as ClaimOutcome[];
  } catch (error) {
    if (!isAboutClaims(error)) throw error;
    if (claims.length === 1) return [{ outcome: 'refused', ...await reasonOf(tx, model, error) }];
    // The first half may have told what the second half looks up, so it is read anew.
    const half = claims.length >> 1;
    const first = await writeEach(context, tx, model, source, claims.slice(0, half));
    return [...first, ...await writeEach(context, tx, model, source, claims.slice(half))];
  }
}

/** A client whose transactions are the one that is open. */
function within(session: postgres.TransactionSql): postgres.Sql {
  const begin = (work: (own: postgres.TransactionSql) => unknown): unknown => work(session);
  return new Proxy(session, { get: (own, name) => (name === 'begin' ? begin : Reflect.get(own, name) as unknown) }) as unknown as postgres.Sql;
}

/** Data exceptions (22), broken constraints (23), values too long for an index (54): another claim may be better. */
function isAboutClaims(error: unknown): boolean {
  if (error instanceof HubError) return error.code === 'BAD_INPUT';
  return error instanceof RangeError || (error instanceof StatementError && /^(22|23|54)/.test(error.sqlState));
}

async function reasonOf(tx: Session, model: RecordModel, error: unknown): Promise<{ field: string; reason: string }> {
  if (!(error instanceof StatementError)) return { field: '', reason: error instanceof Error ? error.message : 'The record could not be written.' };
  const { constraint, sqlState } = error;
  if (constraint === undefined) return { field: '', reason: sqlState === '54000' ? 'A value is too long to be found by.' : `The database refuses a value of this record (SQLSTATE ${sqlState}).` };
  const [rule] = await tx<{ rule: string; columns: string[] }[]>`
    select coalesce(pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid)) as rule,
           array(select a.attname from pg_attribute a where a.attrelid = coalesce(c.conrelid, i.indrelid) and a.attnum = any(coalesce(c.conkey, i.indkey::int2[]))) as columns
    from (select 1) one left join pg_constraint c on c.conname = ${constraint} left join pg_index i on i.indexrelid = to_regclass(quote_ident(${constraint})) limit 1`;
  const byColumn = new Map(shapeOf(model).columns.map(({ name, field }) => [name, field]));
  const field = (rule?.columns ?? []).map((column) => byColumn.get(column) ?? column).join(' ');
  switch (sqlState) {
    case '23505': return { field, reason: 'Another record has this key already.' };
    case '23503': return { field, reason: `It refers to a record that is not there (${constraint}).` };
    default: return { field, reason: `It breaks the rule ${constraint}: ${shortened(rule?.rule ?? '')}` };
  }
}

/** `digits` and `capitals` (registries/columns.ts) as PostgreSQL prints them. */
const onlyOf = /^\(\(octet_length\((\w+)\) = (\d+)\) AND \(rtrim\(\1, '(\w)\w*'\) = ''\)\)$/;

/** A constraint as PostgreSQL prints it, without the casts that nobody reads. */
function shortened(rule: string): string {
  const plain = rule.replaceAll(/::(text|date|numeric)(\[\])?/g, '').replaceAll(/ COLLATE "\w+"/g, '').replace(/^CHECK \((.*)\)$/s, '$1');
  const [, column, count, first] = onlyOf.exec(plain) ?? [];
  if (column !== undefined) return `${column} is ${count} ${first === '0' ? 'digits' : 'capital letters'}`;
  return plain.replace(/^\(+(.*?)\)+$/s, '$1').slice(0, 300);
}
