/**
 * One form in both languages: whatever text it is, PostgreSQL and TypeScript make the same of it.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normalized, translation } from '../../src/query/normal.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import type { Database } from '../../src/db/open.ts';
import { sharedDatabase } from '../world/database.ts';

let database: Database;
beforeAll(async () => { database = await sharedDatabase(); });
afterAll(() => database.close());

async function inSql(texts: readonly string[]): Promise<readonly { text: string; number: string }[]> {
  return await database.sql<{ text: string; number: string }[]>`select hub_normal_text(t) as text, hub_normal_id_number(t) as number from unnest(${[...texts]}::text[]) with ordinality u(t, n) order by n`;
}

/** Texts that PostgreSQL can hold: characters that are some, and no zero. Names, numbers and what is written around them come most often. */
const characters = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...translation.from, ...translation.to, ...'扎西卓玛·次仁བཀྲ0123456789Xx-') },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 0x10ffff }).filter((code) => code < 0xd800 || code > 0xdfff).map((code) => String.fromCodePoint(code)) },
);
const text = fc.array(characters, { maxLength: 24 }).map((chars) => chars.join(''));
const number = fc.tuple(fc.integer({ min: 100_000, max: 999_999 }), fc.integer({ min: 0, max: 999_999_999 })).map(([place, rest]) => `${place}${String(rest).padStart(9, '0')}`);

describe('the normal form', () => {
  test('is the same in SQL and in TypeScript, and its own', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: number }), { minLength: 50, maxLength: 100 }), async (texts) => {
      const rows = await inSql(texts);
      expect(rows.map((row) => row.text)).toEqual(texts.map((one) => normalized(one, 'text')));
      expect(rows.map((row) => row.number)).toEqual(texts.map((one) => normalized(one, 'idNumber')));
      for (const { text: plain, number: long } of rows) {
        expect(normalized(plain, 'text')).toBe(plain);
        expect(normalized(long, 'idNumber')).toBe(long);
      }
    }), { numRuns: 40 });
  });

  test('of every character that it changes', async () => {
    const chars = [...translation.from];
    expect(new Set(chars).size).toBe(chars.length);
    const rows = await inSql(chars);
    expect(rows.map((row) => row.text)).toEqual(chars.map((one) => normalized(one, 'text')));
  });

  test.each([
    ['扎西·卓玛', ['扎西・卓玛', '扎西•卓玛', '扎西‧卓玛', '扎西．卓玛', '扎西.卓玛', ' 扎西 · 卓玛\t', '扎西\u3000·\u00a0卓玛', '扎西･卓玛']],
    ['MARIALI', ['Maria Li', 'ＭＡＲＩＡ　ＬＩ', 'maria li']],
  ])('%s is written in many ways', (plain, others) => {
    for (const other of others) expect(normalized(other, 'text')).toBe(normalized(plain, 'text'));
  });

  test('different values stay different', () => {
    const forms = ['扎西卓玛', '扎西·卓玛', '卓玛·扎西', '扎西-卓玛', '扎西·卓嘎'].map((one) => normalized(one, 'text'));
    expect(new Set(forms).size).toBe(forms.length);
  });

  test('an identity number of 15 digits is the one of 18 that replaced it', () => {
    const long = idNumberWithCheck('62232619800101001');
    expect(normalized('622326800101001', 'idNumber')).toBe(long);
    expect(normalized('６２２３２６８００１０１００１', 'idNumber')).toBe(long);
    expect(normalized('11010519491231002x', 'idNumber')).toBe('11010519491231002X');
    // Registration numbers have 15 digits, too, and are none.
    expect(normalized('622326800101001', 'text')).toBe('622326800101001');
  });
});
