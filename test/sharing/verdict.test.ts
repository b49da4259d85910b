/**
 * The judge's rules, in order, each with both outcomes.
 */
import { describe, expect, test } from 'vitest';
import { Catalog } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import type { Caller, ShareType, Use } from '../../src/sharing/terms.ts';
import { decide } from '../../src/sharing/verdict.ts';
import { planOf } from '../../src/sharing/plan.ts';

const police: Caller = { kind: 'consumer', consumer: 'p', name: 'p', department: 'GA', departmentName: '公安局' };
const civil: Caller = { kind: 'consumer', consumer: 'm', name: 'm', department: 'MZ', departmentName: '民政局' };
const stranger: Caller = { kind: 'stranger' };

function item(code: string, shareType: ShareType, extra: Partial<CatalogItem> = {}): CatalogItem {
  return {
    code, name: `项${code}`, ownerDepartment: 'GA', kind: 'BASIC', shareType, condition: shareType === 'UNCONDITIONAL' ? '' : '凭事项', keyShareType: null,
    sensitivity: 'S3', mask: '', updateCycle: 'DAILY', open: false, standard: '', ...extra,
  };
}

const catalog = new Catalog([
  item('U', 'UNCONDITIONAL'), item('C', 'CONDITIONAL'), item('N', 'NOT_SHARED'),
  item('CK', 'CONDITIONAL', { keyShareType: 'UNCONDITIONAL' }), item('UK', 'UNCONDITIONAL', { keyShareType: 'NOT_SHARED' }),
]);

const cases: readonly [who: Caller, code: string, use: Use, allowed: boolean, rule: string, bound: boolean][] = [
  [stranger, 'U', 'read', false, 'stranger', false],
  [stranger, 'X', 'read', false, 'stranger', false],
  [police, 'X', 'read', false, 'unknown item', false],
  [police, 'N', 'read', false, 'never shared', false],
  [civil, 'N', 'verify', false, 'never shared', false],
  [police, 'UK', 'key', false, 'never shared', false],
  [police, 'C', 'read', true, 'own data', true],
  [police, 'C', 'find', true, 'own data', true],
  [police, 'C', 'exist', true, 'own data', true],
  [police, 'U', 'read', true, 'unconditional', false],
  [civil, 'U', 'find', true, 'unconditional', false],
  [civil, 'UK', 'read', true, 'unconditional', false],
  [civil, 'CK', 'key', true, 'unconditional', false],
  [civil, 'CK', 'read', false, 'otherwise withheld', false],
  [civil, 'C', 'read', false, 'otherwise withheld', false],
  [civil, 'C', 'verify', false, 'otherwise withheld', false],
  [civil, 'C', 'exist', false, 'otherwise withheld', false],
];

describe('the judge', () => {
  test.each(cases)('%o asks %s to %s', (who, code, use, allowed, rule, bound) => {
    const verdict = decide({ item: code, use, at: 'T.f' }, who, catalog);
    expect({ allowed: verdict.allowed, rule: verdict.rule, bound: verdict.bound !== null }).toEqual({ allowed, rule, bound });
  });

  test('names the next step where there is one', () => {
    expect(decide({ item: 'C', use: 'read', at: 'T.f' }, civil, catalog).apply).toContain('GA');
    expect(decide({ item: 'N', use: 'read', at: 'T.f' }, civil, catalog).apply).toBeNull();
  });
});

describe('a plan', () => {
  const types = new Map([['T', ['C', 'N']], ['V', ['C', 'U']], ['W', ['N']]]);

  test('lets a record exist where one of its items may be read', () => {
    const plan = planOf([], police, catalog, types);
    expect(plan.existence('T')).toEqual([{ kind: 'ownRows', department: 'GA' }]);
    expect(plan.existence('V')).toBe('all');
    expect(plan.existence('W')).toEqual([]);
    expect(plan.existence('unheard of')).toEqual([]);
  });

  test('allows nothing that was not asked', () => {
    expect(planOf([], police, catalog, types).rows('T.f', 'read')).toEqual([]);
  });

  test('needs every item of one coordinate', () => {
    const asks = ['U', 'C'].map((code) => ({ item: code, use: 'read' as const, at: 'T.f' }));
    expect(planOf(asks, police, catalog, types).rows('T.f', 'read')).toEqual([{ kind: 'ownRows', department: 'GA' }]);
    expect(planOf(asks, civil, catalog, types).rows('T.f', 'read')).toEqual([]);
    expect(planOf(asks, civil, catalog, types).withheld('T.f')?.item).toBe('C');
  });

  test('refuses a find, withholds a read', () => {
    const plan = planOf([{ item: 'C', use: 'find', at: 'Q(where.f)' }, { item: 'C', use: 'read', at: 'T.f' }], civil, catalog, types);
    expect(plan.refused.map(({ at, item: code, use }) => [at, code, use])).toEqual([['Q(where.f)', 'C', 'find']]);
    expect(plan.withheld('Q(where.f)')).toBeUndefined();
    expect(plan.withheld('T.f')?.item).toBe('C');
  });
});
