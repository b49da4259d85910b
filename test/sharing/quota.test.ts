/**
 * Which quotas an answer lives on: those of lines that it needs, each line once, and none that something better makes needless.
 */
import { describe, expect, test } from 'vitest';
import { Catalog } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { GrantTuple } from '../../src/sharing/grant.ts';
import { planOf } from '../../src/sharing/plan.ts';
import { quotaOf, quotasOf } from '../../src/sharing/quota.ts';
import type { Ask, Use } from '../../src/sharing/terms.ts';
import { decide } from '../../src/sharing/verdict.ts';
import { wayInWords } from '../../src/sharing/words.ts';
import { consumerOf, matters, now, tupleOf } from './notation.ts';

const item = (code: string, extra: Partial<CatalogItem> = {}): CatalogItem => ({
  code, name: `项${code}`, ownerDepartment: 'GA', kind: 'BASIC', shareType: 'CONDITIONAL', condition: '凭事项', keyShareType: null, sensitivity: 'S2', mask: 'ADDRESS', updateCycle: 'DAILY', open: false, standard: '', ...extra,
});
const catalog = new Catalog([item('C'), item('D'), item('U', { shareType: 'UNCONDITIONAL' })]);
const tuple = (text: string, quotaPerDay: number | null, code = 'C'): GrantTuple => ({ ...tupleOf(text, code), quotaPerDay });
const standpoint = (...tuples: readonly GrantTuple[]) => ({
  caller: consumerOf('MZ', '民政局'), catalog, policy: { ...noPolicy, tuples: Map.groupBy(tuples, (own) => own.item) }, sealed: false, circumstances: { mode: 'QUERY' as const, matter: matters['低保'] ?? null, hasCase: true, now },
});
const ask = (code: string, use: Use = 'read', at = 'T.f'): Ask => ({ item: code, use, at });
/** The approvals whose lines an ask for C lives on, with their quotas. */
const used = (...tuples: readonly GrantTuple[]): readonly string[] => quotasOf(decide(ask('C'), standpoint(...tuples)).ways).map(({ approvalNo, perDay }) => `${approvalNo} ${perDay}`);

describe('a verdict lives on', () => {
  test.each<[string, readonly GrantTuple[], readonly string[]]>([
    ['the line that opens it', [tuple('A-1: read; QUERY', 5)], ['A-1 5']],
    ['no quota where its line has none', [tuple('A-1: read; QUERY', null)], []],
    ['the larger of two quotas for the same', [tuple('A-1: read; QUERY', 5), tuple('A-2: read; QUERY', 9)], ['A-2 9']],
    ['the larger one in whatever order they were granted', [tuple('A-2: read; QUERY', 9), tuple('A-1: read; QUERY', 5)], ['A-2 9']],
    ['one of two that are equal', [tuple('A-1: read; QUERY', 5), tuple('A-2: read; QUERY', 5)], ['A-1 5']],
    ['nothing that is open without a quota', [tuple('A-1: read; QUERY', 5), tuple('A-2: read; QUERY', null)], []],
    ['nothing that is open without a quota on more rows', [tuple('A-1: read; QUERY; in list L & case', 5), tuple('A-2: read; QUERY; in list L', null)], []],
    ['the wider line beside a free one on fewer rows', [tuple('A-1: read; QUERY', 5), tuple('A-2: read; QUERY; in list L', null)], ['A-1 5']],
    ['both of two that open different rows', [tuple('A-1: read; QUERY; in list L', 5), tuple('A-2: read; QUERY; in list M', 9)], ['A-1 5', 'A-2 9']],
    ['the value beside its mask for nothing', [tuple('A-1: read; QUERY', 5), tuple('A-2: read; QUERY; mask ADDRESS_COUNTY', null)], ['A-1 5']],
    ['no quota of a mask beside the value for nothing', [tuple('A-1: read; QUERY; mask ADDRESS_COUNTY', 5), tuple('A-2: read; QUERY', null)], []],
    ['no quota of a coarser mask beside a finer one', [tuple('A-1: read; QUERY; mask ADDRESS_COUNTY', 5), tuple('A-2: read; QUERY; mask ADDRESS_VILLAGE', null)], []],
    ['the quota of a finer mask beside a coarser one', [tuple('A-1: read; QUERY; mask ADDRESS_VILLAGE', 5), tuple('A-2: read; QUERY; mask ADDRESS_COUNTY', null)], ['A-1 5']],
    ['the same mask for nothing', [tuple('A-1: read; QUERY; mask ADDRESS_COUNTY', 5), tuple('A-2: read; QUERY; mask ADDRESS_COUNTY', null)], []],
  ])('%s', (_what, tuples, expected) => {
    expect(used(...tuples)).toEqual(expected);
  });

  test('nothing where the item is open to all', () => {
    expect(quotasOf(decide(ask('U'), standpoint(tuple('A-1: read; QUERY', 5, 'U'))).ways)).toEqual([]);
  });

  test('and says so', () => {
    const verdict = decide(ask('C'), standpoint(tuple('A-1: read; QUERY; mask ADDRESS_COUNTY', 5)));
    expect(verdict.because).toBe('项C (C) was granted to this consumer under A-1, masked as ADDRESS_COUNTY, for 5 questions a day.');
    const [way] = verdict.ways;
    if (way === undefined) throw new Error('It is open.');
    expect(wayInWords({ way, matter: null, hasCase: false })).toEqual({ zh: '授权 A-1，脱敏 ADDRESS_COUNTY，每日 5 次', en: 'granted under A-1, masked as ADDRESS_COUNTY, for 5 questions a day' });
  });
});

describe('a line', () => {
  const line = (text: string, perDay = 5, code = 'C') => quotaOf(tuple(text, perDay, code))?.line;

  test('is called the same whatever its quota, its time and the order in which it was written', () => {
    const one = line('A-1: read; QUERY; in list L & case; for 低保 统计');
    expect(line('A-1: read; QUERY; in case & list L; for 统计 低保; 2026-02-01..2026-12-31', 50)).toBe(one);
    expect(quotaOf(tuple('A-1: read; QUERY', 5))).toEqual({ approvalNo: 'A-1', item: 'C', line: line('A-1: read; QUERY', 9), perDay: 5 });
    expect(quotaOf(tuple('A-1: read; QUERY', null))).toBeNull();
  });

  test('is called otherwise where it allows something else', () => {
    const lines = ['A-1: read; QUERY', 'A-1: read verify; QUERY', 'A-1: read; QUERY BATCH', 'A-1: read; QUERY; mask ADDRESS_COUNTY', 'A-1: read; QUERY; in list L', 'A-1: read; QUERY; in list M', 'A-1: read; QUERY; for 低保'].map((text) => line(text));
    expect(new Set(lines).size).toBe(lines.length);
  });
});

test('a plan tells what each coordinate lives on, all items and uses together', () => {
  const from = standpoint(tuple('A-1: read find; QUERY', 5), tuple('A-2: read; QUERY', 7, 'D'));
  const plan = planOf([ask('C'), ask('D'), ask('C', 'find', 'Query.ts(where.f)'), ask('U', 'read', 'T.u')], from, new Map());
  const told = (at: string) => plan.quotas(at).map(({ approvalNo, item: code }) => `${approvalNo} ${code}`);
  expect([told('T.f'), told('Query.ts(where.f)'), told('T.u'), told('T.unheard')]).toEqual([['A-1 C', 'A-2 D'], ['A-1 C'], [], []]);
});
