/**
 * The judge's rules in order, each with both outcomes, and what a plan makes of the verdicts.
 */
import { describe, expect, test } from 'vitest';
import { Catalog } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { GrantTuple, Policy } from '../../src/sharing/grant.ts';
import { planOf } from '../../src/sharing/plan.ts';
import type { Ask, Caller, Circumstances, ShareType, Use } from '../../src/sharing/terms.ts';
import { decide } from '../../src/sharing/verdict.ts';
import type { Standpoint } from '../../src/sharing/verdict.ts';

const consumer = (code: string, department: string, departmentName: string): Caller => ({ kind: 'consumer', consumer: code, name: code, department, departmentName, servicePlatform: false });
const police = consumer('p', 'GA', '公安局');
const civil = consumer('m', 'MZ', '民政局');
const stranger: Caller = { kind: 'stranger' };
const auditor: Caller = { kind: 'administrator', code: 'a', name: 'a', role: 'AUDIT', department: 'ZS', departmentName: '数据局', ofAuthority: true };

function item(code: string, shareType: ShareType, extra: Partial<CatalogItem> = {}): CatalogItem {
  return {
    code, name: `项${code}`, ownerDepartment: 'GA', kind: 'BASIC', shareType, condition: shareType === 'UNCONDITIONAL' ? '' : '凭事项', keyShareType: null,
    sensitivity: 'S3', mask: 'NAME', updateCycle: 'DAILY', open: false, standard: '', ...extra,
  };
}

const catalog = new Catalog([
  item('U', 'UNCONDITIONAL'), item('C', 'CONDITIONAL'), item('N', 'NOT_SHARED'), item('P', 'UNCONDITIONAL', { sensitivity: 'S2' }),
  item('CK', 'CONDITIONAL', { keyShareType: 'UNCONDITIONAL' }), item('UK', 'UNCONDITIONAL', { keyShareType: 'NOT_SHARED' }),
]);

const matter = { code: 'M', name: '低保', department: 'MZ', participants: [], kin: [], needsCase: true };
const inCase: Circumstances = { mode: 'QUERY', matter, hasCase: true, now: '2026-11-24T00:00:00.000Z' };
const from = (caller: Caller, circumstances: Circumstances = inCase, policy: Policy = noPolicy): Standpoint => ({ caller, catalog, policy, sealed: false, circumstances });
const ask = (code: string, use: Use = 'read', at = 'T.f'): Ask => ({ item: code, use, at });

function granted(...tuples: Partial<GrantTuple>[]): Policy {
  const whole = tuples.map((tuple): GrantTuple => ({
    approvalNo: 'A-1', item: 'C', uses: ['read'], modes: ['QUERY'], mask: null, bounds: [], matters: null, quotaPerDay: null, validFrom: '2026-01-01T00:00:00.000Z', validTo: null, ...tuple,
  }));
  return { ...noPolicy, version: '1', tuples: Map.groupBy(whole, ({ item: code }) => code) };
}

describe('the judge', () => {
  const cases: readonly [who: Caller, code: string, use: Use, allowed: boolean, rule: string][] = [
    [stranger, 'U', 'read', false, 'stranger'],
    [stranger, 'X', 'read', false, 'stranger'],
    [auditor, 'P', 'read', false, 'administrator'],
    [police, 'X', 'read', false, 'unknown item'],
    [police, 'N', 'read', false, 'never shared'],
    [civil, 'N', 'verify', false, 'never shared'],
    [police, 'UK', 'key', false, 'never shared'],
    [police, 'C', 'read', true, 'own data'],
    [police, 'C', 'find', true, 'own data'],
    [police, 'U', 'read', true, 'unconditional'],
    [civil, 'UK', 'read', true, 'unconditional'],
    [civil, 'CK', 'key', true, 'unconditional'],
    [civil, 'CK', 'read', false, 'otherwise withheld'],
    [civil, 'C', 'exist', false, 'otherwise withheld'],
  ];

  test.each(cases)('%o asks %s to %s', (who, code, use, allowed, rule) => {
    const verdict = decide(ask(code, use), from(who));
    expect(verdict).toMatchObject({ allowed, rule });
    expect(verdict.ways.length > 0).toBe(allowed);
  });

  test('personal information takes a purpose, and its case', () => {
    expect(decide(ask('U'), from(civil, { ...inCase, matter: null })).rule).toBe('no purpose');
    expect(decide(ask('U'), from(civil, { ...inCase, hasCase: false })).rule).toBe('no case');
    expect(decide(ask('P'), from(civil, { ...inCase, matter: null, hasCase: false })).ways[0]?.bounds).toEqual([]);
    expect(decide(ask('U'), from(civil)).ways[0]?.bounds).toEqual([{ kind: 'case' }]);
  });

  test('lists of personal information take a grant', () => {
    const batch: Circumstances = { ...inCase, mode: 'BATCH', hasCase: false };
    expect(decide(ask('U'), from(civil, batch)).rule).toBe('otherwise withheld');
    expect(decide(ask('U'), from(civil, batch, granted({ item: 'U', modes: ['BATCH'] }))).rule).toBe('granted');
    expect(decide(ask('P'), from(civil, batch)).rule).toBe('unconditional');
  });

  test('a denial stands above a grant', () => {
    const policy = granted({});
    expect(decide(ask('C'), from(civil, inCase, policy)).rule).toBe('granted');
    expect(decide(ask('C'), from(civil, inCase, { ...policy, denials: new Map([['C', { code: 'D-1', because: '越权' }]]) }))).toMatchObject({ allowed: false, rule: 'denied' });
  });

  test('names the next step where there is one', () => {
    expect(decide(ask('C'), from(civil)).apply).toContain('GA');
    expect(decide(ask('N'), from(civil)).apply).toBeNull();
  });
});

describe('a plan', () => {
  const types = new Map([['T', ['C', 'N']], ['V', ['C', 'P']], ['W', ['N']]]);
  const own = [[{ kind: 'case' }, { kind: 'ownRows', department: 'GA' }]];

  test('lets a record exist where one of its items may be read', () => {
    const plan = planOf([], from(police), types);
    expect(plan.existence('T')).toEqual(own);
    expect(plan.existence('V')).toBe('all');
    expect(plan.existence('W')).toEqual([]);
    expect(plan.existence('unheard of')).toEqual([]);
  });

  test('allows nothing that was not asked', () => {
    expect(planOf([], from(police), types).rows('T.f', 'read')).toEqual([]);
  });

  test('needs every item of one coordinate', () => {
    expect(planOf([ask('P'), ask('C')], from(police), types).rows('T.f', 'read')).toEqual(own);
    expect(planOf([ask('P'), ask('C')], from(civil), types).rows('T.f', 'read')).toEqual([]);
    expect(planOf([ask('P'), ask('C')], from(civil), types).withheld('T.f')?.item).toBe('C');
  });

  test('shows the mask where nothing better is to be had', () => {
    const policy = granted({ mask: 'NAME' }, { approvalNo: 'A-2', bounds: [{ kind: 'list', list: 'L' }] });
    const plan = planOf([ask('C')], from(civil, { ...inCase, hasCase: true }, policy), types);
    expect(plan.shown('T.f').map(({ mask }) => mask)).toEqual([null, 'NAME']);
    expect(plan.masked).toEqual([{ at: 'T.f', item: 'C', masks: ['NAME'] }]);
    expect(planOf([ask('C', 'find')], from(civil, inCase, policy), types).refused.length).toBe(1);
  });

  test('says which weaker question there is', () => {
    const weaker = () => [{ at: 'T.f_verify', asks: [ask('CK', 'key')] }, { at: 'T.g', asks: [ask('N')] }];
    expect(planOf([ask('C')], from(civil), types, weaker).withheld('T.f')?.instead).toEqual(['T.f_verify']);
  });
});
