/**
 * `account`, as whoever has the machine types it: the first accounts of a hub, and help for one that nobody else can help.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { Passwords } from '../../src/identity/password.ts';
import { commandHere } from '../world/command.ts';
import type { Ran } from '../world/command.ts';
import { cloneForConfig } from '../world/database.ts';
import type { Clone } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-account-'));
let clone: Clone;
let environment: Record<string, string>;
beforeAll(async () => {
  clone = await cloneForConfig();
  const keyFile = join(folder, 'hub-keys.json');
  writeFileSync(keyFile, JSON.stringify(testKeys), { mode: 0o600 });
  environment = { HUB_DATA_DIR: clone.dataDir, HUB_KEY_FILE: keyFile, ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }) };
});
afterAll(async () => {
  await clone?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const account = (...words: string[]): Promise<Ran> => commandHere(['account', ...words], environment);
const passwordsIn = ({ out }: Ran): readonly string[] => [...out.matchAll(/(?:[a-z2-9]{5}-){3}[a-z2-9]{5}/g)].map(([one]) => one);

test('the first accounts are one for each role, made once', async () => {
  expect((await account('list')).out).toContain('account create --first');
  const made = await account('create', '--first');
  expect([made.code, made.err]).toEqual([0, '']);
  expect([...made.out.matchAll(/^ {2}(\S+) .* (SYSTEM|SECURITY|AUDIT|STEWARD) +620623-ZS /gm)].map(([, name, role]) => [name, role])).toEqual([['system', 'SYSTEM'], ['security', 'SECURITY'], ['audit', 'AUDIT'], ['steward', 'STEWARD']]);
  expect(new Set(passwordsIn(made)).size).toBe(4);
  const again = await account('create', '--first');
  expect([again.code, again.out, again.err]).toEqual([1, '', expect.stringContaining('There are accounts already')]);
}, 60_000);

test('an account is opened for an administrator, reset, and closed, under its name', async () => {
  expect((await account('create', 'nobody')).err).toContain('There is no administrator nobody');
  const opened = await account('create', 'test-civilSteward', '--name', 'li.si');
  const [first = ''] = passwordsIn(opened);
  expect(opened.out).toMatch(/li\.si .*STEWARD {2}620623-MZ/);
  expect((await account('create', 'test-system', '--name', 'Li.Si')).err).toContain("another administrator's");
  const [second = ''] = passwordsIn(await account('reset', 'li.si'));
  const database = await openDatabase({ databaseUrl: environment['DATABASE_URL'], dataDir: environment['HUB_DATA_DIR'] ?? '' });
  const [row] = await database.sql<{ digest: string }[]>`select digest from account_secret where name = 'li.si'`;
  await database.close();
  const passwords = new Passwords();
  expect([await passwords.fits(first, row?.digest ?? null), await passwords.fits(second, row?.digest ?? null)]).toEqual([false, true]);
  expect((await account('unlock', 'li.si')).out).toBe('Unlocked li.si.\n');
  expect((await account('code-off', 'li.si')).out).toBe('There was no one-time code.\n');
  expect((await account('close', 'li.si')).out).toBe('Closed li.si.\n');
  expect((await account('reset', 'li.si')).err).toContain('There is no open account li.si');
  expect((await account('list')).out).toMatch(/^li\.si +test-civilSteward +closed$/m);
}, 60_000);

test('what is no command of it is told what is', async () => {
  for (const words of [[], ['make'], ['reset'], ['list', 'system'], ['create'], ['create', 'system', '--first']]) expect([words, (await account(...words)).code]).toEqual([words, 1]);
});
