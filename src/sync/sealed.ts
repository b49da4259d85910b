/**
 * Who is sealed, as what leaves this hub has to know: of which records nothing is told, because everybody whom they are about is sealed; which
 * fields of others tell of somebody sealed whom they mention; and which households are somebody's again, or nobody's, because a
 * person came or left. A record's history counts as it does itself: who was sealed in it is.
 */
import type postgres from 'postgres';
import { kindOf } from '../registries/columns.ts';
import type { RecordModel } from '../registries/record.ts';

type Sql = postgres.Sql | postgres.TransactionSql;

/** What seals take of records, by their ids. */
export interface Sealed {
  /** Records that are about somebody sealed, or about a household of sealed persons only. */
  readonly nobodys: ReadonlySet<string>;
  /** Fields that tell of somebody sealed, by record. */
  readonly mentions: ReadonlyMap<string, readonly string[]>;
}

const nothing: Sealed = { nobodys: new Set(), mentions: new Map() };

/** Looks records of one type up. */
export async function sealedAmong(sql: Sql, { subject, columns, tableName }: RecordModel, ids: readonly string[]): Promise<Sealed> {
  if (ids.length === 0 || (await sql`select 1 from seal limit 1`).length === 0) return nothing;
  const quoted = (field: string): string => `told."${columns[field]?.name}"`;
  const key = (field: string): string => `exists (select from seal where seal.person_key = ${kindOf(columns[field]!) === 'textList' ? `any(${quoted(field)})` : quoted(field)})`;
  const about = (subject.persons ?? []).map(key);
  if (subject.members !== undefined) {
    const member = `member."${columns[subject.members]?.name}" = ${quoted(subject.members)}`;
    about.push(`(exists (select from person member where ${member}) and not exists (select from person member where ${member} and not exists (select from seal where seal.person_key = member.person_key)))`);
  }
  const mentions = Object.entries(subject.mentions ?? {});
  const tests = [about.length === 0 ? 'false' : about.join(' or '), ...mentions.map(([field]) => key(field))];
  const rows = await sql.unsafe<{ id: string; found: readonly boolean[] }[]>(`select told.id::text as id, array[${tests.map((test) => `bool_or(${test})`).join(', ')}] as found from "${tableName}_version" told where told.id = any($1::uuid[]) group by 1`, [ids as string[]], { prepare: true });
  return {
    nobodys: new Set(rows.flatMap(({ id, found }) => (found[0] === true ? [id] : []))),
    mentions: new Map(rows.flatMap(({ id, found }) => {
      const fields = mentions.flatMap(([, about], place) => (found[place + 1] === true ? about : []));
      return fields.length === 0 ? [] : [[id, fields] as const];
    })),
  };
}

/** Records of a type that has members to which these persons belong, or belonged, beside somebody sealed: by person. */
export async function besideSealed(sql: Sql, { subject, columns, tableName }: RecordModel, personIds: readonly string[]): Promise<readonly { readonly near: string; readonly id: string }[]> {
  if (subject.members === undefined || personIds.length === 0) return [];
  const name = `"${columns[subject.members]?.name}"`;
  return sql.unsafe<{ near: string; id: string }[]>(`
    select distinct near.id::text as near, house.id::text as id from person_version near join "${tableName}" house on house.${name} = near.${name}
    where near.id = any($1::uuid[]) and exists (select from person_version member join seal on seal.person_key = member.person_key where member.${name} = house.${name}) order by 1, 2`, [personIds as string[]], { prepare: true });
}
