/**
 * Imports point down. The rooms of `src/` stand in levels, top to bottom; a file may import its own room and every level
 * below, never a room beside it or above. A new room is one word in `levels`.
 *
 * `console/` is no room of the server but its client: nothing here imports it, it imports nothing of this, and it has levels
 * of its own.
 *
 * Three more walls: registries do not reach into each other's folders, `sharing/` imports nothing but errors, and the packages
 * that shape a file (`graphql`, `drizzle-orm`) are imported only where they belong. What reads the environment is the
 * linter's business (`.oxlintrc.json`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf, packageOf, targetOf } from './imports.ts';
import type { Findings } from './report.ts';
import { filesBelow, report, root } from './report.ts';

/** Rooms from top to bottom; those of one level do not know each other. */
const levels: readonly (readonly string[])[] = [
  ['main.ts'],
  ['commands'],
  ['hub.ts'],
  ['http'],
  ['graphql'],
  ['evaluation'],
  ['approvals', 'catalog', 'certificates', 'matters', 'sync', 'verification'],
  ['files', 'seeding', 'receipts'],
  ['records', 'calendar'],
  ['query', 'audit'],
  ['identity'],
  ['registries'],
  ['sharing', 'db'],
  ['config.ts'],
  ['errors.ts', 'log.ts'],
];

/** The console's own levels. Its rooms do not know each other, nor do the files beside them that build it. */
const consoleLevels: readonly (readonly string[])[] = [
  ['main.tsx', 'build.ts'],
  ['app', 'codegen.ts', 'vite.config.ts'],
  ['rooms'],
  ['parts'],
  ['api', 'language'],
  ['generated'],
];

/** Rooms that may import only these besides themselves: neither other rooms nor any package, not even Node's. */
const closed: Readonly<Record<string, readonly string[]>> = {
  sharing: ['errors.ts'],
};

/** Folders inside a room that all its other folders may use; the rest of them are neighbours. */
const common: ReadonlySet<string> = new Set(['registries/identifiers']);

/**
 * Packages and files that only some places may import, and those places. Tables belong to `db/` (the hub's own), `registries/`
 * (records), `query/` (which compiles statements over them) and the use case that owns them: `records/` writes records, their
 * sources and what falls due, and builds all its statements in one file.
 */
const places: Readonly<Record<string, readonly string[]>> = {
  'graphql': ['graphql/', 'query/asks.ts', 'query/collect.ts', 'query/facts.ts', 'query/input.ts'],
  'drizzle-orm': ['db/', 'registries/', 'query/', 'records/tables.ts', 'files/tables.ts'],
  'db/tables.ts': ['db/', 'records/tables.ts'],
  'db/policy-tables.ts': ['db/', 'query/bounds.ts', 'query/kin.ts'],
};

/** An import that breaks a rule for a reason. */
export interface Exception {
  readonly file: string;
  /** The file below `src/`, or the package. */
  readonly imports: string;
  readonly why: string;
}

/** Every exception there is. One that is no longer needed is a failure. */
const exceptions: readonly Exception[] = [];

/** Checks the sources in `<folder>/src`. */
export function checkLayers(folder: string, allowed: readonly Exception[] = exceptions): Findings {
  const src = join(folder, 'src');
  const files = filesBelow(src).filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  const declared = dependenciesOf(folder);
  const problems: string[] = [];
  const used = new Set<Exception>();
  let imports = 0;
  for (const file of files) {
    for (const { line, specifier } of importsOf(readFileSync(join(src, file), 'utf8'))) {
      imports += 1;
      const target = specifier?.startsWith('.') ? targetOf(file, specifier) : specifier;
      const wrong = target === null ? 'imports what only the run decides, which no check can follow'
        : specifier?.startsWith('.') ? wrongFile(file, target) : wrongPackage(file, target, declared);
      if (wrong === null) continue;
      const exception = allowed.find((own) => own.file === file && target !== null && [target, packageOf(target)].includes(own.imports));
      if (exception) used.add(exception);
      else problems.push(`src/${file}:${line}: ${wrong}`);
    }
  }
  for (const room of new Set(files.filter((file) => levelOf(file) < 0 && roomOf(file) !== 'console').map(roomOf))) problems.push(`src/${room}: this room has no level; give it one in test/check/layers.ts`);
  for (const own of allowed) if (!used.has(own)) problems.push(`src/${own.file}: the exception for ${own.imports} is not needed (any more)`);
  return { checked: { files: files.length, imports }, problems };
}

/** What is wrong with a file that imports a file; both are paths from `src/`. */
function wrongFile(file: string, target: string): string | null {
  if (target.startsWith('../')) return `${target} is outside of src/`;
  if (file.startsWith('console/')) return target.startsWith('console/') ? wrongInConsole(file.slice(8), target.slice(8)) : `console imports ${target}: it is a client of the server, and asks it`;
  if (target.startsWith('console/')) return `${target} is the client's; the server serves what is built of it`;
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === to) {
    const [own, other] = [folderOf(file), folderOf(target)];
    const neighbours = own !== other && own !== from && other !== from && !common.has(other) && !common.has(own);
    if (common.has(own) && own !== other) return `${own} is for all of ${from}/ and may not import ${other === from ? target : other}`;
    return neighbours ? `${own} reaches into its neighbour ${other}` : null;
  }
  if (closed[from] && !closed[from].includes(to)) return `${from}/ imports nothing but ${closed[from].join(', ')}, not ${target}`;
  const place = wrongPlace(file, target);
  if (place) return place;
  // A room without a level is told of once, for all its files.
  if (levelOf(target) < 0 || levelOf(file) < 0) return null;
  if (levelOf(target) < levelOf(file)) return `${from} imports ${target}, which stands above it; hand it in instead`;
  return levelOf(target) === levelOf(file) ? `${from} imports ${target}, which stands beside it` : null;
}

/** The same within the console; paths from `src/console/`. */
function wrongInConsole(file: string, target: string): string | null {
  const [from, to] = [roomOf(file), roomOf(target)];
  const [own, other] = [from, to].map((room) => consoleLevels.findIndex((level) => level.includes(room))) as [number, number];
  if (own < 0 || other < 0) return `console/${own < 0 ? from : to} has no level; give it one in test/check/layers.ts`;
  if (from === to) return from === 'rooms' && folderOf(file) !== folderOf(target) ? `console/${folderOf(file)} reaches into its neighbour ${folderOf(target)}; what both need belongs in console/parts` : null;
  return other > own ? null : `console/${from} imports console/${target}, which stands ${other < own ? 'above' : 'beside'} it`;
}

/** What is wrong with a file that imports a package. */
function wrongPackage(file: string, specifier: string, { runs, builds }: Declared): string | null {
  const from = roomOf(file);
  const declared = from === 'console' ? builds : runs;
  if (closed[from]) return `${from}/ imports nothing but ${closed[from].join(', ')}, not ${specifier}`;
  const name = packageOf(specifier);
  if (name === null) return null;
  if (from === 'console') return declared.has(name) ? null : `${name} is not among the packages of package.json`;
  return declared.has(name) ? wrongPlace(file, name) : `${name} is not among the dependencies of package.json`;
}

function wrongPlace(file: string, what: string): string | null {
  const may = places[what];
  if (may === undefined || may.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place))) return null;
  return `${what} belongs in ${may.join(', ')} only`;
}

/** The top level of a path: a folder or a file of `src/`. */
function roomOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/** The folder of a room that a path lies in, one level deep (`registries/credit`), or the room itself. */
function folderOf(path: string): string {
  const [room = path, folder, ...rest] = path.split('/');
  return folder !== undefined && rest.length > 0 ? `${room}/${folder}` : room;
}

function levelOf(path: string): number {
  return levels.findIndex((level) => level.includes(roomOf(path)));
}

/** Packages that the server runs with, and those and the others that the console is built from. */
interface Declared {
  readonly runs: ReadonlySet<string>;
  readonly builds: ReadonlySet<string>;
}

function dependenciesOf(folder: string): Declared {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };
  return { runs: new Set(Object.keys(dependencies)), builds: new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]) };
}

if (import.meta.main) report('layers', checkLayers(root));
