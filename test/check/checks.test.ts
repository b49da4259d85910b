/**
 * Every check of `npm run check` can fail: each is run on a small project with one thing wrong, and on one with nothing in it.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, print } from 'graphql';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { readSdl } from '../../src/graphql/schema.ts';
import { catalogCodes, checkContract } from './contract.ts';
import { importsOf } from './imports.ts';
import { checkLayers } from './layers.ts';
import { checkLint } from './lint.ts';
import { checkMigrations } from './migrations.ts';
import { failuresOf, root } from './report.ts';
import { checkSizes } from './sizes.ts';
import { tally } from './tally.ts';
import { runTool } from './tools.ts';
import { checkTypes } from './types.ts';

// Most of these start a tool, some several: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const made: string[] = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A project that consists of these files, with this one's tools and rules. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hub-checks-'));
  made.push(folder);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const file of ['package.json', 'tsconfig.json', '.oxlintrc.json']) cpSync(join(root, file), join(folder, file));
  write(folder, files);
  return folder;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

describe('types', () => {
  test('a wrong type and a file that tsc is not told of', () => {
    expect(failuresOf(checkTypes(project({ 'src/a.ts': 'export const a: number = 1;\n' })))).toEqual([]);
    expect(failuresOf(checkTypes(project({ 'src/a.ts': "export const a: number = 'x';\n" })))).toEqual([expect.stringContaining('src/a.ts(1,14): error TS2322')]);
    expect(failuresOf(checkTypes(project({ 'src/a.ts': '', 'other.ts': '' })))).toEqual(['other.ts: tsc does not look at it']);
  });
  test('nothing to check', () => {
    expect(failuresOf(checkTypes(project({})))).toContainEqual(expect.stringContaining('found no files'));
  });
});

describe('lint', () => {
  const wrong: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>> = {
    'a circle': ['no-cycle', { 'src/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n", 'src/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n" }],
    'a circle of types': ['no-cycle', { 'src/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;\n", 'src/b.ts': "import type { A } from './a.ts';\nexport type B = A[];\n" }],
    'any': ['no-explicit-any', { 'src/a.ts': 'export const a = (x: any): unknown => x;\n' }],
    '401 lines': ['max-lines', { 'src/a.ts': `export const a = 1;\n${'\n'.repeat(400)}export const b = 1;\n` }],
    'console': ['no-console', { 'src/a.ts': "console.log('x');\n" }],
    'the environment': ['no-process-env', { 'src/config.ts': "export const a = process.env['PORT'];\n" }],
    'the environment by another name': ['no-restricted-imports', { 'src/a.ts': "import { env } from 'node:process';\nexport const a = env['PORT'];\n" }],
    'wrong code': ['use-isnan', { 'test/a.ts': 'export const a = (x: number) => x === NaN;\n' }],
  };
  test.each(Object.entries(wrong))('%s', (_name, [rule, files]) => {
    expect(failuresOf(checkLint(project(files)))).toContainEqual(expect.stringContaining(rule));
  });
  test('the environment may be read in main.ts', () => {
    expect(failuresOf(checkLint(project({ 'src/main.ts': "export const a = process.env['PORT'];\n" })))).toEqual([]);
  });
  test('nothing to check', () => {
    expect(failuresOf(checkLint(project({})))).toContainEqual(expect.stringContaining('found no files'));
  });
});

describe('layers', () => {
  const wrong: Readonly<Record<string, readonly [file: string, text: string, says: string]>> = {
    'up': ['query/a.ts', "import { b } from '../graphql/b.ts';", 'graphql/b.ts, which stands above it'],
    'up, for a type': ['db/a.ts', "import type {\n  B,\n} from '../registries/b.ts';", 'which stands above it'],
    'up, by export': ['identity/a.ts', "export { b } from '../hub.ts';", 'which stands above it'],
    'up, dynamically': ['db/a.ts', "const b = await import('../query/b.ts');", 'which stands above it'],
    'up, by a worker': ['db/a.ts', "new Worker(new URL('../query/b.ts', import.meta.url));", 'which stands above it'],
    'beside': ['matters/a.ts', "import '../sync/b.ts';", 'sync/b.ts, which stands beside it'],
    'beside, db and sharing': ['db/a.ts', "import { b } from '../sharing/b.ts';", 'sharing/b.ts, which stands beside it'],
    'a neighbour': ['registries/credit/a.ts', "import { b } from '../population/b.ts';", 'registries/credit reaches into its neighbour registries/population'],
    'out of what is for all': ['registries/identifiers/a.ts', "import { b } from '../record.ts';", 'may not import registries/record.ts'],
    'sharing and a room': ['sharing/a.ts', "import { b } from '../config.ts';", 'imports nothing but errors.ts'],
    'sharing and Node': ['sharing/a.ts', "import { b } from 'node:fs';", 'imports nothing but errors.ts'],
    'graphql in the wrong place': ['query/compile.ts', "import { parse } from 'graphql';", 'graphql belongs in'],
    'drizzle in the wrong place': ['http/a.ts', "import { sql } from 'drizzle-orm/pg-core';", 'drizzle-orm belongs in'],
    'the own tables in the wrong place': ['graphql/a.ts', "import { apiKey } from '../db/tables.ts';", 'db/tables.ts belongs in'],
    'a package that is not declared': ['http/a.ts', "import { expect } from 'vitest';", 'vitest is not among the dependencies'],
    'outside': ['http/a.ts', "import { root } from '../../test/check/report.ts';", 'outside of src/'],
    'who knows': ['http/a.ts', 'const b = await import(name);', 'what only the run decides'],
    'the server and the console': ['http/a.ts', "import { b } from '../console/api/b.ts';", 'the server serves what is built of it'],
    'the console and the server': ['console/rooms/b/a.tsx', "import { b } from '../../../graphql/b.ts';", 'it is a client of the server'],
    'a room of the console and its neighbour': ['console/rooms/b/a.tsx', "import { c } from '../c/c.tsx';", 'reaches into its neighbour rooms/c'],
    'up, in the console': ['console/parts/a.tsx', "import { b } from '../rooms/b/index.tsx';", 'which stands above it'],
    'a new room': ['utils/a.ts', 'export const a = 1;', 'src/utils: this room has no level'],
  };
  test.each(Object.entries(wrong))('%s', (_name, [file, text, says]) => {
    expect(failuresOf(checkLayers(project({ [`src/${file}`]: `/** A file. */\n${text}\n`, 'src/main.ts': "import './hub.ts';\n" }), []))).toEqual([expect.stringContaining(says)]);
  });
  test('downwards, the own room, errors from sharing', () => {
    const folder = project({
      'src/graphql/a.ts': "import { parse } from 'graphql';\nimport { b } from '../query/b.ts';\n// import { c } from '../hub.ts';\n",
      'src/registries/credit/a.ts': "import { b } from '../record.ts';\nimport { c } from '../identifiers/index.ts';\n",
      'src/sharing/a.ts': "import { HubError } from '../errors.ts';\nimport { b } from './b.ts';\n",
    });
    expect(failuresOf(checkLayers(folder, []))).toEqual([]);
  });
  test('an exception is used or it is a failure', () => {
    const folder = project({ 'src/http/a.ts': "import { sql } from 'drizzle-orm';\n" });
    expect(failuresOf(checkLayers(folder, [{ file: 'http/a.ts', imports: 'drizzle-orm', why: 'a test' }]))).toEqual([]);
    expect(failuresOf(checkLayers(folder, [{ file: 'http/a.ts', imports: 'drizzle-orm', why: 'a test' }, { file: 'http/b.ts', imports: 'graphql', why: 'gone' }]))).toEqual([expect.stringContaining('src/http/b.ts: the exception')]);
  });
  test('nothing to check', () => {
    expect(failuresOf(checkLayers(project({}), []))).toEqual([expect.stringContaining('found no files'), expect.stringContaining('found no imports')]);
  });
  test('lines are told as they stand', () => {
    expect(importsOf("/**\n * import 'x';\n */\nimport {\n  a,\n} from 'y';\n\nconst z = import('z');\n")).toEqual([{ line: 4, specifier: 'y' }, { line: 8, specifier: 'z' }]);
  });
});

describe('sizes', () => {
  const sdl = { 'schema/a.graphql': 'scalar A\n' };
  test('401 lines', () => {
    expect(failuresOf(checkSizes(project({ ...sdl, 'src/a.sql': '\n'.repeat(400) })))).toEqual([]);
    expect(failuresOf(checkSizes(project({ 'schema/a.graphql': '\n'.repeat(401) })))).toEqual(['schema/a.graphql: 401 lines; split it at 400']);
    expect(failuresOf(checkSizes(project({ ...sdl, 'drizzle/0000_a.sql': '\n'.repeat(999) })))).toEqual([]);
  });
  test.each(['work', 'root', 'tmp', 'home'])('a place of one machine: %s', (place) => {
    expect(failuresOf(checkSizes(project({ ...sdl, 'notes.txt': `one\nsee /${place}/x\n` })))).toEqual([expect.stringContaining('notes.txt:2: names a place of one machine')]);
    expect(failuresOf(checkSizes(project({ ...sdl, 'notes.txt': `see ./${place}/x and src/${place}/x\n` })))).toEqual([]);
  });
  test('a registry', () => {
    expect(failuresOf(checkSizes(project({ ...sdl, 'package-lock.json': `{ "resolved": "https://${'registry'}.npmjs.org/a" }\n` })))).toEqual(['package-lock.json:1: names a package registry']);
    expect(failuresOf(checkSizes(project({ ...sdl, '.npmrc': `registry${'='}http://host\n` })))).toEqual(['.npmrc:1: names a package registry']);
  });
  test('nothing to check', () => {
    expect(failuresOf(checkSizes(project({ 'README.md': '' })))).toEqual([expect.stringContaining('found no contract files')]);
  });
});

describe('migrations', () => {
  const table = (columns: string) => `import { integer, pgTable } from 'drizzle-orm/pg-core';\nexport const thing = pgTable('thing', { ${columns} });\n`;
  const config = "export default { dialect: 'postgresql', schema: ['./src/db/tables.ts'], out: './drizzle' };\n";
  const empty = '{ "version": "7", "dialect": "postgresql", "entries": [] }';

  test('a column that no migration makes, one renamed, a migration that never runs', () => {
    const folder = project({ 'drizzle.config.ts': config, 'drizzle/meta/_journal.json': empty, 'src/db/tables.ts': table("a: integer('a')") });
    expect(failuresOf(checkMigrations(folder))).toContainEqual(expect.stringContaining('CREATE TABLE "thing"'));
    runTool(folder, 'drizzle-kit', ['generate', '--name', 'first']);
    expect(failuresOf(checkMigrations(folder))).toEqual([]);
    write(folder, { 'src/db/tables.ts': table("a: integer('a'), b: integer('b')") });
    expect(failuresOf(checkMigrations(folder))).toEqual([expect.stringContaining('ADD COLUMN "b"')]);
    write(folder, { 'src/db/tables.ts': table("b: integer('b')") });
    expect(failuresOf(checkMigrations(folder))).not.toEqual([]);
    write(folder, { 'src/db/tables.ts': table("a: integer('a')"), 'drizzle/0009_mine.sql': 'select 1;' });
    expect(failuresOf(checkMigrations(folder))).toEqual([expect.stringContaining('0009_mine.sql: the journal does not name it')]);
  });
  test('sources that drizzle-kit cannot read', () => {
    const folder = project({ 'drizzle.config.ts': config, 'drizzle/meta/_journal.json': empty, 'src/db/tables.ts': "import './gone.ts';\n" });
    expect(failuresOf(checkMigrations(folder))).toContainEqual(expect.stringContaining('did not get to its end'));
  });
  test('nothing to check', () => {
    const folder = project({ 'drizzle.config.ts': config, 'drizzle/meta/_journal.json': empty, 'src/db/tables.ts': 'export const nothing = 1;\n' });
    expect(failuresOf(checkMigrations(folder))).toContainEqual(expect.stringContaining('found no tables'));
  });
});

describe('contract', () => {
  const codes = catalogCodes(root);
  const sdl = print(readSdl());
  const changed = (from: string | RegExp, to: string) => {
    expect(sdl).toMatch(from);
    return failuresOf(checkContract(parse(sdl.replace(from, to)), codes));
  };

  test('as it stands', () => {
    expect(failuresOf(checkContract(readSdl(), codes))).toEqual([]);
  });
  test('a field without an item, without a column, with an item that the catalog has not', () => {
    expect(changed(/(\n {2}formerName: String) @item\([^)]*\)/, '$1')).toContain('Person.formerName has no @item');
    expect(changed(/\n {2}formerName: String/, '\n  shoeSize: String @item(code: "RK-0003")\n  formerName: String')).toContain('Person.shoeSize has neither a column nor a link');
    expect(failuresOf(checkContract(readSdl(), new Set([...codes].filter((code) => code !== 'RK-0003'))))).toEqual(['Person uses item RK-0003, which is not in the catalog']);
  });
  test('a root field without a resolver and without a door', () => {
    const failures = changed(/\n {2}me: Caller!/, '\n  me: Caller!\n  weather: String');
    expect(failures).toEqual([expect.stringContaining('Query.weather has no door'), 'Query.weather has neither a look-up nor a resolver']);
  });
  test('a type that nobody answers, and a field that its file does not write', () => {
    expect(failuresOf(checkContract(parse(`${sdl}\ntype Weather { wind: Int }`), codes))).toEqual([expect.stringContaining('Weather is neither a record nor a root')]);
    expect(changed(/\n {2}startCursor: String/, '\n  startCursor: String\n  pageOfPages: Int')).toEqual(['PageInfo.pageOfPages is not written by src/query/page.ts']);
  });
  test('nothing to check', () => {
    const failures = failuresOf(checkContract(parse('scalar Date'), new Set()));
    for (const what of ['fields', 'record types', 'look-ups', 'catalog items']) expect(failures).toContainEqual(expect.stringContaining(`found no ${what}`));
  });
});

describe('the count of .ci/run', () => {
  const run = (own: object) => ({ success: true, numPassedTests: 2, numFailedTests: 0, numPendingTests: 0, testResults: [], ...own });
  test('adds up', () => {
    expect(tally(new Map([['a', run({})], ['b', run({ success: false, numFailedTests: 1, numPendingTests: 3, testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }] }] })]]))).toEqual({ passed: 4, failed: 1, skipped: 3, problems: [] });
  });
  test('a file that could not be loaded is a failure', () => {
    expect(tally(new Map([['a', run({ success: false, testResults: [{ status: 'failed', assertionResults: [] }] })]]))).toMatchObject({ passed: 2, failed: 1 });
  });
  test.each([['no tests', run({ numPassedTests: 0 })], ['no report', null], ['an error outside of tests', run({ success: false })]])('%s is a failure', (_name, given) => {
    expect(tally(new Map([['a', given]])).failed).toBe(1);
  });
  test('no runs at all are a failure', () => {
    expect(tally(new Map()).failed).toBe(1);
  });
});
