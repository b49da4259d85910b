/**
 * Printed codes and signatures: both hold for what they were made for, and for nothing else.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf, inGroups, isCodeOf, newCopyId, readCode } from '../../src/certificates/code.ts';
import { problemOf, readPublicKeys, readSignature, signCopy } from '../../src/certificates/signature.ts';
import { copyCommand } from '../../src/commands/copy.ts';
import { readConfig } from '../../src/config.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { testKeys } from '../world/keys.ts';

const keys = keyProviderOf({ current: 2, keys: { ...testKeys.keys, 2: { hmac: 'b3RoZXIta2V5LW5vdC1hLXNlY3JldC1hdC1hbGwtMDA' } } });
const identifier = '1.2.156.3005.2.111000000000133382032.11620623006231010F.2016000000011.001.X';

describe('a printed code', () => {
  test('is read as people type it, and is the code of its copy alone', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('o', 'l', 'case', 'blank', 'none')), (ways) => {
      const id = newCopyId();
      const code = codeOf(keys, id, identifier, 2);
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}-[0-9A-HJKMNP-TV-Z]{16}$/);
      let typed = inGroups(code);
      for (const way of ways) {
        if (way === 'o') typed = typed.replace('0', 'O');
        if (way === 'l') typed = typed.replace('1', 'l');
        if (way === 'case') typed = typed.toLowerCase();
        if (way === 'blank') typed = ` ${typed.replace('-', ' ')}`;
      }
      const read = readCode(typed);
      expect(read?.copyId).toBe(id);
      expect(isCodeOf(keys, read!, identifier, 2)).toBe(true);
      expect(isCodeOf(keys, read!, identifier, 1)).toBe(false);
      expect(isCodeOf(keys, read!, `${identifier}Y`, 2)).toBe(false);
      expect(isCodeOf(keys, { ...read!, copyId: newCopyId() }, identifier, 2)).toBe(false);
    }), { numRuns: 50 });
  });

  test('is none where anything is missing, too much or otherwise', () => {
    const code = codeOf(keys, newCopyId(), identifier, 2);
    for (const text of ['', code.slice(1), `${code}0`, `${code.slice(0, -1)}U`, `${code.slice(0, -1)}*`, 'x'.repeat(1000)]) expect(readCode(text)).toBeNull();
    // One character changed is another code.
    for (let at = 11; at < code.length; at += 1) {
      const other = code.slice(0, at) + (code[at] === '0' ? '2' : '0') + code.slice(at + 1);
      expect(isCodeOf(keys, readCode(other)!, identifier, 2)).toBe(false);
    }
  });
});

describe('a signature of a copy', () => {
  const file = Buffer.from('%PDF-1.7 a file of which the bytes alone matter here'.repeat(40));
  const signature = signCopy(keys, '7K2M9QXD4T', file, '2026-11-24T02:01:00.000Z');
  const publicKeys = readPublicKeys(keys.versions.map((version) => `version ${version}  SM2 ${keys.publicSm2(version)}\n`).join(''));

  test('holds for its file, with the public key alone', () => {
    expect(problemOf(file, readSignature(JSON.stringify(signature)), publicKeys)).toBeNull();
  });

  test('breaks on any changed byte of the file', () => {
    fc.assert(fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(file);
      changed[at] = changed[at]! ^ flip;
      expect(problemOf(changed, signature, publicKeys)).toMatch(/digest/);
    }), { numRuns: 500 });
    for (const other of [file.subarray(1), file.subarray(0, -1), Buffer.concat([file, Buffer.alloc(1)])]) expect(problemOf(other, signature, publicKeys)).not.toBeNull();
  });

  test('breaks on any changed word of it, and under another key', () => {
    const { signature: own } = signature;
    for (const changed of [{ copy: '8K2M9QXD4T' }, { signedAt: '2026-11-25T02:01:00.000Z' }, { keyVersion: 1 }, { keyVersion: 3 }, ...Array.from({ length: own.length }, (_, at) => {
      return { signature: own.slice(0, at) + (own[at] === 'a' ? 'b' : 'a') + own.slice(at + 1) };
    })]) expect(problemOf(file, { ...signature, ...changed }, publicKeys)).not.toBeNull();
    // A file and a digest that fit each other are not yet what was signed.
    const forged = signCopy(keyProviderOf(testKeys), '7K2M9QXD4T', Buffer.from('forged'), signature.signedAt);
    expect(problemOf(Buffer.from('forged'), { ...signature, digest: forged.digest }, publicKeys)).not.toBeNull();
  });

  test('is refused where it is none', () => {
    for (const text of ['', '{}', JSON.stringify({ ...signature, more: 1 }), JSON.stringify({ ...signature, digest: 'x' })]) expect(() => readSignature(text)).toThrow(/no signature/);
    for (const text of ['', 'a key', `version 1  SM2 ${'04'.padEnd(130, 'a')}\nand more`]) expect(() => readPublicKeys(text)).toThrow(/key file/);
  });

  test('is verified on the command line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hub-copy-'));
    try {
      const [pdf, sig, key] = ['a.pdf', 'a.pdf.sig', 'key'].map((name) => join(folder, name)) as [string, string, string];
      writeFileSync(pdf, file);
      writeFileSync(sig, JSON.stringify(signature));
      writeFileSync(key, keys.publicSm2(2));
      await copyCommand(readConfig({}), ['verify', pdf, sig, '--key', key]);
      writeFileSync(key, `version 1  SM2 ${keys.publicSm2(1)}\n`);
      await expect(copyCommand(readConfig({}), ['verify', pdf, sig, '--key', key])).rejects.toThrow(/version 2 is not given/);
      writeFileSync(key, `version 2  SM2 ${keys.publicSm2(2)}\n`);
      await copyCommand(readConfig({}), ['verify', pdf, sig, '--key', key]);
      writeFileSync(pdf, Buffer.concat([file, Buffer.from(' ')]));
      await expect(copyCommand(readConfig({}), ['verify', pdf, sig, '--key', key])).rejects.toThrow(/not as the hub signed it/);
      await expect(copyCommand(readConfig({}), ['verify', pdf, sig])).rejects.toThrow(/--key/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
