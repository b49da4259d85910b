/**
 * Records that were looked up at the upper hub → claims → records here, as an entry of its feed would be; and which of their fields were
 * fetched when, in the same transaction. A field that was asked for and may not be had counts as fetched: there is nothing to ask again.
 */
import { loadCodes } from '../records/codes.ts';
import type { WriteContext } from '../records/write.ts';
import type { RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import { takeIncoming } from './apply.ts';
import type { Incoming } from './apply.ts';
import type { LookedUp, LookUpOf } from './city.ts';
import { ValueReader } from './reading.ts';

/** What taking needs to know. */
export interface TakingLookedUp {
  readonly types: ReadonlyMap<string, RecordType>;
  readonly division: string;
}

/** Takes what was found; how many sources of records could not be taken. */
export async function takeLookedUp(context: WriteContext, { types, division }: TakingLookedUp, found: readonly LookedUp[], asked: readonly LookUpOf[]): Promise<number> {
  const byRegistry = new Map<RegistryName, Incoming[]>();
  const fetched = asked.flatMap(({ type: name, fields }, place) => {
    const type = types.get(name);
    const { shown = [], records = [] } = found[place] ?? {};
    // Without its natural key a record would be another one here.
    if (type === undefined || records.length === 0 || !shown.includes(type.model.key ?? '')) return [];
    const incoming = byRegistry.get(type.model.registry) ?? [];
    byRegistry.set(type.model.registry, incoming);
    const visible = shown.filter((field) => fields.includes(field));
    for (const { id, hidden, sources } of records) for (const source of sources) incoming.push({ entry: { cursor: '', kind: 'UPSERT', type: name, id, hidden }, source, shown: visible });
    return [{ name, fields, sources: records.flatMap((record) => record.sources) }];
  });
  return await context.sql.begin(async (tx) => {
    let refused = 0;
    const reader = byRegistry.size === 0 ? null : new ValueReader(await loadCodes(tx), context.today);
    for (const [registry, incoming] of [...byRegistry].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const taken = await takeIncoming(context, tx, { registry, types, division, reader: reader as ValueReader, isolate: false }, incoming);
      refused += taken.refused.length;
    }
    const seconds = Math.floor(Date.parse(context.now) / 1000);
    for (const { name, fields, sources } of fetched) {
      const times = JSON.stringify(Object.fromEntries(fields.map((field) => [field, seconds])));
      await tx`
        insert into city_copy (record_type, record_id, fetched)
        select distinct ${name}, kept.record_id, ${times}::text::jsonb from source_record kept join unnest(${sources.map(({ source }) => source)}::text[], ${sources.map(({ key }) => key)}::text[]) told (source, key)
          on kept.source = told.source and kept.source_key = told.key where kept.record_type = ${name}
        on conflict (record_type, record_id) do update set fetched = city_copy.fetched || excluded.fetched`;
    }
    return refused;
  }) as number;
}
