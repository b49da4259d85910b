/**
 * Reconciliation of two hubs: what differs is found, counted, named without values and made equal, and a second run finds nothing.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesOf } from '../../src/commands/reconcile.ts';
import { CityError } from '../../src/sync/city.ts';
import type { ComparableCity } from '../../src/sync/city.ts';
import { ReconcileKeeper, underLease } from '../../src/sync/reconcile-keeper.ts';
import { reconcile } from '../../src/sync/reconcile.ts';
import { reconcileLocal } from '../../src/sync/reconcile-local.ts';
import { listRuns, reconcileDue } from '../../src/sync/reconcile-runs.ts';
import { keyOf } from '../world/callers.ts';
import { division, Hubs, ownPolice, police } from './reconciling.ts';

let hubs: Hubs;
beforeAll(async () => { hubs = await Hubs.open(); }, 240_000);
afterAll(() => hubs.close());

const counts = { missing: 0, surplus: 0, different: 0, healed: 0, refused: 0, halted: null };

/** Whatever was done: nothing differs any more. */
async function settled(): Promise<void> {
  expect(await hubs.reconcile()).toMatchObject(counts);
}

describe('two hubs that are equal', () => {
  test('are found to be so, in a call for each record type and one more', async () => {
    const { calls, rows, ...rest } = await hubs.reconcile();
    expect(rest).toMatchObject(counts);
    expect(rows).toBeGreaterThan(400);
    const shown = await hubs.city.comparable('POPULATION');
    expect(calls).toBe(1 + shown.size);
    expect(await hubs.lower.sql`select registry, side, because, calls, rows::int as rows, ended_at is not null as ended from sync_reconcile order by run desc limit 1`)
      .toMatchObject([{ registry: 'POPULATION', side: 'CITY', because: 'TEST', calls, rows, ended: true }]);
  });

  test('stay equal though each has sources of the lower one\'s own division, and deleted ones', async () => {
    await hubs.tell('upper', [{ key: 'own-1', version: '1', values: { name: '上' } }], ownPolice);
    await hubs.tell('lower', [{ key: 'own-2', version: '1', values: { name: '下' } }], ownPolice);
    await hubs.tell('upper', [{ key: 'gone-1', version: '1', values: { name: '去' } }]);
    await hubs.tell('upper', [{ key: 'gone-1', version: '2', values: {}, deleted: true }]);
    await settled();
  });

  test('stay equal where a version is written with zeros before it, or values in another order', async () => {
    await hubs.tell('upper', [{ key: 'zeros', version: '7', values: { name: '零', birthDate: '1990-01-01' } }]);
    await hubs.tell('lower', [{ key: 'zeros', version: '007', values: { birthDate: '1990-01-01', name: '零' } }]);
    await settled();
  });
});

describe('drift', () => {
  test('a source record that never came is fetched', async () => {
    await hubs.tell('upper', [{ key: 'never-came', version: '3', values: { name: '未到' } }]);
    const result = await hubs.reconcile();
    expect(result).toMatchObject({ ...counts, missing: 1, healed: 1 });
    expect(result.sample).toEqual([{ type: 'Person', kind: 'MISSING', source: police, bucket: expect.stringMatching(/^[0-9a-f]{8}$/) as string, record: expect.stringMatching(/^[0-9a-f-]{36}$/) as string }]);
    expect(JSON.stringify(result)).not.toMatch(/未到|never-came/);
    expect((await hubs.held('lower')).get(`${police} never-came`)).toEqual({ version: '3', values: { idNumber: null, name: '未到' } });
    expect(await hubs.names('lower')).toContain('未到');
    await settled();
  });

  test('one that is older here is brought up, one of the same version with another content is corrected', async () => {
    await hubs.tellBoth([{ key: 'd-2', version: '1', values: { name: '旧', birthDate: '1990-01-02' } }, { key: 'd-3', version: '1', values: { name: '同' } }]);
    await hubs.tell('upper', [{ key: 'd-2', version: '2', values: { name: '新' } }]);
    await hubs.lower.sql`update source_record set "values" = '{"name":"改"}' where source_key = 'd-3'`;
    expect(await hubs.reconcile()).toMatchObject({ ...counts, different: 2, healed: 2 });
    expect(await hubs.told('lower')).toEqual(await hubs.told('upper'));
    await settled();
  });

  test('one that is only here goes, be it deleted above, or never told there', async () => {
    await hubs.tellBoth([{ key: 'd-4', version: '1', values: { name: '将去' } }]);
    await hubs.tell('upper', [{ key: 'd-4', version: '2', values: {}, deleted: true }]);
    await hubs.tell('lower', [{ key: 'd-5', version: '1', values: { name: '多余' } }]);
    expect(await hubs.reconcile()).toMatchObject({ ...counts, surplus: 2, healed: 2 });
    expect(await hubs.names('lower')).not.toContain('将去');
    expect(await hubs.names('lower')).not.toContain('多余');
    await settled();
  });

  test('one that was looked up stays, though the feed does not give it', async () => {
    await hubs.tell('lower', [{ key: 'd-14', version: '1', values: { name: '查得' } }]);
    await hubs.lower.sql`insert into city_copy (record_type, record_id, fetched) select record_type, record_id, '{}' from source_record where source_key = 'd-14'`;
    expect(await hubs.reconcile()).toMatchObject(counts);
    expect(await hubs.names('lower')).toContain('查得');
    await hubs.lower.sql`delete from city_copy`;
    expect(await hubs.reconcile()).toMatchObject({ ...counts, surplus: 1, healed: 1 });
    await settled();
  });

  test('one that is newer here than above goes back: the upper hub was restored from a backup', async () => {
    await hubs.tellBoth([{ key: 'd-6', version: '5', values: { name: '本来' } }, { key: 'd-7', version: '5', values: { name: '还在' } }]);
    await hubs.tell('lower', [{ key: 'd-6', version: '9', values: { name: '未来', birthDate: '1990-01-09' } }, { key: 'd-7', version: '9', values: {}, deleted: true }]);
    expect(await hubs.reconcile()).toMatchObject({ ...counts, different: 1, missing: 1, healed: 2 });
    expect((await hubs.held('lower')).get(`${police} d-6`)).toEqual({ version: '5', values: { idNumber: null, name: '本来' } });
    expect(await hubs.names('lower')).toEqual(expect.arrayContaining(['本来', '还在']));
    expect(await hubs.names('lower')).not.toContain('未来');
    await hubs.tellBoth([{ key: 'd-6', version: '6', values: { name: '后来' } }]);
    expect(await hubs.names('lower')).toContain('后来');
    await settled();
  });

  test('a dry run tells the same and changes nothing', async () => {
    await hubs.tell('upper', [{ key: 'd-8', version: '1', values: { name: '只看' } }]);
    await hubs.tell('lower', [{ key: 'd-9', version: '1', values: { name: '只看多' } }]);
    const before = await hubs.held('lower');
    expect(await hubs.reconcile({ dryRun: true })).toMatchObject({ ...counts, missing: 1, surplus: 1 });
    expect(await hubs.held('lower')).toEqual(before);
    expect(await hubs.reconcile()).toMatchObject({ ...counts, missing: 1, surplus: 1, healed: 2 });
    await settled();
  });

  test('more that would go than is believed halts the run, unless somebody has looked', async () => {
    hubs.limits = { deletions: 2, deletionsShare: 0 };
    await hubs.tell('lower', ['m-1', 'm-2', 'm-3'].map((key) => ({ key, version: '1', values: { name: `群${key}` } })));
    const halted = await hubs.reconcile();
    expect(halted).toMatchObject({ surplus: 3, healed: 0, halted: expect.stringMatching(/allow-deletes/) as string });
    expect(await hubs.names('lower')).toContain('群m-1');
    expect(await hubs.reconcile({ allowDeletes: true })).toMatchObject({ ...counts, surplus: 3, healed: 3 });
    hubs.limits = {};
    await settled();
  });
});

describe('what the hub may not have', () => {
  test('a field that is shown nowhere counts nowhere, whatever either keeps in it', async () => {
    await hubs.tellBoth([{ key: 'f-1', version: '1', values: { name: '字段', phone: '100' } }]);
    await hubs.lower.sql`update source_record set "values" = '{"idNumber":null,"name":"字段","phone":"999"}' where source_key = 'f-1'`;
    await settled();
  });

  test('a field that a bound hides on a record is left as it is known, and is found once and no more', async () => {
    const { sql } = hubs.upper.hub.database;
    const [{ code } = { code: '' }] = await sql<{ code: string }[]>`select left(residence_division_code, 9) as code from person where residence_division_code is not null group by 1 order by count(*) desc limit 1`;
    const outside = await sql<{ key: string }[]>`select source_key as key from source_record join person on id = record_id where record_type = 'Person' and source_record.source = ${police} and not starts_with(residence_division_code, ${code}) and "values"->>'registeredAddress' is not null limit 3`;
    expect(outside).toHaveLength(3);
    await hubs.grant('R-BOUND', ['RK-0017'], { bounds: [{ division: { by: 'RESIDENCE', codes: [code] } }] });
    // Those are known here from before; the upper hub does not say any more what they are.
    expect(await hubs.reconcile()).toMatchObject(counts);
    const [hidden] = await hubs.lower.sql<{ rows: number }[]>`select count(*)::int as rows from sync_hidden where fields = '{registeredAddress}'`;
    expect(hidden?.rows).toBeGreaterThan(3);
    const shown = await hubs.city.comparable('POPULATION');
    const again = await hubs.reconcile();
    expect(again).toMatchObject({ ...counts, calls: 1 + shown.size });
    // A field of such a record that is shown is compared all the same.
    await hubs.lower.sql`update source_record set "values" = jsonb_set("values"::jsonb, '{name}', '"改名"')::json where source_key = ${outside[0]?.key ?? ''}`;
    expect(await hubs.reconcile()).toMatchObject({ ...counts, different: 1, healed: 1 });
    expect(await hubs.reconcile()).toMatchObject({ ...counts, calls: 1 + shown.size });
    await hubs.endGrant('R-BOUND');
    await settled();
  });

  test('a record outside of the territory counts nowhere, and goes where it was had', async () => {
    await hubs.tellBoth([{ key: 't-1', version: '1', values: { name: '境内', residenceDivisionCode: '620623100001' } }, { key: 't-2', version: '1', values: { name: '境外', residenceDivisionCode: '620623101001' } }]);
    const territory = (within: readonly unknown[]) => hubs.decide('mutation ($consumer: String!, $territory: [TerritoryInput!]!) { setTerritory(consumer: $consumer, territory: $territory) }', { consumer: 'test-other-hub', territory: within.length === 0 ? [] : [{ types: ['Person'], within }] });
    await territory([{ division: { by: 'RESIDENCE', codes: ['620623100'] } }]);
    const result = await hubs.reconcile({ allowDeletes: true });
    expect(result.surplus).toBe(result.healed);
    expect(result.surplus).toBeGreaterThan(100);
    expect(await hubs.names('lower')).toContain('境内');
    expect(await hubs.names('lower')).not.toContain('境外');
    await hubs.tell('upper', [{ key: 't-3', version: '1', values: { name: '又境外', residenceDivisionCode: '620623101001' } }]);
    await settled();
    await territory([]);
    expect(await hubs.reconcile()).toMatchObject({ missing: result.surplus + 1, healed: result.surplus + 1, refused: 0, halted: null });
    expect(await hubs.names('lower')).toEqual(expect.arrayContaining(['境外', '又境外']));
    await settled();
  });

  test('with no right at all there is nothing to compare, and nothing is taken for gone that never came by the feed', async () => {
    await hubs.endGrant('R-ALL');
    const before = await hubs.held('lower');
    expect(await hubs.reconcile()).toMatchObject({ ...counts, calls: 1, rows: 0 });
    expect(await hubs.held('lower')).toEqual(before);
    await hubs.grant('R-ALL-2', Hubs.items);
    await settled();
  });

  test('what was found is told to administrators of the data authority, without values', async () => {
    await hubs.tell('upper', [{ key: 'told-1', version: '1', values: { name: '不外传' } }]);
    await hubs.reconcile();
    const [run] = await listRuns(hubs.lower.sql, 'POPULATION', 1);
    expect(run).toMatchObject({ registry: 'POPULATION', side: 'CITY', because: 'TEST', dryRun: false, missing: 1, healed: 1, halted: null });
    expect(run?.sample).toMatch(/"kind":"MISSING"/);
    expect(run?.sample).not.toMatch(/told-1|不外传/);
    await hubs.upper.hub.database.sql`insert into sync_reconcile (registry, side, because, dry_run, started_at, ended_at, rows, sample) values ('POPULATION', 'CITY', 'NIGHTLY', false, now(), now(), 5, '[{"type":"Person","kind":"MISSING","source":"620600-GA","bucket":"0a","record":null}]')`;
    const answer = await hubs.ask(keyOf('security'), '{ reconcileRuns(registry: POPULATION) { registry side because rows startedAt endedAt missing sample { type kind source bucket record } } }');
    expect(answer).toMatchObject({ data: { reconcileRuns: [{ registry: 'POPULATION', side: 'CITY', because: 'NIGHTLY', rows: '5', missing: 0, sample: [{ type: 'Person', kind: 'MISSING', source: '620600-GA', bucket: '0a', record: null }] }] } });
    expect((await hubs.ask(keyOf('authority'), '{ reconcileRuns { registry } }')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('only hubs may ask', async () => {
    const question = '{ recordDigests(type: "Person", fields: ["name"]) { buckets { count } } }';
    expect((await hubs.ask(keyOf('authority'), question)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await hubs.ask(keyOf('security'), question)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('by itself', () => {
  const parts = () => ({ city: hubs.city, writing: () => hubs.writing(hubs.lower), types: hubs.types, division, sql: hubs.lower.sql, tell: (level: string, _facts: unknown, sentence: string) => void told.push(`${level} ${sentence}`) });
  const told: string[] = [];
  const feed = (inStep: boolean, due: string | null) => hubs.lower.sql`
    insert into sync_feed (registry, in_step, reconcile_due) values ('POPULATION', ${inStep}, ${due}) on conflict (registry) do update set in_step = excluded.in_step, reconcile_due = excluded.reconcile_due`;
  const dueAt = (now: string) => reconcileDue(hubs.lower.sql, 'POPULATION', now);

  test('it is due once a night, after the pull has asked for it, and never while the feed is not in step', async () => {
    await hubs.lower.sql`truncate sync_reconcile`;
    await feed(false, 'EPOCH');
    expect(await dueAt('2026-11-24T10:00:00Z')).toBeNull();
    await feed(true, null);
    expect(await dueAt('2026-11-24T10:00:00Z')).toBe('NIGHTLY');
    await hubs.lower.sql`insert into sync_reconcile (registry, side, because, dry_run, started_at, ended_at) values ('POPULATION', 'CITY', 'NIGHTLY', false, '2026-11-24T10:00:00Z', '2026-11-24T10:00:01Z')`;
    expect(await dueAt('2026-11-24T17:59:59Z')).toBeNull();
    // Two in the morning of the next day.
    expect(await dueAt('2026-11-24T18:00:00Z')).toBe('NIGHTLY');
    await feed(true, 'EPOCH');
    expect(await dueAt('2026-11-24T10:00:05Z')).toBe('EPOCH');
    await hubs.lower.sql`update sync_reconcile set halted = 'too much'`;
    expect(await dueAt('2026-11-24T10:30:00Z')).toBeNull();
    expect(await dueAt('2026-11-24T11:00:01Z')).toBe('EPOCH');
  });

  test('what is due is compared with the city and with itself, and is due no more; another process waits for its turn', async () => {
    await hubs.lower.sql`truncate sync_reconcile`;
    await feed(true, 'EPOCH');
    await hubs.tell('upper', [{ key: 'k-1', version: '1', values: { name: '夜里' } }]);
    await hubs.tellBoth([{ key: 'k-2', version: '1', values: { name: '原名' } }]);
    await hubs.lower.sql`update person set name = '手改' where name = '原名'`;
    const keeper = new ReconcileKeeper(parts());
    const held = await underLease(hubs.lower.sql, () => keeper.look());
    expect(held).toEqual([]);
    expect(await keeper.look()).toMatchObject([{ missing: 1, healed: 1 }, { calls: 0, different: 1, healed: 1 }]);
    expect(await hubs.names('lower')).toEqual(expect.arrayContaining(['夜里', '原名']));
    expect(told).toEqual(['warn records had drifted and were healed', 'warn records had drifted and were healed']);
    expect(await keeper.look()).toEqual([]);
    expect(await hubs.lower.sql`select side, because, halted from sync_reconcile order by run`).toMatchObject([{ side: 'CITY', because: 'EPOCH', halted: null }, { side: 'LOCAL', because: 'EPOCH', halted: null }]);
    expect(await hubs.lower.sql`select reconcile_due from sync_feed`).toMatchObject([{ reconcile_due: null }]);
  });

  test('a city that does not answer is told of, leaves the reason standing, and what was healed by then', async () => {
    await hubs.lower.sql`truncate sync_reconcile`;
    await feed(true, 'GAP');
    told.length = 0;
    const away: ComparableCity = { comparable: (registry) => hubs.city.comparable(registry), digests: () => Promise.reject(new CityError('UNREACHABLE', 'Nobody is there.')), leaves: (compared) => hubs.city.leaves(compared), entries: (type, keys) => hubs.city.entries(type, keys) };
    expect(await new ReconcileKeeper({ ...parts(), city: away }).look()).toEqual([]);
    expect(told).toEqual(['warn a reconciliation failed, and is made again later']);
    expect(await hubs.lower.sql`select halted from sync_reconcile`).toMatchObject([{ halted: 'The run failed: UNREACHABLE, Nobody is there.' }]);
    expect(await hubs.lower.sql`select reconcile_due from sync_feed`).toMatchObject([{ reconcile_due: 'GAP' }]);
    await hubs.lower.sql`truncate sync_reconcile, sync_feed`;
  });

  test('a city that is busy is asked again when it has said; stopping does not wait for it', async () => {
    let asked = 0;
    const busy = (most: number, retryAfterMs: number): ComparableCity => ({
      comparable: (registry) => {
        asked += 1;
        return asked > most ? hubs.city.comparable(registry) : Promise.reject(new CityError('BUSY', 'Later.', retryAfterMs));
      },
      digests: (compared) => hubs.city.digests(compared), leaves: (compared) => hubs.city.leaves(compared), entries: (type, keys) => hubs.city.entries(type, keys),
    });
    const shown = await hubs.city.comparable('POPULATION');
    expect(await reconcile({ ...parts(), city: busy(2, 1) }, 'POPULATION', { because: 'TEST' })).toMatchObject({ ...counts, calls: 3 + shown.size });
    asked = 0;
    await feed(true, 'GAP');
    await hubs.lower.sql`truncate sync_reconcile`;
    told.length = 0;
    const keeper = new ReconcileKeeper({ ...parts(), city: busy(1000, 3_600_000) });
    keeper.start();
    while (asked === 0) await new Promise((turn) => { setTimeout(turn, 5); });
    await keeper.stop();
    expect([asked, told]).toEqual([1, []]);
    await hubs.lower.sql`truncate sync_reconcile, sync_feed`;
  });

  test('records whose sources were lost in bulk are left alone until somebody has looked', async () => {
    await hubs.tellBoth(['l-1', 'l-2', 'l-3'].map((key) => ({ key, version: '1', values: { name: `失源${key}` } })));
    await hubs.lower.sql`delete from source_record where source_key in ('l-1', 'l-2', 'l-3')`;
    const local = (options: { readonly dryRun?: boolean; readonly allowDeletes?: boolean }) => reconcileLocal({ ...parts(), limits: { deletions: 2, deletionsShare: 0 } }, 'POPULATION', { because: 'TEST', ...options });
    expect(await local({})).toMatchObject({ surplus: 3, healed: 0, halted: expect.stringMatching(/--local --allow-deletes/) as string });
    expect(await hubs.names('lower')).toContain('失源l-1');
    expect(linesOf(await local({ dryRun: true, allowDeletes: true }), true)[0]).toMatch(/^POPULATION: \d+ compared, 3 differ \(0 not here, 3 only here, 0 otherwise\); nothing was changed\.$/);
    expect(await local({ allowDeletes: true })).toMatchObject({ surplus: 3, healed: 3, halted: null });
    expect(await hubs.names('lower')).not.toContain('失源l-1');
    await hubs.reconcile();
    await settled();
  });
});

test('whatever has drifted on both sides, they keep the same after one run, and another finds nothing', async () => {
  const key = fc.integer({ min: 0, max: 14 }).map((n) => `p-${n}`);
  const version = fc.integer({ min: 1, max: 4 }).map(String);
  const values = fc.record({ name: fc.constantFrom('甲', '乙', '丙'), birthDate: fc.constantFrom(null, '1990-01-01', '1990-01-02') }, { requiredKeys: ['name'] });
  const claim = fc.record({ kind: fc.constant('claim' as const), side: fc.constantFrom('upper' as const, 'lower' as const), key, version, values, deleted: fc.boolean() });
  const edit = fc.record({ kind: fc.constantFrom('lose' as const, 'rewrite' as const, 'age' as const), key });
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof(claim, edit), { minLength: 1, maxLength: 12 }), async (steps) => {
    for (const step of steps) {
      const { sql } = hubs.lower;
      switch (step.kind) {
        case 'claim': await hubs.tell(step.side, [{ key: step.key, version: step.version, values: step.deleted ? {} : step.values, deleted: step.deleted }]); break;
        case 'lose': await sql`delete from source_record where record_type = 'Person' and source_key = ${step.key}`; break;
        case 'rewrite': await sql`update source_record set "values" = '{"name":"丁"}' where record_type = 'Person' and source_key = ${step.key} and not deleted`; break;
        case 'age': await sql`update source_record set version = '0' where record_type = 'Person' and source_key = ${step.key}`; break;
      }
    }
    const differed = new Set<string>();
    const [above, here] = [await hubs.told('upper'), await hubs.told('lower')];
    for (const name of new Set([...above.keys(), ...here.keys()])) if (above.get(name) !== here.get(name)) differed.add(name);
    const result = await hubs.reconcile();
    expect(result.missing + result.surplus + result.different).toBe(differed.size);
    expect(result.healed).toBe(differed.size);
    expect(await hubs.told('lower')).toEqual(await hubs.told('upper'));
    await settled();
  }), { numRuns: 25 });
}, 240_000);
