/**
 * Lint: `oxlint` by the rules of `.oxlintrc.json`, warnings included: code that is wrong, circles of imports, files over
 * 400 lines, `any`, `console` and the environment where they do not belong. A file that it leaves out is a failure too.
 */
import type { Findings } from './report.ts';
import { report, root, sourceFiles } from './report.ts';
import { runTool } from './tools.ts';

/** Checks the project in a folder. */
export function checkLint(folder: string): Findings {
  const ran = runTool(folder, 'oxlint', ['--config', '.oxlintrc.json', '--deny-warnings', '--format', 'unix', '--report-unused-disable-directives', '.']);
  const problems = ran.lines.filter((line) => !/^\d+ problems?$/.test(line));
  if (ran.code !== 0 && problems.length === 0) problems.push(`oxlint ended with ${ran.code}`);
  const linted = new Set(runTool(folder, 'oxlint', ['--config', '.oxlintrc.json', '--debug', 'files', '.']).lines.map((line) => line.replace(/^\.\//, '')));
  const files = sourceFiles(folder);
  const unseen = files.filter((file) => !linted.has(file)).map((file) => `${file}: oxlint does not look at it`);
  return { checked: { 'files linted': files.length - unseen.length }, problems: [...problems, ...unseen] };
}

if (import.meta.main) report('lint', checkLint(root));
