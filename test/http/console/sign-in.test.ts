/**
 * Signing in at the console with an account, at a whole hub: who is let in, as whom, and what ends it.
 */
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sessionHours } from '../../../src/identity/session.ts';
import { lockOut } from '../../../src/identity/sign-in.ts';
import { keyOf } from '../../world/callers.ts';
import { accountOf, Browser, cheapCost, signedIn } from '../../world/console.ts';
import { servedHub } from '../../world/served.ts';
import type { ServedHub } from '../../world/served.ts';

let served: ServedHub;
let clock = Date.parse('2026-11-24T02:01:00.000Z');
const minutes = (count: number): number => count * 60_000;
const own = 'kiln otter velvet';
/** One-time passwords by account. */
const given: Record<string, string> = {};

beforeAll(async () => {
  served = await servedHub({}, { now: () => new Date(clock), passwordCost: cheapCost });
  for (const name of ['system', 'security', 'auditor', 'steward', 'civilSteward'] as const) given[name] = name === 'civilSteward' ? '' : await accountOf(served, name);
});
afterAll(() => served?.close());
beforeEach(() => { clock += minutes(1); });

const me = '{ me { kind code role departmentCode } }';

describe('with a one-time password', () => {
  test('one is signed in and does nothing before it is changed; then one is who one is by one\'s key', async () => {
    const browser = new Browser(served.url);
    expect(await browser.send('GET', '/session')).toMatchObject({ status: 401, json: { signIn: { password: true, oidc: null } } });
    const began = await browser.signIn('security', given['security'] ?? '');
    expect([began.status, began.json]).toEqual([200, expect.objectContaining({ account: 'security', administrator: 'test-security', role: 'SECURITY', departmentCode: '620623-ZS', authority: true, mustChangePassword: true, locked: false, idleMinutes: 30, hasCode: false })]);
    expect(began.headers.get('set-cookie')).toMatch(/^hub-session-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await browser.ask(me)).toMatchObject({ status: 403, code: 'PASSWORD_CHANGE_REQUIRED' });
    expect(await browser.send('POST', '/session/code', {})).toMatchObject({ status: 403, code: 'PASSWORD_CHANGE_REQUIRED' });

    const before = browser.cookies;
    expect(await browser.send('POST', '/session/password', { password: 'not the one I have', next: own })).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
    expect(await browser.send('POST', '/session/password', { password: given['security'], next: 'the test-security house' })).toMatchObject({ status: 400, code: 'BAD_INPUT' });
    expect(await browser.send('POST', '/session/password', { password: given['security'], next: given['security'] })).toMatchObject({ status: 400, code: 'BAD_INPUT', json: { errors: [{ extensions: { reason: 'SAME' } }] } });
    expect(await browser.send('POST', '/session/password', { password: given['security'], next: own })).toMatchObject({ status: 200, json: { mustChangePassword: false } });
    expect(browser.cookies).not.toBe(before);
    const byKey = await fetch(`${served.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf('security')}` }, body: JSON.stringify({ query: me }) }).then((response) => response.json());
    expect((await browser.ask(me)).json).toEqual(byKey);
    expect((await browser.ask('{ seals { code } }')).json).toEqual({ data: { seals: [] } });
    expect(await browser.ask('mutation { issueKey(holder: {consumer: "test-market"}) { key } }')).toMatchObject({ status: 403, code: 'FORBIDDEN' });

    // The one-time password is no password any more, and the id of before is none.
    const other = new Browser(served.url);
    expect(await other.signIn('security', given['security'] ?? '')).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
    other.cookies = before;
    expect(await other.send('GET', '/session')).toMatchObject({ status: 401 });
    expect(await other.signIn(' SECURITY ', own)).toMatchObject({ status: 200 });
  });

  test('that is too old one is not signed in', async () => {
    await accountOf(served, 'civilSteward').then((password) => { given['civilsteward'] = password; });
    clock += 7 * 24 * minutes(60);
    expect(await new Browser(served.url).signIn('civilSteward', given['civilsteward'] ?? '')).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED', json: { errors: [{ extensions: { reason: 'ONE_TIME_PASSWORD_EXPIRED' } }] } });
    clock -= 7 * 24 * minutes(60);
  });
});

describe('who is nobody', () => {
  test('is answered as who has another password, to the letter', async () => {
    const answers = await Promise.all([['auditor', 'not the password'], ['nobody-here', 'not the password'], ['', ' '], ['x\u0000y', 'not the password'], ['test-auditor', given['auditor'] ?? '']].map(([account = '', password = '']) => new Browser(served.url).signIn(account, password)));
    expect(answers.map(({ status, code }) => [status, code])).toEqual([[401, 'SIGN_IN_REFUSED'], [401, 'SIGN_IN_REFUSED'], [400, 'BAD_INPUT'], [401, 'SIGN_IN_REFUSED'], [401, 'SIGN_IN_REFUSED']]);
    expect(new Set(answers.filter(({ status }) => status === 401).map(({ text }) => text)).size).toBe(1);
    for (const { headers } of answers) expect(headers.get('set-cookie')).toBe(null);
  });

  test('is locked out as who has an account', async () => {
    const tries = async (account: string): Promise<unknown[]> => {
      const codes: unknown[] = [];
      for (let time = 0; time < lockOut.from + 1; time += 1) codes.push((await new Browser(served.url).signIn(account, 'not the password')).code);
      return codes;
    };
    const expected = [...Array.from({ length: lockOut.from - 1 }, () => 'SIGN_IN_REFUSED'), 'ACCOUNT_LOCKED', 'ACCOUNT_LOCKED'];
    expect(await tries('nobody-at-all')).toEqual(expected);
    expect(await tries('system')).toEqual(expected);
  });
});

describe('an account that is tried in vain', () => {
  test('is locked for the right password too, for longer each time, and open after that', async () => {
    const right = (): Promise<unknown> => new Browser(served.url).signIn('system', given['system'] ?? '').then(({ status, code }) => [status, code]);
    expect(await right()).toEqual([401, 'ACCOUNT_LOCKED']);
    clock += minutes(lockOut.minutes);
    // One more in vain: twice as long.
    expect(await new Browser(served.url).signIn('system', 'not the password')).toMatchObject({ code: 'ACCOUNT_LOCKED' });
    clock += minutes(lockOut.minutes);
    expect(await right()).toEqual([401, 'ACCOUNT_LOCKED']);
    clock += minutes(lockOut.minutes);
    expect(await right()).toEqual([200, undefined]);
    // And what was counted is forgotten.
    expect(await new Browser(served.url).signIn('system', 'not the password')).toMatchObject({ code: 'SIGN_IN_REFUSED' });
  });

  test('is tried no oftener at once than one by one', async () => {
    const codes = (await Promise.all(Array.from({ length: 20 }, () => new Browser(served.url).signIn('steward', 'not the password')))).map(({ code }) => code);
    expect(codes.filter((code) => code === 'SIGN_IN_REFUSED')).toHaveLength(lockOut.from - 1);
    expect(codes.filter((code) => code === 'ACCOUNT_LOCKED')).toHaveLength(20 - lockOut.from + 1);
  });
});

describe('a flood of tries', () => {
  test('ends at the budget of the network address, and the hub goes on answering those who have a key', async () => {
    const small = await servedHub({ HUB_ADDRESS_BUDGET: '5000' }, { now: () => new Date(clock), passwordCost: cheapCost });
    try {
      const tried = await Promise.all(Array.from({ length: 40 }, (_, index) => new Browser(small.url).signIn(`nobody-${index}`, 'not the password').then(({ status }) => status)));
      // Each costs 310 of 5000.
      expect([tried.filter((status) => status === 401).length, tried.filter((status) => status === 429).length]).toEqual([16, 24]);
      const byKey = await fetch(`${small.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf('police')}` }, body: JSON.stringify({ query: me }) });
      expect(byKey.status).toBe(200);
    } finally {
      await small.close();
    }
  });

  test('made-up cookies are paid by the address that they come from', async () => {
    const small = await servedHub({ HUB_ADDRESS_BUDGET: '400' }, { now: () => new Date(clock), passwordCost: cheapCost });
    try {
      const browser = await signedIn(small, 'auditor');
      expect((await browser.ask(me)).status).toBe(200);
      const statuses: number[] = [];
      for (let time = 0; time < 20; time += 1) statuses.push((await browser.send('GET', '/session', undefined, { cookie: browser.cookies.replace(/=.*/, `=${String(time).padStart(43, 'A')}`) })).status);
      expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
      expect((await browser.ask(me)).status).toBe(200);
    } finally {
      await small.close();
    }
  });
});

describe('a session', () => {
  test('is another each time, and in the database as a digest only', async () => {
    const browser = await signedIn(served, 'auditor');
    const id = browser.cookies.split('=')[1] ?? '';
    const rows = await served.hub.database.sql<{ all: string }[]>`select row_to_json(c)::text as all from console_session c`;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ all }) => all.includes(id))).toEqual([]);
  });

  test('that was set by somebody else is not gone on with', async () => {
    const browser = await signedIn(served, 'auditor');
    const [name = '', planted = ''] = browser.cookies.split('=');
    const victim = new Browser(served.url);
    victim.cookies = `${name}=${planted}`;
    await victim.signIn('security', own);
    expect(victim.cookies).not.toContain(planted);
    // It has ended: whoever planted it is not in there either.
    expect(await browser.send('GET', '/session')).toMatchObject({ status: 401 });
    // Two of one name are none.
    const tossed = await signedIn(served, 'auditor');
    expect(await tossed.send('GET', '/session', undefined, { cookie: `${tossed.cookies}; ${name}=${'A'.repeat(43)}` })).toMatchObject({ status: 401 });
  });

  test('unused is locked; with the password it goes on, under another id, and ends when it would have', async () => {
    const browser = new Browser(served.url);
    await browser.signIn('security', own);
    for (let times = 0; times < 3; times += 1) {
      clock += minutes(29);
      expect(await browser.ask(me)).toMatchObject({ status: 200 });
    }
    // What no person did keeps nothing open.
    clock += minutes(20);
    expect(await browser.ask(me, {}, { 'hub-console': 'background' })).toMatchObject({ status: 200 });
    expect(await browser.send('GET', '/session', undefined, { 'hub-console': null })).toMatchObject({ status: 200, json: { locked: false } });
    clock += minutes(10);
    expect(await browser.ask(me)).toMatchObject({ status: 401, code: 'SESSION_LOCKED' });
    expect(await browser.send('GET', '/session')).toMatchObject({ status: 200, json: { locked: true, account: 'security' } });
    expect(await browser.send('POST', '/session/password', { password: own, next: 'another kiln velvet' })).toMatchObject({ status: 401, code: 'SESSION_LOCKED' });
    expect(await browser.send('POST', '/session/unlock', { password: 'not the password' })).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
    const before = browser.cookies;
    expect(await browser.send('POST', '/session/unlock', { password: own })).toMatchObject({ status: 200, json: { locked: false } });
    expect(browser.cookies).not.toBe(before);
    expect(await browser.ask(me)).toMatchObject({ status: 200 });
    clock += sessionHours * minutes(60) - minutes(29 * 3 + 30) - 1;
    expect(await browser.send('GET', '/session')).toMatchObject({ status: 200, json: { locked: true } });
    clock += 2;
    expect(await browser.send('GET', '/session')).toMatchObject({ status: 401 });
  });

  test('is locked by hand, and ended', async () => {
    const browser = new Browser(served.url);
    await browser.signIn('security', own);
    expect(await browser.send('POST', '/session/lock')).toMatchObject({ status: 200, json: { locked: true } });
    expect(await browser.ask(me)).toMatchObject({ status: 401, code: 'SESSION_LOCKED' });
    const kept = browser.cookies;
    expect(await browser.send('DELETE', '/session')).toMatchObject({ status: 204 });
    expect(browser.cookies).toBe('');
    browser.cookies = kept;
    expect(await browser.send('GET', '/session')).toMatchObject({ status: 401 });
    expect(await browser.ask(me)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('ends with the password, and with the keys', async () => {
    const [here, there] = [new Browser(served.url), new Browser(served.url)];
    await here.signIn('security', own);
    await there.signIn('security', own);
    expect(await here.send('POST', '/session/password', { password: own, next: 'another kiln velvet' })).toMatchObject({ status: 200 });
    expect(await there.send('GET', '/session')).toMatchObject({ status: 401 });
    expect(await here.ask(me)).toMatchObject({ status: 200 });
    const revoked = await fetch(`${served.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf('system')}` }, body: JSON.stringify({ query: 'mutation { revokeKeys(holder: {administrator: "test-security"}) }' }) });
    // A key and an account.
    expect(await revoked.json()).toEqual({ data: { revokeKeys: 2 } });
    expect(await here.ask(me)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await here.signIn('security', 'another kiln velvet')).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
  });

  test('is nothing beside a key: whoever sends both is who the key says', async () => {
    const browser = await signedIn(served, 'auditor');
    expect((await browser.ask(me, {}, { authorization: `Bearer ${keyOf('police')}` })).json).toMatchObject({ data: { me: { kind: 'CONSUMER', code: 'test-police' } } });
    expect(await browser.ask(me, {}, { authorization: 'Bearer nonsense' })).toMatchObject({ status: 401 });
  });
});

/** Asks as a page would that was loaded from this host. */
function askAs(host: string, cookie: string, port: number): Promise<number | undefined> {
  const body = JSON.stringify({ query: me });
  return new Promise((resolve, reject) => {
    request({ host: 'localhost', port, path: '/graphql', method: 'POST', headers: { host, origin: `http://${host}`, cookie, 'hub-console': '1', 'content-type': 'application/json', 'content-length': body.length } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject).end(body);
  });
}

describe('from another site', () => {
  test('nothing is done with the cookie, and nobody is signed in', async () => {
    const browser = await signedIn(served, 'auditor');
    const foreign: Record<string, string | null>[] = [{ 'hub-console': null }, { 'hub-console': 'yes' }, { origin: 'https://elsewhere.example' }, { origin: 'null' }, { origin: served.url.replace('http:', 'https:') }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }];
    for (const headers of foreign) {
      expect([headers, (await browser.ask(me, {}, headers)).status]).toEqual([headers, 403]);
      for (const [method, path] of [['POST', '/session'], ['DELETE', '/session'], ['POST', '/session/lock'], ['POST', '/session/password'], ['POST', '/session/code'], ['DELETE', '/session/code']] as const) {
        expect([headers, method, path, (await browser.send(method, path, {}, headers)).status]).toEqual([headers, method, path, 403]);
      }
    }
    // A form cannot send JSON, nor the header.
    const form = await browser.send('POST', '/session', undefined, { 'content-type': 'application/x-www-form-urlencoded', 'hub-console': null });
    expect(form.status).toBe(403);
    expect(await browser.ask(me)).toMatchObject({ status: 200 });
  });

  test('nobody gives this machine a name of his own: it is asked by its own names', async () => {
    const { port } = new URL(served.url);
    const { send } = await signedIn(served, 'auditor').then((browser) => ({ send: (name: string) => askAs(name, browser.cookies, Number(port)) }));
    expect([await send(`localhost:${port}`), await send(`127.0.0.1:${port}`), await send(`evil.example:${port}`)]).toEqual([200, 200, 403]);
  });

  test('the page is what a link shows, and says nothing of who is signed in', async () => {
    const browser = await signedIn(served, 'auditor');
    const options = await fetch(`${served.url}/session`, { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'hub-console' } });
    expect([...options.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect([...(await browser.send('GET', '/session')).headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
