/**
 * Offers one run's test database: a template made ONCE, when the first test asks, and one running copy of it for tests that
 * only read. Runs in vitest's main process; test processes ask over a socket (database.ts), so that a run of tests that need no
 * database makes none. It removes everything at the end.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/db/embedded.ts';
import { openDatabase } from '../../src/db/open.ts';
import { prepare } from './prepare.ts';
import { copyDatabase, databaseUrl } from './servers.ts';

/** What a test process needs to know; it travels as JSON. */
export type World =
  | { readonly kind: 'embedded'; readonly folder: string; readonly template: string; readonly shared: string }
  | { readonly kind: 'server'; readonly admin: string; readonly prefix: string; readonly template: string; readonly shared: string };

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket that answers with the run's `World`. */
    readonly worldSocket: string;
  }
}

type Undo = (() => Promise<void>)[];

/** The machine's memory as a folder, if it has one with room for all that a run puts there; a copy of the template takes half as long there. */
function roomInMemory(): string | undefined {
  const [folder, needed] = ['/dev/shm', 2 * 1024 ** 3];
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= needed ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Starts to offer the database; the returned function takes it away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // What waits for the disk in earnest has to have one.
  const memory = (project.config.env as Partial<Record<string, string>> | undefined)?.['HUB_TEST_DURABLE'] === undefined ? roomInMemory() : undefined;
  const folder = mkdtempSync(join(memory ?? tmpdir(), 'hub-test-'));
  // The test processes begin after this and put theirs here, too.
  if (memory !== undefined) process.env['TMPDIR'] = folder;
  const undo: Undo = [async () => rmSync(folder, { recursive: true, force: true })];
  const url = process.env['TEST_DATABASE_URL'];
  let world: Promise<World> | undefined;
  const make = (): Promise<World> => (url ? makeOnServer(url, undo) : makeEmbedded(folder, undo));
  const server = createServer((_request, response) => {
    (world ??= make()).then(
      (made) => response.end(JSON.stringify(made)),
      (error: unknown) => {
        console.error('The test database could not be made:', error instanceof Error ? (error.stack ?? error.message) : error);
        response.writeHead(500).end(error instanceof Error ? error.message : String(error));
      },
    );
  });
  const socket = join(folder, 'world.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  project.provide('worldSocket', socket);
  return async () => {
    server.closeAllConnections();
    server.close();
    await world?.catch(() => undefined);
    for (const step of undo.reverse()) await step();
  };
}

async function makeEmbedded(folder: string, undo: Undo): Promise<World> {
  const template = join(folder, 'template');
  const database = await openDatabase({ databaseUrl: undefined, dataDir: template });
  // What would be kept for the next segments of the log is as large as all data, and each clone would copy it.
  await database.sql`set wal_recycle = off`;
  await prepare(database).finally(() => database.close());
  // Its own copy: a running database writes to its folder, and the template is copied at any time.
  const shared = await startEmbedded({ dataDir: join(folder, 'shared'), template });
  undo.push(() => shared.close());
  return { kind: 'embedded', folder, template, shared: shared.socketDir };
}

async function makeOnServer(admin: string, undo: Undo): Promise<World> {
  const prefix = `hub_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_tpl`;
  const shared = `${prefix}_shared`;
  const sql = postgres(admin, { max: 1, onnotice: () => undefined });
  undo.push(async () => {
    const left = await sql<{ datname: string }[]>`select datname from pg_database where datname like ${`${prefix}\\_%`}`;
    for (const { datname } of left) await sql.unsafe(`drop database if exists "${datname}" with (force)`);
    await sql.end();
  });
  await sql.unsafe(`create database "${template}" template template0 encoding 'UTF8'`);
  const database = await openDatabase({ databaseUrl: databaseUrl(admin, template), dataDir: '' });
  await prepare(database).finally(() => database.close());
  await copyDatabase(sql, template, shared);
  return { kind: 'server', admin, prefix, template, shared: databaseUrl(admin, shared) };
}
