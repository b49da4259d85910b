/**
 * An application that finds an item wrong says so; the department whose word it is answers, once and in time; and nobody learns by
 * doubting what he would not learn by asking.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChecks } from '../../../src/query/under-check.ts';
import { keepConflicts } from '../../../src/sync/conflicts.ts';
import { registerOther, testMatter } from '../../world/callers.ts';
import { decided, grantTo } from '../../world/grants.ts';
import { clonedHub, testPersonKey } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';
import { answer, idNumber, list, newKey, report, tell } from './reporting.ts';
import type { Check, Who } from './reporting.ts';

const police = '620623-GA';
const source = 'other-police-steward';
const stranger = 'other-market-steward';

let hub: TestHub;
let clock = new Date('2026-11-24T02:01:00.000Z');
beforeAll(async () => {
  hub = await clonedHub({ now: () => clock, audited: true });
  await registerOther(hub.database, source, police, 'STEWARD');
  await registerOther(hub.database, stranger, '620623-SC', 'STEWARD');
  await registerOther(hub.database, 'other-civil-app', '620623-MZ', null);
  await registerOther(hub.database, 'other-limited', '620623-CL', null);
  // Whoever sees phone numbers only where somebody lives in one township.
  const limited = await grantTo(hub, 'test-other-limited', 'K-LIMITED', [{ item: 'RK-0040', bounds: [{ division: { by: 'RESIDENCE', codes: ['620623100'] } }], matters: [testMatter] }, { item: 'RK-0004', uses: ['VERIFY'], matters: [testMatter] }]);
  if (limited.errors.length > 0) throw new Error(limited.errors[0]?.message);
}, 120_000);
afterAll(() => hub.close());

let people = 0;
/** A new person whom the police tell; his number. */
async function somebody(values: Readonly<Record<string, unknown>> = {}): Promise<string> {
  people += 1;
  await tell(hub.database, police, `k-${people}`, '1', { idNumber: idNumber(people), name: `人${people}`, genderCode: '1', ...values });
  return idNumber(people);
}
const aboutName = (key: string, more: Readonly<Record<string, unknown>> = {}) => ({ type: 'Person', key, items: [{ field: 'name', believed: '另一个名字' }], ...more });

async function opened(): Promise<Check> {
  const { checks, errors } = await report(hub, 'civilAffairs', aboutName(await somebody()));
  if (errors.length > 0) throw new Error(errors[0]?.message);
  return checks[0] as Check;
}
const find = async (who: Who, id: string) => (await list(hub, who)).checks.find((one) => one.id === id);

describe('a report', () => {
  test('is put to the department whose word it is, with the days of the rule, item by item', async () => {
    const key = await somebody();
    const { checks, errors, statements } = await report(hub, 'civilAffairs', { type: 'Person', key, items: [{ field: 'name', believed: ' 李四 ' }, { field: 'genderCode' }], evidence: '户口簿原件' });
    expect(errors).toEqual([]);
    expect(statements).toBe(1);
    expect(checks.map(({ field, source: whose, sourceKey, departmentCode, reportedFor, believed, state, dueOn }) => [field, whose, sourceKey, departmentCode, reportedFor, believed, state, dueOn])).toEqual([
      ['name', police, null, police, '620623-MZ', '李四', 'OPEN', '2026-12-08'], ['genderCode', police, null, police, '620623-MZ', null, 'OPEN', '2026-12-08'],
    ]);
    const [asked] = (await list(hub, source, { side: 'ASKED' })).checks.filter(({ id }) => id === checks[0]?.id);
    expect(asked).toMatchObject({ sourceKey: `k-${people}`, believed: '李四', because: '与证件不符' });
    const [{ moves } = { moves: '' }] = await hub.database.sql<{ moves: string }[]>`select string_agg(verb || ' ' || to_state || ' ' || by || ' ' || party, ';') as moves from check_move where check_id = ${checks[0]!.id}`;
    expect(moves).toBe('report OPEN test-civilAffairs REPORTER');
  });

  test('by its id is the same', async () => {
    const key = await somebody();
    const [{ id } = { id: '' }] = await hub.database.sql<{ id: string }[]>`select id::text as id from person where id_number = ${key}`;
    expect((await report(hub, 'civilAffairs', { type: 'Person', id, items: [{ field: 'name' }] })).checks.map(({ source: whose }) => whose)).toEqual([police]);
    expect((await report(hub, 'civilAffairs', { type: 'Person', id, key, items: [{ field: 'name' }] })).code).toBe('BAD_INPUT');
    expect((await report(hub, 'civilAffairs', { type: 'Person', items: [{ field: 'name' }] })).code).toBe('BAD_INPUT');
  });

  test('is taken once however often it comes, also twice at once, and another one under its key is refused', async () => {
    const given = aboutName(await somebody());
    const key = newKey();
    const [one, two] = await Promise.all([report(hub, 'civilAffairs', given, key), report(hub, 'civilAffairs', given, key)]);
    const again = await report(hub, 'civilAffairs', given, key);
    expect([one.errors, two.errors, again.errors]).toEqual([[], [], []]);
    expect(new Set([one, two, again].flatMap(({ checks }) => checks.map(({ id }) => id))).size).toBe(1);
    expect([one.repeated, two.repeated].sort()).toEqual([false, true]);
    expect(again.repeated).toBe(true);
    expect((await report(hub, 'civilAffairs', { ...given, because: '别的理由' }, key)).code).toBe('CONFLICT');
    // The department has asked already; another department may.
    expect((await report(hub, 'other-civil-app', given)).code).toBe('CONFLICT');
    expect((await report(hub, 'market', given)).checks).toHaveLength(1);
  });

  test('believes what a change could tell, and nothing that is masked', async () => {
    const key = await somebody();
    const believing = async (field: string, believed: unknown) => (await report(hub, 'civilAffairs', { type: 'Person', key, items: [{ field, believed }] })).code;
    expect(await believing('genderCode', '外星人')).toBe('BAD_INPUT');
    expect(await believing('name', '张**')).toBe('BAD_INPUT');
    expect(await believing('nothing', 'x')).toBe('BAD_INPUT');
    expect(await believing('genderCode', '2')).toBeUndefined();
  });

  test('changes no record, and the item is being checked until it is answered', async () => {
    const key = await somebody();
    const { checks: [check] } = await report(hub, 'civilAffairs', aboutName(key));
    const [{ id, name } = { id: '', name: '' }] = await hub.database.sql<{ id: string; name: string }[]>`select id::text as id, name from person where id_number = ${key}`;
    expect(name).toBe(`人${people}`);
    const shown = async () => ((await hub.ask('civilAffairs', 'query ($key: String!) { provenance(type: "Person", key: $key) { fields { field underCheck } } }', { variables: { key } })).data as unknown as { provenance: { fields: { field: string; underCheck: boolean }[] } }).provenance.fields.filter(({ underCheck }) => underCheck).map(({ field }) => field);
    expect(await shown()).toEqual(['name']);
    expect([...(await openChecks(hub.database.sql, [id])).get(id) ?? []]).toEqual(['name']);
    expect((await answer(hub, source, check!)).check).toMatchObject({ state: 'ANSWERED', verdict: 'CONFIRMED', answer: '经核对' });
    expect(await shown()).toEqual([]);
    expect((await openChecks(hub.database.sql, [id])).size).toBe(0);
  });
});

describe('nobody learns by doubting what he would not learn by asking', () => {
  test('what may be neither read nor verified is refused as asking is, whether or not there is anybody', async () => {
    const key = await somebody({ phone: '13900000000' });
    const nobody = idNumber(899);
    const withheld = await hub.ask('market', 'query ($key: String!) { person(idNumber: $key) { phone } }', { variables: { key } });
    const [there, absent] = [await report(hub, 'market', { type: 'Person', key, items: [{ field: 'phone' }] }), await report(hub, 'market', { type: 'Person', key: nobody, items: [{ field: 'phone' }] })];
    expect(there.code).toBe('FIELD_NOT_SHARED');
    expect(there.errors[0]?.message).toContain(withheld.errors[0]?.message);
    expect([absent.text, absent.statements]).toEqual([there.text, there.statements]);
    expect(there.statements).toBe(0);
  });

  test('what may be verified may be doubted, without being read', async () => {
    const key = await somebody({ nameTibetan: 'བསོད་ནམས' });
    const { data } = await hub.ask('other-limited', 'query ($key: String!) { person(idNumber: $key) { nameTibetan } }', { variables: { key } });
    expect(data).toEqual({ person: null });
    const { checks, errors } = await report(hub, 'other-limited', { type: 'Person', key, items: [{ field: 'nameTibetan' }] });
    expect(errors).toEqual([]);
    expect(checks.map(({ field }) => field)).toEqual(['nameTibetan']);
    expect((await report(hub, 'market', { type: 'Person', key, items: [{ field: 'nameTibetan' }] })).code).toBe('FIELD_NOT_SHARED');
  });

  test('absent, sealed, outside, empty and hidden are one', async () => {
    const about = (key: string, field = 'phone') => ({ type: 'Person', key, items: [{ field, believed: '13911111111' }] });
    const inside = await somebody({ phone: '13900000000', residenceDivisionCode: '620623100' });
    const outside = await somebody({ phone: '13900000000', residenceDivisionCode: '620623101' });
    const empty = await somebody({ residenceDivisionCode: '620623100' });
    const sealed = await somebody({ phone: '13900000000', residenceDivisionCode: '620623100' });
    await decided(hub, 'mutation ($idNumber: String!) { seal(code: "K-SEAL", idNumber: $idNumber, because: "测试") }', { idNumber: sealed });
    expect((await report(hub, 'other-limited', about(inside))).checks).toHaveLength(1);
    const absent = await report(hub, 'other-limited', about(idNumber(898)));
    expect(absent).toMatchObject({ errors: [], checks: [], repeated: false, statements: 1 });
    for (const key of [outside, empty, sealed]) {
      const { text, statements } = await report(hub, 'other-limited', about(key));
      expect([text, statements]).toEqual([absent.text, absent.statements]);
    }
    // One item that may not be doubted, and none of them is.
    const both = await report(hub, 'other-limited', { type: 'Person', key: outside, items: [{ field: 'name' }, { field: 'phone' }] });
    expect(both.text).toBe(absent.text);
    await decided(hub, 'mutation { unseal(code: "K-SEAL") }');
  });

  test('what is believed is compared with nothing', async () => {
    const [one, two] = [await somebody({ phone: '13900000001', residenceDivisionCode: '620623100' }), await somebody({ phone: '13900000002', residenceDivisionCode: '620623100' })];
    const shapes = [];
    for (const key of [one, two]) {
      const { checks: [check] } = await report(hub, 'other-limited', { type: 'Person', key, items: [{ field: 'phone', believed: '13900000001' }] });
      shapes.push({ ...check, id: '', report: '', reference: '' });
    }
    expect(shapes[0]).toEqual(shapes[1]);
  });

  test('once he is sealed the department reads no more who is meant', async () => {
    const check = await opened();
    expect(await find(source, check.id)).toMatchObject({ sourceKey: `k-${people}`, believed: '另一个名字' });
    await decided(hub, 'mutation ($idNumber: String!) { seal(code: "K-LATER", idNumber: $idNumber, because: "测试") }', { idNumber: idNumber(people) });
    expect(await find(source, check.id)).toMatchObject({ sourceKey: null, believed: null });
    await decided(hub, 'mutation { unseal(code: "K-LATER") }');
  });

  test('it is written down as a look-up, with whom it is about', async () => {
    await opened();
    const [last] = await hub.database.sql<{ scope: string; subjects: readonly string[]; outcome: string }[]>`select s.body as scope, r.subjects, r.outcome from audit_record r join audit_scope s on s.id = r.scope where s.body like '%reportDiscrepancy%' order by r.at desc, r.seq desc limit 1`;
    expect(last).toMatchObject({ subjects: [testPersonKey(idNumber(people))], outcome: 'OK' });
    expect(JSON.parse(last!.scope)).toMatchObject({ kind: 'MUTATION', roots: ['Mutation.reportDiscrepancy'], by: ['RK-0001'], consumer: 'test-civilAffairs' });
    expect(last!.scope).not.toContain('另一个名字');
  });
});

describe('doors, by role and department', () => {
  const everybody = ['civilAffairs', 'other-civil-app', 'police', 'market', source, 'civilSteward', stranger, 'steward', 'system', 'security', 'auditor', 'stranger'] as const;

  test('applications report, and nobody else', async () => {
    const codes = Object.fromEntries(await Promise.all(everybody.map(async (who) => [who, (await report(hub, who, aboutName(idNumber(897)))).code ?? 'OK'] as const)));
    expect(codes).toEqual({ 'civilAffairs': 'OK', 'other-civil-app': 'OK', 'police': 'OK', 'market': 'OK', [source]: 'FORBIDDEN', 'civilSteward': 'FORBIDDEN', [stranger]: 'FORBIDDEN', 'steward': 'FORBIDDEN', 'system': 'FORBIDDEN', 'security': 'FORBIDDEN', 'auditor': 'FORBIDDEN', 'stranger': 'UNAUTHENTICATED' });
  });

  test('a steward of the department whose word it is answers, and nobody else', async () => {
    const check = await opened();
    const codes: Record<string, unknown> = {};
    for (const who of everybody.filter((one) => one !== source)) codes[who] = (await answer(hub, who, check)).code;
    expect(codes).toEqual({ 'civilAffairs': 'FORBIDDEN', 'other-civil-app': 'FORBIDDEN', 'police': 'FORBIDDEN', 'market': 'FORBIDDEN', 'civilSteward': 'FORBIDDEN', [stranger]: 'BAD_INPUT', 'steward': 'FORBIDDEN', 'system': 'FORBIDDEN', 'security': 'FORBIDDEN', 'auditor': 'FORBIDDEN', 'stranger': 'UNAUTHENTICATED' });
    expect((await answer(hub, source, check)).check?.state).toBe('ANSWERED');
  });

  test('both sides see it, each as much as is his, and the data authority sees all of them', async () => {
    const check = await opened();
    const seen: Record<string, unknown> = {};
    for (const who of everybody) {
      const { code } = await list(hub, who);
      const found = await find(who, check.id);
      seen[who] = code ?? (found === undefined ? 'nothing' : [found.sourceKey !== null, found.believed !== null]);
    }
    expect(seen).toEqual({
      'civilAffairs': [false, true], 'other-civil-app': [false, false], 'police': [true, true], 'market': 'nothing', [source]: [true, true], 'civilSteward': [false, false], [stranger]: 'nothing',
      'steward': [false, false], 'system': [false, false], 'security': [false, false], 'auditor': [false, false], 'stranger': 'UNAUTHENTICATED',
    });
  });
});

describe('an answer', () => {
  test('is given once: whoever comes second hears that it was moved', async () => {
    const check = await opened();
    const both = await Promise.all([answer(hub, source, check, { verdict: 'CANNOT_TELL' }), answer(hub, source, check)]);
    expect(both.map(({ code }) => code ?? 'OK').sort()).toEqual(['CONFLICT', 'OK']);
    const now = await find('civilAffairs', check.id);
    expect((await answer(hub, source, now!)).code).toBe('CONFLICT');
    expect((await answer(hub, source, { ...now!, version: 7 })).code).toBe('CONFLICT');
  });

  test('names a correction that was told as any change is, and none that was not', async () => {
    const check = await opened();
    expect((await answer(hub, source, check, { verdict: 'CORRECTED', correctedVersion: '2' })).code).toBe('BAD_INPUT');
    expect((await answer(hub, source, check, { verdict: 'CORRECTED', correctedVersion: '1' })).code).toBe('BAD_INPUT');
    expect((await answer(hub, source, check, { verdict: 'CONFIRMED', correctedVersion: '2' })).code).toBe('BAD_INPUT');
    const told = await hub.ask('police', 'mutation ($changes: [ChangeInput!]!) { submitChanges(registry: POPULATION, idempotencyKey: "correction-1", changes: $changes) { outcomes { status } } }', { variables: { changes: [{ type: 'Person', key: `k-${people}`, version: '2', values: { name: '改正后' } }] } });
    expect(told.text).toContain('ACCEPTED');
    expect((await answer(hub, source, check, { verdict: 'CORRECTED', correctedVersion: '2' })).check).toMatchObject({ state: 'ANSWERED', verdict: 'CORRECTED', correctedVersion: '2' });
    expect(await find('civilAffairs', check.id)).toMatchObject({ state: 'ANSWERED', verdict: 'CORRECTED', correctedVersion: '2', answer: '经核对' });
  });

  test('that is missed is overdue and told to the data authority once; a late one is taken all the same', async () => {
    const check = await opened();
    const before = clock;
    clock = new Date('2026-12-09T02:00:00.000Z');
    const due = { sql: hub.database.sql, now: clock.toISOString(), today: '2026-12-09' };
    expect(await keepConflicts(due)).toBeGreaterThan(0);
    expect(await keepConflicts(due)).toBe(0);
    const overdue = async (who: 'security' | typeof source) => JSON.stringify((await hub.ask(who, '{ overdue(first: 100) { nodes { number rule departmentCode escalatedAt } } }')).data);
    expect(await overdue('security')).toContain(`{"number":"check:${check.id}","rule":"VERIFY","departmentCode":"${police}"`);
    expect(await overdue(source)).toContain(check.id);
    expect((await answer(hub, source, check)).check?.state).toBe('ANSWERED');
    expect(await overdue('security')).not.toContain(check.id);
    clock = before;
  });

  test('moves are added and never changed', async () => {
    await opened();
    await expect(hub.database.sql`update check_move set words = 'x'`).rejects.toThrow(/only added to/);
  });
});

test('syncStatus counts what is open by registry', async () => {
  const { data } = await hub.ask('system', '{ syncStatus { queues { registry conflicts checks checksWaiting checksAbove } } }');
  const queues = (data as unknown as { syncStatus: { queues: { registry: string; checks: number; conflicts: number }[] } }).syncStatus.queues;
  expect(queues).toHaveLength(5);
  const open = (await list(hub, 'steward', { states: ['OPEN'] })).checks.length;
  expect(queues.find(({ registry }) => registry === 'POPULATION')).toEqual({ registry: 'POPULATION', conflicts: 0, checks: open, checksWaiting: 0, checksAbove: 0 });
});

test('one report a request', async () => {
  const key = await somebody();
  const { errors } = await hub.ask('civilAffairs', 'mutation ($report: DiscrepancyInput!) { one: reportDiscrepancy(report: $report, idempotencyKey: "one-key-1") { repeated } two: reportDiscrepancy(report: $report, idempotencyKey: "two-key-2") { repeated } }', { variables: { report: { ...aboutName(key), because: '不符' } } });
  expect(errors[0]?.extensions['code']).toBe('BAD_INPUT');
});
