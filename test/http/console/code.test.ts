/**
 * One-time codes beside a password, at a whole hub; who helps whom that has lost something; and what the audit tells of it all.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { searchAudit } from '../../../src/audit/search.ts';
import type { FoundRecord } from '../../../src/audit/search.ts';
import { codeOf } from '../../../src/identity/one-time-code.ts';
import { Passwords } from '../../../src/identity/password.ts';
import { SessionRecord } from '../../../src/http/console/record.ts';
import { Refusals } from '../../../src/http/refusals.ts';
import type { Entry } from '../../../src/audit/record.ts';
import { lockOut } from '../../../src/identity/sign-in.ts';
import { keyOf } from '../../world/callers.ts';
import type { AdministratorName } from '../../world/callers.ts';
import { accountOf, Browser, cheapCost, signedIn } from '../../world/console.ts';
import { servedHub } from '../../world/served.ts';
import type { ServedHub } from '../../world/served.ts';

let served: ServedHub;
let clock = Date.parse('2026-11-24T02:01:00.000Z');
const own = 'kiln otter velvet';
let secret = '';

beforeAll(async () => { served = await servedHub({}, { now: () => new Date(clock), passwordCost: cheapCost }); });
afterAll(() => served?.close());
beforeEach(() => { clock += 60_000; });

/** Signs in for the first time and takes a password of one's own. */
async function entered(name: AdministratorName): Promise<Browser> {
  const given = await accountOf(served, name);
  const browser = new Browser(served.url);
  await browser.signIn(name, given);
  expect((await browser.send('POST', '/session/password', { password: given, next: own })).status).toBe(200);
  return browser;
}

const administer = (name: AdministratorName, query: string): Promise<Record<string, unknown>> =>
  fetch(`${served.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf(name)}` }, body: JSON.stringify({ query }) }).then((response) => response.json() as Promise<Record<string, unknown>>);

describe('a one-time code', () => {
  test('is turned on with a code of the secret that was made last', async () => {
    const browser = await entered('security');
    const began = await browser.send('POST', '/session/code', {});
    expect(began.json).toEqual({ secret: expect.stringMatching(/^[A-Z2-7]{32}$/) as unknown, uri: expect.stringMatching(/^otpauth:\/\/totp\/.*:security\?secret=/) as unknown });
    secret = String(began.json['secret']);
    expect(await browser.send('POST', '/session/code', { code: codeOf(secret, clock - 120_000) })).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
    // Made anew, the one of before is none.
    const again = String((await browser.send('POST', '/session/code', {})).json['secret']);
    expect(await browser.send('POST', '/session/code', { code: codeOf(secret, clock) })).toMatchObject({ status: 401 });
    secret = again;
    expect(await new Browser(served.url).signIn('security', own)).toMatchObject({ status: 200 });
    expect(await browser.send('POST', '/session/code', { code: codeOf(secret, clock) })).toMatchObject({ status: 200, json: { hasCode: true } });
    expect(await browser.send('POST', '/session/code', {})).toMatchObject({ status: 409, code: 'CONFLICT' });
    const [row] = await served.hub.database.sql<{ all: string }[]>`select row_to_json(s)::text as all from account_secret s where name = 'security'`;
    expect(row?.all).not.toContain(secret);
  });

  test('is asked for once the password is right, and taken once', async () => {
    const signIn = (password: string, code?: string): Promise<unknown> => new Browser(served.url).signIn('security', password, code).then(({ status, code: refused }) => [status, refused]);
    expect(await signIn(own)).toEqual([401, 'CODE_REQUIRED']);
    expect(await signIn('not the password', codeOf(secret, clock))).toEqual([401, 'SIGN_IN_REFUSED']);
    expect(await signIn(own, '000000')).toEqual([401, 'SIGN_IN_REFUSED']);
    const code = codeOf(secret, clock);
    // Of many at once one comes in.
    const at = await Promise.all(Array.from({ length: 3 }, () => signIn(own, code)));
    expect(at.filter((one) => (one as unknown[])[0] === 200)).toHaveLength(1);
    expect(await signIn(own, code)).toEqual([401, 'SIGN_IN_REFUSED']);
    // Nor is one of before it taken, though its time has not run out.
    expect(await signIn(own, codeOf(secret, clock - 30_000))).toMatchObject([401, expect.stringMatching(/^(SIGN_IN_REFUSED|ACCOUNT_LOCKED)$/)]);
    await administer('system', 'mutation { unlockAccount(name: "security") }');
    clock += 30_000;
    expect(await signIn(own, ` ${codeOf(secret, clock).replace(/^.../, '$& ')}`)).toEqual([200, undefined]);
  });

  test('is no way to guess on: wrong codes lock as wrong passwords do, and asking for one is no try', async () => {
    const signIn = (code?: string): Promise<unknown> => new Browser(served.url).signIn('security', own, code).then(({ code: refused }) => refused);
    for (let times = 0; times < 2 * lockOut.from; times += 1) expect(await signIn()).toBe('CODE_REQUIRED');
    const codes: unknown[] = [];
    for (let times = 0; times < lockOut.from; times += 1) codes.push(await signIn('123'));
    expect(codes).toEqual([...Array.from({ length: lockOut.from - 1 }, () => 'SIGN_IN_REFUSED'), 'ACCOUNT_LOCKED']);
    expect(await signIn(codeOf(secret, clock))).toBe('ACCOUNT_LOCKED');
    expect(await administer('system', 'mutation { unlockAccount(name: "security") }')).toEqual({ data: { unlockAccount: 'security' } });
    expect(await signIn(codeOf(secret, clock))).toBe(undefined);
  });

  test('stays on when a system administrator gives a new password; a security administrator takes it off, and the sessions with it', async () => {
    const reset = await administer('system', 'mutation { resetAccount(name: "security") { password } }') as { data: { resetAccount: { password: string } } };
    const { password } = reset.data.resetAccount;
    const browser = new Browser(served.url);
    expect(await browser.signIn('security', password)).toMatchObject({ code: 'CODE_REQUIRED' });
    expect(await browser.signIn('security', password, codeOf(secret, clock))).toMatchObject({ status: 200 });
    expect(await browser.send('POST', '/session/password', { password, next: own })).toMatchObject({ status: 200, json: { hasCode: true } });
    expect(await administer('security', 'mutation { takeOffCode(name: "security") }')).toEqual({ data: { takeOffCode: true } });
    expect((await browser.send('GET', '/session')).status).toBe(401);
    expect(await browser.signIn('security', own)).toMatchObject({ status: 200, json: { hasCode: false } });
  });

  test('is taken off with the password by whose it is', async () => {
    const browser = await signedIn(served, 'security');
    secret = String((await browser.send('POST', '/session/code', {})).json['secret']);
    await browser.send('POST', '/session/code', { code: codeOf(secret, clock) });
    expect(await browser.send('DELETE', '/session/code', { password: 'not the password' })).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
    expect(await browser.send('DELETE', '/session/code', { password: own })).toMatchObject({ status: 200, json: { hasCode: false } });
    expect(await new Browser(served.url).signIn('security', own)).toMatchObject({ status: 200 });
  });
});

describe('an account', () => {
  test('that is reset or closed ends its sessions at once', async () => {
    const browser = await entered('steward');
    await administer('system', 'mutation { resetAccount(name: "steward") { password } }');
    expect(await browser.ask('{ me { code } }')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    const again = await signedIn(served, 'steward');
    expect((await again.ask('{ me { code } }')).status).toBe(200);
    await administer('system', 'mutation { closeAccount(name: "steward") }');
    expect(await again.ask('{ me { code } }')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await new Browser(served.url).signIn('steward', own)).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
  });

  test('whose password was made at a lower cost has a dearer digest after the next sign-in', async () => {
    const browser = await entered('civilSteward');
    const cheap = await new Passwords(cheapCost - 1).digest(own);
    await served.hub.database.sql`update account_secret set digest = ${cheap} where name = 'civilsteward'`;
    expect((await browser.signIn('civilSteward', own)).status).toBe(200);
    const [row] = await served.hub.database.sql<{ digest: string }[]>`select digest from account_secret where name = 'civilsteward'`;
    expect(row?.digest).toMatch(new RegExp(`^\\$scrypt\\$ln=${cheapCost},`));
  });
});

describe('the audit', () => {
  const found = async (): Promise<readonly FoundRecord[]> => (await searchAudit(served.hub.database.sql, { first: 200, from: new Date(clock).toISOString() })).records.filter(({ scope }) => scope.kind === 'SESSION').toReversed();

  test('tells who signed in, what he did with it, and what locked an account; and never what was typed', async () => {
    clock += 60_000;
    const browser = await entered('auditor');
    await browser.send('POST', '/session/lock');
    await browser.send('POST', '/session/unlock', { password: own });
    await browser.send('DELETE', '/session');
    for (let times = 0; times < lockOut.from; times += 1) await new Browser(served.url).signIn('auditor', 'a wrong password');
    await expect.poll(async () => (await found()).length).toBeGreaterThanOrEqual(7);
    expect((await found()).map(({ scope, outcome, reason }) => [scope.administrator, scope.department, scope.roots, outcome, reason])).toEqual([
      ['sign in', 'OK'], ['change password', 'BEGUN'], ['change password', 'OK'], ['lock', 'OK'], ['unlock', 'OK'], ['sign out', 'OK'], ['sign in', 'ACCOUNT_LOCKED'],
    ].map(([act, outcome]) => ['test-auditor', '620623-ZS', ['session', act], outcome, outcome === 'ACCOUNT_LOCKED' ? 'The account was locked: too many tries in vain.' : '']));
    // The auditor finds it, as anything.
    const asked = await (await signedIn(served, 'auditor')).ask('{ auditRecords(kind: SESSION, administrator: "test-auditor", outcome: "ACCOUNT_LOCKED") { nodes { kind administrator roots } } }');
    expect(asked.json).toEqual({ data: { auditRecords: { nodes: [{ kind: 'SESSION', administrator: 'test-auditor', roots: ['session', 'sign in'] }] } } });
  });

  test('holds a flood of tries as a handful of records, one for each account and one for all names that nobody has', async () => {
    const entries: Entry[] = [];
    const audit = { write: (entry: Entry): Promise<void> => Promise.resolve(void entries.push(entry)) };
    const parts = { audit, now: () => new Date(clock), policy: () => '1' };
    const refusals = new Refusals(parts);
    const record = new SessionRecord({ ...parts, refusals, administrator: (code) => served.hub.standing.current.administrator(code) });
    for (let times = 0; times < 1000; times += 1) record.refused('SIGN_IN_REFUSED', times % 4 === 0 ? 'test-system' : null, false);
    for (let times = 0; times < 500; times += 1) record.refused('ACCOUNT_LOCKED', 'test-system', false);
    await refusals.write();
    const at = new Date(clock).toISOString();
    expect(entries.map(({ scope, outcome, reason }) => [JSON.parse(scope.body), outcome, reason])).toEqual([
      [{ kind: 'SESSION', administrator: 'test-system', department: '620623-ZS', roots: ['session', 'sign in'] }, 'SIGN_IN_REFUSED', `250 tries to sign in were in vain, from ${at} until ${at}.`],
      [{ kind: 'SESSION', roots: ['session', 'sign in'] }, 'SIGN_IN_REFUSED', `750 tries to sign in were in vain, from ${at} until ${at}.`],
      [{ kind: 'SESSION', administrator: 'test-system', department: '620623-ZS', roots: ['session', 'sign in'] }, 'ACCOUNT_LOCKED', `500 tries to sign in were in vain, from ${at} until ${at}.`],
    ]);
  });
});
