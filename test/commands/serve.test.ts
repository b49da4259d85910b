/**
 * `npm start` as its user sees it, on an embedded database of its own: a first start, the printed request, a second
 * process that is refused, Ctrl-C, a second start.
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'hub-serve-'));
const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts `serve`; with `until`, waits for that text. */
async function start(until?: string): Promise<Started> {
  const child = spawn(process.execPath, [main, 'serve'], { env: { PATH: process.env['PATH'], PORT: '0', HUB_DATA_DIR: dataDir, HUB_SEED_PEOPLE: '40' }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let out = '';
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => { running.delete(child); resolve(code); }));
  const seen = new Promise<void>((resolve, reject) => {
    const read = (part: Buffer) => {
      out += part.toString();
      if (until !== undefined && out.includes(until)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void ended.then((code) => reject(new Error(`serve ended with ${code}: ${out}`)));
  });
  if (until === undefined) seen.catch(() => undefined);
  else await seen;
  return { child, out: () => out, ended };
}

test('the whole errand', async () => {
  const first = await start("}'\n");
  const said = first.out();
  expect(said).toMatch(/GraphQL {2}http:\/\/localhost:\d+\/graphql/);
  const keys = [...said.matchAll(/hub_[\w-]{43}/g)].map(([key]) => key);
  expect(new Set(keys).size).toBe(3);
  expect(statSync(join(dataDir, 'demo-callers.txt')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(dataDir, 'demo-callers.txt'), 'utf8')).toContain(keys[0]);

  const curl = said.slice(said.indexOf('  curl '));
  const answer = JSON.parse(execFileSync('bash', ['-c', curl], { encoding: 'utf8' })) as { data: { person: { name: string } }; errors: { extensions: { code: string } }[] };
  expect(answer.data.person.name).toMatch(/./);
  expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['FIELD_NOT_SHARED']);

  const refused = await start();
  expect(await refused.ended).toBe(1);
  expect(refused.out()).toContain(dataDir);
  expect(refused.out()).toMatch(/in use|HUB_DATA_DIR/);

  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);

  const second = await start('Ready in');
  expect(second.out()).not.toMatch(/hub_|loading/);
  const url = /http:\/\/localhost:\d+\/graphql/.exec(second.out())?.[0] ?? '';
  const again = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keys[0]}` }, body: '{"query":"{ me { departmentCode } }"}' });
  expect(await again.json()).toEqual({ data: { me: { departmentCode: '620623-GA' } } });
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
}, 300_000);
