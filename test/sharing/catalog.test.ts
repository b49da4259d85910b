/**
 * An item whose data come from the level above is shared as strictly as there or here, whichever is stricter, and its condition says where it is from.
 */
import { describe, expect, test } from 'vitest';
import { noWider } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { shareTypes } from '../../src/sharing/terms.ts';
import type { ShareType } from '../../src/sharing/terms.ts';

const item = (shareType: ShareType, keyShareType: ShareType | null = null, condition = '本级条件'): CatalogItem => ({
  code: 'X-1', name: '某项', ownerDepartment: 'D', kind: 'BASIC', shareType, condition, keyShareType, sensitivity: 'S2', mask: '', updateCycle: '', open: true, standard: '',
});
const above = (said: string): string => `the level above, from which the data came, shares it so: ${said}`;

describe('the stricter of both', () => {
  for (const here of shareTypes) {
    for (const there of shareTypes) {
      test(`${here} here, ${there} above`, () => {
        const strict = shareTypes.indexOf(here) >= shareTypes.indexOf(there) ? here : there;
        const condition = here === there ? `本级条件; ${above('上级条件')}` : strict === here ? '本级条件' : above('上级条件');
        const upper = { shareType: there, condition: '上级条件' };
        expect(noWider(item(here), upper)).toEqual(there === 'UNCONDITIONAL' ? item(here) : { ...item(strict), condition, open: false });
        // The use `key` has a type of its own, and no condition.
        if (there === 'UNCONDITIONAL') return;
        expect(noWider(item(here, there), upper).keyShareType).toBe(there);
        expect(noWider(item(here, 'NOT_SHARED'), upper).keyShareType).toBe('NOT_SHARED');
        expect(noWider(item(here, 'UNCONDITIONAL'), upper).keyShareType).toBe(there);
      });
    }
  }

  test.each([
    ['said here', '本级条件', '', `本级条件; ${above('CONDITIONAL')}`],
    ['said there', '', '上级条件', above('上级条件')],
    ['said by nobody', '', '', above('CONDITIONAL')],
    ['the same on both levels', '同一条件', '同一条件', '同一条件'],
  ] as const)('a condition that is %s', (_what, here, there, told) => {
    expect(noWider(item('CONDITIONAL', null, here), { shareType: 'CONDITIONAL', condition: there }).condition).toBe(told);
  });

  test('an item of which nothing is known from above, or that is free there, stays what it is', () => {
    expect(noWider(item('UNCONDITIONAL'), undefined)).toEqual(item('UNCONDITIONAL'));
    expect(noWider(item('UNCONDITIONAL'), { shareType: 'UNCONDITIONAL', condition: '' }).open).toBe(true);
  });
});
