/**
 * The evaluation of supply and use: what is counted of a day, that it is counted once, who sees it, and the file that is handed in.
 */
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countDay, daysToCount } from '../../src/evaluation/count.ts';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { evaluationFile } from '../../src/evaluation/file.ts';
import { grantFindings } from '../../src/evaluation/grants.ts';
import type { Consumer } from '../../src/sharing/terms.ts';
import type { GrantTuple } from '../../src/sharing/grant.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { grantTo } from '../world/grants.ts';
import { clonedHub } from '../world/hub.ts';
import type { AskOptions, TestHub } from '../world/hub.ts';

let hub: TestHub;
let facts: Facts;
let clock = '2026-11-24T10:00:00+08:00';
beforeAll(async () => {
  hub = await clonedHub({ audited: true, now: () => new Date(clock) });
  facts = await somePeople(hub.database);
  expect((await grantTo(hub, 'test-market', 'E-1', [{ item: 'RK-0013', uses: ['READ'] }])).errors).toEqual([]);
});
afterAll(() => hub.close());

const counting = () => ({ sql: hub.database.sql, now: new Date(clock).toISOString(), today: clock.slice(0, 10) });
async function countAll(): Promise<readonly string[]> {
  const days = await daysToCount(counting());
  for (const day of days) await countDay(counting(), day);
  return days;
}

interface Row extends Readonly<Record<string, unknown>> {
  readonly departmentCode: string;
  readonly month: string | null;
}
const document = `query ($from: Date!, $to: Date!, $departmentCode: String) { evaluation(from: $from, to: $to, departmentCode: $departmentCode) {
  from to countedTo months { ...F } departments { ...F } grants { approvalNo consumer departmentCode kind items unused } } }
  fragment F on DepartmentFigures { departmentCode departmentName month itemsProvided answers items requests refused lookups papersAsked papersSaved deadlinesKept deadlinesMissed deadlinesOpen changes changesRejected quarantined conflicts discrepancies discrepanciesCorrected grantsUnused grantsOverBroad }`;
const evaluated = async (caller: Parameters<TestHub['ask']>[0] = 'auditor', variables: AskOptions['variables'] = {}) => {
  const { data, errors } = await hub.ask(caller, document, { variables: { from: '2026-11-03', to: '2026-11-30', ...variables } });
  return { errors, ...(data?.['evaluation'] as unknown as { from: string; to: string; countedTo: string | null; months: Row[]; departments: Row[]; grants: unknown[] }) };
};
const rowOf = async (departmentCode: string, month: string | null = '2026-11') => {
  const { months, departments } = await evaluated();
  return (month === null ? departments : months).find((row) => row.departmentCode === departmentCode && row.month === month);
};

const ask = (id: string) => hub.ask('market', 'query ($id: String!) { person(idNumber: $id) { maritalStatusCode } }', { variables: { id } });

test('what an application asks counts for its department, and what it is given for whoever provides it; counted again it is the same', async () => {
  expect(await evaluated()).toMatchObject({ from: '2026-11-01', to: '2026-11-30', countedTo: null, months: [] });
  await ask(facts.idNumbers[0] ?? '');
  await ask(facts.idNumbers[1] ?? '');
  // Nobody was found: the request was answered, and nobody has provided anything.
  await ask(facts.nobody);
  // Its own department's items are no supply to others.
  await hub.ask('market', '{ legalEntities(first: 1) { nodes { name } } }');
  await hub.ask('market', '{ searchPersons(where: {name: {eq: "x"}}) { nodes { name } } }');
  await countAll();
  const [market, civil] = [await rowOf('620623-SC'), await rowOf('620623-MZ')];
  expect(market).toMatchObject({ departmentName: '天祝县市场监督管理局', requests: '4', answers: '0', itemsProvided: 0 });
  expect(Number(market?.['refused'])).toBe(1);
  expect(civil).toMatchObject({ requests: '0', answers: '2', items: '2', itemsProvided: 1 });
  await countAll();
  expect([await rowOf('620623-SC'), await rowOf('620623-MZ')]).toEqual([market, civil]);
  expect(await rowOf('620623-MZ', null)).toMatchObject({ answers: '2', itemsProvided: 1, month: null });
});

test('a day is counted until an hour after it has ended, and then no more; nothing in between is left out', async () => {
  clock = '2026-11-26T00:30:00+08:00';
  expect(await countAll()).toEqual(['2026-11-24', '2026-11-25', '2026-11-26']);
  expect(await daysToCount(counting())).toEqual(['2026-11-25', '2026-11-26']);
  clock = '2026-11-26T01:10:00+08:00';
  await ask(facts.idNumbers[2] ?? '');
  await countAll();
  expect(await daysToCount(counting())).toEqual(['2026-11-26']);
  expect(await rowOf('620623-MZ')).toMatchObject({ answers: '3', items: '3', itemsProvided: 1 });
  expect((await evaluated()).countedTo).toBe('2026-11-26T01:10:00.000+08:00');
});

test('papers are saved once in a case, on the day on which the registers could first tell', async () => {
  const { sql } = hub.database;
  const definition = { legalBasis: 'x', subjects: [{ role: 'applicant', name: '申请人', type: 'Person' }], claims: [], facts: ['a', 'b', 'c'].map((code) => ({ code, name: code, paper: code === 'c' ? '收入证明' : '户口簿', of: 'applicant', form: 'VALUE', select: '{ name }' })) };
  await sql`insert into matter_version (matter_code, version, definition, state, drafted_by, drafted_at, published_by, published_at) values ('TEST-ANY-PURPOSE', 1, ${JSON.stringify(definition)}::text::json, 'PUBLISHED', 't', now(), 't', now())`;
  const receipt = (at: string, caseNo: string | null, statuses: readonly string[]) => sql`
    insert into receipt (id, at, consumer_code, department_code, matter_code, case_no, document, signed, signature, key_id)
    values (gen_random_uuid(), ${at}, 'test-civilAffairs', '620623-CL', 'TEST-ANY-PURPOSE', ${caseNo}, ${JSON.stringify({ version: 1, facts: ['a', 'b', 'c'].map((fact, index) => ({ fact, role: 'applicant', index: 0, status: statuses[index], departments: [], rule: '' })) })}, '', '', '1')`;
  clock = '2026-11-26T09:00:00+08:00';
  await receipt('2026-11-26T08:00:00+08:00', 'C-1', ['HELD', 'MATCH', 'PENDING']);
  await receipt('2026-11-26T08:05:00+08:00', 'C-1', ['HELD', 'MATCH', 'PENDING']);
  await receipt('2026-11-26T08:10:00+08:00', null, ['HELD', 'WITHHELD', 'TRUE']);
  await countAll();
  expect(await rowOf('620623-CL')).toMatchObject({ lookups: '3', papersAsked: '4', papersSaved: '2' });
  // The desk has answered: one paper more, the other is known of already.
  clock = '2026-11-27T09:00:00+08:00';
  await receipt('2026-11-27T08:00:00+08:00', 'C-1', ['HELD', 'MATCH', 'TRUE']);
  await countAll();
  expect(await rowOf('620623-CL')).toMatchObject({ lookups: '4', papersAsked: '4', papersSaved: '3' });
});

test('a day of more receipts than are read at once counts each of them once', async () => {
  const { sql } = hub.database;
  // 150 cases of three look-ups each, and 400 look-ups of no case that say one of two things.
  await sql`
    insert into receipt (id, at, consumer_code, department_code, matter_code, case_no, document, signed, signature, key_id)
    select gen_random_uuid(), '2026-11-28T08:00:00+08:00', 'test-civilAffairs', '620623-TY', 'TEST-ANY-PURPOSE', case when n <= 450 then 'MANY-' || n % 150 end,
      json_build_object('version', 1, 'facts', (select json_agg(json_build_object('fact', f, 'status', case when f = 'c' and n % 2 = 0 then 'NOT_HELD' else 'HELD' end)) from unnest(array['a', 'b', 'c']) f))::text, '', '', '1'
    from generate_series(1, 850) n`;
  clock = '2026-11-28T09:00:00+08:00';
  await countAll();
  // Of n and n + 150 and n + 300 all are even or all are odd: half of the cases hold both papers, the other half one.
  expect(await rowOf('620623-TY')).toMatchObject({ lookups: '850', papersAsked: String(150 * 2 + 400 * 2), papersSaved: String(75 * 2 + 75 + 200 * 2 + 200) });
});

test('deadlines, requests to check, conflicts and quarantine count in their month, for whom they are about', async () => {
  const { sql } = hub.database;
  await sql`insert into deadline (subject, rule, department_code, started_on, working_days, due_on, provisional, met_on) values
    ('X-1', 'conditional', '620623-JY', '2026-11-02', 5, '2026-11-09', false, '2026-11-09'), ('X-2', 'conditional', '620623-JY', '2026-11-02', 5, '2026-11-09', false, '2026-11-10'),
    ('X-3', 'conditional', '620623-JY', '2026-11-02', 5, '2026-11-09', false, null), ('X-4', 'conditional', '620623-JY', '2026-11-20', 5, '2026-11-30', false, null), ('X-5', 'conditional', '620623-JY', '2026-11-20', 9, '2026-12-04', false, null)`;
  await sql`insert into sync_conflict (record_type, record_id, field, own_source, own_version, other_source, other_version, holds, state, opened_at) values ('Person', gen_random_uuid(), 'name', '620623-JY', '1', '620600-GA', '1', '620600-GA', 'OPEN', '2026-10-31T20:00:00Z')`;
  await sql`insert into sync_quarantine (code, registry, source, field, reason, raw, tries, state, first_seen_at, last_seen_at, next_try_at) values ('e1', 'POPULATION', '620623-JY', 'f', 'r', '{}', 1, 'WAITING', '2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z')`;
  // 31 October, 20:00 in UTC, is the first of November here.
  expect(await rowOf('620623-JY')).toMatchObject({ deadlinesKept: 1, deadlinesMissed: 2, deadlinesOpen: 1, conflicts: 1, quarantined: 1 });
  const { departments } = await evaluated('auditor', { from: '2026-10-01', to: '2026-12-31' });
  expect(departments.find((row) => row.departmentCode === '620623-JY')).toMatchObject({ deadlinesOpen: 2, conflicts: 1 });
});

test('the data authority sees all departments, others themselves, applications nobody', async () => {
  expect(new Set((await evaluated('steward')).months.map((row) => row.departmentCode)).size).toBeGreaterThan(2);
  expect(new Set((await evaluated('civilSteward')).months.map((row) => row.departmentCode))).toEqual(new Set(['620623-MZ']));
  expect((await evaluated('civilSteward', { departmentCode: '620623-SC' })).errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' }, message: expect.stringContaining('name your own') });
  expect(new Set((await evaluated('system', { departmentCode: '620623-SC' })).months.map((row) => row.departmentCode))).toEqual(new Set(['620623-SC']));
  for (const caller of ['market', 'stranger'] as const) expect((await evaluated(caller)).errors[0]?.extensions['code']).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
  for (const period of [{ from: '2026-12-01' }, { from: '2023-11-01' }]) expect((await evaluated('auditor', period)).errors[0]?.extensions['code']).toBe('BAD_INPUT');
});

test('a look at it does not read the audit', async () => {
  const { sql } = hub.database;
  const reader = hub.standing.administrator('test-auditor');
  if (reader === undefined) throw new Error('There is no auditor.');
  const question = { sql, standing: hub.standing, reader, from: '2026-11-01', to: '2026-11-30', department: null, now: new Date(clock).toISOString(), today: clock.slice(0, 10) };
  const before = await evaluate(question);
  await sql`alter table audit_record rename to put_away`;
  try {
    expect(await evaluate(question)).toEqual(before);
  } finally {
    await sql`alter table put_away rename to audit_record`;
  }
});

describe('grants that were not needed', () => {
  const consumer: Consumer = { kind: 'consumer', consumer: 'c', name: 'c', department: 'd', departmentName: 'd', servicePlatform: false };
  const tuple = (approvalNo: string, item: string, more: Partial<GrantTuple> = {}): GrantTuple => ({ approvalNo, item, uses: ['read'], modes: ['QUERY'], mask: null, bounds: [], matters: null, quotaPerDay: null, validFrom: '2026-01-01T00:00:00.000Z', validTo: null, ...more });
  const found = (tuples: readonly GrantTuple[], ...used: readonly string[]) =>
    grantFindings([consumer], () => ({ ...noPolicy, tuples: Map.groupBy(tuples, ({ item }) => item) }), '2026-11-30T16:00:00.000Z', new Map([['c', new Set(used)]])).map(({ approvalNo, kind, unused }) => [approvalNo, kind, unused.join()]);

  test('are those of which nothing, or at most half, was used', () => {
    const four = ['A', 'B', 'C', 'D'].map((item) => tuple('N-1', item));
    expect(found(four)).toEqual([['N-1', 'UNUSED', 'A,B,C,D']]);
    expect(found(four, 'A', 'B')).toEqual([['N-1', 'OVER_BROAD', 'C,D']]);
    expect(found(four, 'A', 'B', 'C')).toEqual([]);
  });

  test('are not those that are younger than a month, or have ended', () => {
    expect(found([tuple('N-2', 'A', { validFrom: '2026-11-10T00:00:00.000Z' }), tuple('N-3', 'A', { validTo: '2026-11-20T00:00:00.000Z' })])).toEqual([]);
  });
});

describe('the file', () => {
  const period = { from: '2026-11-01', to: '2026-11-30' };
  const file = async (format: 'CSV' | 'XLSX') => String((await hub.ask('auditor', 'query ($from: Date!, $to: Date!, $format: EvaluationFormat!) { evaluationFile(from: $from, to: $to, format: $format) }', { variables: { ...period, format } })).data['evaluationFile']);

  test('has bilingual heads, a row for each month and department, and the period behind them', async () => {
    const text = await file('CSV');
    expect(text.startsWith('\uFEFF月份 · Month,部门代码 · Department code,部门 · Department,提供信息项数 · Items provided,')).toBe(true);
    const rows = text.trim().split('\r\n').map((row) => row.split(','));
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
    expect(rows.find(([month, code]) => month === '2026-11' && code === '620623-MZ')?.slice(2, 6)).toEqual(['天祝县民政局', '1', '3', '3']);
    expect(rows.some(([month, code]) => month === '合计 · Period' && code === '620623-MZ')).toBe(true);
  });

  test('as a workbook says the same, in numbers', async () => {
    const workbook = Buffer.from(await file('XLSX'), 'base64');
    const rows = await readSheet(workbook, 1);
    expect(rows[0]?.slice(0, 2)).toEqual(['月份 · Month', '部门代码 · Department code']);
    expect(rows.find((row) => row[1] === '620623-MZ')?.slice(0, 6)).toEqual(['2026-11', '620623-MZ', '天祝县民政局', 1, 3, 3]);
    expect((await readSheet(workbook, 3))[0]?.[2]).toBe('批准文号 · Approval');
  });

  test('writes a name that looks like a formula as text', async () => {
    const evaluation = { from: '2026-11-01', to: '2026-11-30', countedTo: null, grants: [], months: [], departments: [{ departmentCode: 'D', departmentName: '=1+1', month: null }] };
    expect(await evaluationFile(evaluation as never, 'CSV')).toContain("D,'=1+1,");
    expect((await readSheet(Buffer.from(await evaluationFile(evaluation as never, 'XLSX'), 'base64'), 2))[1]?.[2]).toBe('=1+1');
  });
});
