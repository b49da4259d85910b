/**
 * An outline read again is judged as the operation itself, whatever it is and under whatever standing: the same asks, the same refusals,
 * the same delivered and withheld. And nothing stands in it but names of the contract.
 */
import fc from 'fast-check';
import { getVariableValues, Kind, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withheldEntries } from '../../src/graphql/answer.ts';
import { documentOf } from '../../src/graphql/past-operation.ts';
import { readOperation } from '../../src/query/asks.ts';
import { deliveredOf, eachDelivered } from '../../src/query/delivered.ts';
import { outlineOf, readOutline } from '../../src/query/outline.ts';
import { placesOf } from '../../src/query/places.ts';
import type { Tree } from '../../src/query/tree.ts';
import { planOf } from '../../src/sharing/plan.ts';
import type { Ask } from '../../src/sharing/terms.ts';
import type { Standpoint } from '../../src/sharing/verdict.ts';
import { Operations } from './operations.ts';
import { seed, sharedWorld } from './world.ts';
import type { DifferentialWorld } from './world.ts';

const runs = Number(process.env['HUB_TEST_RUNS'] ?? 300);

let world: DifferentialWorld;
beforeAll(async () => {
  world = await sharedWorld();
});
afterAll(() => world?.close());

/** All that a standing makes of an operation. */
function judged(tree: Tree, asks: readonly Ask[], standpoint: Standpoint): unknown {
  const { contract } = world.hub;
  const plan = planOf(asks, standpoint, contract.itemsOfTypes, contract.weaker);
  const places: string[] = [];
  eachDelivered(tree, plan, (_type, at) => places.push(at));
  return {
    asks: asks.map((ask) => JSON.stringify(Object.entries(ask).sort())).sort(), refused: plan.refused.map(({ at, item, use }) => `${use} ${item} ${at}`).sort(), masked: plan.masked.map(({ at, masks }) => `${at} ${masks.join()}`).sort(), until: plan.until,
    delivered: plan.refused.length > 0 ? null : deliveredOf(tree, plan), places: plan.refused.length > 0 ? null : places, withheld: withheldEntries(placesOf(tree), plan).withheld.map(({ at }) => at),
  };
}

it(`outlines are judged as their operations are (seed ${seed})`, { timeout: 120_000 }, async () => {
  const { schema, contract } = world.hub;
  const known = new Set([...contract.lookups.keys(), ...[...contract.types.values()].flatMap((type) => [...type.fields.keys()]), 'nodes', 'edges', 'node', 'pageInfo', 'totalCount', 'cursor', 'typename', '__typename', 'id']);
  const met = { judged: 0, refused: 0, withheld: 0 };
  const operations = new Operations(world);
  await fc.assert(fc.property(operations.operation(), operations.operation(), ({ query, variables, ...under }, other) => {
    const document = parse(query);
    const operation = document.definitions.find((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode;
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    if (!coerced) return;
    const { tree, asks } = readOperation(schema, contract, document, operation, coerced);
    const outline = outlineOf(tree, asks, under.underCase);
    if (outline === null) return;
    expect(outline.what).toMatch(/^[\w{} ]*$/);
    for (const word of outline.what.match(/\w+/g) ?? []) expect(known.has(word), word).toBe(true);
    for (const by of outline.by) expect(by).toMatch(/^[A-Z]{2}-\d+ (find|key) (Query|[A-Z]\w*)\.\w+\([\w.]+\)$/);
    const read = readOutline(contract, JSON.parse(JSON.stringify(outline)) as typeof outline);
    if (read === null) throw new Error('An outline of today is gone.');
    // It can be written down as a document again: one of that outline, so one that is judged alike. Where all of a selection was skipped there is none.
    expect([outline, documentOf(world.hub, outline) !== null]).toEqual([outline, !/^$|\{\}/.test(outline.what)]);
    for (const standpoint of [world.standpoint(under), world.standpoint(other)]) {
      const as = judged(tree, asks, standpoint) as { refused: readonly unknown[]; withheld: readonly unknown[] };
      expect(judged(read.tree, read.asks, standpoint)).toEqual(as);
      met.judged += 1;
      met.refused += as.refused.length > 0 ? 1 : 0;
      met.withheld += as.withheld.length > 0 ? 1 : 0;
    }
  }), { seed, numRuns: runs });
  expect(met.judged).toBeGreaterThan(runs / 2);
  expect(Math.min(met.refused, met.withheld)).toBeGreaterThan(runs / 20);
});

it('of a field that the contract has no longer there is none', () => {
  const { contract } = world.hub;
  expect(readOutline(contract, { what: 'person{name}', by: [] })).not.toBeNull();
  for (const what of ['person{nothing}', 'nobody{name}', 'person{household{nothing}}']) expect(readOutline(contract, { what, by: [] })).toBeNull();
});
