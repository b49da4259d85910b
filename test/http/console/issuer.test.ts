/**
 * Signing in at the issuer, with a browser, a whole hub and a real issuer: who comes in, and what brings nobody in.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ownPath } from '../../../src/http/console/issuer.ts';
import { linkToken, unlinkToken } from '../../../src/identity/token-subject.ts';
import { log } from '../../../src/log.ts';
import { Browser, cheapCost } from '../../world/console.ts';
import type { Replied } from '../../world/console.ts';
import { TestIssuer } from '../../world/issuer.ts';
import { servedHub } from '../../world/served.ts';
import type { ServedHub } from '../../world/served.ts';

let issuer: TestIssuer;
let served: ServedHub;
let ahead = 0;
const actor = { by: 'tests', now: '2026-01-01T00:00:00.000Z' };

beforeAll(async () => {
  issuer = await TestIssuer.start();
  served = await servedHub({ HUB_OIDC_ISSUER: issuer.url, HUB_OIDC_AUDIENCE: 'county-hub', HUB_OIDC_CLIENT_ID: 'county console', HUB_OIDC_CLIENT_SECRET: 'a secret: with & signs', HUB_OIDC_NAME: '县统一身份' }, { now: () => new Date(Date.now() + ahead), passwordCost: cheapCost });
  issuer.client = { id: 'county console', secret: 'a secret: with & signs', callback: `${served.url}/session/oidc/callback` };
  await linkToken(served.hub.database.sql, { administrator: 'test-security' }, issuer.url, 'officer-7', actor);
  await linkToken(served.hub.database.sql, { consumer: 'test-police' }, issuer.url, 'police-service', actor);
  await served.hub.standing.look();
  log.level = 'silent';
});
beforeEach(() => {
  issuer.login = 'officer-7';
  issuer.mood = 'well';
  issuer.bend = (claims) => claims;
});
afterAll(async () => {
  await served?.close();
  await issuer?.close();
});

/** What a browser sends that another site has led here: no cookie of the session, and none of the script's headers. */
const led = { 'hub-console': null, 'sec-fetch-site': 'cross-site' };

/** Goes from the hub to the issuer and back; gives the address that leads back, and what the hub said. */
async function goThrough(browser: Browser, back = '/catalog?x=1'): Promise<{ readonly returned: string; readonly sent: URL }> {
  const begun = await browser.send('GET', `/session/oidc?return=${encodeURIComponent(back)}`, undefined, { 'hub-console': null });
  expect([begun.status, begun.text]).toEqual([302, '']);
  const sent = new URL(begun.headers.get('location') ?? '');
  const there = await fetch(sent, { redirect: 'manual' });
  expect(there.status).toBe(302);
  return { sent, returned: there.headers.get('location') ?? '' };
}

async function signIn(browser: Browser, back?: string): Promise<Replied> {
  const { returned } = await goThrough(browser, back);
  return browser.send('GET', returned, undefined, led);
}

const sentences: Readonly<Record<string, RegExp>> = { SIGN_IN_REFUSED: /begun in this browser|has not signed you in|cannot be believed|no administrator of this hub/, UNAVAILABLE: /does not answer just now/ };
const refusal = ({ status, text }: Replied): readonly unknown[] => [status, Object.keys(sentences).find((code) => text.includes('未能登录：') && sentences[code]?.test(text) === true), text.includes('http-equiv')];

describe('an administrator who is linked', () => {
  test('is signed in as himself and led on to where he wanted to go', async () => {
    const browser = new Browser(served.url);
    expect((await browser.send('GET', '/session')).json).toEqual({ signIn: { password: true, oidc: { name: '县统一身份' } } });
    const { sent, returned } = await goThrough(browser);
    expect(Object.fromEntries(sent.searchParams)).toEqual({ tenant: 'county', response_type: 'code', scope: 'openid', client_id: 'county console', redirect_uri: `${served.url}/session/oidc/callback`, state: expect.stringMatching(/^[\w-]{43}$/) as unknown, nonce: expect.stringMatching(/^[\w-]{43}$/) as unknown, code_challenge: expect.stringMatching(/^[\w-]{43}$/) as unknown, code_challenge_method: 'S256' });
    // The browser keeps nothing of it that could be read.
    for (const name of ['state', 'nonce']) expect(browser.cookies).not.toContain(sent.searchParams.get(name));
    const page = await browser.send('GET', returned, undefined, led);
    expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([200, 'text/html; charset=utf-8', 'no-store']);
    // The page leads on by itself: what another site has led to is not sent the session's cookie.
    expect(page.text).toContain('<meta http-equiv="refresh" content="0;url=/catalog?x=1">');
    expect(page.headers.getSetCookie()).toEqual([expect.stringMatching(/^hub-oidc-\d+=; .*Max-Age=0$/), expect.stringMatching(/^hub-session-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)]);
    expect((await browser.send('GET', '/session')).json).toMatchObject({ account: null, administrator: 'test-security', role: 'SECURITY', mustChangePassword: false });
    expect((await browser.ask('{ seals { code } me { code } }')).json).toEqual({ data: { seals: [], me: { code: 'test-security' } } });
    // There is no password to change, and none to unlock with.
    expect(await browser.send('POST', '/session/lock')).toMatchObject({ status: 200 });
    expect(await browser.send('POST', '/session/unlock', { password: 'anything at all' })).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
    expect((await signIn(browser)).status).toBe(200);
    expect((await browser.send('GET', '/session')).json).toMatchObject({ locked: false });
  });

  test('is out with the link', async () => {
    const browser = new Browser(served.url);
    await signIn(browser);
    expect((await browser.ask('{ me { code } }')).status).toBe(200);
    await unlinkToken(served.hub.database.sql, issuer.url, 'officer-7', actor);
    expect(await browser.ask('{ me { code } }')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    await served.hub.standing.look();
    expect(refusal(await signIn(browser))).toEqual([401, 'SIGN_IN_REFUSED', false]);
    await linkToken(served.hub.database.sql, { administrator: 'test-security' }, issuer.url, 'officer-7', actor);
    await served.hub.standing.look();
  });
});

describe('nobody comes in', () => {
  test('who is not linked, or is an application, or whom the issuer refuses', async () => {
    for (const login of ['somebody-else', 'police-service', null]) {
      issuer.login = login;
      const browser = new Browser(served.url);
      const page = await signIn(browser);
      expect([login, ...refusal(page)]).toEqual([login, 401, 'SIGN_IN_REFUSED', false]);
      expect((await browser.send('GET', '/session')).status).toBe(401);
    }
  });

  test('with what another browser began, a second time, or too late', async () => {
    const [attacker, victim] = [new Browser(served.url), new Browser(served.url)];
    const { returned } = await goThrough(attacker);
    expect(refusal(await victim.send('GET', returned, undefined, led))).toEqual([401, 'SIGN_IN_REFUSED', false]);
    // And who has begun one of his own goes on with that one only.
    await goThrough(victim);
    expect(refusal(await victim.send('GET', returned, undefined, led))).toEqual([401, 'SIGN_IN_REFUSED', false]);
    const mine = await goThrough(victim);
    expect((await victim.send('GET', mine.returned, undefined, led)).status).toBe(200);
    expect(refusal(await victim.send('GET', mine.returned, undefined, led))).toEqual([401, 'SIGN_IN_REFUSED', false]);
    const late = new Browser(served.url);
    const begun = await goThrough(late);
    ahead = 601_000;
    expect(refusal(await late.send('GET', begun.returned, undefined, led))).toEqual([401, 'SIGN_IN_REFUSED', false]);
    ahead = 0;
  });

  test('with a cookie of his own making', async () => {
    const browser = new Browser(served.url);
    const { returned } = await goThrough(browser);
    const kept = browser.cookies;
    // The last character of a digest has bits that mean nothing.
    for (const changed of [`${kept.slice(0, -2)}${kept.at(-2) === 'A' ? 'B' : 'A'}${kept.at(-1)}`, kept.replace(/=.*/, '=1.AAAAAAAAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'), `${kept}; ${kept}`]) {
      expect(refusal(await browser.send('GET', returned, undefined, { ...led, cookie: changed }))).toEqual([401, 'SIGN_IN_REFUSED', false]);
    }
  });

  test.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['of another sign-in', (claims) => ({ ...claims, nonce: 'another' })],
    ['of no sign-in', ({ nonce: _nonce, ...claims }) => claims],
    ['for another client', (claims) => ({ ...claims, aud: 'county-hub' })],
    ['for several clients that another one asked for', (claims) => ({ ...claims, aud: ['county console', 'other'], azp: 'other' })],
    ['for several clients that nobody asked for', (claims) => ({ ...claims, aud: ['county console', 'other'] })],
    ['of another issuer', (claims) => ({ ...claims, iss: 'https://else.example' })],
    ['that has expired', (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 600 })],
    ['of nobody', ({ sub: _sub, ...claims }) => claims],
  ])('with a token %s', async (_what, bend) => {
    issuer.bend = bend;
    expect(refusal(await signIn(new Browser(served.url)))).toEqual([401, 'SIGN_IN_REFUSED', false]);
  });

  test('at another issuer that has mixed itself in, and at one that does not answer', async () => {
    const browser = new Browser(served.url);
    const { returned } = await goThrough(browser);
    expect(refusal(await browser.send('GET', returned.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Felse.example'), undefined, led))).toEqual([401, 'SIGN_IN_REFUSED', false]);
    const begun = await goThrough(browser);
    issuer.mood = 'down';
    expect(refusal(await browser.send('GET', begun.returned, undefined, led))).toEqual([503, 'UNAVAILABLE', false]);
    ahead = 400_000;
    expect(refusal(await browser.send('GET', '/session/oidc', undefined, led))).toEqual([503, 'UNAVAILABLE', false]);
    ahead = 0;
  });
});

describe('where it leads afterwards', () => {
  test.each<[string, string]>([
    ['/', '/'], ['/catalog', '/catalog'], ['/catalog/x?a=b&c=d#e', '/catalog/x?a=b&c=d#e'],
    ['//evil.example/x', '/'], ['/\\evil.example', '/'], ['\\/evil.example', '/'], ['https://evil.example/', '/'], ['javascript:alert(1)', '/'], ['catalog', '/'], ['', '/'],
    ['/\t/evil.example', '/'], ['/x\n', '/'], ['/a/..//evil.example', '/'], ['/./\\evil.example', '/'], ['/session/oidc', '/'], [`/${'x'.repeat(1001)}`, '/'],
  ])('%s is %s', (given, expected) => {
    expect(ownPath(given)).toBe(expected);
  });

  test('is written so that it is an address and nothing else', async () => {
    const page = await signIn(new Browser(served.url), '/catalog?q="><script>alert(1)</script>\'');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  });

  test('under https every cookie is bound to this host, and the browser is led to the hub\'s one address', async () => {
    const other = await servedHub({ HUB_PUBLIC_URL: 'https://hub.county.example', HUB_OIDC_ISSUER: issuer.url, HUB_OIDC_AUDIENCE: 'county-hub', HUB_OIDC_CLIENT_ID: 'county console' }, { now: () => new Date(), passwordCost: cheapCost });
    try {
      const browser = new Browser(other.url);
      const elsewhere = await browser.send('GET', '/session/oidc?return=/me', undefined, { 'hub-console': null });
      expect(elsewhere.headers.get('location')).toBe('https://hub.county.example/session/oidc?here=1&return=%2Fme');
      const begun = await browser.send('GET', '/session/oidc?here=1&return=/me', undefined, { 'hub-console': null });
      expect(new URL(begun.headers.get('location') ?? '').searchParams.get('redirect_uri')).toBe('https://hub.county.example/session/oidc/callback');
      expect(begun.headers.get('set-cookie')).toMatch(/^__Host-hub-oidc=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/);
      // A cookie of the name without the prefix is nobody's.
      expect((await browser.send('GET', '/session', undefined, { cookie: `hub-session=${'A'.repeat(43)}` })).status).toBe(401);
      // Its own pages come from its own address, whatever name it is asked by.
      expect(await browser.send('DELETE', '/session', undefined, { origin: 'https://hub.county.example' })).toMatchObject({ status: 204 });
      expect(await browser.send('DELETE', '/session', undefined, { origin: 'https://hub.county.example.evil.example' })).toMatchObject({ status: 403 });
    } finally {
      await other.close();
    }
  });
});
