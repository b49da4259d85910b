/**
 * Types: `tsc` accepts every TypeScript file of the project, the server's and the tests' by `tsconfig.json`, the console's by its
 * own, after its operations were validated against the contract. A file that both leave out is a failure too.
 */
import { existsSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Findings } from './report.ts';
import { report, root, sourceFiles } from './report.ts';
import { runTool } from './tools.ts';

/** Checks the project in a folder. */
export function checkTypes(folder: string): Findings {
  const own = realpathSync(folder);
  const parts = ['.', 'src/console'].filter((part) => existsSync(join(own, part, 'tsconfig.json')));
  const looks = parts.map((part) => lookAt(own, part));
  const seen = new Set(looks.flatMap((look) => look.seen));
  const unseen = sourceFiles(own).filter((file) => !seen.has(file)).map((file) => `${file}: tsc does not look at it`);
  return { checked: { 'files seen by tsc': seen.size }, problems: [...looks.flatMap(({ problems }) => problems), ...unseen] };
}

/** What tsc says of the files that one `tsconfig.json` names. */
function lookAt(own: string, part: string): { readonly seen: readonly string[]; readonly problems: readonly string[] } {
  const ran = runTool(own, 'tsc', ['-p', part, '--listFiles', '--pretty', 'false']);
  const listed = ran.lines.filter((line) => line.startsWith(own)).map((line) => relative(own, line).split(sep).join('/'));
  const problems = ran.lines.filter((line) => /\berror TS\d+:|^\s/.test(line));
  if (ran.code !== 0 && problems.length === 0) problems.push(`tsc -p ${part} ended with ${ran.code}: ${ran.output.trim()}`);
  return { seen: listed.filter((file) => !file.startsWith('node_modules/')), problems };
}

if (import.meta.main) {
  const { generateTypes } = await import('../../src/console/codegen.ts');
  await generateTypes().catch((error: unknown) => {
    process.stdout.write(`FAILED types: an operation of the console does not fit the contract\n  ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
  report('types', checkTypes(root));
}
