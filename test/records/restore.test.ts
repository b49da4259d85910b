/**
 * Records that somebody has changed by hand are found, among many that are right, and made what their history and their sources say.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { recompute } from '../../src/records/recompute.ts';
import { lookNext, restoreRecords } from '../../src/records/restore.ts';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim, WriteContext } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import type { RecordModel } from '../../src/registries/record.ts';
import { cloneDatabase } from '../world/database.ts';
import { testPersonKey } from '../world/hub.ts';
import { model } from './writing.ts';

const Person = model('Person');
const today = '2026-11-24';
const police = '620623-GA';
const civil = '620623-MZ';

let database: Database;
let clock = Date.parse(`${today}T03:00:00.000Z`);
beforeAll(async () => { database = await cloneDatabase(); }, 120_000);
afterAll(() => database.close());

const context = (): WriteContext => ({ sql: database.sql, now: new Date(clock += 1000).toISOString(), today, personKey: testPersonKey });
const tell = async (source: string, ...claims: (Pick<SourceClaim, 'key' | 'version' | 'values'> & Partial<SourceClaim>)[]): Promise<readonly string[]> => {
  const own = context();
  return (await writeClaims(own, Person, source, claims.map((claim) => ({ at: own.now, ...claim })))).map(({ id }) => id);
};

/** Everything of a type. */
async function restoreAll(type: RecordModel, dryRun = false): Promise<{ readonly rows: number; readonly astray: readonly { readonly id: string; readonly kind: string }[] }> {
  const astray: { id: string; kind: string }[] = [];
  let rows = 0;
  for (let after: string | null = null, first = true; first || after !== null; first = false) {
    const looked = await lookNext(context(), type, after);
    rows += looked.rows;
    astray.push(...looked.astray);
    if (!dryRun && looked.astray.length > 0) expect(await restoreRecords(context(), type, looked.astray.map(({ id }) => id))).toEqual(looked.astray);
    after = looked.next;
  }
  return { rows, astray };
}

/** What lies there of a record: name and phone today, and how many versions are known. */
async function seen(id: string): Promise<readonly unknown[]> {
  const [row] = await database.sql<{ name: string | null; phone: string | null; known: number }[]>`
    select (select name from person where id = ${id}) as name, (select phone from person where id = ${id}) as phone, (select count(*)::int from person_version where id = ${id} and recorded_to = 'infinity') as known`;
  return [row?.name ?? null, row?.phone ?? null, row?.known];
}

test('of a county that nobody has touched nothing is found, of any type', async () => {
  for (const type of records) {
    const { rows, astray } = await restoreAll(type);
    expect([type.type, astray]).toEqual([type.type, []]);
    if (type === Person) expect(rows).toBeGreaterThanOrEqual(400);
  }
});

describe('a record that was changed by hand', () => {
  test.each([
    ['in its current row', 'DIFFERENT', (id: string) => [`update person set name = '手改' where id = '${id}'`]],
    ['in its current row and its history', 'DIFFERENT', (id: string) => [`update person set name = '手改', phone = null where id = '${id}'`, `update person_version set name = '手改', phone = null where id = '${id}'`]],
    ['so that it is not there', 'MISSING', (id: string) => [`delete from person where id = '${id}'`]],
    ['so that not even its history is there', 'MISSING', (id: string) => [`delete from person where id = '${id}'`, `delete from person_version where id = '${id}'`]],
  ])('%s is what its sources say again', async (_what, kind, statements) => {
    const [id = ''] = await tell(police, { key: `h-${clock}`, version: '1', values: { name: '本名', phone: '100' } });
    for (const statement of statements(id)) await database.sql.unsafe(statement);
    expect((await restoreAll(Person, true)).astray).toEqual([{ id, kind }]);
    expect((await restoreAll(Person)).astray).toEqual([{ id, kind }]);
    expect(await seen(id)).toEqual(['本名', '100', 1]);
    const [made] = await recompute(context(), Person, [id]);
    expect(made?.current).toEqual(made?.golden);
    expect((await restoreAll(Person)).astray).toEqual([]);
    const [logged] = await database.sql<{ times: number }[]>`select count(*)::int as times from record_change where record_type = 'Person' and ${id}::uuid = any(record_ids)`;
    expect(logged?.times).toBe(2);
  });

  test('so that no source tells of it goes', async () => {
    const [id = ''] = await tell(police, { key: 'orphan', version: '1', values: { name: '无源' } });
    await database.sql`delete from source_record where record_id = ${id}`;
    expect((await restoreAll(Person)).astray).toEqual([{ id, kind: 'SURPLUS' }]);
    expect((await seen(id))[0]).toBeNull();
    expect((await restoreAll(Person)).astray).toEqual([]);
  });

  test('where two sources tell of it has each field from whom it is to be from', async () => {
    const number = '11010519491231002X';
    const [id = ''] = await tell(police, { key: 'two-1', version: '1', values: { idNumber: number, name: '公安名' } });
    expect(await tell(civil, { key: 'two-2', version: '1', values: { idNumber: number, name: '民政名', maritalStatusCode: '20' } })).toEqual([id]);
    await database.sql`update person set name = '民政名', marital_status_code = '10' where id = ${id}`;
    await database.sql`update person_version set name = '民政名', marital_status_code = '10' where id = ${id}`;
    expect((await restoreAll(Person)).astray).toEqual([{ id, kind: 'DIFFERENT' }]);
    const [made] = await recompute(context(), Person, [id]);
    expect(made?.current).toEqual(made?.golden);
  });
});

test('what is planned, or holds for a time only, is no mistake', async () => {
  const [id = ''] = await tell(police, { key: 'planned', version: '1', values: { name: '今名' } });
  await tell(police, { key: 'planned', version: '2', values: { name: '明年名' }, effectiveFrom: '2027-06-01' });
  await tell(police, { key: 'limited', version: '1', values: { name: '暂时' }, effectiveFrom: '2026-01-01', effectiveTo: '2027-01-01' });
  expect((await restoreAll(Person)).astray).toEqual([]);
  await database.sql`update person set name = '手改' where id = ${id}`;
  expect((await restoreAll(Person)).astray).toEqual([{ id, kind: 'DIFFERENT' }]);
  expect((await seen(id))[0]).toBe('今名');
});

test('a record that others refer to is made right where it stands', async () => {
  const types = records.filter(({ references }) => references.length > 0);
  expect(types.length).toBeGreaterThan(0);
  for (const type of types) {
    const [reference] = type.references;
    const { table = '', column = '' } = reference ?? {};
    const above = records.find(({ tableName }) => tableName === table) as RecordModel;
    const [row] = await database.sql.unsafe<{ id: string }[]>(`select there.id from "${table}" there where exists (select from "${type.tableName}" one where one."${type.columns[reference?.field ?? '']?.name ?? ''}" = there."${column}") limit 1`);
    if (row === undefined) continue;
    await database.sql.unsafe(`update "${table}" set source_version = 'by hand' where id = '${row.id}'`);
    expect((await restoreAll(above)).astray).toEqual([{ id: row.id, kind: 'DIFFERENT' }]);
    expect((await restoreAll(above)).astray).toEqual([]);
  }
});
