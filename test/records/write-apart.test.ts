/**
 * A batch that is written in parts while the rest of it is merged leaves what the same claims leave one by one: histories, current rows and
 * kept sources, whatever hangs on whatever within it.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim } from '../../src/records/write.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { cloneDatabase } from '../world/database.ts';
import { contextAt, model } from './writing.ts';

const Person = model('Person');
const source = '620623-GA';
const today = '2026-06-10';
/** More than the parts that a batch is written in at first. */
const many = 420;

let both: readonly [Database, Database];
beforeAll(async () => { both = [await cloneDatabase(), await cloneDatabase()]; }, 120_000);
afterAll(() => Promise.all(both.map((database) => database.close())));

let clock = Date.parse('2026-06-10T00:00:00.000Z');
const at = (): string => new Date((clock += 1000)).toISOString();
const numberOf = (n: number): string => idNumberWithCheck(`622323${String(19500101 + (n % 28))}${String(n % 1000).padStart(3, '0')}`);
const claim = (key: string, version: number, values: SourceClaim['values'], more: Partial<SourceClaim> = {}): SourceClaim => ({ key, version: String(version), at: '2026-06-01T00:00:00Z', values, ...more });

/** All that is known, without what is another thing in another database. */
async function state({ sql }: Database): Promise<readonly string[]> {
  const rows = await sql.unsafe<{ one: string }[]>(`
    with named as (select record_id, min(source_key collate "C") as called from source_record where source = '${source}' and source_key like 'a-%' group by 1)
    select 'version ' || called || (to_jsonb(v) - 'id' - 'version_id')::text as one from person_version v join named on record_id = v.id
    union all select 'current ' || called || (to_jsonb(p) - 'id')::text from person p join named on record_id = p.id
    union all select 'source ' || called || (to_jsonb(s) - 'record_id')::text from source_record s join named using (record_id) order by 1`);
  return rows.map(({ one }) => one);
}

async function writeBoth(claims: readonly SourceClaim[]): Promise<void> {
  const now = at();
  const [whole, each] = both;
  await writeClaims(contextAt(whole, now, today), Person, source, claims);
  for (let n = 0; n < claims.length; n += 60) await writeClaims(contextAt(each, now, today), Person, source, claims.slice(n, n + 60));
}

test('changes of many, cut periods, keys that are given on, deletions and returns, in any order', async () => {
  await writeBoth(Array.from({ length: many }, (_, n) => claim(`a-${n}`, 1, { idNumber: numberOf(n), name: `甲${n}`, phone: '1' }, { effectiveFrom: '2020-01-01' })));
  expect(await state(both[0])).toEqual(await state(both[1]));
  let version = 1;
  let fresh = many;
  const step = fc.record({ kind: fc.constantFrom('cut', 'cut', 'change', 'repeat', 'key', 'delete', 'mark'), n: fc.integer({ min: 0, max: many - 1 }) });
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 150, maxLength: many, size: 'max' }), async (steps) => {
    version += 1;
    const claims = [...new Map(steps.map((one) => [one.n, one])).values()].map(({ kind, n }) => {
      switch (kind) {
        case 'cut': return claim(`a-${n}`, version, { name: `乙${n}`, phone: String(version) }, { effectiveFrom: `2021-01-${String(version).padStart(2, '0')}` });
        case 'change': return claim(`a-${n}`, version, { phone: String(version) });
        case 'repeat': return claim(`a-${n}`, version, {});
        case 'key': return claim(`a-${n}`, version, { idNumber: numberOf(fresh += 1) });
        case 'delete': return claim(`a-${n}`, version, {}, { deleted: true });
        // What packing needs for itself.
        default: return claim(`a-${n}`, version, { name: '标\u001e\u001d记\u001f', phone: '2' }, { effectiveFrom: '2022-02-02' });
      }
    });
    await writeBoth(claims);
    expect(await state(both[0])).toEqual(await state(both[1]));
  }), { numRuns: process.env['TEST_DATABASE_URL'] === undefined ? 2 : 8 });
}, 240_000);

test('two far apart in a batch exchange their numbers', async () => {
  const [a, b] = [numberOf(9001), numberOf(9002)];
  await writeBoth([claim('a-x', 1, { idNumber: a, name: '左' }), claim('a-y', 1, { idNumber: b, name: '右' })]);
  const between = Array.from({ length: many }, (_, n) => claim(`a-${n}`, 100, { phone: '100' }));
  await writeClaims(contextAt(both[0], at(), today), Person, source, [claim('a-x', 2, { idNumber: b }), ...between, claim('a-y', 2, { idNumber: a })]);
  const rows = await both[0].sql<{ name: string; number: string }[]>`select name, id_number as number from person where id_number in (${a}, ${b}) order by name`;
  expect([...rows]).toEqual([{ name: '右', number: a }, { name: '左', number: b }]);
});
