/**
 * The matrix of field permissions: every cell is what is decided about its five uses one by one, whatever was decided about anybody; and
 * how few of them have to be judged.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accessTo } from '../../src/sharing/access.ts';
import { Catalog } from '../../src/sharing/catalog.ts';
import type { CatalogItem } from '../../src/sharing/catalog.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { GrantTuple, Policy } from '../../src/sharing/grant.ts';
import { alike, come, putBack, underStandIns } from '../../src/sharing/alike.ts';
import { CellReasons, cellStates, inOrder, Matrix, reasonOf } from '../../src/sharing/matrix.ts';
import type { MatrixFrame } from '../../src/sharing/matrix.ts';
import { uses } from '../../src/sharing/terms.ts';
import type { Consumer, Matter } from '../../src/sharing/terms.ts';

const now = '2026-11-26T00:00:00.000Z';
const departments = ['GA', 'MZ', 'SC'];
const consumerOf = (code: string, department: string): Consumer => ({ kind: 'consumer', consumer: code, name: code, department, departmentName: department, servicePlatform: false });
const itemOf = (code: string, more: Partial<CatalogItem>): CatalogItem => ({
  code, name: `名称 ${code}`, ownerDepartment: 'GA', kind: 'BASIC', shareType: 'CONDITIONAL', condition: `条件 ${code}`, keyShareType: null, sensitivity: 'S3', mask: 'NAME', updateCycle: 'DAILY', open: false, standard: '', ...more,
});
const tupleOf = (item: string, more: Partial<GrantTuple> = {}): GrantTuple => ({
  approvalNo: 'A-1', item, uses: ['read'], modes: ['QUERY'], mask: null, bounds: [], matters: null, quotaPerDay: null, validFrom: '2026-01-01T00:00:00.000Z', validTo: null, ...more,
});
const policyOf = (tuples: readonly GrantTuple[], denials: Policy['denials'] = new Map()): Policy => ({ ...noPolicy, tuples: Map.groupBy(tuples, ({ item }) => item), denials });
const matters: readonly Matter[] = [
  { code: 'M-1', name: '甲', department: 'MZ', participants: ['SC'], kin: [], needsCase: true },
  { code: 'M-2', name: '乙', department: 'SC', participants: [], kin: [], needsCase: false },
  { code: 'M-3', name: '丙', department: 'SC', participants: ['MZ'], kin: [], needsCase: true },
];
const mattersBy = new Map(departments.map((department) => [department, matters.filter((matter) => matter.department === department || matter.participants.includes(department))]));
const mattersOf = ({ department }: Consumer): readonly Matter[] => mattersBy.get(department) ?? [];
const frameOf = (items: readonly CatalogItem[]): MatrixFrame => ({ catalog: new Catalog(items), items, sealed: false, mode: 'QUERY', at: now });
const stateIn = (item: CatalogItem, policy: Policy, department = 'SC') => {
  const reasons = new CellReasons();
  const [number = -1] = new Matrix(frameOf([item]), reasons).column(consumerOf('c', department), policy, mattersBy.get(department) ?? []);
  return reasons.list[number];
};

describe('a cell says', () => {
  const item = itemOf('X', {});
  test.each([
    ['nothing, where nothing was granted', [], 'WITHHELD'],
    ['the value', [tupleOf('X')], 'SHOWN'],
    ['the value, of the subjects of a case', [tupleOf('X', { bounds: [{ kind: 'case' }] })], 'SHOWN'],
    ['the value on some rows', [tupleOf('X', { bounds: [{ kind: 'registrar', codes: ['620623'] }] })], 'PARTLY'],
    ['the value for some matters', [tupleOf('X', { matters: ['M-2'] })], 'PARTLY'],
    ['the value, where one line is for some matters and another for all', [tupleOf('X', { matters: ['M-2'] }), tupleOf('X')], 'SHOWN'],
    ['the value on some rows, masked on the others', [tupleOf('X', { bounds: [{ kind: 'list', list: 'L' }] }), tupleOf('X', { mask: 'NAME' })], 'PARTLY'],
    ['the value, where one line is for some rows and another for all', [tupleOf('X', { approvalNo: 'A-2', bounds: [{ kind: 'registrar', codes: ['620623'] }] }), tupleOf('X')], 'SHOWN'],
    ['a masked value', [tupleOf('X', { mask: 'NAME' })], 'MASKED'],
    ['a yes/no', [tupleOf('X', { uses: ['verify', 'find'] })], 'VERIFY_ONLY'],
    ['that it may be found by', [tupleOf('X', { uses: ['find'] })], 'FIND_ONLY'],
    ['nothing of a grant that has ended', [tupleOf('X', { validTo: now })], 'WITHHELD'],
    ['nothing of a grant for another mode', [tupleOf('X', { modes: ['BATCH'] })], 'WITHHELD'],
    ['nothing of a grant for a matter of others', [tupleOf('X', { matters: ['M-1'] })], 'WITHHELD', 'GA'],
    ['its own records to the provider', [], 'PARTLY', 'MZ', { ownerDepartment: 'MZ' }],
    ['nothing of what is not shared', [tupleOf('X')], 'WITHHELD', 'SC', { shareType: 'NOT_SHARED' }],
  ] as const)('%s', (_what, tuples, state, department = 'SC' as never, more = {} as never) => {
    expect(stateIn({ ...item, ...(more as Partial<CatalogItem>) }, policyOf(tuples), department)?.state).toBe(state);
  });

  test('who denied it, and when it ends', () => {
    const denied = stateIn(item, policyOf([tupleOf('X')], new Map([['X', { code: 'D-1', because: '核查' }]])));
    expect(denied).toMatchObject({ state: 'WITHHELD', rule: 'denied', denial: { code: 'D-1', because: '核查' }, uses: [] });
    const ends = stateIn(item, policyOf([tupleOf('X', { validTo: '2027-01-01T00:00:00.000Z' })]));
    expect(ends).toMatchObject({ until: '2027-01-01T00:00:00.000Z', ways: [{ approvalNo: 'A-1', uses: ['read', 'verify'], validTo: '2027-01-01T00:00:00.000Z' }], takesMatter: true });
    expect(stateIn(item, policyOf([tupleOf('X', { validFrom: '2027-01-01T00:00:00.000Z' })]))).toMatchObject({ state: 'WITHHELD', until: '2027-01-01T00:00:00.000Z' });
  });
});

describe('why a cell is so', () => {
  const item = itemOf('X', {});
  const waysIn = (...tuples: readonly GrantTuple[]) => stateIn(item, policyOf(tuples))?.ways ?? [];

  test('is one of six words', () => {
    expect([...cellStates]).toEqual(['SHOWN', 'PARTLY', 'MASKED', 'VERIFY_ONLY', 'FIND_ONLY', 'WITHHELD']);
  });

  test('tells each way once, with all uses that it opens, for which matters and until when', () => {
    expect(waysIn(tupleOf('X', { uses: ['read', 'find'], mask: 'NAME', matters: ['M-2'], validTo: '2028-01-01T00:00:00.000Z' }))).toMatchObject([
      { uses: ['read'], approvalNo: 'A-1', mask: 'NAME', matters: ['M-2'], validTo: '2028-01-01T00:00:00.000Z' },
    ]);
    expect(waysIn(tupleOf('X', { uses: ['read', 'find'] })).map(({ uses: own, matters: of, validTo, mask }) => [own, of, validTo, mask])).toEqual([[['read', 'find', 'verify'], null, null, null]]);
    expect(waysIn(tupleOf('X', { validTo: '2028-01-01T00:00:00.000Z' }), tupleOf('X', { approvalNo: 'A-2', validTo: '2029-01-01T00:00:00.000Z' })).map(({ approvalNo, validTo }) => [approvalNo, validTo])).toEqual([['A-1', '2028-01-01T00:00:00.000Z'], ['A-2', '2029-01-01T00:00:00.000Z']]);
  });

  test('keeps ways apart that are for other matters, or end at another moment', () => {
    const [sooner, later] = ['2028-01-01T00:00:00.000Z', '2029-01-01T00:00:00.000Z'];
    expect(waysIn(tupleOf('X', { uses: ['verify'], validTo: sooner }), tupleOf('X', { uses: ['find'], validTo: later })).map(({ uses: own, validTo }) => [own, validTo])).toEqual([[['verify'], sooner], [['find'], later]]);
    expect(waysIn(tupleOf('X', { uses: ['verify'], matters: ['M-1'] }), tupleOf('X', { uses: ['find'], matters: ['M-2'] })).map(({ uses: own, matters: of }) => [own, of])).toEqual([[['verify'], ['M-1']], [['find'], ['M-2']]]);
    const open = stateIn(itemOf('X', { shareType: 'UNCONDITIONAL', sensitivity: 'S1' }), noPolicy)?.ways ?? [];
    expect(open.map(({ matters: of, validTo, approvalNo, mask }) => [of, validTo, approvalNo, mask])).toEqual([[null, null, null, null]]);
  });

  test('is signed by the rule that refuses reading, where nothing is allowed', () => {
    const refused = (use: 'find' | 'read', rule: string) => ({ ...accessTo({ caller: consumerOf('c', 'SC'), policy: noPolicy, catalog: new Catalog([item]), sealed: false, matters, mode: 'QUERY', at: now }, 'X', use), verdict: { allowed: false, ways: [], rule, because: '', apply: null, until: null } });
    expect(reasonOf([refused('find', 'one'), refused('read', 'other')], null)).toMatchObject({ rule: 'other', state: 'WITHHELD', uses: [] });
  });

  test('has its ways in the same order, however the lines came', () => {
    const lines = [tupleOf('X', { approvalNo: 'A-2' }), tupleOf('X', { approvalNo: 'A-1' }), tupleOf('X', { approvalNo: 'A-3', mask: 'NAME' }), tupleOf('X', { bounds: [{ kind: 'list', list: 'L' }] })];
    expect(waysIn(...lines)).toEqual(waysIn(...[...lines].reverse()));
    const { words } = waysIn(...lines)[0] as { words: { zh: string } };
    expect(waysIn(...lines).every((way) => way.words.zh >= words.zh)).toBe(true);
  });

  test('ends when the first of what it stands on begins or ends', () => {
    const reason = stateIn(item, policyOf([tupleOf('X', { uses: ['read'], validTo: '2029-01-01T00:00:00.000Z' }), tupleOf('X', { uses: ['find'], validTo: '2028-01-01T00:00:00.000Z' })]));
    expect(reason?.until).toBe('2028-01-01T00:00:00.000Z');
    expect(stateIn(item, policyOf([tupleOf('X')]))?.until).toBeNull();
  });

  test('says what has to be named, and by which rule', () => {
    expect(stateIn(item, policyOf([tupleOf('X', { bounds: [{ kind: 'case' }] })]))).toMatchObject({ takesMatter: true, takesCase: true, rule: 'granted' });
    expect(stateIn(item, policyOf([tupleOf('X', { matters: ['M-2'] })]))).toMatchObject({ takesMatter: true, takesCase: false });
    expect(stateIn(itemOf('X', { shareType: 'UNCONDITIONAL', sensitivity: 'S1' }), noPolicy)).toMatchObject({ state: 'SHOWN', takesMatter: false, takesCase: false, denial: null });
    expect(reasonOf([], null)).toEqual({ state: 'WITHHELD', rule: '', uses: [], ways: [], denial: null, takesMatter: false, takesCase: false, until: null });
  });

  test('is what one use is open for, in its own words', () => {
    const caller = consumerOf('c', 'SC');
    const at = { caller, policy: policyOf([tupleOf('X', { uses: ['find'], matters: ['M-1', 'M-3'], validTo: '2028-01-01T00:00:00.000Z' })]), catalog: new Catalog([item]), sealed: false, matters: mattersOf(caller), mode: 'QUERY' as const, at: now };
    const found = accessTo(at, 'X', 'find');
    expect(found).toMatchObject({ consumer: caller, item: 'X', itemName: '名称 X', use: 'find', takesMatter: true, takesCase: true, verdict: { allowed: true, until: '2028-01-01T00:00:00.000Z' } });
    expect(found.ways.map(({ tuple }) => tuple?.matters)).toEqual([['M-1', 'M-3']]);
    // Under the first matter it lasts for longer than under the other: the moment is that of whatever changes first.
    const two = policyOf([tupleOf('X', { uses: ['find'], matters: ['M-1'], validTo: '2029-01-01T00:00:00.000Z' }), tupleOf('X', { uses: ['find'], matters: ['M-3'], validTo: '2028-01-01T00:00:00.000Z' })]);
    expect(accessTo({ ...at, policy: two }, 'X', 'find').verdict.until).toBe('2028-01-01T00:00:00.000Z');
    expect(accessTo(at, 'X', 'read')).toMatchObject({ use: 'read', ways: [], takesMatter: false, takesCase: false, verdict: { allowed: false } });
    expect(accessTo(at, 'no item', 'read')).toMatchObject({ item: 'no item', itemName: '', verdict: { allowed: false } });
  });
});

describe('lines of grants', () => {
  const [then, soon, later] = ['2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z'];
  const lines = [tupleOf('X', { approvalNo: 'B', validTo: later, matters: ['M-2', 'M-1'] }), tupleOf('X', { approvalNo: 'A', validFrom: soon, matters: ['M-1'] }), tupleOf('X', { approvalNo: 'B' })];

  test('are alike where only the item, the numbers and the moments are others', () => {
    const like = alike(lines);
    expect(like).toMatchObject({ approvals: ['B', 'A'], moments: [then, soon, later], matters: ['M-1', 'M-2'] });
    expect(alike(lines)).toBe(like);
    const others = lines.map((line) => ({ ...line, item: 'Y', approvalNo: line.approvalNo === 'B' ? 'C' : 'D', validTo: line.validTo === null ? null : '2029-05-05T00:00:00.000Z' }));
    expect(alike(others).name).toBe(like.name);
    expect(alike(others).own === like.own).toBe(false);
    for (const other of [{ uses: ['find'] as const }, { mask: 'NAME' as const }, { validTo: null }, { validTo: then }, { approvalNo: 'A' }, { quotaPerDay: 3 }]) {
      expect(alike([{ ...(lines[0] as GrantTuple), ...other }, ...lines.slice(1)]).name === like.name, JSON.stringify(other)).toBe(false);
    }
  });

  test('know how many of their moments have come', () => {
    expect(['2025-01-01T00:00:00.000Z', then, now, soon, '2027-06-01T00:00:00.000Z', later, '2030-01-01T00:00:00.000Z'].map((at) => come(alike(lines), at))).toEqual([0, 1, 1, 2, 2, 3, 3]);
  });

  test('get their own numbers and moments back', () => {
    const { text, moment } = putBack(alike(lines));
    const [first, second] = underStandIns(lines, now) as [GrantTuple, GrantTuple];
    expect([first.validFrom <= now, (first.validTo as string) > now, second.validFrom > now, second.validFrom < (first.validTo as string)]).toEqual([true, true, true, true]);
    expect([moment(first.validFrom), moment(first.validTo as string), moment(second.validFrom)]).toEqual([then, later, soon]);
    expect([text(`granted under ${first.approvalNo}, then ${second.approvalNo}`), text('nothing of it'), text('')]).toEqual(['granted under B, then A', 'nothing of it', '']);
    expect([moment('2031-01-01T00:00:00.000Z'), second.validTo, first.item]).toEqual(['2031-01-01T00:00:00.000Z', null, 'X']);
  });
});

describe('every cell', () => {
  const itemIn = (code: string): fc.Arbitrary<CatalogItem> => fc.record({
    ownerDepartment: fc.constantFrom(...departments), shareType: fc.constantFrom('UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'), keyShareType: fc.constantFrom(null, 'UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'),
    sensitivity: fc.constantFrom('S1', 'S3', 'S4'), mask: fc.constantFrom('', 'NAME', 'ID_NUMBER'), kind: fc.constantFrom('BASIC', 'BUSINESS'), open: fc.boolean(),
  }).map((own) => itemOf(code, own as Partial<CatalogItem>));
  const tupleIn = (code: string): fc.Arbitrary<GrantTuple> => fc.record({
    approvalNo: fc.constantFrom('A-1', 'A-2'), uses: fc.subarray([...uses], { minLength: 1 }), modes: fc.subarray(['QUERY', 'BATCH'] as const, { minLength: 1 }), mask: fc.constantFrom(null, null, 'NAME', 'ID_NUMBER', 'ID_NUMBER_STRICT'),
    bounds: fc.subarray([{ kind: 'case' }, { kind: 'registrar', codes: ['620623'] }, { kind: 'list', list: 'L' }] as const), matters: fc.constantFrom(null, ['M-1'], ['M-2', 'M-3'], ['M-9']),
    quotaPerDay: fc.constantFrom(null, 5), validFrom: fc.constantFrom('2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'), validTo: fc.constantFrom(null, '2026-06-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z'),
  }).map((own) => tupleOf(code, own as Partial<GrantTuple>));
  const codes = ['X-1', 'X-2', 'X-3', 'X-4', 'X-5', 'X-6'];
  const policyIn = fc.tuple(fc.tuple(...codes.map((code) => fc.array(tupleIn(code), { maxLength: 3 }))), fc.subarray(codes, { maxLength: 2 }))
    .map(([tuples, denied]) => policyOf(tuples.flat(), new Map(denied.map((code) => [code, { code: `D ${code}`, because: '核查' }]))));
  const decidedIn = fc.array(fc.tuple(fc.constantFrom(...departments), policyIn), { minLength: 1, maxLength: 6 });

  test('is what is decided about its uses one by one', () => {
    fc.assert(fc.property(fc.tuple(...codes.map(itemIn)), decidedIn, fc.constantFrom('QUERY', 'BATCH'), (items, decided, mode) => {
      const frame = { ...frameOf(items), mode } as MatrixFrame;
      const reasons = new CellReasons();
      const matrix = new Matrix(frame, reasons);
      for (const [index, [department, policy]] of decided.entries()) {
        const caller = consumerOf(`c-${index}`, department);
        const column = matrix.column(caller, policy, mattersOf(caller));
        const one = { caller, policy, catalog: frame.catalog, sealed: false, matters: mattersOf(caller), mode: frame.mode, at: now };
        for (const [row, { code }] of items.entries()) expect(reasons.list[column[row] as number]).toEqual(inOrder(reasonOf(uses.map((use) => accessTo(one, code, use)), policy.denials.get(code) ?? null)));
      }
    }), { numRuns: 300 });
  });
});

describe('of cells that are alike one is judged', () => {
  /** How many of these cells are judged, and how many are given a number anew. */
  class Counting extends CellReasons {
    numbered = 0;
    override numberOf(reason: Parameters<CellReasons['numberOf']>[0]): number {
      this.numbered += 1;
      return super.numberOf(reason);
    }
  }
  const counted = (items: readonly CatalogItem[], asked: readonly (readonly [department: string, policy: Policy, codes: readonly string[]])[]) => {
    const reasons = new Counting();
    const matrix = new Matrix(frameOf(items), reasons);
    for (const [index, [department, policy, codes]] of asked.entries()) matrix.column(consumerOf(`c-${index}`, department), policy, matters.filter(({ code }) => codes.includes(code)));
    return [matrix.judged, reasons.numbered];
  };
  const item = itemOf('X', { ownerDepartment: 'ZF' });

  test('for each kind of matters: none, with a case, without, both', () => {
    expect(counted([item], [['GA', noPolicy, []], ['GA', noPolicy, ['M-1']], ['MZ', noPolicy, ['M-3']], ['GA', noPolicy, ['M-2']], ['GA', noPolicy, ['M-1', 'M-2']], ['SC', noPolicy, ['M-2', 'M-3']]])).toEqual([4, 4]);
  });

  test('for each provider, who is told so by name, and for all others together', () => {
    const two = [itemOf('X', { ownerDepartment: 'GA' }), itemOf('Y', { ownerDepartment: 'MZ' })];
    expect(counted(two, [['GA', noPolicy, []], ['MZ', noPolicy, []], ['SC', noPolicy, []], ['GA', noPolicy, []]])).toEqual([3, 3]);
  });

  test('for each denial', () => {
    const denied = (code: string): Policy => policyOf([], new Map([['X', { code, because: '核查' }]]));
    expect(counted([item], [['GA', denied('D-1'), []], ['GA', denied('D-1'), []], ['GA', denied('D-2'), []], ['GA', noPolicy, []]])).toEqual([3, 3]);
  });

  test('for each kind of lines, by those of their matters that may be named; numbers and moments are put back', () => {
    const granted = (more: Partial<GrantTuple>): Policy => policyOf([tupleOf('X', more)]);
    // The numbers of approvals differ, and nothing else.
    expect(counted([item], [['GA', granted({}), ['M-1']], ['GA', granted({ approvalNo: 'A-2' }), ['M-1']], ['GA', granted({}), ['M-1']], ['GA', noPolicy, ['M-1']]])).toEqual([2, 3]);
    // One has begun, the other has not.
    expect(counted([item], [['GA', granted({}), ['M-1']], ['GA', granted({ validFrom: '2027-01-01T00:00:00.000Z' }), ['M-1']]])[0]).toBe(2);
    const forTwo = granted({ matters: ['M-1', 'M-9'] });
    expect(counted([item], [['GA', forTwo, ['M-1']], ['GA', forTwo, ['M-3']], ['GA', forTwo, ['M-1', 'M-3']]])[0]).toBe(2);
  });

  test('and what is the same object is not written out again', () => {
    let written = 0;
    const reason = { ...reasonOf([], null), toJSON: () => (written += 1, 'it') };
    const reasons = new CellReasons();
    const other = reasons.numberOf(reasonOf([], null));
    expect([reasons.numberOf(reason), reasons.numberOf(reason), reasons.numberOf({ ...reason }), written]).toEqual([other + 1, other + 1, other + 1, 2]);
    // Nor for another matrix.
    expect([new CellReasons().numberOf(reason), written]).toEqual([0, 2]);
  });
});

describe('of 400 items and 200 consumers', () => {
  const kinds = ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'].flatMap((shareType) => ['S1', 'S2', 'S3', 'S4'].map((sensitivity) => ({ shareType, sensitivity }) as Partial<CatalogItem>));
  const items = Array.from({ length: 400 }, (_, index) => itemOf(`X-${index}`, { ...kinds[index % kinds.length], ownerDepartment: departments[index % 3] as string }));
  const consumers = Array.from({ length: 200 }, (_, index) => consumerOf(`c-${index}`, departments[index % 3] as string));
  const made = (policyFor: (index: number) => Policy) => {
    const reasons = new CellReasons();
    const matrix = new Matrix(frameOf(items), reasons);
    const columns = consumers.map((consumer, index) => matrix.column(consumer, policyFor(index), mattersOf(consumer)));
    expect(columns.flat()).toHaveLength(80_000);
    return { judged: matrix.judged, reasons: reasons.list.length };
  };

  test('one of each kind is judged: of an item, for the matters of a department, its own or not', () => {
    const { judged, reasons } = made(() => noPolicy);
    expect(judged).toBe(kinds.length * 3);
    expect(reasons).toBeLessThan(judged);
  });

  test('lines of grants that are alike are judged once for each kind of item, under whatever numbers and until whenever they were approved', () => {
    const { judged, reasons } = made((index) => policyOf(items.filter((_item, row) => row % 2 === 0).map(({ code }) => tupleOf(code, { approvalNo: `A-${index}`, validTo: new Date(Date.parse(now) + (index + 1) * 86_400_000).toISOString() }))));
    expect(judged).toBeLessThanOrEqual(2 * kinds.length * departments.length * 2);
    expect(reasons).toBeGreaterThan(consumers.length);
  });

  test('lines that differ in what they open are judged by themselves', () => {
    const { judged } = made((index) => policyOf(items.map(({ code }) => tupleOf(code, { bounds: [{ kind: 'list', list: `L-${index}` }] }))));
    expect(judged).toBeGreaterThanOrEqual(consumers.length);
    expect(judged).toBeLessThanOrEqual(consumers.length * kinds.length * 2);
  });
});
