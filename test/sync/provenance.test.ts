/**
 * Where a record's fields come from: every word on them, losing ones too, for whoever may read the field; nothing of what he may not;
 * and nobody who is absent, sealed or outside is told apart.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeClaims } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { registerOther, testMatter } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

const name = 'other-reader';
const code = `test-${name}`;
const document = 'query ($type: String!, $key: String!) { provenance(type: $type, key: $key) { fields { field told { source version changedAt value holds } } } }';
const person = records.find(({ type }) => type === 'Person')!;
const absent = '620623199001010002';

interface Told {
  readonly source: string;
  readonly version: string;
  readonly value: unknown;
  readonly holds: boolean;
}
type Provenance = { readonly fields: readonly { readonly field: string; readonly told: readonly Told[] }[] } | null;

let hub: TestHub;
let people: readonly { readonly number: string; readonly name: string; readonly key: string; readonly division: string }[];
beforeAll(async () => {
  hub = await clonedHub({ audited: true });
  await registerOther(hub.database, name, '620623-FG', null);
  const answer = await grantTo(hub, code, 'P-ALL', ['RK-0000', 'RK-0001', 'RK-0002', 'RK-0003'].map((item) => ({ item, uses: item === 'RK-0000' ? ['READ', 'EXIST'] : item === 'RK-0001' ? ['READ', 'KEY'] : ['READ'], matters: [testMatter] })));
  if (answer.errors.length > 0) throw new Error(answer.errors[0]?.message);
  people = await hub.database.sql<{ number: string; name: string; key: string; division: string }[]>`
    select p.id_number as number, p.name, s.source_key as key, p.residence_division_code as division from person p join source_record s on s.record_id = p.id and s.source = '620623-GA' and not s.deleted where p.id_number is not null and p.residence_division_code is not null and p.id_number <> ${absent} order by p.id limit 3`;
  const [one] = people;
  await writeClaims({ sql: hub.database.sql, now: '2026-11-24T02:00:30.000Z', today: '2026-11-24', personKey: testPersonKey, origin: 'city' }, person, '620600-GA', [{ key: 'city-secret-key', version: '7', at: '2026-11-24T02:00:10.000Z', passedOn: true, whole: true, values: { idNumber: one!.number, name: '市级所述', phone: '13900000000' } }]);
}, 120_000);
afterAll(() => hub.close());

async function of(key: string, type = 'Person') {
  const { data, errors, sql, text } = await hub.ask(name, document, { variables: { type, key } });
  return { provenance: (data as unknown as { provenance: Provenance } | null)?.provenance, errors, statements: sql.length, text };
}

describe('the provenance of a record', () => {
  test('tells every word on a field, the one that holds first, without the departments\' keys', async () => {
    const [one] = people;
    const { provenance, errors, statements, text } = await of(one!.number);
    expect(errors).toEqual([]);
    expect(statements).toBe(1);
    const told = provenance!.fields.find(({ field }) => field === 'name')!.told;
    expect(told.map(({ source, value, holds }) => [source, value, holds])).toEqual([['620623-GA', one!.name, true], ['620600-GA', '市级所述', false]]);
    expect(text).not.toContain('city-secret-key');
    for (const { told: all } of provenance!.fields) expect(all.filter(({ holds }) => holds)).toHaveLength(1);
  });

  test('tells no field that is not granted unmasked', async () => {
    const { provenance } = await of(people[0]!.number);
    const fields = provenance!.fields.map(({ field }) => field);
    expect(fields).toContain('idNumber');
    expect(fields).not.toContain('phone');
    expect((await of(people[0]!.number)).text).not.toContain('13900000000');
  });

  test('nobody who is absent, sealed or outside the territory is told apart', async () => {
    const [one, two, three] = people;
    const none = await of(absent);
    expect(none).toMatchObject({ provenance: null, errors: [] });
    await decided(hub, 'mutation ($idNumber: String!) { seal(code: "P-SEAL", idNumber: $idNumber, because: "测试") }', { idNumber: two!.number });
    const sealed = await of(two!.number);
    expect([sealed.text, sealed.statements]).toEqual([none.text, none.statements]);
    const elsewhere = three!.division.slice(0, 9) === one!.division.slice(0, 9) ? '620623999' : three!.division.slice(0, 9);
    await decided(hub, 'mutation ($consumer: String!, $territory: [TerritoryInput!]!) { setTerritory(consumer: $consumer, territory: $territory) }', { consumer: code, territory: [{ types: ['Person'], within: [{ division: { by: 'RESIDENCE', codes: [elsewhere] } }] }] });
    const outside = await of(one!.number);
    expect([outside.text, outside.statements]).toEqual([none.text, none.statements]);
    await decided(hub, 'mutation ($consumer: String!) { setTerritory(consumer: $consumer, territory: []) }', { consumer: code });
  });

  test('is judged and written down as a look-up', async () => {
    const [one] = people;
    await of(one!.number);
    const [last] = await hub.database.sql<{ scope: string; rows: number; subjects: readonly string[] }[]>`select s.body as scope, r.rows, r.subjects from audit_record r join audit_scope s on s.id = r.scope order by r.at desc, r.seq desc limit 1`;
    expect(last).toMatchObject({ rows: 1, subjects: [testPersonKey(one!.number)] });
    expect(JSON.parse(last!.scope)).toMatchObject({ roots: ['Query.provenance'], by: ['RK-0001'] });
    const granted = (await of(one!.number)).provenance!.fields.map(({ field }) => field);
    await decided(hub, 'mutation { endGrant(approvalNo: "P-ALL") }');
    const plain = await hub.ask(name, 'query ($key: String!) { person(idNumber: $key) { idNumber name genderCode } }', { variables: { key: one!.number } });
    const shown = Object.entries(plain.data['person'] ?? {}).filter(([field, value]) => value !== null && !plain.text.includes(`"at":"Person.${field}"`)).map(([field]) => field);
    const left = (await of(one!.number)).provenance!.fields.map(({ field }) => field);
    expect(left.filter((field) => ['idNumber', 'name', 'genderCode'].includes(field)).sort()).toEqual(shown.sort());
    expect(left.length).toBeLessThan(granted.length);
  });
});
