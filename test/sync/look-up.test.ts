/**
 * What another hub looks up by natural keys: its own grants, field by field as it asks for them; nobody who is absent, sealed or outside
 * is told apart; and all of it in the audit, with the department for which it asks.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerOther, testMatter } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { AskOptions, TestHub } from '../world/hub.ts';

const name = 'other-county';
const code = `test-${name}`;
const document = 'query ($of: [PassedOnOf!]!) { passedOn(of: $of) { type shown refused records { key id hidden sources { source key version changedAt deleted effectiveFrom effectiveTo values } } } }';

interface Found {
  readonly type: string;
  readonly shown: readonly string[];
  readonly refused: string | null;
  readonly records: readonly { readonly key: string; readonly id: string; readonly hidden: readonly string[]; readonly sources: readonly { readonly source: string; readonly values: Readonly<Record<string, unknown>> }[] }[];
}

let hub: TestHub;
let people: readonly { readonly id: string; readonly number: string; readonly division: string }[];
beforeAll(async () => {
  hub = await clonedHub({ audited: true });
  await registerOther(hub.database, name, '620623-FG', null);
  await decided(hub, `mutation { setHub(consumer: "${code}", division: "620623") }`);
  const answer = await grantTo(hub, code, 'L-ALL', ['RK-0000', 'RK-0001', 'RK-0002', 'RK-0007'].map((item) => ({ item, uses: item === 'RK-0000' ? ['READ', 'EXIST'] : item === 'RK-0001' ? ['READ', 'KEY'] : ['READ'], matters: [testMatter] })));
  if (answer.errors.length > 0) throw new Error(answer.errors[0]?.message);
  people = await hub.database.sql<{ id: string; number: string; division: string }[]>`select id::text, id_number as number, residence_division_code as division from person where id_number is not null and residence_division_code is not null order by id_number`;
}, 120_000);
afterAll(() => hub.close());

const wanted = ['idNumber', 'name', 'birthDate', 'phone'];
async function lookUp(keys: readonly string[], fields: readonly string[] = wanted, options: AskOptions = {}) {
  const { data, errors, sql } = await hub.ask(name, document, { variables: { of: [{ type: 'Person', keys, fields }] }, ...options });
  const found = data === undefined || data === null ? undefined : (data as unknown as { passedOn: readonly Found[] }).passedOn[0];
  return { found, errors, statements: sql.length };
}
const absent = '620623199001010002';
const lastRecord = async () => (await hub.database.sql<{ scope: string; operator: string; case_no: string; subjects: readonly string[]; rows: number; outcome: string }[]>`
  select s.body as scope, r.operator, r.case_no, r.subjects, r.rows, r.outcome from audit_record r join audit_scope s on s.id = r.scope order by r.at desc, r.seq desc limit 1`).map(({ scope, ...rest }) => ({ ...rest, scope: JSON.parse(scope) as unknown }))[0];

describe('a look-up of another hub', () => {
  test('tells of each source the fields that are wanted and granted, and nothing else', async () => {
    const [one, two] = people;
    const { found, errors } = await lookUp([two!.number, absent, one!.number]);
    expect(errors).toEqual([]);
    expect(found).toMatchObject({ type: 'Person', refused: null });
    expect([...found!.shown].sort()).toEqual(['birthDate', 'idNumber', 'name']);
    expect(found!.records.map(({ key, id }) => [key, id])).toEqual([[two!.number, two!.id], [one!.number, one!.id]]);
    for (const { sources } of found!.records) for (const { values } of sources) for (const field of Object.keys(values)) expect(found!.shown).toContain(field);
    expect((await lookUp([one!.number], ['name'])).found?.shown).toEqual(['name']);
  });

  test('nobody who is absent, sealed or outside the territory is told apart, by shape or by statements', async () => {
    const [one, two, three] = people;
    const none = await lookUp([absent]);
    expect(none.found?.records).toEqual([]);
    await decided(hub, 'mutation ($idNumber: String!) { seal(code: "L-SEAL", idNumber: $idNumber, because: "测试") }', { idNumber: one!.number });
    expect(await lookUp([one!.number])).toEqual(none);
    await decided(hub, 'mutation { unseal(code: "L-SEAL") }');
    const elsewhere = three!.division.slice(0, 9) === two!.division.slice(0, 9) ? '620623999' : three!.division.slice(0, 9);
    await decided(hub, 'mutation ($consumer: String!, $territory: [TerritoryInput!]!) { setTerritory(consumer: $consumer, territory: $territory) }', { consumer: code, territory: [{ types: ['Person'], within: [{ division: { by: 'RESIDENCE', codes: [elsewhere] } }] }] });
    expect(await lookUp([two!.number])).toEqual(none);
    await decided(hub, 'mutation ($consumer: String!) { setTerritory(consumer: $consumer, territory: []) }', { consumer: code });
    expect((await lookUp([two!.number])).found?.records).toHaveLength(1);
  });

  test('stands in the audit with whose data it was, for whom, by whom and in which case', async () => {
    const [one] = people;
    const headers = { 'hub-behalf': '620623-MZ', 'hub-operator': 'clerk-7', 'hub-case': 'C-1' };
    expect((await lookUp([one!.number, absent], ['name'], { headers })).found?.records).toHaveLength(1);
    expect(await lastRecord()).toMatchObject({
      scope: { consumer: code, behalf: '620623-MZ', matter: testMatter, roots: ['Query.passedOn'], by: ['RK-0001'], delivered: { Person: ['RK-0000', 'RK-0002'] } },
      operator: 'said:clerk-7', case_no: 'C-1', subjects: [testPersonKey(one!.number)], rows: 1, outcome: 'OK',
    });
    const { data } = await hub.ask('auditor', '{ auditRecords(first: 5) { nodes { behalf } } }');
    expect(JSON.stringify(data)).toContain('620623-MZ');
  });

  test('under a matter with cases is of the persons whom the hub vouches for, and without a case of nobody', async () => {
    await hub.database.sql`insert into matter (code, name, department_code, participants, needs_case) values ('L-CASES', '按件办理', '620623-MZ', '{}', true)`;
    const grant = await grantTo(hub, code, 'L-IN-CASE', ['RK-0000', 'RK-0001', 'RK-0002'].map((item) => ({ item, uses: item === 'RK-0000' ? ['READ', 'EXIST'] : item === 'RK-0001' ? ['READ', 'KEY'] : ['READ'], matters: ['L-CASES'] })));
    expect(grant.errors).toEqual([]);
    const [one] = people;
    // The hub's own department has no part in the matter; the one that it asks for has.
    expect((await lookUp([one!.number], ['name'], { headers: { 'hub-matter': 'L-CASES', 'hub-case': 'C-2' } })).errors[0]?.extensions['code']).toBe('PURPOSE_REFUSED');
    const behalf = { 'hub-matter': 'L-CASES', 'hub-behalf': '620623-MZ' };
    expect((await lookUp([one!.number], ['name'], { headers: { ...behalf, 'hub-case': 'C-2' } })).found?.records.map(({ key }) => key)).toEqual([one!.number]);
    expect((await lookUp([one!.number], ['name'], { headers: behalf })).found).toMatchObject({ records: [], refused: expect.any(String) });
  });

  test('is noted, so that the feed tells when it is to be given up', async () => {
    const last = people.at(-1);
    await lookUp([last!.number]);
    expect(await hub.database.sql`select 1 from feed_delivery where consumer_code = ${code} and record_type = 'Person' and record_id = ${last!.id}`).toHaveLength(1);
  });

  test('speaks for departments of its own division only, and nobody but a hub speaks for others', async () => {
    const refused = async (caller: typeof name | 'market', behalf: string) => (await hub.ask(caller, '{ me { __typename } }', { headers: { 'hub-behalf': behalf } })).errors[0]?.extensions['code'];
    expect(await refused(name, '620622-MZ')).toBe('PURPOSE_REFUSED');
    expect(await refused('market', '620623-SC')).toBe('PURPOSE_REFUSED');
    expect((await hub.ask('market', document, { variables: { of: [] } })).errors[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  test('is refused type by type where the key may not be used, by itself, and in bounds', async () => {
    const { data } = await hub.ask(name, document, { variables: { of: [{ type: 'Person', keys: [people[0]!.number], fields: ['name'] }, { type: 'MarriageRecord', keys: ['1'], fields: ['certNo'] }] } });
    const [persons, marriages] = (data as unknown as { passedOn: readonly Found[] }).passedOn;
    expect([persons!.records.length, persons!.refused]).toEqual([1, null]);
    expect(marriages).toMatchObject({ shown: [], records: [], refused: expect.any(String) });
    const wrong = async (of: unknown) => (await hub.ask(name, document, { variables: { of } })).errors[0]?.extensions['code'];
    expect(await wrong([{ type: 'Person', keys: people.slice(0, 101).map(({ number }) => number), fields: ['name'] }])).toBe('TOO_MANY_KEYS');
    expect(await wrong([{ type: 'Nobody', keys: [], fields: [] }])).toBe('BAD_INPUT');
    expect(await wrong([{ type: 'Person', keys: ['1'], fields: ['name'] }])).toBe('BAD_INPUT');
    expect((await hub.ask(name, '{ a: passedOn(of: []) { type } b: passedOn(of: []) { type } }')).errors[0]?.extensions['code']).toBe('BAD_INPUT');
  });
});
