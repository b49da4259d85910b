/**
 * Non-interference: under random grants, changing everything that a caller may not have changes not one byte of any answer that he
 * gets. And monotony: more grants never show less.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskNamed, masks } from '../../src/sharing/mask.ts';
import { callers } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { canary, Hidden } from './hidden.ts';
import { Operations } from './operations.ts';
import { policyCount } from './policies.ts';
import { catalogs, differentialWorld, seed } from './world.ts';
import type { Answered, DifferentialWorld, Request, Under } from './world.ts';

const runs = Number(process.env['HUB_TEST_RUNS'] ?? 300);
const perStandpoint = 25;

let world: DifferentialWorld;
let hidden: Hidden;
beforeAll(async () => {
  world = await differentialWorld();
  hidden = await Hidden.of(world.database, world.contract, world.data);
});
afterAll(() => world?.close());

describe('what a caller may not have', () => {
  it(`never moves one byte of ${runs} answers (seed ${seed})`, { timeout: 240_000 }, async () => {
    const met = { cells: 0, answered: 0, values: 0, masked: 0, refused: 0, withheld: 0 };
    const operations = fc.sample(new Operations(world).operation(), { numRuns: runs, seed });
    const standpoints = fc.sample(standpoint(), { numRuns: Math.ceil(runs / perStandpoint), seed });
    for (const [n, under] of standpoints.entries()) {
      const requests = operations.slice(n * perStandpoint, (n + 1) * perStandpoint).map((operation): Request => ({ query: operation.query, variables: operation.variables, ...under }));
      const before: Answered[] = [];
      for (const request of requests) before.push(await world.ask(request));
      met.cells += await hidden.change(world.permission(under));
      for (const [index, request] of requests.entries()) {
        const [was, is] = [before[index] as Answered, await world.ask(request)];
        expect(is, told(request)).toEqual(was);
        expect(is.text, told(request)).not.toContain(canary);
        met.answered += is.data === undefined || is.data === null ? 0 : 1;
        met.values += /:"[^"]*[^"A-Za-z]/.test(JSON.stringify(is.data ?? null)) ? 1 : 0;
        met.masked += is.text.includes('"masked":[') ? 1 : 0;
        met.withheld += is.text.includes('"withheld":[') ? 1 : 0;
        met.refused += is.data === undefined ? 1 : 0;
      }
      await hidden.restore();
    }
    console.log(`non-interference: seed ${seed}, ${runs} operations, ${JSON.stringify(met)}`);
    for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(0);
    expect(met.answered).toBeGreaterThan(runs / 3);
    // What is hidden from a caller is much, or the change would prove little.
    expect(met.cells / standpoints.length).toBeGreaterThan(1000);
  });

  it('would move it if he had it: the same change is seen by a caller who may read it', { timeout: 60_000 }, async () => {
    const blind: Under = { caller: 'police', catalog: 'granted', policy: 0, underCase: false };
    const request: Request = { query: '{ legalEntities(first: 200) { nodes { id name legalRepName } } }', variables: {}, caller: 'police', catalog: 'shared', policy: 0, underCase: false };
    const was = await world.ask(request);
    await hidden.change(world.permission(blind));
    const is = await world.ask(request);
    await hidden.restore();
    expect(is.text).toContain(canary);
    expect(await world.ask(request)).toEqual(was);
  });
});

describe('more grants', () => {
  it(`never show less (seed ${seed})`, { timeout: 240_000 }, async () => {
    const met = { compared: 0, more: 0, unmasked: 0 };
    for (const operation of fc.sample(new Operations(world).lookup(), { numRuns: runs, seed })) {
      const under: Under = { caller: operation.caller, catalog: operation.catalog, policy: Math.max(1, operation.policy), underCase: operation.underCase };
      const [less, more] = [await world.ask({ ...operation, ...under, lesser: true }), await world.ask({ ...operation, ...under })];
      if (less.data === undefined || less.data === null) continue;
      expect(more.data, told(operation)).not.toBeUndefined();
      // A search that finds too many answers with none of them: that one is allowed to be less.
      if (more.errors.some(({ extensions }) => extensions['code'] === 'TOO_MANY_HITS')) continue;
      const problem = shownLess(less.data, more.data, 'data');
      expect(problem, `${told(operation)}\n${less.text}\n${more.text}`).toBeNull();
      met.compared += 1;
      met.more += JSON.stringify(less.data) === JSON.stringify(more.data) ? 0 : 1;
      met.unmasked += less.text.includes('"masked":[') ? 1 : 0;
      const withheldOf = ({ errors }: Answered) => errors.filter(({ extensions }) => extensions['code'] === 'FIELD_NOT_SHARED').map(({ extensions }) => String(extensions['at']));
      for (const at of withheldOf(more)) expect(withheldOf(less)).toContain(at);
    }
    console.log(`monotony: seed ${seed}, ${JSON.stringify(met)}`);
    for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(0);
    expect(met.compared).toBeGreaterThan(runs / 4);
  });
});

function standpoint(): fc.Arbitrary<Under> {
  return fc.record({
    caller: fc.constantFrom(...(Object.keys(callers) as CallerName[])), catalog: fc.constantFrom(...catalogs, 'granted' as const, 'bounded' as const),
    policy: fc.integer({ min: 0, max: policyCount - 1 }), underCase: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
}

/** Where an answer shows less than another one, in the order nothing < masked < all; null: nowhere. */
function shownLess(less: unknown, more: unknown, at: string): string | null {
  if (less === null || less === undefined) return null;
  if (Array.isArray(less)) {
    if (!Array.isArray(more)) return `${at} is a list and then none`;
    // A page that was full may have been pushed on by records that came in.
    const missing = less.find((one) => !more.some((other) => shownLess(one, other, at) === null));
    return missing === undefined || more.length >= 20 ? null : `${at} loses ${JSON.stringify(missing)}`;
  }
  if (typeof less === 'object') {
    if (typeof more !== 'object' || more === null) return `${at} is lost`;
    for (const [name, own] of Object.entries(less)) {
      if (['hasNextPage', 'startCursor', 'endCursor'].includes(name)) continue;
      const problem = shownLess(own, (more as Record<string, unknown>)[name], `${at}.${name}`);
      if (problem !== null) return problem;
    }
    return null;
  }
  if (typeof less === 'number' && typeof more === 'number' && at.endsWith('totalCount')) return less <= more ? null : `${at} falls from ${less} to ${more}`;
  if (less === more) return null;
  return masks.some(({ name, of }) => of !== 'geometry' && maskNamed(name).apply(String(more)) === less) ? null : `${at} was ${JSON.stringify(less)} and is ${JSON.stringify(more)}`;
}

function told(request: Request): string {
  return `as ${request.caller} under the catalog "${request.catalog}", policy ${request.policy}${request.underCase ? ', in the case' : ''}:\n${request.query}\nvariables: ${JSON.stringify(request.variables)}`;
}
