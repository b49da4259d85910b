/**
 * What signing in costs and counts, whoever is asked for and whichever process is asked.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { HubError } from '../../src/errors.ts';
import { closeAccount, openAccount, resetAccount } from '../../src/identity/account.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { codeOf } from '../../src/identity/one-time-code.ts';
import { Passwords } from '../../src/identity/password.ts';
import { Sessions } from '../../src/identity/session.ts';
import { lockOut, SignIns } from '../../src/identity/sign-in.ts';
import { cloneDatabase } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';

let database: Database;
let clock = Date.parse('2026-11-24T02:01:00.000Z');
const now = (): Date => new Date(clock);
const keys = keyProviderOf(testKeys);
const actor = (): { by: string; now: string } => ({ by: 'tests', now: now().toISOString() });
const own = 'kiln otter velvet';
beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database?.close());

/** Counts what is done: each digest by its cost, and statements. */
class Counting extends Passwords {
  fitted: (string | undefined)[] = [];
  override fits(password: string, digest: string | null): Promise<boolean> {
    this.fitted.push(digest?.split('$')[2] ?? 'made up');
    return super.fits(password, digest);
  }
}

const outcome = (entered: Promise<unknown>): Promise<unknown> => entered.then(() => 'IN', (error: unknown) => (error instanceof HubError ? error.code : error));

/** A process of the hub. */
function process(): { readonly signIns: SignIns; readonly passwords: Counting; readonly statements: () => number } {
  const passwords = new Counting(8);
  let count = 0;
  const sql = new Proxy(database.sql, { apply: (target, self, parts: unknown[]) => {
    count += 1;
    return Reflect.apply(target as never, self, parts) as unknown;
  } });
  return { signIns: new SignIns({ sql, passwords, keys, now }), passwords, statements: () => count };
}

async function opened(name: string): Promise<string> {
  return (await openAccount(database.sql, new Passwords(8), { name, administrator: `test-${name}` }, actor())).password;
}

test('a wrong password, a name that nobody has and a closed account take the same work', async () => {
  await opened('security');
  await opened('steward');
  await closeAccount(database.sql, 'steward', actor());
  const done: unknown[] = [];
  for (const account of ['security', 'nobody', 'steward', '!!', 'SECURITY']) {
    const { signIns, passwords, statements } = process();
    done.push([await outcome(signIns.enter({ account, password: 'not the password' })), passwords.fitted.length, statements()]);
  }
  expect(new Set(done.map((one) => JSON.stringify(one)))).toEqual(new Set(['["SIGN_IN_REFUSED",1,1]']));
});

test('a locked account takes none, whether or not anybody has it', async () => {
  for (const account of ['security', 'nobody-else']) {
    const { signIns, passwords } = process();
    for (let time = 0; time < lockOut.from; time += 1) await outcome(signIns.enter({ account, password: 'not the password' }));
    const before = passwords.fitted.length;
    expect([await outcome(signIns.enter({ account, password: 'not the password' })), passwords.fitted.length - before]).toEqual(['ACCOUNT_LOCKED', 0]);
  }
});

test('tries at once take as much work whether or not anybody has the name', async () => {
  await opened('civilSteward');
  for (const account of ['civilsteward', 'nobody-at-once']) {
    const { signIns, passwords } = process();
    const outcomes = await Promise.all(Array.from({ length: 3 * lockOut.from }, () => outcome(signIns.enter({ account, password: 'not the password' }))));
    expect([account, passwords.fitted.length, outcomes.filter((one) => one === 'SIGN_IN_REFUSED').length]).toEqual([account, lockOut.from, lockOut.from - 1]);
  }
});

test('tries at several processes are counted together, and a code is taken by one of them', async () => {
  clock += 2 * 3_600_000;
  const given = await opened('auditor');
  const [first, second] = [process(), process()];
  await first.signIns.change('auditor', given, own, []);
  const { secret } = await first.signIns.beginCode('auditor', 'hub');
  await first.signIns.confirmCode('auditor', codeOf(secret, clock));
  clock += 60_000;
  const code = codeOf(secret, clock);
  const both = await Promise.all([first, second].map(({ signIns }) => outcome(signIns.enter({ account: 'auditor', password: own, code }))));
  expect(both.toSorted()).toEqual(['IN', 'SIGN_IN_REFUSED']);
  clock += 60_000;
  expect(await outcome(first.signIns.enter({ account: 'auditor', password: own, code: codeOf(secret, clock) }))).toBe('IN');
  const tried = await Promise.all(Array.from({ length: 2 * lockOut.from }, (_, index) => outcome((index % 2 === 0 ? first : second).signIns.enter({ account: 'auditor', password: 'not the password' }))));
  expect(tried.filter((one) => one === 'SIGN_IN_REFUSED')).toHaveLength(lockOut.from - 1);
  expect(tried.filter((one) => one === 'ACCOUNT_LOCKED')).toHaveLength(lockOut.from + 1);
});

test('no session begins with a password that was replaced after it was looked at', async () => {
  clock += 2 * 3_600_000;
  const { signIns } = process();
  const sessions = new Sessions({ sql: database.sql, now, idleMinutes: 30 });
  const { password } = await resetAccount(database.sql, new Passwords(8), 'security', actor());
  const entrance = await signIns.enter({ account: 'security', password });
  clock += 1;
  await resetAccount(database.sql, new Passwords(8), 'security', actor());
  expect(await sessions.begin(entrance)).toBe(null);
  clock += 1;
  const again = await signIns.enter({ account: 'security', password: (await resetAccount(database.sql, new Passwords(8), 'security', actor())).password });
  await closeAccount(database.sql, 'security', actor());
  expect(await sessions.begin(again)).toBe(null);
  expect(await database.sql`select 1 from console_session`).toEqual([]);
});

test('what was tried in vain a day ago is forgotten', async () => {
  const name = 'system';
  await opened(name);
  const { signIns } = process();
  for (let time = 0; time < lockOut.from - 1; time += 1) expect(await outcome(signIns.enter({ account: name, password: 'not the password' }))).toBe('SIGN_IN_REFUSED');
  clock += lockOut.forgottenAfterHours * 3_600_000 + 1;
  expect(await outcome(signIns.enter({ account: name, password: 'not the password' }))).toBe('SIGN_IN_REFUSED');
});
