/**
 * Brings in what becomes current by a day: changes that sources told for a day to come are in the history at once, and
 * in the current row from that day on. Run at start and at midnight; running it again, or late by days, does no harm.
 *
 * It merges nothing and writes no version: the history already says what holds today.
 */
import { safeError } from '../db/failures.ts';
import type { RecordModel } from '../registries/record.ts';
import { logChanges } from './change-log.ts';
import { dueIds, unschedule } from './planned.ts';
import { bringCurrent, lockType, scheduleNext } from './tables.ts';
import type { WriteContext } from './write.ts';

/** Records brought in one statement. */
const batchSize = 1000;

/** Makes every record whose planned day has come by `context.today` current; how many there were. */
export async function bringDue(context: Pick<WriteContext, 'sql' | 'today' | 'now'>, models: readonly RecordModel[]): Promise<number> {
  let brought = 0;
  for (const model of models) {
    try {
      brought += await context.sql.begin((session) => bringModel(session, model, context));
    } catch (error) {
      throw safeError(error, `bring ${model.type}`);
    }
  }
  return brought;
}

async function bringModel(session: Parameters<typeof lockType>[0], model: RecordModel, { today, now }: Pick<WriteContext, 'today' | 'now'>): Promise<number> {
  await lockType(session, model);
  const ids = await dueIds(session, model, today);
  for (let start = 0; start < ids.length; start += batchSize) {
    const some = ids.slice(start, start + batchSize);
    await bringCurrent(session, model, some, today);
    await unschedule(session, model, some, today);
    await scheduleNext(session, model, some, today);
    await logChanges(session, model, some.map((id) => ({ id, corrections: [] })), { now });
  }
  return ids.length;
}
