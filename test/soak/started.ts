/**
 * A hub started as `npm start` starts it, as another process on the database of one that serves already. Needs a PostgreSQL server: the
 * embedded database has one process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServedHub } from '../world/served.ts';

/** See the head of this file. */
export interface StartedHub {
  /** Base address. */
  readonly url: string;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly scripts: { readonly start: string } };
const flags = scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** Starts one; resolves when it serves. */
export async function startedBeside({ hub: { config } }: Pick<ServedHub, 'hub'>): Promise<StartedHub> {
  if (config.databaseUrl === undefined) throw new Error('Two processes need a PostgreSQL server: set TEST_DATABASE_URL.');
  const child = spawn(process.execPath, [...flags, main, 'serve'], {
    env: { PATH: process.env['PATH'], PORT: '0', DATABASE_URL: config.databaseUrl, HUB_DATA_DIR: config.dataDir, HUB_KEY_FILE: config.keyFile, HUB_LOG_LEVEL: 'silent' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /GraphQL {2}(\S+)\/graphql/.exec(line)?.[1];
    if (url !== undefined) return { url, stop };
  }
  throw new Error('The hub did not start.');
}
