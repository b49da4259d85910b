/**
 * Conditions of sharing travel with the data: how the upper hub shares an item whose values come from there is taken into the log of
 * policy, and the judge sees the stricter of both sides (`noWider`, sharing/catalog.ts).
 *
 * An item counts as come from above once a field of it is shown to this hub; it stays so, since what came is here.
 */
import type postgres from 'postgres';
import type { RecordType } from '../registries/contract.ts';
import type { ItemCondition } from './city.ts';

/** Takes the conditions of items that come from above. */
export async function storeConditions(tx: postgres.TransactionSql, types: ReadonlyMap<string, RecordType>, shown: ReadonlyMap<string, readonly string[]>, conditions: readonly ItemCondition[], now: string): Promise<void> {
  const come = new Set([...shown].flatMap(([type, fields]) => {
    const own = types.get(type);
    return own === undefined ? [] : [own.existsItem, ...fields.flatMap((field) => own.fields.get(field)?.items ?? [])];
  }));
  const taken = conditions.filter(({ item }) => come.has(item));
  if (taken.length === 0) return;
  await tx`select set_config('hub.now', ${now}, true), set_config('hub.by', 'upper hub', true)`;
  await tx`
    insert into city_condition as kept (item, share_type, condition) select item, "shareType", condition from json_to_recordset(${JSON.stringify(taken)}::text::json) sent (item text, "shareType" text, condition text) order by item
    on conflict (item) do update set share_type = excluded.share_type, condition = excluded.condition where (kept.share_type, kept.condition) is distinct from (excluded.share_type, excluded.condition)`;
}
