/**
 * Records that refer to others of their registry (a division to the one above it) come in any order: those that are referred to are
 * written first, and what refers to a record that has not come waits for it.
 */
import type postgres from 'postgres';
import type { SourceClaim } from '../records/write.ts';
import type { RecordModel } from '../registries/record.ts';

/** Claims in an order in which they can be written, and those that refer to what is neither there nor among them, with the field that does. */
export async function referredFirst<C>(tx: postgres.TransactionSql, { references, key, tableName }: RecordModel, claims: readonly C[], of: (one: C) => SourceClaim): Promise<{ readonly ready: readonly C[]; readonly waiting: ReadonlyMap<C, string> }> {
  if (references.length === 0) return { ready: claims, waiting: new Map() };
  const known = new Map<string, Set<unknown>>();
  for (const { field, table, column } of references) {
    const asked = [...new Set(claims.map((one) => of(one).values[field]).filter((value) => typeof value === 'string'))];
    const rows = await tx<{ value: string }[]>`select there.${tx(column)} as value from ${tx(table)} there where there.${tx(column)} = any(${asked}::text[])`;
    known.set(field, new Set(rows.map(({ value }) => value)));
  }
  const lacking = (one: C): string | undefined => {
    const { values, deleted } = of(one);
    return deleted === true ? undefined : references.find(({ field }) => (values[field] ?? null) !== null && known.get(field)?.has(values[field]) !== true)?.field;
  };
  const ready: C[] = [];
  let rest = claims;
  for (let before = -1; before !== ready.length;) {
    before = ready.length;
    const still: C[] = [];
    for (const one of rest) {
      if (lacking(one) !== undefined) {
        still.push(one);
        continue;
      }
      ready.push(one);
      const own = key === undefined ? undefined : of(one).values[key];
      for (const { field, table } of references) if (table === tableName) known.get(field)?.add(own);
    }
    rest = still;
  }
  return { ready, waiting: new Map(rest.map((one) => [one, lacking(one) ?? ''])) };
}
