/**
 * What every check of the house has in common: it counts what it looked at, lists what is wrong, and fails when there
 * was nothing to look at, because a check that finds nothing to check says nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one check found. */
export interface Findings {
  /** How much was looked at, by kind; any zero is a failure. */
  readonly checked: Readonly<Record<string, number>>;
  /** One line for each thing that is wrong, `file:line` first where there is one. */
  readonly problems: readonly string[];
}

/** The project's folder. */
export const root = join(import.meta.dirname, '../..');

/** Folders that are made, installed or local: never checked. */
const notOurs: ReadonlySet<string> = new Set(['.git', 'node_modules', '.data', 'dist', 'generated']);

/** Every file below a folder, as paths from it with `/`, sorted; empty when the folder is not there. */
export function filesBelow(folder: string, below = ''): string[] {
  const entries = readFolder(join(folder, below));
  return entries
    .filter((entry) => !notOurs.has(entry.name))
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, path) : entry.isFile() ? [path] : [];
    })
    .sort();
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** The project's own TypeScript files: those that `tsc` and `oxlint` have to see. */
export function sourceFiles(folder: string): string[] {
  return filesBelow(folder).filter((file) => /^(?:src|test)\/.*\.tsx?$|^[^/]+\.ts$/.test(file));
}

/** The lines of a file, without the empty one that a closing line break makes. */
export function linesOf(folder: string, file: string): string[] {
  const lines = readFileSync(join(folder, file), 'utf8').split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Everything that makes a check fail: what it found wrong, and what it did not find at all. */
export function failuresOf({ checked, problems }: Findings): string[] {
  const nothing = Object.entries(checked).filter(([, count]) => count === 0).map(([what]) => `found no ${what}: nothing was checked`);
  return [...problems, ...nothing];
}

/** Prints one line of what was checked, then every failure; the process fails if there is one. */
export function report(name: string, findings: Findings): void {
  const failures = failuresOf(findings);
  const counts = Object.entries(findings.checked).map(([what, count]) => `${count} ${what}`).join(', ');
  process.stdout.write(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${counts}\n`);
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
}
