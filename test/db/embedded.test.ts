/** The embedded database's life: first start, second start, one process only, killed processes, a dead thread. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { lockDirectory } from '../../src/db/directory-lock.ts';
import { startEmbedded } from '../../src/db/embedded.ts';
import { joinEmbedded, openDatabase } from '../../src/db/open.ts';
import { HubError } from '../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-test-embedded-'));
const holdScript = fileURLToPath(new URL('./fixtures/hold.ts', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../node_modules/@electric-sql/pglite-postgis/package.json', import.meta.url), 'utf8')) as { version: string };
/** Where the files of PostGIS are kept beside the data. */
const postgisFolder = `postgis-${version}`;
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(dataDir: string, how?: 'lock'): { child: ChildProcess; said: Promise<string> } {
  const child = spawn(process.execPath, [holdScript, dataDir, ...(how ? [how] : [])], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const said = new Promise<string>((resolve) => {
    child.stdout?.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()));
    child.once('exit', () => resolve('ended without a word'));
  });
  return { child, said };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

async function refusal(attempt: Promise<unknown>): Promise<HubError> {
  const error: unknown = await attempt.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HubError);
  return error as HubError;
}

const open = (dataDir: string) => openDatabase({ databaseUrl: undefined, dataDir });
const lockOf = (dataDir: string) => JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8')) as { pid: number; started: string; socketDir: string };

describe('one directory, started again and again', () => {
  const dataDir = join(folder, 'life');

  test('the first start makes it, in a private socket folder, and closing leaves only data', async () => {
    const embedded = await startEmbedded({ dataDir });
    expect(embedded.fresh).toBe(true);
    expect(statSync(embedded.socketDir).mode & 0o777).toBe(0o700);
    expect(`${embedded.socketDir}/.s.PGSQL.5432`.length).toBeLessThan(104);
    expect(statSync(join(dataDir, 'lock')).mode & 0o777).toBe(0o600);
    const database = joinEmbedded(embedded.socketDir);
    await database.sql`create table kept (n int)`;
    await database.sql`insert into kept values (7)`;
    await database.close();
    await embedded.close();
    await embedded.close();
    expect(existsSync(embedded.socketDir)).toBe(false);
    expect(readdirSync(dataDir)).toEqual(['pgdata', postgisFolder]);
  });

  test('the second start finds the data', async () => {
    const database = await open(dataDir);
    expect(database.fresh).toBe(false);
    expect(await database.points.query('select n from kept')).toEqual([{ n: 7 }]);
    await database.close();
  });

  test('a second process is refused by name while the first lives, and takes over when it was killed', async () => {
    const { child, said } = start(dataDir);
    expect(await said).toBe('holding');
    const held = lockOf(dataDir);
    expect(held.pid).toBe(child.pid);
    const error = await refusal(open(dataDir));
    expect(error.code).toBe('DIRECTORY_IN_USE');
    for (const part of [dataDir, `process ${child.pid}`, 'HUB_DATA_DIR', 'DATABASE_URL']) expect(error.message).toContain(part);
    expect(lockOf(dataDir)).toEqual(held);

    await kill(child);
    expect(existsSync(held.socketDir)).toBe(true);
    const database = await open(dataDir);
    expect(database.fresh).toBe(false);
    expect(await database.points.query('select n from kept order by n')).toEqual([{ n: 1 }, { n: 7 }]);
    expect(existsSync(held.socketDir)).toBe(false);
    await database.close();
  });

  test('a copy of it begins another directory', async () => {
    const embedded = await startEmbedded({ dataDir: join(folder, 'copy'), template: dataDir });
    expect(embedded.fresh).toBe(true);
    const database = joinEmbedded(embedded.socketDir);
    expect(await database.points.query('select count(*)::int as n from kept')).toEqual([{ n: 2 }]);
    await database.close();
    await embedded.close();
  });

  test('a first start that did not finish is thrown away, data and all', async () => {
    writeFileSync(join(dataDir, 'pgdata.unfinished'), '');
    const embedded = await startEmbedded({ dataDir, template: join(folder, 'copy') });
    expect(embedded.fresh).toBe(true);
    await embedded.close();
    expect(readdirSync(dataDir)).toEqual(['pgdata', postgisFolder]);
  });

  test('a thread that dies is noticed, and the directory can be given back', async () => {
    const worker = new Promise<Worker>((resolve) => process.once('worker', resolve));
    const database = await open(dataDir);
    await (await worker).terminate();
    const lost = await database.lost;
    expect(lost.code).toBe('UNAVAILABLE');
    expect((await refusal(database.points.query('select 1'))).code).toBe('UNAVAILABLE');
    await database.close();
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  });
});

test('a process killed in the middle of its first start leaves nothing that the next one trusts', async () => {
  const dataDir = join(folder, 'killed');
  const { child } = start(dataDir);
  // Killed when the first files lie there: PostgreSQL's own initialisation has not finished then.
  while (!existsSync(join(dataDir, 'pgdata')) || readdirSync(join(dataDir, 'pgdata')).length === 0) await new Promise((wake) => setTimeout(wake, 2));
  await kill(child);
  expect(existsSync(join(dataDir, 'pgdata.unfinished'))).toBe(true);
  writeFileSync(join(dataDir, 'pgdata', 'left-behind'), '');
  const database = await open(dataDir);
  expect(database.fresh).toBe(true);
  expect(await database.points.query('select 1 as one')).toEqual([{ one: 1 }]);
  expect(existsSync(join(dataDir, 'pgdata', 'left-behind'))).toBe(false);
  await database.close();
}, 180_000);

describe('what it will not open', () => {
  test.each([
    ['data of another major version', 'PG_VERSION', '17\n', /PostgreSQL 17/],
    ['files that are no database', 'holiday.jpg', 'x', /no database/],
  ])('%s', async (_what, name, content, says) => {
    const dataDir = mkdtempSync(join(folder, 'unfit-'));
    mkdirSync(join(dataDir, 'pgdata'));
    writeFileSync(join(dataDir, 'pgdata', name), content);
    const error = await refusal(open(dataDir));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toMatch(says);
    expect(readFileSync(join(dataDir, 'pgdata', name), 'utf8')).toBe(content);
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  });
});

describe('the lock', () => {
  const fresh = (): string => mkdtempSync(join(folder, 'lock-'));
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const ownStart = readFileSync('/proc/self/stat', 'utf8').replace(/.*\) /s, '').split(' ')[19];

  async function deadPid(): Promise<number> {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    return child.pid ?? 0;
  }

  test('names this process, and goes when it is released', async () => {
    const directory = fresh();
    const lock = await lockDirectory(directory, '/some/socket');
    expect(lockOf(directory)).toEqual({ pid: process.pid, started: ownStart, boot, socketDir: '/some/socket' });
    expect((await refusal(lockDirectory(directory, ''))).code).toBe('DIRECTORY_IN_USE');
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each([
    ['whose process is gone', async () => ({ pid: await deadPid(), started: '1', boot })],
    ['whose number now belongs to another process', async () => ({ pid: process.pid, started: '1', boot })],
    ['from before the machine started', async () => ({ pid: process.pid, started: ownStart, boot: 'another boot' })],
  ])('a holder %s is replaced', async (_what, holder) => {
    const directory = fresh();
    writeFileSync(join(directory, 'lock'), JSON.stringify({ ...(await holder()), socketDir: '/left/behind' }));
    const lock = await lockDirectory(directory, '');
    expect(lock.leftBehind).toBe('/left/behind');
    expect(lockOf(directory).started).toBe(ownStart);
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('a file that names nobody is not removed', async () => {
    const directory = fresh();
    writeFileSync(join(directory, 'lock'), '');
    expect((await refusal(lockDirectory(directory, ''))).message).toMatch(/does not name a process.*delete that file/);
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toBe('');
  });

  test('releasing does not remove a lock that has become another one', async () => {
    const directory = fresh();
    const lock = await lockDirectory(directory, '');
    writeFileSync(join(directory, 'lock'), 'somebody else');
    await lock.release();
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toBe('somebody else');
  });

  test('of many that meet a dead holder at once, one gets it', async () => {
    for (let round = 0; round < 30; round++) {
      const directory = fresh();
      writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: process.pid, started: '1', boot, socketDir: '' }));
      const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => lockDirectory(directory, '')));
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      expect(readdirSync(directory)).toEqual(['lock']);
    }
  });

  test('of several processes that meet a dead holder at once, one gets it', async () => {
    const directory = fresh();
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: await deadPid(), started: '1', boot, socketDir: '' }));
    const said = await Promise.all(Array.from({ length: 4 }, () => start(directory, 'lock').said));
    expect(said.filter((line) => line === 'holding')).toHaveLength(1);
    expect(said.filter((line) => line.startsWith('refused DIRECTORY_IN_USE'))).toHaveLength(3);
  });
});
