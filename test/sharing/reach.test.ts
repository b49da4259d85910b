/**
 * What somebody may have under one purpose or another: the circumstances that are tried, and which of them are told.
 */
import { describe, expect, test } from 'vitest';
import { Catalog } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { GrantTuple } from '../../src/sharing/grant.ts';
import { Reach, tuplesBehind } from '../../src/sharing/reach.ts';
import type { Ask, Consumer, Matter } from '../../src/sharing/terms.ts';

const caller: Consumer = { kind: 'consumer', consumer: 'm', name: 'm', department: 'MZ', departmentName: '民政局', servicePlatform: false };
const item = (code: string, more: Partial<CatalogItem>): CatalogItem => ({
  code, name: code, ownerDepartment: 'GA', kind: 'BASIC', shareType: 'CONDITIONAL', condition: '凭事项', keyShareType: null, sensitivity: 'S3', mask: 'NAME', updateCycle: 'DAILY', open: false, standard: '', ...more,
});
const catalog = new Catalog([item('P', { shareType: 'UNCONDITIONAL', sensitivity: 'S1' }), item('U', { shareType: 'UNCONDITIONAL' }), item('C', {}), item('M', { ownerDepartment: 'MZ', sensitivity: 'S2' })]);
const now = '2026-11-24T00:00:00.000Z';
const matter = (code: string, needsCase: boolean): Matter => ({ code, name: code, department: 'MZ', participants: [], kin: [], needsCase });
const [one, other, free, special] = [matter('M-1', true), matter('M-2', true), matter('M-3', false), matter('M-9', true)];
const ask = (code: string, use: Ask['use'] = 'read'): Ask => ({ item: code, use, at: 'T.f' });
const tuple = (more: Partial<GrantTuple>): GrantTuple => ({
  approvalNo: 'A-1', item: 'C', uses: ['read'], modes: ['QUERY'], mask: null, bounds: [], matters: null, quotaPerDay: null, validFrom: '2026-01-01T00:00:00.000Z', validTo: null, ...more,
});

function reach(tuples: readonly GrantTuple[], matters: readonly Matter[] = [one, other, free, special]): Reach {
  return new Reach({ caller, catalog, policy: { ...noPolicy, version: '1', tuples: Map.groupBy(tuples, ({ item: code }) => code) }, sealed: false }, matters, 'QUERY', now);
}

const told = (own: Reach, asks: readonly Ask[]) => own.openings(asks).map(({ matter: named, hasCase }) => `${named?.code ?? 'none'}${hasCase ? ' in a case' : ''}`);

describe('the circumstances', () => {
  test('are none where none are needed, and then every kind of matter once, first without a case', () => {
    expect(told(reach([]), [ask('P')])).toEqual(['none', 'M-3', 'M-1', 'M-3 in a case', 'M-1 in a case']);
  });

  test('of what is personal need a matter, and its case where it takes one', () => {
    expect(told(reach([]), [ask('U')])).toEqual(['M-3', 'M-3 in a case', 'M-1 in a case']);
    expect(told(reach([], []), [ask('U')])).toEqual([]);
  });

  test('are those that a grant names, and no other', () => {
    expect(told(reach([tuple({ matters: ['M-9'] })]), [ask('C')])).toEqual(['M-9 in a case']);
    expect(told(reach([tuple({ matters: ['M-4'] })]), [ask('C')])).toEqual([]);
  });

  test('have to do for all asks together', () => {
    const own = reach([tuple({ matters: ['M-9'] })]);
    expect(own.includes([ask('P'), ask('C')])).toBe(true);
    expect(own.includes([ask('P'), ask('C'), ask('C', 'find')])).toBe(false);
    expect(own.openings([ask('P'), ask('C')])[0]?.verdicts.map(({ rule }) => rule)).toEqual(['unconditional', 'granted']);
  });
});

describe('the best verdict', () => {
  test('is the first that allows', () => {
    expect(reach([]).best(ask('P')).rule).toBe('unconditional');
    expect(reach([tuple({ matters: ['M-9'] })]).best(ask('C')).rule).toBe('granted');
  });

  test('is what is said to whoever names all that he can, where none allows', () => {
    expect(reach([]).best(ask('C')).rule).toBe('otherwise withheld');
    expect(reach([], []).best(ask('C')).rule).toBe('no purpose');
  });
});

describe('the ways', () => {
  test('are told once each, by the least that has to be named', () => {
    const ways = reach([]).ways(ask('U'));
    expect(ways.map(({ way, matter: named, hasCase, tuple: line }) => [way.rule, named?.code, hasCase, line])).toEqual([['unconditional', 'M-3', false, null]]);
  });

  test('have the line of the grant behind them', () => {
    const [masked, bounded] = [tuple({ mask: 'NAME' }), tuple({ approvalNo: 'A-2', bounds: [{ kind: 'list', list: 'L' }] })];
    const ways = reach([masked, bounded]).ways(ask('C'));
    expect(ways.map(({ way: { approvalNo, mask }, tuple: line }) => [approvalNo, mask, line])).toEqual([['A-1', 'NAME', masked], ['A-2', null, bounded]]);
    expect(reach([]).ways(ask('X'))).toEqual([]);
  });

  test('of the provider come before what was granted, and have no line', () => {
    const granted = tuple({ item: 'M' });
    expect(reach([granted]).ways(ask('M')).map(({ way: { rule }, tuple: line }) => [rule, line])).toEqual([['own data', null], ['granted', granted]]);
    const verdict = reach([granted]).best(ask('M'));
    expect(tuplesBehind(verdict, ask('M'), item('M', {}), { ...noPolicy, tuples: new Map([['M', [granted]]]) }, { mode: 'QUERY', matter: null, hasCase: false, now })).toEqual([null, granted]);
  });
});

test('until when is the first moment at which one of the verdicts may be another', () => {
  const own = reach([tuple({ validTo: '2027-01-01T00:00:00.000Z' }), tuple({ item: 'U', validTo: '2026-12-01T00:00:00.000Z' }), tuple({ item: 'M', validTo: '2028-01-01T00:00:00.000Z' })]);
  expect(own.until).toBeNull();
  own.includes([ask('C')]);
  expect(own.until).toBe('2027-01-01T00:00:00.000Z');
  own.includes([ask('U')]);
  expect(own.until).toBe('2026-12-01T00:00:00.000Z');
  own.includes([ask('M')]);
  expect(own.until).toBe('2026-12-01T00:00:00.000Z');
  expect(reach([]).best(ask('P'))).toEqual(reach([]).best(ask('P')));
});
