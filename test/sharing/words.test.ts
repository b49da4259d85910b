/**
 * Bounds, ways and conditions as people read them, word for word.
 */
import { describe, expect, test } from 'vitest';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import type { Bound, Way } from '../../src/sharing/terms.ts';
import { boundInWords, conditionInWords, wayInWords } from '../../src/sharing/words.ts';

const six = ['1', '2', '3', '4', '5', '6'];

const bounds: readonly (readonly [Bound, string, string])[] = [
  [{ kind: 'ownRows', department: 'GA' }, '部门 GA 提供的记录', 'records that department GA supplied'],
  [{ kind: 'division', by: 'RESIDENCE', codes: ['620623', '620602'] }, '居住地在 620623、620602 及其下级', 'residence in 620623, 620602 or below'],
  [{ kind: 'division', by: 'REGISTRATION', codes: ['620623'] }, '户籍地在 620623 及其下级', 'registration in 620623 or below'],
  [{ kind: 'division', by: 'LOCATION', codes: six }, '所在地在 1、2、3、4、5 … (6) 及其下级', 'location in 1, 2, 3, 4, 5 … (6) or below'],
  [{ kind: 'category', codes: ['Y', 'N'] }, '机构类别 Y、N', 'legal entities of category Y, N'],
  [{ kind: 'registrar', codes: six.slice(0, 5) }, '登记机关 1、2、3、4、5', 'legal entities of registrar 1, 2, 3, 4, 5'],
  [{ kind: 'case' }, '办件当事人及事项所列亲属', 'subjects of the open case and the kin that its matter names'],
  [{ kind: 'list', list: 'L' }, '名单 L 所列主体', 'subjects on list L'],
  [{ kind: 'authorization' }, '已授权本应用的持证主体', 'subjects who have authorized the consumer'],
];

test.each(bounds)('a bound %#', (bound, zh, en) => {
  expect(boundInWords(bound)).toEqual({ zh, en });
});

describe('a way', () => {
  const matter = { code: 'M', name: '低保', department: 'MZ', participants: [], kin: [], needsCase: true };
  const way = (more: Partial<Way>): Way => ({ bounds: [], mask: null, rule: 'unconditional', approvalNo: null, quota: null, ...more });

  test('that everybody has', () => {
    expect(wayInWords({ way: way({}), matter: null, hasCase: false })).toEqual({ zh: '各部门可用', en: 'unconditional' });
  });

  test('of the provider', () => {
    const own = way({ rule: 'own data', bounds: [{ kind: 'ownRows', department: 'GA' }] });
    expect(wayInWords({ way: own, matter: null, hasCase: false })).toEqual({ zh: '本部门数据，部门 GA 提供的记录', en: 'own data, records that department GA supplied' });
  });

  test('that was granted, masked, bounded and under a purpose, each bound once', () => {
    const granted = way({ rule: 'granted', approvalNo: 'A-1', mask: 'NAME', bounds: [{ kind: 'list', list: 'L' }, { kind: 'case' }, { kind: 'list', list: 'L' }] });
    expect(wayInWords({ way: granted, matter, hasCase: true })).toEqual({
      zh: '授权 A-1，脱敏 NAME，办件当事人及事项所列亲属，名单 L 所列主体，须具名事项及办件',
      en: 'granted under A-1, masked as NAME, subjects of the open case and the kin that its matter names, subjects on list L, under a matter and its open case',
    });
    expect(wayInWords({ way: way({}), matter, hasCase: false })).toEqual({ zh: '各部门可用，须具名事项', en: 'unconditional, under a matter' });
  });
});

describe('a condition', () => {
  const item = (more: Partial<CatalogItem>): CatalogItem => ({
    code: 'RK-1', name: '项', ownerDepartment: 'GA', kind: 'BASIC', shareType: 'CONDITIONAL', condition: '凭事项', keyShareType: null, sensitivity: 'S3', mask: '', updateCycle: 'DAILY', open: false, standard: '', ...more,
  });

  const cases: readonly (readonly [Partial<CatalogItem>, string, string])[] = [
    [{}, '项（RK-1）有条件共享：凭事项；个人信息，须具名事项；提供部门 GA', 'RK-1 shared on condition (凭事项); personal information, which takes a matter; provided by GA'],
    [{ shareType: 'UNCONDITIONAL', condition: '', sensitivity: 'S1' }, '项（RK-1）无条件共享；提供部门 GA', 'RK-1 shared unconditionally; provided by GA'],
    [{ shareType: 'NOT_SHARED', condition: '某法', sensitivity: 'S2', keyShareType: 'NOT_SHARED' }, '项（RK-1）不予共享：某法；提供部门 GA', 'RK-1 not shared (某法); provided by GA'],
    [{ keyShareType: 'UNCONDITIONAL', sensitivity: 'S1' }, '项（RK-1）有条件共享：凭事项；以完整号码查找：无条件共享；提供部门 GA', 'RK-1 shared on condition (凭事项); finding by the full identifier: shared unconditionally; provided by GA'],
  ];

  test.each(cases)('%#', (more, zh, en) => {
    expect(conditionInWords(item(more))).toEqual({ zh, en });
  });
});
