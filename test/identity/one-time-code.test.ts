/**
 * One-time codes are those of RFC 6238, good for a short while.
 */
import { expect, test } from 'vitest';
import { codeAt, codeOf, newCodeSecret, otpauthUri, stepOf } from '../../src/identity/one-time-code.ts';

test.each([
  [59, '94287082'], [1111111109, '07081804'], [1111111111, '14050471'], [1234567890, '89005924'], [2000000000, '69279037'], [20000000000, '65353130'],
])('at %i seconds the code is %s (RFC 6238, appendix B, SHA-1)', (seconds, code) => {
  expect(codeAt(Buffer.from('12345678901234567890'), Math.floor(seconds / 30), 8)).toBe(code);
});

test('a secret is 160 bits in base32, and another each time', () => {
  const secrets = Array.from({ length: 20 }, newCodeSecret);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(new Set(secrets).size).toBe(20);
});

test('base32 is read as apps read it', () => {
  // The secret of the RFC, and its code with six digits.
  expect(codeOf('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 59_000)).toBe('287082');
});

test('a code is good a step before and after its own, and tells which step it is', () => {
  const secret = newCodeSecret();
  const now = 1_790_000_000_000;
  const step = Math.floor(now / 30_000);
  const code = codeOf(secret, now);
  expect([-60_000, -30_000, 0, 30_000, 60_000].map((off) => stepOf(secret, code, now + off))).toEqual([null, step, step, step, null]);
});

test('what is no code is none', () => {
  const secret = newCodeSecret();
  for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６', '12345\n']) expect(stepOf(secret, code, 1_790_000_000_000)).toBe(null);
});

test('the address for apps holds what they need, encoded', () => {
  expect(otpauthUri('数据中枢 1', 'zhang.san', 'ABC')).toBe('otpauth://totp/%E6%95%B0%E6%8D%AE%E4%B8%AD%E6%9E%A2%201:zhang.san?secret=ABC&issuer=%E6%95%B0%E6%8D%AE%E4%B8%AD%E6%9E%A2%201&algorithm=SHA1&digits=6&period=30');
});
