/**
 * Pulling the upper hub's feed: what comes of it here, whatever the feed does.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { advance, CursorMoved, noteFailure, readFeed, resumeFeed } from '../../src/sync/feed-state.ts';
import { editQuarantined, listQuarantine } from '../../src/sync/quarantine.ts';
import { cityPolice, County, person, personFields } from './pulling.ts';

let county: County;
beforeAll(async () => { county = await County.open(); });
afterAll(() => county.close());
beforeEach(async () => {
  await county.forget();
  county.limits = {};
  county.newCity();
});

const put = (...told: Parameters<typeof person>): string => county.double.state.put('POPULATION', 'Person', person(...told));

describe('a full rebuild and a delta', () => {
  test('a county that has nothing gets all that the city tells, page by page, and is in step', async () => {
    for (let n = 0; n < 25; n++) put(`rebuild-${n}`);
    county.limits = { page: 10 };
    const steps = await county.inStep();
    expect(steps.length).toBeGreaterThan(2);
    expect(await county.held()).toEqual(county.told());
    expect(await county.feed()).toMatchObject({ phase: 'FEED', inStep: true, behind: 0, failures: 0, epoch: county.double.state.epoch });
  });

  test('what changed since is all that comes then', async () => {
    await county.inStep();
    const id = put('delta', '1');
    put('delta', '2', { name: '新名' });
    expect(await county.inStep()).toEqual([{ kind: 'TAKEN', entries: 2, refused: 0, inStep: true }]);
    expect(await county.people()).toContain('新名');
    county.double.state.remove(id);
    await county.inStep();
    expect(await county.people()).not.toContain('新名');
    expect(await county.inStep()).toEqual([{ kind: 'IN_STEP' }]);
  });
});

describe('what is not shown is not told', () => {
  test('a field that is shown no more keeps what is known of it; one that is shown and not told is told no more', async () => {
    const id = put('shown', '1', { phone: '13900000001', registeredAddress: '城关镇' });
    await county.inStep();
    county.double.state.shown.set('Person', personFields.filter((field) => field !== 'phone'));
    put('shown', '2', { name: '改名' });
    await county.inStep();
    expect((await county.held())['620600-GA shown']).toEqual({ version: '2', values: { idNumber: null, name: '改名', genderCode: '1', phone: '13900000001' } });
    county.double.state.shown.set('Person', personFields);
    put('shown', '3', { name: '改名' }, {});
    county.double.state.hidden.set(id, ['phone']);
    await county.inStep();
    expect((await county.held())['620600-GA shown']).toMatchObject({ version: '3', values: { phone: '13900000001' } });
    county.double.state.hidden.clear();
    put('shown', '4', { name: '改名' });
    await county.inStep();
    expect((await county.held())['620600-GA shown']).toEqual({ version: '4', values: { idNumber: null, name: '改名', genderCode: '1' } });
  });

  test('more of the same version is taken when the right to it comes', async () => {
    county.double.state.shown.set('Person', ['idNumber', 'name']);
    county.double.state.put('POPULATION', 'Person', { source: cityPolice, key: 'more', version: '7', values: { idNumber: null, name: '甲' } });
    await county.inStep();
    county.double.state.shown.set('Person', personFields);
    county.double.state.put('POPULATION', 'Person', { source: cityPolice, key: 'more', version: '7', values: { idNumber: null, name: '甲', phone: '13900000002' } });
    await county.inStep();
    expect((await county.held())['620600-GA more']).toEqual({ version: '7', values: { idNumber: null, name: '甲', phone: '13900000002' } });
  });

  test('a right that was lost takes the record away, and it comes back in the same version with the right', async () => {
    const id = put('lost', '3', { name: '去来' });
    await county.inStep();
    county.double.state.remove(id, 'RIGHT_LOST');
    await county.inStep();
    expect(await county.people()).not.toContain('去来');
    put('lost', '3', { name: '去来' });
    await county.inStep();
    expect(await county.people()).toContain('去来');
  });

  test('a source whose home is here is never taken from above', async () => {
    county.double.state.put('POPULATION', 'Person', { source: '620623-GA', key: 'home', version: '9', values: { name: '回声' } });
    await county.inStep();
    expect((await county.database.sql`select 1 from source_record where source_key = 'home'`).length).toBe(0);
    expect(await county.quarantine()).toEqual([]);
  });
});

test('a cursor is moved from the one that was read, or not at all', async () => {
  await county.inStep();
  const { sql } = county.database;
  const before = await readFeed(sql, 'POPULATION');
  const to = { to: 'elsewhere', epoch: before.epoch ?? '', phase: 'FEED', inStep: true, conditions: '', shown: '{}', behind: 0, taken: 0, recent: { entries: 0, deletions: 0, missing: 0 }, allowDeletes: false, breaker: null, reconcile: null, now: new Date().toISOString() } as const;
  await expect(advance(sql, 'POPULATION', { ...to, from: 'somewhere' })).rejects.toBeInstanceOf(CursorMoved);
  expect((await readFeed(sql, 'POPULATION')).cursor).toBe(before.cursor);
  await advance(sql, 'POPULATION', { ...to, from: before.cursor });
  expect((await readFeed(sql, 'POPULATION')).cursor).toBe('elsewhere');
});

describe('order, time and repetition', () => {
  test('duplicated, reordered and skewed entries end in the same', async () => {
    const put3 = (): void => {
      put('order', '1', { name: '一' });
      for (const n of ['2', '10', '9']) put(`order-${n}`, n, { name: `名${n}` });
      put('order', '2', { name: '二' });
    };
    await county.inStep();
    put3();
    county.double.oddNext('duplicated');
    await county.inStep();
    const once = await county.held();
    expect(once).toEqual(county.told());
    await county.forget();
    county.double.state.skewMs = 3_600_000;
    county.double.oddNext('reordered');
    await county.inStep();
    expect(await county.held()).toEqual(once);
    county.double.state.skewMs = -3_600_000;
    put('order', '3', { name: '三' });
    await county.inStep();
    county.double.state.skewMs = 0;
    expect(await county.held()).toMatchObject({ '620600-GA order': { version: '3', values: { name: '三' } } });
  });

  test('a late update of an older version does not bring back what was deleted', async () => {
    await county.inStep();
    const id = put('late', '5', { name: '已去' });
    await county.inStep();
    county.double.state.remove(id);
    county.double.state.push('POPULATION', { kind: 'UPSERT', type: 'Person', id, hidden: [], sources: [{ ...person('late', '4', { name: '已去' }), changedAt: '2026-11-20T00:00:00Z', deleted: false, effectiveFrom: null, effectiveTo: null }] });
    await county.inStep();
    expect(await county.people()).not.toContain('已去');
    put('late', '6', { name: '又来' });
    await county.inStep();
    expect(await county.people()).toContain('又来');
  });

  test('a deletion that comes before what it deletes is remembered', async () => {
    await county.inStep();
    county.double.state.push('POPULATION', { kind: 'TOMBSTONE', type: 'Person', id: 'never', hidden: [], sources: [{ source: cityPolice, key: 'early', version: '5', changedAt: '2026-11-20T00:00:00Z', deleted: true, effectiveFrom: null, effectiveTo: null, values: {} }] });
    put('early', '4', { name: '迟到' });
    await county.inStep();
    expect(await county.people()).not.toContain('迟到');
  });

  test('a correction of the past changes the history and not what is', async () => {
    const id = put('past', '1', { name: '今名' }, { effectiveFrom: '2020-01-01' });
    await county.inStep();
    county.double.state.correct(id, { source: cityPolice, key: 'past', version: '2', values: { name: '旧名' }, effectiveFrom: '2021-01-01', effectiveTo: '2022-01-01' });
    await county.inStep();
    const rows = await county.database.sql<{ name: string; phone: string | null }[]>`
      select v.name, v.phone from person_version v join source_record s on s.record_id = v.id where s.source_key = 'past' and v.recorded_to = 'infinity' order by v.effective_from`;
    expect(rows.map(({ name }) => name)).toEqual(['今名', '旧名', '今名']);
  });

  test.each(['gap', 'shortened', 'skipped'] as const)('a page out of which something fell on the way (%s) is not taken: the cursor stays, and it comes whole', async (odd) => {
    await county.inStep();
    county.limits = { page: 4 };
    for (let n = 0; n < 7; n++) put(`${odd}-${n}`, '1', { name: `隙${n}` });
    const before = await county.feed();
    const pull = county.pull();
    county.double.oddAlways(odd);
    for (let n = 0; n < 3; n++) await expect(pull.step()).rejects.toMatchObject({ failure: 'BROKEN' });
    expect((await county.feed()).cursor).toBe(before.cursor);
    expect((await county.people()).filter((name) => name.startsWith('隙'))).toEqual([]);
    county.double.oddAlways(null);
    await county.inStep(pull);
    expect(await county.held()).toEqual(county.told());
  });

  test('a city that was restored from a backup is taken from the beginning, a comparison is due, and what went up goes up again', async () => {
    put('before', '1', { name: '备份前' });
    const logged = county.double.state.logged;
    const id = put('after', '1', { name: '备份后' });
    await county.inStep();
    await county.database.sql`insert into push_state (target, place, last_success_at) values ('city', '{"phase": "FEED"}', '2026-11-24T03:00:00Z')`;
    county.double.state.restore(logged);
    county.double.state.forget(id);
    put('again', '1', { name: '恢复后' });
    const steps = await county.inStep();
    expect(steps[0]).toMatchObject({ kind: 'ANEW' });
    expect(await county.feed()).toMatchObject({ epoch: county.double.state.epoch, inStep: true, reconcileDue: expect.stringContaining('RESTORED') });
    expect(await county.people()).toEqual(expect.arrayContaining(['备份前', '备份后', '恢复后']));
    expect((await county.database.sql`delete from push_state returning place::text as place`)[0]).toEqual({ place: '{"phase":"ANEW"}' });
  });
});

describe('what cannot be taken', () => {
  const sentAs = (key: string, version: string, values: Readonly<Record<string, unknown>>): string => put(key, version, values);

  test.each([
    ['a value that breaks a rule of the table', { name: '长'.repeat(60) }, /person_name|50/],
    ['a value of another form', { birthDate: '去年' }, /is no date/],
    ['a code that nobody here knows', { genderCode: '7' }, /is no code of the code table gender/],
    ['an identifier that does not check', { idNumber: '62062319900101001X' }, /is no 公民身份号码|身份/],
    ['a masked value', { name: '张**' }, /is masked/],
  ])('%s goes into quarantine with its reason, and the feed goes on', async (_what, values, reason) => {
    await county.inStep();
    sentAs('fine-1', '1', { name: '好一' });
    sentAs('poison', '1', values);
    sentAs('fine-2', '1', { name: '好二' });
    const steps = await county.inStep();
    expect(steps).toEqual([expect.objectContaining({ kind: 'TAKEN', refused: 1, inStep: true })]);
    expect(await county.people()).toEqual(expect.arrayContaining(['好一', '好二']));
    const [row, ...rest] = await county.quarantine();
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ source_key: 'poison', tries: 1, state: 'WAITING', reason: expect.stringMatching(reason) });
    expect(row?.reason).not.toContain('6206231990');
    // A good word for the same record takes it out again.
    sentAs('poison', '2', { name: '已正' });
    await county.inStep();
    expect(await county.quarantine()).toEqual([]);
    expect(await county.people()).toContain('已正');
  });

  test('it is tried again a few times by itself, and then waits for somebody', async () => {
    sentAs('tried', '1', { genderCode: '7' });
    await county.inStep();
    const pull = county.pull();
    for (let n = 0; n < 8; n++) {
      county.now += 200_000;
      await pull.redrive();
    }
    expect(await county.quarantine()).toMatchObject([{ source_key: 'tried', tries: 5, state: 'POISONED' }]);
    county.now += 86_400_000;
    expect(await pull.redrive()).toEqual({ tried: 0, taken: 0 });
    // By name it is tried whenever somebody wants it.
    const [{ code } = { code: '' }] = await listQuarantine(county.database.sql, 'POPULATION');
    expect(await pull.redrive([code])).toEqual({ tried: 1, taken: 0 });
    const raw = JSON.parse((await listQuarantine(county.database.sql, 'POPULATION'))[0]?.raw ?? '') as { sources: [{ values: Record<string, unknown> }] };
    raw.sources[0].values['genderCode'] = '2';
    await editQuarantined(county.database.sql, code, JSON.stringify(raw), 'a test', new Date(county.now).toISOString());
    expect(await pull.redrive([code])).toEqual({ tried: 1, taken: 1 });
    expect(await county.quarantine()).toEqual([]);
    expect((await county.held())['620600-GA tried']).toMatchObject({ values: { genderCode: '2' } });
  });

  test('an older word does not take a newer one out of quarantine', async () => {
    await county.inStep();
    sentAs('newer', '5', { genderCode: '7' });
    await county.inStep();
    county.double.state.push('POPULATION', { kind: 'UPSERT', type: 'Person', id: 'x', hidden: [], sources: [{ ...person('newer', '4'), changedAt: '2026-11-20T00:00:00Z', deleted: false, effectiveFrom: null, effectiveTo: null }] });
    await county.inStep();
    expect(await county.quarantine()).toMatchObject([{ source_key: 'newer' }]);
  });

  test('an unknown field is kept as it came, and goes with the version that does not tell it', async () => {
    await county.inStep();
    sentAs('unknown', '1', { name: '新项', bloodType: 'A', photoRef: 'p-1' });
    await county.inStep();
    const kept = async () => county.database.sql<{ version: string; values: string }[]>`select version, "values"::text as values from sync_unknown where source_key = 'unknown'`;
    expect((await kept()).map(({ values }) => JSON.parse(values) as unknown)).toEqual([{ bloodType: 'A', photoRef: 'p-1' }]);
    expect((await county.held())['620600-GA unknown']).toEqual({ version: '1', values: { idNumber: null, name: '新项', genderCode: '1' } });
    expect(await county.quarantine()).toEqual([]);
    sentAs('unknown', '2', { name: '新项' });
    await county.inStep();
    expect(await kept()).toEqual([]);
  });

  test('a type that is not here, or of another registry, goes into quarantine', async () => {
    await county.inStep();
    county.double.state.put('POPULATION', 'Spacecraft', person('ship'));
    county.double.state.put('POPULATION', 'LegalEntity', person('firm'));
    await county.inStep();
    expect((await county.quarantine()).map(({ source_key, field }) => [source_key, field])).toEqual([['firm', 'type'], ['ship', 'type']]);
  });

  test('entries without what is required go into quarantine; too many of them halt the registry before anything of the page is taken', async () => {
    await county.inStep();
    county.limits = { missing: 3, missingShare: 0.5 };
    const bare = (key: string) => ({ kind: 'UPSERT', type: 'Person', id: key, hidden: [], sources: [{ ...person(key), version: undefined, changedAt: '2026-11-20T00:00:00Z', deleted: false, effectiveFrom: null, effectiveTo: null }] });
    county.double.state.push('POPULATION', bare('bare-1'));
    county.double.state.put('POPULATION', 'Person', { source: cityPolice, key: 'no-number', version: '1', values: { name: '无号' } });
    expect(await county.inStep()).toMatchObject([{ kind: 'TAKEN', refused: 2 }]);
    expect((await county.quarantine()).map(({ source_key, field, reason }) => [source_key, field, reason])).toEqual([['bare-1', 'version', 'is missing'], ['no-number', 'idNumber', 'is missing: it names the record']]);
    for (let n = 2; n < 5; n++) county.double.state.push('POPULATION', bare(`bare-${n}`));
    sentAs('beside', '1', { name: '旁边' });
    const before = await county.feed();
    expect(await county.inStep()).toMatchObject([{ kind: 'HALTED', news: true, because: expect.stringContaining('hub sync resume POPULATION') }]);
    expect(await county.people()).not.toContain('旁边');
    expect(await county.feed()).toMatchObject({ cursor: before.cursor, halted: expect.stringContaining('lack what is required') });
    expect(await county.inStep()).toMatchObject([{ kind: 'HALTED', news: false }]);
    await resumeFeed(county.database.sql, 'POPULATION', false);
    county.limits = { missing: 10 };
    await county.inStep();
    expect(await county.people()).toContain('旁边');
  });

  test('more deletions than are believable halt the registry; somebody who has looked lets them through', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => put(`mass-${n}`, '1', { name: `众${n}` }));
    await county.inStep();
    county.limits = { deletions: 5, deletionsShare: 0.1 };
    for (const id of ids.slice(0, 3)) county.double.state.remove(id);
    expect(await county.inStep()).toMatchObject([{ kind: 'TAKEN' }]);
    for (const id of ids.slice(3, 20)) county.double.state.remove(id);
    expect(await county.inStep()).toMatchObject([{ kind: 'HALTED', because: expect.stringMatching(/delete 20 of .*--allow-deletes/) }]);
    expect((await county.people()).filter((name) => name.startsWith('众'))).toHaveLength(27);
    await resumeFeed(county.database.sql, 'POPULATION', true);
    expect(await county.inStep()).toMatchObject([{ kind: 'TAKEN', inStep: true }]);
    expect((await county.people()).filter((name) => name.startsWith('众'))).toHaveLength(10);
    expect((await county.feed()).allowDeletes).toBe(false);
  });

  test('a statement that a value breaks in a way nobody foresaw is found claim by claim, after a few failures', async () => {
    county.double.state.shown.set('Building', ['buildingCode', 'geometry', 'sourceCrs']);
    const building = (key: string, geometry: string) => county.double.state.put('SPATIAL', 'Building', { source: '620600-ZR', key, version: '1', values: { buildingCode: key, geometry, sourceCrs: 'CGCS2000' } });
    building('even', 'SRID=4490;MULTIPOLYGON(((103 37,103.1 37,103.1 37.1,103 37)))');
    // PostGIS cannot read it, and says so of the whole statement.
    building('odd', 'SRID=4490;MULTIPOLYGON(((103 37,103.1 37.1)))');
    const pull = county.pull(undefined, 'SPATIAL');
    for (let n = 0; n < 3; n++) {
      await expect(pull.step()).rejects.toThrow();
      await noteFailure(county.database.sql, county.lease, 'SPATIAL', 'failed', null, new Date(county.now).toISOString());
    }
    expect(await pull.step()).toMatchObject({ kind: 'TAKEN', refused: 1 });
    expect(await county.database.sql`select building_code from building where source like '620600-%'`).toMatchObject([{ building_code: 'even' }]);
    expect((await county.quarantine()).map(({ source_key }) => source_key)).toEqual(['odd']);
  });
});
