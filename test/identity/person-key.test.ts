/**
 * Person keys and API keys: standard vectors, one key for one person however the number is written, none for what is no number.
 */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiKeyDigest, newApiKey } from '../../src/identity/api-key.ts';
import { keyProviderOf, newKeySet } from '../../src/identity/key-provider.ts';
import { personKey } from '../../src/identity/person-key.ts';

const hmac = Buffer.alloc(32, 7).toString('base64url');
const keys = keyProviderOf({ current: 2, keys: { 1: { hmac: Buffer.alloc(32, 1).toString('base64url') }, 2: { hmac } } });
const vectors = JSON.parse(readFileSync(new URL('../registries/test-vectors.json', import.meta.url), 'utf8')) as { sm: { sm3_abc: string } };

/** HMAC (RFC 2104) by hand over SM3, block size 64: what createHmac has to give. */
function hmacByHand(key: Buffer, message: string): Buffer {
  const block = Buffer.concat([key, Buffer.alloc(64 - key.length)]);
  const sm3 = (...parts: Buffer[]): Buffer => createHash('sm3').update(Buffer.concat(parts)).digest();
  return sm3(block.map((byte) => byte ^ 0x5c) as Buffer, sm3(block.map((byte) => byte ^ 0x36) as Buffer, Buffer.from(message)));
}

describe('SM3', () => {
  test('gives the vector of GB/T 32905', () => expect(createHash('sm3').update('abc').digest('hex')).toBe(vectors.sm.sm3_abc));
  test('HMAC-SM3 is HMAC over SM3', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string(), (key, message) => {
      expect(createHmac('sm3', key).update(message).digest()).toEqual(hmacByHand(Buffer.from(key), message));
    }));
  });
});

describe('personKey', () => {
  test('is base64url(HMAC-SM3(key, number)), 43 characters', () => {
    const key = personKey(keys, '622326198001010010');
    expect(key).toBe(hmacByHand(Buffer.alloc(32, 7), '622326198001010010').toString('base64url'));
    expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('is one for every way of writing the number', () => {
    const wanted = personKey(keys, '11010519491231002X');
    for (const text of ['11010519491231002x', ' 11010519491231002X ', '１１０１０５１９４９１２３１００２ｘ', '110105491231002']) expect(personKey(keys, text)).toBe(wanted);
  });

  test('follows the version of the key', () => {
    expect(personKey(keys, '622326198001010010')).toBe(personKey(keys, '622326198001010010', 2));
    expect(personKey(keys, '622326198001010010', 1)).not.toBe(personKey(keys, '622326198001010010', 2));
    expect(() => personKey(keys, '622326198001010010', 3)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  test('exists for a number with a wrong check digit, and is another', () => {
    expect(personKey(keys, '622326198001010011')).not.toBe(personKey(keys, '622326198001010010'));
  });

  test.each(['', '无', '不详', '000', '护照E12345678', '91620623225490485M'])('%j is no ID number and has none', (text) => {
    expect(() => personKey(keys, text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});

describe('API keys', () => {
  test('are 256 random bits behind a prefix, each one new', () => {
    const made = Array.from({ length: 100 }, newApiKey);
    for (const key of made) expect(key).toMatch(/^hub_[A-Za-z0-9_-]{43}$/);
    expect(new Set(made).size).toBe(100);
  });

  test('are kept as SM3 in hex', () => {
    expect(apiKeyDigest('abc')).toBe(vectors.sm.sm3_abc);
    expect(apiKeyDigest(newApiKey())).toMatch(/^[0-9a-f]{64}$/);
  });

  test('new key sets hold 32 bytes', () => expect(Buffer.from(newKeySet().keys['1']?.hmac ?? '', 'base64url')).toHaveLength(32));
});
