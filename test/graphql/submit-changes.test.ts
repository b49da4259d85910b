/**
 * Departments' changes as their applications send them: own items only, nothing wiped, nothing twice, every refusal with its reason.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import type { CallerName } from '../world/callers.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { AskOptions, Json, TestHub } from '../world/hub.ts';

let hub: TestHub;
let idNumber: string;
let people = 0;
beforeAll(async () => {
  hub = await clonedHub();
});
afterAll(() => hub?.close());
beforeEach(() => {
  idNumber = newNumber();
});

const mutation = `mutation ($registry: Registry!, $changes: [ChangeInput!]!, $key: String!) {
  submitChanges(registry: $registry, changes: $changes, idempotencyKey: $key) { repeated outcomes { index key status reason field version } }
}`;

interface Outcome {
  readonly index: number;
  readonly status: string;
  readonly reason: string | null;
  readonly field: string | null;
  readonly version: string | null;
}

interface Taken {
  readonly repeated: boolean;
  readonly outcomes: readonly Outcome[];
}

function newNumber(): string {
  people += 1;
  return idNumberWithCheck(`62062319900101${String(people).padStart(3, '0')}`);
}

let calls = 0;
const newKey = (): string => `test-call-${(calls += 1)}-${Math.random()}`;

async function submit(caller: CallerName, changes: readonly Readonly<Record<string, unknown>>[], key = newKey(), registry = 'POPULATION'): Promise<Taken> {
  const answer = await send(caller, changes, key, registry);
  expect(answer.errors).toEqual([]);
  return answer.data['submitChanges'] as unknown as Taken;
}

function send(caller: CallerName, changes: readonly unknown[], key = newKey(), registry = 'POPULATION') {
  const options: AskOptions = { variables: { registry, changes, key } };
  return hub.ask(caller, mutation, options);
}

/** What the hub holds of the person. */
async function held(): Promise<Readonly<Record<string, unknown>> | undefined> {
  const [row] = await hub.database.sql`select name, former_name, phone, marital_status_code, source from person where person_key = ${testPersonKey(idNumber)}`;
  return row;
}

const versions = async (): Promise<number> => Number((await hub.database.sql`select count(*)::int as count from person_version where person_key = ${testPersonKey(idNumber)}`)[0]?.['count']);

const person = (values: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) => ({ type: 'Person', key: `k-${idNumber}`, values: { idNumber, ...values }, ...more });

describe('a change', () => {
  it('begins a record, and the next one changes only what it tells', async () => {
    const first = await submit('police', [person({ name: '扎西·才让', formerName: '才让', phone: '13800000000' }, { version: '1' })]);
    expect(first).toMatchObject({ repeated: false, outcomes: [{ index: 0, key: `k-${idNumber}`, status: 'ACCEPTED', reason: null, version: '1' }] });
    await submit('police', [person({ phone: '13900000000' }, { version: '2' })]);
    expect(await held()).toMatchObject({ name: '扎西·才让', former_name: '才让', phone: '13900000000' });
  });

  it('empties a field that the mask names and the values do not', async () => {
    await submit('police', [person({ name: '王伟', formerName: '王卫' })]);
    await submit('police', [person({ name: '王伟' }, { fields: ['idNumber', 'name', 'formerName'] })]);
    expect(await held()).toMatchObject({ name: '王伟', former_name: null });
  });

  it('of another department adds to the record, and takes nothing from it', async () => {
    await submit('police', [person({ name: '李娜', phone: '13800000001' })]);
    expect((await submit('civilAffairs', [person({ maritalStatusCode: '20' })])).outcomes[0]?.status).toBe('ACCEPTED');
    expect(await held()).toMatchObject({ name: '李娜', phone: '13800000001', marital_status_code: '20', source: '620623-GA' });
  });

  it('that tells what was told is a duplicate, with a version of its own or without', async () => {
    const [own, none] = [person({ name: '赵敏' }, { version: '7', changedAt: '2026-11-01T08:00:00+08:00' }), person({ name: '赵敏' })];
    await submit('police', [own]);
    const before = await versions();
    expect((await submit('police', [own])).outcomes[0]).toMatchObject({ status: 'DUPLICATE', version: '7' });
    expect((await submit('police', [none])).outcomes[0]).toMatchObject({ status: 'DUPLICATE', version: '7' });
    expect(await versions()).toBe(before);
  });

  it('that is older, or another content of the same version, is a conflict with a reason', async () => {
    await submit('police', [person({ name: '孙丽' }, { version: '5', changedAt: '2026-11-01T08:00:00+08:00' })]);
    expect((await submit('police', [person({ name: '孙莉' }, { version: '4' })])).outcomes[0]).toMatchObject({ status: 'CONFLICT', version: '5', reason: expect.stringContaining('newer') });
    expect((await submit('police', [person({ name: '孙俪' }, { version: '5', changedAt: '2026-10-01T08:00:00+08:00' })])).outcomes[0]).toMatchObject({ status: 'CONFLICT', reason: expect.stringContaining('another content') });
    expect(await held()).toMatchObject({ name: '孙丽' });
  });

  it('on an expected version is taken only on top of it', async () => {
    expect((await submit('police', [person({ name: '周涛' }, { version: '1', expectedVersion: '0' })])).outcomes[0]).toMatchObject({ status: 'CONFLICT', field: 'expectedVersion', version: null });
    expect((await submit('police', [person({ name: '周涛' }, { version: '1', expectedVersion: null })])).outcomes[0]?.status).toBe('ACCEPTED');
    expect((await submit('police', [person({ name: '周滔' }, { version: '2', expectedVersion: null })])).outcomes[0]).toMatchObject({ status: 'CONFLICT', version: '1' });
    expect((await submit('police', [person({ name: '周滔' }, { version: '2', expectedVersion: '1' })])).outcomes[0]?.status).toBe('ACCEPTED');
  });

  it('that says the record is gone takes back what the department told, and no more', async () => {
    await submit('police', [person({ name: '吴刚' })]);
    await submit('civilAffairs', [person({ maritalStatusCode: '20' })]);
    expect((await submit('civilAffairs', [{ type: 'Person', key: `k-${idNumber}`, deleted: true }])).outcomes[0]?.status).toBe('ACCEPTED');
    expect(await held()).toMatchObject({ name: '吴刚', marital_status_code: null });
    await submit('police', [{ type: 'Person', key: `k-${idNumber}`, deleted: true }]);
    expect(await held()).toBeUndefined();
  });
});

describe('a change is rejected with its field and reason, and the others of its call come in', () => {
  const wrong: readonly [what: string, change: () => Readonly<Record<string, unknown>>, field: string | null, reason: RegExp][] = [
    ['another department\'s item', () => person({ maritalStatusCode: '20' }), 'maritalStatusCode', /RK-0013.*620623-MZ/],
    ['a wrong check digit', () => ({ ...person({ name: 'x' }), values: { idNumber: `${idNumber.slice(0, 17)}${idNumber.endsWith('0') ? '1' : '0'}`, name: 'x' } }), 'idNumber', /check digit/],
    ['a masked value', () => person({ name: '王**' }), 'name', /masked/],
    ['a field that is none', () => person({ nothing: 1 }), 'nothing', /no field/],
    ['a stored key of the hub', () => person({ personKey: 'x' }), 'personKey', /no field/],
    ['a value outside of the mask', () => person({ name: '王' }, { fields: ['idNumber'] }), 'name', /not among the fields/],
    ['a day that is none', () => person({ birthDate: '2001-02-29' }), 'birthDate', /calendar|date/],
    ['a rule of the table', () => person({ personStatus: '在' }), 'personStatus', /person_status/],
    ['nothing', () => ({ type: 'Person', key: 'n', values: {} }), null, /no item/],
    ['a type of another registry', () => ({ type: 'Building', key: 'b', values: { name: 'x' } }), 'type', /no record type of POPULATION/],
    ['gone, and yet told', () => person({ name: 'x' }, { deleted: true }), 'deleted', /gone/],
    ['an empty key', () => ({ ...person({ name: 'x' }), key: ' ' }), 'key', /own key/],
  ];

  it.each(wrong)('%s', async (_what, change, field, reason) => {
    const other = newNumber();
    const { outcomes } = await submit('police', [change(), { type: 'Person', key: `k-${other}`, values: { idNumber: other, name: '好' } }]);
    expect(outcomes[0]).toMatchObject({ index: 0, status: 'REJECTED', field, version: null });
    expect(outcomes[0]?.reason).toMatch(reason);
    expect(outcomes[1]).toMatchObject({ index: 1, status: 'ACCEPTED' });
    expect(await held()).toBeUndefined();
  });

  it('a number under which another record is known, from whoever does not provide it', async () => {
    const known = newNumber();
    await submit('police', [{ type: 'Person', key: known, values: { idNumber: known, name: '在' } }]);
    await submit('civilAffairs', [person({ maritalStatusCode: '10' })]);
    const probe = async (to: string) => (await submit('civilAffairs', [{ ...person({}), values: { idNumber: to, maritalStatusCode: '20' } }])).outcomes[0];
    const [ofKnown, ofNobody] = [await probe(known), await probe(newNumber())];
    expect(ofKnown).toMatchObject({ status: 'REJECTED', field: 'idNumber' });
    expect(ofKnown).toEqual(ofNobody);
  });
});

describe('a call', () => {
  it('that comes again is answered as before and writes nothing, also after more was told', async () => {
    const [key, changes] = [newKey(), [person({ name: '郑洁' }), person({ name: 'x' })]];
    const first = await submit('police', changes, key);
    await submit('police', [person({ name: '郑杰' })]);
    const before = await versions();
    expect(await submit('police', changes, key)).toEqual({ ...first, repeated: true });
    expect(await versions()).toBe(before);
    expect(await held()).toMatchObject({ name: '郑杰' });
  });

  it('that comes many times at once is taken once', async () => {
    const [key, changes] = [newKey(), [person({ name: '冯程' })]];
    const all = await Promise.all(Array.from({ length: 8 }, () => submit('police', changes, key)));
    expect(all.filter(({ repeated }) => !repeated).length).toBe(1);
    expect(new Set(all.map(({ outcomes }) => JSON.stringify(outcomes))).size).toBe(1);
    expect(await versions()).toBe(1);
  });

  it('with other changes under a used key is refused; another consumer\'s key is another', async () => {
    const key = newKey();
    await submit('police', [person({ name: '陈静' })], key);
    expect((await send('police', [person({ name: '陈境' })], key)).errors[0]?.extensions['code']).toBe('CONFLICT');
    expect((await submit('civilAffairs', [person({ maritalStatusCode: '10' })], key)).repeated).toBe(false);
  });

  it('with 10 000 changes is refused before any of them is looked at, with the limit named', async () => {
    const answer = await send('police', Array.from({ length: 10_000 }, (_, n) => ({ type: 'Person', key: `m-${n}`, values: { idNumber, name: 'x' } })));
    expect([answer.errors[0]?.extensions['code'], answer.statements]).toEqual(['TOO_COMPLEX', 0]);
    expect(answer.errors[0]?.message).toContain('at most 500 changes');
  });

  it.each([501, 2000])('with %i changes is refused with the limit named, and nothing is read of it', async (count) => {
    const answer = await send('police', Array.from({ length: count }, (_, n) => ({ type: 'Person', key: `m-${n}`, values: { idNumber, name: 'x' } })));
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'TOO_MANY_CHANGES', limit: 500 });
    expect(answer.errors[0]?.message).toContain('500');
    expect(await held()).toBeUndefined();
  });

  it('of nobody, or without a key that will do, is refused', async () => {
    expect((await hub.ask('stranger', mutation, { variables: { registry: 'POPULATION', changes: [], key: newKey() } })).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect((await hub.ask('system', mutation, { variables: { registry: 'POPULATION', changes: [], key: newKey() } })).errors[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await send('police', [], newKey())).errors[0]?.extensions['code']).toBe('BAD_INPUT');
    expect((await send('police', [person({ name: 'x' })], 'short')).errors[0]?.extensions['code']).toBe('BAD_INPUT');
  });
});

describe('races', () => {
  it('of two departments on one record lose nothing, whoever is first', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 12; round += 1) {
      idNumber = newNumber();
      const told = await Promise.all([
        submit('police', [person({ name: `何${round}`, phone: '13700000000' })]), submit('civilAffairs', [person({ maritalStatusCode: '20' })]),
        submit('police', [{ ...person({ formerName: '何' }), key: `other-${idNumber}` }]),
      ]);
      expect(told.flatMap(({ outcomes }) => outcomes.map(({ status }) => status))).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
      expect(await held()).toMatchObject({ name: `何${round}`, phone: '13700000000', former_name: '何', marital_status_code: '20' });
      expect((await hub.database.sql`select count(*)::int as count from person where person_key = ${testPersonKey(idNumber)}`)[0]?.['count']).toBe(1);
    }
  });

  it('of two applications on one expected version: one is taken, the other is told', { timeout: 60_000 }, async () => {
    await submit('police', [person({ name: '起' }, { version: '1' })]);
    for (let round = 1; round <= 8; round += 1) {
      const both = await Promise.all(['甲', '乙'].map((name) => submit('police', [person({ name: `${name}${round}` }, { version: String(round + 1), expectedVersion: String(round) })])));
      expect(both.map(({ outcomes }) => outcomes[0]?.status).sort()).toEqual(['ACCEPTED', 'CONFLICT']);
    }
  });
});

it('a failure in the middle leaves nothing, and the same call then does all of it', async () => {
  const [key, changes] = [newKey(), [person({ name: '曹操' }), { type: 'Household', key: 'h-1', values: { householdNo: 'H-TEST-1', address: '天祝县' } }]];
  await hub.database.sql.unsafe('alter table person_version rename to person_version_gone');
  const failed = await send('police', changes, key);
  expect(failed.errors[0]?.extensions['code']).toBe('INTERNAL');
  await hub.database.sql.unsafe('alter table person_version_gone rename to person_version');
  expect((await hub.database.sql`select count(*)::int as count from submission where idempotency_key = ${key}`)[0]?.['count']).toBe(0);
  const taken = await submit('police', changes, key);
  expect([taken.repeated, ...taken.outcomes.map(({ status }) => status)]).toEqual([false, 'ACCEPTED', 'ACCEPTED']);
  expect((await held())?.['name']).toBe('曹操');
});

it('what was told is what the department reads', async () => {
  await submit('police', [person({ name: '多杰', birthDate: '1990-01-01' })]);
  const read = await hub.ask('police', `{ person(idNumber: "${idNumber}") { name birthDate } }`);
  expect((read.data as Json)['person']).toEqual({ name: '多杰', birthDate: '1990-01-01' });
});
