/**
 * The log of records that were written: every record that a batch has touched stands in it once, in the transaction that wrote it,
 * and a version that is passed on takes the place of what was known of it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { bringDue } from '../../src/records/due.ts';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim, WriteContext } from '../../src/records/write.ts';
import { cloneDatabase } from '../world/database.ts';
import { contextAt, historyOf, model } from './writing.ts';

const person = model('Person');
const police = '620623-GA';
let database: Database;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.close());

interface Logged {
  readonly record_ids: string;
  readonly corrections: string | null;
  readonly origin: string | null;
}

/** What is written by `work`, as the log has it. */
async function logged(work: () => Promise<unknown>): Promise<readonly Logged[]> {
  const [{ seq } = { seq: '0' }] = await database.sql<{ seq: string }[]>`select coalesce(max(seq), 0)::text as seq from record_change`;
  await work();
  return database.sql<Logged[]>`select record_ids::text, corrections::text, origin from record_change where seq > ${seq}::bigint order by seq`;
}

const at = (minute: number, day = '2026-06-10'): WriteContext => contextAt(database, `${day}T04:${String(minute).padStart(2, '0')}:00.000Z`);
const claim = (key: string, version: string, values: SourceClaim['values'], more: Partial<SourceClaim> = {}): SourceClaim => ({ key, version, at: '2026-06-10T03:00:00Z', values, ...more });
const write = (context: WriteContext, claims: readonly SourceClaim[], source = police) => writeClaims(context, person, source, claims);

test('a batch that begins and changes records logs each of them once', async () => {
  const [first] = await write(at(0), [claim('log-1', '1', { name: '甲' })]);
  const rows = await logged(() => write(at(1), [claim('log-1', '2', { name: '乙' }), claim('log-1', '3', { name: '丙' }), claim('log-2', '1', { name: '丁' })]));
  const ids = rows.flatMap(({ record_ids }) => record_ids.slice(1, -1).split(','));
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(2);
  expect(ids).toContain(first?.id);
  expect(rows.every(({ corrections, origin }) => corrections === null && origin === null)).toBe(true);
});

test('what tells nothing new is not logged', async () => {
  await write(at(0), [claim('log-3', '1', { name: '甲' })]);
  expect(await logged(() => write(at(1), [claim('log-3', '1', { name: '甲' })]))).toEqual([]);
  expect(await logged(() => write(at(2), [claim('log-3', '0', { name: '老' })]))).toEqual([]);
});

test('a source that loses is logged: others may believe it first', async () => {
  const [one] = await write(at(0), [claim('log-4', '1', { name: '甲' })]);
  const rows = await logged(() => writeClaims(at(1), person, '620623-MZ', [{ ...claim('mz-4', '1', { name: '另' }) }]));
  expect(rows).toHaveLength(1);
  expect(rows[0]?.record_ids).not.toContain(one?.id);
});

test('a correction of the past is kept with its days, since its source does not say it any more', async () => {
  const [one] = await write(at(0), [claim('log-5', '1', { name: '甲' }, { effectiveFrom: '2020-01-01' })]);
  const rows = await logged(() => write(at(1), [claim('log-5', '2', { name: '旧名' }, { effectiveFrom: '2021-01-01', effectiveTo: '2022-01-01' })]));
  expect(rows).toHaveLength(1);
  expect(JSON.parse(rows[0]?.corrections ?? '[]')).toEqual([{ id: one?.id, source: police, key: 'log-5', version: '2', at: '2026-06-10T03:00:00.000Z', values: { name: '旧名' }, from: '2021-01-01', to: '2022-01-01', deleted: false }]);
  const [kept] = await database.sql<{ version: string; effective_from: string }[]>`select version, effective_from::text from source_record where source = ${police} and source_key = 'log-5'`;
  expect(kept).toEqual({ version: '1', effective_from: '2020-01-01' });
});

test('the day that brings a planned change logs its record', async () => {
  const [one] = await write(at(0), [claim('log-6', '1', { name: '明日' }, { effectiveFrom: '2026-06-11' })]);
  const rows = await logged(() => bringDue({ sql: database.sql, today: '2026-06-11', now: '2026-06-10T16:00:00.000Z' }, [person]));
  expect(rows.flatMap(({ record_ids }) => record_ids)).toContainEqual(expect.stringContaining(one?.id ?? 'none'));
});

test('a transaction that fails logs nothing', async () => {
  const rows = await logged(async () => {
    await expect(database.sql.begin(async (tx) => {
      await writeClaims({ ...at(0), sql: Object.assign(Object.create(tx as object), { begin: (work: (own: typeof tx) => unknown) => work(tx) }) as never }, person, police, [claim('log-7', '1', { name: '甲' })]);
      throw new Error('stop');
    })).rejects.toThrow('stop');
  });
  expect(rows).toEqual([]);
});

test('of a version that is passed on, more may come, and less; an older one changes nothing', async () => {
  const city = '620600-GA';
  const passed = (version: string, values: SourceClaim['values'], more: Partial<SourceClaim> = {}) => writeClaims({ ...at(Number(version)), origin: '620600' }, person, city, [claim('p-1', version, values, { whole: true, passedOn: true, ...more })]);
  const [one] = await passed('3', { name: '甲' });
  const rows = await logged(async () => {
    expect(await passed('3', { name: '甲', phone: '13900000000' })).toMatchObject([{ outcome: 'applied', changed: true }]);
  });
  expect(rows).toMatchObject([{ origin: '620600', corrections: null }]);
  expect(await passed('3', { name: '甲', phone: '13900000000' })).toMatchObject([{ outcome: 'duplicate', changed: false }]);
  expect(await passed('3', { name: '甲' })).toMatchObject([{ outcome: 'applied', changed: true }]);
  expect(await passed('2', { name: '老', phone: '1' })).toMatchObject([{ outcome: 'stale' }]);
  const [current] = await database.sql<{ name: string; phone: string | null }[]>`select name, phone from person where id = ${one?.id ?? null}`;
  expect(current).toEqual({ name: '甲', phone: null });
});

test('what was lost and may be had again comes back in the same version', async () => {
  const passed = (minute: number, values: SourceClaim['values'], more: Partial<SourceClaim> = {}) => writeClaims(at(minute), person, '620600-GA', [claim('p-2', '5', values, { whole: true, passedOn: true, ...more })]);
  const [one] = await passed(0, { name: '甲' });
  expect(await passed(1, {}, { deleted: true })).toMatchObject([{ outcome: 'applied' }]);
  expect((await database.sql`select 1 from person where id = ${one?.id ?? null}`).length).toBe(0);
  expect(await passed(2, { name: '甲' })).toMatchObject([{ outcome: 'applied', id: one?.id }]);
  expect((await database.sql`select 1 from person where id = ${one?.id ?? null}`).length).toBe(1);
  expect((await historyOf(database, person, one?.id ?? '', ['name'])).length).toBeGreaterThan(1);
});
