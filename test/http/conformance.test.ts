/**
 * GraphQL over HTTP: every audit of the reference suite (`graphql-http`) against the real listener with its real settings, asked as a
 * registered consumer who sends the preflight header.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openHub } from '../../src/hub.ts';
import type { Hub } from '../../src/hub.ts';
import { keyOf } from '../world/callers.ts';
import { cloneForConfig } from '../world/database.ts';
import type { Clone } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-conformance-'));
let clone: Clone;
let hub: Hub;
let url = '';

beforeAll(async () => {
  clone = await cloneForConfig();
  const keyFile = join(folder, 'hub-keys.json');
  writeFileSync(keyFile, JSON.stringify(testKeys), { mode: 0o600 });
  hub = await openHub(readConfig({ PORT: '0', HUB_DATA_DIR: clone.dataDir, HUB_KEY_FILE: keyFile, ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }) }));
  ({ url } = await hub.serve());
}, 60_000);

afterAll(async () => {
  await hub?.close();
  await clone?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const asConsumer: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${keyOf('police')}`);
  headers.set('apollo-require-preflight', 'true');
  return fetch(input, { ...init, headers });
};

const audits = serverAudits({ url: () => `${url}/graphql`, fetchFn: asConsumer });

it('has all the audits', () => {
  expect(audits.length).toBe(61);
});

it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
  const result = await audit.fn();
  expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
});
