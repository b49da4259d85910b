/**
 * `npm run bench:import`: how fast `hub import` takes a file of persons into a fresh database, and with how much memory.
 *
 *   --rows 200000       persons in the file
 *   --embedded          into the embedded database; else into a database of its own beside the one that TEST_DATABASE_URL names
 *   --file PATH         where the file is kept and used again; else it is made anew and goes
 *   --again             exports what came in and imports the export, which has to change nothing
 *   --profile FOLDER    the import writes a CPU profile
 *
 * It runs the real command in a process of its own and reads CPU and memory from /proc. The rate is the command's own: from opening
 * the file to the end of the last batch. On the embedded database the process holds the database too.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { openDatabase } from '../../src/db/open.ts';
import { registerConsumer } from '../../src/identity/consumers.ts';
import { databaseUrl } from '../world/servers.ts';
import { backends, processCpu, usage } from './cpu.ts';
import { fileSource, writePeople } from './people-file.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const { values } = parseArgs({ options: { rows: { type: 'string', default: '200000' }, embedded: { type: 'boolean' }, file: { type: 'string' }, again: { type: 'boolean' }, profile: { type: 'string' } } });
const rows = Number(values.rows);
const folder = mkdtempSync(join(tmpdir(), 'hub-import-'));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What one run of the command took. */
interface Taken {
  readonly output: string;
  /** CPU of the process, and of the database's backends, in milliseconds. */
  readonly own: number;
  readonly server: number;
  /** Most resident memory, and the most in the first and in the last third of the samples, in MB. */
  readonly resident: number;
  readonly early: number;
  readonly late: number;
}

async function run(environment: NodeJS.ProcessEnv, words: readonly string[], flags: readonly string[] = [], sql?: postgres.Sql): Promise<Taken> {
  const child = spawn(process.execPath, [...flags, main, ...words], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const hear = (part: Buffer): void => void (output += part.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  let own = 0;
  let ended = false;
  const resident: number[] = [];
  const server = new Map<number, number>();
  const watch = (async () => {
    while (!ended) {
      own = processCpu(child.pid ?? 0) ?? own;
      const now = residentOf(child.pid ?? 0);
      if (now !== null) resident.push(now);
      if (sql !== undefined) for (const [pid, spent] of usage(await backends(sql))) server.set(pid, spent);
      await new Promise((wake) => setTimeout(wake, 100));
    }
  })();
  const code = await new Promise((resolve) => child.on('close', resolve));
  ended = true;
  await watch;
  if (code !== 0) throw new Error(`${words.join(' ')} failed (${String(code)}): ${output}`);
  const third = Math.ceil(resident.length / 3);
  return {
    output, own, server: [...server.values()].reduce((sum, one) => sum + one, 0),
    resident: Math.max(...resident), early: Math.max(...resident.slice(0, third)), late: Math.max(...resident.slice(-third)),
  };
}

function residentOf(pid: number): number | null {
  try {
    const found = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return found === undefined ? null : Number(found) / 1024;
  } catch {
    return null;
  }
}

function tell(what: string, { output, own, server, resident, early, late }: Taken): void {
  const [, done = '0', seconds = '1'] = /: (\d+) rows of .* in ([\d.]+) s/.exec(output) ?? [];
  const row = (ms: number): string => `${((ms * 1000) / Number(done)).toFixed(0)} µs`;
  say(output.split('\n').filter((line) => !/^\s*\d+ % /.test(line)).join('\n').trimEnd());
  say(`${what}: ${Math.round(Number(done) / Number(seconds))} rows/s; CPU a row: node ${row(own)}${values.embedded === true ? ' (with the database)' : `, PostgreSQL ${row(server)}`}; resident at most ${resident.toFixed(0)} MB (first third ${early.toFixed(0)}, last third ${late.toFixed(0)}).`);
}

async function withDatabase(work: (environment: NodeJS.ProcessEnv, sql?: postgres.Sql) => Promise<void>): Promise<void> {
  const environment: NodeJS.ProcessEnv = { ...process.env, HUB_DATA_DIR: join(folder, 'data'), HUB_KEY_FILE: join(folder, 'keys.json'), HUB_SEED_PEOPLE: '0' };
  delete environment['DATABASE_URL'];
  if (values.embedded === true) return work(environment);
  const admin = process.env['TEST_DATABASE_URL'];
  if (admin === undefined) throw new Error('Set TEST_DATABASE_URL to a PostgreSQL server where a database may be made, or say --embedded.');
  const name = `hub_import_${randomBytes(4).toString('hex')}`;
  const sql = postgres(admin, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`create database "${name}" template template0 encoding 'UTF8'`);
  const own = postgres(databaseUrl(admin, name), { max: 1, onnotice: () => undefined });
  try {
    await work({ ...environment, DATABASE_URL: databaseUrl(admin, name) }, own);
  } finally {
    await own.end();
    await sql.unsafe(`drop database if exists "${name}" with (force)`);
    await sql.end();
  }
}

/** An application of the department that supplied the rows, for which the catalog of THIS database shares every item. */
async function admitExporter(environment: NodeJS.ProcessEnv): Promise<void> {
  const database = await openDatabase({ databaseUrl: environment['DATABASE_URL'], dataDir: join(folder, 'data') });
  try {
    await registerConsumer(database.sql, { code: 'bench', name: 'bench', departmentCode: fileSource }, { by: 'bench', now: '2026-01-01T00:00:00.000Z' });
    await database.sql`insert into matter (code, name, department_code, needs_case) values ('BENCH', 'bench', ${fileSource}, false)`;
    await database.sql`update catalog_item set share_type = 'UNCONDITIONAL', key_share_type = null`;
  } finally {
    await database.close();
  }
}

try {
  const path = values.file ?? join(folder, 'people.csv');
  if (!existsSync(path)) {
    const made = await writePeople(path, rows, 'import');
    say(`${path}: ${made.rows} persons, ${made.bad} of them not to be taken, ${(statSync(path).size / 2 ** 20).toFixed(0)} MB.`);
  }
  await withDatabase(async (environment, sql) => {
    await run(environment, ['seed', '--people', '0']);
    say(`${cpus().length} CPUs, ${cpus()[0]?.model.trim() ?? ''}; ${values.embedded === true ? 'embedded database' : 'PostgreSQL server'}.`);
    const profile = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
    const words = ['import', 'Person', path, '--source', fileSource, '--rejects', join(folder, 'rejects.csv')];
    tell('import', await run(environment, words, profile, sql));
    if (values.again !== true) return;
    await admitExporter(environment);
    const out = join(folder, 'exported.csv');
    await run(environment, ['export', 'Person', '--as', 'bench', '--matter', 'BENCH', '--out', out]);
    tell('import of the export', await run(environment, ['import', 'Person', out, '--source', fileSource, '--rejects', join(folder, 'rejects.csv')], [], sql));
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
