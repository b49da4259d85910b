/**
 * Starts and stops the embedded database: PGlite with PostGIS in a worker thread, on one data directory, reached over a
 * private unix socket by the same driver as a server.
 *
 * It takes the directory's lock, throws away what a first start left half done, and says when the thread dies. It does
 * not connect, migrate or seed. It refuses a directory that another process uses and data of another PostgreSQL major
 * version. It promises no safety against power loss (no fsync below): that needs a server.
 */
import { constants, cpSync } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { HubError } from '../errors.ts';
import { lockDirectory } from './directory-lock.ts';
import type { WorkerInput, WorkerReport } from './embedded-worker.ts';

/** The major version inside the pinned PGlite; data of another one cannot be opened. */
const EMBEDDED_MAJOR = '18';

/** The name PostgreSQL clients look for in a socket folder. */
const SOCKET_NAME = '.s.PGSQL.5432';

/** Socket paths are limited to about 104 bytes, so the socket never lives inside the data directory. */
const SOCKET_PREFIX = 'hub-db-';

/** How long a clean shutdown may take before the thread is ended without it. */
const CLOSE_MS = 20_000;

/** A running embedded database. */
export interface Embedded {
  /** Folder (mode 0700) that holds the socket. */
  readonly socketDir: string;
  /** Was the directory new, or left half made by a first start that was killed? */
  readonly fresh: boolean;
  /** Settles only if the thread dies without being asked to; callers must then stop serving. */
  readonly lost: Promise<HubError>;
  /** Shuts the database down cleanly and gives the directory back. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the embedded database of `dataDir`. With `template` (the data directory of a CLOSED embedded database) a new
 * directory begins as a copy of it instead of an empty database; the copy counts as fresh.
 */
export async function startEmbedded(options: { readonly dataDir: string; readonly template?: string }): Promise<Embedded> {
  const dataDir = resolve(options.dataDir);
  const socketDir = await mkdtemp(join(tmpdir(), SOCKET_PREFIX));
  await chmod(socketDir, 0o700);
  const undo: (() => Promise<void>)[] = [() => rm(socketDir, { recursive: true, force: true })];
  let givenBack: Promise<void> | undefined;
  const giveBack = (): Promise<void> => (givenBack ??= undo.reverse().reduce((before, step) => before.then(step), Promise.resolve()));
  try {
    const lock = await lockDirectory(dataDir, socketDir);
    undo.push(() => lock.release());
    await sweep(lock.leftBehind);
    const { pgdata, fresh, complete } = await prepare(dataDir, options.template);
    const thread = await startThread({ pgdata, postgis: dataDir, socket: join(socketDir, SOCKET_NAME) }, dataDir);
    undo.push(() => thread.close());
    await complete();
    return { socketDir, fresh, lost: thread.lost, close: giveBack };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

interface Prepared {
  readonly pgdata: string;
  readonly fresh: boolean;
  /** Called when the database has opened: from here on the data is kept whatever happens. */
  readonly complete: () => Promise<void>;
}

/**
 * Finds or begins the data. A marker stands beside the data from before its first file until the database has opened for
 * the first time. Who finds the marker knows that what lies there was never used, and starts anew.
 */
async function prepare(dataDir: string, template: string | undefined): Promise<Prepared> {
  const pgdata = join(dataDir, 'pgdata');
  const marker = join(dataDir, 'pgdata.unfinished');
  const unfinished = await exists(marker);
  if (unfinished) await rm(pgdata, { recursive: true, force: true });
  else if (await exists(join(pgdata, 'PG_VERSION'))) {
    const major = (await readFile(join(pgdata, 'PG_VERSION'), 'utf8')).trim();
    if (major !== EMBEDDED_MAJOR) {
      throw new HubError('CONFIG_INVALID', `The data in ${dataDir} belongs to PostgreSQL ${major}; this hub embeds ${EMBEDDED_MAJOR}. Export it with the hub that wrote it, or choose another HUB_DATA_DIR.`);
    }
    return { pgdata, fresh: false, complete: async () => undefined };
  } else if ((await exists(pgdata)) && (await readdir(pgdata)).length > 0) {
    throw new HubError('CONFIG_INVALID', `${pgdata} holds files but no database. Move them away or choose another HUB_DATA_DIR.`);
  }
  await writeFile(marker, 'The first start has not finished; what lies in pgdata is thrown away by the next one.\n');
  if (template !== undefined) await copyData(template, dataDir);
  else await mkdir(pgdata, { recursive: true, mode: 0o700 });
  return { pgdata, fresh: true, complete: () => unlink(marker) };
}

/**
 * Copies the data of a closed embedded database; shares blocks where the file system can. Synchronously, at the start of a
 * process: about 1000 small files take 0.1 s this way and 0.33 s one promise at a time.
 */
async function copyData(template: string, dataDir: string): Promise<void> {
  const draft = join(dataDir, 'pgdata.copy');
  await rm(draft, { recursive: true, force: true });
  cpSync(join(template, 'pgdata'), draft, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await rm(join(dataDir, 'pgdata'), { recursive: true, force: true });
  await rename(draft, join(dataDir, 'pgdata'));
}

/** Removes the socket folder of a dead holder; only a folder that is recognisably one of ours. */
async function sweep(leftBehind: string | undefined): Promise<void> {
  if (!leftBehind || dirname(leftBehind) !== tmpdir() || !basename(leftBehind).startsWith(SOCKET_PREFIX)) return;
  await rm(leftBehind, { recursive: true, force: true });
}

interface Thread {
  readonly lost: Promise<HubError>;
  close(): Promise<void>;
}

async function startThread(input: WorkerInput, dataDir: string): Promise<Thread> {
  // execArgv is emptied because test runners and debuggers start this process with flags a worker cannot take.
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: input, execArgv: [] });
  let closing = false;
  let failure = '';
  worker.on('error', (error) => (failure = error instanceof Error ? error.message : String(error)));
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const ready = new Promise<boolean>((resolve) => {
    worker.on('message', (what: WorkerReport) => {
      if (what.is === 'ready') resolve(true);
      if (what.is === 'failed') failure = what.why;
    });
    void ended.then(() => resolve(false));
  });
  if (!(await ready)) {
    throw new HubError('UNAVAILABLE', `The embedded database in ${dataDir} did not start (${failure || 'its thread ended'}). Start it again; if it fails again, restore the directory from a backup or choose another HUB_DATA_DIR.`);
  }
  const lost = new Promise<HubError>((resolve) => {
    void ended.then(() => {
      if (!closing) resolve(new HubError('UNAVAILABLE', `The embedded database in ${dataDir} has stopped (${failure || 'its thread ended'}). Restart the hub.`));
    });
  });
  return {
    lost,
    close: async () => {
      closing = true;
      worker.postMessage('close');
      const timer = setTimeout(() => void worker.terminate(), CLOSE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
