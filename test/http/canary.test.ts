/**
 * Canary: every value that a consumer may not have becomes a word of its own, the hub is started as its operator starts it, and random
 * operations, bad input and failing statements are sent. The word stands in no body, header, cursor, error or line of the log.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { canary, Hidden } from '../differential/hidden.ts';
import { Operations } from '../differential/operations.ts';
import { caseNo } from '../differential/policies.ts';
import { messyWorld, seed } from '../differential/world.ts';
import type { DifferentialWorld, Under } from '../differential/world.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { cloneForConfig } from '../world/database.ts';
import type { Clone } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';

/** A caller to whom nothing was granted, under the catalog as it is seeded. */
const under: Under = { caller: 'credit', catalog: 'seeded', policy: 0, underCase: false };
const folder = mkdtempSync(join(tmpdir(), 'hub-canary-'));

let clone: Clone;
let requests: readonly string[];
let stop: () => Promise<number | null> = async () => null;
let url = '';
let log = '';

beforeAll(async () => {
  clone = await cloneForConfig();
  const world = await messyWorld(await openDatabase(clone));
  const hidden = await Hidden.of(world.database, world.contract, world.data);
  expect(await hidden.change(world.permission(under))).toBeGreaterThan(1000);
  requests = asked(world);
  await world.database.sql.unsafe('drop schema kept cascade');
  await world.close();
  await serve();
}, 120_000);

afterAll(async () => {
  await stop();
  await clone?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Random operations, and the same with a part broken off. */
function asked(world: DifferentialWorld): readonly string[] {
  const operations = fc.sample(new Operations(world).operation(), { numRuns: 250, seed }).map(({ query, variables }) => JSON.stringify({ query, variables }));
  return operations.flatMap((body, n) => (n % 5 === 0 ? [body, body.slice(0, body.length * 0.7), body.replace('name', 'nane'), body.replaceAll(/"first":\d+/g, '"first":-1')] : [body]));
}

async function serve(): Promise<void> {
  const keyFile = join(folder, 'hub-keys.json');
  writeFileSync(keyFile, JSON.stringify(testKeys), { mode: 0o600 });
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const env = { PATH: process.env['PATH'], PORT: '0', HUB_KEY_FILE: keyFile, HUB_DATA_DIR: clone.dataDir, HUB_SEED_PEOPLE: '0', HUB_LOG_LEVEL: 'trace', HUB_CALLER_BUDGET: '1000000000', ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }) };
  const child = spawn(process.execPath, [main, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    const read = (part: Buffer): void => {
      log += part.toString();
      said += part.toString();
      if (said.includes('Ready in')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => reject(new Error(`serve ended with ${code}: ${log}`)));
  });
  await ready;
  url = /http:\/\/localhost:\d+/.exec(said)?.[0] ?? '';
}

/** All that comes back: status, headers, body. */
async function send(path: string, body: string | null, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const known = { authorization: `Bearer ${keyOf(under.caller)}`, 'hub-matter': testMatter, ...headers };
  const response = await fetch(`${url}${path}`, body === null ? { headers: known } : { method: 'POST', headers: { 'content-type': 'application/json', ...known }, body });
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
}

it('is nowhere in what is answered', { timeout: 120_000 }, async () => {
  const seen = { answered: 0, withheld: 0, refused: 0, unreadable: 0 };
  for (const body of requests) {
    const answer = await send('/graphql', body);
    expect(answer, body).not.toContain(canary);
    seen.answered += answer.startsWith('200') ? 1 : 0;
    seen.withheld += answer.includes('FIELD_NOT_SHARED') ? 1 : 0;
    seen.refused += answer.includes('FIND_NOT_SHARED') ? 1 : 0;
    seen.unreadable += /GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED|BAD_INPUT/.test(answer) ? 1 : 0;
  }
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(10);
  const introspection = JSON.stringify({ query: '{ __schema { types { name description fields { name description args { name defaultValue } } inputFields { name } enumValues { name } } } }' });
  for (const [path, body, headers] of [
    ['/graphql', introspection, {}], ['/graphql', introspection, { authorization: 'none' }], ['/health', null, {}], ['/schema.graphql', null, {}], ['/schema.graphql?all=1', null, {}], ['/metrics', null, {}],
    ['/graphql', requests[0] ?? '', { 'hub-case': caseNo }], ['/graphql', requests[1] ?? '', { 'hub-partial': 'refuse' }], ['/graphql', requests[2] ?? '', { 'hub-mode': 'BATCH' }],
  ] as const) expect(await send(path, body, headers)).not.toContain(canary);
  // Figures are told, of all that was asked.
  const figures = await send('/metrics', null);
  expect(figures).toMatch(/^200 .*hub_requests_total\{operation="[A-Za-z.]+",outcome="FIND_NOT_SHARED"\} \d/s);
  expect(figures).not.toContain(canary);
  expect(figures).not.toContain(keyOf(under.caller));
});

it('is nowhere in the log and the answer when a statement fails over it', { timeout: 60_000 }, async () => {
  const key = JSON.stringify({ query: '{ legalEntities(first: 200, where: {name: {startsWith: "CANARY-7391"}}) { nodes { id name } } }' });
  expect(await send('/graphql', key)).not.toContain(`"name":"${canary}`);
  await breakRecords();
  const failed = await send('/graphql', JSON.stringify({ query: '{ legalEntities(first: 199) { nodes { name uscc } } }' }));
  expect(failed).toContain('INTERNAL');
  expect(failed).not.toContain(canary);
  await stop();
  expect(log).toContain('a request failed');
  expect(log).not.toContain(canary);
  expect(log).not.toContain(keyOf(under.caller));
});

/**
 * Makes every statement about legal entities fail with a sentence of PostgreSQL's that quotes a hidden value: the name is read from
 * another column as a number. On the embedded database only the hub itself is connected, so it is stopped for that.
 */
async function breakRecords(): Promise<void> {
  const embedded = clone.databaseUrl === undefined;
  if (embedded) await stop();
  const database = await openDatabase(clone);
  const columns = await database.sql<{ name: string; type: string }[]>`select column_name as name, data_type as type from information_schema.columns where table_name = 'legal_entity' order by ordinal_position`;
  const texts = columns.filter(({ type }) => type === 'text').map(({ name }) => name);
  const [found] = await database.sql.unsafe<Record<string, string | null>[]>(`select ${texts.map((name) => `max("${name}") filter (where "${name}" like '${canary}%') as "${name}"`).join(', ')} from legal_entity`);
  const hidden = texts.find((name) => found?.[name] !== null);
  expect(hidden).toBeDefined();
  await database.sql.unsafe('alter table legal_entity rename to legal_entity_kept');
  await database.sql.unsafe(`create view legal_entity as select ${columns.map(({ name }) => (name === 'name' ? `("${hidden}"::int)::text as name` : `"${name}"`)).join(', ')} from legal_entity_kept where "${hidden}" like '${canary}%'`);
  await expect(database.sql.unsafe('select name from legal_entity')).rejects.toThrow(canary);
  await database.close();
  if (embedded) await serve();
}
