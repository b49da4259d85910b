/**
 * Records that a follower may have because of others: what hangs on a person lies where he lives, what hangs on an enterprise belongs to
 * its registrar. When those change, nobody writes what hangs on them, and yet it may be had now, or no more. So whoever follows under such
 * bounds is told of it again when the other record was written. Whoever follows without them is not. A household is nobody's where all
 * who belong to it are sealed: so everybody is told of one with somebody sealed in it when a member was written.
 */
import type postgres from 'postgres';
import type { PassingOn } from '../query/passed-on.ts';
import { kindOf } from '../registries/columns.ts';
import { records } from '../registries/index.ts';
import type { LogPart } from './feed-log.ts';
import { besideSealed } from './sealed.ts';

/** A record, by its type. */
export interface Hanging {
  readonly type: string;
  readonly id: string;
}

/** The types whose changes a follower of these has to hear of: they themselves, and those on which they hang for him. */
export function heardOf(types: readonly PassingOn[]): readonly string[] {
  return [...new Set([...types.map(({ type }) => type.name), ...types.flatMap(({ hangsOn }) => hangsOn), ...(types.some(({ membersSealed }) => membersSealed) ? ['Person'] : [])])];
}

/** What hangs on the records of a stretch of the log, by their ids: as they are now, and as they were. */
export async function hangingOn(sql: postgres.Sql, types: readonly PassingOn[], parts: readonly LogPart[]): Promise<ReadonlyMap<string, readonly Hanging[]>> {
  const found = new Map<string, Hanging[]>();
  for (const { type: { name: type, model }, hangsOn, membersSealed } of types) {
    if (membersSealed) {
      const persons = [...new Set(parts.flatMap((part) => (part.type === 'Person' ? part.ids : [])))];
      for (const { near, id } of await besideSealed(sql, model, persons)) found.set(near, [...found.get(near) ?? [], { type, id }]);
    }
    for (const near of hangsOn) {
      const ids = [...new Set(parts.flatMap((part) => (part.type === near ? part.ids : [])))];
      if (ids.length === 0) continue;
      const there = records.find((one) => one.type === near);
      if (there === undefined) continue;
      const { subject, columns, tableName } = model;
      const quoted = (of: typeof columns, field: string): string => `"${of[field]?.name}"`;
      const [key, fields] = near === 'Person' ? [quoted(there.columns, 'personKey'), subject.persons ?? []] : [quoted(there.columns, 'uscc'), subject.entities ?? []];
      const ways = fields.map((field) => (kindOf(columns[field]!) === 'textList' ? `hanging.${quoted(columns, field)} @> array[near.${key}]` : `hanging.${quoted(columns, field)} = near.${key}`));
      if (near === 'Person' && subject.members !== undefined) ways.push(`hanging.${quoted(columns, subject.members)} = near.${quoted(there.columns, subject.members)}`);
      const text = ways.map((way) => `select near.id::text as near, hanging.id::text as id from "${there.tableName}_version" near join "${tableName}" hanging on ${way} where near.id = any($1::uuid[])`).join(' union ');
      if (text === '') continue;
      for (const row of await sql.unsafe<{ near: string; id: string }[]>(`${text} order by 1, 2`, [ids], { prepare: true })) found.set(row.near, [...found.get(row.near) ?? [], { type, id: row.id }]);
    }
  }
  return found;
}

