/**
 * Runs the judge's tests against one mutant after another in one process: every mutant is a fresh copy of the modules under test and of
 * the tests, loaded under its own number, with vitest in place of which shim.ts stands. Sends back the first test that failed, or null.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { pathToFileURL } from 'node:url';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { takeTests } from './shim.ts';

/** What is asked: the number, which file is changed, and its changed source; `file` null: nothing is changed. */
export interface Order {
  readonly number: number;
  readonly file: string | null;
  readonly source: string;
}

export interface Outcome {
  readonly number: number;
  readonly killedBy: string | null;
}

const root = join(import.meta.dirname, '../..');
const fresh = [pathToFileURL(join(root, 'src/sharing/')).href, pathToFileURL(join(root, 'test/sharing/')).href];
const shim = pathToFileURL(join(import.meta.dirname, 'shim.ts')).href;

/** The tests, the quick ones that tell most first. */
export const tests = ['decisions', 'plan', 'grant', 'rows', 'catalog', 'reach', 'words', 'quota', 'mask', 'matrix'].map((name) => join(root, `test/sharing/${name}.test.ts`));

// That a property fails is enough; the smallest example of it is nobody's to read here.
fc.configureGlobal({ endOnFailure: true });

let order: Order = { number: 0, file: null, source: '' };
const plain = new Map<string, string>();

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === 'vitest') return { url: shim, shortCircuit: true };
    const resolved = next(specifier, context);
    return fresh.some((folder) => resolved.url.startsWith(folder)) ? { ...resolved, url: `${resolved.url.split('?')[0]}?mutant=${order.number}` } : resolved;
  },
  load: (url, context, next) => {
    const [path = '', number] = url.split('?mutant=');
    if (number === undefined) return next(url, context);
    if (order.file !== null && path === pathToFileURL(join(root, order.file)).href) return { format: 'module', shortCircuit: true, source: stripTypeScriptTypes(order.source) };
    const source = plain.get(path) ?? stripTypeScriptTypes(readFileSync(new URL(path), 'utf8'));
    plain.set(path, source);
    return { format: 'module', shortCircuit: true, source };
  },
});

/** The tests of the changed file itself know most about it. */
function ownFirst(changed: string | null): readonly string[] {
  const own = changed === null ? undefined : tests.find((file) => basename(file, '.test.ts') === basename(changed, '.ts'));
  return own === undefined ? tests : [own, ...tests.filter((file) => file !== own)];
}

async function firstFailure(): Promise<string | null> {
  takeTests();
  try {
    for (const file of ownFirst(order.file)) {
      await import(`${pathToFileURL(file).href}?mutant=${order.number}`);
      for (const { name, work } of takeTests()) {
        try {
          await work();
        } catch (error) {
          return `${name}: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`;
        }
      }
    }
  } catch (error) {
    return `does not load: ${error instanceof Error ? error.message : String(error)}`;
  }
  return null;
}

process.on('message', (given: Order) => {
  order = given;
  void firstFailure().then((killedBy) => process.send?.({ number: given.number, killedBy } satisfies Outcome));
});
