/**
 * Databases for tests, all from the one template of the run (global-setup.ts): a shared one for tests that only read, and
 * clones for tests that write. On the embedded database unless TEST_DATABASE_URL names a server. A clone takes about half a
 * second and 250 MB of memory on the embedded database, so a file takes one clone, not one a test, and closes it.
 */
import { randomBytes } from 'node:crypto';
import { constants, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { inject } from 'vitest';
import { joinEmbedded, openDatabase, type Database } from '../../src/db/open.ts';
import type { World } from './global-setup.ts';
import { copyDatabase, databaseUrl } from './servers.ts';

/** A clone that nobody has opened yet, as configuration. */
export interface Clone {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Removes it; whoever opened it has closed it before. */
  remove(): Promise<void>;
}

let world: Promise<World> | undefined;
let engine: Promise<unknown> | undefined;
/** The part of the runtime's own that is used here; its types come with a browser's. */
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: { compile(code: Uint8Array): Promise<unknown> } };

/**
 * The code of the embedded database, compiled once in this process and kept. Nobody uses it by itself: while one holds it, every
 * database that the process starts is given the same compiled code, with all that was optimized in it so far.
 */
function compiledEngine(template: string): Promise<unknown> {
  const pglite = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), 'pglite.wasm');
  const postgis = readdirSync(template, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.so')).map((name) => join(template, name));
  return Promise.all([pglite, ...postgis].map((file) => WebAssembly.compile(readFileSync(file))));
}

/** Where the run's databases are; the first call of a run waits until the template is made. */
export function theWorld(): Promise<World> {
  world ??= new Promise((resolve, reject) => {
    const asked = request({ socketPath: inject('worldSocket'), path: '/' }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () => (response.statusCode === 200 ? resolve(JSON.parse(body) as World) : reject(new Error(`No test database: ${body}`))));
    });
    asked.on('error', reject).end();
  });
  return world;
}

/** The database that all reading tests share. Never write to it. `close()` only disconnects. */
export async function sharedDatabase(): Promise<Database> {
  const made = await theWorld();
  return made.kind === 'embedded' ? joinEmbedded(made.shared) : openDatabase({ databaseUrl: made.shared, dataDir: '' });
}

/** A fresh copy of the template, for a test that opens it by itself (a whole hub, a second process). */
export async function cloneForConfig(): Promise<Clone> {
  const made = await theWorld();
  const name = randomBytes(5).toString('hex');
  if (made.kind === 'embedded') {
    const dataDir = join(made.folder, `clone-${name}`);
    await (engine ??= compiledEngine(made.template));
    mkdirSync(dataDir, { mode: 0o700 });
    // What is unpacked beside the data is the same for all and never written to.
    for (const name of readdirSync(made.template)) {
      if (name === 'pgdata') cpSync(join(made.template, name), join(dataDir, name), { recursive: true, mode: constants.COPYFILE_FICLONE });
      else symlinkSync(join(made.template, name), join(dataDir, name));
    }
    return { databaseUrl: undefined, dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
  }
  const database = `${made.prefix}_${name}`;
  await asAdmin(made.admin, async (sql) => {
    await copyDatabase(sql, made.template, database);
    // No test of the suite takes the server's power away; waiting for its disk at each commit is most of what many of them do.
    if (process.env['HUB_TEST_DURABLE'] === undefined) await sql.unsafe(`alter database "${database}" set synchronous_commit = off`);
  });
  return {
    databaseUrl: databaseUrl(made.admin, database),
    dataDir: join('.data', 'unused'),
    remove: () => asAdmin(made.admin, async (sql) => void (await sql.unsafe(`drop database if exists "${database}" with (force)`))),
  };
}

/** A fresh copy of the template, open. `close()` removes it. */
export async function cloneDatabase(): Promise<Database> {
  const clone = await cloneForConfig();
  const database = await openDatabase(clone);
  return { ...database, close: () => database.close().then(() => clone.remove()) };
}

async function asAdmin<T>(admin: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(admin, { max: 1, onnotice: () => undefined });
  return work(sql).finally(() => sql.end());
}
