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
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';

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
  readonly ended: () => Promise<number | null>;
}

interface Answered {
  readonly data?: { readonly person: { readonly name: string; readonly household?: { readonly members: { readonly totalCount: number } } } };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/** Starts `serve`; with `until`, waits for that text. */
async function start(until?: string): Promise<Started> {
  const child = spawn(process.execPath, [main, 'serve'], { env: { PATH: process.env['PATH'], PORT: '0', HUB_DATA_DIR: dataDir, HUB_SEED_PEOPLE: '400' }, stdio: ['ignore', 'pipe', 'pipe'] });
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
  else await within(`until ${until} is said`, seen, () => out);
  return { child, out: () => out, ended: () => within('until the process has ended', ended, () => out) };
}

/** Whoever waits for ever does not say for what. */
async function within<T>(what: string, waited: Promise<T>, said: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => reject(new Error(`Waited in vain ${what}; said so far: ${said()}`)), 120_000); });
  return Promise.race([waited, late]).finally(() => clearTimeout(timer));
}

test('the whole errand', async () => {
  const first = await start("nodes { name relationToHeadCode } } } } }\"}'\n");
  const said = first.out();
  expect(said).toMatch(/GraphQL {2}http:\/\/localhost:\d+\/graphql/);
  const keys = [...said.matchAll(/hub_[\w-]{43}/g)].map(([key]) => key);
  expect(new Set(keys.slice(0, 7)).size).toBe(7);
  expect(statSync(join(dataDir, 'demo-callers.txt')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(dataDir, 'demo-callers.txt'), 'utf8')).toContain(keys[0]);

  const [purpose = '', underCase = ''] = said.split('\nTry').slice(1).map((part) => part.slice(part.indexOf('  curl ')));
  const answered = (curl: string) => JSON.parse(execFileSync('bash', ['-c', curl.replace('curl -s', 'curl -s -m 60')], { encoding: 'utf8' })) as Answered;
  const answer = answered(purpose);
  expect(answer.data?.person.name).toMatch(/./);
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['FIELD_NOT_SHARED']);

  // The clerk sees the household of his case, the number and the address masked, and nobody else.
  const clerk = answered(underCase);
  expect(clerk.errors).toBeUndefined();
  expect(clerk.data?.person).toMatchObject({ name: answer.data?.person.name, idNumber: expect.stringMatching(/^\d\*{15}[\dX]$/) as unknown, registeredAddress: expect.stringMatching(/\*{4}$/) as unknown });
  expect(clerk.data?.person.household?.members.totalCount).toBeGreaterThan(1);
  const stranger = answered(underCase.replace(/idNumber: \\"\w{18}/, `idNumber: \\"${idNumberWithCheck('11010119000101001')}`));
  expect(stranger.errors?.map(({ extensions }) => extensions.code)).toEqual(['CASE_NOT_OPEN']);
  // Without the case there is nothing to see.
  expect(answered(underCase.replace(/-H 'hub-case: [^']*'/, '')).errors?.length).toBeGreaterThan(0);

  // One account for each role, and one of them is signed in to with its one-time password.
  const accounts = [...said.matchAll(/^ {2}([a-z-]+) +((?:[a-z2-9]{5}-){3}[a-z2-9]{5}) {2}(SYSTEM|SECURITY|AUDIT|STEWARD)/gm)].map(([, account, password, role]) => ({ account, password, role }));
  expect(accounts.map(({ role }) => role)).toEqual(['SYSTEM', 'SECURITY', 'AUDIT', 'STEWARD', 'STEWARD']);
  const consoleUrl = /Console {2}(http:\/\/localhost:\d+)\//.exec(said)?.[1] ?? '';
  const signedIn = await fetch(`${consoleUrl}/session`, { method: 'POST', headers: { 'content-type': 'application/json', 'hub-console': '1' }, body: JSON.stringify({ account: accounts[1]?.account, password: accounts[1]?.password }) });
  expect(await signedIn.json()).toMatchObject({ account: 'security', role: 'SECURITY', mustChangePassword: true });
  expect(readFileSync(join(dataDir, 'demo-callers.txt'), 'utf8')).not.toContain(accounts[1]?.password);

  const refused = await start();
  expect(await refused.ended()).toBe(1);
  expect(refused.out()).toContain(dataDir);
  expect(refused.out()).toMatch(/in use|HUB_DATA_DIR/);

  first.child.kill('SIGINT');
  expect(await first.ended()).toBe(0);

  const second = await start('Ready in');
  expect(second.out()).not.toMatch(/hub_|loading/);
  const url = /http:\/\/localhost:\d+\/graphql/.exec(second.out())?.[0] ?? '';
  const again = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keys[0]}` }, body: '{"query":"{ me { departmentCode } }"}' });
  expect(await again.json()).toEqual({ data: { me: { departmentCode: '620623-GA' } } });
  second.child.kill('SIGTERM');
  expect(await second.ended()).toBe(0);
}, 300_000);
