/**
 * Reads the imports of a TypeScript file from its text. Enough for a house whose statements stand at the start of a line
 * and whose comments open theirs; a dynamic import that names no constant is shown as `null`, for the caller to refuse.
 */
import { posix } from 'node:path';

/** One import, export-from, dynamic import, type import, or worker's file. */
export interface Import {
  readonly line: number;
  /** As written; null where it is computed. */
  readonly specifier: string | null;
}

const statement = /^[ \t]*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*(['"])([^'"]+)\1/gm;
const dynamic = /\bimport\s*\(\s*(?:(['"`])([^'"`$]+)\1\s*[,)])?/g;
const required = /\b(?:require|createRequire)\s*\(\s*(?:(['"`])([^'"`$]+)\1\s*\))?/g;
const worker = /\bnew URL\(\s*(['"`])(\.{1,2}\/[^'"`$]+\.[cm]?[jt]sx?)\1\s*,\s*import\.meta\.url\s*\)/g;

/** Every import of a file, in no particular order. */
export function importsOf(text: string): Import[] {
  const code = text.replace(/^[ \t]*(?:\/\/|\/?\*).*$/gm, '');
  return [statement, dynamic, required, worker].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => ({
      line: code.slice(0, match.index + match[0].search(/\S/)).split('\n').length,
      specifier: match[2] ?? null,
    })));
}

/** The file that a relative import names, as a path from the same folder as `file` is. */
export function targetOf(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

/** The package that a bare import names; null for what comes with Node. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('node:')) return null;
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
