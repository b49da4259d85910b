/**
 * What a file is: its encoding, its format, and the files that are none.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/files/source.ts';
import { Files } from './files.ts';

const files = new Files();
afterAll(() => files.remove());

/** 公民身份号码,姓名 / 622326198001010010,扎西 in GB18030. */
const gb = Buffer.concat([Buffer.from('b9abc3f1c9edb7ddbac5c2eb2cd0d5c3fb0d0a', 'hex'), Buffer.from('622326198001010010,'), Buffer.from('d4facef7', 'hex')]);
const text = '公民身份号码,姓名\r\n622326198001010010,扎西';

async function read(path: string, from?: number): Promise<string> {
  const source = await openSource(path);
  const parts: Buffer[] = [];
  for await (const part of source.read(from ?? source.begin)) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('encodings', () => {
  const utf16 = Buffer.from(text, 'utf16le');
  const cases: readonly (readonly [string, string, Buffer])[] = [
    ['utf8', 'utf-8', Buffer.from(text)],
    ['utf8 with its mark', 'utf-8', Buffer.from(`\ufeff${text}`)],
    ['gb18030', 'gb18030', gb],
    ['gb18030 behind a megabyte of ASCII', 'gb18030', Buffer.concat([Buffer.from('a'.repeat(1_200_000)), gb])],
    ['utf-16le', 'utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['utf-16be', 'utf-16be', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()])],
  ];
  test.each(cases)('%s', async (name, encoding, bytes) => {
    const path = files.write('encoded.csv', bytes);
    expect((await openSource(path)).encoding).toBe(encoding);
    const whole = await read(path);
    expect(whole.replace(/^a+/, '')).toBe(text);
    const place = Buffer.byteLength(whole.slice(0, whole.indexOf('6223'))) + (await openSource(path)).begin;
    expect(await read(path, place), name).toBe('622326198001010010,扎西');
  });
  test('one broken character makes no other encoding of a UTF-8 file', async () => {
    const bytes = Buffer.concat([Buffer.from(text.repeat(20)), Buffer.from([0xff, 0x0a]), Buffer.from(text.repeat(20))]);
    expect((await openSource(files.write('broken.csv', bytes))).encoding).toBe('utf-8');
  });
});

test('formats', async () => {
  const format = async (content: string) => (await openSource(files.write('format', content))).format;
  expect(await format('a,b\n')).toBe('csv');
  expect(await format('\ufeff{"a":1}\n{"a":2}')).toBe('lines');
  expect(await format('{"type":"Feature","properties":{}}\n')).toBe('lines');
  expect(await format('{ "type": "FeatureCollection", "features": []}')).toBe('array');
  expect(await format('{"crs":{"type":"name"},"features":[{"type":"Feature"}]}')).toBe('array');
  expect(await format('[\n{"a":1}]')).toBe('array');
});

describe('what is no file of data', () => {
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['empty', Buffer.alloc(0), /is empty: there is nothing to import/],
    ['blanks', Buffer.from(' \r\n\t\n'), /nothing but blanks/],
    ['a spreadsheet', Buffer.from([0x50, 0x4b, 3, 4, 20, 0]), /spreadsheet.*Save the sheet as CSV UTF-8/],
    ['an old spreadsheet', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old Office document/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /compressed.*Unpack it first/],
    ['a binary', Buffer.from(Array.from({ length: 4000 }, (_, place) => (place * 7919) % 256)), /is no text: it holds zero bytes/],
    ['UTF-16 without its mark', Buffer.from('id_number,name\r\n622326198001010010,x', 'utf16le'), /UTF-16 without a byte order mark/],
    ['another encoding', Buffer.from(Array.from({ length: 4000 }, (_, place) => (place % 3 === 0 ? 0x80 : 0xff))), /neither UTF-8 nor GB18030/],
  ];
  test.each(cases)('%s', async (_name, bytes, sentence) => {
    await expect(openSource(files.write('bad', bytes))).rejects.toThrow(sentence);
  });
  test('missing, or a folder', async () => {
    await expect(openSource(`${files.folder}/none.csv`)).rejects.toThrow(/There is no file/);
    await expect(openSource(files.folder)).rejects.toThrow(/is no file/);
  });
});
