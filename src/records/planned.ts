/**
 * Days on which records change by what is known already (`due_change`): planned when they are written, forgotten when they have come or are
 * written anew. Who brings them in is `due.ts`.
 */
import type postgres from 'postgres';
import type { RecordModel } from '../registries/record.ts';
import type { Session } from './tables.ts';

function run(session: Session, text: string, parameters: readonly unknown[]): Promise<postgres.Row[]> {
  return session.unsafe(text, parameters as (string | null)[], { prepare: true });
}

/** Records whose planned change has come. */
export async function dueIds(session: Session, model: RecordModel, today: string, ids?: readonly string[]): Promise<string[]> {
  const text = `select distinct record_id from due_change where record_type = $1::text and due_on <= $2::date${ids === undefined ? '' : ' and record_id = any($3::uuid[])'}`;
  return (await run(session, text, ids === undefined ? [model.type, today] : [model.type, today, ids])).map((row) => row['record_id'] as string);
}

/** Forgets what was planned for records: all of it, or what has come by a day. */
export async function unschedule(session: Session, model: RecordModel, ids: readonly string[], until?: string): Promise<void> {
  if (ids.length === 0) return;
  const text = `delete from due_change where record_type = $1::text and record_id = any($2::uuid[])${until === undefined ? '' : ' and due_on <= $3::date'}`;
  await run(session, text, until === undefined ? [model.type, ids] : [model.type, ids, until]);
}

/** Plans days on which records change. */
export async function schedule(session: Session, model: RecordModel, due: readonly { readonly id: string; readonly on: string }[]): Promise<void> {
  if (due.length === 0) return;
  await run(session, 'insert into due_change (record_type, record_id, due_on) select $1::text, id, due_on from unnest($2::uuid[], $3::date[]) planned (id, due_on) on conflict do nothing',
    [model.type, due.map(({ id }) => id), due.map(({ on }) => on)]);
}
