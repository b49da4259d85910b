/**
 * Columns of the matrix that are kept: judged once for whoever asks for whatever of them, and there before anybody has asked.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fieldPermissions, mostCells } from '../../src/graphql/field-permissions.ts';
import type { PermissionScope } from '../../src/graphql/field-permissions.ts';
import { ColumnKeeper } from '../../src/graphql/permission-keeper.ts';
import { KeptColumns } from '../../src/graphql/permission-columns.ts';
import type { Standing } from '../../src/identity/standing.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import { sharedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { servedHub } from '../world/served.ts';

const at = '2026-11-26T00:00:00.000Z';
let hub: TestHub;
let standing: Standing;
let consumers: number;
beforeAll(async () => {
  hub = await sharedHub();
  standing = hub.standing;
  consumers = [...standing.consumers()].length;
});
afterAll(() => hub?.close());

const all: PermissionScope = { registry: null, items: null, consumers: null, mode: 'QUERY', concerns: () => true };
const onAndOn = { halt: async () => undefined, goesOn: () => true };
const ask = (kept: KeptColumns, scope: Partial<PermissionScope> = {}, halt = async (): Promise<void> => undefined) => fieldPermissions(hub.schema.contract, { ...all, ...scope }, { standing, at, kept }, halt);
const found = (kept: KeptColumns, own = standing): number => {
  const columns = kept.of(own, 'QUERY', at);
  return [...own.consumers()].filter((consumer) => columns.find(consumer) !== undefined).length;
};

describe('a column is judged once', () => {
  test('for all questions: all registries, one, some items, a department\'s', async () => {
    const kept = new KeptColumns(hub.schema.contract);
    const whole = await ask(kept);
    expect(kept.judged).toBe(consumers);
    for (const scope of [{}, { registry: 'CREDIT' }, { registry: 'POPULATION', items: ['RK-0001', 'RK-0013'] }, { consumers: ['test-police'] }, { concerns: ({ ownerDepartment }: { readonly ownerDepartment: string }) => ownerDepartment === '620623-MZ' }] as const) {
      const { items, consumers: columns, reasons, cells } = await ask(kept, scope);
      expect([items.length > 0, reasons.length, new Set(cells.flat()).size]).toEqual([true, new Set(cells.flat()).size, reasons.length]);
      for (const [row, { code }] of items.entries()) {
        for (const [column, { consumer }] of columns.entries()) {
          const same = whole.cells[whole.items.findIndex((item) => item.code === code)]?.[whole.consumers.findIndex((one) => one.consumer === consumer)];
          expect(reasons[cells[row]?.[column] as number]).toBe(whole.reasons[same as number]);
        }
      }
    }
    expect(kept.judged).toBe(consumers);
  });

  test('where few of its cells are asked for, these are judged and it is not kept', async () => {
    const kept = new KeptColumns(hub.schema.contract);
    expect((await ask(kept, { items: ['RK-0001'] })).cells).toHaveLength(1);
    expect([kept.judged, found(kept)]).toEqual([0, 0]);
  });

  test('by whoever comes to it first: the keeper, or somebody who asks meanwhile', async () => {
    const kept = new KeptColumns(hub.schema.contract);
    let [halts, asked]: [number, Promise<unknown>] = [0, Promise.resolve()];
    const halt = async (): Promise<void> => {
      halts += 1;
      await new Promise((wake) => { setImmediate(wake); });
    };
    await kept.fill(standing, 'QUERY', at, mostCells, { halt: async () => {
      if (halts === 2) asked = ask(kept, {}, halt);
      await halt();
    }, goesOn: () => true });
    await asked;
    expect([kept.judged, found(kept), halts]).toEqual([consumers, consumers, consumers]);
  });
});

describe('columns are judged beforehand', () => {
  test('while it is to go on, and none of more than one matrix may have', async () => {
    const kept = new KeptColumns(hub.schema.contract);
    await kept.fill(standing, 'QUERY', at, 1000, onAndOn);
    expect(kept.judged).toBe(0);
    await kept.fill(standing, 'QUERY', at, mostCells, { ...onAndOn, goesOn: () => kept.judged < 3 });
    expect(kept.judged).toBe(3);
    await kept.fill(standing, 'QUERY', at, mostCells, onAndOn);
    await kept.fill(standing, 'QUERY', at, mostCells, onAndOn);
    expect(kept.judged).toBe(consumers);
  });

  test('for as long as the hub serves, and after a change the one that it is about; what fails is told and tried again', async () => {
    const kept = new KeptColumns(hub.schema.contract);
    const told: unknown[] = [];
    let current: () => Standing = () => {
      throw new Error('not yet');
    };
    const keeper = new ColumnKeeper({ columns: kept, standing: () => current(), now: () => new Date(at), tell: (error) => told.push(error) });
    keeper.start();
    await vi.waitFor(() => expect(told).toEqual([new Error('not yet')]), { timeout: 10_000 });
    current = () => standing;
    await vi.waitFor(() => expect(found(kept)).toBe(consumers), { timeout: 20_000 });
    const changed = standing.withPolicy('test-police', { ...noPolicy, version: 'another' });
    current = () => changed;
    await vi.waitFor(() => expect(found(kept, changed)).toBe(consumers), { timeout: 20_000 });
    expect(kept.judged).toBe(consumers + 1);
    await keeper.stop();
  });

  test('in a hub that has begun to serve, before anybody has asked', async () => {
    const served = await servedHub();
    const own = served.hub.standing.current;
    const columns = served.hub.columns.of(own, 'QUERY', new Date().toISOString());
    await vi.waitFor(() => expect([...own.consumers()].every((consumer) => columns.find(consumer) !== undefined)).toBe(true), { timeout: 30_000, interval: 100 });
    await served.close();
  });
});
