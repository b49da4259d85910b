/**
 * In which order the files run: one that lasts long first, because it asks for the database, too, so that the template is begun;
 * then, while it is made, those that need none; then all others, the largest first, and before them those that last longer than their size tells:
 * whatever runs last runs alone.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';
import { importsOf } from '../check/imports.ts';

const template = resolve(import.meta.dirname, 'database.ts');
const long = ['../sync/model.test.ts', '../files/kill.test.ts', '../commands/serve.test.ts'].map((file) => resolve(import.meta.dirname, file));

export class TemplateFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = files.toSorted((a, b) => statSync(b.moduleId).size - statSync(a.moduleId).size);
    const asking = bySize.filter(({ moduleId }) => reaches(moduleId, template));
    const others = bySize.filter((one) => !asking.includes(one));
    const [first, ...soon] = long.flatMap((file) => asking.find(({ moduleId }) => moduleId === file) ?? []);
    return [...(first === undefined ? [] : [first]), ...others, ...soon, ...asking.filter((one) => one !== first && !soon.includes(one))];
  }
}

/** Does a file of the tests import another one, itself or through others? What looks like an import and names no file is a test's own text. */
function reaches(file: string, wanted: string, seen: Set<string> = new Set()): boolean {
  if (file === wanted) return true;
  if (seen.has(file) || !file.startsWith(join(dirname(wanted), '..')) || !existsSync(file)) return false;
  seen.add(file);
  return importsOf(readFileSync(file, 'utf8')).some(({ specifier }) => specifier?.startsWith('.') === true && specifier.endsWith('.ts') && reaches(resolve(dirname(file), specifier), wanted, seen));
}
