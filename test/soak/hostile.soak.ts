/**
 * 64 hostile senders at once, deep, wide, aliased, huge, broken and slow, against one server process: an honest client's look-ups
 * by key keep their speed (p99 within 3x of quiet), the server lives on and does not grow. Needs a PostgreSQL server to say something:
 * the embedded database would share the server's processor.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { apiKeyDigest } from '../../src/identity/api-key.ts';
import { registerConsumer } from '../../src/identity/consumers.ts';
import { callers, keyOf, testMatter } from '../world/callers.ts';
import { cloneForConfig } from '../world/database.ts';
import type { Clone } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';
import { senders } from './hostile-senders.ts';
import type { Orders, Tally } from './hostile-senders.ts';

/** Quiet and attack take turns, so that whatever else the machine does falls on both; how many rounds, and how long each part of one is. */
const rounds = Number(process.env['HUB_SOAK_ROUNDS'] ?? 3);
const quietSeconds = Number(process.env['HUB_SOAK_QUIET'] ?? 6);
const hostileSeconds = Number(process.env['HUB_SOAK_HOSTILE'] ?? 20);
/** Milliseconds between two look-ups of the honest client. */
const pace = 4;

const folder = mkdtempSync(join(tmpdir(), 'hub-hostile-'));
const children: ChildProcess[] = [];
let clone: Clone;
let port = 0;
let server: ChildProcess;
const hostileKeys = Array.from({ length: senders / 2 }, (_, number) => `hub_hostile-sender-number-${String(number).padStart(4, '0')}`);
let people: readonly string[] = [];

beforeAll(async () => {
  clone = await cloneForConfig();
  const database = await openDatabase(clone);
  for (const [number, key] of hostileKeys.entries()) {
    await registerConsumer(database.sql, { code: `hostile-${number}`, name: `恶意应用 ${number}`, departmentCode: callers.market }, { by: 'tests', now: '2026-01-01T00:00:00.000Z' });
    await database.sql`insert into api_key (digest, consumer_code, created_at) values (${apiKeyDigest(key)}, ${`hostile-${number}`}, '2026-01-01T00:00:00Z')`;
  }
  people = (await database.sql<{ id: string }[]>`select id_number as id from person where id_number is not null order by id limit 500`).map(({ id }) => id);
  await database.close();
  const keyFile = join(folder, 'hub-keys.json');
  writeFileSync(keyFile, JSON.stringify(testKeys), { mode: 0o600 });
  // As `npm start` starts it.
  const started = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: { start: string } }).scripts.start;
  const startFlags = started.split(' ').filter((word) => word.startsWith('--'));
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  server = spawn(process.execPath, [...startFlags, main, 'serve'], {
    env: { PATH: process.env['PATH'], PORT: '0', HUB_KEY_FILE: keyFile, HUB_DATA_DIR: clone.dataDir, HUB_SEED_PEOPLE: '0', ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(server);
  for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
    const found = /localhost:(\d+)\/graphql/.exec(line)?.[1];
    if (found === undefined) continue;
    port = Number(found);
    break;
  }
}, 180_000);

afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await clone?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** What went wrong for the honest client. */
const wrongs: string[] = [];

const agent = new Agent({ keepAlive: true });
const query = 'query ($id: String!) { person(idNumber: $id) { id idNumber name formerName genderCode ethnicityCode birthDate maritalStatusCode registeredAddress residenceAddress } }';

/** One look-up of the honest client; tells what was wrong with it, or nothing. */
function lookUp(index: number): Promise<string | null> {
  const body = JSON.stringify({ query, variables: { id: people[index % people.length] } });
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path: '/graphql', method: 'POST', agent, headers: {
      'content-type': 'application/json', 'content-length': Buffer.byteLength(body), authorization: `Bearer ${keyOf('police')}`, 'hub-matter': testMatter,
    } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => resolve(response.statusCode === 200 && text.includes('"person":{"id"') ? null : `${response.statusCode} ${text.slice(0, 300)}`));
    });
    sent.on('error', (error) => resolve(error.message)).end(body);
  });
}

/** Look-ups at an even pace, whether or not the one before has been answered; how long each took from when it was due, in milliseconds. */
async function honest(seconds: number): Promise<number[]> {
  const took: number[] = [];
  const open: Promise<void>[] = [];
  const begin = performance.now();
  for (let index = 0; index < seconds * 1000 / pace; index += 1) {
    const due = begin + index * pace;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((wake) => setTimeout(wake, wait));
    const from = Math.max(due, performance.now() - pace);
    open.push(lookUp(index).then((wrong) => {
      if (wrong !== null) wrongs.push(wrong);
      took.push(performance.now() - from);
    }));
  }
  await Promise.all(open);
  return took.sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
const described = (sorted: readonly number[]): string => [0.5, 0.9, 0.99, 0.999].map((part) => `p${part * 100} ${quantile(sorted, part).toFixed(2)}`).join(', ');

/** Resident memory of the server. */
const resident = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;

/** One attack from its first connection to its end: what the honest client saw meanwhile, and what became of what was sent. */
async function attacked(seconds: number): Promise<{ readonly took: number[]; readonly tally: Tally }> {
  const hostile = spawn('nice', ['-n', '19', process.execPath, fileURLToPath(new URL('./hostile-senders.ts', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(hostile);
  const lines = createInterface({ input: hostile.stdout });
  const next = async (): Promise<string> => (await once(lines, 'line') as [string])[0];
  const sending = next();
  hostile.stdin.write(`${JSON.stringify({ port, keys: hostileKeys, matter: testMatter } satisfies Orders)}\n`);
  // Making what is sent takes a while; nothing of that is the attack.
  expect(await sending).toBe('sending');
  const took = await honest(seconds);
  const told = next();
  hostile.stdin.write('stop\n');
  return { took, tally: JSON.parse(await told) as Tally };
}

function add(sum: Tally, tally: Tally): void {
  for (const [what, outcomes] of Object.entries(tally)) {
    const own = (sum[what] ??= {});
    for (const [outcome, times] of Object.entries(outcomes)) own[outcome] = (own[outcome] ?? 0) + times;
  }
}

test(`${senders} hostile senders for ${rounds} times ${hostileSeconds} seconds`, async () => {
  await honest(quietSeconds);
  expect(wrongs.slice(0, 3)).toEqual([]);
  const quiet = await honest(quietSeconds);
  const under: number[] = [];
  const each: string[] = [];
  const memory: number[] = [];
  const tally: Tally = {};
  for (let round = 0; round < rounds; round += 1) {
    const { took, tally: own } = await attacked(hostileSeconds);
    memory.push(resident());
    add(tally, own);
    const after = await honest(quietSeconds);
    each.push(`${quantile(took, 0.99).toFixed(2)} / ${quantile(after, 0.99).toFixed(2)}`);
    under.push(...took);
    quiet.push(...after);
  }
  for (const all of [quiet, under]) all.sort((a, b) => a - b);
  const ratio = quantile(under, 0.99) / quantile(quiet, 0.99);
  const sent = Object.values(tally).reduce((sum, outcomes) => sum + Object.values(outcomes).reduce((own, times) => own + times, 0), 0);
  console.log(`honest, ms: quiet ${described(quiet)} (${quiet.length}); under attack ${described(under)} (${under.length}); p99 of the rounds ${each.join(', ')}; p99 ratio ${ratio.toFixed(2)}
server ${memory.map((megabytes) => megabytes.toFixed(0)).join(' → ')} MiB; ${sent} hostile requests:
${Object.entries(tally).map(([what, outcomes]) => `  ${what}: ${Object.entries(outcomes).map(([outcome, times]) => `${outcome} x ${times}`).join(', ')}`).join('\n')}`);
  expect(wrongs.slice(0, 3)).toEqual([]);
  expect(server.exitCode).toBeNull();
  expect(sent).toBeGreaterThan(10 * senders * rounds);
  expect((memory.at(-1) as number) / (memory[0] as number)).toBeLessThan(1.3);
  expect(ratio).toBeLessThanOrEqual(3);
});
