/**
 * What is in quarantine, over the API: seen without values, read one at a time and written down, corrected and tried again, by SYSTEM
 * administrators of the data authority and nobody else.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setAside } from '../../src/sync/quarantine.ts';
import { somePeople } from '../world/facts.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;
let idNumber = '';
beforeAll(async () => {
  hub = await clonedHub({ audited: true });
  idNumber = (await somePeople(hub.database)).idNumbers[0] ?? '';
});
afterAll(() => hub.close());

const word = (key: string, values: Readonly<Record<string, unknown>>) => ({
  cursor: 'c', kind: 'UPSERT', type: 'Person', id: `city-${key}`, hidden: [], shown: ['idNumber', 'name', 'genderCode', 'phone'],
  sources: [{ source: '620600-GA', key, version: '1', changedAt: '2026-11-20T00:00:00Z', deleted: false, effectiveFrom: null, effectiveTo: null, values }],
});

async function aside(key: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  await setAside(hub.database.sql as never, 'POPULATION', [{ cursor: null, type: 'Person', source: '620600-GA', key, cityId: null, field: 'genderCode', reason: 'is no code of the code table gender', raw: JSON.stringify(word(key, values)) }], '2026-11-24T02:00:00Z');
}

const listed = '{ quarantinedEntries(registry: POPULATION) { code registry recordType source field reason tries state editedBy } }';

test('an entry is seen without its values, read, corrected and taken; who has read it is in the audit under whom it is about', async () => {
  await aside('q-1', { idNumber, name: '张更正', genderCode: '7', phone: '13912345678' });
  const seen = await hub.ask('system', listed);
  expect(seen.text).not.toMatch(/13912345678|张更正|q-1/);
  const [entry] = seen.data['quarantinedEntries'] as unknown as { code: string }[];
  expect(entry).toMatchObject({ registry: 'POPULATION', recordType: 'Person', source: '620600-GA', field: 'genderCode', tries: 1, state: 'WAITING', editedBy: null });
  const code = entry?.code ?? '';
  const read = await hub.ask('system', 'query ($code: ID!) { quarantinedText(code: $code) }', { variables: { code } });
  const text = String(read.data['quarantinedText']);
  expect(text).toContain('13912345678');
  const [record] = await hub.database.sql<{ subjects: string[]; rows: number; body: string }[]>`
    select r.subjects, r.rows, s.body from audit_record r join audit_scope s on s.id = r.scope where s.body::jsonb -> 'roots' ? 'Query.quarantinedText'`;
  expect(record).toMatchObject({ subjects: [testPersonKey(idNumber)], rows: 1 });
  expect(JSON.parse(record?.body ?? '')).toMatchObject({ administrator: 'test-system', delivered: { Person: expect.arrayContaining(['RK-0001']) } });
  const redrive = () => hub.ask('system', 'mutation ($code: ID!) { redriveQuarantined(registry: POPULATION, codes: [$code]) { tried taken } }', { variables: { code } });
  expect((await redrive()).data).toEqual({ redriveQuarantined: { tried: 1, taken: 0 } });
  const edit = (other: string) => hub.ask('system', 'mutation ($code: ID!, $text: String!) { editQuarantined(code: $code, text: $text) { state tries editedBy } }', { variables: { code, text: other } });
  expect((await edit(text.replace('"7"', '"2"'))).data).toEqual({ editQuarantined: { state: 'WAITING', tries: 0, editedBy: 'test-system' } });
  expect((await redrive()).data).toEqual({ redriveQuarantined: { tried: 1, taken: 1 } });
  expect((await hub.ask('system', listed)).data).toEqual({ quarantinedEntries: [] });
  expect(await hub.database.sql`select 1 from source_record where source = '620600-GA' and source_key = 'q-1' and "values"::text like '%"2"%'`).toHaveLength(1);
  // It is gone, and whoever comes with an old page is told so.
  expect((await edit(text)).errors[0]).toMatchObject({ message: expect.stringContaining('it may have been taken since'), extensions: { code: 'BAD_INPUT' } });
});

test('whoever corrects an entry tells nothing of another record', async () => {
  await aside('q-2', { idNumber: null, name: '李另', genderCode: '7' });
  const [entry] = (await hub.ask('system', listed)).data['quarantinedEntries'] as unknown as { code: string }[];
  const edit = async (text: string) => (await hub.ask('system', 'mutation ($code: ID!, $text: String!) { editQuarantined(code: $code, text: $text) { code } }', { variables: { code: entry?.code, text } })).errors[0]?.message;
  const own = JSON.stringify(word('q-2', { idNumber: null, name: '李另', genderCode: '1' }));
  expect(await edit(own.replace('"q-2"', '"q-3"'))).toMatch(/is about another record/);
  expect(await edit(own.replace('620600-GA', '620623-GA'))).toMatch(/is about another record/);
  expect(await edit('{"no": "entry"}')).toMatch(/cannot be read as an entry/);
  expect(await edit(own)).toBeUndefined();
});

test('a halted registry goes on; lists have a limit', async () => {
  await hub.database.sql`insert into sync_feed (registry, halted, halted_at) values ('CREDIT', 'too many deletions', '2026-11-24T02:00:00Z')`;
  const resume = async () => (await hub.ask('system', 'mutation { resumeFeed(registry: CREDIT, allowDeletes: true) }')).data;
  expect([await resume(), await resume()]).toEqual([{ resumeFeed: true }, { resumeFeed: false }]);
  expect(await hub.database.sql`select 1 from sync_feed where registry = 'CREDIT' and allow_deletes and halted is null`).toHaveLength(1);
  expect((await hub.ask('system', '{ quarantinedEntries(first: 201) { code } }')).errors[0]?.extensions['code']).toBe('PAGE_TOO_LARGE');
});

test.each(['security', 'auditor', 'steward', 'civilSteward', 'market', 'stranger'] as const)('%s finds the doors shut', async (caller) => {
  for (const asked of [listed, '{ quarantinedText(code: "x") }', 'mutation { editQuarantined(code: "x", text: "y") { code } }', 'mutation { redriveQuarantined(registry: CREDIT) { tried } }', 'mutation { resumeFeed(registry: CREDIT) }']) {
    expect((await hub.ask(caller, asked)).errors[0]?.extensions['code']).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
  }
});
