/**
 * 批量比对: the monthly list of allowances, compared in the background. What comes back are lines and verdicts; whoever may not compare it,
 * gets nothing of it, and nothing of it stays.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HubError } from '../../src/errors.ts';
import { compareNext, deleteExpired } from '../../src/verification/comparison-run.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { decided } from '../world/grants.ts';
import { servedHub } from '../world/served.ts';
import { somePeople } from '../world/facts.ts';
import { Comparing, csv, jsonLines, listGrant } from './comparing.ts';

interface Person { readonly idNumber: string; readonly name: string; readonly phone: string; readonly status: string }

let hub: TestHub;
let comparing: Comparing;
let people: readonly Person[];
let nobody = '';

beforeAll(async () => {
  hub = await clonedHub();
  comparing = new Comparing(hub);
  await comparing.granted();
  nobody = (await somePeople(hub.database)).nobody;
  people = await hub.database.sql<Person[]>`select id_number as "idNumber", name, phone, person_status as status from person where id_number is not null and phone is not null and person_status = '在籍' order by id_number`;
}, 240_000);
afterAll(() => comparing.audit.close().then(() => hub.close()));
beforeEach(async () => {
  await hub.database.sql`delete from comparison`;
  await hub.database.sql`delete from quota_use`;
});

const refusal = async (work: Promise<unknown>): Promise<HubError> => work.then(() => { throw new Error('It was not refused.'); }, (error: unknown) => { if (error instanceof HubError) return error; throw error; });
const rowsOf = (text: string): string[][] => text.trimEnd().split('\r\n').map((line) => line.split(','));
const kept = async () => (await hub.database.sql<{ jobs: number; chunks: number }[]>`select (select count(*)::int from comparison) as jobs, (select count(*)::int from comparison_chunk) as chunks`)[0];

/** So many rows' subjects; some come again. */
const many = (count: number): readonly Person[] => Array.from({ length: count }, (_, n) => people[n % people.length]!);

describe('a list', () => {
  test('is compared row by row, and its result holds lines and verdicts', async () => {
    const [a, b, c] = people as [Person, Person, Person];
    const file = ['公民身份号码,姓名,phone,ALIVE', `${a.idNumber},${a.name},${a.phone},true`, `${b.idNumber.toLowerCase()},${b.name}　,13000000000,`, `${nobody},某人,,true`, `${c.idNumber.slice(0, 17)}Y,${c.name},,`, `${c.idNumber},,,`, `${c.idNumber},"${c.name}",,否`, 'too,few'].join('\r\n');
    const taken = await comparing.upload(file);
    expect(taken).toMatchObject({ state: 'WAITING', rows: 7, done: 0, claims: ['name', 'phone', 'ALIVE'], recordType: 'Person', digest: createHash('sm3').update(file).digest('hex') });
    await comparing.run();
    expect(await comparing.of(taken)).toMatchObject({ state: 'DONE', done: 7, refused: 3, matches: 5, mismatches: 2, noRecords: 2 });
    const rows = rowsOf(await comparing.fetch(taken));
    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      ['line', 'name', 'phone', 'ALIVE'], ['2', 'MATCH', 'MATCH', 'MATCH'], ['3', 'MATCH', 'MISMATCH', ''], ['4', 'NO_RECORD', '', 'NO_RECORD'], ['5', '', '', ''], ['6', '', '', ''], ['7', 'MATCH', '', 'MISMATCH'], ['8', '', '', ''],
    ]);
    expect(rows.map((row) => row.slice(4).join() !== '').slice(1)).toEqual([false, false, false, true, true, false, true]);
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${a.name}|${a.idNumber}|${c.idNumber.slice(0, 17)}`));
  });

  test('is told of in the audit: an upload, whose data each chunk told of, a fetch', async () => {
    const before = (await hub.database.sql<{ count: number }[]>`select count(*)::int as count from audit_record`)[0]!.count;
    const taken = await comparing.upload(['idNumber,name', ...many(600).map(({ idNumber, name }) => `${idNumber},${name}`), `${nobody},某人`].join('\n'));
    await comparing.run();
    await comparing.fetch(taken);
    const records = await hub.database.sql<{ body: string; subjects: string[]; rows: number; variables: string }[]>`select s.body::text, r.subjects, r.rows, r.variables from audit_record r join audit_scope s on s.id = r.scope where r.outcome = 'OK' order by r.at, r.seq offset ${before === 0 ? 0 : before - 1}`;
    const told = records.map(({ body, ...own }) => ({ ...own, scope: JSON.parse(body) as Record<string, unknown> })).filter(({ scope }) => scope['mode'] === 'BATCH').slice(-4);
    expect(told.map(({ scope, subjects }) => [(scope['roots'] as string[])[0], scope['kind'], subjects.length])).toEqual([['POST /comparisons', 'MUTATION', 0], ['POST /comparisons', 'QUERY', Math.min(500, people.length)], ['POST /comparisons', 'QUERY', 100], ['GET /comparisons', 'QUERY', 0]]);
    expect(told[1]!.scope).toMatchObject({ consumer: 'test-market', matter: testMatter, by: ['RK-0001'], delivered: { Person: ['RK-0000', 'RK-0002'] } });
    expect(told[1]!.variables).toBe(taken.digest);
    expect(new Set(told[1]!.subjects).size).toBe(told[1]!.subjects.length);
  });

  test('comes as JSON Lines as well, and in GB18030', async () => {
    const [a, b] = people as [Person, Person];
    const lines = await comparing.upload(`${JSON.stringify({ idNumber: a.idNumber, name: a.name, ALIVE: true })}\n${JSON.stringify({ idNumber: b.idNumber, name: 'x' })}\n{"idNumber": 7\n${JSON.stringify({ idNumber: b.idNumber, colour: 'x' })}\n`, jsonLines);
    await comparing.run();
    const rows = (await comparing.fetch(lines, 'lines')).trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.slice(0, 2)).toEqual([{ line: 1, name: 'MATCH', ALIVE: 'MATCH' }, { line: 2, name: 'MISMATCH' }]);
    expect(rows.slice(2).map((row) => typeof row['refused'])).toEqual(['string', 'string']);
    // 身份号码和“张”在 GB18030 中.
    const gb = await comparing.upload(Buffer.concat([Buffer.from('idNumber,name\n'), Buffer.from(`${a.idNumber},`), Buffer.from([0xd5, 0xc5]), Buffer.from('\n')]), { format: 'csv', encoding: 'gb18030' });
    await comparing.run();
    expect(await comparing.of(gb)).toMatchObject({ state: 'DONE', done: 1, refused: 0 });
    expect((await refusal(comparing.upload(Buffer.from([0xd5, 0xc5, 10])))).message).toContain('UTF-8');
  });

  test('is fetched once, by whom it belongs to, and its rows are gone then', async () => {
    const taken = await comparing.upload(`idNumber,name\n${people[0]!.idNumber},${people[0]!.name}\n`);
    expect((await refusal(comparing.fetch(taken))).code).toBe('CONFLICT');
    await comparing.run();
    expect(await comparing.comparisons.of(taken.id, 'test-police')).toBeNull();
    const strange = await refusal(comparing.fetch(taken, 'csv', comparing.asker('police')));
    expect(strange.message).toBe((await refusal(comparing.fetch({ id: '00000000-0000-4000-8000-000000000000' }))).message);
    // Whoever breaks off has not got it.
    for await (const _part of await comparing.comparisons.fetch(taken.id, 'csv', comparing.asker())) break;
    expect(await comparing.fetch(taken)).toContain('MATCH');
    expect((await refusal(comparing.fetch(taken))).code).toBe('CONFLICT');
    expect(await kept()).toEqual({ jobs: 1, chunks: 0 });
  });

  test('is deleted when its days are over, fetched or not', async () => {
    const taken = await comparing.upload(`idNumber,name\n${people[0]!.idNumber},${people[0]!.name}\n`);
    await comparing.run();
    await deleteExpired(hub.database.sql, '2026-12-01T02:00:59.000Z');
    expect(await kept()).toEqual({ jobs: 1, chunks: 1 });
    await deleteExpired(hub.database.sql, '2026-12-01T02:01:00.000Z');
    expect(await kept()).toEqual({ jobs: 1, chunks: 0 });
    expect((await refusal(comparing.fetch(taken))).message).toContain('deleted');
    expect(await comparing.of(taken)).toMatchObject({ state: 'DONE', deletedAt: expect.any(String) as unknown });
  });
});

describe('who may not', () => {
  test.each([
    ['without a grant for lists', 'credit' as const, `idNumber,name\nX,Y\n`, 'FIND_NOT_SHARED'],
    ['by a right to its own data', 'police' as const, `idNumber,name\nX,Y\n`, 'FIELD_NOT_SHARED'],
    ['an item that the grant does not name', 'market' as const, `idNumber,name,photoRef\nX,Y,Z\n`, 'FIELD_NOT_SHARED'],
  ])('%s gets nothing, and nothing is kept', async (_what, caller, file, code) => {
    const refused = await refusal(comparing.upload(file, csv, comparing.asker(caller)));
    expect([code, 'FIND_NOT_SHARED']).toContain(refused.code);
    expect(await kept()).toEqual({ jobs: 0, chunks: 0 });
    const [last] = await hub.database.sql<{ outcome: string }[]>`select outcome from audit_record order by at desc, seq desc limit 1`;
    expect(last?.outcome).toBe(refused.code);
  });

  test('under a case, or without a matter, is refused', async () => {
    const file = `idNumber,name\n${people[0]!.idNumber},x\n`;
    expect((await refusal(comparing.upload(file, csv, comparing.asker('market', { caseNo: '2026-1' })))).code).toBe('PURPOSE_REFUSED');
    expect((await refusal(comparing.upload(file, csv, comparing.asker('market', { matter: null })))).code).toBe('FIND_NOT_SHARED');
  });

  test('stops with a code when the grant ends meanwhile; what was compared can be fetched, the rest is forgotten', async () => {
    await comparing.granted('B-2', listGrant.map((line) => (line.item === 'RK-0002' ? { ...line, item: 'RK-0013' } : line)).concat([{ item: 'RK-0005', uses: ['VERIFY'], modes: ['BATCH'], matters: [testMatter] }]));
    const taken = await comparing.upload(['idNumber,genderCode', ...many(1200).map(({ idNumber }) => `${idNumber},1`)].join('\n'));
    await compareNext(comparing.parts);
    await decided(hub, 'mutation { endGrant(approvalNo: "B-2") }');
    await comparing.run();
    expect(await comparing.of(taken)).toMatchObject({ state: 'STOPPED', stopCode: 'FIELD_NOT_SHARED', rows: 1200, done: 500 });
    expect(await kept()).toEqual({ jobs: 1, chunks: 1 });
    expect(rowsOf(await comparing.fetch(taken))).toHaveLength(501);
  });
});

describe('a file', () => {
  test.each([
    ['without a subject', 'name,phone\n张,1\n'], ['that claims nothing', 'idNumber\n1\n'], ['with a name that is none', 'idNumber,colour\n1,2\n'], ['with a column twice', 'idNumber,name,name\n1,2,3\n'],
    ['with two kinds of subjects', 'idNumber,uscc,name\n1,2,3\n'], ['that is empty', ''], ['with a header only', 'idNumber,name\n'],
  ])('%s is refused as a whole', async (_what, file) => {
    expect((await refusal(comparing.upload(file))).code).toBe('BAD_INPUT');
    expect(await kept()).toEqual({ jobs: 0, chunks: 0 });
  });

  test('of more than 100 000 rows is refused, and nothing of it is kept', async () => {
    const row = `${people[0]!.idNumber},x\n`;
    expect((await refusal(comparing.upload(`idNumber,name\n${row.repeat(100_001)}`))).code).toBe('TOO_MANY_KEYS');
    expect(await kept()).toEqual({ jobs: 0, chunks: 0 });
  });

  test('is no way to guess: about one subject rows are refused once too much is not so, right or wrong', async () => {
    const { idNumber, phone } = people[3]!;
    const guesses = Array.from({ length: 40 }, (_, n) => `${idNumber},1380000${String(n).padStart(4, '0')}`);
    const taken = await comparing.upload(['idNumber,phone', ...guesses, `${idNumber},${phone}`, `${people[4]!.idNumber},${people[4]!.phone}`].join('\n'));
    await comparing.run();
    expect(await comparing.of(taken)).toMatchObject({ mismatches: 20, matches: 1, refused: 21 });
    const again = await comparing.upload(`idNumber,phone\n${idNumber},${phone}\n`);
    await comparing.run();
    expect(await comparing.of(again)).toMatchObject({ matches: 0, refused: 1 });
  });
});

test('over HTTP: uploaded, asked for, fetched', async () => {
  const served = await servedHub();
  try {
    const headers = (caller: 'market' | 'security') => ({ authorization: `Bearer ${keyOf(caller)}`, 'hub-matter': testMatter });
    const ask = async (caller: 'market' | 'security', query: string, variables: object = {}) => (await (await fetch(`${served.url}/graphql`, { method: 'POST', headers: { ...headers(caller), 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })).json()) as { data: Record<string, never>; errors?: unknown };
    const granted = await ask('security', 'mutation ($tuples: [GrantTupleInput!]!) { grant(approvalNo: "B-H", consumer: "test-market", tuples: $tuples) }', { tuples: listGrant });
    expect(granted.errors).toBeUndefined();
    const file = ['idNumber,name', ...many(700).map(({ idNumber, name }, n) => `${idNumber},${n % 2 === 0 ? name : '某'}`)].join('\n');
    const sent = await fetch(`${served.url}/comparisons`, { method: 'POST', headers: { ...headers('market'), 'content-type': 'text/csv' }, body: file });
    expect(sent.status).toBe(202);
    const { id } = await sent.json() as { id: string };
    let shown: Record<string, unknown> = {};
    for (let n = 0; n < 400 && shown['state'] !== 'DONE'; n += 1) {
      shown = (await ask('market', 'query ($id: ID!) { comparison(id: $id) { state rows done matches mismatches digest } }', { id })).data['comparison'] as unknown as Record<string, unknown>;
      await new Promise((wake) => { setTimeout(wake, 50); });
    }
    expect(shown).toEqual({ state: 'DONE', rows: 700, done: 700, matches: 350, mismatches: 350, digest: createHash('sm3').update(file).digest('hex') });
    const result = await fetch(`${served.url}/comparisons/${id}`, { headers: headers('market') });
    expect(result.status).toBe(200);
    expect(rowsOf(await result.text())).toHaveLength(701);
    expect((await fetch(`${served.url}/comparisons/${id}`, { headers: headers('market') })).status).toBe(409);
    expect((await fetch(`${served.url}/comparisons`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: file })).status).toBe(401);
    expect((await fetch(`${served.url}/comparisons`, { method: 'POST', headers: { ...headers('market'), 'content-type': 'application/json' }, body: '{}' })).status).toBe(400);
    expect((await fetch(`${served.url}/graphql`, { method: 'POST', headers: { ...headers('market'), 'content-type': 'text/csv' }, body: file })).status).toBe(415);
    expect((await ask('market', '{ comparisons { id state fetchedAt deletedAt } }')).data['comparisons']).toMatchObject([{ id, state: 'DONE', fetchedAt: expect.any(String) as unknown, deletedAt: expect.any(String) as unknown }]);
  } finally {
    await served.close();
  }
}, 60_000);

