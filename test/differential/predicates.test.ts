/**
 * Random predicates on messy rows, under random grants, territories, bounds and seals, today and as of then: what PostgreSQL answers
 * is what a plain evaluator of three values answers over rows in memory. And non-interference: what a caller may not have moves not one
 * byte of it.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HubError } from '../../src/errors.ts';
import { identifiers } from '../../src/registries/identifiers/index.ts';
import { callers } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { Prepared } from '../world/prepared.ts';
import type { PreparedAnswer } from '../world/prepared.ts';
import type { Row } from './data.ts';
import { canary, Hidden } from './hidden.ts';
import { randomFrom } from './mess.ts';
import { caseNo, policyCount } from './policies.ts';
import { Ambiguous, Answers } from './predicate-answers.ts';
import { written } from './predicate-model.ts';
import type { Question } from './predicate-model.ts';
import { Predicates, typedIn } from './predicate-random.ts';
import type { Typed } from './predicate-random.ts';
import { catalogs, differentialWorld, seed } from './world.ts';
import type { DifferentialWorld, Under } from './world.ts';

const runs = Number(process.env['HUB_TEST_RUNS'] ?? 400);
/** Predicates of one operation. */
const together = 4;

let world: DifferentialWorld;
let prepared: Prepared;
let hidden: Hidden;
beforeAll(async () => {
  world = await differentialWorld();
  prepared = new Prepared(world.hub, world.database);
  hidden = await Hidden.of(world.database, world.contract, world.data);
}, 120_000);
afterAll(() => world?.close());

/** Predicates about several records of one type. */
interface Asked extends Under {
  readonly type: 'Person' | 'LegalEntity';
  readonly asOf: string | null;
  readonly keys: readonly string[];
  readonly questions: readonly Question[];
  readonly typed: Typed;
}

function draw(n: number, under: Under): Asked {
  const random = randomFrom(seed * 7919 + n);
  const one = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const type = one(['Person', 'Person', 'LegalEntity'] as const);
  const typed: Typed = { word: one(['a', '在籍', '01', null]), count: one([0, 18, 60, null]), day: one(['2000-02-29', '2020-01-01', null]) };
  const predicates = new Predicates(world.hub.contract, world.data, random, typed);
  const rows = (world.data.get(type)?.current ?? []).filter((row) => isKey(type, row) && (!under.underCase || world.facts.caseKeys.has(String(row[type === 'Person' ? 'personKey' : 'uscc']))));
  // Messy rows are few among the template's; their edges and gaps are what is looked for.
  const order = rows.map((row) => ({ row, at: random() - (row['sourceVersion'] === 'mess' ? 0.6 : 0) })).sort((a, b) => a.at - b.at);
  return { ...under, type, typed, asOf: random() < 0.25 ? one(['2012-12-12', '2024-02-29', '2026-11-24']) : null, keys: order.slice(0, 24).map(({ row }) => keyOf(type, row)), questions: Array.from({ length: together }, () => predicates.question(type)) };
}

const keyOf = (type: Asked['type'], row: Row): string => String(row[type === 'Person' ? 'idNumber' : 'uscc']);

function isKey(type: Asked['type'], row: Row): boolean {
  const { normalize, problem } = identifiers[type === 'Person' ? 'idNumber' : 'uscc'];
  const key = keyOf(type, row);
  return normalize(key) === key && problem(key, '2026-11-24') === null;
}

/** Null: the caller may not find by the key, or not under this case; or it would cost too much. */
async function ask({ type, asOf, keys, questions, typed, ...under }: Asked): Promise<PreparedAnswer | null> {
  const lens = asOf === null ? '' : `, asOf: "${asOf}"`;
  const root = type === 'Person' ? `persons(idNumbers: $keys${lens})` : `legalEntitiesByUscc(usccs: $keys${lens})`;
  try {
    return await prepared.ask({
      caller: under.caller, standing: world.standing(under), query: `query ($keys: [String!]!) { ${root} { __typename } }`, variables: { keys },
      predicates: Object.fromEntries(questions.map((question, n) => [`p${n}`, written(question)])), claims: typedIn, typed, headers: under.underCase ? { 'hub-case': caseNo } : {},
    });
  } catch (error) {
    if (error instanceof HubError && ['FIND_NOT_SHARED', 'CASE_NOT_OPEN', 'COST_TOO_HIGH'].includes(error.code)) return null;
    throw new Error(`${told({ type, asOf, keys, questions, typed, ...under })}\n${String(error)}`, { cause: error });
  }
}

function told({ keys, questions, typed, ...under }: Asked): string {
  return `${JSON.stringify(under)} about ${keys.length}, typed ${JSON.stringify(typed)}:\n${questions.map(written).join('\n----\n')}`;
}

function standpoint(): fc.Arbitrary<Under> {
  return fc.record({
    caller: fc.constantFrom(...(Object.keys(callers) as CallerName[])), catalog: fc.constantFrom(...catalogs, 'shared' as const, 'granted' as const, 'bounded' as const),
    policy: fc.integer({ min: 0, max: policyCount - 1 }), underCase: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
}

it(`predicates answer as the evaluator does (${runs} operations, seed ${seed})`, { timeout: 240_000 }, async () => {
  const met = { true: 0, false: 0, null: 0, withheld: 0, refused: 0, records: 0, ambiguous: 0 };
  for (const [n, under] of fc.sample(standpoint(), { numRuns: runs, seed }).entries()) {
    const asked = draw(n, under);
    const answer = await ask(asked);
    if (answer === null) {
      met.refused += 1;
      continue;
    }
    expect(answer.statements.length).toBeLessThanOrEqual(1);
    const answers = new Answers(world.contract, world.data, world.permission(asked), { today: '2026-11-24', now: '2026-11-24T02:01:00.000Z', asOf: asked.asOf });
    const withheld = asked.questions.map((question) => answers.isWithheld(question, asked.type));
    expect(answer.withheld.map(({ as }) => as), told(asked)).toEqual(withheld.flatMap((one, place) => (one ? [`p${place}`] : [])));
    met.withheld += answer.withheld.length;
    for (const [place, key] of asked.keys.entries()) {
      const found = (answer.root as readonly (Readonly<Record<string, unknown>> | null)[] | null)?.[place] ?? null;
      const rows = answers.rowsOf(asked.type).filter((row) => keyOf(asked.type, row) === key);
      if (found === null || rows.length !== 1) continue;
      met.records += 1;
      for (const [index, question] of asked.questions.entries()) {
        const expected = answerOf(() => (withheld[index] ? null : answers.of(question, asked.type, rows[0] as Row)));
        if (expected === 'ambiguous') {
          met.ambiguous += 1;
          continue;
        }
        const is = found[`p${index}`];
        if (is !== expected) throw new Error(`${key}: p${index} is ${is}, not ${expected}\n${told({ ...asked, questions: [question] })}`);
        met[String(expected) as 'true' | 'false' | 'null'] += 1;
      }
    }
  }
  console.log(`predicates: seed ${seed}, ${JSON.stringify(met)}`);
  for (const what of ['true', 'false', 'null', 'withheld', 'records'] as const) expect(met[what], what).toBeGreaterThan(runs / 4);
  expect(met.ambiguous).toBeLessThan(met.records);
});

function answerOf(answer: () => boolean | null): boolean | null | 'ambiguous' {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Ambiguous) return 'ambiguous';
    throw error;
  }
}

it(`what may not be verified moves not one byte (seed ${seed})`, { timeout: 240_000 }, async () => {
  // To change all that is hidden takes longer than many questions.
  const perStandpoint = 40;
  const met = { cells: 0, answered: 0, true: 0, false: 0, null: 0 };
  for (const [place, under] of fc.sample(standpoint(), { numRuns: Math.ceil(runs / perStandpoint / 1.5), seed }).entries()) {
    const all = Array.from({ length: perStandpoint }, (_, n) => draw(1_000_000 + place * perStandpoint + n, under));
    const before: (PreparedAnswer | null)[] = [];
    for (const asked of all) before.push(await ask(asked));
    met.cells += await hidden.change(world.permission(under));
    for (const [n, asked] of all.entries()) {
      const [was, is] = [before[n] ?? null, await ask(asked)];
      expect(is === null ? null : { text: is.text, subjects: is.subjects.toSorted(), errors: is.errors }, told(asked)).toEqual(was === null ? null : { text: was.text, subjects: was.subjects.toSorted(), errors: was.errors });
      expect(is?.text ?? '').not.toContain(canary);
      if (is !== null) met.answered += 1;
      for (const [, word] of (is?.text ?? '').matchAll(/"p\d":(true|false|null)/g)) met[word as 'true' | 'false' | 'null'] += 1;
    }
    await hidden.restore();
  }
  console.log(`predicates, non-interference: seed ${seed}, ${JSON.stringify(met)}`);
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(0);
});
