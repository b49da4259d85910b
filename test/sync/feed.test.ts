/**
 * The feed: whoever follows it holds, at every moment, what he may have and nothing else; whatever is written, granted and taken away
 * meanwhile, and however often he reads a page.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { forgetChanges } from '../../src/sync/feed-log.ts';
import { registerOther, testMatter } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { AskOptions, Json, TestHub } from '../world/hub.ts';
import { document, Following, pageIn } from './following.ts';
import type { Page } from './following.ts';

const hubName = 'other-hub';
const hubCode = 'test-other-hub';
const department = '620623-FG';
let hub: TestHub;
let clock = new Date('2026-11-24T02:01:00.000Z');
beforeAll(async () => {
  hub = await clonedHub({ now: () => clock, audited: true });
  await registerOther(hub.database, hubName, department, null);
  await decided(hub, `mutation { setHub(consumer: "${hubCode}", division: "620623") }`);
  await grant('F-ALL', ['RK-0000', 'RK-0001', 'RK-0002', 'RK-0007', 'RK-0013']);
}, 120_000);
afterAll(() => hub.close());

async function grant(approvalNo: string, items: readonly string[], more: Readonly<Record<string, unknown>> = {}, consumer = hubCode): Promise<void> {
  const answer = await grantTo(hub, consumer, approvalNo, items.map((item) => ({ item, uses: item === 'RK-0000' ? ['READ', 'EXIST'] : ['READ'], modes: ['SUBSCRIBE'], matters: [testMatter], ...more })));
  if (answer.errors.length > 0) throw new Error(answer.errors[0]?.message);
}
const endGrant = (approvalNo: string) => decided(hub, 'mutation ($approvalNo: String!) { endGrant(approvalNo: $approvalNo) }', { approvalNo });

async function page(after: string | null, first = 200, registry = 'POPULATION'): Promise<Page> {
  return pageIn(await hub.ask(hubName, document, { variables: { registry, after, first } }));
}

class Follower extends Following {
  constructor() {
    super(page);
  }
}

const person = records.find(({ type }) => type === 'Person')!;
let minute = 10;
/** Claims of the police, at another moment each time. */
function tell(claims: readonly Pick<SourceClaim, 'key' | 'version' | 'values'>[], more: Partial<SourceClaim> = {}) {
  minute += 1;
  clock = new Date(Date.parse('2026-11-24T02:00:00.000Z') + minute * 60_000);
  return writeClaims({ sql: hub.database.sql, now: clock.toISOString(), today: '2026-11-24', personKey: testPersonKey }, person, '620623-GA', claims.map((claim) => ({ at: clock.toISOString(), ...claim, ...more })));
}
async function namesInDatabase(where = 'true'): Promise<Map<string, unknown>> {
  return new Map((await hub.database.sql.unsafe<{ id: string; name: string }[]>(`select id::text, name from person where ${where}`)).map(({ id, name }) => [id, name]));
}

describe('a follower', () => {
  test('holds the whole snapshot in any size of pages, and then what is written, in its order', async () => {
    const [small, large] = [new Follower(), new Follower()];
    const first = await small.catchUp(37);
    await large.catchUp(1000);
    expect(first.length).toBeGreaterThanOrEqual(400);
    expect(new Set(first.map(({ kind }) => kind))).toEqual(new Set(['UPSERT']));
    expect(small.names()).toEqual(await namesInDatabase());
    expect([...large.held.keys()].sort()).toEqual([...small.held.keys()].sort());
    await tell([{ key: 'f-1', version: '1', values: { name: '新来' } }]);
    await tell([{ key: 'f-2', version: '1', values: { name: '后来' } }, { key: 'f-1', version: '2', values: { name: '新来改' } }]);
    await tell([{ key: 'f-3', version: '1', values: { name: '最后' } }]);
    const next = (await small.catchUp(1)).map(({ kind, sources }) => [kind, sources[0]?.key, sources[0]?.values['name']]);
    // What is told at once has no order within; what is told before or after it has.
    expect([next[0], next.slice(1, 3).sort(), ...next.slice(3)]).toEqual([['UPSERT', 'f-1', '新来改'], [['UPSERT', 'f-1', '新来改'], ['UPSERT', 'f-2', '后来']], ['UPSERT', 'f-3', '最后']]);
    const page = (await large.catchUp(1000)).map(({ sources }) => sources[0]?.key);
    expect([page.slice(0, 2).sort(), ...page.slice(2)]).toEqual([['f-1', 'f-2'], 'f-3']);
    expect(small.names()).toEqual(await namesInDatabase());
    expect(await small.catchUp()).toEqual([]);
  });

  test('misses nothing that is written while he reads the snapshot', async () => {
    const follower = new Follower();
    follower.after = (await page(null, 50)).endCursor;
    await tell([{ key: 'f-3', version: '1', values: { name: '其间' } }]);
    await tell([{ key: 'f-1', version: '3', values: { name: '其间改' } }]);
    await follower.catchUp(50);
    expect(follower.names().size).toBeGreaterThan(1);
    for (const [id, name] of follower.names()) expect((await namesInDatabase(`id = '${id}'`)).get(id)).toBe(name);
    expect([...follower.names().values()]).toContain('其间改');
    expect([...follower.names().values()]).toContain('其间');
  });

  test('reads a page twice and holds the same; a cursor inside of a page goes on behind its entry', async () => {
    const follower = new Follower();
    await follower.catchUp();
    await tell([{ key: 'f-4', version: '1', values: { name: '甲' } }, { key: 'f-5', version: '1', values: { name: '乙' } }, { key: 'f-6', version: '1', values: { name: '丙' } }]);
    const once = await page(follower.after);
    const again = await page(follower.after);
    expect(again.entries).toEqual(once.entries);
    expect(once.entries).toHaveLength(3);
    const rest = await page(once.entries[0]?.cursor ?? null);
    expect(rest.entries).toEqual(once.entries.slice(1));
  });

  test('is told of what is gone, once given; and of nothing else that is gone', async () => {
    const follower = new Follower();
    await tell([{ key: 'f-7', version: '1', values: { name: '将去' } }]);
    await follower.catchUp();
    await tell([{ key: 'f-7', version: '2', values: {} }], { deleted: true });
    const [gone, ...others] = await follower.catchUp();
    expect(others).toEqual([]);
    expect(gone).toMatchObject({ kind: 'TOMBSTONE', type: 'Person', hidden: [], sources: [{ source: '620623-GA', key: 'f-7', version: '2', deleted: true, values: {} }] });
    expect(follower.names()).toEqual(await namesInDatabase());
    await tell([{ key: 'f-8', version: '1', values: { name: '没见过' } }]);
    await tell([{ key: 'f-8', version: '2', values: {} }], { deleted: true });
    expect(await follower.catchUp()).toEqual([]);
  });

  test('hears of a correction of the past with its days', async () => {
    const follower = new Follower();
    await follower.catchUp();
    await tell([{ key: 'f-1', version: '4', values: { name: '旧名', birthDate: '1990-01-01', phone: '13900000000' } }], { effectiveFrom: '2026-11-01', effectiveTo: '2026-11-20' });
    const entries = await follower.catchUp();
    expect(entries.map(({ kind }) => kind)).toEqual(['UPSERT', 'CORRECTION']);
    // The telephone is not granted.
    expect(entries[1]?.sources).toEqual([{ source: '620623-GA', key: 'f-1', version: '4', changedAt: clock.toISOString(), deleted: false, effectiveFrom: '2026-11-01', effectiveTo: '2026-11-20', values: { name: '旧名', birthDate: '1990-01-01' } }]);
  });

  test.runIf(process.env['TEST_DATABASE_URL'] !== undefined)('misses nothing of a transaction that others overtake (on a server: the embedded database has one session)', async () => {
    const follower = new Follower();
    await follower.catchUp();
    const slow = await hub.database.sql.reserve();
    await slow`begin`;
    const id = [...follower.held.keys()][0] as string;
    await slow`insert into record_change (record_type, record_ids, recorded_at) values ('Person', ${[id]}::uuid[], now())`;
    await tell([{ key: 'f-over', version: '1', values: { name: '超前' } }]);
    expect(await follower.catchUp()).toEqual([]);
    await slow`commit`;
    slow.release();
    expect(new Set((await follower.catchUp()).map(({ id: own }) => own)).has(id)).toBe(true);
    expect([...follower.names().values()]).toContain('超前');
  });

  test.runIf(process.env['TEST_DATABASE_URL'] !== undefined)('misses nothing of many writers who commit in any order, and waits for nobody who writes no record (on a server)', async () => {
    const follower = new Follower();
    await follower.catchUp();
    const idle = await hub.database.sql.reserve();
    await idle`begin`;
    await idle`select pg_current_xact_id()`;
    const client = hub.database.connect({ name: 'writers', max: 8, statementTimeoutMs: 60_000 });
    const ids = [...follower.held].filter(([, { type }]) => type === 'Person').map(([id]) => id).slice(0, 240);
    const seen = new Map<string, number>();
    let writing = true;
    const writers = Promise.all(ids.map((id, n) => client.begin(async (tx) => {
      await tx`select pg_sleep(${(n * 7919) % 13 / 1000})`;
      await tx`insert into record_change (record_type, record_ids, recorded_at) values ('Person', ${[id]}::uuid[], now())`;
      await tx`select pg_sleep(${(n * 104729) % 17 / 1000})`;
    }))).finally(() => (writing = false));
    while (writing) for (const { id } of await follower.catchUp(7)) seen.set(id, (seen.get(id) ?? 0) + 1);
    await writers;
    for (const { id } of await follower.catchUp()) seen.set(id, (seen.get(id) ?? 0) + 1);
    await idle`rollback`;
    idle.release();
    await client.end();
    expect(ids.filter((id) => !seen.has(id))).toEqual([]);
    expect(ids.every((id) => seen.get(id) === 1)).toBe(true);
  });

  test('can tell from each page whether all of it is there', async () => {
    const pages = [await page(null, 20), await page((await page(null, 20)).endCursor, 20)];
    expect(pages.map(({ after }) => after)).toEqual([null, pages[0]?.endCursor]);
    for (const { after, endCursor, digest, entries } of pages) {
      const lines = entries.map(({ cursor, kind, id }) => `${cursor} ${kind} ${id}`).sort();
      expect(lines.length).toBe(20);
      const digestOf = (held: readonly string[]): string => createHash('sha256').update([after ?? '', endCursor, ...held].join('\n')).digest('base64url');
      expect(digest).toBe(digestOf(lines));
      for (const place of lines.keys()) expect(digest).not.toBe(digestOf(lines.toSpliced(place, 1)));
    }
  });

  test('is told that he is in step, and how much is behind a page', async () => {
    const follower = new Follower();
    await follower.catchUp();
    await tell(Array.from({ length: 5 }, (_, n) => ({ key: `f-9${n}`, version: '1', values: { name: '多' } })));
    const some = await page(follower.after, 2);
    expect(some).toMatchObject({ hasNextPage: true, phase: 'FEED', behind: 3 });
    expect(await page(some.endCursor, 1000)).toMatchObject({ hasNextPage: false, phase: 'FEED', behind: 0 });
  });
});

describe('what may be had', () => {
  test('is told by field: what is not granted is neither in shown nor in any value', async () => {
    await hub.database.sql`update source_record set "values" = (jsonb_set("values"::jsonb, '{phone}', '"CANARY-PHONE"'))::json where record_type = 'Person'`;
    const { shown, entries } = await page(null, 1000);
    expect(shown).toEqual([{ type: 'Person', fields: expect.arrayContaining(['idNumber', 'name', 'birthDate']) }]);
    expect(JSON.stringify(entries)).not.toContain('CANARY');
    const fields = new Set(shown[0]?.fields);
    expect(fields.has('phone')).toBe(false);
    for (const { sources } of entries) for (const { values } of sources) for (const field of Object.keys(values)) expect(fields.has(field)).toBe(true);
  });

  test('what is masked is not told', async () => {
    await grantTo(hub, hubCode, 'F-MASK', [{ item: 'RK-0017', modes: ['SUBSCRIBE'], matters: [testMatter], mask: 'ADDRESS_TOWNSHIP' }]);
    const { shown } = await page(null, 1);
    expect(shown[0]?.fields).not.toContain('registeredAddress');
    await endGrant('F-MASK');
  });

  test('a bound hides a field on some records, and says so there', async () => {
    const [{ code } = { code: '' }] = await hub.database.sql<{ code: string }[]>`select left(residence_division_code, 9) as code from person where residence_division_code is not null group by 1 order by count(*) desc limit 1`;
    await grant('F-BOUND', ['RK-0017'], { bounds: [{ division: { by: 'RESIDENCE', codes: [code] } }] });
    const follower = new Follower();
    await follower.catchUp(1000);
    const inside = await namesInDatabase(`starts_with(residence_division_code, '${code}')`);
    const people = [...follower.held.values()].filter(({ type }) => type === 'Person');
    expect(people.length).toBeGreaterThan(inside.size);
    for (const { id, hidden, sources } of people) {
      expect([id, hidden]).toEqual([id, inside.has(id) ? [] : ['registeredAddress']]);
      if (!inside.has(id)) expect(sources.some(({ values }) => 'registeredAddress' in values)).toBe(false);
    }
    expect(people.some(({ sources }) => sources.some(({ values }) => 'registeredAddress' in values))).toBe(true);
    await endGrant('F-BOUND');
  });

  test('a territory lets nobody else exist; who moves out is lost, who moves in comes, who was never there is not mentioned', async () => {
    await tell([
      { key: 't-1', version: '1', values: { name: '迁出者', residenceDivisionCode: '620623100001' } }, { key: 't-2', version: '1', values: { name: '迁入者', residenceDivisionCode: '620623101001' } },
      { key: 't-3', version: '1', values: { name: '无关者', residenceDivisionCode: '620623101001' } },
    ]);
    const follower = new Follower();
    await follower.catchUp();
    await decided(hub, 'mutation ($consumer: String!, $territory: [TerritoryInput!]!) { setTerritory(consumer: $consumer, territory: $territory) }', { consumer: hubCode, territory: [{ types: ['Person'], within: [{ division: { by: 'RESIDENCE', codes: ['620623100'] } }] }] });
    const entries = await follower.catchUp();
    expect(follower.names()).toEqual(await namesInDatabase("starts_with(residence_division_code, '620623100')"));
    expect(entries.filter(({ kind }) => kind === 'RIGHT_LOST').length).toBeGreaterThan(100);
    const fresh = new Follower();
    await fresh.catchUp();
    expect(fresh.names()).toEqual(follower.names());
    await tell([{ key: 't-1', version: '2', values: { residenceDivisionCode: '620623101001' } }]);
    expect(await fresh.catchUp()).toMatchObject([{ kind: 'RIGHT_LOST', sources: [{ key: 't-1', deleted: true, values: {} }] }]);
    await tell([{ key: 't-2', version: '2', values: { residenceDivisionCode: '620623100001' } }]);
    expect(await fresh.catchUp()).toMatchObject([{ kind: 'UPSERT', sources: [{ key: 't-2', values: { name: '迁入者' } }] }]);
    await tell([{ key: 't-4', version: '1', values: { name: '界外', residenceDivisionCode: '620623101001' } }]);
    expect(await fresh.catchUp()).toEqual([]);
    await decided(hub, 'mutation ($consumer: String!) { setTerritory(consumer: $consumer, territory: []) }', { consumer: hubCode });
    await fresh.catchUp();
    expect(fresh.names()).toEqual(await namesInDatabase());
  });

  test('a grant that ends takes back all that it gave; one that begins gives it', async () => {
    const follower = new Follower();
    await follower.catchUp();
    const held = follower.held.size;
    await endGrant('F-ALL');
    const lost = await follower.catchUp(1000);
    expect(follower.held.size).toBe(0);
    expect(lost.filter(({ kind }) => kind === 'RIGHT_LOST').length).toBeGreaterThanOrEqual(held);
    await grant('F-ALL', ['RK-0000', 'RK-0001', 'RK-0002', 'RK-0007', 'RK-0013']);
    await follower.catchUp(1000);
    expect(follower.names()).toEqual(await namesInDatabase());
  });

  test('who is sealed is gone as if he had never been, and comes back', async () => {
    const follower = new Follower();
    const idNumber = (await hub.database.sql<{ id: string }[]>`select id_number as id from person where id_number is not null order by 1 limit 1`)[0]?.id ?? '';
    await follower.catchUp();
    const before = follower.names();
    await decided(hub, 'mutation ($idNumber: String!) { seal(code: "F-SEAL", idNumber: $idNumber, because: "测试") }', { idNumber });
    const entries = await follower.catchUp(1000);
    expect(new Set(entries.filter(({ kind }) => kind !== 'UPSERT').map(({ kind }) => kind))).toEqual(new Set(['TOMBSTONE']));
    // His records only: a seal sends nobody through everything again.
    expect(entries.length).toBeLessThan(20);
    expect(follower.names()).toEqual(await namesInDatabase(`id_number is distinct from '${idNumber}'`));
    await decided(hub, 'mutation { unseal(code: "F-SEAL") }');
    await follower.catchUp(1000);
    expect(follower.names()).toEqual(before);
  });

  test('only hubs are told what single sources tell; others follow the record', async () => {
    await grant('F-OTHER', ['RK-0000', 'RK-0002'], {}, 'test-market');
    const asked = (query: string, options: AskOptions = {}) => hub.ask('market', query, options);
    const refused = await asked(document, { variables: { registry: 'POPULATION', after: null, first: 5 } });
    expect(refused.errors[0]?.extensions['code']).toBe('FORBIDDEN');
    const { data } = await asked('{ changes(registry: POPULATION, first: 3) { ...P } } fragment P on ChangePage { shown { type fields } entries { ... on ChangeEntry { type record } } }');
    expect(data['changes']?.['shown']).toEqual([{ type: 'Person', fields: expect.arrayContaining(['name']) }]);
    for (const { record } of data['changes']!['entries'] as unknown as { record: Json }[]) {
      expect(Object.keys(record)).toContain('name');
      expect(Object.keys(record)).not.toContain('birthDate');
    }
    await endGrant('F-OTHER');
  });

  test('is not followed without a purpose, nor beside anything else', async () => {
    const { data } = await hub.ask(hubName, document, { variables: { registry: 'POPULATION', after: null, first: 5 }, headers: { 'hub-matter': '' } });
    expect(data['changes']).toMatchObject({ shown: [], entries: [] });
    const both = await hub.ask(hubName, '{ changes(registry: POPULATION) { endCursor } me { __typename } }');
    expect(both.errors[0]?.extensions['code']).toBe('BAD_INPUT');
    const twice = await hub.ask(hubName, '{ a: changes(registry: POPULATION) { endCursor } b: changes(registry: POPULATION) { endCursor } }');
    expect(twice.errors[0]?.extensions['code']).toBe('BAD_INPUT');
  });
});

test('whose data a page delivers stands in the audit', async () => {
  const { entries } = await page(null, 5);
  const number = entries.flatMap(({ sources }) => sources.flatMap(({ values }) => values['idNumber'] ?? []))[0] as string;
  const [row] = await hub.database.sql<{ subjects: number; rows: number; mine: boolean }[]>`
    select cardinality(subjects)::int as subjects, rows, ${testPersonKey(number)} = any(subjects) as mine from audit_record order by at desc, seq desc limit 1`;
  const known = new Set(entries.flatMap(({ sources }) => sources.flatMap(({ values }) => (typeof values['idNumber'] === 'string' ? [values['idNumber']] : []))));
  expect(known.size).toBeGreaterThan(0);
  expect(row).toEqual({ subjects: known.size, rows: 5, mine: true });
});

describe('a cursor', () => {
  const code = async (cursor: string | null): Promise<unknown> => page(cursor).then(() => 'OK', (error: { extensions?: Json }) => [error.extensions?.['code'], error.extensions?.['reason']]);

  test('of a database that was restored from a backup leads nowhere', async () => {
    const follower = new Follower();
    await follower.catchUp();
    await tell([{ key: 'r-1', version: '1', values: { name: '将失' } }]);
    const { endCursor } = await page(follower.after);
    // The backup does not have the last row; what is written next takes its number.
    await hub.database.sql`delete from record_change where seq = (select max(seq) from record_change)`;
    await hub.database.sql`select setval('record_change_seq_seq', (select max(seq) from record_change))`;
    expect(await code(endCursor)).toEqual(['EPOCH_CHANGED', 'RESTORED']);
    expect(await code(follower.after)).toBe('OK');
    await tell([{ key: 'r-2', version: '1', values: { name: '另一个' } }]);
    // The same number, and another row: only its mark tells.
    expect((JSON.parse(Buffer.from(endCursor, 'base64url').toString()) as { log: { seq: string } }).log.seq).toBe((await hub.database.sql<{ seq: string }[]>`select max(seq)::text as seq from record_change`)[0]?.seq);
    expect(await code(endCursor)).toEqual(['EPOCH_CHANGED', 'RESTORED']);
  });

  test('of a log that was forgotten leads nowhere; whoever is in step goes on', async () => {
    const early = (await page(null, 1)).endCursor;
    const old = new Follower();
    await old.catchUp();
    await tell([{ key: 'e-1', version: '1', values: { name: '一' } }]);
    const last = new Follower();
    await last.catchUp();
    expect(await forgetChanges(hub.database.sql, '2027-11-24T00:00:00Z', 90)).toBeGreaterThan(0);
    expect(await code(old.after)).toEqual(['EPOCH_CHANGED', 'EXPIRED']);
    expect(await code(last.after)).toBe('OK');
    // A snapshot that began before is read to its end, and then it is noticed.
    await expect((async () => {
      const slow = new Follower();
      slow.after = early;
      await slow.catchUp(1000);
    })()).rejects.toThrow('EPOCH_CHANGED');
  });

  test('of another epoch leads nowhere', async () => {
    const { endCursor, epoch } = await page(null);
    await hub.database.sql`insert into hub_epoch (began_at) values (now() + interval '1 hour')`;
    expect(await code(endCursor)).toEqual(['EPOCH_CHANGED', 'EPOCH']);
    const after = await page(null);
    expect(after.epoch).not.toBe(epoch);
    await tell([{ key: 'n-1', version: '1', values: { name: '新纪元' } }]);
    const follower = new Follower();
    await follower.catchUp(1000);
    expect([...follower.names().values()]).toContain('新纪元');
  });

  test('that nobody has given is refused', async () => {
    expect(await code('nonsense')).toEqual(['BAD_INPUT', undefined]);
    expect(await code(Buffer.from('{"phase":"FEED"}').toString('base64url'))).toEqual(['BAD_INPUT', undefined]);
  });
});
