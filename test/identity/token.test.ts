/**
 * Tokens, verified against a real issuer: which are believed and which are not and why; how its keys are found, kept, changed and
 * missed. The clock is the test's.
 */
import { exportSPKI, generateKeyPair, importJWK, UnsecuredJWT } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { HubError } from '../../src/errors.ts';
import { keyAges } from '../../src/identity/issuer.ts';
import { Tokens } from '../../src/identity/token.ts';
import type { VerifiedToken } from '../../src/identity/token.ts';
import { log } from '../../src/log.ts';
import { TestIssuer } from '../world/issuer.ts';

const audience = 'county-hub';
const skew = 30;
const second = 1000;
let issuer: TestIssuer;
let tokens: Tokens;
let clock = Date.now();

beforeEach(async () => {
  // What fails here fails on purpose.
  log.level = 'silent';
  issuer = await TestIssuer.start();
  tokens = new Tokens({ issuer: issuer.url, audience, jwksUrl: undefined, clockSkew: skew });
});
afterEach(() => issuer.close());

const now = (): Date => new Date(clock);
const after = (seconds: number): number => Math.floor(clock / 1000) + seconds;
const claims = (more: JWTPayload = {}): JWTPayload => ({ iss: issuer.url, aud: audience, sub: 'somebody', iat: after(0), exp: after(3600), ...more });

/** What a token says, or why it is refused. */
async function said(token: string): Promise<string> {
  try {
    return (await tokens.verify(token, now())).subject;
  } catch (error) {
    if (error instanceof HubError) return String(error.details['reason']);
    throw error;
  }
}

describe('a token', () => {
  test.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'])('signed with %s names its subject until it expires, and no longer than it is kept', async (algorithm) => {
    await issuer.addKey(algorithm);
    const long = await tokens.verify(await issuer.sign(claims()), now());
    expect(long).toMatchObject({ issuer: issuer.url, subject: 'somebody', until: clock + 300 * second } satisfies Partial<VerifiedToken>);
    expect((await tokens.verify(await issuer.sign(claims({ exp: after(60) })), now())).until).toBe((after(60) + skew) * second);
  });

  test('for several audiences is for this hub when it is one of them', async () => {
    expect(await said(await issuer.sign(claims({ aud: ['another', audience] })))).toBe('somebody');
  });

  test.each<[what: string, more: () => JWTPayload, why: string]>([
    ['of another issuer', () => ({ iss: 'https://else.example' }), 'ISSUER'],
    ['of an issuer that only looks like it', () => ({ iss: `${issuer.url}/` }), 'ISSUER'],
    ['for another audience', () => ({ aud: 'another' }), 'AUDIENCE'],
    ['for no audience', () => ({ aud: undefined }), 'CLAIMS'],
    ['without an end', () => ({ exp: undefined }), 'CLAIMS'],
    ['without a subject', () => ({ sub: undefined }), 'CLAIMS'],
    ['with an empty subject', () => ({ sub: '' }), 'CLAIMS'],
    ['with an endless subject', () => ({ sub: 'x'.repeat(256) }), 'CLAIMS'],
    ['with a subject that is no text', () => ({ sub: 7 as unknown as string }), 'CLAIMS'],
    ['that has expired', () => ({ exp: after(-skew - 1) }), 'EXPIRED'],
    ['that expired within the clocks\' difference', () => ({ exp: after(-skew + 2) }), 'somebody'],
    ['that is not valid yet', () => ({ nbf: after(skew + 2) }), 'NOT_YET_VALID'],
    ['that is not valid yet within the clocks\' difference', () => ({ nbf: after(skew - 2) }), 'somebody'],
    ['too long to be one', () => ({ padding: 'x'.repeat(8000) }), 'MALFORMED'],
  ])('%s', async (_what, more, why) => {
    expect(await said(await issuer.sign(claims(more())))).toBe(why);
  });

  test('that is unsigned, or signed with what everybody has, is refused', async () => {
    expect(await said(new UnsecuredJWT(claims()).encode())).toBe('ALGORITHM');
    const kid = await issuer.addKey('RS256');
    const publicKey = issuer.publicKeyOf(kid);
    const pem = new TextEncoder().encode(await exportSPKI(await importJWK(publicKey, 'RS256') as CryptoKey));
    for (const secret of [pem, pem.subarray(0, -1), new TextEncoder().encode(JSON.stringify(publicKey))]) {
      for (const alg of ['HS256', 'HS512']) expect(await said(await issuer.sign(claims(), { kid, key: secret, header: { alg } }))).toBe('ALGORITHM');
    }
  });

  test('signed by somebody else under the name of a key of the issuer, or changed, is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    expect(await said(await issuer.sign(claims(), { key: privateKey }))).toBe('SIGNATURE');
    const [header = '', , signature = ''] = (await issuer.sign(claims())).split('.');
    const other = Buffer.from(JSON.stringify(claims({ sub: 'somebody else' }))).toString('base64url');
    expect(await said(`${header}.${other}.${signature}`)).toBe('SIGNATURE');
  });

  test('that brings its own key, or asks for what nobody knows, is refused', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await crypto.subtle.exportKey('jwk', publicKey);
    expect(await said(await issuer.sign(claims(), { key: privateKey, header: { jwk, jku: 'http://127.0.0.1:1/keys' } }))).toBe('SIGNATURE');
    const [, payload = '', signature = ''] = (await issuer.sign(claims())).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'key-1', crit: ['what'], what: 1 })).toString('base64url');
    expect(await said(`${header}.${payload}.${signature}`)).toBe('MALFORMED');
  });

  test.each(['a.b.c', 'e30.e30.', '..', 'bm90IGpzb24.bm90IGpzb24.AAAA'])('%s is none', async (text) => {
    expect(['MALFORMED', 'ISSUER']).toContain(await said(text));
    expect(issuer.asked).toEqual({ discovery: 0, keys: 0 });
  });
});

describe('a verified token', () => {
  test('is not verified again until it ends, and then it is refused', async () => {
    const token = await issuer.sign(claims({ exp: after(60) }));
    expect(tokens.known(token, now())).toBeUndefined();
    const verified = await tokens.verify(token, now());
    expect(tokens.known(token, now())).toBe(verified);
    clock += (60 + skew + 1) * second;
    expect(tokens.known(token, now())).toBeUndefined();
    expect(await said(token)).toBe('EXPIRED');
    expect(tokens.known(token, now())).toBeUndefined();
  });

  test('that is sent many times at once is verified once', async () => {
    const token = await issuer.sign(claims());
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.verify(token, now())));
    expect(new Set(all).size).toBe(1);
    expect(issuer.asked).toEqual({ discovery: 1, keys: 1 });
  });
});

describe('the keys of the issuer', () => {
  test('are found at the configured address without asking', async () => {
    tokens = new Tokens({ issuer: issuer.url, audience, jwksUrl: issuer.keysUrl, clockSkew: skew });
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
    expect(issuer.asked).toEqual({ discovery: 0, keys: 1 });
  });

  test('are kept, and one that is not known is looked for once in a while, however many are named', async () => {
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
    await issuer.addKey('ES256', false);
    clock += keyAges.cooldown;
    for (let index = 0; index < 20; index += 1) expect(await said(await issuer.sign(claims(), { header: { kid: `made-up-${index}` } }))).toBe('KEY');
    expect(issuer.asked.keys).toBe(2);
    // What is known is not touched by it.
    expect(await said(await issuer.sign(claims(), { kid: 'key-1' }))).toBe('somebody');
    expect(issuer.asked.keys).toBe(2);
  });

  test('change: the new one is fetched when it is first seen, the old one ends', async () => {
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
    clock += keyAges.cooldown;
    const next = await issuer.addKey();
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
    expect(issuer.asked.keys).toBe(2);
    issuer.tell(next);
    clock += keyAges.oldest;
    expect(await said(await issuer.sign(claims(), { kid: 'key-1' }))).toBe('KEY');
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
  });

  test('that are getting old are fetched anew while they are used', async () => {
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
    clock += keyAges.fresh;
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
    await expect.poll(() => issuer.asked.keys).toBe(2);
    clock += keyAges.oldest - keyAges.cooldown;
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
  });

  test('a token that names none is believed where there is one only', async () => {
    const unnamed = async () => said(await issuer.sign(claims(), { header: { kid: undefined } }));
    expect(await unnamed()).toBe('somebody');
    await issuer.addKey();
    clock += keyAges.oldest;
    expect(await unnamed()).toBe('KEY');
  });

  test.each(['down', 'broken', 'lying', 'moved'] as const)('of an issuer that is %s are missed at once after the first try, until it is well', async (mood) => {
    issuer.mood = mood;
    const token = await issuer.sign(claims());
    expect(await said(token)).toBe('ISSUER_UNREACHABLE');
    const { discovery } = issuer.asked;
    for (let index = 0; index < 10; index += 1) expect(await said(token)).toBe('ISSUER_UNREACHABLE');
    expect(issuer.asked.discovery).toBe(discovery);
    issuer.mood = 'well';
    expect(await said(token)).toBe('ISSUER_UNREACHABLE');
    clock += keyAges.rest;
    expect(await said(token)).toBe('somebody');
  });

  test('are used while the issuer is down, and not for ever', async () => {
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
    issuer.mood = 'down';
    clock += keyAges.oldest - second;
    expect(await said(await issuer.sign(claims()))).toBe('somebody');
    clock += keyAges.rest + second;
    expect(await said(await issuer.sign(claims()))).toBe('ISSUER_UNREACHABLE');
  });
});

describe('the configuration', () => {
  test('takes nobody\'s tokens unless told', () => {
    expect(readConfig({}).tokens).toBeUndefined();
    expect(readConfig({ HUB_OIDC_ISSUER: 'https://sso.example', HUB_OIDC_AUDIENCE: 'hub' }).tokens).toEqual({ issuer: 'https://sso.example', audience: 'hub', jwksUrl: undefined, clockSkew: 30 });
  });

  test.each([
    [{ HUB_OIDC_ISSUER: 'https://sso.example' }, 'HUB_OIDC_AUDIENCE'],
    [{ HUB_OIDC_AUDIENCE: 'hub' }, 'HUB_OIDC_ISSUER'],
    [{ HUB_OIDC_CLIENT_ID: 'console' }, 'HUB_OIDC_ISSUER'],
    [{ HUB_OIDC_ISSUER: 'https://sso.example', HUB_OIDC_AUDIENCE: 'hub', HUB_OIDC_CLIENT_SECRET: 'x' }, 'HUB_OIDC_CLIENT_ID'],
    [{ HUB_OIDC_ISSUER: 'https://sso.example', HUB_OIDC_AUDIENCE: 'hub', HUB_OIDC_CLIENT_ID: 'console', HUB_OIDC_CLIENT_SECRET: 'x', HUB_OIDC_CLIENT_SECRET_FILE: 'y' }, 'HUB_OIDC_CLIENT_SECRET_FILE'],
    [{ HUB_OIDC_JWKS_URL: 'https://sso.example/keys' }, 'HUB_OIDC_ISSUER'],
    [{ HUB_OIDC_ISSUER: 'http://sso.example', HUB_OIDC_AUDIENCE: 'hub' }, 'HUB_OIDC_ISSUER'],
    [{ HUB_OIDC_ISSUER: 'https://sso.example', HUB_OIDC_AUDIENCE: 'hub', HUB_OIDC_JWKS_URL: 'http://sso.example/keys' }, 'HUB_OIDC_JWKS_URL'],
    [{ HUB_OIDC_ISSUER: 'https://sso.example', HUB_OIDC_AUDIENCE: 'hub', HUB_OIDC_CLOCK_SKEW: '3600' }, 'HUB_OIDC_CLOCK_SKEW'],
  ])('%j is refused by name', (env, name) => {
    expect(() => readConfig(env)).toThrow(name);
  });
});
