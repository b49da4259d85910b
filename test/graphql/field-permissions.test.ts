/**
 * The matrix of field permissions as it is asked for: every cell says what `whoMaySee` says, for whom it concerns, today and in the past.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrators, callers } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub } from '../world/hub.ts';
import type { Answer, TestHub } from '../world/hub.ts';

/** The template's catalog is written down by the clock of the machine: the past of these tests begins after it. */
const day = 86_400_000;
let clock = Date.now() + day;
let hub: TestHub;

beforeAll(async () => {
  hub = await clonedHub({ now: () => new Date(clock) });
  await grantTo(hub, 'test-market', 'A-M-1', [
    { item: 'RK-0001', mask: 'ID_NUMBER_STRICT' }, { item: 'RK-0013', uses: ['READ', 'VERIFY'], bounds: [{ division: { by: 'RESIDENCE', codes: ['620623'] } }], validTo: new Date(clock + 40 * day).toISOString() },
    { item: 'RK-0017', uses: ['VERIFY'] }, { item: 'RK-0003', modes: ['BATCH'] },
  ]);
  await grantTo(hub, 'test-credit', 'A-M-2', [{ item: 'RK-0013', matters: ['TEST-ANY-PURPOSE'] }, { item: 'RK-0017', uses: ['FIND'] }]);
  await decided(hub, 'mutation { deny(code: "D-M-1", whom: { department: "620623-CL" }, item: "RK-0002", because: "核查中") }');
});
afterAll(() => hub?.close());

interface Reason { readonly state: string; readonly rule: string; readonly uses: readonly string[]; readonly ways: readonly { readonly uses: readonly string[]; readonly words: string; readonly approvalNo: string | null; readonly validTo: string | null }[]; readonly denial: string | null; readonly takesMatter: boolean; readonly until: string | null }
interface Matrix { readonly at: string; readonly items: readonly { readonly code: string; readonly ownerDepartmentCode: string }[]; readonly consumers: readonly { readonly code: string }[]; readonly reasons: readonly Reason[]; readonly cells: readonly (readonly number[])[] }
interface Seen { readonly consumer: string; readonly use: string; readonly allowed: boolean; readonly rule: string; readonly until: string | null; readonly ways: readonly { readonly approvalNo: string | null; readonly mask: string | null; readonly bounds: readonly { readonly case: boolean | null }[]; readonly tuple: { readonly matters: readonly string[] | null } | null }[] }

const reasonFields = 'reasons { state rule uses ways { uses words approvalNo mask matters validTo } denial deniedBecause takesMatter takesCase until }';
const matrixDocument = `query ($registry: Registry, $items: [String!], $consumers: [ID!], $mode: Mode! = QUERY, $at: DateTime) { fieldPermissions(registry: $registry, items: $items, consumers: $consumers, mode: $mode, at: $at) {
  at standing items { code name ownerDepartmentCode shareType sensitivity masks } consumers { code name departmentCode departmentName } ${reasonFields} cells } }`;
const askMatrix = (who: CallerName | AdministratorName | 'stranger', variables: Readonly<Record<string, unknown>> = {}): Promise<Answer> => hub.ask(who, matrixDocument, { variables: { registry: 'POPULATION', ...variables } });
const matrixOf = async (who: AdministratorName, variables: Readonly<Record<string, unknown>> = {}): Promise<Matrix> => {
  const { data, errors } = await askMatrix(who, variables);
  expect(errors).toEqual([]);
  return data['fieldPermissions'] as unknown as Matrix;
};
const cellIn = ({ items, consumers, reasons, cells }: Matrix, item: string, consumer: string): Reason | undefined =>
  reasons[cells[items.findIndex(({ code }) => code === item)]?.[consumers.findIndex(({ code }) => code === consumer)] ?? -1];
/** READ, FIND, KEY, EXIST, VERIFY. */
const useCount = 5;
const codesOf = ({ errors }: Answer) => errors.map(({ extensions }) => String(extensions['code']));

/** What a cell has to say, from what `whoMaySee` says of its uses. */
function stateBy(seen: readonly Seen[]): string {
  const allowed = seen.filter((own) => own.allowed);
  const read = allowed.find(({ use }) => use === 'READ');
  if (read === undefined) return allowed.some(({ use }) => use === 'VERIFY') ? 'VERIFY_ONLY' : allowed.length > 0 ? 'FIND_ONLY' : 'WITHHELD';
  const plain = read.ways.filter(({ mask }) => mask === null);
  if (plain.length === 0) return 'MASKED';
  return plain.some(({ bounds, tuple }) => bounds.every((bound) => bound.case === true) && (tuple?.matters ?? null) === null) ? 'SHOWN' : 'PARTLY';
}

describe('every cell', () => {
  it.each(['QUERY', 'BATCH', 'SUBSCRIBE'])('says what whoMaySee says, in the mode %s', async (mode) => {
    const matrix = await matrixOf('auditor', { mode });
    expect(matrix.items.length).toBeGreaterThan(150);
    expect(matrix.consumers.map(({ code }) => code)).toEqual(expect.arrayContaining(Object.keys(callers).map((name) => `test-${name}`)));
    const states = new Set<string>();
    for (const [row, { code }] of matrix.items.entries()) {
      const { data } = await hub.ask('auditor', `query ($item: String!, $mode: Mode!) { whoMaySee(item: $item, mode: $mode) { consumer use allowed rule until ways { approvalNo mask bounds { case } tuple { matters } } } }`, { variables: { item: code, mode } });
      const seen = Map.groupBy(data['whoMaySee'] as unknown as readonly Seen[], ({ consumer }) => consumer);
      for (const [column, { code: consumer }] of matrix.consumers.entries()) {
        const own = seen.get(consumer) ?? [];
        const reason = matrix.reasons[matrix.cells[row]?.[column] as number] as Reason;
        const best = own.find(({ use, allowed }) => use === 'READ' && allowed) ?? own.find(({ use, allowed }) => use === 'VERIFY' && allowed) ?? own.find(({ allowed }) => allowed) ?? own.find(({ use }) => use === 'READ');
        expect({ code, consumer, state: reason.state, uses: reason.uses, approvals: new Set(reason.ways.flatMap(({ approvalNo }) => approvalNo ?? [])) }).toEqual({
          code, consumer, state: stateBy(own), uses: own.filter(({ allowed }) => allowed).map(({ use }) => use), approvals: new Set(own.flatMap(({ ways }) => ways.flatMap(({ approvalNo }) => approvalNo ?? []))),
        });
        if (best !== undefined) expect([code, consumer, reason.rule]).toEqual([code, consumer, best.rule]);
        // Of a use that is withheld whoMaySee tells nothing, so when that may change is compared where none is.
        if (own.length === useCount) expect(reason.until).toBe(own.flatMap(({ until }) => until ?? []).toSorted()[0] ?? null);
        states.add(reason.state);
      }
    }
    if (mode === 'QUERY') expect(states).toEqual(new Set(['SHOWN', 'PARTLY', 'MASKED', 'VERIFY_ONLY', 'FIND_ONLY', 'WITHHELD']));
  });

  it('says why', async () => {
    const matrix = await matrixOf('security');
    expect(cellIn(matrix, 'RK-0013', 'test-market')).toMatchObject({ state: 'PARTLY', rule: 'granted', takesMatter: true, ways: [{ uses: ['READ', 'VERIFY'], approvalNo: 'A-M-1', words: expect.stringContaining('居住地在 620623000000 及其下级') }] });
    expect(cellIn(matrix, 'RK-0013', 'test-credit')).toMatchObject({ state: 'PARTLY', ways: [{ approvalNo: 'A-M-2', matters: ['TEST-ANY-PURPOSE'] }] });
    expect(cellIn(matrix, 'RK-0001', 'test-market')).toMatchObject({ state: 'MASKED' });
    expect(cellIn(matrix, 'RK-0017', 'test-market')).toMatchObject({ state: 'VERIFY_ONLY' });
    expect(cellIn(matrix, 'RK-0017', 'test-credit')).toMatchObject({ state: 'FIND_ONLY' });
    expect(cellIn(matrix, 'RK-0002', 'test-disabledFederation')).toMatchObject({ state: 'WITHHELD', rule: 'denied', denial: 'D-M-1', deniedBecause: '核查中' });
    expect(cellIn(matrix, 'RK-0003', 'test-police')).toMatchObject({ state: 'PARTLY', rule: 'own data' });
  });

  it('takes no record and few reasons', async () => {
    const { statements, data } = await askMatrix('security', { registry: null });
    const matrix = data['fieldPermissions'] as unknown as Matrix;
    expect(statements).toBe(0);
    expect(matrix.items.length * matrix.consumers.length).toBeGreaterThan(50 * matrix.reasons.length);
  });
});

describe('columns that are kept', () => {
  const uncached = async (): Promise<Matrix> => matrixOf('security', { at: new Date(clock + 1).toISOString() });
  const cellsOf = ({ items, consumers, ...rest }: Matrix) => items.flatMap(({ code }) => consumers.map((consumer) => cellIn({ items, consumers, ...rest }, code, consumer.code)));

  it('are what would be judged anew: after grants and denials, after another catalog, and when a line ends', async () => {
    const same = async () => expect(cellsOf(await matrixOf('security'))).toEqual(cellsOf(await uncached()));
    await same();
    await grantTo(hub, 'test-market', 'A-K-1', [{ item: 'RK-0004', validTo: new Date(clock + 1000).toISOString() }]);
    await same();
    expect(cellIn(await matrixOf('security'), 'RK-0004', 'test-market')?.state).toBe('SHOWN');
    clock += 1000;
    await same();
    expect(cellIn(await matrixOf('security'), 'RK-0004', 'test-market')?.state).toBe('WITHHELD');
    await decided(hub, 'mutation { deny(code: "D-K-1", whom: { department: "620623-SC" }, item: "RK-0005", because: "核查中") }');
    await same();
    expect(cellIn(await matrixOf('security'), 'RK-0005', 'test-market')?.rule).toBe('denied');
    await hub.database.sql`update catalog_item set share_type = 'NOT_SHARED' where code = 'RK-0006'`;
    await decided(hub, 'mutation { endDenial(code: "D-K-1") }');
    await same();
    expect(cellIn(await matrixOf('security'), 'RK-0006', 'test-market')?.rule).toBe('never shared');
    await hub.database.sql`update catalog_item set share_type = 'CONDITIONAL' where code = 'RK-0006'`;
    await decided(hub, 'mutation { endGrant(approvalNo: "A-K-1") }');
    await same();
  });
});

describe('which cells', () => {
  it('a registry, some items, some consumers', async () => {
    const some = await matrixOf('security', { items: ['RK-0013', 'RK-0002'], consumers: ['test-police', 'test-market'] });
    expect([some.items.map(({ code }) => code), some.consumers.map(({ code }) => code), some.cells.map((row) => row.length)]).toEqual([['RK-0002', 'RK-0013'], ['test-police', 'test-market'], [2, 2]]);
    expect(codesOf(await askMatrix('security', { items: ['KJ-0001'] }))).toEqual(['BAD_INPUT']);
    expect(codesOf(await askMatrix('security', { consumers: ['nobody'] }))).toEqual(['BAD_INPUT']);
  });

  it('are those of his department for a steward, and all for who oversees', async () => {
    const own = await matrixOf('civilSteward', { registry: null });
    expect(own.items.length).toBeGreaterThan(5);
    expect(new Set(own.items.map(({ ownerDepartmentCode }) => ownerDepartmentCode))).toEqual(new Set([administrators.civilSteward.department]));
    expect(codesOf(await askMatrix('civilSteward', { items: ['RK-0001'] }))).toEqual(['BAD_INPUT']);
    const all = await matrixOf('security', { registry: null });
    for (const { code } of own.items) for (const { code: consumer } of own.consumers) expect(cellIn(own, code, consumer)).toEqual(cellIn(all, code, consumer));
  });

  it('are nobody else\'s to see', async () => {
    for (const name of [...Object.keys(callers), ...Object.keys(administrators)] as (CallerName | AdministratorName)[]) {
      const open = ['security', 'auditor', 'steward', 'civilSteward'].includes(name);
      expect([name, codesOf(await askMatrix(name))]).toEqual([name, open ? [] : ['FORBIDDEN']]);
      expect([name, codesOf(await hub.ask(name, `{ fieldPermissionChanges(registry: CREDIT, from: "${new Date(clock).toISOString()}") { from } }`))]).toEqual([name, open ? [] : ['FORBIDDEN']]);
    }
    expect(codesOf(await askMatrix('stranger'))).toEqual(['UNAUTHENTICATED']);
  });

  it('are so many at most', async () => {
    await hub.database.sql`insert into consumer (code, name, department_code) select 'crowd-' || n, '应用', ${callers.market} from generate_series(1, 1000) n`;
    await decided(hub, 'mutation { endGrant(approvalNo: "none") }');
    expect(codesOf(await askMatrix('security'))).toEqual(['BAD_INPUT']);
    expect((await matrixOf('security', { items: ['RK-0001'] })).consumers.length).toBeGreaterThan(1000);
    await hub.database.sql`delete from consumer where code like 'crowd-%'`;
    await decided(hub, 'mutation { endGrant(approvalNo: "none") }');
  });
});

describe('the past', () => {
  const changesDocument = `query ($from: DateTime!, $to: DateTime) { fieldPermissionChanges(registry: POPULATION, from: $from, to: $to) { items { code } consumers { code } ${reasonFields} changes { item consumer before after } } }`;

  it('is told again as it was told then, and what has changed since is what differs', async () => {
    const then = await matrixOf('security');
    const moment = new Date(clock).toISOString();
    clock += 1000;
    await grantTo(hub, 'test-naturalResources', 'A-M-3', [{ item: 'RK-0013' }]);
    await decided(hub, 'mutation { endGrant(approvalNo: "A-M-2") }');
    await decided(hub, 'mutation { deny(code: "D-M-2", whom: { consumer: "test-police" }, item: "RK-0002", because: "核查中") }');
    clock += day;
    const again = await matrixOf('security', { at: moment });
    expect(again).toEqual(then);
    const now = await matrixOf('security');
    const differ = then.items.flatMap(({ code: item }) => then.consumers.flatMap(({ code: consumer }) => {
      const [before, after] = [cellIn(then, item, consumer), cellIn(now, item, consumer)];
      return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ item, consumer, before, after }];
    }));
    expect(differ.map(({ item, consumer, after }) => [item, consumer, after?.state])).toEqual(expect.arrayContaining([
      ['RK-0002', 'test-police', 'WITHHELD'], ['RK-0013', 'test-naturalResources', 'SHOWN'], ['RK-0013', 'test-credit', 'WITHHELD'], ['RK-0017', 'test-credit', 'WITHHELD'],
    ]));
    const { data, errors } = await hub.ask('security', changesDocument, { variables: { from: moment } });
    expect(errors).toEqual([]);
    const told = data['fieldPermissionChanges'] as unknown as { items: { code: string }[]; consumers: { code: string }[]; reasons: Reason[]; changes: { item: string; consumer: string; before: number; after: number }[] };
    const inOrder = (all: readonly { readonly item: string; readonly consumer: string }[]) => all.toSorted((a, b) => (`${a.item} ${a.consumer}` < `${b.item} ${b.consumer}` ? -1 : 1));
    expect(inOrder(told.changes.map(({ item, consumer, before, after }) => ({ item, consumer, before: told.reasons[before], after: told.reasons[after] })))).toEqual(inOrder(differ));
    expect(new Set(told.items.map(({ code }) => code))).toEqual(new Set(differ.map(({ item }) => item)));
    expect((await hub.ask('security', changesDocument, { variables: { from: moment, to: moment } })).data['fieldPermissionChanges']).toEqual({ items: [], consumers: [], reasons: expect.anything(), changes: [] });
  });

  it('knows an application from when it was registered', async () => {
    const before = new Date(clock).toISOString();
    clock += 1000;
    expect(codesOf(await hub.ask('system', 'mutation { registerConsumer(consumer: { code: "new-app", name: "新应用", departmentCode: "620623-SC" }) }'))).toEqual([]);
    clock += 120_000;
    const { data } = await hub.ask('security', changesDocument, { variables: { from: before } });
    const { consumers, changes } = data['fieldPermissionChanges'] as unknown as { consumers: { code: string }[]; changes: { before: number | null; after: number | null }[] };
    expect(consumers).toEqual([{ code: 'new-app' }]);
    expect(changes.length).toBeGreaterThan(150);
    expect(changes.every(({ before: was, after }) => was === null && after !== null)).toBe(true);
  });
});
