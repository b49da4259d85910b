/**
 * Every answer of a whole hub has its record: of records, of mutations, of refusals before and after the judge, of questions that
 * came before, of commands. And no value of anybody is in the audit.
 */
import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyWith } from '../../src/audit/open.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { testPersonKey } from '../world/hub.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

let served: ServedHub;
let facts: Facts;

beforeAll(async () => {
  served = await servedHub();
  facts = await somePeople(served.hub.database);
});
afterAll(() => served.close());

interface Record_ {
  readonly outcome: string;
  readonly reason: string;
  readonly rows: number;
  readonly subjects: readonly string[];
  readonly operator: string;
  readonly case_no: string;
  readonly variables: string;
  readonly reference: string;
  readonly scope: Readonly<Record<string, unknown>>;
}

type Caller = Parameters<typeof keyOf>[0] | 'stranger';

async function ask(caller: Caller, query: string, variables: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<{ id: string; status: number; body: { data?: Readonly<Record<string, unknown>> | null; errors?: readonly { extensions: { code: string } }[] } }> {
  const response = await fetch(`${served.url}/graphql`, {
    method: 'POST', body: JSON.stringify({ query, variables }),
    headers: { 'content-type': 'application/json', 'hub-matter': testMatter, ...(caller === 'stranger' ? {} : { authorization: `Bearer ${keyOf(caller)}` }), ...headers },
  });
  return { id: response.headers.get('hub-request-id') ?? '', status: response.status, body: await response.json() as never };
}

async function recordsOf(id: string): Promise<readonly Record_[]> {
  const rows = await served.hub.database.sql<(Omit<Record_, 'scope'> & { scope: string })[]>`
    select outcome, reason, rows, subjects, operator, case_no, variables, reference, s.body as scope from audit_record r join audit_scope s on s.id = r.scope where request = ${id} order by r.writer, r.seq`;
  return rows.map((row) => ({ ...row, scope: JSON.parse(row.scope) as Record_['scope'] }));
}

const person = 'query One($id: String!) { person(idNumber: $id) { name idNumber household { address members { nodes { name } } } } }';

describe('has its record', () => {
  test('an answer: whose data, which items, for what, by whom; the first time and every time after', async () => {
    const [row] = await served.hub.database.sql<{ keys: string[] }[]>`select array_agg(m.person_key order by m.person_key) as keys from person p join person m using (household_no) where p.id_number = ${facts.familyMember}`;
    for (let times = 1; times <= 3; times += 1) {
      const { id, body } = await ask('police', person, { id: facts.familyMember }, { 'hub-operator': 'clerk-7' });
      expect(body.errors).toBeUndefined();
      const [record, another] = await recordsOf(id);
      expect(another).toBeUndefined();
      expect(record).toMatchObject({ outcome: 'OK', rows: 1, operator: 'said:clerk-7', reference: '', scope: { kind: 'QUERY', consumer: 'test-police', department: '620623-GA', matter: testMatter, mode: 'QUERY', operation: 'One', roots: ['Query.person'] } });
      expect([...record?.subjects ?? []].sort()).toEqual(row?.keys);
      const { delivered, items } = (record as Record_).scope as { delivered: Record<string, string[]>; items: string[] };
      expect(Object.keys(delivered).sort()).toEqual(['Household', 'Person']);
      expect(items).toEqual([...new Set(Object.values(delivered).flat())]);
      expect(record?.variables).toMatch(/^[\w-]{43}$/);
    }
  });

  test('what a resolver refuses, the first time and every time after', async () => {
    for (let times = 1; times <= 3; times += 1) {
      const { id, body } = await ask('police', '{ matterVersions(matter: "NONE") { version } }');
      expect(body.errors?.map(({ extensions: { code } }) => code)).toEqual(['BAD_INPUT']);
      expect((await recordsOf(id)).map(({ outcome, scope }) => [outcome, scope['roots']])).toEqual([['BAD_INPUT', ['Query.matterVersions']]]);
    }
  });

  test('an answer of nobody, and one of reference data by count and digest', async () => {
    const [nobody] = await recordsOf((await ask('police', person, { id: facts.nobody })).id);
    expect(nobody).toMatchObject({ outcome: 'OK', rows: 0, subjects: [] });
    const page = '{ legalEntities(first: 7) { nodes { uscc name } pageInfo { hasNextPage } } }';
    const [flat] = await recordsOf((await ask('market', page)).id);
    const [same] = await recordsOf((await ask('market', page)).id);
    const [built] = await recordsOf((await ask('market', '{ legalEntities(first: 5) { nodes { uscc } totalCount } }')).id);
    const [batch] = await recordsOf((await ask('market', 'query ($u: [String!]!) { legalEntityBatch: legalEntities(first: 1) { nodes { id } } persons(idNumbers: $u) { name } }', { u: facts.idNumbers.slice(0, 3) })).id);
    expect([flat?.rows, built?.rows, batch?.rows]).toEqual([7, 5, 4]);
    expect(flat?.reference).toMatch(/^[\w-]{43}$/);
    expect(same?.reference).toBe(flat?.reference);
    expect(built?.reference).not.toBe(flat?.reference);
    expect(batch?.subjects).toHaveLength(3);
  });

  test('what is withheld, with the reason', async () => {
    const [record] = await recordsOf((await ask('market', 'query ($id: String!) { person(idNumber: $id) { name maritalStatusCode } }', { id: facts.familyMember })).id);
    expect(record?.outcome).toBe('OK');
    const { withheld = [], items } = (record as Record_).scope as { withheld?: { at: string; item: string; because: string }[]; items: string[] };
    expect(withheld.map(({ at }) => at)).toEqual(['Person.maritalStatusCode']);
    expect(items).not.toContain(withheld[0]?.item);
  });

  test.each<[string, Caller, string, Record<string, unknown>, Record<string, string>, string]>([
    ['of a stranger', 'stranger', '{ me { code } }', {}, {}, 'UNAUTHENTICATED'],
    ['at a door', 'police', 'mutation { revokeKeys(holder: {consumer: "test-police"}) }', {}, {}, 'FORBIDDEN'],
    ['of what cannot be read', 'police', '{ me { code', {}, {}, 'GRAPHQL_PARSE_FAILED'],
    ['of what is not in the contract', 'police', '{ nothing }', {}, {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['of variables that do not fit', 'police', person, { id: ['张三'] }, {}, 'BAD_INPUT'],
    ['of a number that is none', 'police', person, { id: '张三' }, {}, 'BAD_INPUT'],
    ['of a purpose', 'police', person, { id: '622326198001010010' }, { 'hub-matter': 'NONE' }, 'PURPOSE_REFUSED'],
    ['of a find', 'market', '{ searchPersons(where: { name: { eq: "张三" }, birthDate: { eq: "1987-06-05" }, maritalStatusCode: { eq: "1" } }) { id } }', {}, {}, 'FIND_NOT_SHARED'],
    ['of a cost', 'market', '{ legalEntities(first: 1000) { nodes { id a: branches(first: 100) { nodes { id name uscc } } b: branches(first: 100) { nodes { id name uscc } } } } }', {}, {}, 'COST_TOO_HIGH'],
  ])('a refusal %s', async (_what, caller, query, variables, headers, code) => {
    const { id, body } = await ask(caller, query, variables, headers);
    expect(body.errors?.[0]?.extensions.code).toBe(code);
    const [record, another] = await recordsOf(id);
    expect(another).toBeUndefined();
    expect(record).toMatchObject({ outcome: code, rows: 0, subjects: [] });
    expect(record?.reason === '').toBe(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_INPUT'].includes(code));
    expect(((record as Record_).scope as { document: string }).document).toMatch(/^[\w-]{43}$/);
  });

  test('a refusal of variables too deep to be digested', async () => {
    const response = await fetch(`${served.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf('police')}`, 'hub-matter': testMatter },
      body: `{"query":"${person.replaceAll('\n', ' ')}","variables":{"id":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'TOO_COMPLEX' } }] });
    expect(await recordsOf(response.headers.get('hub-request-id') ?? '')).toMatchObject([{ outcome: 'TOO_COMPLEX', variables: '' }]);
  });

  test('an administrative change: before it is made, and after', async () => {
    const { id, body } = await ask('security', 'mutation ($no: String!) { createList(code: $no, name: "名单") }', { no: 'AUDITED-1' });
    expect(body.errors).toBeUndefined();
    const records = await recordsOf(id);
    expect(records.map(({ outcome }) => outcome)).toEqual(['BEGUN', 'OK']);
    expect(records[0]?.scope).toMatchObject({ kind: 'MUTATION', administrator: 'test-security', roots: ['Mutation.createList'] });
    const again = await ask('security', 'mutation { grant(approvalNo: "AUDITED", consumer: "nobody", tuples: []) }');
    expect((await recordsOf(again.id)).map(({ outcome }) => outcome)).toEqual(['BEGUN', 'BAD_INPUT']);
  });

  test('what the schema says, and a question that asks for nothing that is recorded', async () => {
    const [record] = await recordsOf((await ask('police', '{ __schema { queryType { name } } me { code } }')).id);
    expect(record).toMatchObject({ outcome: 'OK', rows: 0, scope: { roots: ['Query.__schema', 'Query.me'] } });
  });
});

test('nothing is answered that cannot be written down, and no change is made', async () => {
  const { sql } = served.hub.database;
  await sql`alter table audit_record rename to audit_record_away`;
  try {
    const [answer, change] = await Promise.all([ask('police', person, { id: facts.familyMember }), ask('security', 'mutation { createList(code: "UNWRITTEN", name: "名单") }')]);
    expect([answer.status, change.status]).toEqual([503, 503]);
    expect([answer, change].map(({ body }) => body.errors?.map(({ extensions }) => extensions.code))).toEqual([['AUDIT_UNAVAILABLE'], ['AUDIT_UNAVAILABLE']]);
    expect(answer.body.data).toBeUndefined();
  } finally {
    await sql`alter table audit_record_away rename to audit_record`;
  }
  const [made] = await sql`select 1 from subject_list where code = 'UNWRITTEN'`;
  expect(made).toBeUndefined();
  expect((await ask('police', person, { id: facts.familyMember })).status).toBe(200);
});

test('no value of anybody stands in the audit', async () => {
  const { sql } = served.hub.database;
  const written = `{ person(idNumber: "${facts.familyMember}") { name phone registeredAddress } }`;
  await ask('police', written);
  const [someone] = await sql<{ name: string; address: string }[]>`select name, registered_address as address from person where id_number = ${facts.familyMember}`;
  const rows = await sql<{ text: string }[]>`select r::text as text from audit_record r union all select s::text from audit_scope s`;
  const all = rows.map(({ text }) => text).join('\n');
  for (const value of [facts.familyMember, someone?.name ?? '?', someone?.address ?? '?', '张三', '1987-06-05']) expect(all.includes(value), value).toBe(false);
  expect(all).toContain(testPersonKey(facts.familyMember));
  // Whoever guesses a document, and all numbers that could stand in it, finds none of them by its digest.
  for (const algorithm of ['sha256', 'sm3']) for (const encoding of ['hex', 'base64url'] as const) expect(all).not.toContain(hash(algorithm, written, encoding));
});

test('the chain is whole', async () => {
  await served.hub.audit.seal();
  const found = await verifyWith(served.hub.keys, { sql: served.hub.database.sql });
  expect(found.problems).toEqual([]);
  expect(found.records).toBeGreaterThan(25);
});

const run = promisify(execFile);
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

// The embedded database has one process.
test.runIf(process.env['TEST_DATABASE_URL'] !== undefined)('commands are written down', async () => {
  const { config, database } = served.hub;
  const env = { ...process.env, DATABASE_URL: config.databaseUrl ?? '', HUB_KEY_FILE: config.keyFile, HUB_DATA_DIR: config.dataDir };
  await run(process.execPath, [main, 'keys', 'issue', 'test-police'], { env });
  await expect(run(process.execPath, [main, 'keys', 'issue', 'nobody'], { env })).rejects.toThrow();
  await run(process.execPath, [main, 'export', 'Person', '--as', 'test-police', '--matter', testMatter], { env, maxBuffer: 1 << 26 });
  const folder = mkdtempSync(join(tmpdir(), 'hub-recorded-'));
  const [year, form] = [join(folder, 'year.csv'), join(folder, 'form.csv')];
  writeFileSync(year, `day,working,name\n${['01-01', '02-08', '02-09', '02-10', '02-11', '02-12', '05-03', '05-04', '05-05'].map((day) => `2027-${day},false,放假\n`).join('')}`);
  writeFileSync(form, '不是目录\n1\n');
  await run(process.execPath, [main, 'calendar', year], { env });
  await expect(run(process.execPath, [main, 'catalog', 'draft', form, '--department', '620623-MZ'], { env })).rejects.toThrow();
  rmSync(folder, { recursive: true });
  const rows = await database.sql<{ outcome: string; roots: string; subjects: number; rows: number }[]>`
    select outcome, (s.body::jsonb)->>'roots' as roots, cardinality(subjects) as subjects, rows from audit_record r join audit_scope s on s.id = r.scope where (s.body::jsonb)->>'kind' = 'COMMAND' order by r.writer, r.seq`;
  expect(rows.map(({ outcome, roots }) => `${outcome} ${roots}`)).toEqual([
    'BEGUN ["keys", "issue", "test-police"]', 'OK ["keys", "issue", "test-police"]', 'BEGUN ["keys", "issue", "nobody"]', 'BAD_INPUT ["keys", "issue", "nobody"]',
    'BEGUN ["export", "Person"]', 'DELIVERED ["export", "Person"]', 'OK ["export", "Person"]',
    'BEGUN ["calendar", "2027"]', 'OK ["calendar", "2027"]', 'BEGUN ["catalog", "draft"]', 'BAD_INPUT ["catalog", "draft"]']);
  const delivered = rows.find(({ outcome }) => outcome === 'DELIVERED');
  expect(delivered?.rows).toBeGreaterThan(300);
  expect(delivered?.subjects).toBeGreaterThan(300);
  expect((await verifyWith(served.hub.keys, { sql: database.sql })).problems).toEqual([]);
});
