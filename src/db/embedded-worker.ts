/**
 * The thread in which the embedded database lives: PGlite with PostGIS behind a private unix socket.
 *
 * It is a thread of its own because a statement blocks the thread it runs in. It knows its folders and one socket, all
 * handed in; locks, half-made folders and who may start it are the business of embedded.ts. It listens to no signal:
 * signals go to the main thread, which says `close`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { postgisIn } from './embedded-postgis.ts';
import { Turns } from './embedded-turns.ts';

/** What embedded.ts hands in. */
export interface WorkerInput {
  readonly pgdata: string;
  /** Where the files of PostGIS are kept. */
  readonly postgis: string;
  readonly socket: string;
}

/** What the thread reports. */
export type WorkerReport = { readonly is: 'ready' } | { readonly is: 'closed' } | { readonly is: 'failed'; readonly why: string };

/** Of more connections than this one session can do nothing good; it is a bound, not a target. */
const MAX_CONNECTIONS = 200;

async function run(input: WorkerInput, report: (what: WorkerReport) => void): Promise<() => Promise<void>> {
  // Startup parameters of a connection are ignored by the embedded database, so what every session of a server gets
  // from its connection (client.ts) is given here to the only session there is.
  const settings = ['timezone=Asia/Shanghai', 'datestyle=ISO, YMD', 'intervalstyle=postgres', 'extra_float_digits=1', 'jit=off'];
  const db = await PGlite.create({
    dataDir: input.pgdata,
    extensions: { postgis: postgisIn(input.postgis) },
    startParams: [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ['-c', setting])],
  });
  const turns = new Turns(db);
  const server = new PGLiteSocketServer({ db, path: input.socket, maxConnections: MAX_CONNECTIONS });
  // The server's own queue mixes connections (see embedded-turns.ts). It is private, so its name is checked: an
  // upgrade of the pinned package that renames it must stop the start, not bring the mixing back.
  if (!Reflect.has(server, 'queryQueue')) throw new Error('pglite-socket no longer has the queue that Turns replaces');
  Reflect.set(server, 'queryQueue', turns);
  await server.start();
  report({ is: 'ready' });
  return async () => {
    await server.stop();
    await turns.idle();
    await db.close();
    report({ is: 'closed' });
  };
}

const port = parentPort;
if (!port) throw new Error('embedded-worker.ts runs in a worker thread only');
const report = (what: WorkerReport): void => port.postMessage(what);
try {
  const close = await run(workerData as WorkerInput, report);
  // A shutdown that fails ends the thread with its error, which embedded.ts hears of.
  port.once('message', () => void close().then(() => port.close()));
} catch (error) {
  report({ is: 'failed', why: error instanceof Error ? error.message : String(error) });
  port.close();
}
