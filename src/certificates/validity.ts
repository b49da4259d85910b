/**
 * Whether a certificate is valid on a day, and since when it is not. Asked of what the hub knows now; nothing is delivered of it but that.
 */
import type postgres from 'postgres';

/** How a certificate stands. A certificate that is gone is not valid. */
export interface Validity {
  readonly valid: boolean;
  /** The first civil day on which it is not valid; null: it is valid, or was never known to be. */
  readonly since: string | null;
}

/** How these certificates stand on a civil date, by id of their record; one statement for all. */
export async function validityOn(sql: postgres.Sql, recordIds: readonly string[], today: string): Promise<ReadonlyMap<string, Validity>> {
  if (recordIds.length === 0) return new Map();
  const rows = await sql<{ id: string; valid: boolean; since: string | null }[]>`
    select asked.id::text as id, coalesce(c.status = '01' and (c.valid_from is null or c.valid_from <= ${today}::date) and (c.valid_to is null or c.valid_to >= ${today}::date), false) as valid,
      coalesce((select max(least(v.effective_to, v.valid_to + 1)) from certificate_version v
        where v.id = asked.id and v.recorded_to = 'infinity' and v.status = '01' and v.effective_from <= ${today}::date), case when c.valid_to < ${today}::date then c.valid_to + 1 end)::text as since
    from unnest(${recordIds as string[]}::uuid[]) asked(id) left join certificate c on c.id = asked.id`;
  return new Map(rows.map(({ id, valid, since }) => [id, { valid, since: valid || since === 'infinity' ? null : since }]));
}
