/**
 * kill -9 in the middle of a comparison: the real program in a process of its own, on a real PostgreSQL server, killed at about half and
 * started again. No row is lost, none is doubled, and no verdict is another than without the kill. (On the embedded database a killed process
 * leaves its directory to be recovered, which is tested elsewhere; what is kept by transactions is the same.)
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import type { Database } from '../../src/db/open.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { cloneForConfig } from '../world/database.ts';
import type { Clone } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';
import { listGrant } from './comparing.ts';

const main = new URL('../../src/main.ts', import.meta.url).pathname;
const rows = 20_000;
const onServer = process.env['TEST_DATABASE_URL'] !== undefined;
const running = new Set<ChildProcess>();
const folder = mkdtempSync(join(tmpdir(), 'hub-comparison-'));
let clone: Clone;
let database: Database;
let port = 0;

beforeAll(async () => {
  if (!onServer) return;
  clone = await cloneForConfig();
  database = await openDatabase(clone);
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(testKeys), { mode: 0o600 });
  port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const own = (probe.address() as AddressInfo).port;
      probe.close(() => resolve(own));
    });
  });
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  if (!onServer) return;
  await database.close();
  await clone.remove();
});

const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
const sleep = (ms: number) => new Promise<void>((wake) => { setTimeout(wake, ms); });

/** Starts the hub and waits until it answers. */
async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main, 'serve'], { env: { ...process.env, PORT: String(port), DATABASE_URL: clone.databaseUrl, HUB_KEY_FILE: join(folder, 'keys.json'), HUB_DATA_DIR: folder, HUB_CALLER_BUDGET: '1000000000' }, stdio: 'ignore' });
  running.add(child);
  child.on('exit', () => running.delete(child));
  for (let n = 0; n < 600; n += 1) {
    if (await fetch(url('/health')).then(({ ok }) => ok, () => false)) return child;
    await sleep(50);
  }
  throw new Error('The hub does not come up.');
}

test.runIf(onServer)(`${rows} rows, killed at about half`, async () => {
  const people = await database.sql<{ idNumber: string; name: string }[]>`select id_number as "idNumber", name from person where id_number is not null order by id_number`;
  // Each subject comes several times, so that only the line tells rows apart.
  const claimed = Array.from({ length: rows }, (_, n) => ({ ...people[n % people.length]!, right: n % 7 !== 0 }));
  const child = await start();
  const headers = { 'hub-matter': testMatter };
  const granted = await fetch(url('/graphql'), { method: 'POST', headers: { ...headers, 'content-type': 'application/json', authorization: `Bearer ${keyOf('security')}` }, body: JSON.stringify({ query: 'mutation ($t: [GrantTupleInput!]!) { grant(approvalNo: "B-K", consumer: "test-market", tuples: $t) }', variables: { t: listGrant } }) });
  expect(await granted.json()).not.toHaveProperty('errors');
  const sent = await fetch(url('/comparisons'), { method: 'POST', headers: { ...headers, 'content-type': 'text/csv', authorization: `Bearer ${keyOf('market')}` }, body: ['idNumber,name', ...claimed.map(({ idNumber, name, right }) => `${idNumber},${right ? name : '某某'}`)].join('\n') });
  expect(sent.status).toBe(202);
  const { id } = await sent.json() as { id: string };
  const done = async () => (await database.sql<{ done: number; state: string }[]>`select done, state from comparison where id = ${id}`)[0]!;
  while ((await done()).done < rows / 2) await sleep(5);
  child.kill('SIGKILL');
  await new Promise((gone) => { child.once('exit', gone); });
  const left = await done();
  expect(left.state).toBe('RUNNING');
  expect(left.done).toBeLessThan(rows);
  const successor = await start();
  while ((await done()).state !== 'DONE') await sleep(50);
  const result = await (await fetch(url(`/comparisons/${id}`), { headers: { ...headers, authorization: `Bearer ${keyOf('market')}` } })).text();
  const lines = result.trimEnd().split('\r\n').slice(1).map((line) => line.split(','));
  expect(lines.map(([line]) => Number(line))).toEqual(claimed.map((_, n) => n + 2));
  expect(lines.map(([, verdict]) => verdict)).toEqual(claimed.map(({ right }) => (right ? 'MATCH' : 'MISMATCH')));
  console.log(`killed at ${left.done} of ${rows} rows; ${lines.length} rows in the result, each once`);
  successor.kill('SIGTERM');
  await new Promise((gone) => { successor.once('exit', gone); });
}, 180_000);
