/**
 * Makes golden records anew from the kept source records, beside what lies in the current rows: the two have to be equal for
 * every record whose sources told only what holds today. It writes nothing.
 */
import type { RecordModel } from '../registries/record.ts';
import { golden, nameOf, rowOf, type Rules } from './change.ts';
import type { SourceRecord } from './merge.ts';
import { currentRows, sourcesOf } from './tables.ts';
import type { Values } from './timeline.ts';
import { PersonKeys } from './values.ts';
import type { WriteContext } from './write.ts';

/** A record twice; null = there is none. */
export interface Recomputed {
  readonly id: string;
  readonly golden: Values | null;
  readonly current: Values | null;
}

/** The golden record and the current row of each id. */
export async function recompute(context: WriteContext, model: RecordModel, ids: readonly string[]): Promise<Recomputed[]> {
  const rules: Rules = { model, today: context.today, personKeys: new PersonKeys(context.personKey, context.today) };
  const [kept, current] = await Promise.all([sourcesOf(context.sql, model, ids), currentRows(context.sql, model, ids)]);
  const byId = Map.groupBy(kept, ({ recordId }) => recordId);
  return ids.map((id) => {
    const sources = new Map<string, SourceRecord>((byId.get(id) ?? []).map((one) => [nameOf(one), one]));
    const made = golden(model, { sources });
    return { id, golden: made === null ? null : rowOf(rules, made), current: current.get(id) ?? null };
  });
}
