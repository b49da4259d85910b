/**
 * A whole hub for tests, listener and all, on a database of its own.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { openHub } from '../../src/hub.ts';
import type { Hub, HubParts } from '../../src/hub.ts';
import { cloneForConfig } from './database.ts';
import { testKeys } from './keys.ts';

/** A hub that listens. */
export interface ServedHub {
  readonly hub: Hub;
  /** Base address. */
  readonly url: string;
  /** Ends it, and removes what it was on. */
  close(): Promise<void>;
}

/** Opens one, on a free port; with a part of the environment, and on another clock. */
export async function servedHub(env: Readonly<Record<string, string>> = {}, parts?: HubParts): Promise<ServedHub> {
  const clone = await cloneForConfig();
  const folder = mkdtempSync(join(tmpdir(), 'hub-served-'));
  const keyFile = join(folder, 'hub-keys.json');
  writeFileSync(keyFile, JSON.stringify(testKeys), { mode: 0o600 });
  const remove = async (): Promise<void> => {
    await clone.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const hub = await openHub(readConfig({ PORT: '0', HUB_DATA_DIR: clone.dataDir, HUB_KEY_FILE: keyFile, ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }), ...env }), parts);
    const { url } = await hub.serve();
    return { hub, url, close: () => hub.close().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
