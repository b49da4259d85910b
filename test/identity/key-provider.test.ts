/**
 * The key file: made once and privately, kept, refused when others could read it or when it is damaged, rotated without loss.
 */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openKeyFile, rotateKeyFile } from '../../src/identity/key-provider.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-keys-'));
  path = join(folder, 'deep', 'hub-keys.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refusal = (sentence: RegExp) => expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(sentence) });

test('is made with random keys, mode 0600, and nothing beside it', () => {
  const keys = openKeyFile(path);
  expect(keys.current).toBe(1);
  expect(keys.versions).toEqual([1]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['hub-keys.json']);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ current: 1, keys: { 1: { hmac: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) } } });
});

test('gives the same keys when opened again, and other files other keys', () => {
  const first = openKeyFile(path).hmacSm3('x');
  expect(openKeyFile(path).hmacSm3('x')).toEqual(first);
  expect(openKeyFile(join(folder, 'other.json')).hmacSm3('x')).not.toEqual(first);
});

test.each([0o640, 0o604, 0o660, 0o644, 0o620])('mode %o is refused', (mode) => {
  openKeyFile(path);
  chmodSync(path, mode);
  expect(() => openKeyFile(path)).toThrow(refusal(/read by others.*chmod 600/));
  expect(() => rotateKeyFile(path)).toThrow(refusal(/read by others/));
});

test('a symbolic link is judged by the file behind it', () => {
  openKeyFile(path);
  const link = join(folder, 'link.json');
  symlinkSync(path, link);
  expect(openKeyFile(link).hmacSm3('x')).toEqual(openKeyFile(path).hmacSm3('x'));
  chmodSync(path, 0o644);
  expect(() => openKeyFile(link)).toThrow(refusal(/read by others/));
});

test.each([
  ['not JSON', '{"current": 1, "keys": {"1": {"hmac": "SECRETSECRET'],
  ['empty', ''],
  ['no keys', '{"current": 1, "keys": {}}'],
  ['a current version without a key', `{"current": 2, "keys": {"1": {"hmac": "${'A'.repeat(43)}"}}}`],
  ['a short key', '{"current": 1, "keys": {"1": {"hmac": "SECRETSECRET"}}}'],
  ['a wrong version', `{"current": 1, "keys": {"one": {"hmac": "${'A'.repeat(43)}"}}}`],
])('%s: refused, kept as it is, not quoted', (_, content) => {
  writeFileSync(join(folder, 'keys.json'), content, { mode: 0o600 });
  let message = '';
  try {
    openKeyFile(join(folder, 'keys.json'));
  } catch (error) {
    message = error instanceof Error ? error.message : '';
  }
  expect(message).toMatch(/backup/);
  expect(message).not.toContain('SECRET');
  expect(readFileSync(join(folder, 'keys.json'), 'utf8')).toBe(content);
});

test('a folder in its place and a place that cannot be made are refused with a sentence', () => {
  mkdirSync(join(folder, 'is-a-folder'), { mode: 0o700 });
  expect(() => openKeyFile(join(folder, 'is-a-folder'))).toThrow(refusal(/not a regular file/));
  writeFileSync(join(folder, 'file'), '');
  expect(() => openKeyFile(join(folder, 'file', 'keys.json'))).toThrow(refusal(/cannot be (opened|made)/));
});

test('rotation adds a version, keeps the old ones and what it does not know', () => {
  const before = openKeyFile(path).hmacSm3('x');
  const content = JSON.parse(readFileSync(path, 'utf8')) as { keys: Record<string, object> };
  writeFileSync(path, JSON.stringify({ ...content, keys: { 1: { ...content.keys['1'], sm4: 'of a newer hub' } } }));
  const rotated = rotateKeyFile(path);
  expect(rotated.current).toBe(2);
  expect(rotated.versions).toEqual([1, 2]);
  expect(rotated.hmacSm3('x', 1)).toEqual(before);
  expect(rotated.hmacSm3('x')).not.toEqual(before);
  expect(openKeyFile(path).hmacSm3('x')).toEqual(rotated.hmacSm3('x'));
  expect(readFileSync(path, 'utf8')).toContain('of a newer hub');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['hub-keys.json']);
});

test('there is nothing to rotate before the first start', () => {
  expect(() => rotateKeyFile(path)).toThrow(refusal(/no key file/));
  expect(existsSync(path)).toBe(false);
});

test('processes that start at once use the same keys', async () => {
  const script = join(folder, 'open.mjs');
  const module = new URL('../../src/identity/key-provider.ts', import.meta.url).href;
  writeFileSync(script, `import { openKeyFile } from ${JSON.stringify(module)};\nconsole.log(openKeyFile(process.argv[2]).hmacSm3('x').toString('hex'));\n`);
  const run = promisify(execFile);
  const outputs = await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, [script, path])));
  expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['hub-keys.json']);
});

test('what is sealed is opened with the same keys as what it was sealed as, after a rotation too, and is another text each time', () => {
  const keys = openKeyFile(path);
  const sealed = keys.seal('a secret 秘密', 'zhang.san');
  expect(keys.unseal(sealed, 'zhang.san')).toBe('a secret 秘密');
  expect(keys.seal('a secret 秘密', 'zhang.san')).not.toBe(sealed);
  expect(keys.unseal(sealed, 'li.si')).toBe(null);
  expect(openKeyFile(join(folder, 'other.json')).unseal(sealed, 'zhang.san')).toBe(null);
  const rotated = rotateKeyFile(path);
  expect(rotated.unseal(sealed, 'zhang.san')).toBe('a secret 秘密');
  expect(rotated.seal('x', 'y')).toMatch(/^2\./);
  expect(keys.unseal(rotated.seal('x', 'y'), 'y')).toBe(null);
  expect(keys.unseal(keys.seal('', ''), '')).toBe('');
});

test('what was sealed is not opened when any part of it was changed', () => {
  const keys = openKeyFile(path);
  const parts = keys.seal('a secret', 'zhang.san').split('.');
  const other = (text = ''): string => `${text.startsWith('B') ? 'C' : 'B'}${text.slice(1)}`;
  const changed = [['2', ...parts.slice(1)], [parts[0], other(parts[1]), parts[2], parts[3]], [parts[0], parts[1], other(parts[2]), parts[3]], [parts[0], parts[1], parts[2], other(parts[3])], parts.slice(0, 3), [...parts, 'x']];
  expect(changed.map((one) => keys.unseal(one.join('.'), 'zhang.san'))).toEqual(changed.map(() => null));
  for (const text of ['', '1', '1...', 'a secret']) expect(keys.unseal(text, 'zhang.san')).toBe(null);
});
