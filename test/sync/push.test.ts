/**
 * What the county collects goes up: at least once, nothing twice in effect, each record in its order, whatever fails on the way; and
 * what the city passed on does not go back.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { measureVariables } from '../../src/graphql/limits.ts';
import { records } from '../../src/registries/index.ts';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim } from '../../src/records/write.ts';
import { CityError } from '../../src/sync/city.ts';
import type { CityInbox, PassedUp } from '../../src/sync/city.ts';
import { deadLetters, redriveDeadLetters } from '../../src/sync/dead-letters.ts';
import { pushAgain, pushStep } from '../../src/sync/push.ts';
import type { PushContext } from '../../src/sync/push.ts';
import { registerOther } from '../world/callers.ts';
import { cloneDatabase } from '../world/database.ts';
import { decided } from '../world/grants.ts';
import { somePeople } from '../world/facts.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { Json, TestHub } from '../world/hub.ts';

const person = records.find(({ type }) => type === 'Person')!;
const division = '620623';
let city: TestHub;
let county: Database;
let calls: { readonly key: string; readonly changes: readonly PassedUp[] }[] = [];

const document = `mutation ($registry: Registry!, $changes: [ChangeInput!]!, $idempotencyKey: String!) { submitChanges(registry: $registry, changes: $changes, idempotencyKey: $idempotencyKey) { repeated outcomes { index status reason field } } }`;

/** The city as it is reached without a network. */
const inbox: CityInbox = {
  submit: async (registry, changes, idempotencyKey) => {
    calls.push({ key: idempotencyKey, changes });
    const { data, errors } = await city.ask('other-county-hub', document, { variables: { registry, idempotencyKey, changes: changes } });
    if (errors.length > 0) throw new CityError('REFUSED', `${String(errors[0]?.extensions['code'])} ${errors[0]?.message}`);
    return (data as unknown as { submitChanges: { outcomes: Json } }).submitChanges.outcomes as never;
  },
};

beforeAll(async () => {
  city = await clonedHub();
  county = await cloneDatabase();
  await registerOther(city.database, 'other-county-hub', '620623-ZS', null);
  await decided(city, `mutation { setHub(consumer: "test-other-county-hub", division: "${division}") }`);
}, 120_000);
afterAll(() => Promise.all([city.close(), county.close()]));
beforeEach(() => {
  calls = [];
});

let minute = 0;
const context = (more: Partial<PushContext> = {}): PushContext => ({ sql: county.sql, city: inbox, division, types: city.schema.contract.types, catalog: city.standing.catalog, now: new Date(Date.parse('2026-11-24T02:00:00.000Z') + minute * 60_000).toISOString(), ...more });
function tell(key: string, version: string, values: SourceClaim['values'], more: Partial<SourceClaim> = {}, source = '620623-GA', origin?: string) {
  minute += 1;
  const { now } = context();
  return writeClaims({ sql: county.sql, now, today: '2026-11-24', personKey: testPersonKey, ...(origin === undefined ? {} : { origin }) }, person, source, [{ key, version, at: now, values, ...more }]);
}
async function pushAll(more: Partial<PushContext> = {}): Promise<{ readonly changes: number; readonly refused: number }> {
  let [changes, refused] = [0, 0];
  for (;;) {
    const step = await pushStep(context(more));
    changes += step.changes;
    refused += step.refused;
    if (!step.more) return { changes, refused };
  }
}
/** Is a field's item shared with nobody? */
function isWithheld(type: string, name: string): boolean {
  const field = city.schema.contract.types.get(type)?.fields.get(name);
  return field?.kind === 'leaf' && field.items.some((code) => city.standing.catalog.item(code)?.shareType === 'NOT_SHARED');
}

/** What a hub holds of what its county's departments tell, as far as anybody may have it. */
async function kept({ sql }: Pick<Database, 'sql'>): Promise<readonly Json[]> {
  const rows = await sql.unsafe<{ record_type: string; values: string }[]>(`select record_type, source, source_key, version, deleted, "values"::jsonb::text as values from source_record where starts_with(source, '${division}-') and not starts_with(source_key, 'x-') order by 1, 2, 3`);
  return rows.map((row) => ({ ...row, values: Object.entries(JSON.parse(row.values) as object).filter(([field]) => !isWithheld(row.record_type, field)) })) as unknown as readonly Json[];
}

test('first everything is passed up, and what is known there is a duplicate', async () => {
  const { changes, refused } = await pushAll();
  expect(refused).toBe(0);
  expect(changes).toBe((await kept(county)).length);
  // A hub takes 25 000 values in a request; half of that is sent.
  for (const call of calls) expect(measureVariables({ changes: call.changes }).values).toBeLessThanOrEqual(12_500);
  expect(await kept(city.database)).toEqual(await kept(county));
});

test('then what was written: new, changed, gone, corrected; a record that changed twice goes as it is', async () => {
  await tell('p-1', '1', { name: '甲', phone: '13900000000' });
  await tell('p-2', '1', { name: '乙' });
  await tell('p-1', '2', { name: '甲改' });
  expect(await pushAll()).toEqual({ changes: 2, refused: 0 });
  expect(calls.flatMap(({ changes }) => changes.map(({ key, version, values }) => [key, version, values]))).toEqual([['p-1', '2', { name: '甲改', phone: '13900000000' }], ['p-2', '1', { name: '乙' }]]);
  await tell('p-2', '2', {}, { deleted: true });
  await tell('p-1', '3', { name: '旧' }, { effectiveFrom: '2026-01-01', effectiveTo: '2026-02-01' });
  await pushAll();
  expect(await kept(city.database)).toEqual(await kept(county));
  const [past] = await city.database.sql<{ name: string }[]>`select v.name from person_version v join source_record s on s.record_id = v.id and s.source_key = 'p-1' where v.effective_from = '2026-01-01' and v.recorded_to = 'infinity'`;
  expect(past?.name).toBe('旧');
  expect(await pushAll()).toEqual({ changes: 0, refused: 0 });
});

test('what nobody may have stays: values of items that are not shared, and whoever is sealed until he is no longer', async () => {
  expect(isWithheld('Person', 'politicalStatusCode')).toBe(true);
  await tell('s-1', '1', { name: '甲', politicalStatusCode: '01' });
  await pushAll();
  expect(calls.flatMap(({ changes }) => changes.map(({ values }) => values))).toEqual([{ name: '甲' }]);
  calls = [];
  const { nobody: idNumber } = await somePeople(county);
  await county.sql`insert into seal (code, person_key, because) values ('P-SEAL', ${testPersonKey(idNumber)}, '测试')`;
  await tell('s-2', '1', { idNumber, phone: '13900000001' });
  await tell('s-2', '2', { phone: '13900000002' }, { effectiveFrom: '2026-01-01', effectiveTo: '2026-02-01' });
  expect(await county.sql`select 1 from record_change where corrections::text like '%13900000002%'`).toHaveLength(1);
  expect(await pushAll()).toEqual({ changes: 0, refused: 0 });
  expect(calls).toEqual([]);
  await county.sql`delete from seal where code = 'P-SEAL'`;
  await tell('s-2', '3', { phone: '13900000003' });
  await pushAll();
  expect(calls.flatMap(({ changes }) => changes.map(({ key }) => key))).toContain('s-2');
  expect(await kept(city.database)).toEqual(await kept(county));
});

test('a field that is no longer told is no longer told there', async () => {
  await tell('p-3', '1', { name: '甲', phone: '13900000000' });
  await pushAll();
  await tell('p-3', '2', { name: '甲' }, { whole: true });
  await pushAll();
  expect(await kept(city.database)).toEqual(await kept(county));
});

test('what another hub passed on does not go back', async () => {
  await tell('c-1', '1', { name: '市里来的' }, { passedOn: true, whole: true }, '620600-GA', '620600');
  expect(await pushAll()).toEqual({ changes: 0, refused: 0 });
  expect(calls).toEqual([]);
});

test('of a record that both tell, the own word goes up and nothing else', async () => {
  const idNumber = (await county.sql<{ id: string }[]>`select id_number as id from person where id_number is not null order by 1 desc limit 1`)[0]?.id ?? '';
  await tell('c-2', '1', { idNumber, name: '市' }, { passedOn: true, whole: true }, '620600-GA', '620600');
  await tell('mz-2', '1', { idNumber, maritalStatusCode: '20' }, {}, '620623-MZ');
  await pushAll();
  expect(new Set(calls.flatMap(({ changes }) => changes.map(({ source }) => source)))).toEqual(new Set(['620623-GA', '620623-MZ']));
  await tell('c-2', '2', { idNumber, name: '市改' }, { passedOn: true, whole: true }, '620600-GA', '620600');
  expect(await pushAll()).toEqual({ changes: 0, refused: 0 });
});

describe('refusals', () => {
  test('a change that is refused is a dead letter, and the others go on; a later version that is taken clears it', async () => {
    const taker: CityInbox = { submit: async (registry, changes, key) => {
      const good = changes.filter(({ key: own, version }) => !(own === 'd-1' && version === '1'));
      const outcomes = good.length === 0 ? [] : await inbox.submit(registry, good, key);
      return changes.map(({ key: own, version }, index) => (own === 'd-1' && version === '1' ? { index, status: 'REJECTED' as const, reason: 'is no name', field: 'name' } : { ...outcomes[0]!, index }));
    } };
    await tell('d-1', '1', { name: '坏' });
    await tell('d-2', '1', { name: '好' });
    expect(await pushAll({ city: taker })).toEqual({ changes: 2, refused: 1 });
    expect(await county.sql`select source_key, version, reason, field, tries from dead_letter`).toMatchObject([{ source_key: 'd-1', version: '1', reason: 'is no name', field: 'name', tries: 1 }]);
    expect(await deadLetters(county.sql)).toEqual([{ type: 'Person', source: '620623-GA', version: '1', field: 'name', reason: 'is no name', tries: 1, lastAt: expect.stringMatching(/Z$/) as string }]);
    expect(await redriveDeadLetters(county.sql, context().now)).toBe(1);
    await pushAll({ city: taker });
    expect(await county.sql`select source_key, tries from dead_letter`).toMatchObject([{ source_key: 'd-1', tries: 2 }]);
    await tell('d-1', '2', { name: '改好' });
    await pushAll({ city: taker });
    expect(await county.sql`select 1 from dead_letter`).toHaveLength(0);
    expect(await kept(city.database)).toEqual(await kept(county));
  });

  test('nobody but a hub tells for others, and a hub for its own division only, with a version', async () => {
    const change = { type: 'Person', source: '620623-GA', key: 'x-1', version: '1', changedAt: '2026-11-24T02:00:00Z', values: { name: '某' }, fields: ['name'], deleted: false, whole: true };
    const asked = async (caller: 'police' | 'civilAffairs' | 'other-county-hub', own: Readonly<Record<string, unknown>>) => {
      const { data } = await city.ask(caller, document, { variables: { registry: 'POPULATION', idempotencyKey: `key-${caller}-${JSON.stringify(own).length}-${String(own['source'])}-${String(own['version'])}`.slice(0, 100), changes: [own] } });
      const outcome = (data as unknown as { submitChanges: { outcomes: { status: string; field: string | null }[] } }).submitChanges.outcomes[0];
      return [outcome?.status, outcome?.field];
    };
    expect(await asked('civilAffairs', change)).toEqual(['REJECTED', 'source']);
    expect(await asked('police', change)).toEqual(['REJECTED', 'source']);
    expect(await asked('other-county-hub', { ...change, source: '620622-GA' })).toEqual(['REJECTED', 'source']);
    expect(await asked('other-county-hub', { ...change, source: '620623' })).toEqual(['REJECTED', 'source']);
    expect(await asked('other-county-hub', { ...change, source: undefined })).toEqual(['REJECTED', 'source']);
    expect(await asked('other-county-hub', { ...change, version: undefined })).toEqual(['REJECTED', 'version']);
    expect(await asked('other-county-hub', change)).toEqual(['ACCEPTED', null]);
    expect(await asked('police', { ...change, key: 'x-2', whole: undefined })).toEqual(['ACCEPTED', null]);
  });
});

describe('faults', () => {
  /** Fails at the n-th reach, for n = 1, 2, …, until a step succeeds; what went wrong before has to make no difference. */
  async function untilItSucceeds(more: Partial<PushContext> = {}): Promise<number> {
    for (let n = 1; ; n += 1) {
      let reached = 0;
      try {
        await pushAll({ ...more, reach: () => {
          reached += 1;
          if (reached === n) throw new CityError('UNREACHABLE', 'cut');
        } });
        return n;
      } catch (error) {
        if (!(error instanceof CityError)) throw error;
      }
    }
  }

  test('a step that fails anywhere is done again, and nothing is lost or doubled', async () => {
    await tell('q-1', '1', { name: '一' });
    await tell('q-2', '1', { name: '二' });
    expect(await untilItSucceeds()).toBeGreaterThan(5);
    expect(await kept(city.database)).toEqual(await kept(county));
    const versions = await city.database.sql`select 1 from person_version v join source_record s on s.record_id = v.id where s.source_key in ('q-1', 'q-2')`;
    expect(versions).toHaveLength(2);
  });

  test('an acknowledgement that is lost: the same call again is known there', async () => {
    await tell('q-3', '1', { name: '三' });
    let lose = true;
    const forgetful: CityInbox = { submit: async (...call) => {
      const outcomes = await inbox.submit(...call);
      if (lose) {
        lose = false;
        throw new CityError('BROKEN', 'cut');
      }
      return outcomes;
    } };
    await expect(pushAll({ city: forgetful })).rejects.toThrow('cut');
    await pushAll({ city: forgetful });
    expect(calls).toHaveLength(2);
    expect(calls[0]?.key).toBe(calls[1]?.key);
    expect(await kept(city.database)).toEqual(await kept(county));
  });

  test('a city that is away for a thousand tries: nothing grows, and then it has everything', async () => {
    for (let n = 0; n < 5; n += 1) await tell(`q-4-${n}`, '1', { name: '四' });
    const rows = async () => (await county.sql<{ n: number }[]>`select (select count(*) from record_change)::int + (select count(*) from dead_letter)::int + (select count(*) from push_state)::int as n`)[0]?.n;
    const before = await rows();
    const away: CityInbox = { submit: () => Promise.reject(new CityError('UNREACHABLE', 'away')) };
    for (let n = 0; n < 1000; n += 1) await pushStep(context({ city: away })).catch((error: unknown) => { if (!(error instanceof CityError)) throw error; });
    expect(await rows()).toBe(before);
    expect(await pushAll()).toEqual({ changes: 5, refused: 0 });
    expect(await kept(city.database)).toEqual(await kept(county));
  }, 120_000);

  test('of two workers at once one moves on, and nothing is lost', async () => {
    await tell('q-5', '1', { name: '五' });
    const outcomes = await Promise.allSettled([pushStep(context()), pushStep(context())]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    await pushAll();
    expect(await kept(city.database)).toEqual(await kept(county));
  });

  test('a city that was restored from a backup is passed everything again, and what it still has is a duplicate there', async () => {
    await tell('q-8', '1', { name: '八' });
    await pushAll();
    const [{ id } = { id: '' }] = await city.database.sql<{ id: string }[]>`select record_id::text as id from source_record where source_key = 'q-8'`;
    await city.database.sql`delete from source_record where record_id = ${id}`;
    await city.database.sql`delete from person where id = ${id}`;
    await city.database.sql`delete from person_version where id = ${id}`;
    await city.database.sql`delete from submission where consumer_code = 'test-other-county-hub'`;
    await county.sql.begin(pushAgain);
    expect(await pushAll()).toEqual({ changes: (await kept(county)).length, refused: 0 });
    expect(await kept(city.database)).toEqual(await kept(county));
    expect(await pushAll()).toEqual({ changes: 0, refused: 0 });
  });

  test('a county that was restored from a backup passes everything up again', async () => {
    await tell('q-6', '1', { name: '六' });
    await pushAll();
    await county.sql`update record_change set mark = gen_random_uuid()`;
    await tell('q-7', '1', { name: '七' });
    const { refused } = await pushAll();
    expect(refused).toBe(0);
    expect(await kept(city.database)).toEqual(await kept(county));
  });
});
