/**
 * Which tuples of a grant apply: by use, mode, mask, matter, case and time, and until when that stays so.
 */
import { describe, expect, test } from 'vitest';
import { Catalog, isPersonal, sensitivities, shareTypeFor } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { applyingTuples, noPolicy } from '../../src/sharing/grant.ts';
import type { Applying } from '../../src/sharing/grant.ts';
import { masks } from '../../src/sharing/mask.ts';
import { kinWords, modes, roles, shareTypes, uses } from '../../src/sharing/terms.ts';
import type { Ask, Circumstances } from '../../src/sharing/terms.ts';
import { matters, now, policyOf } from './notation.ts';

const item: CatalogItem = {
  code: 'X', name: '项', ownerDepartment: 'GA', kind: 'BASIC', shareType: 'CONDITIONAL', condition: '', keyShareType: null, sensitivity: 'S3', mask: 'BIRTH_DATE', updateCycle: 'DAILY', open: false, standard: '',
};
const matter = matters['低保'] ?? null;
const inCase: Circumstances = { mode: 'QUERY', matter, hasCase: true, now };

function applying(grants: string, ask: Partial<Ask> = {}, circumstances: Partial<Circumstances> = {}, mask = item.mask): Applying {
  return applyingTuples(policyOf(grants, 'X'), { item: 'X', use: 'read', at: 'T.f', ...ask }, { ...item, mask }, { ...inCase, ...circumstances });
}

const count = (...given: Parameters<typeof applying>): number => applying(...given).tuples.length;

describe('a tuple applies', () => {
  test('to the uses that it names; reading takes checking with it', () => {
    for (const granted of uses) for (const use of uses) expect(count(`A-1: ${granted}; QUERY`, { use }), `${granted} ${use}`).toBe(granted === use || (granted === 'read' && use === 'verify') ? 1 : 0);
  });

  test('in the modes that it names', () => {
    for (const granted of modes) for (const mode of modes) expect(count(`A-1: read; ${granted}`, {}, { mode }), `${granted} ${mode}`).toBe(granted === mode ? 1 : 0);
  });

  test('masked, to reading alone, and by a mask of the item\'s family', () => {
    for (const { name, family } of masks) {
      const grants = `A-1: read find key exist verify; QUERY; mask ${name}`;
      for (const use of uses) expect(count(grants, { use }, {}, family), `${name} ${use}`).toBe(use === 'read' ? 1 : 0);
      expect(count(grants, { whole: true }, {}, family)).toBe(0);
      expect(count(grants, {}, {}, family === 'NAME' ? 'PHONE' : 'NAME')).toBe(0);
      expect(count(grants, {}, {}, '')).toBe(0);
    }
    expect(count('A-1: find; QUERY; mask BIRTH_YEAR')).toBe(0);
    expect(count('A-1: read; QUERY', { whole: true })).toBe(1);
  });

  test('for the matters that it names, or for all', () => {
    const other = matters['统计'] ?? null;
    const counts = (grants: string) => [matter, other, null].map((asked) => count(grants, {}, { matter: asked }));
    expect(counts('A-1: read; QUERY')).toEqual([1, 1, 1]);
    expect(counts('A-1: read; QUERY; for 低保')).toEqual([1, 0, 0]);
    expect(counts('A-1: read; QUERY; for 低保 统计')).toEqual([1, 1, 0]);
  });

  test('to subjects of a case only where there is one', () => {
    for (const bounds of ['case', 'list L & case']) expect([true, false].map((hasCase) => count(`A-1: read; QUERY; in ${bounds}`, {}, { hasCase }))).toEqual([1, 0]);
    expect(count('A-1: read; QUERY; in list L', {}, { hasCase: false })).toBe(1);
  });

  test('to its own item', () => {
    expect(count('A-1: read; QUERY', { item: 'Y' })).toBe(0);
    expect(applyingTuples(noPolicy, { item: 'X', use: 'read', at: 'T.f' }, item, inCase)).toEqual({ tuples: [], until: null });
  });
});

describe('a tuple applies from its first moment until before its last', () => {
  const at = (grants: string) => { const { tuples, until } = applying(grants); return [tuples.length, until]; };

  test('and the next moment at which that changes is known', () => {
    expect(at('A-1: read; QUERY; 2026-11-24..2026-11-25')).toEqual([1, '2026-11-25T00:00:00.000Z']);
    expect(at('A-1: read; QUERY; 2026-11-24T00:00:00.001Z..')).toEqual([0, '2026-11-24T00:00:00.001Z']);
    expect(at('A-1: read; QUERY; 2026-11-23..2026-11-24')).toEqual([0, null]);
    expect(at('A-1: read; QUERY; 2026-11-23..2026-11-24T00:00:00.001Z')).toEqual([1, '2026-11-24T00:00:00.001Z']);
    expect(at('A-1: read; QUERY; 2026-12-01..2026-12-02')).toEqual([0, '2026-12-01T00:00:00.000Z']);
  });

  test('the nearest of several, from tuples that could apply otherwise', () => {
    const [soon, late] = ['A-1: read; QUERY; 2026-01-01..2026-12-01', 'A-2: read; QUERY; 2026-01-01..2027-01-01'];
    expect(at(`${soon} | ${late}`)).toEqual([2, '2026-12-01T00:00:00.000Z']);
    expect(at(`${late} | ${soon}`)).toEqual([2, '2026-12-01T00:00:00.000Z']);
    for (const never of ['find; QUERY', 'read; BATCH', 'read; QUERY; mask PHONE', 'read; QUERY; for 统计']) expect(at(`A-1: ${never}; 2026-01-01..2026-12-01`)).toEqual([0, null]);
    expect(applying('A-1: read; QUERY; in case; 2026-01-01..2026-12-01', {}, { hasCase: false }).until).toBeNull();
  });
});

describe('the catalog', () => {
  test('is found by code, and counts', () => {
    const catalog = new Catalog([item, { ...item, code: 'Y' }]);
    expect([catalog.size, catalog.item('X')?.code, catalog.item('Z'), [...catalog.codes()], [...catalog.items()].map(({ code }) => code)]).toEqual([2, 'X', undefined, ['X', 'Y'], ['X', 'Y']]);
  });

  test('has a share type of its own for looking up by a full identifier', () => {
    const apart: CatalogItem = { ...item, keyShareType: 'UNCONDITIONAL' };
    expect(uses.map((use) => shareTypeFor(apart, use))).toEqual(uses.map((use) => (use === 'key' ? 'UNCONDITIONAL' : 'CONDITIONAL')));
    expect(uses.map((use) => shareTypeFor(item, use))).toEqual(uses.map(() => 'CONDITIONAL'));
  });

  test('knows what is personal', () => {
    expect((['S1', 'S2', 'S3', 'S4'] as const).map((sensitivity) => isPersonal({ ...item, sensitivity }))).toEqual([false, false, true, true]);
  });

  test('and its policy are written in words of closed lists', () => {
    expect([sensitivities, shareTypes]).toEqual([['S1', 'S2', 'S3', 'S4'], ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED']]);
    expect([uses, modes]).toEqual([['read', 'find', 'key', 'exist', 'verify'], ['QUERY', 'BATCH', 'SUBSCRIBE']]);
    expect([kinWords, roles]).toEqual([['HOUSEHOLD', 'SPOUSE', 'CHILD', 'PARENT', 'SIBLING', 'OTHER'], ['SYSTEM', 'SECURITY', 'AUDIT', 'STEWARD']]);
  });

  test('nothing was decided about whoever is not known', () => {
    expect(noPolicy).toEqual({ version: '0', territory: [], tuples: new Map(), denials: new Map(), seals: [] });
  });
});
