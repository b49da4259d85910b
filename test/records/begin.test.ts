/**
 * Records that begin are written from what their source tells, in one statement; of every type, they have to be what merging makes of
 * the same: the row that is made anew from the kept source record, and the same as one version.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { recompute } from '../../src/records/recompute.ts';
import { lookUp, writeClaims } from '../../src/records/write.ts';
import type { SourceClaim } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { syntheticCounty } from '../../src/seeding/county.ts';
import { cloneDatabase } from '../world/database.ts';
import { contextAt } from './writing.ts';

const today = '2026-06-10';
let database: Database;
const begun = new Map<string, string[]>();

beforeAll(async () => {
  database = await cloneDatabase();
  const seen = new Set<string>();
  for (const { model, source, claims } of syntheticCounty({ people: 120, seed: 'begin', today })) {
    const first: SourceClaim[] = [];
    const { kept, ids: known } = await lookUp(database.sql, model, source, claims, today);
    // The test county has some of them already.
    const there = new Set(kept.map(({ key }) => key));
    for (const claim of claims) {
      const name = `${model.type} ${String(claim.values[model.key ?? ''] ?? claim.key)}`;
      if (seen.has(name) || there.has(claim.key) || (known.get(String(claim.values[model.key ?? ''])) ?? null) !== null) continue;
      seen.add(name);
      // Some hold from tomorrow on only: these have no row today.
      first.push(first.length % 7 === 3 ? { ...claim, effectiveFrom: '2026-06-11', effectiveTo: '2026-07-01' } : claim);
    }
    const outcomes = await writeClaims(contextAt(database, `${today}T04:00:00.000Z`, today), model, source, first);
    const ids = begun.get(model.type) ?? [];
    begun.set(model.type, [...ids, ...outcomes.map(({ id }) => id)]);
  }
}, 120_000);
afterAll(() => database.close());

describe.each(records.map((model) => [model.type, model] as const))('%s', (type, model) => {
  test('begins as merging makes it', async () => {
    const ids = begun.get(type) ?? [];
    if (ids.length === 0) return;
    const made = await recompute(contextAt(database, `${today}T05:00:00.000Z`, today), model, ids);
    expect(made).toHaveLength(ids.length);
    for (const { golden, current } of made) if (current !== null) expect(current).toEqual(golden);
    const [found] = await database.sql.unsafe<{ versions: number; current: number; unlike: number; due: number; ahead: number }[]>(`
      select count(*)::int as versions, count(c.id)::int as current, count(*) filter (where v.effective_from > $2)::int as ahead,
        count(*) filter (where c.id is not null and to_jsonb(c) <> to_jsonb(v) - '{version_id,effective_from,effective_to,recorded_from,recorded_to}'::text[])::int as unlike,
        (select count(distinct record_id)::int from due_change where record_type = $3 and record_id = any($1::uuid[])) as due
      from ${model.tableName}_version v left join ${model.tableName} c using (id) where v.id = any($1::uuid[])`, [ids, today, type]);
    const ahead = found?.ahead ?? -1;
    expect(found).toMatchObject({ versions: ids.length, unlike: 0 });
    expect(made.filter(({ current }) => current !== null)).toHaveLength(found?.current ?? -1);
    expect(found?.due).toBeGreaterThanOrEqual(ahead);
  });
});

test('records of many types have begun', () => {
  expect([...begun.values()].filter((ids) => ids.length > 0).length).toBeGreaterThan(10);
});

test('whatever a text holds comes in as it is, marks of packed rows among it', async () => {
  const model = records.find(({ type }) => type === 'Certificate')!;
  const texts = ['\u001f', 'a\u001eb', '\u001d', '\u001e', '"', '\\', '\\N', 'NULL', '{a,"b"}', ',', "'", '', ' ', '𠮷', '\u0010'];
  const claims: SourceClaim[] = texts.map((text, place) => ({
    key: `text ${text} ${place}`, version: `1${text}`, at: '2026-06-01T00:00:00.000Z',
    values: { typeName: text, holderNames: [text, 'x', text] },
  }));
  const outcomes = await writeClaims(contextAt(database, `${today}T06:00:00.000Z`, today), model, '620623-SC', claims);
  const ids = outcomes.map(({ id }) => id);
  const rows = await database.sql<{ id: string; name: string; holders: string[] }[]>`select id, type_name as name, holder_names as holders from certificate where id = any(${ids})`;
  const kept = await database.sql<{ id: string; key: string; version: string; values: string }[]>`select record_id as id, source_key as key, version, values::text from source_record where record_id = any(${ids})`;
  const byId = new Map(rows.map((row) => [row.id, row]));
  expect(ids.map((id) => [byId.get(id)?.name, byId.get(id)?.holders])).toEqual(claims.map(({ values }) => [values['typeName'], values['holderNames']]));
  const keptById = new Map(kept.map((row) => [row.id, row]));
  expect(ids.map((id) => [keptById.get(id)?.key, keptById.get(id)?.version, JSON.parse(keptById.get(id)?.values ?? '')])).toEqual(claims.map(({ key, version, values }) => [key, version, values]));
});
