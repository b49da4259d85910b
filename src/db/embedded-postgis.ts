/**
 * PostGIS for the embedded database: the few files of its package that one database needs, unpacked once beside the data and
 * read from there.
 *
 * Left to itself the engine inflates the whole package at each start (95 MB, raster, topology and a geocoder with it), keeps
 * it in memory and compiles three libraries of which the hub uses one: 2 s of work and 400 MB before the first statement. Here
 * the files are linked into the engine's file system, and what nobody reads costs nothing.
 *
 * It refuses a package that lacks a file it knows by name; another version of the package is unpacked beside the old one, which
 * goes. What it writes it writes under a draft name first, so that who is killed here leaves nothing that is trusted.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Extension } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';

/** Folders of unpacked packages, one a version. */
const PREFIX = 'postgis-';

/** Of PostGIS the library, what SQL creates it, and what projects coordinates; not what updates databases older than the hub. */
const needed = /^(?:lib\/postgresql\/postgis-3\.so|share\/proj\/.+|share\/postgresql\/extension\/postgis(?:\.control|--\d[\d.]*\.sql))$/;

/** Those without which nothing works. */
const known = ['lib/postgresql/postgis-3.so', 'share/proj/proj.db', 'share/postgresql/extension/postgis.control'];

/** Where the engine's own file system has its installation, and where the unpacked folder is put beside it. */
const ENGINE = '/pglite';
const LINKED = '/postgis';

/** What this file needs of the engine's file system. */
interface EngineFiles {
  readonly filesystems: { readonly NODEFS: unknown };
  mkdir(path: string): void;
  mkdirTree(path: string): void;
  mount(type: unknown, options: { readonly root: string }, path: string): void;
  symlink(target: string, path: string): void;
}

/** PostGIS as an extension of PGlite, with its files below `folder`. */
export function postgisIn(folder: string): Extension {
  return {
    name: 'postgis',
    setup: async (engine, options) => {
      const { emscriptenOpts, bundlePath } = await postgis.setup(engine, options);
      if (bundlePath === undefined) throw new Error('pglite-postgis no longer says where its package lies');
      const root = unpacked(bundlePath, folder);
      const link = ({ FS }: { readonly FS: EngineFiles }): void => {
        FS.mkdir(LINKED);
        FS.mount(FS.filesystems.NODEFS, { root }, LINKED);
        for (const name of filesOf(root)) {
          FS.mkdirTree(dirname(`${ENGINE}/${name}`));
          FS.symlink(`${LINKED}/${name}`, `${ENGINE}/${name}`);
        }
      };
      return { emscriptenOpts: { ...emscriptenOpts, preRun: [...emscriptenOpts.preRun, link] } };
    },
  };
}

/** The folder of this version's files; unpacks them where they are not there yet. */
function unpacked(bundle: URL, folder: string): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', bundle), 'utf8')) as { readonly version: string };
  const root = join(folder, `${PREFIX}${version}`);
  // The engine mounts no link.
  if (existsSync(root)) return realpathSync(root);
  for (const other of readdirSync(folder)) if (other.startsWith(PREFIX)) rmSync(join(folder, other), { recursive: true, force: true });
  const draft = `${root}.unfinished`;
  for (const { name, content } of entriesOf(gunzipSync(readFileSync(bundle)))) {
    if (!needed.test(name)) continue;
    mkdirSync(join(draft, dirname(name)), { recursive: true, mode: 0o700 });
    writeFileSync(join(draft, name), content, { mode: 0o600 });
  }
  for (const name of known) if (!existsSync(join(draft, name))) throw new Error(`pglite-postgis ${version} has no ${name}`);
  renameSync(draft, root);
  return realpathSync(root);
}

function filesOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
}

/** The files of a tar archive (blocks of 512 bytes, a header block before each file) whose names fit into their header, as all that is needed do. */
function* entriesOf(archive: Buffer): Generator<{ readonly name: string; readonly content: Buffer }> {
  const text = (from: number, size: number): string => archive.toString('utf8', from, from + size).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (['0', ''].includes(text(at + 156, 1))) yield { name: text(at, 100), content: archive.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
