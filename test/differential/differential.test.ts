/**
 * The compiler against the reference executor: random operations, and not one difference.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExpectedError } from './asked.ts';
import type { Expected } from './reference.ts';
import { Operations } from './operations.ts';
import type { Operation } from './operations.ts';
import { differentialWorld, seed } from './world.ts';
import type { Answered, DifferentialWorld } from './world.ts';

const runs = Number(process.env['HUB_TEST_RUNS'] ?? 500);

let world: DifferentialWorld;
beforeAll(async () => {
  world = await differentialWorld();
});
afterAll(() => world?.close());

describe('compiled answers', () => {
  const met = { answered: 0, refused: 0, records: 0, withheld: 0, failed: 0, statements: 0, flat: 0, long: 0, wide: 0, historic: 0, granted: 0, masked: 0, inCase: 0, caseNotOpen: 0, tooDear: 0, subjects: 0 };

  it(`equal the reference's on ${runs} random operations (seed ${seed})`, { timeout: 300_000 }, async () => {
    await fc.assert(fc.asyncProperty(new Operations(world).operation(), compare), { seed, numRuns: runs, unbiased: true });
    console.log(`differential: seed ${seed}, ${runs} operations, ${JSON.stringify(met)}`);
  });

  it('were put to the test: the operations met records, refusals, withheld fields, times', () => {
    // Too many hits, and a person outside of the case, come up in some runs only; other tests have them always.
    for (const [what, times] of Object.entries(met)) if (!['failed', 'caseNotOpen', 'tooDear'].includes(what)) expect(times, what).toBeGreaterThan(0);
    expect(met.answered).toBeGreaterThan(runs / 3);
    expect(met.tooDear).toBeLessThan(runs / 20);
  });

  /** Shrinking is worth this long; afterwards whatever is left counts as the smallest. */
  const shrinking = { until: Infinity };

  async function compare(operation: Operation): Promise<void> {
    if (Date.now() > shrinking.until) return;
    try {
      await compareAnswers(operation);
    } catch (error) {
      shrinking.until = Math.min(shrinking.until, Date.now() + 15_000);
      throw error;
    }
  }

  async function compareAnswers(operation: Operation): Promise<void> {
    const failures = world.failures.length;
    const answered = await world.ask(operation);
    if (world.failures.length > failures) throw new Error(`INTERNAL: ${String(world.failures.at(-1))}\n${String(Object.getOwnPropertyDescriptor(world.failures.at(-1), 'cause')?.value ?? '')}`);
    // What an operation may cost is counted from the operation alone, and nothing of it is run (test/graphql/limits.test.ts).
    const [{ extensions }] = [...answered.errors, { extensions: {} as Readonly<Record<string, unknown>> }] as [{ extensions: Readonly<Record<string, unknown>> }];
    if (extensions['code'] === 'COST_TOO_HIGH' && Number(extensions['cost']) > Number(extensions['limit']) && answered.statements.length === 0) {
      met.tooDear += 1;
      return;
    }
    const expected = world.expect(operation);
    const difference = differenceOf(answered, expected);
    if (difference !== null) throw new Error(difference);
    const told = subjectsDifference(world.delivered, expected);
    if (told !== null) throw new Error(told);
    met.subjects += world.delivered !== null && world.delivered.length > 1 ? 1 : 0;
    met.statements += answered.statements.length;
    met.flat += answered.statements.some((text) => !/ as "j\d+"/.test(text)) ? 1 : 0;
    met.long += operation.query.includes('a'.repeat(63)) ? 1 : 0;
    met.wide += operation.query.includes('w119') ? 1 : 0;
    met.historic += operation.query.includes('asOf') ? 1 : 0;
    met.granted += operation.policy > 0 ? 1 : 0;
    met.masked += answered.text.includes('"masked":[') ? 1 : 0;
    met.inCase += operation.underCase && holdsValues(answered.data) ? 1 : 0;
    met.caseNotOpen += expected.kind === 'refused' && expected.code === 'CASE_NOT_OPEN' ? 1 : 0;
    met.records += holdsValues(answered.data) ? 1 : 0;
    if (expected.kind === 'refused') met.refused += 1;
    else {
      met.answered += 1;
      met.withheld += expected.errors.some(({ code }) => code === 'FIELD_NOT_SHARED') ? 1 : 0;
      met.failed += expected.errors.some(({ code }) => code !== 'FIELD_NOT_SHARED') ? 1 : 0;
    }
  }
});

/** What differs first, or null. */
function differenceOf(answered: Answered, expected: Expected): string | null {
  if (answered.statements.length > 1) return `${answered.statements.length} statements`;
  if (expected.kind === 'refused') {
    const [error] = answered.errors;
    if (answered.data !== undefined || answered.errors.length !== 1 || error?.extensions['code'] !== expected.code) return `should be refused with ${expected.code}, is ${shorten(answered.text)}`;
    if (expected.code !== 'FIND_NOT_SHARED') return null;
    if (answered.statements.length > 0) return 'a refused find reached the database';
    return expected.at.has(String(error.extensions['at'])) ? null : `refused at ${String(error.extensions['at'])}, should be at ${[...expected.at].join(' or ')}`;
  }
  if (answered.data === undefined) return `should answer, is ${shorten(answered.text)}`;
  const wanted = JSON.stringify(expected.data);
  if (JSON.stringify(answered.data) !== wanted) return firstDifference(answered.data, expected.data, 'data');
  // The text itself: no name twice, no number that a client would read differently.
  if (compact(answered.text) !== JSON.stringify(JSON.parse(answered.text))) return `a client does not read what was written: ${shorten(compact(answered.text))}`;
  const errors = answered.errors.map(({ path = [], extensions }): ExpectedError => ({
    code: String(extensions['code']), at: String(extensions['at']), ...(extensions['item'] === undefined ? {} : { item: String(extensions['item']) }), path: path.map(String),
  }));
  return JSON.stringify(errors) === JSON.stringify(expected.errors) ? null : `errors are\n${JSON.stringify(errors)}\nand should be\n${JSON.stringify(expected.errors)}`;
}

/** Whom the statement told the audit of, beside whom the answer is about. */
function subjectsDifference(delivered: readonly string[] | null, expected: Expected): string | null {
  if (expected.kind === 'refused') return delivered === null ? null : 'a refused operation told the audit of a delivery';
  const [told, wanted] = [[...(delivered ?? [])].sort(), [...expected.subjects].sort()];
  return JSON.stringify(told) === JSON.stringify(wanted) ? null : `the audit is told of ${shorten(JSON.stringify(told))} and should be of ${shorten(JSON.stringify(wanted))}`;
}

/** Does an answer hold a value of a record? */
function holdsValues(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  return Object.values(data).some((value) => holdsValues(value) || (typeof value === 'string' && /[^A-Za-z]/.test(value)));
}

/** JSON without the blanks between its parts. */
function compact(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, text: string | undefined) => text ?? '');
}

function firstDifference(is: unknown, should: unknown, at: string): string {
  if (typeof is === 'object' && typeof should === 'object' && is !== null && should !== null) {
    const [names, wanted] = [Object.keys(is), Object.keys(should)];
    if (JSON.stringify(names) !== JSON.stringify(wanted)) return `${at} has ${shorten(JSON.stringify(Array.isArray(is) ? is : names))} and should have ${shorten(JSON.stringify(Array.isArray(should) ? should : wanted))}`;
    for (const name of names) {
      const [own, other] = [(is as Record<string, unknown>)[name], (should as Record<string, unknown>)[name]];
      if (JSON.stringify(own) !== JSON.stringify(other)) return firstDifference(own, other, `${at}.${name}`);
    }
  }
  return `${at} is ${shorten(JSON.stringify(is))} and should be ${shorten(JSON.stringify(should))}`;
}

function shorten(text: string | undefined): string {
  return text === undefined || text.length < 2000 ? String(text) : `${text.slice(0, 2000)}…`;
}
