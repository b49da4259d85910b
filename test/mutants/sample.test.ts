/**
 * A handful of the judge's mutants in every run of the suite, and the tester itself: it sees a file that does not load, and
 * no change where there is none. All of them: `npm run test:mutants`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allMutants, equivalentOf, judge } from './run.ts';
import { equivalents } from './equivalent.ts';

const mutants = allMutants();

test('there are many, of every file that decides', () => {
  expect(mutants.length).toBeGreaterThan(1000);
  expect(new Set(mutants.map(({ file }) => file)).size).toBe(13);
  expect(equivalents.length).toBeLessThan(0.02 * mutants.length);
});

test('of twenty at random nearly all are noticed', async () => {
  const real = mutants.filter((mutant) => equivalentOf(mutant) === undefined);
  const sample = Array.from({ length: 20 }, () => real[Math.floor(Math.random() * real.length)]).flatMap((mutant) => mutant ?? []);
  const survivors = (await judge(sample)).filter(({ killedBy }) => killedBy === null).map(({ mutant: { file, line, was, becomes } }) => `${file}:${line}: ${was} → ${becomes}`);
  // Of all of them at least 95 in a hundred are; were it just so many, a sample of twenty would hold five others once in four hundred runs.
  expect(survivors.length, survivors.join('\n')).toBeLessThanOrEqual(4);
}, 120_000);

test('what changes nothing is not noticed, what breaks a file is', async () => {
  const [mutant] = mutants.filter(({ file }) => file.endsWith('verdict.ts'));
  if (mutant === undefined) throw new Error('The judge has no mutants.');
  const original = readFileSync(join(import.meta.dirname, '../..', mutant.file), 'utf8');
  const judged = await judge([{ ...mutant, source: original }, { ...mutant, source: `${original}\nno program` }]);
  expect(judged.map(({ killedBy }) => killedBy?.startsWith('does not load') ?? null).toSorted()).toEqual([null, true].toSorted());
}, 120_000);
