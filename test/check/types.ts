/**
 * Types: `tsc -p .` accepts every TypeScript file of the project. A file that `tsconfig.json` leaves out is a failure too.
 */
import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Findings } from './report.ts';
import { report, root, sourceFiles } from './report.ts';
import { runTool } from './tools.ts';

/** Checks the project in a folder. */
export function checkTypes(folder: string): Findings {
  const own = realpathSync(folder);
  const ran = runTool(own, 'tsc', ['-p', '.', '--listFiles', '--pretty', 'false']);
  const listed = ran.lines.filter((line) => line.startsWith(own)).map((line) => relative(own, line).split(sep).join('/'));
  const seen = new Set(listed.filter((file) => !file.startsWith('node_modules/')));
  const problems = ran.lines.filter((line) => /\berror TS\d+:|^\s/.test(line));
  if (ran.code !== 0 && problems.length === 0) problems.push(`tsc ended with ${ran.code}: ${ran.output.trim()}`);
  const unseen = sourceFiles(own).filter((file) => !seen.has(file)).map((file) => `${file}: tsc does not look at it`);
  return { checked: { 'files seen by tsc': seen.size }, problems: [...problems, ...unseen] };
}

if (import.meta.main) report('types', checkTypes(root));
