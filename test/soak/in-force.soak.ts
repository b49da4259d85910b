/**
 * Two server processes under load on one database: a grant that is given or ended, and an item whose sharing changes, are in force on both
 * within a second of the change's answer, and no answer mixes what was with what is. Needs a PostgreSQL server; the embedded database has
 * one process.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import type { Database } from '../../src/db/open.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import type { AdministratorName } from '../world/callers.ts';
import { cloneForConfig } from '../world/database.ts';
import type { Clone } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';

const changes = Number(process.env['HUB_SOAK_CHANGES'] ?? 60);
/** Callers on each process. */
const callers = 16;
const [marital, former] = ['RK-0013', 'RK-0003'];
const question = 'query ($id: String!) { person(idNumber: $id) { name maritalStatusCode formerName } }';

const folder = mkdtempSync(join(tmpdir(), 'hub-in-force-'));
const servers: ChildProcess[] = [];
const urls: string[] = [];
let clone: Clone;
let database: Database;
let people: readonly string[];

async function serve(): Promise<string> {
  const server = spawn(process.execPath, [fileURLToPath(new URL('../../src/main.ts', import.meta.url)), 'serve'], {
    env: { ...process.env, PORT: '0', DATABASE_URL: clone.databaseUrl, HUB_DATA_DIR: folder, HUB_KEY_FILE: join(folder, 'keys.json'), HUB_CALLER_BUDGET: '1000000000000', HUB_LOG_LEVEL: 'silent' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.push(server);
  for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
    const url = /GraphQL {2}(\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('The hub did not start.');
}

beforeAll(async () => {
  clone = await cloneForConfig();
  if (clone.databaseUrl === undefined) throw new Error('Two processes need a PostgreSQL server: set TEST_DATABASE_URL.');
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(testKeys), { mode: 0o600 });
  database = await openDatabase(clone);
  // One steward sets their sharing.
  await database.sql`update catalog_item set owner_department = '620623-MZ' where code in ${database.sql([marital, former])}`;
  people = (await database.sql<{ id: string }[]>`select id_number as id from person where marital_status_code is not null and former_name is not null and id_number is not null limit 50`).map(({ id }) => id);
  urls.push(await serve(), await serve());
});
afterAll(async () => {
  for (const server of servers) {
    server.kill('SIGTERM');
    await once(server, 'close');
  }
  await database?.close();
  await clone?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(url: string, key: string, query: string, variables: Readonly<Record<string, unknown>>): Promise<{ readonly data?: { readonly person?: Readonly<Record<string, unknown>> }; readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[] }> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'hub-matter': testMatter }, body: JSON.stringify({ query, variables }) });
  return await response.json() as Awaited<ReturnType<typeof ask>>;
}

/** Which of the two fields an answer gave, as `1` and `0`; and when it was asked and had come. */
interface Seen {
  readonly given: string;
  readonly from: number;
  readonly to: number;
}

async function look(url: string): Promise<Seen> {
  const from = performance.now();
  const id = people[Math.floor(Math.random() * people.length)];
  const { data, errors = [] } = await ask(url, keyOf('market'), question, { id });
  const unforeseen = errors.find(({ extensions }) => extensions['code'] !== 'FIELD_NOT_SHARED');
  if (unforeseen !== undefined || data?.person === undefined) throw new Error(unforeseen?.message ?? 'Nobody was found.');
  return { given: [data.person['maritalStatusCode'], data.person['formerName']].map((value) => (value === null || value === undefined ? '0' : '1')).join(''), from, to: performance.now() };
}

async function decide(by: AdministratorName, mutation: string, variables: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const { errors = [] } = await ask(urls[0] as string, keyOf(by), mutation, variables);
  if (errors[0] !== undefined) throw new Error(errors[0].message);
}

async function setSharing(shareType: string): Promise<void> {
  const [row] = await database.sql<{ seq: string }[]>`select seq::text from policy_change where kind = 'catalog_item' and code = ${former} order by seq desc limit 1`;
  await decide('civilSteward', 'mutation ($i: String!, $v: ID!, $t: ShareType!) { setSharing(item: $i, version: $v, shareType: $t, condition: "某条例第三条") { code } }', { i: former, v: row?.seq, t: shareType });
}

/** Each way of changing what is given, and what is given behind it. */
const ways: readonly (readonly [string, string, (n: number) => Promise<void>])[] = [
  ['a grant of both', '11', (n) => decide('security', `mutation { grant(approvalNo: "F-${n}", consumer: "test-market", tuples: [{item: "${marital}", uses: [READ]}, {item: "${former}", uses: [READ]}]) }`)],
  ['an item closed', '10', () => setSharing('NOT_SHARED')],
  ['and opened again', '11', () => setSharing('CONDITIONAL')],
  ['its end', '00', (n) => decide('security', `mutation { endGrant(approvalNo: "F-${n}") }`)],
];

test(`${changes} times four changes on two processes under load`, async () => {
  const seen: Seen[][] = urls.map(() => []);
  let stopped = false;
  const load = Promise.all(urls.flatMap((url, process_) => Array.from({ length: callers }, async () => {
    while (!stopped) seen[process_]?.push(await look(url));
  })));
  const made: { readonly given: string; readonly before: string; readonly from: number; readonly to: number }[] = [];
  for (let n = 0, before = '00'; n < changes; n += 1) {
    for (const [, given, make] of ways) {
      // Whoever sends it may ask either process.
      const from = performance.now();
      await make(n);
      made.push({ given, before, from, to: performance.now() });
      before = given;
      await new Promise((wake) => { setTimeout(wake, 150 + Math.random() * 300); });
    }
  }
  // The last one may take its second, too.
  await new Promise((wake) => { setTimeout(wake, 1200); });
  stopped = true;
  await load;
  const latest = urls.map(() => [] as number[]);
  const wrong: string[] = [];
  for (const [process_, answers] of seen.entries()) {
    for (const { given, from, to } of answers) {
      // What an answer may show is what was in force at some moment while it was asked; or, within the second, before.
      const known = made.filter((change) => change.from < to);
      const settled = made.filter((change) => change.to <= from).at(-1);
      const may = new Set([settled?.given ?? '00', ...known.filter((change) => settled === undefined || change.to > settled.to).map((change) => change.given)]);
      if (may.has(given)) continue;
      const late = settled !== undefined && given === settled.before ? from - settled.to : Number.NaN;
      if (late >= 0) latest[process_]?.push(late);
      else wrong.push(`process ${process_} gave ${given} where ${[...may].join(' or ')} was in force`);
    }
  }
  const slowest = latest.map((times) => Math.max(0, ...times));
  console.log(`${made.length} changes, ${seen.map((answers) => answers.length).join(' + ')} answers; still as before, ms after the change's answer: ${slowest.map((ms) => ms.toFixed(0)).join(' and ')} at most (${latest.map((times) => times.length).join(' and ')} answers)`);
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(Math.min(...seen.map((answers) => answers.length))).toBeGreaterThan(10 * made.length);
  expect(Math.max(...slowest)).toBeLessThanOrEqual(1000);
  // Where the change was made it is in force with its answer.
  expect(slowest[0]).toBe(0);
});
