/**
 * Adds up vitest's JSON reports: `node test/check/tally.ts <report>...` prints `N passed, N failed`. A test file that could
 * not be loaded counts as one failed; a report that is missing, or of a run without tests, is a failure of its own.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

/** What several runs came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One sentence for everything but failed tests that makes the whole a failure. */
  readonly problems: readonly string[];
}

/** Adds up reports, by name; null stands for one that could not be read. */
export function tally(reports: ReadonlyMap<string, unknown>): Tally {
  let [passed, failed, skipped] = [0, 0, 0];
  const problems: string[] = [];
  for (const [name, given] of reports) {
    const read = report.safeParse(given);
    if (!read.success) {
      problems.push(`${name}: no report; the run did not get to its end`);
      continue;
    }
    const run = read.data;
    const notLoaded = run.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((own) => own.status === 'failed')).length;
    if (run.numPassedTests === 0) problems.push(`${name}: not one test passed`);
    if (!run.success && run.numFailedTests + notLoaded === 0) problems.push(`${name}: every test passed but the run failed, as on an error outside of tests`);
    passed += run.numPassedTests;
    failed += run.numFailedTests + notLoaded;
    skipped += run.numPendingTests;
  }
  if (reports.size === 0) problems.push('no reports were given');
  return { passed, failed: failed + problems.length, skipped, problems };
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const { passed, failed, skipped, problems } = tally(new Map(process.argv.slice(2).map((file) => [file.replace(/^.*\//, ''), readReport(file)])));
  for (const problem of problems) process.stdout.write(`${problem} (counted as failed)\n`);
  if (skipped > 0) process.stdout.write(`${skipped} tests did not run: skipped on that database, or in a file that failed before them\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
}
