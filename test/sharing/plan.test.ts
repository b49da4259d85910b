/**
 * What a plan makes of the verdicts of one operation: what is refused, withheld, masked; on which rows the rest holds; where a record
 * exists; what could be asked instead; until when it stays so.
 */
import { describe, expect, test } from 'vitest';
import { Catalog } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { Policy } from '../../src/sharing/grant.ts';
import { planOf } from '../../src/sharing/plan.ts';
import type { Plan, WeakerQuestions } from '../../src/sharing/plan.ts';
import { rowsOf } from '../../src/sharing/rows.ts';
import type { Ask, Caller, Circumstances, ShareType, Use } from '../../src/sharing/terms.ts';
import { decide } from '../../src/sharing/verdict.ts';
import type { Standpoint } from '../../src/sharing/verdict.ts';
import { boundOf, consumerOf, matters, now, policyOf, tupleOf } from './notation.ts';

const police = consumerOf('GA', '公安局');
const civil = consumerOf('MZ', '民政局');

function item(code: string, shareType: ShareType, extra: Partial<CatalogItem> = {}): CatalogItem {
  return {
    code, name: `项${code}`, ownerDepartment: 'GA', kind: 'BASIC', shareType, condition: '凭事项', keyShareType: null, sensitivity: 'S2', mask: 'ADDRESS', updateCycle: 'DAILY', open: false, standard: '', ...extra,
  };
}

const catalog = new Catalog([item('C', 'CONDITIONAL'), item('D', 'CONDITIONAL'), item('N', 'NOT_SHARED'), item('P', 'UNCONDITIONAL'), item('CK', 'CONDITIONAL', { keyShareType: 'UNCONDITIONAL' })]);
const circumstances: Circumstances = { mode: 'QUERY', matter: matters['低保'] ?? null, hasCase: true, now };
const from = (caller: Caller, policy: Policy = noPolicy, sealed = false): Standpoint => ({ caller, catalog, policy, sealed, circumstances });
const ask = (code: string, use: Use = 'read', at = 'T.f'): Ask => ({ item: code, use, at });
const bounded = (...texts: string[]) => [texts.map(boundOf)];
const own = bounded('own GA');
const types = new Map([['T', ['C', 'N']], ['V', ['C', 'P']], ['W', ['N']]]);

/** A plan for the civil affairs department with these grants on C. */
const planned = (grants: string, asks: readonly Ask[] = [ask('C')], weaker?: WeakerQuestions): Plan => planOf(asks, from(civil, policyOf(grants, 'C')), types, weaker);

describe('rows', () => {
  test('of what was asked, and of nothing else', () => {
    const plan = planOf([ask('P'), ask('C', 'find', 'T.g')], from(police), types);
    expect([plan.rows('T.f', 'read'), plan.rows('T.g', 'find')]).toEqual(['all', own]);
    expect([plan.rows('T.f', 'find'), plan.rows('T.g', 'read'), plan.rows('T.h', 'read'), plan.shown('T.g'), plan.shown('T.h')]).toEqual([[], [], [], [], []]);
  });

  test('need every item of one coordinate', () => {
    expect(planOf([ask('P'), ask('C')], from(police), types).rows('T.f', 'read')).toEqual(own);
    expect(planOf([ask('C'), ask('P')], from(police), types).rows('T.f', 'read')).toEqual(own);
    for (const asks of [[ask('P'), ask('C')], [ask('C'), ask('P')]]) {
      const plan = planOf(asks, from(civil), types);
      expect([plan.rows('T.f', 'read'), plan.shown('T.f'), plan.withheld('T.f')?.item]).toEqual([[], [], 'C']);
    }
    const both: Policy = { ...noPolicy, tuples: new Map([['C', [tupleOf('A-1: read; QUERY; in list L', 'C')]], ['D', [tupleOf('A-2: read; QUERY; in list M', 'D')]]]) };
    const plan = planOf([ask('C'), ask('D')], from(civil, both), types);
    expect(plan.rows('T.f', 'read')).toEqual(bounded('list L', 'list M'));
    expect(plan.shown('T.f')).toEqual([{ mask: null, rows: bounded('list L', 'list M') }]);
  });

  test('of several ways add up', () => {
    expect(planned('A-1: read; QUERY; in list L | A-2: read; QUERY; in case').rows('T.f', 'read')).toEqual([...bounded('list L'), ...bounded('case')]);
    expect(planned('A-1: read; QUERY; in list L | A-2: read; QUERY').rows('T.f', 'read')).toBe('all');
  });
});

describe('shown', () => {
  test('is a derived yes/no where it may be verified, and reading goes first', () => {
    expect(planned('A-1: verify; QUERY; in list L', [ask('C', 'verify')]).shown('T.f')).toEqual([{ mask: null, rows: bounded('list L') }]);
    expect(planned('A-1: read; QUERY; mask ADDRESS_COUNTY', [ask('C', 'verify')]).shown('T.f')).toEqual([]);
    expect(planned('A-1: verify; QUERY', [ask('C', 'verify'), ask('C', 'read')]).shown('T.f')).toEqual([]);
    expect(planned('A-1: read verify; QUERY', [ask('C', 'find')]).shown('T.f')).toEqual([]);
  });
});

describe('existence', () => {
  test('is where one of the type\'s items may be read or verified', () => {
    const plan = planOf([], from(police), types);
    expect([plan.existence('T'), plan.existence('V'), plan.existence('W'), plan.existence('unheard of')]).toEqual([own, 'all', [], []]);
    expect(plan.existence('T')).toBe(plan.existence('T'));
  });

  test('a masked reading is a reading, and finding is none', () => {
    expect(planned('A-1: read; QUERY; mask ADDRESS_COUNTY; in list L').existence('T')).toEqual(bounded('list L'));
    expect(planned('A-1: find key exist; QUERY').existence('T')).toEqual([]);
  });

  test('a yes or no about a record tells of it as its value does', () => {
    expect(planned('A-1: verify; QUERY').existence('T')).toBe('all');
    expect(planned('A-1: verify; QUERY; in list L').existence('T')).toEqual(bounded('list L'));
    expect(planned('A-1: verify; QUERY; in list L | A-2: read; QUERY; mask ADDRESS_COUNTY; in case').existence('T')).toEqual([...bounded('list L'), ...bounded('case')]);
  });

  test('what is asked of a coordinate for several uses is withheld for each by itself', () => {
    const plan = planned('A-1: verify; QUERY', [ask('C', 'read'), ask('C', 'verify')]);
    expect([plan.withheld('T.f')?.item, plan.withheld('T.f', 'read')?.item, plan.withheld('T.f', 'verify')]).toEqual(['C', 'C', undefined]);
  });

  test('its grants end too', () => {
    const plan = planOf([], from(civil, policyOf('A-1: read; QUERY; 2026-01-01..2026-12-01', 'C')), types);
    expect(plan.until).toBeNull();
    // What is everywhere by the first item hangs on no grant of the next.
    const wide = planOf([], from(civil, policyOf('A-1: read; QUERY; 2026-01-01..2026-12-01', 'C')), new Map([['V', ['P', 'C']]]));
    expect([wide.existence('V'), wide.until]).toEqual(['all', null]);
    plan.existence('T');
    expect(plan.until).toBe('2026-12-01T00:00:00.000Z');
  });
});

describe('masks', () => {
  test('come after the value itself, the most revealing first', () => {
    const plan = planned('A-1: read; QUERY; mask ADDRESS_COUNTY | A-2: read; QUERY; mask ADDRESS_VILLAGE; in list L | A-3: read; QUERY; in case');
    expect(plan.shown('T.f')).toEqual([{ mask: null, rows: bounded('case') }, { mask: 'ADDRESS_VILLAGE', rows: bounded('list L') }, { mask: 'ADDRESS_COUNTY', rows: 'all' }]);
    expect(plan.masked).toEqual([{ at: 'T.f', item: 'C', masks: ['ADDRESS_VILLAGE', 'ADDRESS_COUNTY'] }]);
    expect(plan.rows('T.f', 'read')).toEqual(bounded('case'));
    expect(plan.withheld('T.f')).toBeUndefined();
  });

  test('count only where nothing better is everywhere', () => {
    expect(planned('A-1: read; QUERY; mask ADDRESS_COUNTY | A-2: read; QUERY').shown('T.f')).toEqual([{ mask: null, rows: 'all' }]);
    expect(planned('A-1: read; QUERY; mask ADDRESS_COUNTY; in list L | A-2: read; QUERY; mask ADDRESS_TOWNSHIP').shown('T.f')).toEqual([{ mask: 'ADDRESS_TOWNSHIP', rows: 'all' }]);
    expect(planned('A-1: read; QUERY').masked).toEqual([]);
  });

  test('are not enough where a coordinate needs several items', () => {
    const plan = planned('A-1: read; QUERY; mask ADDRESS_COUNTY', [ask('C'), ask('P')]);
    expect([plan.shown('T.f'), plan.masked]).toEqual([[], []]);
    expect(planned('A-1: read; QUERY; mask ADDRESS_COUNTY; in list L | A-2: read; QUERY; in case', [ask('P'), ask('C')]).shown('T.f')).toEqual([{ mask: null, rows: bounded('case') }]);
  });

  test('open no find', () => {
    expect(planned('A-1: read find; QUERY; mask ADDRESS_COUNTY', [ask('C', 'find')]).refused).toHaveLength(1);
  });
});

describe('what is not allowed', () => {
  test('finds and keys refuse the operation, in the order asked, with the judge\'s words', () => {
    const plan = planOf([ask('N', 'key', 'Q.a'), ask('P', 'find', 'Q.b'), ask('C', 'find', 'Q.c')], from(civil), types);
    const words = (asked: Ask) => { const { because, apply } = decide(asked, from(civil)); return { ...asked, because, apply }; };
    expect(plan.refused).toEqual([words(ask('N', 'key', 'Q.a')), words(ask('C', 'find', 'Q.c'))]);
    expect([plan.withheld('Q.a'), plan.withheld('Q.c')]).toEqual([undefined, undefined]);
  });

  test('everything else is withheld, told once a coordinate, by the first item', () => {
    const plan = planOf([ask('N', 'exist'), ask('C'), ask('N', 'verify', 'T.g')], from(civil), types);
    expect(plan.refused).toEqual([]);
    const { because } = decide(ask('N'), from(civil));
    expect(plan.withheld('T.f')).toEqual({ at: 'T.f', item: 'N', because, apply: null });
    expect(plan.withheld('T.g')?.at).toBe('T.g');
    expect(planOf([ask('P')], from(civil), types).withheld('T.f')).toBeUndefined();
  });

  test('says which weaker question there is: one of which every ask is allowed', () => {
    const weaker = (at: string) => (at === 'T.f' ? [{ at: 'T.f_verify', asks: [ask('CK', 'key')] }, { at: 'T.g', asks: [ask('CK', 'key'), ask('N')] }, { at: 'T.h', asks: [ask('N')] }] : []);
    expect(planned('-', [ask('C')], weaker).withheld('T.f')?.instead).toEqual(['T.f_verify']);
    expect('instead' in (planned('-', [ask('C', 'read', 'T.x')], weaker).withheld('T.x') ?? {})).toBe(false);
    expect(planned('-', [ask('C', 'find')], weaker).refused[0]?.instead).toEqual(['T.f_verify']);
    expect('instead' in (planned('-', [ask('C')]).withheld('T.f') ?? {})).toBe(false);
  });
});

describe('what goes with every row', () => {
  const policy: Policy = { ...noPolicy, territory: [{ types: ['T'], within: [boundOf('residence 620623101')] }], seals: ['S-1'] };

  test('the territory, and the seals that are looked behind once anybody is sealed', () => {
    const plan = planOf([], from(civil, policy, true), types);
    expect([plan.territory, plan.seals]).toEqual([policy.territory, ['S-1']]);
    expect(planOf([], from(civil, policy, false), types).seals).toBeNull();
  });

  test('until the first moment at which any verdict may change', () => {
    const policies: Policy = { ...noPolicy, tuples: new Map([['C', [tupleOf('A-1: read; QUERY; 2026-01-01..2027-01-01', 'C')]], ['D', [tupleOf('A-2: read; QUERY; 2026-01-01..2026-12-01', 'D')]]]) };
    for (const asks of [[ask('C'), ask('D')], [ask('D'), ask('C')]]) expect(planOf(asks, from(civil, policies), types).until).toBe('2026-12-01T00:00:00.000Z');
    expect(planOf([ask('C')], from(civil, policies), types).until).toBe('2027-01-01T00:00:00.000Z');
    expect(planOf([ask('P')], from(civil, policies), types).until).toBeNull();
    // A weaker question that is offered stands only as long as its own grant.
    expect(planOf([ask('N')], from(civil, policies), types, () => [{ at: 'T.v', asks: [ask('D')] }]).until).toBe('2026-12-01T00:00:00.000Z');
  });

  test('one way without bounds is every row', () => {
    expect(rowsOf([])).toBe('all');
  });
});
